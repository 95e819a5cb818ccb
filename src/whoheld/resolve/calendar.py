"""Counting in days, weeks, months and years, also before Christ and at the ends of what Python can count."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from whoheld.vocabulary import Bounds


@dataclass(frozen=True, slots=True)
class Days:
    """From the first day to the last, both inclusive."""

    first: date
    last: date

    def __len__(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def bounds(self) -> Bounds:
        return Bounds(self.first, self.last)

    @property
    def precision(self) -> int:
        """UCDP's date_prec: 1 a day, 2 two to six days, 3 a week (to ten days: "early May"), 4 a month, 5 more."""
        return next((code for longest, code in ((1, 1), (6, 2), (10, 3), (31, 4)) if len(self) <= longest), 5)

    @property
    def edtf(self) -> str:
        """The shortest ISO 8601-2 form."""
        first, last = self.first, self.last
        if first == last:
            return first.isoformat()
        if self == Point(first.year).days():
            return f"{first.year:04d}"
        if self == month_days(first.year, first.month):
            return f"{first.year:04d}-{first.month:02d}"
        return f"{first.isoformat()}/{last.isoformat()}"


@dataclass(frozen=True, slots=True)
class Point:
    """A date as far as it is known. Years before Christ are negative: 480 BC is -480 (there is no year 0)."""

    year: int | None = None
    month: int | None = None
    day: int | None = None

    @classmethod
    def of(cls, day: date) -> Point:
        return cls(day.year, day.month, day.day)

    @property
    def date(self) -> date | None:
        """The calendar day, where it is one that Python can count with."""
        if self.year is None or self.month is None or self.day is None:
            return None
        try:
            return date(self.year, self.month, self.day)
        except ValueError:
            return None

    @property
    def value(self) -> str:
        """The TIMEX3 value, "XXXX" and "XX" for what is not known."""
        parts = [year_value(self.year)]
        if self.month is not None or self.day is not None:
            parts.append("XX" if self.month is None else f"{self.month:02d}")
        if self.day is not None:
            parts.append(f"{self.day:02d}")
        return "-".join(parts)

    def days(self) -> Days | None:
        """The days that it can be; None where the year is not known or lies before Christ, or there is no such day."""
        if self.year is None or not 1 <= self.year <= 9999:
            return None
        if self.day is not None:
            return Days(self.date, self.date) if self.date else None
        if self.month is not None:
            return month_days(self.year, self.month)
        return Days(date(self.year, 1, 1), date(self.year, 12, 31))

    def shift_months(self, months: int) -> Point:
        """The month that is `months` later."""
        if self.year is None or self.month is None:
            return self
        count = self.year * 12 + self.month - 1 + months
        return Point(count // 12, count % 12 + 1)


def year_value(year: int | None) -> str:
    if year is None:
        return "XXXX"
    return f"{year:04d}" if year >= 0 else f"BC{-year:04d}"


def short_value(year: int, size: int) -> str:
    """The decade (`size` 10) or century (100) of a year: 1943 -> "194", "19"; 492 BC -> "BC049", "BC04"."""
    return f"{'BC' if year < 0 else ''}{abs(year) // size:0{3 if size == 10 else 2}d}"


def week_value(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year:04d}-W{week:02d}"


def month_days(year: int, month: int) -> Days:
    return Days(date(year, month, 1), date(year, month, monthrange(year, month)[1]))


def week_days(day: date) -> Days:
    """Monday to Sunday."""
    first = shift_days(day, -day.weekday())
    return Days(first, shift_days(first, 6))


def season_days(year: int, code: str) -> Days | None:
    """March to May for "SP", and so on; a winter runs into the next year."""
    if not 1 <= year < 9999:
        return None
    first = Point(year, SEASON_MONTHS[code])
    last = first.shift_months(2).days()
    return Days(date(year, SEASON_MONTHS[code], 1), last.last) if last else None


SEASON_MONTHS = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}


def shift_days(day: date, days: int) -> date:
    """`days` later; the first or last day that there is, where that would lie beyond."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max if days > 0 else date.min


def shift_year(year: int, years: int) -> int:
    """Years counted without a year 0."""
    moved = year + years
    if year < 0 <= moved:
        return moved + 1
    return moved - 1 if moved <= 0 < year else moved


_MONTHS_IN = {"M": 1, "Q": 3, "Y": 12, "DE": 120, "CE": 1200, "ML": 12000}
_DAYS_IN = {"D": 1.0, "W": 7.0, "2W": 14.0, "WE": 7.0, "TH": 1 / 24, "TM": 1 / 1440, "TS": 1 / 86400}


def back(day: date, number: float, unit: str) -> date:
    """The day that is `number` units of times.toml before `day` (after it where negative); hours fill up a day."""
    number = max(-1e6, min(number, 1e6))
    if unit in _MONTHS_IN:
        moved = Point(day.year, day.month).shift_months(-round(_MONTHS_IN[unit] * number))
        if moved.year is None or moved.month is None or not 1 <= moved.year <= 9999:
            return date.min if number > 0 else date.max
        return date(moved.year, moved.month, min(day.day, monthrange(moved.year, moved.month)[1]))
    days = _DAYS_IN[unit] * number
    whole = round(days) if _DAYS_IN[unit] >= 1 else int(-(-days // 1)) if days > 0 else int(days // 1)
    return shift_days(day, -whole)
