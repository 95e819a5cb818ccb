"""`whoheld actors`: who is known, whom each is counted with, and how to add and merge."""

# ruff: noqa: PLC0415  (each command loads what it needs)

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from whoheld.cli.codes import NO_PLACE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from whoheld.resolve.actoredits import Edit
    from whoheld.resolve.actorrecords import ActorRecord
    from whoheld.resolve.actors import Registry

app = typer.Typer(
    no_args_is_help=True,
    help="The registry of armed actors: list, search, add, merge. Every change can be taken back.",
)

_Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
_Id = Annotated[str, typer.Argument(metavar="ID", help="As whoheld actors search shows it.", show_default=False)]
_By = Annotated[str, typer.Option("--by", help="Who decides.", show_default=False)]
_Note = Annotated[str, typer.Option("--note", help="Why.")]
_Country = Annotated[str, typer.Option("--country", help="Only those that fight there (ISO alpha-2).")]


@app.command(name="list", epilog="Example: whoheld actors list --country ML")
def list_(
    country: _Country = "",
    side: Annotated[str, typer.Option("--side", help="Only those that are counted with this id at some time.")] = "",
    json: _Json = False,
) -> None:
    """All actors, by country and name."""
    found = [
        record
        for record in _registry()
        if (not country or country.upper() in record.countries)
        and (not side or side in {record.id, *(stay.id for stay in record.sides)})
    ]
    _print(sorted(found, key=lambda one: (one.countries[0] if one.countries else "", one.name)), json)


@app.command(epilog="Example: whoheld actors search nusra")
def search(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A name, or part of one.", show_default=False)],
    json: _Json = False,
) -> None:
    """The actors that a name means, best first: by id or whole name, then by the words that they contain."""
    found = _registry().search(name)
    if not found and not json:
        from whoheld.cli.show import complain

        complain(f"The registry has no actor “{name}”. Try one word of the name, or: whoheld actors list --country SY")
        raise typer.Exit(NO_PLACE)  # as of a place that is not known
    _print(found, json)


@app.command(epilog="Example: whoheld actors show hts")
def show(actor: _Id, json: _Json = False) -> None:
    """Everything that the registry says of an actor: names, sides with their days, what it became, ids elsewhere."""
    from whoheld.cli import show as screen
    from whoheld.errors import BadData

    registry = _registry()
    record = registry.get(actor)
    if record is None:
        near = ", ".join(one.id for one in registry.search(actor, limit=5))
        raise BadData(f"The registry has no actor “{actor}”.{f' Near: {near}.' if near else ''}")
    if json:
        screen.print_json(_record(record))
    else:
        screen.show(*_details(record, registry))


@app.command(epilog='Example: whoheld actors add n-front --name "N Front" --kind rebel-group --country SY --by AA')
def add(
    actor: Annotated[str, typer.Argument(metavar="ID", help="Small letters, hyphens; for ever.", show_default=False)],
    *,
    name: Annotated[str, typer.Option("--name", help="Its usual English name.", show_default=False)],
    kind: Annotated[
        str,
        typer.Option(
            "--kind",
            help="state-forces, rebel-group, political-militia, identity-militia or external-force.",
            show_default=False,
        ),
    ],
    country: Annotated[list[str], typer.Option("--country", help="ISO alpha-2. Repeatable.", show_default=False)],
    by: _By,
    alias: Annotated[list[str], typer.Option("--alias", help="A further name. Repeatable.")] = [],  # noqa: B006
    side: Annotated[str, typer.Option("--side", help="The id that it is counted with; by default itself.")] = "",
    first: Annotated[str, typer.Option("--from", metavar="DATE", help="Since when: 2014, 2014-07 or 2014-07-03.")] = "",
    last: Annotated[str, typer.Option("--to", metavar="DATE", help="Until when.")] = "",
    source: Annotated[str, typer.Option("--source", help="Where a reader can check it.")] = "",
    note: _Note = "",
) -> None:
    """Add an actor: from now on its names are found in reports."""
    entry: dict[str, Any] = {"name": name, "kind": kind, "countries": [code.upper() for code in country]}
    entry |= {"aliases": alias} if alias else {}
    entry |= {key: value for key, value in (("side", side), ("from", first), ("to", last), ("source", source)) if value}
    _decide("add", actor, by=by, note=note, entry=entry)


@app.command(epilog='Example: whoheld actors merge fatah-al-sham hts --by AA --note "the same command"')
def merge(
    actor: _Id,
    into: Annotated[str, typer.Argument(metavar="INTO", help="The id that stays.", show_default=False)],
    *,
    by: _By,
    note: _Note = "",
) -> None:
    """Make two actors one: names, id and holdings of the first are the second's, also in ledgers that exist.

    A merger that happened on a day is no such merge: the registry dates it, and timelines follow it.
    """
    _decide("merge", actor, by=by, note=note, into=into)


@app.command(epilog="Example: whoheld actors unmerge fatah-al-sham --by AA")
def unmerge(actor: _Id, *, by: _By, note: _Note = "") -> None:
    """Take a merge back: both are again what they were."""
    _decide("unmerge", actor, by=by, note=note)


