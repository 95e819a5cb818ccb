"""Exports to tables and files: every spell once, nothing invented, whole files or none."""

from __future__ import annotations

import csv
import json
import os
import stat
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from export.world import GOVERNMENT, NOWHERE, QARYATAYN, build
from whoheld.errors import ExportError
from whoheld.export import export_timelines, format_of
from whoheld.export.csv import COLUMNS
from whoheld.export.rows import spell_row
from whoheld.record import timeline_record
from whoheld.vocabulary import Holder, Spell, State, Timeline

UNPLACED = Timeline(
    NOWHERE, (Spell(State.HELD, date(2017, 1, 1), date(2017, 2, 1), GOVERNMENT, likelihood="likely"),), "h6"
)


def export(tmp_path: Path, name: str, *more: Timeline) -> bytes:
    timelines, ledger = build()
    target = tmp_path / name
    export_timelines((*timelines, *more), ledger, target)
    return target.read_bytes()


# --- GeoJSON ------------------------------------------------------------------------------------------------


def test_geojson_has_one_feature_a_spell(tmp_path: Path) -> None:
    collection = json.loads(export(tmp_path, "map.geojson"))
    assert collection["type"] == "FeatureCollection"
    timelines, _ = build()
    assert len(collection["features"]) == sum(len(timeline.spells) for timeline in timelines)
    assert len({feature["id"] for feature in collection["features"]}) == len(collection["features"])


def test_geojson_puts_longitude_first(tmp_path: Path) -> None:
    first = json.loads(export(tmp_path, "map.geojson"))["features"][0]
    assert first["geometry"] == {"type": "Point", "coordinates": [QARYATAYN.lon, QARYATAYN.lat]}
    assert (QARYATAYN.lon, QARYATAYN.lat) == (37.2407, 34.2296)


def test_geojson_invents_no_coordinates(tmp_path: Path) -> None:
    features = json.loads(export(tmp_path, "map.geojson", UNPLACED))["features"]
    assert [feature["geometry"] for feature in features if feature["properties"]["place"] == "Hill 401"] == [None]


def test_geojson_says_who_when_how_likely_and_by_which_claims(tmp_path: Path) -> None:
    properties = json.loads(export(tmp_path, "map.geojson"))["features"][2]["properties"]
    assert properties["holder"] == "Islamic State"
    assert (properties["from_earliest"], properties["from_latest"]) == ("2017-10-01", "2017-10-03")
    assert (properties["to_earliest"], properties["to_latest"]) == ("2017-10-21", "2017-10-21")
    assert (properties["first"], properties["last"]) == ("2017-10-04", "2017-10-20")
    assert properties["likelihood"] == "very likely"
    assert "probability" not in properties
    assert (properties["support"], properties["dissent"]) == (["c-old", "c-wire", "c-copy"], ["c-state"])


def test_geojson_of_nothing_is_an_empty_collection(tmp_path: Path) -> None:
    _, ledger = build()
    export_timelines((), ledger, tmp_path / "none.geojson")
    assert json.loads((tmp_path / "none.geojson").read_bytes()) == {"type": "FeatureCollection", "features": []}


# --- CSV and JSON Lines -------------------------------------------------------------------------------------


def test_csv_has_one_row_a_spell_and_empty_cells_for_what_is_open(tmp_path: Path) -> None:
    rows = list(csv.DictReader(export(tmp_path, "spells.csv", UNPLACED).decode("utf-8").splitlines()))
    timelines, _ = build()
    assert len(rows) == sum(len(timeline.spells) for timeline in timelines) + 1
    contested = next(row for row in rows if row["state"] == "contested")
    assert (contested["holder"], contested["parties"]) == ("", "Islamic State; Syrian Democratic Forces")
    assert (contested["from_earliest"], contested["lat"], contested["lon"]) == ("", "35.95283", "39.00788")
    assert (rows[-1]["place"], rows[-1]["lat"], rows[-1]["lon"]) == ("Hill 401", "", "")


def test_csv_columns_are_the_fields_of_a_row() -> None:
    (timeline, *_), _ = build()
    spell = replace(timeline.spells[0], probability=0.9)
    area = replace(timeline, place=replace(timeline.place, feature="area", radius=8.0))
    assert spell_row(area, spell)["radius_km"] == 8.0
    assert {*spell_row(area, spell), "lat", "lon"} == set(COLUMNS)


