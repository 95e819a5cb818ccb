"""Scores the reading of time: spans and values on war histories, intervals on the developers' gold reports.

    .venv/bin/python evals/times.py [--shared ../shared] [--errors N] [--documents even|odd|all]

The corpora are not part of the project; without them this says so and stops.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from whoheld.extract.times import find_times
from whoheld.resolve.dates import resolve_times
from whoheld.vocabulary import ResolvedTime

DEVELOPED_ON = {0, 1, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20}  # of the 22 histories; the other ten were held out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path(__file__).parents[2] / "shared", help="the corpora")
    parser.add_argument("--errors", type=int, default=0, help="print up to N errors of each measure")
    parser.add_argument("--documents", choices=["all", "developed", "held-out"], default=None, help="which histories")
    args = parser.parse_args()
    histories, gold = args.shared / "data" / "wikiwars.jsonl", args.shared / "gold" / "dev.jsonl"
    missing = [str(path) for path in (histories, gold) if not path.exists()]
    if missing:
        sys.exit(f"Nothing to score against: {', '.join(missing)} is missing. Say where it is with --shared.")
    for part in [args.documents] if args.documents else ["developed", "held-out", "all"]:
        print(f"— histories: {part}")
        print(score_histories(histories, args.shared / "score" / "score_times.py", part, args.errors))
    print("— when: gold intervals that the reading of their words agrees with (overlap >= half of the union)")
    print(score_when(gold, args.errors))


def rows(path: Path) -> list[dict[str, Any]]:
    """The objects of a JSON Lines file."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def score_histories(histories: Path, scorer: Path, part: str, errors: int) -> str:
    """What the scorer says of our reading of the histories in `part`."""
    chosen = [
        row for i, row in enumerate(rows(histories)) if part == "all" or (i in DEVELOPED_ON) == (part == "developed")
    ]
    with tempfile.TemporaryDirectory() as folder:
        gold, predicted = Path(folder) / "gold.jsonl", Path(folder) / "predicted.jsonl"
        started = time.perf_counter()
        read = [prediction(row) for row in chosen]
        seconds = time.perf_counter() - started
        gold.write_text(as_lines(chosen), encoding="utf-8")
        predicted.write_text(as_lines(read), encoding="utf-8")
        command = [sys.executable, str(scorer), str(gold), str(predicted), "--errors", str(errors)]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    return f"{said}\nread in {seconds:.1f} s"


def as_lines(objects: Iterable[dict[str, Any]]) -> str:
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in objects)


def prediction(row: dict[str, Any]) -> dict[str, Any]:
    """The times of one history in the record format."""
    found = find_times(row["text"])
    times = [
        {"start": m.start, "end": m.end, "text": m.text, "type": m.type, "value": r.value}
        for m, r in zip(found, resolve_times(found, text=row["text"], published=None), strict=True)
    ]
    return {"report_id": row["id"], "mentions": {"times": times}}


def score_when(gold: Path, errors: int) -> str:
    """How many of the claims' time expressions come to gold's interval: by themselves, and in their report."""
    reports = {row["id"]: row for row in rows(gold.with_name("dev.reports.jsonl"))}
    outcomes: dict[str, list[bool]] = {
        "news, words alone": [],
        "news, in the report": [],
        "history, in the passage": [],
    }
    for row in rows(gold):
        report = reports[row.get("id") or row["report_id"]]
        text, published = report["text"], day_of(report)
        # the encyclopaedia passages carry the day of their download, or none
        news = published is not None and published.year < 2023
        found = find_times(text)
        read = resolve_times(found, text=text, published=published, title=report.get("title") or "")
        for claim in row["claims"]:
            when = claim["when"]
            if not when or not when["text"]:
                continue
            readings = {"history, in the passage": in_report(when["text"], claim["evidence"], text, read)}
            if news:
                words = when["text"]
                alone = resolve_times(find_times(words), text=words, published=published)
                readings = {
                    "news, words alone": first_bounded(alone),
                    "news, in the report": readings["history, in the passage"],
                }
            for name, reading in readings.items():
                outcomes[name].append(reading is not None and agrees(reading, when))
                if not outcomes[name][-1] and errors > 0:
                    errors -= 1
                    got = reading.edtf if reading else None
                    print(f"{name}: {published} {when['text']!r} {when['earliest']}/{when['latest']}, got {got}")
    return "\n".join(
        f"{name}: {sum(good)} of {len(good)}, {sum(good) / max(len(good), 1):.3f}" for name, good in outcomes.items()
    )


def day_of(report: dict[str, Any]) -> date | None:
    return date.fromisoformat(report["published"][:10]) if report.get("published") else None


def in_report(words: str, evidence: list[Any], text: str, read: tuple[ResolvedTime, ...]) -> ResolvedTime | None:
    """The reading of the expression `words` where it stands in the evidence, or else anywhere."""
    starts = [text.find(quote if isinstance(quote, str) else quote.get("exact", "")) for quote in evidence]
    for start in [s for s in starts if s >= 0] + [0]:
        at = text.find(words, start)
        if at >= 0:
            inside = [r for r in read if r.mention and r.mention.start < at + len(words) and r.mention.end > at]
            return first_bounded(inside)
    return None


def first_bounded(readings: Iterable[ResolvedTime]) -> ResolvedTime | None:
    return next((reading for reading in readings if reading.bounds), None)


def agrees(reading: ResolvedTime, when: dict[str, str]) -> bool:
    """The rule of score_claims.py: the days in both are at least half of the days in either."""
    if reading.bounds is None or reading.bounds.earliest is None or reading.bounds.latest is None:
        return False
    ours = (reading.bounds.earliest.toordinal(), reading.bounds.latest.toordinal())
    theirs = (date.fromisoformat(when["earliest"]).toordinal(), date.fromisoformat(when["latest"]).toordinal())
    both = min(ours[1], theirs[1]) - max(ours[0], theirs[0]) + 1
    return both / (max(ours[1], theirs[1]) - min(ours[0], theirs[0]) + 1) >= 0.5


if __name__ == "__main__":
    main()
