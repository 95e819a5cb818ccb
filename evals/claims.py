"""Scores claims on the developers' gold reports: the seed, and the corpus that the judge was trained on.

    .venv/bin/python evals/claims.py [--shared ../shared] [--cross-validated]

The shipped judge has seen the answers of the corpus: its figure there is in-sample and only tells whether something
broke. With --cross-validated, training/judge.py trains anew on four fifths at a time, and each report is read by a
judge that has not seen it: the figure to quote. That takes some minutes, and the dependency group `training`.
The seed is one report, and in the corpus too.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from whoheld.pipeline import extract_reports, open_extractor
from whoheld.read import read_reports
from whoheld.record import resolution_record
from whoheld.resolve import open_resolver

ROOT = Path(__file__).resolve().parents[1]
Claims = dict[str, list[dict[str, Any]]]  # by the id of their report


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared", help="the corpora")
    parser.add_argument("--cross-validated", action="store_true", help="train anew, and read only what was held out")
    args = parser.parse_args()
    if not args.shared.is_dir():
        print(f"Nothing scored: {args.shared} is missing (the corpora are not part of the repository).")
        return
    scorer = load_scorer(args.shared / "score" / "score_claims.py")
    dev = args.shared / "gold" / "dev.jsonl"
    if args.cross_validated:
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "predicted.jsonl"
            command = [sys.executable, str(ROOT / "training" / "judge.py"), "--shared", str(args.shared)]
            subprocess.run([*command, "--out", str(out)], check=True, stdout=sys.stderr)
            show("corpus, cross-validated", scorer.score(scorer.read(dev), scorer.read(out)))
        return
    seed = args.shared / "seed"
    show("seed", scorer.score(scorer.read(seed / "gold.jsonl"), predicted(seed / "report.jsonl", scorer)))
    reports = dev.with_name("dev.reports.jsonl")
    show("corpus, in-sample", scorer.score(scorer.read(dev), predicted(reports, scorer)))


def load_scorer(path: Path) -> ModuleType:
    """The developers' scorer as a module."""
    spec = importlib.util.spec_from_file_location("score_claims", path)
    assert spec is not None  # the file ends in .py
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def predicted(reports: Path, scorer: ModuleType) -> Claims:
    """What the extractor as it is shipped reads in a file of reports."""
    resolver = open_resolver()
    read = extract_reports(
        read_reports([reports]), open_extractor(resolver), resolver, failed=lambda f: sys.exit(f.reason)
    )
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
