"""The public record format, field by field: these names are a promise (docs: the record format)."""

import json
from datetime import UTC, date, datetime
from typing import Any

from whoheld.record import (
    answer_record,
    cited_record,
    claim_record,
    place_mention_record,
    place_record,
    report_record,
    resolution_record,
    spell_record,
    timeline_record,
)
from whoheld.vocabulary import (
    Actor,
    Answer,
    Attribution,
    Block,
    BlockKind,
    Bounds,
    Candidate,
    Cited,
    Claim,
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
    Span,
    Spell,
    State,
    Support,
    Testimony,
    Timeline,
    TimeType,
)

TEXT = "Army units retook the mill town, Tell Qamh, on Saturday, a state channel said."
TOWN = Place("geonames:4242", "Tall Qamh", "populated", 34.25, 37.5, "Homs", "SY", 900)
ARMY = Actor("syria-army", "Syrian Arab Army", "syria-government", "Syrian government")
SATURDAY = Bounds(date(2017, 10, 21), date(2017, 10, 21))
REFERENCE = ReportReference("r1", "Valley Post", "Mill town retaken", "https://post.example/1", date(2017, 10, 22))


def words(text: str) -> Mention:
    start = TEXT.index(text)
    return Mention.of(TEXT, start, start + len(text))


def resolved_claim(
    *,
    kind: Kind = Kind.CAPTURE,
    actor: Actor | None = ARMY,
    place: Place | None = TOWN,
    when: ResolvedTime | None = None,
    when_words: Mention | None = None,
    factuality: Factuality = Factuality.CT_PLUS,
    confidence: float | None = None,
) -> ResolvedClaim:
    units, town = words("Army units"), words("Tell Qamh")
    claim = Claim(
        "c1",
        "r1",
        "rules/1",
        kind,
        words("retook"),
        (Participant(units, Role.ACTOR, words("units")),),
        PlaceReference(town, Extent.WHOLE, words("the mill town")),
        when_words,
        (words("a state channel"),),
        factuality,
        (Quotation.of(TEXT, 0, 31, context=8),),
        confidence=confidence,
    )
    candidates = (Candidate(place, 0.97),) if place else ()
    return ResolvedClaim(
        claim,
        (ResolvedActor(units, actor),),
        (),
        ResolvedPlace(town, place, 1 if place else None, candidates),
        when,
    )


def on_saturday() -> ResolvedTime:
    return ResolvedTime(words("Saturday"), TimeType.DATE, "2017-10-21", "2017-10-21", SATURDAY, 1)


def promised(record: dict[str, Any], *names: str) -> dict[str, Any]:
    """The promised fields of a record; it may have more."""
    return {name: record[name] for name in names}


def test_a_claim_has_every_promised_field() -> None:
    record = claim_record(resolved_claim(when=on_saturday(), when_words=words("Saturday"), confidence=0.93))
    assert promised(record, "id", "coder", "kind", "modality", "certainty", "confidence") == {
        "id": "c1",
        "coder": "rules/1",
        "kind": "capture",
        "modality": "asserted",
        "certainty": "certain",
        "confidence": 0.93,
    }
    assert record["actors"] == [
        {
            "text": "Army units",
            "start": 0,
            "end": 10,
            "id": "syria-army",
            "name": "Syrian Arab Army",
            "side": "syria-government",
            "side_name": "Syrian government",
            "anchor": {"text": "units", "start": 5, "end": 10},
        }
    ]
    assert record["opponents"] == []
    assert record["place"] == {
        "text": "Tell Qamh",
        "start": 33,
        "end": 42,
        "id": "geonames:4242",
        "geonames": 4242,
        "name": "Tall Qamh",
        "admin1": "Homs",
        "country": "SY",
        "feature": "populated",
        "lat": 34.25,
        "lon": 37.5,
        "precision": 1,
        "extent": "whole",
        "candidates": [{"id": "geonames:4242", "geonames": 4242, "name": "Tall Qamh", "weight": 0.97}],
        "anchor": {"text": "the mill town", "start": 18, "end": 31},
    }
    assert promised(record["when"], "text", "start", "end", "edtf", "earliest", "latest", "precision") == {
        "text": "Saturday",
        "start": 47,
        "end": 55,
        "edtf": "2017-10-21",
        "earliest": "2017-10-21",
        "latest": "2017-10-21",
        "precision": 1,
    }
    assert "inferred" not in record["when"]
    assert record["sources"] == [{"text": "a state channel", "start": 57, "end": 72}]
    assert record["evidence"] == [
        {
            "exact": "Army units retook the mill town",
            "prefix": "",
            "suffix": ", Tell Q",
            "start": 0,
            "end": 31,
        }
    ]
    for part in (record["trigger"], *record["actors"], record["place"], record["when"], *record["sources"]):
        assert TEXT[part["start"] : part["end"]] == part["text"]


