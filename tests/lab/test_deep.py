"""The deep run: its tasks, its figures, and the page that they are written to."""

from __future__ import annotations

import json

import pytest

from lab import deep, figures
from lab.agreement.search import SHARES, Disagreement, SearchResult
from lab.agreement.upgrades import UpgradeResult


@pytest.fixture(scope="module")
def small():
    """Run a few small tasks once."""
    result = deep.DeepResult()
    tasks = deep.search_contract("user/1.0", 30, 1), deep.upgrade_objects(20, 1)
    for part in (*tasks, deep.read_timestamps(200, 1), deep.send_bodies(50, 1)):
        result.add(part)
    return result


def test_tasks_validate_and_upgrade_enough():
    """A run for a million payloads validates as many, of every contract by its share, and upgrades half as many."""
    tasks = list(deep.iter_tasks(1_000_000))
    searches = [task.args for task in tasks if task.func is deep.search_contract]
    assert sum(count for _, count, _ in searches) >= 1_000_000
    assert {contract for contract, *_ in searches} == set(SHARES)
    assert sum(task.args[0] for task in tasks if task.func is deep.upgrade_objects) >= 500_000
    assert len(set(searches)) == len(searches)


def test_no_failures(small):
    """A run without failures reports nothing."""
    assert list(deep.iter_failures(small)) == []


def test_failures_are_reported_and_kept(monkeypatch, tmp_path):
    """Every failure is reported; a disagreement becomes a fixture that fails until its verdict is decided."""
    (tmp_path / "agreement").mkdir()
    monkeypatch.setattr(deep, "FIXTURES", tmp_path)
    disagreement = Disagreement("user/1.0", {"é": 10**400}, {"validate": True, "ajv": False})
    result = deep.DeepResult(
        validated=SearchResult(disagreements=[disagreement]),
        upgraded=UpgradeResult(failures=[("is idempotent", "{}")]),
        differences=["5 bytes received"],
        constraints={"user/1.0": {"removed": 2, "unnoticed": ["$defs/X/type"], "redundant": 0, "payloads": 9}},
    )
    failures = list(deep.iter_failures(result))
    assert len(failures) == 4
    (path,) = (tmp_path / "agreement").iterdir()
    assert failures[0] == f"validators disagree: {path}"
    fixture = json.loads(path.read_text(encoding="utf-8"))
    assert (fixture["contract"], fixture["payload"], fixture["valid"]) == ("user/1.0", {"é": 10**400}, None)
    assert "is idempotent" in failures[1]
    assert failures[3].endswith("user/1.0 without $defs/X/type")


def test_figures_count_the_results(small):
    """The figures are the counts of the results, and payloads add up to the same number in every table."""
    found = deep.build_figures(small)
    assert found["validated"]["payloads"] == 30
    for what in ("contract", "source", "damage", "verdict"):
        assert sum(found["validated"][f"by {what}"].values()) == 30
    assert found["upgraded"]["objects"] == 20
    assert sum(found["timestamps"]["read"].values()) == 200
    assert found["sizes"]["bodies"] == 100
    assert (found["validated"]["disagreements"], found["upgraded"]["failures"], found["differences"]) == (0, 0, 0)


def test_some_parts_are_run_again(small, tmp_path):
    """Running some parts replaces their figures, and keeps those of the other parts."""
    path = tmp_path / "figures" / "deep.json"
    found = deep.build_figures(small)
    deep.write_parts(path, found, tuple(deep.PARTS))
    assert json.loads(path.read_text(encoding="utf-8")) == found
    deep.write_parts(path, found | {"validated": "new", "timestamps": "new"}, ["validators"])
    assert json.loads(path.read_text(encoding="utf-8")) == found | {"validated": "new"}
    assert {task.func for task in deep.iter_tasks(100, ["constraints"])} == {deep.remove_constraints}


def test_every_constraint_of_the_user_api_is_noticed():
    """A value of every type at every path shows the removal of every constraint that is not redundant."""
    result = deep.remove_constraints("user/1.0", 500, 1)
    (found,) = result.constraints.values()
    assert found["unnoticed"] == []
    assert found["removed"] > 5
    assert result.validated.total() == found["payloads"]


def test_figures_are_written_as_tables(small, tmp_path):
    """The page has the figures that exist, each part under its heading."""
    (tmp_path / "deep.json").write_text(json.dumps(deep.build_figures(small)), encoding="utf-8")
    text = figures.format_figures(tmp_path)
    assert "**30 payloads** were validated by validate, pydantic, jsonschema-rs, jsonschema, ajv" in text
    assert "**20 objects** were upgraded" in text
    assert "| user/1.0 | 30 | 100.0% |" in text
    assert "Mutants" not in text


def test_the_page_has_the_last_figures():
    """`docs/testing.md` has the figures of `docs/figures`: they were written by the command."""
    text = figures.PAGE.read_text(encoding="utf-8")
    assert figures.replace_figures(text, figures.format_figures()) == text


def test_a_page_without_markers():
    """A page without the comments that mark the figures is an error."""
    with pytest.raises(ValueError, match="no markers for figures"):
        figures.replace_figures("nothing", "figures")
