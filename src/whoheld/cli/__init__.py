"""The command line: arguments in, one library call, text out.

Exit codes: 0 done; 1 anything else that went wrong; 2 wrong usage; 3 done, but some reports could not be read;
4 the place is unknown or ambiguous; 5 the ledger cannot be opened or written, or has no such claim; 130 interrupted;
141 broken pipe.
"""

# The rooms load numpy, spaCy and more: each command loads what it needs, so that `whoheld --help` is there at once.
# ruff: noqa: PLC0415

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer
from typer.core import TyperGroup

from whoheld import __version__
from whoheld.cli import actors, gazetteer
from whoheld.cli.codes import BROKEN_PIPE, INTERRUPTED, NO_LEDGER, NO_PLACE, OTHER, SOME_UNREAD
from whoheld.cli.codes import USAGE as USAGE  # typer's own, for wrong options
from whoheld.cli.gazetteer import opened_gazetteer
from whoheld.errors import AmbiguousPlace, LedgerError, UnknownPlace, WhoheldError
from whoheld.plugins import DEFAULT_EXTRACTOR

if TYPE_CHECKING:
    from datetime import date

    from rich.console import RenderableType
    from rich.progress import Progress

    from whoheld.errors import UnreadableReport
    from whoheld.pipeline import Failure, IngestCount
    from whoheld.plugins import Extractor, Ledger
    from whoheld.resolve import Resolver
    from whoheld.vocabulary import Place, Report, Verdict

DEMO_PLACES = ("al-Qaryatayn", "Mosul", "Kherson", "El Fasher", "Goma")


class _Group(TyperGroup):
    """Turns errors into one line and an exit code, for the console script and for tests alike."""

    def invoke(self, ctx: Any) -> Any:
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()  # a reader that went away is noticed here, and not by the interpreter at its end
        except WhoheldError as error:
            _complain_of(error)
            raise typer.Exit(_exit_code(error)) from None
        except KeyboardInterrupt:
            _complain("Interrupted. What was recorded so far are whole reports; run the same again to go on.")
            raise typer.Exit(INTERRUPTED) from None
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nothing more is to be said
            raise typer.Exit(BROKEN_PIPE) from None
        return result


app = typer.Typer(
    cls=_Group,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Reads reports of war and tells who held each place, when, and who says so.",
    epilog="Begin with: whoheld demo",
)

_Ledger = Annotated[
    str | None,
    typer.Option(
        "--ledger",
        "-l",
        metavar="FILE",
        envvar="WHOHELD_LEDGER",
        help="The ledger: a file, or the address of a database. By default your own.",
    ),
]
_Json = Annotated[bool, typer.Option("--json", help="Print JSON, in the public record format.")]
_Paths = Annotated[
    list[str],
    typer.Argument(metavar="PATH...", help="Files, folders, globs; - is standard input.", show_default=False),
]
_Format = Annotated[
    str | None, typer.Option("--format", help="text, html, jsonl, csv or parquet; by default each file tells.")
]
_Published = Annotated[
    str | None, typer.Option("--published", metavar="DATE", help="The day of publication of reports that give none.")
]
_Publisher = Annotated[str, typer.Option("--publisher", help="The outlet of reports that name none.")]
_Extractor = Annotated[
    str, typer.Option("--extractor", metavar="NAME", help="Who reads: trained (a small network) or rules (a grammar).")
]
_Model = Annotated[
    str | None, typer.Option("--model", help="Another installed English spaCy model, for --extractor rules.")
]
_Place = Annotated[
    str,
    typer.Argument(metavar="PLACE", help="“name”, “name, province” or “name, province, SY”.", show_default=False),
]
_PlaceId = Annotated[
    str | None,
    typer.Option("--place-id", metavar="ID", help="Which of several places; as whoheld lists it."),
]
_AsOf = Annotated[str | None, typer.Option("--as-of", metavar="DATE", help="Only what was published by this day.")]


def main() -> None:
    """The console script."""
    app(prog_name="whoheld")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"whoheld {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    pass


# --- reading ------------------------------------------------------------------------------------------------


