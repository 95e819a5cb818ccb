"""Files, folders, globs, pipes; formats; what a report gets on its way out."""

from __future__ import annotations

import gzip
import io
import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest

from whoheld.errors import UnreadableReport
from whoheld.read import Source, find_files, read_reports
from whoheld.read.files import sniff
from whoheld.vocabulary import Report

TEXT = "The army took Qaryatain on Saturday, a monitor said."
RECORD = {"id": "a1", "published": "2017-10-22", "publisher": "Post", "title": "Taken", "text": TEXT, "url": "u:1"}


def reports(*paths: Path | str, **options: object) -> list[Report]:
    items = list(read_reports(paths, **options))  # type: ignore[arg-type]
    errors = [str(item) for item in items if isinstance(item, UnreadableReport)]
    assert not errors
    return [item for item in items if isinstance(item, Report)]


def test_folders_are_read_in_order_without_what_is_hidden(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt", ".hidden.txt", "sub/c.txt", ".git/d.txt", "sub/.e.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    assert [report.text for report in reports(tmp_path)] == ["a.txt", "b.txt", "sub/c.txt"]


def test_each_file_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("one")
    (tmp_path / "b.md").write_text("two words")
    found = find_files([tmp_path / "a.txt", tmp_path, tmp_path / "*.txt", tmp_path / "**"])
    assert found == [Source(str(tmp_path / "a.txt"), 3), Source(str(tmp_path / "b.md"), 9)]


def test_a_hidden_file_that_is_named_is_read(tmp_path: Path) -> None:
    (tmp_path / ".a.txt").write_text(TEXT)
    assert len(reports(tmp_path / ".a.txt")) == 1


def test_a_name_with_brackets_is_a_file_before_it_is_a_pattern(tmp_path: Path) -> None:
    (tmp_path / "a[1].txt").write_text(TEXT)
    assert len(reports(tmp_path / "a[1].txt")) == 1


def test_globs(tmp_path: Path) -> None:
    for name in ("x/1.txt", "x/y/2.txt", "x/y/3.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).write_text(name)
    assert [report.text for report in reports(tmp_path / "**" / "*.txt")] == ["x/1.txt", "x/y/2.txt"]


@pytest.mark.parametrize(
    "data",
    [
        json.dumps(RECORD).encode() + b"\n",
        ("\ufeff" + json.dumps(RECORD)).encode("utf-16-le"),
        gzip.compress(json.dumps(RECORD).encode()),
        json.dumps([RECORD]).encode(),
        json.dumps(RECORD, indent=2).encode(),
        b"text;title;id;date;outlet;link\n" + f'"{TEXT}";Taken;a1;22 October 2017;Post;u:1\n'.encode(),
    ],
    ids=["jsonl", "utf-16", "gzip", "array", "indented", "csv"],
)
def test_standard_input_is_sniffed(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    (report,) = reports("-")
    assert (report.id, report.text, report.published) == ("a1", TEXT, date(2017, 10, 22))
    assert (report.publisher, report.title, report.url) == ("Post", "Taken", "u:1")


def test_plain_text_on_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode())))
    (report,) = reports("-", published=date(2017, 10, 22), publisher="Post")
    assert (report.text, report.published, report.publisher) == (TEXT, date(2017, 10, 22), "Post")


@pytest.mark.parametrize(
    ("start", "name"),
    [
        (b"<!DOCTYPE html><p>", "html"),
        (b"\xef\xbb\xbf\n <html>", "html"),
        (b'<?xml version="1.0"?>\n<!-- a --><html>', "html"),
        (b"<IS> lost Mayadeen", "text"),
        (b'{"text": "a"}\n{"text": "b"}', "jsonl"),
        (b'{"text": "' + b"a" * 65_536, "jsonl"),
        (b"{IS} lost Mayadeen\nand more", "text"),
        (b"[1] IS lost Mayadeen", "text"),
        (b"PAR1....", "parquet"),
        (b"id,text\n1,a\n", "csv"),
        (b"Date\tContent\n1\ta\n", "csv"),
        (b"In a text, commas\nare common", "text"),
        (b"", "text"),
    ],
)
def test_sniffing(start: bytes, name: str) -> None:
    assert sniff(start) == name


def test_the_format_can_be_told(tmp_path: Path) -> None:
    (tmp_path / "a.dat").write_text(json.dumps(RECORD))
    assert reports(tmp_path / "a.dat", format="text")[0].text == json.dumps(RECORD)
    assert reports(tmp_path / "a.dat", format="jsonl")[0].text == TEXT


def test_progress_counts_every_byte_as_stored(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(json.dumps(RECORD).encode() * 1))
    (tmp_path / "b.txt").write_text(TEXT * 100)
    steps: list[int] = []
    reports(tmp_path, progress=steps.append)
    assert sum(steps) == sum(source.size or 0 for source in find_files([tmp_path]) if isinstance(source, Source))
    assert all(step > 0 for step in steps)


