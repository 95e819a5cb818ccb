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
from tokenizers import Encoding, Tokenizer

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
    encoding = tokenizer.encode(text, add_special_tokens=False)
    offsets = np.array(encoding.offsets, dtype=np.int64).reshape(-1, 2)
    first = np.searchsorted(offsets[:, 1], [offer.sentence.start for offer in wanted], side="right").tolist()
    stop = np.searchsorted(offsets[:, 0], [offer.sentence.end for offer in wanted]).tolist()
    kinds = _kinds(offsets, names)
    begun: list[tuple[Offer, int, int]] = []  # with the first piece and the one after the last
    pieces = np.zeros(0, dtype=np.int64)
    for offer, a, b in zip(wanted, first, stop, strict=True):
        end = min(b, a + _LONGEST)
        if a >= end:
            continue
        more = np.arange(max(0, a - _BEFORE), end)
        joined = np.union1d(pieces, more)
        if begun and len(joined) > _MOST:
            yield _window(text, encoding, offsets, kinds, pieces, begun, tokenizer)
            begun, joined = [], more
        begun.append((offer, a, end))
        pieces = joined
    if begun:
        yield _window(text, encoding, offsets, kinds, pieces, begun, tokenizer)


def asked_window(text: str, asked: Span, names: Names, tokenizer: Tokenizer) -> Window:
    """A whole text, cut after as much as a window holds, in which the words `asked` are marked; it offers nothing."""
    encoding = tokenizer.encode(text, add_special_tokens=False)
    offsets = np.array(encoding.offsets, dtype=np.int64).reshape(-1, 2)
    kinds = _kinds(offsets, names)
    kinds[(offsets[:, 1] > asked.start) & (offsets[:, 0] < asked.end)] = _ASKED
    return _window(text, encoding, offsets, kinds, np.arange(min(len(offsets), _LONGEST)), (), tokenizer)


def _window(
    text: str,
    encoding: Encoding,
    offsets: Ints,
    kinds: Ints,
    pieces: Ints,
    offers: Sequence[tuple[Offer, int, int]],
    tokenizer: Tokenizer,
) -> Window:
    """The window of some pieces of a report, which hold those of the offers."""
    all_ids, at = encoding.ids, pieces.tolist()
    ids = [tokenizer.token_to_id("[CLS]"), *(all_ids[i] for i in at), tokenizer.token_to_id("[SEP]")]
    starts, ends = offsets[pieces, 0], offsets[pieces, 1]
    cases = [_case(text[a:b]) for a, b in zip(starts.tolist(), ends.tolist(), strict=True)]
    return Window(
        np.array(ids, dtype=np.int64),
        np.pad(np.array(cases, dtype=np.int64), 1),
        np.pad(kinds[pieces], 1),
        starts,
        ends,
        tuple(
            (offer, int(np.searchsorted(pieces, a)) + 1, int(np.searchsorted(pieces, b)) + 1) for offer, a, b in offers
        ),
    )


def _kinds(offsets: Ints, names: Names) -> Ints:
    """What kind of name each piece of a report belongs to."""
    kinds = np.zeros(len(offsets), dtype=np.int64)
    for listed, kind in ((names.places + names.countries, _PLACE), (names.actors, _ACTOR), (names.times, _TIME)):
        first = np.searchsorted(offsets[:, 1], [mention.start for mention in listed], side="right").tolist()
        stop = np.searchsorted(offsets[:, 0], [mention.end for mention in listed]).tolist()
        for a, b in zip(first, stop, strict=True):
            kinds[a:b] = kind
    return kinds


def _case(piece: str) -> int:
    if piece.islower():
        return _CASES["lower"]
    if piece.isupper() and len(piece) > 1:
        return _CASES["upper"]
    return _CASES["title"] if piece[:1].isupper() else _CASES[""]
