"""The answers on the sample dispatches from claims that a careful reader took from them: `fuse` by itself."""

from __future__ import annotations

import pytest

from whoheld.vocabulary import Spell, State, Testimony, Timeline

from .by_hand import EXPECTED, NAMES, dispatches, entries_by_hand, fused, spell_for

RIGHT_AT_LEAST = 85  # of the 89; measured: 87


@pytest.fixture(scope="module")
def timelines() -> dict[str, Timeline]:
    return fused()


def answered(spell: Spell | None) -> tuple[str, str]:
    if spell is None:
        return "unknown", ""
    return str(spell.state), spell.holder.id if spell.holder else ""


def test_the_claims_are_of_the_dispatches() -> None:
    entries = entries_by_hand()  # raises where a quotation stands nowhere
    reports = {entry.body.report.id for entry in entries if isinstance(entry.body, Testimony)}
    assert reports == set(dispatches())
    assert len(entries) > 300


def test_every_place_that_is_asked_for_is_spoken_of_or_only_a_dateline(timelines: dict[str, Timeline]) -> None:
    asked = {NAMES.get(one["place"], one["place"]) for one in EXPECTED}
    assert asked - set(timelines) == {"Port Sudan", "Beirut"}


def test_no_holder_is_wrong(timelines: dict[str, Timeline]) -> None:
    false = []
    for one in EXPECTED:
        got = answered(spell_for(timelines, one["place"], one["on"]))
        if got[0] == State.HELD and got != (one["state"], one["holder"]):
            false.append(f"{one['place']} on {one['on']}: {got[1]}")
    assert not false


def test_enough_answers_are_right(timelines: dict[str, Timeline]) -> None:
    wrong = []
    for one in EXPECTED:
        got = answered(spell_for(timelines, one["place"], one["on"]))
        if got != (one["state"], one["holder"]):
            wrong.append(f"{one['place']} on {one['on']}: {got}, not {one['state']} {one['holder']}")
    assert len(EXPECTED) - len(wrong) >= RIGHT_AT_LEAST, "\n".join(wrong)


def test_contested_places_name_their_parties(timelines: dict[str, Timeline]) -> None:
    contested = [spell for one in timelines.values() for spell in one.spells if spell.state is State.CONTESTED]
    assert contested
    assert all(len(spell.parties) >= 2 for spell in contested)
