"""Where an event was that a report places only beside a town, or between two."""

import pytest

from whoheld.distance import kilometres, middle, moved
from whoheld.resolve import Resolver
from whoheld.vocabulary import (
    Claim,
    Extent,
    Extraction,
    Factuality,
    Kind,
    Mention,
    Place,
    PlaceReference,
    Report,
    ResolvedPlace,
)


def place_of(
    resolver: Resolver, text: str, name: str, *, kind: Kind = Kind.CAPTURE, extent: Extent = Extent.WHOLE
) -> ResolvedPlace:
    """Where a claim is put whose place is `name`, its trigger being the first verb."""
    start = text.index(name)
    mention = Mention.of(text, start, start + len(name))
    verb = next(word for word in ("captured", "held", "clashed", "seized", "struck") if word in text)
    trigger = Mention.of(text, text.index(verb), text.index(verb) + len(verb))
    claim = Claim(
        "c", "r", "test/1", kind, trigger, (), PlaceReference(mention, extent), None, (), Factuality.CT_PLUS, ()
    )
    found = resolver.lexicon.find_places(text)
    resolution = resolver.resolve(Report("r", text), Extraction("r", "test/1", (claim,), places=found))
    return resolution.claims[0].place


IN_SYRIA = " The war in Syria goes on."


def test_so_many_kilometres_from_a_town_is_an_area(resolver: Resolver) -> None:
    text = "The army captured three hills 20 km south-west of Raqqa on Monday." + IN_SYRIA
    found = place_of(resolver, text, "Raqqa")
    assert found.place is not None
    assert (found.place.feature, found.place.name, found.precision) == ("area", "20 km SW of Raqqa", 2)
    assert found.place.radius == 8.0
    raqqa = resolver.gazetteer.lookup("Raqqa", countries=["SY"])[0].place
    assert kilometres(found.place, raqqa) == pytest.approx(20, abs=0.5)
    assert (found.place.lat or 0) < (raqqa.lat or 0)
    assert (found.place.lon or 0) < (raqqa.lon or 0)
    assert found.mention.text == "Raqqa"


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("Rebels captured a base 12 miles (19 km) north of the city of Hama.", "Hama", "19 km N of Hama"),
        ("Rebels captured a hill some 5 kilometres from Hama.", "Hama", "5 km from Hama"),
        ("Rebels clashed with the army 3-5 km east of Hama.", "Hama", "4 km E of Hama"),
        ("The army captured the road linking Homs and Hama.", "Homs", "between Homs and Hama"),
        ("The army captured the road linking Homs and Hama.", "Hama", "between Homs and Hama"),
        ("The army captured the Homs-Hama highway.", "Homs", "between Homs and Hama"),
        ("They clashed between Homs and Hama.", "Hama", "between Homs and Hama"),
        ("The army captured Tall Zzyzx, 12 km south of Hama.", "Tall Zzyzx", "Tall Zzyzx (12 km S of Hama)"),
        ("They captured Zzyzx, a village about 8 km east of Homs.", "Zzyzx", "Zzyzx (8 km E of Homs)"),
        ("They captured Zzyzx (30 km from Homs).", "Zzyzx", "Zzyzx (30 km from Homs)"),
    ],
)
def test_areas(resolver: Resolver, text: str, name: str, expected: str) -> None:
    found = place_of(resolver, text + IN_SYRIA, name)
    assert found.place is not None
    assert (found.place.name, found.place.feature, found.place.country) == (expected, "area", "SY")


@pytest.mark.parametrize(
    ("text", "name", "kind", "extent"),
    [
        ("The army captured Hama.", "Hama", Kind.CAPTURE, Extent.WHOLE),
        ("The village lies 12 km south of rebel-held Hama.", "Hama", Kind.HOLD, Extent.WHOLE),
        ("The village lies 12 km south of Hama, which they held.", "Hama", Kind.HOLD, Extent.WHOLE),
        ("Rebels captured villages around Hama.", "Hama", Kind.CAPTURE, Extent.NEAR),
        ("They captured Homs and Hama.", "Hama", Kind.CAPTURE, Extent.WHOLE),
        ("They clashed to the south of Hama, which fell.", "Hama", Kind.CAPTURE, Extent.WHOLE),
        ("They captured Homs, 40 km south of Hama.", "Homs", Kind.CAPTURE, Extent.WHOLE),
    ],
)
def test_what_is_said_of_the_town_itself_stays_there(
    resolver: Resolver, text: str, name: str, kind: Kind, extent: Extent
) -> None:
    text = text + " They held on." + IN_SYRIA
    found = place_of(resolver, text, name, kind=kind, extent=extent)
    assert found.place is not None
    assert (found.place.name, found.precision) == (name, 1)


def test_to_one_side_of_a_town_is_an_area_where_the_claim_is_near(resolver: Resolver) -> None:
    text = "Rebels captured three villages north of Hama." + IN_SYRIA
    found = place_of(resolver, text, "Hama", extent=Extent.NEAR)
    assert found.place is not None
    assert (found.place.name, found.place.radius) == ("N of Hama", 10.0)


def test_a_road_across_the_country_is_no_place(resolver: Resolver) -> None:
    found = place_of(resolver, "They captured the road linking Daraa and Aleppo." + IN_SYRIA, "Aleppo")
    assert found.place is None


def test_a_village_that_nobody_knows_and_nothing_says_where_stays_unknown(resolver: Resolver) -> None:
    assert place_of(resolver, "They captured the village of Zzyzx on Monday." + IN_SYRIA, "Zzyzx").place is None


def test_moved_and_middle() -> None:
    home = Place("h", "H", "populated", 35.0, 37.0)
    for bearing in (0, 45, 90, 200, 315):
        lat, lon = moved(35.0, 37.0, 25.0, bearing)
        assert kilometres(home, Place("o", "O", "populated", lat, lon)) == pytest.approx(25.0, abs=0.05)
    assert moved(0.0, 179.9, 50.0, 90)[1] < -179
    assert middle(home, Place("o", "O", "populated", 36.0, 38.0)) == (35.5, 37.5)
    assert kilometres(home, Place("n", "N", "populated")) == float("inf")
