"""The rule-based coder: a grammar over dependency parses, with lexicons as data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from whoheld.data import table
from whoheld.extract import anchor, attribution
from whoheld.extract.candidates import Candidate, place_candidates, place_pointers, side_candidates, side_pointers
from whoheld.extract.corefer import Discourse
from whoheld.extract.factuality import read_factuality
from whoheld.extract.features import (
    FirstLook,
    Scene,
    place_features,
    second_features,
    side_features,
    source_features,
    time_features,
)
from whoheld.extract.judge import Judge, trained_judge
from whoheld.extract.merge import Draft, claims_of
from whoheld.extract.nlp import DEFAULT_MODEL, Parse, Sentence, Word, load_model, parse, sentences
from whoheld.extract.phrases import NameIndex, index_names
from whoheld.extract.roles import read_event
from whoheld.extract.syntax import main_verb
from whoheld.extract.times import find_times
from whoheld.extract.triggers import Trigger, find_triggers, worth_reading
from whoheld.plugins import Lexicon
from whoheld.vocabulary import (
    Extraction,
    Factuality,
    Kind,
    Mention,
    Participant,
    PlaceReference,
    Report,
    Role,
    TimeMention,
    TimeType,
)

CODER = "rules/1"


@dataclass(frozen=True, slots=True)
class _Names:
    """All names of one report."""

    places: tuple[Mention, ...]
    actors: tuple[Mention, ...]
    times: tuple[TimeMention, ...]
    countries: frozenset[int]


class RulesExtractor:
    """Reads claims by rules; loads the English model once. Fits `plugins.Extractor`.

    `model` is an installed spaCy English package; `batch` reports are parsed together.
    """

    coder = CODER

    def __init__(
        self, lexicon: Lexicon, *, model: str = DEFAULT_MODEL, batch: int = 32, judge: Judge | None = None
    ) -> None:
        self._lexicon = lexicon
        self._nlp = load_model(model)
        self._batch = batch
        self._judge = judge or trained_judge()

    def __call__(self, reports: Iterable[Report]) -> Iterator[Extraction]:
        """One extraction a report, in order, also where nothing is found."""
        stream = iter(reports)
        while chunk := list(islice(stream, self._batch)):
            for reading in self.readings(chunk):
                yield reading.extraction()

    def readings(self, reports: Sequence[Report], *, everything: bool = False) -> Iterator[Reading]:
        """The reports parsed, each ready to be read; `everything` parses also what cannot carry a claim."""
        names = [self._names(report) for report in reports]
        chosen: list[tuple[int, Sentence]] = [
            (i, sentence)
            for i, report in enumerate(reports)
            if names[i].places or everything
            for sentence in sentences(report)
            if everything or _worth_parsing(report.text, sentence, names[i])
        ]
        parses: list[list[Parse]] = [[] for _ in reports]
        parsed = parse(self._nlp, ((s, reports[i].text) for i, s in chosen))
        for (i, _), one in zip(chosen, parsed, strict=True):
            parses[i].append(one)
        for report, known, own in zip(reports, names, parses, strict=True):
            yield Reading(report, known, own, self._judge, self._lexicon, self.coder)

    def _names(self, report: Report) -> _Names:
        places = self._lexicon.find_places(report.text)
        return _Names(
            places,
            self._lexicon.find_actors(report.text),
            find_times(report.text),
            frozenset(p.start for p in places if self._lexicon.place_class(p.text) == "country"),
        )


def _worth_parsing(text: str, sentence: Sentence, names: _Names) -> bool:
    """A sentence can carry a claim if it has a trigger, and a place or words that may point to one."""
    words = text[sentence.start : sentence.end]
    if not worth_reading(words):
        return False
    if any(p.start < sentence.end and p.end > sentence.start for p in names.places):
        return True
    lowered = words.lower()
    return any(noun in lowered for noun in _POINTERS)


_POINTERS = (
    " town",
    " city",
    " village",
    " area",
    " base",
    " airport",
    " district",
    " province",
    " it",
    " crossing",
    "neighbo",
    " region",
    " camp",
    " hill",
    " enclave",
    " of ",
)


class Reading:
    """Reads one report, sentence by sentence, with a memory of what was named."""

    def __init__(
        self, report: Report, names: _Names, parses: Sequence[Parse], judge: Judge, lexicon: Lexicon, coder: str
    ) -> None:
        self._report = report
        self._lexicon = lexicon
        self._names = names
        self._parses = parses
        self._judge = judge
        self._coder = coder
        self._discourse = Discourse(report.text, names.places, names.actors, names.countries)
        self._last_source: Mention | None = None
        self._quotes = attribution.quotations(report.text)
        self._dated: dict[int, TimeMention] = {}

    def extraction(self, judge: Judge | None = None) -> Extraction:
        """What the report claims, as the judge (by default the extractor's own) decides."""
        self._judge = judge or self._judge
        self._last_source = None
        scenes = list(self.scenes())
        look = FirstLook({(s, p): self._judge.of_place(place_features(s, p)) for s in scenes for p in s.places})
        drafts = [draft for scene in scenes for draft in self._drafts(scene, look)]
        claims = claims_of(self._report, drafts, self._coder, self._lexicon, self._names.actors)
        said = [one for parse in self._parses for one in attribution.attributions(parse)]
        return Extraction(
            self._report.id,
            self._coder,
            claims,
            tuple(self._dated.get(t.start, t) for t in self._names.times),
            self._names.places,
            self._names.actors,
            tuple(said),
        )

    def scenes(self) -> Iterator[Scene]:
        """Every trigger of the report with what its sentence offers, in the order of the text."""
        for number, one in enumerate(self._parses):
            triggers = list(find_triggers(one))
            if triggers:
                index = self._index(one)
                places = self._places(one, index)
                sides = self._sides(one, index)
                for trigger in triggers:
                    yield self._scene(one, index, number, trigger, triggers, places, sides)
            self._remember_source(one)

    def scene_at(self, start: int, kind: Kind) -> Scene | None:
        """The word at `start` as a trigger of `kind`, whatever it says: for measuring where events are put."""
        for number, one in enumerate(self._parses):
            for word in one.words:
                if word.start <= start < word.end:
                    index = self._index(one)
                    trigger = Trigger(kind, word, "hint")
                    triggers = [trigger, *find_triggers(one)]
                    places, sides = self._places(one, index), self._sides(one, index)
                    return self._scene(one, index, number, trigger, triggers, places, sides)
        return None

    def _index(self, one: Parse) -> NameIndex:
        names = self._names
        return index_names(one, *(_within(mentions, one) for mentions in (names.places, names.actors, names.times)))

    def _scene(
        self,
        parse: Parse,
        index: NameIndex,
        number: int,
        trigger: Trigger,
        triggers: Sequence[Trigger],
        places: Sequence[Candidate],
        sides: Sequence[Candidate],
    ) -> Scene:
        rivals = [t.token for t in triggers if t.token is not trigger.token and t.frame != "hint"]
        here = trigger.token.start
        return Scene(
            parse,
            trigger,
            read_event(parse, index, trigger),
            places,
            sides,
            triggers,
            read_factuality(trigger.token),
            number,
            self._times(parse, index),
            anchor.time_of(parse, trigger.token, trigger.kind, index.times, rivals),
            attribution.source_candidates(parse, trigger.token, self._last_source),
            any(quotation.start < here < quotation.end for quotation in self._quotes),
        )

    def _times(self, parse: Parse, index: NameIndex) -> list[tuple[TimeMention, Word | None]]:
        """The time expressions of a sentence, then the last one before it and the report's first one."""
        found: list[tuple[TimeMention, Word | None]] = [
            (time, word) for word, time in anchor.time_heads(parse, index.times) if isinstance(time, TimeMention)
        ]
        points = [t for t in self._names.times if t.type in (TimeType.DATE, TimeType.TIME)]
        earlier = [t for t in points if t.end <= parse.sentence.start]
        if earlier:
            found += [(time, None) for time in dict.fromkeys((earlier[-1], earlier[0]))]
        return found

    def _places(self, parse: Parse, index: NameIndex) -> list[Candidate]:
        """The places that a sentence names or points to; where there are none, the last one named before."""
        found = [replace(place, kind=self._class_of(place)) for place in place_candidates(parse, index)]
        for pointer in place_pointers(parse, index):
            name = self._discourse.place(pointer.anchor, pointer.noun)
            if name is not None and name.start not in self._names.countries:
                how = "pronoun" if pointer.noun in ("it", "there") else "pointed"
                found.append(Candidate(name, pointer.anchor, pointer.word, how, pointer.noun))
        if not any(place.how in ("known", "unknown", "pointed") and not place.country for place in found):
            start = Mention(parse.sentence.start, parse.sentence.start, "")
            found += [
                Candidate(name, start, None, "carried") for name in self._discourse.recent_places(parse.sentence.start)
            ]
        return found

    def _class_of(self, place: Candidate) -> str:
        if place.name.start in self._names.countries:
            return "country"
        if place.how == "unknown":
            return ""
        kind = self._lexicon.place_class(place.name.text)
        if not kind and place.noun:  # "Homs countryside": what the noun says
            kind = next((kind for kind, nouns in table("nouns.toml")["place"].items() if place.noun in nouns), "")
        return kind

    def _sides(self, parse: Parse, index: NameIndex) -> list[Candidate]:
        found = list(side_candidates(parse, index))
        for word in parse.words:  # "Ukraine retook it", "fell under Russian control"
            if not word.text[:1].isupper() or word.i in index.actors or word.i in index.times:
                continue
            place = index.places.get(word.i)
            state = place is not None and place.start in self._names.countries and place.end == word.end
            if state or (place is None and word.pos in ("ADJ", "PROPN", "NOUN") and self._lexicon.is_people(word.text)):
                words = place if place is not None and state else parse.span(word, word)
                found.append(Candidate(words, words, word, "country" if state else "people", word.lemma))
        for pointer in side_pointers(parse):
            name = self._discourse.actor(pointer.anchor, pointer.noun)
            if name is not None:
                how = "pronoun" if pointer.noun in ("it", "they") else "pointed"
                found.append(Candidate(name, pointer.anchor, pointer.word, how, pointer.noun))
        start = Mention(parse.sentence.start, parse.sentence.start, "")
        found += [
            Candidate(name, start, None, "carried") for name in self._discourse.recent_actors(parse.sentence.start)
        ]
        return found

    # --- deciding -------------------------------------------------------------------------------------------

    def _drafts(self, scene: Scene, look: FirstLook) -> Iterator[Draft]:
        kind = scene.trigger.kind
        least = self._judge.least.get(kind.value, 0.0)
        chosen = [
            place
            for place in scene.places
            if not place.country  # the scene of a war is not a place that is held
            and self._judge.of_second(second_features(scene, place, look)) >= least
        ]
        if not chosen:
            return
        actors, opponents = self._parties(scene)
        if kind is Kind.TRUCE:
            actors, opponents = actors + opponents, ()
        when, sources = self._time(scene), self._sources(scene)
        trigger = scene.trigger.token
        for place in chosen:
            yield Draft(
                scene.parse.sentence,
                kind,
                scene.parse.span(trigger, trigger),
                PlaceReference(place.name, place.extent, _at_hand(place)),
                tuple(_participant(side, Role.ACTOR) for side in actors),
                tuple(_participant(side, Role.OPPONENT) for side in opponents),
                when,
                sources,
                scene.factuality,
                _tense_now(scene, when),
            )

    def _parties(self, scene: Scene) -> tuple[tuple[Candidate, ...], tuple[Candidate, ...]]:
        """Who does it, and to whom; nobody is both. The likeliest one, and who stands in a list with it."""
        features = [(side, side_features(scene, side)) for side in scene.sides]
        does = [(self._judge.of_actor(listed), side) for side, listed in features]
        suffers = [(self._judge.of_opponent(listed), side) for side, listed in features]
        actors = _likeliest(does, self._judge.least.get("actor", 0.0))
        taken = {side.name.text.lower() for side in actors}
        others = [(o, side) for o, side in suffers if side.name.text.lower() not in taken]
        return actors, _likeliest(others, self._judge.least.get("opponent", 0.0))

    def _time(self, scene: Scene) -> TimeMention | None:
        odds = [
            (self._judge.of_time(time_features(scene, time, word)), -i, time)
            for i, (time, word) in enumerate(scene.times)
        ]
        best = max(odds, default=None)
        if best is None or best[0] < self._judge.least.get("time", 0.0):
            return None
        if best[2].start < scene.parse.sentence.start:
            return best[2]
        when = anchor.tense_of(best[2], main_verb(scene.trigger.token) or scene.trigger.token)
        self._dated[when.start] = when
        return when

    def _sources(self, scene: Scene) -> tuple[Mention, ...]:
        """The voices, in the order of the grammar: innermost first."""
        least = self._judge.least.get("source", 0.0)
        return tuple(s.name for s in scene.sources if self._judge.of_source(source_features(scene, s)) >= least)

    def _remember_source(self, one: Parse) -> None:
        for said in attribution.attributions(one):
            if said.source is not None:
                self._last_source = said.source


def _participant(side: Candidate, role: Role) -> Participant:
    return Participant(side.name, role, _at_hand(side))


def _at_hand(candidate: Candidate) -> Mention | None:
    """The words that stand for the name, where they are not the name itself."""
    return candidate.anchor if candidate.anchor.text and candidate.anchor != candidate.name else None


def _tense_now(scene: Scene, when: TimeMention | None) -> bool:
    """Whether a hold or siege is told as of publication."""
    kind, trigger = scene.trigger.kind, scene.trigger
    if kind not in (Kind.HOLD, Kind.SIEGE) or when is not None or scene.factuality is Factuality.UU:
        return False
    verb = main_verb(trigger.token) or trigger.token
    return trigger.frame in ("modifier", "stronghold") or anchor.is_present(verb)


def _likeliest(odds: Sequence[tuple[float, Candidate]], least: float) -> tuple[Candidate, ...]:
    """The likeliest side, where it reaches `least`, and those in one list with it; each name once."""
    best = max(odds, key=lambda pair: pair[0], default=None)
    if best is None or best[0] < least:
        return ()
    kept = {best[1].name.text.lower(): best[1]}
    for value, side in sorted(odds, key=lambda pair: -pair[0]):
        if value >= max(least, 0.0) and any(_listed(side, other) for other in kept.values()):
            kept.setdefault(side.name.text.lower(), side)
    return tuple(sorted(kept.values(), key=lambda side: side.name.start))


def _listed(one: Candidate, other: Candidate) -> bool:
    """Whether two sides are coordinated, or one is beside the other by "with", "backed by", "alongside"."""
    if one.word is None or other.word is None or one.word is other.word:
        return False
    first, second = sorted((one.word, other.word), key=lambda word: word.i)
    between = first.parse.words[first.i + 1 : second.i]
    return (
        len(between) <= 8
        and any(w.lower in ("and", ",", "with", "backed", "alongside", "supported") for w in between)
        and not any(w.pos == "VERB" and w.lower not in ("backed", "supported", "allied", "led") for w in between)
    )


def _within(mentions: Sequence[Mention], one: Parse) -> list[Mention]:
    return [m for m in mentions if m.start < one.sentence.end and m.end > one.sentence.start]
