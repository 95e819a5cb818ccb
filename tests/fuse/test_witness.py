"""Who is a witness, and how freely a voice speaks."""

from __future__ import annotations

import pytest

from whoheld.fuse.policy import Policy
from whoheld.fuse.replay import replay_decisions
from whoheld.fuse.witness import Statement, Unusable, find_witnesses, state_claim
from whoheld.vocabulary import Factuality, Testimony

from .cases import claim, decision, entries, on

POLICY = Policy()


def statements(*claims: Testimony) -> list[Statement]:
    return [state_claim(standing, POLICY) for standing in replay_decisions(entries(*claims))]


def state(of: Testimony) -> Statement:
    return statements(of)[0]


def witnesses(*claims: Testimony) -> set[str]:
    copies = {one.report.id: one.report.copy_of for one in claims if one.report.copy_of}
    return {one.claim_id for one in find_witnesses(statements(*claims), copies, POLICY).statements}


def ids(*claims: Testimony) -> set[str]:
    return {one.claim.claim.id for one in claims}


def test_a_loss_to_a_named_taker_is_a_capture() -> None:
    said = state(claim("loss", "a", "b", on(5)))
    assert (said.kind, said.actor, said.opponent) == ("capture", "b", "a")


def test_an_undated_claim_is_of_the_days_before_publication() -> None:
    said = state(claim("capture", "a", published=on(50)))
    assert (said.earliest, said.latest) == (on(50 - POLICY.undated_window).toordinal(), on(50).toordinal())
    assert said.weight == POLICY.undated


def test_without_any_date_a_claim_cannot_be_used() -> None:
    with pytest.raises(Unusable, match="no date of publication"):
        state(claim("capture", "a"))


def test_a_present_tense_is_as_of_publication() -> None:
    said = state(claim("hold", "a", published=on(50), tense_now=True))
    assert said.earliest == said.latest == on(50).toordinal()
    assert said.weight == 1.0


def test_what_is_dated_after_its_publication_has_not_happened_yet() -> None:
    assert state(claim("capture", "a", (), on(60), published=on(50))).modality == "prospective"
    assert state(claim("capture", "a", (), on(51), published=on(50))).modality == "asserted"


@pytest.mark.parametrize(
    ("kind", "factuality", "source", "weight"),
    [
        ("capture", Factuality.CT_PLUS, (), 1.0),
        ("capture", Factuality.PR_PLUS, (), POLICY.probable),
        ("capture", Factuality.PS_PLUS, (), POLICY.possible),
        ("capture", Factuality.CT_PLUS, ("residents",), POLICY.quoted),
        ("capture", Factuality.CT_PLUS, ("a spokesman for the northern league",), POLICY.own_interest),
        ("capture", Factuality.CT_PLUS, ("the southern front",), 1.0),  # an admission
        ("loss", Factuality.CT_PLUS, ("the northern league",), 1.0),  # an admission
        ("loss", Factuality.CT_MINUS, ("the northern league",), POLICY.own_interest),
        ("capture", Factuality.CT_MINUS, ("the southern front",), POLICY.own_interest),
    ],
)
def test_voices(kind: str, factuality: Factuality, source: tuple[str, ...], weight: float) -> None:
    opponents = () if kind == "loss" else "southern front"
    said = state(claim(kind, "northern league", opponents, on(5), factuality=factuality, sources=source))
    assert said.weight == pytest.approx(weight)


def test_an_analyst_who_accepts_a_claim_vouches_for_it() -> None:
    doubtful = claim("capture", "a", (), on(5), factuality=Factuality.PS_PLUS, sources=("residents",))
    (standing,) = replay_decisions(entries(doubtful, decision(doubtful, "accept")))
    assert state_claim(standing, POLICY).weight == 1.0


def test_who_acts_together_with_allies_is_credited() -> None:
    assert state(claim("capture", ("a", "b"), (), on(5))).actor == "a"
    assert state(claim("capture", ("russia", "syria-government"), (), on(5))).actor == "syria-government"
    assert state(claim("capture", (None, "b"), (), on(5))).actor == "b"
    assert state(claim("capture", None, (), on(5))).actor is None


def test_a_copy_is_no_witness_whenever_it_was_printed() -> None:
    original = claim("capture", "a", (), on(5), published=on(6), report="original")
    copies = [
        claim("capture", "a", (), on(5 + n), published=on(6 + n), report=f"copy {n}", copy_of=f"copy {n - 1}" if n else
              "original")
        for n in range(3)
    ]  # fmt: skip
    assert witnesses(*copies, original) == ids(original)
    assert witnesses(*copies) == ids(copies[0])  # where the original is not known, the earliest speaks


def test_a_copy_that_adds_something_is_heard_for_that() -> None:
    original = claim("clash", "a", "b", on(5), published=on(6), report="original")
    update = claim("capture", "a", "b", on(6), published=on(6), report="update", copy_of="original")
    assert witnesses(original, update) == ids(original, update)


def test_the_same_words_in_two_outlets_are_one_witness() -> None:
    words = "The northern league took the town before dawn on Friday."
    first = claim("capture", "a", (), on(5), published=on(6), publisher="North", words=words)
    second = claim("capture", "a", (), on(5), published=on(7), publisher="South", words=words)
    short = claim("capture", "a", (), on(5), published=on(7), publisher="East", words="took the town")
    assert witnesses(second, first, short) == ids(first, short)


def test_one_spokesman_quoted_by_ten_is_one_witness() -> None:
    quoted = [
        claim("capture", "a", (), on(5), published=on(6 + n % 3), publisher=f"outlet {n}", sources=("General B",))
        for n in range(10)
    ]
    assert len(witnesses(*quoted)) == 1


def test_an_outlet_that_repeats_itself_is_one_witness_until_it_speaks_of_another_time() -> None:
    once = claim("hold", "a", (), on(5), published=on(5), publisher="North")
    again = claim("hold", "a", (), on(5), published=on(8), publisher="North")
    later = claim("hold", "a", (), on(9), published=on(9), publisher="North")
    assert witnesses(once, again, later) == ids(once, later)


def test_an_echo_is_filed_with_its_witness() -> None:
    once = claim("hold", "a", (), on(5), published=on(5), publisher="North", report="one")
    again = claim("hold", "a", (), on(5), published=on(6), publisher="North", report="two")
    found = find_witnesses(statements(once, again), {}, POLICY)
    assert found.echoes == {once.claim.claim.id: (again.claim.claim.id,)}


def test_claims_of_one_report_that_agree_share_their_weight() -> None:
    own = claim("capture", "a", "b", on(5), published=on(6), report="one")
    quoted = claim("capture", "a", "b", on(5), published=on(6), report="one", sources=("residents",))
    found = {one.claim_id: one.weight for one in find_witnesses(statements(own, quoted), {}, POLICY).statements}
    assert found[own.claim.claim.id] == pytest.approx(0.5**0.5)
    assert found[quoted.claim.claim.id] == pytest.approx(POLICY.quoted * 0.5**0.5)


def test_a_copy_printed_after_the_day_that_the_original_looks_ahead_to_is_still_a_copy() -> None:
    original = claim("capture", "a", (), on(60), published=on(50), report="original")
    reprint = claim("capture", "a", (), on(60), published=on(60), report="reprint", copy_of="original")
    assert witnesses(original, reprint) == ids(original)
