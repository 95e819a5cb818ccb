"""Every type that the rooms of whoheld share: frozen, plain, standard library only.

Data flows one way::

    bytes -read-> Report -extract-> Extraction -resolve-> Resolution -ledger-> Entry -fuse-> Timeline

Offsets are Unicode code points of :attr:`Report.text`, start inclusive, end exclusive.
A term that comes from a standard says so: EDTF and TIMEX3 for time, UCDP for precision, FactBank for factuality.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

# --- the report ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Span:
    """``[start, end)`` in code points of a report's text."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a span: [{self.start}, {self.end})")


@dataclass(frozen=True, slots=True)
class Mention(Span):
    """A span with its surface words: ``report.text[start:end] == text``, always."""

    text: str

    @classmethod
    def of(cls, text: str, start: int, end: int) -> Mention:
        """The mention of ``[start, end)`` in the whole report ``text``."""
        return cls(start, end, text[start:end])


class BlockKind(StrEnum):
    """What a stretch of a report is. Only `BODY` and `STANDFIRST` speak for themselves."""

    TITLE = "title"
    STANDFIRST = "standfirst"
    DATELINE = "dateline"  # "BEIRUT, Oct 22 (Agency) -", "22 October, 2017"
    CAPTION = "caption"
    FURNITURE = "furniture"  # "2 min read", share buttons, bylines
    BODY = "body"


@dataclass(frozen=True, slots=True)
class Block(Span):
    """A stretch of the report that no sentence crosses."""

    kind: BlockKind


@dataclass(frozen=True, slots=True)
class Report:
    """One report, as it was stored and hashed. `text` is never cleaned again after `read`.

    `published` is the day that relative times are reckoned from; None means that they stay unresolved.
    `dateline` is the date printed in the text, where one was found. `blocks` are in order, do not overlap,
    and cover all of the text that is not white space. `warnings` are sentences for people.
    """

    id: str
    text: str
    published: date | None = None
    published_at: datetime | None = None
    dateline: date | None = None
    publisher: str = ""
    title: str = ""
    url: str = ""
    language: str = ""
    retrieved: datetime | None = None
    copy_of: str | None = None
    blocks: tuple[Block, ...] = ()
    warnings: tuple[str, ...] = ()


# --- the claim ----------------------------------------------------------------------------------------------


class Kind(StrEnum):
    """What a claim says of a place (docs/codebook.md)."""

    CAPTURE = "capture"
    LOSS = "loss"
    HOLD = "hold"
    SIEGE = "siege"
    CLASH = "clash"
    STRIKE = "strike"
    TRUCE = "truce"


CONTROL_KINDS = frozenset({Kind.CAPTURE, Kind.LOSS, Kind.HOLD, Kind.SIEGE})


class Modality(StrEnum):
    """Said to be so, said not to be so, or not said to be so yet."""

    ASSERTED = "asserted"
    DENIED = "denied"
    PROSPECTIVE = "prospective"


class Certainty(StrEnum):
    CERTAIN = "certain"
    PROBABLE = "probable"
    POSSIBLE = "possible"


class Factuality(StrEnum):
    """FactBank's values (Saurí and Pustejovsky 2009): certainty x polarity, and `Uu` for not committed.

    A plan, threat, hope or attempt is `Uu`: the voice does not say that it happened.
    """

    CT_PLUS = "CT+"
    PR_PLUS = "PR+"
    PS_PLUS = "PS+"
    CT_MINUS = "CT-"
    PR_MINUS = "PR-"
    PS_MINUS = "PS-"
    UU = "Uu"

    @property
    def modality(self) -> Modality:
        if self is Factuality.UU:
            return Modality.PROSPECTIVE
        return Modality.DENIED if self.value.endswith("-") else Modality.ASSERTED

    @property
    def certainty(self) -> Certainty:
        return {"PR": Certainty.PROBABLE, "PS": Certainty.POSSIBLE}.get(self.value[:2], Certainty.CERTAIN)


class Extent(StrEnum):
    """How much of the named place is meant."""

    WHOLE = "whole"
    PART = "part"
    NEAR = "near"


class Role(StrEnum):
    """PLOVER's actor and recipient, in our words; a truce has actors only."""

    ACTOR = "actor"
    OPPONENT = "opponent"


@dataclass(frozen=True, slots=True)
class Participant:
    """A side in a claim. `mention` is the fullest name that the report uses for it.

    `anchor` holds the words at the trigger where they differ ("the group", "it").
    """

    mention: Mention
    role: Role
    anchor: Mention | None = None


@dataclass(frozen=True, slots=True)
class PlaceReference:
    """The place of a claim: its name in the report, how much of it, and the words at the trigger ("the town")."""

    mention: Mention
    extent: Extent = Extent.WHOLE
    anchor: Mention | None = None


