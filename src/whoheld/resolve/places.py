"""Finding the names of places in a report, and choosing which places they are.

`find_places` reads a text once against the gazetteer; `PlaceResolver` weighs the readings of each name by the
report it stands in; `search` reads what a person typed. None of them ever makes up a point: a name that cannot be
told stays a name.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from whoheld import data
from whoheld.distance import flat_kilometres, kilometres
from whoheld.errors import AmbiguousPlace, UnknownPlace
from whoheld.resolve.gazetteer import ALTERNATE, EXACT, SKELETON, Gazetteer, Match
from whoheld.resolve.names import ARTICLES, canonical, drop_articles, fold
from whoheld.vocabulary import Candidate, Mention, Place, Report, ResolvedPlace, Span

MAX_WORDS = 5

WHERE_PREC: Mapping[str, int] = {
    "populated": 1, "base": 1, "airfield": 1, "crossing": 1, "dam": 1, "camp": 1, "site": 1,
    "district": 3, "province": 4, "region": 5, "water": 5, "road": 5, "country": 6,
}  # fmt: skip

# A word, with a number where that is part of a name: "T4", "M-5", "Brigade 93".
_TOKEN = re.compile(
    r"(?:Brigade|Division|Regiment|Base) \d{1,4}(?!\w)"
    r"|(?<![^\W_])[A-Z]-?\d{1,2}(?!\w)"
    r"|[^\W\d_]+(?:['’ʿʾ`‘](?!s\b)[^\W\d_]+)*"
)
_CAPITALISED = re.compile(r"(?<![^\W\d_])[A-ZÀ-ÖØ-ÞĀ-ŽА-ЯЁІЇЄҐ][^\W\d_]*(?:['’ʿʾ`‘](?!s\b)[^\W\d_]+)*")
_JOINS = frozenset({" ", "-", "‐", "‑", " -", "- ", "\u00a0"})
_EXACT_CASE: Mapping[str, str] = {"US": "US", "USA": "US", "UK": "GB", "UAE": "AE", "DRC": "CD"}
_INITIALS: Mapping[str, str] = {"U.S.": "US", "U.S.A.": "US", "U.K.": "GB", "U.A.E.": "AE"}
_BIG = 100_000
_TOWN = 5_000

# The weights of a reading, in log odds; chosen on every second report of trnews and lgl (docs/places.md).
_KINDS: Mapping[str, float] = {
    "country": 4.0, "province": 3.5, "region": 3.0, "water": 3.0, "road": 2.0, "base": 2.5, "airfield": 2.5,
    "crossing": 2.5, "dam": 2.5, "camp": 2.5, "site": 2.5, "district": 0.5,
}  # fmt: skip
_PEOPLE: Mapping[str, int] = {"province": 100_000, "region": 100_000}  # where the gazetteer has no number
_CAPITAL = 2.0
_NONE = -1.0  # the score of "none of these": a lone reading in a country that the report does not name is a guess
_SIZE = 0.6
_OTHER_NAME = 1.5
_NEAR, _NEAR_KM, _NEAR_MOST = 4.0, 100.0, 6.0
_WITHIN, _WITHIN_MOST = 2.5, 6.0


@dataclass(frozen=True, slots=True)
class _Words:
    """The word lists of `placewords.toml`, folded."""

    ordinary: frozenset[str]
    first_names: frozenset[str]
    titles: frozenset[str]
    organisations: frozenset[str]
    roads: frozenset[str]
    prepositions: frozenset[str]
    weak_prepositions: frozenset[str]
    connectors: frozenset[str]
    openings: frozenset[str]
    groups: frozenset[str]
    outlets: frozenset[str]
    takings: frozenset[str]
    saints: frozenset[str]
    modifiers: frozenset[str]
    parts: frozenset[str]
    settlements: frozenset[str]
    landforms: frozenset[str]
    after: Mapping[str, str]
    before: Mapping[str, str]
    demonyms: Mapping[str, str]
    abbreviations: Mapping[str, str]


@cache
def _words() -> _Words:
    lists, names = data.table("placewords.toml"), data.table("places.toml")
    demonyms = {fold(word): code for code, forms in names["demonyms"].items() for word in forms}
    demonyms |= {word + "s": code for word, code in demonyms.items() if not word.endswith(("s", "sh", "ch", "ese"))}
    return _Words(
        **{key: frozenset(words.split()) for key, words in lists.items() if isinstance(words, str)},
        after={word: feature for feature, words in lists["after"].items() for word in words.split()},
        before={word: feature for feature, words in lists["before"].items() for word in words.split()},
        demonyms=demonyms,
        abbreviations=names["abbreviations"],
    )


_fold_word = lru_cache(maxsize=65536)(fold)


def is_demonym(word: str) -> bool:
    """Whether `word` is of a country or its people: "Syrian", "Ukrainians"."""
    return fold(word) in _words().demonyms


# --- finding ------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Token:
    start: int
    end: int
    folded: str
    capital: bool
    shouted: bool
    joined: bool  # to the token before, by a space or a hyphen


@dataclass(slots=True)
class _Find:
    """Tokens [first, last] that bear the name of a place."""

    first: int
    last: int
    matches: tuple[Match, ...]
    trimmed: int = 0  # characters of the last token that are not of the name (a lost "'s")
    sure: bool = False


def find_places(
    text: str, gazetteer: Gazetteer, spans: Iterable[Span] | None = None, *, demonyms: bool = False
) -> tuple[Mention, ...]:
    """The names of places in `text`, in order, without overlap.

    `spans` limits the search to these stretches (a report's body). `demonyms` adds adjectives and peoples
    ("Syrian"), which point at a country and are no place. A name after "village of", or one that ends in "Road",
    is found although the gazetteer does not have it.
    """
    stretches = [(span.start, span.end) for span in spans] if spans is not None else [(0, len(text))]
    found: list[tuple[int, int]] = []
    for start, end in stretches:
        found += _Scan(text, start, end, gazetteer, demonyms).places()
    return tuple(Mention.of(text, start, end) for start, end in sorted(found))


class _Scan:
    """One pass over one stretch of text."""

    def __init__(self, text: str, start: int, end: int, gazetteer: Gazetteer, demonyms: bool) -> None:
        self.text, self.start, self.end = text, start, end
        self.gazetteer, self.words, self.wants_demonyms = gazetteer, _words(), demonyms
        self.tokens = list(self._tokens())
        self.surnames: set[str] = set()
        self.countries: frozenset[str] = frozenset()  # that the text is of
        self.theatres: frozenset[str] = frozenset()  # those of them with a war

    def places(self) -> list[tuple[int, int]]:
        initials = list(self._initials())
        taken = [False] * len(self.tokens)
        for i, token in enumerate(self.tokens):
            taken[i] = any(start <= token.start < end for start, end in initials)
        finds = self._match(taken)
        self.countries = self._countries_of(finds)
        self.theatres = self.countries.intersection(data.table("places.toml")["theatres"])
        finds = [find for find in finds if self._is_here(find) and self._stands(find)]
        sure = {self._key(find) for find in finds if find.sure}
        finds = [find for find in finds if find.sure or self._likely(find, sure)]
        for find in finds:
            for i in range(find.first, find.last + 1):
                taken[i] = True
        spans = [(self.tokens[f.first].start, self.tokens[f.last].end - f.trimmed) for f in finds]
        spans = [self._with_part(find, span) for find, span in zip(finds, spans, strict=True)]
        spans += initials
        if self.wants_demonyms:
            spans += self._demonyms(taken)
        return spans + list(self._unlisted(taken))

    def _tokens(self) -> Iterator[_Token]:
        previous = self.start
        for match in _TOKEN.finditer(self.text, self.start, self.end):
            word = match.group()
            gap = self.text[previous : match.start()]
            joined = gap in _JOINS or (
                gap == ". " and self.text[max(0, previous - 2) : previous].lower() in _words().saints
            )
            yield _Token(
                match.start(),
                match.end(),
                _fold_word(word),
                word[0].isupper() or _uncased(word[0]),
                word.isupper(),
                joined,
            )
            previous = match.end()

    def _initials(self) -> Iterator[tuple[int, int]]:
        for match in _initials_pattern().finditer(self.text, self.start, self.end):
            word, before = match.group(), self.text[max(0, match.start() - 2) : match.start()]
            if "." not in word or word.count(".") > 1 or before == ", " or before.endswith("("):
                yield match.span()

    # matching

    def _match(self, taken: list[bool]) -> list[_Find]:
        finds, i, count = [], 0, len(self.tokens)
        while i < count:
            find = None if taken[i] else self._longest_at(i)
            if find:
                finds.append(find)
                i = find.last + 1
            else:
                i += 1
        return finds

    def _longest_at(self, i: int) -> _Find | None:
        tokens = self.tokens
        token = tokens[i]
        name = i
        if self._is_article(i):
            name = i + 1
        elif not token.capital:
            return None
        reach = max(self._longest(i), self._longest(name) + name - i)
        if tokens[name].folded.endswith("s"):
            reach = max(reach, min(1, self.gazetteer.longest(tokens[name].folded[:-1])) + name - i)
        if not reach:
            return None
        last = self._last_joined(i, min(reach + 2, MAX_WORDS + name - i))
        for j in range(last, name - 1, -1):
            if not tokens[j].capital:
                continue
            if j == name and self._is_cut(j):
                return None
            matches, trimmed = self._lookup(i, name, j)
            if matches:
                first = i if matches[0].quality == EXACT or name > i else name
                return _Find(first, j, matches, trimmed)
        return None

    def _is_cut(self, j: int) -> bool:
        """Whether a name would end in the middle: "Wadi" of "Wadi al-Zahab", "Tal" of "Tal Arous"."""
        if j + 1 == len(self.tokens) or not self.tokens[j + 1].joined:
            return False
        if self._is_article(j + 1) and self.text[self.tokens[j + 1].end] == "-":
            return True
        return self.tokens[j].folded in self.words.openings and (self.tokens[j + 1].capital or self._is_article(j + 1))

    def _longest(self, i: int) -> int:
        return self.gazetteer.longest(self.tokens[i].folded.partition(" ")[0])

    def _is_article(self, i: int) -> bool:
        """ "al-Bab", "Al Bab", and "al Bab"; but "at Homs" is English."""
        token = self.tokens[i]
        if token.folded not in ARTICLES or i + 1 == len(self.tokens):
            return False
        following = self.tokens[i + 1]
        if not (following.joined and following.capital):
            return False
        return self.text[token.end] != " " or token.folded in {"al", "el"} or (token.capital and token.folded != "as")

    def _last_joined(self, i: int, most: int) -> int:
        last = i
        while (
            last + 1 < min(len(self.tokens), i + most)
            and self.tokens[last + 1].joined
            and (
                self.tokens[last + 1].capital
                or self.tokens[last + 1].folded in ARTICLES
                or self.tokens[last + 1].folded in self.words.connectors
            )
        ):
            last += 1
        return last

    def _lookup(self, i: int, name: int, j: int) -> tuple[tuple[Match, ...], int]:
        words = [token.folded for token in self.tokens[i : j + 1]]
        key = " ".join(words)
        keys = [key]
        if name > i:
            keys.append(" ".join(words[1:]))
        bare = drop_articles(key)
        if bare not in keys and len(bare) > 3:
            keys.append(bare)
        for spelling in keys:
            if len(spelling) > 2 or not spelling.isascii() or not spelling.isalpha():
                matches = self.gazetteer.lookup(spelling)
                if matches:
                    return matches, 0
        if key.endswith("s") and len(key) > 4 and not self._is_possessed(j):
            matches = self.gazetteer.lookup(key[:-1])
            if matches and (matches[0].place.feature == "country" or matches[0].place.population > _BIG):
                return matches, 1
        return (), 0

    def _is_possessed(self, j: int) -> bool:
        return self.text[self.tokens[j].end : self.tokens[j].end + 2] in {"'s", "’s"}

    # judging

    def _stands(self, find: _Find) -> bool:
        """Whether the words around a name let it be one; notes the surnames of persons, and what is sure."""
        tokens, words = self.tokens, self.words
        first, last = tokens[find.first], tokens[find.last]
        if first.shouted and last.shouted and self._is_shouting(find):
            find.sure = find.first != find.last or first.folded not in words.ordinary
            return find.sure and first.folded not in words.first_names
        left = tokens[find.first - 1] if find.first and first.joined else None
        right = tokens[find.last + 1] if find.last + 1 < len(tokens) and tokens[find.last + 1].joined else None
        single = find.first == find.last
        key = self._key(find)
        if self._is_of_group(find, left, right):
            return False
        if right and right.capital and not self._fits_after(find, right):
            if single and first.folded in words.first_names:
                self.surnames.add(right.folded)
            return False
        if left and left.capital and not self._fits_before(left):
            if single and not self._is_known(find):
                self.surnames.add(first.folded)
            return self._is_known(find) and left.folded not in words.first_names | words.titles
        if first.folded in words.saints and self._is_possessed(find.last):
            return False
        if self.text[max(0, first.start - 3) : first.start].endswith(". ") and self._is_initial(first.start):
            self.surnames.add(first.folded)
            return False
        if single and key in words.demonyms:
            return False
        find.sure = self._is_sure(find, left, right)
        if single and first.folded in words.ordinary:
            if left is None or left.capital:
                return self._is_contained(find)
            # "captured Sake" in a report of the Congo's war; "for the sake" has no capital, "Sake Bar" no such verb.
            is_taken = left.folded in words.takings | words.prepositions
            is_near = is_taken and any(match.place.country in self.theatres for match in find.matches)
            return self._is_contained(find) or is_near or (find.sure and left.folded in words.before)
        return True

    def _is_of_group(self, find: _Find, left: _Token | None, right: _Token | None) -> bool:
        """ "Tahrir al-Sham", "Islamic State of Iraq", "Euphrates Shield", "Al-Manar TV", "news agency SANA"."""
        tokens, words = self.tokens, self.words
        if right and (right.folded in words.outlets or (right.capital and right.folded in words.groups)):
            return True
        if not left:
            return False
        name_before = [token.folded for token in tokens[max(0, find.first - 4) : find.first]]
        if left.capital and left.folded in words.groups:
            return True
        if left.folded in ARTICLES | {"of", "in", "the", "and"}:
            if len(name_before) > 1 and name_before[-2] in words.groups and tokens[find.first - 2].capital:
                return True
            if re.search(r"Islamic State (?:of|in) (?:Iraq and (?:the |al-)?)?$", self._text_before(find)):
                return True
        return left.folded in words.outlets or name_before[-2:] == ["news", "agency"]

    def _text_before(self, find: _Find) -> str:
        start = self.tokens[find.first].start
        return self.text[max(0, start - 40) : start]

    def _is_shouting(self, find: _Find) -> bool:
        around = self.tokens[max(0, find.first - 3) : find.last + 4]
        return sum(token.shouted for token in around if token.end - token.start > 1) > len(around) // 2

    def _is_initial(self, start: int) -> bool:
        return bool(re.search(r"\b[A-Z]\. $", self.text[max(0, start - 4) : start]))

    def _fits_after(self, find: _Find, right: _Token) -> bool:
        words = self.words
        if self.text[self.tokens[find.last].end] == "-":
            return True
        tail = right.folded
        for token in self.tokens[find.last + 1 : find.last + 5]:
            if not (token.joined and token.capital):
                break
            tail = token.folded
        if tail in words.organisations or tail in words.roads or right.folded in words.organisations:
            return False
        if right.folded in words.after or right.folded in words.titles or right.folded in words.demonyms:
            return True
        if right.folded in words.ordinary or right.folded in self.words.modifiers:
            return True
        return find.matches[0].place.feature == "country" or self._is_known(find)

    def _is_known(self, find: _Find) -> bool:
        """A country, a province or a city: known without help, unless it is a first name too."""
        if find.first == find.last and self.tokens[find.first].folded in self.words.first_names:
            return False
        return any(
            match.place.feature in {"country", "province", "region"} or match.place.population > 5 * _BIG
            for match in find.matches
            if match.quality >= ALTERNATE
        )

    def _fits_before(self, left: _Token) -> bool:
        words = self.words
        if left.folded in words.first_names or left.folded in words.titles:
            return False
        return (
            left.folded in words.ordinary
            or left.folded in self.words.modifiers
            or left.folded in words.demonyms
            or left.folded in words.before
            or left.folded in words.after
            or self.gazetteer.is_place(left.folded)
        )

    def _is_sure(self, find: _Find, left: _Token | None, right: _Token | None) -> bool:
        words = self.words
        if left and (
            left.folded in self.words.prepositions or left.folded in words.before or left.folded in self.words.parts
        ):
            return True
        if find.first > 1 and left and left.folded in {"the", "of"}:
            earlier = self.tokens[find.first - 2]
            if earlier.folded in self.words.prepositions or earlier.folded in words.before:
                return True
        if right and right.folded in words.after and (right.capital or words.after[right.folded] != "region"):
            return True
        return self._is_contained(find) or (find.first != find.last and self._weight(find) > 0)

    def _is_contained(self, find: _Find) -> bool:
        """ "Mobile, Alabama": a province or country of the place follows after a comma."""
        after = self.text[self.tokens[find.last].end : self.tokens[find.last].end + 60]
        match = re.match(r", ((?:[^\W\d_]+\.?[ -]?){1,3})", after)
        if not match:
            return False
        outer = _outer_places(match.group(1), self.gazetteer)
        return any(_contains(place, inner.place) for place in outer for inner in find.matches)

    def _weight(self, find: _Find) -> int:
        return max(match.place.population + 20_000 * (match.place.feature != "populated") for match in find.matches)

    def _likely(self, find: _Find, sure: set[str]) -> bool:
        key = self._key(find)
        first = self.tokens[find.first]
        single = find.first == find.last
        left = self.tokens[find.first - 1].folded if find.first and first.joined else ""
        if single and first.folded in self.surnames:
            return False
        if key in sure:
            return True
        weight = self._weight(find)
        if single and first.folded in self.words.first_names:
            return weight > 5 * _BIG
        if any(match.place.feature not in {"populated", "district"} for match in find.matches):
            return True
        if any(match.place.country in self.theatres for match in find.matches):
            return True
        if left in self.words.weak_prepositions or left in self.words.takings:
            return weight > _TOWN
        return weight > _BIG

    def _is_here(self, find: _Find) -> bool:
        """Not the name of an imported village in a country that the text is not of: an import has names by the million,
        and most words of English are among them."""
        return any(not match.imported or match.place.country in self.countries for match in find.matches)

    def _countries_of(self, finds: Iterable[_Find]) -> frozenset[str]:
        """The countries that the text is of: named, or that of a province or city in it."""
        cues = country_cues(self.text[self.start : self.end], self.gazetteer)
        best = (find.matches[0] for find in finds if not self._is_ordinary(find))
        known = {m.place.country for m in best if m.place.feature == "province" or m.place.population > _BIG}
        return frozenset(cues) | known

    def _is_ordinary(self, find: _Find) -> bool:
        word = self.tokens[find.first].folded
        return find.first == find.last and (word in self.words.ordinary or word in self.words.first_names)

    def _key(self, find: _Find) -> str:
        return " ".join(token.folded for token in self.tokens[find.first : find.last + 1])

    # names that the gazetteer does not have

    def _with_part(self, find: _Find, span: tuple[int, int]) -> tuple[int, int]:
        """ "northern Syria" is a name of its own."""
        if find.first and self.tokens[find.first].joined:
            left = self.tokens[find.first - 1]
            is_part = left.folded in self.words.parts and find.matches[0].place.feature == "country"
            if is_part and self.gazetteer.is_place(f"{left.folded} {find.matches[0].place.name}"):
                return left.start, span[1]
        return span

    def _demonyms(self, taken: list[bool]) -> Iterator[tuple[int, int]]:
        i = 0
        while i < len(self.tokens):
            for j in (i + 1, i):
                if j < len(self.tokens) and not taken[i] and not taken[j] and self._is_demonym(i, j):
                    yield self.tokens[i].start, self.tokens[j].end
                    taken[i] = taken[j] = True
                    i = j
                    break
            i += 1

    def _is_demonym(self, i: int, j: int) -> bool:
        tokens = self.tokens[i : j + 1]
        return all(token.capital for token in tokens) and (
            " ".join(token.folded for token in tokens) in self.words.demonyms
        )

    def _unlisted(self, taken: list[bool]) -> Iterator[tuple[int, int]]:
        i, count = 0, len(self.tokens)
        while i < count:
            last = i
            if taken[i] or not self._opens_name(i):
                i += 1
                continue
            while last + 1 < count and self._goes_on(last + 1, taken):
                last += 1
            while last > i and not self.tokens[last].capital:
                last -= 1
            if self._is_named_as_place(i, last):
                yield self.tokens[i].start, self.tokens[last].end
            i = last + 1

    def _opens_name(self, i: int) -> bool:
        token = self.tokens[i]
        if token.capital:
            return True
        return self._is_article(i) and self.text[token.end] != " "

    def _goes_on(self, i: int, taken: list[bool]) -> bool:
        token = self.tokens[i]
        return token.joined and not taken[i] and (token.capital or token.folded in ARTICLES)

    def _is_named_as_place(self, first: int, last: int) -> bool:
        tokens, words = self.tokens, self.words
        run = tokens[first : last + 1]
        if len(run) > 6 or all(token.folded in words.ordinary for token in run):
            return False
        if run[-1].folded in words.roads and len(run) > 1 and not any(token.shouted for token in run):
            return True
        if run[-1].folded in words.landforms and len(run) > 1:
            return True
        if (
            (run[0].folded in words.ordinary and (len(run) == 1 or run[0].folded not in words.openings))
            or run[0].folded in words.demonyms
            or any(token.folded in words.organisations | words.first_names | words.titles for token in run)
        ):
            return False
        before = [token.folded for token in tokens[max(0, first - 3) : first]]
        following = tokens[last + 1] if last + 1 < len(tokens) and tokens[last + 1].joined else None
        if not run[0].joined:
            return False
        name_of_place = before[-2:-1] and before[-2] in words.settlements and before[-1] in {"of", "and"}
        if name_of_place or (before[-1:] and before[-1] in words.settlements):
            return True
        if before[-1:] and before[-1] in self.words.prepositions:
            if following and following.folded in {
                "village",
                "town",
                "city",
                "district",
                "neighborhood",
                "neighbourhood",
            }:
                return True
            if not self.theatres:
                return False
            name = self.text[run[0].start : run[-1].end]
            return bool(self.gazetteer.lookup(name, countries=self.theatres)) or run[0].folded in ARTICLES
        return False


def _uncased(letter: str) -> bool:
    """Arabic has no capitals: every word can be a name."""
    return letter.lower() == letter.upper()


@cache
def _initials_pattern() -> re.Pattern[str]:
    names = sorted([*_words().abbreviations, *_INITIALS, *_EXACT_CASE], key=len, reverse=True)
    parts = [re.escape(name) + (r"(?!\w)" if name.endswith(".") else r"\b(?!\.)") for name in names]
    return re.compile(r"(?<![\w.])(?:" + "|".join(parts) + ")")


def country_cues(text: str, gazetteer: Gazetteer) -> dict[str, float]:
    """How often the report points at each country by name (1) or by adjective (0.5), by ISO code."""
    return _Cues(_named_countries(text, gazetteer), {}).countries()


def _named_countries(text: str, gazetteer: Gazetteer) -> dict[tuple[str, str], float]:
    """(folded word, ISO code) -> how often the report points at the country with this word."""
    cues: dict[tuple[str, str], float] = defaultdict(float)
    words, names = _words(), _country_names(gazetteer)
    tokens = [(word, _fold_word(word)) for word in _CAPITALISED.findall(text)]
    for name, code in _INITIALS.items():
        cues[fold(name), code] += text.count(name)
    for i, (word, folded) in enumerate(tokens):
        pair = f"{folded} {tokens[i + 1][1]}" if i + 1 < len(tokens) else ""
        if pair in names or pair in words.demonyms:
            cues[pair, names.get(pair) or words.demonyms[pair]] += 1.0
        elif word in _EXACT_CASE:
            cues[folded, _EXACT_CASE[word]] += 1.0
        elif len(folded) > 3:
            for key in (folded, folded.removesuffix("s")):
                if key in names:
                    cues[key, names[key]] += 1.0
                    break
                if key in words.demonyms:
                    cues[key, words.demonyms[key]] += 0.5
                    break
    return {cue: weight for cue, weight in cues.items() if weight}


class _Cues:
    """How strongly the report, and its actors, point at each country.

    A name never speaks for itself: whether "Lebanon" is a country is for the report's other words to say.
    """

    def __init__(self, named: Mapping[tuple[str, str], float], actors: Mapping[str, float]) -> None:
        self._named = named
        self._sums: dict[str, float] = defaultdict(float, actors)
        for (_, code), weight in named.items():
            self._sums[code] += weight
        self._total = sum(self._sums.values())
        self._own: dict[str, float] = defaultdict(float)
        for (word, _), weight in named.items():
            self._own[word] += weight

    def countries(self) -> dict[str, float]:
        return dict(self._sums)

    def of(self, country: str, name: str) -> float:
        return self._sums.get(country, 0.0) - self._named.get((name, country), 0.0)

    def total(self, name: str) -> float:
        return self._total - self._own.get(name, 0.0)


@lru_cache(maxsize=8)
def _country_names(gazetteer: Gazetteer) -> Mapping[str, str]:
    return {fold(place.name): code for code, place in gazetteer.countries.items()}


def _outer_places(words: str, gazetteer: Gazetteer) -> list[Place]:
    """The provinces and countries whose name `words` begins with."""
    tables = _words().abbreviations
    for printed, code in tables.items():
        if words.startswith(printed) or re.match(re.escape(printed.removesuffix(".")) + r"\b", words):
            province = gazetteer.provinces.get(f"iso3166-2:{code}")
            return [province] if province else []
    tokens = words.replace("-", " ").split()
    for count in range(len(tokens), 0, -1):
        found = [
            match.place
            for match in gazetteer.lookup(" ".join(tokens[:count]))
            if match.place.feature in {"province", "country"}
        ]
        if found:
            return found
        if count == 1 and len(tokens[0]) == 2 and tokens[0].isupper():
            province = gazetteer.provinces.get(f"iso3166-2:US-{tokens[0]}")
            return [province] if province else []
    return []


def _contains(outer: Place, inner: Place) -> bool:
    if outer.id == inner.id or outer.country != inner.country:
        return False
    return outer.feature == "country" or outer.admin1 == inner.admin1


# --- resolving ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Reading:
    """What a mention says by itself: the bare name, and the feature that a noun gives it ("province")."""

    name: str
    feature: str = ""
    inside: bool = False  # the noun is part of the mention, or makes it a province: other features are wrong


@dataclass(slots=True)
class _Group:
    """All mentions in a report that are spelled alike: they mean one place (one sense per discourse)."""

    name: str
    matches: list[Match]
    scores: list[float]
    weights: list[float]
    contained: frozenset[str] = frozenset()  # ids of the places that the report says lie in a named province


class PlaceResolver:
    """Chooses places for the mentions of one report at a time.

    A reading scores by how well the name fits, size, kind, the countries and provinces that the report names,
    containment ("Al-Bab in Aleppo province"), and nearness to the report's other places. Scores are log odds;
    the weights of the readings are their softmax. They are not calibrated: they order, and below
    `least` a name stays unresolved.
    """

    def __init__(self, gazetteer: Gazetteer, *, least: float = 0.45) -> None:
        self._gazetteer = gazetteer
        self._least = least
        self._theatres = frozenset(data.table("places.toml")["theatres"])

    def resolve(
        self, report: Report, mentions: Sequence[Mention], *, actors_countries: Mapping[str, float] | None = None
    ) -> tuple[ResolvedPlace, ...]:
        """One resolved place for each mention, in the same order.

        `actors_countries` are weights by ISO code that the report's actors point at.
        """
        cues = _Cues(_named_countries(report.text, self._gazetteer), actors_countries or {})
        countries = cues.countries()
        readings = [self._read(report.text, mention) for mention in mentions]
        groups: dict[_Reading, _Group] = {}
        for mention, reading in zip(mentions, readings, strict=True):
            group = groups.get(reading)
            if group is None:
                group = groups[reading] = self._group(reading, countries)
            group.contained |= self._containment(report.text, mention, group)
        self._weigh(list(groups.values()), cues)
        return tuple(
            self._choose(mention, groups[reading]) for mention, reading in zip(mentions, readings, strict=True)
        )

    def _read(self, text: str, mention: Mention) -> _Reading:
        words = _words()
        tokens = mention.text.split()
        if len(tokens) > 1 and self._gazetteer.is_place(mention.text):
            name, feature = mention.text, ""
        else:
            name, feature = _strip_noun(mention.text)
        if feature:
            return _Reading(fold(name), feature, inside=True)
        before, after = _neighbours(text, mention)
        if (after and words.after.get(after) == "province") or before in {"governorate", "oblast", "province"}:
            return _Reading(fold(name), "province", inside=True)
        if after in {"county", "parish", "township"}:
            return _Reading(fold(name), "district", inside=True)
        if after in words.after and words.after[after] != "region":
            return _Reading(fold(name), words.after[after])
        return _Reading(fold(name) if name not in _EXACT_CASE else name, words.before.get(before, ""))

    def _group(self, reading: _Reading, countries: Mapping[str, float]) -> _Group:
        matches = self._matches(reading, countries)
        if reading.inside and reading.feature:
            matches = [match for match in matches if _is_of(match.place, reading.feature)]
        return _Group(reading.name, matches[:80], [], [])

    def _matches(self, reading: _Reading, countries: Mapping[str, float]) -> list[Match]:
        words = _words()
        code = _EXACT_CASE.get(reading.name) or _FOLDED_INITIALS.get(reading.name) or words.demonyms.get(reading.name)
        if code:
            return [Match(self._gazetteer.countries[code], EXACT)]
        province = _folded_abbreviations().get(reading.name)
        if province:
            place = self._gazetteer.provinces.get(f"iso3166-2:{province}")
            return [Match(place, EXACT)] if place else []
        cued = frozenset(countries) & self._theatres
        found: list[Match] = []
        for name in dict.fromkeys(_spellings(reading)):
            found = list(self._gazetteer.lookup(name, countries=cued))
            if found:
                break
        return found

    def _containment(self, text: str, mention: Mention, group: _Group) -> frozenset[str]:
        after = text[mention.end : mention.end + 80]
        match = re.match(r"(?:,? in (?:the )?(?:[a-z]+ )?|, | \()((?:[^\W\d_]+\.?[ -]?){1,4})", after)
        if not match:
            return frozenset()
        outer = _outer_places(match.group(1).strip(), self._gazetteer)
        return frozenset(m.place.id for m in group.matches for place in outer if _contains(place, m.place))

    def _weigh(self, groups: Sequence[_Group], cues: _Cues) -> None:
        """Three passes: each weighs the readings by where the pass before put the report's other places."""
        settled: list[tuple[Place, float]] = []
        for _ in range(3):
            before = [group.weights for group in groups]
            for group in groups:
                own = {match.place.id for match in group.matches}
                others = [(place, weight) for place, weight in settled if place.id not in own]
                group.scores = [self._score(match, group, cues, others) for match in group.matches]
                group.weights = _softmax(group.scores)
            if settled and all(map(_alike, before, (group.weights for group in groups))):
                break
            settled = [
                (match.place, weight)
                for group in groups
                for match, weight in zip(group.matches, group.weights, strict=True)
                if weight > 0.2
            ]

    def _score(
        self,
        match: Match,
        group: _Group,
        cues: _Cues,
        settled: Sequence[tuple[Place, float]],
    ) -> float:
        place = match.place
        people = place.population or _PEOPLE.get(place.feature, 0)
        score = 4.0 * math.log(match.quality) + _SIZE * math.log(people + 1_000)
        is_other = match.quality < EXACT and place.population < _BIG
        if is_other and any(other.quality == EXACT for other in group.matches):
            score -= _OTHER_NAME
        score += _CAPITAL * (place.id in self._gazetteer.capitals)
        score += _KINDS.get(place.feature, 0.0)
        if place.feature == "province" and any(self._outranks(other, match) for other in group.matches):
            score -= 5.0  # a province is called by its noun; the bare name is its town's, or the capital's
        if not place.country:
            score += 4.0  # a continent or a sea: no country can be named for it
        else:
            score += 1.5 * math.log((cues.of(place.country, group.name) + 0.3) / (cues.total(group.name) + 3.0))
        if place.id in group.contained:
            score += 6.0
        nearby = within = 0.0
        for other, weight in settled:
            if other.feature == "province":
                within += weight * (other.admin1 == place.admin1 and other.country == place.country)
            elif place.feature == "province":
                within += 0.5 * weight * _contains(place, other)
            elif other.feature != "country":
                nearby += weight * _nearness(place, other)
            within += 0.3 * weight * (other.country == place.country)
        return score + min(_NEAR_MOST, _NEAR * nearby) + min(_WITHIN_MOST, _WITHIN * within)

    def _outranks(self, town: Match, province: Match) -> bool:
        is_capital = town.place.id in self._gazetteer.capitals and town.place.country == province.place.country
        return is_capital or _is_seat(province, town)

    def _choose(self, mention: Mention, group: _Group) -> ResolvedPlace:
        ranked = sorted(zip(group.matches, group.weights, strict=True), key=lambda pair: (-pair[1], pair[0].place.id))
        candidates = tuple(Candidate(match.place, round(weight, 4)) for match, weight in ranked[:5] if weight >= 0.01)
        if not ranked:
            return ResolvedPlace(mention)
        best = ranked[0][0].place
        # Readings of one kind a few kilometres apart are one place listed twice.
        share = sum(w for m, w in ranked if m.place.feature == best.feature and kilometres(m.place, best) < 10)
        if share < self._least:
            return ResolvedPlace(mention, candidates=candidates)
        return ResolvedPlace(mention, best, WHERE_PREC.get(best.feature), candidates)


_FOLDED_INITIALS: Mapping[str, str] = {fold(name): code for name, code in _INITIALS.items()}


@cache
def _folded_abbreviations() -> Mapping[str, str]:
    return {fold(name): code for name, code in _words().abbreviations.items()}


def _spellings(reading: _Reading) -> Iterator[str]:
    if reading.feature and reading.inside and reading.feature not in {"province", "populated"}:
        for noun, feature in _words().after.items():
            if feature == reading.feature:
                yield f"{reading.name} {noun}"
    yield reading.name
    bare = drop_articles(reading.name)
    if len(bare) > 3:
        yield bare
    if len(reading.name) > 4 and reading.name.endswith("s"):
        yield reading.name[:-1]


def _strip_noun(name: str) -> tuple[str, str]:
    """ "Anbar province" -> ("Anbar", "province"); "the town of Bab" -> ("Bab", "populated")."""
    words = _words()
    tokens = name.split()
    if len(tokens) > 1 and fold(tokens[0]) == "the":
        tokens = tokens[1:]
    if len(tokens) > 2 and fold(tokens[0]) in words.before and tokens[1] == "of":
        return " ".join(tokens[2:]), words.before[fold(tokens[0])]
    if len(tokens) > 1 and fold(tokens[-1]) in words.after:
        return " ".join(tokens[:-1]), words.after[fold(tokens[-1])]
    if len(tokens) > 1 and fold(tokens[0]) in words.before:
        return " ".join(tokens[1:]), words.before[fold(tokens[0])]
    return " ".join(tokens), ""


def _neighbours(text: str, mention: Mention) -> tuple[str, str]:
    """The noun before ("city of X", "town X" -> city, town) and the word after, folded."""
    # Not "Aleppo Governorate Syria": a noun with a capital is the name before's, unless "of" follows.
    before = re.search(r"([^\W\d_]+)( of)? $", text[max(0, mention.start - 24) : mention.start])
    after = re.match(r"[ -]([^\W\d_]+)", text[mention.end : mention.end + 24])
    noun = before.group(1) if before and (before.group(2) or before.group(1).islower()) else ""
    return (fold(noun), fold(after.group(1)) if after else "")


def _is_of(place: Place, feature: str) -> bool:
    """Whether a place can be what a noun calls it. "Region" and "state" are said of countries' parts of any kind."""
    if feature == "province":
        return place.feature in {"province", "region"}
    if feature == "populated":
        return place.feature in {"populated", "district", "camp"}
    if feature in {"base", "airfield"}:
        return place.feature in {"base", "airfield"}
    if feature == "region":
        return place.feature in {"region", "water", "site"}
    return place.feature == feature


def _is_seat(province: Match, town: Match) -> bool:
    """Whether a town bears its province's name, and as its own: then the bare name is the town's."""
    outer, inner = province.place, town.place
    is_inside = inner.country == outer.country and inner.admin1 == outer.admin1
    is_namesake = town.quality >= province.quality or canonical(inner.name) == canonical(outer.name)
    return is_inside and inner.feature == "populated" and is_namesake


def _alike(weights: Sequence[float], others: Sequence[float]) -> bool:
    return all(abs(one - other) < 0.005 for one, other in zip(weights, others, strict=True))


def _nearness(one: Place, other: Place) -> float:
    """exp(-d / 100 km), d on a flat patch of the earth: where that is wrong by much, it is nearly 0."""
    if one.lat is None or one.lon is None or other.lat is None or other.lon is None:
        return 0.0
    if abs(one.lat - other.lat) > 6.0:
        return 0.0
    return math.exp(-flat_kilometres(one.lat, one.lon, other.lat, other.lon) / _NEAR_KM)


def _softmax(scores: Sequence[float]) -> list[float]:
    """The shares of the readings; what is missing to 1 is the share of "none of these"."""
    top = max([_NONE, *scores])
    powers = [math.exp(score - top) for score in scores]
    total = sum(powers) + math.exp(_NONE - top)
    return [power / total for power in powers]


# --- asking -------------------------------------------------------------------------------------------------


def search(gazetteer: Gazetteer, query: str, *, known: Collection[str] = ()) -> Place:
    """The place that a person means: "name", "name, province", "name, province, country", "Anbar province", or an id.

    `known` are ids of places with claims: they go before others of the same name. A bare name is the town's before
    the province's. Raises UnknownPlace with suggestions, or AmbiguousPlace with the choices.
    """
    by_id = gazetteer.place(query.strip())
    if by_id:
        return by_id
    parts = [part.strip() for part in query.split(",") if part.strip()]
    if not parts:
        raise UnknownPlace(query)
    outers = [_outers(gazetteer, part) for part in parts[1:]]
    # The same country must hold every outer name; a province's name then says which country is meant.
    countries = frozenset(place.country for places in outers for place in places)
    for places in outers:
        countries &= {place.country for place in places}
    matches = _named(gazetteer, parts[0], countries) if countries or not outers else []
    for places in outers:
        matches = [m for m in matches if any(_contains(outer, m.place) for outer in places)]
    if not any(place.feature == "province" for places in outers for place in places):
        # In a whole country, names that only sound alike doubled the wrong pins of UCDP's labels (0.04 to 0.08).
        matches = [m for m in matches if m.quality >= SKELETON]
    if not matches:
        raise UnknownPlace(query, tuple(dict.fromkeys(describe(place) for place in gazetteer.similar(parts[0]))))
    preferred = [match for match in matches if match.place.id in known]
    if len(preferred) == 1:
        return preferred[0].place
    return _usual(query, preferred or matches)


def _outers(gazetteer: Gazetteer, name: str) -> list[Place]:
    """The countries and provinces that a person can mean by what stands after a comma: a name or an ISO code."""
    code = gazetteer.countries.get(name.upper()) if len(name) == 2 else None
    if code:
        return [code]
    bare, _ = _strip_noun(name)
    theatres = data.table("places.toml")["theatres"]
    for matches in (gazetteer.lookup(name), gazetteer.lookup(bare), gazetteer.lookup(bare, countries=theatres)):
        found = [match.place for match in matches if match.place.feature in {"province", "country"}]
        if found:
            return found
    return []


def _named(gazetteer: Gazetteer, name: str, countries: Collection[str]) -> list[Match]:
    bare, feature = _strip_noun(name)
    for spelling, wanted in ((name, ""), (bare, feature), (drop_articles(fold(name)), "")):
        found = [m for m in gazetteer.lookup(spelling, countries=countries) if not wanted or _is_of(m.place, wanted)]
        found = [match for match in found if not countries or match.place.country in countries]
        if found:
            return found if wanted else _without_seats(found)
    sounding = gazetteer.lookup(bare, countries=data.table("places.toml")["theatres"])
    return _without_seats([m for m in sounding if m.quality >= SKELETON and (not feature or _is_of(m.place, feature))])


def _without_seats(matches: list[Match]) -> list[Match]:
    """Without the provinces whose own town is in the list."""
    return [m for m in matches if m.place.feature != "province" or not any(_is_seat(m, t) for t in matches)] or matches


def _usual(query: str, matches: Sequence[Match]) -> Place:
    """The one that outweighs the others eight to one in people.

    Those of theatres of war count twentyfold, those of places that bear the name beside their own a third.
    """
    theatres = frozenset(data.table("places.toml")["theatres"])

    def weight(match: Match) -> float:
        place = match.place
        people = max(place.population, 2_000) + 10_000_000 * (place.feature == "country")
        people += 200_000 * (place.feature in {"province", "region"})
        return people * (20.0 if place.country in theatres else 1.0) * (1.0 if match.quality == EXACT else 0.33)

    ranked = sorted(matches, key=lambda match: (-weight(match), match.place.id))
    best = ranked[0]
    # A place that is listed twice, a few kilometres apart, is no rival of itself.
    rivals = [match for match in ranked[1:] if kilometres(match.place, best.place) > 10]
    if not rivals or weight(best) >= 8 * weight(rivals[0]):
        return best.place
    raise AmbiguousPlace(query, tuple((match.place.id, describe(match.place)) for match in ranked[:10]))


def describe(place: Place) -> str:
    """ "Al Bab (populated, Aleppo, SY)"."""
    return f"{place.name} ({', '.join(filter(None, (place.feature, place.admin1, place.country)))})"
