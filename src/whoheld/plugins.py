"""The plug-in points on one page: what is needed is a Protocol, what gives it a name is an entry point.

A plug-in is any object that fits: no base class, no decorator. Ours are registered in `pyproject.toml` in the same
way as anyone's, under the groups `whoheld.readers`, `whoheld.extractors`, `whoheld.ledgers`, `whoheld.exporters`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from importlib.metadata import entry_points
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Protocol, Self, runtime_checkable

from .errors import MissingPlugin, UnreadableReport
from .vocabulary import Decision, Entry, Extraction, Mention, Place, Report, Resolution, Testimony, Timeline


class Reader(Protocol):
    """Reads one format. `name` is the file or stream as people know it.

    Yields reports in order; a report that cannot be read is *yielded* as the error, so that the rest of the file
    is still read.
    """

    def __call__(self, stream: IO[bytes], name: str) -> Iterator[Report | UnreadableReport]: ...


DEFAULT_EXTRACTOR = "trained"
"""The extractor that reads where none is named: the one that measured best (docs/decisions/0013)."""


class Lexicon(Protocol):
    """What extraction may know of the world's names, without knowing where they come from."""

    def find_places(self, text: str) -> tuple[Mention, ...]:
        """The names of known places in `text`, in order, without overlap."""

    def find_actors(self, text: str) -> tuple[Mention, ...]:
        """The names of known actors, and generic ones ("government forces"), in order, without overlap."""

    def place_class(self, name: str) -> str:
        """What `name` is above all: a feature class of `vocabulary.Place` ("populated", "country"), "" if unknown."""

    def is_people(self, word: str) -> bool:
        """Whether `word` is of a country or its people ("Russian"), whose forces it may stand for."""

    def sides(
        self, mentions: Sequence[Mention], *, context: Sequence[Mention], published: date | None
    ) -> tuple[str, ...]:
        """A key for each mention of an actor, the same for all of one side; "" where it cannot be told.

        `context` are the actors that the report names; `published` is the day on which sides are counted.
        """


class Extractor(Protocol):
    """Reads claims in reports. `coder` is name and version ("rules/1"); both go into every claim's id."""

    coder: str

    def __call__(self, reports: Iterable[Report]) -> Iterator[Extraction]: ...


@runtime_checkable
class Ledger(Protocol):
    """Keeps reports, what was read in them, and what analysts decided. Append-only."""

    def append(self, report: Report, resolution: Resolution) -> int:
        """Add a report with all of its claims, or nothing; how many claims are new (0 where it is known already)."""

    def batch(self) -> AbstractContextManager[None]:
        """Within it, appends share transactions, for speed. Each report is whole or absent all the same."""

    def knows(self, report_id: str, coder: str) -> bool:
        """Whether this report has been read by this coder."""

    def decide(self, decision: Decision) -> Entry: ...

    def entries(
        self,
        *,
        place_id: str | None = None,
        published_by: date | None = None,
        recorded_by: datetime | None = None,
        since_sequence: int = 0,
    ) -> Iterator[Entry]:
        """Testimony and decisions in sequence; the two clocks cut off what was not yet known.

        The claims are those of the newest reading of each report, with the decisions on them. With `place_id` they
        are those pinned to the place or moved there by a correction. Later than `since_sequence`.
        """

    def report(self, report_id: str) -> Report: ...

    def reports(self) -> Iterator[Report]:
        """Every report once, with its text."""

    def claim(self, claim_id: str) -> Testimony: ...

    def places(self) -> Sequence[Place]:
        """Every place that a claim is pinned to, each once, by id."""

    def counts(self) -> Mapping[str, int]:
        """How many there are, by name: at least `reports`, `claims` and `decisions`."""

    def close(self) -> None: ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class Exporter(Protocol):
    """Writes timelines with their testimony to a file."""

    def __call__(self, timelines: Sequence[Timeline], ledger: Ledger, target: Path) -> None: ...


def names(group: str) -> list[str]:
    """The names registered in `whoheld.<group>`, sorted."""
    return sorted({point.name for point in entry_points(group=f"whoheld.{group}")})


def load(group: str, name: str) -> Callable[..., Any]:
    """The plug-in `name` of the group: "readers", "extractors", "ledgers" or "exporters".

    Raises MissingPlugin, saying which names there are, or which extra to install.
    """
    for point in entry_points(group=f"whoheld.{group}"):
        if point.name == name:
            try:
                loaded: Callable[..., Any] = point.load()
            except ModuleNotFoundError as missing:
                raise MissingPlugin(
                    f"The {group[:-1]} “{name}” needs the package {missing.name}: pip install whoheld[{name}]."
                ) from missing
            return loaded
    raise MissingPlugin(f"There is no {group[:-1]} “{name}”. There are: {', '.join(names(group)) or 'none'}.")
