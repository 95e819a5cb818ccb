"""From log odds to drafts: one for each kind and place of a sentence, with its parts."""

from __future__ import annotations

from dataclasses import replace

from whoheld.extract.decide import Judged, drafts
from whoheld.extract.nlp import Sentence
from whoheld.extract.slots import Offer, Slot
from whoheld.vocabulary import BlockKind, Extent, Factuality, Kind, Mention, TimeMention, TimeType

TEXT = "On Monday rebels and soldiers fought; rebels took Homs, and the town near Hama was lost."


def mention(words: str, nth: int = 0) -> Mention:
    at = -1
    for _ in range(nth + 1):
        at = TEXT.index(words, at + 1)
    return Mention(at, at + len(words), words)


MONDAY = TimeMention(3, 9, "Monday", TimeType.DATE)
HOMS, HAMA = (Slot(mention(name), mention(name), "known") for name in ("Homs", "Hama"))
TOWN = Slot(mention("Homs"), mention("town"), "pointed")
TOWN_HAMA = Slot(mention("Hama"), mention("town"), "pointed")
REBELS, SOLDIERS = (Slot(mention(name), mention(name), "generic") for name in ("rebels", "soldiers"))
BEFORE = Slot(mention("rebels", 1), Mention(0, 0, ""), "before")
OFFER = Offer(Sentence(0, len(TEXT), BlockKind.BODY), (HOMS, HAMA), (REBELS, SOLDIERS), (MONDAY,))

TAKEN = Judged(
    OFFER, HOMS, Kind.CAPTURE, 2.0, mention("took"), (3.0, -3.0), (-3.0, 1.0), (1.0,), (2, 0, 0), (2, 0, 0), -1.0, None
)


def test_a_draft_has_the_likeliest_of_each_part() -> None:
    (draft,) = drafts(TEXT, [TAKEN], {})
    assert [p.mention.text for p in draft.actors] == ["rebels"]
    assert [p.mention.text for p in draft.opponents] == ["soldiers"]
    assert draft.when == MONDAY
    assert draft.factuality is Factuality.CT_PLUS
    assert draft.place.extent is Extent.WHOLE
    assert draft.place.anchor is None
    assert draft.sources == ()


def test_what_is_not_likely_enough_is_not_told() -> None:
    assert list(drafts(TEXT, [TAKEN], {"capture": 2.5})) == []
    (draft,) = drafts(TEXT, [TAKEN], {"time": 1.5, "opponent": 1.5})
    assert draft.when is None
    assert draft.opponents == ()


def test_nobody_is_both_actor_and_opponent() -> None:
    (draft,) = drafts(TEXT, [replace(TAKEN, actors=(3.0, -3.0), opponents=(2.0, -3.0))], {})
    assert [p.mention.text for p in draft.actors] == ["rebels"]
    assert draft.opponents == ()


def test_a_place_is_told_once_for_each_kind() -> None:
    again = replace(TAKEN, place=TOWN, odds=1.0)
    hold = replace(TAKEN, kind=Kind.HOLD)
    assert [d.kind for d in drafts(TEXT, [TAKEN, again, hold], {})] == [Kind.CAPTURE, Kind.HOLD]


def test_a_pointer_stands_for_its_likeliest_name() -> None:
    one, other = replace(TAKEN, place=TOWN, odds=1.0), replace(TAKEN, place=TOWN_HAMA, odds=0.5)
    (draft,) = drafts(TEXT, [one, other], {})
    assert draft.place.mention.text == "Homs"
    assert draft.place.anchor == mention("town")


def test_a_name_ahead_must_be_likelier_by_far() -> None:
    one, other = replace(TAKEN, place=TOWN, odds=1.0), replace(TAKEN, place=TOWN_HAMA, odds=1.5)
    assert [d.place.mention.text for d in drafts(TEXT, [one, other], {})] == ["Homs"]
    assert [d.place.mention.text for d in drafts(TEXT, [one, replace(other, odds=4.0)], {})] == ["Hama"]


def test_a_site_that_stands_for_a_town_is_a_part_of_it() -> None:
    base = Slot(mention("Homs"), Mention(0, 4, "base"), "pointed")
    (draft,) = drafts(TEXT, [replace(TAKEN, place=base)], {})
    assert draft.place.extent is Extent.PART
    (draft,) = drafts(TEXT, [replace(TAKEN, place=replace(base, name=Mention(50, 59, "Homs base")))], {})
    assert draft.place.extent is Extent.WHOLE


def test_sides_of_the_sentence_go_before_those_named_earlier() -> None:
    offer = replace(OFFER, sides=(SOLDIERS, BEFORE))
    both = replace(TAKEN, offer=offer, actors=(0.5, 2.0), opponents=(-3.0, -3.0))
    (draft,) = drafts(TEXT, [both], {})
    assert [p.mention.text for p in draft.actors] == ["soldiers"]
    (draft,) = drafts(TEXT, [replace(both, actors=(-0.5, 2.0))], {})
    assert [p.mention for p in draft.actors] == [BEFORE.name]
    assert draft.actors[0].anchor is None


