"""What the registry knows of one actor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

KINDS = ("state-forces", "rebel-group", "political-militia", "identity-militia", "external-force")
"""After ACLED's `inter` 1, 2, 3, 4 and 8."""


@dataclass(frozen=True, slots=True)
class Stay:
    """`id` from `first` to `last`, both inclusive, None is open; only in `countries`, where there are any."""

    id: str
    first: date | None = None
    last: date | None = None
    countries: tuple[str, ...] = ()

    def covers(self, day: date) -> bool:
        """Whether `day` is one of these days."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class ActorRecord:
    """One actor of the registry, as the data files say it.

    `countries` are ISO 3166-1 alpha-2 codes of where it fights, the first first of all. `sides` are the ids of the
    actor that it is counted with; where none covers a day, the nearest in time does. `first` and `last` are the days
    between which it existed under this name. `backers` are ids: a backer is never the side. `acled` are ACLED's names
    of it, `ucdp` the id in UCDP's list of actors (0: not known), `wikidata` the item ("Q2429253").
    """

    id: str
    name: str
    kind: str
    countries: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    parent: str = ""
    sides: tuple[Stay, ...] = ()
    backers: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None
    successor: str = ""
    other_ids: tuple[str, ...] = ()
    wikidata: str = ""
    source: str = ""
    acled: tuple[str, ...] = ()
    ucdp: int = 0
