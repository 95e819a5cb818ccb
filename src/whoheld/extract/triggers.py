"""The words that carry a claim, with the grammar that they take (data/triggers.toml)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from whoheld.data import table
from whoheld.extract.nlp import Parse, Word
from whoheld.extract.syntax import children, conjuncts, prepositional
from whoheld.vocabulary import Kind


@dataclass(frozen=True, slots=True)
class Trigger:
    """A word (or a construction around it) that carries a claim of `kind`.

    `frame` names the grammar by which :mod:`whoheld.extract.roles` finds who, whom and where.
    `strict` wants a place as object; `weak` wants a side or a weapon beside it.
    """

    kind: Kind
    token: Word
    frame: str
    strict: bool = False
    weak: bool = False
    air: bool = False  # it comes from afar: by air, by fire or by a bomb


@cache
def _lexicon() -> dict[str, Any]:
    data = table("triggers.toml")
    verbs: dict[str, list[tuple[Kind, str, bool]]] = {}
    for row in data["verb"]:
        for lemma in row["lemmas"]:
            verbs.setdefault(lemma, []).append((Kind(row["kind"]), row["frame"], row.get("strict", False)))
    nouns: dict[str, tuple[Kind, bool, bool]] = {}
    for row in data["noun"]:
        for lemma in row["lemmas"]:
            nouns.setdefault(lemma, (Kind(row["kind"]), row.get("strict", False), row.get("weak", False)))
    return {
        "verbs": verbs,
        "nouns": nouns,
        "strike_words": frozenset(data["strike_modifiers"]["words"]),
        "control_nouns": frozenset(data["control"]["nouns"]),
        "control": {kind: frozenset(data["control"][kind]) for kind in ("capture", "loss", "hold")},
        "strongholds": frozenset(data["stronghold"]["nouns"]),
        "held": frozenset(data["held"]["participles"]),
        "besieged": frozenset(data["held"]["besieged"]),
        "light": frozenset(data["light"]["verbs"]),
        "hints": {Kind(kind): frozenset(words) for kind, words in data["hint"].items()},
        "either": frozenset(data["either"]["words"]),
    }


def light_verbs() -> frozenset[str]:
    """Verbs that lend their subject to the noun that they govern: "launched an attack"."""
    found: frozenset[str] = _lexicon()["light"]
    return found


@cache
def _worth_reading() -> re.Pattern[str]:
    """One pattern over all words that a trigger can begin with, so that most sentences are never parsed."""
    lexicon = _lexicon()
    lemmas = {w for key in ("verbs", "nouns") for w in lexicon[key]}
    lemmas |= lexicon["strongholds"] | lexicon["held"] | lexicon["besieged"]
    # "security" and the like carry a claim only with a verb of their own; that verb is in the list as well
    lemmas |= {"control", "foothold", "hands", "grip", "rule"}.union(*lexicon["hints"].values())
    stems = {re.escape(_stem(lemma.split()[0])) for lemma in lemmas}
    irregular = (
        "took",
        "fell",
        "lost",
        "held",
        "fought",
        "drove",
        "drawn",
        "hit",
        "struck",
        "won",
        "kept",
        "left",
        "fled",
        "gave",
        "threw",
        "swept",
        "broke",
        "shot",
        "retook",
        "retaken",
        "overran",
        "withdrew",
        "ceded",
        "gain",
    )
    return re.compile(
        r"\b(?:re-?)?(?:" + "|".join(sorted(stems | set(irregular), key=len, reverse=True)) + r")\w*", re.IGNORECASE
    )


def _stem(lemma: str) -> str:
    return lemma[:-1] if lemma.endswith(("e", "y")) and len(lemma) > 4 else lemma


def worth_reading(words: str) -> bool:
    """Whether a sentence has any word that can carry a claim."""
    return _worth_reading().search(words) is not None


def find_triggers(parse: Parse) -> Iterator[Trigger]:
    """The triggers of a sentence: those of a grammar first, then bare hints, each in the order of its words."""
    found = [trigger for word in parse.words for trigger in _by_grammar(word)]
    yield from found
    told = {(trigger.token.i, trigger.kind) for trigger in found}
    used = {int(at) for trigger in found if (at := trigger.frame.partition(":")[2])}  # the noun in "lost control"
    used |= {trigger.token.i for trigger in found if ":" in trigger.frame}
    for word in parse.words:
        if word.pos in ("VERB", "AUX", "NOUN", "PROPN", "ADJ") and word.i not in used:
            for kind, hints in _lexicon()["hints"].items():
                if word.lemma in hints and (word.i, kind) not in told:
                    yield Trigger(kind, word, "hint", strict=True)


def _by_grammar(word: Word) -> Iterator[Trigger]:
    if word.pos in ("VERB", "AUX") or (word.dep in ("amod", "acl", "relcl") and word.tag in ("VBN", "VBD", "VBG")):
        yield from _verb_triggers(word)
    elif word.pos in ("NOUN", "PROPN"):
        yield from _noun_triggers(word)
    elif word.pos == "ADJ":
        yield from _held_modifier(word)


def _verb_triggers(token: Word) -> Iterator[Trigger]:
    lexicon = _lexicon()
    if _is_held_modifier(token):
        yield from _held_modifier(token)
        return
    lemma = token.lemma
    yield from _control(token, lemma)
    particles = [c.lower for c in token.children if c.dep in ("prt", "advmod") and c.i > token.i]
    particles += [p.lower for p, _ in prepositional(token) if p.i == token.i + 1]
    for particle in particles:
        phrasal = f"{lemma} {particle}"
        if phrasal in lexicon["verbs"]:
            for kind, frame, strict in lexicon["verbs"][phrasal]:
                yield Trigger(kind, token, frame, strict)
            return
    for kind, frame, strict in lexicon["verbs"].get(lemma, ()):
        if lemma == "pull":
            continue
        yield Trigger(kind, token, frame, strict, air=_from_afar(token))
        if kind is Kind.CLASH and lemma in lexicon["either"]:
            yield Trigger(Kind.STRIKE, token, frame, strict, air=_from_afar(token))
    if lemma in ("be", "remain", "stay", "come", "fall", "bring", "place", "put", "live", "return", "go", "have"):
        yield from _under(token)


def _control(verb: Word, lemma: str) -> Iterator[Trigger]:
    """ "took control of P": the claim is the verb's, the place hangs on the noun or on the verb."""
    lexicon = _lexicon()
    objects = children(verb, "dobj", "nsubjpass", "obj")
    for noun in [n for o in objects for n in conjuncts(o)]:
        if noun.lemma in lexicon["control_nouns"]:
            for kind in ("capture", "loss", "hold"):
                if lemma in lexicon["control"][kind]:
                    if kind == "hold" and noun.lemma == "security":
                        continue
                    yield Trigger(Kind(kind), verb, f"control:{noun.i}", strict=True)
                    return


