"""The gazetteer: every place that a name can mean, in compiled read-only files.

The embedded one (`embedded`) is compiled on first use from what packages ship and from our own tables. What a user
imports (`imports`) lies beside it, a file an import. A lookup asks all of them; the embedded one goes first where two
speak of the same place, so that an import never changes the id that a ledger knows a place by.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Self

from platformdirs import user_cache_path, user_data_path

from whoheld.distance import kilometres
from whoheld.resolve.gazetteer.embedded import compile_embedded, fingerprint
from whoheld.resolve.gazetteer.store import ALTERNATE, EXACT, FOLDED, FUZZY, SKELETON, Match, Store, merge
from whoheld.resolve.names import fold
from whoheld.vocabulary import Place

__all__ = [
    "ALTERNATE", "EXACT", "FOLDED", "FUZZY", "SKELETON", "Gazetteer", "Match", "imports_folder", "open_gazetteer",
]  # fmt: skip

_TWIN_KM = 10.0
"""Two rows of one name, nearer than this, are one place listed twice."""


class Gazetteer:
    """Looks names up. Safe to share between threads that only read; close it when done."""

    def __init__(self, path: Path, imported: Sequence[Path] = ()) -> None:
        self.path = path
        self._embedded = Store(path)
        self._imported = [Store(one, imported=True) for one in imported]
        self.stores: tuple[Store, ...] = (self._embedded, *self._imported)
        # A cache for each gazetteer, not for the class: it dies with its file.
        self._exact = lru_cache(maxsize=65536)(self._read_exact)
        self._sounding = lru_cache(maxsize=16384)(self._read_sounding)
        self.longest = lru_cache(maxsize=65536)(self._read_longest)
        self.countries: Mapping[str, Place] = MappingProxyType(
            {place.country: place for place in self._embedded.areas("country")}
        )
        self.capitals = self._embedded.capitals()
        self.provinces: Mapping[str, Place] = MappingProxyType(
            {place.id: place for place in self._embedded.areas("province")}
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        for store in self.stores:
            store.close()

    def lookup(self, name: str, *, countries: Collection[str] = ()) -> tuple[Match, ...]:
        """The places that `name` can mean, best fit first, then by population.

        Without `countries` (ISO alpha-2) only names that fold alike are found. With them, where none of those
        lies there, names within these countries that sound alike are added, in any script.
        """
        key = fold(name)
        if not key:
            return ()
        found = self._exact(key)
        if countries and not any(match.place.country in countries for match in found):
            known = {match.place.id for match in found}
            sounding = self._sounding(name, tuple(sorted(countries)))
            return found + tuple(match for match in sounding if match.place.id not in known)
        return found

    def is_place(self, name: str) -> bool:
        """Whether some place bears exactly this name, but for case, accents and hyphens."""
        return bool(self._exact(fold(name)))

    def place(self, key: str) -> Place | None:
        """The place with this id ("geonames:173361"), if there is one."""
        return next((place for store in self.stores for place in store.places("id = ?", key)), None)

    def around(self, lat: float, lon: float, km: float) -> tuple[Place, ...]:
        """The towns of the embedded gazetteer in a square of `km` kilometres to each side of a point."""
        return self._embedded.around(lat, lon, km)

    def units(self) -> dict[tuple[str, str], str]:
        """(country, GeoNames' admin1 code) -> the name of our province."""
        return self._embedded.units()

    def source_of(self, place: Place) -> tuple[str, str]:
        """Where the row of a place is from, and under which licence: ("GeoNames", "CC BY 4.0")."""
        return next((found for store in self.stores if (found := store.source_of(place.id))), ("", ""))

    def similar(self, name: str, *, limit: int = 5) -> tuple[Place, ...]:
        """Places whose names sound like `name`, to suggest to a person; never to resolve with."""
        found = [(-alike, place.id, place) for store in self.stores for alike, place in store.like(name)]
        ranked = dict.fromkeys(place for _, _, place in sorted(found, key=lambda one: one[:2]))
        return tuple(ranked)[:limit]

    def _read_longest(self, word: str) -> int:
        return max(store.longest(word) for store in self.stores)

    def _read_exact(self, key: str) -> tuple[Match, ...]:
        found = self._embedded.exact(key)
        if not self._imported:
            return tuple(found)
        return self._joined(found, [match for store in self._imported for match in store.exact(key)])

    def _read_sounding(self, name: str, countries: tuple[str, ...]) -> tuple[Match, ...]:
        found = self._embedded.sounding(name, countries)
        return self._joined(found, [match for store in self._imported for match in store.sounding(name, countries)])

    @staticmethod
    def _joined(embedded: Sequence[Match], imported: Sequence[Match]) -> tuple[Match, ...]:
        """Without imported rows for a place that the embedded gazetteer has under another id."""
        known = {match.place.id: match.place for match in embedded}
        added = [
            match
            for match in imported
            if match.place.id in known or not any(_is_twin(match.place, place) for place in known.values())
        ]
        return merge([*embedded, *added])


def _is_twin(one: Place, other: Place) -> bool:
    return one.country == other.country and one.feature == other.feature and kilometres(one, other) < _TWIN_KM


def imports_folder() -> Path:
    """Where imports lie: the folder in WHOHELD_GAZETTEER, or else one in the user's own data."""
    return Path(os.environ.get("WHOHELD_GAZETTEER") or user_data_path("whoheld", appauthor=False) / "gazetteer")


def open_gazetteer(
    path: Path | None = None,
    *,
    imports: Path | None = None,
    progress: Callable[[str], None] | None = None,
) -> Gazetteer:
    """The gazetteer, built first where there is none for this version of data and code (some 25 seconds, once).

    `path` is the directory of the cache: by default that named in WHOHELD_CACHE, or else the user's own. `imports` is
    the folder of what was imported (:func:`imports_folder`). Two processes may build at once: each writes a file of
    its own and the last to finish puts it in place. Raises BadData where an import cannot be read.
    """
    directory = path or Path(os.environ.get("WHOHELD_CACHE") or user_cache_path("whoheld"))
    target = directory / f"gazetteer-{fingerprint()}.sqlite"
    if not target.exists():
        if progress:
            progress("Building the gazetteer (once, some 25 seconds) …")
        compile_embedded(target)
    return Gazetteer(target, sorted((imports or imports_folder()).glob("*.sqlite")))
