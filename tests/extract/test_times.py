"""Finding time expressions: exact offsets, sensible extents, types, and a guess at the tense."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whoheld.extract.times import find_times
from whoheld.vocabulary import Span, TimeType


def found(text: str) -> list[str]:
    return [mention.text for mention in find_times(text)]


EXTENTS = [
    ("Since early October the army has held the hill.", ["early October"]),
    ("The town fell on 22 October 2017, after three weeks of fighting.", ["22 October 2017", "three weeks"]),
    ("It was shelled from March 3–5, 2014.", ["March 3", "5, 2014"]),
    ("The clashes of 3-4 May 1904 and those in 480-479 BC.", ["3", "4 May 1904", "480", "479 BC"]),
    ("Rebels shelled it on the 23, 25 and 26 of April.", ["the 23", "25", "26 of April"]),
    ("The campaign of 1915-17 failed.", ["1915", "17"]),
    ("In the early hours of Sunday morning a convoy left.", ["the early hours of Sunday morning"]),
    ("They left at dawn on Sunday.", ["dawn on Sunday"]),
    ("Jets struck late Friday and early on Tuesday.", ["late Friday", "early on Tuesday"]),
    ("A truce starts at 11:30 p.m. on Sunday.", ["11:30 p.m. on Sunday"]),
    ("In August of that year, and late last month, it changed hands.", ["August of that year", "late last month"]),
    ("Over the past 24 hours and for more than two years", ["the past 24 hours", "more than two years"]),
    ("Sat Feb 28 2015 190703", ["Sat Feb 28 2015"]),
    ("August 9 2016 the city", ["August 9 2016"]),
    (
        "the end of the month, the beginning of 2013, mid-2012",
        ["the end of the month", "the beginning of 2013", "mid-2012"],
    ),
    ("before Eid al-Adha and during Ramadan", ["Eid al-Adha", "Ramadan"]),
    ("for a third straight day, for the 40th consecutive day", ["a third straight day", "the 40th consecutive day"]),
    ("Mondays attack killed four", ["Mondays"]),
    ("two days later; a week ago; the following day", ["two days later", "a week ago", "the following day"]),
    (
        "in the 1990s, in the 21st century, in the spring of 1862",
        ["the 1990s", "the 21st century", "the spring of 1862"],
    ),
]


@pytest.mark.parametrize(("text", "expected"), EXTENTS)
def test_extent(text: str, expected: list[str]) -> None:
    assert found(text) == expected


NONE = [
    "They may march on the capital, and may take it.",
    "About 1500 soldiers and 2000 men crossed Route 60.",
    "The fall of Aleppo was near.",
    "The 20th Division held the ridge.",
    "Resolution 2254 was read out.",
    "The second brigade came first.",
    "",
]


@pytest.mark.parametrize("text", NONE)
def test_finds_nothing(text: str) -> None:
    assert found(text) == []


TYPES = [
    ("on Saturday", TimeType.DATE),
    ("on Saturdays", TimeType.SET),
    ("every Friday", TimeType.SET),
    ("daily", TimeType.SET),
    ("for three weeks", TimeType.DURATION),
    ("in recent weeks", TimeType.DURATION),
    ("in the past month", TimeType.DURATION),
    ("last month", TimeType.DATE),
    ("at dawn", TimeType.TIME),
    ("Sunday evening", TimeType.TIME),
    ("at 06:30", TimeType.TIME),
    ("two days ago", TimeType.DATE),
    ("now", TimeType.DATE),
]


@pytest.mark.parametrize(("text", "kind"), TYPES)
def test_type(text: str, kind: TimeType) -> None:
    assert [mention.type for mention in find_times(text)] == [kind]


TENSES = [
    ("The army took it on Saturday.", "past"),
    ("The army will take it on Saturday.", "future"),
    ("On Saturday, the army shelled the town.", "past"),
    ("The sides plan to meet on Friday.", "future"),
    ("It was quiet. They will meet on Friday.", "future"),
    ("He said the convoy would leave on Friday.", "future"),
    ("Friday", ""),
]


@pytest.mark.parametrize(("text", "tense"), TENSES)
def test_tense_is_that_of_the_nearest_verb(text: str, tense: str) -> None:
    assert [mention.tense for mention in find_times(text)] == [tense]


def test_no_expression_crosses_a_span() -> None:
    text = "22 October 2017 and 3 May"
    spans = [Span(0, 10), Span(10, 19), Span(20, len(text))]
    assert [m.text for m in find_times(text, spans)] == ["22 October", "2017", "3 May"]


def test_no_expression_crosses_a_blank_line() -> None:
    assert found("on 22 October\n\n2017 began badly") == ["22 October", "2017"]


WORDS = """
    22 October 2017 May march the first of last two and a few days - – , . ' 's 11:30 p.m. early mid every BC 480 1915
    1990s Saturdays ago later in half Eid al-Adha 2017-02-30 99/99/9999 31 99999999999999999999 night İstanbul
"""
PIECES = st.sampled_from([*WORDS.split(), "\n", "\n\n"])


@given(st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=40).map(" ".join)))
@settings(max_examples=300, deadline=None)
def test_offsets_are_exact_in_any_text(text: str) -> None:
    end = 0
    for mention in find_times(text):
        assert text[mention.start : mention.end] == mention.text
        assert end <= mention.start < mention.end
        end = mention.end


@pytest.mark.parametrize(
    "piece", ["one ", "about ", "early ", "every one ", "twenty-", "a few ", "3-", "the first last ", "\n "]
)
def test_takes_linear_time(piece: str) -> None:
    started = time.perf_counter()
    find_times(piece * (200_000 // len(piece)))
    assert time.perf_counter() - started < 3  # some 0.2 s where it was measured; hours, where a rule backtracks
