"""Where reports come from: files, folders, globs and standard input; opened as streams, unpacked if need be."""

from __future__ import annotations

import glob
import gzip
import io
import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from whoheld.errors import UnreadableReport
from whoheld.read.decode import Rest, find_mark
from whoheld.read.record import map_columns

STANDARD_INPUT = "-"
_SUFFIXES = {
    ".txt": "text", ".text": "text", ".md": "text", ".markdown": "text",
    ".html": "html", ".htm": "html", ".xhtml": "html",
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl",
    ".csv": "csv", ".tsv": "csv",
    ".parquet": "parquet", ".pq": "parquet",
}  # fmt: skip
_SNIFFED = 1 << 16


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read, or standard input. `size` is in bytes as stored; None where it cannot be known beforehand."""

    path: str
    size: int | None

    @property
    def name(self) -> str:
        """What people know it as."""
        return "standard input" if self.path == STANDARD_INPUT else self.path


def find_files(paths: Iterable[str | Path]) -> list[Source | UnreadableReport]:
    """Everything that `paths` name: files, folders with all in them, globs (``**`` too), "-" for standard input.

    In the order of `paths`, folders and globs sorted by name, each file once. Hidden files in folders are passed
    over, links to folders are not followed. A path that leads nowhere is the error itself, in its place.
    """
    found: list[Source | UnreadableReport] = []
    seen: set[str] = set()
    for path in map(str, paths):
        for source in _expand(path):
            key = source.path if isinstance(source, UnreadableReport) else _identity(source.path)
            if isinstance(source, UnreadableReport) or key not in seen:
                seen.add(key)
                found.append(source)
    return found


def _identity(path: str) -> str:
    return path if path == STANDARD_INPUT else os.path.realpath(path)


def _expand(path: str) -> Iterator[Source | UnreadableReport]:
    if path == STANDARD_INPUT:
        yield Source(path, None)
        return
    here = Path(path)
    if here.is_dir():
        yield from _walk(here)
    elif here.exists():
        yield _source(here)
    elif glob.has_magic(path):
        matches = sorted(glob.glob(path, recursive=True))  # noqa: PTH207  # Path.glob wants the pattern cut in two
        if not matches:
            yield UnreadableReport(path, "no file has a name like that", "Check the pattern")
        # `folder/**` names each folder and also what is in it; find_files keeps each file once.
        for match in matches:
            yield from _walk(Path(match)) if Path(match).is_dir() else (_source(Path(match)),)
    else:
        yield UnreadableReport(path, "there is no such file or folder", "Check the path")


def _walk(folder: Path) -> Iterator[Source | UnreadableReport]:
    problems: list[OSError] = []
    empty = True
    for parent, folders, files in os.walk(folder, onerror=problems.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if not name.startswith("."):
                empty = False
                yield _source(Path(parent) / name)
    for problem in problems:
        yield _unopened(str(problem.filename), problem)
    if empty and not problems:
        yield UnreadableReport(str(folder), "the folder has no files", "Check the path")


def _source(path: Path) -> Source | UnreadableReport:
    try:
        stat = path.stat()
    except OSError as problem:
        return _unopened(str(path), problem)
    # A pipe (process substitution) has no size; its size field is zero.
    return Source(str(path), stat.st_size if path.is_file() else None)


def _unopened(path: str, problem: OSError) -> UnreadableReport:
    reason = (problem.strerror or str(problem) or "it cannot be opened").lower()
    return UnreadableReport(path, f"it cannot be opened: {reason}", "Check that it exists and that you may read it")


@contextmanager
def open_source(source: Source, progress: Callable[[int], None] | None = None) -> Iterator[IO[bytes]]:
    """The bytes of a source, unpacked where they are gzip. `progress` is called with the bytes read, as stored.

    Raises UnreadableReport where it cannot be opened.
    """
    if source.path == STANDARD_INPUT:
        yield _unpacked(_Counted(sys.stdin.buffer, progress), source.name)
        return
    try:
        file = Path(source.path).open("rb")  # noqa: SIM115  # closed below; opening and reading fail differently
    except OSError as problem:
        raise _unopened(source.path, problem) from None
    with file:
        yield _unpacked(_Counted(file, progress), source.name)


def _unpacked(raw: _Counted, name: str) -> IO[bytes]:
    buffered = io.BufferedReader(raw, 1 << 18)
    if buffered.peek(2)[:2] == b"\x1f\x8b":
        return io.BufferedReader(_Unzipped(buffered, raw, name), 1 << 18)
    return buffered


class _Counted(io.RawIOBase):
    """A stream that counts what is read of it."""

    def __init__(self, stream: IO[bytes], progress: Callable[[int], None] | None) -> None:
        self._stream, self._progress = stream, progress
        self.count = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return self._stream.seekable()

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        return self._stream.tell()

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # typeshed wants any buffer
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        self.count += len(data)
        if self._progress is not None and data:
            self._progress(len(data))
        return len(data)


class _Unzipped(io.RawIOBase):
    """A gzip stream, unpacked as it is read; a decompression bomb is an UnreadableReport.

    Text packs to between a third and a twentieth; 762 news reports as JSON Lines to 0.28 of their size. A file of
    which more than 1 part in 200 is not left has no reports in it. The first 64 MB are free.
    """

    _free, _ratio = 64 << 20, 200

    def __init__(self, packed: IO[bytes], counted: _Counted, name: str) -> None:
        self._file, self._counted, self._name = gzip.GzipFile(fileobj=packed), counted, name
        self._count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # typeshed wants any buffer
        data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        self._count += len(data)
        if self._count > self._free and self._count > self._ratio * self._counted.count:
            raise UnreadableReport(
                self._name,
                f"it unpacks to more than {self._ratio} times its size, as no text does",
                "Unpack it yourself if you trust it",
            )
        return len(data)


def find_format(source: Source, stream: IO[bytes]) -> tuple[str, IO[bytes]]:
    """The name of the reader for a source, by its suffix, else by its first bytes; and the stream to read from."""
    suffixes = [suffix.lower() for suffix in Path(source.path).suffixes]
    if suffixes and suffixes[-1] == ".gz":
        suffixes.pop()
    if suffixes and suffixes[-1] in _SUFFIXES:
        return _SUFFIXES[suffixes[-1]], stream
    start = stream.read(_SNIFFED)
    rest: IO[bytes] = io.BufferedReader(Rest(start, stream), _SNIFFED)
    return sniff(start), rest


def sniff(start: bytes) -> str:
    """The name of the reader for what begins with `start`: "text" where nothing else shows."""
    if start.startswith(b"PAR1"):
        return "parquet"
    words = start.decode(find_mark(start) or "utf-8", "replace").lstrip("\ufeff \t\r\n")
    if re.match(r"(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body)\b", words, re.I | re.S):
        return "html"
    first, _, more = words.partition("\n")
    if re.match(r'(?:\[\s*)?\{\s*(?:"|\Z)', words) and (_is_json(first) or not more or re.match(r"[\[{]\s*\Z", first)):
        return "jsonl"
    columns = max((first.split(mark) for mark in "\t;|,"), key=len)
    if len(columns) > 1 and "text" in map_columns(name.strip().strip('"') for name in columns) and more:
        return "csv"
    return "text"


def _is_json(line: str) -> bool:
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        # A line longer than what was looked at is cut off in the middle.
        return len(line) * 2 > _SNIFFED
    return True