def test_what_is_not_known_has_no_stand_in() -> None:
    record = claim_record(resolved_claim(actor=None, place=None))
    (actor,) = record["actors"]
    assert promised(actor, "id", "name", "side", "side_name") == dict.fromkeys(("id", "name", "side", "side_name"))
    place = record["place"]
    assert promised(place, "id", "geonames", "name", "precision") == dict.fromkeys(
        ("id", "geonames", "name", "precision")
    )
    assert "lat" not in place
    assert "lon" not in place
    assert place["candidates"] == []
    assert record["when"] is None
    assert "when_unresolved" not in record
    assert "confidence" not in record


def test_a_place_outside_geonames_keeps_its_own_id_and_no_number() -> None:
    province = Place("iso3166-2:SY-HI", "Homs", "province", admin1="Homs", country="SY")
    record = claim_record(resolved_claim(place=province))["place"]
    assert (record["id"], record["geonames"]) == ("iso3166-2:SY-HI", None)
    assert "lat" not in record


def test_a_present_tense_hold_is_inferred_as_of_publication() -> None:
    published = date(2017, 10, 22)
    when = ResolvedTime(None, TimeType.DATE, "2017-10-22", "2017-10-22", Bounds(published, published), 1, inferred=True)
    record = claim_record(resolved_claim(kind=Kind.HOLD, when=when))["when"]
    assert record["text"] == ""
    assert record["inferred"] is True
    assert (record["earliest"], record["latest"]) == ("2017-10-22", "2017-10-22")
    assert record.get("start") is None


def test_words_without_days_are_kept_beside_a_null() -> None:
    when = ResolvedTime(words("Saturday"), TimeType.DATE, "XXXX-WXX-6")
    record = claim_record(resolved_claim(when=when, when_words=words("Saturday")))
    assert record["when"] is None
    assert promised(record["when_unresolved"], "text", "start", "end", "value", "earliest") == {
        "text": "Saturday",
        "start": 47,
        "end": 55,
        "value": "XXXX-WXX-6",
        "earliest": None,
    }
    unreckoned = claim_record(resolved_claim(when=None, when_words=words("Saturday")))
    assert unreckoned["when_unresolved"] == {"text": "Saturday", "start": 47, "end": 55}


def test_modality_and_certainty_are_read_off_factuality() -> None:
    pairs = {
        value: (record["modality"], record["certainty"])
        for value in Factuality
        for record in [claim_record(resolved_claim(factuality=value))]
    }
    assert pairs[Factuality.PR_MINUS] == ("denied", "probable")
    assert pairs[Factuality.PS_PLUS] == ("asserted", "possible")
    assert pairs[Factuality.UU] == ("prospective", "certain")


def test_a_line_of_extract() -> None:
    attribution = Attribution(words("a state channel"), words("said"), Span(0, 55))
    resolution = Resolution(
        "r1",
        "rules/1",
        (resolved_claim(when=on_saturday()),),
        (on_saturday(), ResolvedTime(words("Saturday"), TimeType.SET, "P1D")),
        (ResolvedPlace(words("Tell Qamh"), TOWN, 1, (Candidate(TOWN, 0.9),)), ResolvedPlace(words("mill"))),
        (ResolvedActor(words("Army units"), None, generic=True),),
        (attribution, Attribution(None, None, Span(0, 5))),
    )
    record = resolution_record(resolution)
    assert list(record) == ["report_id", "coder", "claims", "mentions"]
    assert [claim["id"] for claim in record["claims"]] == ["c1"]
    mentions = record["mentions"]
    assert list(mentions) == ["times", "places", "actors", "attributions"]
    assert promised(mentions["times"][0], "text", "start", "end", "type", "value", "edtf") == {
        "text": "Saturday",
        "start": 47,
        "end": 55,
        "type": "DATE",
        "value": "2017-10-21",
        "edtf": "2017-10-21",
    }
    assert promised(mentions["times"][1], "type", "value", "edtf") == {"type": "SET", "value": "P1D", "edtf": None}
    found, unknown = mentions["places"]
    assert promised(found, "geonames", "lat", "lon", "country", "score") == {
        "geonames": 4242,
        "lat": 34.25,
        "lon": 37.5,
        "country": "SY",
        "score": 0.9,
    }
    assert unknown["geonames"] is None
    assert {"lat", "lon", "score"}.isdisjoint(unknown)
    assert mentions["actors"][0]["id"] is None
    assert mentions["actors"][0]["generic"] is True
    assert mentions["attributions"][0] == {
        "source": {"text": "a state channel", "start": 57, "end": 72},
        "cue": {"text": "said", "start": 73, "end": 77},
        "content": {"start": 0, "end": 55},
    }
    assert mentions["attributions"][1]["source"] is None


def test_a_report_in_which_nothing_was_found_has_a_line_too() -> None:
    assert resolution_record(Resolution("r2", "rules/1")) == {
        "report_id": "r2",
        "coder": "rules/1",
        "claims": [],
        "mentions": {"times": [], "places": [], "actors": [], "attributions": []},
    }


def test_score_is_the_weight_of_the_place_that_was_chosen() -> None:
    other = Place("geonames:1", "Tell Qamh (Hama)", "populated", 35.0, 36.0)
    mention = ResolvedPlace(words("Tell Qamh"), TOWN, 1, (Candidate(other, 0.6), Candidate(TOWN, 0.3)))
    assert place_mention_record(mention)["score"] == 0.3


