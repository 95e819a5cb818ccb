"""The questions that are put to the tables: which claims count, as of when, and about which place.

A ledger is only ever added to, so two numbers (the last sequence and the last reading) freeze it: a query that is
bounded by them finds the same rows however much is appended meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, func, not_, or_, select
from sqlalchemy.sql import ColumnElement

from whoheld.ledger.schema import claims, decisions, entries, readings, reports, texts


@dataclass(frozen=True, slots=True)
class Cut:
    """The part of the ledger that is asked about: up to a last row, and to what was known on two clocks."""

    sequence: int
    reading: int
    place_id: str | None = None
    published_by: date | None = None
    recorded_by: datetime | None = None


# What an entry says of the report that its claim stands in.
_REPORT = (
    readings.c.report_id,
    readings.c.publisher,
    readings.c.title,
    readings.c.url,
    readings.c.published,
    readings.c.copy_of,
)


def last_rows(connection: Connection) -> tuple[int, int]:
    """The last sequence and the last reading; 0 where there is none."""
    sequence = connection.scalar(select(func.max(entries.c.sequence)))
    reading = connection.scalar(select(func.max(readings.c.id)))
    return sequence or 0, reading or 0


def select_claims(cut: Cut, after: int, page: int) -> Select[Any]:
    """The next claims that count, in sequence, with what an entry says of their report."""
    return (
        select(
            claims.c.sequence,
            readings.c.recorded,
            claims.c.body,
            *_REPORT,
        )
        .join(readings, readings.c.id == claims.c.reading_id)
        .where(claims.c.sequence > after, _counts(cut))
        .order_by(claims.c.sequence)
        .limit(page)
    )


def select_decisions(cut: Cut, after: int, page: int) -> Select[Any]:
    """The next decisions on claims that count, in sequence."""
    made = [entries.c.recorded <= cut.recorded_by] if cut.recorded_by is not None else []
    return (
        select(decisions.c.sequence, entries.c.recorded, decisions.c.body)
        .join(entries, entries.c.sequence == decisions.c.sequence)
        .join(claims, claims.c.id == decisions.c.claim_id)
        .join(readings, readings.c.id == claims.c.reading_id)
        .where(decisions.c.sequence > after, decisions.c.sequence <= cut.sequence, _counts(cut), *made)
        .order_by(decisions.c.sequence)
        .limit(page)
    )


def select_places(cut: Cut) -> Select[Any]:
    """For each place of the claims that count, the body of its newest claim."""
    newest = (
        select(func.max(claims.c.sequence).label("sequence"))
        .join(readings, readings.c.id == claims.c.reading_id)
        .where(claims.c.place_id.is_not(None), _counts(cut))
        .group_by(claims.c.place_id)
        .subquery()
    )
    return select(claims.c.body).join(newest, newest.c.sequence == claims.c.sequence)


def select_moves(cut: Cut) -> Select[Any]:
    """The corrections in force that move a claim that counts to another place, in sequence."""
    undone = decisions.alias("undone")
    return (
        select(decisions.c.body)
        .join(claims, claims.c.id == decisions.c.claim_id)
        .join(readings, readings.c.id == claims.c.reading_id)
        .where(
            decisions.c.place_id.is_not(None),
            not_(select(undone.c.sequence).where(undone.c.undoes == decisions.c.sequence).exists()),
            _counts(cut),
        )
        .order_by(decisions.c.sequence)
    )


def select_claim(claim_id: str) -> Select[Any]:
    """The newest reading of one claim, also where a later reading of its report has left it out."""
    return (
        select(
            claims.c.body,
            *_REPORT,
        )
        .join(readings, readings.c.id == claims.c.reading_id)
        .where(claims.c.id == claim_id)
        .order_by(claims.c.reading_id.desc())
        .limit(1)
    )


def select_reports(after: int, last: int, page: int) -> Select[Any]:
    """The next reports in the order of their newest readings."""
    return (
        _whole_reports()
        .where(readings.c.id > after, readings.c.id <= last, _newest(Cut(0, last)))
        .order_by(readings.c.id)
        .limit(page)
    )


def select_report(report_id: str) -> Select[Any]:
    return _whole_reports().where(readings.c.report_id == report_id).order_by(readings.c.id.desc()).limit(1)


def _whole_reports() -> Select[Any]:
    return (
        select(readings.c.id, readings.c.report_id, readings.c.body, reports.c.sha256, texts.c.text)
        .join(reports, reports.c.id == readings.c.report_id)
        .join(texts, texts.c.sha256 == reports.c.sha256)
    )


def count_rows(cut: Cut) -> dict[str, Select[Any]]:
    """The counts of a ledger by name. `claims` are those that count; `superseded` those of older readings."""
    standing = select(func.count()).select_from(claims.join(readings, readings.c.id == claims.c.reading_id))
    stranded = (
        select(claims.c.sequence)
        .join(readings, readings.c.id == claims.c.reading_id)
        .where(claims.c.id == decisions.c.claim_id, _counts(cut))
    )
    return {
        "reports": select(func.count()).select_from(reports),
        "readings": select(func.count()).select_from(readings),
        "claims": standing.where(_counts(cut)),
        "superseded": standing.where(not_(_newest(cut))),
        "decisions": select(func.count()).select_from(decisions),
        "stranded": select(func.count()).select_from(decisions).where(not_(stranded.exists())),
    }


def _counts(cut: Cut) -> ColumnElement[bool]:
    """Whether a claim counts: it is of the newest reading of its report, within the cut."""
    terms = [claims.c.sequence <= cut.sequence, _newest(cut)]
    if cut.published_by is not None:
        terms.append(readings.c.published <= cut.published_by)
    if cut.place_id is not None:
        terms.append(_about(cut.place_id))
    return and_(*terms)


def _newest(cut: Cut) -> ColumnElement[bool]:
    later = readings.alias("later")
    terms = [later.c.report_id == readings.c.report_id, later.c.id > readings.c.id, later.c.id <= cut.reading]
    known = [readings.c.id <= cut.reading]
    if cut.recorded_by is not None:
        terms.append(later.c.recorded <= cut.recorded_by)
        known.append(readings.c.recorded <= cut.recorded_by)
    return and_(*known, not_(select(later.c.id).where(*terms).exists()))


def _about(place_id: str) -> ColumnElement[bool]:
    """Pinned to the place, or moved there by a correction at any time: replay decides which of them is in force."""
    moved = select(decisions.c.claim_id).where(decisions.c.place_id == place_id)
    return or_(claims.c.place_id == place_id, claims.c.id.in_(moved))
