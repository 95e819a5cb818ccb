"""The gate: scores what is read against the pinned floors, and fails where something got worse.

    .venv/bin/python evals/gate.py [--shared ../shared] [--quick] [--pin [--lower LINE]]

Runs the parts (claims, errors, our own sentences by phenomenon, places of events, times, places, actors), which print
tables, and picks the figures that are pinned in evals/floors.json out of them. A figure may lie below its floor by the
noise margin that stands there; `margins` has those of figures with another: on the seed, a single report, one claim
more or less is 0.07. Floors hold for corpora with the hashes that stand there: with others, nothing is comparable.

--pin raises floors to what was measured, and takes over changed corpora. It lowers a floor only with --lower LINE,
where LINE is (part of) a line under “Answers that change” in CHANGELOG.md that tells users what got worse, and why.
--quick leaves the cross-validation out, which takes most of the time.
Exit codes: 0 all floors held, or there is nothing to score; 1 a floor was missed; 2 wrong usage, or a part failed.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
FLOORS = Path(__file__).with_name("floors.json")
CORPORA = (
    "gold/dev.jsonl", "gold/dev.reports.jsonl", "seed/gold.jsonl", "seed/report.jsonl", "data/wikiwars.jsonl",
    "data/event_location.jsonl.gz",
    "data/trnews.jsonl", "data/lgl.jsonl", "data/ged_syria_2016_2019.csv.gz", "score/score_claims.py",
    "score/score_places.py", "score/score_times.py",
)  # fmt: skip


@dataclass(frozen=True)
class Part:
    """A script with its arguments, and the figures in what it prints: name and regular expression.

    A figure in a group called `wrong` is the share of what is wrong: what is pinned is that of the rest.
    """

    command: tuple[str, ...]
    figures: tuple[tuple[str, str], ...]
    slow: bool = False


def claims(title: str, words: str) -> tuple[tuple[str, str], ...]:
    """The six F1s that evals/claims.py prints under a title."""
    levels = [(group, level) for group in ("control", "all") for level in ("found", "core", "strict")]
    return tuple(
        (f"claims, {words}: {level} F1, {'control kinds' if group == 'control' else 'all kinds'}",
         rf"— {title}:.*?^{group}\.{level} .*? F1 ([\d.]+)$")
        for group, level in levels
    )  # fmt: skip


def places(corpus: str) -> tuple[tuple[str, str], ...]:
    """The figures of evals/places.py on a corpus, adjectives counted as the corpus does."""
    head = rf"^{corpus}, demonyms listed.*?"
    return (
        (f"places, {corpus}: recognition F1", head + r"recognition .*? F1 ([\d.]+)$"),
        (f"places, {corpus}: within 161 km, of those recognised", head + r"within 161 km ([\d.]+)"),
        (f"places, {corpus}: end-to-end F1 within 161 km", head + r"end-to-end F1 within 161 km ([\d.]+)$"),
    )


def labels(title: str, words: str) -> tuple[tuple[str, str], ...]:
    """The figures of evals/places.py on UCDP GED's place labels."""
    head = rf"UCDP GED's labels, {title}.*?given "
    return tuple(
        (f"places, GED, {words}: {what}, given {given}", head + rf"(?:.*?given )??{given} .*? {figure}")
        for given in ("country and province", "the country alone")
        for what, figure in (("within 10 km", r"([\d.]+) within"), ("pins not wrong", r"wrong pins (?P<wrong>[\d.]+)"))
    )


