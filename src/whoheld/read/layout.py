"""What each stretch of a report is: title, standfirst, dateline, caption, page furniture, or the report's own words.

Blocks keep sentences from being glued together, and furniture from becoming claims. A stretch that is wrongly called
furniture is a claim lost, so that whatever is in doubt is body.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise

from whoheld.read import phrases
from whoheld.read.dates import PrintedDate, read_date, search_date
from whoheld.vocabulary import Block, BlockKind

_BREAK = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_HEAD = 1500  # characters in which a text whose line breaks are lost can have its headline, date and caption
_LATEST_DATELINE = 4  # the last line, counted from 0, that can begin with a dateline
_TAIL = 1600  # characters in which it can have its credits
_MARKER = re.compile(r"(?:#{1,6}|[*•‣◦▪·-]|>)\s+(?=\S)")
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*\s+(?=[\"'“‘(\[]?[A-Z0-9À-ÖØ-Þ])")
_TITLE_END = re.compile(r"[\s.:|–—-]*")
_AGENCY_WORD = re.compile(r"(?:AFP|AP|Reuters|REUTERS|SANA|EPA|Agencies)\s+(?=[A-Z0-9\"“])")
_ABBREVIATION = re.compile(r"\b(?:[A-Z]|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Gen|Col|Lt|Dr|Mr|Mrs|St)\.\s+\Z")


@dataclass(frozen=True, slots=True)
class Layout:
    """The blocks of a text, the headline where the text shows one, and the date that is printed at its head."""

    blocks: tuple[Block, ...]
    title: str = ""
    dated: PrintedDate | None = None


def lay_out(text: str, title: str = "") -> Layout:
    """Cut a report's text into blocks; `title` is its headline, where one is known from elsewhere.

    The blocks are in order, do not overlap, begin and end with a character that is no white space, and cover all that
    is none. A paragraph is a line, or in a text with hard-wrapped lines the lines up to a blank one.
    """
    lines = list(_paragraphs(text))
    draft = _Draft(text, title)
    if len(lines) == 1:
        draft.read_run(*lines[0])
    else:
        draft.read_lines(lines)
    return Layout(tuple(_speaking(draft.blocks)), draft.title, draft.dated)


def _speaking(blocks: list[Block]) -> list[Block]:
    """The blocks; where none of them is the report's own words, its headline is all that it says."""
    if any(block.kind in (BlockKind.BODY, BlockKind.STANDFIRST) for block in blocks):
        return blocks
    return [replace(block, kind=BlockKind.BODY) if block.kind is BlockKind.TITLE else block for block in blocks]


def reckon(dated: PrintedDate | None, near: date | None) -> date | None:
    """The day of a printed date; the year, where it is missing, from `near`."""
    return dated.on(near) if dated is not None else None


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """The paragraphs as ``[start, end)`` without the white space around them."""
    lines: list[tuple[int, int]] = []  # blank lines too, as empty spans
    start = 0
    for found in _BREAK.finditer(text):
        lines.append(_trim(text, start, found.start()))
        start = found.end()
    lines.append(_trim(text, start, len(text)))
    width = _wrapped_at(lines)
    first: int | None = None  # where the paragraph began
    last = (0, 0)  # its last line so far
    for line in lines:
        if first is not None and not (line[0] < line[1] and _continues(text, first, last, line, width)):
            yield first, last[1]
            first = None
        if line[0] < line[1]:
            first = line[0] if first is None else first
            last = line
    if first is not None:
        yield first, last[1]


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end


def _wrapped_at(lines: list[tuple[int, int]]) -> int:
    """The width at which the lines of a text are wrapped; 0 where they are not."""
    inner = [end - start for (start, end), (after, last) in pairwise(lines) if end > start and last > after]
    if len(inner) < 3:
        return 0
    width = max(end - start for start, end in lines)
    full = sum(length >= 0.75 * width for length in inner)
    return width if 40 <= width <= 130 and full >= 0.7 * len(inner) else 0


