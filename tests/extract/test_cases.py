"""Both extractors on the tables in cases/: pinned floors for each file, and every miss for those who work on it.

    pytest tests/extract/test_cases.py -s                           figures and misses
    python tests/extract/test_cases.py [--extractor rules] [--file NAME ...] [--only missed|spurious|wrong]
    python tests/extract/test_cases.py --pin [--lower]              write floors.*.toml from what is measured

What the keys of a case mean, and what counts as right: cases/README.md. Two figures a file: `f1` over claims whose
kind, place, modality and side are right, and `exact`, the share of cases in which nothing is missing, nothing is
made up and every field that the case gives is right.

The tables measure the reading. A place that the gazetteer does not know without more context than a sentence gives
("Mayadeen") is therefore told to the extractor; how many it does know by itself is the figure `places known`.
"""

# ruff: noqa: T201 -- prints, as a script and under -s

from __future__ import annotations

import argparse
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, cast

import pytest

from whoheld.plugins import Lexicon
from whoheld.vocabulary import Extent, Extraction, Kind, Mention, Modality, Report, ResolvedClaim, Role, Span

CASES = Path(__file__).with_name("cases")
EXTRACTORS = ("rules", "trained")
FILES = sorted(path.stem for path in CASES.glob("*.toml") if not path.stem.startswith("floors"))
KEYS = frozenset(
    ["kind", "place", "actors", "modality", "opponents", "extent", "when", "sources", "certainty", "optional"],
)


@dataclass(frozen=True)
class Case:
    """A line of a table: a text and what a careful reader finds in it."""

    file: str
    number: int
    text: str
    published: date
    claims: tuple[dict[str, Any], ...]

    @property
    def report(self) -> Report:
        """The text as a report. One line is body; several are laid out, so that a headline is one."""
        from whoheld.read import finish_report

        report = Report(f"{self.file}-{self.number}", self.text, published=self.published)
        return finish_report(report) if "\n" in self.text else report


def read_cases(file: str) -> list[Case]:
    """The cases of one table, in order."""
    table = tomllib.loads((CASES / f"{file}.toml").read_text(encoding="utf-8"))
    return [
        Case(file, n, case["text"], case.get("published", table["published"]), tuple(case["claims"]))
        for n, case in enumerate(table["case"], 1)
    ]


# --- what counts as right -----------------------------------------------------------------------------------


def plain(words: str) -> str:
    """Small letters, no article, no punctuation, and no s at the end of a word: apostrophes may be lost in the text."""
    words = re.sub(r"['’`\"]", "", words.lower())
    words = re.sub(r"^(?:the|a|an|some) ", "", " ".join(re.sub(r"[^\w ]", " ", words).split()))
    return re.sub(r"(?<=\w{3})s\b", "", words)


def alike(a: str, b: str) -> bool:
    """One name contains the other, as whole words."""
    x, y = f" {plain(a)} ", f" {plain(b)} "
    return bool(x.strip() and y.strip()) and (x in y or y in x)


def covered(ours: Sequence[str], theirs: Sequence[str]) -> bool:
    return all(any(alike(a, b) for b in theirs) for a in ours)


def sides(found: ResolvedClaim, role: Role) -> list[str]:
    return [p.mention.text for p in found.claim.participants if p.role is role]


def is_core(gold: dict[str, Any], found: ResolvedClaim) -> bool:
    """Kind, place and modality are right, and so is at least one side (or rightly none is named)."""
    claim = found.claim
    if gold["kind"] != claim.kind or gold.get("modality", "asserted") != claim.factuality.modality:
        return False
    if not any(alike(gold["place"], name.text) for name in (claim.place.mention, claim.place.anchor) if name):
        return False
    wanted, got = list(gold["actors"]), sides(found, Role.ACTOR)
    if gold["kind"] in ("clash", "truce"):
        wanted, got = wanted + gold.get("opponents", []), got + sides(found, Role.OPPONENT)
    return any(alike(a, b) for a in wanted for b in got) or not (wanted or got)


