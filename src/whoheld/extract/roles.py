"""Who, whom and where: the participants of a trigger, by the grammar that its frame names.

Each frame is one function from a trigger to an :class:`Event`. Where the parse gives no place, which is what a lost
comma does to it, :func:`nearest_place` falls back on the order of the words.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

from whoheld.data import table
from whoheld.extract import syntax
from whoheld.extract.nlp import Parse, Word
from whoheld.extract.phrases import NameIndex, Reference, actors, is_actor_noun, is_place_noun, places
from whoheld.extract.triggers import Trigger, light_verbs
from whoheld.vocabulary import Extent, Kind


@dataclass(frozen=True, slots=True)
class Event:
    """A trigger with what was found for it, before references are settled."""

    trigger: Trigger
    kind: Kind
    actors: tuple[Reference, ...]
    opponents: tuple[Reference, ...]
    places: tuple[Reference, ...]
    parse: Parse

    @property
    def verb(self) -> Word:
        """The verb whose clause the event stands in, else the trigger itself."""
        return syntax.main_verb(self.trigger.token) or self.trigger.token


@dataclass(frozen=True, slots=True)
class _Reading:
    """A parse with its names, as the frames read it."""

    parse: Parse
    names: NameIndex

    def sides(self, token: Word | None) -> tuple[Reference, ...]:
        return tuple(actors(self.parse, self.names, token))

    def places(self, token: Word | None, *, slot: bool = True) -> tuple[Reference, ...]:
        return tuple(places(self.parse, self.names, token, slot=slot)) if token is not None else ()

    def places_under(self, token: Word, *prepositions: str) -> tuple[Reference, ...]:
        found: list[Reference] = []
        for prep, obj in syntax.prepositional(token, *prepositions):
            found.extend(_tempered(reference, prep.lower) for reference in self.places(obj))
        return tuple(found)


_IN = ("in", "at", "on", "inside", "near", "around", "outside", "into", "towards", "toward", "against", "across", "over",  # noqa: E501 - a list of words
       "throughout", "within", "for", "along", "between", "north", "south", "east", "west", "northeast", "northwest",
       "southeast", "southwest", "upon", "onto", "through", "to", "beyond", "of", "off", "close")  # fmt: skip
_NEAR = frozenset(table("nouns.toml")["near"]["prepositions"])


def _tempered(reference: Reference, preposition: str) -> Reference:
    if preposition in _NEAR and preposition != "between" and reference.extent is Extent.WHOLE:
        return replace(reference, extent=Extent.NEAR)
    return reference


def read_event(parse: Parse, names: NameIndex, trigger: Trigger) -> Event | None:
    """The event of a trigger, or None where its frame is not filled (what is captured is no place)."""
    if trigger.frame == "hint":
        return None
    reading = _Reading(parse, names)
    frame, _, at = trigger.frame.partition(":")
    noun = parse.words[int(at)] if at else None
    return _FRAMES[frame](reading, trigger, noun)


def _event(
    reading: _Reading,
    trigger: Trigger,
    who: tuple[Reference, ...],
    whom: tuple[Reference, ...],
    where: tuple[Reference, ...],
    kind: Kind | None = None,
) -> Event | None:
    if not where:
        return None
    taken = {(r.name or r.anchor).start for r in where}
    who = tuple(r for r in who if (r.name or r.anchor).start not in taken)
    whom = tuple(r for r in whom if (r.name or r.anchor).start not in taken)
    return Event(trigger, kind or trigger.kind, who, whom, where, reading.parse)


# --- verbs --------------------------------------------------------------------------------------------------


def _doer(verb: Word) -> Word | None:
    return syntax.agent(verb) if syntax.is_passive(verb) else syntax.subject(verb)


def _undergoer(verb: Word) -> Word | None:
    if syntax.is_passive(verb):
        return syntax.passive_subject(verb)
    return syntax.direct_object(verb) or syntax.shared_object(verb)


def _transitive(reading: _Reading, trigger: Trigger, _: Word | None) -> Event | None:
    """X captured P from Y; P was captured by X; attacked Y in P."""
    verb = trigger.token
    target = _undergoer(verb)
    who = reading.sides(_doer(verb))
    whom = tuple(r for _, obj in syntax.prepositional(verb, "from", "against", "of") for r in reading.sides(obj))
    by_force = trigger.kind in (Kind.CLASH, Kind.STRIKE)
    if target is not None and _is_not_captured(target) and not by_force:
        return None
    where = reading.places(target, slot=not trigger.strict and not by_force) if target is not None else ()
    if target is not None and not where:
        if by_force:
            whom = whom or reading.sides(target)
            where = reading.places_under(target, *_IN) or _descend(reading, target)
        elif trigger.strict or not is_place_noun(target):
            where = ()
    if not where and target is not None and by_force:
        where = reading.places_under(verb, *_IN)
    if not where and by_force:
        where = reading.places_under(verb, *_IN) or _around(reading, trigger)
    if (
        not where
        and trigger.kind is Kind.CAPTURE
        and not trigger.strict
        and (target is None or target.pos in ("PROPN", "X"))
    ):
        where = nearest_place(reading, verb, after=not syntax.is_passive(verb))
    if (
        trigger.kind in (Kind.CAPTURE, Kind.HOLD)
        and not who
        and not syntax.is_passive(verb)
        and not _subject_may_hold(reading, verb)
    ):
        return None
    if _repels(verb):
        who, whom = whom, who
        if not who and target is not None:
            who = reading.sides(target)
    return _event(reading, trigger, who, whom, where)


def _subject_may_hold(reading: _Reading, verb: Word) -> bool:
    """Whether the subject, which is no known side, may be one: none, or a name that is not a person at play."""
    doer = _doer(verb)
    if doer is None:
        return True
    return doer.pos == "PROPN" and doer.i not in reading.names.places


def _expel(reading: _Reading, trigger: Trigger, _: Word | None) -> Event | None:
    """X drove Y out of P; Y was driven from P (a loss, where the taker is not named)."""
    verb = trigger.token
    where = reading.places_under(verb, "from", "out", "of")
    pushed = _undergoer(verb)
    if not where or pushed is None:
        return None
    whom = reading.sides(pushed)
    who = reading.sides(_doer(verb))
    if not whom:
        return None
    if who:
        return _event(reading, trigger, who, whom, where)
    return _event(reading, trigger, whom, (), where, Kind.LOSS)


def _fall(reading: _Reading, trigger: Trigger, _: Word | None) -> Event | None:
    """P fell (to X); P fell into the hands of X."""
    verb = trigger.token
    where = reading.places(syntax.subject(verb), slot=False)
    if not where or (where[0].name is None and not where[0].definite):
        return None
    who: tuple[Reference, ...] = ()
    for prep, obj in syntax.prepositional(verb, "to", "into", "under", "in"):
        if obj.lemma in ("hand", "control", "grip", "rule"):
            who = tuple(r for _, o in syntax.prepositional(obj, "of") for r in reading.sides(o)) or _owner(reading, obj)
        elif prep.lower == "to":
            who = reading.sides(obj)
        if who:
            break
    if not who and verb.lemma != "fall":
        return None
    return _event(reading, trigger, who, (), where)


def _lose(reading: _Reading, trigger: Trigger, _: Word | None) -> Event | None:
    """X lost P (to Y)."""
    verb = trigger.token
    target = _undergoer(verb)
    if target is None or _is_not_captured(target):
        return None
    where = reading.places(target, slot=False)
    who = reading.sides(_doer(verb))
    whom = tuple(r for _, obj in syntax.prepositional(verb, "to") for r in reading.sides(obj))
    if not who and not whom:
        return None
    return _event(reading, trigger, who, whom, where)


def _leave(reading: _Reading, trigger: Trigger, _: Word | None) -> Event | None:
    """X withdrew from P."""
    verb = trigger.token
    where = reading.places_under(verb, "from", "out", "of")
    who = reading.sides(syntax.subject(verb) or syntax.passive_subject(verb))
    if not who and (target := syntax.direct_object(verb)) is not None:  # "X withdrew its forces from P"
        who = reading.sides(target)
    return _event(reading, trigger, who, (), where)


def _transitive_leave(reading: _Reading, trigger: Trigger, _: Word | None) -> Event | None:
    """X abandoned P: X must be armed, or it is people who flee."""
    verb = trigger.token
    who = reading.sides(_doer(verb))
    target = _undergoer(verb)
    if not who or target is None:
        return None
    return _event(reading, trigger, who, (), reading.places(target, slot=False))


def _intransitive(reading: _Reading, trigger: Trigger, _: Word | None) -> Event | None:
    """X clashed with Y in P; X advanced on P."""
    verb = trigger.token
    who = reading.sides(syntax.subject(verb) or syntax.passive_subject(verb))
    whom = tuple(r for _, obj in syntax.prepositional(verb, "with", "against") for r in reading.sides(obj))
    target = syntax.direct_object(verb)
    if target is not None:
        whom = whom or reading.sides(target)
    where = reading.places(target, slot=False) if target is not None else ()
    where = where or reading.places_under(verb, *_IN)
    if trigger.strict:
        if not who or not where:
            return None
        return _event(reading, trigger, who, whom, where)
    return _event(reading, trigger, who, whom, where or _around(reading, trigger))


def _control(reading: _Reading, trigger: Trigger, noun: Word | None) -> Event | None:
    """X regained control of P (from Y); X lost control of P; control of P was seized by X."""
    assert noun is not None
    verb = trigger.token
    where = reading.places_under(noun, "of", "over", "on", "in", "at", "to", "around", "across")
    where = where or reading.places_under(verb, "of", "over", "in", "to", "at", "across")
    who = reading.sides(_doer(verb)) or _owner(reading, noun)
    whom = tuple(
        r for t in (verb, noun) for _, obj in syntax.prepositional(t, "from", "to") for r in reading.sides(obj)
    )
    if noun.lemma in ("foothold", "presence"):
        where = tuple(replace(r, extent=Extent.PART) if r.extent is Extent.WHOLE else r for r in where)
    if not where and noun.lemma == "control":
        where = nearest_place(reading, noun, after=True)
    if not who and not syntax.is_passive(verb) and not _subject_may_hold(reading, verb):
        return None
    return _event(reading, trigger, who, whom, where)


def _under(reading: _Reading, trigger: Trigger, noun: Word | None) -> Event | None:
    """P is under the control of X; P is under siege by X."""
    assert noun is not None
    verb = trigger.token
    subject = syntax.subject(verb) or syntax.passive_subject(verb) or syntax.direct_object(verb)
    where = reading.places(subject, slot=False)
    who = tuple(r for _, o in syntax.prepositional(noun, "of", "by", "from") for r in reading.sides(o))
    who = who or _owner(reading, noun)
    if trigger.kind is not Kind.SIEGE and not who:
        return None
    return _event(reading, trigger, who, (), where)


# --- nouns and modifiers ------------------------------------------------------------------------------------


def _noun(reading: _Reading, trigger: Trigger, _: Word | None) -> Event | None:
    """The capture of P by X; X's offensive on P; X launched an attack on P; fighting in P between X and Y."""
    noun = trigger.token
    governor = _governor(noun)
    if trigger.kind is Kind.CAPTURE or trigger.kind is Kind.LOSS:
        return _nominal_control(reading, trigger, governor)
    who = _owner(reading, noun)
    who += tuple(r for _, o in syntax.prepositional(noun, "by") for r in reading.sides(o))
    whom = tuple(r for _, o in syntax.prepositional(noun, "against", "with", "targeting") for r in reading.sides(o))
    for _prep, obj in syntax.prepositional(noun, "between", "among", "involving"):
        parties = reading.sides(obj)
        who, whom = who + parties[:1], whom + parties[1:]
    where = reading.places_under(noun, *_IN)
    if not whom:
        whom = tuple(r for _, o in syntax.prepositional(noun, "on", "of") for r in reading.sides(o))
    for clause in syntax.children(noun, "acl", "relcl"):  # "an air strike targeting P", "an attack that hit P"
        if clause.lemma in ("target", "hit", "strike", "kill", "rock", "pound"):
            target = syntax.direct_object(clause)
            where = where or reading.places(target, slot=False) or reading.places_under(clause, *_IN)
            whom = whom or reading.sides(target)
    repelled = False
    if governor is not None:
        borrowed = reading.sides(_doer(governor)) if governor.lemma in light_verbs() or _repels(governor) else ()
        repelled = _repels(governor)
        if repelled:
            whom = whom or borrowed
        elif not who:
            who = borrowed
        where = where or reading.places_under(governor, *_IN)
        if not where and governor.lemma in ("hit", "strike", "target", "rock", "kill", "pound", "shake"):
            where = reading.places(syntax.direct_object(governor), slot=False)
    where = where or _modifier_place(reading, noun) or _around(reading, trigger)
    if (
        trigger.weak
        and not (who or whom)
        and trigger.kind is not Kind.STRIKE
        and not (where and where[0].known and _military(reading.parse))
    ):
        return None
    if trigger.kind is Kind.TRUCE:
        who, whom = who + whom, ()
    return _event(reading, trigger, who, whom, where)


