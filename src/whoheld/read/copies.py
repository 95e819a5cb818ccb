"""Who copies whom: the same agency story in several outlets, and reports that came twice.

An echo is not a witness. A report is a copy where most of its words stand, in runs of five, in one earlier report
(w-shingling and containment: Broder 1997). One that quotes or updates another has words of its own.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from whoheld.vocabulary import BlockKind, Report

Shingles = NDArray[np.uint64]

_RUN = 5  # words in a shingle
_SHARE = 0.6  # of a report's shingles that must stand in the other
_SAMPLED = 8  # one in so many shingles is looked up in the index
_FEWEST = 25  # shingles; a text of thirty words says too little of where it comes from
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class _Known:
    id: str
    published: date | None
    shingles: Shingles
    root: str


class CopyIndex:
    """The reports seen so far, for finding what a new one reprints.

    Holds the last `limit` reports: about 4 kB each. The answers depend only on the reports and their order.
    """

    def __init__(self, limit: int = 50_000) -> None:
        self._limit = limit
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._holders: dict[int, str] = {}  # sampled shingle -> the report that had it first

    def add(self, report: Report) -> str | None:
        """The id of the report that this one reprints, or None; and remember it.

        A report that was published before the one whose words it shares is the original, not a copy. Also for
        priming the index with reports that are known already, in the order in which they were recorded.
        """
        if report.id in self._known:
            known = self._known[report.id].root
            return known if known != report.id else None
        shingles = _shingles(report)
        root = report.copy_of or self._find(report, shingles)
        self._known[report.id] = _Known(report.id, report.published, shingles, root or report.id)
        for shingle in _sample(shingles):
            self._holders.setdefault(shingle, report.id)
        while len(self._known) > self._limit:
            oldest, gone = self._known.popitem(last=False)
            for shingle in _sample(gone.shingles):
                if self._holders.get(shingle) == oldest:
                    del self._holders[shingle]
        return root

    def _find(self, report: Report, shingles: Shingles) -> str | None:
        if len(shingles) < _FEWEST:
            return None
        votes = Counter(self._holders[shingle] for shingle in _sample(shingles) if shingle in self._holders)
        best: tuple[float, _Known] | None = None
        # Counter keeps ties in the order of the text, so that the answer does not hang on chance.
        for key, _ in votes.most_common(8):
            known = self._known[key]
            share = len(np.intersect1d(shingles, known.shingles, assume_unique=True)) / len(shingles)
            if share >= _SHARE and not _is_before(report, known) and (best is None or share > best[0]):
                best = (share, known)
        return best[1].root if best else None


def mark_copies(reports: Iterable[Report], index: CopyIndex | None = None, *, window: int = 2_000) -> Iterator[Report]:
    """The reports in their order, with `copy_of` set on each that reprints another.

    The original is the one published first, and of one day the one that came first. For this `window` reports are
    held at a time and compared by date; beyond it a report that comes late stays an original of its own. A `copy_of`
    that is set already is kept. `index` carries what was seen before.
    """
    index = index if index is not None else CopyIndex()
    stream = iter(reports)
    while held := list(islice(stream, window)):
        order = sorted(range(len(held)), key=lambda place: (held[place].published or date.max, place))
        originals: dict[int, str | None] = {place: index.add(held[place]) for place in order}
        for place, report in enumerate(held):
            yield replace(report, copy_of=report.copy_of or originals[place])


def _is_before(report: Report, known: _Known) -> bool:
    return report.published is not None and known.published is not None and report.published < known.published


def _shingles(report: Report) -> Shingles:
    """The hashes of all runs of five words in what the report itself says, sorted, each once."""
    stretches = [
        report.text[block.start : block.end]
        for block in report.blocks
        if block.kind in (BlockKind.BODY, BlockKind.STANDFIRST)
    ] or [report.text]
    words = _WORD.findall(" ".join(stretches).casefold())
    if len(words) < _RUN:
        return np.empty(0, np.uint64)
    hashed = np.fromiter((_hash(word) for word in words), np.uint64, len(words))
    runs = np.zeros(len(words) - _RUN + 1, np.uint64)
    for offset in range(_RUN):
        runs = runs * np.uint64(0x9E3779B97F4A7C15) + hashed[offset : offset + len(runs)]
    # A last mix (splitmix64), so that sampling by remainder is fair.
    runs ^= runs >> np.uint64(30)
    runs *= np.uint64(0xBF58476D1CE4E5B9)
    runs ^= runs >> np.uint64(27)
    return np.unique(runs)


def _hash(word: str) -> int:
    """A hash that is the same in every run, unlike Python's own."""
    return zlib.crc32(word.encode("utf-8", "surrogatepass"))


def _sample(shingles: Shingles) -> list[int]:
    picked: list[int] = shingles[shingles % np.uint64(_SAMPLED) == 0].tolist()
    return picked
