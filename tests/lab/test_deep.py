"""The deep run: what its tasks see is summed up, told, and written where people and tests find it."""

from __future__ import annotations

import json

import pytest

from lab import deep, figures
from lab.agreement.hunt import MIX, Disagreement, Findings
from lab.agreement.upgrades import Kept


def seen():
    """Do a little of everything that a deep run does."""
    parts = [deep.judge("user/1.0", 30, 1), deep.upgrade(20, 1), deep.read(200, 1), deep.send(50, 1)]
    whole = deep.Seen()
    for part in parts:
        whole.add(part)
    return whole


@pytest.fixture(scope="module")
def little():
    """See a little of everything, once."""
    return seen()


def test_a_deep_run_judges_and_upgrades_what_was_asked_for():
    """A million asked for are a million judged, of every contract by its share, and half a million upgraded."""
    todo = list(deep.tasks(1_000_000))
    judged = [task.args for task in todo if task.func is deep.judge]
    assert sum(count for _, count, _ in judged) >= 1_000_000
    assert {contract for contract, *_ in judged} == set(MIX)
    assert sum(count for count, _ in (task.args for task in todo if task.func is deep.upgrade)) >= 500_000
    assert len({task.args for task in todo if task.func is deep.judge}) == len(judged)


def test_nothing_found_is_nothing_told(little):
    """A run in which every law held tells of nothing."""
    assert list(deep.failures(little)) == []


def test_whatever_was_found_is_told_and_kept(monkeypatch, tmp_path):
    """Every finding is told; a disagreement becomes a fixture that fails until it is decided."""
    (tmp_path / "agreement").mkdir()
    monkeypatch.setattr(deep, "FIXTURES", tmp_path)
    disagreement = Disagreement("user/1.0", {"é": 10**400}, {"validate": True, "ajv": False})
    found = deep.Seen(
        judged=Findings(disagreements=[disagreement]),
        kept=Kept(broken=[("ends in a fixed point", "{}")]),
        wrong=["5 bytes arrived"],
        planted={"user/1.0": {"faults": 2, "unnoticed": ["$defs/X/type"], "redundant": 0, "payloads": 9}},
    )
    told = list(deep.failures(found))
    assert len(told) == 4
    (path,) = (tmp_path / "agreement").iterdir()
    assert told[0] == f"judges disagree: {path}"
    kept = json.loads(path.read_text(encoding="utf-8"))
    assert (kept["contract"], kept["payload"], kept["valid"]) == ("user/1.0", {"é": 10**400}, None)
    assert "fixed point" in told[1]
    assert told[3].endswith("user/1.0 without $defs/X/type")


def test_figures_count_what_was_seen(little):
    """The figures of a run are its counts, and every way of counting payloads comes to the same."""
    summed = deep.figures(little)
    assert summed["judged"]["payloads"] == 30
    for what in ("contract", "source", "damage", "verdict"):
        assert sum(summed["judged"][f"by {what}"].values()) == 30
    assert summed["upgraded"]["objects"] == 20
    assert sum(summed["times"]["read"].values()) == 200
    assert summed["sizes"]["bodies"] == 100
    assert (summed["judged"]["disagreements"], summed["upgraded"]["broken"], summed["wrong"]) == (0, 0, 0)


def test_some_parts_are_done_anew(little, tmp_path):
    """What is done anew gives its own figures anew, and those of the other parts stay."""
    path = tmp_path / "figures" / "deep.json"
    found = deep.figures(little)
    deep.write(path, found, tuple(deep.PARTS))
    assert json.loads(path.read_text(encoding="utf-8")) == found
    deep.write(path, found | {"judged": "anew", "times": "anew"}, ["judged"])
    assert json.loads(path.read_text(encoding="utf-8")) == found | {"judged": "anew"}
    assert {task.func for task in deep.tasks(100, ["planted"])} == {deep.plant}


def test_every_constraint_of_the_user_api_is_noticed():
    """A value of every type in every place shows every constraint of a schema that is not said twice."""
    planted = deep.plant("user/1.0", 500, 1)
    (counts,) = planted.planted.values()
    assert counts["unnoticed"] == []
    assert counts["faults"] > 5
    assert planted.judged.total() == counts["payloads"]


def test_figures_are_told_in_tables(little, tmp_path):
    """What was counted stands in the page, under its heading; what was not, does not."""
    (tmp_path / "deep.json").write_text(json.dumps(deep.figures(little)), encoding="utf-8")
    told = figures.told(tmp_path)
    assert "**30 payloads** were judged by validate, pydantic, jsonschema-rs, jsonschema, ajv" in told
    assert "**20 objects** were upgraded" in told
    assert "| user/1.0 | 30 | 100.0% |" in told
    assert "Mutants" not in told


def test_the_page_has_the_figures_of_the_last_run():
    """`docs/testing.md` says what stands in `docs/figures`: it was written by the command, not by hand."""
    text = figures.PAGE.read_text(encoding="utf-8")
    assert figures.page(text, figures.told()) == text


def test_a_page_without_a_place():
    """A page that has no place for figures is refused."""
    with pytest.raises(ValueError, match="no place for figures"):
        figures.page("nothing", "figures")
