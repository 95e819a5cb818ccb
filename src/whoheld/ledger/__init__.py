"""ledger: ResolvedClaim -> Entry. Keeps reports, what was read in them, and what analysts decided. Append-only.

What is kept, what counts, and how fast it is: docs/decisions/0009-ledger.md.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import platformdirs

from whoheld.ledger.sql import open_sqlite
from whoheld.plugins import Ledger, load

__all__ = ["default_path", "open_ledger"]


def open_ledger(path_or_url: str | Path | None = None, **options: Any) -> Ledger:
    """The ledger in a SQLite file, made where there is none, or in the database of a URL; None is `default_path()`.

    A URL's scheme names the plug-in: `sqlite:///path`, or another of the group `whoheld.ledgers`. `options` go to the
    plug-in; SQLite's are those of :func:`whoheld.ledger.sql.open_sqlite` (`create=False`: a missing file is an error).
    Use it in a `with`, or close it. Raises LedgerError, and MissingPlugin for a scheme that nobody serves.
    """
    target = default_path() if path_or_url is None else path_or_url
    if isinstance(target, str) and "://" in target:
        scheme = target.partition("://")[0].partition("+")[0]
        ledger: Ledger = load("ledgers", scheme)(target, **options)
        return ledger
    return open_sqlite(target, **options)


def default_path() -> Path:
    """Where a user's own ledger is: `whoheld/ledger.sqlite` in the folder for data of the system."""
    return platformdirs.user_data_path("whoheld", appauthor=False) / "ledger.sqlite"
