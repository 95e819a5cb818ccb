"""The documentation agrees with the code, and its links lead somewhere."""

import re
from pathlib import Path

import pytest

from whoheld.vocabulary import Extent, Factuality, Kind, Modality

ROOT = Path(__file__).parents[2]
CODEBOOK = (ROOT / "docs" / "codebook.md").read_text(encoding="utf-8")
PAGES = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "tests").rglob("README.md")],
)


def rows(heading: str) -> list[list[str]]:
    """The cells of all table rows below a heading of the codebook, up to the next heading."""
    section = CODEBOOK.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in section.splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_every_kind_is_in_the_codebook_and_in_the_crosswalk() -> None:
    assert [row[0] for row in rows("Kinds")] == [f"`{kind}`" for kind in Kind]
    crosswalk = [row[0] for row in rows("Crosswalk")]
    assert [cell for cell in crosswalk if cell.strip("`") in set(Kind)] == [f"`{kind}`" for kind in Kind]
    assert {f"`{modality}`" for modality in Modality} <= set(crosswalk)


def test_factuality_table_is_what_the_code_says() -> None:
    table = {row[0].strip("`"): (row[1], row[2]) for row in rows("Modality and factuality")}
    assert table == {f.value: (f.modality.value, f.certainty.value) for f in Factuality}


def test_every_extent_is_in_the_codebook() -> None:
    assert {row[0].strip("`") for row in rows("Place and extent")} >= set(Extent)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)\s#]+)[^)]*\)", page.read_text(encoding="utf-8"))
    local = [link for link in links if "://" not in link and not link.startswith("mailto:")]
    assert not [link for link in local if not (page.parent / link).exists()]


def test_every_decision_is_in_the_index() -> None:
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    decisions = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert not [path.name for path in decisions if f"decisions/{path.name}" not in index]
    for path in decisions:
        text = path.read_text(encoding="utf-8")
        assert re.match(rf"# {path.name[:4]} \S", text), path.name
        assert "## Context" in text, path.name
        assert "## Choice" in text, path.name
        assert "## What would change our mind" in text, path.name