@app.command(epilog="Example: whoheld actors remove northern-front --by AA")
def remove(actor: _Id, *, by: _By, note: _Note = "") -> None:
    """Take an actor away that was added here. Those that whoheld ships stay."""
    _decide("remove", actor, by=by, note=note)


@app.command(epilog="Example: whoheld actors log")
def log(json: _Json = False) -> None:
    """All changes of the registry, in the order in which they were made."""
    from whoheld.cli import show as screen
    from whoheld.resolve.actoredits import edits_path, read_edits

    path = edits_path()
    edits = read_edits(path) if path.exists() else ()
    if json:
        screen.print_json({"file": str(path), "changes": [_edit_record(edit) for edit in edits]})
    elif edits:
        screen.show(*(_edit_text(edit) for edit in edits), f"File: {path}")
    else:
        screen.show(f"Nothing was changed. Changes would be in {path}.")


# --- parts --------------------------------------------------------------------------------------------------


def _registry() -> Registry:
    from whoheld.resolve.actors import open_registry

    return open_registry()


def _decide(verb: str, actor: str, *, by: str, note: str, into: str = "", entry: dict[str, Any] | None = None) -> None:
    """Tries the change over all that were made before, and keeps it only where it can be made."""
    from whoheld.cli import show as screen
    from whoheld.resolve.actoredits import Edit, append_edit, edits_path, now
    from whoheld.resolve.actors import try_edit

    edit = Edit(verb, actor, by.strip(), now(), into=into, note=note, entry=entry or {})
    path = edits_path()
    try_edit(path, edit)
    append_edit(path, edit)
    screen.show(f"Recorded: {_edit_text(edit)}", f"File: {path}")


def _print(records: Iterable[ActorRecord], json: bool) -> None:
    from rich.table import Table
    from rich.text import Text

    from whoheld.cli import show as screen

    listed = list(records)
    if json:
        screen.print_json({"actors": [_record(record) for record in listed]})
        return
    table = Table(box=None, pad_edge=False, show_edge=False)
    for title in ("id", "name", "counted with", "in"):
        table.add_column(title, overflow="fold")
    for record in listed:
        sides = ", ".join(dict.fromkeys(stay.id for stay in record.sides if stay.id != record.id)) or "itself"
        table.add_row(record.id, Text(record.name), sides, " ".join(record.countries[:4]))
    screen.show(table, f"{len(listed)} actor{'s' * (len(listed) != 1)}")


def _details(record: ActorRecord, registry: Registry) -> list[Any]:
    from rich.text import Text

    lived = f"{record.first or '…'} to {record.last or 'today'}"
    rows = [
        ("kind", record.kind),
        ("fights in", " ".join(record.countries)),
        ("under this name", lived if record.first or record.last else ""),
        ("names", "; ".join(record.aliases)),
        ("part of", record.parent),
        *(("counted with", _stay_text(stay, registry)) for stay in record.sides),
        ("became", record.successor),
        ("backed by", ", ".join(record.backers)),
        ("other ids", ", ".join(record.other_ids)),
        ("ACLED", "; ".join(record.acled)),
        ("UCDP", str(record.ucdp or "")),
        ("Wikidata", record.wikidata),
        ("source", record.source),
    ]
    body = [Text.assemble((f"{title:16}", "dim"), value) for title, value in rows if value]
    return [Text.assemble((record.name, "bold"), f"  {record.id}"), *body]


def _stay_text(stay: Any, registry: Registry) -> str:
    side = registry.get(stay.id)
    days = f" from {stay.first}" if stay.first else ""
    days += f" until {stay.last}" if stay.last else ""
    where = f" in {' '.join(stay.countries)}" if stay.countries else ""
    return f"{side.name if side else stay.id} ({stay.id}){days}{where}"


def _record(record: ActorRecord) -> dict[str, Any]:
    return {
        "id": record.id,
        "name": record.name,
        "kind": record.kind,
        "countries": list(record.countries),
        "aliases": list(record.aliases),
        "parent": record.parent or None,
        "sides": [
            {"id": stay.id, "from": _day(stay.first), "until": _day(stay.last), "in": list(stay.countries)}
            for stay in record.sides
        ],
        "backers": list(record.backers),
        "from": _day(record.first),
        "to": _day(record.last),
        "successor": record.successor or None,
        "other_ids": list(record.other_ids),
        "acled": list(record.acled),
        "ucdp": record.ucdp or None,
        "wikidata": record.wikidata or None,
        "source": record.source,
    }


def _day(day: Any) -> str | None:
    return day.isoformat() if day else None


def _edit_text(edit: Edit) -> str:
    into = f" into {edit.into}" if edit.into else ""
    note = f" ({edit.note})" if edit.note else ""
    return f"{edit.at}  {edit.verb} {edit.actor}{into}, by {edit.by}{note}"


def _edit_record(edit: Edit) -> dict[str, Any]:
    return {
        "verb": edit.verb,
        "actor": edit.actor,
        "into": edit.into or None,
        "by": edit.by,
        "at": edit.at,
        "note": edit.note,
        "entry": dict(edit.entry),
    }
