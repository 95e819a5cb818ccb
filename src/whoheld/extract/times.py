"""Finds the time expressions of a text: a scanner, no model.

Each token becomes one letter that says what it can be (month, unit, number, …); the grammar is one regular expression
over the string of letters. It is as fast as a regular expression over a text a sixth as long, and it reads like a
grammar. Extents and types follow TimeML's TIMEX3 guidelines 1.2.1: prepositions are left outside ("since", "by"),
modifiers are inside ("early October", "more than two years"), and each end of a range is an expression of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from whoheld.data import table
from whoheld.vocabulary import Span, TimeMention, TimeType


def find_times(text: str, spans: Sequence[Span] | None = None) -> tuple[TimeMention, ...]:
    """Every time expression of `text`, in order, without overlap, with exact offsets.

    `spans` are stretches that no expression crosses, and outside of which none is looked for; None is all of the text.
    `tense` is a guess from the nearest verb form of the clause: "future", "past" or "".
    """
    stretches = [(0, len(text))] if spans is None else [(span.start, span.end) for span in spans]
    return tuple(mention for start, end in stretches for mention in _find(text, start, end))


def _find(text: str, start: int, end: int) -> Iterator[TimeMention]:
    tokens = _tokenize(text, start, end)
    for match in _matches(tokens.letters):
        kind = match.lastgroup or ""
        first, last = match.span()
        if kind == "date" and not _is_date(tokens, first, last):
            continue
        begin, stop = tokens.starts[first], tokens.starts[last - 1] + len(tokens.words[last - 1])
        yield TimeMention(begin, stop, text[begin:stop], _type(kind, tokens, first, last), _tense(tokens, first, last))


def _type(kind: str, tokens: _Tokens, first: int, last: int) -> TimeType:
    """The TIMEX3 type: the kind's, but for "the past weeks" (a duration), "on Mondays" (a set), a date with a clock."""
    words = tokens.words[first:last]
    if kind in ("date", "period") and tokens.letters[last - 1] in _PLURALS:
        return TimeType.DURATION
    if (
        kind in ("date", "period")
        and "past" in words
        and len(words) < 4
        and tokens.letters[last - 1] == _LETTER["unit"]
    ):
        return TimeType.DURATION
    if kind == "date" and len(words) == 1 and words[0].endswith("days") and tokens.word(first - 1).lower() == "on":
        return TimeType.SET
    return TimeType.TIME if kind == "date" and ":" in words[0] else _TYPES[kind]


def _matches(letters: str) -> Iterator[re.Match[str]]:
    """The expressions, looked for only in runs of known words that hold one at which an expression can be told."""
    for run in _RUN.finditer(letters):
        if _HEAD.search(letters, *run.span()):
            # one letter more, so that the end of the run is not taken for the end of the text
            yield from _grammar().finditer(letters, run.start(), run.end() + 1)


# --- tokens and their letters -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Tokens:
    """The tokens of a stretch; `letters[i]` is the class of `words[i]`."""

    words: list[str]
    starts: list[int]
    letters: str

    def word(self, i: int) -> str:
        """The word at `i`, or "" outside."""
        return self.words[i] if 0 <= i < len(self.words) else ""

    def letter(self, i: int) -> str:
        """The letter at `i`, or that of a break outside."""
        return self.letters[i] if 0 <= i < len(self.words) else _LETTER["gap"]


_NAMES = (
    "other gap day number year nth short decade iso clock month maybe abbr weekday wabbr season fall part night unit "
    "units hours century centuries weekend quarter qq word ordinal tens set ref present modern being date period time "
    "feast the a of in on at to and half vague approx more than least filler early earlier edge ago after last next "
    "recent this that same current every per long deictic tonight ampm zone oclock fiscal streak era comma dot dash "
    "possessive from lb rb stop"
)
_FUNCTION_WORDS = (
    "other gap the a of in on at to and approx more than least filler streak after this that same from long comma dot "
    "dash possessive lb rb stop being early last next word ordinal day number edge half"
)
_LETTER = {name: chr(0x4E00 + i) for i, name in enumerate(_NAMES.split())}

