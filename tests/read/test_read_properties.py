"""What holds of every text: blocks tile it, and nothing touches it."""

from __future__ import annotations

import io
import json

from hypothesis import given, settings
from hypothesis import strategies as st

from whoheld.errors import UnreadableReport
from whoheld.read import finish_report
from whoheld.read.csv import read_csv
from whoheld.read.html import read_html
from whoheld.read.jsonl import read_jsonl
from whoheld.read.text import read_text
from whoheld.vocabulary import Block, Report

# Pieces that set off the rules, so that they meet in every order.
PIECES = st.sampled_from((
    "BEIRUT, Oct 22 (AFP) - ", "22 October 2017", "2 min read", "By Jane Doe", "[Getty]", "(Reuters Photo) ", "## ",
    "|", "| a | b |", "![a](b)", "* ", "# ", "\n", "\n\n", "\r\n", " ", "\u2028", "Army takes a town", ". ", "\x1c",
    "\x00", "…", "The army took it.", "(Source: X) Twitter", "Read Also", "- AFP", "Get short URL 0 1", "Tags ", "(",
    "MOSCOW (Sputnik) ", "[object Object]", "Ünder", "القريتين", "AP Thursday 1 Aug 2013 ", "See also", "References",
))  # fmt: skip
TEXTS = st.one_of(st.text(max_size=300), st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=40).map("".join))


def check_tiles(text: str, blocks: tuple[Block, ...]) -> None:
    last = 0
    for block in blocks:
        assert last <= block.start < block.end <= len(text)
        assert not text[last : block.start].strip()
        assert not text[block.start].isspace()
        assert not text[block.end - 1].isspace()
        last = block.end
    assert not text[last:].strip()


@given(TEXTS, st.one_of(st.just(""), st.just("Army takes a town"), st.text(max_size=30)))
@settings(max_examples=600, deadline=None)
def test_blocks_tile_what_is_no_space(text: str, title: str) -> None:
    report = finish_report(Report(id="", text=text, title=title))
    assert report.text == text
    check_tiles(text, report.blocks)


@given(TEXTS, st.booleans())
@settings(deadline=None)
def test_json_keeps_the_text(text: str, ascii_only: bool) -> None:
    line = json.dumps({"text": text}, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
    (item,) = read_jsonl(io.BytesIO(line + b"\n"), "x")
    if text.strip() and not any("\ud800" <= character <= "\udfff" for character in text):
        assert isinstance(item, Report)
        assert item.text == text
    else:
        assert isinstance(item, UnreadableReport)


@given(st.lists(st.binary(max_size=60).map(lambda data: data.replace(b"\n", b" ")), max_size=6))
@settings(deadline=None)
def test_every_line_comes_out_as_something(lines: list[bytes]) -> None:
    data = b'{"text": "first"}\n' + b"\n".join(lines)
    items = list(read_jsonl(io.BytesIO(data), "x"))
    if b"\x00" in data:
        assert len(items) == 1
    else:
        assert len(items) == 1 + sum(bool(line.strip()) for line in lines)


@given(st.binary(max_size=400))
@settings(deadline=None)
def test_no_bytes_make_a_reader_fall_over(data: bytes) -> None:
    for reader in (read_text, read_jsonl, read_csv, read_html):
        items = list(reader(io.BytesIO(data), "x"))
        assert all(isinstance(item, Report | UnreadableReport) for item in items)
        assert items
    table = b"text,title\n" + data
    assert all(isinstance(item, Report | UnreadableReport) for item in read_csv(io.BytesIO(table), "x"))


@given(st.text(max_size=60), st.sampled_from(["utf-16", "utf-32"]), st.integers(0, 9))
@settings(deadline=None)
def test_other_encodings_of_json_lose_no_line(text: str, encoding: str, cut: int) -> None:
    data = (json.dumps({"text": "first"}) + "\n" + json.dumps({"text": f"a {text}"}, ensure_ascii=False)).encode(
        encoding, "surrogatepass"
    )
    items = list(read_jsonl(io.BytesIO(data[: len(data) - cut]), "x"))
    assert isinstance(items[0], Report)
    assert len(items) == 2
