"""The answer, read off the posterior: which spells, since when, how likely, and which claims carry them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from whoheld.fuse.evidence import CONTESTED, Backing, Evidence, Handover
from whoheld.fuse.model import Array, Inference, States
from whoheld.fuse.policy import Policy
from whoheld.fuse.witness import Statement, Witnesses
from whoheld.vocabulary import Bounds, Extent, Holder, Modality, Spell, State, Support

NEGLIGIBLE = 0.005  # log odds; what moves an answer by less neither supports nor dissents

# Intelligence Community Directive 203 (2015), "Analytic Standards", D.6.e(2)(a): the upper ends of its seven bands.
_LIKELIHOOD = (
    (0.05, "almost no chance"),
    (0.20, "very unlikely"),
    (0.45, "unlikely"),
    (0.55, "roughly even chance"),
    (0.80, "likely"),
    (0.95, "very likely"),
    (1.01, "almost certain"),
)


def likelihood_words(probability: float) -> str:
    """The words of ICD 203 for a probability from 0 to 1."""
    return next(words for limit, words in _LIKELIHOOD if probability < limit)


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Days, as ordinals and inclusive, on which the answer is the same. `side` is None unless it is held."""

    state: State
    side: str | None
    extent: Extent
    first: int
    last: int


def read_spells(
    inference: Inference,
    states: States,
    evidence: Evidence,
    witnesses: Witnesses,
    policy: Policy,
    became: Mapping[str, Holder],
) -> tuple[Spell, ...]:
    """The spells of a place, in time order, tiling the days from the first evidence to the last.

    The last spell, where it is held or contested, goes on until it is stale; unknown goes on for `policy.horizon`
    days after the last evidence, so that what ended a spell can still be quoted. `became` are holders that no claim
    names, because a side that is named became them.
    """
    named = _Named(states, inference.daily())
    stretches = _trimmed(_stretches(named, evidence.backings, inference.first, policy), witnesses.statements)
    cited = _cite(stretches, named, inference, witnesses, policy)
    named_holders = {holder.id: holder for statement in witnesses.statements for holder in statement.parties}
    holders = {**became, **named_holders}
    spells = []
    for index, stretch in enumerate(stretches):
        name, known = stretch.side or CONTESTED, stretch.state is not State.UNKNOWN
        contested = stretch.state is State.CONTESTED
        days = slice(stretch.first - inference.first, stretch.last - inference.first + 1)
        spells.append(
            Spell(
                stretch.state,
                date.fromordinal(stretch.first),
                date.fromordinal(stretch.last),
                holder=holders[stretch.side] if stretch.side else None,
                parties=_parties(stretches, index, witnesses.statements, holders, policy) if contested else (),
                extent=stretch.extent,
                start=_start(stretches, index, evidence.handovers),
                end=_end(stretches, index, evidence.handovers),
                likelihood=likelihood_words(float(named.table[days, named.names.index(name)].mean())) if known else "",
                support=cited[index][0],
                dissent=cited[index][1],
            )
        )
    return tuple(spells)


class _Named:
    """The daily posterior of what can be answered: each side (whole or part together), and contested."""

    def __init__(self, states: States, daily: Array) -> None:
        self.states, self.daily = states, daily
        self.columns = {CONTESTED: [states.contested]} | {side: states.held(side) for side in states.sides}
        self.names = tuple(self.columns)
        self.table = self.of(daily)

    def of(self, rows: Array) -> Array:
        """Probabilities of the answers, ``(rows, names)``, from those of the states."""
        return np.stack([rows[:, columns].sum(axis=1) for columns in self.columns.values()], axis=1)

    def in_part(self) -> NDArray[np.bool_]:
        """Whether a side rather holds a part than the whole: ``(days, names)``."""
        mask = np.zeros_like(self.table, dtype=bool)
        for side in self.states.parts:
            part, whole = self.states.part(side), self.states.whole(side)
            mask[:, self.names.index(side)] = self.daily[:, part] > self.daily[:, whole]
        return mask

    def answer(self, rows: Array, state: State, name: str) -> Array:
        """The probability of an answer in each of `rows`; of unknown, that `name` does not hold the place."""
        column: Array = self.of(rows)[:, self.names.index(name)]
        return 1.0 - column if state is State.UNKNOWN else column