_PLURALS = frozenset(_LETTER[name] for name in ("units", "hours", "centuries"))
_RUN = re.compile(f"[^{_LETTER['other']}]+")
_HEAD = re.compile(
    f"[^{''.join(_LETTER[name] for name in _FUNCTION_WORDS.split())}]"  # any letter but those of function words
)

_TOKEN = r"""
    \n[^\S\n]*\n\s*                                         # a blank line: nothing crosses it
  | (?=[{heads}])(?:{feasts})(?!\w)
  | \d{{4}}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?Z?)?(?!\w)
  | \d{{1,2}}/\d{{1,2}}/\d{{2}}(?:\d\d)?(?!\w) | \d{{1,2}}\.\d{{1,2}}\.\d{{4}}(?!\w)
  | \d{{1,2}}:\d\d(?::\d\d)?(?!\w)
  | \d{{1,3}}0['’]?s(?!\w)
  | \d+(?:,\d{{3}})+(?:\.\d+)? | \d+(?:\.\d+)?(?:st|nd|rd|th)?(?!\w) | \d+
  | ['’]\d\ds?(?!\w)
  | [ap]\.\s?m\.? | [BA]\.\s?[CD]\.(?:\s?E\.)?
  | o['’]clock
  | Q[1-4](?!\w)
  | [^\W\d_]+
  | ['’]s(?!\w)
  | \S
"""


@cache
def _token_pattern() -> re.Pattern[str]:
    data = table("times.toml")
    feasts = [*data["feast_names"], *data["holidays"]]
    written = {
        form for name in feasts for form in (name.title().replace("'S", "'s"), name.title().replace("Al-", "al-"))
    }
    written |= {form.replace("'", "’") for form in written}
    heads = "".join(sorted({form[0] for form in written}))
    ordered = "|".join(sorted(map(re.escape, written), key=len, reverse=True))
    return re.compile(_TOKEN.format(heads=heads, feasts=ordered.replace("#", r"\#")), re.VERBOSE)


@cache
def _lexicon() -> dict[str, str]:
    """Word as it is written -> letter. What comes first wins; abbreviations and ambiguous names need a capital."""
    data, words = table("times.toml"), table("times.toml")["words"]
    found: dict[str, str] = {}

    def add(name: str, entries: Sequence[str], *, capital: bool = False) -> None:
        for entry in entries:
            forms = [entry.title(), entry.upper()] if capital else [entry, entry.capitalize(), entry.upper()]
            for form in forms:
                found.setdefault(form, _LETTER[name])

    long_months = [m for m in data["months"] if len(m) > 4 or m in ("june", "july")]
    add("feast", [name for name in (*data["feast_names"], *data["holidays"]) if name.isalpha()], capital=True)
    add("maybe", ["may", "march"], capital=True)
    add("month", ["august"], capital=True)
    add("month", [m for m in long_months if m not in ("may", "march", "august")])
    add("abbr", [m for m in data["months"] if m not in long_months], capital=True)
    add("wabbr", [d for d in data["weekdays"] if len(d) < 6], capital=True)
    add("weekday", [form for d in data["weekdays"] if len(d) > 5 for form in (d, d + "s")])
    add("fall", ["fall"])
    add("season", list(data["seasons"]))
    add("hours", ["hours"])
    add("night", ["night", "nights"])
    add("part", list(data["parts"]))
    add("weekend", words["weekend"])
    add("century", ["century"])
    add("centuries", ["centuries"])
    add("quarter", ["quarter", "quarters"])
    add("ordinal", list(data["ordinals"]))
    units = [u for u in data["units"] if u != "second"]
    add("units", [u for u in units if u.endswith("s")] + ["millennia"])
    add("unit", units)
    add("tens", list(data["decades"]))
    add("word", [n for n in data["numbers"] if n != "zero"])
    add("set", list(data["sets"]))
    add("current", ["current"])
    add("ref", [r for r in data["references"] if " " not in r and r not in ("recent", "current", "date")])
    add("recent", ["recent"])
    add("earlier", ["earlier", "later"])
    add("present", ["present", "moment"])
    add("that", ["that"])
    for name in ("modern", "being", "date", "period", "least"):
        add(name, [name])
    for name in words:
        if name in _LETTER:
            add(name, words[name])
    add("lb", ["(", "["])
    add("rb", [")", "]"])
    add("stop", [";", ":", "!", "?"])
    return found


