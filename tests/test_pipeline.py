"""The order of the rooms: nothing is lost silently, nothing is read twice, and one bad report stops nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from fakes import FakeExtractor, FakeResolver, MemoryLedger
from fuse.cases import claim
from whoheld.errors import BadData, LedgerError, UnreadableReport
from whoheld.pipeline import BATCH, Failure, IngestCount, extract_reports, ingest_reports
from whoheld.vocabulary import Report

WORDS = "Rebels took the town of Testville on day number {} after a night of shelling, residents there said by phone."


def report(number: int, text: str = "", **fields: object) -> Report:
    return Report(f"r{number}", text or WORDS.format(number), published=date(2017, 1, 1), **fields)  # type: ignore[arg-type]


def test_every_report_comes_with_a_resolution_in_order() -> None:
    reports = [report(number) for number in range(2 * BATCH + 3)]
    failures: list[Failure] = []
    read = list(extract_reports(reports, FakeExtractor(), FakeResolver(), failed=failures.append))
    assert [one.id for one, _ in read] == [resolution.report_id for _, resolution in read]
    assert [one.id for one, _ in read] == [one.id for one in reports]
    assert not failures


def test_a_report_that_brings_extraction_down_is_listed_and_the_others_are_read() -> None:
    reports = [report(number) for number in range(BATCH + 5)]
    failures: list[Failure] = []
    extractor = FakeExtractor(bad=[reports[7].text])
    read = list(extract_reports(reports, extractor, FakeResolver(), failed=failures.append))
    assert len(read) == len(reports)
    assert read[7][1].report_id == "r7"
    assert read[7][1].claims == ()
    assert failures == [Failure("r7", "report r7: ZeroDivisionError: boom")]


def test_a_report_that_brings_resolution_down_is_listed_too() -> None:
    failures: list[Failure] = []
    read = list(
        extract_reports([report(1), report(2)], FakeExtractor(), FakeResolver(bad=["r2"]), failed=failures.append)
    )
    assert len(read) == 2
    assert [failure.report_id for failure in failures] == ["r2"]


def test_an_error_of_ours_is_told_in_its_own_words() -> None:
    failures: list[Failure] = []
    extractor = FakeExtractor(bad=[report(1).text], error=lambda: BadData("The file is odd.\nMend it."))
    list(extract_reports([report(1)], extractor, FakeResolver(), failed=failures.append))
    assert failures == [Failure("r1", "report r1: The file is odd. Mend it.")]


def test_what_cannot_be_read_is_passed_on_in_its_place() -> None:
    broken = UnreadableReport("a.jsonl", "the line is no JSON", "Mend it", line=2)
    count = ingest_reports([report(1), broken, report(3)], MemoryLedger(), FakeExtractor(), FakeResolver())
    assert count.reports == 2
    assert count.failures == [Failure(None, "a.jsonl, line 2: the line is no JSON. Mend it.")]


def test_an_interrupt_is_not_caught_and_leaves_whole_reports() -> None:
    reports = [report(number) for number in range(BATCH + 5)]
    ledger, count = MemoryLedger(), IngestCount()
    extractor = FakeExtractor(bad=[reports[BATCH + 1].text], error=KeyboardInterrupt)
    with pytest.raises(KeyboardInterrupt):
        ingest_reports(reports, ledger, extractor, FakeResolver(), count=count)
    assert count.reports == len(ledger.kept) == BATCH
    again = ingest_reports(reports, ledger, FakeExtractor(), FakeResolver())
    assert (again.known, again.reports) == (BATCH, 5)


def test_a_ledger_that_cannot_be_written_stops_the_run() -> None:
    ledger, count = MemoryLedger(fail_after=2), IngestCount()
    with pytest.raises(LedgerError, match="full"):
        ingest_reports(map(report, range(5)), ledger, FakeExtractor(), FakeResolver(), count=count)
    assert count.reports == 2
    assert not count.failures


def test_reading_twice_adds_nothing_and_parses_nothing() -> None:
    ledger, resolver = MemoryLedger(), FakeResolver({"r1": (claim("capture", "a").claim,)})
    first = ingest_reports([report(1), report(2)], ledger, FakeExtractor(), resolver)
    assert (first.reports, first.known, first.claims) == (2, 0, 1)
    extractor, before = FakeExtractor(), list(ledger.log)
    second = ingest_reports([report(1), report(2)], ledger, extractor, resolver)
    assert (second.reports, second.known, second.claims) == (0, 2, 0)
    assert extractor.seen == 0
    assert ledger.log == before


def test_the_same_report_twice_in_one_batch_is_known_the_second_time() -> None:
    count = ingest_reports([report(1), report(1)], MemoryLedger(), FakeExtractor(), FakeResolver())
    assert (count.reports, count.known) == (1, 1)


def test_a_report_whose_date_was_corrected_is_read_anew() -> None:
    ledger = MemoryLedger()
    ingest_reports([report(1)], ledger, FakeExtractor(), FakeResolver())
    extractor = FakeExtractor()
    count = ingest_reports([replace(report(1), published=date(2017, 2, 1))], ledger, extractor, FakeResolver())
    assert (count.reports, count.known, extractor.seen) == (1, 0, 1)


def test_another_text_under_a_known_id_is_a_failure_and_not_lost() -> None:
    ledger = MemoryLedger()
    ingest_reports([report(1)], ledger, FakeExtractor(), FakeResolver())
    count = ingest_reports([report(1, "Other words."), report(2)], ledger, FakeExtractor(), FakeResolver())
    assert (count.reports, count.known) == (1, 0)
    assert [failure.report_id for failure in count.failures] == ["r1"]
    assert "another text is known under this id" in count.failures[0].reason


def test_two_texts_under_one_id_in_one_run_are_a_failure_too() -> None:
    count = ingest_reports([report(1), report(1, "Other words.")], MemoryLedger(), FakeExtractor(), FakeResolver())
    assert (count.reports, count.known, len(count.failures)) == (1, 0, 1)


def test_a_failed_report_is_not_recorded_so_that_it_is_read_again() -> None:
    ledger = MemoryLedger()
    count = ingest_reports([report(1)], ledger, FakeExtractor(bad=[report(1).text]), FakeResolver())
    assert (count.reports, len(count.failures)) == (0, 1)
    assert not ledger.knows("r1", "fake/1")


def test_warnings_are_counted_with_their_report() -> None:
    odd = report(1, warnings=("The dateline disagrees.",))
    count = ingest_reports([odd], MemoryLedger(), FakeExtractor(), FakeResolver())
    assert count.warnings == [("r1", "The dateline disagrees.")]


def test_progress_is_told_the_count_as_it_grows() -> None:
    told: list[int] = []
    ingest_reports(
        map(report, range(3)),
        MemoryLedger(),
        FakeExtractor(),
        FakeResolver(),
        progress=lambda count: told.append(count.reports),
    )
    assert told == [1, 2, 3]


STORY = (
    "Government troops retook the town of Testville on Saturday, three weeks after fighters had seized it by night.\n\n"
    "Residents reached by telephone said that the last shots were heard at noon, and that soldiers were going from "
    "house to house looking for mines. The governor promised that water and power would be back within a week.\n\n"
    "The fighters had come at night from the desert to the east, and had held the hospital and both of the bridges."
)


def test_a_reprint_is_marked_as_a_copy_within_a_run_and_across_runs() -> None:
    ledger = MemoryLedger()
    original = report(1, f"TESTVILLE (Agency) - {STORY}", publisher="Agency")
    reprint = report(2, f"{STORY}\n\nAdditional reporting by the Gazette.", publisher="Gazette")
    third = report(3, STORY, publisher="Post")
    assert ingest_reports([original, reprint], ledger, FakeExtractor(), FakeResolver()).copies == 1
    assert ledger.report("r2").copy_of == "r1"
    assert ingest_reports([third], ledger, FakeExtractor(), FakeResolver()).copies == 1
    assert ledger.report("r3").copy_of in {"r1", "r2"}


def test_another_story_is_no_copy() -> None:
    ledger = MemoryLedger()
    count = ingest_reports([report(1, STORY), report(2)], ledger, FakeExtractor(), FakeResolver())
    assert count.copies == 0
