"""Analysts' decisions, replayed."""

from __future__ import annotations

from datetime import date

from whoheld.fuse import fuse_claims, state_on
from whoheld.vocabulary import Decision, Entry, Extent, Testimony

from .cases import claim, decision, entries, on

TAKEN = claim("capture", "a", "b", on(20), published=on(21))
LOST = claim("loss", "a", (), on(40), published=on(41))
OTHER = {"id": "whoheld:other", "name": "Other", "feature": "populated"}


def holder(day: int, *bodies: Testimony | Decision) -> str | None:
    timelines = [timeline for timeline in fuse_claims(entries(*bodies)) if timeline.place.id == "whoheld:town"]
    spell = state_on(timelines[0], on(day)) if timelines else None
    return spell.holder.id if spell and spell.holder else None


def test_reject_and_undo() -> None:
    assert holder(45, TAKEN, LOST) is None
    assert holder(45, TAKEN, LOST, decision(LOST, "reject")) == "a"
    assert holder(45, TAKEN, LOST, decision(LOST, "reject"), decision(LOST, "undo")) is None
    assert holder(45, TAKEN, LOST, decision(LOST, "undo")) is None


def test_decisions_count_in_their_sequence_not_as_they_come() -> None:
    lines = entries(TAKEN, LOST, decision(LOST, "reject"), decision(LOST, "accept"))
    for order in (lines, lines[::-1]):
        (timeline,) = fuse_claims(order)
        spell = state_on(timeline, on(45))
        assert spell is None or spell.holder is None


def test_correct_sides_kind_and_extent() -> None:
    assert holder(25, TAKEN, decision(TAKEN, "correct", actors=["c"])) == "c"
    assert holder(25, TAKEN, decision(TAKEN, "correct", actors=[{"id": "c", "name": "Third army"}])) == "c"
    assert holder(15, TAKEN, decision(TAKEN, "correct", opponents=["c"])) == "c"
    assert holder(15, TAKEN, decision(TAKEN, "correct", opponents=[])) is None
    assert holder(25, TAKEN, decision(TAKEN, "correct", kind="loss", opponents=[])) is None
    assert holder(25, TAKEN, decision(TAKEN, "correct", modality="prospective")) is None
    assert holder(25, TAKEN, decision(TAKEN, "correct", factuality="CT-")) is None
    assert holder(25, TAKEN, decision(TAKEN, "correct", extent="near")) is None


def test_correct_part() -> None:
    held = claim("hold", "a", (), on(20), published=on(20))
    (timeline,) = fuse_claims(entries(held, decision(held, "correct", extent="part")))
    spell = state_on(timeline, on(20))
    assert spell is not None
    assert spell.extent is Extent.PART


def test_correct_time() -> None:
    earlier = {"earliest": on(5).isoformat(), "latest": on(5).isoformat()}
    assert holder(10, TAKEN) == "b"
    assert holder(10, TAKEN, decision(TAKEN, "correct", when=earlier)) == "a"
    assert holder(21, TAKEN, decision(TAKEN, "correct", when=None)) == "a"  # at some time in the month before


def test_correct_place_moves_the_claim() -> None:
    moved = decision(TAKEN, "correct", place=OTHER)
    assert holder(25, TAKEN) == "a"
    assert holder(25, TAKEN, moved) is None
    assert [timeline.place.name for timeline in fuse_claims(entries(TAKEN, moved))] == ["Other"]
    # a place that occurs in the entries can be named by its id
    assert len(fuse_claims(entries(TAKEN, moved, LOST, decision(LOST, "correct", place="whoheld:town")))) == 2


def test_a_decision_changes_the_hash() -> None:
    plain = fuse_claims(entries(TAKEN))[0].hash
    assert fuse_claims(entries(TAKEN, decision(TAKEN, "accept")))[0].hash != plain
    assert fuse_claims(entries(TAKEN, decision(TAKEN, "accept"), decision(TAKEN, "undo")))[0].hash == plain


def test_when_it_was_recorded_is_no_matter() -> None:
    lines = entries(TAKEN, LOST)
    later = [Entry(line.sequence + 7, line.recorded.replace(year=2031), line.body) for line in lines]
    assert fuse_claims(later) == fuse_claims(lines)
    assert date(2031, 1, 1) > lines[0].recorded.date()
