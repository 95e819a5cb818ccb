"""What a sentence offers a trigger: every place and every side that it names or points to.

Read from the names upwards ("X" -> "X province" -> "parts of X province"), so that a wrong parse elsewhere in the
sentence does no harm. Which of them belong to the trigger is decided by :mod:`whoheld.extract.judge`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from whoheld.data import table
from whoheld.extract.nlp import Parse, Word
from whoheld.extract.phrases import NameIndex
from whoheld.vocabulary import Extent, Mention


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A place or a side that a sentence names, or points to.

    `word` is its head in the parse (None where it is carried over from an earlier sentence); `how` is one of: known,
    unknown, pointed ("the town", "the group"), pronoun, carried.
    `name` is the mention that names it; `anchor` the words at hand.
    """

    name: Mention
    anchor: Mention
    word: Word | None
    how: str
    noun: str = ""
    extent: Extent = Extent.WHOLE
    kind: str = ""  # of a place: its feature class, "" where that is not known

    @property
    def country(self) -> bool:
        """Whether it is a whole country: the scene of a war, not a place that is held."""
        return self.kind == "country"


@dataclass(frozen=True, slots=True)
class Pointer:
    """Words that stand for something named elsewhere: "the town", "it", "the group"."""

    anchor: Mention
    word: Word
    noun: str


@cache
def _nouns(section: str, *keys: str) -> frozenset[str]:
    data = table("nouns.toml")[section]
    return frozenset(word for key in keys or data for word in data[key])


_DIRECTION = re.compile(
    r"^(?:old|new|north|south|east|west|central)?-?(?:north|south|east|west|central|up|low)(?:ern|er)?(?:most)?$"
)
_DEFINITE = frozenset({"the", "this", "that", "these", "those", "both", "its", "their"})
_LOCATIVE = frozenset({"in", "at", "near", "around", "outside", "inside", "into", "towards", "toward", "from", "on", "of", "against", "between", "across", "over", "to"})  # fmt: skip  # noqa: E501 - a list of words
_NEAR = frozenset({"near", "around", "outside", "surrounding", "overlooking", "towards", "toward", "beyond", "off"})
_COMPASS = frozenset({"north", "south", "east", "west", "northeast", "northwest", "southeast", "southwest", "close", "adjacent", "km", "kilometer", "kilometre", "mile"})  # fmt: skip  # noqa: E501 - a list of words


def place_candidates(parse: Parse, names: NameIndex) -> Iterator[Candidate]:
    """Every place that the sentence names, in order."""
    seen: set[int] = set()
    for i, mention in sorted(names.places.items()):
        if mention.start in seen:
            continue
        seen.add(mention.start)
        word = _head(parse, mention, i)
        yield _grown(parse, mention, word, "known")
    for first, last in _unknown_names(parse, names):
        mention = parse.span(first, last)
        yield _grown(parse, mention, last, "unknown")


def place_pointers(parse: Parse, names: NameIndex) -> Iterator[Pointer]:
    """ "the town", "the area", "it", "there": places named elsewhere in the report."""
    kinds = _nouns("place")
    for word in parse.words:
        if word.i in names.places or word.i in names.actors or word.i in names.times:
            continue
        if word.lemma in kinds and word.pos in ("NOUN", "PROPN") and word.dep != "compound" and _is_definite(word):
            if not any(inner.i in names.places or _is_name(inner) for inner in _inside(word)):
                yield Pointer(parse.span(word, word), word, word.lemma)
        elif word.lower in ("it", "there", "its") and word.pos in ("PRON", "ADV") and word.dep not in ("expl",):
            yield Pointer(parse.span(word, word), word, "it" if word.lower == "its" else word.lower)


