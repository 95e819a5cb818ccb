"""Which sentences are worth reading: a glance at the words, before the network is asked.

Most sentences of an ordinary newspaper tell nothing of who holds a place. A sentence is judged by its words, by whether
it names places and sides, by whether it has a word that can tell a claim, and by how much of the report is about war: a
fire that struck a street is passed over in a local paper, and read in a report from a front. `training/worth.py` learns
the weights and says what they miss.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from whoheld import data
from whoheld.extract.slots import Names
from whoheld.extract.triggers import worth_reading
from whoheld.vocabulary import Mention, Span

_WORD = re.compile(r"[a-z]+")
STEM = 6  # letters of a word that are looked at


@dataclass(frozen=True, slots=True)
class Glance:
    """What is seen of a sentence: the beginnings of its words, and what stands in it."""

    stems: frozenset[str]
    place: bool
    side: bool
    trigger: bool


def worth(text: str, sentences: Sequence[Span], names: Names) -> list[bool]:
    """Whether each sentence of a report is worth reading, in order."""
    weights = shipped()
    return [odds >= weights["least"] for odds in odds_of(glances(text, sentences, names), weights)]


def glances(text: str, sentences: Sequence[Span], names: Names) -> list[Glance]:
    """A glance at each sentence."""
    places = _starts((*names.places, *names.countries))
    sides = _starts(names.actors)
    words = [_WORD.findall(text[s.start : s.end].lower()) for s in sentences]
    return [
        Glance(
            frozenset(word[:STEM] for word in own),
            _any_in(places, sentence),
            _any_in(sides, sentence),
            any(map(_tells, own)),
        )
        for sentence, own in zip(sentences, words, strict=True)
    ]


_tells = lru_cache(maxsize=65536)(worth_reading)


def odds_of(seen: Sequence[Glance], weights: dict[str, Any]) -> list[float]:
    """Log odds of a claim in each sentence of a report: by the sentence alone, and by the mean of all of them."""
    of, alone = weights["report"], [_word_odds(one, weights) for one in seen]
    mean = sum(alone) / max(len(alone), 1)
    return [
        float(of["own"] * own + of["mean"] * mean + of["trigger"] * one.trigger + of["bias"])
        for one, own in zip(seen, alone, strict=True)
    ]


def _word_odds(seen: Glance, weights: dict[str, Any]) -> float:
    words = weights["words"]
    told = sum(words.get(stem, 0.0) for stem in seen.stems)
    return float(told + weights["bias"] + weights["place"] * seen.place + weights["side"] * seen.side)


def _starts(mentions: Sequence[Mention]) -> list[int]:
    return sorted(mention.start for mention in mentions)


def _any_in(starts: Sequence[int], span: Span) -> bool:
    at = bisect_left(starts, span.start)
    return at < len(starts) and starts[at] < span.end


@cache
def shipped() -> dict[str, Any]:
    """The weights as `training/worth.py` wrote them."""
    weights: dict[str, Any] = json.loads(data.read_bytes("worth.json"))
    return weights
