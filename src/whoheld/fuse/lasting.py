"""Whether a state lasted: "since June 2014" and "for three years" speak of every day, "in 2014" of some day."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta

from whoheld.fuse.policy import Policy
from whoheld.vocabulary import ResolvedTime, Testimony, TimeType


@dataclass(frozen=True, slots=True)
class Lasting:
    """Days, as ordinals and inclusive, on every one of which a state is said to have lasted.

    They are the surest ones: of "since June" the first is 30 June. `ongoing` says that it had not ended when it was
    told: not where the words are of the past ("had held", "from … to …").
    """

    first: int
    last: int
    ongoing: bool

    def until(self, day: int) -> Lasting:
        """The same, ended by `day`: the last day on which nothing else is said, if that is before the end."""
        return replace(self, last=max(self.first, day), ongoing=False) if day <= self.last else self


_LASTED = re.compile(
    r"\b(?:ever\s+)?since\b[^,;:!?]{0,60}$"
    r"|\b(?:from|between|throughout|through\s+all\s+of|all\s+through)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
_ENTIRE = re.compile(r"\b(?:throughout|through\s+all\s+of|all\s+through)\s+(?:the\s+)?$", re.IGNORECASE)
_PAST_PERFECT = re.compile(r"\b(?:had|'d|’d)\b", re.IGNORECASE)
_PERIOD = re.compile(r"P(?:T?)(\d+)")


def read_lasting(testimony: Testimony, earliest: int, latest: int, policy: Policy) -> Lasting | None:
    """When the state of a claim lasted, within `[earliest, latest]`; None where nothing says that it did.

    That is said by a duration (TIMEX3), by the words before the expression ("since", "from", "throughout"), or by
    days that reach beyond those of the expression itself: so the resolver reads "since" and "from … to …".
    """
    when = testimony.claim.when
    if when is None or when.mention is None or earliest >= latest:
        return None
    before = _words_before(testimony, when)
    stretch = None if when.type is TimeType.DURATION else _days_of(when.value)
    reaches = stretch is not None and earliest <= stretch[1] < latest
    told = _LASTED.search(before) or re.match(r"(?:since|throughout)\b", when.mention.text, re.IGNORECASE)
    if when.type is not TimeType.DURATION and not reaches and not told:
        return None
    if _ENTIRE.search(before) and not reaches:
        return Lasting(earliest, latest, _is_current(testimony, latest))
    # The start is as vague as its expression: "2014" is a year, "three weeks" half a week, what is not read a quarter.
    if when.type is TimeType.DURATION:
        number = _PERIOD.match(when.value)
        slack = (latest - earliest) // (2 * max(1, int(number.group(1))) if number else 4)
    else:
        slack = stretch[1] - earliest if stretch is not None and reaches else (latest - earliest) // 4
    if not _is_current(testimony, latest):
        return Lasting(earliest + slack, max(earliest + slack, latest - slack), ongoing=False)
    if not _PAST_PERFECT.search(before):
        return Lasting(earliest + slack, latest, ongoing=True)
    # It ended before it was told, nobody says when.
    last = latest - policy.undated_window
    return Lasting(earliest + slack, last, ongoing=False) if last >= earliest + slack else None


def _is_current(testimony: Testimony, latest: int) -> bool:
    """Whether the state is told until the day of publication."""
    published = testimony.report.published
    return published is not None and latest >= published.toordinal() - 1


def _words_before(testimony: Testimony, when: ResolvedTime) -> str:
    """The claim's words before its time expression, as far as they are quoted."""
    mention = when.mention
    assert mention is not None  # the caller has looked
    for quotation in testimony.claim.claim.evidence:
        if quotation.start <= mention.start <= mention.end <= quotation.end:
            return quotation.prefix + quotation.exact[: mention.start - quotation.start]
    return ""


_SEASONS = {"SP": (3, 5), "SU": (6, 8), "FA": (9, 11), "AU": (9, 11)}


def _days_of(value: str) -> tuple[int, int] | None:
    """First and last day of a TIMEX3 date: a year, a season, a month, a week, a day. None for anything else."""
    match = re.match(r"(\d{4})(?:-(?:(\d\d)(?:-(\d\d))?|(SP|SU|FA|AU|WI)|W(\d\d)))?(?![\d-])", value)
    if match is None:
        return None
    year, month, day, season, week = match.groups()
    try:
        if week:
            monday = date.fromisocalendar(int(year), int(week), 1)
            return monday.toordinal(), (monday + timedelta(6)).toordinal()
        if day:
            return (date(int(year), int(month), int(day)).toordinal(),) * 2
        if season == "WI":
            return date(int(year), 12, 1).toordinal(), date(int(year) + 1, 2, 28).toordinal()
        first, last = (int(month),) * 2 if month else _SEASONS.get(season, (1, 12))
        end = date(int(year), last, monthrange(int(year), last)[1])
        return date(int(year), first, 1).toordinal(), end.toordinal()
    except ValueError:  # a day that there is not, a year that the calendar has not
        return None