def _tokenize(text: str, start: int, end: int) -> _Tokens:
    letter, other = _lexicon().get, _LETTER["other"]
    words: list[str] = _token_pattern().findall(text, start, end)
    letters = [letter(word) or (other if word.isalpha() else _odd_letter(word)) for word in words]
    starts = []
    for word in words:  # only white space lies between tokens, so the next place of the word is its own
        start = text.index(word, start)
        starts.append(start)
        start += len(word)
    return _Tokens(words, starts, "".join(letters))


_ODD = tuple(
    (re.compile(pattern), _LETTER[name])
    for pattern, name in (
        (r"\n", "gap"),
        (r"[ap]\.\s?m", "ampm"),
        (r"[BA]\.", "era"),
        (r"Q\d$", "qq"),
        (r"\d+-\d\d-\d\d|\d+[/.]\d+[/.]\d", "iso"),
        (r"\d+:", "clock"),
        (r"\d+['’]?s$|['’]\d\ds$", "decade"),
        (r"['’]\d\d$", "short"),
        (r"['’]s$", "possessive"),
        (r"(?:[1-9]|[12]\d|3[01])(?:st|nd|rd|th)$", "nth"),
        (r"\d+(?:st|nd|rd|th)$", "ordinal"),
        (r"0?[1-9]$|[12]\d$|3[01]$", "day"),
        (r"(?:1\d|20)\d\d$", "year"),
        (r"\d", "number"),
    )
)


def _odd_letter(word: str) -> str:
    """The letter of a token that is not a plain word."""
    for pattern, letter in _ODD:
        if pattern.match(word):
            return letter
    return _LETTER["feast"] if len(word) > 3 and word[0].isupper() else _LETTER["other"]


# --- the grammar --------------------------------------------------------------------------------------------

# Each rule may use the letters by name, and the rules before it. Where several fit, the first kind at a place wins.
_RULES = {
    "digits": "[{day}{number}{year}]",
    "num": "(?:{digits}|{word}(?:{dash}?{word}){{0,5}})(?:{and}{a}?{half})?",
    "anyunit": "[{unit}{units}{hours}{night}{century}{centuries}{weekend}{quarter}]",
    "plural": "[{units}{hours}{centuries}]",
    "approx_": "(?:{at}?{least}|{more}{than}|{approx})",
    "quantity": "(?:{a}?{vague}{of}?|{a}{word}|{half}{of}?{a}|{a}{half}|{num}|{a})",
    "span": "{quantity}(?:{dash}?[{filler}{streak}]){{0,3}}{dash}?{anyunit}(?:{and}{a}{half})?",
    "mon": "(?:[{month}{maybe}]|{abbr}{dot}?)",
    "yr": "(?:{year}{era}?|[{number}{day}]{era}|{era}{digits}|{short})",
    "that_year": ("(?:{of}?(?:[{this}{that}]{same}?|{the}?[{last}{next}]|{the}{same}){unit}|{of}{the}{unit})"),
    "tail": "(?:{comma}?{of}?{yr}|{comma}?{that_year})",
    "dom": "(?:[{day}{nth}]|{ordinal}(?={of}))",
    "date_": (
        "(?:{the}?{dom}(?:{of}|{dash})?{mon}{tail}?|{mon}{the}?[{day}{nth}](?!{era}){tail}?|{mon}{tail}|{mon}"
        "|(?<=[{month}{maybe}{abbr}][{day}{nth}][{dash}{to}{and}{comma}])[{day}{nth}]{tail}?)"
    ),
    "wday": "(?:{weekday}|{wabbr}{dot}?)",
    "dated": "(?:{wday}{comma}?{the}?(?={dom}|{mon}[{day}{nth}]))?{date_}",
    "season_": "(?:{season}|{fall})",
    "seasonal": "{the}?{season}{tail}?|{the}?{fall}(?:{of}?{yr}|{that_year})|(?<={in}){the}{fall}(?!{of})",
    "decade_": "{the}?{decade}{era}?|{the}{tens}",
    "relative": (
        "(?:{the}?(?:[{last}{next}{recent}]|{current})|[{this}{that}]{same}?|{the}{same}|{the}{early})"
        "{filler}{{0,3}}(?:(?:{num}|{vague}{of}?){filler}{{0,3}})?"
        "(?:{anyunit}|{season_}|{wday}|{mon}|{part}|{century})"
        "|{the}{num}[{last}{next}]{anyunit}"
    ),
    "quarterly": (
        "{the}?{ordinal}(?:{quarter}|{half})(?:{of})?(?:{tail}|{fiscal}{tail})?|{qq}{of}?{yr}?|{fiscal}{unit}?{yr}"
    ),
    "core": (
        "(?:{iso}|{the}?{feast}(?:{tail}|{comma}{year})?|{dated}|{weekday}|{relative}|{seasonal}|{decade_}"
        "|{the}?[{nth}{ordinal}]{dash}?{century}{era}?|{quarterly}|{yr}|{deictic}|{tonight})"
    ),
    "edge_of": (
        "(?:{the}?(?:(?:{early}{dash}?)?{edge}|{ordinal}{half}|{edge}{half}|{half}){of}{the}?"
        "|{the}?(?:{early}{dash}?|{earlier})(?:[{in}{on}]{the}?|{edge}{of}{the}?)?)"
    ),
    "daypart": "[{part}{night}]",
    "tod": "{the}?(?:{early}{dash}?)?(?:{daypart}{hours}?|(?<={early}){hours})",
    "clock_": ("(?:{clock}{ampm}?|{digits}{ampm}|{num}{oclock}|[{year}{number}](?:{hours}?{zone}))(?:{zone}{time}?)?"),
    "edged": "{edge_of}?{core}",
}

