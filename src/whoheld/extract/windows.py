"""Windows: stretches of a report as wordpieces, as the encoder takes them.

A window holds some whole sentences to be read, and the text before them, so that what a pointer stands for is in view.
The encoder is uncased: the case of each piece, and what kind of name it belongs to, go in beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from whoheld.extract.slots import Names, Offer
from whoheld.vocabulary import Span

Ints = NDArray[np.int64]

_READ = 224  # pieces of the sentences to be read
_BEFORE = 96  # pieces of the text before them
_LONGEST = 400  # a single sentence may have more than _READ
_CASES = {"": 0, "lower": 1, "title": 2, "upper": 3}
_OTHER, _PLACE, _ACTOR, _TIME = range(4)


@dataclass(frozen=True, slots=True)
class Window:
    """`ids`, `case` and `names` begin and end with the encoder's marks; piece i of the text stands at i + 1.

    `starts` and `ends` are the pieces' offsets in the report. `offers` are the sentences to be read, each with its
    first position and the one after its last.
    """

    ids: Ints
    case: Ints
    names: Ints
    starts: Ints
    ends: Ints
    offers: tuple[tuple[Offer, int, int], ...]

    def position(self, span: Span) -> tuple[int, int]:
        """The first and the last position of a span; (0, 0) where it is empty or out of view."""
        if span.start >= span.end:
            return 0, 0
        first = int(np.searchsorted(self.ends, span.start, side="right"))
        last = int(np.searchsorted(self.starts, span.end)) - 1
        return (first + 1, last + 1) if first <= last else (0, 0)


def windows(text: str, offers: Sequence[Offer], names: Names, tokenizer: Tokenizer) -> Iterator[Window]:
    """The windows in which the offers of a report are read, in order. `offers` without a place are passed over."""
    encoding = tokenizer.encode(text, add_special_tokens=False)
    if not encoding.ids:
        return
    offsets = np.array(encoding.offsets, dtype=np.int64)
    starts, ends = offsets[:, 0], offsets[:, 1]
    kinds = np.zeros(len(starts), dtype=np.int64)
    for listed, kind in ((names.places + names.countries, _PLACE), (names.actors, _ACTOR), (names.times, _TIME)):
        for mention in listed:
            kinds[(starts < mention.end) & (ends > mention.start)] = kind
    cases = np.array([_case(text[a:b]) for a, b in encoding.offsets], dtype=np.int64)
    ids = np.array(encoding.ids, dtype=np.int64)
    begin, stop = (np.array([tokenizer.token_to_id(mark)], dtype=np.int64) for mark in ("[CLS]", "[SEP]"))
    reach = [
        (
            int(np.searchsorted(ends, offer.sentence.start, side="right")),
            int(np.searchsorted(starts, offer.sentence.end)),
        )
        for offer in offers
    ]
    i = 0
    while i < len(offers):
        first, j = reach[i][0], i
        while j + 1 < len(offers) and reach[j + 1][1] - first <= _READ:
            j += 1
        low, high = max(0, first - _BEFORE), min(len(ids), reach[j][1], first + _LONGEST)
        own = tuple(
            (offer, a - low + 1, min(b, high) - low + 1)
            for offer, (a, b) in zip(offers[i : j + 1], reach[i : j + 1], strict=True)
            if offer.places and min(b, high) > a
        )
        if own:
            yield Window(
                np.concatenate((begin, ids[low:high], stop)),
                np.pad(cases[low:high], 1),
                np.pad(kinds[low:high], 1),
                starts[low:high],
                ends[low:high],
                own,
            )
        i = j + 1


def _case(piece: str) -> int:
    if piece.islower():
        return _CASES["lower"]
    if piece.isupper() and len(piece) > 1:
        return _CASES["upper"]
    return _CASES["title"] if piece[:1].isupper() else _CASES[""]
