"""The figures of docs/inference.md: run `python tests/fuse/figures.py` (about a minute).

Answers by horizon and tenure, on the claims read by hand and in a simulated war whose truth is known.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from fuse.by_hand import EXPECTED, fused, spell_for
from fuse.cases import claim, entries, on
from whoheld.fuse import fuse_claims, state_on
from whoheld.fuse.policy import Policy
from whoheld.vocabulary import Place, State, Testimony

YEARS = 6
SIDES = "abc"


def by_hand(policy: Policy) -> tuple[int, int]:
    """How many of the expected answers are right, and how many name a holder wrongly."""
    timelines = fused(policy)
    right = false = 0
    for expected in EXPECTED:
        spell = spell_for(timelines, expected["place"], expected["on"])
        state = spell.state if spell else State.UNKNOWN
        holder = spell.holder.id if spell and spell.holder else ""
        right += (state, holder) == (expected["state"], expected["holder"])
        false += state is State.HELD and (state, holder) != (expected["state"], expected["holder"])
    return right, false


Tenure = tuple[int, int, str]


def history(chance: random.Random, tenure: float) -> list[Tenure]:
    """First day, day after the last, and holder: memoryless tenures of `tenure` days on average."""
    spells: list[Tenure] = []
    day, side = 0, chance.choice(SIDES)
    while day < 365 * YEARS:
        end = day + 1 + int(chance.expovariate(1 / tenure))
        spells.append((day, end, side))
        day, side = end, chance.choice([other for other in SIDES if other != side])
    return spells


def reports(chance: random.Random, spells: list[Tenure], place: Place, mentions: int) -> list[Testimony]:
    """Seven in ten changes are reported, and `mentions` holds at random; one claim in ten names the wrong side."""
    said = []
    for (_, _, loser), (begin, _, taker) in pairwise(spells):
        if chance.random() < 0.7:
            vague = chance.choice([0, 0, 2, 6])
            wrong = chance.random() < 0.1
            when = on(max(0, begin - chance.randint(0, vague))), on(begin + vague)
            actor = chance.choice(SIDES) if wrong else taker
            victim = loser if chance.random() < 0.5 and loser != actor else ()
            said.append(("capture", actor, victim, when, begin + vague + 1))
    for _ in range(mentions):
        day = chance.randrange(365 * YEARS)
        begin, _, side = next(spell for spell in spells if spell[0] <= day < spell[1])
        side = chance.choice(SIDES) if chance.random() < 0.1 else side
        said.append(("hold", side, (), (on(day), on(day)), day))
    voices = [(), (), ("residents",)]
    return [
        claim(kind, actor, victim, when, place=place, published=on(day), report=f"{place.id} {number}",
              sources=chance.choice(voices))
        for number, (kind, actor, victim, when, day) in enumerate(said)
    ]  # fmt: skip


def simulated(policy: Policy, tenure: float, mentions: int = 8, places: int = 100) -> tuple[float, float]:
    """Shares of the days on which the answer is the true holder, and on which it is a wrong one."""
    chance = random.Random(7)
    truths, bodies = {}, []
    for number in range(places):
        place = Place(f"whoheld:{number:04}", str(number), "populated")
        truths[place.id] = history(chance, tenure)
        bodies += reports(chance, truths[place.id], place, mentions)
    counts: Counter[str] = Counter()
    for timeline in fuse_claims(entries(*bodies), policy=policy):
        for day in range(0, 365 * YEARS, 10):
            spell = state_on(timeline, on(0) + timedelta(day))
            holder = next(side for begin, end, side in truths[timeline.place.id] if begin <= day < end)
            if spell and spell.holder:
                counts["right" if spell.holder.id == holder else "wrong"] += 1
            else:
                counts["unknown"] += 1
    total = sum(counts.values())
    return counts["right"] / total, counts["wrong"] / total


def main() -> None:
    """The table: answers right and false of 89; shares of days with tenures of one and three years."""
    write = sys.stdout.write
    write("| `change_every` | `horizon` | by hand: right, false | 1 year: right, wrong | 3 years: right, wrong |\n")
    write("| --- | --- | --- | --- | --- |\n")
    for change_every in (365.0, 730.0, 1095.0, 1825.0):
        for horizon in (90, 180, 365, 540):
            policy = Policy(change_every=change_every, horizon=horizon)
            right, false = by_hand(policy)
            shares = [simulated(policy, 365.0 * years) for years in (1, 3)]
            cells = " | ".join(f"{100 * good:.1f} %, {100 * bad:.1f} %" for good, bad in shares)
            write(f"| {change_every:.0f} | {horizon} | {right}, {false} | {cells} |\n")


if __name__ == "__main__":
    main()