def _stretches(named: _Named, backings: Iterable[Backing], first: int, policy: Policy) -> list[_Stretch]:
    """Held and contested need the posterior and somebody who says so, not long before; all else is unknown."""
    backed = np.zeros_like(named.table, dtype=bool)
    for backing in _bridged(backings, policy.horizon):
        backed[max(0, backing.first - first) : max(0, backing.last - first + 1), named.names.index(backing.side)] = True
    least = np.full(len(named.names), policy.held_at_least)
    least[0] = policy.contested_at_least
    answered = backed & (named.table >= least)
    choice = np.where(answered.any(axis=1), answered.argmax(axis=1), -1)
    partly = (choice >= 0) & named.in_part()[np.arange(len(choice)), choice]
    begins = [0, *(np.flatnonzero((np.diff(choice) != 0) | (np.diff(partly) != 0)) + 1).tolist(), len(choice)]
    stretches = []
    for begin, following in pairwise(begins):
        name = named.names[choice[begin]] if choice[begin] >= 0 else None
        state = State.UNKNOWN if name is None else State.CONTESTED if name == CONTESTED else State.HELD
        stretches.append(
            _Stretch(
                state,
                name if state is State.HELD else None,
                Extent.PART if partly[begin] else Extent.WHOLE,
                first + begin,
                first + following - 1,
            )
        )
    return stretches


def _bridged(backings: Iterable[Backing], horizon: int) -> Iterator[Backing]:
    """The backings, and the gaps between two of them where one side is said to hold the place at both ends.

    Whether it did so throughout is for the posterior to say; but nobody else is spoken of in between, and the gap is no
    longer than `horizon` days: in a longer silence a place can change hands twice.
    """
    before: Backing | None = None
    for backing in sorted(backings, key=lambda one: (one.first, one.last, one.side, one.held)):
        yield backing
        if backing.side == CONTESTED:
            continue
        same = before is not None and backing.held and before.side == backing.side
        if before is not None and same and 0 < backing.first - before.last <= horizon:
            yield replace(backing, first=before.last + 1, last=backing.first - 1)
        if before is None or before.last <= backing.last or before.side != backing.side:
            before = backing


def _trimmed(stretches: list[_Stretch], statements: Sequence[Statement]) -> list[_Stretch]:
    """Without what is unknown before the first day that is spoken of, and after the last known spell went stale."""
    spoken_from = min(statement.earliest for statement in statements)
    spoken_to = max(statement.latest for statement in statements)
    if stretches[0].state is State.UNKNOWN:
        head, *stretches = stretches
        if head.last >= spoken_from:
            stretches = [replace(head, first=max(head.first, spoken_from)), *stretches]
    if len(stretches) > 1 and stretches[-1].state is State.UNKNOWN and stretches[-1].first > spoken_to:
        stretches = stretches[:-1]
    return stretches


# --- when it began and ended --------------------------------------------------------------------------------


def _start(stretches: Sequence[_Stretch], index: int, handovers: Sequence[Handover]) -> Bounds | None:
    """The closest dated claim that the holder took the place then; of unknown, that the last holder lost it."""
    stretch = stretches[index]
    before = stretches[index - 1] if index else None
    if stretch.state is State.UNKNOWN and before is not None and before.state is State.HELD:
        loss = _closest(_endings(before, handovers))
        return _bounds(loss) if loss and not loss.taken else None
    if stretch.state is not State.HELD or (before is not None and before.side == stretch.side):
        return None
    return _bounds(
        _closest(
            handover
            for handover in handovers
            if handover.taken
            and handover.taker == stretch.side
            and handover.earliest <= stretch.first <= handover.latest + _LATE
        )
    )


def _end(stretches: Sequence[_Stretch], index: int, handovers: Sequence[Handover]) -> Bounds | None:
    stretch = stretches[index]
    if stretch.state is State.HELD:
        after = stretches[index + 1] if index + 1 < len(stretches) else None
        if after is not None and after.side == stretch.side:
            return None
        return _bounds(_closest(_endings(stretch, handovers)))
    return _start(stretches, index + 1, handovers) if index + 1 < len(stretches) else None


_LATE = 3  # days that an answer may need, after a change, until enough has been said of it


def _endings(stretch: _Stretch, handovers: Iterable[Handover]) -> Iterator[Handover]:
    """The claimed changes that can have ended a spell of `stretch.side`."""
    for handover in handovers:
        ended = handover.taker != stretch.side if handover.taken else handover.loser == stretch.side
        if ended and handover.earliest - 1 <= stretch.last + _LATE and stretch.last <= handover.latest:
            yield handover


def _closest(handovers: Iterable[Handover]) -> Handover | None:
    return min(handovers, key=lambda one: (one.latest - one.earliest, one.earliest, not one.taken), default=None)


def _bounds(handover: Handover | None) -> Bounds | None:
    if handover is None:
        return None
    return Bounds(date.fromordinal(handover.earliest), date.fromordinal(handover.latest))


