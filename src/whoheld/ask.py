"""Questions to a ledger: who held a place, what its timeline is, what changed between two days, and who says so."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from whoheld.errors import UnknownPlace
from whoheld.fuse import fuse_claims, set_aside, state_on
from whoheld.fuse.hierarchy import relate, relation, remarks
from whoheld.fuse.policy import DEFAULT, Policy
from whoheld.fuse.replay import replay_decisions
from whoheld.plugins import Ledger
from whoheld.resolve.actors import open_registry
from whoheld.resolve.gazetteer import open_gazetteer
from whoheld.resolve.names import fold
from whoheld.resolve.places import describe, search
from whoheld.vocabulary import (
    Answer,
    Bounds,
    Cited,
    Entry,
    Kind,
    Modality,
    Place,
    Related,
    Spell,
    State,
    Support,
    Testimony,
    Timeline,
)

if TYPE_CHECKING:
    from whoheld.resolve.gazetteer import Gazetteer

__all__ = [
    "Change",
    "KnownPlace",
    "changes_between",
    "places_known",
    "resolve_place_query",
    "timeline_of",
    "timelines",
    "usual_policy",
    "who_held",
]

_AROUND = 120  # days from a claim to a day that it speaks of the time of


@dataclass(frozen=True, slots=True)
class Change:
    """A place has another answer than before. `day` is the day it is drawn on, `when` the days it can have been.

    `before` is None where nothing was known of the place.
    """

    place: Place
    day: date
    when: Bounds | None
    before: Spell | None
    after: Spell
    support: tuple[Cited, ...] = ()


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """A place that reports speak of: how many claims stand on it, and the last answer that is not unknown."""

    place: Place
    claims: int
    last: Spell | None


# --- questions ----------------------------------------------------------------------------------------------


def who_held(
    ledger: Ledger,
    place_query: str = "",
    *,
    on: date | None = None,
    as_of: date | None = None,
    place_id: str | None = None,
    policy: Policy | None = None,
    gazetteer: Gazetteer | None = None,
) -> Answer:
    """Who held a place on a day, as far as the ledger knows, with the claims for and against.

    `place_query` is "name", "name, province" or "name, province, country" in any spelling; `place_id` goes before it.
    Without `on` the day of the last evidence is meant, and the answer's notes say so. With `as_of` only reports that
    were published by then count; analysts' decisions always do, as they correct the reading and not the world.
    Unknown is an answer: the notes say why. Raises UnknownPlace and AmbiguousPlace.
    """
    policy = policy or usual_policy()
    place = resolve_place_query(ledger, place_query, place_id=place_id, gazetteer=gazetteer)
    file = _open_file(ledger, place, as_of, policy)
    notes = []
    if on is None:
        last = file.last_evidence()
        on = last or as_of or date.today()
        notes.append(f"No day was asked for: this is {'the day of the last evidence' if last else 'today'}, {on}.")
        if not last and as_of:
            notes[-1] = f"No day was asked for: this is the last day that counts, {as_of}."
    if as_of and on > as_of:
        notes.append(f"{on} lies after {as_of}: the answer is what was last known then.")
    spell = state_on(file.timeline, on) or Spell(State.UNKNOWN, on, on)
    cited = spell
    if spell.state is State.UNKNOWN:
        notes += _why_unknown(ledger, file, on, spell)
        if not spell.support and not spell.dissent and (nearest := file.nearest(on)):
            cited = replace(spell, support=tuple(Support(one.claim_id, 0.0) for one in nearest.support))
            notes.append("The claims shown are the nearest in time; they do not reach this day.")
    related = _related(ledger, file, on, policy)
    notes += [*_became(file, spell, policy), *remarks(place, spell, related)]
    return Answer(place, on, as_of, spell, file.cite(cited.support), file.cite(cited.dissent), tuple(notes), related)


def timeline_of(
    ledger: Ledger,
    place_query: str = "",
    *,
    as_of: date | None = None,
    place_id: str | None = None,
    policy: Policy | None = None,
    gazetteer: Gazetteer | None = None,
) -> Timeline:
    """The timeline of a place; one without spells where nobody spoke of it. Raises UnknownPlace, AmbiguousPlace."""
    place = resolve_place_query(ledger, place_query, place_id=place_id, gazetteer=gazetteer)
    return _open_file(ledger, place, as_of, policy or usual_policy()).timeline


def timelines(ledger: Ledger, *, as_of: date | None = None, policy: Policy | None = None) -> tuple[Timeline, ...]:
    """The timelines of all places that somebody spoke of, by place id."""
    return fuse_claims(ledger.entries(published_by=as_of), policy=policy or usual_policy())


def places_known(ledger: Ledger, *, as_of: date | None = None, policy: Policy | None = None) -> tuple[KnownPlace, ...]:
    """The places that somebody spoke of, by country, province and name."""
    entries = list(ledger.entries(published_by=as_of))
    pinned = (one.claim.place.place for one in _testimonies(entries).values())
    claims = Counter(place.id for place in pinned if place)
    known = (
        KnownPlace(
            timeline.place,
            claims[timeline.place.id],
            next((spell for spell in reversed(timeline.spells) if spell.state is not State.UNKNOWN), None),
        )
        for timeline in fuse_claims(entries, policy=policy or usual_policy())
    )
    return tuple(sorted(known, key=lambda one: (one.place.country, one.place.admin1, one.place.name, one.place.id)))


def changes_between(
    ledger: Ledger, since: date, until: date, *, as_of: date | None = None, policy: Policy | None = None
) -> tuple[Change, ...]:
    """What changed from `since` to `until`, both inclusive, in order of the days that the changes are drawn on.

    Each change falls on one day, so that windows that tile time tile the changes too. An answer that only went
    stale is no change, nor is it one when somebody says the same again later. Raises ValueError if `until` is
    before `since`.
    """
    if until < since:
        raise ValueError(f"{until} is before {since}")
    entries = list(ledger.entries(published_by=as_of))
    testimonies = _testimonies(entries)
    found = [
        replace(change, support=_cite(change.after.support, testimonies))
        for timeline in fuse_claims(entries, policy=policy or usual_policy())
        for change in _changes(timeline)
        if since <= change.day <= until
    ]
    return tuple(sorted(found, key=lambda change: (change.day, change.place.id)))


def resolve_place_query(
    ledger: Ledger, query: str, *, place_id: str | None = None, gazetteer: Gazetteer | None = None
) -> Place:
    """The place that a person means; places that the ledger speaks of go before others of the name.

    `place_id` ("geonames:173361", or only the number) settles it. Raises UnknownPlace, with suggestions from the
    ledger first, or AmbiguousPlace.
    """
    known = {place.id: place for place in ledger.places()}
    if place_id is not None:
        key = f"geonames:{place_id}" if place_id.isdecimal() else place_id
        if key in known:
            return known[key]
        with _gazetteer(gazetteer) as places:
            found = places.place(key)
        if found is None:
            raise UnknownPlace(place_id)
        return found
    with _gazetteer(gazetteer) as places:
        try:
            return search(places, query, known=known.keys())
        except UnknownPlace as unknown:
            namesakes = [place for place in known.values() if fold(place.name) == fold(query)]
            if len(namesakes) == 1:  # a place that an analyst added by a correction
                return namesakes[0]
            near = [describe(place) for place in _resembling(query, known.values())]
            raise UnknownPlace(query, tuple(dict.fromkeys((*near, *unknown.suggestions)))[:6]) from None


def usual_policy() -> Policy:
    """The settings where none are given: the defaults, with what became of whom by the registry of actors."""
    return replace(DEFAULT, successions=open_registry().successions())


# --- one place ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _File:
    """Everything known of one place by a day, and what follows from it."""

    place: Place
    as_of: date | None
    timeline: Timeline
    testimonies: dict[str, Testimony]
    aside: dict[str, str]

    def cite(self, supports: Iterable[Support]) -> tuple[Cited, ...]:
        return _cite(supports, self.testimonies)

    def last_evidence(self) -> date | None:
        """The last day that a claim which counts speaks of."""
        days = (_spoken_of(one) for key, one in self.testimonies.items() if key not in self.aside)
        return max((day for day in days if day), default=None)

    def nearest(self, day: date) -> Spell | None:
        """The spell with claims behind it that is drawn nearest to `day`."""
        spells = [spell for spell in self.timeline.spells if spell.support]
        return min(spells, key=lambda s: max((s.first - day).days, (day - s.last).days), default=None)


def _open_file(ledger: Ledger, place: Place, as_of: date | None, policy: Policy) -> _File:
    entries = list(ledger.entries(place_id=place.id, published_by=as_of))
    fused = (timeline for timeline in fuse_claims(entries, policy=policy) if timeline.place.id == place.id)
    testimonies = {
        key: one
        for key, one in _testimonies(entries).items()
        if one.claim.place.place is not None and one.claim.place.place.id == place.id
    }
    return _File(place, as_of, next(fused, Timeline(place)), testimonies, set_aside(entries, policy=policy))


def _testimonies(entries: Sequence[Entry]) -> dict[str, Testimony]:
    """The claims as they stand after the analysts' decisions, by claim id."""
    return {
        standing.testimony.claim.claim.id: standing.testimony
        for standing in replay_decisions(entries)
        if not standing.rejected
    }