def wrong_fields(gold: dict[str, Any], found: ResolvedClaim) -> list[str]:
    """What the case gives and the claim has otherwise, in words."""
    claim, wrong = found.claim, []
    actors, opponents = sides(found, Role.ACTOR), sides(found, Role.OPPONENT)
    if gold["kind"] in ("clash", "truce"):
        wanted = gold["actors"] + gold.get("opponents", [])
        if not covered(wanted, actors + opponents):
            wrong.append(f"sides {actors + opponents}, not {wanted}")
    else:
        if not (covered(gold["actors"], actors) and covered(actors, gold["actors"])):
            wrong.append(f"actors {actors}, not {gold['actors']}")
        wanted = gold.get("opponents")
        if wanted is not None and not (covered(wanted, opponents) and covered(opponents, wanted)):
            wrong.append(f"opponents {opponents}, not {wanted}")
    if "extent" in gold and gold["extent"] != claim.place.extent:
        wrong.append(f"extent {claim.place.extent}, not {gold['extent']}")
    if "when" in gold and not same_days(gold["when"], found):
        bounds = found.when.bounds if found.when else None
        got = f"{bounds.earliest} to {bounds.latest}" if bounds else "none"
        wrong.append(f"when {got} ({claim.when.text if claim.when else ''}), not {' to '.join(gold['when']) or 'none'}")
    if "sources" in gold:
        names = [s.text for s in claim.sources]
        if not (alike(gold["sources"][0], names[0]) if gold["sources"] and names else gold["sources"] == names):
            wrong.append(f"sources {names}, not {gold['sources']}")
    if "certainty" in gold and gold["certainty"] != claim.factuality.certainty:
        wrong.append(f"certainty {claim.factuality.certainty}, not {gold['certainty']}")
    return wrong


def same_days(wanted: Sequence[str], found: ResolvedClaim) -> bool:
    """Both have no days, or days that overlap by half of all that either covers."""
    bounds = found.when.bounds if found.when else None
    if not wanted or bounds is None or bounds.earliest is None or bounds.latest is None:
        return not wanted and bounds is None
    first, last = (date.fromisoformat(wanted[i]).toordinal() for i in (0, -1))
    start, end = bounds.earliest.toordinal(), bounds.latest.toordinal()
    overlap = min(last, end) - max(first, start) + 1
    return overlap / (max(last, end) - min(first, start) + 1) >= 0.5


@dataclass
class Outcome:
    """One case, compared: pairs that are right at the core, and what is left on either side."""

    case: Case
    pairs: list[tuple[dict[str, Any], ResolvedClaim]] = field(default_factory=list)
    missed: list[dict[str, Any]] = field(default_factory=list)
    spurious: list[ResolvedClaim] = field(default_factory=list)

    @property
    def wrong(self) -> list[str]:
        return [text for gold, found in self.pairs if not gold.get("optional") for text in wrong_fields(gold, found)]

    @property
    def exact(self) -> bool:
        return not (self.missed or self.spurious or self.wrong)


def compare(case: Case, found: Sequence[ResolvedClaim]) -> Outcome:
    """Pairs off gold and found claims, the ones that must be there first, the best fit first."""
    outcome = Outcome(case)
    left, open_gold = list(found), list(case.claims)
    fits = sorted(
        (bool(gold.get("optional")), len(wrong_fields(gold, claim)), g, f)
        for g, gold in enumerate(open_gold)
        for f, claim in enumerate(left)
        if is_core(gold, claim)
    )
    taken_gold, taken_found = set(), set()
    for _, _, g, f in fits:
        if g not in taken_gold and f not in taken_found:
            taken_gold.add(g)
            taken_found.add(f)
            outcome.pairs.append((open_gold[g], left[f]))
    outcome.missed = [x for g, x in enumerate(open_gold) if g not in taken_gold and not x.get("optional")]
    outcome.spurious = [x for f, x in enumerate(left) if f not in taken_found]
    return outcome


@dataclass(frozen=True)
class Figures:
    cases: int
    claims: int
    f1: float
    exact: float

    @classmethod
    def of(cls, outcomes: Sequence[Outcome]) -> Figures:
        hits = sum(not gold.get("optional") for o in outcomes for gold, _ in o.pairs)
        missed = sum(len(o.missed) for o in outcomes)
        spurious = sum(len(o.spurious) for o in outcomes)
        f1 = 2 * hits / max(2 * hits + missed + spurious, 1)
        return cls(len(outcomes), hits + missed, f1, sum(o.exact for o in outcomes) / max(len(outcomes), 1))

    def __str__(self) -> str:
        return f"{self.cases:4} cases {self.claims:4} claims   f1 {self.f1:.3f}   exact {self.exact:.3f}"


# --- names ---------------------------------------------------------------------------------------------------


class ToldLexicon:
    """A lexicon that is told the places of the cases as well, where they are names."""

    def __init__(self, lexicon: Lexicon, cases: Sequence[Case]) -> None:
        self._lexicon = lexicon
        self._told = {case.text: place_names(case) for case in cases}

    def __getattr__(self, name: str) -> Any:
        """All else is the lexicon's own."""
        return getattr(self._lexicon, name)

    def find_places(self, text: str) -> tuple[Mention, ...]:
        told = [
            Mention.of(text, match.start(), match.end())
            for name in self._told.get(text, ())
            for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text)
        ]
        found = [
            m for m in self._lexicon.find_places(text) if not any(m.start < t.end and t.start < m.end for t in told)
        ]
        return tuple(sorted((*found, *told), key=lambda m: m.start))