@dataclass(frozen=True, slots=True)
class Quotation(Span):
    """W3C Web Annotation: TextQuoteSelector (`exact`, `prefix`, `suffix`) and TextPositionSelector in one."""

    exact: str
    prefix: str = ""
    suffix: str = ""

    @classmethod
    def of(cls, text: str, start: int, end: int, *, context: int = 32) -> Quotation:
        """The quotation of ``[start, end)`` in ``text`` with up to `context` characters on each side."""
        return cls(start, end, text[start:end], text[max(0, start - context) : start], text[end : end + context])


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing that a report says, or says that somebody says, of who holds or contests a named place.

    `when` is the time expression as it stands in the text (None: no time is given).
    `tense_now` marks a present-tense hold or siege without a time of its own: it is as of publication.
    `sources` are the voices, innermost first; empty is the report's own voice.
    `id` is a hash of everything here and of the coder's version: see :func:`content_id`.
    """

    id: str
    report_id: str
    coder: str
    kind: Kind
    trigger: Mention
    participants: tuple[Participant, ...]
    place: PlaceReference
    when: Mention | None
    sources: tuple[Mention, ...]
    factuality: Factuality
    evidence: tuple[Quotation, ...]
    tense_now: bool = False
    confidence: float | None = None


class TimeType(StrEnum):
    """TIMEX3 types."""

    DATE = "DATE"
    TIME = "TIME"
    DURATION = "DURATION"
    SET = "SET"


@dataclass(frozen=True, slots=True)
class TimeMention(Mention):
    """The words of a time expression, found but not yet reckoned.

    `tense` is that of the clause it stands in: "past", "future", "present" or "" (unknown); it decides
    whether "Saturday" is the last or the next one.
    """

    type: TimeType
    tense: str = ""


@dataclass(frozen=True, slots=True)
class Attribution:
    """Somebody says something: PARC's source, cue and content."""

    source: Mention | None
    cue: Mention | None
    content: Span


@dataclass(frozen=True, slots=True)
class Extraction:
    """Everything that one coder read in one report. Exists also when empty."""

    report_id: str
    coder: str
    claims: tuple[Claim, ...] = ()
    times: tuple[TimeMention, ...] = ()
    places: tuple[Mention, ...] = ()
    actors: tuple[Mention, ...] = ()
    attributions: tuple[Attribution, ...] = ()


# --- the resolved claim -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Bounds:
    """The first and the last day that a moment can be, both inclusive; None is open (EDTF `..`)."""

    earliest: date | None
    latest: date | None

    def __post_init__(self) -> None:
        if self.earliest and self.latest and self.earliest > self.latest:
            raise ValueError(f"bounds end before they start: {self.earliest} > {self.latest}")


