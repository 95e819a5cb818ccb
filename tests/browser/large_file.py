"""How the map bears a large file: `PYTHONPATH=tests python tests/browser/large_file.py 2000`.

Makes that many places with ten spells and ten claims each, exports them, and prints the size of the file and the
seconds that opening it and moving on by a month take in headless Chromium without a graphics card.
"""

from __future__ import annotations

import random
import shutil
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from playwright.sync_api import sync_playwright

from export.world import MemoryLedger, report, tell
from whoheld.export import export_timelines
from whoheld.vocabulary import Entry, Holder, Place, Report, Spell, State, Support, Timeline

SPELLS = 10


def made_up(places: int) -> tuple[list[Timeline], MemoryLedger]:
    """Random spells, the same at each run."""
    chance = random.Random(1)
    sides = [Holder(f"side-{number}", f"Side {number}") for number in range(14)]
    timelines: list[Timeline] = []
    entries: list[Entry] = []
    reports: list[Report] = []
    for number in range(places):
        country = chance.choice(["SY", "IQ", "SD", "UA", "CD"])
        where = (chance.uniform(4, 50), chance.uniform(-10, 60))
        place = Place(f"geonames:{number}", f"Town {number}", "populated", *where, "Province", country)
        day = date(2014, 1, 1) + timedelta(days=chance.randrange(500))
        spells = []
        for turn in range(SPELLS):
            last = day + timedelta(days=chance.randrange(5, 400))
            text = f"Fighters took Town {number} on Monday, said a man who had walked for a day to tell it."
            source = report(f"r{number}-{turn}", text, last, "Wire", "Title")
            told = tell(
                f"c{number}-{turn}",
                source,
                place,
                "Fighters took Town",
                place_words=f"Town {number}",
                when=("Monday", day, day),
            )
            reports.append(source)
            entries.append(Entry(len(entries) + 1, datetime(2024, 1, 1, tzinfo=UTC), told))
            state = chance.choice(list(State))
            holder = chance.choice(sides) if state is State.HELD else None
            parties = tuple(chance.sample(sides, 2)) if state is State.CONTESTED else ()
            cited = (Support(told.claim.claim.id, 1.0),)
            spells.append(Spell(state, day, last, holder, parties, likelihood="likely", support=cited))
            day = last + timedelta(days=1)
        timelines.append(Timeline(place, tuple(spells)))
    return timelines, MemoryLedger(entries, reports)


def main(places: int) -> None:
    timelines, ledger = made_up(places)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        target = Path(folder) / "large.html"
        export_timelines(timelines, ledger, target)
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--no-sandbox"],
        )
        page = browser.new_page(viewport={"width": 1360, "height": 850})
        page.set_default_timeout(300_000)
        began = time.perf_counter()
        page.goto(f"{target.as_uri()}#on=2016-01-01")
        page.locator("html[data-map]").wait_for(state="attached")
        opened = time.perf_counter() - began
        page.get_by_role("slider", name="Day").focus()
        began = time.perf_counter()
        for _ in range(10):
            page.keyboard.press("ArrowUp")
        moved = (time.perf_counter() - began) / 10
        size = target.stat().st_size / 1e6
        sys.stdout.write(f"{places} places: {size:.1f} MB, opened in {opened:.1f} s, a step takes {moved:.2f} s\n")
        browser.close()


if __name__ == "__main__":
    main(int(sys.argv[1]))
