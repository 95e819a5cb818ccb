"""Our own annotations of public reports. They hold offsets only: the words stay where the corpus is (../shared/data).

Each line of training/annotated.jsonl is one report: its id, a checksum of the text that the offsets are of, where it
is from, and its claims in the fields of the annotated reports, with a span [start, end] for every string.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from whoheld.errors import UnreadableReport
from whoheld.vocabulary import Report

_SPANS = ("actors", "opponents", "sources", "evidence")


def annotated_reports(path: Path, corpora: Path) -> Iterator[tuple[Report, list[dict[str, Any]]]]:
    """Every annotated report with its claims, in the form of ../shared/gold.

    Raises UnreadableReport where the corpus holds another text than the one that was annotated.
    """
    texts: dict[str, dict[str, dict[str, Any]]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        corpus = texts.setdefault(row["corpus"], _read(corpora / row["corpus"]))
        record = corpus[row["page"]]
        start, end = row["span"]
        text = record["text"][start:end]
        if checksum(text) != row["sha256"]:
            raise UnreadableReport(
                str(corpora / row["corpus"]), f"{row['page']} is not the text that was annotated", "Restore the corpus"
            )
        yield Report(row["id"], text, row["published"]), [_claim(text, claim) for claim in row["claims"]]


def checksum(text: str) -> str:
    """The first 16 hexadecimal digits of the text's SHA-256."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _read(path: Path) -> dict[str, dict[str, Any]]:
    with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8") as lines:
        return {row["id"]: row for row in map(json.loads, lines)}


def _claim(text: str, claim: dict[str, Any]) -> dict[str, Any]:
    def words(span: list[int]) -> str:
        return text[span[0] : span[1]]

    told = claim | {name: [words(span) for span in claim[name]] for name in _SPANS}
    when = {"text": words(claim["when"])} if claim["when"] else {"text": ""} if claim["now"] else None
    place = {"text": words(claim["place"]), "extent": claim["extent"]}
    sides = {name: [{"text": words(span)} for span in claim[name]] for name in ("actors", "opponents")}
    return told | sides | {"place": place, "when": when}
