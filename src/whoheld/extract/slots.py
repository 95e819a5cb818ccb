"""What a sentence offers the reader, without a parse: places, sides and times that a claim in it may be about.

Generous on purpose: whether something is claimed of a place, and who did it, is decided by the trained reader. A place
or a side that the sentence only points to ("the town", "the group", nothing at all) is offered with each name that it
may stand for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice

from whoheld.data import table
from whoheld.extract.nlp import Sentence
from whoheld.plugins import Lexicon
from whoheld.vocabulary import BlockKind, Mention, TimeMention, TimeType

HOWS = ("known", "unknown", "pointed", "pronoun", "carried", "generic", "people", "before", "first")

_RECENT = 3  # names back that a pointer may stand for
_LATER = 2  # names ahead
_SIDES_BACK = 2  # sentences back whose sides may act here
_WORD = re.compile(r"[^\W_](?:[\w'’.-]*[\w])?")
_GAP = re.compile(r"(?: |-|\s?['’]\s?)\Z")
_NOUN_AFTER = re.compile(r"(?:['’]?s)?((?:[ \t]+[\w-]+){1,3})")


@dataclass(frozen=True, slots=True)
class Slot:
    """Something that a claim may be about. `name` names it; `anchor` are the words at hand, empty where there are none.

    `how` is one of HOWS.
    """

    name: Mention
    anchor: Mention
    how: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A sentence with its slots."""

    sentence: Sentence
    places: tuple[Slot, ...]
    sides: tuple[Slot, ...]
    times: tuple[TimeMention, ...]  # of the sentence, then the last one before it and the report's first one


@dataclass(frozen=True, slots=True)
class Names:
    """All names of one report that the lexicon or the scanner of times knows; countries apart from other places."""

    places: tuple[Mention, ...]
    countries: tuple[Mention, ...]
    actors: tuple[Mention, ...]
    times: tuple[TimeMention, ...]


def offers(
    text: str, sentences: Sequence[Sentence], wanted: Sequence[bool], names: Names, lexicon: Lexicon
) -> Iterator[Offer]:
    """Each sentence that is wanted with what it offers, in order. The others name what a pointer may stand for."""
    covered = (*names.places, *names.countries, *names.actors, *names.times)

    @cache
    def places(i: int) -> list[Slot]:
        return _places(text, sentences[i], names, covered, lexicon)

    @cache
    def sides(i: int) -> list[Slot]:
        return _sides(text, sentences[i], names, lexicon)

    @cache
    def named(i: int) -> list[Mention]:
        """Names of places in a sentence that others may point to; a caption's belong to its picture."""
        if sentences[i].block is BlockKind.CAPTION:
            return []
        return [slot.name for slot in places(i) if slot.how == "known" or _is_placed(text, slot.name)]

    for i in (i for i, is_wanted in enumerate(wanted) if is_wanted):
        sentence = sentences[i]
        earlier = _distinct((name for j in range(i - 1, -1, -1) for name in reversed(named(j))), _RECENT)
        later = list(islice((name for j in range(i + 1, len(sentences)) for name in named(j)), _LATER))
        before = [slot for j in range(max(0, i - _SIDES_BACK), i) for slot in sides(j)]
        yield Offer(
            sentence,
            (*places(i), *_pointed(text, sentence, places(i), earlier, later)),
            (*sides(i), *_back(before, sides(i))),
            tuple(_times(sentence, names.times)),
        )


# --- places --------------------------------------------------------------------------------------------------


@cache
def _place_nouns() -> frozenset[str]:
    nouns = {noun for listed in table("nouns.toml")["place"].values() for noun in listed}
    return frozenset(nouns | {noun + "s" for noun in nouns} | {"cities", "territories", "communities"})


@cache
def _pointer() -> re.Pattern[str]:
    nouns = "|".join(sorted(_place_nouns(), key=len, reverse=True))
    return re.compile(
        rf"\b(an?|the|this|that|these|those|both|its|their)\s+(?:[\w'’-]+\s+){{0,3}}?({nouns})\b", re.IGNORECASE
    )


_APPOSED = re.compile(r"\s*,?\s*")  # "Raqqa, the capital of …": the capital is Raqqa, which is offered already
_PRONOUN = re.compile(r"\b(?:it|its|there)\b", re.IGNORECASE)


