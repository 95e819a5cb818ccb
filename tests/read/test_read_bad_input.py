"""Bad input: each thing that is no report gives one clear line, and what is good beside it is still read."""

from __future__ import annotations

import gzip
import io
import json
import resource
import sys
import zipfile
from pathlib import Path

import pytest

from whoheld.errors import MissingPlugin, UnreadableReport
from whoheld.read import read_reports
from whoheld.read.csv import read_csv
from whoheld.read.jsonl import read_jsonl
from whoheld.read.text import read_text
from whoheld.vocabulary import Report

GOOD = b'{"text": "The army took Qaryatain on Saturday."}\n'


def read(*paths: Path) -> tuple[list[Report], list[UnreadableReport]]:
    items = list(read_reports(paths))
    reports = [item for item in items if isinstance(item, Report)]
    errors = [item for item in items if isinstance(item, UnreadableReport)]
    return reports, errors


@pytest.mark.parametrize("name", ["a.txt", "a.html", "a.jsonl", "a.csv", "a.parquet", "a", "a.jsonl.gz"])
def test_an_empty_file_is_one_line(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"")
    reports, errors = read(tmp_path / name)
    assert not reports
    assert len(errors) == 1
    assert str(errors[0]).startswith(f"{tmp_path / name}: ")
    assert "\n" not in str(errors[0])


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (b"[1, 2]", "not an object"),
        (b'"IS lost Mayadeen"', "not an object"),
        (b"null", "not an object"),
        (b"{", "not JSON"),
        (b"IS lost Mayadeen", "not JSON"),
        (b'{"text": "IS lost', "not JSON"),
        (b"{}", "no “text”"),
        (b'{"body": "IS lost Mayadeen"}', "it has: body"),
        (b'{"text": null}', "no “text”"),
        (b'{"text": 5}', "not a text but a number"),
        (b'{"text": ["IS lost Mayadeen"]}', "not a text but a list"),
        (b'{"text": " \\n "}', "no words"),
        (b'{"text": "a", "text": "b"}', "stands twice"),
        (b'{"text": "a", "title": {}}', "“title” is not a text"),
        (b'{"text": "a", "id": [1]}', "“id” is not a text"),
        (b'{"text": "a", "published": "0000-01-01"}', "not in the calendar"),
        (b'{"text": "a", "published": "0000-01-01T00:00:00Z"}', "not in the calendar"),
        (b'{"text": "a", "published": "2017-02-29"}', "not in the calendar"),
        (b'{"text": "a", "published": "05/04/2017"}', "not a day that can be told"),
        (b'{"text": "a", "published": "2017"}', "not a day that can be told"),
        (b'{"text": "a", "published": 20171022}', "not a text"),
        (b'{"text": "a \\ud800 b"}', "surrogate"),
        (b'{"text": "a \xff b"}', "not valid UTF-8"),
        (b"[" * 100_000, "nested too deeply"),
    ],
)
def test_a_bad_line_is_named_and_the_rest_is_read(tmp_path: Path, line: bytes, says: str) -> None:
    path = tmp_path / "reports.jsonl"
    path.write_bytes(GOOD + line + b"\n" + GOOD.replace(b"army", b"rebels"))
    reports, errors = read(path)
    assert [report.text.split()[1] for report in reports] == ["army", "rebels"]
    assert [error.line for error in errors] == [2]
    assert says in str(errors[0])
    assert f"{path}, line 2: " in str(errors[0])


def test_a_bad_first_line_does_not_take_the_file_with_it(tmp_path: Path) -> None:
    path = tmp_path / "reports.jsonl"
    for first in (b"[1, 2]\n", b"not JSON\n", b'{"text": \n'):
        path.write_bytes(first + GOOD)
        reports, errors = read(path)
        assert len(reports) == 1
        assert [error.line for error in errors] == [1]


def test_a_line_over_the_bound_is_skipped_and_not_held() -> None:
    stream = io.BytesIO(GOOD + b'{"text": "' + b"a" * 5000 + b'"}\n' + GOOD)
    items = list(read_jsonl(stream, "x", limit=1000))
    assert [type(item) for item in items] == [Report, UnreadableReport, Report]
    assert str(items[1]).startswith("x, line 2: the line is longer than 1,000 bytes")


def test_a_line_of_just_the_bound_is_read() -> None:
    assert [type(item) for item in read_jsonl(io.BytesIO(GOOD), "x", limit=len(GOOD))] == [Report]
    assert [type(item) for item in read_jsonl(io.BytesIO(GOOD), "x", limit=len(GOOD) - 2)] == [UnreadableReport]


def test_a_real_line_of_a_gigabyte(tmp_path: Path) -> None:
    path = tmp_path / "huge.jsonl"
    with path.open("wb") as file:
        file.write(b'{"text": "' + b"a" * (1 << 17))
        file.seek(1 << 30)  # a hole: the disk holds nothing of it
        file.write(b'"}\n' + GOOD)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    reports, errors = read(path)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert [report.text for report in reports] == ["The army took Qaryatain on Saturday."]
    assert "longer than 64 MB" in str(errors[0])
    assert grown < 300 * 1024  # kilobytes: a line of 64 MB and its copy, not of a gigabyte


def test_a_gigabyte_of_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(1 << 30)
    reports, errors = read(path)
    assert not reports
    assert "larger than 32 MB" in str(errors[0])


