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
    assert answer(120, held("a", 20)) == "a whole"
    assert answer(385, held("a", 20)) == "nothing"
    assert answer(385, held("a", 20), held("b", 900)) == "unknown"
    assert answer(60, held("a", 20), held("a", 100)) == "a whole"
    assert timeline(held("a", 20)).spells[-1].end is None


def stale(*history: Testimony) -> int:
    """Days from the day 20 until the answer is no longer `a`."""
    return (timeline(*history).spells[-1].last - on(20)).days


def test_what_is_known_well_stays_known_for_longer() -> None:
    before = held("b", -400)
    mention = stale(before, held("a", 20))
    event = stale(before, taken("a", "b", 20))
    events = stale(before, taken("a", "b", 20), taken("a", "b", 20, sources=("residents",)), held("a", 20))
    assert 90 < mention < event < events
    assert stale(taken("a", "b", 20)) > 150  # five months


def test_nothing_stays_known_for_ever() -> None:
    sure = [taken("a", "b", 20, report=f"report {number}") for number in range(20)]
    assert stale(*sure) <= DEFAULT.horizon
    assert stale(*sure) < 540


def test_a_side_that_is_there_at_both_ends_of_a_silence_was_there_in_between() -> None:
    assert answer(400, held("a", 20), held("a", 700)) == "a whole"
    assert answer(500, held("a", 20), held("a", 900)) == "unknown"  # two years and more: it can have gone and come back
    assert answer(400, held("a", 20), taken("b", "a", 700)) == "a whole"
    # but not where it is only said to have taken it again, nor where another side is spoken of, nor over ten years
    assert answer(600, held("a", 20), taken("a", (), 700)) == "unknown"
    assert answer(680, held("a", 20), held("b", 300), held("a", 700)) == "unknown"
    assert answer(2000, held("a", 20), held("a", 4000)) == "unknown"


@pytest.mark.parametrize(
    ("before", "words", "value", "type_"),
    [
        ("a has held it since ", "January 2017", "2017-01", "DATE"),
        ("a held it from ", "January 2017", "2017-01", "DATE"),
        ("a has held it for ", "three years", "P3Y", "DURATION"),
        ("a held it throughout ", "these years", "", "DATE"),
        ("a held it, as was said, after ", "January 2017", "2017-01", "DATE"),  # its days reach further than itself
    ],
)
def test_a_hold_that_lasted_speaks_of_every_day(before: str, words: str, value: str, type_: str) -> None:
    long = lasting("a", 0, 1000, before=before, words=words, value=value, type_=type_)
    for day in (600, 800, 1000):
        assert answer(day, long) == "a whole"
    assert answer(1200, long) != "b whole"


def test_in_a_year_is_at_some_time_in_it() -> None:
    year = lasting("a", 0, 364, before="a held it in ", words="2017", value="2017")
    assert answer(30, year) == "unknown"
    assert answer(200, year, held("b", 30), held("b", 360)) != "a whole"


def test_the_first_days_of_since_are_as_vague_as_its_expression() -> None:
    long = lasting("a", 0, 1000, before="a has held it since ", words="2017", value="2017")
    assert [answer(day, long) for day in (100, 400)] == ["unknown", "a whole"]
    assert timeline(long).spells[-1].start == Bounds(on(0), on(364))


def test_what_had_lasted_ended_with_the_change_that_the_report_tells() -> None:
    long = lasting("a", 0, 1000, before="a had held it since ", words="January 2017", value="2017-01", report="one")
    change = claim("capture", "b", "a", on(990), published=on(1000), report="one")
    history = long, change
    assert [answer(day, *history) for day in (500, 989, 991, 1100)] == ["a whole", "a whole", "b whole", "b whole"]
    # where the report tells of none, nobody knows since when it is over
    assert answer(960, long) == "a whole"
    assert answer(1000, long) != "a whole"


def test_a_capture_within_a_long_hold_is_not_overruled() -> None:
    long = lasting("a", 0, 1000, before="a has held it since ", words="January 2017", value="2017-01")
    assert answer(400, long, taken("b", "a", 390), held("b", 420), held("b", 600)) == "b whole"


def lasting(
    name: str, first: int, last: int, *, before: str, words: str, value: str, type_: str = "DATE", **fields: object
) -> Testimony:
    """A hold within `[first, last]`, published on the day `last`, with the words that it is dated by."""
    return claim("hold", name, (), (on(first), on(last)), published=on(last), words=before + words,
                 time=(words, value, type_), **fields)  # type: ignore[arg-type]  # fmt: skip


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


def test_a_divided_place_stays_divided_for_longer_than_a_battle() -> None:
    part = Extent.PART
    divided = held("a", 20, extent=part, report="one"), held("b", 20, extent=part, report="one")
    assert answer(70, *divided) == "contested"
    assert answer(20 + DEFAULT.divided_horizon + 1, *divided) in {"unknown", "nothing"}
    parts = [
        lasting(name, 0, 1000, before=f"{name} has held half of it since ", words="January 2017", value="2017-01",
                extent=part, report="two")
        for name in ("a", "b")
    ]  # fmt: skip
    assert [answer(day, *parts) for day in (100, 500, 1000)] == ["contested"] * 3


def test_a_contested_place_names_two_parties_or_says_who_is_not_known() -> None:
    def parties(*history: Testimony) -> list[str]:
        spells = [one for one in timeline(*history).spells if one.state is State.CONTESTED]
        assert spells
        return [party.id for party in spells[0].parties]

    alone = [claim("clash", "a", (), on(day), published=on(day), publisher=f"outlet {day}") for day in range(120, 132)]
    assert parties(*alone) == ["a", "unknown"]
    assert parties(held("b", 20), taken("a", (), 125, extent=Extent.PART)) == ["a", "b"]
    nobody = [claim("clash", None, (), on(day), published=on(day), publisher=f"outlet {day}") for day in range(20, 32)]
    assert parties(*nobody) == ["unknown"]


def test_who_mixes_up_winner_and_loser_is_hardly_heard() -> None:
    history = held("b", 10), claim("clash", "a", "b", on(15), published=on(15))
    assert answer(22, *history, claim("capture", ("a", "b"), (), on(20), published=on(21))) == "b whole"
    assert answer(22, *history, claim("capture", ("a", "b"), "b", on(20), published=on(21))) == "b whole"
    assert answer(22, claim("capture", ("a", "b"), "a", on(20), published=on(21))) == "unknown"
    # sides that are not said to fight each other can have taken it together
    assert answer(22, claim("capture", ("a", "c"), "b", on(20), published=on(21))) == "a whole"


def test_what_an_ally_took_is_its_principals() -> None:
    history = taken("sdf", "is", 20), claim("capture", "us-coalition", (), on(21), published=on(22))
    assert answer(25, *history) == "sdf whole"
    assert answer(25, claim("capture", "us-coalition", (), on(21), published=on(22))) == "us-coalition whole"


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


def test_a_vague_loss_says_nothing_of_the_time_before_it() -> None:
    dated = claim("loss", "a", (), on(100), published=on(161))
    vague = claim("loss", "a", (), when=(on(100), on(160)), published=on(161))
    assert answer(95, dated) == "a whole"
    assert answer(95, vague) in ("unknown", "nothing")
    assert answer(110, vague) == "unknown"
