"""Expert knowledge as data, each line with its source. Everything here is read-only and loaded on demand."""

from __future__ import annotations

import io
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray


def read_bytes(name: str) -> bytes:
    """The data file `name` ("samples/dispatches.jsonl") as it was shipped."""
    return files(__name__).joinpath(name).read_bytes()


@cache
def table(name: str) -> dict[str, Any]:
    """The TOML data file `name` ("actors.toml"), parsed once a process. Do not change what comes back."""
    return tomllib.loads(read_bytes(name).decode("utf-8"))


def arrays(name: str) -> dict[str, NDArray[np.float32]]:
    """The arrays of the NumPy data file `name` ("reader/heads.npz") by their names, as float32."""
    with np.load(io.BytesIO(read_bytes(name)), allow_pickle=False) as stored:
        return {key: stored[key].astype(np.float32) for key in stored.files}


def list_files(folder: str, ending: str) -> list[str]:
    """The names of the data files in a folder ("actors/syria.toml", …) that end so, in order of the alphabet."""
    names = (one.name for one in files(__name__).joinpath(folder).iterdir())
    return sorted(f"{folder}/{name}" for name in names if name.endswith(ending))
