"""Answers read off the posterior: the table of docs/inference.md by its consequences."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from whoheld.fuse import Policy, fuse_claims, set_aside, state_on
from whoheld.fuse.policy import DEFAULT
from whoheld.fuse.spells import likelihood_words
from whoheld.vocabulary import Bounds, Decision, Extent, Factuality, Spell, State, Testimony, Timeline

from .cases import claim, entries, on


def timeline(*bodies: Testimony | Decision, policy: Policy = DEFAULT) -> Timeline:
    (only,) = fuse_claims(entries(*bodies), policy=policy)
    return only


def answer(day: int, *bodies: Testimony) -> str:
    return said(state_on(timeline(*bodies), on(day)))


def said(spell: Spell | None) -> str:
    if spell is None:
        return "nothing"
    return f"{spell.holder.id} {spell.extent}" if spell.holder else str(spell.state)


def held(name: str, day: int, **fields: object) -> Testimony:
    return claim("hold", name, (), on(day), published=on(day), **fields)  # type: ignore[arg-type]


def taken(name: str | None, loser: str | tuple[()] | None, day: int, **fields: object) -> Testimony:
    return claim("capture", name, loser, on(day), published=on(day + 1), **fields)  # type: ignore[arg-type]


def test_nothing_is_said_before_the_first_evidence() -> None:
    assert answer(19, held("a", 20)) == "nothing"
    assert answer(20, held("a", 20)) == "a whole"


def test_what_nobody_speaks_of_goes_stale() -> None:
    assert answer(60, held("a", 20)) == "a whole"
    assert answer(120, held("a", 20)) == "nothing"
    assert answer(150, held("a", 20), held("a", 300)) == "unknown"
    assert answer(60, held("a", 20), held("a", 100)) == "a whole"
    assert timeline(held("a", 20)).spells[-1].end is None


def test_a_loss_leaves_unknown_even_where_only_one_other_side_is_known() -> None:
    history = held("b", 0), taken("a", "b", 20), claim("loss", "a", (), on(50), published=on(50))
    assert answer(49, *history) == "a whole"
    assert answer(50, *history) == "unknown"
    assert answer(70, *history) == "unknown"
    spells = timeline(*history).spells
    assert spells[-1].start == spells[-2].end == Bounds(on(50), on(50))


def test_the_tenure_of_a_loser_is_inferred_no_further_than_hindsight() -> None:
    assert answer(40, taken("a", "b", 50)) == "b whole"
    assert answer(15, taken("a", "b", 50)) == "nothing"
    assert answer(40, taken("a", (), 50)) == "nothing"


def test_someone_not_named_is_nobody_we_know() -> None:
    assert answer(40, taken(None, "a", 50)) == "a whole"
    assert answer(55, taken(None, "a", 50), held("b", 10)) == "unknown"


def test_a_change_is_as_vague_as_its_date() -> None:
    vague = claim("capture", "a", "b", (on(50), on(56)), published=on(60))
    assert answer(49, vague) == "b whole"
    assert answer(52, vague) == "unknown"
    assert answer(56, vague) == "a whole"
    first, *_, last = timeline(vague).spells
    assert first.end == last.start == Bounds(on(50), on(56))


def test_a_vague_capture_does_not_reach_past_what_came_after_it() -> None:
    in_the_year = claim("capture", "a", "b", (on(0), on(364)), published=on(400))
    retaken = taken("b", "a", 300)
    assert answer(299, in_the_year, retaken) == "a whole"
    assert answer(301, in_the_year, retaken) == "b whole"
    assert answer(364, in_the_year, retaken) == "b whole"


def test_part_is_not_the_whole() -> None:
    part = Extent.PART
    assert answer(20, held("a", 20, extent=part)) == "a part"
    assert answer(20, held("a", 20, extent=part), held("b", 20, extent=part)) == "contested"
    history = held("a", 20), taken("b", (), 30, extent=part)
    assert answer(25, *history) == "a whole"
    assert answer(31, *history) == "contested"
    spell = state_on(timeline(*history), on(31))
    assert spell is not None
    assert [party.id for party in spell.parties] == ["a", "b"]


def test_the_surroundings_are_not_the_place() -> None:
    near = [taken("b", "a", 30 + day, extent=Extent.NEAR) for day in range(20)]
    assert answer(49, held("a", 20), held("a", 45), *near) == "a whole"
    assert answer(40, *near) == "unknown"


@pytest.mark.parametrize("factuality", [Factuality.UU, Factuality.CT_MINUS])
def test_plans_and_denials_give_no_place_to_anybody(factuality: Factuality) -> None:
    assert answer(22, taken("a", "b", 20, factuality=factuality)) == "unknown"
    assert answer(22, held("b", 15), taken("a", "b", 20, factuality=factuality)) == "b whole"


def test_opposing_claims_make_it_unknown() -> None:
    assert answer(20, held("a", 20), held("b", 20)) == "unknown"
    assert answer(25, taken("a", (), 20), taken("b", (), 20)) == "unknown"


def test_a_side_that_claims_a_place_for_itself_makes_it_doubtful_not_its_own() -> None:
    history = held("northern league", 10), taken("eastern front", "northern league", 20, sources=("the eastern front",))
    assert answer(22, *history) == "unknown"
    admitted = held("northern league", 10), taken("eastern front", (), 20, sources=("the northern league",))
    assert answer(22, *admitted) == "eastern front whole"


def test_battle_is_contest() -> None:
    clashes = [claim("clash", "a", "b", on(day), published=on(day), publisher=f"outlet {day}") for day in range(20, 32)]
    assert answer(31, *clashes) == "contested"
    assert answer(20, clashes[0]) == "unknown"
    assert answer(90, *clashes) == "nothing"


def test_support_and_dissent() -> None:
    true, echo = taken("a", "b", 20, publisher="North"), taken("a", "b", 20, publisher="North", report="again")
    other = held("b", 22)
    spell = state_on(timeline(true, echo, other, held("a", 25)), on(26))
    assert spell is not None
    weights = {one.claim_id: one.weight for one in spell.support}
    ids = sorted([true.claim.claim.id, echo.claim.claim.id])
    assert sorted(weights[key] for key in ids) == [0.0, max(weights[key] for key in ids)]
    assert [one.claim_id for one in spell.dissent] == [other.claim.claim.id]
    assert all(one.weight < 0 for one in spell.dissent)
    assert [abs(one.weight) for one in spell.dissent] == sorted(
        (abs(one.weight) for one in spell.dissent), reverse=True
    )


def test_much_said_is_affordable_and_cites_the_nearest() -> None:
    claims = [held("a", day, publisher=f"outlet {day % 5}") for day in range(200)]
    (spell,) = timeline(*claims, policy=Policy(cited_at_most=10)).spells
    assert 0 < len(spell.support) <= 10


def test_likelihood_is_in_words() -> None:
    (spell,) = timeline(held("a", 20)).spells
    assert spell.likelihood == "very likely"
    assert spell.probability is None
    assert [likelihood_words(p) for p in (0.0, 0.5, 0.79, 0.8, 0.95, 1.0)] == [
        "almost no chance",
        "roughly even chance",
        "likely",
        "very likely",
        "almost certain",
        "almost certain",
    ]


def test_unusable_claims_are_counted() -> None:
    undatable, homeless = claim("capture", "a"), held("a", 20, place=None)
    once, again = held("a", 20, publisher="North"), held("a", 20, publisher="North", report="again")
    aside = set_aside(entries(undatable, homeless, once, again))
    assert aside.pop(undatable.claim.claim.id) == "it gives no time, and its report no date of publication"
    assert aside.pop(homeless.claim.claim.id) == "its place is not known"
    assert [reason.split()[0:2] for reason in aside.values()] == [["it", "repeats"]]


def test_a_place_of_which_nothing_usable_is_said_has_no_spells() -> None:
    assert timeline(claim("capture", "a")).spells == ()
    assert fuse_claims([]) == ()


def test_the_hash_is_of_claims_and_policy() -> None:
    one = timeline(held("a", 20)).hash
    assert timeline(held("a", 20)).hash == one
    assert timeline(held("a", 21)).hash != one
    assert timeline(held("a", 20), policy=Policy(horizon=91)).hash != one


def test_fifteen_years_of_history() -> None:
    claims = [held("ab"[year % 2], 365 * year) for year in range(16)]
    spells = timeline(*claims).spells
    assert {spell.state for spell in spells} == {State.HELD, State.UNKNOWN}
    assert all(one.last < two.first for one, two in pairwise(spells))


@pytest.mark.parametrize("share", [0.5, 1.0])
def test_two_answers_cannot_both_be_true(share: float) -> None:
    with pytest.raises(ValueError, match="held_at_least"):
        Policy(held_at_least=share)


def test_what_is_left_of_a_place_can_be_taken() -> None:
    assert answer(31, held("a", 20, extent=Extent.PART), taken("a", (), 30)) == "a whole"


def test_dates_of_other_ages() -> None:
    crusade = claim("capture", "b", "c", (date(1187, 1, 1), date(1187, 12, 31)), published=on(20))
    assert answer(20, crusade, held("a", 20)) == "a whole"
    assert timeline(claim("capture", "a", (), (date(1, 1, 1), date(1, 12, 31)))).spells == ()
    (spell,) = timeline(claim("hold", "a", (), date(9999, 12, 31))).spells
    assert spell.last == date(9999, 12, 31)
