"""What the judge looks at: features of a trigger with a place, and of a trigger with a side, as short strings.

No feature names a place, a person or a group, so that what is learned on one war carries over to another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from whoheld.extract.attribution import SourceCandidate, is_speech
from whoheld.extract.candidates import Candidate
from whoheld.extract.nlp import Parse, Word
from whoheld.extract.roles import Event
from whoheld.extract.triggers import Trigger
from whoheld.vocabulary import BlockKind, Factuality, Mention, TimeMention

_CLAUSE_WORDS = frozenset({"which", "who", "that", "when", "after", "before", "since", "while"})
_SIDE_CUES = (
    "government",
    "regime",
    "army",
    "rebel",
    "militant",
    "terrorist",
    "coalition",
    "air",
    "warplane",
    "jet",
    "civilian",
    "police",
)
_ALL = 6  # steps of a path that are written out


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """One trigger in its sentence, with everything that the sentence offers."""

    parse: Parse
    trigger: Trigger
    event: Event | None  # what the grammar made of it
    places: Sequence[Candidate]
    sides: Sequence[Candidate]
    triggers: Sequence[Trigger]
    factuality: Factuality
    number: int  # of the sentence among those parsed
    times: Sequence[tuple[TimeMention, Word | None]]  # each with the word that ties it; None: of an earlier sentence
    dated: TimeMention | None  # the one that the grammar says dates it
    sources: Sequence[SourceCandidate]
    quoted: bool  # it stands between quotation marks

    @property
    def spoken(self) -> bool:
        """Whether the grammar sees a voice over it."""
        return any(source.how.startswith(("over", "according")) for source in self.sources)


def place_features(scene: Scene, place: Candidate) -> list[str]:
    """Features of the claim that the trigger is about the place."""
    trigger = scene.trigger.token
    kind, frame = scene.trigger.kind.value, scene.trigger.frame.partition(":")[0]
    lemma = trigger.lemma
    found = ["", f"k={kind}", f"l={lemma}", f"l={lemma}|{frame}", f"f={frame}"]
    rank = _frame_rank(scene.event, place)
    found += [
        f"rank={rank}",
        f"rank={rank}|{frame}",
        f"rank={rank}|{lemma}",
        f"how={place.how}",
        f"how={place.how}|{rank}",
    ]
    found += [f"class={place.kind}", f"class={place.kind}|{kind}", f"class={place.kind}|{place.how}"]
    found += [f"noun={place.noun}", f"ext={place.extent.value}|{kind}", f"how={place.how}|{kind}"]
    if place.country:
        found += ["country", f"country|{rank}"]
    if place.word is not None:
        route = path(trigger, place.word)
        found += [
            f"path={route}",
            f"path={route}|{frame}",
            f"path={route}|{kind}",
            f"path={route}|{lemma}",
            f"len={min(route.count('/'), _ALL)}|{frame}",
        ]
        found += _line_features(scene, place, place.word, kind)
    else:
        found += [f"carried|{kind}", f"carried|{lemma}"]
    found += [f"fact={scene.factuality.value}", f"spoken={scene.spoken}", f"time={scene.dated is not None}|{kind}"]
    found += [f"nplaces={min(len(scene.places), 5)}", f"ntrig={min(len(scene.triggers), 5)}"]
    sided = _sided(scene)
    found += [f"sides={sided}|{kind}", f"sides={sided}|{lemma}", f"nsides={min(len(scene.sides), 3)}"]
    if scene.parse.sentence.block not in (BlockKind.BODY, BlockKind.STANDFIRST):
        found.append(f"block={scene.parse.sentence.block.value}")
    found.append(f"first={min(scene.number, 3)}")
    found += _around(trigger, "t")
    governor = _governor(trigger)
    if governor is not None:
        found += [f"gov={governor.lemma}", f"gov={governor.lemma}|{kind}", f"gdep={trigger.dep}"]
    objects = [c for c in trigger.children if c.dep in ("dobj", "nsubjpass")]
    found += [f"obj={o.lemma}|{kind}" for o in objects] or [f"noobj|{frame}"]
    return found


class FirstLook:
    """The log odds of the first look at every pair of a report, and where each name stands among them."""

    def __init__(self, odds: Mapping[tuple[Scene, Candidate], float]) -> None:
        self.odds = odds
        self._named: dict[str, list[tuple[Scene, float]]] = defaultdict(list)
        for (scene, place), value in odds.items():
            self._named[place.name.text.lower()].append((scene, value))

    def rivals(self, scene: Scene, place: Candidate) -> Sequence[tuple[Scene, float]]:
        """The other scenes of the report that offer a place of this name, with its odds there."""
        return [pair for pair in self._named[place.name.text.lower()] if pair[0] is not scene]


def second_features(scene: Scene, place: Candidate, look: FirstLook) -> dict[str, float]:
    """Features for the second look at a pair, by name with their values: how it stands against the others."""
    kind = scene.trigger.kind
    own = _clipped(look.odds[scene, place])
    key = place.name.text.lower()
    found = {
        "": 1.0,
        "own": own,
        f"own|{kind.value}": own,
        kind.value: 1.0,
        f"how={place.how}": 1.0,
        f"how={place.how}|own": own,
    }
    others = [(look.odds[scene, p], p) for p in scene.places if p is not place and p.name.text.lower() != key]
    best = max(others, key=lambda pair: pair[0], default=None)
    if best is not None:
        lead = _clipped(own - best[0])
        found |= {"lead": lead, f"lead|{kind.value}": lead, f"behind={lead < 0}": 1.0}
        relation = _relation(scene.parse.words, place, best[1])
        found |= {f"rel={relation}": 1.0, f"rel={relation}|lead": lead, f"rel={relation}|best": _clipped(best[0])}
    else:
        found["alone"] = 1.0
    rivals = look.rivals(scene, place)
    here = [(r, value) for r, value in rivals if r.parse is scene.parse]
    for label, values in (
        ("here", [value for r, value in here if r.trigger.kind is kind]),
        ("elsewhere", [v for r, v in rivals if r.parse is not scene.parse and r.trigger.kind is kind]),
        ("otherkind", [value for r, value in here if r.trigger.kind is not kind]),
        ("twin", [value for r, value in here if r.trigger.token is scene.trigger.token]),
    ):
        if values:
            top = _clipped(max(values))
            found |= {label: top, f"{label}|{kind.value}": top, f"{label}>0={top > 0}|{own > 0}": 1.0}
        else:
            found[f"no {label}"] = 1.0
    return found


def _clipped(value: float) -> float:
    return max(-4.0, min(4.0, value)) / 2.0


def _relation(words: Sequence[Word], place: Candidate, best: Candidate) -> str:
    """How a place stands to the best one: next to it in a list, its container, before or after it."""
    if place.word is None or best.word is None:
        return "none"
    distance = place.word.i - best.word.i
    classes = f"{best.kind or best.how}>{place.kind}"
    if 0 < distance <= 6:
        return f"{classes}_after_{_gap(words, best, place.word.i)[:24]}"
    if -6 <= distance < 0:
        return f"{classes}_before_{_gap(words, place, best.word.i)[:24]}"
    return f"{classes}_far{_sign(distance)}"


def side_features(scene: Scene, side: Candidate) -> list[str]:
    """Features of a side's part in what the trigger tells; learned apart for actors and for opponents."""
    trigger = scene.trigger.token
    kind, frame = scene.trigger.kind.value, scene.trigger.frame.partition(":")[0]
    lemma = trigger.lemma
    role = _frame_role(scene.event, side)
    passive = any(c.dep in ("auxpass", "nsubjpass", "agent") for c in trigger.children)
    found = [
        "",
        f"k={kind}",
        f"f={frame}",
        f"role={role}",
        f"role={role}|{frame}",
        f"role={role}|{kind}",
        f"role={role}|{lemma}",
    ]
    found += [f"how={side.how}", f"how={side.how}|{kind}"]
    if side.how not in ("country", "people"):
        found += [f"noun={side.noun}", f"noun={side.noun}|{kind}"]
    anyone = bool(scene.event and scene.event.actors)
    found += [f"others={anyone}", f"others={anyone}|{role}|{kind}", f"nsides={min(len(scene.sides), 4)}|{side.how}"]
    if side.word is not None:
        route = path(trigger, side.word)
        found += [f"path={route}", f"path={route}|{kind}", f"path={route}|{lemma}", f"path={route}|{frame}|{passive}"]
        distance = side.word.i - trigger.i
        found.append(f"dist={_bucket(distance)}|{kind}")
        found.append(f"how={side.how}|{route}")
        if side.word.head is not side.word:
            found.append(f"head={side.word.head.lemma}|{side.how in ('country', 'people')}")
            found.append(f"head={side.word.head.lemma}|{side.word.dep}")
        between = [s for s in scene.sides if s.word is not None and _between(s.word.i, trigger.i, side.word.i)]
        found += [f"between={min(len(between), 3)}|{_sign(distance)}", f"dep={side.word.dep}|{_sign(distance)}|{kind}"]
        if side.how not in ("known",):
            found += _around(side.word, "s")
        before = _before(_first(scene.parse.words, side.name, side.word))
        found += [f"before={before}", f"before={before}|{kind}|{_sign(distance)}"]
    else:
        found += [f"carried|{kind}", f"carried|{lemma}", f"carried|{anyone}", f"carried|{frame}"]
    words = side.name.text.lower()
    for cue in _SIDE_CUES:
        if cue in words:
            found += [f"cue={cue}|{kind}", f"cue={cue}|{role}"]
    if scene.trigger.air:
        found.append(f"air|{role}|{side.how}")
    return found


