"""Extraction -> Resolution: which town, which side and which days the words of a report mean.

The world's names come from one :class:`Resolver`; extraction borrows its `lexicon` to find them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from whoheld.resolve.actors import Registry, country_weights, open_registry, resolve_actors
from whoheld.resolve.areas import Names, place_of
from whoheld.resolve.dates import resolve_times
from whoheld.resolve.gazetteer import Gazetteer, open_gazetteer
from whoheld.resolve.names import fold
from whoheld.resolve.places import PlaceResolver, find_places, is_demonym
from whoheld.vocabulary import (
    Bounds,
    Claim,
    Extraction,
    Mention,
    Report,
    Resolution,
    ResolvedActor,
    ResolvedClaim,
    ResolvedPlace,
    ResolvedTime,
    Role,
    TimeType,
)

__all__ = ["NameLexicon", "Resolver", "open_resolver", "resolve_claims"]


class NameLexicon:
    """The names of places and actors, for extraction. Fits `plugins.Lexicon`."""

    def __init__(self, gazetteer: Gazetteer, registry: Registry) -> None:
        self._gazetteer, self._registry = gazetteer, registry
        self._countries = frozenset(fold(place.name) for place in gazetteer.countries.values())

    def find_places(self, text: str) -> tuple[Mention, ...]:
        """The names of places in `text`, in order, without overlap."""
        return find_places(text, self._gazetteer)

    def find_actors(self, text: str) -> tuple[Mention, ...]:
        """The names of actors, and generic ones ("government forces"), in order, without overlap."""
        return self._registry.find(text)

    def place_class(self, name: str) -> str:
        """What `name` is above all: a feature class of `vocabulary.Place` ("populated", "country"), "" if unknown."""
        if fold(name) in self._countries:
            return "country"
        matches = self._gazetteer.lookup(name)
        return matches[0].place.feature if matches else ""

    def is_people(self, word: str) -> bool:
        """Whether `word` is of a country or its people ("Russian"), whose forces it may stand for."""
        return is_demonym(word)

    def sides(
        self, mentions: Sequence[Mention], *, context: Sequence[Mention], published: date | None
    ) -> tuple[str, ...]:
        """A key for each mention of an actor, the same for all of one side; "" where it cannot be told."""
        resolved = resolve_actors(
            mentions,
            registry=self._registry,
            countries=country_weights(context, self._registry),
            published=published,
            context=context,
        )
        return tuple(one.actor.side if one.actor else "" for one in resolved)


class Resolver:
    """The gazetteer and the registry of actors, opened once, used for every report."""

    def __init__(self, gazetteer: Gazetteer, registry: Registry) -> None:
        self.gazetteer, self.registry = gazetteer, registry
        self.lexicon = NameLexicon(gazetteer, registry)
        self._places = PlaceResolver(gazetteer)

    def resolve(self, report: Report, extraction: Extraction) -> Resolution:
        """What `extraction` read in `report`, reckoned. What cannot be told stays unresolved."""
        published = report.published
        places, countries = self._resolve_places(report, extraction)
        taking_part = (p.mention for claim in extraction.claims for p in claim.participants)
        sides = self._resolve_sides((*extraction.actors, *taking_part), report, extraction, countries, published)
        times = resolve_times(extraction.times, text=report.text, published=published, title=report.title)
        when = {time.mention.start: time for time in times if time.mention is not None}
        names = Names(report.text, places)
        claims = []
        for claim in extraction.claims:
            time = _when(claim, when, published)
            sides_then = sides
            if day := _long_before(time, published):
                mentions = [p.mention for p in claim.participants]
                sides_then = self._resolve_sides(mentions, report, extraction, countries, day)
            claims.append(
                ResolvedClaim(
                    claim,
                    tuple(sides_then[p.mention] for p in claim.participants if p.role is Role.ACTOR),
                    tuple(sides_then[p.mention] for p in claim.participants if p.role is Role.OPPONENT),
                    place_of(claim, names),
                    time,
                )
            )
        return Resolution(
            report.id,
            extraction.coder,
            tuple(claims),
            times,
            tuple(places[mention] for mention in extraction.places),
            tuple(sides[mention] for mention in extraction.actors),
            extraction.attributions,
        )

    def _resolve_places(
        self, report: Report, extraction: Extraction
    ) -> tuple[dict[Mention, ResolvedPlace], dict[str, float]]:
        """Every place mention with its place, and the weights of the countries that the report plays in."""
        mentions = _in_order((*extraction.places, *(claim.place.mention for claim in extraction.claims)))
        pointed = country_weights(extraction.actors, self.registry)
        if home := self.registry.outlet_side(report.publisher):  # an outlet writes of its own country first
            pointed[home] = pointed.get(home, 0.0) + _OUTLET
        resolved = self._places.resolve(report, mentions, actors_countries=pointed)
        weights = dict(pointed)
        for place in resolved:
            if place.place is not None and place.place.country:
                weights[place.place.country] = weights.get(place.place.country, 0.0) + 1.0
        return dict(zip(mentions, resolved, strict=True)), weights

    def _resolve_sides(
        self,
        mentions: Iterable[Mention],
        report: Report,
        extraction: Extraction,
        countries: Mapping[str, float],
        day: date | None,
    ) -> dict[Mention, ResolvedActor]:
        """Whom the mentions mean, and whom these were counted with on `day`."""
        ordered = _in_order(mentions)
        resolved = resolve_actors(
            ordered,
            registry=self.registry,
            countries=countries,
            published=day,
            publisher=report.publisher,
            context=extraction.actors,
        )
        return dict(zip(ordered, resolved, strict=True))


def open_resolver(gazetteer: Path | None = None, *, progress: Callable[[str], None] | None = None) -> Resolver:
    """The resolver over the embedded gazetteer (or the one at `gazetteer`) and the registry of actors.

    The first call on a machine compiles the gazetteer; `progress` is told so. Raises BadData.
    """
    return Resolver(open_gazetteer(gazetteer, progress=progress), open_registry())


def resolve_claims(pairs: Iterable[tuple[Report, Extraction]], resolver: Resolver) -> Iterator[Resolution]:
    """One resolution for each report and what was read in it, in order."""
    for report, extraction in pairs:
        yield resolver.resolve(report, extraction)


def _when(claim: Claim, times: dict[int, ResolvedTime], published: date | None) -> ResolvedTime | None:
    """The days of a claim; of a present-tense hold without a time, the day of publication, marked as inferred."""
    if claim.when is not None:
        return times.get(claim.when.start)
    if not claim.tense_now or published is None:
        return None
    day = published.isoformat()
    return ResolvedTime(None, TimeType.DATE, day, day, Bounds(published, published), 1, inferred=True)


def _long_before(time: ResolvedTime | None, published: date | None) -> date | None:
    """The last day of a time that lies well before publication: who was whom goes by that day, not by the paper's."""
    last = time.bounds.latest if time and time.bounds else None
    return last if last and published and (published - last).days > _LONG else None


_LONG = 60  # days
_OUTLET = 1.0  # as much as a side that fights there, named once


def _in_order(mentions: Iterable[Mention]) -> Sequence[Mention]:
    return sorted(dict.fromkeys(mentions), key=lambda mention: (mention.start, mention.end))
