"""What people see: answers, timelines and counts as text of any width, 80 columns being the one it is made for.

Whatever stood in a report is shown without its control characters: a report must not be able to drive a terminal.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from whoheld import record
from whoheld.ask import Change, KnownPlace
from whoheld.vocabulary import (
    Answer,
    Bounds,
    Certainty,
    Cited,
    Decision,
    Entry,
    Extent,
    Kind,
    Modality,
    Place,
    Quotation,
    ResolvedActor,
    Spell,
    State,
    Testimony,
    Timeline,
)

# Control characters of terminals, and those that turn the direction of the text around them.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")
_STATE_STYLE = {State.HELD: "bold", State.CONTESTED: "bold yellow", State.UNKNOWN: "bold magenta"}
_LONGEST_QUOTATION = 400
_LOOKED_AT = 12  # of a spell's claims, the weightiest first, for the one that is quoted for it

_CLAIMS = {
    Kind.CAPTURE: ("capture", "by", "from"),
    Kind.LOSS: ("loss", "by", "to"),
    Kind.HOLD: ("hold", "by", "against"),
    Kind.SIEGE: ("siege", "by", "of"),
    Kind.CLASH: ("clash", "of", "with"),
    Kind.STRIKE: ("strike", "by", "on"),
    Kind.TRUCE: ("truce", "of", "with"),
}
_MODALITIES = {Modality.ASSERTED: "", Modality.DENIED: "denied ", Modality.PROSPECTIVE: "planned or expected "}


class _Console(Console):
    """Rich ends the program with 1 where the reader of its output went away; that is for the caller to say."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


class _Ragged:
    """What it holds, without the blanks that tables fill their lines with: lines that can be copied and compared."""

    def __init__(self, body: RenderableType) -> None:
        self._body = body

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for line in console.render_lines(self._body, options, pad=False):
            kept = list(line)
            while kept and not kept[-1].text.strip():
                kept.pop()
            if kept:
                text, style, control = kept[-1]
                kept[-1] = Segment(text.rstrip(), style, control)
            yield from kept
            yield Segment.line()


def show(*parts: RenderableType) -> None:
    """Print to standard output. Raises BrokenPipeError."""
    _Console(highlight=False, markup=False, emoji=False).print(_Ragged(Group(*parts)), end="")


def complain(message: str, *, style: str = "red") -> None:
    """One line to standard error, never a traceback."""
    Console(stderr=True, highlight=False, markup=False, emoji=False).print(Text(clean(message), style), soft_wrap=True)


def print_json(value: Any) -> None:
    """One JSON value on one line of standard output, in letters where the stream and the text allow it."""
    line = json.dumps(value, ensure_ascii=False)
    try:
        line.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        line = json.dumps(value)
    sys.stdout.write(line + "\n")


def clean(text: str) -> str:
    """`text` on one line, with nothing in it that a terminal would obey."""
    return _UNSAFE.sub(" ", text)


# --- answers ------------------------------------------------------------------------------------------------


def answer_text(answer: Answer) -> Group:
    """The answer to `who`: what, how sure, and every claim for and against it with its words."""
    head = Text.assemble((place_words(answer.place), "bold"), f" on {answer.on}")
    if answer.as_of:
        head.append(f", as known by {answer.as_of}")
    parts: list[RenderableType] = [head, Text.assemble(_state(answer.spell), _likelihood(answer.spell))]
    if span := _since(answer.spell):
        parts.append(Text(span))
    for title, cited in (("For", answer.support), ("Against", answer.dissent)):
        if cited:
            parts += [Text(""), Text(f"{title} ({len(cited)})", "bold")]
            parts += [_numbered(number, one) for number, one in enumerate(cited, start=1)]
    if answer.notes:
        parts += [Text(""), Text("Notes", "bold"), *(hanging("-", note) for note in answer.notes)]
    return Group(*parts)


