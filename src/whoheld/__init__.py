"""whoheld: who held each place, when, and who says so.

The verbs, in the order in which data flows through them::

    reports = read_reports(["article.html"])
    extractions = extract_claims(reports, extractor)
    resolutions = resolve_claims(zip(reports, extractions), open_resolver())
    ledger = open_ledger("whoheld.sqlite")
    who_held(ledger, "al-Qaryatayn", on=date(2017, 10, 22))

`ingest_reports` does the first three and fills the ledger. Names are loaded when they are first used (PEP 562):
the parser and the inference are heavy, and not every program needs both.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from whoheld.ask import changes_between, resolve_place_query, timeline_of, timelines, who_held
    from whoheld.errors import (
        AmbiguousPlace,
        BadData,
        ExportError,
        LedgerError,
        MissingPlugin,
        UnknownPlace,
        UnreadableReport,
        WhoheldError,
    )
    from whoheld.export import export_timelines
    from whoheld.extract import extract_claims
    from whoheld.fuse import Policy, fuse_claims
    from whoheld.ledger import open_ledger
    from whoheld.pipeline import IngestCount, extract_reports, ingest_reports, open_extractor
    from whoheld.read import read_reports
    from whoheld.resolve import open_resolver, resolve_claims
    from whoheld.vocabulary import (
        Answer,
        Cited,
        Claim,
        Decision,
        Entry,
        Extraction,
        Kind,
        Modality,
        Place,
        Report,
        Resolution,
        ResolvedClaim,
        Spell,
        State,
        Testimony,
        Timeline,
        Verdict,
    )

__version__ = "0.1.0"

__all__ = [
    "AmbiguousPlace",
    "Answer",
    "BadData",
    "Cited",
    "Claim",
    "Decision",
    "Entry",
    "ExportError",
    "Extraction",
    "IngestCount",
    "Kind",
    "LedgerError",
    "MissingPlugin",
    "Modality",
    "Place",
    "Policy",
    "Report",
    "Resolution",
    "ResolvedClaim",
    "Spell",
    "State",
    "Testimony",
    "Timeline",
    "UnknownPlace",
    "UnreadableReport",
    "Verdict",
    "WhoheldError",
    "__version__",
    "changes_between",
    "export_timelines",
    "extract_claims",
    "extract_reports",
    "fuse_claims",
    "ingest_reports",
    "open_extractor",
    "open_ledger",
    "open_resolver",
    "read_reports",
    "resolve_claims",
    "resolve_place_query",
    "timeline_of",
    "timelines",
    "who_held",
]

_HOMES = {
    "ask": "changes_between resolve_place_query timeline_of timelines who_held",
    "errors": "AmbiguousPlace BadData ExportError LedgerError MissingPlugin UnknownPlace UnreadableReport WhoheldError",
    "export": "export_timelines",
    "extract": "extract_claims",
    "fuse": "Policy fuse_claims",
    "ledger": "open_ledger",
    "pipeline": "IngestCount extract_reports ingest_reports open_extractor",
    "read": "read_reports",
    "resolve": "open_resolver resolve_claims",
    "vocabulary": "Answer Cited Claim Decision Entry Extraction Kind Modality Place Report Resolution ResolvedClaim"
    " Spell State Testimony Timeline Verdict",
}
_HOME = {name: module for module, names in _HOMES.items() for name in names.split()}


def __getattr__(name: str) -> Any:
    """A public name, from the room that it lives in."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