def _cite(supports: Iterable[Support], testimonies: dict[str, Testimony]) -> tuple[Cited, ...]:
    return tuple(Cited(testimonies[one.claim_id], one.weight) for one in supports if one.claim_id in testimonies)


def _spoken_of(testimony: Testimony) -> date | None:
    """The last day that a claim can speak of: never after the day on which it was published."""
    when, published = testimony.claim.when, testimony.report.published
    bounds = when.bounds if when else None
    said = (bounds.latest or bounds.earliest) if bounds else None
    if testimony.claim.claim.factuality.modality is Modality.PROSPECTIVE:
        return published
    if said and published:
        return min(said, published)
    return said or published


# --- why it is not known ------------------------------------------------------------------------------------


def _why_unknown(ledger: Ledger, file: _File, on: date, spell: Spell) -> Iterator[str]:
    name, spells = file.place.name, file.timeline.spells
    if not file.testimonies:
        yield from _nobody_spoke(ledger, file)
    elif not spells:
        reasons = Counter(file.aside.get(key, "it does not say who holds the place") for key in file.testimonies)
        listed = "; ".join(f"{count} because {reason}" for reason, count in reasons.most_common())
        yield f"The claims on {name} cannot be weighed: {listed}."
    elif on < spells[0].first:
        yield f"What is said of {name} reaches back to {spells[0].first}, and not to {on}."
    elif on > spells[-1].last:
        last = file.last_evidence() or spells[-1].last
        told = (
            f"{_told(spells[-1])} by then" if spells[-1].state is not State.UNKNOWN else "who held it then is unknown"
        )
        yield f"The last evidence on {name} is of {last}, too old to tell on {on}; {told}."
    else:
        yield _why_gap(file, on, spell)


