"""How sure the voice is, by words near the claim."""

import pytest

from whoheld.extract.hedges import hedged
from whoheld.vocabulary import Factuality, Mention, Span


@pytest.mark.parametrize(
    ("text", "before", "after"),
    [
        ("Rebels took Hama.", "CT+", "CT+"),
        ("Rebels reportedly took Hama.", "CT+", "PR+"),
        ("Rebels allegedly took Hama.", "CT+", "PS+"),
        ("Rebels may have taken Hama, which took months.", "CT+", "PS+"),
        ("Rebels apparently never took Hama.", "CT-", "PR-"),
        ("Rebels took Hama in what was likely the worst week.", "CT+", "CT+"),
        ("Rebels reportedly took Hama.", "Uu", "Uu"),
        ("Rebels unlikely to rest took Hama.", "CT+", "CT+"),
    ],
)
def test_words_near_the_claim(text: str, before: str, after: str) -> None:
    at = text.index("took") if "took" in text[:24] else text.index("taken") if "taken" in text else text.index("took")
    found = hedged(text, Span(0, len(text)), Mention(at, at + 4, text[at : at + 4]), Factuality(before))
    assert found == Factuality(after)


def test_another_sentence_does_not_count() -> None:
    text = "Reportedly it rained. Rebels took Hama."
    at = text.index("took")
    trigger = Mention(at, at + 4, "took")
    assert hedged(text, Span(22, len(text)), trigger, Factuality.CT_PLUS) is Factuality.CT_PLUS