def _under(verb: Word) -> Iterator[Trigger]:
    """ "P is under the control of X", "in the hands of X", "under siege"."""
    eventive = verb.lemma in ("come", "fall", "bring", "go", "return")
    for _, noun in prepositional(verb, "under", "in", "into", "to", "within"):
        lemma = noun.lemma
        if lemma in ("control", "rule", "occupation", "hand", "grip"):
            yield Trigger(Kind.CAPTURE if eventive else Kind.HOLD, verb, f"under:{noun.i}", strict=True)
        elif lemma in ("siege", "blockade"):
            yield Trigger(Kind.SIEGE, verb, f"under:{noun.i}", strict=True)


def _is_held_modifier(token: Word) -> bool:
    """ "rebel-held", "IS-controlled", "besieged Y" before a noun."""
    lexicon = _lexicon()
    lowered = token.lower
    if lowered in lexicon["besieged"]:
        return token.dep == "amod" and token.i < token.head.i
    if lowered not in lexicon["held"]:
        return False
    hyphenated = token.i > 1 and token.nbor(-1).text == "-"
    return hyphenated or (token.dep == "amod" and token.i < token.head.i and token.i > 0)


def _held_modifier(token: Word) -> Iterator[Trigger]:
    if _is_held_modifier(token):
        kind = Kind.SIEGE if token.lower in _lexicon()["besieged"] else Kind.HOLD
        yield Trigger(kind, token, "modifier", strict=True)


def _noun_triggers(token: Word) -> Iterator[Trigger]:
    lexicon = _lexicon()
    if _is_held_modifier(token):
        yield from _held_modifier(token)
        return
    lemma = token.lemma
    if lemma in lexicon["strongholds"]:
        yield Trigger(Kind.HOLD, token, "stronghold", strict=True)
        return
    if lemma not in lexicon["nouns"]:
        return
    if token.dep == "compound" and token.head.pos in ("NOUN", "PROPN"):
        return  # "battle group", "siege engine", "missile launcher"
    kind, strict, weak = lexicon["nouns"][lemma]
    afar = _from_afar(token)
    yield Trigger(kind, token, "noun", strict, weak and not afar, air=afar)
    if lemma in lexicon["either"]:
        other = Kind.STRIKE if kind is Kind.CLASH else Kind.CLASH
        yield Trigger(other, token, "noun", strict, weak and not afar, air=afar)


def _from_afar(token: Word) -> bool:
    """Whether an attack is one from the air, by fire or by a bomb: "a suicide attack", "attacked with rockets"."""
    words = _lexicon()["strike_words"]
    near = [t for t in token.lefts if t.dep in ("compound", "amod", "nmod", "punct")]
    near += [inner for t in near for inner in t.lefts]
    near += [obj for _, obj in prepositional(token, "with", "by", "using")]
    return any(t.lemma in words or t.lower in words for t in near)
