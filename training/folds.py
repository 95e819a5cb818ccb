"""Which reports are held back together."""

from __future__ import annotations

import zlib


def fold_of(report_id: str, folds: int) -> int:
    """The fold of a report: by a checksum of its name, passages of one page together."""
    name = report_id.rsplit("-", 1)[0] if report_id.startswith("wiki") else report_id
    return zlib.crc32(name.encode()) % folds
