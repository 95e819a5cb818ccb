"""Scores the sides of actors on the developers' gold: the id that each gold participant's words resolve to.

    python evals/actors.py [SHARED] [--all]

SHARED is the directory with gold/ and data/ (default: ../shared beside the repository). The report's own mentions are
the context, and the theatre is what they and the outlet's country say; gold places are not looked at. `--all` lists
every confusion, not only the frequent ones.
"""

from __future__ import annotations

import gzip
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from whoheld.resolve.actors import Registry, country_weights, open_registry, resolve_actors
from whoheld.vocabulary import Mention

DEFAULT = Path(__file__).resolve().parents[2] / "shared"
SIDES = frozenset(
    (
        "syria-government", "russia", "iran", "hezbollah", "pro-government-militia", "is", "hts", "rebels", "sdf",
        "turkey", "us-coalition", "israel", "iraq-government", "peshmerga", "ukraine",
    )
)  # fmt: skip


BASES = {"name": "by a name", "nation": "by a nation", "theatre": "by the theatre", "context": "by the context",
         "": "not understood"}  # fmt: skip


def main() -> None:
    arguments = [a for a in sys.argv[1:] if a != "--all"]
    shared = Path(arguments[0]) if arguments else DEFAULT
    if not shared.is_dir():
        print(f"Nothing scored: {shared} is missing (the corpora are not part of the repository).")
        return
    registry = open_registry()
    score(shared, registry, everything="--all" in sys.argv)
    measure_speed(shared / "data" / "fakes.jsonl.gz", registry)


def score(shared: Path, registry: Registry, *, everything: bool) -> None:
    counts: Counter[tuple[str, str]] = Counter()  # (basis, "right", "wrong" or "none")
    confusions: Counter[tuple[str, str, str]] = Counter()
    found = mentions = 0
    for row, report in _pairs(shared):
        text = report["text"]
        context = registry.find(text)
        mentions += len(context)
        asked = list(_participants(row, text))
        resolved = resolve_actors(
            [mention for mention, _ in asked],
            registry=registry,
            countries=_theatre(report, context, registry),
            published=date.fromisoformat(report["published"]) if report.get("published") else None,
            publisher=report.get("publisher", ""),
            context=context,
        )
        for (mention, gold), answer in zip(asked, resolved, strict=True):
            found += any(m.start < mention.end and mention.start < m.end for m in context)
            got = answer.actor.side if answer.actor else ""
            coarse = got if got in SIDES or not got else "other"
            verdict = "right" if coarse == gold else "wrong" if got else "none"
            counts[answer.basis, verdict] += 1
            if verdict != "right":
                confusions[mention.text.lower(), gold, got] += 1
    total = sum(counts.values())
    for basis, label in BASES.items():
        part = {verdict: counts[basis, verdict] for verdict in ("right", "wrong", "none")}
        size = sum(part.values())
        share = f"right {part['right'] / size:.3f}" if size else "none"
        print(f"{label:24} {size:5}  {share}  wrong {part['wrong']}  no answer {part['none']}")
    right, none = (sum(counts[basis, verdict] for basis in BASES) for verdict in ("right", "none"))
    print(f"{'all':24} {total:5}  right {right / total:.3f}  of those answered {right / (total - none):.3f}")
    print(f"gold words that a found mention touches: {found / total:.3f}; mentions found: {mentions}\n")
    for (text, gold, got), n in confusions.most_common(None if everything else 40):
        print(f"{n:4}  {text[:60]:60} gold {gold:24} got {got or '-'}")


def _pairs(shared: Path) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    with (shared / "gold" / "dev.reports.jsonl").open(encoding="utf-8") as lines:
        reports = {report["id"]: report for report in map(json.loads, lines)}
    with (shared / "gold" / "dev.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            yield row, reports[row["id"]]


def _participants(row: dict[str, Any], text: str) -> Iterator[tuple[Mention, str]]:
    """The gold participants of a report, each where its words stand nearest before the claim's evidence."""
    for claim in row["claims"]:
        quoted = text.find(claim["evidence"][0]) if claim["evidence"] else -1
        end = quoted + len(claim["evidence"][0]) if quoted >= 0 else len(text)
        for one in (*claim["actors"], *claim["opponents"]):
            words = one["text"]
            start = max(text.rfind(words, 0, end), 0) if words in text else max(quoted, 0)
            yield Mention(start, start + len(words), words), one["id"]


def _theatre(report: dict[str, Any], context: tuple[Mention, ...], registry: Registry) -> dict[str, float]:
    """Where a report plays: what its named sides say, and the corpus it is from (FA-KES is on Syria)."""
    weights = country_weights(context, registry)
    home = "SY" if report["id"].startswith("fakes") else "UA"
    return weights | {home: weights.get(home, 0.0) + 5.0}


def measure_speed(corpus: Path, registry: Registry) -> None:
    with gzip.open(corpus, "rt", encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    started = time.process_time()
    for text in texts:
        registry.find(text)
    seconds = time.process_time() - started
    print(
        f"\nfinding mentions: {sum(map(len, texts)) / 1e6 / seconds:.1f} million characters a second of processor time"
    )


if __name__ == "__main__":
    main()
