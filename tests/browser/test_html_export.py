"""The exported map in headless Chromium, from a file, without a network: drawn, moved, clicked, read.

Screenshots are kept in build/.
"""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from export.world import HOSTILE, QARYATAYN, RAQQA, build
from whoheld.export import export_timelines

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
BUILT = Path(str(files("whoheld.export"))) / "static" / "map.html"
SHOTS = Path(__file__).parents[2] / "build"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium: apt-get install chromium"),
    pytest.mark.skipif(importlib.util.find_spec("playwright") is None, reason="playwright is not installed"),
    pytest.mark.skipif(not BUILT.exists(), reason="the map is not built: make web"),
]


@dataclass
class Seen:
    """A page with what it asked for and what went wrong in it."""

    page: Page
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def state(self, text: str) -> None:
        """Wait until the answer in the panel holds `text`."""
        self.page.locator(".answer-state", has_text=text).wait_for()

    def shoot(self, name: str) -> None:
        SHOTS.mkdir(exist_ok=True)
        self.page.screenshot(path=SHOTS / f"map-{name}.png")

    def clean(self) -> None:
        """Nothing came from elsewhere, nothing broke, nothing that a report says was run."""
        assert [url for url in self.requests if not url.startswith(("file:", "data:", "blob:"))] == []
        assert len([url for url in self.requests if url.startswith("file:")]) == 1
        assert self.errors == []
        # Playwright looks from outside the page: its own policy forbids to evaluate a string in it.
        assert self.page.locator("img, iframe, object, script:not([type])").count() == 1


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--no-sandbox"],
        )
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    timelines, ledger = build()
    target = tmp_path_factory.mktemp("map") / "map.html"
    export_timelines(timelines, ledger, target)
    return target


def open_page(
    browser: Browser, file: Path, address: str = "", *, size: tuple[int, int] = (1360, 850), dark: bool = False
) -> Seen:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme="dark" if dark else "light", locale="en-GB"
    )
    page = context.new_page()
    page.set_default_timeout(60_000)
    seen = Seen(page)
    page.on("request", lambda request: seen.requests.append(request.url))
    page.on("pageerror", lambda error: seen.errors.append(str(error)))
    page.on("console", lambda line: seen.errors.append(line.text) if line.type in ("error", "warning") else None)
    page.goto(f"{file.as_uri()}{address}")
    page.locator("html[data-map]").wait_for(state="attached")
    page.wait_for_timeout(1200)  # the last names fade in
    return seen


def test_map_slider_town_and_quotation(browser: Browser, exported: Path) -> None:
    seen = open_page(browser, exported, "#on=2017-06-10")
    page = seen.page
    assert page.locator("html").get_attribute("data-map") == "webgl"
    seen.shoot("desktop-light")
    in_june = page.locator(".map canvas").screenshot()

    # The slider, by keyboard: a day, and a month.
    slider = page.get_by_role("slider", name="Day")
    slider.focus()
    page.keyboard.press("ArrowRight")
    assert page.get_by_label("Date", exact=True).input_value() == "2017-06-11"
    page.keyboard.press("ArrowUp")
    assert page.get_by_label("Date", exact=True).input_value() == "2017-07-11"
    assert (
        page.get_by_role("button", name="Ar Raqqah").inner_text().endswith("Held in part by Syrian Democratic Forces")
    )

    # An exact date; the map of that day is another one.
    page.get_by_label("Date", exact=True).fill("2017-10-22")
    page.wait_for_timeout(1000)
    assert page.locator(".map canvas").screenshot() != in_june
    page.get_by_role("button", name="Al Qaryatayn").click()
    seen.state("Held by Syrian government")
    quotation = page.locator("article.support mark").first
    assert quotation.inner_text() == "Government troops took the desert town of Qaryatain"
    assert "a monitor" in page.locator("article.support .voice").first.inner_text()
    assert "21 October 2017" in page.locator("article.support .dates").first.inner_text()
    assert page.locator("article.support details summary").first.inner_text() == "1 copy or repeat, counted once"
    seen.shoot("desktop-town")
    page.wait_for_timeout(600)
    assert page.url.endswith("#on=2017-10-22&place=geonames:173361")
    seen.clean()


def test_a_click_on_the_map_opens_the_place_under_it(browser: Browser, exported: Path) -> None:
    # Al Qaryatayn in the middle of the map, so that it is known where to click.
    seen = open_page(browser, exported, f"#on=2017-10-10&map=6/{QARYATAYN.lat}/{QARYATAYN.lon}")
    box = seen.page.locator(".map canvas").bounding_box()
    assert box is not None
    seen.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    seen.state("Held by Islamic State")
    assert seen.page.get_by_role("heading", name="Al Qaryatayn", exact=True).is_visible()
    assert "there is no truth" in seen.page.locator("article.dissent blockquote").inner_text()
    seen.page.keyboard.press("Escape")
    seen.page.get_by_label("Find a place or a side").wait_for()
    seen.clean()


