"""`whoheld gazetteer`: what places are known, and how to import more."""

# ruff: noqa: PLC0415  (each command loads what it needs)

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from whoheld.cli.codes import NO_PLACE, SOME_UNREAD

if TYPE_CHECKING:
    from collections.abc import Callable

    from whoheld.resolve.gazetteer import Gazetteer, Match
    from whoheld.resolve.gazetteer.imports import ImportCount
    from whoheld.resolve.gazetteer.store import Fault

app = typer.Typer(
    no_args_is_help=True, help="The places that names can mean: search them, import more, list what there is."
)

_Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
_Name = Annotated[
    str, typer.Argument(metavar="NAME", help="An import, as whoheld gazetteer stats lists it.", show_default=False)
]
_MOST_LISTED = 10


@app.command(name="import", epilog="Example: whoheld gazetteer import SY.zip --name syria")
def import_(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Dumps, extracts or tables.", show_default=False)
    ],
    *,
    name: Annotated[str, typer.Option("--name", help="Its name; by default the first file's.")] = "",
    format: Annotated[
        str | None,
        typer.Option(
            "--format",
            help="geonames (a dump, zipped or not), osm (.osm.pbf), pcode (OCHA's COD-AB, CSV or .xlsx) or csv (columns"
            " name, lat, lon; other, feature, country, admin1, admin2, population, id, source, licence). By default"
            " the file tells.",
        ),
    ] = None,
    country: Annotated[str, typer.Option("--country", help="ISO alpha-2, of rows that say none.")] = "",
    source: Annotated[str, typer.Option("--source", help="Where the rows are from, as it is to be named.")] = "",
    licence: Annotated[str, typer.Option("--licence", help="Under which licence.")] = "",
    faults: Annotated[Path | None, typer.Option("--faults", metavar="CSV", help="Bad rows go here.")] = None,
    json: _Json = False,
) -> None:
    """Import places of your own, beside the embedded gazetteer. Imported again, a name is replaced.

    A row that cannot be read is counted and listed, and stops nothing; then the exit code is 3.
    """
    from whoheld.cli import show
    from whoheld.resolve.gazetteer import imports_folder
    from whoheld.resolve.gazetteer.imports import import_places

    with opened_gazetteer(without_imports=True) as gazetteer, _progress(files) as tell:
        count = import_places(
            files,
            imports_folder(),
            name=name,
            format=format,
            source=source,
            licence=licence,
            country=country,
            gazetteer=gazetteer,
            workers=os.cpu_count() or 1,
            progress=tell,
        )
    if faults:
        _write_faults(faults, count.faults)
    if json:
        show.print_json(_count_record(count))
    else:
        _tell(count, faults)
    if count.faults:
        raise typer.Exit(SOME_UNREAD)


@app.command(epilog="Example: whoheld gazetteer search Qaryatain --country SY")
def search(
    name: Annotated[str, typer.Argument(metavar="NAME", help="In any spelling or script.", show_default=False)],
    *,
    country: Annotated[
        list[str],
        typer.Option("--country", help="ISO alpha-2; there, names that sound alike are found, too. Repeatable."),
    ] = [],  # noqa: B006  (read, never changed)
    limit: Annotated[int, typer.Option("--limit", min=1, help="At most so many.")] = 20,
    json: _Json = False,
) -> None:
    """The places that a name can mean, best fit first, each with its source."""
    from whoheld.cli import show
    from whoheld.resolve.places import describe

    with opened_gazetteer() as gazetteer:
        found = gazetteer.lookup(name, countries=[code.upper() for code in country])[:limit]
        if json:
            show.print_json({"name": name, "places": [_match_record(match, gazetteer) for match in found]})
            return
        if not found:
            near = gazetteer.similar(name)
            show.complain(f"No place is known as “{name}”{'. Did you mean one of these?' if near else ''}")
            for place in near:
                show.complain(f"  {describe(place)}  {place.id}", style="default")
            raise typer.Exit(NO_PLACE)
        for match in found:
            source, licence = gazetteer.source_of(match.place)
            show.show(_match_text(match, source, licence))


@app.command(epilog="Example: whoheld gazetteer stats")
def stats(json: _Json = False) -> None:
    """How many places there are, of what kind, from where, and under which licence."""
    from whoheld.cli import show

    with opened_gazetteer() as gazetteer:
        files = [
            {
                "name": "embedded" if number == 0 else store.path.stem,
                "file": str(store.path),
                "megabytes": round(store.path.stat().st_size / 1e6, 1),
                "places": store.about.get("places", 0),
                "faults": store.about.get("faults", 0),
                "counts": [
                    {"feature": feature, "source": source, "licence": licence, "places": places}
                    for feature, source, licence, places in store.counts()
                ],
            }
            for number, store in enumerate(gazetteer.stores)
        ]
    if json:
        show.print_json({"files": files})
    else:
        for file in files:
            show.show(*_stats_text(file))


@app.command(epilog="Example: whoheld gazetteer faults syria")
def faults(name: _Name, json: _Json = False) -> None:
    """The rows of an import that could not be taken over, and why."""
    from whoheld.cli import show
    from whoheld.resolve.gazetteer import imports_folder
    from whoheld.resolve.gazetteer.imports import faults_of

    listed = faults_of(imports_folder(), name)
    if json:
        show.print_json({"name": name, "faults": [_fault_record(fault) for fault in listed]})
    else:
        show.show(*(_fault_text(fault) for fault in listed) if listed else ("No row of it is bad.",))


