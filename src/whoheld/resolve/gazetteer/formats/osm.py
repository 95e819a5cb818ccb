"""OpenStreetMap extracts, read with osmium."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from whoheld.errors import BadData
from whoheld.resolve.gazetteer.formats.rows import Rows, Settings, point, spelled
from whoheld.resolve.gazetteer.store import Fault, Record

_PLACES = {
    "city": "populated", "town": "populated", "village": "populated", "hamlet": "populated",
    "isolated_dwelling": "populated", "suburb": "district", "quarter": "district", "neighbourhood": "district",
    "borough": "district", "district": "district", "county": "district", "state": "province", "province": "province",
    "region": "region", "island": "site", "locality": "site",
}  # fmt: skip
_OTHERS = (
    (("military", "airfield"), "airfield"), (("aeroway", "aerodrome"), "airfield"), (("military", "base"), "base"),
    (("military", "barracks"), "base"), (("landuse", "military"), "base"), (("military", "checkpoint"), "crossing"),
    (("barrier", "border_control"), "crossing"), (("waterway", "dam"), "dam"), (("waterway", "river"), "water"),
    (("natural", "peak"), "site"), (("natural", "hill"), "site"), (("amenity", "refugee_site"), "camp"),
    (("place", "refugee_camp"), "camp"), (("social_facility:for", "refugee"), "camp"),
    (("landuse", "industrial"), "site"),
)  # fmt: skip
_NAMES = ("name:en", "int_name", "name", "name:ar", "name:ku", "name:uk", "name:ru", "name:fr", "alt_name",
              "old_name", "official_name", "short_name", "alt_name:en", "old_name:en", "name:ar-Latn")  # fmt: skip


def read(path: Path, settings: Settings, advance: Callable[[int], None]) -> Rows:
    """Named places, bases, dams, crossings and peaks of an OpenStreetMap extract (.osm.pbf, .osm); of ways, the middle
    of their corners. Relations (outlines of provinces) are not read: their middles are no places."""
    try:
        import osmium  # noqa: PLC0415  (an extra: nobody else needs it)
    except ImportError:
        raise BadData(
            f"{path}: to read OpenStreetMap extracts, install the extra: pip install 'whoheld[osm]'."
        ) from None
    tags = {"place"} | {key for (key, _), _ in _OTHERS}
    wanted = osmium.osm.NODE | osmium.osm.WAY
    try:
        found = (
            osmium.FileProcessor(str(path), wanted)
            .with_locations()
            .with_filter(osmium.filter.KeyFilter("name"))
            .with_filter(osmium.filter.KeyFilter(*tags))
        )
        for thing in found:
            record = _row(thing, str(path), settings)
            if record is not None:
                yield record
    except RuntimeError as error:
        raise BadData(f"{path} is no OpenStreetMap extract, or is cut off ({error}).") from error
    advance(path.stat().st_size)


def _row(thing: Any, path: str, settings: Settings) -> Record | Fault | None:
    tags = dict(thing.tags)
    feature = _PLACES.get(tags.get("place", "")) or next(
        (feature for (key, value), feature in _OTHERS if tags.get(key) == value), ""
    )
    if not feature:
        settings.passed_over["other things with a name"] += 1
        return None
    kind = "node" if thing.is_node() else "way"
    try:
        points = [thing.location] if thing.is_node() else [node.location for node in thing.nodes]
        points = [point for point in points if point.valid()]
        if not points:
            raise ValueError("no coordinates: its corners are not in the extract")
        lat, lon = point(sum(p.lat for p in points) / len(points), sum(p.lon for p in points) / len(points))
        country, province = settings.locate(lat, lon)
        country = settings.country or country
        if not country:
            raise ValueError("in no known country: say --country")
    except ValueError as error:
        return Fault(path, int(thing.id), f"{kind} {thing.id}: {error}")
    names = [part for key in _NAMES if key in tags for part in tags[key].split(";")]
    people = tags.get("population", "").replace(",", "").replace(" ", "")
    return Record(
        f"osm:{kind}/{thing.id}", names[0].strip(), feature, lat, lon, province, country,
        int(people) if people.isdecimal() else 0,
        spelled(*map(str.strip, names)),
        "",
        settings.source or "OpenStreetMap contributors",
        settings.licence or "ODbL 1.0",
    )  # fmt: skip
