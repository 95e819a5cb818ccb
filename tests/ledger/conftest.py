from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.stores import BACKENDS, Store
from whoheld.plugins import Ledger


@pytest.fixture(params=sorted(BACKENDS))
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    made = Store(BACKENDS[request.param](tmp_path))
    yield made
    made.close()


@pytest.fixture
def ledger(store: Store) -> Ledger:
    return store.open()