def time_features(scene: Scene, time: TimeMention, word: Word | None) -> list[str]:
    """Features of the expression's dating what the trigger tells."""
    trigger = scene.trigger.token
    kind, frame = scene.trigger.kind.value, scene.trigger.frame.partition(":")[0]
    if word is None:
        own = sum(1 for _, w in scene.times if w is not None)
        order = [t for t, w in scene.times if w is None].index(time)
        gap = scene.parse.text.count("\n\n", time.end, scene.parse.sentence.start)
        near = "near" if scene.parse.sentence.start - time.end < 200 else "far"
        found = [
            f"carried={order}",
            f"carried|{kind}",
            f"carried|{frame}",
            f"carried|own={min(own, 2)}|{order}",
            f"carried|gap={min(gap, 2)}",
        ]
        found += [
            f"carried|{near}|{order}",
            f"carried|{time.type.value}",
            f"carried|tag={trigger.tag}|{frame}",
            f"carried|l={trigger.lemma}",
        ]
        found += [
            f"carried|fact={scene.factuality.value}",
            f"carried|tense={time.tense}|{order}",
            f"carried|spoken={scene.spoken}",
        ]
        begins = scene.parse.words[0].lower
        return [*found, f"carried|begins={begins}|{order}", f"carried|first={min(scene.number, 4)}|{order}"]
    distance = word.i - trigger.i
    sign = _sign(distance)
    rule = scene.dated is time
    route = path(trigger, word)
    found = [
        "",
        f"k={kind}",
        f"rule={rule}",
        f"rule={rule}|{kind}",
        f"type={time.type.value}",
        f"type={time.type.value}|{kind}|{rule}",
    ]
    found += [
        f"path={route}",
        f"path={route}|{frame}",
        f"len={route.count('/')}|{sign}",
        f"dist={_bucket(distance)}",
        f"dist={_bucket(distance)}|{rule}",
    ]
    rivals = {t.token.i for t in scene.triggers if t.frame != "hint" and _between(t.token.i, trigger.i, word.i)}
    others = sum(1 for t, w in scene.times if w is not None and t is not time and _between(w.i, trigger.i, word.i))
    found += [
        f"rivals={min(len(rivals), 3)}|{sign}",
        f"others={min(others, 2)}|{sign}",
        f"ntimes={min(len(scene.times), 3)}|{rule}",
    ]
    inner = scene.parse.words[min(trigger.i, word.i) + 1 : max(trigger.i, word.i)]
    verbs = [w for w in inner if w.pos == "VERB"]
    found += [f"verbs={min(len(verbs), 3)}|{sign}", f"said={any(is_speech(w) for w in verbs)}|{sign}"]
    found += [f"clause={any(w.lower in _CLAUSE_WORDS for w in inner)}|{sign}"]
    head = word
    for _ in range(4):
        if head.pos in ("VERB", "AUX") or head.head is head:
            break
        head = head.head
    tie = "trigger" if head is trigger else "speech" if is_speech(head) else "other"
    found += [f"tie={tie}|{sign}", f"tie={tie}|{kind}", f"tie={tie}|{rule}", f"tiel={head.lemma}"]
    start = _first(scene.parse.words, time, word)
    before = _before(start)
    found += [
        f"before={before}",
        f"before={before}|{sign}",
        f"opening={start.i <= 1}|{min(len(rivals), 1)}",
        f"words={time.text.lower().split()[0]}",
    ]
    found += [f"tense={trigger.tag}|{frame}|{sign}"]
    return found


