"""How far two places lie apart."""

from __future__ import annotations

import math

from whoheld.vocabulary import Place


def kilometres(one: Place, other: Place) -> float:
    """The great-circle distance between two places; infinite where either has no point."""
    if one.lat is None or one.lon is None or other.lat is None or other.lon is None:
        return math.inf
    a, b = math.radians(one.lat), math.radians(other.lat)
    half = math.sin((b - a) / 2) ** 2
    half += math.cos(a) * math.cos(b) * math.sin(math.radians(other.lon - one.lon) / 2) ** 2
    return 12_742.0 * math.asin(min(1.0, math.sqrt(half)))


def flat_kilometres(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """The distance on a flat patch of the earth: good to a percent below some hundred kilometres, and quick."""
    east = (lon - other_lon) * math.cos(math.radians(lat))
    return math.hypot(lat - other_lat, east) * 111.2


def moved(lat: float, lon: float, km: float, bearing: float) -> tuple[float, float]:
    """The point `km` kilometres from (lat, lon) towards `bearing`, in degrees clockwise from north."""
    arc, angle, north = km / 6371.0, math.radians(bearing), math.radians(lat)
    to = math.asin(math.sin(north) * math.cos(arc) + math.cos(north) * math.sin(arc) * math.cos(angle))
    east = math.atan2(math.sin(angle) * math.sin(arc) * math.cos(north), math.cos(arc) - math.sin(north) * math.sin(to))
    return math.degrees(to), (lon + math.degrees(east) + 540.0) % 360.0 - 180.0


def middle(one: Place, other: Place) -> tuple[float, float]:
    """The point half-way between two places that have points, some 150 kilometres apart at most."""
    points = [(place.lat, place.lon) for place in (one, other) if place.lat is not None and place.lon is not None]
    lats, lons = zip(*points, strict=True)
    return sum(lats) / len(lats), sum(lons) / len(lons)
