"""Reckoning: a table of expressions, two registers, and what must hold whatever the words."""

import json
import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whoheld.resolve.dates import resolve_time, resolve_times
from whoheld.vocabulary import Bounds, ResolvedTime, TimeMention, TimeType

CASES: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("cases_times.toml").read_text("utf-8"))["case"]
NEWS = date(2017, 10, 22)  # a Sunday


def mention(text: str, words: str, kind: TimeType = TimeType.DATE, tense: str = "past", after: int = 0) -> TimeMention:
    start = text.index(words, after)
    return TimeMention(start, start + len(words), words, kind, tense)


def resolve(text: str, *words: str, published: date | None = None, narrative: bool | None = None) -> list[ResolvedTime]:
    """The readings of `words`, given in the order of the text."""
    mentions, at = [], 0
    for one in words:
        mentions.append(mention(text, one, after=at))
        at = mentions[-1].end
    return list(resolve_times(mentions, text=text, published=published, narrative=narrative))


def edtf(*args: str, **kwargs: Any) -> list[str | None]:
    return [reading.edtf for reading in resolve(*args, **kwargs)]


def values(*args: str, **kwargs: Any) -> list[str]:
    return [reading.value for reading in resolve(*args, **kwargs)]


def case_mention(case: dict[str, Any]) -> TimeMention:
    words = case.get("words", case["text"])
    return mention(case["text"], words, TimeType(case.get("type", "DATE")), case.get("tense", ""))


@pytest.mark.parametrize(
    "case", CASES, ids=lambda case: f"{case['text']} [{case.get('published', '')} {case.get('tense', '')}]"
)
def test_case(case: dict[str, Any]) -> None:
    (reading,) = resolve_times([case_mention(case)], text=case["text"], published=case.get("published"))
    expected = Bounds(case["earliest"], case["latest"]) if "earliest" in case else None
    assert (reading.value, reading.bounds) == (case["value"], expected)


# --- history ------------------------------------------------------------------------------------------------


def test_history_carries_the_year_forward() -> None:
    text = "It began on 4 March 1943. By May the port was cut off, and on 2 June it fell."
    assert values(text, "4 March 1943", "May", "2 June") == ["1943-03-04", "1943-05", "1943-06-02"]


def test_history_turns_the_year() -> None:
    text = "The siege began in November 1917. In January the walls were breached."
    assert values(text, "November 1917", "January") == ["1917-11", "1918-01"]


def test_history_counts_days_from_the_last_day() -> None:
    text = "On 4 March 1943 the town fell. The following day, and two days later, it was shelled; that month 90 died."
    words = ("4 March 1943", "The following day", "two days later", "that month")
    assert values(text, *words) == ["1943-03-04", "1943-03-05", "1943-03-07", "1943-03"]


def test_history_before_christ() -> None:
    text = "In 492 BC a fleet was lost. The following year heralds came; in the spring of 480 BC the army crossed."
    words = ("492 BC", "The following year", "the spring of 480 BC")
    assert values(text, *words) == ["BC0492", "BC0491", "BC0480-SP"]


def test_an_aside_does_not_move_the_story() -> None:
    text = "In 1862 it fell again, as it had a year earlier. In May the river rose."
    assert values(text, "1862", "a year earlier", "May") == ["1862", "1861", "1862-05"]


def test_a_history_is_told_by_its_dates() -> None:
    text = "On 24 February 2022 the column crossed the border. On 2 March it entered the town."
    assert edtf(text, "24 February 2022", "2 March", published=date(2023, 8, 15)) == ["2022-02-24", "2022-03-02"]


def test_a_history_that_gives_no_year_has_none() -> None:
    text = "On 2 April the column crossed the river. On 17 April it entered the town."
    readings = resolve(text, "2 April", "17 April", published=date(2023, 8, 15))
    assert [(reading.value, reading.bounds) for reading in readings] == [("XXXX-04-02", None), ("XXXX-04-17", None)]


def test_nothing_told_as_past_lies_beyond_publication() -> None:
    text = "On 3 March 2023 it began. On 20 December the town fell."
    assert edtf(text, "3 March 2023", "20 December", published=date(2023, 8, 15))[1] == "2022-12-20"


def test_news_is_told_by_its_weekdays() -> None:
    text = "On Saturday the army took the hill that it had lost on 3 May 2014. It first attacked on 2 June."
    assert edtf(text, "Saturday", "3 May 2014", "2 June", published=NEWS)[2] == "2017-06-02"


def test_a_year_named_later_serves_where_none_was_named_before() -> None:
    text = "By 4 October the villages were taken. On 11 November 2022 the town followed."
    assert edtf(text, "4 October", "11 November 2022") == ["2022-10-04", "2022-11-11"]


