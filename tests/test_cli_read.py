"""The commands that read reports, with the real rooms: counts, exit codes, and one line for each thing wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from whoheld.cli import app

pytestmark = pytest.mark.model

TAKEN = "Government troops captured the town of Palmyra from Islamic State on Thursday, state television said."
DATED = {"published": "2017-03-03", "publisher": "Wire", "language": "en"}

Run = Callable[..., Any]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def call(*arguments: str, input: str | None = None) -> Any:
        environment = {"WHOHELD_LEDGER": str(tmp_path / "ledger.sqlite"), "COLUMNS": "80"}
        result = CliRunner(env=environment).invoke(app, arguments, input=input)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return call


def jsonl(path: Path, *reports: dict[str, Any] | str) -> str:
    lines = [report if isinstance(report, str) else json.dumps(report, ensure_ascii=False) for report in reports]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


def test_ingest_counts_and_a_second_time_adds_nothing(run: Run, tmp_path: Path) -> None:
    path = jsonl(tmp_path / "a.jsonl", DATED | {"text": TAKEN}, DATED | {"text": "It rained in the capital."})
    first = json.loads(run("ingest", path, "--json").stdout)
    assert (first["reports"], first["known"], first["failures"]) == (2, 0, [])
    assert first["claims"] >= 1
    before = [run(*command).stdout for command in (("timeline", "Palmyra", "--json"), ("places", "--json"))]
    second = json.loads(run("ingest", path, "--json").stdout)
    assert (second["reports"], second["known"], second["claims"]) == (0, 2, 0)
    assert before == [run(*command).stdout for command in (("timeline", "Palmyra", "--json"), ("places", "--json"))]
    shown = run("ingest", path)
    assert shown.exit_code == 0
    assert "2 reports that were known" in shown.stdout


def test_what_cannot_be_read_is_told_and_the_run_goes_on(run: Run, tmp_path: Path) -> None:
    path = jsonl(tmp_path / "a.jsonl", DATED | {"text": TAKEN}, "[1, 2]", "{", DATED | {"text": "It rained."})
    result = run("ingest", path, "--json")
    assert result.exit_code == 3
    count = json.loads(result.stdout)
    assert (count["reports"], len(count["failures"])) == (2, 2)
    complaints = result.stderr.strip().splitlines()
    assert len(complaints) == 2
    assert all("a.jsonl, line " in line for line in complaints)
    shown = run("ingest", path)
    assert shown.exit_code == 3
    assert "2 failures" in shown.stdout


def test_a_path_that_leads_nowhere_is_a_failure(run: Run, tmp_path: Path) -> None:
    result = run("ingest", str(tmp_path / "none.jsonl"))
    assert result.exit_code == 3
    assert "there is no such file" in result.stderr


def test_extract_prints_one_line_a_report_whose_words_stand_where_it_says(run: Run, tmp_path: Path) -> None:
    texts = [f"Weather\n\nNaïve 🙂 café. {TAKEN}", "It rained in the capital.", "\ufeffOther news: none."]
    path = jsonl(tmp_path / "a.jsonl", *(DATED | {"id": str(n), "text": text} for n, text in enumerate(texts)))
    result = run("extract", path)
    assert result.exit_code == 0
    records = [json.loads(line) for line in result.stdout.splitlines()]
    assert [record["report_id"] for record in records] == ["0", "1", "2"]
    assert [bool(record["claims"]) for record in records] == [True, False, False]
    assert all(set(record["mentions"]) == {"times", "places", "actors", "attributions"} for record in records)
    [claim, *_] = records[0]["claims"]
    assert (claim["kind"], claim["place"]["name"], claim["when"]["earliest"]) == ("capture", "Palmyra", "2017-03-02")
    for quotation in claim["evidence"]:
        assert texts[0][quotation["start"] : quotation["end"]] == quotation["exact"]
    assert not (tmp_path / "ledger.sqlite").exists()


def test_extract_reads_standard_input_with_a_date_and_an_outlet_given(run: Run) -> None:
    result = run("extract", "-", "--published", "3 March 2017", "--format", "text", input=TAKEN)
    assert result.exit_code == 0
    [record] = [json.loads(line) for line in result.stdout.splitlines()]
    assert record["claims"][0]["when"]["earliest"] == "2017-03-02"


def test_without_a_date_relative_times_stay_unresolved(run: Run) -> None:
    [record] = [json.loads(line) for line in run("extract", "-", "--format", "text", input=TAKEN).stdout.splitlines()]
    assert record["claims"][0]["when"] is None


def test_a_month_is_no_day_of_publication(run: Run) -> None:
    result = run("extract", "-", "--published", "2017-03", input=TAKEN)
    assert result.exit_code == 2
    assert "give the day" in result.stderr.lower()


def test_a_format_or_model_that_is_none_is_one_line(run: Run, tmp_path: Path) -> None:
    path = jsonl(tmp_path / "a.jsonl", DATED | {"text": TAKEN})
    for option in (("--format", "docx"), ("--extractor", "rules", "--model", "no_such_model")):
        result = run("ingest", path, *option)
        assert result.exit_code == 1
        assert result.stderr.strip().splitlines()[-1].count("no_such_model" if "--model" in option else "docx") >= 1
        assert "Traceback" not in result.stderr


def test_demo_prints_five_timelines_and_writes_a_map_that_names_its_places(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    result = run("demo", str(folder))
    if "The map is not built" in result.stderr:
        pytest.skip("the map is not built: make web")
    assert result.exit_code == 0
    for place in ("Al Qaryatayn, Homs, SY", "Mosul", "Kherson", "El Fasher", "Goma"):
        assert place in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 80 or str(tmp_path) in max(result.stdout.splitlines(), key=len)
    page = (folder / "map.html").read_text(encoding="utf-8")
    assert "Al Qaryatayn" in page
    again = json.loads(run("demo", str(folder), "--json").stdout)
    assert again["ingest"]["reports"] == 0
    assert len(again["timelines"]) == 5


def test_a_model_goes_with_the_rules_only(run: Run, tmp_path: Path) -> None:
    result = run("extract", jsonl(tmp_path / "a.jsonl", DATED | {"text": TAKEN}), "--model", "en_core_web_trf")
    assert result.exit_code == 2
    assert "--extractor rules" in result.stderr


def test_an_extractor_that_is_none_names_those_that_are(run: Run, tmp_path: Path) -> None:
    result = run("extract", jsonl(tmp_path / "a.jsonl", DATED | {"text": TAKEN}), "--extractor", "oracle")
    assert result.exit_code == 1
    assert "There are: rules, trained" in result.stderr