@app.command(epilog="Example: whoheld ingest reports.jsonl articles/ --ledger syria.sqlite")
def ingest(
    paths: _Paths,
    *,
    ledger: _Ledger = None,
    published: _Published = None,
    publisher: _Publisher = "",
    format: _Format = None,
    extractor: _Extractor = DEFAULT_EXTRACTOR,
    model: _Model = None,
    json: _Json = False,
) -> None:
    """Read reports into the ledger. What it has read before is skipped, so the same run can be repeated."""
    from whoheld.cli import show
    from whoheld.pipeline import IngestCount

    source = _source(paths, format, published, publisher)
    count = IngestCount()
    with _open_ledger(ledger, create=True) as opened:
        try:
            _ingest(source, opened, count, extractor, model)
        finally:  # also where it was interrupted: so far, so many
            _tell_failures(count.failures)
            if json:
                show.print_json(_count_record(count, _ledger_name(ledger)))
            else:
                show.show(*_count_lines(count, _ledger_name(ledger)))
    if count.failures:
        raise typer.Exit(SOME_UNREAD)


@app.command(epilog="Example: whoheld extract article.html --published 2017-10-22 | jq .claims")
def extract(
    paths: _Paths,
    *,
    published: _Published = None,
    publisher: _Publisher = "",
    format: _Format = None,
    extractor: _Extractor = DEFAULT_EXTRACTOR,
    model: _Model = None,
    json: Annotated[bool, typer.Option("--json", hidden=True)] = False,  # as everywhere; there is nothing else here
) -> None:
    """Print what is read in each report, as JSON Lines: one line a report, also where nothing was found."""
    from whoheld.cli import show
    from whoheld.pipeline import extract_reports
    from whoheld.record import resolution_record

    failures: list[Failure] = []
    source = _source(paths, format, published, publisher)
    resolver = _open_resolver()
    reader = _open_extractor(resolver, extractor, model)
    reasons: dict[str, str] = {}

    def failed(failure: Failure) -> None:
        failures.append(failure)
        _complain(failure.reason)
        if failure.report_id is not None:
            reasons[failure.report_id] = failure.reason

    with _progress() as bar:
        read = extract_reports(_reports(source, bar), reader, resolver, failed=failed)
        for number, (report, resolution) in enumerate(read, start=1):
            bar.done(number)
            record = resolution_record(resolution)
            if report.id in reasons:
                record["error"] = reasons[report.id]
            show.print_json(record)
    if failures:
        raise typer.Exit(SOME_UNREAD)


# --- asking -------------------------------------------------------------------------------------------------


@app.command(epilog="Example: whoheld who al-Qaryatayn --on 2017-10-22")
def who(
    place: _Place = "",
    *,
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help="The day; by default that of the last evidence.")
    ] = None,
    as_of: _AsOf = None,
    place_id: _PlaceId = None,
    ledger: _Ledger = None,
    json: _Json = False,
) -> None:
    """Who held a place on a day, how likely it is, and every claim for and against it in its own words."""
    from whoheld.ask import who_held
    from whoheld.cli import show
    from whoheld.record import answer_record

    _need_place(place, place_id)
    day, known = _last_day(on, "--on"), _last_day(as_of)
    with _open_ledger(ledger) as opened, opened_gazetteer() as gazetteer:
        answer = who_held(opened, place, on=day, as_of=known, place_id=place_id, gazetteer=gazetteer)
    if json:
        show.print_json(answer_record(answer))
    else:
        show.show(show.answer_text(answer))


@app.command(epilog='Example: whoheld timeline "Tripoli, Tripoli, LY"')
def timeline(
    place: _Place = "",
    as_of: _AsOf = None,
    place_id: _PlaceId = None,
    ledger: _Ledger = None,
    json: _Json = False,
) -> None:
    """Who held a place, from the first evidence to the last."""
    from whoheld.ask import timeline_of
    from whoheld.cli import show
    from whoheld.record import timeline_record

    _need_place(place, place_id)
    known = _last_day(as_of)
    with _open_ledger(ledger) as opened, opened_gazetteer() as gazetteer:
        found = timeline_of(opened, place, as_of=known, place_id=place_id, gazetteer=gazetteer)
        if json:
            show.print_json(timeline_record(found))
        else:
            show.show(show.timeline_text(found, opened.claim))


