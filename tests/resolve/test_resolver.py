"""The resolver as a whole: what the outlet, and the day of the event, have to say."""

from datetime import date

import pytest

from whoheld.resolve import Resolver
from whoheld.vocabulary import (
    Claim,
    Extraction,
    Factuality,
    Kind,
    Mention,
    Participant,
    PlaceReference,
    Report,
    Role,
    TimeMention,
    TimeType,
)


def test_an_outlet_writes_of_its_own_country_first(resolver: Resolver) -> None:
    text = "Units entered Sinjar on Monday."  # a city in Iraq, a small town in Syria
    name = Mention.of(text, text.index("Sinjar"), text.index(" on"))

    def syrian(publisher: str) -> float:
        report = Report("r", text, publisher=publisher)
        (found,) = resolver.resolve(report, Extraction("r", "test/1", places=(name,))).places
        return sum(one.weight for one in found.candidates if one.place.country == "SY")

    assert syrian("SANA") == syrian("sana") > 3 * syrian("The Daily Example")


@pytest.mark.parametrize(
    ("when", "side"),
    [
        ("in December 2016", "hts"),  # whom the group was counted with then
        ("in February 2025", "syria-transitional-government"),  # days before publication
        ("", "syria-transitional-government"),
    ],
)
def test_who_was_whom_goes_by_the_day_of_the_event(resolver: Resolver, when: str, side: str) -> None:
    text = f"Tahrir al-Sham captured Idlib {when}, the paper recalls."
    actor, place = Mention.of(text, 0, 14), Mention.of(text, text.index("Idlib"), text.index("Idlib") + 5)
    start = text.index("Idlib") + 6
    time = TimeMention(start, start + len(when), when, TimeType.DATE, "past")
    claim = Claim(
        *("c", "r", "test/1", Kind.CAPTURE, Mention.of(text, 15, 23)),
        (Participant(actor, Role.ACTOR),),
        PlaceReference(place),
        Mention(time.start, time.end, when) if when else None,
        (),
        Factuality.CT_PLUS,
        (),
    )
    extraction = Extraction("r", "test/1", (claim,), (time,) if when else (), (place,), (actor,))
    (resolved,) = resolver.resolve(Report("r", text, published=date(2025, 3, 1)), extraction).claims
    assert resolved.actors[0].actor is not None
    assert resolved.actors[0].actor.side == side
    assert resolved.actors[0].basis == "name"
