"""The errors of whoheld. Each message is a sentence that names the thing and says what to try."""

from __future__ import annotations


class WhoheldError(Exception):
    """Anything that whoheld raises on purpose. `str(error)` is fit to be shown to a person."""


class UnreadableReport(WhoheldError):
    """A report, or a line of a file of reports, that cannot be read. The run counts and lists it, and goes on."""

    def __init__(self, path: str, problem: str, remedy: str, *, line: int | None = None) -> None:
        self.path, self.problem, self.remedy, self.line = path, problem, remedy, line
        where = path if line is None else f"{path}, line {line}"
        super().__init__(f"{where}: {problem}. {remedy}.")


class UnknownPlace(WhoheldError):
    """A name that fits no place, with suggestions."""

    def __init__(self, name: str, suggestions: tuple[str, ...] = ()) -> None:
        self.name, self.suggestions = name, suggestions
        near = (
            f"Did you mean: {'; '.join(suggestions)}?" if suggestions else "Try another spelling, or add the province."
        )
        super().__init__(f"No place is known as “{name}”. {near}")


class AmbiguousPlace(WhoheldError):
    """A name that fits several places; `choices` are (place id, description) pairs."""

    def __init__(self, name: str, choices: tuple[tuple[str, str], ...]) -> None:
        self.name, self.choices = name, choices
        listed = "; ".join(f"{text} (--place-id {key})" for key, text in choices)
        super().__init__(f"“{name}” fits several places: {listed}. Add the province or country, or choose one.")


class LedgerError(WhoheldError):
    """The ledger cannot be opened or written, and why."""


class MissingPlugin(WhoheldError):
    """No plug-in of that name, or one whose optional extra is not installed."""


class BadData(WhoheldError):
    """A data file of ours or of the user's that does not say what it must."""


class ExportError(WhoheldError):
    """An export that cannot be written: an unknown format, or a missing part."""
