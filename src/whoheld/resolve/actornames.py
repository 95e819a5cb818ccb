"""The words that name or describe an armed side, found in text: what `actors` then links to the registry.

A *name* is an alias of the registry ("Nusra Front", "SAA"), kept in a trie over folded words. A *description* is an
adjective or a class word with the military noun that it belongs to ("Syrian government forces", "rebel fighters",
"Russian air strikes", "the army"). The word lists are data (``data/actors/words.toml``). One pass over the words
of the text: the longest match at a word wins, and none overlaps.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from whoheld.resolve.names import fold

# "U.S." is one word, and so is "People's"; hyphens part words.
_MARKS = (
    "\u0300-\u036f\u064b-\u065f\u0900-\u0903\u093a-\u094f\u102b-\u103e\u1056-\u1059"  # vowel signs, no letters to `re`
)
_WORD = re.compile(rf"(?:[A-Z]\.){{2,}}|(?:[A-Z]\.)+[A-Z](?!\w)|[\w{_MARKS}]+(?:['’ʼ‘`´][\w{_MARKS}]+)*")
_GAP = re.compile(r" ?['’\"“”] ?|\n[ \t]*")
_HYPHEN = frozenset("-‐‑–")
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)?")
_MAX_WORDS = 12
_DETERMINERS = frozenset({"the", "its", "their", "this", "that"})
_HEADLINE = 3  # so many other words in capitals round an acronym make a line of capitals


@dataclass(frozen=True, slots=True)
class Tokens:
    """The words of `text`, as lists for speed: `spans` in it, and `words` folded ("peoples" for "People's")."""

    text: str
    spans: list[tuple[int, int]]
    words: list[str]

    def raw(self, i: int) -> str:
        """Word `i` as it stands."""
        return self.text[slice(*self.spans[i])]

    def end(self, i: int) -> int:
        """Where word `i` ends, without its possessive "'s"."""
        start, end = self.spans[i]
        return end - 2 if self.text[max(start, end - 2) : end] in ("'s", "’s") else end

    def adjacent(self, i: int) -> bool:
        """Whether a next word follows word `i`, parted by no more than a space, hyphen, quotation mark or bracket."""
        if i + 1 >= len(self.spans):
            return False
        start, end = self.spans[i][1], self.spans[i + 1][0]
        if end - start == 1:
            return self.text[start] in " -/‐‑–\n\u00a0"
        return end - start <= 3 and _GAP.fullmatch(self.text, start, end) is not None


@dataclass(frozen=True, slots=True)
class Reading:
    """A stretch of text that names actors (`actors`: the ids that the name can mean) or describes a side.

    A description has the country of its adjective (`country`), what its words say of the side (`classes`, in the order
    of the text), the ISO code or word of a backer ("US-backed"), and its last noun (`head`).
    """

    start: int
    end: int
    actors: tuple[str, ...] = ()
    country: str = ""
    classes: tuple[str, ...] = ()
    backer: str = ""
    head: str = ""


@dataclass(slots=True)
class _Phrase:
    """A description while it is read, from the word `first` on."""

    first: int
    definite: bool  # it stands after "the", "its", "their"
    country: str = ""
    backer: str = ""
    head: str = ""
    leader: str = ""  # the actor of "Assad's"
    ended: bool = False  # it has its noun: what follows can only add nouns
    classes: list[str] = field(default_factory=list)

    @property
    def tells(self) -> bool:
        """Whether something in it says which side, so that a noun ends it."""
        return bool(self.country or self.classes or self.backer)

    def reading(self, start: int, end: int) -> Reading:
        actors = (self.leader,) if self.leader and set(self.classes) == {"state"} else ()
        return Reading(start, end, actors, self.country, tuple(self.classes), self.backer, self.head)


@dataclass(slots=True)
class _Node:
    edges: dict[str, _Node] = field(default_factory=dict)
    # (actor ids, exact words or None); several where case decides
    ends: list[tuple[list[str], tuple[str, ...] | None]] = field(default_factory=list)


class Names:
    """All names and class words, compiled. Immutable once built."""

    def __init__(self, aliases: Iterable[tuple[str, str]], words: Mapping[str, Any]) -> None:
        """`aliases` are (name, actor id); `words` is ``data/actors/words.toml``, parsed."""
        self._spelling = {v: word for word, variants in words["spellings"].items() for v in variants}
        self._articles = frozenset(words["articles"]["words"])
        self._openers = tuple(words["articles"]["first"])
        self._assimilated = frozenset(self._openers) - {"al", "el"}
        self._ambiguous = frozenset(words["ambiguous"]["acronyms"])
        relations = words["relations"]
        self._backed, self._leads, self._held = (frozenset(relations[k]) for k in ("backed", "leads", "held"))
        self._linked = frozenset(relations["linked"])
        self._not_before = frozenset(relations["not_before"])
        self._backers = frozenset(relations["backers"])
        self._heads = frozenset(words["heads"]["people"])
        self._arms = frozenset(words["heads"]["arms"])
        self._modifiers = frozenset(words["modifiers"]["words"])
        self._class: dict[str, str] = {}
        self._alone: set[str] = set()
        self._the: set[str] = set()
        self._never = frozenset(words["classes"]["state"]["never"])
        for name, entry in words["classes"].items():
            self._class |= dict.fromkeys(entry["nouns"], name)
            self._alone |= set(entry.get("alone", ()))
            self._the |= set(entry.get("definite", ()))
        self._phrases: dict[str, dict[str, str]] = {}  # "armed" -> {"forces": "state"}
        for name, entry in words["classes"].items():
            for phrase in entry.get("phrases", ()):
                before, after = phrase.split()
                self._phrases.setdefault(before, {})[after] = name
        self._class |= {
            word + "s": self._class[word] for word in ("army", "military", "regime", "government", "opposition")
        }
        self._country: dict[str, str] = {}  # adjectives
        self._nations: dict[str, str] = {}  # "syria", "damascus"
        self._possessive: dict[str, str] = {}  # "syrias"
        self._leader: dict[str, str] = {}
        self._plural: dict[str, str] = {}
        self._pairs: dict[str, dict[str, str]] = {}  # "sudanese" -> {"south": "SS"}
        for code, state in words["states"].items():
            for adjective in state["adjectives"]:
                before, _, last = adjective.rpartition(" ")
                if before:
                    self._pairs.setdefault(last, {})[before] = code
                else:
                    self._country[last] = code
            for name in (*state.get("names", ()), *state.get("capitals", ())):
                self._nations[name] = code
            for name in state.get("names", ()):
                self._possessive[name + "s"] = code
            for name, actor in state.get("leaders", {}).items():
                self._leader[name] = self._leader[name + "s"] = actor
            self._plural |= dict.fromkeys(state.get("plurals", ()), code)
        self._root = _Node()
        for name, actor in aliases:
            self._add(name, actor)
        self._starts = (
            self._root.edges.keys()
            | self._class.keys()
            | self._country.keys()
            | self._possessive.keys()
            | self._leader.keys()
            | self._plural.keys()
            | {word + "s" for word, node in self._root.edges.items() if node.ends}
            | self._backers
            | self._phrases.keys()
            | {"pro", "anti"}
            | {before for pair in self._pairs.values() for before in pair}
        )

    # --- building ---------------------------------------------------------------------------------------------

    def _add(self, name: str, actor: str) -> None:
        tokens = tokenise(name)
        words = tokens.words
        if not words:
            raise ValueError(f"the alias {name!r} of {actor} has no words")
        # An acronym counts only as written, so that "is" stays a verb; one with a digit ("m23") is no other word.
        acronym = len(words) == 1 and name.isupper() and name.isascii() and name.isalpha() and len(name) <= 6
        # A cased name of one short word that is another word too: "HIG" is caught above, "LeT" here.
        mixed = len(words) == 1 and name.isascii() and len(name) <= 4 and not name.islower() and not name.istitle()
        exact = (name,) if acronym or mixed else None
        self._insert(words, actor, exact)
        if words[0] in ("al", "el") and len(words) > 1:
            for opener in self._openers:
                self._insert([opener, *words[1:]], actor, exact)

    def _insert(self, words: Sequence[str], actor: str, exact: tuple[str, ...] | None) -> None:
        node = self._root
        for i, word in enumerate(words):
            if i and word in self._articles and i < len(words) - 1:
                continue
            plain = self._spelling.get(word, word)
            following = node.edges.setdefault(plain, _Node())
            if not i:  # the root has every spelling, so that the scan needs one look-up a word
                for spelling, of in self._spelling.items():
                    if of == plain:
                        node.edges[spelling] = following
            node = following
        for actors, same in node.ends:
            if same == exact:
                if actor not in actors:
                    actors.append(actor)
                return
        node.ends.append(([actor], exact))

    # --- scanning ---------------------------------------------------------------------------------------------

    def scan(self, text: str, *, loose: bool = False) -> list[Reading]:
        """Every name and description in `text`, in order, without overlap.

        With `loose`, words count that would be no mention in running text: "government", "Russian", "Syria army".
        """
        tokens = tokenise(text)
        starts = self._starts | self._heads | self._nations.keys() if loose else self._starts
        readings: list[Reading] = []
        free = 0  # the first word that no reading covers
        for i, word in enumerate(tokens.words):
            if word not in starts or i < free:
                continue
            named, free = self._name(tokens, i)
            described, end = self._description(tokens, i, loose)
            if named is not None:
                relation = tokens.words[free] if described is not None and end > free else ""
                if described is not None and relation in self._backed - self._leads - self._linked:
                    named, free = described, end  # "Hezbollah-backed fighters" are not Hezbollah
                elif described is not None and end > free and relation not in self._linked:
                    # "Syrian opposition fighters": the words of both, the meaning of the name
                    named, free = replace(named, end=described.end), end
                readings.append(named)
                continue
            if described is None:
                free = i
                continue
            inner = self._inner_name(tokens, i, end)
            reading, free = inner if inner is not None else (described, end)
            readings.append(reading)
        return readings

    def _inner_name(self, tokens: Tokens, i: int, end: int) -> tuple[Reading, int] | None:
        """A name inside a description says more than the description: "Kurdish YPG militia"."""
        for k in range(i + 1, end):
            if tokens.words[k] in self._root.edges:
                reading, after = self._name(tokens, k)
                if reading is not None:
                    return reading, after
        return None

    def _name(self, tokens: Tokens, i: int) -> tuple[Reading | None, int]:
        opener = tokens.words[i]
        if opener in self._assimilated and tokens.text[tokens.spans[i][1] :][:1] not in _HYPHEN:
            return None, i  # "an al-Qaeda cell", "as Sham": English words
        node: _Node | None = self._edge(self._root, opener)
        best: Reading | None = None
        best_end, j = i, i + 1
        while node is not None:
            for actors, exact in node.ends:
                if exact is None or self._as_written(tokens, i, j, exact):
                    best, best_end = Reading(tokens.spans[i][0], tokens.end(j - 1), tuple(actors)), j
            if not tokens.adjacent(j - 1):
                break
            word = tokens.words[j]
            following = self._edge(node, word)
            if following is None and word in self._articles and tokens.adjacent(j):
                j += 1
                following = self._edge(node, tokens.words[j])
            elif following is None and len(word) > 3 and word.startswith("al"):  # "Jabhat alNusra"
                following = self._edge(node, word[2:])
            node = following
            j += 1
        return best, best_end

    def _edge(self, node: _Node, word: str) -> _Node | None:
        found = node.edges.get(word) or node.edges.get(self._spelling.get(word, word))
        if found is None and word.endswith("s"):  # "Nusra Front's", and "Nusra Fronts" where apostrophes are lost
            found = node.edges.get(word[:-1]) or node.edges.get(self._spelling.get(word[:-1], ""))
            return found if found is not None and found.ends else None
        return found

    def _as_written(self, tokens: Tokens, i: int, j: int, exact: tuple[str, ...]) -> bool:
        if len(exact) != j - i or (exact[0] in self._ambiguous and _in_headline(tokens, i)):
            return False
        for k, want in enumerate(exact, i):
            have = tokens.raw(k).replace(".", "")
            if have != want and have.replace("'", "").replace("’", "") != want + "s":
                return False
        return True

    def _description(self, tokens: Tokens, i: int, loose: bool) -> tuple[Reading | None, int]:
        """The longest description that begins at word `i`, and the word after it."""
        phrase = _Phrase(first=i, definite=i > 0 and tokens.words[i - 1] in _DETERMINERS)
        best: Reading | None = None
        end, j = i, i
        while j < i + _MAX_WORDS:
            taken = self._take(phrase, tokens, j, loose)
            if taken is None:
                break
            step, complete = taken
            j += step
            more = tokens.adjacent(j - 1)
            if complete and not (more and tokens.words[j] in self._not_before):
                best, end = phrase.reading(tokens.spans[i][0], tokens.end(j - 1)), j
            if not more:
                break
        return best, end

    def _take(self, phrase: _Phrase, tokens: Tokens, j: int, loose: bool) -> tuple[int, bool] | None:
        """Add word `j`: how many words that took, and whether it can end there; None where it cannot."""
        word = tokens.words[j]
        joined = tokens.adjacent(j)
        following = tokens.words[j + 1] if joined else ""
        hyphen = joined and tokens.text[tokens.spans[j][1]] in _HYPHEN
        starts_another = (
            word in self._country or word in self._leader or self._class.get(word, "") not in ("", "militia")
        )
        if starts_another and (phrase.ended or (phrase.country and word in self._country)):
            return None  # "regime forces rebel forces": a comma is lost
        if following in self._backed and (hyphen or (following in ("backed", "led") and not self._by(tokens, j + 1))):
            phrase.backer = self._read_backer(word, following, phrase.classes, phrase.backer)
            return 2, loose and following in self._leads
        if word in ("pro", "anti") and joined:
            self._read_stance(word, following, phrase.classes)
            return (3 if tokens.adjacent(j + 1) and tokens.words[j + 2] in self._backed else 2), False
        if code := self._pairs.get(following, {}).get(word):
            phrase.country = phrase.country or code
            return 2, loose
        if kind := self._phrases.get(word, {}).get(following):
            phrase.classes.append(kind)
            phrase.head = following
            return 2, loose or phrase.definite or bool(phrase.country)
        if loose and word in self._nations and j == phrase.first and word not in self._country:
            # "forces loyal to Damascus"; but "gunmen in Syria" are not Syria's
            phrase.country = self._nations[word]
            return 1, j > 0 and tokens.words[j - 1] in ("of", "to", "the")
        if word in self._country and (word != "us" or tokens.raw(j).replace(".", "") == "US"):
            phrase.country = phrase.country or self._country[word]
            return 1, loose
        if word in self._plural:
            phrase.country, phrase.head = phrase.country or self._plural[word], word
            return 1, loose or phrase.definite or bool(phrase.classes)
        if word in self._possessive and j == phrase.first:
            phrase.country = self._possessive[word]
            return 1, False
        if word in self._leader:
            phrase.leader = self._leader[word]
            phrase.classes.append("state")
            return 1, loose
        return self._take_noun(phrase, tokens, j, loose, hyphen and following in self._held)

    def _take_noun(self, phrase: _Phrase, tokens: Tokens, j: int, loose: bool, held: bool) -> tuple[int, bool] | None:
        word = tokens.words[j]
        kind = self._class.get(word, "")
        if kind and not (word == "army" and j == phrase.first > 0 and self._numbered(tokens.words[j - 1])):
            complete = (
                loose
                or held
                or word in self._alone
                or (word in self._the and (phrase.definite or bool(phrase.country or phrase.leader)))
                or (word in self._heads and phrase.tells)
                or (bool(phrase.country or phrase.leader) and (kind in ("state", "rebels") or word.endswith("s")))
            )
            phrase.classes.append(kind)
            phrase.head = word
            return 1, complete and (loose or word not in self._never)
        if word in self._heads or word in self._arms:
            if phrase.tells or loose:
                phrase.head, phrase.ended = word, True
            return 1, phrase.tells or loose
        if j > phrase.first and (word in self._modifiers or _ORDINAL.fullmatch(word)):
            return 1, False
        return None

    def _by(self, tokens: Tokens, i: int) -> bool:
        """Whether word `i` is a participle: "fighters led by X"."""
        return tokens.adjacent(i) and tokens.words[i + 1] in ("by", "in")

    def _numbered(self, before: str) -> bool:
        """Whether an "army" after this word is a formation: the 20th Combined Arms Army."""
        return before in self._modifiers or _ORDINAL.fullmatch(before) is not None

    def _read_backer(self, word: str, relation: str, classes: list[str], backer: str) -> str:
        """What "X-backed" adds: a backer; "regime-allied" and "Kurdish-led" say the side itself."""
        kind = self._class.get(word)
        if relation in self._leads:
            if kind:
                classes.append(kind)
                return backer
            return self._country.get(word, "") + "-led" if word in self._country else backer
        if kind in ("state", "loyalists"):
            classes.append("loyalists")
            return backer
        return self._country.get(word) or self._possessive.get(word + "s") or backer or word

    def _read_stance(self, stance: str, target: str, classes: list[str]) -> None:
        """What "pro-X" and "anti-X" say of the side."""
        kind = self._class.get(target)
        state = kind == "state" or target in self._leader
        if stance == "anti":
            classes.extend(["rebels"] if state else [])
        elif state:
            classes.append("loyalists")
        elif kind:
            classes.append(kind)
        elif code := self._country.get(target) or self._possessive.get(target + "s"):
            classes.append(f"pro-{code}")


def tokenise(text: str) -> Tokens:
    """The words of `text` with their places in it."""
    spans = [match.span() for match in _WORD.finditer(text)]
    if text.isascii():
        lower = text.lower()  # of the same length: only ASCII keeps it
        words = [lower[start:end] for start, end in spans]
        return Tokens(text, spans, [word if word.isalnum() else _folded(word) for word in words])
    return Tokens(text, spans, [_folded(text[start:end]) for start, end in spans])


@lru_cache(maxsize=65536)
def _folded(word: str) -> str:
    if word.isascii() and word.isalnum():
        return word.lower()
    # Folding never leaves a space inside a word: "U.S." is "us", "People's" is "peoples".
    return fold(word.replace(".", "")).replace(" ", "")


def _in_headline(tokens: Tokens, i: int) -> bool:
    """Whether the words round word `i` are in capitals, so that capitals say nothing."""
    near = [tokens.raw(k) for k in range(max(0, i - 3), min(len(tokens.words), i + 4)) if k != i]
    around = [raw for raw in near if raw.isalpha() and len(raw) > 1]
    shouted = sum(raw.isupper() for raw in around)
    return shouted >= min(_HEADLINE, len(around)) > 0 and shouted > len(around) / 2