def _continues(text: str, first: int, last: tuple[int, int], line: tuple[int, int], width: int) -> bool:
    """Whether a line goes on with the paragraph that began at `first` and has come to the line `last`."""
    start, end = line
    if text[start] in "|#*•>-" or text.startswith("![", start):
        return False
    if width:
        word = next(iter(text[start : min(end, start + width)].split(None, 1)), "")
        return last[1] - last[0] + 1 + len(word) > width * 0.9
    # Without a width only what cannot be the beginning of a sentence goes on.
    return text[start].islower() and text[last[1] - 1] not in '.!?:;|)]"”' and last[1] - first > 40


@dataclass
class _Draft:
    """The blocks so far. Each is appended at or after the end of the last one."""

    text: str
    title: str
    blocks: list[Block] = field(default_factory=list)
    dated: PrintedDate | None = None

    def add(self, start: int, end: int, kind: BlockKind) -> None:
        """A block without the white space around it; nothing where that is all."""
        start, end = _trim(self.text, start, end)
        if start == end:
            return
        # Furniture in a row is one block: pages have thousands of bars and empty boxes.
        if kind is BlockKind.FURNITURE and self.blocks and self.blocks[-1].kind is kind:
            start = self.blocks.pop().start
        self.blocks.append(Block(start, end, kind))

    # --- texts with lines

    def read_lines(self, lines: list[tuple[int, int]]) -> None:
        head = _Head(self, lines)
        appendix = False
        for number, (first, end) in enumerate(lines):
            start = first
            if _is_heading(self.text, start):
                name = re.sub(r"\[object Object\]|[#*\s]+\Z|\A[#\s]+", "", self.text[start:end]).strip()
                appendix = name.lower() in phrases.APPENDICES
            last = number >= len(lines) - 3
            if head.open and head.read(number):
                continue
            if number <= _LATEST_DATELINE and not any(block.kind is BlockKind.DATELINE for block in self.blocks):
                # A summary can stand above the dateline without anything that shows it to be one.
                start = _trim(self.text, self.take_dateline(first, end) or first, end)[0]
            if appendix and not _is_heading(self.text, start):
                self.add(start, end, BlockKind.FURNITURE)
            else:
                self.read_line(start, end, last=last, final=number == len(lines) - 1)

    def read_line(self, start: int, end: int, *, last: bool, final: bool) -> None:
        """A paragraph outside of the head: nearly always body."""
        line = self.text[start:end]
        if line.startswith("|"):
            self.read_row(start, end)
        elif _is_heading(self.text, start):
            marker = _MARKER.match(self.text, start, end)
            words = marker.end() if marker else start
            tail = line.find("[object Object]")
            stop = end if tail < 0 else start + tail
            self.add(start, words, BlockKind.FURNITURE)
            self.add(words, stop, BlockKind.TITLE)
            self.add(stop, end, BlockKind.FURNITURE)
        elif found := phrases.IMAGE.fullmatch(line):
            self.add(start, start + found.start(1), BlockKind.FURNITURE)
            self.add(start + found.start(1), start + found.end(1), BlockKind.CAPTION)
            self.add(start + found.end(1), end, BlockKind.FURNITURE)
        elif _is_furniture(line) or (last and phrases.is_byline(line)):
            self.add(start, end, BlockKind.FURNITURE)
        elif _is_caption(line):
            self.add(start, end, BlockKind.CAPTION)
        elif marker := _MARKER.match(self.text, start, end):
            self.add(start, marker.end(), BlockKind.FURNITURE)
            self.add(marker.end(), end, BlockKind.BODY)
        elif final:
            self.read_tail(start, end)
        else:
            self.add(start, end, BlockKind.BODY)

    def read_row(self, start: int, end: int) -> None:
        """A row of a table: each cell is a block, so that no sentence crosses two."""
        place = start
        for found in re.finditer(r"\|", self.text[start:end]):
            self.add_cell(place, start + found.start())
            self.add(start + found.start(), start + found.end(), BlockKind.FURNITURE)
            place = start + found.end()
        self.add_cell(place, end)

    def add_cell(self, start: int, end: int) -> None:
        rule = not self.text[start:end].strip(" \t:-")
        self.add(start, end, BlockKind.FURNITURE if rule else BlockKind.BODY)

    def read_tail(self, start: int, end: int) -> None:
        """The last paragraph: body, and after it credits and links, if it ends with such."""
        stop = end
        while True:
            window = max(start, stop - _TAIL)
            stretch = self.text[window:stop]
            found = min((match.start() for tail in phrases.TAILS if (match := tail.search(stretch))), default=None)
            if found is None or not self.text[start : window + found].strip():
                break
            stop = window + found
        self.add(start, stop, BlockKind.BODY)
        self.add(stop, end, BlockKind.FURNITURE)

    def take_dateline(self, start: int, end: int) -> int:
        """Where the paragraph goes on after the dateline that it begins with; 0 where it begins with none."""
        stop, when = find_dateline(self.text, start, end)
        if stop == start:
            return 0
        self.add(start, stop, BlockKind.DATELINE)
        if when is not None and (self.dated is None or self.dated.year is None):
            self.dated = when
        return stop

    # --- texts whose line breaks are lost

    def read_run(self, start: int, end: int) -> None:
        """A text of one paragraph, in which headline, date and caption run into the words of the report."""
        if not self.title:
            self.read_tail(self.take_dateline(start, end) or start, end)
            return
        limit = min(end, start + _HEAD)
        place = start
        titled = dated = False
        while place < limit:
            place, _ = _trim(self.text, place, end)
            here = place
            if not dated and (stop := self.take_date(place, end)):
                dated, place = True, stop
            elif not titled and (stop := self.take_title(place, end)):
                titled, place = True, stop
            elif stop := self.take_inline(place, end, after_head=titled or dated):
                place = stop
            elif titled and not dated and (stop := self.take_late_date(place, end)):
                dated, place = True, stop
            elif (titled or dated) and (stop := self.take_dateline(place, end)):
                place = stop
            if place == here:
                break
        if titled or dated:
            place = self.take_caption(place, min(limit, place + 700))
        place = self.take_inner_dateline(place, min(end, place + 700))
        self.read_tail(place, end)

    def take_date(self, start: int, end: int) -> int:
        """After a date with its year, and the hour and the like behind it, where new words begin; else 0."""
        label = phrases.DATE_LABEL.match(self.text, start, end)
        printed = read_date(self.text, label.end() if label else start)
        # Some pages have lost the first figure of the day: "6-09-2013".
        if printed is None or printed.year is None or printed.end > end:
            return 0
        stop = printed.end
        while found := phrases.AFTER_DATE.match(self.text, stop, end):
            stop = found.end()
        rest, _ = _trim(self.text, stop, end)
        opens = rest == end or self.text[rest].isupper() or self.text[rest].isdigit() or self.text[rest] in "\"“'‘(["
        if not (opens or label or self.text.startswith(("by ", "title:"), rest)):
            return 0
        self.add(start, stop, BlockKind.DATELINE)
        self.dated = self.dated or printed
        return stop

    def take_title(self, start: int, end: int) -> int:
        """After the headline, where the text goes on with it, or with it behind a byline; else 0."""
        stop = _after_words(self.text, start, end, self.title)
        if not stop and self.text.startswith(("by ", "By "), start):
            for found in re.finditer(r"\s+", self.text[start : min(end, start + 120)]):
                begin = start + found.end()
                if stop := _after_words(self.text, begin, end, self.title):
                    self.add(start, begin, BlockKind.FURNITURE)
                    start = begin
                    break
        if not stop:
            return 0
        rest = _TITLE_END.match(self.text, stop, end)
        stop = rest.end() if rest else stop
        # A report that opens with the words of its headline goes on in the middle of a sentence.
        if stop < end and self.text[stop].islower():
            return 0
        self.add(start, stop, BlockKind.TITLE)
        return stop

    def take_inline(self, start: int, end: int, *, after_head: bool) -> int:
        found = phrases.INLINE_FURNITURE.match(self.text, start, end)
        if found is None and after_head:
            found = _AGENCY_WORD.match(self.text, start, end)
        if found is None and after_head:
            # "REUTERS Rodi Said Middle East 1730 28.04.2017 Get short URL": all of it is the page's.
            short = self.text.find("Get short URL", start, min(end, start + 160))
            printed = search_date(self.text, start, short) if short > 0 else None
            if printed is not None:
                self.dated = self.dated or printed
                self.add(start, short, BlockKind.FURNITURE)
                return short
        if found is None:
            return 0
        self.add(start, found.end(), BlockKind.FURNITURE)
        return found.end()

    def take_late_date(self, start: int, end: int) -> int:
        """A standfirst between the headline and "AP Thursday 1 Aug 2013"; else 0."""
        window = self.text[start : min(end, start + 420)]
        found = phrases.LATE_DATE.search(window)
        if found is None:
            return 0
        self.add(start, start + found.start(), BlockKind.STANDFIRST)
        self.add(start + found.start(), start + found.end(), BlockKind.FURNITURE)
        return self.take_date(start + found.end(), end)

    def take_caption(self, start: int, end: int) -> int:
        """A caption with its credit, and a standfirst before it; where the report begins after them."""
        found = phrases.INLINE_CREDIT.search(self.text, start, end)
        if found is None or re.match(r"\s*[-–—]", self.text[found.end() : found.end() + 3]):
            return start
        ends = [
            match.end()
            for match in _SENTENCE_END.finditer(self.text, start, found.start())
            if not _ABBREVIATION.search(self.text[max(start, match.end() - 8) : match.end()])
        ]
        begin = ends[-1] if ends else start
        if found.start() - begin > 350 or len(ends) > 3:
            return start
        self.add(start, begin, BlockKind.STANDFIRST)
        self.add(begin, found.end(), BlockKind.CAPTION)
        return found.end()

    def take_inner_dateline(self, start: int, end: int) -> int:
        """ "… were injured. MOSCOW (Sputnik) Six people": what stands before is the standfirst."""
        for found in re.finditer(r"(?<=[.!?\"”)]) (?=[A-Z]{3})", self.text[start:end]):
            begin = start + found.end()
            dateline = phrases.UNDASHED_DATELINE.match(self.text, begin)
            if dateline and dateline["place"] not in phrases.NOT_PLACES:
                self.add(start, begin, BlockKind.STANDFIRST)
                self.add(begin, dateline.end(), BlockKind.DATELINE)
                return dateline.end()
        return start