def test_dates_before_the_first_full_one_may_lie_in_the_year_before() -> None:
    text = "On 27 December the bridge fell; on 9 January 1943 the town did."
    assert values(text, "27 December", "9 January 1943") == ["1942-12-27", "1943-01-09"]


def test_the_title_gives_the_year_that_the_text_does_not() -> None:
    text = "By 4 October two villages were held. In December the river froze, and on 9 January it was crossed."
    words = ("4 October", "December", "9 January")
    mentions = [mention(text, one) for one in words]
    for title in ("Battle of the River (2022)", "2022 river campaign", "Battle of the River (2022–2023)"):
        read = resolve_times(mentions, text=text, published=None, title=title)
        assert [one.edtf for one in read] == ["2022-10-04", "2022-12", "2023-01-09"]
    assert [one.edtf for one in resolve_times(mentions, text=text, published=None, title="The river")] == [None] * 3


def test_a_year_of_the_text_goes_before_that_of_the_title() -> None:
    text = "In April 2023 the line held. On 24 May it broke."
    mentions = [mention(text, "April 2023"), mention(text, "24 May")]
    read = resolve_times(mentions, text=text, published=None, title="Battle of the Line (2022–2023)")
    assert read[1].edtf == "2023-05-24"


def test_the_title_of_a_history_makes_it_one() -> None:
    text = "The mayor said on 20 June that a third of the city held. The next day the bridge fell."
    mentions = [mention(text, "20 June"), mention(text, "The next day")]
    read = resolve_times(mentions, text=text, published=date(2023, 8, 15), title="Battle of the City (2022)")
    assert [one.edtf for one in read] == ["2022-06-20", "2022-06-21"]


def test_a_year_in_the_title_does_not_make_news_a_history() -> None:
    text = "On Saturday the army took the hill. On 4 October it had lost it."
    mentions = [mention(text, "Saturday"), mention(text, "4 October")]
    read = resolve_times(mentions, text=text, published=NEWS, title="Army takes hill lost in 2014")
    assert [one.edtf for one in read] == ["2017-10-21", "2017-10-04"]


def test_a_year_of_the_background_does_not_make_news_a_history() -> None:
    text = "On 4 October the army took the town that was captured in 2014. It first attacked on 2 June."
    assert edtf(text, "4 October", "2014", "2 June", published=NEWS) == ["2017-10-04", "2014", "2017-06-02"]


def test_a_history_that_opens_with_an_old_date_is_one() -> None:
    text = "It began on 3 July 2022. The attacks ceased on 28 July, and nothing was gained from September 8."
    assert edtf(text, "3 July 2022", "28 July", "September 8", published=date(2023, 8, 15)) == [
        "2022-07-03",
        "2022-07-28",
        "2022-09-08",
    ]


def test_a_history_may_name_its_year_only_in_passing() -> None:
    text = "On 27 May most of the town was held. In the 2022 offensive it was retaken, from 10 September on."
    assert edtf(text, "27 May", "2022", "10 September", published=date(2023, 8, 15))[::2] == [
        "2022-05-27",
        "2022-09-10",
    ]


def test_a_glance_at_another_age_does_not_move_the_story() -> None:
    text = "On 29 July 1920 the city was reached. The fortress, built in 1813, held. On 6 September it was left."
    assert values(text, "29 July 1920", "1813", "6 September")[2] == "1920-09-06"
    text = "On 29 July 1920 the city was reached. In 1981 it was annexed. On 14 December a law was passed."
    assert values(text, "29 July 1920", "1981", "14 December")[2] == "1981-12-14"


def test_a_count_is_no_year() -> None:
    assert edtf("the 1070 housing project", "1070", published=NEWS) == [None]
    assert edtf("the 1070 project, taken on 3 May", "1070", "3 May") == [None, None]
    text = "On 27 June 1789 they met. They had last met in 1614. They spoke in 1066 houses on 14 July."
    assert values(text, "27 June 1789", "1614", "1066", "14 July") == ["1789-06-27", "1614", "", "1789-07-14"]


def test_what_a_history_counts_back_it_counts_from_the_day_told_of() -> None:
    text = "It fell on 17 February 2023 after fighting of the preceding two days. Shells fell during the night."
    mentions = [
        mention(text, "17 February 2023"),
        mention(text, "the preceding two days", TimeType.DURATION),
        mention(text, "the night", TimeType.TIME),
    ]
    read = resolve_times(mentions, text=text, published=None)
    assert [one.edtf for one in read] == ["2023-02-17", "2023-02-15/2023-02-17", "2023-02-17/2023-02-18"]


def test_a_history_without_a_day_of_writing_says_since_up_to_the_day_told_of() -> None:
    text = "On 10 November 2022 the general said that 41 villages were taken since 1 October."
    assert edtf(text, "10 November 2022", "1 October")[1] == "2022-10-01/2022-11-10"