def timeline_text(timeline: Timeline, claim: Callable[[str], Testimony]) -> Group:
    """A timeline, each spell with the weightiest claim behind it; `claim` gives a claim by its id."""
    head = Text(place_words(timeline.place), "bold")
    if not timeline.spells:
        return Group(head, Text("  No report speaks of who held it."))
    lines: list[RenderableType] = [head]
    for spell in timeline.spells:
        days = f"{spell.first} – {spell.last}"
        leading = _leading(spell, [claim(one.claim_id) for one in spell.support[:_LOOKED_AT]], more=_counted(spell))
        lines.append(_beside(days, Text.assemble(_state(spell), _likelihood(spell))))
        if leading:
            lines.append(Padding(leading, (0, 0, 0, 6)))
    if timeline.spells[-1].end is None and timeline.spells[-1].state is not State.UNKNOWN:
        lines.append(
            _beside("later".ljust(len("2017-10-22 – 2017-10-22")), Text("unknown: the last evidence is too old", "dim"))
        )
    return Group(*lines)


def change_text(change: Change) -> RenderableType:
    """One change: the day that it is drawn on, the place, from what to what, and the weightiest claim."""
    before = _state(change.before) if change.before else "nothing known"
    told = Text.assemble((place_words(change.place), "bold"), ": ", before, " → ", _state(change.after))
    told.append(_dated(change))
    leading = _leading(change.after, [cited.testimony for cited in change.support[:_LOOKED_AT]])
    lines: list[RenderableType] = [
        _beside(str(change.day), told, indent=0),
        *([Padding(leading, (0, 0, 0, 4))] if leading else []),
    ]
    return Group(*lines)


def _beside(mark: str, body: Text, *, indent: int = 2) -> Table:
    """A line that begins with days, what follows them wrapped in a column of its own."""
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row(Text(" " * indent + mark), body)
    return grid


def change_record(change: Change) -> dict[str, Any]:
    """A change for `changes --json`; the spells and claims are in the public record format."""
    when = change.when
    return {
        "place": record.place_record(change.place),
        "day": str(change.day),
        "when": {"earliest": _iso(when.earliest), "latest": _iso(when.latest)} if when else None,
        "before": record.spell_record(change.before) if change.before else None,
        "after": record.spell_record(change.after),
        "support": [record.cited_record(cited) for cited in change.support],
    }


def place_words(place: Place) -> str:
    """ "Al Qaryatayn, Homs, SY"."""
    parts = (place.name, "" if place.admin1 == place.name else place.admin1, place.country)
    named = ", ".join(part for part in parts if part)
    return f"{named} ({place.feature})" if place.feature != "populated" else named


def claim_words(testimony: Testimony) -> str:
    """ "capture by Syrian government from Islamic State, on Saturday (2017-10-21)"."""
    resolved, claim = testimony.claim, testimony.claim.claim
    noun, first, second = _CLAIMS[claim.kind]
    words = _MODALITIES[claim.factuality.modality] + noun
    if claim.place.extent is not Extent.WHOLE:
        words += {Extent.PART: " in part", Extent.NEAR: " nearby"}[claim.place.extent]
    for link, sides in ((first, resolved.actors), (second, resolved.opponents)):
        if sides:
            words += f" {link} {_sides(sides)}"
    when = resolved.when
    if when and when.bounds:
        quoted = f"“{when.mention.text}”, " if when.mention else "as of "
        words += f"; {quoted}{bounds_words(when.bounds)}"
    if claim.factuality.certainty is not Certainty.CERTAIN and claim.factuality.modality is not Modality.PROSPECTIVE:
        words += f" ({claim.factuality.certainty})"
    return clean(words)


def bounds_words(bounds: Bounds) -> str:
    """ "2017-10-21", "2017-09-20 to 2017-09-30", "by 2017-10-21" or "from 2017-10-21"."""
    if bounds.earliest == bounds.latest:
        return str(bounds.earliest)
    if bounds.earliest is None:
        return f"by {bounds.latest}"
    return f"{bounds.earliest} to {bounds.latest}" if bounds.latest else f"from {bounds.earliest}"


def _state(spell: Spell) -> Text:
    if spell.state is State.HELD and spell.holder:
        part = "part held by " if spell.extent is Extent.PART else "held by "
        return Text.assemble(part, (clean(spell.holder.name), "bold"))
    if spell.state is State.CONTESTED:
        return Text.assemble(("contested", _STATE_STYLE[spell.state]), clean(_between(spell)))
    return Text("unknown", _STATE_STYLE[spell.state])


