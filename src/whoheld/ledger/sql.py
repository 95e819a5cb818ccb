"""The ledger in a SQL database. SQLite is what ships; only `open_sqlite`, `sqlite` and the triggers know of it."""

from __future__ import annotations

import heapq
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from sqlalchemy import Connection, Engine, Row, Select, exists, select

from whoheld.errors import LedgerError
from whoheld.ledger import bodies, queries
from whoheld.ledger.batch import Batch
from whoheld.ledger.decisions import check_decision, corrected_place
from whoheld.ledger.faults import explained
from whoheld.ledger.migrations import STEPS, migrate, schema_version
from whoheld.ledger.queries import Cut
from whoheld.ledger.schema import claims, decisions, entries, readings, reports, texts
from whoheld.ledger.sqlite import WRITES, file_engine, read_only_engine, write_ahead
from whoheld.vocabulary import (
    Decision,
    Entry,
    Place,
    Report,
    ReportReference,
    Resolution,
    ResolvedClaim,
    Testimony,
    Verdict,
)

PAGE = 1000  # rows a query: a reader never holds a snapshot open while its caller thinks


def utc_now() -> datetime:
    return datetime.now(UTC)


def open_sqlite(
    target: str | Path,
    *,
    create: bool = True,
    patience: float = 30.0,
    clock: Callable[[], datetime] = utc_now,
) -> SqlLedger:
    """The ledger in the SQLite file `target` (a path or `sqlite:///path`), made where there is none.

    Without `create` a missing file is an error. A file that may not be written to can still be read. `patience` is how
    many seconds to wait for another writer, `clock` tells when a thing is recorded. Raises LedgerError where the file
    cannot be opened or written, is no ledger, or is one of a newer version.
    """
    path = Path(str(target).removeprefix("sqlite:///")).expanduser()
    try:
        if path.is_dir():
            raise LedgerError(f"The ledger {path} is a folder. Give the name of a file in it.")
        if path.parent.is_file():
            raise LedgerError(f"The ledger {path} cannot be there: {path.parent} is a file. Choose another folder.")
        if not create and not path.is_file():
            raise LedgerError(f"There is no ledger at {path}. “whoheld ingest” makes one.")
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LedgerError(f"Cannot open the ledger {path}: {error.strerror}. Choose another file.") from error
    read_only = path.exists() and not os.access(path, os.W_OK)
    engine = read_only_engine(path) if read_only else file_engine(path, patience)
    ledger = SqlLedger(engine, str(path), clock)
    try:
        ledger.prepare()
        if not read_only:
            with explained(ledger.name):
                write_ahead(engine, patience)
    except BaseException:
        ledger.close()
        raise
    return ledger