@dataclass
class _Head:
    """The lines above the report's own words: headline, standfirst, date, byline, caption."""

    draft: _Draft
    lines: list[tuple[int, int]]
    open: bool = True
    titled: bool = False
    waiting: list[tuple[int, int]] = field(default_factory=list)  # paragraphs that may be the standfirst

    def read(self, number: int) -> bool:
        """Whether the line was taken as part of the head. The first paragraph of body closes it."""
        draft, (start, end) = self.draft, self.lines[number]
        line = draft.text[start:end]
        if not self.titled and not self.waiting and self._is_title(number):
            self.titled = True
            marker = _MARKER.match(draft.text, start, end)
            words = marker.end() if marker else start
            draft.add(start, words, BlockKind.FURNITURE)
            draft.add(words, end, BlockKind.TITLE)
            draft.title = draft.title or " ".join(draft.text[words:end].split())
            return True
        if stop := self._date_line(start, end):
            draft.add(start, stop, BlockKind.DATELINE)
            return True
        if _is_furniture(line) or phrases.is_byline(line):
            draft.add(start, end, BlockKind.FURNITURE)
            return True
        if _is_caption(line):
            draft.add(start, end, BlockKind.CAPTION)
            return True
        if self._is_standfirst(number):
            draft.add(start, end, BlockKind.STANDFIRST)
            return True
        self.open = False
        return False

    def _is_title(self, number: int) -> bool:
        draft, (start, end) = self.draft, self.lines[number]
        line = draft.text[start:end]
        if draft.title and (stop := _after_words(draft.text, start, end, draft.title)):
            return not any(character.isalnum() for character in draft.text[stop:end])
        if number or number == len(self.lines) - 1 or not self._looks_like_title(start, end):
            return False
        # Where the record has another headline than the text, the two have words in common.
        return not draft.title or _overlap(line, draft.title) >= 0.5

    def _looks_like_title(self, start: int, end: int) -> bool:
        text, line = self.draft.text, self.draft.text[start:end]
        if line.startswith("# "):
            return True
        if line[0] in "|#*•>-![(" or len(line) > 200 or len(line.split()) < 2 or "\n" in line or line[-1] in ".,;:…":
            return False
        return find_dateline(text, start, end)[0] == start and not self._is_date(start, end) and not _is_furniture(line)

    def _is_date(self, start: int, end: int) -> bool:
        return _whole_date(self.draft.text, start, end) is not None

    def _date_line(self, start: int, end: int) -> int:
        printed = _whole_date(self.draft.text, start, end)
        if printed is None:
            return 0
        self.draft.dated = self.draft.dated or printed
        return end

    def _is_standfirst(self, number: int) -> bool:
        """A paragraph or two under the headline, above a line that can only stand in a head."""
        if not self.titled or self.draft.blocks[-1].kind not in (BlockKind.TITLE, BlockKind.STANDFIRST):
            return False
        taken = sum(block.kind is BlockKind.STANDFIRST for block in self.draft.blocks)
        for start, end in self.lines[number + 1 : number + 3 - taken]:
            line = self.draft.text[start:end]
            if self._is_date(start, end) or phrases.is_byline(line) or phrases.FURNITURE_LINES[0].fullmatch(line):
                return self.lines[number][1] - self.lines[number][0] <= 500
        return False


