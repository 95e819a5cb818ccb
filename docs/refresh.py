"""Writes what the documentation shows of the program anew, so that nothing in it is made up: `make docs`.

    .venv/bin/python docs/refresh.py [--check]

- README.md, docs/reference.md: blocks between “<!-- NAME: made by docs/refresh.py -->” and “<!-- end -->”: an answer
  on the sample dispatches, the pinned figures of evals/floors.json, the commands with their options.
- docs/tutorial.md: each console block is run, in order, in one shell in an empty folder; what it prints is written
  beneath its commands.
- docs/map.png: the map of the sample dispatches in headless Chromium; left as it is where there is none.

--check writes nothing and ends with 1 where something is out of date (the picture is not looked at).
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SHOWN = ("who", "Manbij", "--on", "2016-08-20")  # a short answer, with a source
TOWN = "#on=2017-10-22&place=geonames:173361&map=5.4/34.6/39.5"
LARGEST_PICTURE = 300_000  # bytes: everybody who clones pays for it
_BLOCK = re.compile(r"(<!-- (\w+): made by docs/refresh\.py -->\n)(.*?)(<!-- end -->)", re.DOTALL)
_CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_MARK = "~~~ end of command"


def main(arguments: list[str]) -> int:
    if arguments not in ([], ["--check"]):
        print("Usage: python docs/refresh.py [--check]", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        demo = Path(folder) / "demo"
        run("demo", str(demo))
        stale = []
        for page, text in pages(demo):
            if page.read_text(encoding="utf-8") != text:
                stale.append(page.relative_to(ROOT).as_posix())
                if not arguments:
                    page.write_text(text, encoding="utf-8")
        if not arguments:
            print(f"Written anew: {', '.join(stale) or 'nothing, all is current'}")
            return shoot(demo / "map.html", ROOT / "docs" / "map.png")
    if stale:
        print(f"Out of date: {', '.join(stale)}. Try: make docs", file=sys.stderr)
    return 1 if stale else 0


def pages(demo: Path) -> Iterator[tuple[Path, str]]:
    """The pages that show something of the program, each as it should be. `demo` is the folder that the demo made."""
    makers: dict[str, Callable[[], str]] = {"answer": lambda: answer(demo), "figures": figures, "commands": commands}
    for page in (ROOT / "README.md", ROOT / "docs" / "reference.md"):
        yield (
            page,
            _BLOCK.sub(lambda found: f"{found[1]}{makers[found[2]]()}{found[4]}", page.read_text(encoding="utf-8")),
        )
    tutorial = ROOT / "docs" / "tutorial.md"
    yield tutorial, rerun(tutorial.read_text(encoding="utf-8"))


# --- answers and figures ------------------------------------------------------------------------------------


def run(*arguments: str) -> str:
    """What `whoheld` prints, 80 columns wide and without colours."""
    command = [sys.executable, "-m", "whoheld", *arguments]
    return subprocess.run(command, env=surroundings(), check=True, capture_output=True, text=True).stdout


def surroundings() -> dict[str, str]:
    """An environment in which output does not depend on whose it is."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("WHOHELD_", "PYTEST_"))}
    path = os.pathsep.join((str(Path(sys.executable).parent), kept.get("PATH", "")))
    return kept | {
        "PATH": path,
        "COLUMNS": "80",
        "NO_COLOR": "1",
        "TERM": "dumb",
        "LC_ALL": "C.UTF-8",
        "PYTHONUTF8": "1",
    }


def answer(demo: Path) -> str:
    """One answer on the sample dispatches, with the command that gives it."""
    said = run(*SHOWN, "--ledger", str(demo / "ledger.sqlite"))
    return f"```console\n$ whoheld {' '.join(SHOWN)} --ledger build/demo/ledger.sqlite\n{said}```\n"


def figures() -> str:
    """The pinned figures that tell a user how far to trust an answer, as a table; all stand in evals/floors.json."""
    floors: dict[str, float] = json.loads((ROOT / "evals" / "floors.json").read_text(encoding="utf-8"))["floors"]
    left_out = ("in-sample", "seed report", "recognition", "all histories", "of those recognised")
    rows = [f"| {name} | {value:.2f} |" for name, value in floors.items() if not any(word in name for word in left_out)]
    return "\n".join(["| figure | pinned at |", "| --- | --- |", *rows]) + "\n"