def test_a_cited_report_and_a_whole_one() -> None:
    assert report_record(REFERENCE) == {
        "id": "r1",
        "publisher": "Valley Post",
        "title": "Mill town retaken",
        "url": "https://post.example/1",
        "published": "2017-10-22",
    }
    assert report_record(ReportReference("r3", copy_of="r1"))["copy_of"] == "r1"
    whole = Report(
        "r1",
        TEXT,
        date(2017, 10, 22),
        datetime(2017, 10, 22, 9, 30, tzinfo=UTC),
        date(2017, 10, 21),
        "Valley Post",
        language="en",
        retrieved=datetime(2020, 1, 1, tzinfo=UTC),
        blocks=(Block(0, len(TEXT), BlockKind.BODY),),
        warnings=("The dateline is another day.",),
    )
    record = report_record(whole)
    assert record["text"] == TEXT
    assert promised(record, "published", "published_at", "dateline", "language", "warnings") == {
        "published": "2017-10-22",
        "published_at": "2017-10-22T09:30:00+00:00",
        "dateline": "2017-10-21",
        "language": "en",
        "warnings": ["The dateline is another day."],
    }
    assert record["blocks"] == [{"start": 0, "end": len(TEXT), "kind": "body"}]
    assert report_record(Report("r9", TEXT))["published"] is None


HELD = Spell(
    State.HELD,
    date(2017, 9, 20),
    date(2017, 10, 21),
    Holder("is", "Islamic State"),
    start=Bounds(date(2017, 9, 20), date(2017, 9, 30)),
    end=SATURDAY,
    likelihood="very likely",
    support=(Support("c7", 2.0), Support("c8", 1.0)),
    dissent=(Support("c9", -0.5),),
)
SIDES = (Holder("is", "Islamic State"), Holder("rebels", "Syrian opposition"))


def test_a_timeline() -> None:
    record = timeline_record(Timeline(TOWN, (HELD,), "h"))
    assert list(record) == ["place", "spells", "hash"]
    assert record["place"] == {
        "id": "geonames:4242",
        "geonames": 4242,
        "name": "Tall Qamh",
        "admin1": "Homs",
        "country": "SY",
        "feature": "populated",
        "lat": 34.25,
        "lon": 37.5,
    }
    (spell,) = record["spells"]
    assert promised(spell, "state", "holder", "from", "to", "support", "dissent") == {
        "state": "held",
        "holder": {"id": "is", "name": "Islamic State"},
        "from": {"earliest": "2017-09-20", "latest": "2017-09-30"},
        "to": {"earliest": "2017-10-21", "latest": "2017-10-21"},
        "support": ["c7", "c8"],
        "dissent": ["c9"],
    }
    assert spell["likelihood"] == "very likely"
    assert spell["weights"] == {"c7": 2.0, "c8": 1.0, "c9": -0.5}
    assert "probability" not in spell
    assert "parties" not in spell
    assert timeline_record(Timeline(TOWN))["spells"] == []


def test_open_ends_and_other_states() -> None:
    unknown = spell_record(Spell(State.UNKNOWN, date(2017, 1, 1), date(2017, 2, 1), end=Bounds(None, None)))
    assert promised(unknown, "holder", "from", "to") == {"holder": None, "from": None, "to": None}
    contested = spell_record(
        Spell(State.CONTESTED, date(2017, 1, 1), date(2017, 2, 1), parties=SIDES, probability=0.75)
    )
    assert contested["holder"] is None
    assert contested["parties"] == [
        {"id": "is", "name": "Islamic State"},
        {"id": "rebels", "name": "Syrian opposition"},
    ]
    assert contested["probability"] == 0.75
    half = spell_record(Spell(State.UNKNOWN, date(2017, 1, 1), date(2017, 2, 1), start=Bounds(None, date(2017, 1, 3))))
    assert half["from"] == {"earliest": None, "latest": "2017-01-03"}


def test_an_answer_cites_claims_with_their_reports() -> None:
    cited = Cited(Testimony(resolved_claim(when=on_saturday()), REFERENCE), 0.4)
    record = answer_record(Answer(TOWN, date(2017, 10, 1), None, HELD, (cited,), (), ("One voice only.",)))
    assert promised(record, "on", "as_of", "state", "holder", "extent", "dissent") == {
        "on": "2017-10-01",
        "as_of": None,
        "state": "held",
        "holder": {"id": "is", "name": "Islamic State"},
        "extent": "whole",
        "dissent": [],
    }
    assert record["place"] == place_record(TOWN)
    assert record["support"] == [cited_record(cited)]
    (support,) = record["support"]
    assert list(support) == ["claim", "report", "weight"]
    assert support["claim"] == claim_record(cited.testimony.claim)
    assert support["report"]["published"] == "2017-10-22"
    assert support["weight"] == 0.4
    assert record["notes"] == ["One voice only."]
    assert "probability" not in record
    assert answer_record(Answer(TOWN, date(2017, 10, 1), date(2018, 1, 1), HELD))["as_of"] == "2018-01-01"
    assert json.loads(json.dumps(record, ensure_ascii=False)) == record