def test_what_is_ongoing_runs_to_the_day_of_writing_of_a_history() -> None:
    text = "It is an ongoing battle which began on 2 October 2022. The first one began on 3 May 2022."
    assert edtf(text, "2 October 2022", published=date(2023, 8, 15)) == ["2022-10-02/2023-08-15"]
    text = "The battle began on 2 October 2022."
    assert edtf(text, "2 October 2022", published=date(2023, 8, 15)) == ["2022-10-02"]


# --- durations in news --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words", "days"),
    [
        ("the two-week-old battle for the town", "two-week-old", "2017-10-08/2017-10-22"),
        ("a three-week assault on the town", "three-week", "2017-10-01/2017-10-22"),
        ("a three-day humanitarian truce", "three-day", None),
        ("a 17-year-old fighter", "17-year-old", None),
    ],
)
def test_a_duration_said_of_fighting_has_lasted_up_to_the_day_of_writing(
    text: str, words: str, days: str | None
) -> None:
    (reading,) = resolve_times([mention(text, words, TimeType.DURATION)], text=text, published=NEWS)
    assert reading.edtf == days


def test_a_launch_is_of_one_day_and_a_beginning_lasts() -> None:
    assert edtf("in an attack launched on Thursday", "Thursday", published=NEWS) == ["2017-10-19"]
    assert edtf("in an attack that began on Thursday", "Thursday", published=NEWS) == ["2017-10-19/2017-10-22"]


# --- ranges and lists ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words", "days"),
    [
        ("from 27 February 2022 to 25 March 2022", ("27 February 2022", "25 March 2022"), "2022-02-27/2022-03-25"),
        ("between 25 and 29 January 2016", ("25", "29 January 2016"), "2016-01-25/2016-01-29"),
        ("from 24 February to 8 April 2016", ("24 February", "8 April 2016"), "2016-02-24/2016-04-08"),
        ("on 3-5 March", ("3", "5 March"), "2017-03-03/2017-03-05"),
        ("on March 3–5", ("March 3", "5"), "2017-03-03/2017-03-05"),
        ("on 3 and 4 March", ("3", "4 March"), "2017-03-03/2017-03-04"),
        ("on Friday and Saturday", ("Friday", "Saturday"), "2017-10-20/2017-10-21"),
        ("in late December-early January 2017", ("late December", "early January 2017"), "2016-12-20/2017-01-10"),
    ],
)
def test_both_ends_of_a_range_have_the_days_of_the_whole(text: str, words: tuple[str, str], days: str) -> None:
    assert edtf(text, *words, published=NEWS) == [days, days]


def test_what_began_lasts_to_the_end_that_is_told() -> None:
    text = "The siege began on 24 February 2022 and lasted until 20 May."
    assert edtf(text, "24 February 2022", "20 May") == ["2022-02-24/2022-05-20", "2022-05-20"]


def test_separate_dates_stay_separate() -> None:
    assert edtf("in 2012 and 2015", "2012", "2015", published=NEWS) == ["2012", "2015"]


def test_short_years_belong_to_the_century_before_the_dash() -> None:
    assert values("the campaign of 1915-17", "1915", "17") == ["1915", "1917"]


# --- one expression -----------------------------------------------------------------------------------------


def test_resolve_time_counts_from_the_reference() -> None:
    later = TimeMention(0, 14, "two days later", TimeType.DATE)
    reading = resolve_time(later, published=None, reference=date(1943, 3, 4))
    assert reading.bounds == Bounds(date(1943, 3, 6), date(1943, 3, 6))
    assert reading.precision == 1


def test_resolve_time_without_anything_to_count_from() -> None:
    reading = resolve_time(TimeMention(0, 8, "Saturday", TimeType.DATE, "past"), published=None)
    assert (reading.value, reading.bounds, reading.edtf, reading.precision) == ("XXXX-WXX-6", None, None, None)


@pytest.mark.parametrize(
    ("words", "precision"),
    [("yesterday", 1), ("the weekend", 2), ("last week", 3), ("last month", 4), ("last year", 5)],
)
def test_precision_is_that_of_ucdp(words: str, precision: int) -> None:
    assert resolve_time(TimeMention(0, len(words), words, TimeType.DATE, "past"), published=NEWS).precision == precision


@pytest.mark.parametrize(
    ("words", "expected"), [("last month", "2017-09"), ("last year", "2016"), ("yesterday", "2017-10-21")]
)
def test_edtf_is_the_shortest_form(words: str, expected: str) -> None:
    assert resolve_time(TimeMention(0, len(words), words, TimeType.DATE, "past"), published=NEWS).edtf == expected


# --- what must hold -----------------------------------------------------------------------------------------

