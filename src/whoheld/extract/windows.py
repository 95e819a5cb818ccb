"""Windows: stretches of a report as wordpieces, as the encoder takes them.

A window holds some whole sentences to be read, each with the text before it, so that what a pointer stands for is in
view; what lies far from any of them is left out. The encoder is uncased: the case of each piece, and what kind of name
it belongs to, go in beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from whoheld import data
from whoheld.extract.slots import Names, Offer
from whoheld.vocabulary import Span

Ints = NDArray[np.int64]

_MOST = 320  # pieces of a window, but for a single long sentence
_BEFORE = 64  # pieces of the text before a sentence to be read
_LONGEST = 400  # pieces of one sentence that are read; the encoder takes 512 with the text before it
_CASES = {"": 0, "lower": 1, "title": 2, "upper": 3}
_OTHER, _PLACE, _ACTOR, _TIME, _ASKED = range(5)


@dataclass(frozen=True, slots=True)
class Window:
    """`ids`, `case` and `names` begin and end with the encoder's marks; piece i of the window stands at i + 1.

    `starts` and `ends` are the pieces' offsets in the report. `offers` are the sentences to be read, each with its
    first position and the one after its last.
    """

    ids: Ints
    case: Ints
    names: Ints
    starts: Ints
    ends: Ints
    offers: tuple[tuple[Offer, int, int], ...]

    def positions(self, spans: Sequence[Span]) -> Ints:
        """The first and the last position of each span [spans, 2]; (0, 0) where it is empty or out of view."""
        begin = np.array([span.start for span in spans], dtype=np.int64)
        stop = np.array([span.end for span in spans], dtype=np.int64)
        first = np.searchsorted(self.ends, begin, side="right") + 1
        last = np.searchsorted(self.starts, stop)
        seen = (begin < stop) & (first <= last)
        return np.stack([first * seen, last * seen], axis=-1)


def open_tokenizer() -> Tokenizer:
    """The cutter of texts into the wordpieces that the encoder knows."""
    tokenizer = Tokenizer.from_buffer(data.read_bytes("reader/tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def windows(text: str, offers: Sequence[Offer], names: Names, tokenizer: Tokenizer) -> Iterator[Window]:
    """The windows in which the offers of a report are read, in order. `offers` without a place are passed over."""
    wanted = [offer for offer in offers if offer.places]
    if not wanted:
        return
    cut = _cut(text, names, tokenizer)
    first, stop = cut.reach([offer.sentence for offer in wanted])
    begun: list[tuple[Offer, int, int]] = []  # with the first piece and the one after the last
    pieces = np.zeros(0, dtype=np.int64)
    for offer, a, b in zip(wanted, first, stop, strict=True):
        end = min(b, a + _LONGEST)
        if a >= end:
            continue
        more = np.arange(max(0, a - _BEFORE), end)
        joined = np.union1d(pieces, more)
        if begun and len(joined) > _MOST:
            yield cut.window(pieces, begun)
            begun, joined = [], more
        begun.append((offer, a, end))
        pieces = joined
    if begun:
        yield cut.window(pieces, begun)


def asked_window(text: str, asked: Span, names: Names, tokenizer: Tokenizer) -> Window:
    """A whole text, cut after as much as a window holds, in which the words `asked` are marked; it offers nothing."""
    cut = _cut(text, names, tokenizer)
    ((first,), (stop,)) = cut.reach([asked])
    cut.kinds[first:stop] = _ASKED
    return cut.window(np.arange(min(len(cut.ids), _LONGEST)), ())


@dataclass(frozen=True, slots=True)
class _Cut:
    """A text as wordpieces: their numbers, where they begin and end, and what kind of name each belongs to."""

    text: str
    ids: Ints
    starts: Ints
    ends: Ints
    kinds: Ints
    marks: Ints  # the encoder's, for the beginning and the end of a window

    def reach(self, spans: Sequence[Span]) -> tuple[list[int], list[int]]:
        """The first piece of each span, and the one after its last."""
        first = np.searchsorted(self.ends, [span.start for span in spans], side="right")
        stop = np.searchsorted(self.starts, [span.end for span in spans])
        return first.tolist(), stop.tolist()

    def window(self, pieces: Ints, offers: Sequence[tuple[Offer, int, int]]) -> Window:
        """The window of some pieces, which hold those of the offers."""
        starts, ends = self.starts[pieces], self.ends[pieces]
        cases = [_case(self.text[a:b]) for a, b in zip(starts.tolist(), ends.tolist(), strict=True)]
        return Window(
            np.concatenate((self.marks[:1], self.ids[pieces], self.marks[1:])),
            np.pad(np.array(cases, dtype=np.int64), 1),
            np.pad(self.kinds[pieces], 1),
            starts,
            ends,
            tuple(
                (offer, int(np.searchsorted(pieces, a)) + 1, int(np.searchsorted(pieces, b)) + 1)
                for offer, a, b in offers
            ),
        )


def _cut(text: str, names: Names, tokenizer: Tokenizer) -> _Cut:
    encoding = tokenizer.encode(text, add_special_tokens=False)
    offsets = np.array(encoding.offsets, dtype=np.int64).reshape(-1, 2)
    ids = np.array(encoding.ids, dtype=np.int64)
    marks = np.array([tokenizer.token_to_id(mark) for mark in ("[CLS]", "[SEP]")], dtype=np.int64)
    cut = _Cut(text, ids, offsets[:, 0], offsets[:, 1], np.zeros_like(ids), marks)
    for listed, kind in ((names.places + names.countries, _PLACE), (names.actors, _ACTOR), (names.times, _TIME)):
        for a, b in zip(*cut.reach(listed), strict=True):
            cut.kinds[a:b] = kind
    return cut


def _case(piece: str) -> int:
    if piece.islower():
        return _CASES["lower"]
    if piece.isupper() and len(piece) > 1:
        return _CASES["upper"]
    return _CASES["title"] if piece[:1].isupper() else _CASES[""]
