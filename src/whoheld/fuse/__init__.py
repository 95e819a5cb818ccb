"""fuse: Entry -> Timeline. Who held each place, when, and which claims carry the answer.

A timeline is a pure function of claims, decisions, policy and :data:`VERSION`. The model is in docs/inference.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import date

from whoheld.fuse.evidence import Evidence, hidden_states, weigh_evidence
from whoheld.fuse.model import Array, HiddenState, Inference, States, chain_for
from whoheld.fuse.policy import DEFAULT, Policy
from whoheld.fuse.replay import Standing, replay_decisions
from whoheld.fuse.spells import read_spells
from whoheld.fuse.succession import holders, passages, relevant, renamed
from whoheld.fuse.witness import Unusable, Witnesses, credit_principals, find_witnesses, state_claim
from whoheld.vocabulary import Entry, Place, Spell, Succession, Timeline, content_id

__all__ = ["VERSION", "Policy", "fuse_claims", "posterior", "set_aside", "state_on"]

VERSION = "fuse/3"
"""Part of every timeline's hash: raise it with any change that can alter an answer."""


def fuse_claims(entries: Iterable[Entry], *, policy: Policy = DEFAULT) -> tuple[Timeline, ...]:
    """One timeline for each place that a standing claim is pinned to, by place id.

    The order of `entries` is no matter, nor is an entry that comes twice. Claims without a place are left out;
    a place of which nothing usable is said has a timeline without spells.
    """
    cases = _cases(entries, policy)
    return tuple(_fuse(cases[key], policy) for key in sorted(cases))


def posterior(
    entries: Iterable[Entry], policy: Policy = DEFAULT
) -> tuple[tuple[date, ...], tuple[HiddenState, ...], Array]:
    """The daily posterior of the one place that `entries` are about: days, states, and a ``(days, states)`` matrix.

    Rows sum to one. Raises ValueError where the entries are about several places, or nothing usable is said.
    """
    cases = list(_cases(entries, policy).values())
    if len(cases) != 1 or not cases[0].witnesses.statements:
        raise ValueError(f"posterior() needs usable claims about one place, not about {len(cases)}")
    inference, states, _ = _infer(cases[0], policy)
    days = tuple(date.fromordinal(day) for day in range(inference.first, inference.last + 1))
    return days, states.all, inference.daily()


def state_on(timeline: Timeline, day: date) -> Spell | None:
    """The spell that is drawn on `day`; None before the first evidence, and after the last answer went stale."""
    return next((spell for spell in timeline.spells if spell.first <= day <= spell.last), None)


def set_aside(entries: Iterable[Entry], *, policy: Policy = DEFAULT) -> dict[str, str]:
    """The claims that weigh nothing by themselves, with the reason: rejected, unusable, echoes, too vague."""
    aside: dict[str, str] = {}
    entries = list(entries)
    for standing in replay_decisions(entries):
        claim_id = standing.testimony.claim.claim.id
        if standing.rejected:
            aside[claim_id] = "an analyst rejected it"
        elif standing.testimony.claim.place.place is None:
            aside[claim_id] = "its place is not known"
    for case in _cases(entries, policy).values():
        aside |= case.unusable
        for witness, echoes in case.witnesses.echoes.items():
            aside |= dict.fromkeys(echoes, f"it repeats {witness}")
        if case.witnesses.statements:
            for happening in _infer(case, policy)[0].dropped:
                claim_id = case.witnesses.statements[happening.claim].claim_id
                aside[claim_id] = "it is dated too vaguely beside so many others"
    return aside


@dataclass(frozen=True, slots=True)
class _Case:
    """Everything that is said of one place."""

    place: Place
    standings: Sequence[Standing]
    witnesses: Witnesses
    unusable: Mapping[str, str]
    successions: tuple[Succession, ...] = ()


def _cases(entries: Iterable[Entry], policy: Policy) -> dict[str, _Case]:
    standings = replay_decisions(entries)
    copies = {
        standing.testimony.report.id: standing.testimony.report.copy_of
        for standing in standings
        if standing.testimony.report.copy_of is not None
    }
    by_place: dict[str, list[Standing]] = defaultdict(list)
    for standing in standings:
        place = standing.testimony.claim.place.place
        if place is not None and not standing.rejected:
            by_place[place.id].append(standing)
    return {key: _case(group, copies, policy) for key, group in by_place.items()}


def _case(standings: Sequence[Standing], copies: Mapping[str, str], policy: Policy) -> _Case:
    statements, unusable = [], {}
    for standing in standings:
        try:
            statements.append(state_claim(standing, policy))
        except Unusable as reason:
            unusable[standing.testimony.claim.claim.id] = str(reason)
    place = standings[0].testimony.claim.place.place
    assert place is not None  # only claims with a place are grouped by it
    sides = {party.id for said in statements for party in said.parties}
    successions = relevant(policy.successions, sides)
    statements = [renamed(said, successions) for said in statements]
    witnesses = find_witnesses(credit_principals(statements, policy), copies, policy)
    return _Case(place, standings, witnesses, unusable, successions)


def _infer(case: _Case, policy: Policy) -> tuple[Inference, States, Evidence]:
    witnesses = case.witnesses
    states = hidden_states(witnesses.statements, case.successions)
    successions = [one for one in case.successions if {one.old, one.new} <= set(states.sides)]
    evidence = weigh_evidence(witnesses.statements, states, policy, successions)
    parts = tuple(states.sides.index(side) for side in states.parts)
    first = min(statement.earliest for statement in witnesses.statements) - policy.hindsight - 1
    last = max(statement.latest for statement in witnesses.statements) + policy.horizon
    inference = Inference(
        chain_for(policy, len(states.sides), parts),
        evidence.readings,
        evidence.happenings,
        max(1, first),
        min(last, date.max.toordinal()),
        memory=policy.memory,
        passages=passages(successions, states),
    )
    return inference, states, evidence


def _fuse(case: _Case, policy: Policy) -> Timeline:
    claims = [standing.testimony.claim.claim.id for standing in case.standings]
    decisions = [
        (decision.claim_id, decision.verdict, decision.by, decision.note, decision.correction)
        for standing in case.standings
        for decision in standing.decisions
    ]
    settings = astuple(replace(policy, successions=()))
    became = [(one.old, one.new, str(one.day or "")) for one in case.successions]
    key = content_id(VERSION, case.place.id, claims, decisions, settings, became)
    if not case.witnesses.statements:
        return Timeline(case.place, (), key)
    inference, states, evidence = _infer(case, policy)
    spells = read_spells(inference, states, evidence, case.witnesses, policy, holders(case.successions))
    return Timeline(case.place, spells, key)
