"""Web pages: what is taken from them, and what is not made up."""

from __future__ import annotations

import logging
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from whoheld.read import read_reports
from whoheld.vocabulary import BlockKind, Report

PAGE = """<!DOCTYPE html><html lang="en-GB"><head><meta charset="{charset}">
<title>Army takes Qaryatain | The Post</title>
<meta property="og:site_name" content="The Harbour Post">{head}<link rel="canonical" href="https://example.org/a/1">
</head><body><nav><a href="/">Home</a> <a href="/w">World</a></nav><article><h1>Army takes Qaryatain</h1>
<p>BEIRUT, Oct 21 (Agency) - Government troops captured “Qaryatain” on Saturday, the army said.</p>
<p>IS still holds Abu Kamal and a stretch of the Euphrates valley
<p>Residents have begun to return, an officer said. He spoke of mines.</p></article>
<footer>Copyright 2019 The Harbour Post. All rights reserved.</footer></body></html>"""
PUBLISHED = '<meta property="article:published_time" content="2017-10-22T00:30:00+03:00">'


def read(path: Path, page: str, charset: str = "utf-8", head: str = PUBLISHED) -> Report:
    path.write_bytes(page.replace("{charset}", charset).replace("{head}", head).encode(charset))
    (report,) = read_reports([path])
    assert isinstance(report, Report), report
    return report


@pytest.mark.parametrize("charset", ["utf-8", "windows-1252", "utf-16"])
def test_an_article(tmp_path: Path, charset: str) -> None:
    report = read(tmp_path / "a.html", PAGE, charset)
    assert report.title == "Army takes Qaryatain"
    assert report.publisher == "The Harbour Post"
    assert report.published == date(2017, 10, 22)
    assert report.published_at == datetime(2017, 10, 21, 21, 30, tzinfo=UTC)
    assert report.dateline == date(2017, 10, 21)
    assert report.language == "en"
    assert report.url == "https://example.org/a/1"
    assert "“Qaryatain”" in report.text
    assert "Home" not in report.text
    body = [report.text[block.start : block.end] for block in report.blocks if block.kind is BlockKind.BODY]
    assert body == [
        "Government troops captured “Qaryatain” on Saturday, the army said.",
        "IS still holds Abu Kamal and a stretch of the Euphrates valley",
        "Residents have begun to return, an officer said. He spoke of mines.",
    ]


def test_a_page_without_a_date_has_none(tmp_path: Path) -> None:
    report = read(tmp_path / "a.html", PAGE, head="")
    assert report.published is None
    assert report.dateline is None  # "Oct 21", of no year


def test_dates_that_the_report_speaks_of_are_not_its_own(tmp_path: Path) -> None:
    page = (
        "<html><body><p>On 3 August 2014 the group took Sinjar, which it held for more than a year.</p></body></html>"
    )
    assert read(tmp_path / "a.html", page).published is None


@pytest.mark.parametrize(
    ("head", "day"),
    [
        (
            '<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2017-10-22"}</script>',
            date(2017, 10, 22),
        ),
        ('<meta itemprop="datePublished" content="2017-10-22T10:00:00Z">', date(2017, 10, 22)),
        ('<meta name="date" content="22 October 2017">', date(2017, 10, 22)),
        ('<meta property="article:published_time" content="2093-01-02T00:00:00Z">', date(2093, 1, 2)),
        ('<meta property="article:published_time" content="0000-00-00T00:00:00Z">', None),
    ],
)
def test_where_a_page_says_its_date(tmp_path: Path, head: str, day: date | None) -> None:
    assert read(tmp_path / "a.html", PAGE, head=head).published == day


def test_short_pages_are_reports_too(tmp_path: Path) -> None:
    report = read(tmp_path / "a.html", "<html><body><p>IS lost Mayadeen.</p><p>It holds Abu Kamal.</p></body></html>")
    assert report.text == "IS lost Mayadeen.\n\nIt holds Abu Kamal."


@pytest.mark.parametrize(
    "page",
    [
        "<html></html>",
        "<html><body><script>var a = 1</script></body></html>",
        "<html><body>" + "<div>" * 50_000,
        "<",
        "no tags at all",
        "<!DOCTYPE html>",
        "<?xml version='1.0' encoding='klingon'?><html/>",
    ],
)
def test_pages_without_an_article_are_one_line_and_no_noise(
    tmp_path: Path, page: str, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "a.html").write_text(page)
    with caplog.at_level(logging.DEBUG):
        (error,) = read_reports([tmp_path / "a.html"])
    assert isinstance(error, Exception)
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]