def _nominal_control(reading: _Reading, trigger: Trigger, governor: Word | None) -> Event | None:
    """The capture of P by X (from Y); X's withdrawal from P; the fall of P to X."""
    noun = trigger.token
    lemma = noun.lemma
    who = tuple(r for _, o in syntax.prepositional(noun, "by", "to") for r in reading.sides(o)) or _owner(reading, noun)
    whom = tuple(r for _, o in syntax.prepositional(noun, "from") for r in reading.sides(o))
    if trigger.kind is Kind.LOSS:
        where = reading.places_under(noun, "from") if lemma != "loss" else reading.places_under(noun, "of")
        taker = tuple(r for _, o in syntax.prepositional(noun, "to") for r in reading.sides(o))
        loser = _owner(reading, noun) or tuple(
            r for _, o in syntax.prepositional(noun, "by", "of") for r in reading.sides(o)
        )
        if not loser and governor is not None and governor.lemma in light_verbs():
            loser = reading.sides(_doer(governor))
        return _event(reading, trigger, loser, taker, where) if loser or taker else None
    where = reading.places_under(noun, "of") or _modifier_place(reading, noun)
    if not who and governor is not None and governor.lemma in light_verbs():
        who = reading.sides(_doer(governor))
    return _event(reading, trigger, who, whom, where)


