"""JSON Lines: one report a line, in the record format. A JSON array, or one object over several lines, is read too."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import IO, Any

from whoheld.errors import UnreadableReport
from whoheld.read.decode import as_utf8, read_lines
from whoheld.read.record import make_report
from whoheld.read.text import read_whole
from whoheld.vocabulary import Report

LINE_LIMIT = 64 << 20
"""Bytes of one line, and of a JSON array as a whole."""

_REMEDY = 'Write one JSON object a line, such as {"text": "…", "published": "2017-10-22"}'


class _Doubled(dict[str, Any]):
    """An object in which a key stands twice: whichever value is taken, the other is lost."""

    key = ""


def read_jsonl(stream: IO[bytes], name: str, *, limit: int = LINE_LIMIT) -> Iterator[Report | UnreadableReport]:
    """The reports of a JSON Lines file; each line that is none is yielded as the error. See `plugins.Reader`."""
    try:
        stream = as_utf8(stream, name)
    except UnreadableReport as unreadable:
        yield unreadable
        return
    seen = False
    for number, line in read_lines(stream, limit):
        if line is not None and not line.strip():
            continue
        if not seen and line is not None and _opens_document(line):
            yield from _read_document(line, stream, name, limit)
            return
        seen = True
        yield _read_line(line, name, number, limit)
    if not seen:
        yield UnreadableReport(name, "the file is empty", "Leave it out, or save it again")


def _opens_document(line: bytes) -> bool:
    """Whether the first line begins a JSON value of several lines, or is an array of objects by itself."""
    line = line.strip()
    if line == b"{":
        return True
    if not line.startswith(b"["):
        return False
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return True
    return bool(value) and all(isinstance(item, dict) for item in value)


def _read_line(line: bytes | None, name: str, number: int, limit: int) -> Report | UnreadableReport:
    if line is None:
        size = f"{limit >> 20} MB" if limit >> 20 else f"{limit:,} bytes"
        return UnreadableReport(
            name, f"the line is longer than {size}", "Give each report a line of its own", line=number
        )
    try:
        return make_report(_object(_parse(line)), name, number)
    except UnicodeDecodeError as wrong:
        problem, remedy = f"byte {wrong.start + 1:,} of the line is not valid UTF-8", "Save the file as UTF-8"
    except RecursionError:
        problem, remedy = "the line is nested too deeply", _REMEDY
    except ValueError as wrong:
        problem, remedy = str(wrong), _REMEDY
    except UnreadableReport as unreadable:
        return unreadable
    return UnreadableReport(name, problem, remedy, line=number)


def _parse(data: bytes) -> object:
    try:
        return json.loads(data.decode("utf-8"), object_pairs_hook=_pairs)
    except json.JSONDecodeError as wrong:
        raise ValueError(f"this is not JSON ({wrong.msg}, character {wrong.pos + 1:,})") from None


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    doubled = _Doubled(found)
    keys = [key for key, _ in pairs]
    doubled.key = next(key for key in keys if keys.count(key) > 1)
    return doubled


def _object(value: object) -> dict[str, Any]:
    """The value, if it is an object with each key once. Raises ValueError."""
    if isinstance(value, _Doubled):
        raise ValueError(f"the key “{value.key}” stands twice in the object")
    if not isinstance(value, dict):
        raise ValueError("this is JSON, but not an object")
    return value


def _read_document(start: bytes, stream: IO[bytes], name: str, limit: int) -> Iterator[Report | UnreadableReport]:
    """A whole file that is one JSON value: an array of reports, or one report."""
    try:
        value = _parse(read_whole(stream, name, limit, start))
    except UnreadableReport as unreadable:
        yield unreadable
        return
    except UnicodeDecodeError as wrong:
        yield UnreadableReport(name, f"byte {wrong.start + 1:,} is not valid UTF-8", "Save the file as UTF-8")
        return
    except (ValueError, RecursionError) as wrong:
        yield UnreadableReport(name, str(wrong) or "it is nested too deeply", _REMEDY)
        return
    items = value if isinstance(value, list) else [value]
    if not items:
        yield UnreadableReport(name, "the list of reports is empty", "Leave the file out, or save it again")
    for number, item in enumerate(items, 1):
        where = f"{name}, item {number}" if isinstance(value, list) else name
        try:
            yield make_report(_object(item), where, None)
        except ValueError as wrong:
            yield UnreadableReport(where, str(wrong), _REMEDY)
        except UnreadableReport as unreadable:
            yield unreadable