def find_dateline(text: str, start: int, end: int) -> tuple[int, PrintedDate | None]:
    """Where the words go on after a dateline at `start` ("BEIRUT, Oct 22 (Agency) - "), and the date in it.

    `start` itself where there is none, or where nothing follows it.
    """
    for pattern in (*phrases.DATELINES, phrases.BARE_DATELINE, phrases.UNDASHED_DATELINE, phrases.DESK_DATELINE):
        found = pattern.match(text, start, min(end, start + 160))
        if found is None:
            continue
        names = found.groupdict()
        place = names.get("place") or ""
        # "SDF - " and "IS (Islamic State) - " name sides; the shortest towns of datelines have three letters.
        if place in phrases.NOT_PLACES or (place and len(place) < (4 if pattern is phrases.BARE_DATELINE else 3)):
            continue
        when = read_date(text, found.start("when")) if names.get("when") else None
        return found.end(), when
    return start, None


def _overlap(one: str, other: str) -> float:
    """The share of the words of the shorter that the longer has too."""
    words, more = (set(re.findall(r"\w+", part.casefold())) for part in (one, other))
    return len(words & more) / max(1, min(len(words), len(more)))


def _whole_date(text: str, start: int, end: int) -> PrintedDate | None:
    """The date of a line that says nothing else."""
    label = phrases.DATE_LABEL.match(text, start, end)
    printed = read_date(text, label.end() if label else start)
    if printed is None or printed.year is None or printed.end > end:
        return None
    stop = printed.end
    while found := phrases.AFTER_DATE.match(text, stop, end):
        stop = found.end()
    return printed if not text[stop:end].strip(" .,|-–\t") else None


