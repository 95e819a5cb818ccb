"""One compiled file of places: its tables, how it is written in one go, and how names are looked up in it.

The embedded gazetteer is such a file, and so is every import. Files are read-only once they are in place: a draft is
written beside and renamed, so that a reader sees a whole file or none.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import sqlite3
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple

from whoheld import data
from whoheld.errors import BadData
from whoheld.resolve import names
from whoheld.resolve.names import canonical, drop_articles, fold, is_arabic, likeness, skeleton, sounds
from whoheld.vocabulary import Place

# How well a name fits, best first. A fit below FOLDED needs a country, and is a guess that other evidence must carry.
EXACT = 1.0
ALTERNATE = 0.8
FOLDED = 0.7
SKELETON = 0.5
FUZZY = 0.3

_SCHEMA = """
CREATE TABLE place (number INTEGER PRIMARY KEY, id TEXT, name TEXT, feature TEXT, lat REAL, lon REAL,
                    admin1 TEXT, country TEXT, population INTEGER, admin2 TEXT, source INTEGER);
CREATE TABLE source (number INTEGER PRIMARY KEY, name TEXT, licence TEXT);
CREATE TABLE name (folded TEXT, place INTEGER, quality REAL, PRIMARY KEY (folded, place)) WITHOUT ROWID;
CREATE TABLE head (word TEXT PRIMARY KEY, longest INTEGER) WITHOUT ROWID;
CREATE TABLE sound (country TEXT, skeleton TEXT, place INTEGER, sound TEXT, canonical TEXT,
                    PRIMARY KEY (country, skeleton, place, sound, canonical)) WITHOUT ROWID;
