"""What the HTML map needs to know: timelines, the claims that they cite with their words, and who published them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from whoheld.errors import LedgerError
from whoheld.plugins import Ledger
from whoheld.record import Record, claim_record, report_record, timeline_record
from whoheld.vocabulary import Decision, Entry, Quotation, ReportReference, Testimony, Timeline

FORMAT = 1
"""Raised with any change that an older page cannot read; `web/index.html` names the one that it reads."""

CONTEXT = 220  # characters on each side of a quotation: its sentence and often its neighbours, not the report


def page_record(timelines: Sequence[Timeline], ledger: Ledger) -> Record:
    """The data of the page: `timelines`, `claims` by id, `reports` by id. A function of its arguments, without a clock.

    Of the claims only those are taken that a spell cites, and of the reports no text but what is quoted. Each claim
    has `recorded` (when the ledger got it) and `decisions` (what analysts made of it), beside the record format.
    """
    cited = {
        support.claim_id
        for timeline in timelines
        for spell in timeline.spells
        for support in (*spell.support, *spell.dissent)
    }
    claims: dict[str, Record] = {}
    reports: dict[str, Record] = {}
    texts = _Texts(ledger)
    decisions: dict[str, list[Record]] = {}
    for entry in _entries(timelines, ledger):
        if isinstance(entry.body, Testimony):
            claim = entry.body.claim.claim
            if claim.id in cited and claim.id not in claims:
                claims[claim.id] = _claim(entry.body, entry, texts)
                reports.update(_reports(entry.body.report, ledger))
        elif entry.body.claim_id in cited:
            decisions.setdefault(entry.body.claim_id, []).append(_decision(entry.body, entry))
    for claim_id, made in decisions.items():
        if claim_id in claims:
            claims[claim_id]["decisions"] = made
    return {
        "format": FORMAT,
        "timelines": [timeline_record(timeline) for timeline in timelines],
        "claims": claims,
        "reports": reports,
    }


def _entries(timelines: Sequence[Timeline], ledger: Ledger) -> Iterator[Entry]:
    """One pass over the ledger; one place has its own, shorter way."""
    if len(timelines) == 1:
        return ledger.entries(place_id=timelines[0].place.id)
    return ledger.entries()


class _Texts:
    """Texts of reports, the last one kept: the claims of a report follow each other in the ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger, self._id, self._text = ledger, "", ""

    def of(self, report_id: str) -> str:
        """The text of a report; "" where the ledger does not keep it."""
        if report_id != self._id:
            try:
                text = self._ledger.report(report_id).text
            except LedgerError:
                text = ""
            self._id, self._text = report_id, text
        return self._text


def _claim(testimony: Testimony, entry: Entry, texts: _Texts) -> Record:
    claim = testimony.claim.claim
    text = texts.of(claim.report_id)
    record = claim_record(testimony.claim)
    del record["place"]["candidates"]  # the other readings of the name are not shown
    record["evidence"] = [quotation_in_context(text, quotation) for quotation in claim.evidence]
    record["recorded"] = entry.recorded.isoformat(timespec="seconds")
    return record


def quotation_in_context(text: str, quotation: Quotation) -> dict[str, Any]:
    """A quotation with up to :data:`CONTEXT` characters of its paragraph on each side, cut between words.

    `cut` says of each side whether the paragraph goes on. Where `text` does not hold the quotation at its offsets,
    its own prefix and suffix are used.
    """
    start, end = quotation.start, quotation.end
    if text[start:end] != quotation.exact:
        prefix, suffix, cut = quotation.prefix, quotation.suffix, [True, True]
    else:
        before = text[max(0, start - CONTEXT) : start]
        after = text[end : end + CONTEXT]
        starts_here = "\n\n" in before or start <= CONTEXT
        ends_here = "\n\n" in after or end + CONTEXT >= len(text)
        before, after = before.rpartition("\n\n")[2], after.partition("\n\n")[0]
        prefix = before if starts_here else before.partition(" ")[2]
        suffix = after if ends_here else after.rpartition(" ")[0]
        cut = [not starts_here, not ends_here]
    return {"exact": quotation.exact, "prefix": prefix, "suffix": suffix, "start": start, "end": end, "cut": cut}


def _reports(report: ReportReference, ledger: Ledger) -> dict[str, Record]:
    """A report, and the one that it copies, so that the page can name it."""
    records = {report.id: report_record(report)}
    if report.copy_of is not None:
        try:
            original = ledger.report(report.copy_of)
        except LedgerError:
            return records
        reference = ReportReference(
            original.id, original.publisher, original.title, original.url, original.published, original.copy_of
        )
        records[original.id] = report_record(reference)
    return records


def _decision(decision: Decision, entry: Entry) -> Record:
    return {
        "verdict": decision.verdict.value,
        "by": decision.by,
        "note": decision.note,
        "correction": [list(pair) for pair in decision.correction],
        "recorded": entry.recorded.isoformat(timespec="seconds"),
    }
