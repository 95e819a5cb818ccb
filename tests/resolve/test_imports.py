"""Importing places: every format; bad rows are counted and never stop it; replaced, removed, and looked up."""

import random
import sqlite3
import zipfile
from pathlib import Path

import pytest

from whoheld.errors import BadData
from whoheld.resolve.gazetteer import Gazetteer, embedded, open_gazetteer
from whoheld.resolve.gazetteer.imports import ImportCount, faults_of, import_places, remove_import
from whoheld.resolve.gazetteer.store import Record
from whoheld.resolve.places import find_places


def world() -> tuple[list[Record], dict[tuple[str, str], str]]:
    places = [
        Record("iso3166-1:SY", "Syria", "country", 35.0, 38.0, "", "SY"),
        Record("iso3166-2:SY-HM", "Hama", "province", 35.2, 37.0, "Hama", "SY"),
        Record("geonames:170017", "Hama", "populated", 35.13, 36.75, "Hama", "SY", 460_602, ["حماة"]),
        Record("geonames:1", "Twin", "populated", 35.2, 36.8, "Hama", "SY", 900),
    ]
    return places, {("SY", "10"): "Hama"}


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(embedded, "_compile", world)
        open_gazetteer(folder).close()
    return folder


def opened(cache: Path, imports: Path) -> Gazetteer:
    return open_gazetteer(cache, imports=imports)


def taken(cache: Path, tmp_path: Path, *files: Path, **settings: str) -> ImportCount:
    with opened(cache, tmp_path / "none") as gazetteer:
        return import_places(files, tmp_path / "imports", gazetteer=gazetteer, **settings)  # type: ignore[arg-type]


def dump_row(key: int, name: str, *, code: str = "PPL", group: str = "P", others: str = "", lat: str = "35.3") -> str:
    columns = [str(key), name, name, others, lat, "36.9", group, code, "SY", "", "10", "77", "", "", "120", "", "300"]
    return "\t".join([*columns, "Asia/Damascus", "2026-01-01"])


DUMP = [
    dump_row(500, "Khirbat Nur", others="Kherbet Nour,خربة نور,xrbt nwr"),
    dump_row(501, "Nur District", code="ADM2", group="A"),
    dump_row(502, "Hotel Nur", code="HTL", group="S"),
    dump_row(503, "Tall Nur", code="HLL", group="T"),
    dump_row(504, "Nowhere", lat="north"),
    "only\tthree\tcolumns",
    dump_row(500, "Khirbat Nur again"),
    dump_row(1, "Twin"),
    dump_row(900, "Twin"),
]


@pytest.mark.parametrize("zipped", [False, True])
def test_geonames_dump(cache: Path, tmp_path: Path, zipped: bool) -> None:
    file = tmp_path / ("SY.zip" if zipped else "SY.txt")
    text = "\n".join(DUMP) + "\n"
    if zipped:
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("readme.txt", "no table")
            archive.writestr("SY.txt", text)
    else:
        file.write_text(text, encoding="utf-8")
    count = taken(cache, tmp_path, file)
    assert (count.name, count.places, count.doubles) == ("SY", 5, 1)
    assert count.passed_over == {"S.HTL": 1}
    assert [(fault.line, fault.reason.split(" (")[0]) for fault in count.faults] == [
        (5, "no coordinates"),
        (6, "3 columns where a GeoNames dump has 19"),
    ]
    with opened(cache, tmp_path / "imports") as gazetteer:
        (match,) = gazetteer.lookup("Kherbet Nour")
        assert (match.place.id, match.place.admin1, match.imported) == ("geonames:500", "Hama", True)
        assert [m.place.id for m in gazetteer.lookup("خربة نور")] == ["geonames:500"]
        assert gazetteer.lookup("xrbt nwr") == ()  # a machine's romanisation
        assert [m.place.name for m in gazetteer.lookup("Kirbet Noor", countries=["SY"])] == ["Khirbat Nur"]
        assert gazetteer.lookup("Tall Nur")[0].place.feature == "site"
        assert gazetteer.source_of(match.place) == ("GeoNames", "CC BY 4.0")
        # The embedded row goes before the import's, under the same id or near by under another.
        assert [m.place.id for m in gazetteer.lookup("Twin")] == ["geonames:1", "geonames:900"]


def test_a_row_near_one_of_the_embedded_gazetteer_is_no_second_place(cache: Path, tmp_path: Path) -> None:
    file = tmp_path / "near.csv"
    file.write_text("name,lat,lon,country\nTwin,35.21,36.81,SY\nTwin,36.9,41.0,SY\n", encoding="utf-8")
    assert taken(cache, tmp_path, file).places == 2
    with opened(cache, tmp_path / "imports") as gazetteer:
        assert [m.place.lat for m in gazetteer.lookup("Twin")] == [35.2, 36.9]


