"""Scores places on the developers' shared corpora: recognition, pins, and labels of UCDP GED.

    python evals/places.py [SHARED [ERRORS]]

SHARED is the directory with data/ and score/ (default: ../shared beside the repository); ERRORS is how many misses
to print for each corpus.
"""

from __future__ import annotations

import csv
import gzip
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

from whoheld.distance import kilometres
from whoheld.errors import AmbiguousPlace, UnknownPlace
from whoheld.resolve.gazetteer import Gazetteer, embedded, open_gazetteer
from whoheld.resolve.places import PlaceResolver, find_places, search
from whoheld.vocabulary import Place, Report

DEFAULT = Path(__file__).resolve().parents[2] / "shared"
OUT = sys.stdout


def main() -> None:
    shared = Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT
    errors = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    if not shared.is_dir():
        say(f"Nothing scored: {shared} is missing (the corpora are not part of the repository).")
        return
    gazetteer = open_gazetteer(progress=say)
    for corpus in ("trnews", "lgl"):
        for demonyms in (False, True):
            score_corpus(shared, corpus, gazetteer, demonyms=demonyms, errors=errors)
    labels = shared / "data" / "ged_syria_2016_2019.csv.gz"
    say("\nUCDP GED's labels, as shipped (places.csv has taken many of them over: this is no measure of others)")
    score_labels(labels, gazetteer)
    lines = embedded._lines()
    kept = [line for line in lines if not line["source"].startswith("UCDP")]
    lists = [line | {"source": "from memory"} for line in unreviewed() if line["sure"] in {"1", "2"}]
    for title, rest in (
        ("without the lines from UCDP GED", kept),
        ("without places.csv", []),
        (f"without UCDP's lines, with {len(lists)} of gather/villages (grades 1 and 2)", kept + lists),
    ):
        with tempfile.TemporaryDirectory() as directory, mock.patch.object(embedded, "_lines", return_value=rest):
            say(f"\nUCDP GED's labels, {title}")
            score_labels(labels, open_gazetteer(Path(directory)), errors=errors)


def unreviewed() -> list[dict[str, str]]:
    """The lists of villages that nothing uses yet (gather/README.md)."""
    lines: list[dict[str, str]] = []
    for path in sorted((Path(__file__).resolve().parents[1] / "gather" / "villages").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as rows:
            lines += csv.DictReader(rows)
    return lines


def say(line: str) -> None:
    OUT.write(line + "\n")
    OUT.flush()


def score_corpus(shared: Path, corpus: str, gazetteer: Gazetteer, *, demonyms: bool, errors: int) -> None:
    gold = shared / "data" / f"{corpus}.jsonl"
    resolver = PlaceResolver(gazetteer)
    started, size = time.process_time(), 0
    with gold.open(encoding="utf-8") as lines, tempfile.NamedTemporaryFile("w", suffix=".jsonl") as out:
        for line in lines:
            row = json.loads(line)
            report = Report(id=row["id"], text=row["text"])
            size += len(report.text)
            mentions = find_places(report.text, gazetteer, demonyms=demonyms)
            places = [
                {"text": r.mention.text, "start": r.mention.start, "end": r.mention.end}
                | ({"lat": r.place.lat, "lon": r.place.lon, "country": r.place.country} if r.place else {})
                for r in resolver.resolve(report, mentions)
            ]
            out.write(json.dumps({"report_id": report.id, "mentions": {"places": places}}) + "\n")
        out.flush()
        speed = size / 1e6 / (time.process_time() - started)
        say(f"\n{corpus}, demonyms {'listed' if demonyms else 'left out'}, {speed:.2f} MB a second of one core")
        command = [sys.executable, str(shared / "score" / "score_places.py"), str(gold), out.name]
        subprocess.run([*command, "--errors", str(errors)], check=True)


def score_labels(path: Path, gazetteer: Gazetteer, *, errors: int = 0) -> None:
    """The share of all exactly placed GED events, and of their labels, that `search` puts within 10 km."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines) if row["where_prec"] == "1"]
    names = {label(row) for row in rows}
    for given, with_province in (("country and province", True), ("the country alone", False)):
        found: dict[tuple[str, str], Place | None] = {}
        hits, pins, missed = 0, 0, set()
        for row in rows:
            key = row["where_coordinates"], row["adm_1"] if with_province else ""
            if key not in found:
                found[key] = find_label(row, gazetteer, with_province=with_province)
            place = found[key]
            hit = place is not None and kilometres(place, truth(row)) <= 10
            hits, pins = hits + hit, pins + (place is not None)
            if not hit:
                missed.add(label(row))
        share, wrong = hits / len(rows), (pins - hits) / max(pins, 1)
        say(
            f"given {given:20} of {len(rows)} events {share:.3f} within 10 km, wrong pins {wrong:.3f} of all pins;"
            f" of {len(names)} labels once each {1 - len(missed) / len(names):.3f}"
        )
    if errors:
        say(f"missed: {'; '.join(sorted(missed)[:errors])}")


def label(row: dict[str, str]) -> str:
    return row["where_coordinates"].strip()


def truth(row: dict[str, str]) -> Place:
    return Place("", "", "populated", float(row["latitude"]), float(row["longitude"]))


def spellings(label: str) -> Iterator[str]:
    """ "Tadmur/Palmyra town" -> Tadmur, Palmyra: UCDP adds what a place is, and joins its names with a slash."""
    for part in re.split(r"[/()]", label):
        name = re.sub(r" (?:town|village|villge|villae|suburb|city)$", "", part.strip())
        if name:
            yield name


def find_label(row: dict[str, str], gazetteer: Gazetteer, *, with_province: bool) -> Place | None:
    """The place that `search` finds for a label; None where it finds none, or cannot choose."""
    province = row["adm_1"].removesuffix(" Governorate")
    for name in spellings(row["where_coordinates"]):
        query = f"{name}, {province}, Syria" if with_province else f"{name}, Syria"
        try:
            return search(gazetteer, query)
        except (UnknownPlace, AmbiguousPlace):
            continue
    return None


if __name__ == "__main__":
    main()
