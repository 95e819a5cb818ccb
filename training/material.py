"""The annotated reports that there are to learn from, and what is held back of them."""

from __future__ import annotations

import gzip
import importlib.util
import json
import tomllib
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from annotations import annotated_reports
from folds import fold_of

from whoheld.read import finish_report, read_reports
from whoheld.vocabulary import Mention, Report, Span

ROOT = Path(__file__).resolve().parents[1]
COPIED = 0.25  # of the runs of five words: a report that shares more with a held-back one is not learned from
EVENT_FOLDS = 5  # of the sentences with one event

Annotated = tuple[str, Report, list[dict[str, Any]]]  # where it comes from, the report, its claims


def material(shared: Path, scorer: ModuleType) -> Iterator[Annotated]:
    """Every annotated report with its claims and where it comes from: "dev", "annotated", or the name of the texts."""
    reports = {report.id: report for report in gold_reports(shared / "gold" / "dev.reports.jsonl")}
    for key, gold in scorer.read(shared / "gold" / "dev.jsonl").items():
        yield "dev", reports[key], gold
    for path in sorted((ROOT / "training" / "texts").glob("*.toml")):
        for number, case in enumerate(tomllib.loads(path.read_text(encoding="utf-8"))["case"]):
            report = finish_report(Report(f"{path.stem}-{number}", case["text"], case.get("published")))
            yield path.stem, report, [scorer.normal(own_claim(claim)) for claim in case["claims"]]
    for report, claims in annotated_reports(ROOT / "training" / "annotated.jsonl", shared / "data"):
        yield "annotated", finish_report(report), [scorer.normal(claim) for claim in claims]


def as_gold(claim: dict[str, Any]) -> dict[str, Any]:
    """A claim of our own texts in the form of the annotated reports."""
    return claim | {
        "place": {"text": claim["place"]},
        "actors": claim.get("actors", []),
        "opponents": claim.get("opponents", []),
        "sources": claim.get("sources", []),
        "when": {"text": claim["when_text"]} if claim.get("when_text") else None,
        "evidence": [claim["cue"]] if claim.get("cue") else [],
    }


def own_claim(claim: dict[str, Any]) -> dict[str, Any]:
    """The same with how much of the place is meant, and the time of what is told as of publication."""
    record = as_gold(claim)
    record["place"]["extent"] = claim["extent"]
    if claim.get("when") and not claim.get("when_text"):
        record["when"] = {"text": ""}
    return record


def split(read: Sequence[Annotated], fold: int | None, folds: int) -> tuple[list[Annotated], list[Annotated]]:
    """What is held back (the reports of dev in the fold) and what is learned from: the rest, but for near copies."""
    held = [one for one in read if one[0] == "dev" and fold is not None and fold_of(one[1].id, folds) == fold]
    known = {run for _, report, _ in held for run in runs(report.text)}
    ids = {report.id for _, report, _ in held}
    learned = [
        one
        for one in read
        if one[1].id not in ids and len(runs(one[1].text) & known) <= COPIED * len(runs(one[1].text))
    ]
    return held, learned


def runs(text: str) -> set[tuple[str, ...]]:
    words = text.split()
    return {tuple(words[i : i + 5]) for i in range(len(words) - 4)}


def gold_reports(path: Path) -> Iterator[Report]:
    """The reports of a file; all of them can be read."""
    for report in read_reports([path]):
        assert isinstance(report, Report), report
        yield report


@dataclass(frozen=True)
class EventSentence:
    """A sentence, the verb of its event (the first word where it has several), and the names of where it happened."""

    text: str
    verb: Span
    places: list[Span]


def event_sentences(corpora: Path, *, held_back: bool) -> Iterator[EventSentence]:
    """The sentences of event_location (Halterman 2019): the fifth that is held back, or the others.

    A sentence stands there once for each of its verbs; all of them are held back together.
    """
    with gzip.open(corpora / "event_location.jsonl.gz", "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            if (zlib.crc32(row["text"].encode()) % EVENT_FOLDS == 0) == held_back:
                spans = [(told["label"], Span(told["start"], told["end"])) for told in row["spans"]]
                verbs = [span for label, span in spans if label == "VERB"]
                yield EventSentence(row["text"], verbs[0], [span for label, span in spans if label != "VERB"])


def evidence_spans(text: str, claim: dict[str, Any]) -> list[tuple[int, int]]:
    return [(found.start, found.end) for words in claim["evidence"] for found in occurrences(text, words)]


def occurrences(text: str, words: str) -> list[Mention]:
    """Every place of the words in the text; none where there are no words."""
    found, at = [], text.find(words) if words else -1
    while at >= 0:
        found.append(Mention(at, at + len(words), words))
        at = text.find(words, at + 1)
    return found


def load_scorer(path: Path) -> ModuleType:
    """The developers' scorer as a module."""
    spec = importlib.util.spec_from_file_location("score_claims", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def report_scores(scorer: ModuleType, gold: dict[str, Any], predicted: dict[str, Any]) -> None:
    groups = {
        "all": list(gold),
        "news": [k for k in gold if k.startswith("fakes")],
        "encyclopaedia": [k for k in gold if not k.startswith("fakes")],
    }
    pred = {key: [scorer.normal(claim) for claim in claims] for key, claims in predicted.items()}
    for name, keys in groups.items():
        scores = scorer.score({key: gold[key] for key in keys}, pred)
        shown = {
            k: " ".join(f"{x:.3f}" for x in v)
            for k, v in scores.items()
            if k.split(".")[1] in ("found", "core", "strict")
        }
        print(f"{name:14} P R F1  " + "  ".join(f"{k} {v}" for k, v in shown.items()))
        if name == "all":
            for key in ("control.checks", "all.checks", "all.kinds"):
                print(f"{key}: {scores[key]}")