@app.command(epilog="Example: whoheld changes --since 2017-10-01 --until 2017-10-31")
def changes(
    since: Annotated[str, typer.Option("--since", metavar="DATE", help="The first day.", show_default=False)],
    until: Annotated[str, typer.Option("--until", metavar="DATE", help="The last day.", show_default=False)],
    as_of: _AsOf = None,
    ledger: _Ledger = None,
    json: _Json = False,
) -> None:
    """Which places changed hands between two days, both included."""
    from whoheld.ask import changes_between
    from whoheld.cli import show
    from whoheld.cli.arguments import first_day, last_day

    with _option("--since"):
        first = first_day(since)
    with _option("--until"):
        last = last_day(until)
        if last < first:
            raise typer.BadParameter(f"{last} is before --since {first}.")
    with _open_ledger(ledger) as opened:
        found = changes_between(opened, first, last, as_of=_last_day(as_of))
    if json:
        listed = [show.change_record(change) for change in found]
        show.print_json({"since": str(first), "until": str(last), "as_of": as_of, "changes": listed})
    elif found:
        show.show(*(show.change_text(change) for change in found))
    else:
        show.show(f"No place is known to have changed hands from {first} to {last}.")


@app.command(epilog="Example: whoheld places --ledger syria.sqlite")
def places(ledger: _Ledger = None, json: _Json = False) -> None:
    """The places that reports speak of, with how many claims there are on each and the last answer."""
    from whoheld.ask import places_known
    from whoheld.cli import show

    with _open_ledger(ledger) as opened:
        known = places_known(opened)
    if json:
        show.print_json({"places": [show.known_place_record(place) for place in known]})
    elif known:
        show.show(show.known_places_text(known))
    else:
        show.show("The ledger speaks of no place yet.")


@app.command(epilog="Example: whoheld export map.html")
def export(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Its suffix tells the format.", show_default=False)],
    format: Annotated[str | None, typer.Option("--format", help="geojson, csv, jsonl or html.")] = None,
    as_of: _AsOf = None,
    ledger: _Ledger = None,
    json: _Json = False,
) -> None:
    """Write all timelines with their claims to a file: GeoJSON, CSV, JSON Lines, or a map as one HTML page."""
    from whoheld.cli import show

    with _open_ledger(ledger) as opened:
        written = _export(opened, file, format, _last_day(as_of))
    if json:
        show.print_json({"file": str(file), "places": written})
    else:
        show.show(f"Wrote {written} place{'s' * (written != 1)} to {file}.")


# --- knowing ------------------------------------------------------------------------------------------------

app.add_typer(gazetteer.app, name="gazetteer")
app.add_typer(actors.app, name="actors")


# --- judging ------------------------------------------------------------------------------------------------

decide = typer.Typer(no_args_is_help=True, help="Accept, reject or correct a claim, or take the last decision back.")
app.add_typer(decide, name="decide")

_Claim = Annotated[str, typer.Argument(metavar="CLAIM_ID", help="As whoheld who shows it.", show_default=False)]
_By = Annotated[str, typer.Option("--by", help="Who decides.", show_default=False)]
_Note = Annotated[str, typer.Option("--note", help="Why.")]


@decide.command(epilog='Example: whoheld decide accept 1f0c… --by "A. Analyst" --note "seen on video"')
def accept(claim_id: _Claim, by: _By, note: _Note = "", ledger: _Ledger = None, json: _Json = False) -> None:
    """Vouch for a claim: it weighs in full, whoever says it."""
    from whoheld.vocabulary import Verdict

    _decide(ledger, claim_id, Verdict.ACCEPT, by=by, note=note, json=json)


@decide.command(epilog='Example: whoheld decide reject 1f0c… --by "A. Analyst" --note "another town"')
def reject(claim_id: _Claim, by: _By, note: _Note = "", ledger: _Ledger = None, json: _Json = False) -> None:
    """Set a claim aside: it weighs nothing, and is kept."""
    from whoheld.vocabulary import Verdict

    _decide(ledger, claim_id, Verdict.REJECT, by=by, note=note, json=json)


