"""What a gazetteer can be imported from: GeoNames' dumps, OpenStreetMap extracts, P-code tables, plain CSV.

Each reader is a generator of records, and of faults for rows that are not one: nothing is dropped unseen. Rows that a
format has plenty of and that no report of war names (hotels, wells) are passed over, and counted by their kind.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from zipfile import BadZipFile

from whoheld.errors import BadData
from whoheld.resolve.gazetteer.formats import geonames, osm, pcode, plain
from whoheld.resolve.gazetteer.formats.rows import Reader, Rows, Settings

__all__ = ["READERS", "Rows", "Settings", "read_places"]

READERS: Mapping[str, Reader] = {"geonames": geonames.read, "osm": osm.read, "pcode": pcode.read, "csv": plain.read}


def read_places(path: Path, settings: Settings, *, format: str | None, advance: Callable[[int], None]) -> Rows:
    """The places of a file. `format` is geonames, osm, pcode or csv; by default the file tells.

    `advance` is told how many bytes were read. Raises BadData where the file as a whole cannot be read.
    """
    chosen = format or _format_of(path)
    if chosen not in READERS:
        raise BadData(f"There is no format “{chosen}”. There are: {', '.join(READERS)}.")
    try:
        yield from READERS[chosen](path, settings, advance)
    except OSError as error:
        raise BadData(f"{path} cannot be read: {error.strerror or error}.") from error
    except BadZipFile as error:
        raise BadData(f"{path} is no zip file ({error}). Download it again, or give the text file in it.") from error
    except UnicodeDecodeError as error:
        raise BadData(f"{path} is not in UTF-8 ({error.reason} at byte {error.start}). Convert it first.") from error


def _format_of(path: Path) -> str:
    name = path.name.lower()
    if name.endswith((".osm.pbf", ".pbf", ".osm", ".osm.bz2", ".osm.gz")):
        return "osm"
    if name.endswith((".xlsx", ".xlsm")):
        return "pcode"
    if name.endswith((".txt", ".zip")):
        return "geonames"
    if name.endswith((".csv", ".tsv")):
        with path.open("rb") as raw:
            head = raw.readline(4096)
        return "pcode" if re.search(rb"(?i)adm(?:in)?_?\d.{0,12}(?:pcode|_pc)|#adm\d", head) else "csv"
    raise BadData(f"{path}: what is it? Say it with --format geonames, osm, pcode or csv.")
