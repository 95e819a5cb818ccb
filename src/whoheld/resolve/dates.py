"""Reckons the words of time to TIMEX3 values and to intervals of days.

Two registers. News counts from the day of publication: "on Saturday" is the last one up to that day, "in May" the last
one that had begun. History counts from the dates that the text itself has given: "15 March" falls in the year that
was named last, "the following day" follows the last day. Which one a report is in is told, or read off its dates.
Nothing is ever counted from today.

Intervals are honest: they may be wider than what happened, never narrower than the words. They are never open-ended
either: "since May" with no publication date is May, because nothing in the words says how long it lasted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from whoheld.data import table
from whoheld.resolve.calendar import Days, Point, shift_year
from whoheld.resolve.timewords import (
    Reading,
    Reference,
    Setting,
    explicit,
    find_quantity,
    normal,
    pattern,
    point_reading,
    read,
)
from whoheld.vocabulary import ResolvedTime, TimeMention, TimeType


def resolve_times(
    mentions: Sequence[TimeMention], *, text: str, published: date | None, narrative: bool | None = None
) -> tuple[ResolvedTime, ...]:
    """The mentions of one text, reckoned; same order and length as `mentions`.

    `published` is the day of writing. `narrative` says that the text is a history, which counts from its own dates;
    None reads that off the text. A range gives both of its ends the days of the whole range.
    """
    if narrative is None:
        narrative = published is None or _is_narrative(mentions, published)
    reference = _opening(mentions) if narrative else Reference()
    readings: list[Reading] = []
    for i, mention in enumerate(mentions):
        setting = Setting(published, reference, narrative, mention.tense)
        following = mentions[i + 1] if i + 1 < len(mentions) else None
        reading = _read_in_row(mention, following, text, setting, readings[-1].point if readings else None)
        if not _is_aside(mention):
            reference = reference.after(reading.point)
        before = text[max(0, mention.start - 90) : mention.start]
        readings.append(replace(reading, days=_days_in_words(mention, reading, setting, before)))
    days = _join_ranges(mentions, text, [reading.days for reading in readings])
    return tuple(_resolved(m, r.value, d) for m, r, d in zip(mentions, readings, days, strict=True))


def resolve_time(mention: TimeMention, *, published: date | None, reference: date | None = None) -> ResolvedTime:
    """One expression by itself, counted from `reference` where that is given, else from `published`."""
    named = Reference().after(Point.of(reference)) if reference else Reference()
    setting = Setting(published, named, published is None, mention.tense)
    reading = read(normal(mention.text), mention.type, setting)
    return _resolved(mention, reading.value, reading.days)


def _resolved(mention: TimeMention, value: str, days: Days | None) -> ResolvedTime:
    if days is None:
        return ResolvedTime(mention, mention.type, value)
    return ResolvedTime(mention, mention.type, value, days.edtf, days.bounds, days.precision)


# --- which register -----------------------------------------------------------------------------------------

_NEWS_WORD = re.compile(
    r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|yesterdays?|today|tonight|tomorrow|overnight"
    r"|(?:this|last|next|past) (?:week|month|year|night|morning|weekend|summer|spring|winter|autumn)s?|ago|recent)\b",
    re.IGNORECASE,
)


def _is_narrative(mentions: Sequence[TimeMention], published: date) -> bool:
    """Whether the dates are those of a history, and not of news.

    They are where full dates more than two months before publication are three times as many as words of news (a date
    of the last weeks is one), and where there are no words of news at all and no date at which the year is given:
    then the year is not known. It takes 3 of 762 news articles of FA-KES for histories.
    """
    news = sum(_NEWS_WORD.search(mention.text) is not None for mention in mentions)
    points = [p for m in mentions if not _NEWS_WORD.search(m.text) and (p := explicit(normal(m.text))) and p.month]
    ages = [_days_before(point if point.year else replace(point, year=published.year), published) for point in points]
    news += sum(0 <= age <= 30 and point.day is not None for point, age in zip(points, ages, strict=True))
    old = sum(age > 60 and point.year is not None for point, age in zip(points, ages, strict=True))
    yearless = [abs(age) > 60 for point, age in zip(points, ages, strict=True) if point.day and not point.year]
    return old >= 3 * news if old else news == 0 and len(yearless) > 1 and all(yearless)


def _days_before(point: Point, published: date) -> int:
    days = point.days()
    return (published - days.last).days if days else 0


def _opening(mentions: Sequence[TimeMention]) -> Reference:
    """The reference at the start of a history: the year of the first date that is written out with one."""
    points = (explicit(normal(m.text)) for m in mentions if m.type in (TimeType.DATE, TimeType.TIME))
    first = next((point for point in points if point and point.year and point.month), None)
    return Reference(year=first.year, opening=first) if first else Reference()


def _is_aside(mention: TimeMention) -> bool:
    """Whether later dates do not count from this one: "a year earlier", "the previous month"."""
    return re.search(r"\b(?:earlier|previous|before|ago|prior)\b", mention.text.lower()) is not None


# --- expressions in a row -----------------------------------------------------------------------------------

_JOIN = re.compile(
    r"\s*(?:[-–—,/]|,?\s*\b(?:and|or|to|until|till|through)\b|&)\s*(?:the\s+|on\s+|into\s+)*", re.IGNORECASE
)
_BARE = re.compile(r"(?:the )?(?P<number>\d{1,3})(?:st|nd|rd|th)?(?: (?P<year>\d{4}))?")
_LONE_DAY = re.compile(r"(?:^|\bof )(?:the )?(?:[12]?\d|3[01])(?:st|nd|rd|th)?$")


def _read_in_row(
    mention: TimeMention, following: TimeMention | None, text: str, setting: Setting, previous: Point | None
) -> Reading:
    """The reading of `mention`; what it lacks is borrowed from its neighbour in a list or range.

    "3-5 March", "5 September - 12 September 1914", "480-479 BC", "March 3-5", "1915-17", "23, 25 and 26 April".
    """
    words = normal(mention.text)
    later = None
    if following and _JOIN.fullmatch(text[mention.end : following.start]):
        # the end of a longer list is looked for some way ahead
        listed = _BARE.fullmatch(normal(following.text))
        ahead = text[mention.end : mention.end + 60].partition(".")[0] if listed else following.text
        later = explicit(normal(ahead))
    bare = _BARE.fullmatch(words) if mention.type is not TimeType.DURATION else None
    if bare and (point := _lone_number(bare, text[: mention.start][-6:], previous, later)):
        return point_reading(point, setting)
    return read(_completed(words, later) if later else words, mention.type, setting)


def _lone_number(bare: re.Match[str], before: str, previous: Point | None, later: Point | None) -> Point | None:
    """The date of a bare number: a short year, a year before Christ, or a day of the month that was named last."""
    number = int(bare.group("number"))
    if previous and previous.year and re.search(r"\d{4}[-–]$", before):
        return Point(previous.year // 100 * 100 + number)
    if later and later.month is None and (later.year or 0) < 0:
        return Point(-number)
    if previous and previous.day and not (later and later.day) and 1 <= number <= 31:
        return replace(previous, day=number, year=int(bare.group("year")) if bare.group("year") else previous.year)
    return None


def _completed(words: str, later: Point) -> str:
    """`words` with the month or year that the next date in the row is written with."""
    if later.day and later.month and _LONE_DAY.search(words):
        month = next(name for name, number in table("times.toml")["months"].items() if number == later.month)
        return f"{words} {month}{_written(later.year)}"
    own = explicit(words)
    if later.year and own and own.month and not own.year and later.month:
        return words + _written(later.year if own.month <= later.month else shift_year(later.year, -1))
    if not own and pattern(r"\b(?:%seasons%)$").search(words):
        return words + _written(later.year)
    return words


def _written(year: int | None) -> str:
    if year is None:
        return ""
    return f" {year:04d}" if year > 0 else f" {-year} bc"


def _join_ranges(mentions: Sequence[TimeMention], text: str, days: Sequence[Days | None]) -> list[Days | None]:
    """Both ends of "from A to B", "between A and B", "A-B", and neighbouring days, get the days of the whole."""
    joined = list(days)
    for i in range(len(mentions) - 1):
        first, last = joined[i], joined[i + 1]
        between = text[mentions[i].end : mentions[i + 1].start]
        if first is None or last is None or first.first > last.last or _JOIN.fullmatch(between) is None:
            continue
        if "," in between and not _BARE.fullmatch(mentions[i].text):
            continue
        before = text[max(0, mentions[i].start - 12) : mentions[i].start]
        near = len(last) == 1 and (last.first - first.last).days <= 7
        if near or _RANGE.search(between) or _RANGE_AHEAD.search(before):
            joined[i] = joined[i + 1] = Days(first.first, max(first.last, last.last))
    return joined


_RANGE = re.compile(r"[-–—]|\b(?:to|until|till|through)\b", re.IGNORECASE)
_RANGE_AHEAD = re.compile(r"\b(?:between|from)\s+(?:the\s+)?$", re.IGNORECASE)


# --- the words before an expression -------------------------------------------------------------------------

_SINCE = re.compile(r"\bsince\b[^,\d.;:!?]{0,60}$", re.IGNORECASE)
_BEGAN = re.compile(
    r"\b(?:began|begun|begins|launched|started|starting|ongoing|underway)\s+(?:on|in|from)?\s*(?:the\s+)?$",
    re.IGNORECASE,
)
_LASTING = re.compile(
    r"\b(?:for|over|in|within|during|after|throughout|of)\s+(?:the\s+|about\s+|a\s+)?$", re.IGNORECASE
)


def _days_in_words(mention: TimeMention, reading: Reading, setting: Setting, before: str) -> Days | None:
    """The days of a reading, given the words before it: "since May" runs to the day of writing."""
    days, today = reading.days, setting.today
    if days is None:
        lasting = today and mention.type is TimeType.DURATION and _LASTING.search(before)
        quantity = find_quantity(normal(mention.text)) if lasting else None
        return quantity.stretch(today) if quantity and today else None
    # a history says "began on" of what has ended, but "since" of what had not when it was written
    end = setting.published if _SINCE.search(before) else today if _BEGAN.search(before) else None
    return Days(days.first, end) if end and days.first <= end else days