def place_names(case: Case) -> list[str]:
    """The places of the case that are names: "Mayadeen", and not "the road between A and B"."""
    return sorted({gold["place"] for gold in case.claims if gold["place"][0].isupper()})


def places_known(lexicon: Lexicon, cases: Sequence[Case]) -> float:
    """The share of the names of places that the lexicon finds by itself."""
    found = [
        any(alike(name, m.text) for m in mentions)
        for case in cases
        for mentions in [lexicon.find_places(case.text)]
        for name in place_names(case)
    ]
    return sum(found) / len(found) if found else 1.0


# --- running ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Run:
    """What came of one run over some tables."""

    outcomes: dict[str, list[Outcome]]
    read: list[tuple[Report, Extraction]]
    places_known: float


@cache
def run(extractor: str, files: tuple[str, ...] = tuple(FILES)) -> Run:
    """All cases of the files through an extractor and the resolver, once."""
    from whoheld import plugins
    from whoheld.resolve import open_resolver

    cases = [case for file in files for case in read_cases(file)]
    reports = [case.report for case in cases]
    resolver = open_resolver()
    told = cast(Lexicon, ToldLexicon(resolver.lexicon, cases))
    extractions = list(plugins.load("extractors", extractor)(told)(reports))
    outcomes: dict[str, list[Outcome]] = {file: [] for file in files}
    for case, report, extraction in zip(cases, reports, extractions, strict=True):
        claims = [taken_by_the_named(claim) for claim in resolver.resolve(report, extraction).claims]
        outcomes[case.file].append(compare(case, claims))
    return Run(outcomes, list(zip(reports, extractions, strict=True)), places_known(resolver.lexicon, cases))


def taken_by_the_named(found: ResolvedClaim) -> ResolvedClaim:
    """A loss that names the taker, as the capture that it is (docs/codebook.md)."""
    claim = found.claim
    if claim.kind is not Kind.LOSS or not sides(found, Role.OPPONENT):
        return found
    other = {Role.ACTOR: Role.OPPONENT, Role.OPPONENT: Role.ACTOR}
    swapped = tuple(replace(p, role=other[p.role]) for p in claim.participants)
    return replace(found, claim=replace(claim, kind=Kind.CAPTURE, participants=swapped))


def show(outcome: Outcome, only: str | None = None) -> Iterator[str]:
    """The misses of one case, for a person."""
    lines = [f"  missed    {_gold(gold)}" for gold in outcome.missed if only in (None, "missed")]
    lines += [f"  spurious  {_found(claim)}" for claim in outcome.spurious if only in (None, "spurious")]
    lines += [f"  wrong     {text}" for text in outcome.wrong if only in (None, "wrong")]
    if lines:
        yield f"{outcome.case.file} {outcome.case.number}: {outcome.case.text!r}"
        yield from lines


def _gold(gold: dict[str, Any]) -> str:
    opponents = f" from/against {', '.join(gold['opponents'])}" if gold.get("opponents") else ""
    who = ", ".join(gold["actors"]) or "(nobody named)"
    return f"{gold.get('modality', 'asserted')} {gold['kind']} of {gold['place']} by {who}{opponents}"


def _found(found: ResolvedClaim) -> str:
    claim = found.claim
    opponents = sides(found, Role.OPPONENT)
    who = ", ".join(sides(found, Role.ACTOR)) or "(nobody named)"
    against = f" from/against {', '.join(opponents)}" if opponents else ""
    said = f"{claim.factuality.modality} {claim.kind} of {claim.place.mention.text} by {who}{against}"
    return f"{said} [{claim.trigger.text}]"


def floors_of(extractor: str) -> Path:
    return CASES / f"floors.{extractor}.toml"


def read_floors(extractor: str) -> dict[str, dict[str, float]]:
    path = floors_of(extractor)
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def write_floors(extractor: str, figures: dict[str, Figures], known: float, *, lower: bool) -> str:
    """The text of the floors: what is measured, less a hundredth; a higher old floor stays, unless `lower`."""
    old = read_floors(extractor)
    lines = [
        f"# What the extractor `{extractor}` reaches on each table, less a hundredth. Behind it, what was measured.",
        "# Written by: python tests/extract/test_cases.py --pin   (--lower to let a floor fall: say why in the commit)",
    ]
    for file, now in figures.items():
        measured = {"f1": now.f1, "exact": now.exact} if now.claims else {"exact": now.exact}
        if file == "total":
            measured["places_known"] = known
        lines += ["", f"[{file}]"]
        for key, value in measured.items():
            floor = max(0.0, int(value * 100 - 1) / 100)
            floor = floor if lower else max(floor, old.get(file, {}).get(key, 0.0))
            lines.append(f"{key} = {floor:.2f} # {value:.3f}")
    return "\n".join(lines) + "\n"


