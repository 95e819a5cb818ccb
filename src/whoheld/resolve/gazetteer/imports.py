"""Importing places of a user's own: from dumps, extracts and tables into a file beside the embedded gazetteer.

An import is one file, with a name. It is written beside and put in place whole; imported again it takes the place of
what was there; removed it is gone. Bad rows are counted and kept in it, to be listed.
"""

from __future__ import annotations

import re
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from itertools import chain, islice
from multiprocessing import get_context
from pathlib import Path

from whoheld.distance import kilometres
from whoheld.errors import BadData
from whoheld.resolve.boundaries import open_boundaries
from whoheld.resolve.gazetteer import Gazetteer
from whoheld.resolve.gazetteer.formats import Settings, read_places
from whoheld.resolve.gazetteer.store import Fault, Record, Row, Store, Writer, draft_of, keys_of
from whoheld.vocabulary import Place

_BATCH = 4000
_AHEAD = 3  # batches in work for each process: enough to keep it busy, few enough to hold in memory
_FAULTS_KEPT = 100_000
_NAME = re.compile(r"[\w.-]{1,80}")


@dataclass(slots=True)
class ImportCount:
    """What became of the rows: places taken over, `faults` listed, and how many of each kind were passed over."""

    name: str
    path: Path
    places: int = 0
    faults: list[Fault] = field(default_factory=list)
    more_faults: int = 0
    passed_over: dict[str, int] = field(default_factory=dict)
    doubles: int = 0
    read: int = 0


def import_places(
    files: Sequence[Path],
    folder: Path,
    *,
    name: str = "",
    format: str | None = None,
    source: str = "",
    licence: str = "",
    country: str = "",
    gazetteer: Gazetteer,
    workers: int = 1,
    progress: Callable[[ImportCount], None] | None = None,
) -> ImportCount:
    """Compiles `files` into `folder`/`name`.sqlite; the name is that of the first file by default.

    `source` and `licence` are put on rows that do not say them, `country` (ISO alpha-2) on rows without one.
    `gazetteer` gives the provinces. With several `workers` (Linux only) the keys of the names are made in processes of
    their own. A row that cannot be read is a fault in the count; of more than 100,000 the rest are only counted. Raises
    BadData where a file as a whole cannot be read, or holds no place: then nothing is changed.
    """
    chosen = name or files[0].name.split(".")[0]
    if not _NAME.fullmatch(chosen):
        raise BadData(f"“{chosen}” cannot name an import. Use letters, digits, - and _.")
    for file in files:
        if not file.is_file():
            raise BadData(f"There is no file {file}.")
    count = ImportCount(chosen, folder / f"{chosen}.sqlite")
    settings = Settings(source, licence, country.upper(), chosen, gazetteer.units(), Locator(gazetteer).locate)

    def advance(read: int) -> None:
        count.read += read

    with draft_of(count.path) as draft:
        writer = Writer(draft)
        try:
            records = _without_faults(_read(files, settings, format, advance), writer, count)
            for rows in _keyed(_batches(_without_doubles(records, count)), workers):
                writer.add(rows)
                count.places = writer.places
                if progress:
                    progress(count)
            count.passed_over = dict(settings.passed_over.most_common())
            if not writer.places:
                raise BadData(_nothing(files, count))
            writer.finish(
                about={
                    "files": " ".join(map(str, files)),
                    "faults": len(count.faults) + count.more_faults,
                    "passed over": sum(count.passed_over.values()),
                }
            )
        finally:
            writer.close()
    return count


def remove_import(folder: Path, name: str) -> None:
    """Takes an import away. Raises BadData where there is none of that name."""
    _import_at(folder, name).unlink()


def faults_of(folder: Path, name: str) -> list[Fault]:
    """The rows of an import that could not be taken over. Raises BadData where there is no such import."""
    with closing(Store(_import_at(folder, name), imported=True)) as store:
        return list(store.faults())


def _import_at(folder: Path, name: str) -> Path:
    path = folder / f"{name}.sqlite"
    if not _NAME.fullmatch(name) or not path.is_file():
        there = ", ".join(sorted(one.stem for one in folder.glob("*.sqlite"))) or "none"
        raise BadData(f"There is no import “{name}”. There are: {there}.")
    return path


class Locator:
    """Country and province of a point: by the outlines of provinces, or else those of the nearest known town."""

    _KM = 30.0

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer

    def locate(self, lat: float, lon: float) -> tuple[str, str]:
        """(ISO alpha-2, province), or ("", "") where no outline holds it and no town lies within 30 kilometres."""
        province = self._gazetteer.provinces.get(open_boundaries().province_at(lat, lon))
        if province is not None:
            return province.country, province.admin1
        here = Place("", "", "populated", lat, lon)
        near = ((kilometres(here, place), place) for place in self._gazetteer.around(lat, lon, self._KM))
        distance, town = min(near, key=lambda pair: pair[0], default=(self._KM, here))
        return (town.country, town.admin1) if distance < self._KM else ("", "")


def _read(
    files: Sequence[Path], settings: Settings, format: str | None, advance: Callable[[int], None]
) -> Iterator[Record | Fault]:
    for file in files:
        yield from read_places(file, settings, format=format, advance=advance)


def _without_faults(rows: Iterable[Record | Fault], writer: Writer, count: ImportCount) -> Iterator[Record]:
    for row in rows:
        if isinstance(row, Record):
            yield row
        elif len(count.faults) < _FAULTS_KEPT:
            count.faults.append(row)
            writer.fault(row)
        else:
            count.more_faults += 1


def _without_doubles(records: Iterable[Record], count: ImportCount) -> Iterator[Record]:
    """Each id once. Ids of GeoNames are numbers: kept as such, 12 million of them take half a gigabyte less."""
    seen: set[int | str] = set()
    for record in records:
        prefix, _, rest = record.id.partition(":")
        key = int(rest) if prefix == "geonames" and rest.isdecimal() else record.id
        if key in seen:
            count.doubles += 1
            continue
        seen.add(key)
        yield record


def _batches(records: Iterable[Record]) -> Iterator[list[Record]]:
    rest = iter(records)
    while batch := list(islice(rest, _BATCH)):
        yield batch


def _keyed(batches: Iterator[list[Record]], workers: int) -> Iterator[list[Row]]:
    first = list(islice(batches, 2))
    batches = chain(first, batches)
    if len(first) < 2 or workers < 2 or sys.platform != "linux":
        yield from map(keys_of, batches)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("fork")) as pool:
        running: deque[Future[list[Row]]] = deque()
        for batch in batches:
            running.append(pool.submit(keys_of, batch))
            if len(running) >= _AHEAD * workers:
                yield running.popleft().result()
        while running:
            yield running.popleft().result()


def _nothing(files: Sequence[Path], count: ImportCount) -> str:
    first = f" The first of {len(count.faults)} bad rows: {count.faults[0].reason}." if count.faults else ""
    passed = (
        f" {sum(count.passed_over.values())} rows are of kinds that reports do not name." if count.passed_over else ""
    )
    return f"{', '.join(map(str, files))}: no place could be taken over.{first}{passed} Is the --format right?"
