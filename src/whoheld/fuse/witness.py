"""Who says what, how freely, and who only repeats it: from testimonies to statements with one weight each."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from whoheld.fuse.lasting import Lasting, read_lasting
from whoheld.fuse.policy import Policy
from whoheld.fuse.replay import Standing
from whoheld.vocabulary import Certainty, Extent, Holder, Kind, Modality, ResolvedActor, Testimony

Side = str | None
"""The id of a registry side; None is someone not named, or not known to the registry."""

WEAK = frozenset({Kind.SIEGE, Kind.CLASH, Kind.STRIKE, Kind.TRUCE})


@dataclass(frozen=True, slots=True)
class Statement:
    """A claim in the form in which it is weighed. Days are proleptic ordinals; `[earliest, latest]` is inclusive.

    `actor` and `opponent` are the sides credited (`opposed` is false where nobody is named at all); `joint` are all
    sides that are said to act together. `lasting` is when a hold lasted, None where it was at some time within its
    days; `divided` says that at the same time others are said to hold parts, too; `muddled` that winner and loser are
    mixed up. `proposition` is what is said, whoever says it and whenever it was; `weight`, from 0 to 1, is the exponent
    on the odds of its kind; `vouched` says that an analyst accepted the claim.
    """

    claim_id: str
    report_id: str
    publisher: str
    published: int | None
    kind: Kind
    modality: Modality
    extent: Extent
    actor: Side
    opponent: Side
    opposed: bool
    parties: tuple[Holder, ...]
    earliest: int
    latest: int
    voices: tuple[str, ...]
    words: str
    proposition: tuple[str, ...]
    weight: float
    joint: frozenset[str] = frozenset()
    lasting: Lasting | None = None
    divided: bool = False
    muddled: bool = False
    vouched: bool = False


class Unusable(Exception):  # not an error of the program
    """A claim that cannot be weighed; the message says why."""


def state_claim(standing: Standing, policy: Policy) -> Statement:
    """The statement that a claim makes. Raises Unusable where it cannot be placed in time."""
    testimony = standing.testimony
    resolved, report = testimony.claim, testimony.report
    claim = resolved.claim
    published = report.published.toordinal() if report.published else None
    earliest, latest, dated = _days(testimony, published, policy)
    if earliest <= policy.hindsight + 1:
        raise Unusable("it is dated to the beginning of the calendar")
    modality = claim.factuality.modality
    if published is not None and modality is not Modality.PROSPECTIVE:
        # The day of publication is the reader's, one time zone away: a day of grace. What is dated later has not been.
        latest = min(latest, published + 1)
        if earliest > latest:
            modality, earliest, latest = Modality.PROSPECTIVE, published, published
    if modality is Modality.PROSPECTIVE and published is not None:
        earliest = latest = published
    kind, actors, opponents = claim.kind, resolved.actors, resolved.opponents
    if kind is Kind.LOSS and opponents:
        kind, actors, opponents = Kind.CAPTURE, opponents, actors
    if kind is Kind.SIEGE and earliest < latest and read_lasting(testimony, earliest, latest, policy) is not None:
        earliest = latest  # since then and until now: of the days between, the last is the surest
    actor, opponent = _credited(actors, policy), _credited(opponents, policy)
    lasting = None
    if kind is Kind.HOLD and modality is Modality.ASSERTED and claim.place.extent is not Extent.NEAR:
        lasting = read_lasting(testimony, earliest, latest, policy)
    voices = tuple(source.text.casefold().strip() for source in claim.sources)
    statement = Statement(
        claim.id,
        report.id,
        report.publisher.casefold().strip(),
        published,
        kind,
        modality,
        claim.place.extent,
        actor,
        opponent if opponent != actor else None,
        bool(opponents) and opponent != actor,
        tuple(sorted(set(_holders(actors)) | set(_holders(opponents)), key=lambda holder: holder.id)),
        earliest,
        latest,
        voices,
        " ".join(sorted(" ".join(quotation.exact.casefold().split()) for quotation in claim.evidence)),
        # As the claim has it: a copy is one also where its later publication makes a plan of the original a deed.
        (kind, claim.factuality.modality, claim.place.extent, actor or "", opponent or ""),
        1.0,
        _sides(actors),
        lasting,
        muddled=not standing.accepted and bool(_sides(actors) & _sides(opponents)),
        vouched=standing.accepted,
    )
    if standing.accepted:
        return statement
    weight = {Certainty.CERTAIN: 1.0, Certainty.PROBABLE: policy.probable, Certainty.POSSIBLE: policy.possible}[
        claim.factuality.certainty
    ]
    weight *= 1.0 if dated else policy.undated
    weight *= _candour(statement, _names(actors), _names(opponents), policy)
    return replace(statement, weight=weight)


def _days(testimony: Testimony, published: int | None, policy: Policy) -> tuple[int, int, bool]:
    """First and last day that the claim can mean, and whether the report says so itself."""
    when, claim = testimony.claim.when, testimony.claim.claim
    bounds = when.bounds if when else None
    if bounds and (bounds.earliest or bounds.latest):
        latest = bounds.latest.toordinal() if bounds.latest else published
        earliest = bounds.earliest.toordinal() if bounds.earliest else None
        if latest is None or (earliest is not None and earliest > latest):
            latest = earliest
        assert latest is not None  # one of the two bounds is given
        return latest - policy.undated_window if earliest is None else earliest, latest, earliest is not None
    if published is None:
        raise Unusable("it gives no time, and its report no date of publication")
    if claim.tense_now:
        return published, published, True
    return published - policy.undated_window, published, False


def _credited(participants: Sequence[ResolvedActor], policy: Policy) -> Side:
    """The side to which a joint deed is credited: the first that is named, or the principal that it helps."""
    sides = [participant.actor.side for participant in participants if participant.actor]
    if not sides:
        return None
    principals = {principal for ally, principal in policy.allies if ally == sides[0]}
    return next((side for side in sides if side in principals), sides[0])


def credit_principals(statements: Sequence[Statement], policy: Policy) -> list[Statement]:
    """The same, an ally's deeds and losses credited to its principal where just one of its principals is spoken of."""
    named = {side for said in statements for side in (said.actor, said.opponent)}
    principals: dict[Side, set[str]] = defaultdict(set)
    for ally, principal in policy.allies:
        if principal in named:
            principals[ally].add(principal)
    credited = {ally: next(iter(found)) for ally, found in principals.items() if len(found) == 1}
    return [
        recredited(said, credited) if {said.actor, said.opponent} & credited.keys() else said for said in statements
    ]


