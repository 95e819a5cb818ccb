"""CSV (RFC 4180, UTF-8): one row a spell."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from whoheld.export.rows import spell_row, spell_rows
from whoheld.plugins import Ledger
from whoheld.vocabulary import Timeline

COLUMNS = (
    "place_id",
    "place",
    "feature",
    "admin1",
    "country",
    "lat",
    "lon",
    "radius_km",
    "state",
    "holder_id",
    "holder",
    "party_ids",
    "parties",
    "extent",
    "first",
    "last",
    "from_earliest",
    "from_latest",
    "to_earliest",
    "to_latest",
    "likelihood",
    "probability",
    "support",
    "dissent",
    "timeline_hash",
)


def export_csv(timelines: Sequence[Timeline], ledger: Ledger, target: Path) -> None:
    """Write one row a spell, with a header. Lists are joined by "; "; what is not known is an empty cell.

    A text that a spreadsheet would run as a formula (it begins with = + - or @) has an apostrophe put before it.
    """
    # surrogatepass would make a file that nothing else reads; such a character is written as its escape.
    with target.open("w", encoding="utf-8", errors="backslashreplace", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS, restval="")
        writer.writeheader()
        for timeline, spell in spell_rows(timelines):
            row = spell_row(timeline, spell) | {"lat": timeline.place.lat, "lon": timeline.place.lon}
            writer.writerow({name: _cell(value) for name, value in row.items()})


def _cell(value: Any) -> str | float:
    if value is None:
        return ""
    if isinstance(value, (int, float)):
        return value
    text = "; ".join(value) if isinstance(value, list) else str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