# --- tests --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", FILES)
def test_table_is_well_formed(file: str) -> None:
    cases = read_cases(file)
    assert len({case.text for case in cases}) == len(cases), "a text stands twice"
    for case in cases:
        for gold in case.claims:
            assert {"kind", "place", "actors"} <= gold.keys() <= KEYS, case.text
            assert gold["kind"] in set(Kind), case.text
            assert gold.get("modality", "asserted") in set(Modality), case.text
            assert gold.get("extent", "whole") in set(Extent), case.text
            assert gold["kind"] != "hold" or not gold.get("opponents"), case.text
            names = [gold["place"], *gold["actors"], *gold.get("opponents", []), *gold.get("sources", [])]
            assert not [name for name in names if name.lower() not in case.text.lower()], case.text
            days = [date.fromisoformat(day) for day in gold.get("when", [])]
            assert days == sorted(days), case.text
            assert len(days) < 3, case.text


def test_there_are_enough_cases() -> None:
    assert sum(len(read_cases(file)) for file in FILES) >= 400


@pytest.mark.model
@pytest.mark.parametrize("extractor", EXTRACTORS)
@pytest.mark.parametrize("file", FILES)
def test_floor_of(file: str, extractor: str) -> None:
    outcomes = run(extractor).outcomes[file]
    now, floors = Figures.of(outcomes), read_floors(extractor)[file]
    print(f"\n{file:24}{now}")
    print("\n".join(line for outcome in outcomes for line in show(outcome)))
    for key, floor in floors.items():
        assert getattr(now, key) >= floor, f"{file}: {key} is {getattr(now, key):.3f}, the floor is {floor}"


@pytest.mark.model
@pytest.mark.parametrize("extractor", EXTRACTORS)
def test_floor_of_all(extractor: str) -> None:
    result, floors = run(extractor), read_floors(extractor)["total"]
    now = Figures.of([o for outcomes in result.outcomes.values() for o in outcomes])
    print(f"\n{'total':24}{now}   places known {result.places_known:.3f}")
    assert result.places_known >= floors["places_known"]
    assert now.f1 >= floors["f1"]
    assert now.exact >= floors["exact"]


@pytest.mark.parametrize("extractor", EXTRACTORS)
def test_every_file_has_a_floor(extractor: str) -> None:
    assert sorted(read_floors(extractor)) == sorted([*FILES, "total"])


@pytest.mark.model
@pytest.mark.parametrize("extractor", EXTRACTORS)
def test_every_span_lies_in_its_text(extractor: str) -> None:
    for report, extraction in run(extractor).read:
        text = report.text
        mentions = [*extraction.times, *extraction.places, *extraction.actors]
        spans: list[Span] = []
        for claim in extraction.claims:
            anchors = [p.anchor for p in claim.participants] + [claim.place.anchor, claim.when]
            mentions += [claim.trigger, claim.place.mention, *claim.sources, *(p.mention for p in claim.participants)]
            mentions += [a for a in anchors if a is not None]
            assert all(text[q.start : q.end] == q.exact for q in claim.evidence), report.id
            assert claim.evidence, report.id
        for said in extraction.attributions:
            mentions += [m for m in (said.source, said.cue) if m is not None]
            spans.append(said.content)
        assert all(text[m.start : m.end] == m.text for m in mentions), report.id
        assert all(s.end <= len(text) for s in spans), report.id


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--extractor", choices=EXTRACTORS, default="trained", help="who reads")
    parser.add_argument("--file", action="append", choices=FILES, metavar="NAME", help=f"one of: {', '.join(FILES)}")
    parser.add_argument("--only", choices=["missed", "spurious", "wrong"])
    parser.add_argument("--pin", action="store_true", help="write the floors of the extractor")
    parser.add_argument("--lower", action="store_true", help="with --pin: let floors fall, too")
    arguments = parser.parse_args()
    if arguments.pin and arguments.file:
        parser.error("--pin measures all files: leave --file out")
    result = run(arguments.extractor, tuple(arguments.file or FILES))
    outcomes = result.outcomes
    for results in outcomes.values():
        print("\n".join(line for outcome in results for line in show(outcome, arguments.only)))
    figures = {file: Figures.of(results) for file, results in outcomes.items()}
    figures["total"] = Figures.of([o for results in outcomes.values() for o in results])
    print("\n".join(f"{file:24}{now}" for file, now in figures.items()))
    print(f"places known {result.places_known:.3f}")
    if arguments.pin:
        text = write_floors(arguments.extractor, figures, result.places_known, lower=arguments.lower)
        floors_of(arguments.extractor).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
