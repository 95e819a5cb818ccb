"""The trained reader: its shipped files, and what must hold whatever it has learned."""

from __future__ import annotations

import hashlib
import json
from datetime import date

import pytest

from whoheld import data
from whoheld.extract.trained import CODER, TrainedExtractor
from whoheld.read import finish_report
from whoheld.resolve import Resolver, open_resolver
from whoheld.vocabulary import Extraction, Kind, Modality, Report, Role

PLAIN = (
    "Syrian government forces captured the town of Sukhna from the Islamic State group on Saturday, a monitor said. "
    "The militants still control Mayadeen. Rebels denied that they had lost Douma."
)


@pytest.fixture(scope="module")
def resolver() -> Resolver:
    return open_resolver()


@pytest.fixture(scope="module")
def extractor(resolver: Resolver) -> TrainedExtractor:
    return TrainedExtractor(resolver.lexicon)


def report(text: str, key: str = "r") -> Report:
    return finish_report(Report(key, text, date(2017, 8, 7)))


def read(extractor: TrainedExtractor, text: str) -> Extraction:
    (extraction,) = extractor([report(text)])
    return extraction


def test_shipped_files_are_those_that_were_written() -> None:
    about = json.loads(data.read_bytes("reader/about.json"))
    assert about["coder"] == CODER
    for name, sha256 in about["sha256"].items():
        assert hashlib.sha256(data.read_bytes(f"reader/{name}")).hexdigest() == sha256, name


def test_the_network_is_small_enough_to_ship() -> None:
    assert sum(len(data.read_bytes(f"reader/{name}")) for name in ("encoder.onnx", "heads.npz")) <= 30_000_000


def test_a_plain_report_is_read_in_full(extractor: TrainedExtractor) -> None:
    extraction = read(extractor, PLAIN)
    told = {(claim.kind, claim.place.mention.text) for claim in extraction.claims}
    assert (Kind.CAPTURE, "Sukhna") in told
    assert (Kind.HOLD, "Mayadeen") in told
    taken = next(claim for claim in extraction.claims if claim.place.mention.text == "Sukhna")
    sides = {(p.role, p.mention.text) for p in taken.participants}
    assert (Role.ACTOR, "Syrian government forces") in sides
    assert any(role is Role.OPPONENT and "Islamic State" in text for role, text in sides)
    assert taken.when is not None
    assert taken.when.text == "Saturday"
    assert [source.text for source in taken.sources] == ["a monitor"]
    denied = [claim for claim in extraction.claims if claim.place.mention.text == "Douma"]
    assert all(claim.factuality.modality is not Modality.ASSERTED for claim in denied if claim.kind is not Kind.HOLD)


def test_every_span_is_of_the_text(extractor: TrainedExtractor) -> None:
    for claim in read(extractor, PLAIN).claims:
        spans = [claim.trigger, claim.place.mention, *claim.sources, *(p.mention for p in claim.participants)]
        spans += [claim.when] if claim.when is not None else []
        for span in spans:
            assert PLAIN[span.start : span.end] == span.text
        for quotation in claim.evidence:
            assert PLAIN[quotation.start : quotation.end] == quotation.exact


def test_a_report_is_read_the_same_alone_and_among_others(extractor: TrainedExtractor) -> None:
    others = [report("Rebels seized Hama after a week of shelling. " * n, f"other-{n}") for n in (1, 3, 9)]
    alone = list(extractor([report(PLAIN)]))
    among = [found for found in extractor([*others, report(PLAIN)]) if found.report_id == "r"]
    assert alone == among


def test_threads_do_not_matter(extractor: TrainedExtractor, resolver: Resolver) -> None:
    assert list(TrainedExtractor(resolver.lexicon, threads=1)([report(PLAIN)])) == list(extractor([report(PLAIN)]))


@pytest.mark.parametrize(
    "text", ["", " ", "Nothing of war here.", "SYRIA", "\ufeff", "Mosul " * 3000, "👍 " * 500 + "Mosul fell.", "ا" * 50]
)
def test_odd_reports_are_read_without_complaint(extractor: TrainedExtractor, text: str) -> None:
    assert read(extractor, text).report_id == "r"