def source_features(scene: Scene, source: SourceCandidate) -> list[str]:
    """Features of the source's being the one who says what the trigger tells."""
    trigger = scene.trigger.token
    kind, frame = scene.trigger.kind.value, scene.trigger.frame.partition(":")[0]
    found = [
        "",
        f"how={source.how}",
        f"how={source.how}|{frame}",
        f"how={source.how}|{kind}",
        f"quoted={scene.quoted}|{source.how}",
    ]
    found += [f"n={min(len(scene.sources), 4)}|{source.how}", f"first={min(scene.number, 3)}"]
    words = source.name.text.lower().split()
    found += [f"last={words[-1]}", f"nwords={min(len(words), 5)}"]
    found.append(f"cap={source.name.text[:1].isupper() or source.name.text[:4].lower() == 'the '}|{source.how}")
    if source.cue is None:
        return [*found, f"spoken={scene.spoken}", f"quoted={scene.quoted}", f"kindless={scene.factuality.value}"]
    route = path(trigger, source.cue)
    distance = source.cue.i - trigger.i
    sign = _sign(distance)
    found += [
        f"cue={source.cue.lemma}",
        f"cue={source.cue.lemma}|{source.how}",
        f"path={route}",
        f"path={route}|{frame}",
    ]
    found += [f"dist={_bucket(distance)}|{source.how}", f"tag={source.cue.tag}"]
    inner = scene.parse.words[min(trigger.i, source.cue.i) + 1 : max(trigger.i, source.cue.i)]
    found += [f"which={any(w.lower in ('which', 'who', 'after', 'while', 'where', 'when') for w in inner)}|{sign}"]
    nearer = sum(1 for s in scene.sources if s.cue is not None and _between(s.cue.i, trigger.i, source.cue.i))
    found += [f"nearer={min(nearer, 2)}|{sign}", f"end={source.cue.i >= len(scene.parse.words) - 6}|{sign}"]
    return found