def test_a_zip_bomb_by_another_name(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("0", b"0" * (1 << 22))
    _, errors = read(path)
    assert [str(error) for error in errors] == [
        f"{path}: this is a ZIP archive or an office document, not text. Unpack it, or save it as plain text."
    ]


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7 ...",
        b"\x89PNG\r\n\x1a\n",
        b"\x7fELF\x02",
        b"SQLite format 3\x00",
        b"a\x00b\x00\x01\x02",
        b"\xd0\xcf\x11\xe0",
    ],
)
@pytest.mark.parametrize("name", ["a.html", "a.txt", "a.jsonl", "a.csv", "a.bin"])
def test_what_is_no_text_is_one_line_whatever_its_name(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data * 9)
    reports, errors = read(tmp_path / name)
    assert not reports
    assert len(errors) == 1


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.txt.gz", "a.csv.gz", "a.html.gz", "a.html"])
def test_a_decompression_bomb_is_stopped(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with gzip.open(path, "wb", 1) as file:
        file.write(b"text,title\n" + b"a" * 1000 + b"\n")
        for _ in range(100):
            file.write(b" " * (1 << 20))
    _, errors = read(path)
    assert errors
    assert any("unpacks to more than" in str(error) or "larger than" in str(error) for error in errors)


def test_a_broken_archive_gives_what_it_has(tmp_path: Path) -> None:
    path = tmp_path / "cut.jsonl.gz"
    lines = b"".join(
        json.dumps({"text": f"Report {number} of the day, {number**9}."}).encode() + b"\n" for number in range(20_000)
    )
    whole = gzip.compress(lines)
    path.write_bytes(whole[: len(whole) // 2])
    reports, errors = read(path)
    assert len(reports) > 1000
    assert "reading broke off" in str(errors[-1])


def test_bytes_that_are_no_encoding_are_read_with_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("Zalizne – Лиман, “held” ".encode() * 20 + b"\xff\xfe" + " Лиман".encode())
    reports, errors = read(path)
    assert not errors
    assert "not valid UTF-8" in reports[0].warnings[0]
    assert "\ufffd" in reports[0].text


def test_a_mark_that_lies_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"\xff\xfea")
    _, errors = read(path)
    assert "byte-order mark" in str(errors[0])


def test_a_text_over_its_bound() -> None:
    (error,) = read_text(io.BytesIO(b"a" * 100), "x", limit=99)
    assert isinstance(error, UnreadableReport)


def test_paths_that_lead_nowhere(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "gone")
    (tmp_path / "good.txt").write_text("The army took Qaryatain.")
    wanted = [tmp_path / "no.txt", tmp_path / "*.pdf", tmp_path / "folder", tmp_path / "link", tmp_path / "good.txt"]
    reports, errors = read(*wanted)
    assert len(reports) == 1
    assert [error.path for error in errors] == [str(path) for path in wanted[:4]]


def test_a_broken_link_in_a_folder_does_not_stop_it(tmp_path: Path) -> None:
    (tmp_path / "a.txt").symlink_to(tmp_path / "gone")
    (tmp_path / "b.txt").write_text("The army took Qaryatain.")
    reports, errors = read(tmp_path)
    assert len(reports) == 1
    assert len(errors) == 1


def test_an_unknown_format_is_an_error_at_once(tmp_path: Path) -> None:
    with pytest.raises(MissingPlugin, match="jsonl"):
        list(read_reports([tmp_path], format="docx"))


def test_a_reader_that_is_not_installed_costs_its_files_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.parquet").write_bytes(b"PAR1")
    (tmp_path / "b.txt").write_text("The army took Qaryatain.")
    monkeypatch.delitem(sys.modules, "whoheld.read.parquet", raising=False)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    reports, errors = read(tmp_path)
    assert len(reports) == 1
    assert "pip install whoheld[parquet]" in str(errors[0])
    with pytest.raises(MissingPlugin):
        list(read_reports([tmp_path / "a.parquet"], format="parquet"))


@pytest.mark.parametrize(
    ("rows", "lines"),
    [
        (b'text,title\n"good one",a\nbad,b,c\nanother,d\n', [3]),
        (b'text,title\n"good one",a\nbad\nanother,d\n', [3]),
        (b'text,title\n"good one",a\n"bad"x,b\nanother,d\n', [3]),
        (b'text,title\n"good one",a\n"never closed,b\nanother,d\n', [3]),
        (b'text,title\n"good one",a\n,b\nanother,d\n', [3]),
        ('text,title\n"good one",ééééé\nbad \udcff,b\nanother,d\n'.encode("utf-8", "surrogateescape"), [3]),
        (b'text,title\n"good\none",a\nbad,b,c\nanother,d\n', [4]),
    ],
)
def test_broken_rows_are_named_and_the_rest_is_read(rows: bytes, lines: list[int]) -> None:
    items = list(read_csv(io.BytesIO(rows), "x"))
    assert [item.text.replace("\n", " ") for item in items if isinstance(item, Report)] == ["good one", "another"]
    assert [item.line for item in items if isinstance(item, UnreadableReport)] == lines


def test_a_row_over_the_bound() -> None:
    items = list(read_csv(io.BytesIO(b"text,title\n" + b"a" * 3000 + b",b\nok,c\n"), "x", limit=1000))
    assert [type(item) for item in items] == [UnreadableReport, Report]


def test_a_table_without_a_text_says_what_it_has() -> None:
    (error,) = read_csv(io.BytesIO(b"day,words\n2017-10-22,IS lost Mayadeen\n"), "x")
    assert "it has: day, words" in str(error)
