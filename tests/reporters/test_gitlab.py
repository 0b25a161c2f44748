from __future__ import annotations

import json
from dataclasses import replace

from report_schemas import check_gitlab
from runs import EVERYTHING, INFO, VIOLATION, WARNING, asked_one_by_one, run
from tcspec.reporters.gitlab import render


def report(results):
    """Tell results as a Code Quality report, and hold it against what GitLab documents."""
    return check_gitlab("".join(render(results)))


def test_issue():
    """A violation is told with description, code, severity, file and line."""
    (issue,) = report(run(VIOLATION))
    assert issue.pop("fingerprint")
    assert issue == {
        "description": 'TC403: expected three letters, found "eur" (at /currency); write EUR',
        "check_name": "TC403",
        "severity": "major",
        "location": {"path": "a.json", "lines": {"begin": 2}},
    }


def test_severities():
    """Errors are major, warnings minor, infos info; what has no line is told of the first."""
    issues = report(run(VIOLATION, WARNING, INFO))
    assert [issue["severity"] for issue in issues] == ["major", "minor", "info"]
    assert issues[2]["location"]["lines"] == {"begin": 1}


def test_fingerprints_stay():
    """A violation keeps its fingerprint from run to run, when lines move and when words change."""
    moved = replace(VIOLATION, line=9, column=1, message="other words")
    assert report(run(VIOLATION))[0]["fingerprint"] == report(run(moved))[0]["fingerprint"]


def test_fingerprints_differ():
    """Violations of other files, codes, places or properties, and the same found again, have other fingerprints."""
    others = (
        replace(VIOLATION, code="TC401"),
        replace(VIOLATION, pointer="/items/0/currency"),
        replace(VIOLATION, data={"property": "currency"}),
        VIOLATION,
        VIOLATION,
    )
    assert len(report([*run(VIOLATION, *others)[:-1], *run(VIOLATION, path="b.json")])) == len(others) + 2


def test_everything():
    """Whatever a run meets, the report is one that GitLab takes, and is ASCII."""
    text = "".join(render(EVERYTHING))
    assert text.isascii()
    assert [issue["check_name"] for issue in json.loads(text)].count("unmet") == 1
    assert report(EVERYTHING)
    assert report(run()) == []


def test_paths(tmp_path, monkeypatch):
    """A file below the current folder is named from there, as GitLab knows it."""
    monkeypatch.chdir(tmp_path)
    for given in (str(tmp_path / "fixtures" / "a.json"), "./fixtures/a.json", "fixtures/a.json"):
        assert report(run(VIOLATION, path=given))[0]["location"]["path"] == "fixtures/a.json"
    assert report(run(VIOLATION, path="/elsewhere/a.json"))[0]["location"]["path"] == "/elsewhere/a.json"


def test_streaming():
    """Violations are told as they are found."""
    assert asked_one_by_one(render)