@cache
def _loose() -> dict[str, frozenset[str]]:
    """Words that are no part of a name although they are capitalised, and first parts of names."""
    listed = table("nouns.toml")["names"]
    return {key: frozenset(words) for key, words in listed.items()}


_PLACED = re.compile(r"\b(?:in|at|of|near|to|from|into|around|outside|towards?|on)\s+(?:the\s+)?\Z", re.IGNORECASE)


def _is_placed(text: str, name: Mention) -> bool:
    """Whether an unknown name stands where places do, so that "the town" may point to it."""
    return (
        name.text.split()[-1].lower() in _place_nouns()
        or _PLACED.search(text, max(0, name.start - 16), name.start) is not None
    )


def _places(text: str, sentence: Sentence, names: Names, covered: Sequence[Mention], lexicon: Lexicon) -> list[Slot]:
    """Places that the sentence names: those that the lexicon knows, and capitalised words that may be names."""
    found = []
    for mention in names.places:
        if sentence.start <= mention.start and mention.end <= sentence.end:
            name = _with_noun(text, mention, sentence.end)
            found.append(Slot(name, name, "known"))
    for mention in _unknown_names(text, sentence, covered):
        name = _with_noun(text, mention, sentence.end)
        taken = any(name.start < slot.name.end and slot.name.start < name.end for slot in found)
        if not taken and not lexicon.is_people(mention.text):
            found.append(Slot(name, name, "unknown"))
    return sorted(found, key=lambda slot: slot.name.start)


def _with_noun(text: str, mention: Mention, limit: int) -> Mention:
    """ "X" in "X province", "X military airport": the name with the noun that belongs to it."""
    match = _NOUN_AFTER.match(text, mention.end, limit)
    if match is None:
        return mention
    for word in list(re.finditer(r"[\w-]+", match.group(1)))[:2]:
        lowered = word.group().lower()
        if lowered in _place_nouns() and lowered not in table("nouns.toml")["near"]["nouns"]:
            end = match.start(1) + word.end()
            return Mention(mention.start, end, text[mention.start : end])
        if lowered not in (
            "military",
            "international",
            "air",
            "border",
            "oil",
            "gas",
            "refugee",
            "army",
            "old",
            "main",
        ):
            break
    return mention


def _unknown_names(text: str, sentence: Sentence, covered: Sequence[Mention]) -> Iterator[Mention]:
    """Runs of capitalised words outside the known names; a run without commas is cut into its names."""
    loose, firsts = _loose()["loose"], _loose()["first_parts"] | _loose()["more_first_parts"]
    run: list[re.Match[str]] = []
    taken = [m for m in covered if m.start < sentence.end and m.end > sentence.start]

    def names_of(run: list[re.Match[str]]) -> Iterator[Mention]:
        if not run:
            return
        first = run[0].start()
        for i, word in enumerate(run):
            following = run[i + 1] if i + 1 < len(run) else None
            glued = following is not None and (
                len(run) <= 2
                or word.group().lower() in firsts
                or following.start() == word.end()
                or (following.group().lower().startswith(("al-", "el-", "ash-", "as-")) and word.start() == first)
            )
            if not glued:
                yield Mention(first, word.end(), text[first : word.end()])
                first = following.start() if following is not None else 0

    for match in _WORD.finditer(text, sentence.start, sentence.end):
        word = match.group()
        known = any(m.start < match.end() and m.end > match.start() for m in taken)
        opening = match.start() == sentence.start and word.lower() in _loose()["openers"]
        name = word[:1].isupper() and len(word) > 2 and not known and word.lower() not in loose and not opening
        joined = bool(run) and _GAP.match(text[run[-1].end() : match.start()]) is not None
        if not name or not joined:
            yield from names_of(run)
            run = []
        if name:
            run.append(match)
    yield from names_of(run)


