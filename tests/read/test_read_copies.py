"""An echo is not a witness: reprints are found, and nothing else."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from importlib.resources import files

import pytest

from whoheld.read import CopyIndex, finish_report, mark_copies
from whoheld.vocabulary import Report

WIRE = """Government troops and allied militias retook the desert town of Qaryatain on Saturday, a monitor said.

The fighters who had held it for three weeks left during the night in two convoys that drove to the east.

An officer told the agency by telephone that engineers were looking for mines in the school and in the town hall.

Residents spoke of killings. A baker said that dozens of men had been taken from their houses and had not come back.

The group still has a stretch of the valley on both sides of the border, and a pocket in the south of the capital."""
OTHER = """Rebels shelled the western quarters of the city for a third day, and three children died, doctors said.

The truce that two governments had worked out last month is now little more than a word, a diplomat said on Monday.

A convoy with flour and medicine for twenty thousand people waits at the border for a signature that does not come.

The opposition says that it will not go to the talks unless the prisoners on its list are freed before the weekend."""


def report(id: str, text: str, day: int | None = 22, **fields: str) -> Report:
    published = date(2017, 10, day) if day else None
    return finish_report(Report(id=id, text=text, published=published, **fields))


def copies(*reports: Report) -> dict[str, str | None]:
    return {marked.id: marked.copy_of for marked in mark_copies(reports)}


def edited(text: str) -> str:
    return text.replace("a monitor said", "activists said").replace("during the night", "at night")


def test_a_lightly_edited_reprint_is_a_copy() -> None:
    text = f"HARBOUR CITY, Oct 23 (Wire) - {edited(WIRE)}\n\n(AFP)"
    assert copies(report("a", WIRE), report("b", OTHER), report("c", text, 23)) == {"a": None, "b": None, "c": "a"}


def test_a_shortened_reprint_is_a_copy() -> None:
    assert copies(report("a", WIRE), report("b", "\n\n".join(WIRE.split("\n\n")[:3]))) == {"a": None, "b": "a"}


def test_a_report_that_quotes_or_updates_is_none() -> None:
    first = WIRE.partition("\n\n")[0]
    assert copies(report("a", WIRE), report("b", f"{first}\n\n{OTHER}", 23)) == {"a": None, "b": None}
    assert (
        copies(report("a", first + "\n\n" + WIRE.split("\n\n")[1]), report("b", WIRE + "\n\n" + OTHER, 23))["b"] is None
    )


def test_the_original_is_the_first_published_whatever_the_order() -> None:
    late, early, copy = report("late", WIRE, 24), report("early", WIRE, 22), report("copy", edited(WIRE), 23)
    expected = {"late": "early", "early": None, "copy": "early"}
    assert copies(late, early, copy) == copies(copy, late, early) == copies(early, copy, late) == expected


def test_of_one_day_the_first_to_come_is_the_original() -> None:
    assert copies(report("b", WIRE), report("a", WIRE)) == {"b": None, "a": "b"}


def test_an_undated_report_is_no_original_of_a_dated_one() -> None:
    assert copies(report("a", WIRE, None), report("b", WIRE, 22)) == {"a": "b", "b": None}


def test_a_copy_of_a_copy_points_to_the_original() -> None:
    second = WIRE.replace("desert town", "small town").replace("engineers", "soldiers").replace("baker", "teacher")
    third = edited(second)
    assert copies(report("a", WIRE, 20), report("b", second, 21), report("c", third, 22))["c"] == "a"


def test_what_is_marked_already_is_kept() -> None:
    marked = replace(report("b", OTHER), copy_of="x")
    assert copies(report("a", WIRE), marked)["b"] == "x"


def test_very_short_texts_are_never_copies() -> None:
    text = "The army took the town of Qaryatain on Saturday, a monitor said."
    assert copies(report("a", text), report("b", text)) == {"a": None, "b": None}


def test_reports_come_out_in_their_order_and_in_windows() -> None:
    reports = [report(str(number), f"{number} {OTHER} {number}" if number % 2 else WIRE) for number in range(9)]
    marked = list(mark_copies(reports, window=2))
    assert [item.id for item in marked] == [str(number) for number in range(9)]
    assert [item.copy_of for item in marked] == [None, None, "0", "1", "0", "1", "0", "1", "0"]


def test_an_index_carries_what_is_known_and_knows_a_report_again() -> None:
    index = CopyIndex()
    assert index.add(report("a", WIRE)) is None
    assert index.add(report("a", WIRE)) is None
    assert [item.copy_of for item in mark_copies([report("b", WIRE, 23)], index)] == ["a"]
    assert index.add(report("b", WIRE, 23)) == "a"


def test_an_index_is_bounded() -> None:
    index = CopyIndex(limit=2)
    index.add(report("a", WIRE))
    index.add(report("b", OTHER))
    index.add(report("c", " ".join(reversed(OTHER.split()))))
    assert index.add(report("d", WIRE)) is None


def test_the_sample_dispatches_have_one_story_in_three_outlets() -> None:
    lines = (files("whoheld.data") / "samples" / "dispatches.jsonl").read_text("utf-8").splitlines()
    reports = []
    for line in lines:
        record = json.loads(line)
        record["published"] = date.fromisoformat(record["published"])
        reports.append(finish_report(Report(**record)))
    found = {id: of for id, of in copies(*reports).items() if of}
    wire = "syr-2017-10-22-meridian-wire"
    assert found == {"syr-2017-10-22-harbour-city-post": wire, "syr-2017-10-23-aldermoor-gazette": wire}


@pytest.mark.parametrize("text", ["", "   ", "one two three", "\ufffd" * 9])
def test_texts_of_no_words(text: str) -> None:
    assert CopyIndex().add(Report(id="a", text=text)) is None