def path(one: Word, other: Word) -> str:
    """The way through the tree from one word to another: labels up, then labels down, prepositions by name.

    "dobj/prep:of/pobj" hangs below; "^conj/dobj" is beside. Long ways are cut to their length.
    """
    above = {one.i: 0}
    current, up = one, [one]
    while current.head is not current:
        current = current.head
        above[current.i] = len(up)
        up.append(current)
    down = []
    current = other
    while current.i not in above:
        down.append(_label(current))
        if current.head is current:
            return "apart"
        current = current.head
    climbed = [f"^{_label(word)}" for word in up[: above[current.i]]]
    steps = climbed + down[::-1]
    return "/".join(steps) if 0 < len(steps) <= _ALL else f"long{len(climbed)}" if steps else "same"


def _label(word: Word) -> str:
    return f"{word.dep}:{word.lower}" if word.dep in ("prep", "agent", "prt", "mark") else word.dep


def _line_features(scene: Scene, place: Candidate, word: Word, kind: str) -> Iterator[str]:
    """What the order of the words tells, where the tree is wrong."""
    trigger = scene.trigger.token
    words = scene.parse.words
    distance = word.i - trigger.i
    sign = _sign(distance)
    yield f"dist={_bucket(distance)}"
    yield f"dist={_bucket(distance)}|{kind}"
    others = sum(1 for p in scene.places if p.word is not None and _between(p.word.i, trigger.i, word.i))
    rivals = sum(1 for t in scene.triggers if _between(t.token.i, trigger.i, word.i))
    yield f"between={min(others, 3)}|{sign}"
    yield f"rivals={min(rivals, 3)}|{sign}"
    yield f"rivals={min(rivals, 3)}|{sign}|{kind}"
    inner = words[min(trigger.i, word.i) + 1 : max(trigger.i, word.i)]
    yield f"verb={any(w.pos == 'VERB' for w in inner)}|{sign}"
    yield f"comma={any(w.text in ',;:' for w in inner)}|{sign}"
    start = _first(words, place.name, word)
    before, second = _before(start), _before(start, 2)
    after = words[word.i + 1] if word.i + 1 < len(words) else None
    yield f"before={before}"
    yield f"before={before}|{kind}"
    yield f"before={before}|{sign}|{kind}"
    yield f"before2={second}_{before}"
    yield f"after={after.lower if after is not None and not after.text[:1].isupper() else 'Cap' if after is not None else '$'}"  # noqa: E501 - a list of words
    yield f"dep={word.dep}"
    if word.dep == "pobj":
        yield f"prep={word.head.lower}|{kind}"
        yield (
            f"prep={word.head.lower}|of={word.head.head.lemma}"
            if word.head.head.pos in ("NOUN", "PROPN")
            else f"prep={word.head.lower}|v={word.head.head.lemma}"
        )
    neighbours = [p for p in scene.places if p.word is not None and p.word.i != word.i and not p.country]
    before_place = [p for p in neighbours if p.word is not None and 0 < word.i - p.word.i <= 6]
    if before_place:
        contained = max(before_place, key=lambda p: p.name.start)
        gap = _gap(words, contained, start.i)
        yield f"container={gap}"
        yield f"container={gap}|{contained.kind or contained.how}>{place.kind}"
        yield f"container={gap}|{sign}"
    following = [p for p in neighbours if p.word is not None and 0 < p.word.i - word.i <= 6]
    if following:
        nearest = min(following, key=lambda p: 0 if p.word is None else p.word.i)
        yield f"contained={_gap(words, place, nearest.word.i if nearest.word else 0)[:20]}"
    closer = sum(
        1
        for p in neighbours
        if p.word is not None and (p.word.i > trigger.i) == (distance > 0) and abs(p.word.i - trigger.i) < abs(distance)
    )
    yield f"closer={min(closer, 3)}|{sign}|{kind}"
    framed = any(_frame_rank(scene.event, p) in ("yes", "more") for p in neighbours)
    yield f"framed={framed}|{_frame_rank(scene.event, place)}"
    depth = path(trigger, word).count("/")
    nearer = sum(1 for p in neighbours if p.word is not None and path(trigger, p.word).count("/") < depth)
    yield f"nearer={min(nearer, 3)}"