def _pointed(
    text: str, sentence: Sentence, own: Sequence[Slot], earlier: Sequence[Mention], later: Sequence[Mention]
) -> Iterator[Slot]:
    """ "the town", "it", or no words at all, each with the names that it may stand for.

    `earlier` are the last ones before, the last first; `later` the next ones.

    "A town" is named later, and "the town" sometimes too.
    """
    anchors = [
        (Mention(m.start(2), m.end(2), m.group(2)), m.group(1).lower() in ("a", "an"))
        for m in _pointer().finditer(text, sentence.start, sentence.end)
        if not any(slot.name.start < m.end() and m.start() < slot.name.end for slot in own)
        and not any(_APPOSED.fullmatch(text, slot.name.end, m.start()) for slot in own if slot.name.end <= m.start())
        and not re.match(r"\s+of\s+(?:the\s+)?[A-Z]", text[m.end() : m.end() + 12])
    ]
    for anchor, is_new in anchors:
        inside = [slot.name for slot in own if slot.name.start < anchor.start]
        names = later if is_new else [*reversed(inside), *earlier, *later[:1]]
        for name in _distinct(names, _RECENT + 1):
            yield Slot(name, anchor, "pointed")
    if not anchors and not any(slot.how == "known" for slot in own):
        pronoun = _PRONOUN.search(text, sentence.start, sentence.end)
        empty = Mention(sentence.start, sentence.start, "")
        anchor = Mention(pronoun.start(), pronoun.end(), pronoun.group()) if pronoun else empty
        for name in earlier:
            yield Slot(name, anchor, "pronoun" if pronoun else "carried")


def _distinct(mentions: Sequence[Mention] | Iterator[Mention], most: int) -> list[Mention]:
    found: dict[str, Mention] = {}
    for mention in mentions:
        if len(found) == most:
            break
        found.setdefault(mention.text.lower(), mention)
    return list(found.values())


# --- sides and times -----------------------------------------------------------------------------------------


@cache
def _side_nouns() -> frozenset[str]:
    heads = set(table("nouns.toml")["actor"]["heads"])
    return frozenset(heads | {head + "s" for head in heads} | {"authorities", "allies", "parties", "enemies"})


def _sides(text: str, sentence: Sentence, names: Names, lexicon: Lexicon) -> list[Slot]:
    """Sides that the sentence names: known ones, common nouns ("gunmen"), and peoples ("Russian")."""
    found: list[Slot] = []
    end = sentence.start
    for mention in names.actors:
        if sentence.start <= mention.start and mention.end <= sentence.end:
            name = _with_heads(text, mention, sentence.end)
            found.append(Slot(name, name, "known"))
    named = (*(slot.name for slot in found), *names.places, *names.times)
    taken = [m for m in named if m.start < sentence.end and m.end > sentence.start]
    for match in _WORD.finditer(text, sentence.start, sentence.end):
        if any(m.start < match.end() and m.end > match.start() for m in taken):
            end = match.end()
            continue
        word = match.group()
        if word.lower() in _side_nouns():
            start = _first_modifier(text, max(end, sentence.start), match.start())
            name = Mention(start, match.end(), text[start : match.end()])
            found.append(Slot(name, name, "generic"))
            end = match.end()
        elif word[:1].isupper() and lexicon.is_people(word):
            follows = re.match(r"\s+([\w-]+)", text[match.end() : match.end() + 30])
            if follows is None or follows.group(1).lower() not in _side_nouns():
                name = Mention(match.start(), match.end(), word)
                found.append(Slot(name, name, "people"))
    return sorted(found, key=lambda slot: slot.name.start)


def _with_heads(text: str, mention: Mention, limit: int) -> Mention:
    """The name with the military nouns that follow it: "Syrian government forces"."""
    end = mention.end
    while (match := re.compile(r"\s+([\w-]+)").match(text, end, limit)) and match.group(1).lower() in _side_nouns():
        end = match.end()
    return Mention(mention.start, end, text[mention.start : end])


def _first_modifier(text: str, limit: int, start: int) -> int:
    """Where a common noun's phrase begins: one capitalised or hyphenated modifier before it."""
    match = re.search(r"((?:[A-Z][\w'’-]*|[\w]+-[\w-]+)[ ])\Z", text[limit:start])
    return start - len(match.group(1)) if match else start


def _back(before: Sequence[Slot], own: Sequence[Slot]) -> Iterator[Slot]:
    """Sides of the sentences before, the latest first, which this sentence does not name."""
    seen = {slot.name.text.lower() for slot in own}
    for slot in reversed(before):
        if slot.name.text.lower() not in seen:
            seen.add(slot.name.text.lower())
            yield Slot(slot.name, Mention(slot.name.start, slot.name.start, ""), "before")


def _times(sentence: Sentence, times: Sequence[TimeMention]) -> Iterator[TimeMention]:
    yield from (t for t in times if sentence.start <= t.start < sentence.end and t.type is not TimeType.SET)
    points = [t for t in times if t.end <= sentence.start and t.type in (TimeType.DATE, TimeType.TIME)]
    if points:
        yield from dict.fromkeys((points[-1], points[0]))
