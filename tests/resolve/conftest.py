"""What the tests of the room share: the embedded gazetteer and a resolver, opened once."""

from collections.abc import Iterator

import pytest

from whoheld.resolve import Resolver, open_resolver
from whoheld.resolve.gazetteer import Gazetteer


@pytest.fixture(scope="session")
def resolver() -> Iterator[Resolver]:
    opened = open_resolver()
    yield opened
    opened.gazetteer.close()


@pytest.fixture(scope="session")
def gazetteer(resolver: Resolver) -> Gazetteer:
    return resolver.gazetteer
