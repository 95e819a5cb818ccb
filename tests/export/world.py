"""A small world for the export tests: hand-built timelines, a ledger in memory, and reports in our own words.

Some of the reports are hostile on purpose: markup, script ends and right-to-left text stand in their words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime

from whoheld.errors import LedgerError
from whoheld.vocabulary import (
    Actor,
    Bounds,
    Claim,
    Decision,
    Entry,
    Extent,
    Factuality,
    Holder,
    Kind,
    Mention,
    Participant,
    Place,
    PlaceReference,
    Quotation,
    Report,
    ReportReference,
    Resolution,
    ResolvedActor,
    ResolvedClaim,
    ResolvedPlace,
    ResolvedTime,
    Role,
    Spell,
    State,
    Support,
    Testimony,
    Timeline,
    TimeType,
    Verdict,
)

GOVERNMENT = Holder("syria-government", "Syrian government")
IS = Holder("is", "Islamic State")
SDF = Holder("sdf", "Syrian Democratic Forces")
RUSSIA = Holder("russia", "Russia")

QARYATAYN = Place("geonames:173361", "Al Qaryatayn", "populated", 34.2296, 37.2407, "Homs", "SY", 14208)
MAYADIN = Place("geonames:167460", "Al Mayādīn", "populated", 35.01968, 40.45128, "Deir ez-Zor", "SY", 44028)
RAQQA = Place("geonames:168359", "Ar Raqqah", "populated", 35.95283, 39.00788, "Raqqa", "SY", 177636)
PALMYRA = Place("geonames:163808", "Tadmur", "populated", 34.56240, 38.28402, "Homs", "SY", 51323)
NOWHERE = Place("whoheld:hill-401", "Hill 401", "site", None, None, "Homs", "SY")

PLAIN = "The wire, 22 October."
HOSTILE = '</script><script>window.pwned=1</script><img src=x onerror="window.pwned=1">\u2028& more'
WIRE_TEXT = (
    "Homs, 22 October. Soldiers are back in Qaryatain.\n\n"
    "Government troops took the desert town of Qaryatain on Saturday, a monitor said, three weeks after the "
    "jihadists of Islamic State had slipped into it by night. "
    "Shops stay shut. The last of the attackers left in the dark."
    "\n\nFar to the east the war goes on."
)
ARABIC_TEXT = "قال شاهد إن قوات الحكومة دخلت القريتين صباح السبت. ولم يبق أحد من المسلحين في المدينة."


class MemoryLedger:
    """Keeps entries and reports in lists; fits `whoheld.plugins.Ledger`."""

    def __init__(self, entries: Sequence[Entry], reports: Sequence[Report]) -> None:
        self._entries, self._reports = list(entries), {report.id: report for report in reports}

    def append(self, report: Report, resolution: Resolution) -> int:
        raise NotImplementedError("exports only read")

    def knows(self, report_id: str, coder: str) -> bool:
        return report_id in self._reports

    def decide(self, decision: Decision) -> Entry:
        raise NotImplementedError("exports only read")

    def entries(
        self, *, place_id: str | None = None, published_by: date | None = None, recorded_by: datetime | None = None
    ) -> Iterator[Entry]:
        for entry in self._entries:
            body = entry.body
            place = body.claim.place.place if isinstance(body, Testimony) else None
            if place_id is None or place is None or place.id == place_id:
                yield entry

    def report(self, report_id: str) -> Report:
        if report_id not in self._reports:
            raise LedgerError(f"There is no report “{report_id}”.")
        return self._reports[report_id]

    def claim(self, claim_id: str) -> Testimony:
        for entry in self._entries:
            if isinstance(entry.body, Testimony) and entry.body.claim.claim.id == claim_id:
                return entry.body
        raise LedgerError(f"There is no claim “{claim_id}”.")

    def places(self) -> Sequence[Place]:
        return ()

    def close(self) -> None:
        return None


def report(key: str, text: str, published: date, publisher: str, title: str, **more: str) -> Report:
    return Report(key, text, published=published, publisher=publisher, title=title, language="en", **more)


def tell(
    key: str,
    source: Report,
    place: Place,
    quoted: str,
    *,
    kind: Kind = Kind.CAPTURE,
    side: Holder = GOVERNMENT,
    against: Holder | None = None,
    place_words: str = "",
    when: tuple[str, date, date] | None = None,
    voices: Sequence[str] = (),
    factuality: Factuality = Factuality.CT_PLUS,
    extent: Extent = Extent.WHOLE,
) -> Testimony:
    """A claim whose spans are looked up in the text of `source`; `side`'s words are the first of the quotation."""
    text = source.text

    def mention(words: str) -> Mention:
        start = text.index(words)
        return Mention.of(text, start, start + len(words))

    def actor(holder: Holder) -> ResolvedActor:
        words = mention(quoted.split(maxsplit=1)[0])
        return ResolvedActor(words, Actor(holder.id, holder.name, holder.id, holder.name))

    start = text.index(quoted)
    where = mention(place_words or quoted.rsplit(maxsplit=1)[-1])
    claim = Claim(
        id=key,
        report_id=source.id,
        coder="hand/1",
        kind=kind,
        trigger=mention(quoted.split(maxsplit=1)[0]),
        participants=(Participant(mention(quoted.split(maxsplit=1)[0]), Role.ACTOR),),
        place=PlaceReference(where, extent),
        when=mention(when[0]) if when and when[0] else None,
        sources=tuple(mention(voice) for voice in voices),
        factuality=factuality,
        evidence=(Quotation.of(text, start, start + len(quoted)),),
    )
    time = None
    if when:
        time = ResolvedTime(
            claim.when, TimeType.DATE, when[1].isoformat(), bounds=Bounds(when[1], when[2]), inferred=not when[0]
        )
    resolved = ResolvedClaim(
        claim,
        (actor(side),),
        (actor(against),) if against else (),
        ResolvedPlace(where, place, 1),
        time,
    )
    reference = ReportReference(source.id, source.publisher, source.title, source.url, source.published, source.copy_of)
    return Testimony(resolved, reference)


