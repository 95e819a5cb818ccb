"""The steps that the schema of a ledger has taken, and how an older ledger catches up.

To change the schema: change `schema`, add a `Step` here with the statements that bring a ledger of the version before
to the same state, and regenerate `tests/ledger/schema.sql` (the test that fails says how). Every table refuses UPDATE;
a step that must rewrite rows drops that trigger and makes it again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, inspect, select

from whoheld.errors import LedgerError
from whoheld.ledger.schema import create_schema, meta


@dataclass(frozen=True, slots=True)
class Step:
    """What leads from the version before to `version`. Version 1 is the first, and has no statements."""

    version: int
    name: str
    statements: tuple[str, ...] = ()


STEPS: tuple[Step, ...] = (Step(1, "reports, readings, claims, decisions"),)


def schema_version(connection: Connection, name: str) -> int | None:
    """The version of the schema of the database `name`; None where it is empty.

    Raises LedgerError where the database is one of another program.
    """
    tables = inspect(connection).get_table_names()
    if not tables:
        return None
    columns = {column["name"] for column in inspect(connection).get_columns("meta")} if "meta" in tables else set()
    if not {column.name for column in meta.columns} <= columns:
        raise LedgerError(
            f"{name} is the database of another program (it has a table “{tables[0]}”), and no ledger. "
            "Choose another file."
        )
    version: int | None = connection.scalar(select(func.max(meta.c.version)))
    if version is None:
        raise LedgerError(f"The ledger {name} was never finished. Delete it, and ingest again.")
    return version


def migrate(connection: Connection, name: str, *, now: datetime, steps: Sequence[Step] = STEPS) -> int:
    """Bring the ledger `name` to the last of `steps`, in the transaction of `connection`; the version that it has then.

    Raises LedgerError where the ledger is newer than `steps`.
    """
    version = schema_version(connection, name)
    newest = steps[-1].version
    if version is None:
        create_schema(connection)
        _stamp(connection, steps, now)
        return newest
    if version > newest:
        raise LedgerError(
            f"The ledger {name} was written by a newer whoheld: its schema is version {version}, this program knows "
            f"{newest}. Upgrade it: pip install --upgrade whoheld."
        )
    missing = [step for step in steps if step.version > version]
    for step in missing:
        for statement in step.statements:
            connection.exec_driver_sql(statement)
    _stamp(connection, missing, now)
    return newest


def _stamp(connection: Connection, steps: Sequence[Step], now: datetime) -> None:
    if steps:
        connection.execute(
            meta.insert(), [{"version": step.version, "name": step.name, "applied": now} for step in steps]
        )
