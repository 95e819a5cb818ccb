"""The seed report's answers, from entries built by hand."""

from __future__ import annotations

from datetime import date

import pytest

from whoheld.fuse import fuse_claims, state_on
from whoheld.vocabulary import Bounds, Extent, Place, Spell, State, Testimony, Timeline

from .cases import claim, entries

PUBLISHED = date(2017, 10, 22)
QARYATAYN = Place("geonames:173361", "Al Qaryatayn", "populated")
RAQQA = Place("geonames:168017", "Raqqa", "populated")
MAYADIN = Place("geonames:168299", "Al Mayadin", "populated")
ANBAR = Place("iso3166-2:IQ-AN", "Anbar", "province")
GOVERNMENT = ("syria-government", "pro-government-militia")


def october(first: int, last: int | None = None) -> tuple[date, date]:
    return date(2017, 10, first), date(2017, 10, last or first)


def seed(kind: str, *args: object, **fields: object) -> Testimony:
    return claim(kind, *args, report="seed", published=PUBLISHED, publisher="alaraby", **fields)  # type: ignore[arg-type]


LATE_SEPTEMBER = (date(2017, 9, 20), date(2017, 9, 30))
SEED = [
    seed("capture", GOVERNMENT, "is", october(21), place=QARYATAYN),
    seed("capture", GOVERNMENT, "is", place=QARYATAYN, sources=("Syrian Central Military Media",)),
    seed("capture", "is", (), LATE_SEPTEMBER, place=QARYATAYN),
    seed("clash", "is", "syria-government", LATE_SEPTEMBER, place=QARYATAYN, extent=Extent.NEAR,
         sources=("the Russian military",)),
    seed("loss", "is", "sdf", october(16, 22), place=RAQQA),
    seed("capture", "us-coalition", place=RAQQA, sources=("Donald Trump",)),
    seed("loss", "is", (), october(9, 15), place=MAYADIN),
    seed("hold", "is", (), october(22), place=ANBAR, extent=Extent.PART, tense_now=True),
]  # fmt: skip
BARE_LOSS = [*SEED[:4], seed("loss", "is", (), october(16, 22), place=RAQQA), *SEED[5:]]


def timelines(claims: list[Testimony]) -> dict[str, Timeline]:
    return {timeline.place.id: timeline for timeline in fuse_claims(entries(*claims))}


def answer(timeline: Timeline, day: date) -> str:
    spell = state_on(timeline, day)
    if spell is None or spell.state is not State.HELD:
        return "unknown" if spell is None else str(spell.state)
    assert spell.holder is not None
    return spell.holder.id


@pytest.mark.parametrize("claims", [SEED, BARE_LOSS], ids=["gold", "taker missed"])
@pytest.mark.parametrize(
    ("place", "day", "expected"),
    [
        (QARYATAYN, date(2017, 9, 1), "unknown"),
        (QARYATAYN, date(2017, 10, 5), "is"),
        (QARYATAYN, date(2017, 10, 20), "is"),
        (QARYATAYN, date(2017, 10, 22), "syria-government"),
        (QARYATAYN, date(2018, 10, 22), "unknown"),
        (MAYADIN, date(2017, 10, 5), "is"),
        (MAYADIN, date(2017, 10, 20), "unknown"),
        (RAQQA, date(2017, 10, 10), "is"),
        (ANBAR, date(2017, 10, 22), "is"),
    ],
)
def test_seed_answers(claims: list[Testimony], place: Place, day: date, expected: str) -> None:
    assert answer(timelines(claims)[place.id], day) == expected


@pytest.mark.parametrize("claims", [SEED, BARE_LOSS], ids=["gold", "taker missed"])
def test_is_no_longer_holds_raqqa(claims: list[Testimony]) -> None:
    assert answer(timelines(claims)[RAQQA.id], date(2017, 10, 25)) != "is"


def spell_on(place: Place, day: date) -> Spell:
    spell = state_on(timelines(SEED)[place.id], day)
    assert spell is not None
    return spell


def test_anbar_is_held_in_part() -> None:
    assert spell_on(ANBAR, date(2017, 10, 22)).extent is Extent.PART


def test_changes_keep_their_dates() -> None:
    spell = spell_on(QARYATAYN, date(2017, 10, 5))
    assert spell.start == Bounds(*LATE_SEPTEMBER)
    assert spell.end == Bounds(*october(21))
    assert spell_on(QARYATAYN, date(2017, 10, 22)).start == Bounds(*october(21))
    assert spell_on(MAYADIN, date(2017, 10, 5)).end == Bounds(*october(9, 15))
    assert spell_on(MAYADIN, date(2017, 10, 5)).start is None


def test_every_answer_names_its_claim() -> None:
    for place, day, named in [
        (QARYATAYN, date(2017, 10, 5), SEED[2]),
        (QARYATAYN, date(2017, 10, 22), SEED[0]),
        (MAYADIN, date(2017, 10, 5), SEED[6]),
        (MAYADIN, date(2017, 10, 20), SEED[6]),
        (ANBAR, date(2017, 10, 22), SEED[7]),
    ]:
        assert named.claim.claim.id in [one.claim_id for one in spell_on(place, day).support[:2]]
