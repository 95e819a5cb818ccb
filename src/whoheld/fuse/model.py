"""Exact inference of one place's hidden state: a Markov jump process in continuous time, observed through claims.

The state is one of: held by a side (whole, or in part), contested, or held by someone not named. A claim of a state
on a day multiplies the state's weight there. A claim of a *change* within `[a, b]` multiplies the weight of every
path that makes such a change within `[a, b]`, whenever that is: the day is integrated out, not rounded. To do this,
forward-backward (Rabiner 1989) runs over the state together with a memory of which pending changes have come about.
Claims of the same change need only remember the last time at which it came about, so that n of them that overlap
cost n + 1 levels, not 2^n. Paths are looked at where the grid has points; it has them at the ends of every interval
and at a few days in between.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from whoheld.fuse.policy import Policy

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]


LONGEST_STEP = 1000
"""Days between two grid points at most, so that centuries of silence need no more transition matrices than these."""


class HiddenState(NamedTuple):
    """`kind` is held, part (held in part), contested or unnamed; `side` is None unless it is held by a named side."""

    kind: str
    side: str | None = None


class States:
    """The hidden states of one place, in a fixed order: unnamed, contested, held by each side, held in part."""

    def __init__(self, sides: Iterable[str], parts: Iterable[str | None]) -> None:
        self.sides = tuple(sorted(sides))
        self.parts = tuple(sorted(side for side in set(parts) if side is not None))
        self.all = (
            HiddenState("unnamed"),
            HiddenState("contested"),
            *(HiddenState("held", side) for side in self.sides),
            *(HiddenState("part", side) for side in self.parts),
        )
        self._index = {state: index for index, state in enumerate(self.all)}
        self.contested = 1

    def __len__(self) -> int:
        return len(self.all)

    def whole(self, side: str | None) -> int:
        """The state in which `side` holds the place; None is someone not named."""
        return 0 if side is None else self._index[HiddenState("held", side)]

    def part(self, side: str | None) -> int:
        """The state in which `side` holds a part; that of someone not named is not told apart."""
        return self._index.get(HiddenState("part", side), self.whole(side))

    def held(self, side: str | None) -> list[int]:
        """Every state in which `side` holds something for itself."""
        return sorted({self.whole(side), self.part(side)})

    def mask(self, indices: Iterable[int]) -> Mask:
        mask = np.zeros(len(self), dtype=bool)
        mask[list(indices)] = True
        return mask


class Chain:
    """How a place with so many sides changes by itself: the prior, and transition matrices for whole days."""

    def __init__(self, policy: Policy, sides: int, parts: tuple[int, ...]) -> None:
        """`parts` are the places in the order of sides of those that have a state of holding a part."""
        count = 2 + sides + len(parts)
        whole = range(2, 2 + sides)
        part = {2 + side: 2 + sides + index for index, side in enumerate(parts)}
        self.prior = self._prior(policy, count, whole, part)
        rates = np.zeros((count, count))
        lasts = [policy.unnamed_lasts, policy.contest_lasts]
        lasts += [policy.change_every] * sides + [policy.part_lasts] * len(parts)
        for state in range(count):
            rates[state] = self._destinations(state, count, whole, part)
            rates[state, state] = 0.0
            rates[state] /= rates[state].sum() * lasts[state]
            rates[state, state] = -1 / lasts[state]
        self._powers = np.stack([np.eye(count), _exponential(rates)])

    @staticmethod
    def _prior(policy: Policy, count: int, whole: range, part: dict[int, int]) -> Array:
        prior = np.zeros(count)
        prior[0], prior[1] = policy.prior_unnamed, policy.prior_contested
        for state in whole:
            share = (1 - policy.prior_unnamed - policy.prior_contested) / len(whole)
            if state in part:
                prior[state], prior[part[state]] = 0.6 * share, 0.4 * share
            else:
                prior[state] = share
        normalised: Array = prior / prior.sum()
        return normalised

    @staticmethod
    def _destinations(state: int, count: int, whole: range, part: dict[int, int]) -> Array:
        """Relative rates out of a state: the whole place mostly passes to somebody, or out of sight, or is fought for.

        That it passes to someone not named stays likely enough that no side is ever held to have it by elimination.
        Where one side alone is named, there is room for a second one: a place does not come back to it by elimination.
        """
        weights = np.zeros(count)
        weights[0], weights[1] = 1.5, 2.0
        others = [side for side in whole if side != state and part.get(side) != state]
        rivals = len(others) if state in whole or state in part.values() else max(2, len(others))
        for side in others:
            weights[side] = 2.5 / rivals
        if state == 0:  # a part can be taken where nobody named held anything; elsewhere that is a contest
            for piece in part.values():
                weights[piece] = 1.0 / len(part)
        for side, piece in part.items():
            if state == side:
                weights[piece] = 0.5
            elif state == piece:
                weights[side] = 3.0
            elif state == 1:
                weights[piece] = 1.0 / len(part)
            elif state != 0:
                weights[piece] = 0.05
        return weights

    def powers(self, days: int) -> Array:
        """Transition matrices over 0, 1, …, `days` days: shape ``(days + 1, states, states)``, rows sum to one."""
        while len(self._powers) <= days:
            last = self._powers[-1] @ self._powers[1]
            self._powers = np.concatenate([self._powers, self._powers @ last])
        return self._powers[: days + 1]


@lru_cache(maxsize=128)
def chain_for(policy: Policy, sides: int, parts: tuple[int, ...]) -> Chain:
    return Chain(policy, sides, parts)


def _exponential(rates: Array) -> Array:
    """exp(rates) for rates well below one a day, by its series; it converges in a few terms."""
    total, term = np.eye(len(rates)), np.eye(len(rates))
    for order in range(1, 25):
        term = term @ rates / order
        total = total + term
    return total


# --- evidence -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reading:
    """A claim on the state of one day: `logs` are log odds by state."""

    claim: int
    day: int
    logs: Array


@dataclass(frozen=True, slots=True)
class Change:
    """What comes about when the state passes from one in `before` to one in `after` (both masks of states)."""

    name: tuple[str, ...]
    before: Mask
    after: Mask


@dataclass(frozen=True, slots=True)
class Happening:
    """A claim that a change came about after the day `start` and by the end of the day `end`: log odds.

    Below 0 they are the odds that it did not: so is said that a state lasted.
    """

    claim: int
    change: Change
    start: int
    end: int
    log: float


@dataclass(frozen=True, slots=True)
class Passage:
    """At the start of `day` every state becomes another, for certain: ``matrix[i, j]`` is 1 where i becomes j."""

    day: int
    matrix: Array


# --- forward-backward ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Open:
    axis: int


@dataclass(frozen=True, slots=True)
class _Close:
    axis: int
    level: int
    logs: tuple[tuple[int, float], ...]  # of each claim


@dataclass(frozen=True, slots=True)
class _Weigh:
    claim: int
    logs: Array


@dataclass(frozen=True, slots=True)
class _Advance:
    days: int
    active: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Pass:
    matrix: Array


_Step = _Open | _Close | _Weigh | _Advance | _Pass


class Inference:
    """The exact posterior of one place from `first` to `last` (ordinals, inclusive).

    Tensors have the shape ``(variants, level of each change …, states)``; the variants are the same place with one
    claim left out each. `dropped` are the claims too vague to be kept in memory beside the others.
    """

    def __init__(
        self,
        chain: Chain,
        readings: Sequence[Reading],
        happenings: Sequence[Happening],
        first: int,
        last: int,
        *,
        memory: int,
        passages: Sequence[Passage] = (),
    ) -> None:
        self.chain, self.first, self.last = chain, first, last
        kept, self.dropped = _within_memory(happenings, memory)
        self._changes = sorted({happening.change.name: happening.change for happening in kept}.items())
        self._axes = {name: axis for axis, (name, _) in enumerate(self._changes)}
        self._flips: dict[tuple[int, ...], list[tuple[tuple[int, ...], Array]]] = {}
        self.steps, self._points = self._compile(readings, kept, passages)
        self._touched = self._find_touched()
        self._forward = list(self._run_forward(self._initial(), 0, len(self.steps), {}))
        self._backward = list(self._run_backward(self._final(), len(self.steps), 0, {}))[::-1]

    # The program: what happens to the tensor, in time order.

    def _compile(
        self, readings: Sequence[Reading], kept: Sequence[Happening], passages: Sequence[Passage]
    ) -> tuple[list[_Step], list[int]]:
        """Steps, and for each grid day the position after its last step: ``points[i]`` belongs to ``days[i]``."""
        pending: dict[tuple[int, int, int], list[tuple[int, float]]] = defaultdict(list)
        for happening in kept:
            key = (self._axes[happening.change.name], happening.start, happening.end)
            pending[key].append((happening.claim, happening.log))
        opening, closing = defaultdict(list), defaultdict(list)
        days = {self.first, self.last}
        for key in sorted(pending):
            _, start, end = key
            opening[start].append(key)
            closing[end].append(key)
            days |= {start, end} | {start + (end - start) * share // 3 for share in (1, 2)}
        weighing = defaultdict(list)
        for reading in readings:
            weighing[reading.day].append(reading)
        passing = defaultdict(list)
        for passage in passages:
            if self.first < passage.day <= self.last:
                passing[passage.day].append(_Pass(passage.matrix))
        days |= set(weighing) | set(passing)
        for day, following in pairwise(sorted(days)):
            days.update(range(day + LONGEST_STEP, following, LONGEST_STEP))
        self.days = sorted(days)
        active: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
        steps: list[_Step] = []
        points = []
        for index, day in enumerate(self.days):
            if index:
                steps.append(
                    _Advance(day - self.days[index - 1], tuple(sorted(axis for axis in active if active[axis])))
                )
            steps.extend(passing[day])
            for key in closing[day]:
                axis = key[0]
                steps.append(_Close(axis, active[axis].index(key) + 1, tuple(sorted(pending[key]))))
                active[axis].remove(key)
            steps.extend(_Weigh(reading.claim, reading.logs) for reading in weighing[day])
            for key in opening[day]:
                active[key[0]].append(key)
                steps.append(_Open(key[0]))
            points.append(len(steps))
        return steps, points

    def _find_touched(self) -> dict[int, tuple[int, int]]:
        """For each claim the first and the last step that it has a part in."""
        touched: dict[int, tuple[int, int]] = {}
        for index, step in enumerate(self.steps):
            claims = (
                [claim for claim, _ in step.logs]
                if isinstance(step, _Close)
                else [step.claim]
                if isinstance(step, _Weigh)
                else []
            )
            for claim in claims:
                touched[claim] = (touched.get(claim, (index, index))[0], index)
        return touched

    def _initial(self) -> Array:
        return self.chain.prior.reshape((1,) * (1 + len(self._changes)) + (-1,))

    def _final(self) -> Array:
        return np.ones((1,) * (1 + len(self._changes)) + (len(self.chain.prior),))

    def _parts_of(self, active: tuple[int, ...]) -> list[tuple[tuple[int, ...], Array]]:
        """The transitions, grouped by which of the active changes they bring about: (axes, mask of transitions)."""
        if active not in self._flips:
            count = len(self.chain.prior)
            code = np.zeros((count, count), dtype=np.int64)
            for bit, axis in enumerate(active):
                change = self._changes[axis][1]
                code += np.outer(change.before, change.after).astype(np.int64) << bit
            self._flips[active] = [
                (tuple(axis for bit, axis in enumerate(active) if value >> bit & 1), (code == value).astype(float))
                for value in np.unique(code).tolist()
            ]
        return self._flips[active]

    def _advance(self, tensor: Array, transition: Array, active: tuple[int, ...]) -> Array:
        """Move on by `transition`, ``(states, states)`` or one for each variant; changes go to the top level."""
        shape = tensor.shape
        flat = tensor.reshape(shape[0], -1, shape[-1])
        if not active:
            moved: Array = flat @ transition
            return moved.reshape((-1, *shape[1:]))
        total: Array | None = None
        for axes, mask in self._parts_of(active):
            part: Array = (flat @ (transition * mask)).reshape((-1, *shape[1:]))
            if axes:
                top = np.zeros_like(part)
                where: list[slice] = [slice(None)] * part.ndim
                for axis in axes:
                    where[axis + 1] = slice(-1, None)
                top[tuple(where)] = part.sum(axis=tuple(axis + 1 for axis in axes), keepdims=True)
                part = top
            total = part if total is None else total + part
        assert total is not None
        return total

    def _retreat(self, tensor: Array, transition: Array, active: tuple[int, ...]) -> Array:
        """The adjoint of `_advance`; `transition` as there, from the earlier to the later day."""
        shape = tensor.shape
        total: Array | None = None
        for axes, mask in self._parts_of(active):
            source = tensor
            if axes:
                where: list[slice] = [slice(None)] * tensor.ndim
                for axis in axes:
                    where[axis + 1] = slice(-1, None)
                source = np.broadcast_to(tensor[tuple(where)], shape)
            matrix = np.swapaxes(transition * mask, -1, -2)
            part: Array = (source.reshape(shape[0], -1, shape[-1]) @ matrix).reshape((-1, *shape[1:]))
            total = part if total is None else total + part
        assert total is not None
        return total

    def _run_forward(self, tensor: Array, start: int, stop: int, left_out: dict[int, int]) -> Iterator[Array]:
        """The tensor before step `start` and after each step up to `stop`; `left_out` maps claims to variants."""
        yield tensor
        for step in self.steps[start:stop]:
            match step:
                case _Advance(days, active):
                    tensor = _scaled(self._advance(tensor, self.chain.powers(days)[days], active))
                case _Weigh(claim, logs):
                    tensor = tensor * _odds(tensor, claim, logs, left_out)
                case _Pass(matrix):
                    tensor = tensor @ matrix
                case _Open(axis):
                    zeros = np.zeros_like(np.take(tensor, [0], axis + 1))
                    tensor = np.concatenate([tensor, zeros], axis + 1)
                case _Close(axis, level, _):
                    rest, under, merged, above = np.split(
                        self._reward(tensor, step, left_out), [level - 1, level, level + 1], axis + 1
                    )
                    tensor = np.concatenate([rest, under + merged, above], axis + 1)
            yield tensor

    def _run_backward(self, tensor: Array, start: int, stop: int, left_out: dict[int, int]) -> Iterator[Array]:
        """The message after step `start` - 1 and before each step down to `stop`."""
        yield tensor
        for step in reversed(self.steps[stop:start]):
            match step:
                case _Advance(days, active):
                    tensor = _scaled(self._retreat(tensor, self.chain.powers(days)[days], active))
                case _Weigh(claim, logs):
                    tensor = tensor * _odds(tensor, claim, logs, left_out)
                case _Pass(matrix):
                    tensor = tensor @ matrix.T
                case _Open(axis):
                    tensor = np.take(tensor, range(tensor.shape[axis + 1] - 1), axis + 1)
                case _Close(axis, level, _):
                    repeated = [*range(level), *range(level - 1, tensor.shape[axis + 1])]
                    tensor = self._reward(np.take(tensor, repeated, axis + 1), step, left_out)
            yield tensor

    @staticmethod
    def _reward(tensor: Array, step: _Close, left_out: dict[int, int]) -> Array:
        """`tensor` with the levels at which the change has come about multiplied by the odds of the claims of it."""
        logs = np.full(len(tensor), sum(log for _, log in step.logs))
        for claim, log in step.logs:
            if claim in left_out:
                logs[left_out[claim]] -= log
        shape = [1] * tensor.ndim
        shape[0] = len(logs)
        came_about = np.arange(tensor.shape[step.axis + 1]) >= step.level
        levels = [1] * tensor.ndim
        levels[step.axis + 1] = -1
        # of the two factors the greater is always 1, so that nothing overflows
        factor: Array = np.where(
            came_about.reshape(levels),
            np.exp(np.minimum(logs, 0.0)).reshape(shape),
            np.exp(np.minimum(-logs, 0.0)).reshape(shape),
        )
        return tensor * factor

    # What comes out.

    def daily(self) -> Array:
        """The posterior of every day: shape ``(days, states)``, rows sum to one."""
        rows = np.empty((self.last - self.first + 1, len(self.chain.prior)))
        rows[0] = self._marginal(self._forward[self._points[0]], self._backward[self._points[0]])
        for index, (day, following) in enumerate(pairwise(self.days), start=1):
            done = self._points[index]
            rows[following - self.first] = self._marginal(self._forward[done], self._backward[done])
            gap = following - day
            if gap > 1:
                begun = self._points[index - 1]
                rows[day - self.first + 1 : following - self.first] = self._between(begun, gap)
        return rows

    def _between(self, begun: int, gap: int) -> Array:
        """The days strictly between two grid points; `begun` is the position before the step from one to the other."""
        step = self.steps[begun]
        assert isinstance(step, _Advance)
        powers = self.chain.powers(gap)
        before = self._advance(self._forward[begun], powers[1:gap], step.active)
        after = self._retreat(self._backward[begun + 1], powers[gap - 1 : 0 : -1], step.active)
        return _normalised(before * after)

    @staticmethod
    def _marginal(forward: Array, backward: Array) -> Array:
        return _normalised(forward * backward)

    def nearest(self, day: int, count: int) -> tuple[int, ...]:
        """The claims with a part in the posterior, those nearest in time to `day`, at most `count`, sorted."""
        if len(self._touched) <= count:
            return tuple(sorted(self._touched))
        position = self._points[self._grid_index(day)]
        distance = {
            claim: 0 if low <= position <= high else min(abs(low - position), abs(high - position))
            for claim, (low, high) in self._touched.items()
        }
        return tuple(sorted(sorted(distance, key=lambda claim: (distance[claim], claim))[:count]))

    def without(self, claims: Sequence[int], days: Sequence[int]) -> dict[int, Array]:
        """For each day of the grid `days` the posterior without each of `claims`: ``(claims, states)``."""
        if not claims:
            return {day: np.empty((0, len(self.chain.prior))) for day in days}
        left_out = {claim: variant for variant, claim in enumerate(claims)}
        positions = {day: self._points[self._grid_index(day)] for day in days}
        start = min(*positions.values(), *(self._touched[claim][0] for claim in claims))
        stop = max(*positions.values(), *(self._touched[claim][1] + 1 for claim in claims))
        wanted = set(positions.values())

        def spread(tensor: Array) -> Array:
            return np.repeat(tensor, len(claims), axis=0)

        forward = {
            position: tensor
            for position, tensor in enumerate(
                self._run_forward(spread(self._forward[start]), start, max(wanted), left_out), start
            )
            if position in wanted
        }
        backward = {
            stop - index: tensor
            for index, tensor in enumerate(
                self._run_backward(spread(self._backward[stop]), stop, min(wanted), left_out)
            )
            if stop - index in wanted
        }
        return {day: self._marginal(forward[position], backward[position]) for day, position in positions.items()}

    def _grid_index(self, day: int) -> int:
        return int(np.searchsorted(self.days, day))

    def snap(self, first: int, last: int) -> list[int]:
        """The grid days within `[first, last]`."""
        low, high = np.searchsorted(self.days, [first, last + 1])
        return self.days[low:high]


def _odds(tensor: Array, claim: int, logs: Array, left_out: dict[int, int]) -> Array:
    """The odds of a reading, in the shape of `tensor`: one for the variant in which the claim is left out."""
    odds = np.ones((len(tensor), *[1] * (tensor.ndim - 2), len(logs)))
    odds[:] = np.exp(logs - logs.max())
    if claim in left_out:
        odds[left_out[claim]] = 1.0
    return odds


def _scaled(tensor: Array) -> Array:
    """Each variant divided by its greatest value, so that long histories neither vanish nor overflow."""
    scaled: Array = tensor / tensor.max(axis=tuple(range(1, tensor.ndim)), keepdims=True)
    return scaled


def _normalised(product: Array) -> Array:
    """The posterior over states, one row a variant, from the product of both messages."""
    rows: Array = product.reshape(len(product), -1, product.shape[-1]).sum(axis=1)
    normalised: Array = rows / rows.sum(axis=1, keepdims=True)
    return normalised


def _within_memory(happenings: Sequence[Happening], memory: int) -> tuple[list[Happening], list[Happening]]:
    """The happenings that can be kept in mind together, and those that cannot; the closest dated have precedence."""
    days = np.unique([day for happening in happenings for day in (happening.start, happening.end)])
    levels: dict[tuple[str, ...], NDArray[np.int64]] = {}
    product = np.ones(len(days), dtype=np.int64)
    kept, dropped = [], []
    counted: set[tuple[tuple[str, ...], int, int]] = set()
    for happening in sorted(happenings, key=lambda one: (one.end - one.start, one.start, one.change.name, one.claim)):
        key = (happening.change.name, happening.start, happening.end)
        if key not in counted:
            span = slice(*np.searchsorted(days, [happening.start, happening.end]).tolist())
            count = levels.setdefault(happening.change.name, np.ones(len(days), dtype=np.int64))
            grown = product[span] // count[span] * (count[span] + 1)
            if grown.max() > memory:
                dropped.append(happening)
                continue
            product[span], count[span] = grown, count[span] + 1
            counted.add(key)
        kept.append(happening)
    return kept, dropped