def _nobody_spoke(ledger: Ledger, file: _File) -> Iterator[str]:
    until = f" that was published by {file.as_of}" if file.as_of else ""
    yield f"No report in the ledger{until} speaks of who holds {file.place.name}."
    if file.as_of:
        later = len(_testimonies(list(ledger.entries(place_id=file.place.id))))
        if later:
            yield f"{later} claim{'s' * (later > 1)} on it came later, or in reports without a date."


def _why_gap(file: _File, on: date, spell: Spell) -> str:
    """Why a place is unknown on a day between others that speak of it."""
    name, spells = file.place.name, file.timeline.spells
    before = [one for one in spells if one.last < spell.first and one.state is not State.UNKNOWN]
    after = [one for one in spells if one.first > spell.last and one.state is not State.UNKNOWN]
    start = after[0].start if after else None
    if after and start and start.earliest and start.latest and start.earliest <= on <= start.latest:
        return (
            f"{_told(after[0])} since some day from {start.earliest} to {start.latest}; "
            "on this day it may or may not have been so yet."
        )
    holder = before[-1].holder if before else None
    lost = [one for one in file.testimonies.values() if _is_loss(one, holder.id if holder else None, on)]
    if lost:
        loser = holder.name if holder else lost[-1].claim.actors[0].mention.text
        day = max(filter(None, map(_spoken_of, lost)))
        return f"{loser} lost or left {name} by {day}, and no report says who has held it since."
    if _is_near(file, spell.support, on) and _is_near(file, spell.dissent, on):
        return f"What is said of {name} at this time contradicts itself too much for an answer."
    said = (
        f"the last evidence before is of {_last_said(file, on)}" if _last_said(file, on) else "nothing is said before"
    )
    follows = f", the next answer is of {after[0].first}" if after else ""
    return f"No report says clearly who held {name} on {on}: {said}{follows}."


def _is_near(file: _File, cited: Iterable[Support], on: date) -> bool:
    """Whether one of the claims speaks of the months around the day."""
    days = (_spoken_of(file.testimonies[one.claim_id]) for one in cited if one.claim_id in file.testimonies)
    return any(day is not None and abs((day - on).days) <= _AROUND for day in days)


