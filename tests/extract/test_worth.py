"""Which sentences are worth reading."""

from __future__ import annotations

import pytest

from whoheld.extract.nlp import sentences
from whoheld.extract.trained import names_of
from whoheld.extract.worth import worth
from whoheld.read import finish_report
from whoheld.resolve import Resolver, open_resolver
from whoheld.vocabulary import Report

WAR = [
    "Rebels captured Maarrat on Sunday.",
    "Government forces have besieged Douma since 2013.",
    "Russian jets struck the market of Atarib, killing nine.",
    "The militants still hold Mayadeen.",
    "TROOPS RETAKE PALMYRA FROM IS",
    "The army denied that it had lost Sukhna.",
]
PEACE = [
    "The council of Dublin voted for a new library on Main Street.",
    "Volunteers planted two hundred trees along the river in Charleston.",
    "The bakery in Alexandria opens at six.",
]


@pytest.fixture(scope="module")
def resolver() -> Resolver:
    return open_resolver()


def judged(text: str, resolver: Resolver) -> list[bool]:
    found = list(sentences(finish_report(Report("r", text))))
    return worth(text, found, names_of(text, resolver.lexicon))


@pytest.mark.parametrize("sentence", WAR)
def test_war_is_read(sentence: str, resolver: Resolver) -> None:
    assert judged(sentence, resolver) == [True]


def test_most_of_an_ordinary_report_is_passed_over(resolver: Resolver) -> None:
    assert sum(judged(" ".join(PEACE), resolver)) <= 1


def test_one_sentence_of_war_in_an_ordinary_report_is_read(resolver: Resolver) -> None:
    text = " ".join([*PEACE, WAR[0], *PEACE])
    assert judged(text, resolver)[len(PEACE)]


def test_a_report_without_sentences(resolver: Resolver) -> None:
    assert worth("", [], names_of("", resolver.lexicon)) == []
