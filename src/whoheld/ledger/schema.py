"""The tables of a ledger, and the rule that nothing in them is changed or removed.

Every table is a noun in the plural and every column the name of the field that it holds, for those who read the file
with SQL. Moments are UTC, as `2026-01-31T12:00:00.000000Z` in SQLite: they sort as text. Bodies are JSON.

Change nothing here without a new step in `migrations`: a ledger that exists keeps its tables.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.types import TypeEngine

APPLICATION_ID = 0x77686C64  # "whld": how SQLite, and `file`, know a ledger from any other database


class Moment(TypeDecorator[datetime]):
    """A moment in UTC, to the microsecond. SQLite has no such type, and keeps text of one width."""

    impl = String(27)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(String(27))
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        value = value.astimezone(UTC)
        return value.strftime("%Y-%m-%dT%H:%M:%S.%fZ").rjust(27, "0") if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return datetime.fromisoformat(value) if isinstance(value, str) else value.astimezone(UTC)


metadata = MetaData()

meta = Table(
    "meta",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("applied", Moment, nullable=False),
)
"""One row for each step that the schema has taken; the highest version is the one that it has."""

texts = Table(
    "texts",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("text", Text, nullable=False),
)
"""Every text once, by the SHA-256 of its UTF-8: a story that forty outlets print word for word is one row."""

reports = Table(
    "reports",
    metadata,
    Column("id", Text, primary_key=True),
    Column("sha256", String(64), ForeignKey("texts.sha256"), nullable=False),
    Column("recorded", Moment, nullable=False),
)

readings = Table(
    "readings",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("report_id", Text, ForeignKey("reports.id"), nullable=False),
    Column("coder", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("recorded", Moment, nullable=False),
    Column("published", Date),
    Column("publisher", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("copy_of", Text),
    Column("claims", Integer, nullable=False),
    Column("body", Text, nullable=False),
    UniqueConstraint("report_id", "coder", "digest"),
    Index("readings_by_report", "report_id", "id"),
    Index("readings_by_published", "published"),
    Index("readings_by_recorded", "recorded"),
)
"""What one coder read in a report, with all that was known of the report then, but its text (`body`).

The newest reading of a report is the one that counts; `digest` tells it from those before it.
"""

entries = Table(
    "entries",
    metadata,
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("recorded", Moment, nullable=False),
    Column("kind", String(8), CheckConstraint("kind IN ('claim', 'decision')"), nullable=False),
    Index("entries_by_recorded", "recorded"),
)
"""The lines of the ledger in order; what they say is in `claims` and `decisions` under the same sequence."""

claims = Table(
    "claims",
    metadata,
    Column("sequence", Integer, ForeignKey("entries.sequence"), primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False),
    Column("reading_id", Integer, ForeignKey("readings.id"), nullable=False),
    Column("report_id", Text, ForeignKey("reports.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("place_id", Text),
    Column("body", Text, nullable=False),
    UniqueConstraint("id", "reading_id"),
    Index("claims_by_place", "place_id", "sequence"),
    Index("claims_by_reading", "reading_id"),
    Index("claims_by_report", "report_id"),
)

decisions = Table(
    "decisions",
    metadata,
    Column("sequence", Integer, ForeignKey("entries.sequence"), primary_key=True, autoincrement=False),
    Column("claim_id", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("undoes", Integer, ForeignKey("decisions.sequence"), unique=True),
    Column("place_id", Text),
    Column("body", Text, nullable=False),
    Index("decisions_by_claim", "claim_id", "sequence"),
    Index("decisions_by_place", "place_id"),
)
"""`place_id` is the place that a correction moves the claim to; `undoes` the decision that an undo takes back."""


def create_schema(connection: Connection) -> None:
    """Make all tables and the triggers that keep them append-only."""
    metadata.create_all(connection, checkfirst=False)
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
        for statement in sqlite_triggers():
            connection.exec_driver_sql(statement)


def sqlite_triggers() -> Iterator[str]:
    """Refusals of UPDATE and DELETE on each table, and of REPLACE, which would delete without a trigger."""
    refusal = "RAISE(ABORT, 'the ledger is append-only')"
    for table in metadata.sorted_tables:
        (key,) = table.primary_key.columns
        for verb in ("UPDATE", "DELETE"):
            yield (
                f"CREATE TRIGGER {table.name}_refuse_{verb.lower()} BEFORE {verb} ON {table.name} "
                f"BEGIN SELECT {refusal}; END"
            )
        yield (
            f"CREATE TRIGGER {table.name}_refuse_replace BEFORE INSERT ON {table.name} "
            f"WHEN EXISTS (SELECT 1 FROM {table.name} WHERE {key.name} = NEW.{key.name}) "
            f"BEGIN SELECT {refusal}; END"
        )