def side_candidates(parse: Parse, names: NameIndex) -> Iterator[Candidate]:
    """Every side that the sentence names, known or by a common noun ("gunmen"), in order."""
    seen: set[int] = set()
    heads = _nouns("actor", "heads")
    for word in parse.words:
        if word.i in names.actors:
            mention = names.actors[word.i]
            if mention.start not in seen:
                seen.add(mention.start)
                head = _head(parse, mention, word.i)
                yield Candidate(_phrase_around(parse, mention, head), mention, head, "known", head.lemma)
        elif (
            word.lemma in heads
            and word.pos in ("NOUN", "PROPN")
            and word.i not in names.places
            and word.i not in names.times
        ):
            if any(c.i in names.actors and word.i - c.i <= 3 for c in word.lefts):
                continue  # its name is a candidate already
            first = _phrase_start(word)
            yield Candidate(parse.span(first, word), parse.span(first, word), word, "unknown", word.lemma)


def side_pointers(parse: Parse) -> Iterator[Pointer]:
    """ "they", "it", "its", "the group": sides named elsewhere in the report."""
    groups = _nouns("actor", "groups")
    for word in parse.words:
        if word.lower in ("it", "they", "them", "its", "their") and word.pos == "PRON":
            yield Pointer(
                parse.span(word, word), word, {"its": "it", "their": "they", "them": "they"}.get(word.lower, word.lower)
            )
        elif word.lemma in groups and word.pos == "NOUN" and _is_definite(word) and not _modified(word):
            yield Pointer(parse.span(word, word), word, word.lemma)


# --- growing a name ------------------------------------------------------------------------------------------


def _grown(parse: Parse, mention: Mention, word: Word, how: str) -> Candidate:
    """The candidate of a name with the noun beside it ("X province") and how much of it is meant."""
    noun, end, head = "", mention.end, word
    kinds = _nouns("place")
    following = parse.words[word.i + 1] if word.i + 1 < len(parse.words) else None
    if following is not None and following.lower in ("'s", "s", "’s", "'", "’"):
        following = parse.words[following.i + 1] if following.i + 1 < len(parse.words) else None
    step = following
    for _ in range(2):  # "X military airport"
        if step is None or (step.dep == "ROOT" and step.pos == "VERB"):
            break
        if step.lemma in kinds and step.pos in ("NOUN", "PROPN"):
            noun, end, head = step.lemma, step.end, step
            break
        if step.pos not in ("ADJ", "PROPN", "NOUN") or step.i + 1 >= len(parse.words):
            break
        step = parse.words[step.i + 1]
    name = mention
    if noun and noun not in _nouns("near", "nouns") and noun not in ("countryside", "front"):
        name = Mention(mention.start, end, parse.text[mention.start : end])
    extent = _extent(parse, mention, word, noun)
    return Candidate(name, name, head, how, noun, extent)


def _extent(parse: Parse, mention: Mention, word: Word, noun: str) -> Extent:
    near_nouns, part_nouns = _nouns("near", "nouns"), _nouns("part", "words")
    if noun in near_nouns:
        return Extent.NEAR
    before = [w for w in parse.words[max(0, word.i - 9) : word.i] if w.start < mention.start]
    extent = Extent.WHOLE
    passed_of = False
    for back in reversed(before):
        lower = back.lower
        if lower in _NEAR or (lower in _COMPASS and (passed_of or lower in ("near", "close"))):
            return Extent.NEAR
        if back.lemma in near_nouns or lower in near_nouns:
            return Extent.NEAR
        if _DIRECTION.match(lower) and len(lower) > 3:
            extent = Extent.PART if not passed_of else extent
            continue
        if back.lemma in part_nouns and passed_of:
            return Extent.WHOLE if lower in _nouns("part", "whole") else Extent.PART
        if lower in ("of", "from", "to"):
            passed_of = True
            continue
        if back.pos in ("DET", "ADJ", "PROPN", "NOUN", "PUNCT", "PART", "NUM", "CCONJ") and lower not in (
            ",",
            ";",
            '"',
            "and",
        ):
            continue
        break
    return extent


