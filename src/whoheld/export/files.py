"""Files that are there whole or not at all."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from whoheld.errors import ExportError


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """A path beside `target` to write to, which takes the place of `target` if nothing goes wrong.

    What is not a plain file (`/dev/stdout`, a pipe) is written to as it is. A link is followed, so that it stays one.
    Raises ExportError, with the reason, where nothing can be written.
    """
    if target.is_dir():
        raise ExportError(f"{target} is a folder. Name a file in it.")
    if target.exists() and not target.is_file():
        with _saying_why(target):
            yield target
        return
    final = target.resolve()
    if not final.parent.is_dir():
        raise ExportError(f"{target} cannot be written: there is no folder {final.parent}. Make it first.")
    # Not tempfile: it makes files that only their owner may read, and an export is there to be passed on.
    temporary = final.with_name(f".{final.stem}.{secrets.token_hex(6)}{final.suffix}")
    try:
        with _saying_why(target):
            yield temporary
            if final.exists():
                shutil.copymode(final, temporary)
            temporary.replace(final)
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


@contextmanager
def _saying_why(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise ExportError(f"{target} cannot be written: {reason}. Choose another place.") from error
