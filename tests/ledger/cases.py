"""Reports and readings built by hand, small and true to their text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from whoheld.vocabulary import (
    Actor,
    Bounds,
    Candidate,
    Claim,
    Factuality,
    Kind,
    Mention,
    Participant,
    Place,
    PlaceReference,
    Quotation,
    Report,
    Resolution,
    ResolvedActor,
    ResolvedClaim,
    ResolvedPlace,
    ResolvedTime,
    Role,
    TimeType,
    content_id,
)

START = datetime(2020, 5, 1, 12, 0, tzinfo=UTC)
ARMY = Actor("north-army", "Northern Army", "north", "The North")
OLDTOWN = Place("geonames:1", "Oldtown", "populated", 34.5, 37.25, "West", "XA", 12_000)
MILLTOWN = Place("geonames:2", "Milltown", "populated", 35.0, 38.0, "West", "XA", 800)
FERRY = Place("whoheld:ferry", "Ferry", "crossing")


class Clock:
    """Tells the time that it is set to, and moves on by a minute with each look."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now


def report(
    text: str = "The army took Oldtown on Friday. It lost Milltown.",
    *,
    published: date | None = date(2020, 4, 30),
    publisher: str = "Valley Post",
    key: str = "",
    copy_of: str | None = None,
) -> Report:
    return Report(
        key or content_id(text, publisher, str(published)), text, published, publisher=publisher, copy_of=copy_of
    )


def claim(
    of: Report,
    place: Place | None = OLDTOWN,
    *,
    coder: str = "test/1",
    kind: Kind = Kind.CAPTURE,
    number: int = 0,
    candidates: Sequence[Place] = (),
) -> ResolvedClaim:
    """A claim that quotes the first three words of `of`; `number` makes it another one."""
    words = " ".join(of.text.split(" ")[:3])
    start = of.text.index(words)
    mention = Mention(start, start + len(words), words)
    inner = Claim(
        content_id(of.id, coder, kind.value, place.name if place else None, number),
        of.id,
        coder,
        kind,
        mention,
        (Participant(mention, Role.ACTOR),),
        PlaceReference(mention),
        None,
        (),
        Factuality.CT_PLUS,
        (Quotation.of(of.text, start, start + len(words)),),
    )
    when = (
        ResolvedTime(None, TimeType.DATE, "", bounds=Bounds(of.published, of.published), precision=1)
        if of.published
        else None
    )
    weights = tuple(Candidate(one, 0.5) for one in ((place,) if place else ()) + tuple(candidates))
    return ResolvedClaim(
        inner, (ResolvedActor(mention, ARMY),), (), ResolvedPlace(mention, place, 1 if place else None, weights), when
    )


def reading(of: Report, *claims: ResolvedClaim, coder: str = "test/1") -> Resolution:
    return Resolution(of.id, coder, claims)


def dispatch(number: int, claims: int, *, places: int = 50) -> tuple[Report, Resolution]:
    """The report of that number, always the same, with its reading of `claims` claims spread over `places` places."""
    one = report(f"Dispatch number {number}: the army took a village.", publisher=f"Outlet {number % 7}")
    about = [
        Place(f"geonames:{100 + (number * claims + at) % places}", f"Village {at}", "populated", 1.0, 2.0)
        for at in range(claims)
    ]
    return one, reading(one, *(claim(one, place, number=at) for at, place in enumerate(about)))


def many(reports: int, claims: int, *, places: int = 50) -> list[tuple[Report, Resolution]]:
    """The first `reports` dispatches."""
    return [dispatch(number, claims, places=places) for number in range(reports)]
