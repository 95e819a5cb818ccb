"""Drafts that say the same, told to be one claim.

A report says a thing several times: in its lead, in a quotation, in the background. By the codebook that is one claim
for each distinct combination of kind, sides, place, time, source and modality; what one telling leaves out another
fills in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from whoheld.extract import anchor
from whoheld.extract.candidates import Candidate
from whoheld.extract.features import Scene
from whoheld.extract.syntax import main_verb
from whoheld.vocabulary import Factuality, Kind, Mention, TimeMention


@dataclass(frozen=True, slots=True)
class Draft:
    """A claim before it is merged with what says the same."""

    scene: Scene
    place: Candidate
    kind: Kind
    actors: tuple[Candidate, ...]
    opponents: tuple[Candidate, ...]
    when: TimeMention | None
    sources: tuple[Mention, ...]

    @property
    def tense_now(self) -> bool:
        """Whether a hold or siege is told as of publication."""
        if self.kind not in (Kind.HOLD, Kind.SIEGE) or self.when is not None or self.scene.factuality is Factuality.UU:
            return False
        trigger = self.scene.trigger
        verb = main_verb(trigger.token) or trigger.token
        return trigger.frame in ("modifier", "stronghold") or anchor.is_present(verb)


def merge_drafts(drafts: Sequence[Draft], sides: Mapping[Mention, str]) -> list[list[Draft]]:
    """The drafts in groups, each one claim, in the order of their first telling.

    `sides` are keys of the participants' names: the same key is the same side, "" is not known.
    """
    groups: list[list[Draft]] = []
    for draft in drafts:
        for group in groups:
            if all(_agree(draft, other, sides) for other in group):
                group.append(draft)
                break
        else:
            groups.append([draft])
    return groups


def _agree(one: Draft, other: Draft, sides: Mapping[Mention, str]) -> bool:
    """Whether the two may tell one thing: nothing that both say differs."""
    return (
        one.kind is other.kind
        and one.scene.factuality.modality is other.scene.factuality.modality
        and _place_key(one.place) == _place_key(other.place)
        and _may_be_same(_keys(one.actors, sides), _keys(other.actors, sides))
        and _may_be_same({_words(one.when)} - {""}, {_words(other.when)} - {""})
        and _may_be_same({_words(s) for s in one.sources}, {_words(s) for s in other.sources})
    )


def _place_key(place: Candidate) -> str:
    return place.name.text.lower().replace("-", " ").replace("al ", "")


def _keys(candidates: Sequence[Candidate], sides: Mapping[Mention, str]) -> set[str]:
    return {sides.get(side.name) or side.name.text.lower() for side in candidates}


def _words(mention: Mention | None) -> str:
    return mention.text.lower() if mention is not None else ""


def _may_be_same(one: set[str], other: set[str]) -> bool:
    return not one or not other or bool(one & other)
