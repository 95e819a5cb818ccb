"""A spell as one flat row: the fields that the table formats (CSV, GeoJSON) share."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from whoheld.vocabulary import Bounds, Spell, Timeline


def spell_rows(timelines: Sequence[Timeline]) -> Iterator[tuple[Timeline, Spell]]:
    """Every spell with its timeline, in the order of the timelines and of time."""
    return ((timeline, spell) for timeline in timelines for spell in timeline.spells)


def spell_row(timeline: Timeline, spell: Spell) -> dict[str, Any]:
    """One spell, flat. Days are ISO 8601, None where open or unknown; `parties`, `support`, `dissent` are lists.

    `first` and `last` are the days that the spell is drawn on (they tile time); `from_…` and `to_…` bound the days on
    which it can have begun and ended. An area has `radius_km`: its point is a middle, and no pin.
    """
    place = timeline.place
    row: dict[str, Any] = {
        "place_id": place.id,
        "place": place.name,
        "feature": place.feature,
        "admin1": place.admin1,
        "country": place.country,
        "state": spell.state.value,
        "holder_id": spell.holder.id if spell.holder else None,
        "holder": spell.holder.name if spell.holder else None,
        "party_ids": [party.id for party in spell.parties],
        "parties": [party.name for party in spell.parties],
        "extent": spell.extent.value,
        "first": spell.first.isoformat(),
        "last": spell.last.isoformat(),
        **_bounds("from", spell.start),
        **_bounds("to", spell.end),
        "likelihood": spell.likelihood,
        "support": [support.claim_id for support in spell.support],
        "dissent": [support.claim_id for support in spell.dissent],
        "timeline_hash": timeline.hash,
    }
    if place.radius is not None:
        row["radius_km"] = place.radius
    if spell.probability is not None:
        row["probability"] = spell.probability
    return row


def json_bytes(value: Any) -> bytes:
    """Compact JSON in UTF-8. Half a surrogate pair, which UTF-8 cannot hold, is written as its JSON escape."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace")


def _bounds(name: str, bounds: Bounds | None) -> dict[str, str | None]:
    earliest, latest = (bounds.earliest, bounds.latest) if bounds else (None, None)
    return {f"{name}_earliest": _day(earliest), f"{name}_latest": _day(latest)}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
