"""What the extractor misreads, counted: on the fifth of the corpus that the trained reader was kept from.

    .venv/bin/python evals/errors.py [--shared ../shared] [--extractor trained|rules] [--show N]

A claim that is missed, or told and not in the gold, falls under the first of these that fits: *again* (the same kind is
told of the place otherwise: a second event, or one event told as two), *kind* (the place is there, with other kinds),
*place* (the report's claims do not have the place at all). Of claims found, the parts that are wrong are counted.
--show prints N of each with their words (of the developers' corpus: for the screen only).
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from claims import ROOT, load_scorer, parts, predicted

from whoheld.plugins import DEFAULT_EXTRACTOR

REASONS = ("again", "kind", "place")
Claim = dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared", help="the corpora")
    parser.add_argument("--extractor", default=DEFAULT_EXTRACTOR, help="who reads")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print N of each with their words")
    args = parser.parse_args()
    if not args.shared.is_dir():
        print(f"Nothing counted: {args.shared} is missing (the corpora are not part of the repository).")
        return
    scorer = load_scorer(args.shared / "score" / "score_claims.py")
    gold = scorer.read(args.shared / "gold" / "dev.jsonl")
    _, held = next(parts(list(gold), "trained"))
    found = predicted(args.shared / "gold" / "dev.reports.jsonl", args.extractor, scorer, held)
    missed, told, wrong = [], [], Counter[str]()
    pairs = 0
    for key in held:
        aligned = scorer.align(gold[key], found[key])
        pairs += len(aligned)
        for i, j in aligned:
            wrong.update(name for name, check in scorer.CHECKS.items() if not check(gold[key][i], found[key][j]))
        missed += list(left_over(gold[key], {i for i, _ in aligned}, found[key], scorer))
        told += list(left_over(found[key], {j for _, j in aligned}, gold[key], scorer))
    print(
        f"{args.extractor}: {len(held)} reports, {pairs} claims found, {len(missed)} missed, {len(told)} told amiss\n"
    )
    for title, errors in (("missed", missed), ("told amiss", told)):
        table(title, errors)
        for reason in REASONS:
            for _, claim in [error for error in errors if error[0] == reason][: args.show]:
                print(
                    f"    {reason}: {claim['kind']} {claim['place']['text']!r}: {json.dumps(claim['evidence'])[:200]}"
                )
    print("| part of a claim found | wrong |\n| --- | --- |")
    for name, count in wrong.most_common():
        print(f"| {name} | {count} ({100 * count / pairs:.0f} %) |")


def left_over(
    claims: Sequence[Claim], aligned: set[int], others: Sequence[Claim], scorer: ModuleType
) -> Iterator[tuple[str, Claim]]:
    """The claims that found no partner, each with the reason."""
    for number, claim in enumerate(claims):
        if number not in aligned:
            kinds = {other["kind"] for other in others if scorer.same_place(other["place"], claim["place"])}
            yield "again" if claim["kind"] in kinds else "kind" if kinds else "place", claim


def table(title: str, errors: Sequence[tuple[str, Claim]]) -> None:
    print(f"| {title} | {' | '.join(REASONS)} | all |\n| --- |{' --- |' * (len(REASONS) + 1)}")
    kinds = Counter(claim["kind"] for _, claim in errors)
    for kind, count in kinds.most_common():
        counts = Counter(reason for reason, claim in errors if claim["kind"] == kind)
        print(f"| {kind} | {' | '.join(str(counts[reason]) for reason in REASONS)} | {count} |")
    total = Counter(reason for reason, _ in errors)
    print(f"| all | {' | '.join(str(total[reason]) for reason in REASONS)} | {len(errors)} |\n")


if __name__ == "__main__":
    main()
