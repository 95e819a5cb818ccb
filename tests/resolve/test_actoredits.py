"""Changes to the registry of actors: they only grow, are replayed, and can be taken back."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from whoheld.errors import BadData
from whoheld.resolve.actoredits import Edit, append_edit, read_edits
from whoheld.resolve.actors import Registry, open_registry, resolve_actors, try_edit
from whoheld.vocabulary import Mention

FRONT = {"name": "Northern Test Front", "kind": "rebel-group", "countries": ["SY"], "aliases": ["NTF", "جبهة الاختبار"]}


def edit(verb: str, actor: str, into: str = "", entry: dict[str, Any] | None = None, by: str = "AA") -> Edit:
    return Edit(verb, actor, by, "2026-01-01T00:00:00+00:00", into=into, entry=entry or {})


def after(tmp_path: Path, *edits: Edit) -> Registry:
    path = tmp_path / "actors.jsonl"
    for one in edits:
        try_edit(path, one)
        append_edit(path, one)
    return open_registry(path)


def meant(registry: Registry, text: str) -> str:
    (found,) = resolve_actors(
        [Mention(0, len(text), text)], registry=registry, countries={"SY": 1.0}, published=date(2016, 1, 1)
    )
    return found.actor.side if found.actor else ""


def test_without_changes_it_is_the_shipped_registry(tmp_path: Path) -> None:
    assert [one.id for one in open_registry(tmp_path / "none.jsonl")] == [one.id for one in open_registry()]


def test_an_added_actor_is_found_in_reports(tmp_path: Path) -> None:
    registry = after(tmp_path, edit("add", "n-test-front", entry=FRONT))
    assert [mention.text for mention in registry.find("Fighters of the NTF left.")] == ["NTF"]
    assert meant(registry, "Northern Test Front") == meant(registry, "جبهة الاختبار") == "n-test-front"
    assert open_registry().get("n-test-front") is None


def test_an_added_actor_can_be_counted_with_another(tmp_path: Path) -> None:
    registry = after(tmp_path, edit("add", "n-test-front", entry=FRONT | {"side": "rebels"}))
    assert meant(registry, "NTF") == "rebels"


def test_merged_and_unmerged(tmp_path: Path) -> None:
    before = open_registry()
    merged = after(tmp_path, edit("merge", "ypg", "peshmerga"))
    assert "ypg" not in {one.id for one in merged}
    record = merged.get("ypg")
    assert record is not None
    assert record.id == "peshmerga"
    assert meant(merged, "YPG") == "peshmerga"
    assert ("ypg", "peshmerga", None) in {(one.old, one.new, one.day) for one in merged.successions()}
    back = after(tmp_path, edit("unmerge", "ypg"))
    assert list(back) == list(before)
    assert back.successions() == before.successions()
    assert len(read_edits(tmp_path / "actors.jsonl")) == 2  # nothing is taken out of the file


def test_merges_of_merges_and_of_a_side(tmp_path: Path) -> None:
    registry = after(tmp_path, edit("merge", "ypg", "sdf"), edit("merge", "sdf", "peshmerga"))
    assert meant(registry, "YPG") == meant(registry, "Syrian Democratic Forces") == "peshmerga"
    assert all(stay.id != "sdf" for record in registry for stay in record.sides)


def test_removed_again(tmp_path: Path) -> None:
    registry = after(tmp_path, edit("add", "n-test-front", entry=FRONT), edit("remove", "n-test-front"))
    assert registry.get("n-test-front") is None
    assert list(registry) == list(open_registry())


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (edit("merge", "nobody", "sdf"), "no actor “nobody”"),
        (edit("merge", "sdf", "nobody"), "to merge into"),
        (edit("merge", "sdf", "sdf"), "into itself"),
        (edit("unmerge", "sdf"), "not merged"),
        (edit("remove", "sdf"), "shipped registry"),
        (edit("add", "sdf", entry=FRONT), "already"),
        (edit("add", "Not An Id", entry=FRONT), "cannot be an id"),
        (edit("add", "n-test-front", entry=FRONT | {"kind": "army"}), "no kind of actor"),
        (edit("add", "n-test-front", entry=FRONT | {"side": "nobody"}), "to count “n-test-front” with"),
        (edit("add", "n-test-front", entry=FRONT | {"from": "soon"}), "no date"),
        (edit("merge", "sdf", "ypg", by=" "), "the name of who"),
    ],
)
def test_what_cannot_be_is_refused_before_it_is_kept(tmp_path: Path, wrong: Edit, words: str) -> None:
    with pytest.raises(BadData, match=words):
        after(tmp_path, wrong)
    assert not (tmp_path / "actors.jsonl").exists()


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "actors.jsonl"
    after(tmp_path, edit("merge", "ypg", "sdf"))
    path.write_text(path.read_text() + '{"verb": "merge"}\n')
    with pytest.raises(BadData, match=r"actors.jsonl, line 2, is no change"):
        open_registry(path)
    path.write_text('{"verb": "burn", "actor": "sdf", "by": "x", "at": ""}\n')
    with pytest.raises(BadData, match=r"line 1: there is no “burn”"):
        open_registry(path)
