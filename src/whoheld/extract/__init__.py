"""Report -> Extraction: what a report says of who holds or contests a named place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from whoheld.extract.rules import RulesExtractor
from whoheld.plugins import Extractor
from whoheld.vocabulary import Extraction, Report

__all__ = ["RulesExtractor", "extract_claims", "rules"]

rules = RulesExtractor
"""The extractor of the entry point `rules`: call it with a lexicon, and `model=` if you like."""


def extract_claims(reports: Iterable[Report], extractor: Extractor) -> Iterator[Extraction]:
    """One extraction a report, in order; an extraction exists also when it is empty."""
    yield from extractor(reports)
