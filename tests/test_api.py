"""The public names: all there, each from one room, and loaded only when used."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import whoheld


def test_every_public_name_is_there_and_every_verb_documented() -> None:
    for name in whoheld.__all__:
        value = getattr(whoheld, name)
        assert value.__doc__ or not inspect.isfunction(value), name
    assert set(dir(whoheld)) == set(whoheld.__all__)


def test_what_type_checkers_see_is_what_is_loaded() -> None:
    tree = ast.parse(Path(whoheld.__file__).read_text(encoding="utf-8"))
    [block] = [node for node in tree.body if isinstance(node, ast.If)]
    seen = {alias.name: node.module for node in block.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert {*seen, "__version__"} == set(whoheld.__all__)
    assert {name: f"whoheld.{home}" for name, home in whoheld._HOME.items()} == seen


def test_a_name_that_is_none_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="nonsense"):
        _ = whoheld.nonsense


def test_importing_the_package_loads_no_room() -> None:
    script = "import sys, whoheld; print([name for name in sys.modules if name.startswith('whoheld.')])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
