"""What lies around and inside a place is told beside the answer, and never taken over."""

from datetime import date

import pytest

from whoheld.fuse.hierarchy import relate, relation, remarks
from whoheld.vocabulary import Holder, Place, Relation, Spell, State

DAY = date(2017, 11, 1)
SYRIA = Place("iso3166-1:SY", "Syria", "country", 35.0, 38.0, "", "SY")
ALEPPO = Place("iso3166-2:SY-HL", "Aleppo", "province", 36.2, 37.6, "Aleppo", "SY")
HOMS = Place("iso3166-2:SY-HI", "Homs", "province", 34.7, 38.2, "Homs", "SY")
CITY = Place("geonames:170063", "Aleppo", "populated", 36.20, 37.16, "Aleppo", "SY", 1_602_264)
QUARTER = Place("whoheld:sy-sheikh-maqsoud", "Sheikh Maqsoud", "district", 36.24, 37.15, "Aleppo", "SY")
DISTRICT = Place("whoheld:csc-1", "Al-Bab District", "district", 36.4, 37.6, "Aleppo", "SY")
BAB = Place("geonames:2", "Al Bab", "populated", 36.37, 37.52, "Aleppo", "SY", 63_000, "Al-Bab")
REBELS, ARMY = Holder("rebels", "Rebels"), Holder("army", "The army")


def held(holder: Holder) -> Spell:
    return Spell(State.HELD, DAY, DAY, holder=holder)


@pytest.mark.parametrize(
    ("place", "other", "expected"),
    [
        (BAB, SYRIA, Relation.AROUND),
        (BAB, ALEPPO, Relation.AROUND),
        (BAB, HOMS, None),
        (BAB, DISTRICT, Relation.AROUND),
        (DISTRICT, ALEPPO, Relation.AROUND),
        (CITY, QUARTER, Relation.INSIDE),
        (QUARTER, CITY, Relation.AROUND),
        (CITY, DISTRICT, None),  # an administrative district, 45 km away
        (BAB, QUARTER, None),
        (ALEPPO, CITY, Relation.INSIDE),
        (SYRIA, ALEPPO, Relation.INSIDE),
        (ALEPPO, HOMS, None),
        (CITY, CITY, None),
    ],
)
def test_relation(place: Place, other: Place, expected: Relation | None) -> None:
    assert relation(place, other) is expected


def test_remarks_name_the_nearest_first_and_what_differs() -> None:
    unknown = Spell(State.UNKNOWN, DAY, DAY)
    answers = {SYRIA: held(ARMY), ALEPPO: held(REBELS), CITY: held(ARMY), BAB: unknown, HOMS: held(ARMY)}
    related = relate(BAB, answers)
    assert [one.place for one in related] == [ALEPPO, SYRIA]
    assert remarks(BAB, unknown, related)[0] == (
        "On this day Rebels held Aleppo (province), by the reports; that says nothing of Al Bab."
    )
    (told,) = remarks(ALEPPO, held(REBELS), [one for one in relate(ALEPPO, answers) if one.relation is Relation.INSIDE])
    assert told == (
        "Reports speak of 2 places inside Aleppo (Al Bab, Aleppo); on this day: 1 unknown, 1 held by The army."
        " That says nothing of the whole. Not held by Rebels: Aleppo."
    )


def test_what_is_unknown_around_is_no_remark() -> None:
    assert remarks(BAB, held(ARMY), relate(BAB, {ALEPPO: Spell(State.UNKNOWN, DAY, DAY)})) == ()