def _is_loss(testimony: Testimony, side: str | None, on: date) -> bool:
    claim, day = testimony.claim, _spoken_of(testimony)
    if claim.claim.kind is not Kind.LOSS or claim.claim.factuality.modality is not Modality.ASSERTED:
        return False
    if claim.opponents or not claim.actors or day is None or day > on:
        return False
    return side is None or any(actor.actor is not None and actor.actor.side == side for actor in claim.actors)


def _last_said(file: _File, on: date) -> date | None:
    days = (_spoken_of(one) for key, one in file.testimonies.items() if key not in file.aside)
    return max((day for day in days if day and day <= on), default=None)


def _told(spell: Spell) -> str:
    if spell.state is State.HELD and spell.holder:
        return f"{spell.holder.name} held {'part of ' if spell.extent == 'part' else ''}it"
    return "it was contested"


# --- around and inside --------------------------------------------------------------------------------------


def _related(ledger: Ledger, file: _File, on: date, policy: Policy) -> tuple[Related, ...]:
    """The places around and inside this one that reports speak of, with their own answers of the day."""
    near = [other for other in ledger.places() if relation(file.place, other) is not None]
    if not near:
        return ()
    wanted = {other.id for other in near}
    entries = [
        entry for other in near for entry in ledger.entries(place_id=other.id, published_by=file.as_of)
    ]  # each place's own, so that a question about a village does not weigh a whole war
    unknown = Spell(State.UNKNOWN, on, on)
    answers = {
        timeline.place: state_on(timeline, on) or unknown
        for timeline in fuse_claims(entries, policy=policy)
        if timeline.place.id in wanted
    }
    return relate(file.place, answers)


def _became(file: _File, spell: Spell, policy: Policy) -> Iterator[str]:
    """Which side of the claims became the holder, where none of them names it."""
    if spell.holder is None:
        return
    cited = (file.testimonies[one.claim_id] for one in spell.support if one.claim_id in file.testimonies)
    sides = {actor.actor.side: actor.actor.side_name for one in cited for actor in one.claim.actors if actor.actor}
    for one in policy.successions:
        if one.new == spell.holder.id and one.old in sides:
            when = f"became {one.new_name} on {one.day}" if one.day else f"is {one.new_name}"
            yield f"{sides[one.old]} {when}, by the registry of actors: what it held passed on without a claim."


# --- changes ------------------------------------------------------------------------------------------------


def _changes(timeline: Timeline) -> Iterator[Change]:
    stations = list(_stations(timeline.spells))
    if stations and stations[0].start is not None and stations[0].state is not State.UNKNOWN:
        yield _change(timeline.place, None, stations[0])
    for before, after in pairwise(stations):
        if _answer(before) != _answer(after):
            yield _change(timeline.place, before, after)


def _stations(spells: Sequence[Spell]) -> Iterator[Spell]:
    """The spells that say something: known ones, and unknown ones that begin with a loss and not with silence.

    The unknown days in which a vaguely dated change falls belong to the change.
    """
    for index, spell in enumerate(spells):
        if spell.state is not State.UNKNOWN:
            yield spell
            continue
        start = spells[index + 1].start if index + 1 < len(spells) else None
        handover = start is not None and start.earliest is not None and start.earliest <= spell.first + timedelta(1)
        if index and spell.support and not handover:
            yield spell


def _answer(spell: Spell) -> tuple[State, str, frozenset[str], str]:
    parties = frozenset(party.id for party in spell.parties)
    return spell.state, spell.holder.id if spell.holder else "", parties, spell.extent


def _change(place: Place, before: Spell | None, after: Spell) -> Change:
    return Change(place, after.first, after.start, before, after)


# --- names --------------------------------------------------------------------------------------------------


def _resembling(query: str, places: Iterable[Place]) -> list[Place]:
    by_name = {fold(place.name): place for place in places}
    return [
        by_name[name] for name in difflib.get_close_matches(fold(query.partition(",")[0]), by_name, n=3, cutoff=0.6)
    ]


@contextmanager
def _gazetteer(given: Gazetteer | None) -> Iterator[Gazetteer]:
    """The gazetteer that was given, or one opened for the question and closed after it."""
    if given is not None:
        yield given
        return
    with open_gazetteer() as opened:
        yield opened
