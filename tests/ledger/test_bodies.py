"""Whatever the vocabulary can say, the ledger reads back equal."""

from __future__ import annotations

import itertools
import tempfile
from dataclasses import replace
from datetime import UTC, timedelta, timezone
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from whoheld.ledger import open_ledger
from whoheld.ledger.bodies import (
    decode_claim,
    decode_decision,
    decode_report,
    encode_claim,
    encode_decision,
    encode_report,
    reading_digest,
)
from whoheld.vocabulary import (
    Actor,
    Block,
    BlockKind,
    Bounds,
    Candidate,
    Claim,
    Decision,
    Extent,
    Factuality,
    Kind,
    Mention,
    Participant,
    Place,
    PlaceReference,
    Quotation,
    Report,
    ReportReference,
    Resolution,
    ResolvedActor,
    ResolvedClaim,
    ResolvedPlace,
    ResolvedTime,
    Role,
    Testimony,
    TimeType,
    Verdict,
)

QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
names = words.filter(bool)
numbers = st.floats(allow_nan=False, allow_infinity=False)
days = st.dates()
zones = st.one_of(st.none(), st.just(UTC), st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m))))
# the first and last days of the calendar have no moment in every zone
moments = st.datetimes(timezones=zones)


@st.composite
def mentions(draw: st.DrawFn) -> Mention:
    start = draw(st.integers(0, 10**6))
    text = draw(words)
    return Mention(start, start + len(text), text)


@st.composite
def bounds(draw: st.DrawFn) -> Bounds:
    ends = draw(st.lists(st.none() | days, min_size=2, max_size=2))
    if None not in ends:
        ends.sort()
    return Bounds(*ends)


places = st.builds(
    Place, names, words, words, st.none() | numbers, st.none() | numbers, words, words, st.integers(0, 2**40)
)
actors = st.builds(Actor, words, words, words, words)
resolved_actors = st.builds(ResolvedActor, mentions(), st.none() | actors, st.booleans())
resolved_places = st.builds(
    ResolvedPlace,
    mentions(),
    st.none() | places,
    st.none() | st.integers(1, 7),
    st.lists(st.builds(Candidate, places, numbers), max_size=3).map(tuple),
)
times = st.builds(
    ResolvedTime,
    st.none() | mentions(),
    st.sampled_from(TimeType),
    words,
    st.none() | words,
    st.none() | bounds(),
    st.none() | st.integers(1, 5),
    st.booleans(),
)


@st.composite
def reports(draw: st.DrawFn) -> Report:
    text = draw(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60))
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=4)))
    blocks = tuple(Block(start, end, draw(st.sampled_from(BlockKind))) for start, end in itertools.pairwise(cuts))
    return Report(
        draw(names),
        text,
        draw(st.none() | days),
        draw(st.none() | moments),
        draw(st.none() | days),
        *(draw(words) for _ in range(4)),
        retrieved=draw(st.none() | moments),
        copy_of=draw(st.none() | words),
        blocks=blocks,
        warnings=tuple(draw(st.lists(words, max_size=2))),
    )


@st.composite
def claims(draw: st.DrawFn, report: Report | None = None) -> ResolvedClaim:
    quotations = ()
    if report is not None:
        start, end = sorted(draw(st.lists(st.integers(0, len(report.text)), min_size=2, max_size=2)))
        quotations = (Quotation.of(report.text, start, end),)
    inner = Claim(
        draw(names),
        report.id if report else draw(names),
        "test/1",
        draw(st.sampled_from(Kind)),
        draw(mentions()),
        tuple(
            draw(
                st.lists(st.builds(Participant, mentions(), st.sampled_from(Role), st.none() | mentions()), max_size=2)
            )
        ),
        PlaceReference(draw(mentions()), draw(st.sampled_from(Extent)), draw(st.none() | mentions())),
        draw(st.none() | mentions()),
        tuple(draw(st.lists(mentions(), max_size=2))),
        draw(st.sampled_from(Factuality)),
        quotations,
        draw(st.booleans()),
        draw(st.none() | numbers),
    )
    return ResolvedClaim(
        inner,
        tuple(draw(st.lists(resolved_actors, max_size=2))),
        tuple(draw(st.lists(resolved_actors, max_size=2))),
        draw(resolved_places),
        draw(st.none() | times),
    )


@st.composite
def readings(draw: st.DrawFn) -> tuple[Report, Resolution]:
    report = draw(reports())
    said = draw(st.lists(claims(report), max_size=3, unique_by=lambda one: one.claim.id))
    return report, Resolution(report.id, "test/1", tuple(said))


@QUICK
@given(claims())
def test_claims(claim: ResolvedClaim) -> None:
    assert decode_claim(encode_claim(claim)) == claim


@QUICK
@given(reports())
def test_reports(report: Report) -> None:
    body = encode_report(report)
    assert decode_report(body, report.text) == report
    assert '"text":""' in body


@QUICK
@given(st.builds(Decision, names, st.sampled_from(Verdict), words, words, st.just((("kind", '"loss"'),))))
def test_decisions(decision: Decision) -> None:
    assert decode_decision(encode_decision(decision)) == decision


@QUICK
@given(reports(), words, words)
def test_a_digest_tells_readings_apart(report: Report, coder: str, other: str) -> None:
    bodies = {"b": "1", "a": "2"}
    digest = reading_digest(report, coder, bodies)
    assert digest == reading_digest(report, coder, dict(reversed(bodies.items())))
    assert (digest == reading_digest(report, other, bodies)) == (coder == other)
    assert digest != reading_digest(replace(report, title=report.title + "!"), coder, bodies)
    assert digest != reading_digest(report, coder, {"b": "1"})


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(readings(), max_size=4, unique_by=lambda pair: pair[0].id), st.booleans())
def test_a_whole_ledger(pairs: list[tuple[Report, Resolution]], batched: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.sqlite"
        for time in range(2):
            with open_ledger(path) as ledger:
                if batched:
                    with ledger.batch():
                        added = [ledger.append(*pair) for pair in pairs]
                else:
                    added = [ledger.append(*pair) for pair in pairs]
            assert added == [len(said.claims) if time == 0 else 0 for _, said in pairs]
        with open_ledger(path, create=False) as ledger:
            assert list(ledger.reports()) == [report for report, _ in pairs]
            expected = [
                Testimony(
                    claim,
                    ReportReference(
                        report.id, report.publisher, report.title, report.url, report.published, report.copy_of
                    ),
                )
                for report, said in pairs
                for claim in said.claims
            ]
            assert [entry.body for entry in ledger.entries()] == expected
