"""GeoJSON (RFC 7946): one feature a spell, a point where the gazetteer gives one, and no geometry where it does not."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from whoheld.export.rows import json_bytes, spell_row, spell_rows
from whoheld.plugins import Ledger
from whoheld.vocabulary import Place, Spell, Timeline


def export_geojson(timelines: Sequence[Timeline], ledger: Ledger, target: Path) -> None:
    """Write a FeatureCollection, one feature a line. `first` and `last` suit the temporal controller of QGIS.

    A place is a point, never an area: nothing is said of what lies between two places.
    """
    with target.open("wb") as stream:
        stream.write(b'{"type":"FeatureCollection","features":[')
        for number, (timeline, spell) in enumerate(spell_rows(timelines)):
            stream.write(b",\n" if number else b"\n")
            stream.write(json_bytes(_feature(timeline, spell)))
        stream.write(b"\n]}\n")


def _feature(timeline: Timeline, spell: Spell) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": f"{timeline.place.id}/{spell.first.isoformat()}",
        "geometry": _point(timeline.place),
        "properties": spell_row(timeline, spell),
    }


def _point(place: Place) -> dict[str, Any] | None:
    if place.lat is None or place.lon is None:
        return None
    return {"type": "Point", "coordinates": [place.lon, place.lat]}
