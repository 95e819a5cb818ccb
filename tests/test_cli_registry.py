"""The command line over what is known: `whoheld gazetteer` and `whoheld actors`, as people and programs use them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from whoheld.cli import app

Run = Callable[..., Any]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("WHOHELD_GAZETTEER", str(tmp_path / "gazetteer"))
    monkeypatch.setenv("WHOHELD_ACTORS", str(tmp_path / "actors.jsonl"))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(tmp_path)

    def invoke(*arguments: str, code: int = 0) -> Any:
        result = CliRunner().invoke(app, arguments)
        assert result.exit_code == code, result.output
        return result

    return invoke


# --- gazetteer ----------------------------------------------------------------------------------------------------

MINE = "name,lat,lon,other\nQalat Proba,35.31,36.92,Kalaat Broba|قلعة بروبا\nNo Point,,,\n"


def test_import_search_stats_faults_and_remove(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text(MINE, encoding="utf-8")
    told = run(
        *("gazetteer", "import", "mine.csv", "--source", "field notes", "--licence", "CC0"),
        *("--faults", "bad.csv"),
        code=3,
    ).stdout
    assert "1 place imported" in told
    assert "mine.csv, line 3: no coordinates" in told
    assert (tmp_path / "bad.csv").read_text().splitlines()[1].startswith('mine.csv,3,"no coordinates')
    found = json.loads(run("gazetteer", "search", "قلعة بروبا", "--json").stdout)["places"]
    assert [(one["name"], one["admin1"], one["country"], one["source"]) for one in found] == [
        ("Qalat Proba", "Hama", "SY", "field notes")
    ]
    shown = run("gazetteer", "search", "Kal'at Probah", "--country", "SY").stdout
    assert "fit 0.5 field notes (CC0)" in " ".join(shown.split())
    files = {file["name"]: file for file in json.loads(run("gazetteer", "stats", "--json").stdout)["files"]}
    assert files["embedded"]["places"] > 240_000
    assert (files["mine"]["places"], files["mine"]["faults"]) == (1, 1)
    assert "line 3" in run("gazetteer", "faults", "mine").stdout
    assert json.loads(run("gazetteer", "faults", "mine", "--json").stdout)["faults"][0]["line"] == 3
    run("gazetteer", "remove", "mine")
    assert "There is no import “mine”" in run("gazetteer", "remove", "mine", code=1).stderr


def test_a_place_that_is_not_known_is_suggested(run: Run) -> None:
    shown = run("gazetteer", "search", "Qaryateyn", code=4).stderr
    assert "Did you mean" in shown
    assert "Al Qaryatayn (populated, Homs, SY)  geonames:173361" in shown


def test_search_across_scripts(run: Run) -> None:
    for name in ("Karyatin", "القريتين", "Карьятейн"):
        assert "geonames:173361" in run("gazetteer", "search", name, "--country", "sy").stdout, name


def test_what_cannot_be_imported_says_what_to_try(run: Run, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a,b\n1,2\n")
    assert "It needs name, lat and lon" in run("gazetteer", "import", "x.csv", code=1).stderr
    assert "There is no file" in run("gazetteer", "import", "nothing.csv", code=1).stderr
    assert (
        "There are: geonames, osm, pcode, csv" in run("gazetteer", "import", "x.csv", "--format", "kml", code=1).stderr
    )
    assert not list((tmp_path / "gazetteer").glob("*"))


def test_stats_fit_eighty_columns(run: Run) -> None:
    assert max(len(line) for line in run("gazetteer", "stats").stdout.splitlines()) <= 80


# --- actors -------------------------------------------------------------------------------------------------------


def test_list_and_search(run: Run) -> None:
    listed = json.loads(run("actors", "list", "--country", "ml", "--json").stdout)["actors"]
    assert {"jnim", "mali-government"} <= {one["id"] for one in listed}
    assert all("ML" in one["countries"] for one in listed)
    sided = json.loads(run("actors", "list", "--side", "sdf", "--json").stdout)["actors"]
    assert {"sdf", "ypg"} <= {one["id"] for one in sided}
    shown = run("actors", "search", "Jabhat al-Nusra").stdout
    assert "nusra-front" in shown
    assert "hts" in shown
    assert "Try one word" in run("actors", "search", "zzzz", code=4).stderr


def test_show(run: Run) -> None:
    shown = run("actors", "show", "hts").stdout
    for part in ("Hay'at Tahrir al-Sham", "until 2025-01-28", "became", "syria-transitional-government"):
        assert part in shown
    assert max(len(line) for line in shown.splitlines()) <= 80
    assert "Near: " in run("actors", "show", "nusra", code=1).stderr


def test_add_merge_unmerge_remove_and_log(run: Run, tmp_path: Path) -> None:
    run(
        *("actors", "add", "test-front", "--name", "Test Front", "--kind", "rebel-group", "--country", "SY"),
        *("--alias", "TSTF", "--side", "rebels", "--from", "2014-07", "--by", "A. Analyst"),
    )
    record = json.loads(run("actors", "show", "test-front", "--json").stdout)
    assert (record["from"], record["sides"][0]["id"], record["aliases"]) == ("2014-07-01", "rebels", ["TSTF"])
    run("actors", "merge", "test-front", "levant-front", "--by", "A. Analyst", "--note", "one command")
    assert json.loads(run("actors", "show", "test-front", "--json").stdout)["id"] == "levant-front"
    assert "It is merged into “levant-front”" in run("actors", "merge", "test-front", "sdf", "--by", "B", code=1).stderr
    run("actors", "unmerge", "test-front", "--by", "A. Analyst")
    assert json.loads(run("actors", "show", "test-front", "--json").stdout) == record
    run("actors", "remove", "test-front", "--by", "A. Analyst")
    run("actors", "show", "test-front", code=1)
    changes = json.loads(run("actors", "log", "--json").stdout)["changes"]
    assert [change["verb"] for change in changes] == ["add", "merge", "unmerge", "remove"]
    assert "merge test-front into levant-front, by A. Analyst (one command)" in " ".join(
        run("actors", "log").stdout.split()
    )


def test_refused_changes_leave_no_trace(run: Run, tmp_path: Path) -> None:
    assert (
        "no kind of actor"
        in run(*("actors", "add", "x", "--name", "X", "--kind", "army", "--country", "SY", "--by", "A"), code=1).stderr
    )
    assert "stays" in run("actors", "remove", "sdf", "--by", "A", code=1).stderr
    assert "Nothing was changed" in run("actors", "log").stdout
    assert not (tmp_path / "actors.jsonl").exists()