def test_hostile_text_is_shown_as_text(browser: Browser, exported: Path) -> None:
    seen = open_page(browser, exported, f"#on=2017-06-10&place={RAQQA.id}", dark=True)
    seen.state("Contested: Islamic State and Syrian Democratic Forces")
    shown = seen.page.locator("article mark").first.text_content()
    assert shown == f"Fighters of the SDF {HOSTILE} entered Raqqa"
    seen.shoot("desktop-dark")
    seen.clean()


def test_only_web_addresses_are_links(browser: Browser, exported: Path) -> None:
    seen = open_page(browser, exported, f"#on=2017-09-10&place={QARYATAYN.id}")
    card = seen.page.locator("article.support")
    assert "No truth in reports" in card.inner_text()
    assert card.locator("a").count() == 0
    seen.clean()


def test_play_moves_time_to_the_end_and_stops(browser: Browser, exported: Path) -> None:
    seen = open_page(browser, exported, "#on=2018-01-01")
    seen.page.get_by_label("Speed of playing").select_option("365")
    seen.page.get_by_role("button", name="Play").click()
    seen.page.wait_for_timeout(1500)
    assert seen.page.get_by_label("Date", exact=True).input_value() == "2018-01-19"
    assert seen.page.get_by_role("button", name="Play").is_visible()
    seen.clean()


def test_changes_are_stepped_through_and_places_found(browser: Browser, exported: Path) -> None:
    seen = open_page(browser, exported, "#on=2017-09-25")
    page = seen.page
    page.get_by_role("button", name="Next change").click()
    assert page.get_by_label("Date", exact=True).input_value() == "2017-10-01"
    page.get_by_label("Find a place or a side").fill("mayadin")
    assert page.locator("button.row").count() == 1
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Al Mayādīn", exact=True).wait_for()
    seen.clean()


def test_phone(browser: Browser, exported: Path) -> None:
    seen = open_page(browser, exported, f"#on=2017-10-22&place={QARYATAYN.id}", size=(390, 844))
    seen.state("Held by Syrian government")
    seen.shoot("phone-light")
    quotation = seen.page.locator("article.support mark").first
    quotation.scroll_into_view_if_needed()
    assert quotation.is_visible()
    width = seen.page.locator("body").bounding_box()
    assert width is not None
    assert width["width"] <= 390
    for number in range(seen.page.locator("article").count()):
        card = seen.page.locator("article").nth(number).bounding_box()
        assert card is None or card["x"] + card["width"] <= 390
    seen.clean()
    dark = open_page(browser, exported, "#on=2017-10-10", size=(390, 844), dark=True)
    dark.shoot("phone-dark")
    dark.clean()


def test_without_webgl_there_is_a_plain_map_with_the_same_evidence(browser: Browser, exported: Path) -> None:
    seen = open_page(browser, exported, "#plain&on=2017-10-22")
    assert seen.page.locator("html").get_attribute("data-map") == "plain"
    mark = seen.page.get_by_role("button", name="Al Qaryatayn: Held by Syrian government")
    mark.focus()
    seen.page.keyboard.press("Enter")
    seen.state("Held by Syrian government")
    assert "took the desert town" in seen.page.locator("article.support mark").first.inner_text()
    seen.shoot("plain")
    seen.clean()


def test_print_shows_the_evidence(browser: Browser, exported: Path, tmp_path: Path) -> None:
    seen = open_page(browser, exported, f"#on=2017-10-22&place={QARYATAYN.id}")
    seen.page.emulate_media(media="print")
    assert not seen.page.locator(".timebar").is_visible()
    assert seen.page.locator("article.support mark").first.is_visible()
    seen.page.pdf(path=SHOTS / "map-print.pdf")
    seen.clean()


def test_the_file_forbids_the_network_and_keeps_the_licences_of_its_parts(exported: Path) -> None:
    page = exported.read_text(encoding="utf-8")
    policy = page.split('http-equiv="Content-Security-Policy" content="')[1].split('"')[0]
    assert "default-src 'none'" in policy
    assert "connect-src 'none'" in policy
    assert "http" not in policy
    assert "unsafe" not in policy
    for notice in ("MapLibre contributors", "Michael Bostock", "Natural Earth, naturalearthdata.com, public domain"):
        assert notice in page.split("<style>")[0]