class SqlLedger:
    """Fits `plugins.Ledger`. One thread writes; any number of processes read meanwhile.

    A report is stored with its text once, and with one *reading* for each coder that read it; the claims of the newest
    reading of each report are the ones that count. Older ones stay, and come back with an earlier `recorded_by`.
    """

    def __init__(self, engine: Engine, name: str, clock: Callable[[], datetime] = utc_now) -> None:
        self.name = name
        self._engine = engine
        self._writer = engine.execution_options(**{WRITES: True})
        self._clock = clock
        self._batch: Batch | None = None

    def prepare(self) -> None:
        """Make the tables, or bring them to this program's version. Raises LedgerError."""
        with explained(self.name):
            with self._engine.connect() as connection:
                if schema_version(connection, self.name) == STEPS[-1].version:
                    return
            with self._writer.begin() as connection:
                migrate(connection, self.name, now=self._now())

    # --- writing --------------------------------------------------------------------------------------------

    def append(self, report: Report, resolution: Resolution) -> int:
        """Add a report with all of its claims, or nothing; how many claims that adds to the ledger.

        Adds nothing, and returns 0, where this coder's reading is known in all its parts. Where the coder, the claims
        as resolved, or the report's metadata differ, it is a new reading, and takes the place of the one before.
        Raises LedgerError where the report is not that of the resolution, another text has its id, words are quoted
        that do not stand in it, or it cannot be kept without loss.
        """
        _check(report, resolution)
        sha256 = bodies.sha256_of(report.text, report.id)
        body = bodies.encode_report(report)
        encoded: dict[str, str] = {}
        for claim in resolution.claims:
            key, text = claim.claim.id, bodies.encode_claim(claim)
            if encoded.setdefault(key, text) != text:
                raise LedgerError(f"Two claims of the report {report.id} have the id {key}: a fault of its coder.")
        digest = bodies.reading_digest(report, resolution.coder, encoded)
        with self._write() as connection:
            known = select(readings.c.id).where(
                readings.c.report_id == report.id,
                readings.c.coder == resolution.coder,
                readings.c.digest == digest,
            )
            if connection.scalar(known) is not None:
                return 0
            now = self._now()
            self._add_report(connection, report, sha256, now)
            sequence, reading = queries.last_rows(connection)
            reading += 1
            connection.execute(
                readings.insert(),
                {
                    "id": reading,
                    "report_id": report.id,
                    "coder": resolution.coder,
                    "digest": digest,
                    "recorded": now,
                    "published": report.published,
                    "publisher": report.publisher,
                    "title": report.title,
                    "url": report.url,
                    "language": report.language,
                    "copy_of": report.copy_of,
                    "claims": len(encoded),
                    "body": body,
                },
            )
            if encoded:
                _add_claims(connection, resolution.claims, encoded, sequence=sequence, reading=reading, now=now)
        return len(encoded)

    def decide(self, decision: Decision) -> Entry:
        """Add an analyst's decision; the entry that it became. An undo takes back the last decision in force.

        Raises LedgerError where there is no such claim, nothing to undo, or a correction that is none.
        """
        check_decision(decision)
        body = bodies.encode_decision(decision)
        with self._write() as connection:
            claim = self._find_claim(connection, decision.claim_id).claim
            place_id, place = corrected_place(decision)
            if place_id is not None and place is None:
                self._check_place(connection, place_id, claim)
            undoes = self._last_in_force(connection, decision.claim_id) if decision.verdict is Verdict.UNDO else None
            now = self._now()
            sequence = queries.last_rows(connection)[0] + 1
            connection.execute(entries.insert(), {"sequence": sequence, "recorded": now, "kind": "decision"})
            connection.execute(
                decisions.insert(),
                {
                    "sequence": sequence,
                    "claim_id": decision.claim_id,
                    "verdict": decision.verdict.value,
                    "by": decision.by,
                    "note": decision.note,
                    "undoes": undoes,
                    "place_id": place_id,
                    "body": body,
                },
            )
        return Entry(sequence, now, decision)

    @contextmanager
    def batch(self, *, size: int = 200, seconds: float = 2.0) -> Iterator[None]:
        """Group appends: one transaction for up to `size` reports or about `seconds`, whichever is first.

        Each report is whole or absent all the same. What was appended before an exception is kept.
        """
        if self._batch is not None:  # a batch within a batch is part of it
            yield
            return
        self._batch = Batch(self._writer, size, seconds)
        try:
            yield
        finally:
            batch, self._batch = self._batch, None
            with explained(self.name):
                batch.commit()

    # --- reading --------------------------------------------------------------------------------------------

    def knows(self, report_id: str, coder: str) -> bool:
        """Whether this report has been read by this coder."""
        found = select(exists().where(readings.c.report_id == report_id, readings.c.coder == coder))
        with self._read() as connection:
            return bool(connection.scalar(found))

    def entries(
        self,
        *,
        place_id: str | None = None,
        published_by: date | None = None,
        recorded_by: datetime | None = None,
        since_sequence: int = 0,
    ) -> Iterator[Entry]:
        """The claims that count, and the decisions on them, in sequence, as the ledger is at this call.

        `place_id` keeps the claims that are pinned to the place or were ever moved there by a correction.
        `published_by` (that day included) leaves out what was published later, and reports without a date of
        publication, of which nobody can tell. `recorded_by` (that moment included) shows the ledger as it was then.
        `since_sequence` leaves out all up to that sequence. Raises ValueError where `recorded_by` has no time zone.
        """
        if recorded_by is not None and recorded_by.tzinfo is None:
            raise ValueError(f"recorded_by must have a time zone: {recorded_by}")
        with self._read() as connection:
            sequence, reading = queries.last_rows(connection)
        cut = Cut(sequence, reading, place_id, published_by, recorded_by)
        testimonies = self._pages(queries.select_claims, cut, since_sequence, _testimony_entry)
        judgements = self._pages(queries.select_decisions, cut, since_sequence, _decision_entry)
        return heapq.merge(testimonies, judgements, key=lambda entry: entry.sequence)

    def report(self, report_id: str) -> Report:
        """The report, its text as it was stored, with the metadata of its newest reading.

        Raises LedgerError where there is none, or its text is not what was stored.
        """
        with self._read() as connection:
            row = connection.execute(queries.select_report(report_id)).first()
        if row is None:
            raise LedgerError(f"There is no report {report_id} in the ledger {self.name}.")
        return self._whole_report(row)

    def reports(self) -> Iterator[Report]:
        """Every report once, in the order of their newest readings. Raises LedgerError as `report` does."""
        with self._read() as connection:
            last = queries.last_rows(connection)[1]
        after = 0
        while True:
            with self._read() as connection:
                rows = connection.execute(queries.select_reports(after, last, PAGE)).all()
            for row in rows:
                yield self._whole_report(row)
            if len(rows) < PAGE:
                return
            after = rows[-1].id

    def claim(self, claim_id: str) -> Testimony:
        """The claim as it was last read, also where a newer reading of its report has it no more.

        Raises LedgerError where there is none of that id.
        """
        with self._read() as connection:
            return self._find_claim(connection, claim_id)

    def places(self) -> Sequence[Place]:
        """Every place that a claim that counts is pinned to, or was moved to, each once, by id."""
        with self._read() as connection:
            cut = Cut(*queries.last_rows(connection))
            pinned = connection.scalars(queries.select_places(cut)).all()
            moves = connection.scalars(queries.select_moves(cut)).all()
        known: dict[str, Place] = {}
        for body in moves:
            key, place = corrected_place(bodies.decode_decision(body))
            if key is not None and place is not None:
                known[key] = place
        for body in pinned:
            place = bodies.decode_claim(body).place.place
            if place is not None:
                known[place.id] = place
        return [known[key] for key in sorted(known)]

    def counts(self) -> Mapping[str, int]:
        """How many there are: reports, readings, claims (that count), superseded (those that do not any more),
        decisions, and stranded (decisions on claims that do not count any more).
        """
        with self._read() as connection:
            cut = Cut(*queries.last_rows(connection))
            return {name: connection.scalar(query) or 0 for name, query in queries.count_rows(cut).items()}

    def close(self) -> None:
        """Let go of the database. A SQLite ledger is one file then, without `-wal` beside it."""
        self._engine.dispose()

    def __enter__(self) -> SqlLedger:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # --- parts ----------------------------------------------------------------------------------------------

    def _now(self) -> datetime:
        return self._clock().astimezone(UTC)

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        with explained(self.name):
            if self._batch is not None and self._batch.connection is not None:
                yield self._batch.connection  # so that a batch sees what it has added
            else:
                with self._engine.connect() as connection:
                    yield connection

    @contextmanager
    def _write(self) -> Iterator[Connection]:
        with explained(self.name):
            if self._batch is None:
                with self._writer.begin() as connection:
                    yield connection
            else:
                with self._batch.step() as connection:
                    yield connection

    def _pages(
        self, query: Callable[[Cut, int, int], Select[Any]], cut: Cut, after: int, entry: Callable[[Row[Any]], Entry]
    ) -> Iterator[Entry]:
        while True:
            with self._read() as connection:
                rows = connection.execute(query(cut, after, PAGE)).all()
            yield from map(entry, rows)
            if len(rows) < PAGE:
                return
            after = rows[-1].sequence

    def _add_report(self, connection: Connection, report: Report, sha256: str, now: datetime) -> None:
        stored = connection.scalar(select(reports.c.sha256).where(reports.c.id == report.id))
        if stored == sha256:
            return
        if stored is not None:
            raise LedgerError(
                f"The ledger {self.name} has another text under the id {report.id}. Give this report another id, "
                "or none: it is then made from the content."
            )
        if connection.scalar(select(texts.c.sha256).where(texts.c.sha256 == sha256)) is None:
            connection.execute(texts.insert(), {"sha256": sha256, "text": report.text})
        connection.execute(reports.insert(), {"id": report.id, "sha256": sha256, "recorded": now})

    def _whole_report(self, row: Row[Any]) -> Report:
        if bodies.sha256_of(row.text, row.report_id) != row.sha256:
            raise LedgerError(
                f"The text of the report {row.report_id} in the ledger {self.name} is not what was stored: the file "
                "was changed by something else. Restore a copy of it."
            )
        return bodies.decode_report(row.body, row.text)

    def _find_claim(self, connection: Connection, claim_id: str) -> Testimony:
        row = connection.execute(queries.select_claim(claim_id)).first()
        if row is None:
            raise LedgerError(f"There is no claim {claim_id} in the ledger {self.name}.")
        return _testimony(row)

    def _check_place(self, connection: Connection, place_id: str, claim: ResolvedClaim) -> None:
        """A place that is only named by its id must be one that the ledger can show."""
        if any(candidate.place.id == place_id for candidate in claim.place.candidates):
            return
        if connection.scalar(select(exists().where(claims.c.place_id == place_id))):
            return
        raise LedgerError(
            f"No claim in the ledger {self.name} is about {place_id}, so the id alone does not tell what it is. "
            'Give the place in full: {"id", "name", "feature", "lat", "lon", "admin1", "country"}.'
        )

    def _last_in_force(self, connection: Connection, claim_id: str) -> int:
        made = connection.execute(
            select(decisions.c.sequence, decisions.c.undoes)
            .where(decisions.c.claim_id == claim_id)
            .order_by(decisions.c.sequence)
        ).all()
        undone = {row.undoes for row in made}
        in_force = [row.sequence for row in made if row.undoes is None and row.sequence not in undone]
        if not in_force:
            raise LedgerError(f"There is no decision on the claim {claim_id} to undo.")
        return int(in_force[-1])


