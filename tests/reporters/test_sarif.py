from __future__ import annotations

from dataclasses import replace

import pytest

import tcspec
from report_schemas import check_sarif
from runs import EVERYTHING, FIX, INFO, SOURCE, VIOLATION, WARNING, asked_one_by_one, run
from tcspec.reporters.sarif import SCHEMA, render
from tcspec.rules.explanations import explain_code
from tcspec.rules.registry import EVERY_CODE


def log(results):
    """Tell results as a SARIF log, hold it against the standard, and give its one run."""
    told = check_sarif("".join(render(results)))
    assert (told["$schema"], told["version"]) == (SCHEMA, "2.1.0")
    (one,) = told["runs"]
    return one


def test_head():
    """The log names the schema of the standard, the tool, its version and where to read about it."""
    driver = log(run())["tool"]["driver"]
    assert SCHEMA.endswith("/os/schemas/sarif-schema-2.1.0.json")
    assert (driver["name"], driver["version"]) == ("tcspec", tcspec.__version__)
    assert driver["informationUri"].startswith("https://")
    assert log(run())["columnKind"] == "unicodeCodePoints"


def test_rules():
    """Every code is a rule with its level and help; the help has its page, with the examples that it has."""
    rules = {rule["id"]: rule for rule in log(run())["tool"]["driver"]["rules"]}
    assert set(EVERY_CODE) < set(rules)
    for code in EVERY_CODE:
        page, told = explain_code(code), rules[code]["help"]
        assert page.summary in told["text"]
        assert told["markdown"].count(f"```{page.language}") == len(page.examples)
        assert all(example in told["markdown"] for _, example in page.examples)
    assert rules["TC701"]["shortDescription"]["text"].startswith("Event is in the 1.0 format")


def test_result():
    """A violation is told with its rule, level, message, place in the file and in the payload."""
    one = log(run(VIOLATION))
    (result,) = one["results"]
    assert one["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == "TC403"
    assert result["level"] == "error"
    assert result["message"]["text"] == 'expected three letters, found "eur" (at /currency); write EUR'
    (location,) = result["locations"]
    assert location["physicalLocation"] == {
        "artifactLocation": {"uri": "a.json"},
        "region": {"startLine": 2, "startColumn": 41},
    }
    assert location["logicalLocations"][0]["fullyQualifiedName"] == "/currency"


def test_levels():
    """Errors, warnings and infos are errors, warnings and notes."""
    assert [result["level"] for result in log(run(VIOLATION, WARNING, INFO))["results"]] == ["error", "warning", "note"]


def test_fix():
    """A fix is told as what is put in place of what, and whether it is safe."""
    (fix,) = log(run(VIOLATION))["results"][0]["fixes"]
    assert fix["description"]["text"] == "write the currency in capitals (safe)"
    (change,) = fix["artifactChanges"]
    assert change == {
        "artifactLocation": {"uri": "a.json"},
        "replacements": [
            {
                "deletedRegion": {"startLine": 2, "startColumn": 41, "endLine": 2, "endColumn": 46},
                "insertedContent": {"text": '"EUR"'},
            }
        ],
    }


@pytest.mark.parametrize(
    ("violation", "source"),
    [
        (VIOLATION, None),
        (replace(VIOLATION, fix=None), SOURCE),
        (replace(VIOLATION, fix=replace(FIX, patch=({"op": "remove", "path": "/currency"},))), SOURCE),
    ],
)
def test_no_fix(violation, source):
    """A fix that is none, or cannot be spelt so, is left out."""
    assert "fixes" not in log(run(violation, source=source))["results"][0]


def test_everything():
    """Whatever a run meets, the log meets the standard, and says whether all files were read."""
    one = log(EVERYTHING)
    assert one["invocations"] == [{"executionSuccessful": False}]
    assert [result["ruleId"] for result in one["results"]].count("unmet") == 1
    assert all(result["ruleIndex"] >= 0 for result in one["results"])
    assert log(run())["invocations"] == [{"executionSuccessful": True}]


def test_paths(tmp_path, monkeypatch):
    """A file is named by a URI, from the current folder when it is below."""
    monkeypatch.chdir(tmp_path)
    uris = {"a b#?.json": "a%20b%23%3F.json", str(tmp_path / "x/é.json"): "x/%C3%A9.json", "/y/z": "file:///y/z"}
    for path, uri in uris.items():
        (location,) = log(run(VIOLATION, path=path))["results"][0]["locations"]
        assert location["physicalLocation"]["artifactLocation"]["uri"] == uri


def test_streaming():
    """Violations are told as they are found."""
    assert asked_one_by_one(render)
