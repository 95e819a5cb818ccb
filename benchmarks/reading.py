"""How fast reports are read, against spaCy alone over the same texts: both in this one run.

    .venv/bin/python benchmarks/reading.py [--shared ../shared] [--extractor trained|rules] [--corpus NAME ...]

Bare spaCy is `nlp.pipe` with the default model as it is installed, nothing left out, over the full texts; whoheld is
extraction and resolution of the same reports, read from the file. What resolving takes of it is told, in seconds of its
own thread: on the clock it waits for the reader's threads, too. One process each, with the threads that the libraries
take. Loading is not counted in either. `--repeat` times each several times, in turns, and takes the fastest.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

import spacy

from whoheld.extract.nlp import DEFAULT_MODEL
from whoheld.pipeline import extract_reports, open_extractor
from whoheld.plugins import DEFAULT_EXTRACTOR
from whoheld.read import read_reports
from whoheld.resolve import Resolver, open_resolver
from whoheld.vocabulary import Extraction, Report, Resolution

ROOT = Path(__file__).resolve().parents[1]
CORPORA = {"fakes": "fakes.jsonl.gz", "lgl": "lgl.jsonl"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared", help="the corpora")
    parser.add_argument("--extractor", default=DEFAULT_EXTRACTOR, help="who reads")
    parser.add_argument("--corpus", action="append", choices=CORPORA, help="by default, all")
    parser.add_argument("--repeat", type=int, default=3, help="how often each is timed")
    args = parser.parse_args()
    if not args.shared.is_dir():
        sys.exit(f"Nothing to read: {args.shared} is missing (the corpora are not part of the repository).")
    nlp, resolver = spacy.load(DEFAULT_MODEL), open_resolver()
    extractor = open_extractor(resolver, name=args.extractor)
    for name in args.corpus or CORPORA:
        found = read_reports([args.shared / "data" / CORPORA[name]])
        reports = [report for report in found if isinstance(report, Report)]
        words = sum(len(report.text.split()) for report in reports)

        def bare(reports: list[Report] = reports) -> None:
            for _ in nlp.pipe(report.text for report in reports):
                pass

        timer = TimedResolver(resolver)

        def whole(reports: list[Report] = reports, timer: TimedResolver = timer) -> None:
            timer.seconds = 0.0
            started = time.perf_counter()
            for _ in extract_reports(reports, extractor, timer, failed=lambda failure: sys.exit(failure.reason)):
                pass
            timer.of = time.perf_counter() - started

        times: dict[str, float] = {}
        for _ in range(args.repeat):
            for side, read in (("spacy.pipe", bare), (f"whoheld, {args.extractor}", whole)):
                times[side] = min(times.get(side, float("inf")), timed(read))
        print(f"{name}: {len(reports)} reports, {words} words")
        for side, seconds in times.items():
            print(f"  {side:18} {seconds:7.1f} s  {words / seconds:8.0f} words a second")
        slow, quick = times.values()
        print(
            f"  whoheld is {slow / quick:.2f} times as fast; resolving was {timer.seconds / timer.of:.3f} of its time"
        )


class TimedResolver(Resolver):
    """A resolver that adds up the seconds of its thread; `of` is what the whole took on the clock."""

    def __init__(self, resolver: Resolver) -> None:
        super().__init__(resolver.gazetteer, resolver.registry)
        self.seconds, self.of = 0.0, 1.0

    def resolve(self, report: Report, extraction: Extraction) -> Resolution:
        started = time.thread_time()
        resolution = super().resolve(report, extraction)
        self.seconds += time.thread_time() - started
        return resolution


def timed(read: Callable[[], None]) -> float:
    """Seconds on the clock."""
    started = time.perf_counter()
    read()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
