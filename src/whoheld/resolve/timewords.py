"""Reads one time expression: words -> TIMEX3 value, days, and the point that later expressions count from.

Each rule below reads one family of expressions, in normal form ("the three-day" -> "the 3 day"), or returns None;
the first that reads wins. Values follow the TimeML annotation guidelines 1.2.1.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from typing import Any

from whoheld.data import table
from whoheld.resolve.calendar import (
    SEASON_MONTHS,
    Days,
    Point,
    back,
    month_days,
    season_days,
    shift_days,
    shift_year,
    short_value,
    week_days,
    week_value,
    year_value,
)
from whoheld.vocabulary import TimeType


@dataclass(frozen=True, slots=True)
class Reading:
    """What an expression comes to; `point` is what later expressions may count from."""

    value: str
    days: Days | None = None
    point: Point | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """The last day, month and year that the text has named, and the last of these of any kind.

    Before it has named any, `opening` is the first month that it is going to name.
    """

    day: date | None = None
    month: Point | None = None
    year: int | None = None
    latest: Point | None = None
    opening: Point | None = None

    def after(self, point: Point | None) -> Reference:
        """The reference after `point` has been named."""
        if point is None or point.year is None:
            return self
        month = Point(point.year, point.month) if point.month else self.month
        return Reference(point.date or self.day, month, point.year, point)


@dataclass(frozen=True, slots=True)
class Setting:
    """All that an expression is reckoned from; `whole` leaves periods whole that the day of writing falls in."""

    published: date | None
    reference: Reference
    narrative: bool
    tense: str = ""
    whole: bool = False

    @property
    def today(self) -> date | None:
        """The day of writing; None in a history, which does not speak of it."""
        return None if self.narrative else self.published

    @property
    def day(self) -> date | None:
        """The day that "the next day" follows: the last one named, else (in news) the day of writing."""
        return self.reference.day or self.today

    @property
    def month(self) -> Point | None:
        return self.reference.month or (Point(self.today.year, self.today.month) if self.today else None)

    @property
    def year(self) -> int | None:
        return self.reference.year or (self.today.year if self.today else None)

    @property
    def looks_ahead(self) -> bool:
        return self.tense == "future"

    def too_late(self, days: Days | None) -> bool:
        """Whether `days` lie beyond the day of publication, which what is told as past cannot."""
        return bool(days and self.published and days.first > self.published and not self.looks_ahead)


def read(words: str, kind: TimeType, setting: Setting) -> Reading:
    """The reading of one expression, given in normal form; value "" where the words give none."""
    if kind is TimeType.SET:
        return Reading(_set_value(words))
    first = (_pointing, _streak, _duration) if kind is TimeType.DURATION else (_pointing,)
    return _first(words, setting, (*first, *_RULES)) or Reading("")


Rule = Callable[[str, Setting], Reading | None]


def _first(words: str, setting: Setting, rules: Iterable[Rule]) -> Reading | None:
    return next((reading for rule in rules if (reading := rule(words, setting)) is not None), None)


# --- normal form --------------------------------------------------------------------------------------------


def _data(section: str) -> Any:
    return table("times.toml")[section]


@cache
def pattern(written: str) -> re.Pattern[str]:
    """`written` with %months%, %weekdays%, … replaced by the alternatives of that section of times.toml."""

    def names(match: re.Match[str]) -> str:
        return "|".join(sorted(map(re.escape, _data(match.group(1))), key=len, reverse=True))

    return re.compile(re.sub(r"%(\w+)%", names, written))


_REWRITES = tuple(
    (re.compile(before), after)
    for before, after in (
        (r"[’‘]", "'"),
        (r"[–—‑−]", "-"),
        (r"\b([ap])\.\s?m\b\.?", r"\1m"),
        (r"\b([ba])\.\s?([cd])\.(\s?e\.)?", r"\1\2"),
        (r"(\d),(?=\d{3}\b)", r"\1"),  # 1,500
        (r"(?<=\d)'s\b", "s"),  # the 1920's
        (r"'s\b", ""),
        (r"[,()]|(?<=[a-z])\.", " "),
        (r"(?<=[a-z])-(?=\w)|(?<=\d)-(?=[a-z])", " "),
        (r"\s+", " "),
    )
)


def normal(words: str) -> str:
    """Lower case, digits for number words, no commas, hyphens only between digits: "Three-day" -> "3 day"."""
    words = words.lower()
    for before, after in _REWRITES:
        words = before.sub(after, words)
    words = pattern(r"\b(?:(twenty|thirty)[ -])?(%ordinals%)\b").sub(_ordinal, words.strip())
    words = pattern(r"\b(?:%numbers%)(?:[ -](?:and )?(?:%numbers%))*\b").sub(_number, words)
    return re.sub(r"(\d+) and (?:a )?half\b", r"\1.5", words)


def _ordinal(match: re.Match[str]) -> str:
    tens = {"twenty": 20, "thirty": 30}.get(match.group(1), 0)
    return f"{tens + _data('ordinals')[match.group(2)]}th"


def _number(match: re.Match[str]) -> str:
    total = 0
    for word in re.findall(r"[a-z]+", match.group()):
        if word != "and":
            number = _data("numbers")[word]
            total = max(total, 1) * number if number >= 100 or word == "dozen" else total + number
    return str(total)


# --- readings that many rules share -------------------------------------------------------------------------


def _day_reading(day: date | None) -> Reading:
    return Reading(day.isoformat(), Days(day, day), Point.of(day)) if day else Reading("XXXX-XX-XX")


def point_reading(point: Point, setting: Setting) -> Reading:
    """The reading of a date as far as it is known."""
    return Reading(point.value, _until_today(point.days(), setting), point)


def _until_today(days: Days | None, setting: Setting) -> Days | None:
    """In news, a period that the day of writing falls in ends with it, unless it is told as to come."""
    today = setting.today
    if days is None or today is None or setting.looks_ahead or setting.whole or not days.first <= today < days.last:
        return days
    return Days(days.first, today)


_STEPS = {
    **dict.fromkeys(("last", "past", "previous", "preceding", "prior"), -1),
    **dict.fromkeys(("this", "that", "same", "current", "the"), 0),
    **dict.fromkeys(("next", "following", "coming", "upcoming", "subsequent", "succeeding"), 1),
}
_STEP = rf"\b({'|'.join(_STEPS)})\b"
# "last year" is last year's wherever it stands; "the previous year" is the one before the year that was named
_FROM_TODAY = frozenset(("last", "this", "next", "past", "current", "coming", "upcoming"))


# --- sets, and words that only point ------------------------------------------------------------------------


def _set_value(words: str) -> str:
    """Daily, every Friday, each night, per month, every two weeks."""
    if words in _data("sets"):
        return str(_data("sets")[words])
    if match := pattern(r"\b(%weekdays%)s?\b").search(words):
        return f"XXXX-WXX-{_data('weekdays')[match.group(1)]}"
    if match := pattern(r"\b(%months%)\b").search(words):
        return f"XXXX-{_data('months')[match.group(1)]:02d}"
    if match := pattern(r"\b(%seasons%)\b").search(words):
        return f"XXXX-{_data('seasons')[match.group(1)]}"
    if match := pattern(r"\b(?:every|each)\b.*\b(%parts%)\b").search(words):
        return f"XXXX-XX-XX{_data('parts')[match.group(1)]}"
    quantity = find_quantity(words)
    if quantity is None:
        return ""
    single = {"D": "XXXX-XX-XX", "W": "XXXX-WXX", "M": "XXXX-XX", "Y": "XXXX"}
    once = quantity.number == "1" and not words.startswith("per")
    return single.get(quantity.unit, quantity.value) if once else quantity.value


def _pointing(words: str, setting: Setting) -> Reading | None:
    """Now, recently, former, at that time: words that point without saying how far."""
    value = _data("references").get(words) or _data("references").get(words.removeprefix("the "))
    if value is None:
        if not re.fullmatch(r"(?:that|(?:the )?same) (?:time|period)|this period", words):
            return None
        latest = setting.reference.latest if "same" in words else None
        return Reading(latest.value if latest else "PAST_REF" if words.startswith("that") else "PRESENT_REF")
    today = setting.today
    if today is None or value == "FUTURE_REF" or words.startswith("former"):
        return Reading(value)
    # "recently" is up to a month in the developers' gold reports
    return Reading(value, Days(shift_days(today, -30) if value == "PAST_REF" else today, today))


# --- figures ------------------------------------------------------------------------------------------------

_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[t ](\d\d:\d\d(?::\d\d)?)z?)?")
_FIGURES = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4}|\d\d)")


def _figures(words: str, setting: Setting) -> Reading | None:
    """2017-10-22, 22/10/2017, 22.10.2017. Where day and month could be either, the days hold both readings."""
    if match := _ISO.fullmatch(words):
        point = Point(int(match.group(1)), int(match.group(2)), int(match.group(3)))
        clock = f"T{match.group(4)}" if match.group(4) else ""
        return Reading(point.value + clock, point.days(), point) if point.date else None
    match = _FIGURES.fullmatch(words)
    if match is None:
        return None
    first, second, year = (int(group) for group in match.groups())
    year += 2000 if year < 70 else 1900 if year < 100 else 0
    days = [day for day in (Point(year, second, first).date, Point(year, first, second).date) if day]
    return replace(_day_reading(days[0]), days=Days(min(days), max(days))) if days else None


# --- times of day -------------------------------------------------------------------------------------------

_ZONE = "hours|gmt|utc|local|est|edt|pst|pdt|cst|cet|eet|bst|damascus|moscow"
_CLOCK = re.compile(
    r"\b(?:(?P<hour>\d{1,2})[:.](?P<minute>\d\d)(?::\d\d)?(?: ?(?P<half>am|pm))?"
    rf"|(?P<full>\d{{1,2}}) ?(?P<full_half>am|pm|o'clock)|(?P<four>\d{{4}})(?= (?:{_ZONE})))(?: (?:{_ZONE}|time))*"
)


def _clock_value(match: re.Match[str]) -> str:
    if four := match.group("four"):
        return f"T{four[:2]}:{four[2:]}"
    hour = int(match.group("hour") or match.group("full"))
    half = match.group("half") or match.group("full_half")
    hour = hour % 12 + 12 if half == "pm" else hour % 12 if half == "am" else hour
    return f"T{hour:02d}:{match.group('minute') or '00'}"


def _time_of_day(words: str, setting: Setting) -> Reading | None:
    """11 am on Sunday, Sunday evening, the early hours of 25 February, that night, overnight."""
    if match := re.fullmatch(r"(tonight|overnight)s?(?: (.*))?", words):
        return _tonight(match.group(1), match.group(2), setting)
    clock = _CLOCK.search(words)
    part = pattern(r"\b(?:early hours|(%parts%)(?: hours)?)\b")
    parts = part.search(words)
    if clock:
        suffix, rest = _clock_value(clock), words[: clock.start()] + words[clock.end() :]
    elif parts:
        suffix, rest = _data("parts").get(parts.group(1), "TMO"), words
    else:
        return None
    rest = re.sub(r"\b(?:the|of|on|at|in|early|late|mid|during|later|earlier)\b", " ", part.sub(" ", rest))
    day = _day_of_part(" ".join(rest.split()), setting, clock=clock is not None, definite="of the " in words)
    if day is None:
        return None
    return replace(day, value=day.value + suffix, days=_into_next_day(day.days) if suffix == "TNI" else day.days)


def _day_of_part(rest: str, setting: Setting, *, clock: bool, definite: bool) -> Reading | None:
    """The day of "that night", "the next morning", "Sunday (evening)"; `rest` is what is left without the part."""
    today = setting.today
    if rest == "":
        if today is None:
            day = setting.reference.day
            # "during the morning" of a history has no day in its value, but it belongs to the day told of
            return replace(_day_reading(day if clock else None), days=Days(day, day) if day else None)
        # "at dawn" in a report may be this day's or the day before's
        return Reading(today.isoformat(), Days(shift_days(today, -1), today))
    if rest in ("last", "this") and today:
        return _day_reading(shift_days(today, _STEPS[rest]))
    if rest in _STEPS or rest == "that same":
        return _day_reading(shift_days(setting.day, _STEPS[rest.rpartition(" ")[2]]) if setting.day else None)
    if re.fullmatch(r"\d+(?:st|nd|rd|th)", rest):
        return _nth_day(rest, setting) if definite else Reading("XXXX-XX-XX")
    return _first(rest, setting, (rule for rule in _RULES if rule is not _time_of_day))


def _into_next_day(days: Days | None) -> Days | None:
    """A night belongs to two days."""
    return Days(days.first, shift_days(days.last, 1)) if days and len(days) == 1 else days


def _tonight(word: str, weekday: str | None, setting: Setting) -> Reading:
    if weekday and (day := _weekday(weekday, setting)):
        return replace(day, value=day.value + "TNI", days=_into_next_day(day.days))
    today = setting.day if setting.today is None else setting.today
    if today is None:
        return Reading("XXXX-XX-XXTNI")
    evening = today if word == "tonight" else shift_days(today, -1)
    return Reading(f"{evening.isoformat()}TNI", Days(evening, shift_days(evening, 1)))


# --- dates --------------------------------------------------------------------------------------------------

_YEAR = r"(?P<year>\d{1,4}(?= (?:bc|ad|ce))|\d{4}|'\d\d)(?: (?P<era>bce?|ad|ce))?"
_DATE_FORMS = (
    rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?(?P<month>%months%)\b(?: (?:of )?{_YEAR})?(?!\w)",
    rf"\b(?P<month>%months%) (?:the )?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?! (?:bc|ad))(?: (?:of )?{_YEAR})?(?!\w)",
    rf"\b(?P<month>%months%)\b(?: (?:of )?{_YEAR})?(?!\w)",
)
_YEAR_ALONE = re.compile(rf"(?<![\d.:]){_YEAR}(?![\w.]*\d)")


def explicit(words: str) -> Point | None:
    """The date written out in `words`, as far as it goes."""
    for form in _DATE_FORMS:
        if match := pattern(form).search(words):
            written = match.groupdict().get("day")
            day = int(written) if written else None
            return None if day is not None and not 1 <= day <= 31 else Point(_year_of(match), _month_of(match), day)
    match = _YEAR_ALONE.search(words)
    return Point(_year_of(match)) if match else None


_YEARS = range(1800, 2101)


def is_bare_year(point: Point) -> bool:
    """Whether a number by itself is likely to be a year: 2014, but not 1070 or 1200."""
    return point.month is None and point.year in _YEARS


def _is_number(words: str, point: Point, setting: Setting) -> bool:
    """Whether what looks like a year is a count ("1070 housing project"): it is no year near those of the text."""
    if point.month or is_bare_year(point) or (point.year or 0) < 0 or re.search(r"'|\b(?:ad|ce)\b", words):
        return False
    year = setting.reference.year if setting.narrative else None
    return year is None or point.year is None or abs(year - point.year) > 200


def _month_of(match: re.Match[str]) -> int:
    return int(_data("months")[match.group("month")])


def _year_of(match: re.Match[str]) -> int | None:
    written = match.group("year")
    if written is None:
        return None
    if written.startswith("'"):
        return int(written[1:]) + (2000 if int(written[1:]) < 30 else 1900)
    return (-int(written) if (match.group("era") or "").startswith("b") else int(written)) or None


def _date(words: str, setting: Setting) -> Reading | None:
    """22 October 2017, 22 October, October 2017, October, 2017, 480 BC, August of that year, last November."""
    point = explicit(words)
    if point is None or _is_number(words, point, setting):
        return None
    if point.year is None:
        point = replace(point, year=_implied_year(words, point, setting))
    if point.day is not None and point.date is None and (point.year or 0) > 0:
        point = replace(point, day=None)  # 31 June
    return point_reading(point, setting)


def _implied_year(words: str, point: Point, setting: Setting) -> int | None:
    """The year of a date that is written without one."""
    if relative := re.search(_STEP + r" (?:same )?year\b", words):
        from_today = setting.today if relative.group(1) in _FROM_TODAY else None
        year = from_today.year if from_today else setting.year
        return None if year is None else shift_year(year, _STEPS[relative.group(1)])
    step = re.match(r"(?:the )?" + _STEP, words)
    way = _STEPS[step.group(1)] if step else 0
    if setting.today is None:
        return _carried_year(point, way, setting)
    return _nearest_year(setting.today, way, setting.looks_ahead, lambda year: replace(point, year=year).days())


def _nearest_year(today: date, way: int, ahead: bool, days_in: Callable[[int], Days | None]) -> int:
    """In news: the last year in which it had begun; for what is to come, the next in which it has not ended.

    `way` -1 ("last May") passes over one that has not ended, 1 ("next May") looks ahead. Eight years are tried,
    because 29 February may be that far off.
    """
    for distance in range(9):
        year = today.year + (distance if ahead or way > 0 else -distance)
        days = days_in(year)
        if days is None:
            continue
        if ahead or way > 0:
            if days.last >= today:
                return year
        elif days.first <= today and not (way < 0 and days.last >= today):
            return year
    return today.year


def _carried_year(point: Point, way: int, setting: Setting) -> int | None:
    """In a history: the year named last, unless the months say that it has turned."""
    year, named, opening = setting.reference.year, setting.reference.month, setting.reference.opening
    if year is None or point.month is None:
        return year
    if way and not (named and named.month and (named.month > point.month) == (way < 0)):
        year = shift_year(year, way)
    elif not way and named and named.year == year and named.month and named.month - point.month > 8:
        year = shift_year(year, 1)  # "in December 1917 … in January"
    elif not way and opening and opening.month and point.month - opening.month > 8:
        year = shift_year(year, -1)  # "on 20 December … until January 1918"
    return shift_year(year, -1) if setting.too_late(replace(point, year=year).days()) else year


def _era(words: str, setting: Setting) -> Reading | None:
    """Decades and centuries: the 1920s, the 470s BC, the nineties, the 21st century."""
    if match := re.search(r"\b(\d{1,2})(?:st|nd|rd|th) century(?: (bce?))?", words):
        number = int(match.group(1)) - 1
        if match.group(2) or (setting.reference.year or 0) < 0:
            return Reading(f"BC{number:02d}")
        return Reading(f"{number:02d}", Days(date(max(1, number * 100), 1, 1), date(number * 100 + 99, 12, 31)))
    if match := re.search(r"\b(\d{1,3}0)s\b(?: (bce?))?", words):
        first = int(match.group(1)) + (1900 if len(match.group(1)) < 3 else 0)
    elif match := pattern(r"\b(%decades%)\b(?: (bce?))?").search(words):
        first = 1900 + _data("decades")[match.group(1)]
    else:
        return None
    if match.group(2):
        return Reading(short_value(-first, 10), point=Point(-first))
    return Reading(short_value(first, 10), Days(date(first, 1, 1), date(first + 9, 12, 31)))


def _season(words: str, setting: Setting) -> Reading | None:
    """Summer of 2014, last winter, the following spring."""
    match = pattern(r"\b(%seasons%)\b").search(words)
    if match is None:
        return None
    code = _data("seasons")[match.group(1)]
    year = _season_year(words, code, setting)
    days = _until_today(season_days(year, code), setting) if year else None
    return Reading(f"{year_value(year)}-{code}", days, Point(year) if year else None)


def _season_year(words: str, code: str, setting: Setting) -> int | None:
    if written := re.search(_YEAR, words):
        return _year_of(written)
    step = re.search(_STEP, words.removeprefix("the "))
    way = _STEPS[step.group(1)] if step else 0
    if setting.today and not (step and step.group(1) not in _FROM_TODAY):
        if "year" in words:
            return setting.today.year + way
        return _nearest_year(setting.today, way, setting.looks_ahead, lambda year: season_days(year, code))
    year = setting.year
    if year is None:
        return None
    named = setting.reference.month
    if way > 0 and named and named.month and named.month < SEASON_MONTHS[code]:
        return year  # "in March 1918 … the following summer"
    year = shift_year(year, way)
    return year - 1 if setting.too_late(season_days(year, code)) else year


def _quarter(words: str, setting: Setting) -> Reading | None:
    """The third quarter of 2017, the first half of 2008, Q3 2017, fiscal 2018."""
    if fiscal := re.search(r"\bfiscal (?:years? )?(\d{4})", words):
        return Reading(f"FY{fiscal.group(1)}")
    match = re.search(r"\b(?:(?:(\d)th|last|latter|final) (quarter|half)|q(\d))\b", words)
    point = explicit(words) or Point()
    if match is None or point.month:
        return None
    months = 6 if match.group(2) == "half" else 3
    number = int(match.group(1) or match.group(3) or 12 // months)
    if not 1 <= number <= 12 // months:
        return None
    year = point.year or setting.year
    if year and (step := re.search(_STEP + " year", words)):
        year = shift_year(year, _STEPS[step.group(1)])
    value = f"{year_value(year)}-{'H' if months == 6 else 'Q'}{number}"
    if year is None or not 1 <= year <= 9999:
        return Reading(value)
    last = number * months
    return Reading(value, Days(date(year, last - months + 1, 1), month_days(year, last).last), Point(year))


def _weekday(words: str, setting: Setting) -> Reading | None:
    """Saturday, last Monday, next Friday."""
    match = pattern(r"\b(%weekdays%)s?\b").search(words)
    if match is None:
        return None
    number = _data("weekdays")[match.group(1)]
    today = setting.today or setting.reference.day
    if today is None:
        return Reading(f"XXXX-WXX-{number}")
    before, ahead = (today.isoweekday() - number) % 7, (number - today.isoweekday()) % 7
    step = re.search(_STEP, words)
    if step and _STEPS[step.group(1)] > 0:
        return _day_reading(shift_days(week_days(today).first, 6 + number))
    if step and _STEPS[step.group(1)] < 0:
        # "last Tuesday", written on Wednesday, is a week ago: yesterday would have been "Tuesday"
        return _day_reading(shift_days(today, -(before + 7 if before <= 3 else before)))
    return _day_reading(shift_days(today, ahead if setting.looks_ahead or setting.today is None else -before))


def _weekend(words: str, setting: Setting) -> Reading | None:
    if not re.search(r"\bweekends?\b", words):
        return None
    today = setting.today or setting.day
    if today is None:
        return Reading("XXXX-WXX-WE")
    saturday = shift_days(week_days(today).first, 5)
    step = re.search(_STEP, words.removeprefix("the "))
    way = _STEPS[step.group(1)] if step else 0
    if way > 0 and ("next" in words or today >= saturday):
        saturday = shift_days(saturday, 7)
    elif way < 0 or (way == 0 and saturday > today and not setting.looks_ahead):
        saturday = shift_days(saturday, -7)
    return Reading(f"{week_value(saturday)}-WE", Days(saturday, shift_days(saturday, 1)))


@cache
def _holidays() -> tuple[tuple[str, int, int], ...]:
    """Name in normal form, month, day; longer names first."""
    days = _data("holidays")
    ordered = sorted(days, key=len, reverse=True)
    return tuple((normal(name), int(days[name][:2]), int(days[name][3:])) for name in ordered)


def _feast(words: str, setting: Setting) -> Reading | None:
    """Christmas, New Year's Eve, Ramadan, the two Eids, …; the tables are in times.toml."""
    written = explicit(words) or Point()
    for name, month, day in _holidays():
        if name in words:
            point = Point(written.year, month, day)
            return point_reading(replace(point, year=point.year or _implied_year(words, point, setting)), setting)
    match = pattern(r"\b(%feast_names%)\b").search(words)
    if match is None:
        return None
    feast = _data("feasts")[_data("feast_names")[match.group(1)]]
    spans = [Days(*map(date.fromisoformat, span)) for spans in feast.values() for span in spans]
    year = written.year or (None if setting.today else setting.reference.year)
    if year:
        spans = [span for span in spans if span.first.year == year]
    elif setting.today and setting.looks_ahead:
        spans = [span for span in spans if span.last >= setting.today]
    elif setting.today:
        spans = [span for span in reversed(spans) if span.first <= setting.today]
    if not spans or not (year or setting.today):
        return Reading(year_value(year), Point(year).days())
    days, slack = spans[0], timedelta(days=_data("feasts")["slack"])
    value = days.first.isoformat() if len(days) < 7 else f"{days.first:%Y-%m}"
    return Reading(value, Days(days.first - slack, days.last + slack), Point(days.first.year))


