"""Windows: what the encoder is shown of a report."""

from __future__ import annotations

import pytest
from tokenizers import Tokenizer

from whoheld.extract.nlp import sentences
from whoheld.extract.slots import offers
from whoheld.extract.trained import names_of
from whoheld.extract.windows import Window, asked_window, open_tokenizer, windows
from whoheld.read import finish_report
from whoheld.resolve import Resolver, open_resolver
from whoheld.vocabulary import Report, Span

TOLD = "On 3 May rebels took Hama and Homs from the army near Palmyra. "
IDLE = "The weather was mild, and people went on with what they were doing that day. "


@pytest.fixture(scope="module")
def resolver() -> Resolver:
    return open_resolver()


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return open_tokenizer()


def cut(text: str, wanted: str, resolver: Resolver, tokenizer: Tokenizer) -> list[Window]:
    """The windows of a text; read are the sentences that begin with the words `wanted`."""
    found = list(sentences(finish_report(Report("r", text))))
    names = names_of(text, resolver.lexicon)
    chosen = [text.startswith(wanted, sentence.start) for sentence in found]
    offered = list(offers(text, found, chosen, names, resolver.lexicon))
    made = list(windows(text, offered, names, tokenizer))
    assert [offer for window in made for offer, _, _ in window.offers] == offered
    return made


@pytest.mark.parametrize("between", [0, 1, 40])
def test_every_sentence_is_read_once_and_whole(between: int, resolver: Resolver, tokenizer: Tokenizer) -> None:
    text = (TOLD + IDLE * between) * 60
    made = cut(text, "On", resolver, tokenizer)
    assert len(made) > 2
    for window in made:
        assert len(window.ids) == len(window.case) == len(window.names) == len(window.starts) + 2 <= 322
        for offer, first, stop in window.offers:
            assert window.starts[first - 1] == offer.sentence.start
            assert window.ends[stop - 2] == offer.sentence.end
            for slot, (a, b) in zip(
                offer.places, window.positions([slot.name for slot in offer.places]).tolist(), strict=True
            ):
                if slot.how == "known":
                    assert text[window.starts[a - 1] : window.ends[b - 1]] == slot.name.text


def test_what_lies_far_from_the_sentences_is_left_out(resolver: Resolver, tokenizer: Tokenizer) -> None:
    (window,) = cut(TOLD + IDLE * 30 + TOLD, "On", resolver, tokenizer)
    near = len(tokenizer.encode(TOLD * 2, add_special_tokens=False).ids) + 64
    assert len(window.starts) == near
    assert (window.starts[1:] > window.starts[:-1]).all()


def test_a_span_out_of_view_or_empty_has_no_position(resolver: Resolver, tokenizer: Tokenizer) -> None:
    text = IDLE * 30 + TOLD
    (window,) = cut(text, "On", resolver, tokenizer)
    assert window.positions([Span(0, 11), Span(5, 5)]).tolist() == [[0, 0], [0, 0]]


def test_a_single_sentence_without_an_end_is_cut(resolver: Resolver, tokenizer: Tokenizer) -> None:
    made = cut("Hama " * 3000, "Hama", resolver, tokenizer)
    assert max(len(window.ids) for window in made) <= 512


def test_the_words_that_are_asked_about_are_marked(resolver: Resolver, tokenizer: Tokenizer) -> None:
    text = "Shelling hit Donetsk."
    window = asked_window(text, Span(9, 12), names_of(text, resolver.lexicon), tokenizer)
    ((first, last),) = window.positions([Span(9, 12)]).tolist()
    marked = window.names[first]
    assert first == last
    assert (window.names == marked).sum() == 1
