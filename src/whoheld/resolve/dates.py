"""Reckons the words of time to TIMEX3 values and to intervals of days.

Two registers. News counts from the day of publication: "on Saturday" is the last one up to that day, "in May" the last
one that had begun. History counts from the dates that the text itself has given: "15 March" falls in the year that
was named last, "the following day" follows the last day. Which one a report is in is told, or read off its dates.
Nothing is ever counted from today. Values follow the TimeML annotation guidelines 1.2.1.

Intervals are honest: they may be wider than what happened, never narrower than the words. They are never open-ended
either: "since May" with no publication date is May, because nothing in the words says how long it lasted.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

from whoheld.data import table
from whoheld.vocabulary import Bounds, ResolvedTime, TimeMention, TimeType

# --- points and readings ------------------------------------------------------------------------------------


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
        if self.year is None or self.month is None or self.day is None or self.year < 1:
            return None
        try:
            return date(self.year, self.month, self.day)
        except ValueError:
            return None

    @property
    def value(self) -> str:
        """The TIMEX3 value, "XXXX" and "XX" for what is not known."""
        parts = [_year_value(self.year)]
        if self.month is not None or self.day is not None:
            parts.append("XX" if self.month is None else f"{self.month:02d}")
        if self.day is not None:
            parts.append(f"{self.day:02d}")
        return "-".join(parts)

    def bounds(self) -> Bounds | None:
        """The days that it can be; None where the year is not known, or lies before Christ."""
        if self.year is None or not 1 <= self.year <= 9999:
            return None
        if self.day is not None:
            return Bounds(self.date, self.date) if self.date else None
        if self.month is not None:
            return _month(self.year, self.month)
        return Bounds(date(self.year, 1, 1), date(self.year, 12, 31))


@dataclass(frozen=True, slots=True)
class Reading:
    """What an expression comes to: its value, its days, and the point that later expressions may count from."""

    value: str
    bounds: Bounds | None = None
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
        return Reference(
            point.date or self.day,
            Point(point.year, point.month) if point.month else self.month,
            point.year,
            point,
        )


@dataclass(frozen=True, slots=True)
class _Setting:
    """All that an expression is reckoned from. `before` and `after` are the words around it, in lower case."""

    published: date | None
    reference: Reference
    narrative: bool
    tense: str = ""
    before: str = ""
    after: str = ""

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
        if self.reference.month is not None:
            return self.reference.month
        return Point(self.today.year, self.today.month) if self.today else None

    @property
    def year(self) -> int | None:
        if self.reference.year is not None:
            return self.reference.year
        return self.today.year if self.today else None

    @property
    def looks_ahead(self) -> bool:
        return self.tense == "future"


# --- the public functions -----------------------------------------------------------------------------------


def resolve_times(
    mentions: Sequence[TimeMention], *, text: str, published: date | None, narrative: bool | None = None
) -> tuple[ResolvedTime, ...]:
    """The mentions of one text, reckoned; same order and length as `mentions`.

    `published` is the day of writing. `narrative` says that the text is a history, which counts from its own dates;
    None reads that off the text. A range gives both of its ends the days of the whole range.
    """
    if narrative is None:
        narrative = published is None or _is_narrative([m.text for m in mentions], published)
    reference = _opening(mentions) if narrative else Reference()
    readings: list[Reading] = []
    settings: list[_Setting] = []
    for i, mention in enumerate(mentions):
        before = text[max(0, mention.start - 90) : mention.start]
        after = text[mention.end : mention.end + 40]
        setting = _Setting(published, reference, narrative, mention.tense, _normal_before(before), after.lower())
        following = mentions[i + 1] if i + 1 < len(mentions) else None
        reading = _read_in_row(mention, following, text, setting, readings[-1] if readings else None)
        reference = reference if _looks_back(mention) else reference.after(reading.point)
        readings.append(reading)
        settings.append(setting)
    bounds = [_bounds_in_words(m, r, s) for m, r, s in zip(mentions, readings, settings, strict=True)]
    bounds = _join_ranges(mentions, text, readings, bounds)
    return tuple(_resolved(m, r.value, b) for m, r, b in zip(mentions, readings, bounds, strict=True))


def resolve_time(mention: TimeMention, *, published: date | None, reference: date | None = None) -> ResolvedTime:
    """One expression by itself, counted from `reference` where that is given, else from `published`."""
    named = Reference().after(Point.of(reference)) if reference else Reference()
    setting = _Setting(published, named, published is None, mention.tense)
    reading = _read(mention.text, mention.type, setting)
    return _resolved(mention, reading.value, _bounds_in_words(mention, reading, setting))


def _resolved(mention: TimeMention, value: str, bounds: Bounds | None) -> ResolvedTime:
    return ResolvedTime(mention, mention.type, value, _edtf(bounds), bounds, _precision(bounds))


def _precision(bounds: Bounds | None) -> int | None:
    """UCDP's date_prec of an interval."""
    if bounds is None or bounds.earliest is None or bounds.latest is None:
        return None
    days = (bounds.latest - bounds.earliest).days + 1
    return next((precision for longest, precision in ((1, 1), (6, 2), (10, 3), (31, 4)) if days <= longest), 5)


def _edtf(bounds: Bounds | None) -> str | None:
    """The shortest ISO 8601-2 form of an interval."""
    if bounds is None or bounds.earliest is None or bounds.latest is None:
        return None
    first, last = bounds.earliest, bounds.latest
    if first == last:
        return first.isoformat()
    if bounds == Point(first.year).bounds():
        return f"{first.year:04d}"
    if bounds == Point(first.year, first.month).bounds():
        return f"{first.year:04d}-{first.month:02d}"
    return f"{first.isoformat()}/{last.isoformat()}"


def _opening(mentions: Sequence[TimeMention]) -> Reference:
    """The reference at the start of a history: the year of the first date that is written out with one."""
    points = (_explicit(_normal(m.text)) for m in mentions if m.type in (TimeType.DATE, TimeType.TIME))
    first = next((point for point in points if point and point.year and point.month), None)
    return Reference(year=first.year, opening=first) if first else Reference()


def _looks_back(mention: TimeMention) -> bool:
    """Whether later dates do not count from this one: "a year earlier", "the previous month" are asides."""
    return re.search(r"\b(?:earlier|previous|before|ago|prior)\b", mention.text.lower()) is not None


_NEWS_WORD = re.compile(
    r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|yesterdays?|today|tonight|tomorrow|overnight"
    r"|(?:this|last|next) (?:week|month|year|night|morning|weekend|summer|spring|winter|autumn)|ago)\b",
    re.IGNORECASE,
)


def _is_narrative(texts: Sequence[str], published: date) -> bool:
    """Whether the dates are those of a history: full ones well before the day of writing outnumber words of news."""
    old = news = 0
    for words in texts:
        if _NEWS_WORD.search(words):
            news += 1
        elif (point := _explicit(_normal(words))) and point.year and point.month and (bounds := point.bounds()):
            old += bounds.latest is not None and (published - bounds.latest).days > 60
    return old > 0 and old >= 3 * news


# --- normal form --------------------------------------------------------------------------------------------


@cache
def _number_words() -> dict[str, int]:
    numbers: dict[str, int] = table("times.toml")["numbers"]
    return numbers


@cache
def _number_pattern() -> re.Pattern[str]:
    names = "|".join(sorted(_number_words(), key=len, reverse=True))
    return re.compile(rf"\b(?:{names})(?:[ -](?:and )?(?:{names}))*\b")


