"""Places in reports and in questions: what is found, which place it is, and what is no place at all."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whoheld.errors import AmbiguousPlace, UnknownPlace
from whoheld.resolve.gazetteer import Gazetteer
from whoheld.resolve.places import PlaceResolver, describe, find_places, search
from whoheld.vocabulary import Report, Span

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"


def read(gazetteer: Gazetteer, text: str) -> dict[str, str]:
    """Each name found in the text, and the place that it was pinned to ("-": none)."""
    mentions = find_places(text, gazetteer)
    resolved = PlaceResolver(gazetteer).resolve(Report(id="r", text=text), mentions)
    return {
        r.mention.text: f"{r.place.name}, {r.place.feature}, {r.place.country}" if r.place else "-" for r in resolved
    }


# --- asking


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        ("Qaryatain", "Al Qaryatayn (populated, Homs, SY)"),
        ("al-Qaryatayn", "Al Qaryatayn (populated, Homs, SY)"),
        ("Al-Qaryatain", "Al Qaryatayn (populated, Homs, SY)"),
        ("القريتين", "Al Qaryatayn (populated, Homs, SY)"),
        ("Qaryatyn", "Al Qaryatayn (populated, Homs, SY)"),
        ("geonames:173361", "Al Qaryatayn (populated, Homs, SY)"),
        ("Mayadeen", "Mayadeen (populated, Deir ez-Zor, SY)"),
        ("Raqqa", "Raqqa (populated, Raqqa, SY)"),
        ("Raqqa province", "Raqqa (province, Raqqa, SY)"),
        ("Anbar province", "Anbar (province, Anbar, IQ)"),
        ("Anbar", "Anbar (province, Anbar, IQ)"),
        ("Deir az-Zour province", "Deir ez-Zor (province, Deir ez-Zor, SY)"),
        ("Deir Ezzor", "Deir ez-Zor (populated, Deir ez-Zor, SY)"),
        ("Deir al-Zor", "Deir ez-Zor (populated, Deir ez-Zor, SY)"),
        ("Dayr az-Zawr", "Deir ez-Zor (populated, Deir ez-Zor, SY)"),
        ("Palmyra", "Palmyra (populated, Homs, SY)"),
        ("Tanf", "al-Tanf (base, Homs, SY)"),
        ("Homs", "Homs (populated, Homs, SY)"),
        ("Homs province", "Homs (province, Homs, SY)"),
        ("Homs, Syria", "Homs (populated, Homs, SY)"),
        ("Izium", "Izium (populated, Kharkiv, UA)"),
        ("Izyum", "Izium (populated, Kharkiv, UA)"),
        ("Ізюм", "Izium (populated, Kharkiv, UA)"),
        ("Donetsk", "Donetsk (populated, Donetsk, UA)"),
        ("Donetsk oblast", "Donetsk (province, Donetsk, UA)"),
        ("Snake Island", "Snake Island (site, Odesa, UA)"),
        ("El Fasher", "El Fasher (populated, North Darfur, SD)"),
        ("Al-Fashir", "El Fasher (populated, North Darfur, SD)"),
        ("الفاشر", "El Fasher (populated, North Darfur, SD)"),
        ("Wad Madani", "Wad Madani (populated, Gezira, SD)"),
        ("Madani", "Wad Madani (populated, Gezira, SD)"),
        ("Walikale", "Walikale (populated, North Kivu, CD)"),
        ("Sake", "Sake (populated, North Kivu, CD)"),
        ("Goma", "Goma (populated, North Kivu, CD)"),
        ("Tripoli, Lebanon", "Tripoli (populated, North, LB)"),
        ("Tripoli, LY", "Tripoli (populated, Tripoli, LY)"),
        ("Georgia", "Georgia (country, GE)"),
        ("Georgia, United States", "Georgia (province, Georgia, US)"),
        ("Suran, Hama, Syria", "Suran (populated, Hama, SY)"),
        ("Suran, Aleppo, Syria", "Sawran (populated, Aleppo, SY)"),
        ("Salamiyeh", "Salamiyah (populated, Hama, SY)"),
    ],
)
def test_search(gazetteer: Gazetteer, query: str, answer: str) -> None:
    assert describe(search(gazetteer, query)) == answer


def test_an_ambiguous_name_lists_its_places(gazetteer: Gazetteer) -> None:
    with pytest.raises(AmbiguousPlace) as caught:
        search(gazetteer, "Tripoli")
    texts = [text for _, text in caught.value.choices]
    assert {"Tripoli (populated, Tripoli, LY)", "Tripoli (populated, North, LB)"} <= set(texts)
    for key, _ in caught.value.choices:
        assert search(gazetteer, key).id == key


def test_places_with_claims_go_first(gazetteer: Gazetteer) -> None:
    tripoli = search(gazetteer, "Tripoli, Lebanon")
    assert search(gazetteer, "Tripoli", known=[tripoli.id]) == tripoli


@pytest.mark.parametrize("query", ["Xyzzyburg", "", " , ", "Mayadeen, Ukraine", "Homs, Nowhereland"])
def test_an_unknown_name_is_an_error(gazetteer: Gazetteer, query: str) -> None:
    with pytest.raises(UnknownPlace):
        search(gazetteer, query)


def test_an_unknown_name_comes_with_suggestions(gazetteer: Gazetteer) -> None:
    with pytest.raises(UnknownPlace, match=r"Did you mean: .*Qaryatayn"):
        search(gazetteer, "Qaryatin, Homs, Ukraine")


# --- reading


@pytest.mark.parametrize(
    ("text", "name", "place"),
    [
        ("In Libya, fighters retook Tripoli and Sirte.", "Tripoli", "Tripoli, populated, LY"),
        ("In Lebanon, clashes broke out in Tripoli and Sidon.", "Tripoli", "Tripoli, populated, LB"),
        ("Russian troops in Georgia left Gori, Tbilisi said.", "Georgia", "Georgia, country, GE"),
        ("Voters in Georgia, Alabama and Texas went to the polls in the U.S.", "Georgia", "Georgia, province, US"),
        ("Fighters held al-Bab, a town in Syria's Aleppo province.", "al-Bab", "al-Bab, populated, SY"),
        ("Fighters held al-Bab, a town in Syria's Aleppo province.", "Aleppo", "Aleppo, province, SY"),
        ("The Syrian army entered Homs.", "Homs", "Homs, populated, SY"),
        ("The Syrian army holds most of Homs province.", "Homs", "Homs, province, SY"),
        ("The Syrian army holds most of the province of Homs.", "Homs", "Homs, province, SY"),
        ("IS lost Salamiyah and Latakia stayed quiet, Syrian media said.", "Salamiyah", "Salamiyah, populated, SY"),
        ("IS holds parts of Anbar province in Iraq.", "Anbar", "Anbar, province, IQ"),
        ("M23 rebels captured Sake, near Goma, in North Kivu.", "Sake", "Sake, populated, CD"),
        ("The army retook the T4 airbase in Syria.", "T4", "T4 airbase, airfield, SY"),
        ("Syrian forces hold Brigade 93 near Ain Issa.", "Brigade 93", "Brigade 93, base, SY"),
        ("Ukraine said that Robotyne and Izyum were shelled.", "Robotyne", "Robotyne, populated, UA"),
        ("The RSF took Wad Madani from the Sudanese army.", "Wad Madani", "Wad Madani, populated, SD"),
        ("The RSF shelled Zamzam camp near El Fasher in Sudan.", "Zamzam", "Zamzam, camp, SD"),
        ("Syrian rebels took Khan Touman south of Aleppo.", "Khan Touman", "Khan Tuman, populated, SY"),
        ("Rebels advanced in northern Syria.", "northern Syria", "Northern Syria, region, SY"),
        ("Aid reached Gaza and the West Bank, Palestinian officials said.", "Gaza", "Gaza, region, PS"),
        ("Laurel County deputies in London, Kentucky, arrested two.", "London", "London, populated, US"),
        ("The mayor of London met Britain's ministers.", "London", "London, populated, GB"),
    ],
)
def test_the_report_chooses_the_place(gazetteer: Gazetteer, text: str, name: str, place: str) -> None:
    assert read(gazetteer, text)[name] == place


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Islamic State of Iraq and the Levant lost Mayadeen in Syria.", ["Mayadeen", "Syria"]),
        ("Hayat Tahrir al-Sham and Ahrar al-Sham left Idlib.", ["Idlib"]),
        ("Jaish al-Islam and the Free Syrian Army hold Douma.", ["Douma"]),
        ("Euphrates Shield fighters entered Jarablus in Syria.", ["Jarablus", "Syria"]),
        ("The Washington Post said that Damascus denied it.", ["Damascus"]),
        ("Al Jazeera and the New York Times quoted Ankara.", ["Ankara"]),
        ("Bashar Assad and Donald Trump spoke of Palmyra in Syria.", ["Palmyra", "Syria"]),
        ("The State Duma met in Moscow.", ["Moscow"]),
        ("News agency SANA said that Homs was calm, Syria's army said.", ["Homs", "Syria"]),
        ("In March the Army began to Retreat.", []),
    ],
)
def test_groups_papers_and_persons_are_no_places(gazetteer: Gazetteer, text: str, names: list[str]) -> None:
    assert list(read(gazetteer, text)) == names


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Syrian troops entered the village of Tal Arous near Afrin.", "Tal Arous"),
        ("They shelled the village of Umm Xarnuba in Syria.", "Umm Xarnuba"),
    ],
)
def test_an_unlisted_village_is_found_and_left_open(gazetteer: Gazetteer, text: str, name: str) -> None:
    assert read(gazetteer, text)[name] == "-"


def test_a_name_is_not_cut_short(gazetteer: Gazetteer) -> None:
    assert "Wadi" not in read(gazetteer, "A strike hit Wadi al-Zzahab in Homs, Syria.")


def test_too_close_to_call_keeps_the_candidates(gazetteer: Gazetteer) -> None:
    text = "The council of Springfield met."
    (resolved,) = PlaceResolver(gazetteer).resolve(Report(id="r", text=text), find_places(text, gazetteer))
    assert resolved.place is None
    assert resolved.precision is None
    assert len(resolved.candidates) > 2
    assert sum(candidate.weight for candidate in resolved.candidates) <= 1.0


def test_actors_point_at_a_country(gazetteer: Gazetteer) -> None:
    text = "Fighters shelled Tripoli."
    report, mentions = Report(id="r", text=text), find_places(text, gazetteer)
    for code in ("LB", "LY"):
        (resolved,) = PlaceResolver(gazetteer).resolve(report, mentions, actors_countries={code: 5.0})
        assert resolved.place is not None
        assert resolved.place.country == code


def test_precision_follows_the_kind(gazetteer: Gazetteer) -> None:
    text = "In Syria, IS left Mayadeen in Deir ez-Zor province; northern Syria was quiet."
    resolved = PlaceResolver(gazetteer).resolve(Report(id="r", text=text), find_places(text, gazetteer))
    assert {r.mention.text: r.precision for r in resolved} == {
        "Syria": 6, "Mayadeen": 1, "Deir ez-Zor": 4, "northern Syria": 5,
    }  # fmt: skip


def test_demonyms_only_on_demand(gazetteer: Gazetteer) -> None:
    text = "Syrian forces met Russian officers in Homs."
    assert [m.text for m in find_places(text, gazetteer)] == ["Homs"]
    assert [m.text for m in find_places(text, gazetteer, demonyms=True)] == ["Syrian", "Russian", "Homs"]


def test_only_the_given_spans_are_read(gazetteer: Gazetteer) -> None:
    text = "Damascus (Agency) - The Syrian army took Palmyra."
    assert [m.text for m in find_places(text, gazetteer, [Span(20, len(text))])] == ["Palmyra"]
    assert find_places(text, gazetteer, []) == ()


# --- whatever the words

WORDS = [
    *("Homs", "al-Bab", "Syria", "the", "in", "of", "took", "Tripoli", ",", ".", "-", "T4", "\n", "'s", "القريتين"),
    *("Ізюм", "northern", "Province", "U.S.", "Georgia", "village", "Wadi", "Brigade 93", "Duma"),
]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(WORDS) | st.text(max_size=6), max_size=25).map(" ".join))
def test_spans_are_sound_and_finding_is_deterministic(gazetteer: Gazetteer, text: str) -> None:
    mentions = find_places(text, gazetteer, demonyms=True)
    assert mentions == find_places(text, gazetteer, demonyms=True)
    end = 0
    for mention in mentions:
        assert mention.start >= end
        assert mention.end > mention.start
        assert text[mention.start : mention.end] == mention.text
        end = mention.end
    resolver = PlaceResolver(gazetteer)
    resolved = resolver.resolve(Report(id="r", text=text), mentions)
    assert [r.mention for r in resolved] == list(mentions)
    assert resolved == resolver.resolve(Report(id="r", text=text), mentions)
    for one in resolved:
        assert all(0 < candidate.weight <= 1 for candidate in one.candidates)
        assert (one.place is None) == (one.precision is None)


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared corpora are not here")
def test_spans_are_sound_on_news(gazetteer: Gazetteer) -> None:
    lines = (SHARED / "trnews.jsonl").read_text("utf-8").splitlines()[:40]
    for line in lines:
        text = json.loads(line)["text"]
        for mention in find_places(text, gazetteer):
            assert text[mention.start : mention.end] == mention.text
