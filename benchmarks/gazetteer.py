"""How long a gazetteer takes: to build, to open, to ask, and to import one of GeoNames' size.

    python benchmarks/gazetteer.py [--rows 12000000] [--keep FOLDER]

The import's rows are made up, in the shape of GeoNames' allCountries: names of two to four syllables, two further
spellings in every second row, classes and countries in about the shares that the real table has (two in five populated
places; a third hotels, wells and the like, which are passed over). Prints seconds, megabytes of disk and of memory.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from whoheld.resolve.gazetteer import open_gazetteer
from whoheld.resolve.gazetteer.imports import ImportCount, import_places

STARTS = "b d f g h k l m n p r s t v z sh kh qu st tr gr al an ar"
SYLLABLES = [start + vowel for start in STARTS.split(" ") for vowel in "aeiou"]
CLASSES = (("P", "PPL", 40), ("H", "STM", 12), ("H", "WLL", 8), ("T", "MT", 7), ("T", "HLL", 6), ("S", "HTL", 14),
           ("S", "SCH", 6), ("A", "ADM3", 2), ("L", "LCTY", 5))  # fmt: skip
COUNTRIES = (("US", 19), ("CN", 8), ("IN", 6), ("RU", 4), ("IR", 3), ("AF", 2), ("SY", 1), ("UA", 2), ("YE", 2),
             ("SD", 2), ("NG", 2), ("MX", 6), ("NO", 5), ("ID", 5), ("DE", 4), ("FR", 3), ("BR", 4),
             ("PK", 3))  # fmt: skip


def write_dump(path: Path, rows: int) -> None:
    chance = random.Random(12)
    words = ["".join(chance.choices(SYLLABLES, k=chance.choice((2, 3, 3, 4)))).capitalize() for _ in range(400_000)]
    kinds = [(group, code) for group, code, _ in CLASSES]
    shares = [share for _, _, share in CLASSES]
    countries, weights = [code for code, _ in COUNTRIES], [share for _, share in COUNTRIES]
    with path.open("w", encoding="utf-8") as out:
        for start in range(0, rows, 50_000):
            count = min(50_000, rows - start)
            chosen = zip(
                chance.choices(kinds, shares, k=count), chance.choices(countries, weights, k=count), strict=True
            )
            lines = []
            for number, ((group, code), country) in enumerate(chosen, start=start + 1):
                name = chance.choice(words) + (" " + chance.choice(words) if number % 3 == 0 else "")
                others = f"{name}u,{chance.choice(words)}" if number % 2 else ""
                lat, lon = chance.uniform(-55, 70), chance.uniform(-170, 178)
                lines.append(
                    f"{number}\t{name}\t{name}\t{others}\t{lat:.5f}\t{lon:.5f}\t{group}\t{code}\t{country}\t\t"
                    f"{number % 20:02}\t{number % 90}\t\t\t{number % 977 if group == 'P' else 0}"
                    "\t\t0\tUTC\t2026-01-01\n"
                )
            out.writelines(lines)


def megabytes(path: Path) -> float:
    return path.stat().st_size / 1e6


def resident() -> float:
    """The most memory that this process has held so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


CHILD = """
import time, sys
started = time.perf_counter()
from pathlib import Path
from whoheld.resolve.gazetteer import open_gazetteer
loaded = time.perf_counter()
def held():
    return next(int(line.split()[1]) / 1e3 for line in open("/proc/self/status") if line.startswith("VmRSS"))
before = held()
gazetteer = open_gazetteer(imports=Path(sys.argv[1]))
opened = time.perf_counter()
names = [place.name for place in gazetteer.stores[0].places("population > 20000")][:20000]
asked = time.perf_counter()
for name in names:
    gazetteer.lookup(name)
done = time.perf_counter()
print(f"opened in {1000 * (opened - loaded):.0f} ms (the modules before in {1000 * (loaded - started):.0f});",
      f"{len(names)} names looked up in {done - asked:.2f} s; resident {held():.0f} MB, {held() - before:.0f} for it")
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=12_000_000, help="rows of the import; 0 leaves it out")
    parser.add_argument("--keep", type=Path, help="a folder for the made-up dump and its import, which is not removed")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.keep or Path(temporary)
        started = time.perf_counter()
        with open_gazetteer(Path(temporary) / "cache", imports=Path(temporary) / "none") as gazetteer:
            built = time.perf_counter() - started
            print(f"embedded: built in {built:.1f} s, {megabytes(gazetteer.path):.0f} MB on disk")
            ask(Path(temporary) / "none", Path(temporary) / "cache")
            if not arguments.rows:
                return
            dump = folder / "madeup.txt"
            write_dump(dump, arguments.rows)
            print(f"made up: {arguments.rows} rows, {megabytes(dump):.0f} MB", flush=True)
            started = time.perf_counter()

            def tell(count: ImportCount) -> None:
                if count.places % 1_000_000 < 4000:
                    print(f"  {count.places} places after {time.perf_counter() - started:.0f} s", flush=True)

            workers = os.cpu_count() or 1
            count = import_places([dump], folder / "imports", gazetteer=gazetteer, workers=workers, progress=tell)
            seconds = time.perf_counter() - started
        print(f"import: {count.places} places of {arguments.rows} rows in {seconds / 60:.1f} min,"
              f" with {workers} processes,"
              f" {megabytes(count.path):.0f} MB on disk, at most {resident():.0f} MB of memory")  # fmt: skip
        ask(folder / "imports", Path(temporary) / "cache")


def ask(imports: Path, cache: Path) -> None:
    """In a process of its own, so that memory is that of asking alone."""
    environment = os.environ | {"WHOHELD_CACHE": str(cache)}
    subprocess.run([sys.executable, "-c", CHILD, str(imports)], check=True, env=environment)


if __name__ == "__main__":
    main()