def test_reports_come_as_a_stream(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    lines = b"".join(json.dumps({"text": f"{number} {TEXT}" * 50}).encode() + b"\n" for number in range(2000))
    (tmp_path / "a.jsonl").write_bytes(lines)
    taken: list[int] = []
    stream = read_reports([tmp_path / "a.jsonl"], progress=taken.append)
    next(stream)
    assert sum(taken) < len(lines) / 4


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_marks_and_encodings_of_plain_text(tmp_path: Path, encoding: str) -> None:
    text = "القريتين fell to the army.\r\n\r\nMore – “later”.\n"
    (tmp_path / "a.txt").write_bytes(text.encode(encoding))
    (report,) = reports(tmp_path / "a.txt")
    assert report.text == text
    assert not report.warnings


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", "The “rebels” left Qaryatain – a café owner said so. " * 5),
        ("cp1251", "Российские войска заняли Лисичанск, сообщило министерство. Украинские войска отошли. " * 5),
        ("cp1256", "استعاد الجيش السوري مدينة القريتين من تنظيم الدولة يوم السبت بعد ثلاثة أسابيع من القتال. " * 5),
    ],
)
def test_older_encodings_are_told_by_their_letters(tmp_path: Path, encoding: str, text: str) -> None:
    (tmp_path / "a.txt").write_bytes(text.encode(encoding))
    (report,) = reports(tmp_path / "a.txt")
    assert report.text == text
    assert encoding in report.warnings[0]


def test_a_table_from_an_older_spreadsheet(tmp_path: Path) -> None:
    text = "The “rebels” left – a café owner said so."
    (tmp_path / "a.csv").write_bytes(f'Headline,Body\na,b\nc,"{text}"\n'.encode("cp1252"))
    assert [report.text for report in reports(tmp_path / "a.csv")] == ["b", text]


def test_the_text_of_json_is_kept_as_it_came(tmp_path: Path) -> None:
    text = "  \u00a0IS\u200b lost\tMayadeen\r\n\r\nan\u0308d \U0001f1f8\U0001f1fe more \x0c\n"
    (tmp_path / "a.jsonl").write_text(
        json.dumps({"text": text}) + "\n" + json.dumps({"text": text}, ensure_ascii=False)
    )
    assert [report.text for report in reports(tmp_path / "a.jsonl")] == [text, text]


def test_fields_and_times_of_a_record(tmp_path: Path) -> None:
    record = {**RECORD, "published": "2017-10-22T01:30:00+03:00", "language": "en", "retrieved": "2018-01-01T00:00:00Z"}
    (tmp_path / "a.jsonl").write_text(json.dumps({**record, "other": {"is": "passed over"}}))
    (report,) = reports(tmp_path / "a.jsonl")
    assert report.published == date(2017, 10, 22)
    assert report.published_at == datetime(2017, 10, 21, 22, 30, tzinfo=UTC)
    assert report.retrieved == datetime(2018, 1, 1, tzinfo=UTC)
    assert report.language == "en"


def test_a_time_without_an_offset_gives_its_day_and_a_warning(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"text": TEXT, "published": "2017-10-22 09:00:00"}))
    (report,) = reports(tmp_path / "a.jsonl")
    assert (report.published, report.published_at) == (date(2017, 10, 22), None)
    assert "no offset" in report.warnings[0]


def test_an_id_is_a_hash_of_what_the_report_is(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    (tmp_path / "b.jsonl").write_text(json.dumps({"text": TEXT}))
    first, second = reports(tmp_path)
    (dated,) = reports(tmp_path / "a.txt", published=date(2017, 10, 22))
    assert first.id == second.id != ""
    assert len(first.id) == 20
    assert dated.id != first.id


def test_two_texts_with_one_id_are_both_read_and_the_second_says_so(tmp_path: Path) -> None:
    lines = [{"id": 7, "text": "one"}, {"id": "7", "text": "two"}, {"id": "7", "text": "one"}]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, lines)))
    found = reports(tmp_path / "a.jsonl")
    assert [report.id for report in found] == ["7", "7", "7"]
    assert [bool(report.warnings) for report in found] == [False, True, False]


def test_parquet(tmp_path: Path) -> None:
    table = {
        "Content": [TEXT, None, "IS lost Mayadeen."],
        "date": [date(2017, 10, 22), None, date(2017, 10, 15)],
        "Source": ["Post", "Post", None],
    }
    pyarrow.parquet.write_table(pyarrow.table(table), tmp_path / "a.parquet")
    (tmp_path / "b.parquet.gz").write_bytes(gzip.compress((tmp_path / "a.parquet").read_bytes()))
    (tmp_path / "c.parquet").write_bytes((tmp_path / "a.parquet").read_bytes()[:-30])
    for name in ("a.parquet", "b.parquet.gz"):
        first, empty, last = read_reports([tmp_path / name])
        assert isinstance(first, Report)
        assert (first.text, first.published, first.publisher) == (TEXT, date(2017, 10, 22), "Post")
        assert isinstance(empty, UnreadableReport)
        assert empty.line == 2
        assert isinstance(last, Report)
        assert last.publisher == ""
    (broken,) = read_reports([tmp_path / "c.parquet"])
    assert "no Parquet file" in str(broken)


def test_parquet_with_times(tmp_path: Path) -> None:
    moments = pyarrow.array([datetime(2017, 10, 22, 9, tzinfo=UTC)], pyarrow.timestamp("us", tz="UTC"))
    pyarrow.parquet.write_table(pyarrow.table({"text": [TEXT], "published": moments}), tmp_path / "a.parquet")
    (report,) = reports(tmp_path / "a.parquet")
    assert report.published_at == datetime(2017, 10, 22, 9, tzinfo=UTC)


def test_a_field_of_megabytes_in_a_table(tmp_path: Path) -> None:
    text = TEXT * 40_000
    (tmp_path / "a.csv").write_text(f'text\tid\n"{text}"\ta\n')
    assert reports(tmp_path / "a.csv")[0].text == text
