"""The HTML map: data in, hostile text out of harm's way, quotations in their context."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from export.world import ARABIC_TEXT, HOSTILE, WIRE_TEXT, build
from whoheld.errors import ExportError
from whoheld.export import export_timelines, html
from whoheld.export.html import SLOT, embed
from whoheld.export.page import CONTEXT, FORMAT, page_record, quotation_in_context
from whoheld.vocabulary import Quotation

WEB = Path(__file__).parents[2] / "web"


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder in place of the package's, with the unbuilt page as template; the real one needs Node."""
    folder = tmp_path / "package"
    (folder / "static").mkdir(parents=True)
    page = (WEB / "index.html").read_bytes()
    (folder / "static" / "map.html").write_bytes(page)
    monkeypatch.setattr(html, "files", lambda _: folder)
    return folder / "static" / "map.html"


def data_of(page: str) -> dict[str, object]:
    found = re.search(r'<script type="application/json" id="whoheld-data">(.*?)</script>', page, re.DOTALL)
    assert found
    data: dict[str, object] = json.loads(found[1])
    return data


def test_the_page_holds_the_data_once(built: Path, tmp_path: Path) -> None:
    timelines, ledger = build()
    export_timelines(timelines, ledger, tmp_path / "map.html")
    page = (tmp_path / "map.html").read_text(encoding="utf-8")
    assert data_of(page) == page_record(timelines, ledger)
    assert page.count("whoheld-data") == 1


def test_hostile_text_adds_no_markup(built: Path, tmp_path: Path) -> None:
    timelines, ledger = build()
    export_timelines(timelines, ledger, tmp_path / "map.html")
    page = (tmp_path / "map.html").read_text(encoding="utf-8")
    empty = built.read_text(encoding="utf-8")
    for sign in ("<script", "</script", "<img", "<!--", "\u2028"):
        assert page.count(sign) == empty.count(sign)
    claims = data_of(page)["claims"]
    assert isinstance(claims, dict)
    assert HOSTILE in claims["c-hostile"]["evidence"][0]["exact"]


@given(st.recursive(st.none() | st.floats(allow_nan=False) | st.text(), st.lists))
def test_embedded_json_is_the_same_json_without_markup(value: object) -> None:
    embedded = embed(json.dumps(value, ensure_ascii=False).encode("utf-8", "backslashreplace"))
    assert json.loads(embedded) == value
    assert not {"<", ">", "&", "\u2028", "\u2029"} & set(embedded.decode("utf-8"))


def test_a_map_that_is_not_built_says_what_to_run(built: Path, tmp_path: Path) -> None:
    timelines, ledger = build()
    built.unlink()
    with pytest.raises(ExportError, match="make web"):
        export_timelines(timelines, ledger, tmp_path / "map.html")
    assert not (tmp_path / "map.html").exists()


@pytest.mark.parametrize(
    ("before", "after"),
    [(SLOT, b""), (SLOT, SLOT + SLOT), (f'content="{FORMAT}"'.encode(), b'content="0"')],
)
def test_a_map_of_another_version_is_refused(built: Path, tmp_path: Path, before: bytes, after: bytes) -> None:
    timelines, ledger = build()
    page = built.read_bytes()
    assert before in page
    built.write_bytes(page.replace(before, after))
    with pytest.raises(ExportError, match="another version"):
        export_timelines(timelines, ledger, tmp_path / "map.html")


def test_a_large_map_warns(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    timelines, ledger = build()
    monkeypatch.setattr(html, "LARGE", 1000)
    with pytest.warns(UserWarning, match="Send it zipped"):
        export_timelines(timelines, ledger, tmp_path / "map.html")
    assert (tmp_path / "map.html").exists()


# --- what the page knows ------------------------------------------------------------------------------------


def test_only_cited_claims_and_their_reports_are_taken() -> None:
    timelines, ledger = build()
    page = page_record(timelines[:1], ledger)
    assert set(page["claims"]) == {"c-wire", "c-copy", "c-arabic", "c-state", "c-old"}
    assert set(page["reports"]) == {"wire", "copy", "arabic", "state", "old"}
    assert all("text" not in report for report in page["reports"].values())


def test_the_original_of_a_copy_is_named_though_nothing_of_it_is_cited() -> None:
    timelines, ledger = build()
    spell = timelines[0].spells[-1]
    alone = type(spell)(spell.state, spell.first, spell.last, spell.holder, support=(spell.support[1],))
    page = page_record((type(timelines[0])(timelines[0].place, (alone,)),), ledger)
    assert set(page["claims"]) == {"c-copy"}
    assert page["reports"]["wire"]["publisher"] == "Northern Wire"


def test_a_claim_says_when_it_was_recorded_and_what_analysts_decided() -> None:
    timelines, ledger = build()
    claim = page_record(timelines, ledger)["claims"]["c-wire"]
    assert claim["recorded"] == "2024-01-02T03:04:05+00:00"
    assert [(made["verdict"], made["by"]) for made in claim["decisions"]] == [("accept", "R. Analyst")]


def test_every_quotation_stands_in_its_report_with_its_context() -> None:
    timelines, ledger = build()
    for claim in page_record(timelines, ledger)["claims"].values():
        text = ledger.report(claim["report_id"]).text
        for quotation in claim["evidence"]:
            whole = quotation["prefix"] + quotation["exact"] + quotation["suffix"]
            assert text[quotation["start"] - len(quotation["prefix"]) :].startswith(whole)
            assert text[quotation["start"] : quotation["end"]] == quotation["exact"]


def test_context_ends_with_the_paragraph() -> None:
    start = WIRE_TEXT.index("Government troops")
    shown = quotation_in_context(WIRE_TEXT, Quotation.of(WIRE_TEXT, start, start + 16))
    assert shown["prefix"] == ""
    assert shown["suffix"].endswith("left in the dark.")
    assert shown["cut"] == [False, False]


def test_long_context_is_cut_between_words() -> None:
    text = "alpha " * 100 + "omega" + " delta" * 100
    start = text.index("omega")
    shown = quotation_in_context(text, Quotation.of(text, start, start + 5))
    assert shown["cut"] == [True, True]
    assert 0 < len(shown["prefix"]) <= CONTEXT
    assert shown["prefix"].split() == ["alpha"] * (len(shown["prefix"]) // 6)
    assert shown["suffix"].split() == ["delta"] * (len(shown["suffix"]) // 6)


def test_a_quotation_that_the_text_does_not_hold_keeps_its_own_context() -> None:
    quotation = Quotation.of(ARABIC_TEXT, 4, 8)
    assert quotation_in_context("", quotation)["prefix"] == quotation.prefix