def _is_heading(text: str, start: int) -> bool:
    return re.match(r"#{1,6} ?(?=[^#\s])", text[start : start + 9]) is not None


def _is_furniture(line: str) -> bool:
    return len(line) <= 400 and any(pattern.fullmatch(line) for pattern in phrases.FURNITURE_LINES)


def _is_caption(line: str) -> bool:
    if len(line) > 420 or len(_SENTENCE_END.findall(line)) > 2:
        return False
    for pattern in phrases.CAPTIONS:
        if pattern.fullmatch(line):
            bracket = re.search(r"\[([^\[\]]*)\]\.?\Z", line)
            if bracket is None or line.startswith("[") or phrases.CREDIT.search(bracket.group(1)):
                return True
    return False


def _after_words(text: str, start: int, end: int, words: str) -> int:
    """Where `text` goes on after the words of `words` at `start`, whatever the marks between them; 0 if they differ.

    What page titles carry behind the headline (" | Some Times", " - Region") may be missing.
    """
    headline = re.split(r"\s+[|]\s+|\s+[-–—]\s+(?=[A-Z])", words)[0]
    for wanted in (words, headline) if len(headline) >= 12 else (words,):
        if stop := _after_letters(text, start, end, wanted):
            return stop
    return 0


def _after_letters(text: str, start: int, end: int, words: str) -> int:
    wanted = [character for character in words.casefold() if character.isalnum()]
    place = start
    for letter in wanted:
        while place < end and not text[place].isalnum():
            place += 1
        # Casefolding can lengthen a letter; such a headline is simply not found.
        if place >= end or text[place].casefold() != letter:
            return 0
        place += 1
    return place if wanted and not (place < end and text[place].isalnum()) else 0