# --- relative units -----------------------------------------------------------------------------------------

_RELATIVE_UNIT = re.compile(
    rf"(?:(the )?{_STEP} (?:same |very )?(day|week|month|year|decade|century|quarter)s?|the (day|week|month|year))$"
)
_BESIDE = re.compile(r"(?:the )?(day|week|month|year) (?:(after|following|next|later)|before|previous|prior|earlier)")


def _unit(words: str, setting: Setting) -> Reading | None:
    """Today, last week, that month, the following year, the day after."""
    if match := re.search(r"(?:\bday (before|after) )?\b(today|yesterday|tomorrow)s?\b", words):
        offset = {"today": 0, "yesterday": -1, "tomorrow": 1}[match.group(2)]
        offset += {"before": -1, "after": 1}.get(match.group(1), 0)
        if setting.today:
            return _day_reading(shift_days(setting.today, offset))
        return Reading("PRESENT_REF" if offset == 0 else "XXXX-XX-XX")
    if match := _BESIDE.fullmatch(words):
        return _moved(match.group(1), 1 if match.group(2) else -1, None, setting)
    match = _RELATIVE_UNIT.search(words)
    if match is None:
        return None
    step, unit = match.group(2) or "the", match.group(3) or match.group(4)
    from_today = step in _FROM_TODAY and not (match.group(1) and step == "next")
    return _moved(unit, _STEPS[step], setting.today if from_today else None, setting)


