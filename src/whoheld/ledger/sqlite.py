"""What SQLite needs: its connections, transactions and log."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

WRITES = "whoheld_writes"
"""The execution option of an engine whose transactions write."""

_BETWEEN_TRIES = 0.02  # seconds


def file_engine(path: Path, patience: float) -> Engine:
    """For the file `path`; waits `patience` seconds for another writer."""
    return _prepare(create_engine(URL.create("sqlite", database=str(path)), connect_args={"timeout": patience}))


def read_only_engine(path: Path) -> Engine:
    """For a ledger that this user may only read, as one on a shared disk.

    SQLite reads one with a log only where it can write beside it, or is promised that nobody changes the file. That is
    safe to promise where there is no log: who writes to a ledger has one beside it.
    """
    promise = "" if Path(f"{path}-wal").exists() else "&immutable=1"
    uri = f"{path.absolute().as_uri()}?mode=ro{promise}"
    return _prepare(
        create_engine(
            "sqlite://", creator=lambda: sqlite3.connect(uri, uri=True, check_same_thread=False), poolclass=QueuePool
        )
    )


def _prepare(engine: Engine) -> Engine:
    """Transactions that are ours to begin, and foreign keys that are checked."""

    @event.listens_for(engine, "connect")
    def settle(connection: Any, record: object) -> None:
        connection.isolation_level = None  # the driver would begin and commit behind our back
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA recursive_triggers = ON")  # so that REPLACE meets the triggers of DELETE
        connection.execute("PRAGMA synchronous = FULL")  # what was acknowledged survives a power cut

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # IMMEDIATE: wait for another writer now, not fail when the first row is written
        writes = connection.get_execution_options().get(WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def write_ahead(engine: Engine, patience: float) -> None:
    """Keep new pages in a log beside the file, so that readers and the writer do not wait for each other.

    The file remembers it. It cannot be set within a transaction, so it goes round the engine's. SQLite does not wait
    for other programs here as it does elsewhere (several that make one ledger at once met this), so we do.
    """
    pooled = engine.raw_connection()
    until = time.monotonic() + patience
    try:
        while (error := _try_write_ahead(pooled)) is not None:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise DBAPIError.instance("PRAGMA journal_mode = WAL", None, error, sqlite3.Error) from error
            time.sleep(_BETWEEN_TRIES)
    finally:
        pooled.close()


def _try_write_ahead(pooled: Any) -> sqlite3.Error | None:
    try:
        pooled.cursor().execute("PRAGMA journal_mode = WAL").close()
    except sqlite3.Error as error:
        return error
    return None
