"""The judge: which place, and which sides, belong to a trigger.

A log-linear model over the features of :mod:`whoheld.extract.features`. Its weights are data (data/judge.json), learned
from annotated reports by `training/judge.py`; where a feature is unknown it counts nothing.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from whoheld import data

PARTS = ("place", "second", "actor", "opponent", "time", "source", "least")


@dataclass(frozen=True, slots=True)
class Judge:
    """Weights by feature, in natural log odds, for each question; `least` are the odds to be reached."""

    place: Mapping[str, float]
    second: Mapping[str, float]
    actor: Mapping[str, float]
    opponent: Mapping[str, float]
    time: Mapping[str, float]
    source: Mapping[str, float]
    least: Mapping[str, float]

    def of_place(self, features: Iterable[str]) -> float:
        """The log odds that the trigger is about the place."""
        return _sum(self.place, features)

    def of_second(self, features: Mapping[str, float]) -> float:
        """The log odds that the trigger is about the place, after a look at its rivals."""
        return math.fsum(self.second.get(name, 0.0) * value for name, value in features.items())

    def of_actor(self, features: Iterable[str]) -> float:
        """The log odds that the side does it."""
        return _sum(self.actor, features)

    def of_opponent(self, features: Iterable[str]) -> float:
        """The log odds that it is done to the side."""
        return _sum(self.opponent, features)

    def of_time(self, features: Iterable[str]) -> float:
        """The log odds that the time expression dates it."""
        return _sum(self.time, features)

    def of_source(self, features: Iterable[str]) -> float:
        """The log odds that the source says it."""
        return _sum(self.source, features)


def _sum(weights: Mapping[str, float], features: Iterable[str]) -> float:
    return math.fsum(weights.get(feature, 0.0) for feature in features)


@cache
def trained_judge() -> Judge:
    """The judge that is shipped with the package."""
    return judge_from(json.loads(data.read_bytes("judge.json")))


def judge_from(record: Mapping[str, Mapping[str, float]]) -> Judge:
    """The judge with these weights: an object with the names of PARTS."""
    return Judge(**{name: record.get(name, {}) for name in PARTS})