def _stronghold(reading: _Reading, trigger: Trigger, _: Word | None) -> Event | None:
    """The IS stronghold of P; its stronghold P; P, a rebel bastion."""
    noun = trigger.token
    who = _owner(reading, noun) or tuple(
        r for _, o in syntax.prepositional(noun, "of", "for") for r in reading.sides(o)
    )
    if not who:
        return None
    where = reading.places_under(noun, "of", "in", "at", "around")
    for child in syntax.children(noun, "appos"):
        where = where or reading.places(child, slot=False)
    if not where and noun.dep == "appos":
        where = reading.places(noun.head, slot=False)
    if not where and noun.dep == "attr":
        where = reading.places(syntax.subject(noun.head), slot=False)
    if not where:
        where = reading.places(noun, slot=False)
    if not where and noun.dep == "compound":
        where = reading.places(noun.head, slot=False)
    if not where and noun.i + 1 < len(reading.parse.words) and noun.i + 1 in reading.names.places:
        where = reading.places(noun.nbor(1), slot=False)
    lost = syntax.main_verb(noun)
    if (
        lost is not None
        and noun.dep in ("dobj", "pobj", "nsubjpass")
        and lost.lemma in ("lose", "capture", "seize", "retake", "take")
    ):
        return None  # it was theirs until now: the verb tells it
    return _event(reading, trigger, who, (), where)


