"""JSON Lines: one timeline a line, as `whoheld timeline PLACE --json` prints it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from whoheld.export.rows import json_bytes
from whoheld.plugins import Ledger
from whoheld.record import timeline_record
from whoheld.vocabulary import Timeline


def export_jsonl(timelines: Sequence[Timeline], ledger: Ledger, target: Path) -> None:
    """Write one timeline a line; a place of which nothing usable is said has a line with no spells."""
    with target.open("wb") as stream:
        for timeline in timelines:
            stream.write(json_bytes(timeline_record(timeline)) + b"\n")
