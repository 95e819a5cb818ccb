"""From log odds to drafts: which of the things that the network thinks likely are told as claims.

The network judges every kind of claim about every place that a sentence offers. What is kept here is one draft for each
kind and place of a sentence: a pointer stands for one name, a side is either actor or opponent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from whoheld.data import table
from whoheld.extract.merge import Draft
from whoheld.extract.slots import Offer, Slot
from whoheld.vocabulary import (
    Extent,
    Factuality,
    Kind,
    Mention,
    Participant,
    PlaceReference,
    Role,
    TimeMention,
)

FACTUALITIES = (Factuality.CT_PLUS, Factuality.CT_MINUS, Factuality.UU)
EXTENTS = (Extent.WHOLE, Extent.PART, Extent.NEAR)

_AHEAD = 2.0  # log odds by which a name ahead must be the likelier one

_Choice = TypeVar("_Choice")


@dataclass(frozen=True, slots=True)
class Judged:
    """What the network says of one kind of claim about one place in a sentence; all numbers are log odds.

    `actors` and `opponents` are in the order of the offer's sides, `times` in that of its times. `factuality` has an
    entry for each of FACTUALITIES, `extent` for each of EXTENTS. `now` are the odds of being told as of publication;
    `source` is the voice, None for the report's own; `trigger` the words that tell it.
    """

    offer: Offer
    place: Slot
    kind: Kind
    odds: float
    trigger: Mention
    actors: Sequence[float]
    opponents: Sequence[float]
    times: Sequence[float]
    factuality: Sequence[float]
    extent: Sequence[float]
    now: float
    source: Mention | None


def drafts(text: str, judged: Iterable[Judged], least: Mapping[str, float]) -> Iterator[Draft]:
    """The drafts of a report with this text, in the order of the text.

    `least` are the log odds to be reached, by kind, and for "actor", "opponent", "time" (of the sentence itself),
    "carried" (a time from before it) and "now"; 0 where not given.
    """
    likely = [one for one in judged if one.odds >= least.get(one.kind.value, 0.0)]
    kept: dict[tuple[int, Kind, str], Judged] = {}
    for one in sorted(_one_name_a_pointer(likely), key=lambda one: -one.odds):
        kept.setdefault((one.offer.sentence.start, one.kind, one.place.name.text.lower()), one)
    told = [
        _draft(text, one, least)
        for one in sorted(kept.values(), key=lambda one: (one.offer.sentence.start, one.place.name.start))
    ]
    yield from (draft for draft in told if not _is_over(draft, told))


def _is_over(draft: Draft, told: Sequence[Draft]) -> bool:
    """Whether a hold as of publication has ended by the same sentence: "gave up Marib, the seat of its council"."""
    return (
        draft.kind is Kind.HOLD
        and draft.tense_now
        and any(
            other.sentence == draft.sentence
            and other.place.mention == draft.place.mention
            and other.factuality is Factuality.CT_PLUS
            and (other.kind is Kind.LOSS or (other.kind is Kind.CAPTURE and not _acts(draft, other)))
            for other in told
        )
    )


def _acts(one: Draft, other: Draft) -> bool:
    """Whether an actor of one draft is an actor of the other."""
    return bool({actor.mention for actor in one.actors} & {actor.mention for actor in other.actors})


def _one_name_a_pointer(judged: Sequence[Judged]) -> Iterator[Judged]:
    """ "the town" stands for one name: the likeliest, whatever is claimed of it.

    A name that only comes later must be likelier by far than one that was there before.
    """
    best: dict[tuple[int, int], Judged] = {}
    for one in judged:
        if one.place.how in ("known", "unknown"):
            yield one
            continue
        here = (one.offer.sentence.start, one.place.anchor.start)
        if here not in best or _pointing(one) > _pointing(best[here]):
            best[here] = one
    for one in judged:
        chosen = best.get((one.offer.sentence.start, one.place.anchor.start))
        if one.place.how not in ("known", "unknown") and chosen is not None and one.place.name == chosen.place.name:
            yield one


def _pointing(one: Judged) -> float:
    """How likely a pointer stands for this name."""
    return one.odds - (_AHEAD if one.place.name.start > one.place.anchor.start else 0.0)


def _draft(text: str, one: Judged, least: Mapping[str, float]) -> Draft:
    sides, among = one.offer.sides, None if one.kind in (Kind.CLASH, Kind.TRUCE) else text
    does, suffers = one.actors, one.opponents
    if one.kind is Kind.CAPTURE:
        swapped = [
            (min(a, o), max(a, o, 0.0)) if _loses(text, side) else (a, o)
            for side, a, o in zip(sides, does, suffers, strict=True)
        ]
        does, suffers = [a for a, _ in swapped], [o for _, o in swapped]
    actors = _sides(sides, does, suffers, least.get("actor", 0.0), among)
    opponents = _sides(sides, suffers, does, least.get("opponent", 0.0), among)
    if one.kind is Kind.TRUCE:
        actors, opponents = actors + opponents, ()
    when = _time(one, least)
    factuality = _likeliest(one.factuality, FACTUALITIES)
    lasting = one.kind in (Kind.HOLD, Kind.SIEGE) and when is None and factuality is not Factuality.UU
    return Draft(
        one.offer.sentence,
        one.kind,
        one.trigger,
        PlaceReference(one.place.name, _extent(one), _at_hand(one.place)),
        tuple(Participant(side.name, Role.ACTOR, _at_hand(side)) for side in actors),
        tuple(Participant(side.name, Role.OPPONENT, _at_hand(side)) for side in opponents),
        when,
        (one.source,) if one.source is not None else (),
        factuality,
        lasting and one.now >= least.get("now", 0.0),
    )


def _sides(
    sides: Sequence[Slot], odds: Sequence[float], others: Sequence[float], least: float, text: str | None
) -> tuple[Slot, ...]:
    """All likely sides, each name once; nobody who is likelier to be of the others.

    With a `text`, only the likeliest and those in a list with it: two likely sides that stand apart are more often
    enemies than allies, one of them misread. In a fight and in a truce both are meant.
    """
    likely = [
        (value, side)
        for side, value, other in zip(sides, odds, others, strict=True)
        if value >= least and value >= other
    ]
    here = [pair for pair in likely if pair[1].how != "before"] or likely
    if not here:
        return ()
    named = [pair for pair in here if pair[1].how == "known"]  # "militias" and the like name nobody
    kept = [max(named or here, key=lambda pair: pair[0])[1]]
    if kept[0].how != "before":
        for side in kept:
            kept += [s for _, s in here if s not in kept and (text is None or _is_listed(text, s, side))]
    found: dict[str, Slot] = {}
    for side in sorted(kept, key=lambda side: side.name.start):
        found.setdefault(side.name.text.lower(), side)
    return tuple(found.values())


@cache
def _losing() -> re.Pattern[str]:
    verbs = "|".join(re.escape(verb) for verb in table("cues.toml")["losing"]["verbs"])
    return re.compile(
        rf"\s+(?:(?:has|have|had|also|then|since|finally|recently)\s+){{0,2}}(?:{verbs})\b", re.IGNORECASE
    )


def _loses(text: str, side: Slot) -> bool:
    """Whether the side is the subject of a verb of losing: it is not the one that captured the place."""
    return side.how != "before" and _losing().match(text, side.name.end) is not None


_ALIKE = 1.5  # log odds between two times, either of which may be meant
_NEAR = 6  # characters between the ends of a range: "2 to 3 July"
_LISTED = re.compile(r",|&|\b(?:and|or|with|backed|supported|alongside|plus)\b", re.IGNORECASE)
_LIST_GAP = 40  # characters between two sides of a list: "the army, backed by allied Shiite militias"


def _is_listed(text: str, one: Slot, other: Slot) -> bool:
    first, second = sorted((one.name, other.name), key=lambda name: name.start)
    between = text[first.end : second.start]
    return second.start <= first.end or (len(between) <= _LIST_GAP and _LISTED.search(between) is not None)


def _extent(one: Judged) -> Extent:
    """How much of the place is meant. "The complex" that stands for a town is a part of it, whatever is likelier."""
    likeliest = _likeliest(one.extent, EXTENTS)
    noun = one.place.anchor.text.lower().removesuffix("s")
    site = one.place.how == "pointed" and noun in _sites() and noun not in one.place.name.text.lower()
    return Extent.PART if site and likeliest is Extent.WHOLE else likeliest


@cache
def _sites() -> frozenset[str]:
    """Nouns of what lies in a town, or beside it."""
    nouns = table("nouns.toml")["place"]
    return frozenset(noun for key in ("district", "base", "crossing", "site") for noun in nouns[key])


def _time(one: Judged, least: Mapping[str, float]) -> TimeMention | None:
    """The likeliest time, if it is likely enough: one of the sentence itself, or one that is carried over to it.

    None where two days of the sentence are about as likely: "retook in May the port that it had lost in March"
    tells of two changes of hands, and a capture with the day of the other is worse than one without.
    """
    ranked = sorted(zip(one.times, one.offer.times, strict=True), key=lambda pair: -pair[0])
    if not ranked:
        return None
    odds, time = ranked[0]
    own = time.start >= one.offer.sentence.start
    rivals = [rival for other, rival in ranked[1:] if other >= max(0.0, odds - _ALIKE)]
    apart = [
        r for r in rivals if r.start > time.end + _NEAR or one.offer.sentence.start <= r.start < time.start - _NEAR
    ]
    if own and apart and one.kind in (Kind.CAPTURE, Kind.LOSS):
        return None
    return time if odds >= least.get("time" if own else "carried", 0.0) else None


def _likeliest(odds: Sequence[float], choices: Sequence[_Choice]) -> _Choice:
    return max(zip(odds, choices, strict=True), key=lambda pair: pair[0])[1]


def _at_hand(slot: Slot) -> Mention | None:
    """The words that stand for the name, where they are not the name itself."""
    return slot.anchor if slot.anchor.text and slot.anchor != slot.name else None
