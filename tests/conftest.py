"""What all tests share: nothing that a developer has imported or decided on this machine takes part."""

from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="session", autouse=True)
def _nothing_of_the_users_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    empty: Path = tmp_path_factory.mktemp("users-own")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WHOHELD_GAZETTEER", str(empty / "gazetteer"))
        patch.setenv("WHOHELD_ACTORS", str(empty / "actors.jsonl"))
        yield
