"""The network: what it thinks of each place that a window offers, in log odds.

An encoder (six layers, 384 wide, int8, run by onnxruntime) gives a vector for each wordpiece; small heads in numpy ask
about them. `training/reader.py` trains both, and holds the same heads in torch. For each place and kind of claim the
heads look over the sentence for the words that tell it (attention), and judge the claim by those words and the place;
sides, times, the voice, modality and extent are judged in the same way, by those words and each candidate.

Windows are run one by one: in int8 a window's numbers depend on its companions in a batch, and a report must be read
the same whatever it is read with.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from whoheld import data
from whoheld.extract.decide import EXTENTS, FACTUALITIES, Judged
from whoheld.extract.slots import HOWS, Offer, Slot
from whoheld.extract.windows import Ints, Window
from whoheld.vocabulary import Kind, Mention, Span

Floats = NDArray[np.float32]

KINDS = (Kind.CAPTURE, Kind.LOSS, Kind.HOLD, Kind.SIEGE, Kind.CLASH, Kind.STRIKE, Kind.TRUCE)
BUCKETS = 16  # classes of distance
_LONGEST_SOURCE = 14  # pieces


class Network:
    """The trained encoder and heads. `threads` are those of onnxruntime, 0 for as many as there are cores."""

    def __init__(self, *, threads: int = 0) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # or it starves NumPy in between
        self._session = onnxruntime.InferenceSession(
            data.read_bytes("reader/encoder.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self.tokenizer = Tokenizer.from_buffer(data.read_bytes("reader/tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.no_truncation()
        self._heads = Heads(data.arrays("reader/heads.npz"))

    def judge(self, text: str, window: Window, least: float) -> Iterator[Judged]:
        """Everything in a window whose log odds reach `least`, with its parts."""
        (vectors,) = self._session.run(
            None, {"ids": window.ids[None], "case": window.case[None], "names": window.names[None]}
        )
        yield from self._heads.judge(text, window, vectors[0].astype(np.float32), least)


class Heads:
    """The heads' weights by name, as torch names them."""

    def __init__(self, weights: Mapping[str, Floats]) -> None:
        self._w = weights

    def judge(self, text: str, window: Window, h: Floats, least: float) -> Iterator[Judged]:
        """See :meth:`Network.judge`; `h` are the encoder's vectors, one for each position."""
        places = [(offer, slot, a, b) for offer, a, b in window.offers for slot in offer.places]
        anchors = self._spans(h, [window.position(slot.anchor) for _, slot, _, _ in places])
        names = self._spans(h, [window.position(slot.name) for _, slot, _, _ in places])
        odds, told, attention = self._events(h, anchors, names, places)
        chosen = [(p, k) for p, k in np.argwhere(odds >= least)]
        if not chosen:
            return
        at, kind = np.array([p for p, _ in chosen]), np.array([k for _, k in chosen])
        event = np.concatenate([told[at, kind], (anchors + names)[at]], axis=-1)
        classes = self._mlp("cl", self._linear("cl_e", event) + self._w["cl_kind.weight"][kind])
        ends = np.array([stop for _, _, _, stop in places])[at]
        first, last = self._sources(h, event, ends)
        for i, (p, k) in enumerate(chosen):
            offer, slot, _, _ = places[p]
            peak = int(attention[p, k].argmax())
            where = window.position(slot.anchor)[0] or window.position(slot.name)[0]
            roles = self._roles(h, window, offer, event[i], told[p, k], k, peak, where)
            yield Judged(
                offer,
                slot,
                KINDS[k],
                float(odds[p, k]),
                _words_at(text, window, peak, offer),
                roles[:, 0].tolist(),
                roles[:, 1].tolist(),
                self._times(h, window, offer, event[i], told[p, k], k, peak).tolist(),
                classes[i, :3].tolist()[: len(FACTUALITIES)],
                classes[i, 3:6].tolist()[: len(EXTENTS)],
                float(classes[i, 6]),
                _source(text, window, first[i], last[i]),
            )

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

    def _roles(
        self, h: Floats, window: Window, offer: Offer, event: Floats, told: Floats, kind: int, peak: int, where: int
    ) -> Floats:
        """Log odds of being actor and opponent [sides, 2]."""
        if not offer.sides:
            return np.zeros((0, 2), dtype=np.float32)
        at = [window.position(side.name) for side in offer.sides]
        named = self._spans(h, at)
        hand = self._spans(h, [window.position(side.anchor) for side in offer.sides])
        x = (
            self._linear("ro_e", event)
            + self._linear("ro_s", np.concatenate([named, hand], axis=-1))
            + self._linear("ro_vs", told * named)
            + self._w["ro_kind.weight"][kind]
            + self._w["ro_how.weight"][[HOWS.index(side.how) for side in offer.sides]]
            + self._w["ro_dist.weight"][[bucket(first - peak) for first, _ in at]]
            + self._w["ro_dist2.weight"][[bucket(first - where) for first, _ in at]]
        )
        return self._mlp("ro", x)

    def _times(
        self, h: Floats, window: Window, offer: Offer, event: Floats, told: Floats, kind: int, peak: int
    ) -> Floats:
        """Log odds of each time expression's dating it."""
        if not offer.times:
            return np.zeros(0, dtype=np.float32)
        at = [window.position(time) for time in offer.times]
        vectors = self._spans(h, at)
        x = (
            self._linear("ti_e", event)
            + self._linear("ti_t", vectors)
            + self._linear("ti_vt", told * vectors)
            + self._w["ti_kind.weight"][kind]
            + self._w["ti_how.weight"][[int(time.start >= offer.sentence.start) for time in offer.times]]
            + self._w["ti_dist.weight"][[bucket(first - peak) for first, _ in at]]
        )
        return self._mlp("ti", x)[:, 0]

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

    def _spans(self, h: Floats, positions: Sequence[tuple[int, int]]) -> Floats:
        """A vector for each span; nought where it is out of view."""
        at = np.array(positions, dtype=np.int64).reshape(-1, 2)
        made = self._linear("span", np.concatenate([h[at[:, 0]], h[at[:, 1]]], axis=-1))
        return np.asarray(made * (at[:, :1] > 0), dtype=np.float32)

    def _mlp(self, name: str, x: Floats) -> Floats:
        return self._linear(f"{name}_out", _gelu(x))

    def _linear(self, name: str, x: Floats) -> Floats:
        return np.asarray(x @ self._w[f"{name}.weight"].T + self._w[f"{name}.bias"], dtype=np.float32)


def bucket(distance: int) -> int:
    """The class of a distance in pieces: its size on a scale of powers of two, and its direction."""
    return min(int(math.log2(abs(distance) + 1)), BUCKETS // 2 - 1) * 2 + (distance > 0)


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
    return np.asarray(0.5 * x * (1.0 + np.tanh(0.7978845608 * (x + 0.044715 * x**3))), dtype=np.float32)
