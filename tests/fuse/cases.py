"""Entries built by hand, in as few words as a test needs."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

from whoheld.vocabulary import (
    Actor,
    Bounds,
    Claim,
    Decision,
    Entry,
    Extent,
    Factuality,
    Kind,
    Mention,
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
    Testimony,
    TimeType,
    Verdict,
    content_id,
)

TOWN = Place("whoheld:town", "Town", "populated")
DAY = date(2017, 1, 1)


def on(day: int) -> date:
    """The day number `day` of the tests' calendar."""
    return DAY + timedelta(days=day)


def side(name: str | None, text: str = "") -> ResolvedActor:
    actor = None if name is None else Actor(name, name.upper(), name, name.upper())
    text = text or (name or "gunmen")
    return ResolvedActor(Mention(0, len(text), text), actor)


def claim(
    kind: str,
    actors: str | tuple[str | None, ...] | None = (),
    opponents: str | tuple[str | None, ...] | None = (),
    when: tuple[date, date] | date | None = None,
    *,
    place: Place | None = TOWN,
    published: date | None = None,
    report: str = "",
    publisher: str = "",
    copy_of: str | None = None,
    sources: tuple[str, ...] = (),
    factuality: Factuality = Factuality.CT_PLUS,
    extent: Extent = Extent.WHOLE,
    tense_now: bool = False,
    words: str = "",
    actor_texts: tuple[str, ...] = (),
    time: tuple[str, str, str] | None = None,
) -> Testimony:
    """A claim; without `report` it stands in a report of its own.

    `time` are the words at the end of `words` that date it, their TIMEX3 value and type.
    """
    actors = actors if isinstance(actors, tuple) else (actors,)
    opponents = opponents if isinstance(opponents, tuple) else (opponents,)
    if isinstance(when, date):
        when = (when, when)
    texts = (*actor_texts, *[""] * len(actors))
    subjects = tuple(side(name, text) for name, text in zip(actors, texts, strict=False))
    objects = tuple(side(name) for name in opponents)
    parts = [kind, *actors, "/", *opponents, str(when), str(published), publisher, *sources, factuality, extent, words]
    report = report or content_id("report", *parts, place.id if place else None)
    key = content_id(report, *parts, place.id if place else None, tense_now)
    name = Mention(0, 4, "Town")
    inner = Claim(
        key,
        report,
        "test/1",
        Kind(kind),
        Mention(0, len(kind), kind),
        tuple(Participant(one.mention, Role.ACTOR) for one in subjects)
        + tuple(Participant(one.mention, Role.OPPONENT) for one in objects),
        PlaceReference(name, extent),
        None,
        tuple(Mention(0, len(source), source) for source in sources),
        factuality,
        (Quotation(0, len(words), words),) if words else (),
        tense_now,
    )
    resolved = ResolvedTime(None, TimeType.DATE, "", bounds=Bounds(*when)) if when else None
    if time and when:
        start = len(words) - len(time[0])
        mention = Mention(start, len(words), time[0])
        resolved = ResolvedTime(mention, TimeType(time[2]), time[1], bounds=Bounds(*when))
    return Testimony(
        ResolvedClaim(inner, subjects, objects, ResolvedPlace(name, place), resolved),
        ReportReference(report, publisher, published=published, copy_of=copy_of),
    )


def decision(of: Testimony, verdict: str, **correction: object) -> Decision:
    fields = tuple(sorted((name, json.dumps(value, sort_keys=True)) for name, value in correction.items()))
    return Decision(of.claim.claim.id, Verdict(verdict), "analyst", correction=fields)


def entries(*bodies: Testimony | Decision) -> list[Entry]:
    return [Entry(number, datetime(2026, 1, 1, tzinfo=UTC), body) for number, body in enumerate(bodies, start=1)]
