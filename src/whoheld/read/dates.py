"""Dates as outlets print them: in datelines, date lines, metadata and tables.

Only what is printed counts. No date is taken from a clock, and none is guessed from an order of day and month
that could be either.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?"
    r"|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\b\.?"
)
_WEEKDAY = (
    r"(?:Mon(?:day)?|Tue(?:s(?:day)?)?|Wed(?:nesday)?|Thu(?:r(?:s(?:day)?)?)?|Fri(?:day)?|Sat(?:urday)?|Sun(?:day)?)\b"
    r"\.?,?\s+"
)
_DATE = re.compile(
    rf"""(?:{_WEEKDAY})?(?:
      (?P<iso>(?P<iy>\d{{4}})-(?P<im>\d\d)-(?P<id>\d\d))(?!\d)
    | (?P<dd>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<dm>{_MONTH}),?(?:\s+(?P<dy>(?:19|20)\d\d)\b)?
    | (?P<mm>{_MONTH})\s+(?P<md>\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s*(?P<my>(?:19|20)\d\d)\b)?(?!\d)
    | (?P<n1>\d{{1,2}})(?P<sep>[./-])(?P<n2>\d{{1,2}})(?P=sep)(?P<ny>(?:19|20)\d\d)(?!\d)
    )""",
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class PrintedDate:
    """A date in a text at ``[start, end)``. `year` is None where none is printed."""

    start: int
    end: int
    day: int
    month: int
    year: int | None

    def on(self, near: date | None) -> date | None:
        """The day that is meant, as printed in a report of the day `near`, which tells a missing year.

        A dateline is older than the day of publication, or a few days younger at most: records lag and zones differ.
        None where there is no such day.
        """
        if self.year is not None:
            return _day(self.year, self.month, self.day)
        if near is None:
            return None
        days = (_day(year, self.month, self.day) for year in (near.year + 1, near.year, near.year - 1))
        return next((day for day in days if day and (day - near).days <= 7), None)


def read_date(text: str, start: int = 0) -> PrintedDate | None:
    """The date that begins at `start`, if one does.

    ``05-04-2017`` and ``05.04.2017`` are day first, as in all of the world that writes them so; ``05/04/2017`` could
    be either and is no date, ``22/10/2017`` and ``10/22/2017`` are.
    """
    found = _DATE.match(text, start)
    if found is None:
        return None
    group = found.groupdict()
    if group["iso"]:
        year: int | None = int(group["iy"])
        month, day = int(group["im"]), int(group["id"])
    elif group["dd"]:
        day, month = int(group["dd"]), _month(group["dm"])
        year = int(group["dy"]) if group["dy"] else None
    elif group["md"]:
        day, month = int(group["md"]), _month(group["mm"])
        year = int(group["my"]) if group["my"] else None
    else:
        day, month, year = int(group["n1"]), int(group["n2"]), int(group["ny"])
        if month > 12 >= day:
            day, month = month, day
        elif group["sep"] == "/" and day <= 12 and day != month:
            return None
    # A leap year stands in where no year is printed, so that 29 February is a date.
    if _day(2000 if year is None else year, month, day) is None:
        return None
    return PrintedDate(start, found.end(), day, month, year)


def search_date(text: str, start: int, end: int) -> PrintedDate | None:
    """The first date that begins in ``[start, end)``."""
    for found in _DATE.finditer(text, start, end):
        printed = read_date(text, found.start())
        if printed is not None:
            return printed
    return None


def parse_published(value: object) -> tuple[date | None, datetime | None, str]:
    """A publication date as a record gives it: the day, the moment if it has an offset, and a warning or "".

    Takes None, dates, date-times, and strings: ISO 8601, or a date as printed ("22 October 2017"). The day of a
    date-time is the one written, in its own offset. Raises ValueError with what is wrong with it.
    """
    if value is None or value == "":
        return None, None, ""
    if isinstance(value, datetime):
        return _moment(value)
    if isinstance(value, date):
        return value, None, ""
    if not isinstance(value, str):
        raise ValueError(f"the publication date {value!r} is not a text")
    words = value.strip()
    if not words:
        return None, None, ""
    try:
        if len(words) == 10 and words[4] == words[7] == "-":
            return date.fromisoformat(words), None, ""
        if re.match(r"\d{4}-\d\d-\d\d[T ]\d", words):
            return _moment(datetime.fromisoformat(words))
    except ValueError as wrong:
        raise ValueError(f"the publication date “{words[:60]}” is not in the calendar ({wrong})") from None
    printed = read_date(words)
    if printed is None or printed.year is None or printed.end != len(words):
        raise ValueError(f"the publication date “{words[:60]}” is not a day that can be told for certain")
    return printed.on(None), None, ""


def _moment(value: datetime) -> tuple[date, datetime | None, str]:
    if value.tzinfo is not None:
        return value.date(), value, ""
    if (value.hour, value.minute, value.second) == (0, 0, 0):
        return value.date(), None, ""
    return value.date(), None, f"The publication time {value.isoformat(' ')} has no offset: only its day was taken."


def _month(word: str) -> int:
    return _MONTHS.index(word[:3].lower()) + 1


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