@dataclass(frozen=True, slots=True)
class ResolvedTime:
    """A time expression reckoned to days.

    `value` is the TIMEX3 value, `edtf` the ISO 8601-2 form of `bounds` (None where no days follow from the words),
    `precision` UCDP's date_prec: 1 a day, 2 two to six days, 3 a week, 4 a month, 5 a year or longer.
    `mention` is None, and `inferred` true, where the report gives no words (a present-tense hold).
    """

    mention: Mention | None
    type: TimeType
    value: str
    edtf: str | None = None
    bounds: Bounds | None = None
    precision: int | None = None
    inferred: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the gazetteer. `id` is ``geonames:173361``, ``iso3166-2:IQ-AN``, ``iso3166-1:SY`` or ``whoheld:…``.

    `feature` is one of: populated, district, province, country, region, water, road, base, airfield, crossing,
    dam, camp, site, area. `admin1` is the province, `admin2` the district, where known. `where_prec` that follows
    from it is UCDP's: 1 town, 2 an area near one, 3 district, 4 province, 5 region, 6 country. Only an area has a
    `radius`, in kilometres round its point: it is no pin.
    """

    id: str
    name: str
    feature: str
    lat: float | None = None
    lon: float | None = None
    admin1: str = ""
    country: str = ""
    population: int = 0
    admin2: str = ""
    radius: float | None = None

    @property
    def geonames(self) -> int | None:
        """The GeoNames id, where the place has one."""
        return int(self.id.removeprefix("geonames:")) if self.id.startswith("geonames:") else None


@dataclass(frozen=True, slots=True)
class Candidate:
    """One reading of a name, with its share of the weight (the weights of all candidates sum to at most 1)."""

    place: Place
    weight: float


@dataclass(frozen=True, slots=True)
class ResolvedPlace:
    """A mention of a place pinned to the gazetteer, or honestly not (`place` None).

    `precision` is UCDP's where_prec, 1 to 7; None where unresolved.
    """

    mention: Mention
    place: Place | None = None
    precision: int | None = None
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class Actor:
    """An armed actor of the registry. `side` is the id of the actor that it is counted with on the given day."""

    id: str
    name: str
    side: str
    side_name: str


@dataclass(frozen=True, slots=True)
class ResolvedActor:
    """A mention of an actor linked to the registry, or honestly not (`actor` None).

    `generic` is true where the words name no one actor ("the army", "the rebels"). `basis` says what decided: a name,
    a nation ("Russian warplanes"), the theatre of the report, or its context (whom it names before); "" where nothing
    did. How often each is right on annotated reports: docs/decisions/0011-actor-registry.md.
    """

    mention: Mention
    actor: Actor | None = None
    generic: bool = False
    basis: str = ""


@dataclass(frozen=True, slots=True)
class ResolvedClaim:
    """A claim whose sides, place and time are reckoned; the claim itself is kept as it was."""

    claim: Claim
    actors: tuple[ResolvedActor, ...]
    opponents: tuple[ResolvedActor, ...]
    place: ResolvedPlace
    when: ResolvedTime | None


@dataclass(frozen=True, slots=True)
class Resolution:
    """An extraction, resolved: what `whoheld extract` prints, one a report."""

    report_id: str
    coder: str
    claims: tuple[ResolvedClaim, ...] = ()
    times: tuple[ResolvedTime, ...] = ()
    places: tuple[ResolvedPlace, ...] = ()
    actors: tuple[ResolvedActor, ...] = ()
    attributions: tuple[Attribution, ...] = ()


@dataclass(frozen=True, slots=True)
class Succession:
    """From `day` on what the side `old` held is held by `new` (both ids); None is always: the two are one."""

    old: str
    new: str
    new_name: str
    day: date | None = None


# --- the ledger ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReportReference:
    """What the later rooms need to know of a report, without its text."""

    id: str
    publisher: str = ""
    title: str = ""
    url: str = ""
    published: date | None = None
    copy_of: str | None = None


@dataclass(frozen=True, slots=True)
class Testimony:
    """A resolved claim and the report that it stands in."""

    claim: ResolvedClaim
    report: ReportReference


class Verdict(StrEnum):
    """What an analyst decided of a claim; `UNDO` takes the last decision back without deleting it."""

    ACCEPT = "accept"
    REJECT = "reject"
    CORRECT = "correct"
    UNDO = "undo"


@dataclass(frozen=True, slots=True)
class Decision:
    """An analyst's judgement, as data: replayed over the claims, never written into them.

    `correction` maps field names of the record format (kind, modality, extent, actors, opponents, place, when)
    to JSON values; sorted pairs of (field, canonical JSON), so that the decision stays hashable.
    """

    claim_id: str
    verdict: Verdict
    by: str
    note: str = ""
    correction: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger: append-only, in `sequence`, stamped with when we recorded it (UTC)."""

    sequence: int
    recorded: datetime
    body: Testimony | Decision


# --- the timeline -------------------------------------------------------------------------------------------


class State(StrEnum):
    HELD = "held"
    CONTESTED = "contested"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Holder:
    """A side that holds or contests: the id and name of a registry side."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Support:
    """A claim's share in an answer: `weight` is how far it, left out alone, moves the odds (natural log)."""

    claim_id: str
    weight: float


@dataclass(frozen=True, slots=True)
class Spell:
    """A stretch of time in which the answer is the same.

    `start` and `end` are the days on which it can have begun and ended; None is open.
    `first` and `last` are the days that it is drawn on: spells of a timeline tile time by them, without overlap.
    `probability` is None until it is calibrated; `likelihood` is the words for it meanwhile.
    """

    state: State
    first: date
    last: date
    holder: Holder | None = None
    parties: tuple[Holder, ...] = ()
    extent: Extent = Extent.WHOLE
    start: Bounds | None = None
    end: Bounds | None = None
    probability: float | None = None
    likelihood: str = ""
    support: tuple[Support, ...] = ()
    dissent: tuple[Support, ...] = ()


@dataclass(frozen=True, slots=True)
class Timeline:
    """Who held one place, from the first evidence to the last. A pure function of claims, decisions and settings."""

    place: Place
    spells: tuple[Spell, ...] = ()
    hash: str = ""


@dataclass(frozen=True, slots=True)
class Cited:
    """A claim as an answer shows it: its words, who said them, where, and how much they weigh."""

    testimony: Testimony
    weight: float


class Relation(StrEnum):
    """Where another place lies: its borders go round this one, or it lies within this one's."""

    AROUND = "around"
    INSIDE = "inside"


@dataclass(frozen=True, slots=True)
class Related:
    """A place around or inside another, with its own answer of the day, which says nothing of the other's."""

    place: Place
    relation: Relation
    spell: Spell


@dataclass(frozen=True, slots=True)
class Answer:
    """Who held `place` on the day `on`, as known by `as_of`, and who says so."""

    place: Place
    on: date
    as_of: date | None
    spell: Spell
    support: tuple[Cited, ...] = ()
    dissent: tuple[Cited, ...] = ()
    notes: tuple[str, ...] = field(default=())
    related: tuple[Related, ...] = ()


def content_id(*parts: object) -> str:
    """20 hex digits of the SHA-256 of the parts as canonical JSON. No clock and no chance goes in.

    Parts are strings, numbers, None, and lists or tuples of such.
    """
    canonical = json.dumps(parts, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()[:20]