@decide.command(epilog='Example: whoheld decide correct 1f0c… --by "A. Analyst" --set kind=loss --set when=2017-10-21')
def correct(
    claim_id: _Claim,
    *,
    by: _By,
    changed: Annotated[
        list[str],
        typer.Option(
            "--set",
            metavar="FIELD=VALUE",
            help="kind, modality, factuality, extent, actors and opponents (ids of sides, with commas), place, "
            "when (DATE, DATE..DATE or none). Once for each field.",
            show_default=False,
        ),
    ],
    note: _Note = "",
    ledger: _Ledger = None,
    json: _Json = False,
) -> None:
    """Correct what was read wrongly. The claim itself is kept as it was read."""
    from whoheld.vocabulary import Verdict

    _decide(ledger, claim_id, Verdict.CORRECT, by=by, note=note, changed=changed, json=json)


@decide.command(epilog='Example: whoheld decide undo 1f0c… --by "A. Analyst"')
def undo(claim_id: _Claim, by: _By, note: _Note = "", ledger: _Ledger = None, json: _Json = False) -> None:
    """Take the last decision on a claim back."""
    from whoheld.vocabulary import Verdict

    _decide(ledger, claim_id, Verdict.UNDO, by=by, note=note, json=json)


@app.command(epilog="Example: whoheld decisions --json")
def decisions(ledger: _Ledger = None, json: _Json = False) -> None:
    """All decisions, in the order in which they were taken."""
    from whoheld.cli import show
    from whoheld.vocabulary import Decision as Made

    with _open_ledger(ledger) as opened:
        made = [entry for entry in opened.entries() if isinstance(entry.body, Made)]
    if json:
        show.print_json({"decisions": [show.decision_record(entry) for entry in made]})
    elif made:
        show.show(show.decisions_text(made))
    else:
        show.show("No decision has been taken.")


# --- the demo -----------------------------------------------------------------------------------------------


@app.command(epilog="Example: whoheld demo /tmp/whoheld-demo")
def demo(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="Where the ledger and the map are put.")] = Path(
        "whoheld-demo"
    ),
    json: _Json = False,
) -> None:
    """Read 56 sample dispatches, and show five timelines and a map."""
    from whoheld import data
    from whoheld.ask import timeline_of
    from whoheld.cli import show
    from whoheld.pipeline import IngestCount
    from whoheld.record import timeline_record

    try:
        folder.mkdir(parents=True, exist_ok=True)
        dispatches = folder / "dispatches.jsonl"
        dispatches.write_bytes(data.read_bytes("samples/dispatches.jsonl"))
    except OSError as error:
        raise WhoheldError(f"{folder}: {error.strerror}. Name another folder: whoheld demo DIR.") from error
    count, target = IngestCount(), folder / "map.html"
    database = folder / "ledger.sqlite"
    with _open_ledger(str(database), create=True) as opened, opened_gazetteer() as gazetteer:
        _ingest(_source([str(dispatches)], None, None, ""), opened, count, DEFAULT_EXTRACTOR, None)
        _tell_failures(count.failures)
        found = [timeline_of(opened, place, gazetteer=gazetteer) for place in DEMO_PLACES]
        if not json:
            show.show(*_count_lines(count, str(database)), "")
            for one in found:
                show.show(show.timeline_text(one, opened.claim), "")
        _export(opened, target, None, None)
    if json:
        show.print_json(
            {
                "ledger": str(database),
                "map": str(target),
                "ingest": _count_record(count, str(database)),
                "timelines": [timeline_record(one) for one in found],
            }
        )
    else:
        show.show(
            f"The map: {target.resolve()} (open it in a browser)",
            f"Ask on: whoheld who Palmyra --on 2017-01-20 --ledger {database}",
        )
    if count.failures:
        raise typer.Exit(SOME_UNREAD)


# --- parts --------------------------------------------------------------------------------------------------


def _exit_code(error: WhoheldError) -> int:
    if isinstance(error, UnknownPlace | AmbiguousPlace):
        return NO_PLACE
    return NO_LEDGER if isinstance(error, LedgerError) else OTHER


def _complain_of(error: WhoheldError) -> None:
    """An error, with places to choose from on a line each."""
    from whoheld.cli.show import complain

    if isinstance(error, AmbiguousPlace):
        width = max(len(text) for _, text in error.choices)
        complain(f"“{error.name}” fits several places. Add the province or country, or choose one:")
        for key, text in error.choices:
            complain(f"  {text.ljust(width)}  --place-id {key}", style="default")
    elif isinstance(error, UnknownPlace) and error.suggestions:
        complain(f"No place is known as “{error.name}”. Did you mean one of these?")
        for text in error.suggestions:
            complain(f"  {text}", style="default")
    else:
        complain(str(error))


