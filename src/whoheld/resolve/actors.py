"""Which actor of the registry a mention means, and which side that actor is counted with on the day.

The registry is data (``data/actors/*.toml``); what its fields mean is in docs/decisions/0011-actor-registry.md.
A name decides by itself; where it fits several actors, the theatre or the day must. A generic word ("the army",
"rebels") is decided by the theatre, by whom the report names, and by the day. What cannot be told stays None.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from whoheld.data import list_files, table
from whoheld.errors import BadData
from whoheld.resolve.actoredits import Edit, edits_path, read_edits, replay
from whoheld.resolve.actornames import Names, Reading, Tokens, tokenise
from whoheld.resolve.actorrecords import ActorRecord, Stay
from whoheld.resolve.names import fold
from whoheld.vocabulary import Actor, Mention, ResolvedActor, Succession

__all__ = ["ActorRecord", "Registry", "Stay", "country_weights", "open_registry", "resolve_actors"]

NAME, NATION, THEATRE, CONTEXT = "name", "nation", "theatre", "context"
"""What decides whom a mention means: see `vocabulary.ResolvedActor.basis`."""

_CLEAR = 1.5  # how many times the weight of the next country the theatre must have
_ABROAD = 0.2  # what a power that fights abroad says of where the report plays
_DATE = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")


class Registry:
    """All actors, and the words that mean them. Immutable: take it from :func:`open_registry`."""

    def __init__(self, records: Iterable[ActorRecord], words: Mapping[str, Any]) -> None:
        self._records = {record.id: record for record in records}
        self._others = {other: record.id for record in self._records.values() for other in record.other_ids}
        self._states = {code: _stays(state.get("actor", ()), code) for code, state in words["states"].items()}
        self._theatres = {
            code: {kind: _stays(value, code) for kind, value in theatre.items() if kind != "backed"}
            for code, theatre in words["theatres"].items()
        }
        self._backed: dict[str, dict[str, str]] = {
            code: theatre.get("backed", {}) for code, theatre in words["theatres"].items()
        }
        self._country_names = {
            fold(name): code
            for code, state in words["states"].items()
            for name in (*state.get("names", ()), *state.get("capitals", ()))
        }
        named = ((name, record.id) for record in self._records.values() for name in _names_of(record))
        self._names = Names(((name, actor) for name, actor in named if fold(name) not in self._country_names), words)
        relations = words["relations"]
        self._cut, self._others_of, self._linked = (frozenset(relations[key]) for key in ("cut", "others", "linked"))
        self._of = frozenset(relations["of"])
        self._backed_words = frozenset(relations["backed"]) - frozenset(relations["leads"]) - self._linked
        self._jihadi = frozenset(words["jihadi"]["actors"])
        self._outlets: dict[str, str] = {name: code for code, names in words["outlets"].items() for name in names}
        self._readings = lru_cache(maxsize=16384)(self._read)

    def __len__(self) -> int:
        return len(self._records)

    def __iter__(self) -> Iterator[ActorRecord]:
        return iter(self._records.values())

    def get(self, actor_id: str) -> ActorRecord | None:
        """The actor of that id, or of an id that was merged into it ("sudan-government"); None if there is none."""
        return self._records.get(self._others.get(actor_id, actor_id))

    def search(self, query: str, *, limit: int = 20) -> tuple[ActorRecord, ...]:
        """The actors that `query` names, best first: by id or a whole name, then by the words that they contain."""
        wanted = fold(query)
        if not wanted:
            return ()
        words = set(wanted.split())
        scored = []
        for record in self._records.values():
            folded = [fold(name) for name in (record.id, record.name, *record.aliases)]
            if wanted in folded:
                score = 3
            elif any(words <= set(name.split()) for name in folded):
                score = 2
            elif any(wanted in name for name in folded):
                score = 1
            else:
                continue
            scored.append((-score, record.name, record))
        return tuple(record for _, _, record in sorted(scored, key=lambda hit: hit[:2])[:limit])

    def find(self, text: str) -> tuple[Mention, ...]:
        """The mentions of actors in `text`, in order, without overlap; the longest match wins.

        Names and acronyms, national adjectives up to their military noun ("Russian warplanes"), and generic words
        ("government forces", "the army", "rebels"). Countries and capitals are places and are not found.
        """
        return tuple(Mention(r.start, r.end, text[r.start : r.end]) for r in self._names.scan(text))

    def side_on(self, record: ActorRecord, day: date | None, country: str = "") -> ActorRecord:
        """The actor that `record` is counted with on `day`; the latest side where the day is unknown."""
        stays = [stay for stay in record.sides if not stay.countries or country in stay.countries]
        side = self._records.get(_on(stays, day, nearest=True)) if stays else None
        return side or record

    def successions(self) -> tuple[Succession, ...]:
        """Which sides became which others, and from which day on: by their own `sides`, or as `successor` at their end.

        Ids that were merged into another are that one throughout. In the order of the ids.
        """
        found = []
        for record in sorted(self._records.values(), key=lambda one: one.id):
            for before, after in pairwise(record.sides):
                if before.id == record.id != after.id and after.first is not None:
                    found.append(self._succession(record.id, after.id, after.first))
            is_side = not record.sides or record.sides[-1].id == record.id
            if is_side and record.successor and record.last is not None:
                heir = self.get(record.successor)
                if heir is not None:
                    day = record.last + timedelta(days=1)
                    found.append(self._succession(record.id, self.side_on(heir, day).id, day))
        for other, one in sorted(self._others.items()):
            found.append(self._succession(other, self.side_on(self._records[one], None).id, None))
        return tuple(one for one in found if one.old != one.new)

    def _succession(self, old: str, new: str, day: date | None) -> Succession:
        record = self.get(new)
        return Succession(old, record.id if record else new, record.name if record else new, day)

    # --- reading a mention ------------------------------------------------------------------------------------

    def read(self, text: str) -> tuple[Reading, ...]:
        """What the words of a mention say, most telling first: its head, then what it is linked to ("cells of IS")."""
        readings: tuple[Reading, ...] = self._readings(text)
        return readings

    def _read(self, text: str) -> tuple[Reading, ...]:
        name = fold(text.removeprefix("the ").removeprefix("The "))
        code = self._country_names.get(name)
        if code and not (code == "US" and text.islower()):
            return (Reading(0, len(text), (), code, ("state",), "", "state"),)
        tokens = tokenise(text)
        kept: list[Reading] = []
        aside: list[Reading] = []
        for reading in self._names.scan(text, loose=True):
            if kept and self._is_cut(_words_between(tokens, kept[-1].end, reading.start)):
                break
            if reading.actors:
                before, after = _words_between(tokens, 0, reading.start), _words_between(tokens, reading.end, len(text))
                relation = after[0] if after and after[1:2] not in (["to"], ["with"], ["by"]) else ""
                if relation in self._others_of:
                    return ()  # "Nusra Front's allies": somebody else, of whom the words say no more
                if relation in self._linked:
                    aside.append(reading)  # "Nusra-affiliated fighters": theirs, if nothing else is said
                    continue
                if (before and before[-1] in ("anti", "pro")) or relation in self._backed_words:
                    continue
                gap = set(_words_between(tokens, kept[-1].end, reading.start)) if kept else set()
                if kept and not (kept[-1].actors or kept[-1].country) and (not gap or gap & self._of):
                    kept.pop()  # "Kurdish YPG", "soldiers of the SDF": the name says more
            elif kept and reading.country and not reading.classes and not (kept[0].country or kept[0].actors):
                kept[0] = replace(kept[0], country=reading.country)  # "troops loyal to Damascus"
                continue
            kept.append(reading)
        if kept and (kept[0].actors or kept[0].country or _firm(kept[0])):
            return (*kept, *aside)
        # A head that only says "fighters" or "militants" yields to the name that it is linked to.
        return (*(r for r in kept if r.actors), *(r for r in kept if not r.actors), *aside)

    def _is_cut(self, gap: Sequence[str]) -> bool:
        return bool(set(gap) & self._cut) and not set(gap) & (self._linked | {"loyal", "led"})

    # --- meaning ----------------------------------------------------------------------------------------------

    def state_actor(self, country: str, day: date | None) -> ActorRecord | None:
        """The armed forces of `country`; of a country at war with itself, those of its government on `day`."""
        theatre = self._theatres.get(country, {}).get("government")
        return self._records.get(_on(theatre or self._states.get(country, ()), day))

    def word_actor(self, country: str, kind: str, day: date | None) -> ActorRecord | None:
        """Whom a word of class `kind` ("rebels") means in the theatre `country` on `day`, without further context."""
        if kind in ("state", "government"):
            return self.state_actor(country, day) if country in self._theatres else None
        return self._records.get(_on(self._theatres.get(country, {}).get(kind, ()), day))

    def backed_actor(self, country: str, backer: str) -> ActorRecord | None:
        """Whom `backer` (an ISO code) backs in the theatre `country`, where the adjective alone says it."""
        return self._records.get(self._backed.get(country, {}).get(backer, ""))

    def is_theatre(self, country: str) -> bool:
        """Whether there is a war in `country` that generic words can be about."""
        return country in self._theatres

    def is_jihadi(self, actor_id: str) -> bool:
        return actor_id in self._jihadi

    def outlet_side(self, publisher: str) -> str:
        """The country whose government `publisher` speaks for, or ""."""
        return self._outlets.get(fold(publisher).replace(" ", ""), "")


def _names_of(record: ActorRecord) -> tuple[str, ...]:
    """What an actor is found by. "Afghan government" is left to the adjective: whose it is depends on the day."""
    return record.aliases if record.name.endswith(" government") else (record.name, *record.aliases)


def _words_between(tokens: Tokens, start: int, end: int) -> list[str]:
    return [word for word, (a, b) in zip(tokens.words, tokens.spans, strict=True) if start <= a and b <= end]


def _firm(reading: Reading) -> bool:
    """Whether a description says by itself which side it means, given the theatre."""
    return bool({"state", "rebels", "kurds", "separatists", "loyalists", "coalition"} & set(reading.classes))


def open_registry(edits: Path | None = None) -> Registry:
    """The registry: the shipped data, and over it what analysts added and merged (`actoredits`), replayed.

    `edits` is their file: by default that named in WHOHELD_ACTORS, or else the user's own. Built once for each state
    of that file. Raises BadData, naming file and actor.
    """
    path = edits or edits_path()
    try:
        told = path.stat()
        state = (told.st_mtime_ns, told.st_size)
    except FileNotFoundError:
        return _edited(None, (0, 0))
    return _edited(path, state)


@lru_cache(maxsize=4)
def _edited(path: Path | None, state: tuple[int, int]) -> Registry:  # the state is for the cache
    records = replay(_shipped(), read_edits(path) if path else (), read=read_record)
    return Registry(records, table("actors/words.toml"))


def try_edit(path: Path, edit: Edit) -> None:
    """Raises BadData where `edit` cannot follow what stands in the file at `path`."""
    replay(_shipped(), (*(read_edits(path) if path.exists() else ()), edit), read=read_record)


@cache
def _shipped() -> tuple[ActorRecord, ...]:
    files = [name for name in list_files("actors", ".toml") if name != "actors/words.toml"]
    records = [_record(key, entry, name, table(name).get("about", ""))
               for name in files
               for key, entry in table(name).items() if key != "about"]  # fmt: skip
    seen: set[str] = set()
    for record in records:
        for one in (record.id, *record.other_ids):
            if one in seen:
                raise BadData(f"data/actors: two actors have the id “{one}”. Rename or merge one of them.")
            seen.add(one)
    return tuple(records)


def read_record(key: str, entry: Mapping[str, Any]) -> ActorRecord:
    """The record of an actor that an analyst added. Raises BadData."""
    return _record(key, entry, "an added actor", "added by an analyst")


def _record(key: str, entry: Mapping[str, Any], file: str, about: str) -> ActorRecord:
    known = {"name", "aliases", "kind", "countries", "parent", "side", "backers", "from", "to", "successor"}
    if strange := entry.keys() - known - {"other_ids", "wikidata", "source", "acled", "ucdp"}:
        raise BadData(f"{file}: the actor “{key}” has unknown fields: {', '.join(sorted(strange))}.")
    try:
        return ActorRecord(
            id=key,
            name=entry["name"],
            kind=entry["kind"],
            countries=tuple(entry["countries"]),
            aliases=tuple(entry.get("aliases", ())),
            parent=entry.get("parent", ""),
            sides=_stays(entry.get("side", key), f"{file}, {key}"),
            backers=tuple(entry.get("backers", ())),
            first=_day(entry.get("from"), last=False),
            last=_day(entry.get("to"), last=True),
            successor=entry.get("successor", ""),
            other_ids=tuple(entry.get("other_ids", ())),
            wikidata=entry.get("wikidata", ""),
            source=entry.get("source", about),
            acled=tuple(entry.get("acled", ())),
            ucdp=int(entry.get("ucdp", 0)),
        )
    except KeyError as missing:
        raise BadData(f"{file}: the actor “{key}” has no {missing.args[0]}.") from missing
    except ValueError as wrong:
        raise BadData(f"{file}: the actor “{key}”: {wrong}.") from wrong


def _stays(value: Any, where: str) -> tuple[Stay, ...]:
    """A side, or sides with their days: an id, or a list of ``{id, from, until, in}``."""
    if isinstance(value, str):
        return (Stay(value),)
    try:
        return tuple(
            Stay(
                one["id"],
                _day(one.get("from"), last=False),
                _day(one.get("until"), last=True),
                tuple(one.get("in", ())),
            )
            for one in value
        )
    except (KeyError, ValueError) as wrong:
        raise BadData(f"{where}: a side needs an id and whole dates, not {value!r}.") from wrong


def _day(text: str | None, *, last: bool) -> date | None:
    """The first or last day of "2014", "2014-07" or "2014-07-03"."""
    if text is None:
        return None
    match = _DATE.fullmatch(text)
    if match is None:
        raise ValueError(f"“{text}” is no date: write 2014, 2014-07 or 2014-07-03")
    year, month, day = (int(part) if part else None for part in match.groups())
    assert year is not None
    if month is None:
        return date(year, 12, 31) if last else date(year, 1, 1)
    if day is None:
        return date(year, month, calendar.monthrange(year, month)[1] if last else 1)
    return date(year, month, day)


def _on(stays: Sequence[Stay], day: date | None, *, nearest: bool = False) -> str:
    """The id on `day`; without a day, that of the only stay, or with `nearest` the last. "" where none covers it."""
    if not stays:
        return ""
    if day is None:
        return stays[-1].id if nearest or len(stays) == 1 else ""
    for stay in stays:
        if stay.covers(day):
            return stay.id
    if not nearest:
        return ""
    return min(stays, key=lambda stay: _distance(stay, day)).id


def _distance(stay: Stay, day: date) -> int:
    return min(abs((edge - day).days) for edge in (stay.first, stay.last) if edge is not None)


# --- the report -------------------------------------------------------------------------------------------------


def country_weights(mentions: Sequence[Mention], registry: Registry) -> dict[str, float]:
    """The countries that the named sides point at: one for each mention, shared out over where the side fights.

    Powers that fight abroad point at their own country weakly. Generic words point nowhere.
    """
    weights: dict[str, float] = {}
    for mention in mentions:
        for code, weight in _points_at(mention.text, registry).items():
            weights[code] = weights.get(code, 0.0) + weight
    return weights


def _points_at(text: str, registry: Registry) -> dict[str, float]:
    readings = registry.read(text)
    if not readings:
        return {}
    first = readings[0]
    if first.actors:
        codes = [code for actor in first.actors for code in registry._records[actor].countries]
        return {code: codes.count(code) / len(codes) for code in codes}
    if first.country:
        return {first.country: 1.0 if _plays_at_home(first.country, registry) else _ABROAD}
    return {}


def _plays_at_home(country: str, registry: Registry) -> bool:
    record = registry.state_actor(country, None)
    return registry.is_theatre(country) and (record is None or record.countries[0] == country)


@dataclass(frozen=True, slots=True)
class _Scene:
    """What is known of the report where a mention stands in it."""

    registry: Registry
    theatre: tuple[tuple[str, float], ...]  # countries with a war in them, heaviest first
    day: date | None
    publisher: str
    named: tuple[tuple[int, ActorRecord], ...]  # whom the report names, by where

    def country(self, kind: str) -> str:
        """The theatre of a generic word: the one that clearly outweighs the others; "" where it is not clear."""
        able = [(code, weight) for code, weight in self.theatre if self.registry.word_actor(code, kind, self.day)]
        if not able or able[0][1] * _CLEAR < self.theatre[0][1]:
            return ""
        if len(able) == 1 or able[0][1] >= _CLEAR * able[1][1]:
            return able[0][0]
        meant = {self.registry.word_actor(code, kind, self.day) for code, _ in able}
        return able[0][0] if len(meant) == 1 else ""

    def fighting(self) -> list[ActorRecord]:
        """Whom the report names that fights where it plays; everybody, where that is not known."""
        codes = {code for code, _ in self.theatre}
        return [one for _, one in self.named if not codes or codes & set(one.countries)]

    def side(self, record: ActorRecord) -> ActorRecord:
        """The side of `record` on the day, where the report plays."""
        return self.registry.side_on(record, self.day, self.main)

    @property
    def main(self) -> str:
        """The country that clearly outweighs the others, or ""."""
        if not self.theatre:
            return ""
        if len(self.theatre) == 1 or self.theatre[0][1] >= _CLEAR * self.theatre[1][1]:
            return self.theatre[0][0]
        return ""


def resolve_actors(
    mentions: Sequence[Mention],
    *,
    registry: Registry,
    countries: Mapping[str, float],
    published: date | None,
    publisher: str = "",
    context: Sequence[Mention] = (),
) -> tuple[ResolvedActor, ...]:
    """The actors that `mentions` of one report mean, in their order.

    `countries` weighs by ISO code where the report plays; without any, the named sides in `context` say it. `context`
    are the mentions of actors in the whole report: a generic word can mean the nearest fitting one before it. Sides
    are those of the day `published`; None takes each actor's latest side, and leaves generic words that changed their
    meaning unresolved. Nothing is guessed: what theatre, day and context do not decide has the actor None.
    """
    weights = dict(countries) or country_weights(context, registry)
    at_war = ((code, weight) for code, weight in weights.items() if weight > 0 and registry.is_theatre(code))
    theatre = sorted(at_war, key=lambda pair: (-pair[1], pair[0]))
    scene = _Scene(registry, tuple(theatre), published, publisher, ())
    named = []
    for mention in context:
        record = next((found for found in _named(registry.read(mention.text), scene) if found), None)
        if record is not None:
            named.append((mention.start, record))
    scene = _Scene(registry, tuple(theatre), published, publisher, tuple(sorted(named, key=lambda pair: pair[0])))
    return tuple(_resolve(mention, scene) for mention in mentions)


def _resolve(mention: Mention, scene: _Scene) -> ResolvedActor:
    registry = scene.registry
    for reading in registry.read(mention.text):
        if reading.actors:
            record, basis = _choose(reading.actors, scene), NAME
        else:
            record, basis = _describe(reading, mention, scene)
        if record is not None:
            side = scene.side(record)
            actor = Actor(record.id, record.name, side.id, side.name)
            return ResolvedActor(mention, actor, generic=basis in (THEATRE, CONTEXT), basis=basis)
    return ResolvedActor(mention)


def _named(readings: Iterable[Reading], scene: _Scene) -> Iterable[ActorRecord | None]:
    """Whom a mention of the context names; generic words name nobody."""
    for reading in readings:
        if reading.actors:
            yield _choose(reading.actors, scene)
        elif reading.country:
            record, basis = _describe(reading, Mention(0, 0, ""), scene)
            yield record if basis == NATION else None


def _choose(actors: Sequence[str], scene: _Scene) -> ActorRecord | None:
    """The one actor that a shared name means: by where the report plays, then by the day; None where neither says."""
    records = [scene.registry._records[actor] for actor in actors]
    if len(records) == 1:
        return records[0]
    codes = dict(scene.theatre)
    here = {r.id: max((codes.get(code, 0.0) for code in r.countries), default=0.0) for r in records}
    best = max(here.values())
    records = [r for r in records if here[r.id] * _CLEAR > best] if best else records
    if len(records) > 1 and scene.day is not None:
        day = scene.day
        records = [r for r in records if Stay("", r.first, r.last).covers(day)] or records
    return records[0] if len(records) == 1 else None


def _describe(reading: Reading, mention: Mention, scene: _Scene) -> tuple[ActorRecord | None, str]:
    """Whom a description means, and what says so."""
    registry, day = scene.registry, scene.day
    kind = _kind(reading, mention, scene)
    country = reading.country
    if country and kind in ("state", "occupiers", ""):
        return registry.state_actor(country, day), NATION
    if kind == "loyalists" and reading.head in ("forces", "troops", "army", "soldiers", "units", "force", "loyalists"):
        kind = "state"  # "pro-government forces" are mostly the army's; "pro-government fighters" are not
    where = country if country and registry.is_theatre(country) else ""
    if kind in ("", "militia", "gunmen"):
        if reading.backer.endswith("-led"):
            return registry.state_actor(reading.backer.removesuffix("-led"), day), NATION
        backed = registry.backed_actor(where or scene.main, reading.backer) if reading.backer else None
        if backed is not None:
            return backed, THEATRE
        if kind == "militia" and reading.backer and where + scene.main:
            return registry.word_actor(where or scene.main, "loyalists", day), THEATRE
        return None, THEATRE
    if kind.startswith("pro-"):
        code = kind.removeprefix("pro-")
        return registry.backed_actor(where or scene.main, code), THEATRE
    if kind in ("militants", "jihadists", "islamists"):
        return _militants(kind, where, mention, scene)
    record = registry.word_actor(where or scene.country(kind), kind, day)
    if record is None and reading.backer:
        record = registry.backed_actor(where or scene.main, reading.backer)
    if record is None and kind in ("rebels", "separatists", "paramilitaries", "resistance", "gangs"):
        return _nearest(mention, scene, lambda one: _is_irregular(scene.side(one))), CONTEXT
    return record, THEATRE


def _militants(kind: str, where: str, mention: Mention, scene: _Scene) -> tuple[ActorRecord | None, str]:
    """Whom "militants", "terrorists", "jihadists" mean: the one irregular side of the report, if there is only one.

    Of several jihadist sides, the one that the report has been speaking of. "Islamists" are whom the theatre calls
    militants: in Syria many rebels are.
    """
    registry = scene.registry
    sides = {scene.side(one).id: one for one in scene.fighting() if _is_irregular(scene.side(one))}
    if kind != "islamists" and len(sides) == 1 and registry.is_jihadi(next(iter(sides))):
        return next(iter(sides.values())), CONTEXT
    word = "militants" if kind == "islamists" else kind
    default = registry.word_actor(where or scene.country(word), word, scene.day)
    if kind in ("militants", "islamists") and default is not None:
        return default, THEATRE
    spoken_of = _spoken_of(mention, scene) if scene.theatre or where else None
    return (spoken_of, CONTEXT) if spoken_of is not None else (default, THEATRE)


def _spoken_of(mention: Mention, scene: _Scene) -> ActorRecord | None:
    """The one jihadist side that a report names, or else the one that both of the last two names before mean."""
    fighting = {one.id for one in scene.fighting()}
    named = [(at, one) for at, one in scene.named if one.id in fighting]
    jihadi = [(at, one) for at, one in named if scene.registry.is_jihadi(scene.side(one).id)]
    if len({scene.side(one).id for _, one in jihadi}) == 1:
        return jihadi[0][1]
    last = [one for at, one in jihadi if at < mention.start][-2:]
    return last[1] if len(last) == 2 and scene.side(last[0]) == scene.side(last[1]) else None


def _is_irregular(side: ActorRecord) -> bool:
    return side.kind in ("rebel-group", "political-militia", "identity-militia")


_ORDER = ("loyalists", "rebels", "separatists", "occupiers", "kurds", "militants", "jihadists", "islamists",
          "coalition", "paramilitaries", "resistance", "gangs", "state", "shia", "militia", "gunmen")  # fmt: skip
"""Which word says most of the side: "Kurdish militants" are Kurds, "rebel army units" are rebels."""


def _kind(reading: Reading, mention: Mention, scene: _Scene) -> str:
    kinds = reading.classes
    found = next((kind for kind in _ORDER if kind in kinds), "")
    if not found:
        return next((kind for kind in kinds if kind.startswith("pro-")), "")
    if found in ("militants", "jihadists", "islamists"):
        government = scene.registry.outlet_side(scene.publisher)
        if government and government == (reading.country or scene.country("rebels")):
            return "rebels"  # its enemies in general, when it does not say which
    return found


def _nearest(mention: Mention, scene: _Scene, fits: Callable[[ActorRecord], bool]) -> ActorRecord | None:
    """The nearest fitting actor that the report names before the mention; else the only one that it names at all."""
    here = {one.id for one in scene.fighting()}
    fitting = [(at, one) for at, one in scene.named if one.id in here and fits(one)]
    before = [r for at, r in fitting if at < mention.start]
    if before:
        return before[-1]
    ids = {r.id for _, r in fitting}
    return fitting[0][1] if len(ids) == 1 else None
