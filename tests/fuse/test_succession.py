"""A place's holder follows mergers, renames and ids that an analyst made one; nothing else changes hands by them."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from whoheld.fuse import Policy, fuse_claims, posterior, state_on
from whoheld.fuse.succession import relevant
from whoheld.vocabulary import Bounds, Spell, State, Succession, Testimony, Timeline

from .cases import TOWN, claim, entries

MERGER = date(2017, 1, 28)
MERGED = Policy(successions=(Succession("front", "committee", "The Committee", MERGER),))


def day(month: int, number: int, year: int = 2017) -> tuple[date, date]:
    return date(year, month, number), date(year, month, number)


def fused(*claims: Testimony, policy: Policy = MERGED) -> Timeline:
    (timeline,) = fuse_claims(entries(*claims), policy=policy)
    return timeline


def holder(timeline: Timeline, on: date) -> str:
    spell = state_on(timeline, on)
    return spell.holder.id if spell and spell.holder else str(spell.state if spell else "unknown")


TAKEN = claim("capture", "front", "army", day(12, 1, 2016), published=date(2016, 12, 2))


def test_who_held_it_before_holds_it_under_the_new_name() -> None:
    timeline = fused(TAKEN)
    assert holder(timeline, date(2017, 1, 27)) == "front"
    assert holder(timeline, MERGER) == "committee"
    assert holder(timeline, date(2017, 6, 1)) == "committee"
    spells = [spell for spell in timeline.spells if spell.state is State.HELD and spell.holder]
    after = next(spell for spell in spells if spell.holder and spell.holder.id == "committee")
    assert (after.start, after.first) == (Bounds(MERGER, MERGER), MERGER)
    assert after.holder is not None
    assert after.holder.name == "The Committee"
    assert [one.claim_id for one in after.support] == [TAKEN.claim.claim.id]


def test_a_claim_of_the_new_name_is_no_change_of_hands() -> None:
    later = claim("hold", "committee", (), day(5, 1), published=date(2017, 5, 1))
    timeline = fused(TAKEN, later)
    assert [spell.holder.id for spell in timeline.spells if spell.holder][-2:] == ["front", "committee"]
    assert holder(timeline, date(2017, 3, 1)) == "committee"


def test_the_old_name_used_later_means_the_new_one() -> None:
    later = claim("hold", "front", (), day(5, 1), published=date(2017, 5, 1))
    assert holder(fused(TAKEN, later), date(2017, 5, 1)) == "committee"


def test_what_was_lost_before_does_not_pass_on() -> None:
    lost = claim("capture", "army", "front", day(1, 10), published=date(2017, 1, 11))
    assert holder(fused(TAKEN, lost), date(2017, 2, 10)) == "army"


def test_the_new_side_can_lose_it_like_any_other() -> None:
    lost = claim("capture", "army", "committee", day(4, 10), published=date(2017, 4, 11))
    timeline = fused(TAKEN, lost)
    assert holder(timeline, date(2017, 4, 1)) == "committee"
    assert holder(timeline, date(2017, 4, 20)) == "army"


def test_two_sides_can_become_one() -> None:
    both = Policy(successions=(*MERGED.successions, Succession("rivals", "committee", "The Committee", MERGER)))
    clash = claim("capture", "rivals", "front", day(1, 5), published=date(2017, 1, 6))
    timeline = fused(TAKEN, clash, policy=both)
    assert holder(timeline, date(2017, 1, 3)) == "front"
    assert holder(timeline, date(2017, 1, 20)) == "rivals"
    assert holder(timeline, date(2017, 2, 20)) == "committee"


def test_ids_that_were_merged_are_one_throughout() -> None:
    same = Policy(successions=(Succession("front", "army", "The Army", None),))
    timeline = fused(TAKEN, claim("hold", "front", (), day(2, 1), published=date(2017, 2, 1)), policy=same)
    assert holder(timeline, date(2017, 2, 1)) == "army"


def test_chains_are_followed_and_strangers_left_out() -> None:
    chain = (
        Succession("b", "c", "C", date(2017, 6, 1)),
        Succession("a", "b", "B", date(2017, 1, 1)),
        Succession("x", "y", "Y", date(2017, 1, 1)),
    )
    assert [one.old for one in relevant(chain, ["a", None])] == ["a", "b"]
    first = claim("hold", "a", (), day(12, 20, 2016), published=date(2016, 12, 20))
    later = claim("hold", "c", (), day(8, 1), published=date(2017, 8, 1))
    timeline = fused(first, later, policy=Policy(successions=chain))
    assert [holder(timeline, date(2017, month, 15)) for month in (1, 5, 7)] == ["b", "b", "c"]


def test_a_succession_elsewhere_changes_neither_answer_nor_hash() -> None:
    other = claim("hold", "army", (), day(2, 1), published=date(2017, 2, 1))
    assert fused(other) == fused(other, policy=Policy())
    assert fused(TAKEN).hash != fused(TAKEN, policy=Policy()).hash


@given(
    st.lists(st.tuples(st.sampled_from(["front", "committee", "army"]), st.integers(0, 200)), min_size=1, max_size=6)
)
def test_probabilities_sum_to_one_across_a_merger(said: list[tuple[str, int]]) -> None:
    claims = [
        claim("hold", side, (), (date.fromordinal(736_250 + at),) * 2, report=f"r{number}", published=date(2017, 12, 1))
        for number, (side, at) in enumerate(said)
    ]
    days, states, rows = posterior(entries(*claims), MERGED)
    assert np.allclose(rows.sum(axis=1), 1.0)
    if ("held", "front") in [tuple(state) for state in states] and days[-1] > MERGER and days[0] < MERGER:
        at = days.index(MERGER)
        assert rows[at, [tuple(state) for state in states].index(("held", "front"))] == pytest.approx(0.0, abs=1e-9)


def unknown(spell: Spell | None) -> bool:
    return spell is None or spell.state is State.UNKNOWN


def test_without_a_succession_the_old_side_keeps_it() -> None:
    timeline = fused(TAKEN, policy=Policy())
    assert timeline.place == TOWN
    assert holder(timeline, date(2017, 3, 1)) == "front"
    assert unknown(state_on(timeline, date(2019, 3, 1)))
