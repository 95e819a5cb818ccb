"""Report -> Extraction: what a report says of who holds or contests a named place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from whoheld.plugins import Extractor, Lexicon
from whoheld.vocabulary import Extraction, Report

__all__ = ["extract_claims", "open_rules", "open_trained"]


def open_rules(lexicon: Lexicon, **settings: Any) -> Extractor:
    """The extractor of the entry point `rules`: a grammar over spaCy's parses. Settings: `model`, `batch`."""
    from whoheld.extract.rules import RulesExtractor  # noqa: PLC0415 - spaCy takes seconds to load

    return RulesExtractor(lexicon, **settings)


def open_trained(lexicon: Lexicon, **settings: Any) -> Extractor:
    """The extractor of the entry point `trained`: a small network. Settings: `threads`."""
    from whoheld.extract.trained import TrainedExtractor  # noqa: PLC0415 - it loads a runtime

    return TrainedExtractor(lexicon, **settings)


def extract_claims(reports: Iterable[Report], extractor: Extractor) -> Iterator[Extraction]:
    """One extraction a report, in order; an extraction exists also when it is empty."""
    yield from extractor(reports)