def _moved(unit: str, offset: int, base: date | None, setting: Setting) -> Reading:
    """The unit that is `offset` units from that of `base`, or else from the last one that the text has named."""
    day = base or setting.day
    if unit == "day":
        return _day_reading(shift_days(day, offset) if day else None)
    if unit == "week":
        moved = shift_days(day, 7 * offset) if day else None
        return Reading(week_value(moved), _until_today(week_days(moved), setting)) if moved else Reading("XXXX-WXX")
    month = Point(base.year, base.month) if base else setting.month
    if unit == "month":
        return point_reading(month.shift_months(offset), setting) if month else Reading("XXXX-XX")
    if unit == "quarter":
        later = month.shift_months(3 * offset) if month else Point()
        quarter = f"q{(later.month + 2) // 3} {later.year:04d}" if later.month and (later.year or 0) > 0 else ""
        return _quarter(quarter, setting) or Reading("XXXX-QX")
    year = base.year if base else setting.year
    if year is None:
        return Reading({"year": "XXXX", "decade": "XXX", "century": "XX"}[unit])
    if unit == "year":
        return point_reading(Point(shift_year(year, offset)), setting)
    size = 10 if unit == "decade" else 100
    return Reading(short_value(year + offset * size, size))


# --- quantities ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Quantity:
    """`number` is digits, or "X" where the words are vague ("several"); `unit` a code of times.toml."""

    number: str
    unit: str
    vague: str = ""

    @property
    def value(self) -> str:
        """The TIMEX3 duration."""
        number, unit = self.number, self.unit
        if number == "0.5" and unit in ("Y", "TH", "TM"):
            number, unit = {"Y": ("6", "M"), "TH": ("30", "TM"), "TM": ("30", "TS")}[unit]
        if unit == "2W":
            number, unit = number if number == "X" else f"{2 * float(number):g}", "W"
        return f"PT{number}{unit[1:]}" if unit.startswith("T") else f"P{number}{unit}"

    @property
    def longest(self) -> float | None:
        """The most units that it can mean, as the developers' gold reports have it; None: the words set no limit."""
        if self.number != "X":
            return float(self.number)
        if self.unit == "M":
            return 6 if self.vague in ("several", "many") else 3
        return {"D": 7, "W": 4.3, "TH": 24, "Y": 5}.get(self.unit)

    def stretch(self, today: date, *, ahead: bool = False) -> Days | None:
        """The days of a duration that ends on the day of writing, or starts on it."""
        if self.longest is None:
            return None
        other = back(today, -self.longest if ahead else self.longest, self.unit)
        return Days(min(today, other), max(today, other))


