"""What must hold of every timeline, whatever the claims are."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from fuse.cases import TOWN, claim, decision, entries, on
from whoheld.fuse import fuse_claims, posterior
from whoheld.vocabulary import Extent, Factuality, Place, ResolvedActor, State, Testimony, Timeline

ELSEWHERE = Place("whoheld:elsewhere", "Elsewhere", "populated")
SIDES = ("a", "b", "c", None)
FAST = settings(max_examples=40, deadline=None)

_numbers = st.integers(0, 10**6)


@st.composite
def claims(draw: st.DrawFn, *, place: Place = TOWN, widths: tuple[int, ...] = (0, 3, 6, 29, 200)) -> Testimony:
    day, delay = draw(st.integers(0, 300)), draw(st.integers(0, 10))
    width = draw(st.sampled_from((*widths, None)))
    return claim(
        draw(st.sampled_from(["capture", "capture", "hold", "hold", "loss", "siege", "clash", "strike", "truce"])),
        draw(st.sampled_from(SIDES)),
        draw(st.sampled_from([(), *SIDES])),
        None if width is None else (on(day - width), on(day)),
        place=place,
        published=on(day + delay),
        publisher=draw(st.sampled_from(["", "North Post", "South Post", "Wire"])),
        report=f"report {draw(_numbers)}",
        sources=draw(st.sampled_from([(), (), ("a spokesman of A",), ("residents",)])),
        factuality=draw(st.sampled_from([Factuality.CT_PLUS] * 3 + list(Factuality))),
        extent=draw(st.sampled_from([Extent.WHOLE] * 3 + list(Extent))),
        tense_now=draw(st.booleans()),
    )


histories = st.lists(claims(), min_size=1, max_size=9, unique_by=lambda one: one.claim.claim.id)


def holding(bodies: list[Testimony], side: str) -> dict[object, float]:
    """The probability that `side` holds the place, whole or in part, by day."""
    days, states, matrix = posterior(entries(*bodies))
    columns = [index for index, state in enumerate(states) if state.side == side]
    return dict(zip(days, matrix[:, columns].sum(axis=1), strict=True))


@FAST
@given(histories)
def test_probabilities_sum_to_one(history: list[Testimony]) -> None:
    days, states, matrix = posterior(entries(*history))
    assert matrix.shape == (len(days), len(states))
    assert np.allclose(matrix.sum(axis=1), 1.0, atol=1e-9)
    assert (matrix >= 0).all()


@FAST
@given(histories, st.randoms(use_true_random=False))
def test_order_never_matters(history: list[Testimony], chance: random.Random) -> None:
    once = entries(*history, decision(history[0], "accept"))
    shuffled = chance.sample(once, len(once))
    assert fuse_claims(shuffled) == fuse_claims(once)
    # nor does the sequence in which the claims came to the ledger
    assert fuse_claims(entries(*chance.sample(history, len(history)))) == fuse_claims(entries(*history))


@FAST
@given(histories)
def test_ingesting_twice_changes_nothing(history: list[Testimony]) -> None:
    assert fuse_claims(entries(*history, *history)) == fuse_claims(entries(*history))


@FAST
@given(histories, st.data())
def test_a_copy_moves_nothing(history: list[Testimony], data: st.DataObject) -> None:
    original = data.draw(st.sampled_from(history)).report
    later = timedelta(days=data.draw(st.integers(0, 5)))
    copies = [
        replace(
            one,
            claim=replace(
                one.claim, claim=replace(one.claim.claim, id=f"copied {one.claim.claim.id}", report_id="copy")
            ),
            report=replace(
                original,
                id="copy",
                copy_of=original.id,
                publisher="Reprints",
                published=original.published and original.published + later,
            ),
        )
        for one in history
        if one.report.id == original.id
    ]
    days, states, before = posterior(entries(*history))
    days_after, states_after, after = posterior(entries(*history, *copies))
    assert (days, states) == (days_after, states_after)
    assert np.abs(before - after).max() < 1e-9


@FAST
@given(histories)
def test_swapping_sides_swaps_holders(history: list[Testimony]) -> None:
    # the mentions' texts are swapped too: they decide who speaks for whom
    history = [one for one in history if not one.claim.claim.sources] or history[:0]
    assume(history)
    swapped = [
        replace(
            one,
            claim=replace(
                one.claim,
                actors=tuple(swap(actor) for actor in one.claim.actors),
                opponents=tuple(swap(actor) for actor in one.claim.opponents),
            ),
        )
        for one in history
    ]
    names = {"a": "b", "b": "a"}
    _, states, before = posterior(entries(*history))
    _, states_after, after = posterior(entries(*swapped))
    order = [states_after.index(state._replace(side=names.get(state.side or "", state.side))) for state in states]
    assert np.allclose(before, after[:, order], atol=1e-9)


def swap(actor: ResolvedActor) -> ResolvedActor:
    if actor.actor is None or actor.actor.side not in "ab":
        return actor
    other = {"a": "b", "b": "a"}[actor.actor.side]
    inner = replace(actor.actor, id=other, name=other.upper(), side=other, side_name=other.upper())
    return replace(actor, mention=replace(actor.mention, text=other), actor=inner)


@FAST
@given(histories, st.lists(claims(place=ELSEWHERE), max_size=5))
def test_what_is_said_elsewhere_moves_nothing_here(history: list[Testimony], others: list[Testimony]) -> None:
    here = fuse_claims(entries(*history))
    both = fuse_claims(entries(*others, *history))
    assert [timeline for timeline in both if timeline.place == TOWN] == list(here)


def tiles(timeline: Timeline) -> None:
    for spell, following in zip(timeline.spells, timeline.spells[1:], strict=False):
        assert spell.last + timedelta(days=1) == following.first
        assert (spell.state, spell.holder, spell.extent) != (following.state, following.holder, following.extent)
    for spell in timeline.spells:
        assert spell.first <= spell.last
        assert (spell.holder is not None) == (spell.state is State.HELD)
        assert not spell.parties or spell.state is State.CONTESTED
        assert spell.probability is None


@FAST
@given(histories)
def test_spells_tile_time(history: list[Testimony]) -> None:
    for timeline in fuse_claims(entries(*history)):
        tiles(timeline)


# both sides are known of, and there is something to say of every day
KNOWN = [
    claim("hold", "a", (), on(0), published=on(0), report="known of a"),
    claim("hold", "b", (), on(0), published=on(0), report="known of b"),
    claim("truce", ("a", "b"), (), on(310), published=on(310), report="truce"),
]


@FAST
@given(histories, st.integers(0, 300), st.sampled_from(["capture", "hold"]))
def test_a_denial_never_helps_the_side_it_is_about(history: list[Testimony], day: int, kind: str) -> None:
    denial = claim(kind, "a", (), on(day), published=on(day), report="denial", factuality=Factuality.CT_MINUS)
    before, after = holding([*KNOWN, *history], "a"), holding([*KNOWN, *history, denial], "a")
    assert after[on(day)] <= before[on(day)] + 1e-9


@FAST
@given(histories, st.integers(0, 300))
def test_denying_a_loss_never_hurts_the_side_it_is_about(history: list[Testimony], day: int) -> None:
    denial = claim("loss", "a", (), on(day), published=on(day), report="denial", factuality=Factuality.CT_MINUS)
    before, after = holding([*KNOWN, *history], "a"), holding([*KNOWN, *history, denial], "a")
    assert after[on(day)] >= before[on(day)] - 1e-9


@FAST
@given(histories, st.integers(0, 300))
def test_saying_that_it_holds_never_hurts_a_side(history: list[Testimony], day: int) -> None:
    held = claim("hold", "a", (), on(day), published=on(day), report="held")
    assume(all(one.claim.claim.place.extent is not Extent.PART for one in history))
    before, after = holding([*KNOWN, *history], "a"), holding([*KNOWN, *history, held], "a")
    assert after[on(day)] >= before[on(day)] - 1e-9


@FAST
@given(histories, st.integers(0, 300))
def test_what_happens_nearby_never_changes_the_holder(history: list[Testimony], day: int) -> None:
    near = [
        claim(kind, "b", "a", on(day), published=on(day), extent=Extent.NEAR, report=f"{kind} {number}")
        for kind in ("capture", "clash", "hold")
        for number in range(3)
    ]
    for side in "ab":
        before, after = holding([*KNOWN, *history], side), holding([*KNOWN, *history, *near], side)
        ratio = (after[on(day)] / (1 - after[on(day)])) / (before[on(day)] / (1 - before[on(day)]))
        assert 1 / 1.25 < ratio < 1.05  # nine claims together weigh no more than one
