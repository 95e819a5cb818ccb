"""Analysts' decisions, replayed over the claims: what stands, and what was put in its place."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from whoheld.vocabulary import (
    Actor,
    Bounds,
    Decision,
    Entry,
    Extent,
    Factuality,
    Kind,
    Mention,
    Modality,
    Place,
    ResolvedActor,
    ResolvedClaim,
    ResolvedPlace,
    ResolvedTime,
    Testimony,
    TimeType,
    Verdict,
)

_PLAIN_FACTUALITY = {
    Modality.ASSERTED: Factuality.CT_PLUS,
    Modality.DENIED: Factuality.CT_MINUS,
    Modality.PROSPECTIVE: Factuality.UU,
}


@dataclass(frozen=True, slots=True)
class Standing:
    """A testimony as it stands after all decisions; `accepted` where an analyst vouches for it.

    `decisions` are those in force on it, oldest first; a rejected claim stands no more, and is kept to be counted.
    """

    testimony: Testimony
    decisions: tuple[Decision, ...] = ()
    accepted: bool = False
    rejected: bool = False


def replay_decisions(entries: Iterable[Entry]) -> list[Standing]:
    """Every claim once, by claim id, with the decisions on it replayed in sequence. Order of `entries` is no matter."""
    testimonies: dict[str, Testimony] = {}
    in_force: dict[str, list[Decision]] = defaultdict(list)
    for entry in sorted(entries, key=lambda entry: entry.sequence):
        body = entry.body
        if isinstance(body, Testimony):
            testimonies.setdefault(body.claim.claim.id, body)
        elif body.verdict is not Verdict.UNDO:
            in_force[body.claim_id].append(body)
        elif in_force[body.claim_id]:
            in_force[body.claim_id].pop()
    known = _Known(testimonies.values())
    return [_stand(testimony, tuple(in_force.get(key, ())), known) for key, testimony in sorted(testimonies.items())]


def _stand(testimony: Testimony, decisions: tuple[Decision, ...], known: _Known) -> Standing:
    accepted = rejected = False
    claim = testimony.claim
    for decision in decisions:
        if decision.verdict is Verdict.CORRECT:
            claim = _correct(claim, {field: json.loads(value) for field, value in decision.correction}, known)
        else:
            accepted, rejected = decision.verdict is Verdict.ACCEPT, decision.verdict is Verdict.REJECT
    return Standing(replace(testimony, claim=claim), decisions, accepted, rejected)


class _Known:
    """The places and sides that occur in the entries, so that a correction can name them by id."""

    def __init__(self, testimonies: Iterable[Testimony]) -> None:
        self.places: dict[str, Place] = {}
        self.actors: dict[str, Actor] = {}
        for testimony in sorted(testimonies, key=lambda testimony: testimony.claim.claim.id):
            claim = testimony.claim
            for place in (claim.place.place, *(candidate.place for candidate in claim.place.candidates)):
                if place is not None:
                    self.places.setdefault(place.id, place)
            for participant in (*claim.actors, *claim.opponents):
                if actor := participant.actor:
                    self.actors.setdefault(actor.side, Actor(actor.side, actor.side_name, actor.side, actor.side_name))

    def place(self, value: str | Mapping[str, Any]) -> Place | None:
        if isinstance(value, str):
            return self.places.get(value)
        fields = {name: value[name] for name in Place.__slots__ if name in value}
        return Place(**fields)

    def actor(self, value: str | Mapping[str, Any]) -> Actor | None:
        key = value if isinstance(value, str) else value.get("id")
        if not key:
            return None
        name = key if isinstance(value, str) else value.get("name") or key
        return self.actors.get(key) or Actor(key, name, key, name)


def _correct(claim: ResolvedClaim, fields: Mapping[str, Any], known: _Known) -> ResolvedClaim:
    inner = claim.claim
    if "kind" in fields:
        inner = replace(inner, kind=Kind(fields["kind"]))
    if "modality" in fields:
        inner = replace(inner, factuality=_PLAIN_FACTUALITY[Modality(fields["modality"])])
    if "factuality" in fields:
        inner = replace(inner, factuality=Factuality(fields["factuality"]))
    if "extent" in fields:
        inner = replace(inner, place=replace(inner.place, extent=Extent(fields["extent"])))
    claim = replace(claim, claim=inner)
    if "actors" in fields:
        claim = replace(claim, actors=_actors(inner.trigger, fields["actors"], known))
    if "opponents" in fields:
        claim = replace(claim, opponents=_actors(inner.trigger, fields["opponents"], known))
    if "place" in fields:
        claim = replace(claim, place=ResolvedPlace(claim.place.mention, known.place(fields["place"])))
    if "when" in fields:
        claim = replace(claim, when=_when(fields["when"]))
    return claim


def _actors(mention: Mention, values: Iterable[str | Mapping[str, Any]], known: _Known) -> tuple[ResolvedActor, ...]:
    return tuple(ResolvedActor(mention, known.actor(value)) for value in values)


def _when(value: Mapping[str, str | None] | None) -> ResolvedTime | None:
    if value is None:
        return None
    earliest, latest = value.get("earliest"), value.get("latest")
    bounds = Bounds(
        date.fromisoformat(earliest) if earliest else None,
        date.fromisoformat(latest) if latest else None,
    )
    return ResolvedTime(None, TimeType.DATE, "", bounds=bounds)
