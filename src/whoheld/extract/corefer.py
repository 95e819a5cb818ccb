"""What "the town", "the group" and "it" stand for: a small memory of what the report has named so far.

Good enough for sides and places in news, where the referent is nearly always the last one that fits. What it cannot
settle stays unsettled, and the claim is not made.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import cache

from whoheld.data import table
from whoheld.extract.phrases import Reference
from whoheld.vocabulary import Mention

_PROVINCE = re.compile(r"\b(province|governorate|oblast|region|state|county|countryside)\b", re.IGNORECASE)
_REACH = 900  # characters back that a pronoun or "the group" may point
_TOWN_REACH = 2500


@cache
def _populated() -> frozenset[str]:
    place = table("nouns.toml")["place"]
    return frozenset(place["populated"] + place["district"])


@cache
def _groups() -> frozenset[str]:
    return frozenset(table("nouns.toml")["actor"]["groups"])


class Discourse:
    """The names of a report in order, and which of them claims were made about.

    Feed it events in the order of the text: `saw_place` and `saw_actor` after each claim.
    """

    def __init__(self, text: str, places: Sequence[Mention], actors: Sequence[Mention], is_country: frozenset[int]) -> None:
        """`is_country` holds the starts of place mentions that name whole countries."""
        self._text = text
        self._places = [p for p in places if p.start not in is_country]
        self._actors = list(actors)
        self._described = self._descriptions()
        self._last_place: Mention | None = None
        self._last_actor: Mention | None = None

    def _descriptions(self) -> dict[str, Mention]:
        """Common nouns by which the report introduces a name: "the town of X" -> town: X."""
        found: dict[str, Mention] = {}
        for place in self._places:
            lead = self._text[max(0, place.start - 24) : place.start].lower()
            if match := re.search(r"\b([a-z-]+)\s+of\s+(?:al-)?$", lead):
                found.setdefault(match.group(1), place)
        return found

    def saw_place(self, place: Mention) -> None:
        self._last_place = place

    def saw_actor(self, actor: Mention) -> None:
        self._last_actor = actor

    def place(self, reference: Reference) -> Mention | None:
        """The name behind a reference to a place, or None."""
        if reference.name is not None:
            return reference.name
        here = reference.anchor.start
        if reference.head == "it" or not reference.definite:
            near = self._last_place
            return near if reference.head == "it" and near and 0 <= here - near.start < _REACH // 2 else None
        earlier = [p for p in self._before(self._places, here) if here - p.start < _TOWN_REACH]
        if reference.head in _populated():
            towns = [p for p in earlier if not _PROVINCE.search(p.text)]
            if self._last_place in towns and here - self._last_place.start < _REACH:  # type: ignore[union-attr]
                return self._last_place
            described = self._described.get(reference.head)
            if described is not None and described.start < here:
                return described
            return towns[-1] if towns else None
        same = [p for p in earlier if reference.head in p.text.lower()]
        if same:
            return same[-1]
        described = self._described.get(reference.head)
        if described is not None and described.start < here:
            return described
        if self._last_place is not None and 0 <= here - self._last_place.start < _REACH // 2:
            return self._last_place
        return None

    def actor(self, reference: Reference) -> Mention | None:
        """The name behind a reference to a side, or None."""
        if reference.name is not None:
            return reference.name
        here = reference.anchor.start
        earlier = [a for a in self._before(self._actors, here) if here - a.start < _REACH]
        if reference.head in _groups():
            named = [a for a in earlier if not re.search(r"army|government|regime", a.text, re.IGNORECASE)]
            if reference.head in ("army", "troop", "soldier"):
                named = [a for a in earlier if re.search(r"army|troop|soldier|forces|military", a.text, re.IGNORECASE)]
            return named[-1] if named else None
        if self._last_actor is not None and 0 < here - self._last_actor.start < _REACH // 2:
            return self._last_actor
        return earlier[-1] if earlier else None

    @staticmethod
    def _before(mentions: Sequence[Mention], offset: int) -> Sequence[Mention]:
        return mentions[: bisect_left([m.start for m in mentions], offset)]
