"""Names over scripts and spellings: three keys, each wider than the one before.

`fold` undoes typography (case, accents, apostrophes, hyphens, Cyrillic letters): two names that fold alike are the
same name. `canonical` undoes the choice of romanisation (al-/el-, ou/u, q/k, -ah/-a, Deir/Dayr). `skeleton` keeps
consonant classes only: it *blocks*, finding names to compare; it never decides that they are the same.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Letters that do not decompose into a base letter and a mark.
_LETTERS = str.maketrans(
    {
        "ı": "i", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ß": "ss", "ə": "a",
        "ħ": "h", "ŋ": "ng", "ɓ": "b", "ɗ": "d", "ƙ": "k",
        # Cyrillic, after the Ukrainian 2010 and the BGN/PCGN tables, without their soft and hard signs
        "а": "a", "б": "b", "в": "v", "г": "h", "ґ": "g", "д": "d", "е": "e", "ё": "e", "є": "ie", "ж": "zh", "з": "z",
        "и": "y", "і": "i", "ї": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r",
        "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "",
        "ы": "y", "ь": "", "э": "e", "ю": "iu", "я": "ia", "ј": "j", "љ": "lj", "њ": "nj", "ћ": "c", "ђ": "dj",
        "џ": "dz",
        # Arabic letters that are written for one another
        "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ئ": "ي", "ؤ": "و", "ة": "ه", "ی": "ي", "ک": "ك",
        "ـ": "", "ء": "",
    }
)  # fmt: skip
_APOSTROPHES = re.compile("[\u0027\u0060\u00b4\u2018\u2019\u201b\u02b0-\u02ff\u2032\u2035\uff07]")
_NOT_WORD = re.compile(r"[\W_]+")
_ARABIC_ARTICLE = re.compile(r"(?<!\w)(?:ال)+(?=\w{2})")

# The Arabic article with its assimilated forms, as folded tokens. "Al" alone, or last, is not an article.
ARTICLES = frozenset({
    "al", "el", "ul", "il", "as", "es", "ash", "esh", "us", "ush", "ar", "er", "ur", "an", "en", "un", "az", "ez",
    "uz", "ad", "ed", "ud", "at", "et", "ath", "eth", "adh", "edh",
})  # fmt: skip

# Common first words of place names that are romanised in many ways.
_WORDS = {
    spelling: word
    for word, spellings in {
        "dair": "deir dayr der dyr dair dir",
        "tal": "tell tal tall tel til",
        "kafr": "kafr kfar kafar kufr kfer kefr kafer",
        "ain": "ain ayn ein een",
        "bait": "beit bayt bet bait beyt",
        "jabal": "jabal jebel djebel jbel jabel gebel",
        "shaih": "sheikh shaykh cheikh sheik shekh shayk sheykh",
        "um": "um umm oum om",
        "abu": "abu abou abo",
        "ras": "ras raas",
        "bir": "bir beer bi'r",
        "mara": "maarat maarrat marat maaret maarret maara maarrat ma'arat",
        "sankt": "st saint",
    }.items()
    for spelling in spellings.split()
}
_CANONICAL = (
    (re.compile(r"(?:iyya|iya|iyye|eya|eyya|ieh|iye|iyy|yya|iia)h?$|(?<=[^aeiou])(?:yah?|ieh|iah?|yeh)$"), "ia"),
    (re.compile(r"(?<=[^aeiou])(?:ah|eh|he)$"), "a"),
    (re.compile(r"(?<=\w\w)e$"), "a"),
    (re.compile(r"q|ck"), "k"),
    (re.compile(r"gh"), "g"),
    (re.compile(r"kh"), "h"),
    (re.compile(r"tch|tsch|(?<!s)ch"), "sh"),
    (re.compile(r"dj"), "j"),
    (re.compile(r"dh"), "d"),
    (re.compile(r"th"), "t"),
    (re.compile(r"oo|ou|uw"), "u"),
    (re.compile(r"ee|iy|yi|yy|ii"), "i"),
    (re.compile(r"(?:ay|ei|ey|ai)(?![aeou])"), "ai"),
    (re.compile(r"(?:aw|ow|au|ao)(?![aeiouy])"), "u"),
    (re.compile(r"o"), "u"),
    (re.compile(r"(?<![aeiou])y(?![aeiou])"), "i"),
    (re.compile(r"y|j(?=[aeiou])"), "i"),
    (re.compile(r"(?<=[^aeiou])ie"), "e"),
    (re.compile(r"(.)\1+"), r"\1"),
)
_VOWELS = re.compile(r"[aeiouyw]+")
_CLASSES = str.maketrans({"g": "h", "k": "q", "z": "s", "d": "t", "p": "b", "x": "s", "c": "s", "j": "S"})


def fold(name: str) -> str:
    """`name` without its typography: lower case, no accents, no apostrophes, hyphens as spaces, Cyrillic in Latin.

    Idempotent. Arabic keeps its script, loses its vowel signs and articles. A name of signs only folds to "".
    """
    if name.isascii():
        return name.lower() if name.isalpha() else _tidy(name.lower())
    return _tidy(_fold_letters(name))


def _fold_letters(name: str) -> str:
    # Marks go after the table: "й" and "ї" are letters of their own, and "é" is not in the table.
    text = _APOSTROPHES.sub("", name).casefold()
    text = unicodedata.normalize("NFC", text).translate(_LETTERS)
    text = "".join(mark for mark in unicodedata.normalize("NFKD", text) if not unicodedata.combining(mark))
    text = text.casefold().translate(_LETTERS)
    return _ARABIC_ARTICLE.sub("", _tidy(text))  # tidied first: "_ال" begins with the article too


def _tidy(text: str) -> str:
    return _NOT_WORD.sub(" ", _APOSTROPHES.sub("", text)).strip()


def drop_articles(folded: str) -> str:
    """A folded name without Arabic articles: "ar raqqa" -> "raqqa", "deir ez zor" -> "deir zor"; "al" stays."""
    tokens = folded.split()
    kept = [token for i, token in enumerate(tokens) if token not in ARTICLES or i == len(tokens) - 1]
    return " ".join(kept)


@lru_cache(maxsize=65536)
def canonical(name: str) -> str:
    """One spelling for the usual romanisations of a name: "Deir az-Zour" and "Dayr az Zawr" -> "dair zur"."""
    tokens = []
    for token in drop_articles(fold(name)).split():
        word = _WORDS.get(token, token)
        for pattern, plain in _CANONICAL:
            word = pattern.sub(plain, word)
        tokens.append(word)
    return " ".join(tokens)


def skeleton(name: str) -> str:
    """The consonant classes of a name, without spaces: "Qaryatain", "al-Qaryatayn" -> "qrtn".

    A blocking key for names to compare, within one country; not for names of fewer than three consonants.
    """
    bare = canonical(name).replace(" ", "")
    consonants = _VOWELS.sub("", bare.replace("sh", "S").translate(_CLASSES))
    if consonants.endswith("h"):
        consonants = consonants[:-1]
    return re.sub(r"(.)\1+", r"\1", consonants)