def recredited(said: Statement, credited: Mapping[Side, str]) -> Statement:
    """The statement with some sides credited to others; who thereby stands on both sides has no opponent."""
    actor, opponent = credited.get(said.actor, said.actor), credited.get(said.opponent, said.opponent)
    opposed = said.opposed and opponent != actor
    opponent = opponent if opposed else None
    proposition = (*said.proposition[:3], actor or "", opponent or "")
    return replace(said, actor=actor, opponent=opponent, opposed=opposed, proposition=proposition)


def _sides(participants: Iterable[ResolvedActor]) -> frozenset[str]:
    return frozenset(participant.actor.side for participant in participants if participant.actor)


def _holders(participants: Iterable[ResolvedActor]) -> list[Holder]:
    return [
        Holder(participant.actor.side, participant.actor.side_name) for participant in participants if participant.actor
    ]


# --- interest -----------------------------------------------------------------------------------------------


def _names(participants: Iterable[ResolvedActor]) -> frozenset[str]:
    """Everything that a side is called in the claim and in the registry, in lower case."""
    names: set[str] = set()
    for participant in participants:
        names.add(participant.mention.text)
        if actor := participant.actor:
            names |= {actor.id, actor.name, actor.side, actor.side_name}
    stripped = (re.sub(r"^(the|its|their|a|an)\s+", "", name.casefold().strip()) for name in names)
    return frozenset(name for name in stripped if len(name) > 1)


