"""Scores where events happen: which of a sentence's places is that of a given verb, on the fifth that was held back.

    .venv/bin/python evals/scenes.py [--shared ../shared]

The sentences are those of Halterman (2019), “Geolocating Political Events in Text”: one verb each, and the names of the
places where that happened. Scored by words, as there: a word is right where the corpus has it in the name of a place of
the event too. The network learned from the other four fifths (training/material.py says which).
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from whoheld.extract.network import Network
from whoheld.extract.trained import names_of
from whoheld.extract.windows import asked_window
from whoheld.resolve import open_resolver
from whoheld.vocabulary import Span

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "training"))

from material import event_sentences  # noqa: E402 - it stands beside the training

_WORD = re.compile(r"\w+|[^\w\s]")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared", help="the corpora")
    args = parser.parse_args()
    if not args.shared.is_dir():
        print(f"Nothing scored: {args.shared} is missing (the corpora are not part of the repository).")
        return
    lexicon, network = open_resolver().lexicon, Network()
    hits = told = wanted = whole = count = 0
    for one in event_sentences(args.shared / "data", held_back=True):
        window = asked_window(one.text, one.verb, names_of(one.text, lexicon), network.tokenizer)
        odds = network.heads.scene(window, network.encode(window), one.verb)
        words = [Span(*match.span()) for match in _WORD.finditer(one.text)]
        at = window.positions(words)[:, 0].tolist()
        found = {i for i, first in enumerate(at) if first and odds[first] >= 0}
        gold = {i for i, word in enumerate(words) if any(word.start < p.end and word.end > p.start for p in one.places)}
        hits, told, wanted = hits + len(found & gold), told + len(found), wanted + len(gold)
        whole, count = whole + (found == gold), count + 1
    precision, recall = hits / max(told, 1), hits / max(wanted, 1)
    print(f"— places of events, held-back fifth: {count} sentences")
    print(f"words: P {precision:.3f}  R {recall:.3f}  F1 {2 * precision * recall / max(precision + recall, 1e-9):.3f}")
    print(f"all words of a sentence right: {whole / max(count, 1):.3f}")


if __name__ == "__main__":
    main()
