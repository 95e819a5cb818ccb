"""The registry of actors: what its data must hold, whom words mean in many wars, and that spans are exact."""

import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whoheld.data import table
from whoheld.fuse.policy import DEFAULT
from whoheld.resolve.actorrecords import KINDS
from whoheld.resolve.actors import (
    ActorRecord,
    Registry,
    country_weights,
    open_registry,
    resolve_actors,
)
from whoheld.resolve.names import fold
from whoheld.vocabulary import Mention, ResolvedActor

CASES: dict[str, Any] = tomllib.loads(Path(__file__).with_name("cases_actors.toml").read_text("utf-8"))
ROWS = [*CASES["named"]["rows"], *CASES["generic"]["rows"]]
GOLDEN = Path(__file__).parents[1] / "golden" / "expected_answers.toml"
GOLD_SIDES = (
    "syria-government", "russia", "iran", "hezbollah", "pro-government-militia", "is", "hts", "rebels", "sdf", "turkey",
    "us-coalition", "israel", "iraq-government", "peshmerga", "ukraine",
)  # fmt: skip


@pytest.fixture(scope="module")
def registry() -> Registry:
    return open_registry()


def resolve(
    registry: Registry, words: str, country: str = "", day: str = "", context: str = "", **more: Any
) -> ResolvedActor:
    """What `words` mean after the mentions of `context` (parted by semicolons)."""
    names, at = [], 0
    for name in filter(None, context.split("; ")):
        names.append(Mention(at, at + len(name), name))
        at += len(name) + 1
    mention = Mention(at, at + len(words), words)
    countries = {country: 1.0} if country else {}
    published = date.fromisoformat(day) if day else None
    (answer,) = resolve_actors(
        [mention], registry=registry, countries=countries, published=published, context=names, **more
    )
    assert answer.mention is mention
    return answer


# --- whom words mean ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]} [{row[1]} {row[2]} {row[3]}]")
def test_case(registry: Registry, row: list[Any]) -> None:
    words, country, day, context, actor, side, generic = row
    answer = resolve(registry, words, country, day, context)
    if not actor:
        assert answer.actor is None
        return
    assert answer.actor is not None
    assert (answer.actor.id, answer.actor.side, answer.generic) == (actor, side or actor, generic)
    record = registry.get(answer.actor.side)
    assert record is not None
    assert answer.actor.side_name == record.name


@pytest.mark.parametrize("case", CASES["found"], ids=lambda case: case["text"][:40])
def test_found(registry: Registry, case: dict[str, Any]) -> None:
    assert [mention.text for mention in registry.find(case["text"])] == case["mentions"]


def test_a_government_outlet_s_terrorists_are_its_enemies(registry: Registry) -> None:
    report = {"country": "SY", "day": "2016-03-01", "context": "Islamic State"}
    ours = resolve(registry, "jihadists", publisher="SANA", **report)
    theirs = resolve(registry, "jihadists", publisher="Orient", **report)
    assert ours.actor is not None
    assert theirs.actor is not None
    assert (ours.actor.side, theirs.actor.side) == ("rebels", "is")


def test_a_country_that_does_not_outweigh_the_other_decides_nothing(registry: Registry) -> None:
    def army(**countries: float) -> str | None:
        (answer,) = resolve_actors(
            [Mention(0, 8, "the army")], registry=registry, countries=countries, published=date(2016, 1, 1)
        )
        return answer.actor.side if answer.actor else None

    assert army(SY=3, IQ=1) == "syria-government"
    assert army(SY=1, IQ=1) is None
    assert army(SY=1, US=9, GB=9) == "syria-government", "powers without a war at home are no theatre"


def test_without_a_day_a_word_that_changed_its_meaning_stays_open(registry: Registry) -> None:
    assert resolve(registry, "the army", "AF").actor is None
    tahrir = resolve(registry, "Tahrir al-Sham", "SY").actor
    assert tahrir is not None
    assert tahrir.side == "syria-transitional-government", "a name takes its latest side"


def test_a_shared_name_is_told_apart_by_the_theatre(registry: Registry) -> None:
    def homeland(country: str) -> str | None:
        actor = resolve(registry, "Republican Guard", country, "2016-01-01").actor
        return actor.id if actor else None

    assert homeland("SY") == "syrian-republican-guard"


def test_order_and_length_are_those_of_the_mentions(registry: Registry) -> None:
    text = "Residents saw M23 and the army, then M23 again."
    words = ("M23", "Residents", "the army", "M23")
    mentions = [Mention.of(text, text.index(w), text.index(w) + len(w)) for w in words]
    answers = resolve_actors(mentions, registry=registry, countries={"CD": 1.0}, published=date(2025, 2, 1))
    assert [answer.mention for answer in answers] == mentions
    assert [answer.actor.side if answer.actor else None for answer in answers] == ["m23", None, "drc-government", "m23"]


def test_named_sides_point_at_their_countries(registry: Registry) -> None:
    weights = country_weights(
        registry.find("M23 fought the Congolese army. Russian jets and militants were there."), registry
    )
    assert weights["CD"] == 2.0
    assert weights["RU"] == 0.2
    assert country_weights(registry.find("rebels, militants, the army"), registry) == {}


# --- the data -----------------------------------------------------------------------------------------------------


def test_there_are_enough_actors_in_enough_wars(registry: Registry) -> None:
    assert len(registry) >= 300
    theatres = Counter(record.countries[0] for record in registry if not record.id.endswith("-government"))
    assert sum(1 for n in theatres.values() if n >= 2) >= 20


