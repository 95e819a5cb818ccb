"""The settings of the inference, all in one place. What each means and why: docs/inference.md."""

from __future__ import annotations

from dataclasses import dataclass

from whoheld.vocabulary import Succession


@dataclass(frozen=True, slots=True)
class Policy:
    """How claims are weighed and how the answer is read off. Frozen: a timeline's hash contains it.

    Odds are likelihood ratios: how many times likelier such a claim is where it is true than where it is not.
    Tempers are exponents from 0 to 1 on those odds. Times are in days. None of these numbers has been learned from
    data: they are chosen by hand, and the answers' probabilities are therefore shown as words only.
    """

    # Reading the answer off the posterior.
    held_at_least: float = 0.8
    contested_at_least: float = 0.55
    horizon: int = 365  # how long after its last support a place can still be called held, however sure that was
    contest_horizon: int = 30  # how long after a clash it can still be called contested
    divided_horizon: int = 180  # the same after a claim that somebody holds a part of it
    hindsight: int = 30  # how far back the tenure of one that loses the place is inferred

    # How places change by themselves (mean days until the state is left), and what holds before anybody speaks.
    change_every: float = 1095.0
    contest_lasts: float = 120.0
    part_lasts: float = 365.0
    unnamed_lasts: float = 540.0
    prior_unnamed: float = 0.4
    prior_contested: float = 0.1

    # The odds of a claim in the report's own voice, certain, dated.
    capture_odds: float = 100.0  # it changed hands to the taker; on top of the improbability of a change just then
    loser_odds: float = 200.0  # the named loser held it just before
    loss_odds: float = 60.0  # it left the loser's hands; on top of the same improbability
    hold_odds: float = 60.0
    part_odds: float = 4.0  # the taker of a part holds that part, rather than being one of several inside
    siege_odds: float = 4.0  # the besieged hold it
    siege_contest_odds: float = 1.5
    clash_odds: float = 2.0  # it is contested
    strike_odds: float = 1.5  # the side that is struck holds it
    near_odds: float = 1.2  # anything in the surroundings: it is contested
    planned_odds: float = 1.5  # what is planned is not yet so

    # Tempers.
    probable: float = 0.6
    possible: float = 0.3
    quoted: float = 0.8  # somebody else's words
    own_interest: float = 0.35  # a side's words in its own favour
    denied: float = 0.3
    undated: float = 0.8
    muddled: float = 0.2  # the same side on both sides of a claim, or enemies as its joint actors

    # Time that the report leaves vague, and independence.
    undated_window: int = 30  # an undated event happened at most so long before publication
    narrow_width: int = 10  # a state or a skirmish dated no more closely than this says little of any one day
    echo_days: int = 7  # the same voice saying the same again within so many days is one witness
    crowd_days: int = 7  # weak claims of one kind within so many days of each other share their weight
    memory: int = 64  # how many combinations of pending changes the exact inference keeps in mind at once
    cited_at_most: int = 64  # how many claims, those nearest in time, are weighed as an answer's support and dissent

    # (ally, principal): when the two act together, the place is credited to the principal, whichever is named first.
    allies: tuple[tuple[str, str], ...] = (
        ("russia", "syria-government"),
        ("iran", "syria-government"),
        ("hezbollah", "syria-government"),
        ("pro-government-militia", "syria-government"),
        ("us-coalition", "sdf"),
        ("us-coalition", "iraq-government"),
        ("us-coalition", "peshmerga"),
    )
    # Who became whom, as the registry of actors has it; a timeline's hash contains those that touch its place.
    successions: tuple[Succession, ...] = ()

    def __post_init__(self) -> None:
        for name in ("held_at_least", "contested_at_least"):
            if not 0.5 < getattr(self, name) < 1:
                raise ValueError(f"{name} must lie between 0.5 and 1, so that no two answers can both be true")
        if not 0 < self.prior_unnamed + self.prior_contested < 1:
            raise ValueError("prior_unnamed and prior_contested must leave something to the named sides")


DEFAULT = Policy()
"""The settings where none are given. Frozen, like every policy."""
