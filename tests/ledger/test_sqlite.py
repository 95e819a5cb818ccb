"""What is SQLite's own: triggers, the file and its faults, the steps of the schema."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError

from ledger.cases import claim, many, reading, report
from whoheld.errors import LedgerError, MissingPlugin
from whoheld.ledger import default_path, open_ledger
from whoheld.ledger.migrations import STEPS, Step, migrate
from whoheld.ledger.queries import Cut, select_claims, select_decisions
from whoheld.ledger.schema import APPLICATION_ID, metadata
from whoheld.ledger.sql import SqlLedger, open_sqlite
from whoheld.plugins import load
from whoheld.vocabulary import Decision, Verdict

SCHEMA = Path(__file__).with_name("schema.sql")
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    """A ledger with one row in every table."""
    made = tmp_path / "ledger.sqlite"
    one = report()
    with open_sqlite(made) as ledger:
        ledger.append(one, reading(one, claim(one)))
        ledger.decide(Decision(claim(one).claim.id, Verdict.ACCEPT, "an analyst"))
    return made


# --- append-only --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", [table.name for table in metadata.sorted_tables])
def test_no_program_can_change_or_remove_a_row(path: Path, table: str) -> None:
    with closing(sqlite3.connect(path)) as other:  # any other program: none of our settings
        columns = [row[1] for row in other.execute(f"PRAGMA table_info({table})")]
        before = other.execute(f"SELECT * FROM {table}").fetchall()
        assert before
        for statement in (
            f"UPDATE {table} SET {columns[-1]} = {columns[-1]}",
            f"DELETE FROM {table}",
            f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
        ):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                other.execute(statement)
            other.rollback()
        assert other.execute(f"SELECT * FROM {table}").fetchall() == before


def test_a_text_that_was_changed_behind_our_back_is_found_out(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("DROP TRIGGER texts_refuse_update")
        other.execute("UPDATE texts SET text = replace(text, 'took', 'lost')")
        other.commit()
    with open_sqlite(path) as ledger:
        with pytest.raises(LedgerError, match="is not what was stored"):
            ledger.report(report().id)
        with pytest.raises(LedgerError, match="is not what was stored"):
            list(ledger.reports())


def test_the_same_words_are_stored_once(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    with open_sqlite(path) as ledger:
        for publisher in "ABCDE":
            one = report(publisher=publisher)
            ledger.append(one, reading(one))
    with closing(sqlite3.connect(path)) as other:
        assert other.execute("SELECT count(*) FROM texts").fetchone() == (1,)
        assert other.execute("SELECT count(*) FROM reports").fetchone() == (5,)


# --- the file -----------------------------------------------------------------------------------------------


def test_the_file_is_known_and_alone_when_closed(path: Path) -> None:
    assert [one.name for one in path.parent.iterdir()] == [path.name]
    with closing(sqlite3.connect(path)) as other:
        assert other.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
        assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert other.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert other.execute("PRAGMA foreign_key_check").fetchall() == []


def test_foreign_keys_are_checked(path: Path) -> None:
    with open_sqlite(path) as ledger, ledger._engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2


def test_ways_to_name_a_ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = report()
    path = tmp_path / "new folder" / "a ledger.sqlite"
    with open_ledger(path) as ledger:
        ledger.append(one, reading(one))
    for target in (str(path), f"sqlite:///{path}", path):
        with open_ledger(target, create=False) as ledger:
            assert ledger.knows(one.id, "test/1")
    with load("ledgers", "sqlite")(path) as ledger:
        assert ledger.knows(one.id, "test/1")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    with open_ledger() as ledger:
        ledger.append(one, reading(one))
    assert default_path().is_file()
    assert default_path().parts[-2:] == ("whoheld", "ledger.sqlite")
    monkeypatch.setenv("HOME", str(tmp_path))
    with open_ledger("~/mine.sqlite"):
        assert (tmp_path / "mine.sqlite").is_file()


def test_a_missing_ledger_is_not_made_where_it_is_only_read(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match=r"There is no ledger at .*typo.sqlite.*ingest"):
        open_ledger(tmp_path / "typo.sqlite", create=False)
    assert list(tmp_path.iterdir()) == []


def test_a_scheme_that_nobody_serves() -> None:
    with pytest.raises(MissingPlugin, match="no ledger “oracle”"):
        open_ledger("oracle+driver://host/db")


def test_what_cannot_be_opened_says_why(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="is a folder"):
        open_ledger(tmp_path)
    (tmp_path / "file").write_text("x")
    with pytest.raises(LedgerError, match="file is a file"):
        open_ledger(tmp_path / "file" / "ledger.sqlite")
    with pytest.raises(LedgerError, match="name too long"):
        open_ledger(tmp_path / ("x" * 300))
    if Path("/proc/self").exists():  # where nobody can make a file, not even root
        with pytest.raises(LedgerError, match=r"cannot be opened\. Check"):
            open_ledger("/proc/ledger.sqlite")
    note = tmp_path / "notes.txt"
    note.write_text("The army took Oldtown.\n" * 100)
    with pytest.raises(LedgerError, match="is not a SQLite database"):
        open_ledger(note)
    assert note.read_text().startswith("The army")


def test_a_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE meta (name TEXT)")
        other.execute("CREATE TABLE bookmarks (url TEXT)")
    before = path.read_bytes()
    with pytest.raises(LedgerError, match="database of another program"):
        open_ledger(path)
    assert path.read_bytes() == before


def test_a_damaged_ledger_says_so(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(os.urandom(20 * 4096))
    with pytest.raises(LedgerError, match="is damaged"), open_sqlite(path) as ledger:
        list(ledger.entries())


def test_a_ledger_that_cannot_be_written_says_so(path: Path) -> None:
    other = report(publisher="Other")
    with open_sqlite(path) as ledger:
        with ledger._engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA query_only = ON")  # as a read-only file; permissions do not bind root
        with pytest.raises(LedgerError, match=r"cannot be written to\. Check the permissions"):
            ledger.append(other, reading(other))
        assert ledger.knows(report().id, "test/1")


READ_ONLY = """
import os, sys
from ledger.cases import dispatch
from whoheld.errors import LedgerError
from whoheld.ledger import open_ledger