UNNAMED = Holder("unknown", "someone not named")


def _parties(
    stretches: Sequence[_Stretch],
    index: int,
    statements: Iterable[Statement],
    holders: Mapping[str, Holder],
    policy: Policy,
) -> tuple[Holder, ...]:
    """Everybody who is said to hold, take or fight for the place during the spell, or not long before it.

    Where that is one side alone, the other is the one that held the place last, or else next; or it is not known.
    """
    stretch = stretches[index]
    parties = {
        party
        for said in statements
        if said.modality is Modality.ASSERTED and said.extent is not Extent.NEAR
        if said.earliest <= stretch.last and said.latest >= stretch.first - policy.contest_horizon
        for party in said.parties
    }
    if len({party.id for party in parties}) < 2:
        around = [*reversed(stretches[:index]), *stretches[index + 1 :]]
        others = (holders[one.side] for one in around if one.side and holders[one.side] not in parties)
        parties.add(next(others, UNNAMED))
    if len({party.id for party in parties}) < 2:
        parties.add(UNNAMED)
    return tuple(sorted(parties, key=lambda holder: (holder.id, holder.name)))


# --- who says so --------------------------------------------------------------------------------------------


def _cite(
    stretches: Sequence[_Stretch], named: _Named, inference: Inference, witnesses: Witnesses, policy: Policy
) -> list[tuple[tuple[Support, ...], tuple[Support, ...]]]:
    """Support and dissent of each stretch: by how much the log odds of its answer fall, on its best day, without it.

    Stretches that share their claims share one run of the model.
    """
    names = [_asked(stretches, index, named, inference.first) for index in range(len(stretches))]
    days = [_best_day(stretch, name, named, inference) for stretch, name in zip(stretches, names, strict=True)]
    together: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for index, day in enumerate(days):
        together[inference.nearest(day, policy.cited_at_most)].append(index)
    cited: dict[int, tuple[tuple[Support, ...], tuple[Support, ...]]] = {}
    for claims, indices in together.items():
        left_out = inference.without(claims, sorted({days[index] for index in indices}))
        for index in indices:
            row = named.daily[days[index] - inference.first]
            rows = np.concatenate([row[np.newaxis], left_out[days[index]]])
            odds = _log_odds(named.answer(rows, stretches[index].state, names[index]))
            weights = {
                witnesses.statements[claim].claim_id: round(float(odds[0] - without), 4)
                for claim, without in zip(claims, odds[1:], strict=True)
            }
            cited[index] = _sides(weights, witnesses)
    return [cited[index] for index in range(len(stretches))]


def _asked(stretches: Sequence[_Stretch], index: int, named: _Named, first: int) -> str:
    """What a stretch's support is weighed for: its answer, or, where it is unknown, that it is not this one.

    That is the side that held the place last; before any did, the likeliest answer.
    """
    stretch = stretches[index]
    if stretch.state is not State.UNKNOWN:
        return stretch.side or CONTESTED
    last_held = next((earlier.side for earlier in reversed(stretches[:index]) if earlier.side), None)
    likeliest = named.table[stretch.first - first : stretch.last - first + 1].mean(axis=0).argmax()
    return last_held or named.names[int(likeliest)]


def _best_day(stretch: _Stretch, name: str, named: _Named, inference: Inference) -> int:
    """The day of the grid on which the stretch's answer is likeliest; the nearest one where none lies in it."""
    days = inference.snap(stretch.first, stretch.last)
    if not days:
        return min(inference.days, key=lambda day: (min(abs(day - stretch.first), abs(day - stretch.last)), day))
    rows = named.daily[[day - inference.first for day in days]]
    return days[int(named.answer(rows, stretch.state, name).argmax())]


def _sides(weights: Mapping[str, float], witnesses: Witnesses) -> tuple[tuple[Support, ...], tuple[Support, ...]]:
    """Supporting and dissenting claims, the weightiest first; echoes follow their witness and weigh nothing."""
    support: list[Support] = []
    dissent: list[Support] = []
    for claim_id, weight in sorted(weights.items(), key=lambda item: (-abs(item[1]), item[0])):
        if abs(weight) < NEGLIGIBLE:
            continue
        side = support if weight > 0 else dissent
        side.append(Support(claim_id, weight))
        side.extend(Support(echo, 0.0) for echo in witnesses.echoes.get(claim_id, ()))
    return tuple(support), tuple(dissent)


def _log_odds(probabilities: Array) -> Array:
    clipped = np.clip(probabilities, 1e-12, 1 - 1e-12)
    odds: Array = np.log(clipped) - np.log1p(-clipped)
    return odds
