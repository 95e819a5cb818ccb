"""Parquet tables: one report a row. Needs pyarrow (the extra `parquet`)."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import IO

import pyarrow
import pyarrow.parquet

from whoheld.errors import UnreadableReport
from whoheld.read.record import make_report, map_columns
from whoheld.read.text import read_whole
from whoheld.vocabulary import Report

LIMIT = 1 << 30
"""Bytes of a table that has to be held because it comes through a pipe or is packed in gzip."""

_BATCH = 256


def read_parquet(stream: IO[bytes], name: str, *, limit: int = LIMIT) -> Iterator[Report | UnreadableReport]:
    """The reports of a table with at least a column for the text (`record.COLUMNS`). See `plugins.Reader`.

    The line of an error is the row, from 1.
    """
    try:
        # The end of a Parquet file says where its parts are.
        seekable = stream if stream.seekable() else io.BytesIO(read_whole(stream, name, limit))
        table = pyarrow.parquet.ParquetFile(seekable)
        columns = map_columns(table.schema_arrow.names)
    except UnreadableReport as unreadable:
        yield unreadable
        return
    except (pyarrow.ArrowException, OSError, ValueError) as wrong:
        yield UnreadableReport(name, f"this is no Parquet file ({_first_line(wrong)})", "Write the table again")
        return
    if "text" not in columns:
        named = ", ".join(table.schema_arrow.names)[:120]
        problem = f"no column of the table is the text (it has: {named})"
        yield UnreadableReport(name, problem, "Name the column “text”")
        return
    number = 0
    try:
        for batch in table.iter_batches(batch_size=_BATCH, columns=list(columns.values())):
            for row in batch.to_pylist():
                number += 1
                yield _read_row({field: row[column] for field, column in columns.items()}, name, number)
    except (pyarrow.ArrowException, OSError, ValueError) as wrong:
        problem = f"the table cannot be read after row {number:,} ({_first_line(wrong)})"
        yield UnreadableReport(name, problem, "Write the table again")
        return
    if not number:
        yield UnreadableReport(name, "the table has no rows", "Leave it out, or write it again")


def _read_row(fields: dict[str, object], name: str, number: int) -> Report | UnreadableReport:
    try:
        return make_report(fields, name, number)
    except UnreadableReport as unreadable:
        return unreadable


def _first_line(wrong: Exception) -> str:
    return str(wrong).partition("\n")[0].rstrip(".")[:160]
