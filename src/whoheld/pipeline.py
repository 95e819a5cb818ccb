"""The rooms in order: the only module that knows them all.

A report that cannot be read, or that brings a room down, is counted and listed with the reason, and the run goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any

from whoheld import plugins
from whoheld.errors import LedgerError, UnreadableReport, WhoheldError
from whoheld.plugins import DEFAULT_EXTRACTOR, Extractor, Ledger
from whoheld.read.copies import CopyIndex, mark_copies
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

    `reports` were read, `known` had been read before by the same coder; `claims` are new; `copies` of the reports
    read print a story that is known; `warnings` are (report id, sentence).
    """

    reports: int = 0
    known: int = 0
    claims: int = 0
    copies: int = 0
    warnings: list[tuple[str, str]] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)


def open_extractor(resolver: Resolver, *, name: str = DEFAULT_EXTRACTOR, **settings: Any) -> Extractor:
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
    again; one whose date, outlet, title or address has changed since is read anew. The ledger holds whole reports or
    none at any moment. A report that failed is not recorded, so that a better version reads it again. Copies are
    marked among the reports of the run and of the ledger. Give `count` to see how far a run came that raised.
    Raises LedgerError.
    """
    count = count if count is not None else IngestCount()
    news = _marked(_news(reports, ledger, extractor.coder, count), ledger)
    stumbled: set[str] = set()

    def failed(failure: Failure) -> None:
        count.failures.append(failure)
        if failure.report_id is not None:
            stumbled.add(failure.report_id)

    # A ledger may commit many reports at once: each is whole or absent all the same, and SQLite is far faster so.
    with ledger.batch():
        for report, resolution in extract_reports(news, extractor, resolver, failed=failed):
            if report.id not in stumbled:
                count.claims += ledger.append(report, resolution)
                count.reports += 1
                count.copies += report.copy_of is not None
                count.warnings += [(report.id, warning) for warning in report.warnings]
            if progress:
                progress(count)
    return count


def _news(
    reports: Iterable[Report | UnreadableReport], ledger: Ledger, coder: str, count: IngestCount
) -> Iterator[Report]:
    """The reports that this coder has not read yet, each once. What is no report is counted as a failure."""
    seen: dict[str, int] = {}  # by id, a hash of the text
    for report in reports:
        if isinstance(report, UnreadableReport):
            count.failures.append(Failure(None, str(report)))
            continue
        stored, words = _stored(report.id, ledger), hash(report.text)
        if seen.get(report.id, words) != words or (stored is not None and stored.text != report.text):
            reason = f"report {report.id}: another text is known under this id"
            remedy = "Give it another id, or none: it is then made from the content"
            count.failures.append(Failure(report.id, f"{reason}. {remedy}."))
        elif report.id in seen or (stored and ledger.knows(report.id, coder) and _is_same(stored, report)):
            count.known += 1
        else:
            seen[report.id] = words
            yield report


def _stored(report_id: str, ledger: Ledger) -> Report | None:
    try:
        return ledger.report(report_id)
    except LedgerError:  # there is none; a ledger that is broken will say so when it is written
        return None


def _is_same(stored: Report, report: Report) -> bool:
    """Whether nothing has changed that a reading hangs on, or that an answer shows."""
    return all(
        getattr(stored, field) == getattr(report, field)
        for field in ("published", "publisher", "title", "url", "language")
    )


def _marked(reports: Iterable[Report], ledger: Ledger) -> Iterator[Report]:
    """The same, those that copy a report of the run or of the ledger marked.

    The index of the ledger's reports is made when the first new one comes: a run without news does not wait for it.
    """
    stream = iter(reports)
    for first in islice(stream, 1):
        index = CopyIndex()
        for known in ledger.reports():
            index.add(known)
        yield from mark_copies(chain([first], stream), index)


def _read(
    reports: Sequence[Report], extractor: Extractor, resolver: Resolver, failed: Callable[[Failure], None]
) -> list[tuple[Report, Resolution]]:
    """Read a batch; where it fails, its reports one by one, so that only the one to blame is lost."""
    try:
        resolutions = list(resolve_claims(zip(reports, extractor(reports), strict=True), resolver))
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