if os.getuid() == 0:
    os.setuid(65534)  # permissions do not bind root
with open_ledger(sys.argv[1]) as ledger:
    print(len(list(ledger.entries())), len(list(ledger.places())))
    try:
        ledger.append(*dispatch(1, 1))
    except LedgerError as error:
        print(error)
"""


def test_a_ledger_that_may_only_be_read_is_read() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a ledger?.sqlite"
        with open_sqlite(path) as ledger:
            ledger.append(*many(1, 3)[0])
        path.chmod(0o444)
        Path(folder).chmod(0o555)
        tests = Path(__file__).parents[1]
        run = subprocess.run(
            [sys.executable, "-c", READ_ONLY, str(path)], cwd=tests, capture_output=True, text=True, check=False
        )
        Path(folder).chmod(0o755)
    assert run.returncode == 0, run.stderr
    counts, complaint = run.stdout.splitlines()
    assert counts == "3 3"
    assert "cannot be written to" in complaint


def test_a_writer_waits_for_another_and_then_says_so(path: Path) -> None:
    other = report(publisher="Other")
    with closing(sqlite3.connect(path, isolation_level=None)) as blocker, open_sqlite(path, patience=0.2) as ledger:
        blocker.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        with pytest.raises(LedgerError, match="being written to by another program"):
            ledger.append(other, reading(other))
        with pytest.raises(LedgerError, match="being written to by another program"), ledger.batch():
            ledger.append(other, reading(other))
        assert time.monotonic() - began >= 0.2
        assert len(list(ledger.entries())) == 2  # readers do not wait
        blocker.execute("ROLLBACK")
        assert ledger.append(other, reading(other, claim(other))) == 1


def test_a_batch_lets_others_write_when_it_is_due(path: Path) -> None:
    data = many(5, 1)
    with open_sqlite(path, patience=0.1) as one, open_sqlite(path, patience=0.1) as other:
        with one.batch(size=2):
            other.append(*data[0])  # nothing is locked before the first append
            one.append(*data[1])
            with pytest.raises(LedgerError, match="another program"):
                other.append(*data[2])
            assert not other.knows(data[1][0].id, "test/1")
            one.append(*data[3])  # the second: it is committed
            assert other.knows(data[1][0].id, "test/1")
            other.append(*data[2])
        with one.batch(seconds=0.0):
            one.append(*data[4])
            assert other.knows(data[4][0].id, "test/1")


def test_many_programs_may_make_the_same_ledger_at_once(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    code = (
        "import sys\nfrom ledger.cases import many\nfrom whoheld.ledger import open_ledger\n"
        "with open_ledger(sys.argv[1]) as ledger:\n"
        "    for pair in many(20, 2): ledger.append(*pair)\n"
    )
    tests = Path(__file__).parents[1]
    runs = [
        subprocess.Popen([sys.executable, "-c", code, str(path)], cwd=tests, stderr=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    for run in runs:
        _, complaint = run.communicate(timeout=60)
        assert run.returncode == 0, complaint
    with open_sqlite(path) as ledger:
        assert ledger.counts()["claims"] == 40
        assert ledger.counts()["readings"] == 20


@pytest.mark.parametrize(
    "cut", [Cut(10**6, 10**6, "geonames:1"), Cut(10**6, 10**6, "geonames:1", date(2020, 1, 1), NOW)]
)
def test_a_place_is_found_without_reading_the_whole_ledger(tmp_path: Path, cut: Cut) -> None:
    with open_sqlite(tmp_path / "ledger.sqlite") as ledger, ledger._engine.connect() as connection:
        for query in (select_claims(cut, 0, 100), select_decisions(cut, 0, 100)):
            compiled = query.compile(connection, compile_kwargs={"literal_binds": True})
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}").all()
            steps = [row.detail for row in plan]
            assert any("claims_by_place" in step for step in steps) or query.froms[0].name == "decisions", steps
            assert not any(step.startswith("SCAN") for step in steps), steps


# --- the steps of the schema --------------------------------------------------------------------------------


def dump(path: Path) -> str:
    """The schema as SQLite keeps it, one statement after the other, by name."""
    with closing(sqlite3.connect(path)) as other:
        rows = other.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type, name").fetchall()
    return "".join(f"{sql.strip()};\n" for (sql,) in rows)


def test_the_schema_changes_only_with_a_new_step(path: Path) -> None:
    version = f"-- version {STEPS[-1].version}\n"
    if os.environ.get("WHOHELD_WRITE_SCHEMA"):
        SCHEMA.write_text(version + dump(path), "utf-8")
    assert SCHEMA.read_text("utf-8") == version + dump(path), (
        "The tables changed. Add a Step to whoheld.ledger.migrations, keep the old file as schema_vN.sql, "
        "and run WHOHELD_WRITE_SCHEMA=1 pytest tests/ledger/test_sqlite.py"
    )


def test_steps_are_numbered_from_one() -> None:
    assert [step.version for step in STEPS] == list(range(1, len(STEPS) + 1))


NEXT = (*STEPS, Step(STEPS[-1].version + 1, "reviews", ("CREATE TABLE reviews (id TEXT PRIMARY KEY)",)))
LATER = (*NEXT, Step(NEXT[-1].version + 1, "a column", ("ALTER TABLE reviews ADD COLUMN note TEXT",)))


def test_an_older_ledger_takes_the_steps_that_it_lacks_and_keeps_its_rows(path: Path) -> None:
    with open_sqlite(path) as ledger:
        before = list(ledger.entries())
    for steps in (NEXT, LATER, LATER):
        engine = create_engine(f"sqlite:///{path}")
        with engine.begin() as connection:
            assert migrate(connection, "it", now=NOW, steps=steps) == steps[-1].version
        engine.dispose()
    with closing(sqlite3.connect(path)) as other:
        assert other.execute("SELECT version FROM meta ORDER BY version").fetchall() == [
            (step.version,) for step in LATER
        ]
        assert [row[1] for row in other.execute("PRAGMA table_info(reviews)")] == ["id", "note"]
        assert other.execute("SELECT count(*) FROM entries").fetchone() == (len(before),)


def test_a_newer_ledger_is_refused(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("INSERT INTO meta VALUES (99, 'from the future', '2030-01-01T00:00:00.000000Z')")
        other.commit()
    with pytest.raises(LedgerError, match=r"newer whoheld: its schema is version 99, this program knows 1\. Upgrade"):
        open_sqlite(path)


def test_a_step_that_fails_leaves_the_version_before(path: Path) -> None:
    broken = (*STEPS, Step(2, "broken", ("CREATE TABLE reviews (id TEXT)", "CREATE TABLE reviews (id TEXT)")))
    with (
        open_sqlite(path) as ledger,
        pytest.raises(OperationalError, match="already exists"),
        ledger._writer.begin() as connection,
    ):
        migrate(connection, "it", now=NOW, steps=broken)
    with closing(sqlite3.connect(path)) as other:
        assert other.execute("SELECT max(version) FROM meta").fetchone() == (1,)
        assert other.execute("SELECT count(*) FROM sqlite_master WHERE name = 'reviews'").fetchone() == (0,)
    with open_sqlite(path) as ledger:
        assert isinstance(ledger, SqlLedger)
        assert ledger.counts()["claims"] == 1
