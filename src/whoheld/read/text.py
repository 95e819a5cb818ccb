"""Plain text: one report a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from whoheld.errors import UnreadableReport
from whoheld.read.decode import decode
from whoheld.vocabulary import Report

LIMIT = 32 << 20
"""Bytes of a plain-text file; a report is a few thousand."""


def read_text(stream: IO[bytes], name: str, *, limit: int = LIMIT) -> Iterator[Report | UnreadableReport]:
    """The one report of a text file, its characters as they stand, line ends too. See `plugins.Reader`."""
    try:
        text, warning = decode(read_whole(stream, name, limit), name)
    except UnreadableReport as unreadable:
        yield unreadable
        return
    if not text.strip():
        yield UnreadableReport(name, "the file has no words", "Leave it out, or give it its text")
        return
    yield Report(id="", text=text, warnings=(warning,) if warning else ())


def read_whole(stream: IO[bytes], name: str, limit: int, start: bytes = b"") -> bytes:
    """`start` and all the rest of a stream. Raises UnreadableReport where that is nothing, or over `limit` bytes."""
    data = bytearray(start)
    while chunk := stream.read(min(1 << 20, limit + 1 - len(data))):
        data += chunk
        if len(data) > limit:
            raise UnreadableReport(
                name,
                f"it is larger than {limit >> 20} MB, too large for one report",
                "Split it into a report a file, or make it JSON Lines with a report a line",
            )
    if not data:
        raise UnreadableReport(name, "the file is empty", "Leave it out, or save it again")
    return bytes(data)