_QUANTITY = (
    r"(?:(?P<number>\d+(?:\.\d+)?)(?: of)?|(?P<half>half) (?:of )?an?|(?P<two>(?:a )?couple|every other)(?: of)?"
    r"|(?:an? )?(?P<vague>few|several|many|some|numerous|countless|dozens|hundreds|various)(?: of)?|(?P<one>\ban?))?"
    r"(?: (?!(?:of|and|to)\b)[a-z]+)?? ?\b(?P<unit>%units%)\b(?P<more> and an? half)?"
)


def find_quantity(words: str) -> Quantity | None:
    """The first quantity of time in `words`: 3 weeks, several months, half an hour, days."""
    match = pattern(_QUANTITY).search(words)
    if match is None:
        return None
    written, vague = match.group("unit"), match.group("vague") or ""
    if match.group("number"):
        number = match.group("number")
    elif match.group("half") or match.group("two"):
        number = "0.5" if match.group("half") else "2"
    else:
        number = "X" if vague or (written.endswith("s") and not match.group("one")) else "1"
    if match.group("more") and number != "X":
        number = f"{float(number) + 0.5:g}"
    return Quantity(number, _data("units")[written], vague)


_BACKWARD = re.compile(r"\b(?:last|past|recent|previous|preceding)\b")
_FORWARD = re.compile(r"\b(?:next|coming|upcoming)\b")
_FOLLOWING = re.compile(r"\b(?:following|subsequent|ensuing|succeeding|these|those|first|final|\d+th)\b")