@cache
def _ordinal_pattern() -> re.Pattern[str]:
    names = "|".join(sorted(table("times.toml")["ordinals"], key=len, reverse=True))
    return re.compile(rf"\b(?:(twenty|thirty)[ -])?({names})\b")


def _normal(words: str) -> str:
    """Lower case, digits for number words, no commas, plain hyphens only between digits."""
    words = re.sub(r"[’‘]", "'", words.lower())
    words = re.sub(r"[–—‑−]", "-", words)
    words = re.sub(r"\b([ap])\.\s?m\b\.?", r"\1m", words)
    words = re.sub(r"\b([ba])\.\s?([cd])\.(\s?e\.)?", r"\1\2", words)
    words = re.sub(r"(\d),(?=\d{3}\b)", r"\1", words)
    words = re.sub(r"'s\b", "s" if re.search(r"\d's", words) else "", words)
    words = re.sub(r"[,()]|(?<=[a-z])\.", " ", words)
    words = re.sub(r"(?<=[a-z])-(?=\w)|(?<=\d)-(?=[a-z])", " ", words)
    words = re.sub(r"\s+", " ", words).strip()
    ordinals = table("times.toml")["ordinals"]
    tens = {"twenty": 20, "thirty": 30, None: 0}
    words = _ordinal_pattern().sub(lambda m: f"{tens[m.group(1)] + ordinals[m.group(2)]}th", words)
    words = _number_pattern().sub(_number_of, words)
    return re.sub(r"(\d+) and (?:a )?half\b", r"\1.5", words)


def _number_of(match: re.Match[str]) -> str:
    total = 0
    for word in re.findall(r"[a-z]+", match.group()):
        number = _number_words().get(word)
        if number is not None:
            total = max(total, 1) * number if number >= 100 or word == "dozen" else total + number
    return str(total)


def _normal_before(words: str) -> str:
    """The words before an expression, from the last full stop on."""
    words = re.sub(r"\s+", " ", words.lower())
    return re.split(r"[.;:!?]\s", words)[-1]


@cache
def _names(section: str) -> str:
    return "|".join(sorted(map(re.escape, table("times.toml")[section]), key=len, reverse=True))


@cache
def _pattern(pattern: str) -> re.Pattern[str]:
    """`pattern` with %months%, %weekdays%, … replaced by the alternatives of that section of times.toml."""
    return re.compile(re.sub(r"%(\w+)%", lambda m: _names(m.group(1)), pattern))


# --- small calendar -----------------------------------------------------------------------------------------


def _year_value(year: int | None) -> str:
    if year is None:
        return "XXXX"
    return f"{year:04d}" if year >= 0 else f"BC{-year:04d}"


def _month(year: int, month: int) -> Bounds:
    return Bounds(date(year, month, 1), date(year, month, monthrange(year, month)[1]))


def _shift_days(day: date, days: int) -> date | None:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return None