def _add_claims(
    connection: Connection,
    resolved: Sequence[ResolvedClaim],
    encoded: Mapping[str, str],
    *,
    sequence: int,
    reading: int,
    now: datetime,
) -> None:
    by_id = {claim.claim.id: claim for claim in resolved}
    rows = []
    for number, (key, body) in enumerate(encoded.items(), start=sequence + 1):
        claim = by_id[key]
        place = claim.place.place
        rows.append(
            {
                "sequence": number,
                "id": key,
                "reading_id": reading,
                "report_id": claim.claim.report_id,
                "kind": claim.claim.kind.value,
                "place_id": place.id if place else None,
                "body": body,
            }
        )
    connection.execute(
        entries.insert(), [{"sequence": row["sequence"], "recorded": now, "kind": "claim"} for row in rows]
    )
    connection.execute(claims.insert(), rows)


def _check(report: Report, resolution: Resolution) -> None:
    if not report.id or not resolution.coder:
        raise LedgerError("A report needs an id, and a reading the name and version of its coder.")
    if resolution.report_id != report.id:
        raise LedgerError(f"This is a reading of the report {resolution.report_id}, not of {report.id}.")
    for claim in resolution.claims:
        inner = claim.claim
        if (inner.report_id, inner.coder) != (report.id, resolution.coder):
            raise LedgerError(
                f"The claim {inner.id} is by {inner.coder} in {inner.report_id}, "
                f"not by {resolution.coder} in {report.id}."
            )
        for quotation in inner.evidence:
            if report.text[quotation.start : quotation.end] != quotation.exact:
                raise LedgerError(
                    f"The claim {inner.id} quotes “{quotation.exact[:60]}”, but that does not stand at "
                    f"{quotation.start} in the report {report.id}. This is a fault of {resolution.coder}."
                )


def _testimony(row: Row[Any]) -> Testimony:
    reference = ReportReference(row.report_id, row.publisher, row.title, row.url, row.published, row.copy_of)
    return Testimony(bodies.decode_claim(row.body), reference)


def _testimony_entry(row: Row[Any]) -> Entry:
    return Entry(row.sequence, row.recorded, _testimony(row))


def _decision_entry(row: Row[Any]) -> Entry:
    return Entry(row.sequence, row.recorded, bodies.decode_decision(row.body))
