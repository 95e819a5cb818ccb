"""A record of named fields, from whatever table or file, to a Report."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime

from whoheld.errors import UnreadableReport
from whoheld.read.dates import parse_published
from whoheld.read.decode import has_surrogates
from whoheld.vocabulary import Report

COLUMNS: dict[str, tuple[str, ...]] = {
    "text": ("text", "body", "content", "article", "fulltext", "fullcontent", "articletext", "articlebody"),
    "published": ("published", "publishedat", "publicationdate", "datepublished", "date", "pubdate", "datetime"),
    "publisher": ("publisher", "source", "outlet", "publication", "sitename"),
    "title": ("title", "headline"),
    "url": ("url", "link", "permalink"),
    "id": ("id", "reportid"),
    "language": ("language", "lang"),
    "retrieved": ("retrieved", "retrievedat"),
}
"""For each field of a report the column names that mean it, likeliest first; case, spaces and marks do not matter."""


def map_columns(header: Iterable[str]) -> dict[str, str]:
    """Field of a report -> name of the column that holds it, for the fields that have one."""
    known: dict[str, str] = {}
    for name in header:
        known.setdefault(re.sub(r"[\W_]+", "", name).lower(), name)
    return {
        field: next(known[alias] for alias in aliases if alias in known)
        for field, aliases in COLUMNS.items()
        if any(alias in known for alias in aliases)
    }


def make_report(fields: Mapping[str, object], name: str, line: int | None) -> Report:
    """The report of a record with the fields of the record format; others are passed over.

    `id` stays "" where the record has none. Raises UnreadableReport, with `line`, for a record that is no report.
    """

    def refuse(problem: str, remedy: str) -> UnreadableReport:
        return UnreadableReport(name, problem, remedy, line=line)

    text = fields.get("text")
    if text is None:
        have = ", ".join(sorted(str(key) for key in fields)[:8]) or "nothing"
        raise refuse(f"the record has no “text” (it has: {have})", "Give each report its words in a field “text”")
    if not isinstance(text, str):
        raise refuse(f"“text” is not a text but {_kind(text)}", "Give the report's words as one string")
    if not text.strip():
        raise refuse("“text” has no words", "Leave the record out, or give its text")
    words: dict[str, str] = {}
    for field in ("id", "publisher", "title", "url", "language"):
        value = fields.get(field)
        if isinstance(value, int) and not isinstance(value, bool) and field == "id":
            value = str(value)
        if value is not None and not isinstance(value, str):
            raise refuse(f"“{field}” is not a text but {_kind(value)}", "Write it as a string, or leave it out")
        # An id is not ours to tidy: what comes out must have the id that went in.
        words[field] = value or "" if field == "id" and (value or "").strip() else (value or "").strip()
    for field, value in {"text": text, **words}.items():
        if has_surrogates(value):
            raise refuse(f"“{field}” has half of a surrogate pair in it", "Write the file again in valid UTF-8")
    try:
        published, published_at, warning = parse_published(fields.get("published"))
    except ValueError as wrong:
        raise refuse(str(wrong), "Write it as YYYY-MM-DD, or leave it out") from None
    try:
        retrieved = parse_published(fields.get("retrieved"))[1]
    except ValueError:
        retrieved, warning = None, warning or "The time of retrieval cannot be read; it was left out."
    return Report(
        text=text,
        published=published,
        published_at=published_at,
        retrieved=_aware(retrieved),
        warnings=(warning,) if warning else (),
        id=words["id"],
        publisher=words["publisher"],
        title=words["title"],
        url=words["url"],
        language=words["language"],
    )


def _aware(moment: datetime | None) -> datetime | None:
    return moment if moment is not None and moment.tzinfo is not None else None


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, list | tuple):
        return "a list"
    return "an object" if isinstance(value, Mapping) else f"a {type(value).__name__}"
