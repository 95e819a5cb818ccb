"""What went wrong in a database, as a sentence that says what to try."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from whoheld.errors import LedgerError

_REMEDIES = (
    (
        "database is locked",
        "is being written to by another program. Wait until that has finished, and try again",
    ),
    ("readonly database", "cannot be written to. Check the permissions of the file and of its folder"),
    (
        "unable to open",
        "cannot be opened. Check that the folder exists and that you may write in it, or choose another file",
    ),
    ("not a database", "is not a SQLite database. Choose another file, or move this one away"),
    ("malformed", "is damaged. Restore a copy, or move it away and ingest the reports again"),
    ("disk is full", "cannot grow: the disk is full. Make room, and run the same command again"),
    ("disk I/O error", "cannot be read or written: the disk reports an error. Check the disk and its free space"),
    ("append-only", "is append-only: nothing in it is changed or removed. Add a decision instead"),
)


@contextmanager
def explained(name: str) -> Iterator[None]:
    """Turns an error of the database `name` into a LedgerError."""
    try:
        yield
    except DBAPIError as error:
        raise LedgerError(f"The ledger {name} {_explain(str(error.orig))}.") from error


def _explain(problem: str) -> str:
    for sign, sentence in _REMEDIES:
        if sign in problem:
            return sentence
    return f"cannot be used: {problem}"