def _between(spell: Spell) -> str:
    names = [party.name for party in spell.parties]
    return f" between {', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else ""


def _likelihood(spell: Spell) -> str:
    return f", {spell.likelihood}" if spell.likelihood else ""


def _dated(change: Change) -> str:
    vague = change.when is not None and change.when.earliest != change.when.latest
    return f" ({bounds_words(change.when)})" if change.when and vague else ""


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _since(spell: Spell) -> str:
    begun = f"since {bounds_words(spell.start)}" if spell.start else ""
    ended = f"until {bounds_words(spell.end)}" if spell.end else ""
    return ", ".join(filter(None, (begun, ended)))


def _numbered(number: int, cited: Cited) -> RenderableType:
    testimony = cited.testimony
    report = testimony.report
    said = Text.assemble((clean(_speakers(testimony)), ""))
    lines: list[RenderableType] = [said, Text(claim_words(testimony))]
    lines += [_quoted(quotation, context=bool(cited.weight)) for quotation in testimony.claim.claim.evidence]
    weight = f"weight {cited.weight:+.2f}" if cited.weight else "weight 0: a repeat, or out of reach of this day"
    lines.append(Text(f"claim {testimony.claim.claim.id}, {weight}", "dim"))
    if report.url:
        lines.append(Text(clean(report.url), "dim", overflow="fold"))
    return hanging(f"{number}.", Group(*lines))


def hanging(mark: str, body: RenderableType) -> RenderableType:
    """`body` beside a mark, wrapped within its own column."""
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(no_wrap=True, justify="right", min_width=3)
    grid.add_column(overflow="fold")
    grid.add_row(Text(mark), Text(clean(body)) if isinstance(body, str) else body)
    return grid


def _leading(spell: Spell, support: Sequence[Testimony], *, more: str = "") -> RenderableType | None:
    """The words of one claim behind a spell: one that says so itself, or else the weightiest; `more` follows them.

    Of an unknown spell only the loss that it begins with: what else bears on it says what it is not.
    """
    chosen = next((one for one in support if _says(one, spell)), None)
    if chosen is None and support and spell.state is not State.UNKNOWN:
        chosen = support[0]
    if chosen is None or not chosen.claim.claim.evidence:
        return None
    said = Text(clean(_speakers(chosen)) + more, "dim")
    return Group(_quoted(chosen.claim.claim.evidence[0], context=False), said)


def _says(testimony: Testimony, spell: Spell) -> bool:
    """Whether a claim says itself that the spell's holder took or holds the place; of an unknown one, its loss."""
    claim = testimony.claim
    if claim.claim.factuality.modality is not Modality.ASSERTED:
        return False
    if spell.state is State.UNKNOWN:
        lost = claim.when.bounds.latest if claim.when and claim.when.bounds else None
        return claim.claim.kind is Kind.LOSS and lost is not None and spell.first - timedelta(1) <= lost <= spell.last
    if spell.holder is None or claim.claim.kind not in {Kind.CAPTURE, Kind.HOLD}:
        return False
    return any(side.actor is not None and side.actor.side == spell.holder.id for side in claim.actors)


def _counted(spell: Spell) -> str:
    """ " [3 claims for, 1 against]"."""
    if spell.state is State.UNKNOWN or len(spell.support) + len(spell.dissent) < 2:
        return ""
    against = f", {len(spell.dissent)} against" if spell.dissent else ""
    return f" [{len(spell.support)} claim{'s' * (len(spell.support) != 1)} for{against}]"