def build() -> tuple[tuple[Timeline, ...], MemoryLedger]:
    """Five places, ten claims, seven reports and a decision."""
    wire = report(
        "wire",
        WIRE_TEXT,
        date(2017, 10, 22),
        "Northern Wire",
        "Troops back in desert town",
        url="https://example.org/wire",
    )
    copy = report(
        "copy",
        WIRE_TEXT,
        date(2017, 10, 22),
        "Harbour Post",
        "Town retaken",
        url="https://example.org/post",
        copy_of="wire",
    )
    arabic = report("arabic", ARABIC_TEXT, date(2017, 10, 22), "صوت البادية", "القريتين من جديد")
    state = report(
        "state",
        "A military source told the agency that there is no truth in reports on Qaryatain: the army holds all of it.",
        date(2017, 10, 4),
        "State Gazette",
        "No truth in reports",
        url="javascript:alert(1)",
    )
    hostile = report(
        "hostile",
        f"Fighters of the SDF {HOSTILE} entered Raqqa in June and held its eastern quarters, residents said.",
        date(2017, 7, 1),
        "<b>Bold</b> Press",
        f"Raqqa {HOSTILE}",
        url="https://example.org/?a=1&b=<2>",
    )
    old = report(
        "old",
        "Islamic State overran Qaryatain at the start of October, activists said. It has held Mayadeen since 2014.",
        date(2017, 10, 3),
        "Desert Monitor",
        "Night raid",
        url="https://example.org/monitor",
    )
    late = report(
        "late",
        "Raqqa is free: the Syrian Democratic Forces took the stadium, the last redoubt in Raqqa, on Tuesday. "
        "Russia says Palmyra was cleared in March.",
        date(2017, 10, 18),
        "Khabur Daily",
        "Raqqa is free",
        url="https://example.org/khabur",
    )
    saturday = ("Saturday", date(2017, 10, 21), date(2017, 10, 21))
    told = [
        tell(
            "c-wire",
            wire,
            QARYATAYN,
            "Government troops took the desert town of Qaryatain",
            against=IS,
            when=saturday,
            voices=["a monitor"],
        ),
        tell("c-copy", copy, QARYATAYN, "Government troops took the desert town of Qaryatain", when=saturday),
        tell(
            "c-arabic",
            arabic,
            QARYATAYN,
            "قوات الحكومة دخلت القريتين",
            when=("السبت", date(2017, 10, 21), date(2017, 10, 21)),
            voices=["شاهد"],
        ),
        tell(
            "c-state",
            state,
            QARYATAYN,
            "the army holds all of it",
            kind=Kind.HOLD,
            place_words="Qaryatain",
            when=("", date(2017, 10, 4), date(2017, 10, 4)),
            voices=["A military source"],
        ),
        tell(
            "c-old",
            old,
            QARYATAYN,
            "Islamic State overran Qaryatain",
            side=IS,
            when=("the start of October", date(2017, 10, 1), date(2017, 10, 3)),
            voices=["activists"],
        ),
        tell(
            "c-mayadin",
            old,
            MAYADIN,
            "It has held Mayadeen",
            kind=Kind.HOLD,
            side=IS,
            when=("", date(2017, 10, 3), date(2017, 10, 3)),
        ),
        tell(
            "c-hostile",
            hostile,
            RAQQA,
            f"Fighters of the SDF {HOSTILE} entered Raqqa",
            kind=Kind.CLASH,
            side=SDF,
            against=IS,
            when=("in June", date(2017, 6, 1), date(2017, 6, 30)),
            voices=["residents"],
        ),
        tell(
            "c-quarters",
            hostile,
            RAQQA,
            "held its eastern quarters",
            kind=Kind.HOLD,
            side=SDF,
            place_words="Raqqa",
            extent=Extent.PART,
            when=("", date(2017, 7, 1), date(2017, 7, 1)),
        ),
        tell(
            "c-late",
            late,
            RAQQA,
            "the Syrian Democratic Forces took the stadium, the last redoubt in Raqqa",
            side=SDF,
            when=("on Tuesday", date(2017, 10, 17), date(2017, 10, 17)),
        ),
        tell(
            "c-palmyra",
            late,
            PALMYRA,
            "Palmyra was cleared",
            side=GOVERNMENT,
            place_words="Palmyra",
            when=("in March", date(2017, 3, 1), date(2017, 3, 31)),
            voices=["Russia"],
            factuality=Factuality.PR_PLUS,
        ),
    ]
    recorded = datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)
    entries = [Entry(number, recorded, one) for number, one in enumerate(told, 1)]
    entries.append(
        Entry(len(entries) + 1, recorded, Decision("c-wire", Verdict.ACCEPT, "R. Analyst", "Matches the photographs."))
    )
    ledger = MemoryLedger(entries, [wire, copy, arabic, state, hostile, old, late])
    return (_qaryatayn(), _mayadin(), _raqqa(), _palmyra(), Timeline(NOWHERE, (), "h5")), ledger