def test_allies_stand_in_a_list_and_enemies_apart() -> None:
    both = replace(TAKEN, actors=(2.0, 1.0), opponents=(-3.0, -3.0))
    (draft,) = drafts(TEXT, [both], {})
    assert [p.mention.text for p in draft.actors] == ["rebels", "soldiers"]
    apart = TEXT.replace("rebels and soldiers fought", "rebels who soldiers fought")
    (draft,) = drafts(apart, [both], {})
    assert [p.mention.text for p in draft.actors] == ["rebels"]
    (draft,) = drafts(apart, [replace(both, kind=Kind.CLASH)], {})
    assert [p.mention.text for p in draft.actors] == ["rebels", "soldiers"]


def test_who_lost_it_did_not_capture_it() -> None:
    text = "The rebels have lost Homs after months of attacks by the soldiers of the coast."
    names = [Mention(text.index(name), text.index(name) + len(name), name) for name in ("rebels", "soldiers")]
    offer = replace(OFFER, sides=tuple(Slot(name, name, "generic") for name in names), times=())
    lost = replace(TAKEN, offer=offer, actors=(3.0, 1.0), opponents=(-3.0, -2.0), times=())
    (draft,) = drafts(text, [lost], {})
    assert [p.mention.text for p in draft.actors] == ["soldiers"]
    assert [p.mention.text for p in draft.opponents] == ["rebels"]
    (draft,) = drafts(text, [replace(lost, kind=Kind.LOSS)], {})
    assert [p.mention.text for p in draft.actors] == ["rebels"]


def test_who_lost_it_is_the_opponent_whatever_the_odds() -> None:
    text = "The rebels have lost Homs after months of attacks by the soldiers of the coast."
    names = [Mention(text.index(name), text.index(name) + len(name), name) for name in ("rebels", "soldiers")]
    offer = replace(OFFER, sides=tuple(Slot(name, name, "generic") for name in names), times=())
    lost = replace(TAKEN, offer=offer, actors=(-3.0, 1.0), opponents=(-2.0, -2.0), times=())
    (draft,) = drafts(text, [lost], {})
    assert [p.mention.text for p in draft.opponents] == ["rebels"]


def test_a_hold_that_ends_in_its_sentence_is_not_told() -> None:
    hold = replace(TAKEN, kind=Kind.HOLD, times=(-1.0,), now=1.0, actors=(-3.0, 3.0))
    assert [d.kind for d in drafts(TEXT, [TAKEN, hold], {})] == [Kind.CAPTURE]
    assert [d.kind for d in drafts(TEXT, [replace(TAKEN, kind=Kind.LOSS), hold], {})] == [Kind.LOSS]
    own = replace(hold, actors=TAKEN.actors)  # who took it holds it
    assert [d.kind for d in drafts(TEXT, [TAKEN, own], {})] == [Kind.CAPTURE, Kind.HOLD]
    planned = replace(TAKEN, factuality=(0, 0, 2))
    assert [d.kind for d in drafts(TEXT, [planned, hold], {})] == [Kind.CAPTURE, Kind.HOLD]


def test_a_capture_has_no_day_where_two_fit_as_well() -> None:
    end = TimeMention(len(TEXT) - 5, len(TEXT) - 1, "lost", TimeType.DATE)
    near = TimeMention(12, 18, "Sunday", TimeType.DATE)
    for other, odds, day in ((end, 0.5, None), (end, -1.0, MONDAY), (near, 0.5, MONDAY)):
        offer = replace(OFFER, times=(MONDAY, other))
        (draft,) = drafts(TEXT, [replace(TAKEN, offer=offer, times=(1.0, odds))], {})
        assert draft.when == day


def test_a_time_of_the_sentence_and_one_carried_over_have_odds_of_their_own() -> None:
    carried = replace(OFFER, sentence=Sentence(20, len(TEXT), BlockKind.BODY))
    (draft,) = drafts(TEXT, [replace(TAKEN, times=(-0.5,))], {"time": -1.0})
    assert draft.when == MONDAY
    (draft,) = drafts(TEXT, [replace(TAKEN, offer=carried, times=(-0.5,))], {"time": -1.0})
    assert draft.when is None


def test_a_truce_has_no_opponents() -> None:
    (draft,) = drafts(TEXT, [replace(TAKEN, kind=Kind.TRUCE)], {})
    assert [p.mention.text for p in draft.actors] == ["rebels", "soldiers"]
    assert draft.opponents == ()


def test_now_is_only_of_a_lasting_thing_without_a_time() -> None:
    hold = replace(TAKEN, kind=Kind.HOLD, now=1.0)
    assert [d.tense_now for d in drafts(TEXT, [hold], {})] == [False]
    assert [d.tense_now for d in drafts(TEXT, [replace(hold, times=(-1.0,))], {})] == [True]
    assert [d.tense_now for d in drafts(TEXT, [replace(hold, times=(-1.0,), factuality=(0, 0, 2))], {})] == [False]
    assert [d.tense_now for d in drafts(TEXT, [replace(TAKEN, times=(-1.0,), now=1.0)], {})] == [False]
