"""How sure the voice is, read off words near the claim, where no parse is at hand: "reportedly", "may have"."""

from __future__ import annotations

import re
from functools import cache

from whoheld.data import table
from whoheld.vocabulary import Factuality, Mention, Span

_REACH = 90  # characters from a hedge to the words that tell the claim, which follow it


def hedged(text: str, sentence: Span, trigger: Mention, factuality: Factuality) -> Factuality:
    """`factuality`, less sure where a hedge stands before the trigger in its sentence; plans stay as they are."""
    if factuality not in (Factuality.CT_PLUS, Factuality.CT_MINUS):
        return factuality
    near = text[max(sentence.start, trigger.start - _REACH) : trigger.end]
    for certainty in ("possible", "probable"):
        if _pattern(certainty).search(near):
            sign = "+" if factuality is Factuality.CT_PLUS else "-"
            return Factuality(("PS" if certainty == "possible" else "PR") + sign)
    return factuality


@cache
def _pattern(certainty: str) -> re.Pattern[str]:
    words = "|".join(re.escape(word) for word in table("cues.toml")["hedges"][certainty])
    return re.compile(rf"\b(?:{words})\b", re.IGNORECASE)