DAYS = st.dates(date(2000, 1, 1), date(2030, 12, 31))
COUNTED_IN_DAYS = [
    "yesterday",
    "today",
    "two days ago",
    "the past ten days",
    "last night",
    "tonight",
    "overnight",
    "recently",
]
COUNTED_IN_WEEKS = [
    "Saturday",
    "last Monday",
    "next Friday",
    "last week",
    "the weekend",
    "earlier this week",
    "last weekend",
]
ABSOLUTE = ["22 October 2017", "March 2014", "the 1990s", "mid-2012", "2017-10-22", "summer of 2014", "the end of 2016"]


def bounds_of(words: str, published: date) -> tuple[date, date]:
    kind = TimeType.DURATION if "past" in words else TimeType.TIME if "night" in words else TimeType.DATE
    bounds = resolve_time(TimeMention(0, len(words), words, kind, "past"), published=published).bounds
    assert bounds is not None
    assert bounds.earliest is not None
    assert bounds.latest is not None
    return bounds.earliest, bounds.latest


@given(st.sampled_from(COUNTED_IN_DAYS), DAYS, st.integers(-400, 400))
def test_relative_days_move_with_the_day_of_publication(words: str, published: date, days: int) -> None:
    moved = timedelta(days=days)
    first, last = bounds_of(words, published)
    assert bounds_of(words, published + moved) == (first + moved, last + moved)


@given(st.sampled_from(COUNTED_IN_WEEKS), DAYS, st.integers(-60, 60))
def test_weekdays_move_with_the_week_of_publication(words: str, published: date, weeks: int) -> None:
    moved = timedelta(weeks=weeks)
    first, last = bounds_of(words, published)
    assert bounds_of(words, published + moved) == (first + moved, last + moved)


@given(st.sampled_from(ABSOLUTE), st.dates(date(2018, 1, 1), date(2030, 12, 31)), st.integers(0, 400))
def test_absolute_dates_stay(words: str, published: date, days: int) -> None:
    assert bounds_of(words, published) == bounds_of(words, published + timedelta(days=days))


WORDS = """
    22 October 2017 May the first of last two and a few days - – , ' 's 11:30 25:99 p.m. early mid every BC 0 480 1915
    0000 9999 1990s Saturdays ago later in half Eid al-Adha 2017-02-30 99/99/9999 29 February 31 99999999999 century
    next winter weekend quarter fiscal decades hundred 1.5 night Q9 second th
"""
PIECES = st.sampled_from(WORDS.split())


@given(
    st.lists(
        st.one_of(st.text(min_size=1, max_size=30), st.lists(PIECES, min_size=1, max_size=6).map(" ".join)), max_size=4
    ),
    st.one_of(st.none(), st.dates()),
    st.sampled_from([None, True, False]),
    st.sampled_from(list(TimeType)),
    st.sampled_from(["past", "future", ""]),
)
@settings(max_examples=600, deadline=None)
def test_never_raises_and_never_inverts(
    pieces: list[str], published: date | None, narrative: bool | None, kind: TimeType, tense: str
) -> None:
    text, mentions = "", []
    for piece in pieces:
        mentions.append(TimeMention(len(text), len(text) + len(piece), piece, kind, tense))
        text += piece + " - "
    readings = resolve_times(mentions, text=text, published=published, narrative=narrative)
    assert [reading.mention for reading in readings] == mentions
    for reading in readings:
        if reading.bounds is not None:
            assert reading.bounds.earliest is not None
            assert reading.bounds.latest is not None
            assert reading.bounds.earliest <= reading.bounds.latest
            assert reading.precision in {1, 2, 3, 4, 5}


@pytest.mark.shared
def test_gold_intervals_are_met() -> None:
    """Nine in ten of the developers' gold news intervals that a single expression gives, by the scorer's rule."""
    shared = Path(__file__).parents[3] / "shared" / "gold"
    if not shared.exists():
        pytest.skip("the developers' gold reports are not here")
    reports = {
        row["id"]: row for row in map(json.loads, (shared / "dev.reports.jsonl").read_text("utf-8").splitlines())
    }
    good = total = 0
    for row in map(json.loads, (shared / "dev.jsonl").read_text("utf-8").splitlines()):
        published = (reports[row.get("id") or row["report_id"]].get("published") or "9999")[:10]
        for when in (claim["when"] for claim in row["claims"]):
            words = (when or {}).get("text", "")
            if not words.lower().startswith("on ") or len(words.split()) > 4 or published >= "2023":
                continue
            reading = resolve_time(
                TimeMention(3, len(words), words[3:], TimeType.DATE, "past"), published=date.fromisoformat(published)
            )
            total += 1
            good += reading.edtf == when["earliest"] == when["latest"]
    assert total > 300
    assert good / total > 0.9
