"""A quarter lies in a town, a town in a district, a district in a province, in a country: what one says of the others.

Nothing, by itself; and this is the one place that decides so. "The army holds Anbar" is no claim that it holds Rawa,
and that it took Rawa none that it took Anbar: fronts run through provinces, and provinces are called held long before
the last village is. Neither claim is weighed for the other. But an answer that is silent on what the same reports say
of the province around, or of the towns inside, would hide what a reader must know: so it is told beside the answer,
with the words that it was not taken over.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from whoheld.distance import kilometres
from whoheld.vocabulary import Extent, Place, Related, Relation, Spell, State

_CITY = 100_000  # people of a town that has quarters with names of their own
_QUARTER_KM = 12.0
_NAMED = 3  # places that a remark names, of those inside


def relation(place: Place, other: Place) -> Relation | None:
    """How `other` lies to `place`: around it, inside it, or neither (None).

    A country holds all that bears its code; a province what bears its name as admin1, a district as admin2; a city of
    100,000 people the quarters within some 12 kilometres of its point.
    """
    if _holds(other, place):
        return Relation.AROUND
    return Relation.INSIDE if _holds(place, other) else None


def _holds(outer: Place, inner: Place) -> bool:
    if outer.id == inner.id or outer.country != inner.country or inner.feature == "country":
        return False
    if outer.feature == "country":
        return True
    if not outer.admin1 or outer.admin1 != inner.admin1 or inner.feature in {"province", "region"}:
        return False
    if outer.feature == "province":
        return True
    if outer.feature == "district":
        return inner.feature != "district" and outer.name.removesuffix(" District") == (
            inner.admin2.removesuffix(" District") or None
        )
    is_quarter = outer.feature == "populated" and inner.feature == "district"
    return is_quarter and outer.population >= _CITY and kilometres(outer, inner) <= _QUARTER_KM


def relate(place: Place, answers: Mapping[Place, Spell]) -> tuple[Related, ...]:
    """The places around and inside `place` with their answers of the day: the nearest around first, inside by name."""
    found = [
        Related(other, where, spell)
        for other, spell in answers.items()
        if (where := relation(place, other)) is not None
    ]
    return tuple(sorted(found, key=lambda one: (one.relation, _rank(one.place), one.place.name, one.place.id)))


def _rank(place: Place) -> int:
    return {"populated": 0, "district": 1, "province": 2, "country": 3}.get(place.feature, 0)


def remarks(place: Place, spell: Spell, related: Sequence[Related]) -> tuple[str, ...]:
    """Sentences on what is said around and inside a place, each saying that it was not taken over."""
    around = [_around(place, one) for one in related if one.relation is Relation.AROUND and _is_known(one.spell)]
    inside = [one for one in related if one.relation is Relation.INSIDE]
    return tuple(around + ([_inside(place, spell, inside)] if inside else []))


def _around(place: Place, one: Related) -> str:
    held, part = one.spell.holder, "part of " if one.spell.extent is Extent.PART else ""
    named = f"{one.place.name} ({one.place.feature})"
    told = f"{held.name} held {part}{named}" if held else f"{named} was contested"
    return f"On this day {told}, by the reports; that says nothing of {place.name}."


def _inside(place: Place, spell: Spell, inside: Sequence[Related]) -> str:
    counted = Counter(_answer(one.spell) for one in inside)
    listed = ", ".join(f"{count} {answer}" for answer, count in counted.most_common())
    names = ", ".join(one.place.name for one in inside[:_NAMED]) + (" and others" if len(inside) > _NAMED else "")
    odd = [one.place.name for one in inside if _differs(one.spell, spell)]
    against = f" Not held by {spell.holder.name}: {_enumerated(odd)}." if odd and spell.holder else ""
    number = f"{len(inside)} place{'s' * (len(inside) > 1)} inside {place.name} ({names})"
    return f"Reports speak of {number}; on this day: {listed}. That says nothing of the whole.{against}"


def _answer(spell: Spell) -> str:
    if spell.state is State.HELD and spell.holder:
        return f"held by {spell.holder.name}"
    return spell.state.value


def _differs(inner: Spell, whole: Spell) -> bool:
    """Whether a place inside has a known answer that is not that of the whole."""
    if whole.state is not State.HELD or not _is_known(inner):
        return False
    return inner.holder is None or whole.holder is None or inner.holder.id != whole.holder.id


def _is_known(spell: Spell) -> bool:
    return spell.state is not State.UNKNOWN


def _enumerated(names: Iterable[str]) -> str:
    listed = list(names)
    return ", ".join(listed[:8]) + (f" and {len(listed) - 8} more" if len(listed) > 8 else "")
