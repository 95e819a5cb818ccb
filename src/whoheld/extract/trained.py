"""The trained coder: a small encoder that has read annotated reports. It needs no parse."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace

from threadpoolctl import ThreadpoolController

from whoheld.extract.decide import drafts
from whoheld.extract.hedges import hedged
from whoheld.extract.merge import Draft, claims_of
from whoheld.extract.network import Floats, Network
from whoheld.extract.nlp import sentences
from whoheld.extract.slots import Names, Offer, offers
from whoheld.extract.times import find_times
from whoheld.extract.windows import Window, windows
from whoheld.extract.worth import worth
from whoheld.plugins import Lexicon
from whoheld.vocabulary import Attribution, Extraction, Kind, Mention, Report, Span

CODER = "trained/2"

# Log odds that must be reached, with the keys of `drafts`; 0 for what does not stand here.
# At even odds histories get few of the dates that stand in their sentences: with "time" anywhere from -0.5 to -2.5
# strict F1 of control kinds on the held-back fifth is 0.49 to 0.51, with 0 it is 0.46, and news do not mind. Lower odds
# for "carried" gain nothing; no other number that was tried there gained more than noise.
LEAST: dict[str, float] = {"time": -1.0}
LOWEST = min(LEAST.get(kind.value, 0.0) for kind in Kind)  # below this nothing is told, of whatever kind
_AHEAD = 8  # reports whose windows are being encoded while one is judged

_Encoded = tuple[Window, Future[Floats]]


class TrainedExtractor:
    """Reads claims by a trained network. Fits `plugins.Extractor`.

    `threads` encode side by side, 0 for as many as there are cores.
    """

    coder = CODER

    def __init__(self, lexicon: Lexicon, *, threads: int = 0) -> None:
        self._lexicon = lexicon
        self._network = Network()
        self._threads = threads or os.cpu_count() or 1
        self._arithmetic = ThreadpoolController()  # NumPy with threads of its own takes the cores from the encoder

    def __call__(self, reports: Iterable[Report]) -> Iterator[Extraction]:
        """One extraction a report, in order, also where nothing is found.

        The reports that follow are encoded meanwhile.
        """
        begun: deque[tuple[Report, Names, list[_Encoded]]] = deque()
        with self._arithmetic.limit(limits=1, user_api="blas"), ThreadPoolExecutor(self._threads) as pool:
            for report in reports:
                names = names_of(report.text, self._lexicon)
                begun.append((report, names, list(self._encoded(report, names, pool))))
                if len(begun) > _AHEAD:
                    yield self._told(*begun.popleft())
            while begun:
                yield self._told(*begun.popleft())

    def _encoded(self, report: Report, names: Names, pool: ThreadPoolExecutor) -> Iterator[_Encoded]:
        """The windows of a report, each with what will be its vectors."""
        found = list(offers_of(report, names, self._lexicon)) if names.places else []
        for window in windows(report.text, found, names, self._network.tokenizer):
            yield window, pool.submit(self._network.encode, window)

    def _told(self, report: Report, names: Names, encoded: Sequence[_Encoded]) -> Extraction:
        """What a report tells, by the vectors of its windows."""
        judged = [
            one
            for window, vectors in encoded
            for one in self._network.heads.judge(report.text, window, vectors.result(), LOWEST)
        ]
        told = [self._hedged(report.text, draft) for draft in drafts(report.text, judged, LEAST)]
        return Extraction(
            report.id,
            self.coder,
            claims_of(report, told, self.coder, self._lexicon, names.actors),
            names.times,
            tuple(sorted((*names.places, *names.countries), key=_start)),
            names.actors,
            tuple(_attributions(told)),
        )

    @staticmethod
    def _hedged(text: str, draft: Draft) -> Draft:
        return replace(draft, factuality=hedged(text, draft.sentence, draft.trigger, draft.factuality))


def names_of(text: str, lexicon: Lexicon) -> Names:
    """All names of a report."""
    places = lexicon.find_places(text)
    countries = tuple(p for p in places if lexicon.place_class(p.text) == "country")
    return Names(tuple(p for p in places if p not in countries), countries, lexicon.find_actors(text), find_times(text))


def offers_of(report: Report, names: Names, lexicon: Lexicon) -> Iterator[Offer]:
    """The sentences of a report that are worth reading, with what they offer."""
    found = list(sentences(report))
    return offers(report.text, found, worth(report.text, found, names), names, lexicon)


def _attributions(told: Iterable[Draft]) -> Iterator[Attribution]:
    """Who says what the sentences of the claims tell."""
    said = dict.fromkeys((source, draft.sentence) for draft in told for source in draft.sources)
    for source, sentence in said:
        yield Attribution(source, None, Span(sentence.start, sentence.end))


def _start(mention: Mention) -> int:
    return mention.start
