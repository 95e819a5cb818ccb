"""Which time expression dates which trigger.

The day on which somebody said it is not the day on which it happened: an expression that hangs on a verb of saying
dates nothing else. Among the others the nearest in the tree wins; an opening "On Saturday, …" dates the whole sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from whoheld.extract.attribution import is_speech
from whoheld.extract.nlp import Parse, Word
from whoheld.vocabulary import Kind, Mention, TimeMention, TimeType

_LASTING = frozenset({Kind.HOLD, Kind.SIEGE, Kind.CLASH, Kind.STRIKE, Kind.TRUCE})


def time_of(
    parse: Parse, trigger: Word, kind: Kind, covered: dict[int, Mention], rivals: Sequence[Word]
) -> TimeMention | None:
    """The time expression that dates `trigger`, None where there is none.

    `covered` maps token indices to the time mentions of the sentence; `rivals` are the sentence's other triggers.
    """
    best: tuple[float, TimeMention] | None = None
    for head, mention in time_heads(parse, covered):
        if not isinstance(mention, TimeMention) or mention.type is TimeType.SET or _is_modifier(parse, head):
            continue
        if mention.type is TimeType.DURATION and kind not in _LASTING:
            continue
        verb = _attached(head)
        if verb is not None and is_speech(verb) and verb != trigger and not _between(head, trigger, verb):
            continue
        distance = _distance(head, trigger)
        opening = head.i <= 4 and verb is not None and not is_speech(verb)
        if any(
            _distance(head, rival) + 1 < distance and not opening for rival in rivals if not _same_event(rival, trigger)
        ):
            continue
        if distance > (9 if opening else 6):
            continue
        if best is None or distance < best[0]:
            best = (distance, mention)
    return best[1] if best else None


def time_heads(parse: Parse, covered: dict[int, Mention]) -> list[tuple[Word, Mention]]:
    """Each mention with the token that ties it to the rest of the sentence."""
    found: dict[tuple[int, int], tuple[Word, Mention]] = {}
    for i, mention in sorted(covered.items()):
        token = parse.words[i]
        key = (mention.start, mention.end)
        if key not in found or token.head.i not in covered:
            if key in found and found[key][0].head.i not in covered:
                continue
            found[key] = (token, mention)
    return list(found.values())


def _is_modifier(parse: Parse, head: Word) -> bool:
    """ "a four-month offensive", "the 2014 battle": no date of the event."""
    return head.dep in ("compound", "amod", "nummod") and head.head.pos in ("NOUN", "PROPN") and "-" in head.text


def _attached(token: Word) -> Word | None:
    current = token
    while current.head != current:
        current = current.head
        if current.pos in ("VERB", "AUX"):
            return current
    return None


def _between(head: Word, trigger: Word, verb: Word) -> bool:
    """A lost comma ties "X captured P on Monday the Observatory said" to the wrong verb: the words' order tells."""
    return (trigger.i < head.i < verb.i and (verb.i - head.i) > 1) or head.i < trigger.i < verb.i


def _distance(a: Word, b: Word) -> float:
    """Steps in the tree between two tokens, a clause boundary counting double."""
    path = {a.i: 0.0}
    current, steps = a, 0.0
    while current.head != current:
        steps += 2.0 if current.dep in ("relcl", "advcl", "ccomp", "acl", "parataxis") else 1.0
        current = current.head
        path[current.i] = steps
    current, steps = b, 0.0
    while current.i not in path:
        if current.head == current:
            return 99.0
        steps += 2.0 if current.dep in ("relcl", "advcl", "ccomp", "acl", "parataxis") else 0.5
        current = current.head
    return steps + path[current.i]


def _same_event(a: Word, b: Word) -> bool:
    """A light verb and its noun, or coordinated verbs, are dated together."""
    return b in (a, a.head) or b.head is a or (a.dep == "conj" and a.head == b) or (b.dep == "conj" and b.head == a)


def tense_of(mention: TimeMention, verb: Word | None) -> TimeMention:
    """The mention with the tense of the clause it stands in: "past", "future", "present" or what it had."""
    if verb is None:
        return mention
    if any(c.tag == "MD" and c.lemma in ("will", "shall", "'ll") for c in verb.children):
        return replace(mention, tense="future")
    if verb.tag in ("VBD", "VBN") or any(c.tag == "VBD" for c in verb.children if c.dep in ("aux", "auxpass")):
        return replace(mention, tense="past")
    return mention


def is_present(verb: Word) -> bool:
    """Whether a hold or siege is told as of now: present tense, present perfect, or no verb at all."""
    auxiliaries = [c for c in verb.children if c.dep in ("aux", "auxpass")]
    if any(c.tag in ("VBZ", "VBP") for c in auxiliaries):
        return True
    if any(c.tag in ("VBD", "MD") for c in auxiliaries):
        return False
    return verb.tag in ("VBZ", "VBP", "VBG", "VB") or verb.pos not in ("VERB", "AUX")
