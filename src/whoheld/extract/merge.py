"""Drafts that say the same, told to be one claim.

A report says a thing several times: in its lead, in a quotation, in the background. By the codebook that is one claim
for each distinct combination of kind, sides, place, time, source and modality; what one telling leaves out another
fills in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from whoheld.extract.nlp import Sentence
from whoheld.plugins import Lexicon
from whoheld.vocabulary import (
    BlockKind,
    Claim,
    Factuality,
    Kind,
    Mention,
    Participant,
    PlaceReference,
    Quotation,
    Report,
    TimeMention,
    content_id,
)


@dataclass(frozen=True, slots=True)
class Draft:
    """What one sentence tells: a claim before it is merged with what says the same."""

    sentence: Sentence
    kind: Kind
    trigger: Mention
    place: PlaceReference
    actors: tuple[Participant, ...]
    opponents: tuple[Participant, ...]
    when: TimeMention | None
    sources: tuple[Mention, ...]
    factuality: Factuality
    tense_now: bool  # a hold or siege told as of publication


def claims_of(
    report: Report, drafts: Sequence[Draft], coder: str, lexicon: Lexicon, actors: Sequence[Mention]
) -> tuple[Claim, ...]:
    """The claims of a report from its drafts, in the order of their first telling. `actors` are all that it names."""
    spoken = [draft for draft in drafts if _speaks(draft, drafts)]
    named = list(dict.fromkeys(p.mention for draft in spoken for p in (*draft.actors, *draft.opponents)))
    keys = lexicon.sides(named, context=actors, published=report.published)
    sides = dict(zip(named, keys, strict=True))
    claims = [_claim(report, group, coder) for group in merge_drafts(spoken, sides)]
    return tuple(replace(claim, id=claim_id(claim)) for claim in claims)


def _speaks(draft: Draft, drafts: Sequence[Draft]) -> bool:
    """Headlines and captions repeat what the body says; they make no claim beside it, and none that it lacks."""
    spoken = (BlockKind.BODY, BlockKind.STANDFIRST)
    if draft.sentence.block in spoken:
        return True
    return any(
        other.sentence.block in spoken
        and other.kind is draft.kind
        and other.place.mention.text.lower() == draft.place.mention.text.lower()
        for other in drafts
    )


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
        and one.factuality.modality is other.factuality.modality
        and _place_key(one.place) == _place_key(other.place)
        and _may_be_same(_keys(one.actors, sides), _keys(other.actors, sides))
        and _may_be_same({_words(one.when)} - {""}, {_words(other.when)} - {""})
        and _may_be_same({_words(s) for s in one.sources}, {_words(s) for s in other.sources})
    )


def _place_key(place: PlaceReference) -> str:
    return place.mention.text.lower().replace("-", " ").replace("al ", "")


def _keys(participants: Sequence[Participant], sides: Mapping[Mention, str]) -> set[str]:
    return {sides.get(p.mention) or p.mention.text.lower() for p in participants}


def _words(mention: Mention | None) -> str:
    return mention.text.lower() if mention is not None else ""


def _may_be_same(one: set[str], other: set[str]) -> bool:
    return not one or not other or bool(one & other)


def _claim(report: Report, group: Sequence[Draft], coder: str) -> Claim:
    """One claim of drafts that say the same: each part from the draft that is the first to tell it."""
    first = group[0]
    told = next((draft for draft in group if draft.actors), first)
    dated = next((draft for draft in group if draft.when is not None), first)
    quotations = dict.fromkeys(
        Quotation.of(report.text, sentence.start, sentence.end) for sentence in (draft.sentence for draft in group)
    )
    return Claim(
        "",
        report.id,
        coder,
        first.kind,
        first.trigger,
        told.actors + told.opponents,
        first.place,
        dated.when,
        next((draft.sources for draft in group if draft.sources), ()),
        first.factuality,
        tuple(quotations),
        dated.when is None and all(draft.tense_now for draft in group),
    )


def claim_id(claim: Claim) -> str:
    """The claim's content id: all that it says, where, and the coder's version."""

    def span(mention: Mention | Quotation | None) -> list[int] | None:
        return [mention.start, mention.end] if mention is not None else None

    return content_id(
        claim.report_id,
        claim.coder,
        claim.kind,
        claim.factuality,
        span(claim.trigger),
        [[p.role, span(p.mention), span(p.anchor)] for p in claim.participants],
        [span(claim.place.mention), claim.place.extent, span(claim.place.anchor)],
        span(claim.when),
        claim.tense_now,
        [span(s) for s in claim.sources],
        [span(q) for q in claim.evidence],
    )