PARTS = (
    Part(
        ("evals/claims.py", "--shared", "{shared}"),
        (*claims("trained, corpus, held back", "held back"), *claims("trained, seed", "seed report")),
    ),
    Part(
        ("evals/claims.py", "--shared", "{shared}", "--cross-validated"),
        claims("rules, corpus, cross-validated", "rules, cross-validated"),
        slow=True,
    ),
    Part(("evals/errors.py", "--shared", "{shared}"), ()),
    Part(
        ("tests/extract/test_cases.py",),
        (
            ("own sentences, trained: F1", r"^total .*? f1 ([\d.]+)"),
            ("own sentences, trained: exact", r"^total .*? exact ([\d.]+)$"),
        ),
    ),
    Part(
        ("evals/scenes.py", "--shared", "{shared}"),
        (("places of events, held-back fifth: F1 of words", r"^words: .*? F1 ([\d.]+)$"),),
    ),
    Part(
        ("evals/times.py", "--shared", "{shared}"),
        (
            ("times, all histories: relaxed span F1", r"^— histories: all.*? F1 ([\d.]+)$"),
            ("times, histories held out: value F1", r"^— histories: held-out.*?^value F1 ([\d.]+)$"),
            ("times, all histories: value F1", r"^— histories: all.*?^value F1 ([\d.]+)$"),
            ("times, news claims: interval agrees", r"^news, in the report: .*?, ([\d.]+)$"),
        ),
    ),
    Part(
        ("evals/places.py", "{shared}"),
        (
            *places("trnews"),
            *places("lgl"),
            ("places, trnews: pins that are not wrong", r"^trnews, demonyms listed.*?wrong pin (?P<wrong>[\d.]+)$"),
            *labels("as shipped", "its labels taken over"),
            *labels("without the lines from UCDP GED", "its labels left out"),
        ),
    ),
    Part(
        ("evals/spellings.py",),
        tuple(
            (f"spellings held back, odd half: {words}", rf"^— spellings held back, odd half.*?^{row} +\d+  {figure}")
            for words, row, figure in (
                ("found at 1, of those that resemble", "that resemble a known one", r"found at 1 ([\d.]+)"),
                ("not false, of those that resemble", "that resemble a known one", r".*?false (?P<wrong>[\d.]+)"),
                ("found at 1, of all", "all", r"found at 1 ([\d.]+)"),
            )
        ),
    ),
    Part(
        ("evals/actors.py", "{shared}"),
        (
            ("actors, gold sides: right, of all", r"^all +\d+ +right ([\d.]+)"),
            ("actors, gold sides: right, of those answered", r"^all .*?of those answered ([\d.]+)"),
        ),
    ),
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared", help="the corpora")
    parser.add_argument("--quick", action="store_true", help="without cross-validation")
    parser.add_argument("--pin", action="store_true", help="raise the floors to what is measured")
    parser.add_argument("--lower", metavar="LINE", help="with --pin: lower floors too; LINE stands in CHANGELOG.md")
    args = parser.parse_args()
    if args.lower is not None and not (args.pin and told_to_users(args.lower)):
        wanted = "goes with --pin, and its LINE must stand under “Answers that change” in CHANGELOG.md"
        print(f"--lower {wanted}: users are told of what got worse.", file=sys.stderr)
        return 2
    if not args.shared.is_dir():
        print(f"Nothing scored: {args.shared} is missing (the corpora are not part of the repository).")
        return 0
    pinned = json.loads(FLOORS.read_text(encoding="utf-8"))
    hashes = {name: sha256(args.shared / name) for name in CORPORA}
    changed = sorted(name for name in CORPORA if hashes[name] != pinned["corpora"].get(name))
    if changed and not args.pin:
        print(f"Not comparable: {', '.join(changed)} changed since the floors were pinned. To pin anew: --pin.")
        return 1
    measured: dict[str, float] = {}
    for part in PARTS:
        if part.slow and args.quick:
            continue
        measured |= run(part, args.shared)
    report(measured, pinned)
    if args.pin:
        return pin(measured, pinned, hashes, lower=args.lower is not None or bool(changed))
    return 1 if missed(measured, pinned) else 0


def run(part: Part, shared: Path) -> dict[str, float]:
    """Run a part, show what it prints, and pick its figures. Ends the program where it fails or leaves one out."""
    name, *arguments = (word.format(shared=shared) for word in part.command)
    print(f"\n=== {' '.join([name, *arguments])}", flush=True)
    ended = subprocess.run(
        [sys.executable, str(ROOT / name), *arguments], stdout=subprocess.PIPE, text=True, check=False
    )
    print(ended.stdout, flush=True)
    if ended.returncode:
        print(f"{name} failed with {ended.returncode}; what it said stands above.", file=sys.stderr)
        sys.exit(2)
    return {key: figure(key, pattern, ended.stdout) for key, pattern in part.figures}


def figure(key: str, pattern: str, printed: str) -> float:
    """One figure out of what a part printed."""
    found = re.search(pattern, printed, re.MULTILINE | re.DOTALL)
    if found is None:
        print(f"“{key}” is not in what was printed: {pattern}", file=sys.stderr)
        sys.exit(2)
    return round(1 - float(found[1]), 4) if "wrong" in found.groupdict() else float(found[1])


def missed(measured: dict[str, float], pinned: dict[str, Any]) -> list[str]:
    """The figures that lie below their floors by more than the margin."""
    floors = pinned["floors"]
    return [key for key, value in measured.items() if value < floors.get(key, 0.0) - margin(key, pinned) - 1e-9]


def margin(key: str, pinned: dict[str, Any]) -> float:
    """How far below its floor a figure may lie: noise."""
    special = [float(value) for start, value in pinned["margins"].items() if key.startswith(start)]
    return special[0] if special else float(pinned["margin"])


def report(measured: dict[str, float], pinned: dict[str, Any]) -> None:
    bad = set(missed(measured, pinned))
    width = max(map(len, measured))
    print("\n=== floors, less noise margins")
    for key, value in measured.items():
        floor = pinned["floors"].get(key)
        told = (
            "not pinned"
            if floor is None
            else f"floor {floor:.3f} - {margin(key, pinned)}  {'MISSED' if key in bad else 'held'}"
        )
        print(f"{key:{width}}  {value:.3f}  {told}")


def pin(measured: dict[str, float], pinned: dict[str, Any], hashes: dict[str, str], *, lower: bool) -> int:
    """Write the floors; 1 where one would have to be lowered and may not."""
    before = pinned["floors"]
    fallen = [key for key, value in measured.items() if value < before.get(key, 0.0)]
    after = before | {key: value for key, value in measured.items() if lower or key not in fallen}
    ordered = [key for part in PARTS for key, _ in part.figures if key in after]
    pinned = pinned | {"corpora": hashes, "floors": {key: after[key] for key in ordered}}
    FLOORS.write_text(json.dumps(pinned, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    print(f"\nPinned in {FLOORS.relative_to(ROOT)}. README.md and docs/ show these figures: make docs")
    below = [key for key in fallen if key in missed(measured, pinned | {"floors": before})]
    if below and not lower:
        print(f"Not lowered (--lower LINE does): {'; '.join(below)}", file=sys.stderr)
        return 1
    return 0


def told_to_users(line: str) -> bool:
    """Whether the line stands in a section “Answers that change” of the changelog."""
    sections = re.split(r"^#+ ", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    return bool(line.strip()) and any(line in s for s in sections if s.startswith("Answers that change\n"))


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "missing"


if __name__ == "__main__":
    sys.exit(main())