def _speaks_for(voices: Iterable[str], names: Iterable[str]) -> bool:
    """Whether a voice calls itself by one of the names: as a whole word, or the stem of one (Russia, Russian)."""
    return any(
        name in voice and re.search(rf"\b{re.escape(name)}" + (r"(n|an|ian|i)?\b" if len(name) > 4 else r"\b"), voice)
        for voice in voices
        for name in names
    )


def _candour(said: Statement, actors: Collection[str], opponents: Collection[str], policy: Policy) -> float:
    """The report's own voice and admissions weigh in full; a side's words in its own favour least."""
    if not said.voices:
        return 1.0
    if said.kind not in {Kind.CAPTURE, Kind.HOLD, Kind.LOSS}:
        return policy.quoted
    favoured, harmed = (opponents, actors) if said.kind is Kind.LOSS else (actors, opponents)
    if said.modality is Modality.DENIED:
        favoured, harmed = harmed, favoured
    if _speaks_for(said.voices, favoured):
        return policy.own_interest
    return 1.0 if _speaks_for(said.voices, harmed) else policy.quoted


# --- independence -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Witnesses:
    """The statements that are weighed, in a fixed order, and which claims only echo each of them."""

    statements: tuple[Statement, ...]
    echoes: Mapping[str, tuple[str, ...]]


def find_witnesses(statements: Iterable[Statement], copies: Mapping[str, str], policy: Policy) -> Witnesses:
    """One statement for each independent witness; `copies` maps a report to the one that it copies.

    Of the reports that print one story, the original speaks, or else the earliest; and one voice that says the
    same of the same time again within `echo_days` is still one voice, whoever prints it.
    """

    def root(report_id: str) -> str:
        seen = {report_id}
        while (original := copies.get(report_id)) is not None and original not in seen:
            seen.add(original)
            report_id = original
        return report_id

    def age(statement: Statement) -> tuple[bool, bool, int, str, str]:
        copied = statement.report_id != root(statement.report_id)
        return copied, statement.published is None, statement.published or 0, statement.report_id, statement.claim_id

    kept: list[Statement] = []
    speakers: dict[tuple[str, ...], str] = {}
    spoken: dict[tuple[str, ...], list[Statement]] = defaultdict(list)
    echoes: dict[str, list[str]] = defaultdict(list)
    for statement in sorted(statements, key=age):
        story = (root(statement.report_id), *statement.proposition)
        keys = [(voice, *statement.proposition) for voice in _voices(statement)]
        witness = next(
            (earlier for key in keys for earlier in spoken[key] if _echoes(statement, earlier, policy)),
            None,
        )
        speaker = speakers.setdefault(story, statement.report_id)
        if witness is None and speaker != statement.report_id:
            witness = spoken[story][0]
        if witness is not None:
            echoes[witness.claim_id].append(statement.claim_id)
            if speaker == statement.report_id:
                spoken[story].append(witness)
            continue
        kept.append(statement)
        for key in (story, *keys):
            spoken[key].append(statement)
    kept = _coherent(kept, policy)
    kept.sort(key=lambda statement: (statement.earliest, statement.latest, statement.claim_id))
    return Witnesses(tuple(_temper(kept, policy)), {key: tuple(sorted(ids)) for key, ids in echoes.items()})


