"""A write transaction that several appends share."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine


class Batch:
    """Each append is a step in a savepoint of its own; a commit is due after `size` steps or `seconds`."""

    def __init__(self, engine: Engine, size: int, seconds: float) -> None:
        self.connection: Connection | None = None
        self._engine, self._size, self._seconds = engine, size, seconds
        self._steps, self._since = 0, 0.0

    @contextmanager
    def step(self) -> Iterator[Connection]:
        if self.connection is None:
            # opened with the first append, so that a batch that waits for work does not keep others from writing
            connection = self._engine.connect()
            try:
                connection.begin()
            except BaseException:
                connection.close()
                raise
            self.connection, self._steps, self._since = connection, 0, time.monotonic()
        with self.connection.begin_nested():
            yield self.connection
        self._steps += 1
        if self._steps >= self._size or time.monotonic() - self._since >= self._seconds:
            self.commit()

    def commit(self) -> None:
        if self.connection is not None:
            connection, self.connection = self.connection, None
            with connection:
                connection.commit()
