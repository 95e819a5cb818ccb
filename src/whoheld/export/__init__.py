"""export: Timeline -> bytes. Timelines with the claims behind them, as files that other people can open."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from whoheld.errors import ExportError
from whoheld.export.files import replacing
from whoheld.plugins import Exporter, Ledger, load, names
from whoheld.vocabulary import Timeline

__all__ = ["export_timelines", "format_of"]

_ALIASES = {"htm": "html", "ndjson": "jsonl", "jsonlines": "jsonl"}


def export_timelines(timelines: Sequence[Timeline], ledger: Ledger, target: Path, *, format: str | None = None) -> None:
    """Write `timelines` to the file `target`, in the format named, or else in that of its suffix.

    The file is there whole or not at all: an export that fails leaves what was there before. Folders are not made.
    Raises ExportError where the format is unknown or the file cannot be written, and MissingPlugin where the
    format needs a package that is not installed.
    """
    name = format.lower() if format is not None else format_of(target)
    if name not in names("exporters"):
        raise ExportError(f"There is no export format “{name}”. Choose one of: {_choice()}.")
    exporter: Exporter = load("exporters", name)
    with replacing(target) as writable:
        exporter(timelines, ledger, writable)


def format_of(target: Path) -> str:
    """The name of the format that the suffix of `target` stands for. Raises ExportError where it stands for none."""
    suffix = target.suffix.lower().removeprefix(".")
    name = _ALIASES.get(suffix, suffix)
    if name not in names("exporters"):
        what = f"The suffix “.{suffix}”" if suffix else "A name without a suffix"
        raise ExportError(f"{target}: {what} is not that of an export format. Choose one of: {_choice()}.")
    return name


def _choice() -> str:
    return ", ".join(names("exporters"))
