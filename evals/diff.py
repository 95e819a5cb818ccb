"""Lists the claims that are gained, lost and changed against another version of whoheld.

    .venv/bin/python evals/diff.py --base main [--shared ../shared] [--extractor trained|rules] [--corpus FILE ...]

The other version is a commit, branch or tag; its tree goes to build/base, and its code reads the same reports in this
environment: the sample dispatches, and with ../shared the reports of gold/dev.reports.jsonl. `+` is gained, `-` lost;
`~` is the same kind of claim about the same place in the same report, told otherwise. One line each, then the counts.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from whoheld.plugins import DEFAULT_EXTRACTOR

ROOT = Path(__file__).resolve().parents[1]
BASE = ROOT / "build" / "base"
Told = dict[str, str]  # a claim's parts as they are compared
_EXTRACT = "from whoheld.cli import main; main()"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", default="main", help="the version to compare with")
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared", help="the corpora")
    parser.add_argument("--extractor", default=DEFAULT_EXTRACTOR, help="who reads, in both")
    parser.add_argument("--corpus", type=Path, action="append", help="reports to read instead")
    args = parser.parse_args()
    samples, dev = ROOT / "src/whoheld/data/samples/dispatches.jsonl", args.shared / "gold" / "dev.reports.jsonl"
    corpora = args.corpus or [samples, *([dev] if dev.is_file() else [])]
    fetch(args.base)
    counts: Counter[str] = Counter()
    for corpus in corpora:
        print(f"=== {corpus.name}, {args.extractor}: this tree against {args.base}", flush=True)
        after, before = (claims(tree / "src", corpus, args.extractor) for tree in (ROOT, BASE))
        for sign, line in compared(before, after):
            counts[sign] += 1
            print(f"{sign} {line}")
    print(f"\ngained {counts['+']}, lost {counts['-']}, changed {counts['~']}")


def fetch(version: str) -> None:
    """The tree of another version, in build/base."""
    subprocess.run(["git", "worktree", "prune"], cwd=ROOT, check=True)
    add = ["git", "worktree", "add", "--force", "--detach", str(BASE), version]
    move = ["git", "-C", str(BASE), "checkout", "--quiet", "--detach", "--force", version]
    command = move if BASE.is_dir() else add
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{version} cannot be checked out: {done.stderr.strip()}. Name a commit, branch or tag: BASE=main.")


def claims(source: Path, corpus: Path, extractor: str) -> dict[tuple[str, str, str], list[Told]]:
    """What the code in `source` reads in a file, by report, kind and place."""
    command = [sys.executable, "-c", _EXTRACT, "extract", str(corpus), "--extractor", extractor]
    environment = os.environ | {"PYTHONPATH": str(source)}
    ended = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    if ended.returncode:
        sys.exit(f"{source} could not read {corpus}; what it said stands above.")
    found: dict[tuple[str, str, str], list[Told]] = {}
    for row in map(json.loads, ended.stdout.splitlines()):
        for claim in row["claims"]:
            key = (row["report_id"], claim["kind"], claim["place"]["text"])
            found.setdefault(key, []).append(told(claim))
    return found


def told(claim: Mapping[str, Any]) -> Told:
    """The parts of a claim that are compared."""
    when = claim.get("when") or {}
    return {
        "actors": ", ".join(sorted(actor["text"] for actor in claim["actors"])),
        "opponents": ", ".join(sorted(actor["text"] for actor in claim["opponents"])),
        "extent": claim["place"]["extent"],
        "when": f"{when.get('text', '')} {when.get('earliest') or ''}..{when.get('latest') or ''}" if when else "",
        "sources": ", ".join(source["text"] for source in claim["sources"]),
        "modality": claim["modality"],
    }


def compared(
    before: Mapping[tuple[str, str, str], list[Told]], after: Mapping[tuple[str, str, str], list[Told]]
) -> Iterator[tuple[str, str]]:
    """The differences: a sign and a line for each."""
    for key in sorted(before.keys() | after.keys()):
        old = [one for one in before.get(key, []) if one not in after.get(key, [])]
        new = [one for one in after.get(key, []) if one not in before.get(key, [])]
        head = f"{key[0]}: {key[1]} of {key[2]}"
        for a, b in zip(old, new, strict=False):
            yield "~", f"{head}: " + "; ".join(f"{part} “{a[part]}” → “{b[part]}”" for part in a if a[part] != b[part])
        for sign, rest in (("-", old[len(new) :]), ("+", new[len(old) :])):
            for one in rest:
                yield sign, f"{head}: " + "; ".join(f"{part} “{value}”" for part, value in one.items() if value)


if __name__ == "__main__":
    main()
