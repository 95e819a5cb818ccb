"""The developers' corpora: real pages, some of them mangled. Skipped where they are not at hand."""

from __future__ import annotations

import gzip
import json
import time
from datetime import date
from pathlib import Path

import pytest

from whoheld.read import mark_copies, read_reports
from whoheld.vocabulary import BlockKind, Report

SHARED = Path(__file__).parents[3] / "shared"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not (SHARED / "data").is_dir(), reason="the developers' shared corpora are not here"),
]
CORPORA = [
    "fakes.jsonl.gz",
    "ukraine_pages.jsonl.gz",
    "wikiwars.jsonl",
    "trnews.jsonl",
    "lgl.jsonl",
    "event_location.jsonl.gz",
]


def read(path: Path) -> list[Report]:
    items = list(read_reports([path]))
    assert all(isinstance(item, Report) for item in items)
    return [item for item in items if isinstance(item, Report)]


@pytest.mark.parametrize("name", CORPORA)
def test_every_report_of_a_corpus_is_read_as_it_is(name: str) -> None:
    path = SHARED / "data" / name
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    records = [json.loads(line) for line in data.splitlines()]
    reports = read(path)
    assert [report.text for report in reports] == [record["text"] for record in records]
    assert [report.id for report in reports] == [record["id"] for record in records]


def test_little_of_the_news_corpus_is_called_anything_but_body() -> None:
    reports = read(SHARED / "data" / "fakes.jsonl.gz")
    share: dict[BlockKind, int] = dict.fromkeys(BlockKind, 0)
    for report in reports:
        for block in report.blocks:
            share[block.kind] += block.end - block.start
    total = sum(share.values())
    # Read through on 2026-11-25: 93.8 % body, 2.1 % titles, 2.2 % furniture, 1.0 % date lines, 0.5 % standfirsts,
    # 0.4 % captions. More furniture than that is claims lost.
    assert share[BlockKind.BODY] > 0.93 * total
    assert share[BlockKind.FURNITURE] < 0.025 * total
    assert share[BlockKind.CAPTION] < 0.005 * total
    assert sum(report.dateline is not None for report in reports) >= 735


def test_the_news_corpus_takes_well_under_two_seconds() -> None:
    started = time.process_time()
    assert len(list(mark_copies(read(SHARED / "data" / "fakes.jsonl.gz")))) == 762
    # 0.7 s on two idle cores on 2026-11-25.
    assert time.process_time() - started < 2


def test_the_seed_is_the_same_as_a_record_and_as_plain_text() -> None:
    (record,) = read(SHARED / "seed" / "report.jsonl")
    (text,) = (item for item in read_reports([SHARED / "seed" / "report.txt"], published=date(2017, 10, 22)))
    assert isinstance(text, Report)
    assert (text.text, text.blocks, text.title) == (record.text, record.blocks, record.title)
    assert text.published == text.dateline == record.published == date(2017, 10, 22)
    assert [block.kind.value for block in text.blocks[:6]] == [
        "title", "standfirst", "furniture", "dateline", "caption", "body",
    ]  # fmt: skip


def test_nearly_every_gold_claim_has_words_in_what_the_report_itself_says() -> None:
    reports = {report.id: report for report in read(SHARED / "gold" / "dev.reports.jsonl")}
    outside = total = 0
    for line in (SHARED / "gold" / "dev.jsonl").read_text("utf-8").splitlines():
        gold = json.loads(line)
        report = reports[gold["id"]]
        own = [block for block in report.blocks if block.kind in (BlockKind.BODY, BlockKind.STANDFIRST)]
        for claim in gold["claims"]:
            total += 1
            outside += not any(
                quotation in report.text[block.start : block.end] for quotation in claim["evidence"] for block in own
            )
    # 11 of 3,649 on 2026-11-25: eight in captions, one in a headline, two that run over a paragraph's end.
    assert total > 3000
    assert outside <= 15
