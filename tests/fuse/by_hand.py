"""The claims that a careful reader takes from the sample dispatches (tests/golden/claims_by_hand), as entries."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from whoheld.data import read_bytes
from whoheld.fuse import fuse_claims, state_on
from whoheld.fuse.policy import DEFAULT, Policy
from whoheld.vocabulary import (
    Actor,
    Bounds,
    Claim,
    Entry,
    Extent,
    Factuality,
    Kind,
    Mention,
    Modality,
    Participant,
    Place,
    PlaceReference,
    Quotation,
    ReportReference,
    ResolvedActor,
    ResolvedClaim,
    ResolvedPlace,
    ResolvedTime,
    Role,
    Spell,
    Testimony,
    Timeline,
    TimeType,
    content_id,
)

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
NAMES: dict[str, str] = tomllib.loads((GOLDEN / "claims_by_hand" / "names.toml").read_text(encoding="utf-8"))
EXPECTED: list[dict[str, Any]] = tomllib.loads((GOLDEN / "expected_answers.toml").read_text(encoding="utf-8"))["answer"]

_FACTUALITY = {
    Modality.ASSERTED: Factuality.CT_PLUS,
    Modality.DENIED: Factuality.CT_MINUS,
    Modality.PROSPECTIVE: Factuality.UU,
}


@cache
def dispatches() -> dict[str, dict[str, Any]]:
    """The sample dispatches by id."""
    lines = read_bytes("samples/dispatches.jsonl").decode("utf-8").splitlines()
    return {line["id"]: line for line in map(json.loads, lines)}


@cache
def entries_by_hand() -> tuple[Entry, ...]:
    """Every claim of claims_by_hand; raises ValueError where its words do not stand in the dispatch."""
    bodies = list(_testimonies())
    return tuple(Entry(number, datetime(2026, 1, 1, tzinfo=UTC), body) for number, body in enumerate(bodies, start=1))


def fused(policy: Policy = DEFAULT) -> dict[str, Timeline]:
    """The timelines of these claims by place name."""
    return {timeline.place.name: timeline for timeline in fuse_claims(entries_by_hand(), policy=policy)}


def spell_for(timelines: dict[str, Timeline], place: str, on: str) -> Spell | None:
    timeline = timelines.get(NAMES.get(place, place))
    return state_on(timeline, date.fromisoformat(on)) if timeline else None


def _testimonies() -> Iterator[Testimony]:
    reports = [
        report
        for path in sorted((GOLDEN / "claims_by_hand").glob("*.toml"))
        if path.name != "names.toml"
        for report in tomllib.loads(path.read_text(encoding="utf-8"))["report"]
    ]
    claims = {report["id"]: report["claims"] for report in reports if "claims" in report}
    for report in reports:
        dispatch = dispatches()[report["id"]]
        original = report.get("reprint_of")
        reference = ReportReference(
            report["id"],
            dispatch["publisher"],
            dispatch["title"],
            published=date.fromisoformat(dispatch["published"]),
            copy_of=original,
        )
        for number, claim in enumerate(claims[original or report["id"]]):
            if original is None or claim["words"] in dispatch["text"]:
                yield _testimony(claim, number, reference, dispatch["text"])


def _testimony(claim: dict[str, Any], number: int, report: ReportReference, text: str) -> Testimony:
    start = text.find(claim["words"])
    if start < 0 or claim.get("time", "") not in claim["words"]:
        raise ValueError(f"{report.id}: these words do not stand in the dispatch: {claim['words']!r}")
    quotation = Quotation.of(text, start, start + len(claim["words"]))
    actors = tuple(_actor(side, quotation) for side in claim["by"])
    opponents = tuple(_actor(side, quotation) for side in claim.get("from", ()))
    name = Mention(start, start, "")
    when = _when(claim, start, report)
    inner = Claim(
        content_id("by hand", report.id, number),
        report.id,
        "hand/1",
        Kind(claim["kind"]),
        name,
        tuple(Participant(one.mention, Role.ACTOR) for one in actors)
        + tuple(Participant(one.mention, Role.OPPONENT) for one in opponents),
        PlaceReference(name, Extent(claim.get("extent", "whole"))),
        when.mention if when else None,
        tuple(Mention(start, start, voice) for voice in claim.get("says", ())),
        _FACTUALITY[Modality(claim.get("modality", "asserted"))],
        (quotation,),
        claim.get("now", False),
    )
    place = Place("whoheld:" + claim["at"].casefold().replace(" ", "-"), claim["at"], "populated")
    return Testimony(ResolvedClaim(inner, actors, opponents, ResolvedPlace(name, place, 1), when), report)


def _actor(side: str, words: Quotation) -> ResolvedActor:
    mention = Mention(words.start, words.start, "")
    return ResolvedActor(mention, Actor(side, side, side, side) if side else None)


def _when(claim: dict[str, Any], start: int, report: ReportReference) -> ResolvedTime | None:
    if claim.get("now"):
        assert report.published is not None
        return ResolvedTime(
            None, TimeType.DATE, "", bounds=Bounds(report.published, report.published), precision=1, inferred=True
        )
    if "when" not in claim:
        return None
    first, _, last = claim["when"].partition("/")
    bounds = Bounds(date.fromisoformat(first), date.fromisoformat(last or first))
    begin = start + claim["words"].index(claim["time"])
    mention = Mention(begin, begin + len(claim["time"]), claim["time"])
    value = claim.get("value", "")
    kind = TimeType.DURATION if value.startswith("P") else TimeType.DATE
    return ResolvedTime(mention, TimeType(claim.get("type", kind)), value, bounds=bounds)
