"""The network: what it thinks of each place that a window offers, in log odds.

An encoder (six layers, 384 wide, int8, run by onnxruntime) gives a vector for each wordpiece; small heads in numpy ask
about them. `training/reader.py` trains both, and holds the same heads in torch. For each place and kind of claim the
heads look over the sentence for the words that tell it (attention), and judge the claim by those words and the place;
sides, times, the voice, modality and extent are judged in the same way, by those words and each candidate.

Windows are run one by one, each by a single thread: in int8 a window's numbers depend on its companions in a batch, and
a report must be read the same whatever it is read with. Several windows are encoded side by side by as many threads.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from whoheld import data
from whoheld.extract.decide import Judged
from whoheld.extract.slots import HOWS, Offer, Slot
from whoheld.extract.windows import Ints, Window, open_tokenizer
from whoheld.vocabulary import Kind, Mention, Span

Floats = NDArray[np.float32]

KINDS = (Kind.CAPTURE, Kind.LOSS, Kind.HOLD, Kind.SIEGE, Kind.CLASH, Kind.STRIKE, Kind.TRUCE)
BUCKETS = 16  # classes of distance
_LONGEST_SOURCE = 14  # pieces

_Offered = TypeVar("_Offered", bound=Hashable)


class Network:
    """The trained encoder and heads."""

    def __init__(self) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # two threads on one window gain a third, two windows side by side double
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            data.read_bytes("reader/encoder.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self.tokenizer = open_tokenizer()
        self.heads = Heads(data.arrays("reader/heads.npz"))

    def encode(self, window: Window) -> Floats:
        """A vector for each position of a window. May run in several threads at once."""
        (vectors,) = self._session.run(
            None, {"ids": window.ids[None], "case": window.case[None], "names": window.names[None]}
        )
        return np.asarray(vectors[0], dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Asked:
    """Events of a window: their vectors, and the positions where each is told (`peaks`) and its place stands."""

    h: Floats
    window: Window
    event: Floats
    told: Floats
    kind: Ints
    peaks: Ints
    where: Ints


class Heads:
    """The heads' weights by name, as torch names them."""

    def __init__(self, weights: Mapping[str, Floats]) -> None:
        self._w = weights

    def judge(self, text: str, window: Window, h: Floats, least: float) -> Iterator[Judged]:
        """Everything in a window whose log odds reach `least`, with its parts.

        `h` are the encoder's vectors, one for each position.
        """
        places = [(offer, slot, a, b) for offer, a, b in window.offers for slot in offer.places]
        anchored = window.positions([slot.anchor for _, slot, _, _ in places])
        named = window.positions([slot.name for _, slot, _, _ in places])
        anchors, names = self._spans(h, anchored), self._spans(h, named)
        odds, told, attention = self._events(h, anchors, names, places)
        at, kind = np.nonzero(odds >= least)
        if not len(at):
            return
        told, attention = told[at, kind], attention[at, kind]
        event = np.concatenate([told, (anchors + names)[at]], axis=-1)
        classes = self._mlp("cl", self._linear("cl_e", event) + self._w["cl_kind.weight"][kind])
        first, last = self._sources(h, event, np.array([stop for _, _, _, stop in places])[at])
        where = np.where(anchored[at, 0] > 0, anchored[at, 0], named[at, 0])
        asked = Asked(h, window, event, told, kind, attention.argmax(axis=-1), where)
        offers = [places[p][0] for p in at.tolist()]
        roles, times = self._roles(asked, offers), self._times(asked, offers)
        for i, p in enumerate(at.tolist()):
            offer, slot, _, _ = places[p]
            yield Judged(
                offer,
                slot,
                KINDS[int(kind[i])],
                float(odds[p, kind[i]]),
                _words_at(text, window, int(asked.peaks[i]), offer),
                roles[i][:, 0].tolist(),
                roles[i][:, 1].tolist(),
                times[i].tolist(),
                classes[i, :3].tolist(),
                classes[i, 3:6].tolist(),
                float(classes[i, 6]),
                _source(text, window, first[i], last[i]),
            )

    def scene(self, window: Window, h: Floats, asked: Span) -> Floats:
        """Log odds of each position's being in the name of the place where the event of the words `asked` happened."""
        (event,) = self._spans(h, window.positions([asked]))
        x = self._linear("sc_e", event) + self._linear("sc_p", h) + self._linear("sc_ep", event * h)
        return self._mlp("sc", x)[:, 0]

    def _events(
        self, h: Floats, anchors: Floats, names: Floats, places: Sequence[tuple[Offer, Slot, int, int]]
    ) -> tuple[Floats, Floats, Floats]:
        """Log odds [places, kinds], the vector of what tells it [places, kinds, width], attention over positions."""
        both = np.concatenate([anchors, names], axis=-1)
        at = np.arange(len(h))
        inside = np.array([(at >= a) & (at < b) for _, _, a, b in places])
        fit = self._linear("q", both) @ self._linear("k", h).T / 8.0
        logits = fit[:, None, :] + self._linear("g", h).T[None]
        logits = np.where(inside[:, None, :], logits, -1e4)
        nothing = np.broadcast_to(self._w["null"][None, :, None], (len(places), len(KINDS), 1))
        attention = _softmax(np.concatenate([logits, nothing], axis=-1))[:, :, :-1]
        told = attention @ h
        how = self._w["how.weight"][[HOWS.index(slot.how) for _, slot, _, _ in places]]
        x = (
            self._linear("ev_an", both)[:, None]
            + self._linear("ev_v", told)
            + self._linear("ev_av", told * (anchors + names)[:, None])
            + self._w["ev_kind.weight"][None]
            + how[:, None]
        )
        return (_gelu(x) * self._w["ev_out"]).sum(-1) + self._w["ev_b"], told, attention

    def _roles(self, asked: Asked, offers: Sequence[Offer]) -> list[Floats]:
        """For each event, by its offer, the log odds of being actor and opponent [sides, 2]."""
        sides, rows, own, ends = _pairs([offer.sides for offer in offers])
        if not sides:
            return [np.zeros((0, 2), dtype=np.float32)] * len(offers)
        at = asked.window.positions([side.name for side in sides])
        named = self._spans(asked.h, at)
        hand = self._spans(asked.h, asked.window.positions([side.anchor for side in sides]))
        how = self._w["ro_how.weight"][[HOWS.index(side.how) for side in sides]]
        first = at[own, 0]
        x = (
            self._linear("ro_e", asked.event)[rows]
            + (self._linear("ro_s", np.concatenate([named, hand], axis=-1)) + how)[own]
            + self._linear("ro_vs", asked.told[rows] * named[own])
            + self._w["ro_kind.weight"][asked.kind[rows]]
            + self._w["ro_dist.weight"][buckets(first - asked.peaks[rows])]
            + self._w["ro_dist2.weight"][buckets(first - asked.where[rows])]
        )
        return np.split(self._mlp("ro", x), ends)

    def _times(self, asked: Asked, offers: Sequence[Offer]) -> list[Floats]:
        """For each event, by its offer, the log odds of each time expression's dating it."""
        times, rows, own, ends = _pairs([offer.times for offer in offers])
        if not times:
            return [np.zeros(0, dtype=np.float32)] * len(offers)
        at = asked.window.positions(times)
        vectors = self._spans(asked.h, at)
        first = at[own, 0]
        here = np.array([time.start for time in times])[own] >= np.array([o.sentence.start for o in offers])[rows]
        x = (
            self._linear("ti_e", asked.event)[rows]
            + self._linear("ti_t", vectors)[own]
            + self._linear("ti_vt", asked.told[rows] * vectors[own])
            + self._w["ti_kind.weight"][asked.kind[rows]]
            + self._w["ti_how.weight"][here.astype(np.int64)]
            + self._w["ti_dist.weight"][buckets(first - asked.peaks[rows])]
        )
        return np.split(self._mlp("ti", x)[:, 0], ends)

    def _sources(self, h: Floats, event: Floats, ends: Ints) -> tuple[Floats, Floats]:
        """Log probability of each position as the first and the last of the voice; position 0 is none.

        A voice is named in the sentence or before it: nothing from its end on, which `ends` holds for each event.
        """
        asked, keys = self._linear("so_q", event), self._linear("so_k", h)
        half = asked.shape[-1] // 2
        out = np.arange(len(h))[None] >= ends[:, None]
        first = np.where(out, -1e4, asked[:, :half] @ keys[:, :half].T / 8.0)
        last = np.where(out, -1e4, asked[:, half:] @ keys[:, half:].T / 8.0)
        return np.log(_softmax(first) + 1e-9), np.log(_softmax(last) + 1e-9)

    def _spans(self, h: Floats, at: Ints) -> Floats:
        """A vector for each span, by its first and last position; nought where it is out of view."""
        made = self._linear("span", np.concatenate([h[at[:, 0]], h[at[:, 1]]], axis=-1))
        return np.asarray(made * (at[:, :1] > 0), dtype=np.float32)

    def _mlp(self, name: str, x: Floats) -> Floats:
        return self._linear(f"{name}_out", _gelu(x))

    def _linear(self, name: str, x: Floats) -> Floats:
        return np.asarray(x @ self._w[f"{name}.weight"].T + self._w[f"{name}.bias"], dtype=np.float32)


