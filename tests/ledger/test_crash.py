"""A crash leaves whole reports or none."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from ledger.cases import dispatch, many
from whoheld.ledger.sql import SqlLedger, open_sqlite
from whoheld.vocabulary import Testimony

CLAIMS = 7

INGEST = f"""
import itertools, sys
from ledger.cases import dispatch
from whoheld.ledger import open_ledger

with open_ledger(sys.argv[1]) as ledger, ledger.batch(size=int(sys.argv[2])):
    for number in itertools.count():  # without end: it can only be killed
        ledger.append(*dispatch(number, {CLAIMS}))
        print(number, flush=True)
"""


def whole(ledger: SqlLedger) -> int:
    """How many reports there are, each of them with all that was read in it."""
    stored = list(ledger.reports())
    expected = [dispatch(int(report.text.split()[2].rstrip(":")), CLAIMS) for report in stored]
    entries = list(ledger.entries())
    assert stored == [report for report, _ in expected]
    assert [entry.body.claim for entry in entries if isinstance(entry.body, Testimony)] == [
        claim for _, resolution in expected for claim in resolution.claims
    ]
    assert [entry.sequence for entry in entries] == list(range(1, len(entries) + 1))
    return len(stored)


@pytest.mark.parametrize(("size", "after"), [(1, 23), (10, 57), (1000, 120)])
def test_killed_in_the_middle_of_an_ingest(tmp_path: Path, size: int, after: int) -> None:
    path = tmp_path / "ledger.sqlite"
    tests = Path(__file__).parents[1]
    with subprocess.Popen(
        [sys.executable, "-c", INGEST, str(path), str(size)], stdout=subprocess.PIPE, text=True, cwd=tests
    ) as run:
        assert run.stdout is not None
        for line in run.stdout:
            if int(line) == after:
                run.kill()  # SIGKILL: nothing is cleaned up
                break
        acknowledged = after + 1 + len(run.stdout.read().split())
    assert run.returncode == -9
    with open_sqlite(path) as ledger:
        kept = whole(ledger)
        # all that was committed is there: with 1 a transaction every report but the one that was under way
        assert kept <= acknowledged + 1
        assert kept >= acknowledged - size
        # and the run can simply be started again
        with ledger.batch():
            added = sum(ledger.append(*pair) for pair in many(kept + 10, CLAIMS))
        assert added == 10 * CLAIMS
        assert whole(ledger) == kept + 10


class FaultError(Exception):
    """The machine breaks."""


@pytest.mark.parametrize("table", ["texts", "reports", "readings", "entries", "claims"])
@pytest.mark.parametrize("batched", [False, True])
def test_a_fault_between_inserts(tmp_path: Path, table: str, batched: bool) -> None:
    (first, said), (second, more), (third, last) = many(3, CLAIMS)
    with open_sqlite(tmp_path / "ledger.sqlite") as ledger:

        def break_down(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
            if statement.startswith(f"INSERT INTO {table} "):
                raise FaultError

        def run() -> None:
            ledger.append(first, said)
            event.listen(ledger._engine, "after_cursor_execute", break_down)
            try:
                with pytest.raises(FaultError):
                    ledger.append(second, more)
            finally:
                event.remove(ledger._engine, "after_cursor_execute", break_down)
            assert not ledger.knows(second.id, "test/1")
            ledger.append(third, last)

        if batched:
            with ledger.batch():
                run()
        else:
            run()
        assert [report.id for report in ledger.reports()] == [first.id, third.id]
        assert whole(ledger) == 2
