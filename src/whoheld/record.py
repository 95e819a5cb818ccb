"""The public record format: plain dicts, ready for JSON, one function for each thing that the program prints.

What is not known is `null`, and has no stand-in: an unresolved place has no ids and no coordinates, an unresolved
actor has no id. `confidence` and `probability` are left out where nothing was calibrated.
Days are ISO 8601 strings. Offsets count code points of the report's text, start inclusive, end exclusive.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from whoheld.vocabulary import (
    Answer,
    Attribution,
    Bounds,
    Cited,
    Holder,
    Mention,
    Place,
    Quotation,
    Report,
    ReportReference,
    Resolution,
    ResolvedActor,
    ResolvedClaim,
    ResolvedPlace,
    ResolvedTime,
    Role,
    Span,
    Spell,
    State,
    Support,
    Timeline,
)

Record = dict[str, Any]
"""A JSON object: values are strings, numbers, booleans, None, lists and further records."""


# --- what was read in a report ------------------------------------------------------------------------------


def resolution_record(resolution: Resolution) -> Record:
    """One line of `whoheld extract`: the claims of a report, and all mentions in it. Exists also where empty."""
    return {
        "report_id": resolution.report_id,
        "coder": resolution.coder,
        "claims": [claim_record(claim) for claim in resolution.claims],
        "mentions": {
            "times": [time_mention_record(time) for time in resolution.times],
            "places": [place_mention_record(place) for place in resolution.places],
            "actors": [actor_record(actor) for actor in resolution.actors],
            "attributions": [attribution_record(attribution) for attribution in resolution.attributions],
        },
    }


def claim_record(claim: ResolvedClaim) -> Record:
    """One claim with its sides, place and time as they were reckoned.

    `when` is null where the report gives no time, and also where its words give no days ("for months", or "Saturday"
    in a report without a date): the words are then in `when_unresolved`.
    """
    inner = claim.claim
    when = _when(claim.when)
    record: Record = {
        "id": inner.id,
        "report_id": inner.report_id,
        "coder": inner.coder,
        "kind": inner.kind.value,
        "modality": inner.factuality.modality.value,
        "certainty": inner.factuality.certainty.value,
        "factuality": inner.factuality.value,
        "trigger": mention_record(inner.trigger),
        "actors": [_participant(actor, claim, Role.ACTOR) for actor in claim.actors],
        "opponents": [_participant(actor, claim, Role.OPPONENT) for actor in claim.opponents],
        "place": _claim_place(claim),
        "when": when,
        "sources": [mention_record(source) for source in inner.sources],
        "evidence": [quotation_record(quotation) for quotation in inner.evidence],
    }
    if when is None:
        if claim.when is not None:
            record["when_unresolved"] = time_mention_record(claim.when)
        elif inner.when is not None:
            record["when_unresolved"] = mention_record(inner.when)
    if inner.confidence is not None:
        record["confidence"] = inner.confidence
    return record


def mention_record(mention: Mention) -> Record:
    """The words and where they stand."""
    return {"text": mention.text, "start": mention.start, "end": mention.end}


def quotation_record(quotation: Quotation) -> Record:
    """The exact words with a little of what surrounds them."""
    return {
        "exact": quotation.exact,
        "prefix": quotation.prefix,
        "suffix": quotation.suffix,
        "start": quotation.start,
        "end": quotation.end,
    }


def actor_record(actor: ResolvedActor) -> Record:
    """A mention of an actor: `id` and `name` of the registry, `side` with its name, all null where unresolved."""
    known = actor.actor
    record = mention_record(actor.mention) | {
        "id": known.id if known else None,
        "name": known.name if known else None,
        "side": known.side if known else None,
        "side_name": known.side_name if known else None,
    }
    if actor.generic:
        record["generic"] = True
    if actor.basis:
        record["basis"] = actor.basis
    return record


def place_mention_record(place: ResolvedPlace) -> Record:
    """A mention of a place. `score` is the share of the weight that the place has among the readings of its name."""
    record = mention_record(place.mention) | _gazetteer(place.place) | {"precision": place.precision}
    chosen = next((one.weight for one in place.candidates if place.place and one.place.id == place.place.id), None)
    if chosen is not None:
        record["score"] = chosen
    return record


def time_mention_record(time: ResolvedTime) -> Record:
    """A time expression: TIMEX3 type and value, and the days that follow from it, null where none do."""
    record: Record = mention_record(time.mention) if time.mention else {"text": ""}
    record |= {"type": time.type.value, "value": time.value, "edtf": time.edtf}
    record |= _bounds(time.bounds) or {"earliest": None, "latest": None}
    record["precision"] = time.precision
    if time.inferred:
        record["inferred"] = True
    return record


def attribution_record(attribution: Attribution) -> Record:
    """Who says what, by which word; `source` and `cue` are null where the report leaves them out."""
    return {
        "source": mention_record(attribution.source) if attribution.source else None,
        "cue": mention_record(attribution.cue) if attribution.cue else None,
        "content": _span(attribution.content),
    }


# --- the report ---------------------------------------------------------------------------------------------


def report_record(report: Report | ReportReference) -> Record:
    """A report as answers cite it; a whole report has its text too, and is a line that `ingest` reads."""
    record: Record = {
        "id": report.id,
        "publisher": report.publisher,
        "title": report.title,
        "url": report.url,
        "published": _day(report.published),
    }
    if report.copy_of is not None:
        record["copy_of"] = report.copy_of
    if isinstance(report, ReportReference):
        return record
    record |= {"language": report.language, "text": report.text}
    if report.published_at is not None:
        record["published_at"] = report.published_at.isoformat()
    if report.dateline is not None:
        record["dateline"] = report.dateline.isoformat()
    if report.retrieved is not None:
        record["retrieved"] = report.retrieved.isoformat()
    if report.blocks:
        record["blocks"] = [_span(block) | {"kind": block.kind.value} for block in report.blocks]
    if report.warnings:
        record["warnings"] = list(report.warnings)
    return record


# --- answers ------------------------------------------------------------------------------------------------


def place_record(place: Place) -> Record:
    """A place of the gazetteer, without a mention of it."""
    return _gazetteer(place)


def holder_record(holder: Holder) -> Record:
    """A side that holds or contests."""
    return {"id": holder.id, "name": holder.name}


def spell_record(spell: Spell) -> Record:
    """A stretch of time with one answer. `from` and `to` are null where open; `first` and `last` are the days drawn.

    `support` and `dissent` are claim ids, the heaviest first as in the spell; `weights` has the weight of each.
    """
    return (
        _state(spell)
        | _span_of_time(spell)
        | {
            "support": [support.claim_id for support in spell.support],
            "dissent": [support.claim_id for support in spell.dissent],
            "weights": _weights((*spell.support, *spell.dissent)),
        }
    )


def timeline_record(timeline: Timeline) -> Record:
    """What `whoheld timeline PLACE --json` prints."""
    return {
        "place": place_record(timeline.place),
        "spells": [spell_record(spell) for spell in timeline.spells],
        "hash": timeline.hash,
    }


def cited_record(cited: Cited) -> Record:
    """A claim as an answer shows it: what it says, the report it stands in, and how far it moves the answer."""
    return {
        "claim": claim_record(cited.testimony.claim),
        "report": report_record(cited.testimony.report),
        "weight": cited.weight,
    }


def answer_record(answer: Answer) -> Record:
    """What `whoheld who PLACE --on DATE --json` prints."""
    record: Record = {"place": place_record(answer.place), "on": _day(answer.on), "as_of": _day(answer.as_of)}
    record |= _state(answer.spell) | _span_of_time(answer.spell)
    record["support"] = [cited_record(cited) for cited in answer.support]
    record["dissent"] = [cited_record(cited) for cited in answer.dissent]
    if answer.notes:
        record["notes"] = list(answer.notes)
    if answer.related:
        record["related"] = [
            {"relation": one.relation.value, "place": place_record(one.place)} | _state(one.spell)
            for one in answer.related
        ]
    return record


# --- parts --------------------------------------------------------------------------------------------------


def _participant(actor: ResolvedActor, claim: ResolvedClaim, role: Role) -> Record:
    """An actor with the words at the trigger, where the report calls it something else there ("the group")."""
    record = actor_record(actor)
    for participant in claim.claim.participants:
        if participant.role is role and participant.mention == actor.mention and participant.anchor is not None:
            record["anchor"] = mention_record(participant.anchor)
            break
    return record


def _claim_place(claim: ResolvedClaim) -> Record:
    reference = claim.claim.place
    record = mention_record(claim.place.mention) | _gazetteer(claim.place.place)
    record |= {"precision": claim.place.precision, "extent": reference.extent.value}
    record["candidates"] = [
        {
            "id": candidate.place.id,
            "geonames": candidate.place.geonames,
            "name": candidate.place.name,
            "weight": candidate.weight,
        }
        for candidate in claim.place.candidates
    ]
    if reference.anchor is not None:
        record["anchor"] = mention_record(reference.anchor)
    return record


def _gazetteer(place: Place | None) -> Record:
    """The fields of a place; coordinates are left out, not null, where there are none to give."""
    if place is None:
        return {"id": None, "geonames": None, "name": None, "admin1": None, "country": None, "feature": None}
    record: Record = {
        "id": place.id,
        "geonames": place.geonames,
        "name": place.name,
        "admin1": place.admin1,
        "country": place.country,
        "feature": place.feature,
    }
    if place.lat is not None and place.lon is not None:
        record |= {"lat": place.lat, "lon": place.lon}
    if place.admin2:
        record["admin2"] = place.admin2
    if place.radius is not None:
        record["radius_km"] = place.radius
    return record


def _when(time: ResolvedTime | None) -> Record | None:
    """The time of a claim, where days follow from it."""
    return time_mention_record(time) if time is not None and time.bounds is not None else None


def _state(spell: Spell) -> Record:
    held, contested = spell.state is State.HELD, spell.state is State.CONTESTED
    record: Record = {
        "state": spell.state.value,
        "holder": holder_record(spell.holder) if held and spell.holder else None,
        "extent": spell.extent.value,
    }
    if contested:
        record["parties"] = [holder_record(party) for party in spell.parties]
    if spell.probability is not None:
        record["probability"] = spell.probability
    if spell.likelihood:
        record["likelihood"] = spell.likelihood
    return record


def _span_of_time(spell: Spell) -> Record:
    return {
        "from": _bounds(spell.start),
        "to": _bounds(spell.end),
        "first": _day(spell.first),
        "last": _day(spell.last),
    }


def _weights(supports: Sequence[Support]) -> dict[str, float]:
    return {support.claim_id: support.weight for support in supports}


def _bounds(bounds: Bounds | None) -> Record | None:
    if bounds is None or (bounds.earliest is None and bounds.latest is None):
        return None
    return {"earliest": _day(bounds.earliest), "latest": _day(bounds.latest)}


def _span(span: Span) -> Record:
    return {"start": span.start, "end": span.end}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