def _pairs(offered: Sequence[Sequence[_Offered]]) -> tuple[list[_Offered], Ints, Ints, Ints]:
    """Everything that some events' sentences offer, each once, and each event with each thing that its own offers.

    Returns the things, for each pair the event and the thing, and where the pairs of each event but the last end.
    """
    known: dict[_Offered, int] = {}
    own = [known.setdefault(one, len(known)) for things in offered for one in things]
    counts = [len(things) for things in offered]
    return (
        list(known),
        np.repeat(np.arange(len(offered)), counts),
        np.array(own, dtype=np.int64),
        np.cumsum(counts)[:-1],
    )


def buckets(distances: Ints) -> Ints:
    """The class of each distance in pieces: its size on a scale of powers of two, and its direction."""
    sizes = np.log2(np.abs(distances) + 1).astype(np.int64)
    return np.asarray(np.minimum(sizes, BUCKETS // 2 - 1) * 2 + (distances > 0), dtype=np.int64)


def _words_at(text: str, window: Window, position: int, offer: Offer) -> Mention:
    """The word that the piece at `position` belongs to."""
    start, end = int(window.starts[position - 1]), int(window.ends[position - 1])
    while start > offer.sentence.start and text[start - 1].isalnum():
        start -= 1
    while end < offer.sentence.end and text[end].isalnum():
        end += 1
    return Mention(start, end, text[start:end])


def _source(text: str, window: Window, first: Floats, last: Floats) -> Mention | None:
    """The likeliest voice, None where none is likelier."""
    best, span = float(first[0] + last[0]), None
    for begin in np.argsort(-first[:-1])[:5].tolist():
        if begin == 0:
            continue
        stop = min(begin + _LONGEST_SOURCE, len(first) - 1)
        end = begin + int(last[begin:stop].argmax()) if stop > begin else begin
        if first[begin] + last[end] > best:
            best = float(first[begin] + last[end])
            span = Span(int(window.starts[begin - 1]), int(window.ends[end - 1]))
    return Mention(span.start, span.end, text[span.start : span.end]) if span is not None else None


def _softmax(x: Floats) -> Floats:
    raised = np.exp(x - x.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True), dtype=np.float32)


def _gelu(x: Floats) -> Floats:
    """GELU in the tanh form, as the heads are trained with."""
    return np.asarray(0.5 * x * (1.0 + np.tanh(0.7978845608 * x * (1.0 + 0.044715 * x * x))), dtype=np.float32)
