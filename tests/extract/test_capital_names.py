"""Names that are also function words keep their part in the sentence: docs/decisions/0003-english-model.md."""

import pytest

from whoheld.extract.nlp import Sentence, load_model, parse
from whoheld.vocabulary import BlockKind

pytestmark = pytest.mark.model

NAMES = {"IS", "AS", "WHO"}
SENTENCES = [
    "IS lost Mayadeen.",
    "IS captured Ramadi.",
    "That saw IS capture Hit.",
    "In Hit, IS attacked the army.",
    "The army took Hit from IS.",
    "IS is holding Hit.",
    "Fighters of IS left.",
    "The town that IS held was bombed.",
    "AS militants took El Bur.",
    "The WHO said that the RSF had besieged El Fasher.",
    "The AU said AS held the town.",
    "He said IS had shelled Hit.",
    "IS fighters seized Rawa.",
    "Clashes with IS broke out.",
    "It was IS that took Sirte.",
]


def test_capital_names_are_read_as_names() -> None:
    whole = [(Sentence(0, len(text), BlockKind.BODY), text) for text in SENTENCES]
    parsed = list(parse(load_model(), whole))
    misread = [one.text for one in parsed for w in one.words if w.text in NAMES and w.pos not in ("PROPN", "NOUN")]
    assert len(misread) <= 1, misread  # measured: 1 (“AS” as a pronoun); 11 without the trick


def test_text_and_offsets_stay() -> None:
    text = "He left. IS lost Mayadeen."
    (one,) = parse(load_model(), [(Sentence(9, len(text), BlockKind.BODY), text)])
    assert [w.text for w in one.words] == ["IS", "lost", "Mayadeen", "."]
    assert all(text[w.start : w.end] == w.text == one.span(w, w).text for w in one.words)


def test_the_verb_stays_a_verb() -> None:
    text = "The town is held by IS."
    (one,) = parse(load_model(), [(Sentence(0, len(text), BlockKind.BODY), text)])
    assert [w.pos for w in one.words if w.lower == "is"] == ["AUX", "PROPN"]
