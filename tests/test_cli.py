"""The command line on a ledger made by hand: what it prints, in 80 columns and as JSON, and how it fails."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from fuse.cases import TOWN, claim
from whoheld import __version__
from whoheld.cli import app
from whoheld.ledger import open_ledger
from whoheld.vocabulary import Factuality, Place, Report, Resolution

QARYATAYN = Place("geonames:173361", "Al Qaryatayn", "populated", 34.2296, 37.2407, "Homs", "SY", 37820)
TAKEN = "Fighters of the group seized the town of Qaryatayn from the army in the night to Sunday, residents said."
RETAKEN = "The army has retaken the town of Qaryatayn \x1b[31mfrom the group\x1b[0m, state television said on Saturday."
DENIED = "The group denied that it had lost Qaryatayn, and published pictures of its men in the main square there."

Run = Callable[..., Any]


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """IS took the town on 1 October 2017 and the government on 21 October; a denial; a town of another name."""
    path = tmp_path / "ledger.sqlite"
    told = (
        ("r1", "Orontes Post", date(2017, 10, 2), TAKEN, ("capture", "is", "syria-government", date(2017, 10, 1)), {}),
        ("r2", "Wire", date(2017, 10, 22), RETAKEN, ("capture", "syria-government", "is", date(2017, 10, 21)), {}),
        (
            "r3",
            "Wire",
            date(2017, 10, 23),
            DENIED,
            ("capture", "syria-government", "is", date(2017, 10, 21)),
            {"sources": ("is",), "factuality": Factuality.CT_MINUS},
        ),
    )
    with open_ledger(path) as opened:
        for key, publisher, day, text, what, more in told:
            made = claim(*what, place=QARYATAYN, published=day, report=key, publisher=publisher, words=text, **more)
            report = Report(key, text, published=day, publisher=publisher, url=f"https://example.org/{key}")
            opened.append(report, Resolution(key, "test/1", (made.claim,)))
        made = claim("hold", "sdf", place=TOWN, when=date(2017, 10, 5), report="r4", words="SDF hold Town")
        opened.append(
            Report("r4", "SDF hold Town", published=date(2017, 10, 5)), Resolution("r4", "test/1", (made.claim,))
        )
    return path


@pytest.fixture
def run(ledger: Path) -> Run:
    def call(*arguments: str, **environment: str) -> Any:
        result = CliRunner(env={"WHOHELD_LEDGER": str(ledger), "COLUMNS": "80", **environment}).invoke(app, arguments)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return call


def shell(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "whoheld", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, **options)


# --- answers ------------------------------------------------------------------------------------------------


def test_who_tells_the_holder_how_sure_and_every_claim_with_its_words(run: Run) -> None:
    result = run("who", "Qaryatain", "--on", "2017-10-25")
    assert result.exit_code == 0
    shown = " ".join(result.stdout.split())
    assert "Al Qaryatayn, Homs, SY on 2017-10-25" in shown
    assert "held by SYRIA-GOVERNMENT, " in shown
    assert "For (1)" in shown
    assert "Against (2)" in shown
    assert "The army has retaken the town of Qaryatayn" in shown
    assert "denied capture by SYRIA-GOVERNMENT from IS" in shown
    assert "Wire, 2017-10-22" in shown
    assert "is, in Wire, 2017-10-23" in shown
    assert "https://example.org/r2" in shown


def test_nothing_is_wider_than_the_window_and_no_report_drives_the_terminal(run: Run) -> None:
    for arguments in (
        ("who", "Qaryatain"),
        ("timeline", "Qaryatain"),
        ("changes", "--since", "2017-09", "--until", "2017-11"),
        ("places",),
    ):
        result = run(*arguments)
        assert result.exit_code == 0
        assert max(map(len, result.stdout.splitlines())) <= 80
        assert "\x1b" not in result.stdout


def test_the_quotation_is_bold_within_its_context_on_a_terminal(ledger: Path) -> None:
    script = (
        "from rich.console import Console; from whoheld.cli.show import _quoted\n"
        "from whoheld.vocabulary import Quotation\n"
        "text = 'It said that the army took the town on Monday.'; quotation = Quotation.of(text, 13, 35);"
        "Console(force_terminal=True, width=80).print(_quoted(quotation))"
    )
    shown = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert "\x1b[1mthe army took the town\x1b[0m" in shown
    assert "It said that" in shown


def test_who_as_json_is_the_public_format(run: Run) -> None:
    answer = json.loads(run("who", "al-Qaryatayn, Homs", "--on", "22 Oct 2017", "--json").stdout)
    assert answer["place"]["geonames"] == 173361
    assert (answer["on"], answer["as_of"], answer["state"]) == ("2017-10-22", None, "held")
    assert answer["holder"] == {"id": "syria-government", "name": "SYRIA-GOVERNMENT"}
    assert "probability" not in answer
    [support] = answer["support"]
    assert support["report"]["publisher"] == "Wire"
    assert support["claim"]["evidence"][0]["exact"] == RETAKEN
    assert support["weight"] > 0
    assert [cited["report"]["id"] for cited in answer["dissent"]] == ["r3", "r1"]


def test_as_of_shows_what_was_known_then(run: Run) -> None:
    answer = json.loads(run("who", "Qaryatain", "--on", "2017-10-25", "--as-of", "2017-10-21", "--json").stdout)
    assert answer["holder"]["id"] == "is"
    assert answer["as_of"] == "2017-10-21"
    assert any("lies after" in note for note in answer["notes"])


def test_unknown_is_an_answer_and_says_why(run: Run) -> None:
    result = run("who", "Qaryatain", "--on", "2014-05-01")
    assert result.exit_code == 0
    assert "unknown" in result.stdout
    assert "What is said of Al Qaryatayn reaches back to 2017" in " ".join(result.stdout.split())


def test_a_month_means_its_last_day(run: Run) -> None:
    assert json.loads(run("who", "Qaryatain", "--on", "2017-10", "--json").stdout)["on"] == "2017-10-31"


def test_timeline_as_text_and_as_json(run: Run) -> None:
    shown = run("timeline", "Qaryatain").stdout
    assert "held by IS" in shown
    assert "Fighters of the group seized" in shown
    record = json.loads(run("timeline", "Qaryatain", "--json").stdout)
    states = [(spell["state"], spell["holder"] and spell["holder"]["id"]) for spell in record["spells"]]
    assert ("held", "is") in states
    assert ("held", "syria-government") in states
    assert record["hash"]


def test_a_place_that_nobody_spoke_of_is_an_empty_list_and_no_error(run: Run) -> None:
    result = run("timeline", "Palmyra", "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["spells"] == []
    assert "No report speaks of" in run("timeline", "Palmyra").stdout


def test_changes_as_text_and_as_json(run: Run) -> None:
    result = run("changes", "--since", "2017-10-10", "--until", "2017-10-31")
    assert "Al Qaryatayn, Homs, SY: held by IS → held by SYRIA-GOVERNMENT" in " ".join(result.stdout.split())
    record = json.loads(run("changes", "--since", "2017-10-10", "--until", "2017-10-31", "--json").stdout)
    [change] = record["changes"]
    assert (change["day"], change["before"]["holder"]["id"], change["after"]["holder"]["id"]) == (
        "2017-10-21",
        "is",
        "syria-government",
    )
    assert change["support"][0]["claim"]["evidence"][0]["exact"] == RETAKEN
    assert "No place is known" in run("changes", "--since", "2010", "--until", "2010").stdout


def test_places_are_listed_with_their_claims(run: Run) -> None:
    assert "Al Qaryatayn, Homs, SY" in run("places").stdout
    record = json.loads(run("places", "--json").stdout)
    assert {place["id"]: place["claims"] for place in record["places"]} == {"geonames:173361": 3, "whoheld:town": 1}


def test_export_writes_the_file_and_says_so(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "out.geojson"
    result = run("export", str(target))
    assert result.exit_code == 0
    assert "Wrote 2 places" in result.stdout
    assert json.loads(target.read_text(encoding="utf-8"))["type"] == "FeatureCollection"
    assert json.loads(run("export", str(target), "--json").stdout) == {"file": str(target), "places": 2}


def test_an_export_format_that_is_none_is_one_line(run: Run, tmp_path: Path) -> None:
    result = run("export", str(tmp_path / "out.xls"))
    assert result.exit_code == 1
    assert "format" in result.stderr
    assert "Traceback" not in result.stderr


# --- decisions ----------------------------------------------------------------------------------------------


def holder(run: Run) -> str | None:
    answer = json.loads(run("who", "Qaryatain", "--on", "2017-10-25", "--json").stdout)
    return answer["holder"]["id"] if answer["holder"] else None


def claim_id(run: Run, report: str) -> str:
    answer = json.loads(run("who", "Qaryatain", "--on", "2017-10-25", "--json").stdout)
    found = [cited["claim"]["id"] for cited in answer["support"] + answer["dissent"] if cited["report"]["id"] == report]
    return str(found[0])


def test_a_decision_moves_the_answer_and_undo_takes_it_back(run: Run) -> None:
    key = claim_id(run, "r2")
    assert holder(run) == "syria-government"
    result = run("decide", "reject", key, "--by", "A. Analyst", "--note", "another town")
    assert result.exit_code == 0
    assert "Recorded: reject by A. Analyst" in result.stdout
    assert holder(run) != "syria-government"
    assert run("decide", "undo", key, "--by", "A. Analyst").exit_code == 0
    assert holder(run) == "syria-government"
    assert run("decide", "accept", key, "--by", "A. Analyst").exit_code == 0
    made = json.loads(run("decisions", "--json").stdout)["decisions"]
    assert [(one["verdict"], one["by"], one["note"]) for one in made] == [
        ("reject", "A. Analyst", "another town"),
        ("undo", "A. Analyst", ""),
        ("accept", "A. Analyst", ""),
    ]
    assert "reject" in run("decisions").stdout


def test_a_correction_names_sides_places_and_days_as_people_do(run: Run) -> None:
    key = claim_id(run, "r2")
    settings = ("actors=sdf", "place=Palmyra", "when=2017-10-01..2017-10-03", "extent=part")
    pairs = [part for setting in settings for part in ("--set", setting)]
    result = run("decide", "correct", key, "--by", "A. Analyst", *pairs, "--json")
    assert result.exit_code == 0
    correction = json.loads(result.stdout)["correction"]
    assert correction["actors"][0]["id"] == "sdf"
    assert correction["actors"][0]["name"] != "sdf"
    assert correction["place"]["country"] == "SY"
    assert correction["when"] == {"earliest": "2017-10-01", "latest": "2017-10-03"}
    moved = json.loads(run("who", "Palmyra", "--on", "2017-10-04", "--json").stdout)
    assert moved["support"][0]["report"]["id"] == "r2"


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("accept", "nosuch", "--by", "A"), 5, "no claim nosuch"),
        (("accept", "{}", "--by", " "), 2, "Say who decides"),
        (("correct", "{}", "--by", "A", "--set", "kind=theft"), 5, "one of capture"),
        (("correct", "{}", "--by", "A", "--set", "colour=red"), 5, "no field"),
        (("correct", "{}", "--by", "A", "--set", "kind"), 2, "FIELD=VALUE"),
        (("correct", "{}", "--by", "A", "--set", "actors=martians"), 2, "martians"),
        (("correct", "{}", "--by", "A", "--set", "when=2017-10-05..2017-10-01"), 2, "ends before it begins"),
        (("undo", "{}", "--by", "A"), 5, "no decision"),
    ],
)
def test_a_decision_that_is_none_is_refused(run: Run, arguments: tuple[str, ...], code: int, words: str) -> None:
    key = claim_id(run, "r2")
    result = run("decide", *(argument.replace("{}", key) for argument in arguments))
    assert result.exit_code == code
    assert words in " ".join(result.stderr.replace("│", " ").split())
    assert holder(run) == "syria-government"


# --- failing ------------------------------------------------------------------------------------------------


def test_an_unknown_place_is_told_with_suggestions(run: Run) -> None:
    result = run("who", "Qaryatanistan")
    assert result.exit_code == 4
    assert result.stdout == ""
    first, *suggested = result.stderr.splitlines()
    assert first == "No place is known as “Qaryatanistan”. Did you mean one of these?"
    assert suggested
    assert all(line.startswith("  ") for line in suggested)


def test_no_line_ends_in_blanks(run: Run) -> None:
    """What is shown can be copied, and compared by tools that look at blanks."""
    for command in (
        ("who", "Qaryatain"),
        ("timeline", "Qaryatain"),
        ("places",),
        ("changes", "--since", "2017", "--until", "2017"),
    ):
        lines = run(*command).stdout.splitlines()
        assert lines, command
        assert [line for line in lines if line != line.rstrip()] == [], command


def test_an_ambiguous_place_lists_the_choices_and_an_id_chooses(run: Run) -> None:
    result = run("who", "San José")
    assert result.exit_code == 4
    key = result.stderr.partition("--place-id ")[2].partition("\n")[0]
    assert key
    chosen = run("who", "San José", "--place-id", key, "--on", "2017-10-10", "--json")
    assert json.loads(chosen.stdout)["place"]["id"] == key


@pytest.mark.parametrize(
    "day", ["yesterdayish", "2017-13-01", "2017-02-30", "22/10/2017", "0000-01-01", "22 Foo 2017", "20171"]
)
def test_a_day_that_is_none_is_wrong_usage(run: Run, day: str) -> None:
    result = run("who", "Qaryatain", "--on", day)
    assert result.exit_code == 2
    assert "2017-10-22" in result.stderr
    assert "--on" in result.stderr
    assert "Traceback" not in result.stderr


def test_no_place_at_all_is_wrong_usage(run: Run) -> None:
    assert run("who").exit_code == 2
    assert run("timeline", " ").exit_code == 2
    assert run("changes", "--since", "2018", "--until", "2017").exit_code == 2


def test_a_ledger_that_is_not_there_is_not_made_by_asking(run: Run, tmp_path: Path) -> None:
    missing = tmp_path / "none.sqlite"
    for arguments in (("who", "Qaryatain"), ("places",), ("export", str(tmp_path / "x.csv")), ("decisions",)):
        result = run(*arguments, "--ledger", str(missing))
        assert result.exit_code == 5
        assert "no ledger" in result.stderr
    assert not missing.exists()


def test_a_file_that_is_no_ledger_is_one_line(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "note.sqlite"
    path.write_text("this is no database, and long enough to be taken for none" * 20, encoding="utf-8")
    result = run("places", "--ledger", str(path))
    assert result.exit_code == 5
    assert result.stderr.count("\n") == 1


# --- the program as it is started -----------------------------------------------------------------------------


def test_help_and_version() -> None:
    assert shell("--version").stdout == f"whoheld {__version__}\n"
    told = shell("--help").stdout
    for command in (
        "ingest",
        "extract",
        "who",
        "timeline",
        "changes",
        "places",
        "export",
        "decide",
        "decisions",
        "demo",
    ):
        assert command in told
        assert "Example: whoheld" in shell(command, "--help").stdout or command == "decide"


def test_help_loads_nothing_heavy() -> None:
    script = (
        "import sys\n"
        "from whoheld.cli import app\n"
        "try: app(['--help'])\n"
        "except SystemExit: pass\n"
        "print(sorted({'numpy', 'spacy', 'sqlalchemy', 'msgspec', 'trafilatura'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_reader_that_went_away_is_no_error(ledger: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "whoheld", "timeline", "Qaryatain", "--ledger", str(ledger)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stderr
    process.stdout.close()
    assert process.wait(timeout=120) == 141
    assert process.stderr.read() == ""
    process.stderr.close()


def test_letters_that_the_output_cannot_show_are_escaped_in_json(ledger: Path) -> None:
    environment = os.environ | {"PYTHONIOENCODING": "ascii"}
    done = shell("changes", "--since", "2017", "--until", "2018", "--json", "--ledger", str(ledger), env=environment)
    assert done.returncode == 0
    assert json.loads(done.stdout)["changes"]


def test_completion_for_the_shell_can_be_had() -> None:
    done = shell("--show-completion", "bash", env=os.environ | {"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"})
    assert "_WHOHELD_COMPLETE" in done.stdout


def test_a_map_that_is_large_is_told_in_one_line(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("whoheld.export.html.LARGE", 1)
    monkeypatch.setattr("whoheld.export.html._template", lambda: (b"<", b">"))
    result = run("export", str(tmp_path / "map.html"))
    assert result.exit_code == 0
    [line] = result.stderr.splitlines()
    assert line.startswith("The map is 0 MB")
