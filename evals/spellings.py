"""Scores the matching of names on the gazetteer's own alternate names: a tenth of the spellings is held back.

    python evals/spellings.py [MISSES]

In the theatres of war, of each populated place's alternate names every tenth (by CRC-32 of id and name) is left
out, the gazetteer is compiled without them, and each is looked up within its country. Found at 1: the place is among
the best matches (places of one name share that rank: which of them is meant is for the report to say). False: the best
matches are other places only. Spellings that another place of the country bears as its own are no matter of matching:
they are counted, and left out.

A spelling *resembles* a known one where both in plain ASCII (the transliteration of the package anyascii, which the
matcher does not use) have at least four letters in five alike, vowels left out for Arabic script. The others are other
names: Palmyra is not to be found from Tadmur by its sound.

Last, every tenth place is left out with all of its names: what is found for the name of a village that the gazetteer
does not have is always wrong. The rules were chosen on the even half (by CRC-32 of the id); the odd half is printed
first. MISSES is how many of the misses of the odd half are listed.
"""

from __future__ import annotations

import random
import re
import sys
import tempfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from anyascii import anyascii
from rapidfuzz import fuzz

from whoheld import data
from whoheld.distance import kilometres
from whoheld.errors import AmbiguousPlace, UnknownPlace
from whoheld.resolve.gazetteer import SKELETON, Gazetteer, embedded
from whoheld.resolve.gazetteer.store import Record
from whoheld.resolve.names import drop_articles, fold, is_arabic
from whoheld.resolve.places import search
from whoheld.vocabulary import Place

RESEMBLES = 80


@dataclass(frozen=True)
class Held:
    """A spelling, or a whole place, that the gazetteer is compiled without."""

    place: Place
    spelling: str
    half: int
    resembles: bool


def main() -> None:
    misses = int(sys.argv[1]) if len(sys.argv) > 1 else 0
    spellings: list[Held] = []
    places: list[Held] = []
    compiled = embedded._compile

    def without() -> tuple[list[Record], dict[tuple[str, str], str]]:
        records, units = compiled()
        return list(hold_back(records, spellings, places)), units

    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "gazetteer.sqlite"
        with mock.patch.object(embedded, "_compile", without):
            embedded.compile_embedded(target)
        with Gazetteer(target) as gazetteer:
            for half, words in ((1, "odd half, not looked at"), (0, "even half, on which the rules were chosen")):
                print(f"— spellings held back, {words}")
                score_spellings([one for one in spellings if one.half == half], gazetteer, misses * half)
                score_places([one for one in places if one.half == half], gazetteer)


def hold_back(records: list[Record], spellings: list[Held], places: list[Held]) -> Iterator[Record]:
    theatres = frozenset(data.table("places.toml")["theatres"])
    for record in records:
        if record.country not in theatres or record.feature != "populated":
            yield record
            continue
        half = zlib.crc32(record.id.encode()) % 2
        place = Place(record.id, record.name, record.feature, record.lat, record.lon, record.admin1, record.country)
        if zlib.crc32(b"place " + record.id.encode()) % 10 == 0:
            places.append(Held(place, record.name, half, True))
            continue
        names = list(dict.fromkeys(record.spellings))
        held = {
            name
            for name in names
            if fold(name) != fold(record.name) and zlib.crc32(f"{record.id}|{name}".encode()) % 10 == 0
        }
        kept = [name for name in names if name not in held]
        record.spellings = kept
        spellings += [Held(place, name, half, resembles(name, [record.name, *kept])) for name in sorted(held)]
        yield record


def resembles(name: str, others: list[str]) -> bool:
    return any(likeness(name, other) >= RESEMBLES for other in others)


def likeness(name: str, other: str) -> float:
    one, two = plain(name), plain(other)
    score = fuzz.ratio(one, two)
    if is_arabic(name) or is_arabic(other):
        score = max(score, fuzz.ratio(re.sub("[aeiouyw]", "", one), re.sub("[aeiouyw]", "", two)))
    return score


def plain(name: str) -> str:
    return re.sub("[^a-z]", "", anyascii(name).lower())


def score_spellings(held: list[Held], gazetteer: Gazetteer, misses: int) -> None:
    counts: Counter[tuple[bool, str, str]] = Counter()
    missed = []
    for one in held:
        verdict, found = verdict_on(one, gazetteer)
        counts[one.resembles, script(one.spelling), verdict] += 1
        if one.resembles and verdict in ("none", "false"):
            missed.append(f"  {verdict:5} {one.spelling} for {one.place.name}, {one.place.country}; got {found or '-'}")
    for title, wanted in (("that resemble a known one", (True,)), ("all", (True, False))):
        for letters in ("", "Latin", "Cyrillic", "Arabic"):
            part = Counter[str]()
            for (alike, kind, verdict), count in counts.items():
                if alike in wanted and letters in ("", kind):
                    part[verdict] += count
            others = part["another's"]
            asked = part.total() - others
            shares = f"found at 1 {part['right'] / asked:.3f}  false {part['false'] / asked:.4f}"
            head = title + (f", {letters}" if letters else "")
            print(f"{head:36} {asked:6}  {shares}  another's own {others}")
    random.Random(7).shuffle(missed)
    print(*missed[:misses], sep="\n", end="\n" if misses else "")


def verdict_on(one: Held, gazetteer: Gazetteer) -> tuple[str, str]:
    matches = [
        m for m in gazetteer.lookup(one.spelling, countries=[one.place.country]) if m.place.country == one.place.country
    ]
    if not matches:
        return "none", ""
    best = [match for match in matches if match.quality == matches[0].quality]
    if any(match.place.id == one.place.id or kilometres(match.place, one.place) <= 10 for match in best):
        return "right", ""
    keys = {fold(one.spelling), drop_articles(fold(one.spelling))}
    is_own = best[0].quality > SKELETON and keys & {
        key for m in best for key in (fold(m.place.name), fold(one.spelling))
    }
    return ("another's" if is_own else "false"), best[0].place.name


def script(name: str) -> str:
    return "Arabic" if is_arabic(name) else "Cyrillic" if re.search("[\u0400-\u04ff]", name) else "Latin"


def score_places(held: list[Held], gazetteer: Gazetteer) -> None:
    """What is found for places that are not there, of those whose name no other place of the country bears."""
    asked = looked_up = pinned = 0
    for one in held:
        exact = [m for m in gazetteer.lookup(one.spelling) if m.place.country == one.place.country]
        if exact:
            continue
        asked += 1
        near = [
            m
            for m in gazetteer.lookup(one.spelling, countries=[one.place.country])
            if m.place.country == one.place.country
        ]
        looked_up += bool(near) and all(kilometres(m.place, one.place) > 10 for m in near)
        with suppress(UnknownPlace, AmbiguousPlace):
            pinned += kilometres(search(gazetteer, f"{one.spelling}, {one.place.country}"), one.place) > 10
    print(
        f"places that are not there: {asked}; some reading in the country {looked_up / asked:.3f},"
        f" pinned by a search in the country {pinned / asked:.4f}"
    )


if __name__ == "__main__":
    main()