_KINDS = (
    (
        "set",
        "{every}[{day}{number}{year}{word}{dash}{filler}{ordinal}]{{0,4}}(?:{anyunit}|{weekday}|{daypart}|{season}|{mon})|{per}{anyunit}|{set}",
    ),
    (
        "shift",
        "{approx_}{{0,3}}(?:{span}|{plural})(?:{dash}?(?:{ago}|{earlier})|{from}{ref}"
        "|{after}(?=$|[{gap}{comma}{dot}{stop}{rb}]))"
        "|{the}{anyunit}(?:{after}|{next}|{last})(?:{deictic})?",
    ),
    (
        "time",
        "{clock_}(?:{comma}?[{on}{of}]?{edged}(?:{daypart})?)?"
        "|{tod}[{of}{on}{comma}]?{edged}{daypart}?"
        "|{tod}{of}{the}?[{day}{nth}](?=[{dash}{to}{and}]{the}?[{day}{nth}]{of}?{mon})"
        "|{edge_of}?{core}{comma}?{at}?(?:{early}?{daypart}|{clock_})"
        "|{tod}{of}{the}{nth}"
        "|(?:{the}?(?:[{last}{next}]|{same}|{ordinal})|[{this}{that}]{same}?){early}?{daypart}",
    ),
    ("tonight", "{tonight}(?:{weekday})?"),
    ("streak", "[{the}{a}]?[{ordinal}{nth}]{streak}{anyunit}"),
    (
        "listed",
        "{the}?[{day}{nth}](?=(?:[{comma}{and}{dash}{to}]{{1,2}}{the}?[{day}{nth}]){{1,4}}{of}?{mon})"
        "|(?:{number}|{day})(?=[{dash}{to}{and}]{digits}{era})"
        "|(?<={year}{dash})(?:{number}|{day})(?!{dash})",
    ),
    (
        "period",
        "{the}?(?:{ordinal}|{last})[{filler}{vague}{day}{number}{word}{dash}]{{0,4}}{anyunit}(?:{of}{the}?{core})?",
    ),
    ("edgeday", "{edge_of}{the}?[{unit}{weekend}{century}{quarter}]"),
    ("weekend", "{the}?{filler}?{weekend}"),
    ("date", "{edged}"),
    ("ordinal", "(?:{the}|{a}){ordinal}{filler}?{anyunit}|(?<={on}){the}{nth}|(?<=[{to}{of}]){the}{nth}"),
    ("duration", "{approx_}{{0,3}}{the}?{span}(?:{dash}?{long})?|{unit}{dash}?{long}|{plural}"),
    ("tod", "{tod}"),
    (
        "ref",
        "{the}?{ref}|{recent}|{current}|(?<={at}){present}|(?:{the}|{this}){present}(?:{unit}|{time})?"
        "|[{present}{modern}]{dash}?{unit}|(?<={at}){the}{time}{being}?|{the}{time}{being}"
        "|(?<={at})[{this}{that}]{time}|[{this}{that}]{period}|(?<={at}){the}?{same}{time}|(?<={to}){date}|{the}{last}(?=[{comma}{dot}{gap}])",
    ),
)

