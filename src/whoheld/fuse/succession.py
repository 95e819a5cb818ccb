"""Sides that become others: a merger, a change of name, one going over to another with all that it holds.

The registry says who became whom and when; here a place's holder follows. Until the day the place is the old side's,
from that day the new one's, without a claim of a change of hands: nobody reports that a town whose holder was renamed
was taken. Two actors that an analyst merged are one throughout.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from whoheld.fuse.model import Passage, States
from whoheld.fuse.witness import Side, Statement, recredited
from whoheld.vocabulary import Holder, Succession


def relevant(successions: Iterable[Succession], sides: Iterable[Side]) -> tuple[Succession, ...]:
    """Those that begin with one of `sides`, or with what one of these became, in a fixed order."""
    found: set[Succession] = set()
    reached = set(sides)
    waiting = set(successions)
    while added := {one for one in waiting if one.old in reached}:
        found |= added
        waiting -= added
        reached |= {one.new for one in added}
    return tuple(sorted(found, key=lambda one: (one.day or date.min, one.old, one.new)))


def renamed(statement: Statement, successions: Sequence[Succession]) -> Statement:
    """The statement with each side as it was called when that was: "Nusra" of a day after it had become another."""
    for one in successions:
        if one.day is None or statement.earliest >= one.day.toordinal():
            statement = _renamed(statement, one)
    return statement


def _renamed(said: Statement, one: Succession) -> Statement:
    if one.old not in {said.actor, said.opponent, *said.joint, *(party.id for party in said.parties)}:
        return said

    parties = {Holder(one.new, one.new_name) if party.id == one.old else party for party in said.parties}
    return replace(
        recredited(said, {one.old: one.new}),
        parties=tuple(sorted(parties, key=lambda holder: (holder.id, holder.name))),
        joint=frozenset(one.new if side == one.old else side for side in said.joint),
    )


def dated(successions: Iterable[Succession]) -> list[tuple[int, Succession]]:
    """The successions that have a day, as an ordinal, in order of time."""
    return [(one.day.toordinal(), one) for one in successions if one.day is not None]


def passages(successions: Iterable[Succession], states: States) -> list[Passage]:
    """For each dated succession, where every state goes on that day: a matrix of zeros and ones, rows sum to one."""
    found = []
    for day, one in dated(successions):
        matrix = np.eye(len(states))
        for old, new in ((states.whole(one.old), states.whole(one.new)), (states.part(one.old), states.part(one.new))):
            matrix[old] = 0.0
            matrix[old, new] = 1.0
        found.append(Passage(day, matrix))
    return found


def holders(successions: Iterable[Succession]) -> Mapping[str, Holder]:
    """The holders that successions bring in, by id."""
    return {one.new: Holder(one.new, one.new_name) for one in successions}
