"""Reckons the words of time to TIMEX3 values and to intervals of days.

Two registers. News counts from the day of publication: "on Saturday" is the last one up to that day, "in May" the last
one that had begun. History counts from the dates that the text itself has given: "15 March" falls in the year that
was named last, "the following day" follows the last day; before any was named it falls in that of the first full date
to come, else of the title, else of the first bare year. Which one a report is in is told, or read off its dates.
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
    is_bare_year,
    normal,
    pattern,
    point_reading,
    read,
)
from whoheld.vocabulary import ResolvedTime, TimeMention, TimeType


def resolve_times(
    mentions: Sequence[TimeMention],
    *,
    text: str,
    published: date | None,
    narrative: bool | None = None,
    title: str = "",
) -> tuple[ResolvedTime, ...]:
    """The mentions of one text, reckoned; same order and length as `mentions`.

    `published` is the day of writing. `narrative` says that the text is a history, which counts from its own dates;
    None reads that off the text. A year in `title` ("Battle of Kharkiv (2022)") is that of a history which does not
    write out a date with its year. A range gives both of its ends the days of the whole range.
    """
    titled = _year_in(title)
    if narrative is None:
        narrative = published is None or _is_narrative(mentions, published, titled)
    reference = _opening(mentions, titled) if narrative else Reference()
    readings: list[Reading] = []
    for i, mention in enumerate(mentions):
        setting = Setting(published, reference, narrative, mention.tense)
        following = mentions[i + 1] if i + 1 < len(mentions) else None
        reading = _read_in_row(mention, following, text, setting, readings[-1].point if readings else None)
        if not (_is_aside(mention) or _is_far_off(mention, reading.point, reference, text)):
            reference = reference.after(reading.point)
        readings.append(replace(reading, days=_days_in_words(mention, reading, setting, text)))
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


def _is_narrative(mentions: Sequence[TimeMention], published: date, titled: int | None) -> bool:
    """Whether the dates are those of a history, and not of news.

    They are where full dates more than two months before publication are three times as many as words of news (a date
    of the last weeks is one). Where there are no words like "Saturday" and no full date of the last weeks, they are
    also where the title names an earlier year, where the first date is an old one in full, and where no date without
    a year fits publication and the years named, if any, are all earlier. One year of the background ("captured in
    2014") never makes a history by itself. It takes 3 of 762 news articles of FA-KES for histories.
    """
    spoken = sum(_NEWS_WORD.search(mention.text) is not None for mention in mentions)
    named = [(p, m) for m in mentions if not _NEWS_WORD.search(m.text) and (p := explicit(normal(m.text)))]
    dated = [(point, _age(point, published), mention) for point, mention in named if point.month]
    recent = [point for point, age, _ in dated if 0 <= age <= 30 and point.day]
    old = [point for point, age, _ in dated if age > 60 and point.year]
    if spoken == 0 and not any(point.year for point in recent):
        if titled and titled < published.year:
            return True
        if old and dated[0][0].year and dated[0][1] > 60:
            return True
    news = spoken + len(recent)
    if old:
        return len(old) >= 3 * news
    years = [point.year for point, _ in named if point.year and (point.month or is_bare_year(point))]
    ages = [(age, mention.tense) for point, age, mention in dated if point.day and not point.year]
    if years:
        # what is told as past and would lie after publication belongs to an earlier year
        far = all(age > 60 or (age < 0 and tense == "past") for age, tense in ages)
        return news == 0 and bool(ages) and far and max(years) < published.year
    return news == 0 and len(ages) > 1 and all(abs(age) > 60 for age, _ in ages)


def _age(point: Point, published: date) -> int:
    """How many days before publication a date lies; one without a year is put into that of publication."""
    days = (point if point.year else replace(point, year=published.year)).days()
    return (published - days.last).days if days else 0


def _opening(mentions: Sequence[TimeMention], titled: int | None) -> Reference:
    """The reference at the start of a history: its first date with a month and year, else the first year it names.

    The title's year comes before a bare year in the text, which may be of the background.
    """
    points = [p for m in mentions if m.type in (TimeType.DATE, TimeType.TIME) and (p := explicit(normal(m.text)))]
    first = next((point for point in points if point.year and point.month), None)
    if first is None and titled is None:
        first = next((point for point in points if is_bare_year(point)), None)
    return Reference(year=first.year, opening=first) if first else Reference(year=titled)


def _year_in(title: str) -> int | None:
    """The first year that a title names."""
    match = re.search(r"(?<![\d.,:])(?:1[89]|20)\d\d(?![\d.,:]?\d)", title)
    return int(match.group()) if match else None


def _is_aside(mention: TimeMention) -> bool:
    """Whether later dates do not count from this one: "a year earlier", "the previous month"."""
    return re.search(r"\b(?:earlier|previous|before|ago|prior)\b", mention.text.lower()) is not None


_OPENS = re.compile(r"(?:^|[.!?:;)\"”]\s+|\n\s*)(?:(?:But|And|Later|Then),? )?(?:In|By|During|From|Around|After)\s+$")


def _is_far_off(mention: TimeMention, point: Point | None, reference: Reference, text: str) -> bool:
    """Whether a bare year is a glance at another age, after which the story goes on in its own: "as in 1614".

    It is where it lies more than 30 years off the year of a story that has named its months, and opens no sentence.
    With this 21 more times of the WikiWars histories come to their value, and none is lost.
    """
    if point is None or point.month or not point.year or reference.year is None or reference.month is None:
        return False
    return abs(point.year - reference.year) > 30 and not _OPENS.search(text[: mention.start][-24:]) and point.year > 0


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
    """Both ends of "from A to B", "between A and B", "A-B", and neighbouring days, get the days of the whole.

    Of "began on A and ended on B" only A does: what is told of B is the end.
    """
    joined = list(days)
    for i in range(len(mentions) - 1):
        first, last = joined[i], joined[i + 1]
        between = text[mentions[i].end : mentions[i + 1].start]
        if first is None or last is None or first.first > last.last:
            continue
        before = text[max(0, mentions[i].start - 12) : mentions[i].start]
        if _ENDED.fullmatch(between) and _BEGAN.search(before):
            joined[i] = Days(first.first, last.last)
            continue
        if _JOIN.fullmatch(between) is None or ("," in between and not _BARE.fullmatch(mentions[i].text)):
            continue
        near = len(last) == 1 and (last.first - first.last).days <= 7
        if near or _RANGE.search(between) or _RANGE_AHEAD.search(before):
            joined[i] = joined[i + 1] = Days(first.first, max(first.last, last.last))
    return joined


_RANGE = re.compile(r"[-–—]|\b(?:to|until|till|through)\b", re.IGNORECASE)
_ENDED = re.compile(
    r",?\s*and (?:it )?(?:lasted|continued|went on|ended|concluded|finished)(?: (?:until|till|to|on|in|by))?\s+",
    re.IGNORECASE,
)
_RANGE_AHEAD = re.compile(r"\b(?:between|from)\s+(?:the\s+)?$", re.IGNORECASE)


# --- the words before an expression -------------------------------------------------------------------------

_SINCE = re.compile(r"\bsince\b[^,\d.;:!?]{0,60}$", re.IGNORECASE)
# not "launched on": in the developers' gold reports that is the day of the launch in 4 of 5
_BEGAN = re.compile(
    r"\b(?:began|begun|begins|started|starting|ongoing|underway)\s+(?:on|in|from)?\s*(?:the\s+)?$", re.IGNORECASE
)
_ONGOING = re.compile(r"\b(?:is|are)\b[^.]*\bongoing\b", re.IGNORECASE)
_LASTING = re.compile(
    r"\b(?:for|over|in|within|during|after|throughout|of)\s+(?:the\s+|about\s+|a\s+)?$", re.IGNORECASE
)
# the siege that a report calls "month-long" has lasted up to its day; a "three-day truce" may be still to come, and
# a "17-year-old" is a person
_ADJECTIVE = re.compile(r"\b(?:[a-z]+|\d+)-(?:(?:day|week|month)(?:-old)?|year)(?:-long)?$", re.IGNORECASE)
_PLANNED = re.compile(
    r"\W*(?:\w+\W+){0,2}(?:truce|cease-?fire|cessation|pause|halt|lull|window|deadline|ultimatum|visit|trip|talks|deal"
    r"|agreement|conference|meeting|old)",
    re.IGNORECASE,
)


def _days_in_words(mention: TimeMention, reading: Reading, setting: Setting, text: str) -> Days | None:
    """The days of a reading, given the words around it: "since May" runs to the day of writing."""
    days, today = reading.days, setting.today
    before = text[max(0, mention.start - 90) : mention.start]
    if days is None:
        lasting = today and mention.type is TimeType.DURATION and _lasts(mention, before, text[mention.end :][:60])
        quantity = find_quantity(normal(mention.text)) if lasting else None
        return quantity.stretch(today) if quantity and today else None
    # a history says "began on" of what has ended, unless it says "is ongoing", but "since" of what had not ended
    ongoing = today or (_ONGOING.search(text[max(0, mention.start - 300) : mention.start]) and setting.published)
    end = (
        (setting.published or setting.reference.day)
        if _SINCE.search(before)
        else ongoing
        if _BEGAN.search(before)
        else None
    )
    return Days(days.first, end) if end and days.first <= end else days


def _lasts(mention: TimeMention, before: str, after: str) -> bool:
    """Whether a duration is said of what had been going on up to the day of writing."""
    if _LASTING.search(before):
        return True
    return _ADJECTIVE.search(mention.text) is not None and _PLANNED.match(after) is None
