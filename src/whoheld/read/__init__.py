"""read: bytes -> Report. Files, folders and streams in; reports out, and an error for each thing that is none.

Each format is a module of its own, found by name through `whoheld.plugins`. A reader gives the text and what the
record says; here every report gets its defaults, its blocks and its id. Nothing is lost: each input item comes out as
a Report or as an UnreadableReport.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from whoheld.errors import MissingPlugin, UnreadableReport
from whoheld.plugins import Reader, load
from whoheld.read.copies import CopyIndex, mark_copies
from whoheld.read.files import STANDARD_INPUT, Source, find_files, find_format, open_source
from whoheld.read.layout import lay_out, reckon
from whoheld.vocabulary import Report, content_id

__all__ = ["STANDARD_INPUT", "CopyIndex", "Source", "find_files", "finish_report", "mark_copies", "read_reports"]

_TOLERANCE = 2  # days that a dateline may differ from the record's date: printing, time zones, updates


def read_reports(
    paths: Iterable[str | Path],
    *,
    format: str | None = None,
    published: date | None = None,
    publisher: str = "",
    progress: Callable[[int], None] | None = None,
) -> Iterator[Report | UnreadableReport]:
    """The reports of files, folders, globs and standard input ("-"), in order, as a stream.

    `format` is the name of a reader, for all paths; without it the suffix decides, else the first bytes. `published`
    and `publisher` are for reports that have none of their own, neither in the record nor in the text. `progress` is
    called with the bytes read since the last call, as they are stored (`find_files` gives the sizes).

    What cannot be read is yielded, and reading goes on. Raises MissingPlugin where `format` names no reader, or one
    whose extra is not installed.
    """
    # Looking an entry point up takes 12 ms, more than reading a report; one run needs each reader once.
    readers: dict[str, Reader] = {format: load("readers", format)} if format is not None else {}
    seen: dict[str, int] = {}
    for source in find_files(paths):
        if isinstance(source, UnreadableReport):
            yield source
            continue
        for item in _read_source(source, format, readers, progress):
            if isinstance(item, UnreadableReport):
                yield item
                continue
            report = finish_report(item, published=published, publisher=publisher)
            words = hash(report.text)
            if seen.setdefault(report.id, words) != words:
                # Two texts under one id are taken for one report later on.
                warning = f"The id “{report.id}” was given to another text before; a ledger keeps only the first."
                report = replace(report, warnings=(*report.warnings, warning))
            yield report


def _read_source(
    source: Source, format: str | None, readers: dict[str, Reader], progress: Callable[[int], None] | None
) -> Iterator[Report | UnreadableReport]:
    try:
        with open_source(source, progress) as opened:
            name, stream = (format, opened) if format else find_format(source, opened)
            if name not in readers:
                readers[name] = load("readers", name)
            yield from readers[name](stream, source.name)
    except UnreadableReport as unreadable:
        yield unreadable
    except MissingPlugin as missing:
        # Only met in a folder, not asked for: its files are not read, and the others are.
        yield UnreadableReport(source.name, "its reader cannot be loaded", str(missing).rstrip("."))
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as problem:
        # What has come so far has come; a broken archive or disk ends only this file.
        reason = str(problem).rstrip(".") or type(problem).__name__
        yield UnreadableReport(source.name, f"reading broke off: {reason}", "Check that the file is whole")


def finish_report(report: Report, *, published: date | None = None, publisher: str = "") -> Report:
    """A report as a reader gave it, with defaults, blocks, dateline, warnings and id where these are missing.

    The day of publication is the record's; else a dateline's, if it has its year; else `published`. The id is a hash
    of the text, publisher, day and url: the same report read again has the same id, and one that has learnt its day
    of publication is another report, since its relative times mean something else.
    """
    layout = lay_out(report.text, report.title)
    dateline = reckon(layout.dated, report.published or published)
    complete = layout.dated is not None and layout.dated.year is not None
    day = report.published or (dateline if complete else None) or published
    warnings = report.warnings
    stated = report.published or published
    if dateline and stated and abs((dateline - stated).days) > _TOLERANCE:
        if day == stated:
            warnings += (f"The dateline says {dateline}, the record {stated}; times are counted from the latter.",)
        else:
            warnings += (f"The dateline says {day}; that was taken, not {stated}, which was given for all reports.",)
    outlet = report.publisher or publisher
    return replace(
        report,
        id=report.id or content_id(report.text, outlet, day.isoformat() if day else None, report.url),
        published=day,
        publisher=outlet,
        dateline=dateline,
        title=report.title or layout.title,
        blocks=report.blocks or layout.blocks,
        warnings=warnings,
    )