@app.command(epilog="Example: whoheld gazetteer remove syria")
def remove(name: _Name) -> None:
    """Take an import away. Claims in a ledger keep the places that they were pinned to."""
    from whoheld.cli import show
    from whoheld.resolve.gazetteer import imports_folder
    from whoheld.resolve.gazetteer.imports import remove_import

    remove_import(imports_folder(), name)
    show.show(f"Removed the import “{name}”.")


# --- parts --------------------------------------------------------------------------------------------------


@contextmanager
def opened_gazetteer(*, without_imports: bool = False) -> Iterator[Gazetteer]:
    """The gazetteer, with what was imported or without, told of where it is built first."""
    from whoheld.cli.show import complain
    from whoheld.resolve.gazetteer import imports_folder, open_gazetteer

    folder = Path(os.devnull) if without_imports else imports_folder()
    with open_gazetteer(imports=folder, progress=lambda message: complain(message, style="dim")) as gazetteer:
        yield gazetteer


@contextmanager
def _progress(files: list[Path]) -> Iterator[Callable[[ImportCount], None]]:
    """A bar over the bytes of the files, on standard error, where that is a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (
        TextColumn("Importing"),
        BarColumn(bar_width=None),
        TimeRemainingColumn(compact=True),
        TextColumn("{task.fields[told]}"),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        # A zip file is a fifth of what is in it.
        total = sum(file.stat().st_size * (5 if file.suffix == ".zip" else 1) for file in files if file.is_file())
        task = progress.add_task("", total=total or None, told="")

        def tell(count: ImportCount) -> None:
            progress.update(task, completed=min(count.read, total), told=f"{count.places:,} places")

        yield tell


def _tell(count: ImportCount, written: Path | None) -> None:
    from whoheld.cli import show

    bad = len(count.faults) + count.more_faults
    rows = [
        (f"{count.places:,}", "place imported" if count.places == 1 else "places imported"),
        (f"{bad:,}", "bad row" if bad == 1 else "bad rows"),
    ]
    if count.doubles:
        rows.append((f"{count.doubles:,}", "rows with an id that came before"))
    if passed := sum(count.passed_over.values()):
        kinds = ", ".join(f"{kind} {number:,}" for kind, number in list(count.passed_over.items())[:4])
        rows.append((f"{passed:,}", f"rows of kinds that reports of war do not name ({kinds} …)"))
    listed = [_fault_text(fault) for fault in count.faults[:_MOST_LISTED]]
    if bad > _MOST_LISTED:
        where = f"all are in {written}" if written else f"whoheld gazetteer faults {count.name} lists them"
        listed.append(show.hanging("-", f"and {bad - _MOST_LISTED:,} more: {where}"))
    show.show(show.counts(rows), *listed, f"Import “{count.name}”: {count.path}")


def _match_text(match: Match, source: str, licence: str) -> Any:
    from rich.console import Group
    from rich.text import Text

    place = match.place
    where = ", ".join(filter(None, (place.feature, place.admin2, place.admin1, place.country)))
    people = f", {place.population:,} people" if place.population else ""
    point = f"{place.lat:.4f}, {place.lon:.4f}" if place.lat is not None and place.lon is not None else "no point"
    head = Text.assemble((place.name, "bold"), f"  {where}{people}")
    return Group(head, Text(f"  {place.id}  {point}  fit {match.quality:g}  {source} ({licence})"))


def _match_record(match: Match, gazetteer: Gazetteer) -> dict[str, Any]:
    from whoheld.record import place_record

    source, licence = gazetteer.source_of(match.place)
    return place_record(match.place) | {
        "population": match.place.population,
        "fit": match.quality,
        "source": source,
        "licence": licence,
    }


def _stats_text(file: dict[str, Any]) -> list[Any]:
    from whoheld.cli import show

    faults = f", {file['faults']:,} bad rows left out" if file["faults"] else ""
    rows = [(f"{one['places']:,}", f"{one['feature']}: {one['source']} ({one['licence']})") for one in file["counts"]]
    return [f"{file['name']}: {file['places']:,} places, {file['megabytes']} MB{faults}", show.counts(rows)]


def _fault_text(fault: Fault) -> Any:
    from whoheld.cli import show

    return show.hanging("-", show.clean(f"{fault.file}, line {fault.line}: {fault.reason}"))


def _fault_record(fault: Fault) -> dict[str, Any]:
    return {"file": fault.file, "line": fault.line, "reason": fault.reason}


def _count_record(count: ImportCount) -> dict[str, Any]:
    return {
        "name": count.name,
        "file": str(count.path),
        "places": count.places,
        "doubles": count.doubles,
        "passed_over": count.passed_over,
        "faults": [_fault_record(fault) for fault in count.faults],
        "more_faults": count.more_faults,
    }


def _write_faults(path: Path, faults: list[Fault]) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(("file", "line", "reason"))
        writer.writerows((fault.file, fault.line, fault.reason) for fault in faults)
