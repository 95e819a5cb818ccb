"""Scores places on the developers' shared corpora: recognition, pins, and labels of UCDP GED.

    python evals/places.py [SHARED]

SHARED is the directory with data/ and score/ (default: ../shared beside the repository).
"""

from __future__ import annotations

import csv
import gzip
import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from whoheld.resolve.gazetteer import Gazetteer, Match, open_gazetteer
from whoheld.resolve.names import fold
from whoheld.resolve.places import PlaceResolver, find_places, kilometres
from whoheld.vocabulary import Place, Report

DEFAULT = Path(__file__).resolve().parents[2] / "shared"


def main() -> None:
    shared = Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT
    if not shared.is_dir():
        print(f"Nothing scored: {shared} is missing (the corpora are not part of the repository).")
        return
    gazetteer = open_gazetteer(progress=print)
    for corpus in ("trnews", "lgl"):
        for demonyms in (False, True):
            score_corpus(shared, corpus, gazetteer, demonyms=demonyms)
    score_labels(shared / "data" / "ged_syria_2016_2019.csv.gz", gazetteer)


def score_corpus(shared: Path, corpus: str, gazetteer: Gazetteer, *, demonyms: bool) -> None:
    gold = shared / "data" / f"{corpus}.jsonl"
    resolver = PlaceResolver(gazetteer)
    started, size = time.perf_counter(), 0
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
        seconds = time.perf_counter() - started
        print(
            f"\n{corpus}, demonyms {'listed' if demonyms else 'left out'}, {size / 1e6 / seconds:.2f} MB/s", flush=True
        )
        errors = sys.argv[2:3]
        command = [sys.executable, str(shared / "score" / "score_places.py"), str(gold), out.name]
        subprocess.run(command + (["--errors", *errors] if errors else []), check=True)


def score_labels(path: Path, gazetteer: Gazetteer, *, rows: int = 2000) -> None:
    """The share of exactly placed GED labels that a lookup puts within 10 km."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        exact = [row for row in csv.DictReader(lines) if row["where_prec"] == "1"]
    sample = random.Random(2017).sample(exact, min(rows, len(exact)))
    hits, country_hits, missed = 0, 0, set()
    for row in sample:
        label = row["where_coordinates"].removesuffix(" town").removesuffix(" village").removesuffix(" city")
        truth = Place("", label, "populated", float(row["latitude"]), float(row["longitude"]))
        matches = [match for match in gazetteer.lookup(label, countries=["SY"]) if match.place.country == "SY"]
        country_hits += is_near(matches[:1], truth)
        province = row["adm_1"].removesuffix(" Governorate")
        known = {match.place.admin1 for match in gazetteer.lookup(province) if match.place.feature == "province"}
        matches = [match for match in matches if match.place.admin1 in known]
        hit = is_near(matches[:1], truth)
        hits += hit
        if not hit:
            missed.add(fold(label))
    print(f"\nUCDP GED, {len(sample)} labels with exact coordinates: within 10 km")
    print(f"  given country and province {hits / len(sample):.3f}")
    print(f"  given the country alone    {country_hits / len(sample):.3f}")
    print(f"  missed, some: {'; '.join(sorted(missed)[:25])}")


def is_near(matches: list[Match], truth: Place) -> bool:
    return bool(matches) and kilometres(matches[0].place, truth) <= 10


if __name__ == "__main__":
    main()