def _duration(words: str, setting: Setting) -> Reading | None:
    """Three weeks, the past ten days, recent weeks, month-long."""
    quantity = find_quantity(words)
    if quantity is None:
        return None
    value = quantity.value
    if quantity.number == "X" and (vague := re.match(r"(?:the )?(recent|coming|upcoming) \w+$", words)):
        value = "PAST_REF" if vague.group(1) == "recent" else "FUTURE_REF"
    ahead = _FORWARD.search(words) is not None
    if not (ahead or _BACKWARD.search(words)):
        return Reading(value)
    # a history counts "the preceding two days" from the day told of; "the last weeks" may be the final ones
    told = None if value == "PAST_REF" or (quantity.number == "X" and not ahead) else setting.reference.day
    day = setting.today or told
    return Reading(value, quantity.stretch(day, ahead=ahead) if day else None)


def _stretch(words: str, setting: Setting) -> Reading | None:
    """The last 24 hours, recent weeks, the next few months, these days: durations, whatever they are typed."""
    if not (_BACKWARD.search(words) or _FORWARD.search(words) or _FOLLOWING.search(words)):
        return None
    quantity = find_quantity(words)
    if quantity is None or (quantity.number == "1" and not re.search(r"\bpast\b|^the last \w+$", words)):
        return None
    return _duration(words, setting)


