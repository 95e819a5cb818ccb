# ruff: noqa: T201 (a report on a terminal)
"""How fast a ledger is: `PYTHONPATH=tests python tests/ledger/measure.py`. The figures are in docs/decisions/0009."""

from __future__ import annotations

import gc
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from ledger.cases import many
from whoheld.ledger import open_ledger

REPORTS, CLAIMS, PLACES = 5000, 20, 5000


def timed(run: Callable[[], object]) -> float:
    """Seconds."""
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


def without_collector(run: Callable[[], object]) -> object:
    """`run`, without Python's cyclic collector, which walks all objects again and again as they are made."""
    gc.disable()
    try:
        return run()
    finally:
        gc.enable()


def main() -> None:
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    data = many(REPORTS, CLAIMS, places=PLACES)
    single = many(REPORTS + 100, CLAIMS, places=PLACES)[REPORTS:]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.sqlite"
        with open_ledger(path) as ledger:

            def fill() -> None:
                with ledger.batch():
                    for pair in data:
                        ledger.append(*pair)

            def add() -> None:
                for pair in single:
                    ledger.append(*pair)

            worked = time.process_time()
            print(f"append, in a batch: {REPORTS * CLAIMS / timed(fill):,.0f} claims/s")
            print(f"  a processor to itself: {REPORTS * CLAIMS / (time.process_time() - worked):,.0f} claims/s")
            print(f"the same again, nothing new: {REPORTS * CLAIMS / timed(fill):,.0f} claims/s")
            print(f"append, one transaction a report: {len(single) * CLAIMS / timed(add):,.0f} claims/s")
            ids = [f"geonames:{100 + number * 37 % PLACES}" for number in range(100)]
            times = [timed(lambda key=key: list(ledger.entries(place_id=key))) for key in ids]  # type: ignore[misc]
            print(f"entries of a place: median {1000 * statistics.median(times):.1f} ms, worst {1000 * max(times):.1f}")
            print(f"all entries: {timed(lambda: list(ledger.entries())):.1f} s")
            print(f"all entries, gc off: {timed(lambda: without_collector(lambda: list(ledger.entries()))):.1f} s")
            print(f"places: {timed(ledger.places):.2f} s")
        print(f"size: {path.stat().st_size / REPORTS / CLAIMS:,.0f} bytes a claim")


if __name__ == "__main__":
    main()
