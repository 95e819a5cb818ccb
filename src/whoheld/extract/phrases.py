"""What a noun phrase stands for: a place (and how much of it), a side, or neither.

A phrase may name its referent ("the town of X"), or point to one named elsewhere ("the town", "the group", "it").
A :class:`Reference` keeps both possibilities; :mod:`whoheld.extract.corefer` settles the second.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from whoheld.data import table
from whoheld.extract.nlp import Parse, Word
from whoheld.extract.syntax import children, conjuncts, noun_phrase, prepositional
from whoheld.vocabulary import Extent, Mention

_DIRECTIONS = re.compile(
    r"^(north|south|east|west|central|upper|lower|greater)?-?(north|south|east|west|central)?(ern)?(most)?$"
)
_PRONOUNS = frozenset({"it", "they", "them", "he", "who", "which", "itself", "themselves"})


@dataclass(frozen=True, slots=True)
class Reference:
    """A phrase that stands for a place or a side.

    `name` is the mention that names it, None where it must be found elsewhere in the report.
    `head` is the lemma of the phrase's head ("town", "group", "they"); `definite` says "the", "this", "its".
    """

    anchor: Mention
    name: Mention | None
    head: str
    extent: Extent = Extent.WHOLE
    definite: bool = True
    known: bool = True  # the name is in the lexicon, or has the form of a side


@dataclass(frozen=True, slots=True)
class NameIndex:
    """Which tokens of a parse are covered by names that the lexicon (or the time finder) knows."""

    places: dict[int, Mention] = field(default_factory=dict)
    actors: dict[int, Mention] = field(default_factory=dict)
    times: dict[int, Mention] = field(default_factory=dict)


def index_names(
    parse: Parse, places: Sequence[Mention], actors: Sequence[Mention], times: Sequence[Mention]
) -> NameIndex:
    """Cover the tokens of the parse with the mentions of the report; where a side and a place overlap, the longer wins."""  # noqa: E501 - a list of words
    index = NameIndex(_cover(parse, places), _cover(parse, actors), _cover(parse, times))
    for i in set(index.places) & set(index.actors):
        place, actor = index.places[i], index.actors[i]
        loser = index.places if len(actor.text) >= len(place.text) else index.actors
        del loser[i]
    return index


def _cover(parse: Parse, mentions: Sequence[Mention]) -> dict[int, Mention]:
    covered: dict[int, Mention] = {}
    begin, end = parse.sentence.start, parse.sentence.end
    for mention in mentions:
        if mention.start < end and mention.end > begin:
            for token in parse.words:
                if token.start < mention.end and token.start + len(token.text) > mention.start:
                    covered[token.i] = mention
    return covered


@cache
def _nouns() -> dict[str, frozenset[str]]:
    data = table("nouns.toml")
    place = data["place"]
    return {
        "place": frozenset(word for words in place.values() for word in words),
        "town": frozenset(place["populated"] + place["base"] + place["district"]),
        "part": frozenset(data["part"]["words"]),
        "whole": frozenset(data["part"]["whole"]),
        "near": frozenset(data["near"]["nouns"]),
        "near_prepositions": frozenset(data["near"]["prepositions"]),
        "actor": frozenset(data["actor"]["heads"]),
        "arms": frozenset(data["actor"]["arms"]),
        "groups": frozenset(data["actor"]["groups"]),
        "partitive": frozenset(data["actor"]["partitive"]),
    }


def is_place_noun(token: Word) -> bool:
    """Whether the token is a common noun for a kind of place: "town", "airport"."""
    return token.lemma in _nouns()["place"]


def is_actor_noun(token: Word) -> bool:
    """Whether the token is a common noun for armed people or their arms: "troops", "warplanes"."""
    lemma = token.lemma
    return lemma in _nouns()["actor"] or lemma in _nouns()["arms"]


# --- places -------------------------------------------------------------------------------------------------


def places(parse: Parse, names: NameIndex, token: Word, *, slot: bool = False) -> list[Reference]:
    """The places that the phrase headed by `token` stands for, its coordinated phrases included.

    `slot` says that the grammar asks for a place here ("captured …"): a capitalised name that the lexicon does not
    know is then taken for one.
    """
    found: list[Reference] = []
    for head in conjuncts(token):
        found.extend(_places_of(parse, names, head, slot, depth=0))
    return _unique(found)


def _places_of(parse: Parse, names: NameIndex, token: Word, slot: bool, depth: int) -> list[Reference]:
    if depth > 4 or token.i in names.times or (token.pos in ("VERB", "PRON", "NUM") and token.i not in names.places):
        if token.pos == "PRON" and token.lower in ("it", "which", "that"):
            return [Reference(parse.span(token, token), None, "it")]
        if depth > 4 or token.i in names.times or token.pos != "NUM":
            return []
    lemma = token.lemma
    nouns = _nouns()
    first, last = noun_phrase(token)
    words = parse.span(first, last)
    if token.i in names.places:
        return [_named(parse, names, token, words)]
    if token.i in names.actors and lemma not in nouns["place"]:
        return []

    inner_of = [obj for prep, obj in prepositional(token, "of")]
    if lemma in nouns["near"] or lemma in nouns["part"] or token.pos == "NUM" or lemma == "%":
        extent = Extent.NEAR if lemma in nouns["near"] else Extent.WHOLE if lemma in nouns["whole"] else Extent.PART
        inner = inner_of or [obj for prep, obj in prepositional(token, "in", "around", "near", "inside")]
        found = [r for obj in inner for r in _coordinated(parse, names, obj, slot, depth + 1)]
        if found:
            return [_at_most(r, extent) for r in found]
        held = _name_inside(parse, names, token)
        if held is not None:  # "the Hama countryside"
            return [Reference(words, held, lemma, extent)]
        if lemma not in nouns["place"]:
            return []
    if lemma in nouns["place"]:
        return _nominal_place(parse, names, token, words, inner_of, slot, depth)
    # A name that is not its phrase's head: the parser took the next word for it.
    held = _name_inside(parse, names, token)
    if held is not None and slot:
        return [Reference(words, held, lemma)]
    if slot and token.pos == "PROPN" and token.text[:1].isupper() and not is_actor_noun(token):
        return [Reference(words, words, lemma, known=False)]
    return []


def _coordinated(parse: Parse, names: NameIndex, token: Word, slot: bool, depth: int) -> list[Reference]:
    return [r for head in conjuncts(token) for r in _places_of(parse, names, head, slot, depth)]


def _named(parse: Parse, names: NameIndex, token: Word, words: Mention) -> Reference:
    name = names.places[token.i]
    extent = Extent.WHOLE
    lead = parse.text[max(parse.sentence.start, name.start - 30) : name.start]
    before = re.findall(r"[\w-]+", lead)[-2:]
    if before and _is_direction(before[-1]) and not _is_direction(name.text.split()[0]):
        extent = Extent.PART  # "eastern Aleppo", where the lexicon has no such region of its own
    tail = parse.text[name.end : min(parse.sentence.end, name.end + 24)]
    following = re.match(r"['’]?s?\s+(\w+)\s*(\w*)", tail)
    if following and following.group(1).lower().rstrip("s") in {n.rstrip("s") for n in _nouns()["near"]}:
        extent = Extent.NEAR  # "Hama countryside"
    return Reference(words, name, token.lemma, extent)


def _is_direction(word: str) -> bool:
    lowered = word.lower()
    return len(lowered) > 3 and bool(_DIRECTIONS.match(lowered))


def _nominal_place(
    parse: Parse, names: NameIndex, token: Word, words: Mention, inner_of: list[Word], slot: bool, depth: int
) -> list[Reference]:
    lemma = token.lemma
    plural = token.tag in ("NNS", "NNPS")
    town_like = lemma in _nouns()["town"] or not plural
    if inner_of:  # "the town of X", "the towns of X and Y"
        found = [r for obj in inner_of for r in _coordinated(parse, names, obj, True, depth + 1)]
        if found:
            return found
    for child in children(token, "appos"):  # "the town, X"
        found = [r for head in conjuncts(child) for r in _places_of(parse, names, head, True, depth + 1)]
        if found:
            return found
    held = _name_inside(parse, names, token)
    if held is not None:  # "Anbar province", "the X airport", "X's airport"
        end = max(held.end, words.end)
        lead = parse.text[held.start : end]
        name = held if held.end >= end else Mention(held.start, end, lead)
        return [Reference(words, name, lemma)]
    proper = [t for t in token.lefts if t.dep in ("compound", "nmod") and t.pos == "PROPN" and t.i not in names.actors]
    if proper and slot:  # a name that the lexicon does not know: "Menagh airbase"
        name = parse.span(proper[0].left_edge, token)
        return [Reference(words, name, lemma, known=False)]
    if token.i + 1 < len(parse.words):  # "the village Xyz" without a comma
        following = token.nbor(1)
        if following.i in names.places and following.head != token:
            return [Reference(words, names.places[following.i], lemma)]
    for prep, obj in prepositional(token, "in", "near", "around", "outside", "inside", "along", "between", *_NEARS):
        near = prep.lower in _nouns()["near_prepositions"]
        found = [r for head in conjuncts(obj) for r in _places_of(parse, names, head, True, depth + 1)]
        if found and (plural or not _definite(token) or near):
            extent = Extent.NEAR if near else Extent.PART
            if not near and not plural and town_like:
                extent = Extent.PART
            return [_at_most(r, extent) for r in found]
    return [Reference(words, None, lemma, definite=_definite(token))] if not plural or _definite(token) else []


_NEARS = ("north", "south", "east", "west", "northeast", "northwest", "southeast", "southwest", "close", "surrounding")


def _name_inside(parse: Parse, names: NameIndex, token: Word) -> Mention | None:
    """A known place among the left modifiers: the last one, which is the most exact ("Syria's Homs province")."""
    for left in reversed(list(token.lefts)):
        if left.dep in ("compound", "nmod", "poss", "amod", "npadvmod", "punct"):
            for inner in reversed(list(left.subtree)):
                if inner.i in names.places and not _is_held_modifier(left):
                    return names.places[inner.i]
    return None


def _is_held_modifier(token: Word) -> bool:
    return token.lower in ("held", "controlled", "occupied", "backed", "led")


def _definite(token: Word) -> bool:
    return any(
        (c.dep == "det" and c.lower in ("the", "this", "that", "these", "those", "both"))
        or (c.dep == "poss" and c.pos == "PRON")
        for c in token.children
    )


def _at_most(reference: Reference, extent: Extent) -> Reference:
    """The reference with the narrower of two extents: near beats part beats whole."""
    order = (Extent.WHOLE, Extent.PART, Extent.NEAR)
    return replace(reference, extent=max(reference.extent, extent, key=order.index))


def _unique(references: list[Reference]) -> list[Reference]:
    seen: dict[tuple[int, int], Reference] = {}
    for reference in references:
        key = reference.name or reference.anchor
        seen.setdefault((key.start, key.end), reference)
    return list(seen.values())


# --- sides --------------------------------------------------------------------------------------------------


def actors(parse: Parse, names: NameIndex, token: Word | None) -> list[Reference]:
    """The sides that the phrase headed by `token` stands for, its coordinated phrases included."""
    if token is None:
        return []
    found: list[Reference] = []
    for head in conjuncts(token):
        found.extend(_actors_of(parse, names, head, depth=0))
    return _unique(found)


def _actors_of(parse: Parse, names: NameIndex, token: Word, depth: int) -> Iterator[Reference]:
    if depth > 3:
        return
    lemma = token.lemma
    nouns = _nouns()
    first, last = noun_phrase(token)
    words = parse.span(first, last)
    if token.pos == "PRON" or token.lower in _PRONOUNS:
        if token.lower in _PRONOUNS:
            yield Reference(words, None, token.lower)
        return
    if token.i in names.actors:
        named = names.actors[token.i]
        yield Reference(words, _wider(words, named) if is_actor_noun(token) else named, lemma)
        return
    if lemma in nouns["partitive"]:  # "sleeper cells of the Islamic State group"
        inner = [
            r
            for _, obj in prepositional(token, "of", "from")
            for h in conjuncts(obj)
            for r in _actors_of(parse, names, h, depth + 1)
        ]
        inner = [r for r in inner if r.name is not None]
        if inner:
            yield from inner
            return
    inside = _actor_inside(names, token)
    if lemma in nouns["actor"] or lemma in nouns["arms"] or lemma in ("offensive", "attack", "assault", "operation"):
        if inside is not None:
            yield Reference(words, _wider(words, inside) if lemma in nouns["actor"] else inside, lemma)
        elif lemma in nouns["actor"]:
            bare = first.i == last.i
            pointing = lemma in nouns["groups"] and bare and _definite(token)
            yield Reference(words, None if pointing else words, lemma, definite=_definite(token), known=False)
        elif lemma in nouns["arms"] and first.i != last.i:
            modifiers = [t for t in token.lefts if t.dep in ("amod", "compound", "nmod") and t.text[:1].isupper()]
            if modifiers:
                yield Reference(words, words, lemma, known=False)
        return
    if inside is not None and token.pos in ("NOUN", "PROPN"):
        yield Reference(words, inside, lemma)
        return
    for child in children(token, "appos"):
        yield from _actors_of(parse, names, child, depth + 1)


def _wider(words: Mention, named: Mention) -> Mention:
    """The whole phrase where it holds the name ("Syrian government forces"), else the name."""
    long_winded = len(words.text) > 60
    return words if words.start <= named.start and named.end <= words.end and not long_winded else named


def _actor_inside(names: NameIndex, token: Word) -> Mention | None:
    """A known side among the left modifiers, passing over backers ("US-backed")."""
    for left in reversed(list(token.lefts)):
        if left.dep in ("compound", "nmod", "poss", "amod", "npadvmod"):
            tree = list(left.subtree)
            if any(
                t.lower in ("backed", "led", "supported", "sponsored", "held", "controlled", "occupied") for t in tree
            ):
                continue
            for inner in reversed(tree):
                if inner.i in names.actors:
                    return names.actors[inner.i]
    return None
