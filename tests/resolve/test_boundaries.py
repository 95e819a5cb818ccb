"""The outlines of provinces: points fall into the right one, and our own places lie where they say."""

import csv
from io import StringIO

import pytest

from whoheld import data
from whoheld.resolve.boundaries import open_boundaries
from whoheld.resolve.gazetteer import Gazetteer

# Provinces that were divided after the outlines were drawn, an island off the coast, and hills along a border.
ELSEWHERE = {"Tina", "En Nahud", "Wad Banda", "El Khoei", "El Feel oil field", "Snake Island", "Hamrin Mountains"}


@pytest.mark.parametrize(
    ("lat", "lon", "province"),
    [
        (36.37, 37.52, "iso3166-2:SY-HL"),  # al-Bab
        (34.23, 37.24, "iso3166-2:SY-HI"),  # al-Qaryatayn
        (48.59, 38.00, "iso3166-2:UA-14"),  # Bakhmut
        (-1.68, 29.22, "iso3166-2:CD-NK"),  # Goma
        (0.0, 0.0, ""),
        (48.85, 2.35, ""),  # no theatre of war
    ],
)
def test_province_at(lat: float, lon: float, province: str) -> None:
    assert open_boundaries().province_at(lat, lon) == province


def test_most_provinces_of_the_theatres_have_an_outline(gazetteer: Gazetteer) -> None:
    outlines = open_boundaries()
    assert len(outlines) > 650
    assert all(key in gazetteer.provinces for key in outlines._ids)


def test_our_own_places_lie_in_their_provinces(gazetteer: Gazetteer) -> None:
    outlines = open_boundaries()
    ids = {(place.country, place.name): place.id for place in gazetteer.provinces.values()}
    astray = []
    for line in csv.DictReader(StringIO(data.read_bytes("places.csv").decode("utf-8"))):
        province = ids.get((line["country"], line["admin1"]), "")
        if province in outlines and outlines.distance(province, float(line["lat"]), float(line["lon"])) > 25:
            astray.append(line["name"])
    assert set(astray) <= ELSEWHERE
