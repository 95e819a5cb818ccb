"""Rooms that tests put in the place of real ones: a ledger in memory, an extractor and a resolver that obey."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, date, datetime

from whoheld.errors import LedgerError
from whoheld.vocabulary import (
    Decision,
    Entry,
    Extraction,
    Place,
    Report,
    ReportReference,
    Resolution,
    ResolvedClaim,
    Testimony,
)

NOW = datetime(2026, 1, 1, tzinfo=UTC)


class MemoryLedger:
    """Fits `plugins.Ledger`. `fail_after` appends it raises LedgerError, as a full disk would."""

    def __init__(self, *bodies: Testimony | Decision, fail_after: int | None = None) -> None:
        self.log = [Entry(number, NOW, body) for number, body in enumerate(bodies, start=1)]
        self.kept: dict[tuple[str, str], Report] = {}
        self.fail_after = fail_after

    def append(self, report: Report, resolution: Resolution) -> int:
        if self.fail_after is not None and len(self.kept) >= self.fail_after:
            raise LedgerError("The disk is full.")
        if self.knows(report.id, resolution.coder):
            return 0
        self.kept[report.id, resolution.coder] = report
        reference = ReportReference(
            report.id, report.publisher, report.title, report.url, report.published, report.copy_of
        )
        for claim in resolution.claims:
            self.log.append(Entry(len(self.log) + 1, NOW, Testimony(claim, reference)))
        return len(resolution.claims)

    def knows(self, report_id: str, coder: str) -> bool:
        return (report_id, coder) in self.kept

    def decide(self, decision: Decision) -> Entry:
        self.log.append(Entry(len(self.log) + 1, NOW, decision))
        return self.log[-1]

    def entries(
        self, *, place_id: str | None = None, published_by: date | None = None, recorded_by: datetime | None = None
    ) -> Iterator[Entry]:
        for entry in self.log:
            if isinstance(entry.body, Testimony):
                place, published = entry.body.claim.place.place, entry.body.report.published
                if place_id is not None and (place is None or place.id != place_id):
                    continue
                if published_by is not None and (published is None or published > published_by):
                    continue
            yield entry

    def report(self, report_id: str) -> Report:
        for (key, _), report in self.kept.items():
            if key == report_id:
                return report
        raise LedgerError(f"There is no report {report_id}.")

    def batch(self) -> AbstractContextManager[None]:
        return nullcontext()

    def counts(self) -> dict[str, int]:
        claims = len(self._testimonies())
        return {"reports": len(self.kept), "claims": claims, "decisions": len(self.log) - claims}

    def reports(self) -> Iterator[Report]:
        yield from self.kept.values()

    def claim(self, claim_id: str) -> Testimony:
        return next(body for body in self._testimonies() if body.claim.claim.id == claim_id)

    def places(self) -> Sequence[Place]:
        found = {
            body.claim.place.place.id: body.claim.place.place for body in self._testimonies() if body.claim.place.place
        }
        return [found[key] for key in sorted(found)]

    def close(self) -> None:
        pass

    def _testimonies(self) -> list[Testimony]:
        return [entry.body for entry in self.log if isinstance(entry.body, Testimony)]


class FakeExtractor:
    """One empty extraction a report; raises on reports whose text is in `bad`. `seen` counts what it was given."""

    coder = "fake/1"

    def __init__(self, bad: Iterable[str] = (), error: Callable[[], BaseException] = lambda: ZeroDivisionError("boom")):
        self.bad, self.error, self.seen = set(bad), error, 0

    def __call__(self, reports: Iterable[Report]) -> Iterator[Extraction]:
        for report in reports:
            self.seen += 1
            if report.text in self.bad:
                raise self.error()
            yield Extraction(report.id, self.coder)


class FakeResolver:
    """Gives each report the claims that `claims` has for its id; raises on those in `bad`."""

    def __init__(self, claims: dict[str, tuple[ResolvedClaim, ...]] | None = None, bad: Iterable[str] = ()) -> None:
        self.claims, self.bad = claims or {}, set(bad)

    def resolve(self, report: Report, extraction: Extraction) -> Resolution:
        if report.id in self.bad:
            raise KeyError(report.id)
        return Resolution(report.id, extraction.coder, self.claims.get(report.id, ()))
