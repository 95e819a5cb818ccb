"""HTML: one self-contained file with a map, a time slider and the evidence, that works offline and by e-mail."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from whoheld.errors import ExportError
from whoheld.export.page import FORMAT, page_record
from whoheld.export.rows import json_bytes
from whoheld.plugins import Ledger
from whoheld.vocabulary import Timeline

SLOT = b'<script type="application/json" id="whoheld-data">null</script>'
"""Where the data goes in the built map (`web/index.html`)."""

LARGE = 20_000_000  # bytes; what many mail servers still let through

_ESCAPES = (
    (b"&", b"\\u0026"),
    (b"<", b"\\u003c"),  # no </script>, no <!--
    (b">", b"\\u003e"),
    ("\u2028".encode(), b"\\u2028"),
    ("\u2029".encode(), b"\\u2029"),
)


def export_html(timelines: Sequence[Timeline], ledger: Ledger, target: Path) -> None:
    """Write the map with `timelines` and every claim that they cite. Warns where the file is above 20 MB.

    Raises ExportError where the map has not been built, or was built for another form of the data.
    """
    before, after = _template()
    data = embed(json_bytes(page_record(timelines, ledger)))
    size = len(before) + len(data) + len(after)
    if size > LARGE:
        warnings.warn(
            f"The map is {size / 1e6:.0f} MB, more than many mail servers let through. Send it zipped, or link to it.",
            stacklevel=2,
        )
    with target.open("wb") as stream:
        for part in (before, data, after):
            stream.write(part)


def embed(json_text: bytes) -> bytes:
    """JSON as it can stand in a `<script>`, whatever a report says: still the same JSON, without `<`, `>` or `&`."""
    for raw, escaped in _ESCAPES:
        json_text = json_text.replace(raw, escaped)
    return json_text


def _template() -> tuple[bytes, bytes]:
    """What stands before and after the data."""
    built = files("whoheld.export").joinpath("static", "map.html")
    try:
        page = built.read_bytes()
    except FileNotFoundError as missing:
        raise ExportError("The map is not built. Run “make web”, then export again.") from missing
    before, slot, after = page.partition(SLOT)
    if not slot or SLOT in after or f'<meta name="whoheld-format" content="{FORMAT}">'.encode() not in before:
        raise ExportError("The map was built for another version of whoheld. Run “make web”, then export again.")
    opening, closing = SLOT.split(b"null")
    return before + opening, closing + after
