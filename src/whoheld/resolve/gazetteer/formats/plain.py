"""Plain CSV: a table of one's own."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from whoheld.errors import BadData
from whoheld.resolve.gazetteer.formats.rows import Rows, Settings, csv_rows, point, spelled
from whoheld.resolve.gazetteer.store import Fault, Record
from whoheld.resolve.names import fold

FEATURES = frozenset({
    "populated", "district", "province", "country", "region", "water", "road", "base", "airfield", "crossing", "dam",
    "camp", "site",
})  # fmt: skip
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "name": ("name", "name_en", "label", "place"),
    "lat": ("lat", "latitude", "y"),
    "lon": ("lon", "lng", "long", "longitude", "x"),
    "other": ("other", "alternate_names", "alternatenames", "aliases", "other_names"),
    "feature": ("feature", "type", "class"),
    "country": ("country", "country_code", "iso2"),
    "admin1": ("admin1", "province", "governorate", "state", "adm1"),
    "admin2": ("admin2", "district", "adm2"),
    "population": ("population",),
    "id": ("id",),
    "source": ("source",),
    "licence": ("licence", "license"),
}
_OTHER = re.compile(r"[|;]")


def read(path: Path, settings: Settings, advance: Callable[[int], None]) -> Rows:
    """A table with the columns name, lat and lon, and any of other (names, with | between), feature, country, admin1,
    admin2, population, id, source and licence, in any order."""
    rows = csv_rows(path, advance)
    _, header = next(rows, (0, []))
    titles = [title.strip().lower() for title in header]
    columns = {
        field: titles.index(title) for field, known in _COLUMNS.items() for title in known[::-1] if title in titles
    }
    missing = [field for field in ("name", "lat", "lon") if field not in columns]
    if missing:
        raise BadData(f"{path} has no column {', '.join(missing)}. It needs name, lat and lon in its first line.")
    for number, row in rows:
        cells = {field: row[at].strip() if at < len(row) else "" for field, at in columns.items()}
        try:
            yield _row(cells, settings)
        except ValueError as error:
            yield Fault(str(path), number, str(error))


def _row(cells: Mapping[str, str], settings: Settings) -> Record:
    name, feature = cells["name"], cells.get("feature") or "populated"
    if not name:
        raise ValueError("no name")
    if feature not in FEATURES:
        raise ValueError(f"no such feature as “{feature}”; there are: {', '.join(sorted(FEATURES))}")
    lat, lon = point(cells["lat"], cells["lon"])
    country = (cells.get("country") or settings.country).upper()
    province = cells.get("admin1", "")
    if not country or not province:
        found_country, found_province = settings.locate(lat, lon)
        country = country or found_country
        province = province or (found_province if found_country == country else "")
    if len(country) != 2:
        raise ValueError("no country (two letters, ISO 3166): add a column, or say --country")
    people = cells.get("population", "").replace(",", "")
    slug = "-".join(fold(name).split()) or "place"
    return Record(
        cells.get("id") or f"{settings.prefix}:{country.lower()}-{slug}-{lat:.3f}-{lon:.3f}",
        name, feature, lat, lon, settings.province((province,), country), country,
        int(people) if people.isdecimal() else 0,
        spelled(*map(str.strip, _OTHER.split(cells.get("other", "")))),
        cells.get("admin2", ""),
        cells.get("source") or settings.source,
        cells.get("licence") or settings.licence,
    )  # fmt: skip