def test_csv_with_a_source_on_each_row(cache: Path, tmp_path: Path) -> None:
    file = tmp_path / "mine.csv"
    file.write_text(
        "Latitude;Longitude;Name;Aliases;Type;Source;License;Population\n"
        "35.14;36.80;Old Mill;Mill|الطاحونة;site;my notes;CC0;\n"
        '35.15;36.81;"Semi;colon";;populated;;;"1,200"\n'
        "35.15;36.81;;;;;;\n"
        "35.15;36.81;Castle;;fortress;;;\n"
        "0;0;Null Island;;;;;\n"
        "1;-150;In the sea;;;;;\n",
        encoding="utf-8",
    )
    count = taken(cache, tmp_path, file, source="the team", licence="ours")
    assert (count.places, len(count.faults)) == (2, 4)
    reasons = " | ".join(fault.reason for fault in count.faults)
    for expected in ("no name", "no such feature as “fortress”", "coordinates 0, 0", "no country"):
        assert expected in reasons
    with opened(cache, tmp_path / "imports") as gazetteer:
        (mill,) = gazetteer.lookup("الطاحونة")
        assert (mill.place.country, mill.place.admin1) == ("SY", "Hama")  # those of the nearest town
        assert gazetteer.source_of(mill.place) == ("my notes", "CC0")
        (other,) = gazetteer.lookup("Semi;colon")
        assert (other.place.population, gazetteer.source_of(other.place)) == (1200, ("the team", "ours"))


LEVELS = (
    "admin1Name_en",
    "admin1Pcode",
    "admin2Name_en",
    "admin2Pcode",
    "admin4Name_en",
    "admin4Name_ar",
    "admin4Pcode",
)
PCODES = ",".join((*LEVELS, "Latitude_y", "Longitude_x")) + "\n"


def test_pcode_table(cache: Path, tmp_path: Path) -> None:
    file = tmp_path / "syr_pplp.csv"
    file.write_text(
        PCODES + "Hama,SY05,As-Salamiyeh,SY0502,Abu Hajar,أبو حجر,C3001,35.01,37.2\n"
        "Hama,SY05,As-Salamiyeh,SY0502,No Point,,C3002,,\n",
        encoding="utf-8",
    )
    count = taken(cache, tmp_path, file, country="SY")
    assert (count.places, len(count.faults)) == (1, 1)
    with opened(cache, tmp_path / "imports") as gazetteer:
        (match,) = gazetteer.lookup("أبو حجر")
        place = match.place
        assert (place.id, place.admin1, place.admin2, place.feature) == (
            "pcode:C3001", "Hama", "As-Salamiyeh", "populated",
        )  # fmt: skip
        assert gazetteer.source_of(place) == ("OCHA COD-AB", "CC BY-IGO")


def test_pcode_workbook_with_hxl_tags(cache: Path, tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["Province", "Code"])
    sheet = book.create_sheet("adm2")
    sheet.append(["Province", "P1", "District", "Arabic", "P2", "Y", "X"])
    sheet.append(["#adm1+name", "#adm1+code", "#adm2+name+en", "#adm2+name+ar", "#adm2+code", "#geo+lat", "#geo+lon"])
    sheet.append(["Hama", "SY05", "Muhradah", "محردة", "SY0503", 35.25, 36.58])
    book.save(tmp_path / "adm.xlsx")
    assert taken(cache, tmp_path, tmp_path / "adm.xlsx").places == 1
    with opened(cache, tmp_path / "imports") as gazetteer:
        (match,) = gazetteer.lookup("محردة")
        assert (match.place.name, match.place.feature, match.place.country) == ("Muhradah", "district", "SY")