def _modifier(reading: _Reading, trigger: Trigger, _: Word | None) -> Event | None:
    """rebel-held P; the besieged town of P."""
    participle = trigger.token
    head = participle.head
    while head.dep in ("amod", "compound", "nmod") and head.head.i > head.i:
        head = head.head
    where = reading.places(head, slot=False)
    if not where and participle.i + 1 < len(reading.parse.words):
        following = participle.nbor(1)
        where = reading.places(following, slot=False)
    if trigger.kind is Kind.SIEGE:
        return _event(reading, trigger, (), (), where)
    before = [t for t in reading.parse.words[max(0, participle.i - 4) : participle.i] if t.text != "-"]
    who: tuple[Reference, ...] = ()
    for token in reversed(before):
        if token.i in reading.names.actors:
            who = (Reference(reading.names.actors[token.i], reading.names.actors[token.i], token.lemma),)
            break
        if is_actor_noun(token):
            words = reading.parse.span(token, token)
            who = (Reference(words, words, token.lemma, known=False),)
            break
        if token.pos in ("VERB", "AUX", "ADP", "DET"):
            break
    return _event(reading, trigger, who, (), where) if who else None


def _governor(noun: Word) -> Word | None:
    """The verb that the noun is an argument of, through "a series of" and coordination."""
    current = noun
    for _ in range(4):
        head = current.head
        if head == current:
            return None
        if head.pos in ("VERB", "AUX"):
            return head
        if current.dep == "pobj" and head.dep in ("prep", "agent"):
            current = head
            continue
        if current.dep in ("conj", "prep", "compound"):
            current = head
            continue
        return None
    return None


