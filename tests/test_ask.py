"""Questions: the answer, who says so, and, where there is none, why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from fakes import MemoryLedger
from fuse.cases import TOWN, claim, decision, on
from whoheld.ask import (
    changes_between,
    places_known,
    resolve_place_query,
    timeline_of,
    timelines,
    who_held,
)
from whoheld.errors import AmbiguousPlace, UnknownPlace
from whoheld.resolve.gazetteer import Gazetteer, open_gazetteer
from whoheld.vocabulary import Answer, Factuality, Place, State

PROVINCE = Place("whoheld:province", "Province", "province", admin1="Province", country="SY")
INSIDE = replace(TOWN, admin1="Province", country="SY")


def said(kind: str, day: int, *args: object, **fields: object):  # type: ignore[no-untyped-def]
    """A claim dated and published on `day`."""
    return claim(kind, *args, when=on(day), published=on(day), **fields)  # type: ignore[arg-type]


def ask(ledger: MemoryLedger, day: int | None = None, **options: object) -> Answer:
    return who_held(ledger, on=None if day is None else on(day), place_id="whoheld:town", **options)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def gazetteer() -> Iterator[Gazetteer]:
    with open_gazetteer() as opened:
        yield opened


# --- the answer ---------------------------------------------------------------------------------------------


def test_the_answer_has_the_claims_for_and_against_it() -> None:
    capture = said("capture", 10, "a", "b", publisher="Post", words="a took the town from b on that day, it said")
    denial = said("capture", 10, "a", "b", sources=("b",), factuality=Factuality.CT_MINUS)
    answer = ask(MemoryLedger(capture, denial), 12)
    assert (answer.spell.state, answer.spell.holder and answer.spell.holder.id) == (State.HELD, "a")
    assert [cited.testimony for cited in answer.support] == [capture]
    assert [cited.testimony for cited in answer.dissent] == [denial]
    assert answer.support[0].weight > 0 > answer.dissent[0].weight
    assert answer.notes == ()


def test_without_a_day_it_is_that_of_the_last_evidence_and_says_so() -> None:
    answer = ask(MemoryLedger(said("capture", 10, "a"), said("hold", 40, "a")))
    assert answer.on == on(40)
    assert answer.notes == (f"No day was asked for: this is the day of the last evidence, {on(40)}.",)


def test_what_is_only_planned_does_not_move_the_day_of_the_last_evidence() -> None:
    plan = claim("capture", "b", when=on(200), published=on(20), factuality=Factuality.UU)
    assert ask(MemoryLedger(said("capture", 10, "a"), plan)).on == on(20)


def test_without_a_day_and_without_evidence_the_last_day_that_counts_is_meant() -> None:
    answer = ask(MemoryLedger(said("capture", 10, "a")), as_of=on(5))
    assert answer.on == on(5)
    assert answer.spell.state is State.UNKNOWN


def test_as_of_hides_what_was_not_published_yet() -> None:
    late = claim("capture", "b", when=on(12), published=on(30))
    ledger = MemoryLedger(said("capture", 10, "a"), late)
    then, now = ask(ledger, 13, as_of=on(14)), ask(ledger, 13)
    assert then.spell.holder
    assert then.spell.holder.id == "a"
    assert now.spell.holder
    assert now.spell.holder.id == "b"
    assert late not in [cited.testimony for cited in (*then.support, *then.dissent)]


def test_a_rejected_claim_is_neither_weighed_nor_cited() -> None:
    capture = said("capture", 10, "a")
    answer = ask(MemoryLedger(capture, decision(capture, "reject")), 12)
    assert answer.spell.state is State.UNKNOWN
    assert answer.support == answer.dissent == ()


def test_a_corrected_claim_is_cited_as_it_was_corrected() -> None:
    capture = said("capture", 10, "a")
    answer = ask(MemoryLedger(capture, decision(capture, "correct", actors=["b"])), 12)
    assert answer.spell.holder
    assert answer.spell.holder.id == "b"
    [cited] = answer.support
    assert [actor.actor and actor.actor.id for actor in cited.testimony.claim.actors] == ["b"]


def test_a_day_after_the_day_of_knowledge_is_said_to_be_so() -> None:
    answer = ask(MemoryLedger(said("capture", 10, "a")), 20, as_of=on(15))
    assert answer.notes == (f"{on(20)} lies after {on(15)}: the answer is what was last known then.",)


# --- unknown is an answer, and says why -----------------------------------------------------------------------


def test_nobody_spoke_of_it() -> None:
    answer = who_held(MemoryLedger(said("capture", 10, "a")), on=on(12), place_id="iso3166-1:SY")
    assert answer.spell.state is State.UNKNOWN
    assert answer.notes[0].startswith("No report in the ledger speaks of who holds ")


def test_somebody_spoke_of_it_only_later() -> None:
    ledger = MemoryLedger(claim("capture", "a", when=on(10), published=on(30)), claim("hold", "a"))
    notes = " ".join(ask(ledger, 12, as_of=on(20)).notes)
    assert f"published by {on(20)} speaks of who holds Town" in notes
    assert "2 claims on it came later, or in reports without a date." in notes


def test_it_is_before_the_first_evidence_and_the_nearest_claim_is_shown_without_weight() -> None:
    capture = said("capture", 10, "a")
    answer = ask(MemoryLedger(capture), -60)
    assert answer.spell.state is State.UNKNOWN
    assert answer.notes[0] == f"What is said of Town reaches back to {on(10)}, and not to {on(-60)}."
    assert [(cited.testimony, cited.weight) for cited in answer.support] == [(capture, 0.0)]
    assert "do not reach this day" in answer.notes[-1]


def test_the_last_evidence_is_too_old() -> None:
    answer = ask(MemoryLedger(said("capture", 10, "a")), 800)
    assert answer.spell.state is State.UNKNOWN
    assert (
        answer.notes[0] == f"The last evidence on Town is of {on(10)}, too old to tell on {on(800)}; A held it by then."
    )


def test_it_was_lost_and_nobody_is_said_to_have_taken_it() -> None:
    answer = ask(MemoryLedger(said("hold", 5, "a"), said("loss", 10, "a")), 20)
    assert answer.spell.state is State.UNKNOWN
    assert answer.notes[0] == f"A lost or left Town by {on(10)}, and no report says who has held it since."


def test_it_changed_hands_on_a_day_that_is_not_told_closely() -> None:
    vague = claim("capture", "b", "a", when=(on(30), on(60)), published=on(61))
    answer = ask(MemoryLedger(said("hold", 20, "a"), vague), 45)
    assert answer.spell.state is State.UNKNOWN
    assert f"some day from {on(30)} to {on(60)}" in answer.notes[0]


def test_the_evidence_before_is_too_old_and_the_next_comes_later() -> None:
    answer = ask(MemoryLedger(said("capture", 10, "a"), said("hold", 900, "b")), 500)
    assert answer.spell.state is State.UNKNOWN
    assert f"the last evidence before is of {on(10)}" in answer.notes[0]


def test_claims_that_cannot_be_weighed_are_counted_with_the_reason() -> None:
    answer = ask(MemoryLedger(claim("hold", "a")), 10)
    assert "cannot be weighed: 1 because it gives no time" in answer.notes[0]


# --- hierarchy ------------------------------------------------------------------------------------------------


def test_a_claim_on_the_province_is_told_and_never_taken_over() -> None:
    ledger = MemoryLedger(said("hold", 10, "a", place=PROVINCE), said("hold", 900, "b", place=INSIDE))
    answer = who_held(ledger, on=on(10), place_id="whoheld:town")
    assert answer.spell.state is State.UNKNOWN
    assert "On this day A held Province (province), by the reports; that says nothing of Town." in answer.notes
    assert all(cited.testimony.claim.place.place == INSIDE for cited in answer.support)


def test_a_claim_on_a_town_says_nothing_of_the_province() -> None:
    ledger = MemoryLedger(said("hold", 900, "a", place=PROVINCE), said("hold", 10, "a", place=INSIDE))
    answer = who_held(ledger, on=on(10), place_id="whoheld:province")
    assert answer.spell.state is State.UNKNOWN
    told = "Reports speak of 1 place inside Province (Town); on this day: 1 held by A. That says nothing of the whole."
    assert told in answer.notes


# --- timelines and changes ----------------------------------------------------------------------------------


def test_a_place_that_nobody_spoke_of_has_a_timeline_without_spells() -> None:
    assert timeline_of(MemoryLedger(), place_id="iso3166-1:SY").spells == ()


def test_timelines_are_those_of_all_places() -> None:
    ledger = MemoryLedger(said("hold", 10, "a"), said("hold", 10, "a", place=PROVINCE))
    assert [timeline.place for timeline in timelines(ledger)] == [PROVINCE, TOWN]
    assert timelines(ledger)[1] == timeline_of(ledger, place_id="whoheld:town")


def test_a_change_has_its_day_its_sides_and_its_claim() -> None:
    capture = said("capture", 30, "b", "a")
    [first, second] = changes_between(MemoryLedger(said("capture", 10, "a"), capture), on(0), on(60))
    assert (first.day, first.before, first.after.holder and first.after.holder.id) == (on(10), None, "a")
    assert second.day == on(30)
    assert second.before
    assert second.before.holder
    assert second.before.holder.id == "a"
    assert second.after.holder
    assert second.after.holder.id == "b"
    assert capture in [cited.testimony for cited in second.support]


def test_silence_is_no_change_and_neither_is_its_end() -> None:
    ledger = MemoryLedger(said("capture", 10, "a"), said("hold", 900, "a"))
    assert [change.day for change in changes_between(ledger, on(0), on(2000))] == [on(10)]


def test_a_loss_without_a_taker_is_a_change_to_unknown() -> None:
    ledger = MemoryLedger(said("capture", 10, "a"), said("loss", 40, "a"))
    last = changes_between(ledger, on(20), on(60))
    assert [(change.after.state, change.before and change.before.state) for change in last] == [
        (State.UNKNOWN, State.HELD)
    ]


def test_a_vaguely_dated_change_is_one_change_with_its_bounds() -> None:
    vague = claim("capture", "b", "a", when=(on(30), on(60)), published=on(61))
    found = changes_between(MemoryLedger(said("capture", 20, "a"), vague, said("hold", 61, "b")), on(21), on(90))
    [change] = found
    assert change.when is not None
    assert (change.when.earliest, change.when.latest) == (on(30), on(60))
    assert change.before
    assert change.before.holder
    assert change.before.holder.id == "a"


def test_windows_that_tile_time_tile_the_changes() -> None:
    ledger = MemoryLedger(
        *(said("capture", day, "ab"[day // 30 % 2], "ba"[day // 30 % 2]) for day in range(0, 300, 30))
    )
    whole = changes_between(ledger, on(-10), on(310))
    parts = [
        change
        for day in range(-10, 311, 7)
        for change in changes_between(ledger, on(day), min(on(day) + timedelta(6), on(310)))
    ]
    assert len(whole) == 10
    assert parts == list(whole)


def test_a_window_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="before"):
        changes_between(MemoryLedger(), on(2), on(1))


def test_places_known_count_their_claims_and_have_the_last_answer() -> None:
    [town] = places_known(MemoryLedger(said("capture", 10, "a"), said("loss", 40, "a")))
    assert (town.place, town.claims) == (TOWN, 2)
    assert town.last
    assert town.last.holder
    assert town.last.holder.id == "a"


# --- names --------------------------------------------------------------------------------------------------


def test_a_place_is_found_by_any_spelling_and_by_its_number(gazetteer: Gazetteer) -> None:
    ledger = MemoryLedger()
    found = {
        resolve_place_query(ledger, name, gazetteer=gazetteer).geonames
        for name in ("Qaryatain", "al-Qaryatayn", "Al-Qaryatain, Homs", "القريتين", "al-qaryatayn, homs, SY")
    }
    assert found == {resolve_place_query(ledger, "", place_id="173361", gazetteer=gazetteer).geonames}


def test_a_place_of_the_ledger_goes_before_its_namesakes(gazetteer: Gazetteer) -> None:
    with pytest.raises(AmbiguousPlace) as error:
        resolve_place_query(MemoryLedger(), "San José", gazetteer=gazetteer)
    key = error.value.choices[-1][0]
    chosen = gazetteer.place(key)
    assert chosen
    ledger = MemoryLedger(said("hold", 1, "a", place=chosen))
    assert resolve_place_query(ledger, "San José", gazetteer=gazetteer) == chosen
    assert resolve_place_query(MemoryLedger(), "San José", place_id=key, gazetteer=gazetteer) == chosen


def test_a_name_that_fits_none_is_told_with_those_of_the_ledger_that_look_like_it(gazetteer: Gazetteer) -> None:
    ledger = MemoryLedger(said("hold", 1, "a", place=replace(TOWN, name="Zzyzxqad")))
    with pytest.raises(UnknownPlace) as error:
        resolve_place_query(ledger, "Zzyzxqat", gazetteer=gazetteer)
    assert error.value.suggestions[0].startswith("Zzyzxqad")
    assert resolve_place_query(ledger, "zzyzxqad", gazetteer=gazetteer).id == TOWN.id


def test_an_id_that_fits_none_is_unknown(gazetteer: Gazetteer) -> None:
    with pytest.raises(UnknownPlace, match="geonames:1"):
        resolve_place_query(MemoryLedger(), "", place_id="geonames:1", gazetteer=gazetteer)


def test_the_day_is_asked_of_no_clock_where_there_is_evidence(monkeypatch: pytest.MonkeyPatch) -> None:
    class NoClock(date):
        @classmethod
        def today(cls) -> date:  # type: ignore[override]
            raise AssertionError("asked for today")

    monkeypatch.setattr("whoheld.ask.date", NoClock)
    assert ask(MemoryLedger(said("hold", 3, "a"))).on == on(3)