_AGO = re.compile(
    r"\b(?:(?P<later>later|after|afterwards?|hence|thereafter|from now)"
    r"|ago|earlier|before|previously|prior|beforehand)$"
)


def _shift(words: str, setting: Setting) -> Reading | None:
    """Two days ago, three weeks earlier, a month later."""
    direction = _AGO.search(words)
    quantity = find_quantity(words[: direction.start()]) if direction else None
    if direction is None or quantity is None:
        return None
    ahead = direction.group("later") is not None
    from_today = words.endswith(("ago", "from now", "hence"))
    if quantity.number == "X":
        return _vague_shift(quantity, ahead, setting.today, from_today=from_today)
    number = -float(quantity.number) if ahead else float(quantity.number)
    # what came "two days later" came after something that the text tells of, not after the day of writing
    day = setting.today if from_today else setting.reference.day if ahead else setting.day
    if quantity.unit in ("D", "W", "2W", "WE", "TH", "TM", "TS"):
        return _shift_by_days(number, quantity.unit, day)
    return _shift_by_months(number, quantity.unit, day, setting, ahead=ahead, from_today=from_today)


def _shift_by_days(number: float, unit: str, base: date | None) -> Reading:
    if base is None:
        return Reading("XXXX-WXX" if unit in ("W", "2W") else "XXXX-XX-XX")
    day = back(base, number, unit)
    if unit == "D":
        return _day_reading(day)
    if unit.startswith("T"):
        return Reading("PAST_REF" if number > 0 else "FUTURE_REF", Days(min(day, base), max(day, base)))
    # "two weeks ago" is not meant to the day: half a week on both sides
    return Reading(week_value(day), Days(shift_days(day, -3), shift_days(day, 3)), Point.of(day))