def _owner(reading: _Reading, noun: Word) -> tuple[Reference, ...]:
    """Whose: "IS's", "the rebels'", "Russian", "regime" before the noun."""
    for child in noun.lefts:
        if child.dep in ("poss", "compound", "nmod", "amod", "nsubj"):
            for inner in (child, *(t for t in child.subtree if t != child)):
                if inner.i in reading.names.actors:
                    mention = reading.names.actors[inner.i]
                    return (Reference(mention, mention, inner.lemma),)
            if child.dep == "poss" and child.pos == "PRON" and child.lower in ("its", "their", "his"):
                words = reading.parse.span(child, child)
                return (Reference(words, None, {"their": "they"}.get(child.lower, "it")),)
            if is_actor_noun(child) and child.dep != "amod":
                words = reading.parse.span(child, child)
                return (Reference(words, words, child.lemma, known=False),)
    return ()


def _modifier_place(reading: _Reading, noun: Word) -> tuple[Reference, ...]:
    """The place as a modifier: "the Raqqa offensive" fights there, though as a bare name it is none of our claims."""
    for child in noun.lefts:
        if child.dep in ("compound", "nmod", "poss") and child.i in reading.names.places:
            mention = reading.names.places[child.i]
            return (Reference(mention, mention, child.lemma),)
    return ()


# --- fallbacks ----------------------------------------------------------------------------------------------


def _descend(reading: _Reading, token: Word) -> tuple[Reference, ...]:
    """A known place anywhere below the token: "hit a hospital run by nuns in P"."""
    for inner in token.subtree:
        if inner.i in reading.names.places and inner.dep == "pobj":
            return _known(reading.places(inner, slot=False))
    return ()


def _around(reading: _Reading, trigger: Trigger) -> tuple[Reference, ...]:
    """The place of an attack or fight anywhere in its clause: what hangs on the verbs above it, then the nearest."""
    current = trigger.token
    for _ in range(4):
        found = _known(reading.places_under(current, *_IN)) if current.pos in ("VERB", "AUX", "NOUN") else ()
        if found:
            return found
        if current.head == current or current.dep in ("ccomp", "relcl", "advcl", "parataxis"):
            break
        current = current.head
    return nearest_place(reading, trigger.token, after=True) or nearest_place(reading, trigger.token, after=False)


def _known(references: tuple[Reference, ...]) -> tuple[Reference, ...]:
    return tuple(r for r in references if r.known and r.name is not None)


_REACH = 12  # tokens


def nearest_place(reading: _Reading, token: Word, *, after: bool) -> tuple[Reference, ...]:
    """The next (or last) known place within reach in the line of words, no verb or "from" in between.

    For parses that lost the thread, as they do where commas are missing.
    """
    doc = reading.parse.words
    steps = (
        range(token.i + 1, min(len(doc), token.i + 1 + _REACH))
        if after
        else range(token.i - 1, max(-1, token.i - 1 - _REACH), -1)
    )
    for i in steps:
        if i in reading.names.places:
            if i > 0 and doc[i - 1].lower in ("from", "with", "to") and after:
                return ()
            end = i
            while end + 1 < len(doc) and reading.names.places.get(end + 1) is reading.names.places[i]:
                end += 1
            found = reading.places(doc[end], slot=False)
            return found[:1]
        if doc[i].pos == "VERB" and doc[i].dep not in ("amod", "acl"):
            return ()
    return ()


@cache
def _words(section: str, key: str) -> frozenset[str]:
    return frozenset(table("triggers.toml")[section][key])


def _is_not_captured(token: Word) -> bool:
    return token.lemma in _words("not_captured", "nouns")


def _repels(verb: Word) -> bool:
    return verb.lemma in _words("repel", "verbs")


def _military(parse: Parse) -> bool:
    """Whether the sentence speaks of armed people at all: weak words need it."""
    return any(is_actor_noun(t) for t in parse.words)


_FRAMES: dict[str, Callable[[_Reading, Trigger, Word | None], Event | None]] = {
    "transitive": _transitive,
    "expel": _expel,
    "fall": _fall,
    "lose": _lose,
    "leave": _leave,
    "transitive_leave": _transitive_leave,
    "intransitive": _intransitive,
    "control": _control,
    "under": _under,
    "noun": _noun,
    "stronghold": _stronghold,
    "modifier": _modifier,
}
