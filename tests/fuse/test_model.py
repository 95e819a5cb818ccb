"""The inference against the sum over all paths, written out."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest

from whoheld.fuse.model import Array, Chain, Change, Happening, Inference, Reading, States
from whoheld.fuse.policy import Policy

STATES = States(["a", "b"], [])
POLICY = Policy(change_every=8.0, contest_lasts=4.0, unnamed_lasts=5.0)  # so that much can happen in six days
CHAIN = Chain(POLICY, 2, ())
FIRST, LAST = 100, 105


def change(name: str, before: set[int], after: set[int]) -> Change:
    return Change((name,), STATES.mask(before), STATES.mask(after))


A, B = STATES.whole("a"), STATES.whole("b")
EVERY = set(range(4))
TAKES = change("a takes it", EVERY - {A}, {A})
LEAVES = change("b leaves it", {B}, EVERY - {B})
IS_THERE = change("b is there", EVERY, {B})


def reading(claim: int, day: int, **odds: float) -> Reading:
    logs = np.zeros(4)
    for state, value in odds.items():
        logs[{"a": A, "b": B}[state]] = value
    return Reading(claim, day, logs)


def enumerated(readings: list[Reading], happenings: list[Happening]) -> Array:
    """The posterior of each day, from the weight of every path there is."""
    transition = CHAIN.powers(1)[1]
    total = np.zeros((LAST - FIRST + 1, 4))
    for path in product(range(4), repeat=LAST - FIRST + 1):
        weight = CHAIN.prior[path[0]]
        for before, after in pairwise(path):
            weight *= transition[before, after]
        for one in readings:
            weight *= np.exp(one.logs[path[one.day - FIRST]])
        for what in happenings:
            steps = range(what.start - FIRST, what.end - FIRST)
            if any(what.change.before[path[step]] and what.change.after[path[step + 1]] for step in steps):
                weight *= np.exp(what.log)
        for day, state in enumerate(path):
            total[day, state] += weight
    normalised: Array = total / total.sum(axis=1, keepdims=True)
    return normalised


EVERY_DAY = [reading(90 + day, FIRST + day) for day in range(6)]  # of no weight: it puts every day on the grid
CASES = {
    "one change": ([reading(0, 101, b=2.0)], [Happening(1, TAKES, 101, 104, 4.0)]),
    "the same change, in times that overlap": (
        [reading(0, 105, a=1.0)],
        [
            Happening(1, TAKES, 100, 103, 3.0),
            Happening(2, TAKES, 101, 105, 2.0),
            Happening(3, TAKES, 102, 104, 1.0),
            Happening(4, TAKES, 102, 104, 1.5),
        ],
    ),
    "changes that one step brings about together": (
        [reading(0, 100, b=1.0)],
        [
            Happening(1, TAKES, 100, 104, 3.0),
            Happening(2, LEAVES, 101, 105, 3.0),
            Happening(3, IS_THERE, 102, 105, 2.0),
        ],
    ),
    "there and back within one vague time": (
        [reading(0, 105, b=3.0)],
        [Happening(1, TAKES, 100, 105, 5.0), Happening(2, IS_THERE, 103, 104, 2.0)],
    ),
}


@pytest.mark.parametrize(("readings", "happenings"), CASES.values(), ids=list(CASES))
def test_posterior_is_the_sum_over_paths(readings: list[Reading], happenings: list[Happening]) -> None:
    inference = Inference(CHAIN, [*readings, *EVERY_DAY], happenings, FIRST, LAST, memory=1000)
    assert not inference.dropped
    assert np.allclose(inference.daily(), enumerated(readings, happenings), atol=1e-12)


@pytest.mark.parametrize(("readings", "happenings"), CASES.values(), ids=list(CASES))
def test_leaving_out_is_the_posterior_of_the_others(readings: list[Reading], happenings: list[Happening]) -> None:
    inference = Inference(CHAIN, [*readings, *EVERY_DAY], happenings, FIRST, LAST, memory=1000)
    claims = sorted({one.claim for one in [*readings, *happenings]})
    without = inference.without(claims, [101, 104])
    for row, claim in enumerate(claims):
        others = enumerated(
            [one for one in readings if one.claim != claim], [one for one in happenings if one.claim != claim]
        )
        assert np.allclose(without[101][row], others[1], atol=1e-12)
        assert np.allclose(without[104][row], others[4], atol=1e-12)


def test_days_between_grid_points_are_those_of_a_daily_grid() -> None:
    readings = [reading(0, 100, a=3.0), reading(1, 105, b=3.0)]
    coarse = Inference(CHAIN, readings, [], FIRST, LAST, memory=8)
    assert coarse.days == [100, 105]
    assert np.allclose(coarse.daily(), enumerated(readings, []), atol=1e-12)


def test_the_vaguest_are_dropped_when_memory_is_short() -> None:
    vague = [Happening(claim, TAKES, 10 * claim, 100 + claim, 1.0) for claim in range(9)]
    close = Happening(99, LEAVES, 50, 51, 1.0)
    inference = Inference(CHAIN, [], [*vague, close], 0, 200, memory=8)
    assert [one.claim for one in inference.dropped] == [5, 4, 3, 2, 1, 0][-len(inference.dropped) :]
    assert inference.dropped
    assert np.allclose(inference.daily().sum(axis=1), 1.0)


def test_transition_rows_sum_to_one_over_fifteen_years() -> None:
    powers = Chain(Policy(), 3, (1,)).powers(5500)
    assert powers.shape == (5501, 6, 6)
    assert np.allclose(powers.sum(axis=2), 1.0, atol=1e-9)
    assert np.allclose(powers[4096], powers[2048] @ powers[2048], atol=1e-12)
