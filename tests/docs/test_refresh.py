"""What the documentation shows of the program is what the program says: docs/refresh.py, and figures in the text."""

from __future__ import annotations

import csv
import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from whoheld import cli, data
from whoheld.resolve.actors import open_registry

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


REFRESH, GATE = load(ROOT / "docs" / "refresh.py"), load(ROOT / "evals" / "gate.py")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not (ROOT / "src" / "whoheld" / "export" / "static" / "map.html").exists():
        pytest.skip("the map is not built: make web")
    folder = tmp_path_factory.mktemp("docs") / "demo"
    REFRESH.run("demo", str(folder))
    return folder


@pytest.mark.model
def test_pages_show_what_the_program_prints(demo: Path) -> None:
    """Runs every command of the tutorial. If this fails after a change that is meant: make docs."""
    pages = dict(REFRESH.pages(demo))
    assert {page.name for page in pages} == {"README.md", "reference.md", "tutorial.md"}
    for page, text in pages.items():
        assert page.read_text(encoding="utf-8").splitlines() == text.splitlines(), f"{page}: make docs"


@pytest.mark.model
def test_the_python_of_the_readme_runs(demo: Path) -> None:
    [snippet] = re.findall(r"^```python\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
    ledger = demo / "ledger.sqlite"
    ran = snippet.replace("build/demo/ledger.sqlite", str(ledger))
    assert ran != snippet
    done = subprocess.run([sys.executable, "-c", ran], capture_output=True, text=True, check=True)
    assert done.stdout.split()[0] in {"held", "contested", "unknown"}


def test_a_failing_command_of_a_page_is_noticed() -> None:
    with pytest.raises(subprocess.CalledProcessError):
        REFRESH.rerun("```console\n$ whoheld who\n```\n")


def test_console_blocks_are_run_in_one_shell_and_written_anew() -> None:
    page = "a\n```console\n$ x=1\n$ cat <<'END'\n> b\n>\n> c\n> END\nold\n```\nd\n```console\n$ echo $x\n```\n"
    wanted = "a\n```console\n$ x=1\n$ cat <<'END'\n> b\n>\n> c\n> END\nb\n\nc\n```\nd\n```console\n$ echo $x\n1\n```\n"
    assert REFRESH.rerun(page).replace("> \n", ">\n") == wanted


def test_the_reference_lists_every_command_and_exit_code() -> None:
    reference = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
    assert REFRESH.commands() in reference
    codes = {0, cli.OTHER, cli.USAGE, cli.SOME_UNREAD, cli.NO_PLACE, cli.NO_LEDGER, cli.INTERRUPTED, cli.BROKEN_PIPE}
    assert {int(code) for code in re.findall(r"^\| (\d+) \|", reference, re.MULTILINE)} == codes
    assert {int(code) for code in re.findall(r"\b(\d+) [a-z]", str(cli.__doc__).partition("Exit codes:")[2])} == codes


def test_every_make_target_that_is_named_is_there() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    for page in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")):
        named = set(re.findall(r"(?:`|^)make ([a-z]+)", page.read_text(encoding="utf-8"), re.MULTILINE))
        assert named <= targets, page
    assert README.index("make demo") < 1000
    assert README.index("make test") < 1000


def test_numbers_in_the_text_are_those_of_the_data() -> None:
    with (ROOT / "src" / "whoheld" / "data" / "places.csv").open(encoding="utf-8", newline="") as lines:
        places = list(csv.DictReader(lines))
    dispatches = data.read_bytes("samples/dispatches.jsonl").splitlines()
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    assert f"{sum('UCDP GED' in place['source'] for place in places)} places in Syria" in notice
    assert f"reads {len(dispatches)} sample dispatches" in README
    assert f"registry of {len(list(open_registry()))} armed actors" in README
    assert f"{len(places):,} lines" in (ROOT / "docs" / "places.md").read_text(encoding="utf-8")


def test_the_picture_is_there_and_small() -> None:
    picture = (ROOT / "docs" / "map.png").read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert len(picture) <= REFRESH.LARGEST_PICTURE


# --- the gate -----------------------------------------------------------------------------------------------


def test_all_pinned_figures_are_measured_and_all_measured_are_pinned() -> None:
    pinned = json.loads(GATE.FLOORS.read_text(encoding="utf-8"))
    assert set(pinned["floors"]) == {key for part in GATE.PARTS for key, _ in part.figures}
    assert set(pinned["corpora"]) == set(GATE.CORPORA)
    assert 0 < pinned["margin"] <= 0.01
    assert all(0 < floor <= 1 for floor in pinned["floors"].values())


def test_a_figure_below_its_floor_by_more_than_the_margin_is_missed() -> None:
    pinned = {"margin": 0.005, "margins": {"s": 0.1}, "floors": {"a": 0.5, "b": 0.5, "s1": 0.5, "s2": 0.5}}
    assert GATE.missed({"a": 0.4949, "b": 0.495, "c": 0.1, "s1": 0.4, "s2": 0.39}, pinned) == ["a", "s2"]


def test_a_floor_is_lowered_only_with_a_line_of_the_changelog(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "CHANGELOG.md").write_text("# C\n## 1\n### New\n- A thing.\n### Answers that change\n- Fewer sieges.\n")
    monkeypatch.setattr(GATE, "ROOT", tmp_path)
    monkeypatch.setattr(GATE, "FLOORS", tmp_path / "floors.json")
    assert GATE.told_to_users("Fewer sieges.")
    assert not GATE.told_to_users("A thing.")
    assert not GATE.told_to_users("")
    name = GATE.PARTS[0].figures[0][0]
    pinned = {"margin": 0.005, "margins": {}, "corpora": {}, "floors": {name: 0.5}}
    assert GATE.pin({name: 0.4}, pinned, {}, lower=False) == 1
    assert json.loads(GATE.FLOORS.read_text())["floors"] == {name: 0.5}
    assert "Not lowered" in capsys.readouterr().err
    assert GATE.pin({name: 0.4}, pinned, {}, lower=True) == 0
    assert json.loads(GATE.FLOORS.read_text())["floors"] == {name: 0.4}
    assert GATE.pin({name: 0.6}, pinned, {}, lower=False) == 0
    assert json.loads(GATE.FLOORS.read_text())["floors"] == {name: 0.6}


def test_without_corpora_the_gate_says_so_and_passes(tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "evals" / "gate.py"), "--shared", str(tmp_path / "none")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "Nothing scored" in done.stdout