_HALF_UNIT = {"M": 15, "Q": 45, "Y": 182, "DE": 1826, "CE": 18262, "ML": 182621}


def _shift_by_months(
    number: float, unit: str, day: date | None, setting: Setting, *, ahead: bool, from_today: bool
) -> Reading:
    """Months and longer; with a day to count from, half a unit on both sides of that day."""
    around = back(day, number, unit) if day else None
    half = _HALF_UNIT[unit]
    days = Days(shift_days(around, -half), shift_days(around, half)) if around else None
    if unit in ("M", "Q"):
        month = setting.reference.month if ahead else setting.month
        if from_today:
            month = Point(day.year, day.month) if day else None
        moved = month.shift_months(-round(number * (3 if unit == "Q" else 1))) if month else Point(None, 0)
        return _with_days(moved, days) if month else Reading("XXXX-XX")
    year = setting.reference.year if ahead else setting.year
    if from_today:
        year = day.year if day else None
    if year is None:
        return Reading("XXXX")
    if unit == "Y" and not number.is_integer() and around:
        return _with_days(Point(around.year, around.month), None)
    size = {"Y": 1, "DE": 10, "CE": 100, "ML": 1000}[unit]
    moved = Point(shift_year(year, -round(min(abs(number), 1e6)) * size * (1 if number > 0 else -1)))
    reading = _with_days(moved, days)
    return replace(reading, value=short_value(moved.year or 0, size)) if size in (10, 100) else reading


def _with_days(point: Point, days: Days | None) -> Reading:
    return Reading(point.value, days or point.days(), point)


def _vague_shift(quantity: Quantity, ahead: bool, today: date | None, *, from_today: bool) -> Reading:
    """Several weeks ago: three to seven; a few: two to five; hours ago: up to a day; months later: unknown."""
    value = "FUTURE_REF" if ahead else "PAST_REF"
    if today is None or ahead:
        return Reading(value)
    if quantity.unit.startswith("T"):
        return Reading(value, Days(shift_days(today, -1), today))
    if not from_today:
        return Reading(value)
    least, most = {"several": (3, 7), "few": (2, 5)}.get(quantity.vague, (1, 12))
    return Reading(value, Days(back(today, most, quantity.unit), back(today, least, quantity.unit)))


# --- parts of a period --------------------------------------------------------------------------------------

