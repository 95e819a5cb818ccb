"""OCHA's tables of P-codes (COD-AB), as CSV or workbooks, with HXL tags or without."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from whoheld.errors import BadData
from whoheld.resolve.gazetteer.formats.rows import Rows, Settings, csv_rows, point, spelled
from whoheld.resolve.gazetteer.store import Fault, Record

_LEVEL_NAME = re.compile(r"(?i)#?adm(?:in)?_?(\d)(?:\+name|_?name|_?ref)?(?:[_+]?(?:name[_+]?)?([a-z]{2,3}|alt\d?))?$")
_LEVEL_CODE = re.compile(r"(?i)#?adm(?:in)?_?(\d)(?:\+code(?:\+v_\w+)?|_?p?code)$")
_LAT = re.compile(r"(?i)(?:center_|centroid_?|point_)?(?:lat|latitude|y)(?:_?y)?$|#geo\+lat$")
_LON = re.compile(r"(?i)(?:center_|centroid_?|point_)?(?:lon|long|lng|longitude|x)(?:_?x)?$|#geo\+lon$")
_FEATURES = {0: "country", 1: "province", 2: "district", 3: "district"}


@dataclass(frozen=True, slots=True)
class _Levels:
    """Which column of a P-code table says what."""

    names: Mapping[int, tuple[int, ...]]  # level -> columns with its name, that in English first
    codes: Mapping[int, int]
    lat: int
    lon: int

    @classmethod
    def of(cls, header: Sequence[str]) -> _Levels:
        found: dict[int, list[tuple[bool, int]]] = {}
        codes, lat, lon = {}, -1, -1
        for column, title in enumerate(header):
            if match := _LEVEL_CODE.fullmatch(title.strip()):
                codes[int(match.group(1))] = column
            elif match := _LEVEL_NAME.fullmatch(title.strip()):
                found.setdefault(int(match.group(1)), []).append(((match.group(2) or "en").lower() != "en", column))
            elif lat < 0 and _LAT.fullmatch(title.strip()):
                lat = column
            elif lon < 0 and _LON.fullmatch(title.strip()):
                lon = column
        names = {level: tuple(column for _, column in sorted(columns)) for level, columns in found.items()}
        return cls(names, codes, lat, lon)


def read(path: Path, settings: Settings, advance: Callable[[int], None]) -> Rows:
    """A table of administrative units or populated places with P-codes, as OCHA publishes them (COD-AB), or with HXL
    tags. The finest level of the table is what a row is about; the coarser ones say where it lies."""
    rows = _sheet(path, advance) if path.suffix.lower().startswith(".xls") else csv_rows(path, advance)
    _, header = next(rows, (0, []))
    levels = _Levels.of(header)
    first = list(islice(rows, 1))
    if first and any(cell.startswith("#") for cell in first[0][1]):  # HXL: tags under the headings
        tagged = _Levels.of(first.pop()[1])
        levels = tagged if tagged.names else levels
    if not levels.codes or not levels.names:
        raise BadData(f"{path} has no columns with P-codes (such as ADM2_EN, ADM2_PCODE). Is it --format csv?")
    finest = max(levels.codes)
    for number, row in chain(first, rows):
        yield _row(path, number, row, levels, finest, settings)


def _row(
    path: Path, number: int, row: Sequence[str], levels: _Levels, finest: int, settings: Settings
) -> Record | Fault:
    def cell(column: int) -> str:
        return row[column].strip() if 0 <= column < len(row) else ""

    def named(level: int) -> list[str]:
        return [name for column in levels.names.get(level, ()) if (name := cell(column))]

    code, names = cell(levels.codes[finest]), named(finest)
    if not code or not names:
        return Fault(str(path), number, "no P-code or no name")
    try:
        lat, lon = point(cell(levels.lat), cell(levels.lon))
    except ValueError as error:
        return Fault(str(path), number, str(error))
    country = settings.country or code[:2].upper()
    province = settings.province((*named(1), ""), country)
    return Record(
        f"pcode:{code}",
        names[0],
        _FEATURES.get(finest, "populated"),
        lat,
        lon,
        province,
        country,
        spellings=spelled(*names),
        admin2=next(iter(named(2)), "") if finest > 2 else "",
        source=settings.source or "OCHA COD-AB",
        licence=settings.licence or "CC BY-IGO",
    )


def _sheet(path: Path, advance: Callable[[int], None]) -> Iterator[tuple[int, list[str]]]:
    """The rows of the workbook's sheet with the finest units (the last one with P-codes)."""
    try:
        from openpyxl import load_workbook  # noqa: PLC0415  (an extra: most imports are text)
    except ImportError:
        raise BadData(
            f"{path}: to read workbooks, install the extra: pip install 'whoheld[xlsx]'. Or save the sheet as CSV."
        ) from None
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415

    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, BadZipFile, KeyError) as error:
        raise BadData(f"{path} is no workbook ({error}). Save it as .xlsx or CSV again.") from error
    best = max(book.worksheets, key=_depth)
    for number, row in enumerate(best.iter_rows(), start=1):
        yield number, _cells(row)
    advance(path.stat().st_size)


def _depth(sheet: Any) -> int:
    """The finest level of which a sheet has P-codes, by its headings or by the HXL tags under them; -1 without any."""
    heads = [_Levels.of(_cells(row)).codes for row in sheet.iter_rows(max_row=2)]
    return max((level for codes in heads for level in codes), default=-1)


def _cells(row: Sequence[Any]) -> list[str]:
    return ["" if cell.value is None else str(cell.value) for cell in row]
