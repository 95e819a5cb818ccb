"""Expert knowledge as data, each line with its source. Everything here is read-only and loaded on demand."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


def read_bytes(name: str) -> bytes:
    """The data file `name` ("samples/dispatches.jsonl") as it was shipped."""
    return files(__name__).joinpath(name).read_bytes()


@cache
def table(name: str) -> dict[str, Any]:
    """The TOML data file `name` ("actors.toml"), parsed once a process. Do not change what comes back."""
    return tomllib.loads(read_bytes(name).decode("utf-8"))
