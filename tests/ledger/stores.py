"""A store on each backend that there is: a new one is a line in BACKENDS."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from ledger.cases import Clock
from whoheld.ledger import open_ledger
from whoheld.plugins import Ledger

BACKENDS: dict[str, Callable[[Path], str]] = {"sqlite": lambda folder: f"sqlite:///{folder / 'ledger.sqlite'}"}


class Store:
    """A store that can be opened again, as another run of the program would; all share one clock."""

    def __init__(self, url: str) -> None:
        self.url, self.clock = url, Clock()
        self._opened: list[Ledger] = []

    def open(self, **options: Any) -> Ledger:
        ledger = open_ledger(self.url, **{"clock": self.clock, **options})
        self._opened.append(ledger)
        return ledger

    def close(self) -> None:
        for ledger in self._opened:
            ledger.close()