def _quoted(quotation: Quotation, *, context: bool = True) -> Text:
    """The quotation in bold, in quotation marks, within the words around it."""
    exact = clean(quotation.exact)
    if len(exact) > _LONGEST_QUOTATION:
        exact = f"{exact[:_LONGEST_QUOTATION].rstrip()} […]"
    if context:
        before, after = clean(quotation.prefix), clean(quotation.suffix)
        if quotation.start > len(quotation.prefix):  # cut out of the text by letters: half a word at the end goes too
            before = f"… {before.partition(' ')[2]}"
        after = after.rstrip()
        if after and after[-1] not in ".!?":
            after = f"{after.rpartition(' ')[0]} …"
        text = Text.assemble("“", (before, "dim"), (exact, "bold"), (after, "dim"))
    else:
        text = Text.assemble("“", (exact, "bold"))
    return text.append("”")


def _speakers(testimony: Testimony) -> str:
    """ "a commander, in Meridian Wire, 2017-10-22", or the outlet alone where it speaks for itself."""
    report = testimony.report
    voices = ", according to ".join(source.text for source in testimony.claim.claim.sources)
    outlet = report.publisher or report.title or f"report {report.id}"
    said = f"{voices}, in {outlet}" if voices else outlet
    said += f", {report.published}" if report.published else ", no date"
    return said + (" (a copy)" if report.copy_of else "")


def _sides(sides: Iterable[ResolvedActor]) -> str:
    return " and ".join(dict.fromkeys(side.actor.name if side.actor else side.mention.text for side in sides))


# --- lists --------------------------------------------------------------------------------------------------


def counts(rows: Iterable[tuple[str, str]]) -> Table:
    """Numbers, each with what it counts."""
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(justify="right", min_width=5)
    grid.add_column(overflow="fold")
    for number, what in rows:
        grid.add_row(Text(number, "bold"), Text(what))
    return grid


def known_places_text(places: Iterable[KnownPlace]) -> Table:
    """The places of the ledger, one a row: what is last known of each, and up to when."""
    made = Table(box=None, padding=(0, 2, 0, 0), header_style="bold", pad_edge=False)
    made.add_column("Place", overflow="fold", ratio=5)
    made.add_column("Claims", justify="right", no_wrap=True)
    made.add_column("Last known", overflow="fold", ratio=4)
    made.add_column("Up to", no_wrap=True, min_width=10)
    for known in places:
        last = (_state(known.last), Text(str(known.last.last))) if known.last else (Text("unknown"), Text(""))
        made.add_row(Text(clean(place_words(known.place))), Text(str(known.claims)), *last)
    return made


def known_place_record(known: KnownPlace) -> dict[str, Any]:
    """A place for `places --json`."""
    return record.place_record(known.place) | {
        "claims": known.claims,
        "last": record.spell_record(known.last) if known.last else None,
    }


def claim_text(testimony: Testimony) -> RenderableType:
    """A claim by itself: what it says of which place, who says so, and its words."""
    place = testimony.claim.place
    named = place_words(place.place) if place.place else place.mention.text
    evidence = testimony.claim.claim.evidence
    return Group(
        Text.assemble((clean(named), "bold"), ": ", claim_words(testimony)),
        Text(clean(_speakers(testimony))),
        *(_quoted(quotation) for quotation in evidence),
    )


def decisions_text(entries: Iterable[Entry]) -> Group:
    """Decisions in order: when, who, what, of which claim, and why."""
    return Group(*(hanging(f"{entry.sequence}.", _decision_words(entry)) for entry in entries))


def decision_record(entry: Entry) -> dict[str, Any]:
    """A decision for `decide --json` and `decisions --json`; `correction` has JSON values by field."""
    decision = entry.body
    assert isinstance(decision, Decision)  # callers pass decisions only
    return {
        "sequence": entry.sequence,
        "recorded": entry.recorded.isoformat(),
        "claim_id": decision.claim_id,
        "verdict": decision.verdict.value,
        "by": decision.by,
        "note": decision.note,
        "correction": {field: json.loads(value) for field, value in decision.correction},
    }


def _decision_words(entry: Entry) -> str:
    decision = entry.body
    assert isinstance(decision, Decision)  # as above
    words = f"{entry.recorded:%Y-%m-%d %H:%M} UTC, {decision.by}: {decision.verdict} {decision.claim_id}"
    words += "".join(f"; {field} = {value}" for field, value in decision.correction)
    return words + (f" ({decision.note})" if decision.note else "")