CREATE TABLE capital (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE unit (country TEXT, code TEXT, name TEXT, PRIMARY KEY (country, code)) WITHOUT ROWID;
CREATE TABLE fault (file TEXT, line INTEGER, reason TEXT);
CREATE TABLE about (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE spelled.name (folded TEXT, place INTEGER, quality REAL);
"""
_FIELDS = ("id", "name", "feature", "lat", "lon", "admin1", "country", "population", "admin2")
_COLUMNS = ", ".join(_FIELDS)
_place_of = attrgetter(*_FIELDS)
# What is asked for most in one go when sounds are compared; a block of names this large says nothing anyway.
_BLOCK = 2000
_LONG = 5  # classes of consonants: names that sound alike at this length are mostly the same
_CLOSE = 0.05  # what is less alike than the best by this is no reading


@dataclass(frozen=True, slots=True)
class Match:
    """A place that a name can mean; `quality` is EXACT, ALTERNATE, FOLDED, SKELETON or FUZZY.

    `imported` is true of places of a file that a user imported: villages by the thousand, whose names are words too.
    """

    place: Place
    quality: float
    imported: bool = False


@dataclass(slots=True)
class Record:
    """A place on its way into a file, with its spellings; `source` and `licence` say where the row is from."""

    id: str
    name: str
    feature: str
    lat: float
    lon: float
    admin1: str
    country: str
    population: int = 0
    spellings: list[str] = field(default_factory=list)
    admin2: str = ""
    source: str = ""
    licence: str = ""

    def names(self) -> dict[str, float]:
        """Folded name -> quality of the fit."""
        folded: dict[str, float] = {}
        for spelling in self.spellings:
            key = fold(spelling)
            folded.setdefault(key, ALTERNATE)
            bare = drop_articles(key)
            if len(bare) > 3:
                folded.setdefault(bare, FOLDED)
        folded[fold(self.name)] = EXACT
        folded.pop("", None)
        return folded


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that could not be taken over, and why."""

    file: str
    line: int
    reason: str


# --- writing ------------------------------------------------------------------------------------------------


class Writer:
    """Fills one file. Rows may come in any number: what is kept in memory are the sources, and nothing of the rows.

    Names are gathered in a file of their own and sorted once, at the end, so that their B-tree grows in order of the
    alphabet (12 million rows: benchmarks/gazetteer.py).
    """

    def __init__(self, draft: Path) -> None:
        self._base = sqlite3.connect(draft)
        self._spelled = draft.with_name(draft.name + ".names")
        self._base.execute("ATTACH ? AS spelled", (str(self._spelled),))
        for schema in ("main", "spelled"):
            self._base.execute(f"PRAGMA {schema}.journal_mode = OFF")
            self._base.execute(f"PRAGMA {schema}.synchronous = OFF")
        self._base.execute("PRAGMA cache_size = -65536")
        self._base.executescript(_SCHEMA)
        self._sources: dict[tuple[str, str], int] = {}
        self.places = 0

    def add(self, rows: Iterable[Row]) -> None:
        """Adds places with their keys, as :func:`keys_of` gives them."""
        places, spelled, sounding = [], [], []
        for row in rows:
            number = self.places
            self.places += 1
            source = self._sources.setdefault(row.source, len(self._sources))
            places.append((number, *row.place, source))
            spelled += [(key, number, quality) for key, quality in row.names]
            sounding += [(row.country, bone, number, *key) for bone, *key in row.sounds]
        self._base.executemany(f"INSERT INTO place VALUES (?, {'?, ' * len(_FIELDS)}?)", places)
        self._base.executemany("INSERT INTO spelled.name VALUES (?, ?, ?)", spelled)
        self._base.executemany("INSERT OR IGNORE INTO sound VALUES (?, ?, ?, ?, ?)", sounding)

    def fault(self, fault: Fault) -> None:
        self._base.execute("INSERT INTO fault VALUES (?, ?, ?)", (fault.file, fault.line, fault.reason))

    def finish(
        self,
        *,
        about: Mapping[str, Any],
        capitals: Iterable[str] = (),
        units: Mapping[tuple[str, str], str] = {},
        indexed: bool = False,
    ) -> None:
        """Sorts the names and closes the file. `units` are (country, GeoNames' admin1 code) -> province."""
        execute, many = self._base.execute, self._base.executemany
        execute("INSERT INTO main.name SELECT folded, place, max(quality) FROM spelled.name GROUP BY folded, place")
        execute("DROP TABLE spelled.name")
        execute(
            "INSERT INTO head SELECT substr(folded, 1, instr(folded || ' ', ' ') - 1) AS word,"
            " max(length(folded) - length(replace(folded, ' ', '')) + 1) FROM main.name GROUP BY word"
        )
        execute("CREATE UNIQUE INDEX place_id ON place (id)")
        if indexed:  # only the embedded file is asked what lies around a point
            execute("CREATE INDEX place_lat ON place (lat)")
            execute("CREATE INDEX place_unit ON place (feature) WHERE feature IN ('country', 'province')")
        many("INSERT INTO source VALUES (?, ?, ?)", [(n, *source) for source, n in self._sources.items()])
        many("INSERT INTO capital VALUES (?)", [(key,) for key in sorted(capitals)])
        many("INSERT INTO unit VALUES (?, ?, ?)", [(*key, name) for key, name in sorted(units.items())])
        about = {"folding": folding(), "places": self.places} | dict(about)
        many("INSERT INTO about VALUES (?, ?)", [(key, json.dumps(value)) for key, value in about.items()])
        self.close()

    def close(self) -> None:
        """Closes the file and takes the names' own away; a second time does nothing."""
        if self._spelled.exists():
            self._base.commit()
            self._base.close()
            self._spelled.unlink()


class Row(NamedTuple):
    """A place with the keys of its names, ready to be written. Flat and plain: rows pass between processes."""

    country: str
    place: tuple[Any, ...]  # in the order of _FIELDS
    source: tuple[str, str]  # and licence
    names: tuple[tuple[str, float], ...]  # folded, quality
    sounds: tuple[tuple[str, str, str], ...]  # skeleton, sound, canonical spelling


def keys_of(records: Iterable[Record]) -> list[Row]:
    """The rows of records: the slow part of writing, which may be done in another process."""
    sounding = frozenset(data.table("places.toml")["theatres"])
    return [
        Row(
            one.country,
            _place_of(one),
            (one.source, one.licence),
            tuple(one.names().items()),
            tuple(_sounds_of(one)) if one.country in sounding else (),
        )
        for one in records
    ]


def _sounds_of(record: Record) -> set[tuple[str, str, str]]:
    return {
        (skeleton(sound), sound, canonical(spelling))
        for spelling in dict.fromkeys((record.name, *record.spellings))
        for sound in sounds(spelling)
    }


@lru_cache(maxsize=1)
def folding() -> str:
    """A hash of the code that makes keys of names: a file with another one cannot be searched."""
    return hashlib.sha256(Path(names.__file__).read_bytes() + Path(__file__).read_bytes()).hexdigest()[:16]


@contextmanager
def draft_of(target: Path) -> Iterator[Path]:
    """A file to write, which takes the place of `target` when all went well, and is gone when it did not."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, suffix=".part")
    os.close(handle)
    draft = Path(name)
    try:
        yield draft
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
        draft.with_name(draft.name + ".names").unlink(missing_ok=True)


# --- reading ------------------------------------------------------------------------------------------------


class Store:
    """A compiled file, opened to be read. Safe to share between threads. Raises BadData where it is none."""

    def __init__(self, path: Path, *, imported: bool = False) -> None:
        self.path, self._imported = path, imported
        self._base = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
        )
        if not imported:  # a mapped page counts as memory of ours: of an import of the world that would be all of it
            self._base.execute("PRAGMA mmap_size = 268435456")
        try:
            self.about: dict[str, Any] = {key: json.loads(value) for key, value in self._read("about", "key, value")}
        except sqlite3.DatabaseError as error:
            self._base.close()
            raise BadData(f"{path} is no gazetteer of whoheld ({error}). Remove it, or import it again.") from error
        if self.about.get("folding") != folding():
            self._base.close()
            raise BadData(
                f"{path} was imported by another version of whoheld, whose names are keyed differently. Import it again"
                f" (whoheld gazetteer import {self.about.get('files', 'FILE')} --name {path.stem}), or remove it"
                f" (whoheld gazetteer remove {path.stem})."
            )

    def close(self) -> None:
        self._base.close()

    def exact(self, folded: str) -> list[Match]:
        """The places that bear this folded name, best fit first, then by population."""
        rows = self._base.execute(
            f"SELECT {_COLUMNS}, quality FROM name JOIN place ON place.number = name.place WHERE folded = ?"
            " ORDER BY quality DESC, population DESC, id",
            (folded,),
        )
        return [Match(Place(*row[:-1]), row[-1], self._imported) for row in rows]

    def sounding(self, name: str, countries: Iterable[str]) -> list[Match]:
        """The places in these countries whose names sound like this one.

        SKELETON where it is another romanisation of the same name, or long and of the same sound; FUZZY where the
        sounds are only alike. How alike they must be goes by the length of the skeleton (evals/spellings.py).
        """
        vowels, target = not is_arabic(name), canonical(name)
        best: dict[int, tuple[float, float]] = {}  # likeness, quality
        for sound in sounds(name):
            bone = skeleton(sound)
            for country in countries:
                rows = self._base.execute(
                    "SELECT place, sound, canonical FROM sound WHERE country = ? AND skeleton = ? LIMIT ?",
                    (country, bone, _BLOCK),
                )
                for number, other, spelled in rows:
                    alike = likeness(sound, other, vowels=vowels)
                    if alike >= _least(len(bone)):
                        is_same = spelled == target or (alike == 1.0 and len(bone) >= _LONG)
                        found = (alike, SKELETON if is_same else FUZZY)
                        best[number] = max(found, best.get(number, found))
        top = max((alike for alike, _ in best.values()), default=0.0)
        return [
            Match(place, quality, self._imported)
            for number, (alike, quality) in best.items()
            if alike > top - _CLOSE
            for place in self.places("number = ?", number)
        ]

    def longest(self, word: str) -> int:
        """How many words the longest name has that begins with this folded word; 0 where none does."""
        row = self._base.execute("SELECT longest FROM head WHERE word = ?", (word,)).fetchone()
        return row[0] if row else 0

    def places(self, where: str, *values: object) -> Iterator[Place]:
        for row in self._base.execute(f"SELECT {_COLUMNS} FROM place WHERE {where}", values):
            yield Place(*row)

    def areas(self, feature: str) -> Iterator[Place]:
        """The countries or the provinces; the terms are those of their index."""
        return self.places("feature = ? AND feature IN ('country', 'province')", feature)

    def around(self, lat: float, lon: float, km: float) -> tuple[Place, ...]:
        """The towns in a square of `km` kilometres to each side of a point."""
        north = km / 111.2
        east = north / max(0.05, math.cos(math.radians(lat)))
        return tuple(
            self.places(
                "feature = 'populated' AND lat BETWEEN ? AND ? AND lon BETWEEN ? AND ?",
                *(lat - north, lat + north, lon - east, lon + east),
            )
        )

    def like(self, name: str) -> Iterator[tuple[float, Place]]:
        """Places anywhere whose names sound alike, with the likeness: to suggest to a person."""
        for sound in sounds(name):
            rows = self._base.execute(
                "SELECT DISTINCT place, sound FROM sound WHERE skeleton = ? LIMIT ?", (skeleton(sound), _BLOCK)
            )
            scored = sorted(((likeness(sound, other), number) for number, other in rows), reverse=True)[:20]
            for alike, number in scored:
                for place in self.places("number = ?", number):
                    yield alike, place

    def source_of(self, place_id: str) -> tuple[str, str] | None:
        """(source, licence) of a place's row; None where the file has no such place."""
        row: tuple[str, str] | None = self._base.execute(
            "SELECT source.name, licence FROM place JOIN source ON source.number = place.source WHERE id = ?",
            (place_id,),
        ).fetchone()
        return row

    def counts(self) -> list[tuple[str, str, str, int]]:
        """(feature, source, licence, places), most first."""
        return list(
            self._base.execute(
                "SELECT feature, source.name, licence, count(*) AS n FROM place"
                " JOIN source ON source.number = place.source GROUP BY 1, 2, 3 ORDER BY n DESC, 1, 2"
            )
        )

    def faults(self) -> Iterator[Fault]:
        for row in self._read("fault", "file, line, reason"):
            yield Fault(*row)

    def capitals(self) -> frozenset[str]:
        return frozenset(key for (key,) in self._read("capital", "id"))

    def units(self) -> dict[tuple[str, str], str]:
        """(country, GeoNames' admin1 code) -> the name of our province."""
        return {(country, code): name for country, code, name in self._read("unit", "country, code, name")}

    def _read(self, table: str, columns: str) -> list[tuple[Any, ...]]:
        return self._base.execute(f"SELECT {columns} FROM {table}").fetchall()


def _least(consonants: int) -> float:
    """The least likeness of sounds whose skeleton has so many classes."""
    if consonants < 3:
        return 1.0
    return {3: 0.94, 4: 0.85}.get(consonants, 0.8)


def merge(matches: Collection[Match]) -> tuple[Match, ...]:
    """Matches of several files in one order: each place once, the embedded file's before an import's."""
    best: dict[str, Match] = {}
    for match in matches:
        known = best.get(match.place.id)
        if known is None or match.quality > known.quality:
            best[match.place.id] = match if known is None else Match(known.place, match.quality, known.imported)
    return tuple(sorted(best.values(), key=lambda m: (-m.quality, -m.place.population, m.imported, m.place.id)))
