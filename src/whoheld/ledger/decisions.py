"""What an analyst may decide. Checked before it is kept: nothing is ever taken out of a ledger again."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import msgspec

from whoheld.errors import LedgerError
from whoheld.ledger.bodies import decode_place
from whoheld.vocabulary import Bounds, Decision, Extent, Factuality, Kind, Modality, Place, Verdict


def check_decision(decision: Decision) -> None:
    """Raises LedgerError where the decision is not signed, or corrects a field to what it cannot be."""
    if not decision.by.strip():
        raise LedgerError("A decision needs the name of who made it.")
    if decision.verdict is not Verdict.CORRECT:
        if decision.correction:
            raise LedgerError(f"“{decision.verdict}” changes no field. To change one, decide “correct”.")
        return
    if not decision.correction:
        raise LedgerError(f"A correction must name a field: {', '.join(_CHECKS)}.")
    seen: set[str] = set()
    for field, text in decision.correction:
        if field not in _CHECKS:
            raise LedgerError(f"A claim has no field “{field}” to correct. There are: {', '.join(_CHECKS)}.")
        if field in seen:
            raise LedgerError(f"The correction gives “{field}” twice. Give it once.")
        seen.add(field)
        _check_value(field, text)


def corrected_place(decision: Decision) -> tuple[str | None, Place | None]:
    """The id of the place that a checked decision moves its claim to, and the place where it is given in full."""
    for field, text in decision.correction:
        if field == "place":
            value = json.loads(text)
            return (value, None) if isinstance(value, str) else (value["id"], decode_place(text))
    return None, None


def _check_value(field: str, text: str) -> None:
    check, expected = _CHECKS[field]
    try:
        check(json.loads(text))
    except (ValueError, TypeError, KeyError, msgspec.ValidationError) as error:
        raise LedgerError(f"“{field}” cannot be corrected to {text}. It is {expected}, as JSON.") from error


def _check_place(value: Any) -> None:
    if isinstance(value, str):
        if not value:
            raise ValueError("empty id")
        return
    place = decode_place(json.dumps(value))
    if not (place.id and place.name and place.feature):
        raise ValueError("empty field")


def _check_sides(value: Any) -> None:
    if not isinstance(value, list):
        raise TypeError("not a list")
    for side in value:
        key = side if isinstance(side, str) else side["id"]
        if not isinstance(key, str) or not key:
            raise ValueError("empty id")
        if isinstance(side, Mapping) and not isinstance(side.get("name", ""), str):
            raise TypeError("not a name")


def _check_when(value: Any) -> None:
    if value is None:
        return
    ends = [value["earliest"], value["latest"]]
    Bounds(*(None if end is None else date.fromisoformat(end) for end in ends))


_CHECKS: dict[str, tuple[Callable[[Any], object], str]] = {
    "kind": (Kind, f"one of {', '.join(Kind)}"),
    "modality": (Modality, f"one of {', '.join(Modality)}"),
    "factuality": (Factuality, f"one of {', '.join(Factuality)}"),
    "extent": (Extent, f"one of {', '.join(Extent)}"),
    "actors": (_check_sides, 'a list of registry ids or of {"id", "name"}'),
    "opponents": (_check_sides, 'a list of registry ids or of {"id", "name"}'),
    "place": (_check_place, 'the id of a place, or {"id", "name", "feature", "lat", "lon", …}'),
    "when": (_check_when, 'null, or {"earliest", "latest"} in days (null is open)'),
}