def _shift_months(point: Point, months: int) -> Point:
    """`point` moved by whole months, to the month; the day is dropped."""
    if point.year is None or point.month is None:
        return point
    count = point.year * 12 + point.month - 1 + months
    return Point(count // 12, count % 12 + 1)


def _same_day(day: date, months: int) -> date | None:
    """The same day of the month, `months` later; the last of the month where it is shorter."""
    moved = _shift_months(Point(day.year, day.month), months)
    if moved.year is None or moved.month is None or not 1 <= moved.year <= 9999:
        return None
    return date(moved.year, moved.month, min(day.day, monthrange(moved.year, moved.month)[1]))


def _shift_year(year: int, years: int) -> int:
    """Years counted without a year 0."""
    moved = year + years
    if year < 0 <= moved:
        return moved + 1
    return moved - 1 if moved <= 0 < year else moved


def _week(day: date) -> Bounds:
    first = day - timedelta(days=day.weekday()) if day.toordinal() > 7 else date.min
    last = _shift_days(first, 6)
    return Bounds(first, last or date.max)


def _week_value(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year:04d}-W{week:02d}"


def _back(day: date, number: float, unit: str) -> date | None:
    """`number` units before `day` (after it where negative)."""
    days = {"D": 1, "W": 7, "2W": 14, "WE": 7}.get(unit)
    if days is not None:
        return _shift_days(day, -round(days * min(number, 1e6)))
    months = {"M": 1, "Q": 3, "Y": 12, "DE": 120, "CE": 1200, "ML": 12000}.get(unit)
    if months is not None:
        return _same_day(day, -round(months * min(number, 1e5)))
    hours = {"TH": 1.0, "TM": 1 / 60, "TS": 1 / 3600}[unit]
    whole = -(-min(number, 1e6) * hours // 24) if number > 0 else min(-1, number * hours // 24)
    return _shift_days(day, -int(whole))


def _clip(bounds: Bounds, setting: _Setting) -> Bounds:
    """In news, what lies ahead of the day of writing is left out of a period that it falls in, if told as past."""
    today = setting.today
    if today is None or bounds.earliest is None or bounds.latest is None or setting.looks_ahead:
        return bounds
    return Bounds(bounds.earliest, today) if bounds.earliest <= today < bounds.latest else bounds


# --- reading one expression ---------------------------------------------------------------------------------


def _read(text: str, kind: TimeType, setting: _Setting) -> Reading:
    """The reading of one expression; value "" where the words give none."""
    words = _normal(text)
    if kind is TimeType.SET:
        return Reading(_set_value(words))
    rules = (_streak, _duration) if kind is TimeType.DURATION else ()
    for rule in (_reference, *rules, *_RULES):
        reading = rule(words, setting)
        if reading is not None:
            return reading
    return Reading("")


def _set_value(words: str) -> str:
    sets = table("times.toml")["sets"]
    if words in sets:
        return str(sets[words])
    if match := _pattern(r"\b(%weekdays%)s?\b").search(words):
        return f"XXXX-WXX-{table('times.toml')['weekdays'][match.group(1)]}"
    if match := _pattern(r"\b(%months%)\b").search(words):
        return f"XXXX-{table('times.toml')['months'][match.group(1)]:02d}"
    if match := _pattern(r"\b(%seasons%)\b").search(words):
        return f"XXXX-{table('times.toml')['seasons'][match.group(1)]}"
    single = {"D": "XXXX-XX-XX", "W": "XXXX-WXX", "M": "XXXX-XX", "Y": "XXXX"}
    if match := _pattern(r"^(?:every|each) (?:single )?(%units%)$").search(words):
        unit = table("times.toml")["units"][match.group(1)]
        if match.group(1) == "night":
            return "XXXX-XX-XXTNI"
        return single.get(unit, _duration_value("1", unit))
    if match := _pattern(r"\b(%parts%)\b").search(words):
        return f"XXXX-XX-XX{table('times.toml')['parts'][match.group(1)]}"
    quantity = _quantity(words)
    return _duration_value(quantity.number, quantity.unit) if quantity else ""


def _reference(words: str, setting: _Setting) -> Reading | None:
    """Now, recently, former: words that point without saying how far."""
    references = table("times.toml")["references"]
    value = references.get(words) or references.get(words.removeprefix("the "))
    today = setting.today
    if value is None:
        if re.fullmatch(r"(?:that|(?:the )?same) (?:time|period)|this period", words):
            latest = setting.reference.latest if "same" in words else None
            return Reading(latest.value if latest else "PAST_REF" if words.startswith("that") else "PRESENT_REF")
        return None
    if today is None or value == "FUTURE_REF" or words.startswith("former"):
        return Reading(value)
    if value == "PAST_REF":
        # "recently" is a month in the developers' gold reports
        return Reading(value, Bounds(_shift_days(today, -30), today))
    return Reading(value, Bounds(today, today))


_ISO = re.compile(r"^(\d{4})-(\d\d)-(\d\d)(?:[t ](\d\d:\d\d(?::\d\d)?)z?)?$")
_NUMERIC = re.compile(r"^(\d{1,2})[./](\d{1,2})[./](\d{4}|\d\d)$")


def _numeric(words: str, setting: _Setting) -> Reading | None:
    """2017-10-22, 22/10/2017, 22.10.2017. Where day and month could be either, the bounds hold both readings."""
    if match := _ISO.match(words):
        point = Point(int(match.group(1)), int(match.group(2)), int(match.group(3)))
        if point.date is None:
            return None
        return Reading(point.value + (f"T{match.group(4)}" if match.group(4) else ""), point.bounds(), point)
    match = _NUMERIC.match(words)
    if match is None:
        return None
    first, second, year = (int(group) for group in match.groups())
    year += 2000 if year < 70 else 1900 if year < 100 else 0
    days = [day for day in (Point(year, second, first), Point(year, first, second)) if day.date is not None]
    if not days:
        return None
    dates = sorted(day.date for day in days if day.date)
    return Reading(days[0].value, Bounds(dates[0], dates[-1]), days[0])


# --- times of day -------------------------------------------------------------------------------------------

_CLOCK = re.compile(
    r"\b(?:(?P<h>\d{1,2})[:.](?P<m>\d\d)(?::\d\d)?(?: ?(?P<half>am|pm))?|(?P<h2>\d{1,2}) ?(?P<half2>am|pm|o'clock)"
    r"|(?P<four>\d{4})(?= (?:hours|gmt|utc|local|est|edt|cet|damascus|moscow)))"
    r"(?: (?:hours|gmt|utc|local|time|est|edt|pst|pdt|cst|cet|eet|bst|damascus|moscow))*"
)


def _clock_value(match: re.Match[str]) -> str:
    if match.group("four"):
        return f"T{match.group('four')[:2]}:{match.group('four')[2:]}"
    hour = int(match.group("h") or match.group("h2"))
    half = match.group("half") or match.group("half2")
    hour = hour % 12 + 12 if half == "pm" else hour % 12 if half == "am" else hour
    return f"T{hour:02d}:{match.group('m') or '00'}"


def _time_of_day(words: str, setting: _Setting) -> Reading | None:
    """11 am on Sunday, Sunday evening, the early hours of 25 February, that night, overnight."""
    if match := re.fullmatch(r"(tonight|overnight)s?(?: (.*))?", words):
        return _tonight(match.group(1), match.group(2), setting)
    clock = _CLOCK.search(words)
    part = _pattern(r"\b(?:(%parts%)(?: hours)?|early hours)\b").search(words)
    if clock is None and part is None:
        return None
    suffix, rest = "", words
    if part is not None:
        suffix = table("times.toml")["parts"].get(part.group(1), "TMO")
        rest = rest[: part.start()] + " " + rest[part.end() :]
    if clock is not None:
        suffix, rest = _clock_value(clock), words[: clock.start()] + " " + words[clock.end() :]
        rest = _pattern(r"\b(%parts%)\b").sub(" ", rest)
    second = part is not None and (double := _pattern(r"\b(%parts%)\b").search(rest))
    if second and double:
        rest = rest[: double.start()] + " " + rest[double.end() :]
    rest = re.sub(r"\b(?:the|of|on|at|in|early|late|mid|during|later|earlier)\b", " ", rest)
    day = _day_of_part(" ".join(rest.split()), setting, clock=clock is not None, definite="of the " in words)
    if day is None:
        return None
    night = suffix == "TNI"
    return replace(day, value=day.value + suffix, bounds=_into_next_day(day.bounds) if night else day.bounds)


def _day_of_part(rest: str, setting: _Setting, *, clock: bool, definite: bool) -> Reading | None:
    """The day of "that night", "the next morning", "Sunday (evening)"."""
    today = setting.today
    if rest == "":
        if today is None:
            return _day_reading(setting.reference.day) if clock else Reading("XXXX-XX-XX")
        # "at dawn" in a report may be this day's or the day before's
        return Reading(Point.of(today).value, Bounds(_shift_days(today, -1), today))
    if rest == "last" and today:
        return _day_reading(_shift_days(today, -1))
    if rest == "this" and today:
        return _day_reading(today)
    offset = {
        "that": 0,
        "same": 0,
        "that same": 0,
        "this": 0,
        "next": 1,
        "following": 1,
        "previous": -1,
        "preceding": -1,
    }
    if rest in offset:
        return _day_reading(_shift_days(setting.day, offset[rest])) if setting.day else Reading("XXXX-XX-XX")
    if re.fullmatch(r"\d+(?:st|nd|rd|th)", rest):
        return _nth_day(rest, setting) if definite else Reading("XXXX-XX-XX")
    for rule in _RULES:
        if rule is not _time_of_day and (reading := rule(rest, setting)) is not None:
            return reading
    return None


def _day_reading(day: date | None) -> Reading:
    if day is None:
        return Reading("XXXX-XX-XX")
    return Reading(day.isoformat(), Bounds(day, day), Point.of(day))


def _into_next_day(bounds: Bounds | None) -> Bounds | None:
    """A night belongs to two days."""
    if bounds is None or bounds.latest is None or bounds.earliest != bounds.latest:
        return bounds
    return Bounds(bounds.earliest, _shift_days(bounds.latest, 1) or bounds.latest)


def _tonight(word: str, weekday: str | None, setting: _Setting) -> Reading:
    if weekday and (day := _weekday(weekday, setting)):
        return replace(day, value=day.value + "TNI", bounds=_into_next_day(day.bounds))
    today = setting.today or setting.reference.day
    if today is None:
        return Reading("XXXX-XX-XXTNI")
    if word == "tonight":
        return Reading(f"{today.isoformat()}TNI", Bounds(today, _shift_days(today, 1)), Point.of(today))
    before = _shift_days(today, -1)
    return Reading(f"{(before or today).isoformat()}TNI", Bounds(before, today))


# --- dates --------------------------------------------------------------------------------------------------

_YEAR = r"(?P<year>\d{1,4}(?= (?:bc|ad|ce))|\d{4}|'\d\d)(?: (?P<era>bce?|ad|ce))?"
_DATE_FORMS = (
    rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?(?P<month>%months%)\b(?:,? ?(?:of )?{_YEAR})?(?!\w)",
    rf"\b(?P<month>%months%) (?:the )?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?! (?:bc|ad))(?: (?:of )?{_YEAR})?(?!\w)",
    rf"\b(?P<month>%months%)\b(?: (?:of )?{_YEAR})?(?!\w)",
)


def _explicit(words: str) -> Point | None:
    """The date written out in `words`, as far as it goes."""
    for form in _DATE_FORMS:
        if match := _pattern(form).search(words):
            groups = match.groupdict()
            day = int(groups["day"]) if groups.get("day") else None
            month = table("times.toml")["months"][match.group("month")]
            if day is not None and not 1 <= day <= 31:
                return None
            return Point(_year_of(match), month, day)
    if match := re.search(r"(?<![\d.:])" + _YEAR + r"(?![\w.]*\d)", words):
        return Point(_year_of(match))
    return None


def _year_of(match: re.Match[str]) -> int | None:
    written = match.group("year")
    if written is None:
        return None
    if written.startswith("'"):
        return _short_year(int(written[1:]))
    year = int(written)
    return -year if (match.group("era") or "").startswith("b") else year or None


def _short_year(year: int) -> int:
    return year + (2000 if year < 30 else 1900)


def _date(words: str, setting: _Setting) -> Reading | None:
    """22 October 2017, 22 October, October 2017, October, 2017, 480 BC, August of that year, last November."""
    if not _pattern(r"\b(?:%months%)\b|\d\d").search(words) or re.search(r"\d+th century|\d{2,4}s\b", words):
        return None
    point = _explicit(words)
    if point is None:
        return None
    if point.year is None:
        point = replace(point, year=_implied_year(words, point, setting))
    bounds = point.bounds()
    if (
        point.day is not None
        and point.month is not None
        and point.year is not None
        and bounds is None
        and point.year > 0
    ):
        point = replace(point, day=None)
        bounds = point.bounds()
    return Reading(point.value, _clip(bounds, setting) if bounds else None, point)


def _implied_year(words: str, point: Point, setting: _Setting) -> int | None:
    """The year of a date that is written without one."""
    year = setting.year
    relative = re.search(r"\b(last|previous|past|next|following|coming|this|that|same|the) (?:same )?year\b", words)
    if relative:
        base = setting.today.year if setting.today and relative.group(1) in ("last", "next", "this", "past") else year
        return None if base is None else _shift_year(base, _OFFSETS.get(relative.group(1), 0))
    if setting.narrative or setting.today is None:
        return _carried_year(words, point, setting)
    today = setting.today
    step = re.match(r"(?:the )?(last|past|previous|next)\b", words)
    for candidate in _nearby_years(today, ahead=setting.looks_ahead or bool(step and step.group(1) == "next")):
        bounds = replace(point, year=candidate).bounds()
        if bounds is None or bounds.earliest is None or bounds.latest is None:
            continue
        if step and step.group(1) != "next" and bounds.latest >= today:
            continue
        if setting.looks_ahead or (step and step.group(1) == "next"):
            if bounds.latest >= today:
                return candidate
        elif bounds.earliest <= today:
            return candidate
    return today.year


def _nearby_years(today: date, *, ahead: bool) -> Iterator[int]:
    """The years to try: eight, because 29 February may be that far off."""
    return iter(range(today.year, today.year + 9)) if ahead else iter(range(today.year, today.year - 9, -1))


def _carried_year(words: str, point: Point, setting: _Setting) -> int | None:
    """In a history: the year named last, unless the months say that it has turned."""
    year, named, opening = setting.reference.year, setting.reference.month, setting.reference.opening
    if year is None or point.month is None:
        return year
    step = re.match(r"(?:the )?(previous|preceding|past|last|next|following)\b", words)
    if step:
        back = _OFFSETS[step.group(1)] < 0
        passed = named is not None and named.month is not None and (named.month > point.month) == back
        year = year if passed else _shift_year(year, -1 if back else 1)
    elif named and named.year == year and named.month and named.month - point.month > 8:
        year = _shift_year(year, 1)  # "in December 1917 … in January"
    elif opening and opening.month and point.month - opening.month > 8:
        year = _shift_year(year, -1)  # "on 20 December … until January 1918"
    bounds = replace(point, year=year).bounds()
    ahead = setting.published and bounds and bounds.earliest and bounds.earliest > setting.published
    return _shift_year(year, -1) if ahead and not setting.looks_ahead else year


def _era(words: str, setting: _Setting) -> Reading | None:
    """Decades and centuries: the 1920s, the 470s BC, the nineties, the 21st century."""
    if match := re.search(r"\b(\d{1,2})th century(?: (bce?))?|\b(\d{1,2})(?:st|nd|rd) century(?: (bce?))?", words):
        number, era = int(match.group(1) or match.group(3)), match.group(2) or match.group(4)
        if era or (setting.reference.year or 0) < 0:
            return Reading(f"BC{number - 1:02d}")
        first = max(1, (number - 1) * 100)
        bounds = Bounds(date(first, 1, 1), date((number - 1) * 100 + 99, 12, 31)) if number < 100 else None
        return Reading(f"{number - 1:02d}", bounds)
    if match := re.search(r"\b(\d{2,4})'?s\b(?: (bce?))?", words):
        digits = match.group(1)
        first = int(digits) if len(digits) > 2 else 1900 + int(digits)
    elif match := _pattern(r"\b(%decades%)\b(?: (bce?))?").search(words):
        first = 1900 + table("times.toml")["decades"][match.group(1)]
    else:
        return None
    if match.group(2):
        return Reading(f"BC{first // 10:03d}", point=Point(-first))
    bounds = Bounds(date(first, 1, 1), date(first + 9, 12, 31)) if 1 <= first <= 9990 else None
    return Reading(f"{first // 10:03d}", bounds)


_SEASON_MONTHS = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}


def _season_bounds(year: int, code: str) -> Bounds | None:
    """March to May, …; a winter runs into the next year."""
    if not 1 <= year < 9999:
        return None
    first = _SEASON_MONTHS[code]
    last = _shift_months(Point(year, first), 2)
    end = last.bounds()
    return Bounds(date(year, first, 1), end.latest if end else None)


def _season(words: str, setting: _Setting) -> Reading | None:
    match = _pattern(r"\b(%seasons%)\b").search(words)
    if match is None:
        return None
    code = table("times.toml")["seasons"][match.group(1)]
    year = _season_year(words, code, setting)
    bounds = _season_bounds(year, code) if year is not None else None
    point = Point(year) if year is not None else None
    return Reading(f"{_year_value(year)}-{code}", _clip(bounds, setting) if bounds else None, point)


def _season_year(words: str, code: str, setting: _Setting) -> int | None:
    if written := re.search(_YEAR, words):
        return _year_of(written)
    relative = re.search(r"\b(last|previous|past|preceding|next|following|coming|this|that|same)\b", words)
    step = _OFFSETS.get(relative.group(1), 0) if relative else 0
    if relative and (
        setting.today is None or relative.group(1) in ("previous", "following", "preceding", "that", "same")
    ):
        year = setting.year
        month = setting.reference.month.month if setting.reference.month else None
        if year is not None and step > 0 and month is not None and month < _SEASON_MONTHS[code]:
            return year
        return None if year is None else _shift_year(year, step)
    if setting.today is None:
        bounds = _season_bounds(setting.year, code) if setting.year else None
        ahead = setting.published and bounds and bounds.earliest and bounds.earliest > setting.published
        return setting.year - 1 if setting.year and ahead else setting.year
    today = setting.today
    if "year" in words and relative:
        return today.year + step
    ahead = setting.looks_ahead or step > 0
    for year in _nearby_years(today, ahead=ahead) if ahead else range(today.year, today.year - 3, -1):
        bounds = _season_bounds(year, code)
        if bounds is None or bounds.earliest is None or bounds.latest is None:
            continue
        if (ahead and bounds.latest > today) or (
            not ahead and bounds.earliest <= today and not (step < 0 and bounds.latest >= today)
        ):
            return year
    return today.year


def _quarter(words: str, setting: _Setting) -> Reading | None:
    """The third quarter of 2017, the first half of 2008, Q3 2017, fiscal 2018."""
    match = re.search(r"\b(?:(\d)th |(last|latter|final) |q)(?P<what>quarter|half|(?<=q)\d)", words)
    if match is None:
        if fiscal := re.search(r"\bfiscal (?:years? )?(\d{4})", words):
            return Reading(f"FY{fiscal.group(1)}")
        return None
    number = int(
        match.group(1)
        or (match.group("what") if match.group("what").isdigit() else 2 if match.group("what") == "half" else 4)
    )
    point = _explicit(words)
    year = point.year if point and point.year else setting.year
    if point and point.month:
        return None
    if relative := re.search(r"\b(last|next|previous|following) year\b", words):
        year = None if year is None else _shift_year(year, _OFFSETS[relative.group(1)])
    months = 6 if match.group("what") == "half" else 3
    if not 1 <= number <= 12 // months:
        return None
    value = f"{_year_value(year)}-{'H' if months == 6 else 'Q'}{number}"
    if year is None or not 1 <= year <= 9998:
        return Reading(value)
    first = (number - 1) * months + 1
    return Reading(value, Bounds(date(year, first, 1), _month(year, first + months - 1).latest), Point(year))


def _weekday(words: str, setting: _Setting) -> Reading | None:
    """Saturday, last Monday, next Friday."""
    match = _pattern(r"\b(%weekdays%)s?\b").search(words)
    if match is None:
        return None
    number = table("times.toml")["weekdays"][match.group(1)]
    today = setting.today or setting.reference.day
    if today is None:
        return Reading(f"XXXX-WXX-{number}")
    back = (today.isoweekday() - number) % 7
    ahead = (number - today.isoweekday()) % 7
    if re.search(r"\b(?:next|coming|following)\b", words):
        return _day_reading(_shift_days(_week(today).earliest or today, 6 + number))
    if re.search(r"\b(?:last|past|previous)\b", words):
        # "last Tuesday", written on Wednesday, is a week ago: yesterday would have been "Tuesday"
        return _day_reading(_shift_days(today, -(back + 7 if back <= 3 else back)))
    if setting.looks_ahead or setting.today is None:
        return _day_reading(_shift_days(today, ahead))
    return _day_reading(_shift_days(today, -back))


def _weekend(words: str, setting: _Setting) -> Reading | None:
    if not re.search(r"\bweekends?\b", words) or setting.day is None:
        return Reading("XXXX-WXX-WE") if re.search(r"\bweekends?\b", words) else None
    today = setting.today or setting.day
    saturday = _shift_days(_week(today).earliest or today, 5) or today
    if re.search(r"\b(?:next|coming|following)\b", words):
        saturday = _shift_days(saturday, 7 if today.isoweekday() >= 6 or "next" in words else 0) or saturday
    elif re.search(r"\b(?:last|past|previous)\b", words) or (not setting.looks_ahead and saturday > today):
        saturday = _shift_days(saturday, -7) or saturday
    return Reading(f"{_week_value(saturday)}-WE", Bounds(saturday, _shift_days(saturday, 1)))


@cache
def _holidays() -> tuple[tuple[str, str], ...]:
    """Name in normal form, and month-day; longer names first."""
    days = table("times.toml")["holidays"]
    return tuple((_normal(name), days[name]) for name in sorted(days, key=len, reverse=True))


def _feast(words: str, setting: _Setting) -> Reading | None:
    """Ramadan, the two Eids, Ashura, Christmas, …; the tables are in times.toml."""
    data = table("times.toml")
    if fixed := next((day for name, day in _holidays() if name in words), None):
        month, day = (int(part) for part in fixed.split("-"))
        point = Point((_explicit(words) or Point()).year, month, day)
        if point.year is None:
            point = replace(point, year=_implied_year(words, point, setting))
        return Reading(point.value, point.bounds(), point)
    match = _pattern(r"\b(%feast_names%)\b").search(words)
    if match is None:
        return None
    feast = data["feasts"][data["feast_names"][match.group(1)]]
    written = (_explicit(words) or Point()).year
    spans = [(date.fromisoformat(a), date.fromisoformat(b)) for one in feast.values() for a, b in one]
    if written is not None:
        spans = [span for span in spans if span[0].year == written]
    elif setting.today and setting.looks_ahead:
        spans = [span for span in spans if span[1] >= setting.today][:1]
    elif setting.today:
        spans = [span for span in spans if span[0] <= setting.today][-1:]
    else:
        spans = [span for span in spans if span[0].year == setting.reference.year]
    if not spans:
        year = written or setting.reference.year
        return Reading(_year_value(year), Point(year).bounds() if year else None)
    slack = timedelta(days=data["feasts"]["slack"])
    bounds = Bounds(spans[0][0] - slack, spans[0][1] + slack)
    first = spans[0][0]
    return Reading(first.isoformat() if (spans[0][1] - first).days < 5 else f"{first:%Y-%m}", bounds, Point(first.year))


# --- relative units -----------------------------------------------------------------------------------------

_OFFSETS = {
    **dict.fromkeys(("last", "past", "previous", "preceding", "prior", "final"), -1),
    **dict.fromkeys(("this", "that", "same", "current", "the"), 0),
    **dict.fromkeys(
        ("next", "following", "coming", "upcoming", "subsequent", "succeeding", "ensuing", "forthcoming"), 1
    ),
}
_FROM_TODAY = frozenset(("last", "this", "next", "past", "current", "coming", "upcoming"))


def _unit(words: str, setting: _Setting) -> Reading | None:
    """Today, last week, that month, the following year, the day after."""
    if match := re.search(r"\b(today|yesterday|tomorrow)s?\b", words):
        return _deictic(words, match.group(1), setting)
    if match := re.fullmatch(
        r"(?:the )?(day|week|month|year) (before|after|following|next|previous|prior|later|earlier)", words
    ):
        return _moved(
            match.group(1), 1 if match.group(2) in ("after", "following", "next", "later") else -1, setting.day, setting
        )
    match = re.search(
        r"\b(?:(the )?(last|past|previous|preceding|prior|this|that|same|current|next|following|coming|upcoming|subsequent"
        r"|succeeding) )(?:same |very )?(day|week|month|year|decade|century|quarter)s?$|^(?:the )()(day|week|month|year)$",
        words,
    )
    if match is None:
        return None
    step, unit = match.group(2) or "the", match.group(3) or match.group(5)
    definite = bool(match.group(1)) or step in ("that", "same", "the")
    from_today = setting.today if step in _FROM_TODAY and not (definite and step == "next") else None
    return _moved(unit, _OFFSETS[step], from_today, setting)


def _deictic(words: str, word: str, setting: _Setting) -> Reading:
    today = setting.today
    if today is None:
        if word == "today":
            return Reading("PRESENT_REF")
        return Reading("XXXX-XX-XX")
    offset = {"today": 0, "yesterday": -1, "tomorrow": 1}[word]
    if words.startswith(("day before", "the day before")):
        offset -= 1
    elif words.startswith(("day after", "the day after")):
        offset += 1
    return _day_reading(_shift_days(today, offset))


def _moved(unit: str, offset: int, base: date | None, setting: _Setting) -> Reading:
    """The unit that is `offset` units from that of `base`, or else from the last one that the text has named."""
    if unit in ("day", "week"):
        day = base or setting.day
        if day is None:
            return Reading("XXXX-XX-XX" if unit == "day" else "XXXX-WXX")
        if unit == "day":
            return _day_reading(_shift_days(day, offset))
        moved = _shift_days(day, 7 * offset)
        return Reading(_week_value(moved), _clip(_week(moved), setting)) if moved else Reading("XXXX-WXX")
    if unit in ("month", "quarter"):
        month = Point(base.year, base.month) if base else setting.month
        if month is None or month.month is None:
            return Reading("XXXX-XX")
        if unit == "month":
            return _point_reading(_shift_months(month, offset), setting)
        moved_to = _shift_months(month, 3 * offset)
        return _quarter(f"q{((moved_to.month or 1) + 2) // 3} {moved_to.year:04d}", setting) or Reading("XXXX-QX")
    year = base.year if base else setting.year
    if year is None:
        return Reading({"year": "XXXX", "decade": "XXX", "century": "XX"}[unit])
    if unit == "year":
        return _point_reading(Point(_shift_year(year, offset)), setting)
    size, width = (10, 3) if unit == "decade" else (100, 2)
    sign = "BC" if year < 0 else ""
    return Reading(f"{sign}{abs(year + offset * size) // size:0{width}d}")


def _point_reading(point: Point, setting: _Setting) -> Reading:
    bounds = point.bounds()
    return Reading(point.value, _clip(bounds, setting) if bounds else None, point)


# --- quantities ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Quantity:
    """`number` is digits, or "X" where the words are vague; `unit` a code of times.toml."""

    number: str
    unit: str
    vague: str = ""

    def longest(self) -> float | None:
        """The most units that it can mean; None where the words set no limit."""
        if self.number != "X":
            return float(self.number)
        usual = {"D": 7, "W": 4.3, "M": 3, "TH": 24, "Y": 5}
        if self.unit == "M" and self.vague in ("several", "many"):
            return 6
        return usual.get(self.unit)


_VAGUE = "few|several|many|some|numerous|countless|dozens|hundreds|various"
_QUANTITY = (
    rf"(?:(?P<number>\d+(?:\.\d+)?)(?: of)?|(?P<half>half) (?:of )?an?|(?P<couple>(?:a )?couple)(?: of)?|(?:an? )?(?P<vague>{_VAGUE})(?: of)?"
    r"|(?P<one>\ban?))?(?: (?!(?:of|and|to)\b)[a-z]+)?? ?\b(?P<unit>%units%)\b(?P<more> and an? half)?"
)


def _quantity(words: str) -> _Quantity | None:
    match = _pattern(_QUANTITY).search(words)
    if match is None:
        return None
    written = match.group("unit")
    unit = table("times.toml")["units"][written]
    if match.group("number"):
        number = match.group("number")
    elif "every other" in words:
        number = "2"
    elif match.group("half"):
        number = "0.5"
    elif match.group("couple"):
        number = "2"
    elif match.group("vague") or (not match.group("one") and written.endswith("s") and written != "century"):
        number = "X"
    else:
        number = "1"
    if match.group("more") and number != "X":
        number = f"{float(number) + 0.5:g}"
    return _Quantity(number, unit, match.group("vague") or "")


def _duration_value(number: str, unit: str) -> str:
    if number == "0.5" and unit in ("Y", "TH", "TM"):
        number, unit = {"Y": ("6", "M"), "TH": ("30", "TM"), "TM": ("30", "TS")}[unit]
    if unit.startswith("T"):
        return f"PT{number}{unit[1:]}"
    if unit == "2W":
        return f"P{number if number == 'X' else f'{2 * float(number):g}'}W"
    return f"P{number}{unit}"


_BACKWARD = r"\b(?:last|past|recent|previous|preceding)\b"
_FORWARD = r"\b(?:next|coming|following|upcoming|subsequent|ensuing|succeeding)\b"


def _duration(words: str, setting: _Setting) -> Reading | None:
    """Three weeks, the past ten days, recent weeks, month-long."""
    quantity = _quantity(words)
    if quantity is None:
        return None
    value = _duration_value(quantity.number, quantity.unit)
    if quantity.number == "X" and (vague := re.match(r"(?:the )?(recent|coming|upcoming) \w+$", words)):
        value = "PAST_REF" if vague.group(1) == "recent" else "FUTURE_REF"
    if setting.today is None:
        return Reading(value)
    if re.search(_BACKWARD, words):
        return Reading(value, _stretch(quantity, setting.today))
    if re.search(_FORWARD, words) and not re.search(r"\bfollowing\b", words):
        return Reading(value, _stretch(quantity, setting.today, ahead=True))
    return Reading(value)


def _stretch(quantity: _Quantity, today: date, *, ahead: bool = False) -> Bounds | None:
    """The days of a duration that ends on the day of writing, or starts on it."""
    longest = quantity.longest()
    if longest is None:
        return None
    other = _back(today, -longest if ahead else longest, quantity.unit)
    if other is None:
        return None
    return Bounds(today, other) if ahead else Bounds(other, today)


def _stretch_of_units(words: str, setting: _Setting) -> Reading | None:
    """The last 24 hours, recent weeks, the next few months, these days: a duration even where it is called a date."""
    if not re.search(rf"{_BACKWARD}|{_FORWARD}|\b(?:these|those|first|final|\d+th)\b", words):
        return None
    quantity = _quantity(words)
    if quantity is None or (quantity.number == "1" and not re.search(r"\bpast\b|^the last \w+$", words)):
        return None
    return _duration(words, setting)


_AGO = re.compile(
    r"\b(?:ago|earlier|before|previously|prior|beforehand|later|after|afterwards?|hence|thereafter|from now)$"
)
_LATER = re.compile(r"\b(?:later|after|afterwards?|hence|thereafter|from now)$")


def _shift(words: str, setting: _Setting) -> Reading | None:
    """Two days ago, three weeks earlier, a month later."""
    direction = _AGO.search(words)
    quantity = _quantity(words[: direction.start()]) if direction else None
    if direction is None or quantity is None:
        return None
    ahead = _LATER.search(words) is not None
    from_today = words.endswith(("ago", "from now", "hence"))
    if quantity.number == "X":
        return _vague_shift(quantity, ahead, setting, from_today)
    number = float(quantity.number) * (-1 if ahead else 1)
    # what came "two days later" came after something that the text tells of, not after the day of writing
    base = setting.today if from_today else setting.reference.day if ahead else setting.day
    if quantity.unit in ("D", "W", "2W", "WE", "TH", "TM", "TS"):
        return _shift_by_days(number, quantity.unit, base)
    months = {"M": 1, "Q": 3}.get(quantity.unit)
    if months:
        named = setting.reference.month if ahead else setting.month
        month = Point(base.year, base.month) if from_today and base else named
        return (
            _around(_shift_months(month, -round(number * months)), base, number, quantity.unit, setting)
            if month
            else Reading("XXXX-XX")
        )
    year = base.year if from_today and base else setting.reference.year if ahead else setting.year
    size = {"Y": 1, "DE": 10, "CE": 100, "ML": 1000}[quantity.unit]
    if year is None:
        return Reading("XXXX")
    if not number.is_integer() and base:
        day = _same_day(base, -round(number * 12 * size))
        return _point_reading(Point(day.year, day.month), setting) if day else Reading("XXXX")
    moved = Point(_shift_year(year, -round(number) * size))
    if size > 1:
        sign = "BC" if (moved.year or 0) < 0 else ""
        decade = Reading(f"{sign}{abs(moved.year or 0) // size:0{3 if size == 10 else 2}d}", moved.bounds())
        return replace(_around(moved, base, number, quantity.unit, setting), value=decade.value)
    return _around(moved, base, number, quantity.unit, setting)


def _shift_by_days(number: float, unit: str, base: date | None) -> Reading:
    if base is None:
        return Reading("XXXX-WXX" if unit in ("W", "2W") else "XXXX-XX-XX")
    day = _back(base, number, unit)
    if day is None:
        return Reading("XXXX-XX-XX")
    if unit == "D":
        return _day_reading(day)
    if unit.startswith("T"):
        first, last = min(day, base), max(day, base)
        return Reading("PAST_REF" if number > 0 else "FUTURE_REF", Bounds(first, last))
    # "two weeks ago" is not the day to the day: half a week on both sides
    return Reading(_week_value(day), Bounds(_shift_days(day, -3), _shift_days(day, 3)), Point.of(day))


def _around(point: Point, base: date | None, number: float, unit: str, setting: _Setting) -> Reading:
    """The month or year that a shift leads to; with a day to count from, half a unit on both sides of that day."""
    reading = _point_reading(point, setting)
    day = _back(base, number, unit) if base else None
    if day is None or reading.bounds is None:
        return reading
    half = {"M": 15, "Q": 45, "Y": 182, "DE": 1826}.get(unit, 18262)
    first, last = _shift_days(day, -half), _shift_days(day, half)
    return replace(reading, bounds=Bounds(first, last)) if first and last else reading


def _vague_shift(quantity: _Quantity, ahead: bool, setting: _Setting, from_today: bool) -> Reading:
    """Several weeks ago: three to seven; a few: two to five. "Months later" has no days."""
    value = "FUTURE_REF" if ahead else "PAST_REF"
    base = setting.today
    if base is None or not (from_today or quantity.unit.startswith("T")):
        return Reading(value)
    if quantity.unit.startswith("T"):
        return Reading(value, Bounds(_shift_days(base, -1), base))
    low, high = {"several": (3, 7), "few": (2, 5)}.get(quantity.vague, (1, 12))
    first, last = _back(base, high, quantity.unit), _back(base, low, quantity.unit)
    return Reading(value, Bounds(first, last)) if first and last else Reading(value)


# --- parts of a period --------------------------------------------------------------------------------------

_EDGE = re.compile(
    r"^(?:the )?(?:very )?(?:(?P<sooner>earlier|later)(?: (?:in|on|of))?|(?P<half>1th|2th|first|latter) half (?:of )?(?=the|january|february|march|april|may|june|july|august|september|october|november|december|that|this|last)"
    r"|(?P<edge>early|late|mid|middle|beginning|start|end|close|outset|eve|turn|height|midst|rest|remainder|course"
    r"|(?:early|late|latter|last|first|1th|final|better|best|middle) (?:part|days|hours|stages))(?: (?:of|in|on|part of))?)(?: the)?(?= )"
)
_EARLY = ("early", "beginning", "start", "outset", "turn", "first", "1th")
_LATE = ("late", "end", "close", "eve", "latter", "last", "final")


def _edged(words: str, setting: _Setting) -> Reading | None:
    """Early October, the end of the month, later that year, mid-2012."""
    match = _EDGE.match(words)
    if match is None:
        return None
    rest = words[match.end() :].strip()
    if rest in ("day", "week", "month", "year"):
        rest = f"the {rest}"
    whole = next(
        (r for rule in (_reference, *_RULES) if (r := rule(rest, replace(setting, tense=setting.tense))) is not None),
        None,
    )
    if whole is None:
        return None
    if match.group("sooner"):
        return replace(whole, bounds=_sooner(match.group("sooner"), rest, _unclipped(whole, setting), setting))
    edge = match.group("edge") or match.group("half")
    unclipped = _unclipped(whole, setting)
    return replace(whole, bounds=_narrow(edge.split()[0], unclipped, halves=bool(match.group("half"))))


def _unclipped(reading: Reading, setting: _Setting) -> Bounds | None:
    """The whole of a period that was cut off at the day of writing: "the end of the month" lies ahead."""
    if reading.point is not None and reading.bounds is not None and reading.bounds.latest == setting.today:
        return reading.point.bounds() or reading.bounds
    if setting.today and reading.bounds and reading.value == _week_value(setting.today):
        return _week(setting.today)
    return reading.bounds


def _sooner(word: str, rest: str, bounds: Bounds | None, setting: _Setting) -> Bounds | None:
    """Earlier this week: from its Monday to the day of writing."""
    today = setting.today
    if bounds is None or today is None or bounds.earliest is None or bounds.latest is None:
        return bounds
    if word == "later" and rest.startswith("this") and bounds.latest > today >= bounds.earliest:
        return Bounds(today, bounds.latest)
    return Bounds(bounds.earliest, min(bounds.latest, today)) if bounds.earliest <= today else bounds


def _narrow(edge: str, bounds: Bounds | None, *, halves: bool = False) -> Bounds | None:
    """The third (or half) of a period that an edge word names; a day stays whole.

    In a month: 1 to 10, 11 to 20, 20 to the end, as the developers' gold reports have it.
    """
    if bounds is None or bounds.earliest is None or bounds.latest is None:
        return bounds
    first, last = bounds.earliest, bounds.latest
    days = (last - first).days + 1
    which = 0 if edge in _EARLY else 2 if edge in _LATE else 1 if edge in ("mid", "middle", "height", "midst") else None
    if days < 5 or which is None:
        return bounds
    if halves:
        middle = first + timedelta(days=days // 2)
        return Bounds(first, middle - timedelta(days=1)) if edge in _EARLY else Bounds(middle, last)
    if 28 <= days <= 31:
        starts, ends = (0, 10, 19), (9, 19, days - 1)
        return Bounds(first + timedelta(days=starts[which]), first + timedelta(days=ends[which]))
    if 365 <= days <= 366:
        return Bounds(date(first.year, 4 * which + 1, 1), _month(first.year, 4 * which + 4).latest)
    third = days // 3
    return (
        Bounds(first, first + timedelta(days=third)),
        Bounds(first + timedelta(days=third), last - timedelta(days=third)),
        Bounds(last - timedelta(days=third), last),
    )[which]


def _nth_day(words: str, setting: _Setting) -> Reading | None:
    """The 20th: of the month named last, or the latest one in news."""
    match = re.fullmatch(r"(?:the )?(\d{1,2})(?:th|st|nd|rd)", words)
    if match is None or not 1 <= int(match.group(1)) <= 31:
        return None
    month = setting.month
    if month is None:
        return Reading(f"XXXX-XX-{int(match.group(1)):02d}")
    point = replace(month, day=int(match.group(1)))
    if setting.today and point.date and point.date > setting.today and not setting.looks_ahead:
        point = replace(_shift_months(month, -1), day=point.day)
    return Reading(point.value, point.bounds(), point)


def _week_of(words: str, setting: _Setting) -> Reading | None:
    """The first week of July, the last week of October: seven days at the start or end of the month."""
    match = re.match(r"(?:the )?(?:(\d)th|(last|final)) week of (.*)", words)
    if match is None:
        return None
    month = _date(match.group(3), setting)
    if month is None or month.bounds is None or month.bounds.earliest is None or month.bounds.latest is None:
        return Reading("P1W")
    full = (month.point.bounds() if month.point else None) or month.bounds
    if full.earliest is None or full.latest is None:
        return Reading("P1W")
    if match.group(2):
        return Reading("P1W", Bounds(_shift_days(full.latest, -6), full.latest))
    first = full.earliest + timedelta(days=7 * (int(match.group(1)) - 1))
    return Reading("P1W", Bounds(first, _shift_days(first, 6)))


def _streak(words: str, setting: _Setting) -> Reading | None:
    """A third day, the 40th consecutive day: as many days, up to the day of writing."""
    match = _pattern(
        r"(an? )?(?:the )?(\d+)(?:th|st|nd|rd)(?: (consecutive|straight|successive))? (%units%)"
    ).fullmatch(words)
    if match is None:
        return None
    unit = table("times.toml")["units"][match.group(4)]
    if not (match.group(1) or match.group(3)):
        return Reading("XXXX-XX-XX") if unit == "D" else None
    value = _duration_value(match.group(2), unit)
    first = _back(setting.today, int(match.group(2)) - 1, unit) if setting.today else None
    return Reading(value, Bounds(first, setting.today) if first else None)


def _bare_duration(words: str, setting: _Setting) -> Reading | None:
    return _duration(words, setting)


_RULES: tuple[Callable[[str, _Setting], Reading | None], ...] = (
    _numeric,
    _time_of_day,
    _week_of,
    _quarter,
    _edged,
    _shift,
    _feast,
    _era,
    _season,
    _stretch_of_units,
    _date,
    _weekday,
    _weekend,
    _unit,
    _nth_day,
    _streak,
    _bare_duration,
)


# --- expressions in a row -----------------------------------------------------------------------------------

_JOIN = re.compile(
    r"\s*(?:[-–—,/]|,?\s*\b(?:and|or|to|until|till|through)\b|&)\s*(?:the\s+|on\s+|into\s+)*", re.IGNORECASE
)
_BARE = re.compile(r"(?:the )?(?P<number>\d{1,3})(?:st|nd|rd|th)?(?: (?P<year>\d{4}))?")
_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)


def _explicit_ahead(text: str) -> Point | None:
    """The date at the end of a list of days: "23, 25 and 26 April"."""
    return _explicit(_normal(text.split(".")[0]))


def _read_in_row(
    mention: TimeMention, following: TimeMention | None, text: str, setting: _Setting, previous: Reading | None
) -> Reading:
    """The reading of `mention`; what it lacks is borrowed from its neighbour in a list or range.

    "3-5 March", "5 September - 12 September 1914", "480-479 BC", "March 3-5", "1915-17".
    """
    words = _normal(mention.text)
    joined = following is not None and _JOIN.fullmatch(text[mention.end : following.start]) is not None
    point = previous.point if previous else None
    later = _explicit(_normal(following.text)) if joined and following else None
    if (bare := _BARE.fullmatch(words)) and mention.type is not TimeType.DURATION:
        number = int(bare.group("number"))
        if point and point.year and re.search(r"\d{4}[-–]$", text[: mention.start][-6:]):
            return _point_reading(Point(point.year // 100 * 100 + number), setting)
        if point and point.month and bare.group("year"):
            return _read(f"{number} {_MONTHS[point.month - 1]} {bare.group('year')}", mention.type, setting)
        if following and joined and _BARE.fullmatch(_normal(following.text)):
            later = _explicit_ahead(text[mention.end : mention.end + 60])
        if later and later.year and later.year < 0 and not later.month:
            return _point_reading(Point(-number), setting)
        if point and point.day and not (later and later.day) and number <= 31:
            return _point_reading(replace(point, day=number), setting)
    if (
        later
        and later.month
        and later.day
        and (alone := re.search(r"(?:^|\bof )(?:the )?\d{1,2}(?:st|nd|rd|th)?$", words))
    ):
        year = _written_year(later.year) if later.year else ""
        return _read(f"{words} {_MONTHS[later.month - 1]} {year}" if alone else words, mention.type, setting)
    if joined and following is not None:
        own = _explicit(words)
        if own is not None and own.year is None and own.month is not None:
            later = _explicit(_normal(following.text)) or Point()
            if later.year is not None and later.month is not None:
                year = later.year if own.month <= later.month else _shift_year(later.year, -1)
                return _read(f"{mention.text} {_written_year(year)}", mention.type, setting)
        elif own is None and (season := _pattern(r"\b(?:%seasons%)$").search(words)) and season:
            later = _explicit(_normal(following.text)) or Point()
            if later.year is not None:
                return _read(f"{mention.text} {_written_year(later.year)}", mention.type, setting)
    return _read(mention.text, mention.type, setting)


def _written_year(year: int) -> str:
    return f"{year:04d}" if year > 0 else f"{-year} BC"


def _join_ranges(
    mentions: Sequence[TimeMention], text: str, readings: Sequence[Reading], bounds: list[Bounds | None]
) -> list[Bounds | None]:
    """Both ends of "from A to B", "between A and B", "A-B", and neighbouring days, get the days of the whole."""
    joined = list(bounds)
    for i in range(len(mentions) - 1):
        first, last = joined[i], bounds[i + 1]
        between = text[mentions[i].end : mentions[i + 1].start]
        if first is None or last is None or _JOIN.fullmatch(between) is None:
            continue
        if "," in between and not _BARE.fullmatch(mentions[i].text):
            continue
        if first.earliest is None or first.latest is None or last.earliest is None or last.latest is None:
            continue
        near = (last.earliest - first.latest).days <= 7 and _precision(last) == 1
        before = text[max(0, mentions[i].start - 12) : mentions[i].start].lower()
        ranged = re.search(r"[-–—]|\b(?:to|until|till|through)\b", between) or re.search(
            r"\b(?:between|from)\s+(?:the\s+)?$", before
        )
        if first.earliest <= last.latest and (ranged or near):
            whole = Bounds(first.earliest, max(first.latest, last.latest))
            joined[i] = joined[i + 1] = whole
    return joined


# --- the words before an expression -------------------------------------------------------------------------

_SINCE = re.compile(r"\bsince\b[^,\d]{0,60}$")
_BEGAN = re.compile(
    r"\b(?:began|begun|begins|launched|started|starting|ongoing|underway)\s+(?:on|in|from)?\s*(?:the\s+)?$"
)
_LASTING = re.compile(r"\b(?:for|over|in|within|during|after|throughout|of)\s+(?:the\s+|about\s+|a\s+)?$")


def _bounds_in_words(mention: TimeMention, reading: Reading, setting: _Setting) -> Bounds | None:
    """The days of a reading, given the preposition before it: "since May" runs to the day of writing."""
    bounds, today = reading.bounds, setting.today or setting.published
    if today is None:
        return bounds
    if bounds is None:
        lasting = mention.type is TimeType.DURATION and setting.today and _LASTING.search(setting.before)
        quantity = _quantity(_normal(mention.text)) if lasting else None
        return _stretch(quantity, today) if quantity else None
    if bounds.earliest is None or bounds.earliest > today:
        return bounds
    if _SINCE.search(setting.before) or (setting.today and _BEGAN.search(setting.before)):
        return Bounds(bounds.earliest, max(today, bounds.earliest))
    return bounds