def test_csv_has_no_formulas(tmp_path: Path) -> None:
    hostile = Timeline(
        replace(NOWHERE, name="=cmd|' /C calc'!A0"),
        (Spell(State.HELD, date(2017, 1, 1), date(2017, 2, 1), Holder("x", "@SUM(1)")),),
    )
    last = list(csv.DictReader(export(tmp_path, "spells.csv", hostile).decode("utf-8").splitlines()))[-1]
    assert (last["place"], last["holder"]) == ("'=cmd|' /C calc'!A0", "'@SUM(1)")


def test_jsonl_is_one_timeline_a_line_in_the_public_format(tmp_path: Path) -> None:
    lines = export(tmp_path, "timelines.jsonl").decode("utf-8").splitlines()
    timelines, _ = build()
    assert [json.loads(line) for line in lines] == [timeline_record(timeline) for timeline in timelines]


def test_half_a_surrogate_pair_does_not_stop_an_export(tmp_path: Path) -> None:
    broken = Timeline(replace(NOWHERE, name="Hill \ud83d"), UNPLACED.spells)
    assert json.loads(export(tmp_path, "timelines.jsonl", broken).splitlines()[-1])["place"]["name"] == "Hill \ud83d"
    assert b"Hill \\ud83d" in export(tmp_path, "spells.csv", broken)


# --- formats and files --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "expected"),
    [("a.GeoJSON", "geojson"), ("a.b.csv", "csv"), ("a.ndjson", "jsonl"), ("a.jsonl", "jsonl"), ("a.htm", "html")],
)
def test_the_suffix_names_the_format(name: str, expected: str) -> None:
    assert format_of(Path(name)) == expected


@pytest.mark.parametrize("name", ["map.shp", "map", "map."])
def test_a_suffix_of_no_format_says_which_there_are(name: str) -> None:
    with pytest.raises(ExportError, match=r"Choose one of: csv, geojson, html, jsonl"):
        format_of(Path(name))


def test_a_format_by_name_wins_over_the_suffix(tmp_path: Path) -> None:
    timelines, ledger = build()
    target = tmp_path / "spells.txt"
    export_timelines(timelines, ledger, target, format="CSV")
    assert target.read_text(encoding="utf-8").startswith("place_id,place,")


def test_an_unknown_format_is_an_error(tmp_path: Path) -> None:
    _, ledger = build()
    with pytest.raises(ExportError, match="no export format “kml”"):
        export_timelines((), ledger, tmp_path / "a.csv", format="kml")


def test_a_missing_folder_and_a_folder_as_target_are_errors(tmp_path: Path) -> None:
    _, ledger = build()
    with pytest.raises(ExportError, match="there is no folder"):
        export_timelines((), ledger, tmp_path / "no" / "a.csv")
    folder = tmp_path / "a.csv"
    folder.mkdir()
    with pytest.raises(ExportError, match="is a folder"):
        export_timelines((), ledger, folder)


def test_an_export_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    timelines, ledger = build()
    target = tmp_path / "a.csv"
    target.write_text("before", encoding="utf-8")
    broken = Timeline(NOWHERE, (None,))  # type: ignore[arg-type]
    with pytest.raises(AttributeError):
        export_timelines((*timelines, broken), ledger, target)
    assert target.read_text(encoding="utf-8") == "before"
    assert list(tmp_path.iterdir()) == [target]


def test_a_file_that_is_replaced_keeps_its_mode_and_a_link_stays_one(tmp_path: Path) -> None:
    timelines, ledger = build()
    target, link = tmp_path / "a.csv", tmp_path / "link.csv"
    target.write_text("before", encoding="utf-8")
    target.chmod(0o640)
    link.symlink_to(target)
    export_timelines(timelines, ledger, link)
    assert link.is_symlink()
    assert target.read_text(encoding="utf-8").startswith("place_id")
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_what_is_not_a_plain_file_is_written_to(tmp_path: Path) -> None:
    _, ledger = build()
    export_timelines((), ledger, Path(os.devnull), format="csv")
    assert not Path(os.devnull).is_file()
