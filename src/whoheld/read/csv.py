"""Tables as CSV, or separated by tabs, semicolons or bars: a header, and one report a row."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from typing import IO

from whoheld.errors import UnreadableReport
from whoheld.read.decode import as_utf8, read_lines, sample_encoding
from whoheld.read.record import make_report, map_columns
from whoheld.vocabulary import Report

FIELD_LIMIT = 64 << 20
"""Characters of one field, and bytes of one line."""

_LONGEST = "\ue000line too long\ue000"  # stands for a line over the limit: private use, so no table says it
_REMEDY = "Put quotation marks around fields with commas or line breaks, and double those inside"


def read_csv(stream: IO[bytes], name: str, *, limit: int = FIELD_LIMIT) -> Iterator[Report | UnreadableReport]:
    """The reports of a table whose header names at least the text (`record.COLUMNS`). See `plugins.Reader`.

    A row that breaks the rules of quotation (RFC 4180), or has more or fewer fields than the header, is yielded as
    the error with its line; reading goes on at the line after the one on which the broken row began.
    """
    try:
        stream = as_utf8(stream, name)
        lines = _Lines(stream, limit)
    except UnreadableReport as unreadable:
        yield unreadable
        return
    heading = lines.peek()
    if heading is None:
        yield UnreadableReport(name, "the file is empty", "Leave it out, or save it again")
        return
    delimiter = max(",\t;|", key=heading.count)
    before = csv.field_size_limit(limit)
    try:
        _, header = next(lines.rows(delimiter), (1, []))
        columns = map_columns(header) if isinstance(header, list) else {}
        if isinstance(header, str) or "text" not in columns:
            named = header if isinstance(header, str) else f"it has: {', '.join(header)[:120]}"
            problem = f"no column of the table is the text ({named})"
            yield UnreadableReport(name, problem, "Name the column “text” in the header", line=1)
            return
        places = {field: header.index(column) for field, column in columns.items()}
        line = 0
        for line, row in lines.rows(delimiter):
            report = _read_row(row, header, places, name, line)
            if isinstance(report, Report) and lines.encoding != "utf-8" and not report.text.isascii():
                report = replace(report, warnings=(*report.warnings, f"It was read as {lines.encoding}, not as UTF-8."))
            yield report
        if not line:
            yield UnreadableReport(name, "the table has no rows", "Leave it out, or save it again")
    finally:
        # The module keeps this limit for the whole process.
        csv.field_size_limit(before)


def _read_row(
    row: list[str] | str, header: list[str], places: dict[str, int], name: str, line: int
) -> Report | UnreadableReport:
    if isinstance(row, str):
        return UnreadableReport(name, row, _REMEDY, line=line)
    if any("\udc80" <= character <= "\udcff" for field in row for character in field if character > "\ud7ff"):
        return UnreadableReport(name, "the row is not valid UTF-8", "Save the table as UTF-8", line=line)
    if len(row) != len(header):
        problem = f"the row has {len(row)} fields, and the header {len(header)}"
        return UnreadableReport(name, problem, _REMEDY, line=line)
    try:
        # An empty cell is a missing value, but for the text, where it is an empty text.
        return make_report({field: row[place] for field, place in places.items()}, name, line)
    except UnreadableReport as unreadable:
        return unreadable


class _Lines:
    """The lines of a table, which can be gone back to: what a broken row swallowed is read again."""

    def __init__(self, stream: IO[bytes], limit: int) -> None:
        self.encoding = sample_encoding(stream)
        self._lines = read_lines(stream, limit)
        self._again: deque[str] = deque()
        self._taken: list[str] = []
        self.number = 0

    def peek(self) -> str | None:
        """The next line, without going on; None at the end."""
        line = next(self, None)
        if line is not None:
            self._again.append(line)
            self.number -= 1
        return line

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else self._decode(next(self._lines)[1])
        self.number += 1
        self._taken.append(line)
        return line

    def _decode(self, line: bytes | None) -> str:
        if line is None:
            return _LONGEST
        try:
            return line.decode(self.encoding)
        except UnicodeDecodeError:
            # What no encoding can give; `_read_row` looks for it.
            return line.decode("utf-8", "surrogateescape")

    def rows(self, delimiter: str) -> Iterator[tuple[int, list[str] | str]]:
        """The rows, each with the line that it begins on; a broken one is a sentence on what is wrong."""
        reader = csv.reader(self, delimiter=delimiter, strict=True)
        while True:
            self._taken.clear()
            line = self.number + 1
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error as wrong:
                yield line, f"the row cannot be read ({wrong})"
                self._again.extendleft(reversed(self._taken[1:]))
                self.number = line
                reader = csv.reader(self, delimiter=delimiter, strict=True)
                continue
            if any(_LONGEST in field for field in row):
                yield line, "the line is too long"
            elif row:
                yield line, row
