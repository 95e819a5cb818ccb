"""The public record format, as `whoheld extract` prints it, on all the text that the developers have.

Nothing here asks whether a claim is right: only that each line is what the format promises, and that every span
leads to its words.
"""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from whoheld.data import read_bytes
from whoheld.vocabulary import Certainty, Extent, Kind, Modality

SHARED = Path(__file__).resolve().parents[3] / "shared"
CORPORA = sorted((SHARED / "data").glob("*.jsonl*")) if (SHARED / "data").is_dir() else []
SENTENCES = 2000  # of event_location's 9,144: reports of one sentence each, all alike

pytestmark = pytest.mark.model


def texts_of(path: Path) -> Iterator[dict[str, Any]]:
    """The reports of a corpus that have text, without its gold."""
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    lines = content.rstrip().split(b"\n")  # not splitlines: it also divides at line separators within a text
    for line in lines[: SENTENCES if path.name.startswith("event_location") else None]:
        row = json.loads(line)
        if str(row.get("text", "")).strip():
            yield {key: row[key] for key in ("id", "published", "publisher", "title", "text") if row.get(key)}


def extracted(path: Path) -> list[dict[str, Any]]:
    """What the command prints, line by line; it must end well."""
    command = [sys.executable, "-m", "whoheld", "extract", str(path)]
    alone = os.environ | {"OPENBLAS_NUM_THREADS": "1"}  # its threads and those of the network wait for one another
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=alone)
    assert (done.returncode, done.stderr) == (0, "")
    return [json.loads(line) for line in done.stdout.removesuffix("\n").split("\n")]


def spans(value: Any) -> Iterator[tuple[int, int, str | None]]:
    """Every start and end in a record, with the words that it says stand there."""
    if isinstance(value, dict):
        if "start" in value and "end" in value:
            yield value["start"], value["end"], value.get("exact", value.get("text"))
        for inner in value.values():
            yield from spans(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from spans(inner)


def check_claim(claim: dict[str, Any]) -> None:
    assert claim["coder"].startswith("trained/")
    assert claim["kind"] in set(Kind)
    assert claim["modality"] in set(Modality)
    assert claim["certainty"] in set(Certainty)
    assert claim["evidence"]
    assert {"prefix", "exact", "suffix"} <= set(claim["evidence"][0])
    assert "confidence" not in claim  # until it is calibrated
    place = claim["place"]
    assert place["extent"] in set(Extent)
    assert (place.get("lat") is None) == (place.get("lon") is None)
    assert (place.get("lat"), place.get("lon")) != (0, 0)
    if place.get("lat") is not None:
        assert -90 <= place["lat"] <= 90
        assert -180 <= place["lon"] <= 180
        assert 1 <= place["precision"] <= 7
    when = claim["when"]
    if when is not None:
        ends = [date.fromisoformat(when[key]) for key in ("earliest", "latest") if when[key]]
        assert ends == sorted(ends)
        assert when["text"] or when["inferred"]
        assert 1 <= when["precision"] <= 5


def check(reports: list[dict[str, Any]], records: list[dict[str, Any]]) -> None:
    assert len(records) == len(reports)
    for report, record in zip(reports, records, strict=True):
        assert record["report_id"] == report["id"]
        assert "error" not in record
        assert set(record["mentions"]) == {"times", "places", "actors", "attributions"}
        ids = [claim["id"] for claim in record["claims"]]
        assert len(ids) == len(set(ids))
        for claim in record["claims"]:
            check_claim(claim)
        for start, end, words in spans(record):
            assert 0 <= start <= end <= len(report["text"])
            assert words is None or report["text"][start:end] == words, (report["id"], start, end, words)


def test_every_line_of_the_samples_keeps_the_format(tmp_path: Path) -> None:
    path = tmp_path / "dispatches.jsonl"
    path.write_bytes(read_bytes("samples/dispatches.jsonl"))
    records = extracted(path)
    check(list(texts_of(path)), records)
    assert any(record["claims"] for record in records)


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Future[list[dict[str, Any]]]]]:
    """What is read in each corpus, one after the other: the network takes all cores, and two at once take far longer.

    The news corpus goes in as it lies there, the others without gold.
    """
    folder = tmp_path_factory.mktemp("corpora")
    with ThreadPoolExecutor(max_workers=1) as pool:
        futures = {}
        for corpus in CORPORA:
            path = corpus
            if not corpus.name.startswith("fakes"):
                path = folder / f"{corpus.name.partition('.')[0]}.jsonl"
                path.write_text("".join(json.dumps(report) + "\n" for report in texts_of(corpus)), encoding="utf-8")
            futures[corpus.name] = pool.submit(extracted, path)
        yield futures
        pool.shutdown(cancel_futures=True)


@pytest.mark.shared
@pytest.mark.skipif(not CORPORA, reason=f"the developers' corpora are not at {SHARED}")
@pytest.mark.parametrize("corpus", CORPORA, ids=lambda path: path.name.partition(".")[0])
def test_every_line_of_a_corpus_keeps_the_format(
    corpus: Path, outputs: dict[str, Future[list[dict[str, Any]]]]
) -> None:
    check(list(texts_of(corpus)), outputs[corpus.name].result())


@pytest.mark.shared
@pytest.mark.skipif(not CORPORA, reason=f"the developers' corpora are not at {SHARED}")
def test_each_article_of_the_news_corpus_has_its_line(outputs: dict[str, Future[list[dict[str, Any]]]]) -> None:
    assert len(outputs["fakes.jsonl.gz"].result()) == 762
