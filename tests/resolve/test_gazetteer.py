"""The compiled gazetteer: what is in it, how it is built, and that two processes can build at once."""

import csv
import sqlite3
import subprocess
import sys
import threading
from io import StringIO
from pathlib import Path

import pytest

from whoheld import data
from whoheld.resolve.gazetteer import ALTERNATE, EXACT, SKELETON, Gazetteer, embedded, open_gazetteer
from whoheld.resolve.gazetteer.store import Record

FEATURES = {"populated", "district", "province", "country", "region", "water", "road"} | {
    "base", "airfield", "crossing", "dam", "camp", "site"
}  # fmt: skip


def first(gazetteer: Gazetteer, name: str, *countries: str) -> tuple[str, str, str]:
    place = gazetteer.lookup(name, countries=countries)[0].place
    return place.name, place.feature, place.country


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("Syria", ("Syria", "country", "SY")),
        ("القريتين", ("Al Qaryatayn", "populated", "SY")),
        ("Tabqa Dam", ("Tabqa Dam", "dam", "SY")),
        ("al-Tanf", ("al-Tanf", "base", "SY")),
        ("T4", ("T4 airbase", "airfield", "SY")),
        ("Zamzam camp", ("Zamzam", "camp", "SD")),
        ("Ізюм", ("Izium", "populated", "UA")),
        ("Snake Island", ("Snake Island", "site", "UA")),
        ("Azovstal", ("Azovstal", "site", "UA")),
        ("Bab al-Hawa", ("Bab al-Hawa", "crossing", "SY")),
        ("Sheikh Maqsoud", ("Sheikh Maqsoud", "district", "SY")),
        ("Northern Syria", ("Northern Syria", "region", "SY")),
        ("Laurel County", ("Laurel County", "district", "US")),
        ("Deir Ezzor", ("Deir ez-Zor", "populated", "SY")),
    ],
)
def test_lookup(gazetteer: Gazetteer, name: str, place: tuple[str, str, str]) -> None:
    assert first(gazetteer, name) == place


def test_a_part_of_the_world_has_no_country(gazetteer: Gazetteer) -> None:
    found = {(match.place.feature, match.place.country) for match in gazetteer.lookup("Middle East")}
    assert ("region", "") in found


def test_sounds_are_looked_up_only_within_countries(gazetteer: Gazetteer) -> None:
    assert not gazetteer.lookup("Qaryatyn")
    match = gazetteer.lookup("Qaryatyn", countries=["SY"])[0]
    assert (match.place.name, match.quality) == ("Al Qaryatayn", SKELETON)
    assert not gazetteer.lookup("Qaryatyn", countries=["UA"])


def test_a_last_vowel_makes_another_village(gazetteer: Gazetteer) -> None:
    assert "Misraba" not in [match.place.name for match in gazetteer.lookup("Misrab", countries=["SY"])]


def test_best_fit_first(gazetteer: Gazetteer) -> None:
    qualities = [match.quality for match in gazetteer.lookup("Tripoli")]
    assert qualities == sorted(qualities, reverse=True)
    assert qualities[0] == EXACT
    assert ALTERNATE in [match.quality for match in gazetteer.lookup("Kiev")]


def test_a_name_of_signs_is_nothing(gazetteer: Gazetteer) -> None:
    assert gazetteer.lookup("—?!") == ()
    assert not gazetteer.is_place("")


def test_by_id(gazetteer: Gazetteer) -> None:
    place = gazetteer.place("geonames:173361")
    assert place is not None
    assert (place.name, place.admin1, place.geonames) == ("Al Qaryatayn", "Homs", 173361)
    assert gazetteer.place("geonames:0") is None


def test_capitals(gazetteer: Gazetteer) -> None:
    names = {place.name for key in gazetteer.capitals if (place := gazetteer.place(key))}
    assert {"Damascus", "Baghdad", "Kyiv", "Khartoum", "Washington"} <= names


