"""What the readers of all formats share: what an import says of its rows, points, spellings."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from whoheld.resolve.gazetteer.store import Fault, Record
from whoheld.resolve.names import fold, is_spelling


@dataclass(slots=True)
class Settings:
    """What every row of an import is given, where it does not say it itself.

    `units` are (country, GeoNames' admin1 code) -> province, of the embedded gazetteer; `locate` gives country and
    province of a point, "" where it cannot tell. `passed_over` counts rows that are no place that reports hold.
    """

    source: str = ""
    licence: str = ""
    country: str = ""
    prefix: str = "import"
    units: Mapping[tuple[str, str], str] = field(default_factory=dict)
    locate: Callable[[float, float], tuple[str, str]] = lambda lat, lon: ("", "")
    passed_over: Counter[str] = field(default_factory=Counter)
    _provinces: dict[str, dict[str, str]] = field(init=False, default_factory=lambda: defaultdict(dict))

    def __post_init__(self) -> None:
        for (country, _), name in self.units.items():
            self._provinces[country][fold(name)] = name

    def province(self, names: Sequence[str], country: str) -> str:
        """Our spelling of a province, where one of its names is ours but for letters; else its first name."""
        ours = self._provinces.get(country, {})
        return next((ours[key] for name in names if (key := fold(name)) in ours), names[0])


Rows = Iterator[Record | Fault]
Reader = Callable[[Path, Settings, Callable[[int], None]], Rows]


def point(lat: Any, lon: Any) -> tuple[float, float]:
    """Raises ValueError with a reason for people."""
    try:
        north, east = float(str(lat).strip()), float(str(lon).strip())
    except (TypeError, ValueError):
        raise ValueError(f"no coordinates (“{lat}”, “{lon}”)") from None
    if not (-90 <= north <= 90 and -180 <= east <= 180):
        raise ValueError(f"coordinates outside of the world ({lat}, {lon})")
    if north == east == 0:
        raise ValueError("coordinates 0, 0, which means that there are none")
    return north, east


def spelled(*names: str | None) -> list[str]:
    """The names that reports can be in, each once."""
    return [name for name in dict.fromkeys(filter(None, names)) if is_spelling(name)]


def csv_rows(path: Path, advance: Callable[[int], None]) -> Iterator[tuple[int, list[str]]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        sample = lines.readline()
        lines.seek(0)
        delimiter = max(",;\t", key=sample.count)

        def counted() -> Iterator[str]:
            for line in lines:
                advance(len(line.encode("utf-8", "surrogatepass")))
                yield line

        reader = csv.reader(counted(), delimiter=delimiter)
        for row in reader:
            if any(row):
                yield reader.line_num, row