def _coherent(statements: Sequence[Statement], policy: Policy) -> list[Statement]:
    """The statements, read in the light of each other: where tenures end, and who cannot have acted together.

    "It had held the town since May" lasted until the change of hands that the same report speaks of. Sides of which
    one is said to fight the other here are enemies: who says that both took the place has mixed up winner and loser.
    """
    changes: dict[str, list[Statement]] = defaultdict(list)
    enemies: set[tuple[str, str]] = set()
    for said in statements:
        if said.modality is Modality.ASSERTED and said.kind in {Kind.CAPTURE, Kind.LOSS}:
            changes[said.report_id].append(said)
        if said.actor and said.opponent and len(said.joint) == 1:
            enemies |= {(said.actor, said.opponent), (said.opponent, said.actor)}
    parts = [
        said
        for said in statements
        if said.modality is Modality.ASSERTED
        if said.extent is Extent.PART and said.kind in {Kind.CAPTURE, Kind.HOLD}
    ]

    def read(said: Statement) -> Statement:
        ends = [
            change.earliest - 1
            for change in changes[said.report_id]
            if said.lasting is not None and change.earliest > said.lasting.first
            if (change.actor == said.actor) == (change.kind is Kind.LOSS)
        ]
        together = said.kind in {Kind.CAPTURE, Kind.HOLD} and said.extent is Extent.WHOLE and not said.vouched
        foes = together and any((one, other) in enemies for one in said.joint for other in said.joint)
        muddled = said.muddled or foes
        return replace(
            said,
            lasting=said.lasting.until(min(ends)) if said.lasting and ends else said.lasting,
            divided=said in parts and any(_share(said, other, policy) for other in parts),
            muddled=muddled,
            weight=said.weight * (policy.muddled if muddled else 1.0),
        )

    return [read(said) for said in statements]


def _share(said: Statement, other: Statement, policy: Policy) -> bool:
    """Whether two sides are said to hold parts of a place at about the same time."""
    gap = max(said.earliest, other.earliest) - min(said.latest, other.latest)
    return said.actor != other.actor and gap <= policy.crowd_days


def _voices(statement: Statement) -> list[str]:
    """What makes two statements one witness's: the report with its speaker, the speaker, the outlet, the very words."""
    speaker = "|".join(statement.voices)
    voices = [f"report {statement.report_id} {speaker}"]
    if speaker:
        voices.append(f"speaker {speaker}")
    elif statement.publisher:
        voices.append(f"outlet {statement.publisher}")
    if len(statement.words.split()) >= 6:  # fewer words ("the rebel-held town") are anybody's
        voices.append(f"words {statement.words}")
    return voices


def _echoes(statement: Statement, earlier: Statement, policy: Policy) -> bool:
    """Whether the same is said of an overlapping time, and published at about the same time."""
    if statement.earliest > earlier.latest or earlier.earliest > statement.latest:
        return False
    if statement.published is None or earlier.published is None:
        return True
    return abs(statement.published - earlier.published) <= policy.echo_days


def _temper(statements: Sequence[Statement], policy: Policy) -> list[Statement]:
    """Statements of one report that agree share their weight, and so do weak ones that come in a crowd.

    n statements weigh as much as the square root of n; those about the surroundings as much as one.
    """
    agreeing = Counter((statement.report_id, *statement.proposition) for statement in statements)
    crowds: dict[tuple[Kind, bool], list[int]] = defaultdict(list)
    for statement in statements:
        crowds[_crowd(statement)].append(statement.earliest)
    tempered = []
    for statement in statements:
        weight = statement.weight / agreeing[statement.report_id, *statement.proposition] ** 0.5
        near = statement.extent is Extent.NEAR
        if near or statement.kind in WEAK:
            days = crowds[_crowd(statement)]
            reach = policy.crowd_days
            crowd = bisect_right(days, statement.earliest + reach) - bisect_left(days, statement.earliest - reach)
            weight /= crowd if near else crowd**0.5
        tempered.append(replace(statement, weight=weight))
    return tempered


def _crowd(statement: Statement) -> tuple[Kind, bool]:
    near = statement.extent is Extent.NEAR
    return (Kind.CLASH if near else statement.kind), near
