"""How sure the voice is: FactBank values read off the clause and what governs it.

The walk goes from the trigger up to the sentence's root: its own auxiliaries and negation, then each governor
("failed to", "plan to", "denied that"). Lexicons: data/cues.toml. A failed attempt is `Uu`: tried, not achieved.
"""

from __future__ import annotations

from functools import cache

from whoheld.data import table
from whoheld.extract.nlp import Word
from whoheld.vocabulary import Factuality

_FINITE_HOPES = frozenset(
    {
        "hope",
        "expect",
        "fear",
        "wish",
        "want",
        "demand",
        "threaten",
        "vow",
        "predict",
        "urge",
        "ensure",
        "pledge",
        "promise",
    }
)
_PLANNED = frozenset(
    {
        "planned",
        "possible",
        "imminent",
        "expected",
        "looming",
        "potential",
        "impending",
        "attempted",
        "failed",
        "upcoming",
        "future",
        "anticipated",
        "threatened",
        "proposed",
        "foiled",
        "eventual",
        "likely",
    }
)
_NOT_YET = frozenset({"plan", "prepare", "threaten", "consider", "expect", "await", "propose", "announce", "call", "urge", "demand", "order", "want", "seek", "prevent", "avoid", "avert", "fear", "discuss", "vow", "anticipate", "request", "hope", "ready", "mull"})  # fmt: skip  # noqa: E501 - a list of words


@cache
def _words(section: str, key: str) -> frozenset[str]:
    return frozenset(table("cues.toml")[section][key])


def read_factuality(trigger: Word) -> Factuality:
    """The factuality of the trigger's event for the voice nearest to it."""
    negative = prospective = False
    level = "CT"
    current: Word | None = trigger
    steps = 0
    while current is not None and steps < 12:
        steps += 1
        if current.pos in ("VERB", "AUX"):
            verdict = _own_clause(current)
            negative ^= verdict.negative
            prospective |= verdict.prospective
            level = _weaker(level, verdict.level)
        elif current.pos in ("NOUN", "PROPN") and current == trigger:
            if any(c.lower in ("no", "neither") for c in current.children):
                negative = not negative
            if any(c.lower in _PLANNED for c in current.lefts):
                prospective = True
        verdict = _governed(current, trigger)
        negative ^= verdict.negative
        prospective |= verdict.prospective
        level = _weaker(level, verdict.level)
        current = current.head if _goes_on(current) else None
    if prospective:
        return Factuality.UU
    return Factuality(level + ("-" if negative else "+"))


class _Verdict:
    """What one step of the walk adds."""

    __slots__ = ("level", "negative", "prospective")

    def __init__(self, negative: bool = False, prospective: bool = False, level: str = "CT") -> None:
        self.negative, self.prospective, self.level = negative, prospective, level


def _weaker(a: str, b: str) -> str:
    return max(a, b, key=("CT", "PR", "PS").index)


def _own_clause(verb: Word) -> _Verdict:
    verdict = _Verdict()
    perfect = any(c.dep == "aux" and c.lemma == "have" for c in verb.children)
    for child in verb.children:
        lowered = child.lower
        if child.dep == "neg" or (child.dep in ("advmod", "preconj") and lowered in _words("negative", "words")):
            verdict.negative = not verdict.negative
        elif child.dep == "aux" and child.tag == "MD":
            if lowered in ("may", "might", "could") and perfect:
                verdict.level = "PS"
            elif not (lowered == "could" and verb.lemma in ("see", "hear")):
                verdict.prospective = True
        elif child.dep == "mark" and lowered in ("if", "unless", "whether", "lest"):
            verdict.prospective = True
        elif child.dep == "advmod" and lowered in _words("probable", "words"):
            verdict.level = _weaker(verdict.level, "PR")
        elif child.dep == "advmod" and lowered in _words("possible", "words"):
            verdict.level = _weaker(verdict.level, "PS")
    return verdict


