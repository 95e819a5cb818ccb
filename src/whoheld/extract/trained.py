"""The trained coder: a small encoder that has read annotated reports. It needs no parse."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from whoheld.extract.decide import drafts
from whoheld.extract.hedges import hedged
from whoheld.extract.merge import Draft, claims_of
from whoheld.extract.network import Network
from whoheld.extract.nlp import sentences
from whoheld.extract.slots import Names, Offer, offers
from whoheld.extract.times import find_times
from whoheld.extract.triggers import worth_reading
from whoheld.extract.windows import Window, windows
from whoheld.plugins import Lexicon
from whoheld.vocabulary import Attribution, Extraction, Kind, Mention, Report, Span

CODER = "trained/1"

# Log odds that must be reached, by kind, and for "actor", "opponent", "time" and "now"; 0 for what does not stand here.
# Lower odds for actors gain 0.01 of core F1 and make three more false "held" in the demo: it stays at even odds.
LEAST: dict[str, float] = {}
LOWEST = min(LEAST.get(kind.value, 0.0) for kind in Kind)  # below this nothing is told, of whatever kind


class TrainedExtractor:
    """Reads claims by a trained network. Fits `plugins.Extractor`.

    `threads` are those of the network, 0 for as many as there are cores.
    """

    coder = CODER

    def __init__(self, lexicon: Lexicon, *, threads: int = 0) -> None:
        self._lexicon = lexicon
        self._network = Network(threads=threads)
        self.tokenizer = self._network.tokenizer

    def __call__(self, reports: Iterable[Report]) -> Iterator[Extraction]:
        """One extraction a report, in order, also where nothing is found."""
        for report in reports:
            yield self._read(report)

    def _read(self, report: Report) -> Extraction:
        names = names_of(report.text, self._lexicon)
        told: list[Draft] = []
        if names.places:
            judged = [
                one
                for window in self._windows(report, names)
                for one in self._network.judge(report.text, window, LOWEST)
            ]
            told = [self._hedged(report.text, draft) for draft in drafts(report.text, judged, LEAST)]
        claims = claims_of(report, told, self.coder, self._lexicon, names.actors)
        return Extraction(
            report.id,
            self.coder,
            claims,
            names.times,
            tuple(sorted((*names.places, *names.countries), key=_start)),
            names.actors,
            tuple(_attributions(told)),
        )

    @staticmethod
    def _hedged(text: str, draft: Draft) -> Draft:
        return replace(draft, factuality=hedged(text, draft.sentence, draft.trigger, draft.factuality))

    def _windows(self, report: Report, names: Names) -> Iterator[Window]:
        return windows(report.text, list(offers_of(report, names, self._lexicon)), names, self.tokenizer)


def names_of(text: str, lexicon: Lexicon) -> Names:
    """All names of a report."""
    places = lexicon.find_places(text)
    countries = tuple(p for p in places if lexicon.place_class(p.text) == "country")
    return Names(tuple(p for p in places if p not in countries), countries, lexicon.find_actors(text), find_times(text))


def offers_of(report: Report, names: Names, lexicon: Lexicon) -> Iterator[Offer]:
    """The sentences of a report that can carry a claim, with what they offer."""
    for offer in offers(report.text, list(sentences(report)), names, lexicon):
        if worth_reading(report.text[offer.sentence.start : offer.sentence.end]):
            yield offer


def _attributions(told: Iterable[Draft]) -> Iterator[Attribution]:
    """Who says what the sentences of the claims tell."""
    said = dict.fromkeys((source, draft.sentence) for draft in told for source in draft.sources)
    for source, sentence in said:
        yield Attribution(source, None, Span(sentence.start, sentence.end))


def _start(mention: Mention) -> int:
    return mention.start
