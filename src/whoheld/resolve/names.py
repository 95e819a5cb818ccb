"""Names over scripts and spellings: keys, each wider than the one before.

`fold` undoes typography (case, accents, apostrophes, hyphens, Cyrillic letters): two names that fold alike are the
same name. `canonical` undoes the choice of romanisation (al-/el-, ou/u, q/k, -ah/-a, Deir/Dayr). `sounds` are what a
spelling may sound like, in any of the ways in which its letters are read, Arabic script included. `skeleton` keeps a
sound's classes of consonants only: it *blocks*, finding names to compare; it never decides that they are the same.
How often they find the place, and a wrong one: `evals/spellings.py`.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from rapidfuzz.distance import DamerauLevenshtein

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
        # Cyrillic of other languages: Kazakh, Tatar, Bashkir, Sakha, Abkhaz, and of books before 1918
        "ә": "a", "ө": "o", "ү": "u", "ұ": "u", "ғ": "g", "ҕ": "g", "қ": "k", "ҡ": "k", "ҟ": "k", "ң": "n", "һ": "h",
        "ҳ": "h", "җ": "j", "ҷ": "j", "ҙ": "z", "ҫ": "s", "ҭ": "t", "ҵ": "ts", "ԥ": "p", "ҧ": "p", "ӡ": "dz", "ӏ": "",
        "ѣ": "e", "ѳ": "f", "ѵ": "i",
        # Arabic letters that are written for one another
        "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ئ": "ي", "ؤ": "و", "ة": "ه", "ی": "ي", "ک": "ك",
        "ـ": "", "ء": "",
    }
)  # fmt: skip
_APOSTROPHES = re.compile("[\u0027\u0060\u00b4\u2018\u2019\u201b\u02b0-\u02ff\u2032\u2035\uff07]")
_MARKS = dict.fromkeys(code for code in range(0x300, 0x3000) if unicodedata.combining(chr(code)))
_ASCII_SIGNS = {code: None if chr(code) in "'`" else " " for code in range(128) if not chr(code).isalnum()}
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

# Arabic script in Latin consonants, with the letters that Persian, Urdu, Pashto and Kurdish add. Short vowels are not
# written, and must be left out of what they are compared with.
_ARABIC = str.maketrans({
    "ا": "a", "ب": "b", "ت": "t", "ث": "th", "ج": "j", "ح": "h", "خ": "kh", "د": "d", "ذ": "dh", "ر": "r", "ز": "z",
    "س": "s", "ش": "sh", "ص": "s", "ض": "d", "ط": "t", "ظ": "z", "ع": "", "غ": "gh", "ف": "f", "ق": "q", "ك": "k",
    "ل": "l", "م": "m", "ن": "n", "ه": "h", "و": "w", "ي": "y", "پ": "p", "چ": "ch", "ژ": "zh", "گ": "g", "ڤ": "v",
    "ٹ": "t", "ټ": "t", "ډ": "d", "ڈ": "d", "ړ": "r", "ڑ": "r", "ڕ": "r", "ښ": "sh", "ڼ": "n", "ں": "n", "ڵ": "l",
    "ہ": "h", "ھ": "h", "ے": "e", "ې": "e", "ۍ": "y", "ە": "a", "ێ": "e", "ۆ": "o", "ۇ": "u", "ځ": "dz", "څ": "ts",
    "ږ": "zh", "ګ": "g",
})  # fmt: skip
_IS_ARABIC = re.compile("[\u0600-\u06ff]")
_ARABIC_END = re.compile(r"ه\b")
# What a place is called beside its name, in lists and in the news: "Humera town", "مدينة العاشر".
_NOUNS = frozenset({
    "city", "town", "rajon", "raion", "rayon", "raionul", "district", "governorate", "balhsn", "rayonu",
    "مدينه", "قريه", "ناحيه", "ضلع", "شهر", "منطقه", "بلده",
})  # fmt: skip
_ASIDE = re.compile("[,،(]")


def _rules(*pairs: tuple[str, str]) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern), plain) for pattern, plain in pairs)


# "C" is the sound of "sh", "ch", "zh" and "dzh", which spellings mix up; "z" is "s" in German, "c" is many things.
_LETTER_GROUPS = _rules(
    (r"shch|schtsch|sjtsj|szcz|tsch|tch|tsj|cz|dsch|dsh|dzh|tx|sch|sh|sj(?=[aeiouybdfgklmnprtvz]|$)|zh|zj", "C"),
    (r"ck", "k"), (r"ts|tz|z", "s"), (r"ph", "f"), (r"th", "t"), (r"dh", "d"), (r"kh|gh|x", "g"), (r"q", "k"),
)  # fmt: skip
_READINGS = (
    _rules((r"ch", "C"), (r"c(?=[eiy])", "s"), (r"c", "k"), (r"dj|j", "C")),  # English, French
    _rules((r"ch", "g"), (r"c", "s"), (r"j", "y")),  # German and Slavic
    _rules((r"c", "C"), (r"dj|j", "C")),  # Turkish
)
# Unstressed "o" is written "a" in Belarusian, "e" and "i" are one in Arabic, "ow", "aw", "ou", "ov" and "iv" are mixed.
_VOWELS = _rules(
    (r"(?<=[aeiouy])h(?![aeiouy])", ""), (r"h", "g"), (r"o", "a"), (r"[wu]", "v"), (r"[yj]", "i"), (r"e", "i"),
    (r"[ai]*v+", "v"), (r"ai+|ia|i+", "i"), (r"[ai]+$", "a"), (r"(.)\1+", r"\1"),
)  # fmt: skip
_VOICELESS = str.maketrans({"k": "K", "g": "K", "s": "S", "C": "S", "d": "t", "p": "b"})
_SOFT = re.compile("[aiv]+")
_SHORT_VOWELS = re.compile("[ai]+")
_TWICE = re.compile(r"(.)\1+")

# Alternate names of GeoNames in other scripts are not read: reports are in Latin, Cyrillic or Arabic letters.
_SCRIPTS = re.compile("[\u0000-\u024f\u02b0-\u02ff\u0300-\u036f\u0400-\u04ff\u0600-\u06ff\u1e00-\u1eff\u2010-\u201f]+")
_CODE = re.compile(r"[A-Z]{2,4}|[0-9 ]+")


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
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text).translate(_MARKS).casefold().translate(_LETTERS)
    if text.isascii():
        return _tidy(text)
    return _ARABIC_ARTICLE.sub("", _tidy(text))  # tidied first: "_ال" begins with the article too


def _tidy(text: str) -> str:
    if text.isascii():
        return " ".join(text.translate(_ASCII_SIGNS).split())
    return _NOT_WORD.sub(" ", _APOSTROPHES.sub("", text)).strip()


def drop_articles(folded: str) -> str:
    """A folded name without Arabic articles: "ar raqqa" -> "raqqa", "deir ez zor" -> "deir zor"; "al" stays."""
    tokens = folded.split()
    if len(tokens) == 1 or ARTICLES.isdisjoint(tokens):
        return folded
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


@lru_cache(maxsize=65536)
def sounds(name: str) -> frozenset[str]:
    """What a name may sound like, one string for each way to read its letters: "Kharkiv" -> {"garkv"}.

    For names in one country only, and never without `likeness`: these are far from phonetics.
    """
    tokens = drop_articles(fold(_ASIDE.split(name, maxsplit=1)[0])).split()
    spoken = [_word_sounds(token) for token in tokens if token not in _NOUNS] or list(map(_word_sounds, tokens))
    return frozenset("".join(reading) for reading in zip(*spoken, strict=True)) - {""}


@lru_cache(maxsize=65536)
def _word_sounds(token: str) -> tuple[str, ...]:
    """What one folded word sounds like in each reading."""
    word = _in_latin(token)
    word = _rewrite(_WORDS.get(word, word), _LETTER_GROUPS)
    return tuple(_rewrite(_rewrite(word, reading), _VOWELS) for reading in _READINGS)


def _in_latin(token: str) -> str:
    return _ARABIC_END.sub("a", token).translate(_ARABIC) if _IS_ARABIC.search(token) else token


def _rewrite(word: str, rules: tuple[tuple[re.Pattern[str], str], ...]) -> str:
    for pattern, plain in rules:
        word = pattern.sub(plain, word)
    return word


@lru_cache(maxsize=65536)
def skeleton(sound: str) -> str:
    """The consonant classes of one of `sounds`: "Qaryatain" and "القريتين" both come to "Krtn".

    A blocking key for names to compare, within one country.
    """
    return _TWICE.sub(r"\1", _SOFT.sub("", sound).translate(_VOICELESS))


def likeness(sound: str, other: str, *, vowels: bool = True) -> float:
    """How alike two sounds with the same skeleton are, 0 to 1; 1 is the same. "k" for "g" costs little.

    `vowels` is False where either is from Arabic script, which does not write the short ones: then they count a third.
    Edit distance with transpositions (Damerau 1964), as a share of the longer one.
    """
    if sound == other:
        return 1.0
    score = DamerauLevenshtein.normalized_similarity(sound.translate(_VOICELESS), other.translate(_VOICELESS)) - 0.05
    if vowels:
        return score
    bare = DamerauLevenshtein.normalized_similarity(_SHORT_VOWELS.sub("", sound), _SHORT_VOWELS.sub("", other))
    return 1.0 if bare == 1.0 else (2 * bare + score) / 3


def is_arabic(name: str) -> bool:
    """Whether a name is in Arabic script."""
    return bool(_IS_ARABIC.search(name))


def is_spelling(name: str) -> bool:
    """Not an airport's code, and not one of GeoNames' machine romanisations of another script ("alqrytyn", "zʿtrh")."""
    if name[:1] < "\u0250" and name.islower():
        return False
    return bool(_SCRIPTS.fullmatch(name)) and not _CODE.fullmatch(name)
