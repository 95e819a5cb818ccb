"""Who says so: source, cue and content of reported speech (PARC's terms), nested chains innermost first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from whoheld.data import table
from whoheld.extract import syntax
from whoheld.extract.nlp import Parse, Word
from whoheld.vocabulary import Attribution, Mention, Span

_QUOTED = re.compile(r"[\"“][^\"“”]{3,1500}[\"”]")
_PERSONS = frozenset({"he", "she", "they", "it"})
_BEFORE_NAME = re.compile(r"\b(?:according to|per)\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice in a sentence. `source` is None where a pronoun points to an earlier one."""

    source: Mention | None
    cue: Word
    whole_sentence: bool = False


@dataclass(frozen=True, slots=True)
class SourceCandidate:
    """Somebody who may be the one who says it. `how`: the grammar's order ("over0"), "according", "here", "before".

    `cue` is the word of saying; None where the source was named in an earlier sentence.
    """

    name: Mention
    how: str
    cue: Word | None


def source_candidates(parse: Parse, token: Word, before: Mention | None) -> list[SourceCandidate]:
    """Everybody who may say what `token` tells: voices over it, others in the sentence, the last one `before` it."""
    found: dict[Mention, SourceCandidate] = {}
    for order, voice in enumerate(voices_over(parse, token)):
        name = voice.source or before
        if name is not None:
            how = "according" if voice.whole_sentence else f"over{min(order, 2)}"
            found.setdefault(name, SourceCandidate(name, how if voice.source else how + "him", voice.cue))
    for word in parse.words:
        if (
            is_speech(word)
            and (other := _voice(parse, word)) is not None
            and (name := other.source or before) is not None
        ):
            found.setdefault(name, SourceCandidate(name, "here" if other.source else "herehim", word))
    if before is not None:
        found.setdefault(before, SourceCandidate(before, "before", None))
    return list(found.values())


@cache
def _speech() -> frozenset[str]:
    return frozenset(table("cues.toml")["speech"]["verbs"])


@cache
def _mute() -> frozenset[str]:
    return frozenset(table("cues.toml")["speech"]["not_voices"])


def is_speech(token: Word) -> bool:
    """Whether the token is a verb of saying."""
    return token.pos == "VERB" and token.lemma in _speech()


def voices_over(parse: Parse, token: Word) -> list[Voice]:
    """The voices that say what `token` tells, innermost first."""
    found: list[Voice] = []
    current = token
    for _ in range(15):
        for child in current.children:  # "…, the Observatory said" as a parenthesis
            if child.dep in ("parataxis", "ccomp", "dep") and is_speech(child) and child.i > current.i:
                inner = any(c.dep in ("ccomp", "dobj") for c in child.children)
                if not inner and (voice := _voice(parse, child)):
                    found.append(voice)
        if current.head == current:
            break
        if is_speech(current.head) and current.dep in (
            "ccomp",
            "xcomp",
            "dobj",
            "pcomp",
            "parataxis",
            "advcl",
            "dep",
            "acl",
            "prep",
        ):
            says = current.dep in ("ccomp", "parataxis") or (
                current.head.lemma
                in (
                    "accuse",
                    "report",
                    "claim",
                    "announce",
                    "deny",
                    "confirm",
                    "commend",
                    "hail",
                    "describe",
                    "declare",
                )
                and current.dep != "advcl"
            )
            if says and (voice := _voice(parse, current.head)):
                found.append(voice)
        current = current.head
    found.extend(v for v in _according(parse) if all(v.source != f.source for f in found))
    return _distinct(found)


def _distinct(voices: list[Voice]) -> list[Voice]:
    kept: list[Voice] = []
    for voice in voices:
        if all(voice.cue.i != k.cue.i for k in kept):
            kept.append(voice)
    return kept


def _voice(parse: Parse, verb: Word) -> Voice | None:
    who = syntax.agent(verb) if syntax.is_passive(verb) else syntax.subject(verb)
    if who is None:
        return None
    if who.lower in _PERSONS:
        return Voice(None, verb)
    if who.lemma in _mute() or who.pos in ("PRON", "NUM", "VERB"):
        return None
    return Voice(source_mention(parse, who), verb)


def _according(parse: Parse) -> Iterator[Voice]:
    """ "according to X", "X's forces, citing Y": it speaks for the whole sentence."""
    for token in parse.words:
        if token.lower == "according":
            for _, obj in [(c, o) for c in token.children for o in c.children if o.dep == "pobj"]:
                if obj.lower in _PERSONS:
                    yield Voice(None, token, whole_sentence=True)
                else:
                    yield Voice(source_mention(parse, obj), token, whole_sentence=True)


def source_mention(parse: Parse, token: Word) -> Mention:
    """The source's name: its noun phrase, with what belongs to a name ("Observatory for Human Rights")."""
    first, last = syntax.noun_phrase(token)
    for child in token.children:
        if child.dep == "prep" and child.lower in ("for", "of") and child.i == last.i + 1:
            for obj in child.children:
                if obj.dep == "pobj" and obj.text[:1].isupper():
                    last = obj
    return parse.span(first, last)


def attributions(parse: Parse) -> Iterator[Attribution]:
    """Every act of saying in the sentence, for the record format's `mentions.attributions`."""
    for token in parse.words:
        if is_speech(token):
            voice = _voice(parse, token)
            content = next((c for c in token.children if c.dep in ("ccomp", "parataxis")), None)
            if voice is not None and content is not None:
                tree = list(content.subtree)
                span = parse.span(tree[0], tree[-1])
                yield Attribution(voice.source, parse.span(token, token), Span(span.start, span.end))
    for voice in _according(parse):
        yield Attribution(
            voice.source, parse.span(voice.cue, voice.cue), Span(parse.sentence.start, parse.sentence.end)
        )


def quotations(text: str) -> list[Span]:
    """The stretches between double quotation marks."""
    return [Span(m.start(), m.end()) for m in _QUOTED.finditer(text)]