def _unknown_names(parse: Parse, names: NameIndex) -> Iterator[tuple[Word, Word]]:
    """Runs of capitalised words that the lexicon does not know, where the grammar has room for a place."""
    words = parse.words
    kinds = _nouns("place")
    i = 0
    while i < len(words):
        word = words[i]
        if not _may_name(word, names):
            i += 1
            continue
        j = i
        while j + 1 < len(words) and _may_name(words[j + 1], names):
            j += 1
        run = words[i : j + 1]
        beside = i > 0 and i - 1 in names.places and words[i - 1].end + 1 == words[i].start
        i = j + 1
        if all(w.lemma in kinds or _DIRECTION.match(w.lower) for w in run) or (beside and run[0].lemma in kinds):
            continue  # "Kharkiv Oblast", "Old City"
        if len(run) > 2:  # a list whose commas are lost: "Mashhad al-Kallasa Salihiya"
            yield from _split_list(run)
            continue
        first, last = run[0], run[-1]
        before = words[first.i - 1] if first.i else None
        after = words[last.i + 1] if last.i + 1 < len(words) else None
        governed = last.head.lower if last.dep == "pobj" else ""
        if (
            (after is not None and after.lemma in kinds and after.pos in ("NOUN", "PROPN"))
            or (before is not None and (before.lower in _LOCATIVE or before.lemma in kinds))
            or governed in _LOCATIVE
            or last.dep in ("dobj", "conj", "nsubjpass", "appos")
            or (last.dep == "nsubj" and last.head.lemma == "fall")
        ):
            yield first, last


def _split_list(run: Sequence[Word]) -> Iterator[tuple[Word, Word]]:
    """The names in a run of capitalised words: a new one begins after each name that is no first part of one."""
    first = 0
    for i, word in enumerate(run):
        following = run[i + 1] if i + 1 < len(run) else None
        glued = following is not None and (
            word.lower in _nouns("names", "first_parts")
            or following.start == word.end
            or following.text in ("-", "–")
            or word.text in ("-", "–")
            or (following.lower.startswith(("al-", "el-", "ash-", "as-")) and i == first)
        )
        if not glued:
            yield run[first], word
            first = i + 1


_MONTHS = frozenset(
    [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
    ]
)


def _may_name(word: Word, names: NameIndex) -> bool:
    return (
        word.text[:1].isupper()
        and word.pos in ("PROPN", "NOUN", "ADJ", "X")
        and word.tag != "POS"
        and (word.pos == "PROPN" or word.i > 0)
        and len(word.text) > 2
        and word.i not in names.places
        and word.i not in names.actors
        and word.i not in names.times
        and word.lower not in _MONTHS
        and word.lemma not in _nouns("actor", "heads")
    )


# --- small things --------------------------------------------------------------------------------------------


def _head(parse: Parse, mention: Mention, at: int) -> Word:
    """The word of the mention whose own head lies outside it."""
    best = parse.words[at]
    for word in parse.words[at:]:
        if word.start >= mention.end:
            break
        best = word
        if not mention.start <= word.head.start < mention.end or word.head is word:
            return word
    return best


def _phrase_around(parse: Parse, mention: Mention, head: Word) -> Mention:
    """The name with the military noun that follows it and its own modifiers: "Syrian government forces"."""
    heads = _nouns("actor", "heads")
    end = mention.end
    for word in parse.words[head.i + 1 : head.i + 3]:
        if word.lemma in heads and word.pos in ("NOUN", "PROPN") and word.tag != "POS":
            end = word.end
        else:
            break
    return Mention(mention.start, end, parse.text[mention.start : end])


def _phrase_start(word: Word) -> Word:
    first = word
    for left in reversed(word.lefts):
        if left.i != first.i - 1 or left.dep not in ("compound", "amod", "nmod", "poss", "punct"):
            break
        if left.pos in ("PRON", "DET") or left.children:
            break
        first = left
    return first


def _is_definite(word: Word) -> bool:
    return any(c.lower in _DEFINITE and c.dep in ("det", "poss") for c in word.children)


def _modified(word: Word) -> bool:
    return any(c.dep in ("compound", "amod", "nmod") and c.text[:1].isupper() for c in word.children)


def _inside(word: Word) -> list[Word]:
    """What could name the noun: its own modifiers and what follows "of" or stands in apposition."""
    found = [c for c in word.children if c.dep in ("compound", "nmod", "poss", "appos", "amod")]
    for child in word.children:
        if child.dep == "prep" and child.lower == "of":
            found.extend(child.children)
    return found


def _is_name(word: Word) -> bool:
    return word.pos == "PROPN" and word.text[:1].isupper()
