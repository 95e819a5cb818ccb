"""Scores claims on the developers' gold reports: the seed, and a corpus.

    .venv/bin/python evals/claims.py [--shared ../shared] [--extractor trained|rules] [--cross-validated]

The network of the trained extractor was kept from a fifth of the corpus (data/reader/about.json says which), and from
what copies it: that fifth is scored. The judge of the rules has seen the whole corpus; --cross-validated trains it anew
on four fifths at a time (training/judge.py; some minutes, and the dependency group `training`), so that each report is
read by a judge that has not seen it. The seed is one report; nothing was trained on it, but its answers were looked at.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from whoheld import data
from whoheld.pipeline import extract_reports, open_extractor
from whoheld.plugins import DEFAULT_EXTRACTOR
from whoheld.read import read_reports
from whoheld.record import resolution_record
from whoheld.resolve import open_resolver

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "training"))

from folds import fold_of  # noqa: E402 - they stand beside the training
from material import load_scorer  # noqa: E402

Claims = dict[str, list[dict[str, Any]]]  # by the id of their report


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared", help="the corpora")
    parser.add_argument("--extractor", default=DEFAULT_EXTRACTOR, help="who reads")
    parser.add_argument("--cross-validated", action="store_true", help="train the rules' judge anew for each fifth")
    args = parser.parse_args()
    if not args.shared.is_dir():
        print(f"Nothing scored: {args.shared} is missing (the corpora are not part of the repository).")
        return
    scorer = load_scorer(args.shared / "score" / "score_claims.py")
    dev, seed, name = args.shared / "gold" / "dev.jsonl", args.shared / "seed", args.extractor
    gold, reports = scorer.read(dev), dev.with_name("dev.reports.jsonl")
    if args.cross_validated:
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "predicted.jsonl"
            command = [sys.executable, str(ROOT / "training" / "judge.py"), "--shared", str(args.shared)]
            subprocess.run([*command, "--out", str(out)], check=True, stdout=sys.stderr)
            show("rules, corpus, cross-validated", scorer.score(gold, scorer.read(out)))
        return
    show(
        f"{name}, seed", scorer.score(scorer.read(seed / "gold.jsonl"), predicted(seed / "report.jsonl", name, scorer))
    )
    first, *rest = parts(list(gold), name)  # the first one holds the others
    found = predicted(reports, name, scorer, first[1])
    for title, keys in (first, *rest):
        show(f"{name}, {title}", scorer.score({k: gold[k] for k in keys}, {k: found[k] for k in keys}))


def parts(ids: Sequence[str], extractor: str) -> Iterator[tuple[str, list[str]]]:
    """The parts of the corpus that tell something about an extractor, with the ids of their reports."""
    if extractor != "trained":
        yield "corpus, in-sample", list(ids)
        return
    about = json.loads(data.read_bytes("reader/about.json"))
    held = [key for key in ids if fold_of(key, about["folds"]) == about["held_back_fold"]]
    yield "corpus, held back", held
    yield "news, held back", [key for key in held if not key.startswith("wiki")]
    yield "encyclopaedia, held back", [key for key in held if key.startswith("wiki")]


def predicted(reports: Path, name: str, scorer: ModuleType, keys: Collection[str] | None = None) -> Claims:
    """What an extractor as it is shipped reads in a file of reports, or in those of them that have the ids."""
    resolver = open_resolver()
    wanted = (one for one in read_reports([reports]) if keys is None or getattr(one, "id", None) in set(keys))
    read = extract_reports(wanted, open_extractor(resolver, name=name), resolver, failed=lambda f: sys.exit(f.reason))
    found = [(report.id, resolution_record(resolution)) for report, resolution in read]
    return {key: [scorer.normal(claim) for claim in record["claims"]] for key, record in found}


def show(title: str, scores: Mapping[str, Any]) -> None:
    """Precision, recall and F1; then the share of found claims with each part right; then gold, read, both by kind."""
    print(f"— {title}: {scores['all.n'][0]} claims, of them {scores['control.n'][0]} on control")
    for key, value in scores.items():
        if key.endswith((".found", ".core", ".strict")):
            print(f"{key:16} P {value[0]:.3f}  R {value[1]:.3f}  F1 {value[2]:.3f}")
        elif key.endswith((".checks", ".kinds")):
            print(f"{key:16} {json.dumps(value)}")


if __name__ == "__main__":
    main()
