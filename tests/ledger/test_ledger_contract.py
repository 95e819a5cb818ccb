"""What every ledger does, whatever it is kept in. Fixtures `store` and `ledger` run this on each backend."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from ledger.cases import FERRY, MILLTOWN, OLDTOWN, claim, many, reading, report
from ledger.stores import Store
from whoheld.errors import LedgerError
from whoheld.plugins import Ledger
from whoheld.vocabulary import (
    Block,
    BlockKind,
    Bounds,
    Decision,
    Entry,
    Mention,
    ReportReference,
    ResolvedClaim,
    ResolvedTime,
    Testimony,
    TimeMention,
    TimeType,
    Verdict,
)


def claim_ids(entries: Iterable[Entry]) -> list[str]:
    return [entry.body.claim.claim.id for entry in entries if isinstance(entry.body, Testimony)]


def judgements(entries: Iterable[Entry]) -> list[Decision]:
    return [entry.body for entry in entries if isinstance(entry.body, Decision)]


def decide(claim: ResolvedClaim, verdict: Verdict, **correction: object) -> Decision:
    fields = tuple(sorted((name, json.dumps(value, sort_keys=True)) for name, value in correction.items()))
    return Decision(claim.claim.id, verdict, "an analyst", "seen the video", fields)


# --- reports and claims -------------------------------------------------------------------------------------


def test_it_fits_the_protocol(ledger: Ledger) -> None:
    assert isinstance(ledger, Ledger)


def test_what_is_appended_is_read_back_equal(store: Store) -> None:
    one = replace(
        report("The army took Oldtown.\r\n\tالقريتين 🏚 e\u0301 \x00 end  \n", copy_of="another"),
        published_at=datetime(2020, 4, 30, 9, 15, 0, 123, tzinfo=UTC),
        dateline=date(2020, 4, 29),
        title="Oldtown",
        url="https://post.example/1",
        language="en",
        retrieved=datetime(2020, 5, 1, tzinfo=UTC),
        blocks=(Block(0, 22, BlockKind.BODY),),
        warnings=("The dateline is another day.",),
    )
    said = claim(one)
    ledger = store.open()
    assert ledger.append(one, reading(one, said)) == 1
    ledger.close()

    again = store.open()
    assert again.report(one.id) == one
    reference = ReportReference(one.id, one.publisher, one.title, one.url, one.published, "another")
    (entry,) = again.entries()
    assert entry.body == Testimony(said, reference) == again.claim(said.claim.id)
    assert entry.sequence == 1
    assert entry.recorded.utcoffset() == timedelta(0)
    assert list(again.reports()) == [one]


def test_a_report_without_claims_is_known_too(ledger: Ledger) -> None:
    one = report()
    assert not ledger.knows(one.id, "test/1")
    assert ledger.append(one, reading(one)) == 0
    assert ledger.knows(one.id, "test/1")
    assert not ledger.knows(one.id, "test/2")
    assert list(ledger.entries()) == []
    assert ledger.report(one.id) == one


def test_appending_twice_adds_nothing(store: Store) -> None:
    one = report()
    full = reading(one, claim(one), claim(one, MILLTOWN))
    ledger = store.open()
    assert ledger.append(one, full) == 2
    before = list(ledger.entries())
    assert ledger.append(one, full) == 0
    with ledger.batch():
        assert ledger.append(one, full) == 0
    again = store.open()
    # what depends on the run and not on the report makes no new reading either
    fetched = replace(one, retrieved=datetime(2024, 1, 1, tzinfo=UTC), copy_of="x", warnings=("late",))
    assert again.append(fetched, full) == 0
    assert list(again.entries()) == before
    assert again.counts()["readings"] == 1


def test_a_claim_that_comes_twice_in_a_reading_is_one(ledger: Ledger) -> None:
    one = report()
    assert ledger.append(one, reading(one, claim(one), claim(one))) == 1
    assert len(list(ledger.entries())) == 1


def test_sequence_goes_up_over_reports_and_decisions(ledger: Ledger) -> None:
    first, second = report(publisher="A"), report(publisher="B")
    ledger.append(first, reading(first, claim(first), claim(first, MILLTOWN)))
    made = ledger.decide(decide(claim(first), Verdict.ACCEPT))
    ledger.append(second, reading(second, claim(second)))
    entries = list(ledger.entries())
    assert [entry.sequence for entry in entries] == [1, 2, 3, 4]
    assert entries[2] == made
    assert [entry.recorded for entry in entries] == sorted(entry.recorded for entry in entries)
    assert [entry.sequence for entry in ledger.entries(since_sequence=2)] == [3, 4]
    assert list(ledger.entries(since_sequence=4)) == []


def test_entries_are_those_of_the_moment_that_they_were_asked_for(ledger: Ledger) -> None:
    first, second = report(publisher="A"), report(publisher="B")
    ledger.append(first, reading(first, claim(first)))
    asked = ledger.entries()
    ledger.append(second, reading(second, claim(second)))
    better = claim(first, MILLTOWN, coder="test/2")
    ledger.append(first, reading(first, better, coder="test/2"))
    assert claim_ids(asked) == [claim(first).claim.id]
    assert claim_ids(ledger.entries()) == [claim(second).claim.id, better.claim.id]


def test_more_rows_than_a_page(ledger: Ledger) -> None:
    data = many(6, 401, places=3)
    with ledger.batch():
        for one, said in data:
            ledger.append(one, said)
    entries = list(ledger.entries())
    assert [entry.sequence for entry in entries] == list(range(1, 6 * 401 + 1))
    assert claim_ids(entries) == [one.claim.id for _, said in data for one in said.claims]
    assert len(list(ledger.entries(place_id="geonames:101"))) == sum(
        one.place.place is not None and one.place.place.id == "geonames:101" for _, said in data for one in said.claims
    )
    assert [one.id for one in ledger.reports()] == [one.id for one, _ in data]


def test_the_same_text_in_two_outlets_is_two_reports(ledger: Ledger) -> None:
    first, second = report(publisher="A"), report(publisher="B", copy_of=report(publisher="A").id)
    for one in (first, second):
        assert ledger.append(one, reading(one, claim(one))) == 1
    assert ledger.report(first.id) == first
    assert ledger.report(second.id) == second
    assert ledger.report(second.id).copy_of == first.id
    assert ledger.counts()["reports"] == 2


# --- readings -----------------------------------------------------------------------------------------------


def test_the_newest_reading_counts_and_the_older_one_stays(store: Store) -> None:
    ledger = store.open()
    one = report()
    old, new = claim(one), claim(one, MILLTOWN, coder="test/2")
    ledger.append(one, reading(one, old))
    between = store.clock.now
    assert ledger.append(one, reading(one, new, coder="test/2")) == 1
    assert claim_ids(ledger.entries()) == [new.claim.id]
    assert claim_ids(ledger.entries(recorded_by=between)) == [old.claim.id]
    assert ledger.claim(old.claim.id).claim == old
    assert ledger.knows(one.id, "test/1")
    assert ledger.knows(one.id, "test/2")
    assert [place.id for place in ledger.places()] == [MILLTOWN.id]
    assert ledger.append(one, reading(one, old)) == 0  # the old coder again: nothing is new
    assert claim_ids(ledger.entries()) == [new.claim.id]
    assert ledger.counts() == {
        "reports": 1,
        "readings": 2,
        "claims": 1,
        "superseded": 1,
        "decisions": 0,
        "stranded": 0,
    }


def test_a_new_reading_may_find_nothing(ledger: Ledger) -> None:
    one = report()
    ledger.append(one, reading(one, claim(one)))
    assert ledger.append(one, reading(one, coder="test/2")) == 0
    assert list(ledger.entries()) == []
    assert list(ledger.places()) == []
    assert list(ledger.entries(place_id=OLDTOWN.id)) == []


def test_the_same_claims_resolved_otherwise_are_a_new_reading_and_keep_their_decisions(store: Store) -> None:
    ledger = store.open()
    one = report()
    before = claim(one)
    ledger.append(one, reading(one, before))
    verdict = decide(before, Verdict.REJECT)
    ledger.decide(verdict)
    after = replace(before, place=replace(before.place, place=MILLTOWN))
    assert ledger.append(one, reading(one, after)) == 1
    testimony, judgement = sorted((entry.body for entry in ledger.entries()), key=lambda b: isinstance(b, Decision))
    assert isinstance(testimony, Testimony)
    assert testimony.claim == after
    assert judgement == verdict
    assert ledger.claim(before.claim.id).claim == after
    assert ledger.append(one, reading(one, before)) == 0
    assert ledger.append(one, reading(one, after)) == 0


def test_metadata_belongs_to_the_reading(ledger: Ledger) -> None:
    undated = report(published=None, key="r")
    dated = replace(undated, published=date(2020, 4, 30), title="Oldtown falls")
    ledger.append(undated, reading(undated, claim(undated)))
    assert ledger.append(dated, reading(dated, claim(dated))) == 1
    assert ledger.report("r") == dated
    (entry,) = ledger.entries()
    assert isinstance(entry.body, Testimony)
    assert entry.body.report.published == date(2020, 4, 30)
    assert entry.body.report.title == "Oldtown falls"
    assert ledger.append(undated, reading(undated, claim(undated))) == 0


def test_decisions_on_what_no_longer_counts_are_kept_and_counted(store: Store) -> None:
    ledger = store.open()
    one = report()
    ledger.append(one, reading(one, claim(one)))
    ledger.decide(decide(claim(one), Verdict.REJECT))
    before = store.clock.now
    new = claim(one, coder="test/2")
    ledger.append(one, reading(one, new, coder="test/2"))
    assert judgements(ledger.entries()) == []
    assert judgements(ledger.entries(recorded_by=before)) == [decide(claim(one), Verdict.REJECT)]
    assert (ledger.counts()["decisions"], ledger.counts()["stranded"]) == (1, 1)


# --- the clocks ---------------------------------------------------------------------------------------------


def test_published_by_includes_the_day_and_leaves_out_what_has_no_date(ledger: Ledger) -> None:
    reports = [report(published=day) for day in (date(2020, 4, 30), date(2020, 5, 1), date(2020, 5, 2), None)]
    for one in reports:
        ledger.append(one, reading(one, claim(one)))
        ledger.decide(decide(claim(one), Verdict.ACCEPT))
    known = list(ledger.entries(published_by=date(2020, 5, 1)))
    assert claim_ids(known) == [claim(one).claim.id for one in reports[:2]]
    assert [one.claim_id for one in judgements(known)] == claim_ids(known)
    assert len(claim_ids(ledger.entries())) == 4
    assert list(ledger.entries(published_by=date(2020, 4, 29))) == []


def test_recorded_by_includes_the_moment_and_cuts_decisions_too(store: Store) -> None:
    ledger = store.open()
    one = report()
    ledger.append(one, reading(one, claim(one)))
    recorded = next(iter(ledger.entries())).recorded
    made = ledger.decide(decide(claim(one), Verdict.REJECT))
    assert made.recorded > recorded
    assert [entry.sequence for entry in ledger.entries(recorded_by=recorded)] == [1]
    assert list(ledger.entries(recorded_by=recorded - timedelta(microseconds=1))) == []
    assert [entry.sequence for entry in ledger.entries(recorded_by=made.recorded)] == [1, 2]
    with pytest.raises(ValueError, match="time zone"):
        ledger.entries(recorded_by=datetime(2020, 5, 1))


def test_moments_are_compared_as_moments_whatever_their_zone(store: Store) -> None:
    ledger = store.open()
    one = report()
    ledger.append(one, reading(one, claim(one)))
    recorded = next(iter(ledger.entries())).recorded
    east = recorded.astimezone(timezone(timedelta(hours=9)))
    assert len(list(ledger.entries(recorded_by=east))) == 1
    assert list(ledger.entries(recorded_by=east - timedelta(seconds=1))) == []


def test_clocks_and_place_together(store: Store) -> None:
    ledger = store.open()
    early, late = report(published=date(2020, 1, 1)), report(published=date(2020, 2, 1))
    for one in (early, late):
        ledger.append(one, reading(one, claim(one), claim(one, MILLTOWN)))
    between = next(iter(ledger.entries())).recorded
    found = ledger.entries(place_id=MILLTOWN.id, published_by=date(2020, 1, 15))
    assert claim_ids(found) == [claim(early, MILLTOWN).claim.id]
    found = ledger.entries(place_id=OLDTOWN.id, recorded_by=between)
    assert claim_ids(found) == [claim(early).claim.id]


# --- places -------------------------------------------------------------------------------------------------


def test_places_are_each_once_by_id(ledger: Ledger) -> None:
    first, second = report(publisher="A"), report(publisher="B")
    ledger.append(first, reading(first, claim(first, FERRY), claim(first), claim(first, None)))
    ledger.append(second, reading(second, claim(second)))
    assert list(ledger.places()) == [OLDTOWN, FERRY]
    assert claim_ids(ledger.entries(place_id=FERRY.id)) == [claim(first, FERRY).claim.id]
    assert list(ledger.entries(place_id="geonames:999")) == []


# --- decisions ----------------------------------------------------------------------------------------------


def test_decisions_come_with_the_claims_of_a_place(ledger: Ledger) -> None:
    one = report()
    here, there = claim(one), claim(one, MILLTOWN)
    ledger.append(one, reading(one, here, there))
    for said in (here, there):
        ledger.decide(decide(said, Verdict.ACCEPT))
    assert [d.claim_id for d in judgements(ledger.entries(place_id=OLDTOWN.id))] == [here.claim.id]


def test_a_claim_that_was_moved_is_found_in_both_places(ledger: Ledger) -> None:
    one = report()
    said = claim(one, OLDTOWN, candidates=[MILLTOWN])
    ledger.append(one, reading(one, said))
    by_id = decide(said, Verdict.CORRECT, place=MILLTOWN.id)
    ledger.decide(by_id)
    for place in (OLDTOWN, MILLTOWN):
        found = list(ledger.entries(place_id=place.id))
        assert claim_ids(found) == [said.claim.id]
        assert judgements(found) == [by_id]


def test_a_place_that_only_a_correction_names_is_listed_until_it_is_undone(ledger: Ledger) -> None:
    one = report()
    said = claim(one)
    ledger.append(one, reading(one, said))
    ferry = {"id": FERRY.id, "name": FERRY.name, "feature": FERRY.feature}
    ledger.decide(decide(said, Verdict.CORRECT, place=ferry))
    assert list(ledger.places()) == [OLDTOWN, FERRY]
    assert claim_ids(ledger.entries(place_id=FERRY.id)) == [said.claim.id]
    ledger.decide(decide(said, Verdict.UNDO))
    assert list(ledger.places()) == [OLDTOWN]
    with pytest.raises(LedgerError, match="in full"):
        ledger.decide(decide(said, Verdict.CORRECT, place="geonames:777"))


def test_undo_takes_back_the_last_decision_in_force_and_deletes_nothing(ledger: Ledger) -> None:
    one = report()
    said = claim(one)
    ledger.append(one, reading(one, said))
    accept, reject, undo = (decide(said, verdict) for verdict in (Verdict.ACCEPT, Verdict.REJECT, Verdict.UNDO))
    with pytest.raises(LedgerError, match="no decision"):
        ledger.decide(undo)
    for one_decision in (accept, reject, undo, undo):
        ledger.decide(one_decision)
    with pytest.raises(LedgerError, match="no decision"):
        ledger.decide(undo)
    assert judgements(ledger.entries()) == [accept, reject, undo, undo]
    ledger.decide(reject)
    assert judgements(ledger.entries())[-1] == reject


@pytest.mark.parametrize(
    ("decision", "says"),
    [
        ({"verdict": Verdict.ACCEPT, "by": "  "}, "name of who"),
        ({"verdict": Verdict.ACCEPT, "correction": (("kind", '"loss"'),)}, "changes no field"),
        ({"verdict": Verdict.CORRECT}, "must name a field"),
        ({"correction": (("colour", '"red"'),)}, "no field “colour”"),
        ({"correction": (("kind", '"loss"'), ("kind", '"hold"'))}, "twice"),
        ({"correction": (("kind", '"conquest"'),)}, "capture, loss"),
        ({"correction": (("kind", "loss"),)}, "as JSON"),
        ({"correction": (("modality", '"maybe"'),)}, "asserted"),
        ({"correction": (("extent", "[]"),)}, "whole"),
        ({"correction": (("actors", '"north"'),)}, "list of registry ids"),
        ({"correction": (("opponents", '[{"name": "South"}]'),)}, "list of registry ids"),
        ({"correction": (("place", "null"),)}, "the id of a place"),
        ({"correction": (("place", '{"id": "x:1"}'),)}, "the id of a place"),
        ({"correction": (("when", '{"earliest": "2020-02-30", "latest": null}'),)}, "earliest"),
        ({"correction": (("when", '{"earliest": "2020-03-01", "latest": "2020-02-01"}'),)}, "earliest"),
        ({"correction": (("when", '{"earliest": "2020-03-01"}'),)}, "earliest"),
    ],
)
def test_decisions_that_are_none_are_refused(ledger: Ledger, decision: dict[str, object], says: str) -> None:
    one = report()
    ledger.append(one, reading(one, claim(one)))
    fields = {"claim_id": claim(one).claim.id, "verdict": Verdict.CORRECT, "by": "an analyst", **decision}
    with pytest.raises(LedgerError, match=says):
        ledger.decide(Decision(**fields))  # type: ignore[arg-type]
    assert judgements(ledger.entries()) == []


def test_every_field_can_be_corrected(ledger: Ledger) -> None:
    one = report()
    said = claim(one)
    ledger.append(one, reading(one, said))
    correction = decide(
        said,
        Verdict.CORRECT,
        kind="loss",
        modality="denied",
        factuality="PR-",
        extent="near",
        actors=["south", {"id": "east", "name": "The East"}],
        opponents=[],
        place=OLDTOWN.id,
        when={"earliest": "2020-04-01", "latest": None},
    )
    ledger.decide(correction)
    ledger.decide(decide(said, Verdict.CORRECT, when=None))
    assert judgements(ledger.entries())[0] == correction


# --- what is refused ----------------------------------------------------------------------------------------


def test_what_is_not_there_is_an_error(ledger: Ledger) -> None:
    with pytest.raises(LedgerError, match="no report nowhere"):
        ledger.report("nowhere")
    with pytest.raises(LedgerError, match="no claim nothing"):
        ledger.claim("nothing")
    with pytest.raises(LedgerError, match="no claim nothing"):
        ledger.decide(Decision("nothing", Verdict.ACCEPT, "an analyst"))


def test_another_text_under_the_same_id_is_refused(ledger: Ledger) -> None:
    first, second = report(key="r"), report("Quite another story.", key="r")
    ledger.append(first, reading(first, claim(first)))
    with pytest.raises(LedgerError, match="another text under the id r"):
        ledger.append(second, reading(second, claim(second)))
    assert ledger.report("r") == first
    assert claim_ids(ledger.entries()) == [claim(first).claim.id]


def test_half_characters_cannot_be_stored_and_the_error_says_where(ledger: Ledger) -> None:
    broken = report("The army took \ud83d Oldtown.", key="r")
    with pytest.raises(LedgerError, match=r"character 14 .*U\+D83D"):
        ledger.append(broken, reading(broken))
    titled = replace(report(), title="\udc80")
    with pytest.raises(LedgerError, match=r"U\+DC80"):
        ledger.append(titled, reading(titled))
    assert ledger.counts()["reports"] == 0


def test_a_reading_must_be_of_its_report_and_true_to_it(ledger: Ledger) -> None:
    one, other = report(publisher="A"), report("The army lost Ferry.", publisher="B")
    with pytest.raises(LedgerError, match="not of"):
        ledger.append(one, reading(other))
    with pytest.raises(LedgerError, match="not by test/2"):
        ledger.append(one, reading(one, claim(one), coder="test/2"))
    said = claim(one)
    (quotation,) = said.claim.evidence
    shifted = replace(said, claim=replace(said.claim, evidence=(replace(quotation, exact="The navy"),)))
    with pytest.raises(LedgerError, match="does not stand at"):
        ledger.append(one, reading(one, shifted))
    with pytest.raises(LedgerError, match="have the id"):
        ledger.append(one, reading(one, said, replace(said, when=None)))
    assert ledger.counts()["reports"] == 0


def test_what_json_cannot_keep_is_refused(ledger: Ledger) -> None:
    one = report()
    said = claim(one)
    for number in (float("nan"), float("inf")):
        with pytest.raises(LedgerError, match="without loss"):
            ledger.append(one, reading(one, replace(said, claim=replace(said.claim, confidence=number))))
    listed = replace(said, actors=list(said.actors))  # type: ignore[arg-type]
    with pytest.raises(LedgerError, match="without loss"):
        ledger.append(one, reading(one, listed))
    assert list(ledger.entries()) == []


def test_a_time_mention_is_kept_as_a_plain_mention(ledger: Ledger) -> None:
    one = report()
    start = one.text.index("Friday")
    words = TimeMention(start, start + 6, "Friday", TimeType.DATE, "past")
    day = Bounds(date(2020, 4, 24), date(2020, 4, 24))
    said = claim(one)
    said = replace(
        said,
        claim=replace(said.claim, when=words),
        when=ResolvedTime(words, TimeType.DATE, "2020-04-24", "2020-04-24", day, 1),
    )
    ledger.append(one, reading(one, said))
    plain = Mention(start, start + 6, "Friday")
    again = ledger.claim(said.claim.id).claim
    assert again.claim.when == plain
    assert again.when == replace(said.when, mention=plain)  # type: ignore[type-var]
    assert ledger.append(one, reading(one, said)) == 0


# --- batches ------------------------------------------------------------------------------------------------


def test_a_batch_sees_what_it_has_added(ledger: Ledger) -> None:
    one = report()
    with ledger.batch():
        ledger.append(one, reading(one, claim(one)))
        assert ledger.knows(one.id, "test/1")
        assert ledger.report(one.id) == one
        assert len(list(ledger.entries())) == 1
        ledger.decide(decide(claim(one), Verdict.ACCEPT))
        with ledger.batch():
            assert ledger.append(one, reading(one, claim(one))) == 0
        assert ledger.counts()["decisions"] == 1
    assert len(list(ledger.entries())) == 2


def test_a_batch_keeps_what_came_before_an_error(store: Store) -> None:
    ledger = store.open()
    data = many(5, 2)
    broken = report("Half \ud800.", key="broken")

    def run() -> None:
        with ledger.batch():
            for one, said in data[:3]:
                ledger.append(one, said)
            ledger.append(broken, reading(broken))
            ledger.append(*data[3])

    with pytest.raises(LedgerError):
        run()
    again = store.open()
    assert [one.id for one in again.reports()] == [one.id for one, _ in data[:3]]
    assert len(list(again.entries())) == 6


def test_a_bad_report_in_a_batch_leaves_nothing_and_the_rest_goes_on(ledger: Ledger) -> None:
    (first, said), (second, more) = many(2, 2)
    other = replace(first, text="Another text under the same id.")
    with ledger.batch():
        ledger.append(first, said)
        with pytest.raises(LedgerError):
            ledger.append(other, reading(other))
        ledger.append(second, more)
    assert [one.id for one in ledger.reports()] == [first.id, second.id]


def test_two_programs_write_in_turn(store: Store) -> None:
    one, other = store.open(), store.open()
    for number, (told, said) in enumerate(many(6, 1)):
        with (one, other)[number % 2].batch():
            (one, other)[number % 2].append(told, said)
    assert [entry.sequence for entry in one.entries()] == list(range(1, 7))
    assert list(one.entries()) == list(other.entries())