def _gap(words: Sequence[Word], earlier: Candidate, until: int) -> str:
    """The words between a place and what follows it."""
    assert earlier.word is not None
    return "_".join(w.lower if not w.text[:1].isupper() else "Cap" for w in words[earlier.word.i + 1 : until])


def _first(words: Sequence[Word], mention: Mention, word: Word) -> Word:
    """The first word of a mention whose head is `word`."""
    return next((w for w in words if w.start >= mention.start), word)


def _before(word: Word, steps: int = 1) -> str:
    """The word so many steps before, in small letters; "^" before the sentence begins."""
    return word.parse.words[word.i - steps].lower if word.i >= steps else "^"


def _frame_rank(event: Event | None, place: Candidate) -> str:
    if event is None:
        return "none"
    for i, reference in enumerate(event.places):
        found = reference.name or reference.anchor
        if found.start < place.anchor.end and place.anchor.start < found.end:
            return "yes" if i == 0 else "more"
    return "other"


def _frame_role(event: Event | None, side: Candidate) -> str:
    if event is None:
        return "none"
    for role, references in (("actor", event.actors), ("opponent", event.opponents)):
        for reference in references:
            found = reference.anchor if reference.name is None else reference.name
            if found.start < side.anchor.end and side.anchor.start < found.end:
                return role
    return "other"


def _sided(scene: Scene) -> str:
    if scene.event is None:
        return "none"
    return ("a" if scene.event.actors else "") + ("o" if scene.event.opponents else "")


def _around(word: Word, mark: str) -> Iterator[str]:
    words = word.parse.words
    yield f"{mark}-1={words[word.i - 1].lemma if word.i else '^'}"
    yield f"{mark}+1={words[word.i + 1].lemma if word.i + 1 < len(words) else '$'}"


def _governor(word: Word) -> Word | None:
    current = word
    for _ in range(3):
        if current.head is current:
            return None
        current = current.head
        if current.pos in ("VERB", "NOUN", "AUX"):
            return current
    return None


def _between(i: int, one: int, other: int) -> bool:
    return min(one, other) < i < max(one, other)


def _sign(distance: int) -> str:
    return "+" if distance > 0 else "-" if distance < 0 else "0"


def _bucket(distance: int) -> str:
    size = abs(distance)
    return _sign(distance) + (
        "0" if size < 2 else "2" if size < 4 else "4" if size < 7 else "7" if size < 12 else "12" if size < 20 else "20"
    )
