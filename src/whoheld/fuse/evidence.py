"""What a claim says of the hidden state: the likelihood table of docs/inference.md, in code."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from math import log

import numpy as np

from whoheld.fuse.lasting import Lasting
from whoheld.fuse.model import Array, Change, Happening, Mask, Reading, States
from whoheld.fuse.policy import Policy
from whoheld.fuse.succession import dated
from whoheld.fuse.witness import WEAK, Side, Statement
from whoheld.vocabulary import Extent, Kind, Modality, Succession

CONTESTED = "contested"


@dataclass(frozen=True, slots=True)
class Backing:
    """Days, inclusive, on which a state (held by `side`, or contested) is spoken for and can be answered.

    `held` says that the side held the place already on the day `first` (and did not take it then): if the support
    before it was the same side's, nobody is known to have held the place in between.
    """

    side: str
    first: int
    last: int
    held: bool = False


@dataclass(frozen=True, slots=True)
class Handover:
    """A dated change that is claimed: within `[earliest, latest]` into `taker`'s hands, out of `loser`'s."""

    taker: Side
    loser: Side
    taken: bool
    earliest: int
    latest: int


@dataclass(slots=True)
class Evidence:
    """Everything that a place's statements say, ready for the model. Claims are numbered as the statements are."""

    readings: list[Reading] = field(default_factory=list)
    happenings: list[Happening] = field(default_factory=list)
    backings: list[Backing] = field(default_factory=list)
    handovers: list[Handover] = field(default_factory=list)


def hidden_states(statements: Iterable[Statement], successions: Sequence[Succession] = ()) -> States:
    """The states that the statements tell apart: one for each side of which something is said, and what it became."""
    sides: set[str] = set()
    parts: set[Side] = set()
    for statement in statements:
        if statement.extent is Extent.NEAR or statement.kind in {Kind.CLASH, Kind.TRUCE}:
            continue
        actor = statement.actor if statement.kind not in WEAK else None
        sides |= {side for side in (actor, statement.opponent) if side is not None}
        if statement.extent is Extent.PART and actor is not None:
            parts.add(actor)
    for _, one in dated(successions):
        if one.old in sides:
            sides.add(one.new)
        if one.old in parts:
            parts.add(one.new)
    return States(sides, parts)


def weigh_evidence(
    statements: Sequence[Statement], states: States, policy: Policy, successions: Sequence[Succession] = ()
) -> Evidence:
    """The evidence in the statements, each by its weight; who speaks for a side speaks for what it became."""
    scale = _Scale(states, policy, _improbabilities(statements, policy))
    for number, statement in enumerate(statements):
        scale.add(number, statement)
    evidence = scale.evidence
    for day, one in dated(successions):
        evidence.backings = [part for whole in evidence.backings for part in _handed_on(whole, one, day)]
        evidence.handovers.append(Handover(one.new, one.old, True, day, day))
    return evidence


def _handed_on(backing: Backing, one: Succession, day: int) -> Iterator[Backing]:
    """A backing of the old side until the day before, and of the new one from the day on."""
    if backing.side != one.old or backing.last < day:
        yield backing
        return
    if backing.first < day:
        yield replace(backing, last=day - 1)
    yield replace(backing, side=one.new, first=max(day, backing.first), held=True)


def _improbabilities(statements: Sequence[Statement], policy: Policy) -> list[float]:
    """ln 1/p of a change just then, by the prior, for each statement: one that is true has to overcome it.

    Without it a claim would be believed the less the closer it is dated. It is no merit of the voice and is not
    tempered, and what two claims say of one change is improbable but once: the closer dated adds what it says more
    exactly than the vaguer ones that overlap it, and claims of the same days share.
    """
    alike: dict[tuple[Kind, Side, int, int], list[int]] = defaultdict(list)
    for number, said in enumerate(statements):
        if said.kind in {Kind.CAPTURE, Kind.LOSS} and said.modality is Modality.ASSERTED and not said.muddled:
            alike[said.kind, said.actor, said.earliest, said.latest].append(number)
    vaguest_first: dict[tuple[Kind, Side], list[tuple[int, int]]] = defaultdict(list)
    shares = [0.0] * len(statements)
    for (kind, actor, earliest, latest), numbers in sorted(
        alike.items(), key=lambda item: (item[0][2] - item[0][3], item[0][2])
    ):
        before = vaguest_first[kind, actor]
        overlapping = [last - first for first, last in before if first <= latest and earliest <= last]
        improbability = max(0.0, log(policy.change_every / (latest - earliest + 1)))
        already = max(0.0, log(policy.change_every / (min(overlapping) + 1))) if overlapping else 0.0
        for number in numbers:
            shares[number] = (improbability - already) / len(numbers)
        before.append((earliest, latest))
    return shares


