"""What people type, turned into what the library takes: days, and corrections of a claim."""

from __future__ import annotations

import json
import re
from calendar import monthrange
from collections.abc import Callable, Iterable
from datetime import date

from typer import BadParameter

from whoheld.vocabulary import Place

_NAMES = "january|february|march|april|may|june|july|august|september|october|november|december"
_MONTHS = {name: number for number, full in enumerate(_NAMES.split("|"), start=1) for name in (full, full[:3])}
_MONTHS["sept"] = 9
_FORMS = (
    re.compile(r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})"),
    re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})"),
    re.compile(r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})"),
    re.compile(r"(?P<y>\d{4})"),
    re.compile(r"(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4})"),
    re.compile(r"(?P<d>\d{1,2})(?:st|nd|rd|th)?[ -](?P<m>[a-z]+)\.?,?[ -](?P<y>\d{4})"),
    re.compile(r"(?P<m>[a-z]+)\.? (?P<d>\d{1,2})(?:st|nd|rd|th)?,? (?P<y>\d{4})"),
    re.compile(r"(?P<m>[a-z]+)\.?,? (?P<y>\d{4})"),
)
_HINT = "Write it as 2017-10-22, 2017-10, 2017 or “22 Oct 2017”."


def first_day(text: str) -> date:
    """The day, or the first one of the month or year. Raises BadParameter."""
    return _days(text)[0]


def last_day(text: str) -> date:
    """The day, or the last one of the month or year. Raises BadParameter."""
    return _days(text)[1]


def _days(text: str) -> tuple[date, date]:
    cleaned = " ".join(text.casefold().split())
    for form in _FORMS:
        if found := form.fullmatch(cleaned):
            return _bounds(found.groupdict(), text)
    raise BadParameter(f"“{text}” is not a day. {_HINT}")


def _bounds(parts: dict[str, str | None], text: str) -> tuple[date, date]:
    year, month, day = int(parts["y"] or 0), parts.get("m"), parts.get("d")
    number = int(month) if month and month.isdecimal() else _MONTHS.get(month or "")
    if month and number is None:
        raise BadParameter(f"“{text}” is not a day: there is no month “{month}”. {_HINT}")
    try:
        first = date(year, number or 1, int(day or 1))
        last = first if day else date(year, number or 12, monthrange(year, number or 12)[1])
    except ValueError as error:
        raise BadParameter(f"“{text}” is not a day of the calendar: {error}. {_HINT}") from None
    return first, last


# --- corrections --------------------------------------------------------------------------------------------


def read_corrections(
    settings: Iterable[str], *, find_place: Callable[[str], Place], find_side: Callable[[str], tuple[str, str]]
) -> tuple[tuple[str, str], ...]:
    """``field=value`` pairs as a decision keeps them: sorted, the values in canonical JSON. Raises BadParameter.

    `find_place` gives the place that a name means, `find_side` the id and name of an actor of the registry; both
    raise where there is none. Whether there is such a field, and what it can be, the ledger checks.
    """
    fields: dict[str, object] = {}
    for setting in settings:
        field, equals, value = (part.strip() for part in setting.partition("="))
        if not equals:
            raise BadParameter(f"“{setting}” corrects nothing. Write FIELD=VALUE, such as kind=loss.")
        if field == "place":
            place = find_place(value)
            fields[field] = {name: getattr(place, name) for name in Place.__slots__}
        elif field in {"actors", "opponents"}:
            sides = [find_side(side.strip()) for side in value.split(",") if side.strip()]
            fields[field] = [{"id": key, "name": name} for key, name in sides]
        elif field == "when":
            fields[field] = _when(value)
        else:
            fields[field] = value
    return tuple((field, json.dumps(fields[field], ensure_ascii=False, sort_keys=True)) for field in sorted(fields))


def _when(value: str) -> dict[str, str] | None:
    if value in {"", "none", "null"}:
        return None
    first, _, last = value.partition("..")
    earliest, latest = first_day(first), last_day(last or first)
    if latest < earliest:
        raise BadParameter(f"“{value}” ends before it begins. Write 2017-10-21, or 2017-10-01..2017-10-05.")
    return {"earliest": earliest.isoformat(), "latest": latest.isoformat()}
