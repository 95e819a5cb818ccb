"""GeoNames' dumps: tab-separated tables of a country or of all, zipped or not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO
from zipfile import ZipFile

from whoheld.errors import BadData
from whoheld.resolve.gazetteer.formats.rows import Rows, Settings, point, spelled
from whoheld.resolve.gazetteer.store import Fault, Record

# https://www.geonames.org/export/codes.html; H, S, T and the rest are taken only where the news of war names them.
_CLASSES = {"P": "populated"}
_CODES = {
    "PPLX": "district", "PPLH": "", "PPLQ": "populated", "PPLW": "populated", "STLMT": "populated",
    "ADM1": "province", "ADM2": "district", "ADM3": "district", "ADM4": "district", "ADM5": "", "ADMD": "district",
    "PCLI": "country", "PCLD": "country", "PCLS": "country", "TERR": "country", "RGN": "region", "RGNE": "region",
    "AIRB": "airfield", "AIRF": "airfield", "AIRP": "airfield", "AIRH": "airfield", "MILB": "base", "INSM": "base",
    "NVB": "base", "FT": "base", "PSTB": "crossing", "PSTC": "crossing", "CSTM": "crossing", "DAM": "dam", "DAMQ": "",
    "DAMSB": "dam", "CMPRF": "camp", "CMP": "camp", "CMPL": "camp", "CMPMN": "camp", "BDG": "crossing",
    "STM": "water", "STMI": "water", "LK": "water", "RSV": "water", "SEA": "water", "GULF": "water", "BAY": "water",
    "CNL": "water", "RD": "road", "RDJCT": "crossing", "MT": "site", "MTS": "region", "HLL": "site", "HLLS": "site",
    "PK": "site", "PASS": "site", "ISL": "site", "VAL": "region", "PLN": "region", "DSRT": "region", "OILF": "site",
    "OILR": "site", "GASF": "site", "MN": "site", "PS": "site", "PSH": "site", "PSN": "site", "PRT": "site",
    "INDS": "site", "PRN": "site", "FCL": "", "MFG": "site",
}  # fmt: skip
_COLUMNS = 19


def read(path: Path, settings: Settings, advance: Callable[[int], None]) -> Rows:
    """The main table of a GeoNames dump ("SY.txt", "SY.zip", "allCountries.zip"), row by row.

    The names of districts stand in rows of their own, anywhere in the table: these are looked for first.
    """
    districts = _districts(path)
    with _open_dump(path) as lines:
        for number, raw in enumerate(lines, start=1):
            advance(len(raw))
            try:
                record = _row(raw.decode("utf-8").rstrip("\n").split("\t"), settings, districts)
            except (ValueError, UnicodeDecodeError) as error:
                yield Fault(str(path), number, str(error))
                continue
            if record is not None:
                yield record


def _open_dump(path: Path) -> IO[bytes]:
    if path.suffix.lower() != ".zip":
        return path.open("rb")
    archive = ZipFile(path)
    tables = [name for name in archive.namelist() if name.endswith(".txt") and "readme" not in name.lower()]
    if not tables:
        raise BadData(f"{path} has no table in it (a .txt file). Is it a GeoNames dump?")
    return archive.open(tables[0])


def _districts(path: Path) -> dict[tuple[str, str, str], str]:
    """(country, admin1 code, admin2 code) -> the district's name."""
    districts = {}
    with _open_dump(path) as lines:
        for raw in lines:
            if b"\tADM2\t" in raw:
                columns = raw.decode("utf-8", "replace").split("\t")
                if len(columns) == _COLUMNS:
                    districts[columns[8], columns[10], columns[11]] = columns[1]
    return districts


def _row(columns: Sequence[str], settings: Settings, districts: Mapping[tuple[str, str, str], str]) -> Record | None:
    if len(columns) != _COLUMNS:
        raise ValueError(f"{len(columns)} columns where a GeoNames dump has {_COLUMNS}")
    key, name, plain, others, lat, lon, group, code, country, _, admin1, admin2, *_, people = (
        *columns[:12],
        columns[14],
    )
    feature = _CODES.get(code, _CLASSES.get(group, ""))
    if not feature:
        settings.passed_over[f"{group}.{code}"] += 1
        return None
    if not (key.isdecimal() and name):
        raise ValueError("no id or no name")
    north, east = point(lat, lon)
    province = settings.units.get((country, admin1), "")
    return Record(
        f"geonames:{key}", name, feature, north, east, name if feature == "province" else province, country,
        int(people) if people.isdecimal() else 0,
        spelled(plain, *others.split(",")),
        districts.get((country, admin1, admin2), ""),
        settings.source or "GeoNames",
        settings.licence or "CC BY 4.0",
    )  # fmt: skip