def _complain(message: str, *, style: str = "red") -> None:
    from whoheld.cli.show import complain

    complain(message, style=style)


def _need_place(place: str, place_id: str | None) -> None:
    if not place.strip() and place_id is None:
        raise typer.BadParameter("Name a place, or give its --place-id.")


@contextmanager
def _option(name: str) -> Iterator[None]:
    """Says which option a bad value was given for."""
    try:
        yield
    except typer.BadParameter as error:
        error.param_hint = name
        raise


def _last_day(text: str | None, option: str = "--as-of") -> date | None:
    from whoheld.cli.arguments import last_day

    with _option(option):
        return last_day(text) if text else None


def _open_ledger(address: str | None, *, create: bool = False) -> Ledger:
    """The ledger at a path or address; by default the user's own. One that is only to be asked is not made."""
    from whoheld.ledger import open_ledger

    return open_ledger(address, create=create)


def _ledger_name(address: str | None) -> str:
    from whoheld.ledger import default_path

    return address or str(default_path())


def _open_resolver() -> Resolver:
    from whoheld.resolve import open_resolver

    return open_resolver(progress=_tell)


def _tell(message: str) -> None:
    _complain(message, style="dim")


def _open_extractor(resolver: Resolver, name: str, model: str | None) -> Extractor:
    from whoheld.pipeline import open_extractor

    if model and name != "rules":
        raise typer.BadParameter("It goes with --extractor rules.", param_hint="--model")
    return open_extractor(resolver, name=name, **({"model": model} if model else {}))


# reading


class _Source(NamedTuple):
    """The reports that were asked for, and what is to be believed of those that do not say it."""

    paths: list[str]
    format: str | None
    published: date | None
    publisher: str


def _source(paths: list[str], format: str | None, published: str | None, publisher: str) -> _Source:
    return _Source(paths, format, _publication(published), publisher)


def _publication(text: str | None) -> date | None:
    """A day of publication: a month or a year would make every relative time of the report wrong."""
    from whoheld.cli.arguments import first_day, last_day

    if not text:
        return None
    with _option("--published"):
        if first_day(text) != last_day(text):
            raise typer.BadParameter(f"“{text}” is more than a day. Give the day, such as 2017-10-22.")
        return first_day(text)


def _reports(source: _Source, bar: _Bar) -> Iterator[Report | UnreadableReport]:
    from whoheld.read import find_files, read_reports

    bar.expect(sum(getattr(file, "size", None) or 0 for file in find_files(source.paths)))
    for report in read_reports(
        source.paths,
        format=source.format,
        published=source.published,
        publisher=source.publisher,
        progress=bar.advance,
    ):
        bar.read()
        yield report


class _Bar:
    """A progress bar over bytes on standard error, where that is a terminal.

    Reports are read ahead, to find copies, and the work is in the parsing: of the bytes read so far, those count that
    belong to reports which are done, as if all were of one length.
    """

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task = progress.add_task("Reading", total=None, told="")
        self._bytes = self._read = self._done = 0

    def expect(self, total: int) -> None:
        self._progress.update(self._task, total=total or None)

    def advance(self, count: int) -> None:
        self._bytes += count

    def read(self) -> None:
        self._read += 1

    def ingested(self, count: IngestCount) -> None:
        done = count.reports + count.known + len(count.failures)
        self.done(done, f"{count.reports} reports, {count.claims} claims")

    def done(self, count: int, told: str = "") -> None:
        self._done = count
        share = min(1.0, self._done / max(1, self._read))
        self._progress.update(self._task, completed=int(self._bytes * share), told=told)


@contextmanager
def _progress() -> Iterator[_Bar]:
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=None),
        DownloadColumn(),
        TimeRemainingColumn(compact=True),
        TextColumn("{task.fields[told]}"),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        yield _Bar(progress)


