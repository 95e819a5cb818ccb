"""The rooms in order: the only module that knows them all.

A report that cannot be read, or that brings a room down, is counted and listed with the reason, and the run goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from whoheld import plugins
from whoheld.errors import UnreadableReport, WhoheldError
from whoheld.plugins import Extractor, Ledger
from whoheld.read.copies import CopyIndex
from whoheld.resolve import Resolver, resolve_claims
from whoheld.vocabulary import Report, Resolution

BATCH = 32
"""Reports that go through extraction and resolution together: the parser's own batch."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A report that was not read, and why. `report_id` is None where it did not become a report at all."""

    report_id: str | None
    reason: str


@dataclass(slots=True)
class IngestCount:
    """What came of a run. It is counted up while the run goes on, so that an interrupted one can be told too.

    `reports` are new, `known` were read before by the same coder; `claims` are new; `copies` of the new reports
    print a story that is known; `warnings` are (report id, sentence).
    """

    reports: int = 0
    known: int = 0
    claims: int = 0
    copies: int = 0
    warnings: list[tuple[str, str]] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)


def open_extractor(resolver: Resolver, *, name: str = "rules", **settings: Any) -> Extractor:
    """The extractor that is registered as `name`, with the resolver's names. Raises MissingPlugin."""
    extractor: Extractor = plugins.load("extractors", name)(resolver.lexicon, **settings)
    return extractor


def extract_reports(
    reports: Iterable[Report | UnreadableReport],
    extractor: Extractor,
    resolver: Resolver,
    *,
    failed: Callable[[Failure], None],
) -> Iterator[tuple[Report, Resolution]]:
    """Each report with what was read in it, in order, also where that is nothing.

    What could not be read goes to `failed`. A report on which extraction or resolution fails goes there too, and
    still comes with an empty resolution, so that there is one for each report.
    """
    stream = iter(reports)
    while chunk := list(islice(stream, BATCH)):
        readable = []
        for report in chunk:
            if isinstance(report, UnreadableReport):
                failed(Failure(None, str(report)))
            else:
                readable.append(report)
        yield from _read(readable, extractor, resolver, failed)


def ingest_reports(
    reports: Iterable[Report | UnreadableReport],
    ledger: Ledger,
    extractor: Extractor,
    resolver: Resolver,
    *,
    count: IngestCount | None = None,
    progress: Callable[[IngestCount], None] | None = None,
) -> IngestCount:
    """Read `reports` into the ledger; what came of it.

    A report that this coder has read before is skipped, so that a run that was interrupted can simply be started
    again. The ledger holds whole reports or none at any moment. A report that failed is not recorded, so that a
    better version reads it again. Give `count` to see how far a run came that raised. Raises LedgerError.
    """
    count = count if count is not None else IngestCount()
    news = _marked(_unknown(reports, ledger, extractor.coder, count), ledger, count)
    stumbled: set[str] = set()

    def failed(failure: Failure) -> None:
        count.failures.append(failure)
        if failure.report_id is not None:
            stumbled.add(failure.report_id)

    for report, resolution in extract_reports(news, extractor, resolver, failed=failed):
        if report.id not in stumbled:
            _record(report, resolution, ledger, count)
        if progress:
            progress(count)
    return count


def _record(report: Report, resolution: Resolution, ledger: Ledger, count: IngestCount) -> None:
    if ledger.knows(report.id, resolution.coder):  # twice in one batch
        count.known += 1
        return
    count.claims += ledger.append(report, resolution)
    count.reports += 1
    count.copies += report.copy_of is not None
    count.warnings += [(report.id, warning) for warning in report.warnings]


def _unknown(
    reports: Iterable[Report | UnreadableReport], ledger: Ledger, coder: str, count: IngestCount
) -> Iterator[Report | UnreadableReport]:
    """The reports that this coder has not read yet, and what is no report."""
    for report in reports:
        if isinstance(report, Report) and ledger.knows(report.id, coder):
            count.known += 1
        else:
            yield report


def _marked(
    reports: Iterable[Report | UnreadableReport], ledger: Ledger, count: IngestCount
) -> Iterator[Report | UnreadableReport]:
    """The same, those that copy an earlier report marked. The index is made when the first new report comes."""
    index: CopyIndex | None = None
    for report in reports:
        if isinstance(report, Report):
            if index is None:
                index = _index(ledger)
            original = index.add(report)
            yield replace(report, copy_of=original) if original and report.copy_of is None else report
        else:
            yield report


def _index(ledger: Ledger) -> CopyIndex:
    """The reports that the ledger has, so that a copy is known for one in a later run as well."""
    return CopyIndex()


def _read(
    reports: Sequence[Report], extractor: Extractor, resolver: Resolver, failed: Callable[[Failure], None]
) -> list[tuple[Report, Resolution]]:
    """Read a batch; where it fails, its reports one by one, so that only the one to blame is lost."""
    try:
        extractions = list(extractor(reports))
        resolutions = list(resolve_claims(zip(reports, extractions, strict=True), resolver))
        read = list(zip(reports, resolutions, strict=True))
    # Broad on purpose, and only here. Reports come from anywhere, and a parser or a rule can raise anything on one
    # of them (in the corpora it was developed on: none). One bad report must neither stop a run of a hundred
    # thousand nor vanish: it is counted and listed with its id and the error. Interrupts are no `Exception`.
    except Exception as error:  # noqa: BLE001
        if len(reports) == 1:
            failed(Failure(reports[0].id, _reason(reports[0], error)))
            return [(reports[0], Resolution(reports[0].id, extractor.coder))]
        read = [pair for report in reports for pair in _read([report], extractor, resolver, failed)]
    return read


def _reason(report: Report, error: Exception) -> str:
    told = str(error) if isinstance(error, WhoheldError) else f"{type(error).__name__}: {error}"
    return f"report {report.id}: {' '.join(told.split())}"