def test_osm_extract(cache: Path, tmp_path: Path) -> None:
    import osmium

    file = tmp_path / "part.osm.pbf"
    corner = osmium.osm.mutable.Node
    with osmium.SimpleWriter(str(file)) as out:
        for number, (tags, lat) in enumerate(
            (
                ({"place": "village", "name": "تل نور", "name:en": "Tell Nur", "population": "1 200"}, 35.14),
                ({"military": "airfield", "name": "Nur Airfield"}, 35.16),
                ({"amenity": "cafe", "name": "Café Nur"}, 35.14),
                ({"place": "village"}, 35.14),
                ({"place": "hamlet", "name": "Atlantis"}, -30.0),
            ),
            start=1,
        ):
            out.add_node(corner(id=number, location=(36.80, lat), tags=tags))
        out.add_node(corner(id=90, location=(36.70, 35.10)))
        out.add_node(corner(id=91, location=(36.80, 35.20)))
        out.add_way(osmium.osm.mutable.Way(id=5, nodes=[90, 91], tags={"waterway": "dam", "name": "Nur Dam"}))
    count = taken(cache, tmp_path, file)
    assert (count.places, len(count.faults)) == (3, 1)
    assert "in no known country" in count.faults[0].reason
    with opened(cache, tmp_path / "imports") as gazetteer:
        (tell,) = gazetteer.lookup("تل نور")
        assert (tell.place.id, tell.place.name, tell.place.population) == ("osm:node/1", "Tell Nur", 1200)
        (dam,) = gazetteer.lookup("Nur Dam")
        assert (dam.place.feature, round(dam.place.lat or 0, 3)) == ("dam", 35.15)
        assert gazetteer.source_of(dam.place)[1] == "ODbL 1.0"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.csv", b"place,x\nHere,1\n", "no column lat"),
        ("a.zip", b"not a zip", "no zip file"),
        ("a.txt", b"\xff\xfe\x00", "no place could be taken over"),
        ("a.csv", b"name,lat,lon\nCaf\xe9,1,2\n", "not in UTF-8"),
        ("a.bin", b"?", "--format"),
        ("a.xlsx", b"no workbook", "no workbook"),
        ("a.osm.pbf", b"no extract", "no OpenStreetMap extract"),
        ("a.csv", b"name,lat,lon\n", "no place could be taken over"),
    ],
)
def test_what_is_no_gazetteer_says_so_and_changes_nothing(
    cache: Path, tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadData, match=words) as caught:
        taken(cache, tmp_path, tmp_path / name)
    assert str(tmp_path / name) in str(caught.value)
    assert not list((tmp_path / "imports").glob("*"))


def test_a_name_that_is_none_and_a_file_that_is_not_there(cache: Path, tmp_path: Path) -> None:
    with pytest.raises(BadData, match="There is no file"):
        taken(cache, tmp_path, tmp_path / "missing.csv")
    (tmp_path / "a.csv").write_text("name,lat,lon,country\nHere,1,2,SY\n")
    with pytest.raises(BadData, match="cannot name an import"):
        taken(cache, tmp_path, tmp_path / "a.csv", name="../x")


def test_replaced_listed_and_removed(cache: Path, tmp_path: Path) -> None:
    file, folder = tmp_path / "a.csv", tmp_path / "imports"
    file.write_text("name,lat,lon,country\nFirst,35,36,SY\nBad,,,\n")
    assert taken(cache, tmp_path, file).places == 1
    assert [fault.line for fault in faults_of(folder, "a")] == [3]
    file.write_text("name,lat,lon,country\nSecond,35,36,SY\n")
    taken(cache, tmp_path, file)
    with opened(cache, folder) as gazetteer:
        assert gazetteer.is_place("Second")
        assert not gazetteer.is_place("First")
        assert gazetteer.longest("second") == 1
    remove_import(folder, "a")
    with opened(cache, folder) as gazetteer:
        assert not gazetteer.is_place("Second")
    with pytest.raises(BadData, match="There are: none"):
        remove_import(folder, "a")


def test_an_import_of_another_version_is_told_and_not_misread(cache: Path, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("name,lat,lon,country\nFirst,35,36,SY\n")
    base = sqlite3.connect(taken(cache, tmp_path, file).path)
    base.execute("UPDATE about SET value = '\"old\"' WHERE key = 'folding'")
    base.commit()
    base.close()
    with pytest.raises(BadData, match=r"another version of whoheld.*whoheld gazetteer import .*a.csv --name a"):
        opened(cache, tmp_path / "imports")


def test_several_processes_give_what_one_gives(cache: Path, tmp_path: Path) -> None:
    chance = random.Random(4)
    file = tmp_path / "many.csv"
    rows = [f"Town {chance.choice('abcdefg')}{n},{35 + n / 1e5:.5f},37.0,SY" for n in range(9000)]
    file.write_text("name,lat,lon,country\n" + "\n".join(rows) + "\n")
    told: list[int] = []
    with opened(cache, tmp_path / "none") as gazetteer:
        one = import_places([file], tmp_path / "one", gazetteer=gazetteer)
        two = import_places(
            [file], tmp_path / "two", gazetteer=gazetteer, workers=2, progress=lambda count: told.append(count.places)
        )
    assert one.places == two.places == 9000
    assert told == sorted(told)
    assert len(told) == 3
    assert one.path.read_bytes() == two.path.read_bytes()


def test_an_imported_village_is_found_only_in_reports_of_its_country(cache: Path, tmp_path: Path) -> None:
    file = tmp_path / "villages.csv"
    file.write_text("name,lat,lon,country\nMarble,35.3,36.9,SY\nOld Sayings,35.3,36.9,SY\n")
    taken(cache, tmp_path, file)
    with opened(cache, tmp_path / "imports") as gazetteer:
        for text, expected in (
            ("The army of Syria fought in Marble and near Old Sayings.", ["Syria", "Marble", "Old Sayings"]),
            ("He is interested in Marble and in Old Sayings.", []),
        ):
            assert [mention.text for mention in find_places(text, gazetteer)] == expected
