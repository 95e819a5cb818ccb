"""Learns which sentences are worth reading, and says what that passes over.

    .venv/bin/python training/worth.py [--fold 0] [--write | --shipped]

A sentence is worth reading where an annotator quotes it as evidence of a claim. The first step looks at its words, the
second at the report as well; the second learns from what the first says of reports that it has not seen. The least odds
are those at which one in MISSED quoted sentences of the reports learned from (again unseen) would be passed over.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from material import ROOT, Annotated, evidence_spans, load_scorer, material, split
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_predict

from whoheld.extract.nlp import sentences
from whoheld.extract.trained import names_of
from whoheld.extract.worth import STEM, Glance, glances, odds_of, shipped
from whoheld.plugins import Lexicon
from whoheld.read import read_reports
from whoheld.resolve import open_resolver
from whoheld.vocabulary import Report

MISSED = 50  # one in so many; the claims of the held-back fifth come out as well with 50 as with 100 or 200
SEEN = 4  # a word must stand in so many sentences
LOWER = 0.6  # of its uses in the material must be written small: names tell nothing that is true elsewhere
SMALL = 0.02  # weights below this are left out


@dataclass
class Looked:
    """The sentences of a report, and whether an annotator quotes them."""

    glances: list[Glance]
    quoted: list[bool]
    lengths: list[int]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared", help="the annotated reports")
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--fold", type=int, default=0, help="the fold that is held back and scored")
    either = parser.add_mutually_exclusive_group()
    either.add_argument("--shipped", action="store_true", help="learn nothing; say what the shipped weights pass over")
    either.add_argument("--write", action="store_true", help="write src/whoheld/data/worth.json")
    args = parser.parse_args()
    if not (args.shared / "gold").is_dir():
        sys.exit(f"Nothing to learn from: {args.shared / 'gold'} is missing. Say where it is with --shared.")
    scorer, lexicon = load_scorer(args.shared / "score" / "score_claims.py"), open_resolver(progress=print).lexicon
    held, learned = split(list(material(args.shared, scorer)), args.fold, args.folds)
    if args.shipped:
        weights = shipped()
    else:
        known = small_words(report for _, report, _ in learned)
        weights = learn([looked_at(one, lexicon) for one in learned], known)
        print(f"learned from {len(learned)} reports")
    print(f"{len(weights['words'])} words with a weight; least odds {weights['least']}")
    tell("held back", [looked_at(one, lexicon) for one in held], weights)
    for name in ("fakes.jsonl.gz", "lgl.jsonl"):
        found = [one for one in read_reports([args.shared / "data" / name]) if isinstance(one, Report)]
        tell(name, [looked_at(("", report, []), lexicon) for report in found], weights)
    if args.write:
        target = ROOT / "src" / "whoheld" / "data" / "worth.json"
        target.write_text(json.dumps(weights, sort_keys=True) + "\n", encoding="utf-8")
        print(f"wrote {target}: {target.stat().st_size / 1000:.0f} kB")


def looked_at(one: Annotated, lexicon: Lexicon) -> Looked:
    _, report, gold = one
    found = list(sentences(report))
    spans = [span for claim in gold if not claim.get("optional") for span in evidence_spans(report.text, claim)]
    return Looked(
        glances(report.text, found, names_of(report.text, lexicon)),
        [any(a < s.end and b > s.start for a, b in spans) for s in found],
        [s.end - s.start for s in found],
    )


def small_words(reports: Iterable[Report]) -> frozenset[str]:
    """The beginnings of words that are mostly written small."""
    small, all_of = Counter[str](), Counter[str]()
    for report in reports:
        for word in report.text.split():
            stem = "".join(c for c in word.lower() if c.isascii() and c.isalpha())[:STEM]
            all_of[stem] += 1
            small[stem] += word.islower()
    return frozenset(stem for stem, n in all_of.items() if n >= SEEN and small[stem] >= LOWER * n)


def learn(looked: Sequence[Looked], known: frozenset[str]) -> dict[str, Any]:
    seen = [glance for one in looked for glance in one.glances]
    quoted = np.array([own for one in looked for own in one.quoted])
    groups = np.array([i for i, one in enumerate(looked) for _ in one.glances])
    vectorizer = DictVectorizer(dtype=np.float32)
    matrix = vectorizer.fit_transform(
        [{**dict.fromkeys(g.stems & known, 1.0), "#place": float(g.place), "#side": float(g.side)} for g in seen]
    )
    model = LogisticRegression(C=0.3, max_iter=400)
    unseen = cross_val_predict(model, matrix, quoted, groups=groups, cv=GroupKFold(5), method="decision_function")
    model.fit(matrix, quoted)
    named = dict(zip(vectorizer.get_feature_names_out(), model.coef_[0].tolist(), strict=True))
    means = np.bincount(groups, unseen) / np.maximum(np.bincount(groups), 1)
    whole = np.stack([unseen, means[groups], [float(glance.trigger) for glance in seen]], axis=1)
    second = LogisticRegression().fit(whole, quoted)
    odds = np.sort(second.decision_function(whole)[quoted])
    report = dict(zip(("own", "mean", "trigger"), second.coef_[0].round(3).tolist(), strict=True))
    return {
        "words": {w: round(x, 3) for w, x in named.items() if abs(x) >= SMALL and not w.startswith("#")},
        "place": round(named["#place"], 3),
        "side": round(named["#side"], 3),
        "bias": round(float(model.intercept_[0]), 3),
        "report": report | {"bias": round(float(second.intercept_[0]), 3)},
        "least": round(float(odds[len(odds) // MISSED]), 2),
    }


def tell(title: str, looked: Sequence[Looked], weights: dict[str, Any]) -> None:
    """What is passed over: of the quoted sentences, and of all characters."""
    kept = quoted = passed = length = 0
    for one in looked:
        for odds, is_quoted, size in zip(odds_of(one.glances, weights), one.quoted, one.lengths, strict=True):
            worth = odds >= weights["least"]
            kept, length = kept + worth * size, length + size
            quoted, passed = quoted + is_quoted, passed + (is_quoted and not worth)
    missed = f"{passed} of {quoted} quoted sentences are passed over; " if quoted else ""
    print(f"{title}: {missed}{100 * kept / max(length, 1):.0f} of 100 characters are read")


if __name__ == "__main__":
    main()
