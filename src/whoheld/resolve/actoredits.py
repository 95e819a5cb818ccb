"""What analysts change in the registry of actors: a file of lines that only grows, replayed over the shipped data.

Each line is one decision, as JSON, with who took it, when and why: ``add`` an actor, ``merge`` one into another (its
names, its id and what it holds are the other's from then on), ``unmerge`` what was merged, ``remove`` what was added.
Nothing is taken out of the file again; so it can lie under version control, and be shared by a team.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from platformdirs import user_data_path

from whoheld.errors import BadData
from whoheld.resolve.actorrecords import KINDS, ActorRecord, Stay

VERBS = ("add", "merge", "unmerge", "remove")
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Edit:
    """One decision on the registry. `actor` is the id; `into` the one it is merged into; `entry` an added actor's
    fields, as in the data files."""

    verb: str
    actor: str
    by: str
    at: str
    into: str = ""
    note: str = ""
    entry: Mapping[str, Any] = field(default_factory=dict)


def edits_path() -> Path:
    """The file named in WHOHELD_ACTORS, or else the user's own."""
    named = os.environ.get("WHOHELD_ACTORS")
    return Path(named) if named else user_data_path("whoheld", appauthor=False) / "actors.jsonl"


def read_edits(path: Path) -> tuple[Edit, ...]:
    """The decisions in a file, in order. Raises BadData, naming the line."""
    edits = []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadData(f"{path}, the file of changes to the registry of actors, cannot be read: {error}.") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            edit = Edit(**json.loads(line))
        except (ValueError, TypeError) as error:
            raise BadData(f"{path}, line {number}, is no change of the registry: {error}. Mend the line.") from error
        if edit.verb not in VERBS:
            raise BadData(f"{path}, line {number}: there is no “{edit.verb}”. There are: {', '.join(VERBS)}.")
        edits.append(edit)
    return tuple(edits)


def append_edit(path: Path, edit: Edit) -> None:
    """Adds a decision to the file, which is made where there is none. What was there stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fields = {"verb": edit.verb, "actor": edit.actor, "by": edit.by, "at": edit.at}
    fields |= {key: value for key in ("into", "note", "entry") if (value := getattr(edit, key))}
    with path.open("a", encoding="utf-8") as out:
        out.write(json.dumps(fields, ensure_ascii=False) + "\n")


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def check_edit(
    edit: Edit, records: Mapping[str, ActorRecord], merged: Mapping[str, str], added: Collection[str]
) -> None:
    """Raises BadData where a decision cannot be taken.

    `records` are the actors that there are now, `merged` ids -> what they are merged into, `added` ids of actors that
    an edit added.
    """
    if not edit.by.strip():
        raise BadData("A change of the registry needs the name of who made it (--by).")
    if edit.verb == "add":
        _check_new(edit, records, merged)
    elif edit.verb == "unmerge":
        if edit.actor not in merged:
            there = ", ".join(sorted(merged)) or "none"
            raise BadData(f"“{edit.actor}” is not merged into another. Merged are: {there}.")
    elif edit.actor not in records:
        hint = f" It is merged into “{merged[edit.actor]}”." if edit.actor in merged else ""
        raise BadData(f"The registry has no actor “{edit.actor}”.{hint} Try: whoheld actors search NAME.")
    elif edit.verb == "remove":
        if edit.actor not in added:
            raise BadData(f"“{edit.actor}” is of the shipped registry and stays. What you added can be removed.")
        if edit.actor in merged.values():
            raise BadData(f"Others are merged into “{edit.actor}”. Unmerge them first: whoheld actors log.")
    elif edit.into not in records:
        raise BadData(f"The registry has no actor “{edit.into}” to merge into. Try: whoheld actors search NAME.")
    elif edit.into == edit.actor:
        raise BadData(f"“{edit.actor}” cannot be merged into itself.")


def _check_new(edit: Edit, records: Mapping[str, ActorRecord], merged: Mapping[str, str]) -> None:
    if not _ID.fullmatch(edit.actor):
        raise BadData(f"“{edit.actor}” cannot be an id. Write small letters and digits with hyphens: northern-front.")
    if edit.actor in records or edit.actor in merged:
        raise BadData(f"The registry has an actor “{edit.actor}” already.")
    kind = edit.entry.get("kind")
    if kind not in KINDS:
        raise BadData(f"“{kind}” is no kind of actor. There are: {', '.join(KINDS)}.")
    for one in (edit.entry.get("side"), edit.entry.get("parent"), *edit.entry.get("backers", ())):
        if isinstance(one, str) and one and one != edit.actor and one not in records:
            raise BadData(f"The registry has no actor “{one}” to count “{edit.actor}” with.")


# --- replaying ----------------------------------------------------------------------------------------------


def replay(
    shipped: Sequence[ActorRecord],
    edits: Iterable[Edit],
    *,
    read: Callable[[str, Mapping[str, Any]], ActorRecord],
) -> tuple[ActorRecord, ...]:
    """The records after all edits. `read` makes a record of an added entry.

    Merges are applied last, over what was added, so that what was unmerged is as it was before. Raises BadData where
    an edit cannot be applied, as after an update of the shipped data.
    """
    records = {record.id: record for record in shipped}
    merges = merges_of(edits, records, read)
    for actor, into in merges.items():
        target = into
        while target in merges:
            target = merges[target]
        records[target] = _joined(records[target], records[actor])
    kept = (record for record in records.values() if record.id not in merges)
    return tuple(replace(record, sides=_redirected(record.sides, merges)) for record in kept)


def merges_of(
    edits: Iterable[Edit],
    records: dict[str, ActorRecord],
    read: Callable[[str, Mapping[str, Any]], ActorRecord],
) -> dict[str, str]:
    """What is merged into what in the end; what was added is put into `records`."""
    merges: dict[str, str] = {}
    added: set[str] = set()
    for edit in edits:
        present = {key: record for key, record in records.items() if key not in merges}
        check_edit(edit, present, merges, added)
        if edit.verb == "add":
            records[edit.actor] = read(edit.actor, edit.entry)
            added.add(edit.actor)
        elif edit.verb == "remove":
            del records[edit.actor]
            added.discard(edit.actor)
        elif edit.verb == "merge":
            merges[edit.actor] = edit.into
        else:
            del merges[edit.actor]
    return merges


def _joined(into: ActorRecord, one: ActorRecord) -> ActorRecord:
    """`into` with the names and ids of `one`, which are its own from now on."""
    names = dict.fromkeys((*into.aliases, one.name, *one.aliases))
    return replace(
        into,
        aliases=tuple(name for name in names if name != into.name),
        other_ids=tuple(dict.fromkeys((*into.other_ids, one.id, *one.other_ids))),
        countries=tuple(dict.fromkeys((*into.countries, *one.countries))),
        acled=tuple(dict.fromkeys((*into.acled, *one.acled))),
    )


def _redirected(stays: tuple[Stay, ...], merges: Mapping[str, str]) -> tuple[Stay, ...]:
    """Sides that were merged are what they were merged into."""

    def end(key: str) -> str:
        while key in merges:
            key = merges[key]
        return key

    return tuple(replace(stay, id=end(stay.id)) for stay in stays)
