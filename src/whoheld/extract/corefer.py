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
from whoheld.vocabulary import Mention

_PROVINCE = re.compile(r"\b(province|governorate|oblast|region|state|county|countryside)\b", re.IGNORECASE)
_FORCES = re.compile(r"army|troop|soldier|forces|military", re.IGNORECASE)
_STATE = re.compile(r"army|government|regime", re.IGNORECASE)
_NEXT_WORD = re.compile(r"\s+(\w+)")
_INTRODUCED = re.compile(r"\b([A-Za-z-]+)\s+of\s+(?:the\s+)?\Z")
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
    """The names of a report in order, and which of them claims were made about."""

    def __init__(
        self, text: str, places: Sequence[Mention], actors: Sequence[Mention], is_country: frozenset[int]
    ) -> None:
        """`is_country` holds the starts of place mentions that name whole countries."""
        self._text = text
        self._places = [p for p in places if p.start not in is_country]
        self._actors = list(actors)

    def place(self, anchor: Mention, noun: str) -> Mention | None:
        """The place that `noun` ("town", "area", "it") at `anchor` points back to, or None.

        A name that bears the noun goes first ("the airport": Menagh airport), then one that the report introduced
        with it ("the town of X"), then the last town for words that mean a town, then the last place.
        """
        here = anchor.start
        earlier = [p for p in self._before(self._places, here) if here - p.start < _TOWN_REACH]
        if not earlier:
            return self._named_later(here, noun)
        if noun in ("it", "there"):
            return earlier[-1] if here - earlier[-1].start < _REACH // 2 else None
        bearing = [p for p in earlier if noun in p.text.lower() or self._noun_after(p) == noun]
        if bearing:
            return bearing[-1]
        described = [p for p in earlier if self._noun_before(p) == noun]
        if described:
            return described[-1]
        if noun in _populated():
            towns = [p for p in earlier if not _PROVINCE.search(p.text) and not _PROVINCE.match(self._noun_after(p))]
            return towns[-1] if towns else None
        return earlier[-1] if here - earlier[-1].start < _REACH else None

    def recent_places(self, here: int) -> list[Mention]:
        """The last place named before `here`, within reach."""
        earlier = self._before(self._places, here)
        return [earlier[-1]] if earlier and here - earlier[-1].start < _TOWN_REACH else []

    def actor(self, anchor: Mention, noun: str) -> Mention | None:
        """The side that `noun` ("group", "army", "they") at `anchor` points back to, or None."""
        here = anchor.start
        earlier = [a for a in self._before(self._actors, here) if here - a.start < _REACH]
        if noun in ("army", "troop", "soldier"):
            earlier = [a for a in earlier if _FORCES.search(a.text)]
        elif noun in _groups():
            earlier = [a for a in earlier if not _STATE.search(a.text)]
        return earlier[-1] if earlier else None

    def recent_actors(self, here: int) -> list[Mention]:
        """The last two sides named before `here`, within reach, the latest first."""
        found: dict[str, Mention] = {}
        for actor in reversed(self._before(self._actors, here)):
            if here - actor.start > _REACH or len(found) == 2:
                break
            found.setdefault(actor.text.lower(), actor)
        return list(found.values())

    def _named_later(self, here: int, noun: str) -> Mention | None:
        """The first town that the report names after `here`: "a Christian town … the capture of Qaryatain"."""
        if noun not in _populated():
            return None
        later = self._places[bisect_left([p.start for p in self._places], here) :]
        return next(
            (p for p in later if not _PROVINCE.search(p.text) and not _PROVINCE.match(self._noun_after(p))), None
        )

    def _noun_after(self, place: Mention) -> str:
        match = _NEXT_WORD.match(self._text, place.end)
        return match.group(1).lower() if match else ""

    def _noun_before(self, place: Mention) -> str:
        match = _INTRODUCED.search(self._text, max(0, place.start - 32), place.start)
        return match.group(1).lower() if match else ""

    @staticmethod
    def _before(mentions: Sequence[Mention], offset: int) -> Sequence[Mention]:
        return mentions[: bisect_left([m.start for m in mentions], offset)]