def _qaryatayn() -> Timeline:
    night = Bounds(date(2017, 10, 1), date(2017, 10, 3))
    saturday = Bounds(date(2017, 10, 21), date(2017, 10, 21))
    support = (Support("c-wire", 4.1), Support("c-copy", 0.0), Support("c-arabic", 1.2))
    return Timeline(
        QARYATAYN,
        (
            Spell(
                State.HELD,
                date(2017, 9, 1),
                date(2017, 9, 30),
                GOVERNMENT,
                end=night,
                likelihood="very likely",
                support=(Support("c-state", 0.4),),
            ),
            Spell(
                State.UNKNOWN,
                date(2017, 10, 1),
                date(2017, 10, 3),
                start=night,
                support=(Support("c-old", 2.0),),
                dissent=(Support("c-state", -0.7),),
            ),
            Spell(
                State.HELD,
                date(2017, 10, 4),
                date(2017, 10, 20),
                IS,
                start=night,
                end=saturday,
                likelihood="very likely",
                support=(Support("c-old", 3.0), Support("c-wire", 1.0), Support("c-copy", 0.0)),
                dissent=(Support("c-state", -0.7),),
            ),
            Spell(
                State.HELD,
                date(2017, 10, 21),
                date(2018, 1, 19),
                GOVERNMENT,
                start=saturday,
                likelihood="almost certain",
                support=support,
            ),
        ),
        "h1",
    )


def _mayadin() -> Timeline:
    return Timeline(
        MAYADIN,
        (
            Spell(
                State.HELD,
                date(2017, 9, 20),
                date(2017, 12, 31),
                IS,
                likelihood="likely",
                support=(Support("c-mayadin", 2.5),),
            ),
        ),
        "h2",
    )


def _raqqa() -> Timeline:
    cited = (Support("c-hostile", 1.1), Support("c-quarters", 0.9))
    tuesday = Bounds(date(2017, 10, 17), date(2017, 10, 17))
    return Timeline(
        RAQQA,
        (
            Spell(
                State.CONTESTED,
                date(2017, 6, 1),
                date(2017, 6, 30),
                parties=(IS, SDF),
                likelihood="likely",
                support=cited,
            ),
            Spell(
                State.HELD,
                date(2017, 7, 1),
                date(2017, 10, 16),
                SDF,
                extent=Extent.PART,
                likelihood="likely",
                support=cited,
            ),
            Spell(
                State.HELD,
                date(2017, 10, 17),
                date(2018, 1, 15),
                SDF,
                start=tuesday,
                likelihood="almost certain",
                support=(Support("c-late", 4.0),),
            ),
        ),
        "h3",
    )


def _palmyra() -> Timeline:
    march = Bounds(date(2017, 3, 1), date(2017, 3, 31))
    return Timeline(
        PALMYRA,
        (
            Spell(
                State.UNKNOWN, date(2017, 3, 1), date(2017, 3, 31), start=march, support=(Support("c-palmyra", 0.5),)
            ),
            Spell(
                State.HELD,
                date(2017, 4, 1),
                date(2017, 6, 29),
                GOVERNMENT,
                start=march,
                likelihood="likely",
                support=(Support("c-palmyra", 2.2),),
            ),
        ),
        "h4",
    )
