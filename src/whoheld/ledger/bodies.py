"""Vocabulary objects as JSON, so that what is read back is equal to what was written.

An append-only store cannot mend what it wrote, so every body is decoded again, and compared, before it is kept.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TypeVar

import msgspec

from whoheld.errors import LedgerError
from whoheld.vocabulary import Decision, Mention, Place, Report, ResolvedClaim

_encoder = msgspec.json.Encoder()
_claims = msgspec.json.Decoder(ResolvedClaim)
_reports = msgspec.json.Decoder(Report)
_decisions = msgspec.json.Decoder(Decision)
_places = msgspec.json.Decoder(Place)

T = TypeVar("T", ResolvedClaim, Report, Decision)


def encode_claim(claim: ResolvedClaim) -> str:
    """The body of a claim. Raises LedgerError where it cannot be kept without loss (NaN, half a character)."""
    return _encode(_plain(claim), _claims, f"the claim {claim.claim.id}")


def decode_claim(body: str) -> ResolvedClaim:
    return _claims.decode(body)


def encode_report(report: Report) -> str:
    """The body of a report without its text, which is kept apart. Raises LedgerError."""
    return _encode(replace(report, text=""), _reports, f"the report {report.id}")


def decode_report(body: str, text: str) -> Report:
    return replace(_reports.decode(body), text=text)


def encode_decision(decision: Decision) -> str:
    """The body of a decision. Raises LedgerError."""
    return _encode(decision, _decisions, f"the decision on {decision.claim_id}")


def decode_decision(body: str) -> Decision:
    return _decisions.decode(body)


def decode_place(body: str) -> Place:
    """A place from its JSON. Raises msgspec.ValidationError."""
    return _places.decode(body)


def sha256_of(text: str, report_id: str) -> str:
    """The SHA-256 of the text's UTF-8, 64 hex digits. Raises LedgerError where the text has none."""
    try:
        return hashlib.sha256(text.encode("utf-8")).hexdigest()
    except UnicodeEncodeError as error:
        raise LedgerError(_half_a_character(f"the text of the report {report_id}", error)) from error


def reading_digest(report: Report, coder: str, bodies: dict[str, str]) -> str:
    """What tells one reading of a report from another, 64 hex digits: the metadata, the coder, the claims by id.

    When the report was fetched, whom it copies and what the reader warned of are left out: they depend on the run.
    """
    metadata = replace(report, text="", retrieved=None, copy_of=None, warnings=())
    whole = _encoder.encode((metadata, coder, sorted(bodies.items())))
    return hashlib.sha256(whole).hexdigest()


def _plain(claim: ResolvedClaim) -> ResolvedClaim:
    """The claim with times as plain mentions: what a `TimeMention` adds was used up when the time was reckoned."""
    words, when = claim.claim.when, claim.when
    if words is not None and type(words) is not Mention:
        claim = replace(claim, claim=replace(claim.claim, when=Mention(words.start, words.end, words.text)))
    if when is not None and when.mention is not None and type(when.mention) is not Mention:
        mention = Mention(when.mention.start, when.mention.end, when.mention.text)
        claim = replace(claim, when=replace(when, mention=mention))
    return claim


def _encode(value: T, decoder: msgspec.json.Decoder[T], what: str) -> str:
    try:
        body = _encoder.encode(value)
        again = decoder.decode(body)
    except UnicodeEncodeError as error:
        raise LedgerError(_half_a_character(what, error)) from error
    except (TypeError, msgspec.ValidationError) as error:
        raise LedgerError(f"Cannot keep {what}: {error}. This is a fault of the coder that read it.") from error
    if again != value:
        raise LedgerError(
            f"Cannot keep {what} without loss: a number in it is not finite, or a field has another type than the "
            "vocabulary says. This is a fault of the coder that read it."
        )
    return body.decode("utf-8")


def _half_a_character(what: str, error: UnicodeEncodeError) -> str:
    code = ord(error.object[error.start])
    return (
        f"Cannot keep {what}: at character {error.start} stands half of a surrogate pair (U+{code:04X}), which is no "
        "character. Write the source again in valid UTF-8."
    )
