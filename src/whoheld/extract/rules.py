"""The rule-based coder: a grammar over dependency parses, with lexicons as data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from spacy.language import Language
from whoheld.extract import anchor, attribution
from whoheld.extract.corefer import Discourse
from whoheld.extract.factuality import read_factuality
from whoheld.extract.nlp import DEFAULT_MODEL, Parse, Sentence, load_model, parse, sentences
from whoheld.extract.phrases import Reference, index_names
from whoheld.extract.roles import Event, read_events
from whoheld.extract.times import find_times
from whoheld.extract.triggers import find_triggers, worth_reading
from whoheld.plugins import Lexicon
from whoheld.vocabulary import (
    Attribution,
    BlockKind,
    Claim,
    Extraction,
    Factuality,
    Kind,
    Mention,
    Participant,
    PlaceReference,
    Quotation,
    Report,
    Role,
    TimeMention,
    content_id,
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

    def __init__(self, lexicon: Lexicon, *, model: str = DEFAULT_MODEL, batch: int = 32) -> None:
        self._lexicon = lexicon
        self._nlp: Language = load_model(model)
        self._batch = batch

    def __call__(self, reports: Iterable[Report]) -> Iterator[Extraction]:
        """One extraction a report, in order, also where nothing is found."""
        stream = iter(reports)
        while chunk := list(islice(stream, self._batch)):
            yield from self._read(chunk)

    def _read(self, reports: Sequence[Report]) -> Iterator[Extraction]:
        names = [self._names(report) for report in reports]
        chosen: list[tuple[int, Sentence]] = [
            (i, sentence)
            for i, report in enumerate(reports)
            if names[i].places
            for sentence in sentences(report)
            if _worth_parsing(report.text, sentence, names[i])
        ]
        parses: list[list[Parse]] = [[] for _ in reports]
        parsed = parse(self._nlp, ((s, reports[i].text) for i, s in chosen))
        for (i, _), one in zip(chosen, parsed, strict=True):
            parses[i].append(one)
        for report, known, own in zip(reports, names, parses, strict=True):
            yield _Reader(report, known, own, self.coder).extraction()

    def _names(self, report: Report) -> _Names:
        places = self._lexicon.find_places(report.text)
        return _Names(
            places,
            self._lexicon.find_actors(report.text),
            find_times(report.text),
            frozenset(p.start for p in places if self._lexicon.is_country(p.text)),
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


_POINTERS = (" town", " city", " village", " area", " base", " airport", " district", " province", " it", " crossing", "neighbo", " region", " camp", " hill", " enclave", " of ")


@dataclass(frozen=True, slots=True)
class _Draft:
    """An event whose references are settled; `place` is None where the name must come later in the report."""

    event: Event
    reference: Reference
    place: PlaceReference | None
    actors: tuple[Participant, ...]
    opponents: tuple[Participant, ...]
    when: TimeMention | None
    sources: tuple[Mention, ...]
    factuality: Factuality
    tense_now: bool


class _Reader:
    """Reads one report, sentence by sentence, with a memory of what was named."""

    def __init__(self, report: Report, names: _Names, parses: Sequence[Parse], coder: str) -> None:
        self._report = report
        self._names = names
        self._parses = parses
        self._coder = coder
        self._discourse = Discourse(report.text, names.places, names.actors, names.countries)
        self._last_source: Mention | None = None
        self._quotes = attribution.quotations(report.text)
        self._dated: dict[int, TimeMention] = {}

    def extraction(self) -> Extraction:
        drafts: list[_Draft] = []
        said: list[Attribution] = []
        for one in self._parses:
            drafts.extend(self._drafts(one))
            said.extend(attribution.attributions(one))
        drafts = [named for draft in drafts if (named := _named_later(draft, drafts)) is not None]
        claims = merged([self._claim(draft) for draft in drafts if _speaks(draft, drafts)])
        return Extraction(
            self._report.id,
            self._coder,
            tuple(replace(claim, id=claim_id(claim)) for claim in claims),
            tuple(self._dated.get(t.start, t) for t in self._names.times),
            self._names.places,
            self._names.actors,
            tuple(said),
        )

    def _drafts(self, one: Parse) -> Iterator[_Draft]:
        """The drafts of one sentence, in the order of its words."""
        index = index_names(one, *(_within(m, one) for m in (self._names.places, self._names.actors, self._names.times)))
        events = read_events(one, index, find_triggers(one))
        triggers = [e.trigger.token for e in events]
        for event in events:
            when = anchor.time_of(one, event.trigger.token, event.kind, index.times, triggers)
            if when is not None:
                when = anchor.tense_of(when, event.verb)
                self._dated[when.start] = when
            yield from self._settled(event, when)
        self._remember_source(one)

    def _settled(self, event: Event, when: TimeMention | None) -> Iterator[_Draft]:
        actors = self._participants(event.actors, Role.ACTOR)
        taken = {p.mention.text.lower() for p in actors}
        opponents = tuple(p for p in self._participants(event.opponents, Role.OPPONENT) if p.mention.text.lower() not in taken)
        lasting = event.kind in (Kind.HOLD, Kind.SIEGE) and when is None
        draft = _Draft(
            event,
            event.places[0],
            None,
            actors,
            opponents,
            when,
            self._sources(event),
            read_factuality(event.trigger.token),
            lasting and (event.trigger.frame in ("modifier", "stronghold") or anchor.is_present(event.verb)),
        )
        for reference in event.places:
            name = self._discourse.place(reference)
            if name is None:
                if not reference.definite:
                    yield replace(draft, reference=reference)
            elif name.start not in self._names.countries:
                self._discourse.saw_place(name)
                elsewhere = not (reference.anchor.start <= name.start and name.end <= reference.anchor.end)
                place = PlaceReference(name, reference.extent, reference.anchor if elsewhere else None)
                yield replace(draft, reference=reference, place=place)
        if actors:
            self._discourse.saw_actor(actors[0].mention)

    def _participants(self, references: Sequence[Reference], role: Role) -> tuple[Participant, ...]:
        found: dict[int, Participant] = {}
        for reference in references:
            mention = self._discourse.actor(reference)
            if mention is not None:
                elsewhere = mention.start != reference.anchor.start
                found.setdefault(mention.start, Participant(mention, role, reference.anchor if elsewhere else None))
        return tuple(found.values())

    # --- who says so ----------------------------------------------------------------------------------------

    def _sources(self, event: Event) -> tuple[Mention, ...]:
        if event.trigger.frame == "modifier":
            return ()  # "rebel-held X" inside a statement is the report's own voice
        found: list[Mention] = []
        for voice in attribution.voices_over(event.parse, event.trigger.token):
            source = voice.source or self._last_source
            if source is not None and source not in found:
                found.append(source)
        if not found and self._last_source is not None:
            here = event.parse.offset(event.trigger.token)
            if any(q.start < here < q.end for q in self._quotes) and here - self._last_source.end < 600:
                found.append(self._last_source)
        return tuple(found)

    def _remember_source(self, one: Parse) -> None:
        for said in attribution.attributions(one):
            if said.source is not None:
                self._last_source = said.source

    # --- the claim ------------------------------------------------------------------------------------------

    def _claim(self, draft: _Draft) -> Claim:
        assert draft.place is not None
        sentence = draft.event.parse.sentence
        trigger = draft.event.trigger.token
        return Claim(
            "",
            self._report.id,
            self._coder,
            draft.event.kind,
            draft.event.parse.span(trigger, trigger),
            draft.actors + draft.opponents,
            draft.place,
            draft.when,
            draft.sources,
            draft.factuality,
            (Quotation.of(self._report.text, sentence.start, sentence.end),),
            draft.tense_now,
        )


def _within(mentions: Sequence[Mention], one: Parse) -> list[Mention]:
    return [m for m in mentions if m.start < one.sentence.end and m.end > one.sentence.start]


def _named_later(draft: _Draft, drafts: Sequence[_Draft]) -> _Draft | None:
    """The draft with a place that the report names only later: "a Christian town … the capture of Qaryatain".

    The name comes from the first later claim of the same kind by a like side; failing that there is no claim.
    """
    if draft.place is not None:
        return draft
    here = draft.reference.anchor.start
    for other in drafts:
        if other.place is None or other.place.mention.start < here or other.event.kind is not draft.event.kind:
            continue
        ours, theirs = _side_words(draft.actors), _side_words(other.actors)
        if not ours or not theirs or ours & theirs:
            return replace(draft, place=PlaceReference(other.place.mention, draft.reference.extent, draft.reference.anchor))
    return None


def _side_words(participants: Sequence[Participant]) -> set[str]:
    return {w for p in participants for w in p.mention.text.lower().replace("-", " ").split()} - {"the", "of", "and", "its", "their", "forces"}


def _speaks(draft: _Draft, drafts: Sequence[_Draft]) -> bool:
    """Headlines and captions repeat what the body says; they make no claim beside it, and none that it lacks."""
    block = draft.event.parse.sentence.block
    if block in (BlockKind.BODY, BlockKind.STANDFIRST):
        return True
    return any(
        other.place is not None
        and draft.place is not None
        and other.event.parse.sentence.block in (BlockKind.BODY, BlockKind.STANDFIRST)
        and other.event.kind is draft.event.kind
        and other.place.mention.text.lower() == draft.place.mention.text.lower()
        for other in drafts
    )


def merged(claims: Sequence[Claim]) -> list[Claim]:
    """Claims that say the same in the same words of kind, place, sides, time and voice, as one with all the evidence."""
    kept: dict[tuple[object, ...], Claim] = {}
    for claim in claims:
        key = (
            claim.kind,
            claim.place.mention.text.lower(),
            claim.place.extent,
            tuple(sorted((p.role, p.mention.text.lower()) for p in claim.participants)),
            claim.when.text.lower() if claim.when else "",
            tuple(s.text.lower() for s in claim.sources),
            claim.factuality.modality,
            claim.tense_now,
        )
        first = kept.get(key)
        if first is None:
            kept[key] = claim
        else:
            evidence = dict.fromkeys((*first.evidence, *claim.evidence))
            kept[key] = replace(first, evidence=tuple(evidence))
    return list(kept.values())


def claim_id(claim: Claim) -> str:
    """The claim's content id: all that it says, where, and the coder's version."""

    def span(mention: Mention | Quotation | None) -> list[int] | None:
        return [mention.start, mention.end] if mention is not None else None

    return content_id(
        claim.report_id,
        claim.coder,
        claim.kind,
        claim.factuality,
        span(claim.trigger),
        [[p.role, span(p.mention), span(p.anchor)] for p in claim.participants],
        [span(claim.place.mention), claim.place.extent, span(claim.place.anchor)],
        span(claim.when),
        claim.tense_now,
        [span(s) for s in claim.sources],
        [span(q) for q in claim.evidence],
    )
