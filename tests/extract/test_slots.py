"""What a sentence offers the trained reader: places, sides and times, named and pointed to."""

from __future__ import annotations

from datetime import date

import pytest

from whoheld.extract.nlp import sentences
from whoheld.extract.slots import Offer, offers
from whoheld.extract.trained import names_of
from whoheld.read import finish_report
from whoheld.resolve import Resolver, open_resolver
from whoheld.vocabulary import Report


@pytest.fixture(scope="module")
def resolver() -> Resolver:
    return open_resolver()


def offered(text: str, resolver: Resolver) -> list[Offer]:
    report = finish_report(Report("r", text, date(2017, 10, 22)))
    cut = list(sentences(report))
    found = list(offers(text, cut, [True] * len(cut), names_of(text, resolver.lexicon), resolver.lexicon))
    for offer in found:
        for slot in (*offer.places, *offer.sides):
            assert slot.name.text == text[slot.name.start : slot.name.end]
            assert slot.anchor.text == text[slot.anchor.start : slot.anchor.end]
    return found


def places(offer: Offer) -> list[tuple[str, str, str]]:
    return [(slot.name.text, slot.anchor.text, slot.how) for slot in offer.places]


def test_named_places_with_the_noun_that_belongs_to_them(resolver: Resolver) -> None:
    (offer,) = offered("Fighters took Menagh military airport and entered Homs province.", resolver)
    assert [name for name, _, _ in places(offer)] == ["Menagh military airport", "Homs province"]


def test_a_name_that_no_gazetteer_has(resolver: Resolver) -> None:
    (offer,) = offered("Rebels seized Berhalqa on Monday.", resolver)
    assert ("Berhalqa", "Berhalqa", "unknown") in places(offer)


def test_a_list_that_lost_its_commas_is_cut_into_names(resolver: Resolver) -> None:
    (offer,) = offered("Soldiers overran Zerbanah Qurmata Deir Hallun in one night.", resolver)
    assert [name for name, _, _ in places(offer)] == ["Zerbanah", "Qurmata", "Deir Hallun"]


def test_countries_and_persons_words_are_no_places(resolver: Resolver) -> None:
    (offer,) = offered("In Syria the army fought on Monday, General Reuters said.", resolver)
    assert [slot for slot in offer.places if slot.how == "known"] == []


def test_a_pointer_is_offered_with_the_names_it_may_stand_for(resolver: Resolver) -> None:
    _, second = offered("Troops left Mosul for Tikrit. They had lost the city in June.", resolver)
    pointed = [(name, anchor) for name, anchor, how in places(second) if how == "pointed"]
    assert pointed == [("Tikrit", "city"), ("Mosul", "city")]


def test_an_apposition_is_no_pointer(resolver: Resolver) -> None:
    _, second = offered("Troops took Tikrit. They besieged Mosul, the largest city of the north.", resolver)
    assert places(second) == [("Mosul", "Mosul", "known")]


def test_a_town_that_is_named_only_later(resolver: Resolver) -> None:
    first, _ = offered(
        "Troops regained a village; the village was empty. It was near Tikrit, east of the river.", resolver
    )
    assert ("Tikrit", "village", "pointed") in places(first)


def test_a_sentence_without_places_carries_the_last_ones(resolver: Resolver) -> None:
    *_, last = offered("Mosul was quiet. So was Tikrit. Militants fired rockets at dawn.", resolver)
    assert [(name, how) for name, _, how in places(last)] == [("Tikrit", "carried"), ("Mosul", "carried")]


def test_sides_of_all_sorts(resolver: Resolver) -> None:
    (offer,) = offered("Syrian government forces, a junta and the Islamic State met Ukrainian drivers.", resolver)
    told = {slot.name.text: slot.how for slot in offer.sides}
    assert told["Syrian government forces"] == "known"
    assert told["junta"] == "generic"
    assert told["Islamic State"] == "known"
    assert told["Ukrainian"] == "people"


def test_sides_of_the_sentences_before_are_offered_once(resolver: Resolver) -> None:
    *_, last = offered(
        "Islamic State took Mosul. Islamic State held Tikrit. It was driven out of Ramadi by gunmen.", resolver
    )
    before = [slot for slot in last.sides if slot.how == "before"]
    assert [slot.name.text for slot in before] == ["Islamic State"]
    assert before[0].anchor.text == ""


def test_times_of_the_sentence_then_the_last_and_the_first_before_it(resolver: Resolver) -> None:
    *_, last = offered(
        "Mosul fell on 10 June. Tikrit fell a day later, on Wednesday. Ramadi fell on 17 May 2015.", resolver
    )
    assert [time.text for time in last.times] == ["17 May 2015", "Wednesday", "10 June"]


def test_an_empty_report_offers_nothing(resolver: Resolver) -> None:
    assert offered("", resolver) == []


def test_sentences_that_are_not_wanted_still_name_what_is_pointed_to(resolver: Resolver) -> None:
    text = "Troops left Mosul for Tikrit. It rained for a week. They had lost the city in June."
    report = finish_report(Report("r", text, date(2017, 10, 22)))
    names = names_of(text, resolver.lexicon)
    (offer,) = offers(text, list(sentences(report)), [False, False, True], names, resolver.lexicon)
    assert [name for name, _, how in places(offer) if how == "pointed"] == ["Tikrit", "Mosul"]