def _ingest(source: _Source, ledger: Ledger, count: IngestCount, name: str, model: str | None) -> None:
    from whoheld.pipeline import ingest_reports

    resolver = _open_resolver()
    extractor = _open_extractor(resolver, name, model)
    with _progress() as bar:
        ingest_reports(_reports(source, bar), ledger, extractor, resolver, count=count, progress=bar.ingested)


def _tell_failures(failures: Iterable[Failure]) -> None:
    for failure in failures:
        _complain(failure.reason)


def _count_record(count: IngestCount, ledger: str) -> dict[str, Any]:
    return {
        "ledger": ledger,
        "reports": count.reports,
        "known": count.known,
        "copies": count.copies,
        "claims": count.claims,
        "warnings": [{"report_id": key, "warning": warning} for key, warning in count.warnings],
        "failures": [{"report_id": failure.report_id, "reason": failure.reason} for failure in count.failures],
    }


def _count_lines(count: IngestCount, ledger: str) -> list[RenderableType]:
    from whoheld.cli import show

    copies = f", {count.copies} of them {_ending(count.copies, 'a copy', 'copies')}" if count.copies else ""
    rows = [
        (str(count.reports), f"{_ending(count.reports, 'report', 'reports')} read{copies}"),
        (str(count.known), f"{_ending(count.known, 'report that was', 'reports that were')} known"),
        (str(count.claims), f"new {_ending(count.claims, 'claim', 'claims')}"),
        (str(len(count.warnings)), _ending(len(count.warnings), "warning", "warnings")),
        (str(len(count.failures)), _ending(len(count.failures), "failure", "failures")),
    ]
    warned = [show.hanging("-", f"{key}: {warning}") for key, warning in count.warnings[:_MOST_WARNINGS]]
    if len(count.warnings) > _MOST_WARNINGS:
        warned.append(show.hanging("-", f"and {len(count.warnings) - _MOST_WARNINGS} more (--json lists all)"))
    return [show.counts(rows), *warned, f"Ledger: {ledger}"]


def _ending(count: int, one: str, many: str) -> str:
    return one if count == 1 else many


_MOST_WARNINGS = 10


# writing


def _export(ledger: Ledger, target: Path, format: str | None, as_of: date | None) -> int:
    """Write all timelines; how many there are. What the export warns of is told in one line each."""
    from whoheld.ask import timelines
    from whoheld.export import export_timelines

    found = timelines(ledger, as_of=as_of)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", UserWarning)
        export_timelines(found, ledger, target, format=format)
    for warning in caught:
        _complain(str(warning.message), style="yellow")
    return len(found)


def _decide(
    address: str | None, claim_id: str, verdict: Verdict, *, by: str, note: str, json: bool, changed: Iterable[str] = ()
) -> None:
    from whoheld.cli import show
    from whoheld.cli.arguments import read_corrections
    from whoheld.vocabulary import Decision, Verdict

    if not by.strip():
        raise typer.BadParameter("Say who decides: --by NAME.")
    with _open_ledger(address) as ledger:
        testimony = ledger.claim(claim_id)
        correction: tuple[tuple[str, str], ...] = ()
        if verdict is Verdict.CORRECT:
            correction = read_corrections(changed, find_place=_finder(ledger), find_side=_find_side)
        entry = ledger.decide(Decision(claim_id, verdict, by.strip(), note, correction))
    if json:
        show.print_json(show.decision_record(entry))
    else:
        show.show(f"Recorded: {verdict} by {by.strip()}, on the claim", show.claim_text(testimony))


def _finder(ledger: Ledger) -> Callable[[str], Place]:
    from whoheld.ask import resolve_place_query

    def find(query: str) -> Place:
        with opened_gazetteer() as gazetteer:
            return resolve_place_query(ledger, query, gazetteer=gazetteer)

    return find


def _find_side(key: str) -> tuple[str, str]:
    from whoheld.resolve.actors import open_registry

    registry = open_registry()
    actor = registry.get(key)
    if actor is None:
        near = ", ".join(f"{found.id} ({found.name})" for found in registry.search(key, limit=5))
        hint = f"Did you mean: {near}?" if near else "“whoheld who PLACE --json” shows the ids of sides."
        raise typer.BadParameter(f"The registry has no actor “{key}”. {hint}")
    return actor.id, actor.name