def test_every_place_has_a_point_and_a_known_feature(gazetteer: Gazetteer) -> None:
    base = sqlite3.connect(gazetteer.path)
    assert {row[0] for row in base.execute("SELECT DISTINCT feature FROM place")} == FEATURES
    assert base.execute("SELECT count(*) FROM place WHERE NOT lat BETWEEN -90 AND 90").fetchone() == (0,)
    assert base.execute("SELECT count(*) FROM place WHERE NOT lon BETWEEN -180 AND 180").fetchone() == (0,)
    assert base.execute("SELECT count(*) FROM place WHERE lat = 0 AND lon = 0").fetchone() == (0,)
    base.close()


def test_the_supplement_is_sound(gazetteer: Gazetteer) -> None:
    lines = list(csv.DictReader(StringIO(data.read_bytes("places.csv").decode("utf-8"))))
    provinces = {(place.country, place.name) for place in gazetteer.provinces.values()}
    assert len(lines) >= 1500
    for line in lines:
        assert line["name"], line
        assert line["source"], line
        assert line["feature"] in FEATURES, line
        assert not line["admin1"] or (line["country"], line["admin1"]) in provinces, line
        assert not line["country"] or line["country"] in gazetteer.countries, line
        # A place that lies in one country lies near some place of it: a slip of a sign or a digit does not.
        assert any(match.place.country == line["country"] for match in gazetteer.lookup(line["name"])), line


def test_suggestions_look_alike(gazetteer: Gazetteer) -> None:
    assert "Al Qaryatayn" in [place.name for place in gazetteer.similar("Qaryatin")]


# --- building: with a world of two places, so that it takes no time


def tiny() -> tuple[list[Record], dict[tuple[str, str], str]]:
    places = [
        Record("iso3166-1:SY", "Syria", "country", 35.0, 38.0, "", "SY"),
        Record("geonames:1", "Homs", "populated", 34.7, 36.7, "Homs", "SY", 775_404, ["حمص", "Hims"]),
    ]
    return places, {("SY", "11"): "Homs"}


def test_built_once_and_opened_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "_compile", tiny)
    said: list[str] = []
    with open_gazetteer(tmp_path / "new", progress=said.append) as opened:
        assert first(opened, "حمص") == ("Homs", "populated", "SY")
    with open_gazetteer(tmp_path / "new", progress=said.append) as opened:
        assert first(opened, "Hims") == ("Homs", "populated", "SY")
    assert len(said) == 1
    assert [path.suffix for path in (tmp_path / "new").iterdir()] == [".sqlite"]


def test_the_cache_can_be_named_in_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "_compile", tiny)
    monkeypatch.setenv("WHOHELD_CACHE", str(tmp_path))
    with open_gazetteer() as opened:
        assert opened.path.parent == tmp_path


def test_a_build_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise RuntimeError("no data")

    monkeypatch.setattr(embedded, "_compile", fail)
    with pytest.raises(RuntimeError, match="no data"):
        open_gazetteer(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_old_gazetteers_are_pruned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a", "b", "c", "d"):
        (tmp_path / f"gazetteer-{name}.sqlite").touch()
    monkeypatch.setattr(embedded, "_compile", tiny)
    open_gazetteer(tmp_path).close()
    assert len(list(tmp_path.glob("*.sqlite"))) == 3


BUILD = """
import sys
from pathlib import Path
from whoheld.resolve.gazetteer import embedded, open_gazetteer
from whoheld.resolve.gazetteer.store import Record
towns = [Record(f"geonames:{i}", f"Town{i}", "populated", 1.0, 1.0, "", "SY") for i in range(3000)]
embedded._compile = lambda: (towns, {})
with open_gazetteer(Path(sys.argv[1])) as opened:
    assert len(opened.lookup("Town77")) == 1
"""


def test_two_processes_build_at_once(tmp_path: Path) -> None:
    command = [sys.executable, "-c", BUILD, str(tmp_path)]
    processes = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    for process in processes:
        _, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors
    assert [path.suffix for path in tmp_path.iterdir()] == [".sqlite"]


def test_threads_read_together(gazetteer: Gazetteer) -> None:
    failures: list[str] = []

    def read() -> None:
        names = [f"Deir{' ' * number}ez-Zor" for number in range(1, 100)]
        failures.extend(name for name in names if not gazetteer.lookup(name) or not gazetteer.place("geonames:173361"))

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
