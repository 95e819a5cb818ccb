"""Web pages: the words of the article, its title, outlet, date and language, taken out with trafilatura."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import IO, Any

import lxml.etree  # type: ignore[import-untyped]  # comes with trafilatura
import lxml.html  # type: ignore[import-untyped]
import trafilatura
import trafilatura.settings

from whoheld.errors import UnreadableReport
from whoheld.read.dates import parse_published
from whoheld.read.decode import decode
from whoheld.read.text import read_whole
from whoheld.vocabulary import Report

LIMIT = 8 << 20
"""Bytes of a page: taking 20 MB apart takes half a minute."""

_ENCODING = re.compile(rb"""<(?:meta|\?xml)\b[^>]{0,200}?\b(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{2,30})""", re.I)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d[\d:.]*(?:Z|[+-]\d\d:?\d\d)\Z")
# Where pages say when they were published; the order is that of trust.
_PUBLISHED = (
    "//meta[@property='article:published_time']/@content",
    "//meta[@itemprop='datePublished']/@content",
    "//meta[translate(@name, 'DCTERMSIUPBLH', 'dctermsiupblh')='dcterms.issued']/@content",
    "//meta[@name='pubdate' or @name='publishdate' or @name='date' or @name='DC.date.issued']/@content",
    "//*[@itemprop='datePublished']/@datetime",
    "//article//time[1]/@datetime",
)
_JSON_LD = re.compile(r'"datePublished"\s*:\s*"([^"]{10,40})"')
# What lxml, trafilatura and its helpers raise on broken pages; each is a page that we cannot read.
_PARSER_FAILURES = (
    lxml.etree.LxmlError, ValueError, TypeError, KeyError, IndexError, AttributeError, AssertionError, RecursionError,
)  # fmt: skip
_NO_WORDS = "no article was found in the page"


def read_html(stream: IO[bytes], name: str, *, limit: int = LIMIT) -> Iterator[Report | UnreadableReport]:
    """The article of a web page. See `plugins.Reader`.

    Its text is the title, a blank line, and the paragraphs with blank lines between. The date is one that the page
    gives; never today's, nor the file's.
    """
    try:
        yield _read_page(read_whole(stream, name, limit), name)
    except UnreadableReport as unreadable:
        yield unreadable


def _read_page(data: bytes, name: str) -> Report:
    declared = _ENCODING.search(data[:4096])
    page, warning = decode(data, name, declared=declared.group(1).decode("ascii", "replace") if declared else "")
    # lxml refuses a declaration of the encoding in a text that is decoded already.
    page = re.sub(r"\A\s*<\?xml[^>]*\?>", "", page)
    if not re.search(r"<[a-zA-Z!]", page):
        raise UnreadableReport(name, "this is no web page: it has no tags", "Rename it to .txt if it is plain text")
    try:
        # The parser takes characters that XML forbids, such as NUL, for the end of the text.
        tree = lxml.html.fromstring(re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", " ", page))
        with _quiet():
            document: Any = trafilatura.bare_extraction(
                tree,
                include_comments=False,
                include_tables=True,
                with_metadata=True,
                # htmldate's default for the latest date is today's: a clock must not decide what a page says.
                date_extraction_params={"original_date": True, "extensive_search": False, "max_date": "2099-12-31"},
                config=_settings(),
            )
    except _PARSER_FAILURES as wrong:
        problem = f"the page cannot be taken apart ({type(wrong).__name__})"
        raise UnreadableReport(name, problem, "Save its text as .txt") from None
    words = _text_of(document) if document is not None else ""
    if not words:
        raise UnreadableReport(name, _NO_WORDS, "Save its text as .txt, if it has any")
    assert document is not None  # it gave the words
    title = _line(document.title)
    published, published_at = _published(tree, page, document.date)
    has_title = not title or words.startswith(title)
    return Report(
        id="",
        text=words if has_title else f"{title}\n\n{words}",
        published=published,
        published_at=published_at,
        publisher=_line(document.sitename) or _line(document.hostname),
        title=title,
        url=_line(document.url),
        language=_line(tree.get("lang") or document.language)[:2].lower(),
        warnings=(warning,) if warning else (),
    )


def _text_of(document: Any) -> str:
    paragraphs = (paragraph.strip() for paragraph in (document.text or "").split("\n"))
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def _published(tree: Any, page: str, found: str | None) -> tuple[date | None, datetime | None]:
    """The day of publication, and the moment where the page gives one with its offset."""
    stated = [str(value).strip() for path in _PUBLISHED for value in tree.xpath(path)]
    stated += _JSON_LD.findall(page)
    for value in stated:
        if _MOMENT.match(value):
            try:
                day, moment, _ = parse_published(value)
            except ValueError:
                continue
            return day, moment
    for value in (*stated, found or ""):
        try:
            day, _, _ = parse_published(value)
        except ValueError:
            continue
        if day is not None:
            return day, None
    return None, None


def _settings() -> Any:
    """trafilatura's own settings, but for short articles, which are reports too."""
    settings = trafilatura.settings.use_config()
    settings.set("DEFAULT", "MIN_EXTRACTED_SIZE", "1")
    settings.set("DEFAULT", "MIN_OUTPUT_SIZE", "1")
    return settings


def _line(value: str | None) -> str:
    return " ".join((value or "").split())


@contextmanager
def _quiet() -> Iterator[None]:
    """Without what trafilatura and its helpers log of pages that they cannot read: we say it ourselves."""
    loggers = [logging.getLogger(name) for name in ("trafilatura", "htmldate", "justext", "courlan", "readability")]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)