_EARLY = ("early", "beginning", "start", "outset", "turn", "first", "1th")
_MIDDLE = ("mid", "middle", "height", "midst")
_LATE = ("late", "end", "close", "eve", "latter", "last", "final", "2th")
_EDGE = re.compile(
    r"(?:the )?(?:very )?(?:(?P<sooner>earlier|later)(?: (?:in|on|of))?|(?P<half>1th|2th|first|latter) half of"
    r"|(?P<edge>(?:early|late|latter|last|first|1th|final|middle) (?:part|days|hours|stages)"
    rf"|{'|'.join((*_EARLY[:5], *_MIDDLE, *_LATE[:4]))}|rest|remainder|course)(?: (?:part of|of|in|on))?)(?: the)? "
)


def _edged(words: str, setting: Setting) -> Reading | None:
    """Early October, the end of the month, later that year, mid-2012."""
    match = _EDGE.match(words)
    if match is None:
        return None
    rest = words[match.end() :]
    rest = f"the {rest}" if rest in ("day", "week", "month", "year") else rest
    period = _first(rest, replace(setting, whole=True), (_pointing, *_RULES))
    if period is None or period.days is None:
        return period
    if match.group("sooner"):
        return replace(period, days=_sooner(match.group("sooner"), rest, period.days, setting.today))
    if match.group("half"):
        return replace(period, days=_half(match.group("half"), period.days))
    part = _third(match.group("edge").split()[0], period.days)
    return replace(period, days=part or _until_today(period.days, setting))


def _sooner(word: str, rest: str, days: Days, today: date | None) -> Days:
    """Earlier this week: from its Monday to the day of writing; later this week: from there on."""
    if today is None or not days.first <= today <= days.last:
        return days
    return Days(today, days.last) if word == "later" and rest.startswith("this") else Days(days.first, today)


def _half(which: str, days: Days) -> Days:
    middle = shift_days(days.first, len(days) // 2)
    return Days(days.first, shift_days(middle, -1)) if which in _EARLY and len(days) > 1 else Days(middle, days.last)


def _third(edge: str, days: Days) -> Days | None:
    """The third of a period that an edge word names; None where it names none, or the period is of a few days.

    In a month: 1 to 10, 11 to 20, 20 to the end, as the developers' gold reports have it.
    """
    which = next((i for i, words in enumerate((_EARLY, _MIDDLE, _LATE)) if edge in words), None)
    if which is None or len(days) < 5:
        return None
    first = days.first
    if 28 <= len(days) <= 31:
        starts, ends = (0, 10, 19), (9, 19, len(days) - 1)
        return Days(shift_days(first, starts[which]), shift_days(first, ends[which]))
    if 365 <= len(days) <= 366:
        return Days(date(first.year, 4 * which + 1, 1), month_days(first.year, 4 * which + 4).last)
    third = len(days) // 3
    starts, ends = (0, third, len(days) - 1 - third), (third, len(days) - 1 - third, len(days) - 1)
    return Days(shift_days(first, starts[which]), shift_days(first, ends[which]))


def _nth_day(words: str, setting: Setting) -> Reading | None:
    """The 20th: of the month named last, or the latest one in news."""
    match = re.fullmatch(r"(?:the )?(\d{1,2})(?:th|st|nd|rd)", words)
    if match is None or not 1 <= int(match.group(1)) <= 31:
        return None
    day = int(match.group(1))
    month = setting.month
    if month is None:
        return Reading(f"XXXX-XX-{day:02d}")
    point = replace(month, day=day)
    if setting.today and setting.too_late(point.days()):
        point = replace(month.shift_months(-1), day=day)
    return Reading(point.value, point.days(), point)


def _week_of(words: str, setting: Setting) -> Reading | None:
    """The first week of July, the last week of October: seven days at the start or end of the month."""
    match = re.match(r"(?:the )?(?:(\d)th|last|final) week of (.*)", words)
    if match is None:
        return None
    month = _date(match.group(2), replace(setting, whole=True))
    if month is None or month.days is None:
        return Reading("P1W")
    first = shift_days(month.days.first, 7 * (int(match.group(1) or 1) - 1))
    days = (
        Days(first, shift_days(first, 6)) if match.group(1) else Days(shift_days(month.days.last, -6), month.days.last)
    )
    return Reading("P1W", days)


def _streak(words: str, setting: Setting) -> Reading | None:
    """A third day, the 40th consecutive day: as many days, up to the day of writing."""
    form = r"(an? )?(?:the )?(\d+)(?:th|st|nd|rd)( consecutive| straight| successive)? (%units%)"
    match = pattern(form).fullmatch(words)
    if match is None:
        return None
    quantity = Quantity(match.group(2), _data("units")[match.group(4)])
    if not (match.group(1) or match.group(3)):
        return Reading("XXXX-XX-XX") if quantity.unit == "D" else None
    if setting.today is None:
        return Reading(quantity.value)
    first = back(setting.today, max(0, int(quantity.number) - 1), quantity.unit)
    return Reading(quantity.value, Days(first, setting.today))


_RULES: tuple[Rule, ...] = (
    _figures,
    _time_of_day,
    _week_of,
    _quarter,
    _edged,
    _shift,
    _feast,
    _era,
    _season,
    _stretch,
    _date,
    _weekday,
    _weekend,
    _unit,
    _nth_day,
    _streak,
    _duration,
)