_TYPES = {
    "set": TimeType.SET,
    "time": TimeType.TIME,
    "tod": TimeType.TIME,
    "tonight": TimeType.TIME,
    "duration": TimeType.DURATION,
    "streak": TimeType.DURATION,
    **dict.fromkeys(("shift", "listed", "period", "edgeday", "weekend", "date", "ordinal", "ref"), TimeType.DATE),
}


@cache
def _grammar() -> re.Pattern[str]:
    names = dict(_LETTER)

    def fill(rule: str) -> str:
        filled = re.sub(r"(?<!\{)\{(\w+)\}(?!\})", lambda m: names[m.group(1)], rule)
        return filled.replace("{{", "{").replace("}}", "}")

    for name, rule in _RULES.items():
        names[name] = f"(?:{fill(rule)})" if len(rule) > 1 and rule[0] != "[" else fill(rule)
    return re.compile("|".join(f"(?P<{kind}>{fill(rule)})" for kind, rule in _KINDS))


# --- what the letters cannot say ----------------------------------------------------------------------------


def _is_date(tokens: _Tokens, first: int, last: int) -> bool:
    """Whether a lone number is a year, and a lone "May" a month."""
    if last - first > 1:
        return True
    if tokens.letters[first] == _LETTER["year"]:
        return _is_year(tokens, first)
    return tokens.letters[first] not in (_LETTER["maybe"], _LETTER["abbr"]) or _is_month(tokens, first)


_AFTER_YEAR = frozenset(
    [
        "men",
        "people",
        "troops",
        "women",
        "children",
        "km",
        "kilometres",
        "kilometers",
        "kg",
        "sqkm",
        "sq",
        "square",
        "hectares",
        "residents",
        "percent",
        "per",
        "million",
        "others",
    ]
)


def _is_year(tokens: _Tokens, i: int) -> bool:
    """Whether the bare number at `i` is a year and not a quantity: "in 2003", not "2000 men", "1500 soldiers"."""
    after = tokens.word(i + 1)
    return not (
        after in _AFTER_YEAR
        or (after.islower() and after.endswith("s") and after not in ("was", "is", "as", "has", "its", "this"))
    )


_BEFORE_MONTH = frozenset(
    _LETTER[name]
    for name in [
        "in",
        "of",
        "on",
        "to",
        "and",
        "early",
        "earlier",
        "edge",
        "last",
        "next",
        "this",
        "that",
        "after",
        "from",
        "approx",
        "dash",
        "lb",
        "comma",
    ]
)


def _is_month(tokens: _Tokens, i: int) -> bool:
    """Whether a bare "May", "March" or "Mar" is the month: it follows a word that months follow."""
    return tokens.letter(i - 1) in _BEFORE_MONTH or tokens.word(i - 1).lower() in (
        "since",
        "by",
        "during",
        "until",
        "through",
        "throughout",
        "for",
        "between",
        "the",
        "when",
    )


# --- tense --------------------------------------------------------------------------------------------------


def _tense(tokens: _Tokens, first: int, last: int) -> str:
    """The tense of the last verb form before the expression in its clause, else of the first one after it."""
    for i in range(first - 1, max(-1, first - 25), -1):
        if tokens.letters[i] in _CLAUSE_ENDS:
            break
        if tense := _tense_of(tokens.words[i]):
            return tense
    for i in range(last, min(len(tokens.words), last + 25)):
        if tokens.letters[i] in _CLAUSE_ENDS:
            break
        if tense := _tense_of(tokens.words[i]):
            return tense
    return ""


_CLAUSE_ENDS = frozenset(_LETTER[name] for name in ("dot", "stop", "gap"))


@cache
def _tenses() -> dict[str, str]:
    return {word: tense for tense, words in table("times.toml")["tense"].items() for word in words}


def _tense_of(word: str) -> str:
    return _tenses().get(word, "past" if len(word) > 4 and word.endswith("ed") else "")