# --- the commands -------------------------------------------------------------------------------------------


def commands() -> str:
    """All commands with their arguments and options, as the program knows them."""
    from typer.main import get_command  # noqa: PLC0415 -- loads the program, which --help of this script need not

    from whoheld.cli import app  # noqa: PLC0415

    return "\n".join(_described(get_command(app), "whoheld"))


def _described(command: Any, name: str) -> Iterator[str]:
    inner = getattr(command, "commands", None)
    if inner is None:
        rows = [_row(one) for one in command.params if not getattr(one, "hidden", False)]
        usage = "".join(f" {_argument(one)}" for one in command.params if one.param_type_name == "argument")
        yield f"### {name}\n\n    {name} [OPTIONS]{usage}\n\n{command.help}\n"
        yield "\n".join(["| | | |", "| --- | --- | --- |", *rows, ""])
        if command.epilog:
            yield f"Example: `{command.epilog.removeprefix('Example: ')}`\n"
        return
    for key, one in sorted(inner.items()):
        yield from _described(one, f"{name} {key}")


def _argument(parameter: Any) -> str:
    shown = str(parameter.metavar or parameter.name.upper())
    return shown if parameter.required or shown.startswith("[") else f"[{shown}]"


def _row(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        names = f"`{_argument(parameter)}`"
    else:
        value = "" if parameter.is_flag else f" {parameter.metavar or 'TEXT'}"
        names = ", ".join(f"`{option}{value}`" for option in parameter.opts)
    told = str(parameter.help or "").replace("|", "\\|")
    if parameter.envvar:
        told += f" Environment: `{parameter.envvar}`."
    return f"| {names} | {'must' if parameter.required else ''} | {told} |"


# --- the tutorial -------------------------------------------------------------------------------------------


def rerun(text: str) -> str:
    """A page with what its console blocks print now. “$ ” begins a command, “> ” goes on with it."""
    blocks = [list(_commands(found[1])) for found in _CONSOLE.finditer(text)]
    printed = iter(_outputs([command for block in blocks for command in block]))
    queue = iter(blocks)

    def written() -> str:
        lines = []
        for command in next(queue):
            first, *more = command.split("\n")
            lines += [f"$ {first}", *(f"> {line}" for line in more)]
            lines += next(printed).splitlines()
        return "\n".join(lines)

    return _CONSOLE.sub(lambda _: f"```console\n{written()}\n```", text)


def _commands(block: str) -> Iterator[str]:
    command: list[str] = []
    for line in block.splitlines():
        if line.startswith("$ "):
            if command:
                yield "\n".join(command)
            command = [line[2:]]
        elif line.startswith("> ") or line == ">":
            command.append(line[2:])
    if command:
        yield "\n".join(command)


def _outputs(listed: list[str]) -> list[str]:
    """What each command prints, all run by one shell in an empty folder. Raises where one fails."""
    script = "".join(f"{command}\necho '{_MARK}'\n" for command in listed)
    command = ["bash", "-c", f"set -e -o pipefail; exec 2>&1\n{script}"]
    with tempfile.TemporaryDirectory() as folder:
        ended = subprocess.run(command, cwd=folder, env=surroundings(), check=True, stdout=subprocess.PIPE, text=True)
    return ended.stdout.split(f"{_MARK}\n")[: len(listed)]


# --- the picture --------------------------------------------------------------------------------------------


def shoot(page: Path, picture: Path) -> int:
    """A picture of a map in Chromium; 1 where it came out too large."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        print(f"No Chromium: {picture.relative_to(ROOT)} is left as it is.")
        return 0
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 -- only where there is something to drive

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--no-sandbox"]
        )
        window = browser.new_page(viewport={"width": 1200, "height": 760}, locale="en-GB", color_scheme="light")
        window.goto(f"{page.resolve().as_uri()}{TOWN}")
        window.locator("html[data-map]").wait_for(state="attached")
        window.wait_for_timeout(1500)  # the last names fade in
        window.screenshot(path=picture)
        browser.close()
    size = picture.stat().st_size
    print(f"{picture.relative_to(ROOT)}: {size / 1000:.0f} kB")
    return int(size > LARGEST_PICTURE)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