def test_every_reference_exists(registry: Registry) -> None:
    ids = {record.id for record in registry}
    for record in registry:
        assert record.kind in KINDS, record.id
        assert record.countries, record.id
        assert all(len(code) == 2 and code.isupper() for code in record.countries), record.id
        assert record.source, record.id
        for other in (
            *record.backers,
            *(stay.id for stay in record.sides),
            *filter(None, (record.parent, record.successor)),
        ):
            assert other in ids, f"{record.id} -> {other}"
    words = table("actors/words.toml")
    for group in ("states", "theatres"):
        for code, entry in words[group].items():
            for key, value in entry.items():
                if group == "theatres" or key == "actor":
                    for one in _ids(value):
                        assert one in ids, f"{group}.{code}.{key} -> {one}"
    assert set(words["jihadi"]["actors"]) <= ids


def _ids(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from value.values()
    else:
        yield from (one["id"] for one in value)


def test_parents_and_successors_run_in_no_circle(registry: Registry) -> None:
    for link in ("parent", "successor"):
        for record in registry:
            seen, here = {record.id}, registry.get(getattr(record, link))
            while here is not None:
                assert here.id not in seen, f"{link} of {record.id} comes back to {here.id}"
                seen.add(here.id)
                here = registry.get(getattr(here, link))


def test_dates_are_in_order_and_sides_do_not_overlap(registry: Registry) -> None:
    for record in registry:
        assert record.first is None or record.last is None or record.first <= record.last, record.id
        for stay in record.sides:
            assert stay.first is None or stay.last is None or stay.first <= stay.last, record.id
        for one, two in combinations(record.sides, 2):
            if not one.countries and not two.countries:
                assert one.last is not None, record.id
                assert two.first is not None, record.id
                assert one.last < two.first, record.id


def test_a_side_is_its_own_side(registry: Registry) -> None:
    """Nobody is counted with a side that is itself counted with another on that day."""
    for record in registry:
        for stay in record.sides:
            side = registry.get(stay.id)
            assert side is not None
            day = stay.last or record.last or stay.first or record.first
            if day is None:
                continue  # an age without dates: what its side became, timelines follow
            assert registry.side_on(side, day).id == side.id, f"{record.id} -> {side.id} on {day}"


def test_one_name_means_one_actor_where_and_when_both_fight(registry: Registry) -> None:
    owners: dict[str, list[ActorRecord]] = defaultdict(list)
    for record in registry:
        for key in {fold(name).replace("the ", "") for name in (record.name, *record.aliases)}:
            owners[key].append(record)
    for name, records in owners.items():
        for one, two in combinations(records, 2):
            apart = not set(one.countries) & set(two.countries) or (
                (one.last or date.max) <= (two.first or date.min) or (two.last or date.max) <= (one.first or date.min)
            )
            assert apart, f"“{name}” is both {one.id} and {two.id}"


def test_every_name_is_found_as_itself(registry: Registry) -> None:
    missed = []
    for record in registry:
        for name in record.aliases:
            found = registry.find(f"They saw {name} there.")
            if not any(mention.text == name or name in mention.text for mention in found):
                missed.append((record.id, name))
    # Names with a note in brackets or with commas are search terms only.
    assert [pair for pair in missed if "(" not in pair[1] and "," not in pair[1]] == []


def test_the_sides_of_gold_golden_answers_and_policy_exist(registry: Registry) -> None:
    for side in GOLD_SIDES:
        record = registry.get(side)
        assert record is not None
        assert record.id == side
        assert registry.side_on(record, date(2017, 1, 1)).id == side
    for pair in DEFAULT.allies:
        assert all(registry.get(side) for side in pair)
    for answer in tomllib.loads(GOLDEN.read_text("utf-8"))["answer"]:
        if answer["holder"]:
            record = registry.get(answer["holder"])
            assert record is not None, answer["holder"]
            assert registry.side_on(record, date.fromisoformat(answer["on"])).id == record.id


def test_wikidata_ids_are_ids_and_used_once(registry: Registry) -> None:
    ids = [record.wikidata for record in registry if record.wikidata]
    assert all(one.startswith("Q") and one[1:].isdigit() for one in ids)
    assert len(ids) == len(set(ids))


def test_search_and_get(registry: Registry) -> None:
    assert registry.search("sana'a airport") == ()
    assert registry.search("Nusra Front")[0].id == "nusra-front"
    assert "ypg" in [record.id for record in registry.search("protection units")]
    assert registry.search("داعش")[0].id == "is"
    merged = registry.get("sudan-government")
    assert merged is not None
    assert merged.id == "sudan-army"
    assert registry.get("nobody") is None
    assert registry.search("") == ()


# --- spans --------------------------------------------------------------------------------------------------------

PIECES = st.sampled_from(
    ["Syrian ", "government ", "forces ", "IS ", "U.S.", "-backed ", "Nusra Front's ", "al-", "Sham", "rebels", ", ",
     "the ", "army ", "“", "İstanbul ", "Hay’at Tahrir ", "داعش ", "ЗСУ ", "22nd ", "Kurdish", "-led ", "(", ")",
     "’s ", "\n\n"]
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.lists(PIECES, max_size=14).map("".join), st.text(max_size=40)))
def test_spans_are_exact_ordered_and_apart(text: str) -> None:
    registry = open_registry()
    mentions = registry.find(text)
    assert all(text[m.start : m.end] == m.text and m.text.strip() == m.text != "" for m in mentions)
    assert all(one.end <= two.start for one, two in pairwise(mentions))
    answers = resolve_actors(
        mentions, registry=registry, countries={"SY": 1.0}, published=date(2016, 1, 1), context=mentions
    )
    assert [answer.mention for answer in answers] == list(mentions)