class _Scale:
    """Puts statements on the scale, one method for each row of the table."""

    def __init__(self, states: States, policy: Policy, improbabilities: Sequence[float]) -> None:
        self.states, self.policy, self.evidence = states, policy, Evidence()
        self.improbabilities = improbabilities

    def add(self, number: int, said: Statement) -> None:
        if said.modality is Modality.PROSPECTIVE:
            self._planned(number, said)
        elif said.modality is Modality.DENIED:
            self._denied(number, said)
        elif said.extent is Extent.NEAR:
            self._contest(number, said, self.policy.near_odds)
        elif said.kind is Kind.CAPTURE:
            self._capture(number, said)
        elif said.kind is Kind.LOSS:
            self._loss(number, said)
        elif said.kind is Kind.HOLD:
            self._hold(number, said)
        elif said.kind is Kind.SIEGE:
            self._besieged(number, said)
        elif said.kind is Kind.CLASH:
            self._contest(number, said, self.policy.clash_odds)
            self._back(CONTESTED, said.earliest, said.latest + self.policy.contest_horizon)
        elif said.kind is Kind.STRIKE and said.opposed:
            logs = self._logs({state: log(self.policy.strike_odds) for state in self.states.held(said.opponent)})
            self._read_within(number, said, logs)

    # The rows.

    def _capture(self, number: int, said: Statement) -> None:
        states, policy = self.states, self.policy
        strength = log(policy.capture_odds)
        whole = states.mask([states.whole(said.actor)])
        if said.extent is Extent.PART:
            # Whoever takes a part of what another holds has made it contested; elsewhere it holds that part.
            partly = states.mask([states.part(said.actor), states.contested])
            self._happen(number, said, _change("part", said.actor, ~(whole | partly), partly), strength)
            if not said.divided:
                self._read(number, said, said.latest, self._logs({states.part(said.actor): log(policy.part_odds)}))
            self._back(CONTESTED, said.earliest, said.latest + policy.divided_horizon)
        else:
            self._happen(number, said, _change("take", said.actor, ~whole, whole), strength)
            self.evidence.handovers.append(Handover(said.actor, said.opponent, True, said.earliest, said.latest))
            if said.opposed and said.latest - said.earliest <= policy.narrow_width:
                logs = self._logs({state: log(policy.loser_odds) for state in states.held(said.opponent)})
                self._read(number, said, said.earliest - 1, logs)
                self._back(said.opponent, said.earliest - policy.hindsight, said.latest, held=True)
        self._back(said.actor, said.earliest, said.latest + policy.horizon)

    def _loss(self, number: int, said: Statement) -> None:
        states, policy = self.states, self.policy
        held = states.held(said.actor)
        if said.extent is Extent.PART:
            whole = states.whole(said.actor)
            logs = self._logs({state: 0.5 * log(policy.loss_odds) for state in range(len(states)) if state != whole})
            self._read(number, said, said.latest, logs)
            return
        strength = log(policy.loss_odds)
        self._happen(number, said, _change("leave", said.actor, states.mask(held), ~states.mask(held)), strength)
        self.evidence.handovers.append(Handover(None, said.actor, False, said.earliest, said.latest))
        if said.latest - said.earliest <= policy.narrow_width:  # else nobody knows how long before it was still held
            self._back(said.actor, said.earliest - policy.hindsight, said.latest, held=True)

    def _hold(self, number: int, said: Statement) -> None:
        states, policy = self.states, self.policy
        if said.lasting is not None:
            self._held_throughout(number, said, said.lasting)
            return
        strength = log(policy.hold_odds)
        whole, part = states.whole(said.actor), states.part(said.actor)
        if said.extent is Extent.PART:
            shared, own = (1.0, 0.5) if said.divided else (0.75, 1.0)
            logs = self._logs({whole: 0.3 * strength, states.contested: shared * strength} | {part: own * strength})
            self._back(CONTESTED, said.earliest, said.latest + policy.divided_horizon)
        else:
            logs = self._logs({states.contested: 0.2 * strength} | {part: 0.5 * strength} | {whole: strength})
        narrow = said.latest - said.earliest <= policy.narrow_width
        if narrow:
            self._read_within(number, said, logs)
        else:
            held = states.mask([part if said.extent is Extent.PART else whole])
            self._happen(number, said, _change(f"be {said.extent}", said.actor, ~states.mask([]), held), strength)
        self._back(said.actor, said.earliest, said.latest + policy.horizon, held=narrow)

    def _held_throughout(self, number: int, said: Statement, lasting: Lasting) -> None:
        """One factor on the whole path: it weighs the same however long the time is.

        To hold a place for long is improbable before anybody says so, as is a change on just one day.
        """
        states, policy = self.states, self.policy
        days = lasting.last - lasting.first
        whole, part = states.whole(said.actor), states.part(said.actor)
        kept = states.mask([part, states.contested])
        improbability = days / policy.change_every
        if said.extent is Extent.WHOLE:
            kept |= states.mask([whole])
        else:
            if said.divided:  # by all of whom it is said; two of them share the improbability
                kept, improbability = states.mask([states.contested]), days / policy.contest_lasts / 2
            self._back(CONTESTED, lasting.first, lasting.last + (policy.divided_horizon if lasting.ongoing else 0))
        verb = "end division" if said.divided else f"lapse {said.extent}"
        lapse = _change(verb, None if said.divided else said.actor, ~states.mask([]), ~kept)
        strength = log(policy.hold_odds) * said.weight + improbability
        happening = Happening(number, lapse, lasting.first - 1, lasting.last, -strength)
        self.evidence.happenings.append(happening)
        if said.extent is Extent.WHOLE and said.earliest < lasting.first:
            self.evidence.handovers.append(Handover(said.actor, None, True, said.earliest, lasting.first))
        until = lasting.last + (policy.horizon if lasting.ongoing else 0)
        self._back(said.actor, lasting.first, until, held=True)

    def _besieged(self, number: int, said: Statement) -> None:
        logs = {self.states.contested: log(self.policy.siege_contest_odds)}
        if said.opposed:
            logs |= {state: log(self.policy.siege_odds) for state in self.states.held(said.opponent)}
            self._back(said.opponent, said.earliest, said.latest + self.policy.horizon, held=True)
        self._read_within(number, said, self._logs(logs))

    def _contest(self, number: int, said: Statement, odds: float) -> None:
        self._read_within(number, said, self._logs({self.states.contested: log(odds)}))

    def _planned(self, number: int, said: Statement) -> None:
        """What a side plans to take it does not hold; what it plans to leave it holds."""
        if said.actor is None or said.extent is not Extent.WHOLE or said.kind not in {Kind.CAPTURE, Kind.LOSS}:
            return
        held = self.states.held(said.actor)
        odds = log(self.policy.planned_odds)
        logs = self._all_but(held, odds) if said.kind is Kind.CAPTURE else self._logs(dict.fromkeys(held, odds))
        self._read(number, said, said.latest, logs)

    def _denied(self, number: int, said: Statement) -> None:
        """The reverse, with less weight. What is denied of someone not named, or nearby, says nothing."""
        states, policy = self.states, self.policy
        if said.actor is None or said.extent is Extent.NEAR or said.kind in WEAK:
            return
        held = states.held(said.actor)
        still_holds = policy.denied * log(policy.loss_odds)
        if said.kind is Kind.LOSS:
            logs = self._logs(dict.fromkeys(held, still_holds))
            self._back(said.actor, said.earliest, said.latest + policy.contest_horizon)
        else:
            odds = policy.capture_odds if said.kind is Kind.CAPTURE else policy.hold_odds
            logs = self._all_but(held, policy.denied * log(odds))
            if said.kind is Kind.CAPTURE and said.opponent is not None:
                logs[states.held(said.opponent)] += still_holds
                self._back(said.opponent, said.earliest, said.latest + policy.contest_horizon)
        self._read(number, said, said.latest, logs)

    # The parts of a row.

    def _logs(self, odds: dict[int, float]) -> Array:
        logs = np.zeros(len(self.states))
        for state, value in odds.items():
            logs[state] = value
        return logs

    def _all_but(self, held: Iterable[int], value: float) -> Array:
        logs = np.full(len(self.states), value)
        logs[list(held)] = 0.0
        return logs

    def _read(self, number: int, said: Statement, day: int, logs: Array) -> None:
        self.evidence.readings.append(Reading(number, day, logs * said.weight))

    def _read_within(self, number: int, said: Statement, logs: Array) -> None:
        """A state throughout a few days: half of the weight on the first of them, half on the last.

        Of longer times it says too little of any one day to be used.
        """
        if said.latest - said.earliest <= self.policy.narrow_width:
            self._read(number, said, said.earliest, 0.5 * logs)
            self._read(number, said, said.latest, 0.5 * logs)

    def _happen(self, number: int, said: Statement, change: Change, strength: float) -> None:
        log_odds = strength * said.weight + self.improbabilities[number]
        self.evidence.happenings.append(Happening(number, change, said.earliest - 1, said.latest, log_odds))

    def _back(self, side: Side, first: int, last: int, *, held: bool = False) -> None:
        if side is not None:
            self.evidence.backings.append(Backing(side, first, last, held))


def _change(verb: str, side: Side, before: Mask, after: Mask) -> Change:
    return Change((verb, side or ""), before, after)