def _governed(token: Word, trigger: Word) -> _Verdict:
    """What the head of `token` does to it."""
    head, dep = token.head, token.dep
    verdict = _Verdict()
    if head == token:
        return verdict
    lemma = head.lemma
    infinitive = token.pos in ("VERB", "AUX") and any(c.tag == "TO" for c in token.children)
    if lemma in _words("denial", "verbs") and dep in ("ccomp", "xcomp", "dobj", "pcomp", "advcl"):
        verdict.negative = True
        return verdict
    if dep == "xcomp" or (dep in ("ccomp", "advcl", "acl", "relcl", "dep") and infinitive):
        return _infinitive(token, head, dep)
    if dep == "pcomp":  # "aimed at capturing", "failed in retaking", "without taking"
        governor = head.head
        if head.lower == "without":
            verdict.negative = True
        elif (_hopes(governor) and head.lower not in ("after", "by", "since", "before", "while")) or (
            head.lower == "from" and governor.lemma in ("prevent", "stop", "keep", "block", "deter")
        ):
            verdict.prospective = True
        return verdict
    if dep == "ccomp" and lemma in _FINITE_HOPES:
        verdict.prospective = True
    elif dep in ("ccomp", "nsubj", "csubj") and lemma in ("appear", "seem", "believe", "suspect", "think", "estimate"):
        verdict.level = "PR"
    elif dep in ("ccomp",) and lemma in ("suggest", "allege"):
        verdict.level = "PS"
    elif dep == "dobj" and token == trigger and lemma in _NOT_YET and not _succeeded(head):
        verdict.prospective = True
    elif dep == "pobj" and token == trigger:
        governor = head.head
        if governor.lemma in _NOT_YET | {
            "prelude",
            "preparation",
            "plan",
            "threat",
            "call",
            "possibility",
            "fear",
            "warn",
            "risk",
            "prospect",
        }:
            verdict.prospective = head.lower in ("for", "of", "to", "against", "about", "on")
    return verdict


def _infinitive(token: Word, head: Word, dep: str) -> _Verdict:
    """ "to capture P" and its governor: "managed to" happened, "failed to" and "plans to" did not."""
    verdict = _Verdict()
    lemma = head.lemma
    perfect = any(c.dep == "aux" and c.lemma == "have" for c in token.children)
    if lemma in ("fail", "unable", "refuse", "decline"):
        verdict.prospective = True
    elif lemma in ("able", "first", "last", "second") or (lemma == "help" and dep in ("xcomp", "ccomp")):
        pass
    elif perfect or (lemma in _words("implicative", "verbs") and dep in ("xcomp", "ccomp")):
        if lemma in ("believe", "report", "appear", "seem", "understand", "think"):
            verdict.level = "PR"
        elif lemma in ("allege", "rumor", "rumour"):
            verdict.level = "PS"
    elif head.pos in ("VERB", "AUX", "ADJ", "NOUN", "PROPN"):
        if dep == "xcomp" and token.tag == "VBG" and lemma not in _words("prospective", "verbs"):
            return verdict
        if dep in ("acl", "relcl") and token.tag not in ("VB",):
            return verdict
        # a bare infinitive tells of a purpose, plan or attempt, unless something said otherwise above
        infinitive = any(c.tag == "TO" for c in token.children)
        verdict.prospective = infinitive or _hopes(head)
        if lemma in ("see", "watch", "have", "make", "force", "compel", "oblige") and not (
            infinitive and lemma in ("have",)
        ):
            verdict.prospective = False
    return verdict


def _hopes(token: Word) -> bool:
    lemma = token.lemma
    return (
        lemma in _words("prospective", "verbs")
        if token.pos in ("VERB", "AUX")
        else lemma in _words("prospective", "nouns")
    )


def _succeeded(verb: Word) -> bool:
    return False if verb.lemma != "announce" else verb.tag in ("VBD", "VBN")


def _goes_on(token: Word) -> bool:
    """Whether the head's own factuality carries over to `token`: complements do, adjunct clauses do not."""
    if token.head == token:
        return False
    if token.dep in ("ccomp", "advcl", "relcl", "parataxis", "acl", "csubj"):
        return token.dep == "ccomp" and token.head.lemma not in _words("speech", "verbs")
    if token.dep == "conj":
        # "plans to take A and hold B": the second shares the first's infinitive and auxiliaries, if it has none itself
        own = any(c.dep in ("aux", "nsubj", "nsubjpass", "auxpass", "neg") for c in token.children)
        return (not own and token.tag in ("VB", "VBN", "VBG")) or token.pos in ("NOUN", "PROPN")
    return token.dep in (
        "xcomp",
        "pcomp",
        "dobj",
        "pobj",
        "prep",
        "nsubj",
        "nsubjpass",
        "auxpass",
        "attr",
        "agent",
        "compound",
        "oprd",
        "dep",
    )
