from __future__ import annotations

import json
from dataclasses import replace

import jsonpatch
import pytest
from hypothesis import given

import tcspec
from report_schemas import check_sarif
from reporting import source_of
from runs import EVERYTHING, FIX, INFO, SOURCE, VIOLATION, WARNING, is_streaming, run
from strategies.events import valid_events
from tcspec.errors import Fix
from tcspec.reporters.sarif import SCHEMA, render
from tcspec.rules.registry import EVERY_CODE, explain_code


def log(results):
    """Return the one run of the log of results, checked against the standard."""
    document = check_sarif("".join(render(results)))
    assert (document["$schema"], document["version"]) == (SCHEMA, "2.1.0")
    (one,) = document["runs"]
    return one


def test_head():
    """The log names the schema of the standard, the tool, its version and its documentation."""
    driver = log(run())["tool"]["driver"]
    assert SCHEMA.endswith("/os/schemas/sarif-schema-2.1.0.json")
    assert (driver["name"], driver["version"]) == ("tcspec", tcspec.__version__)
    assert driver["informationUri"].startswith("https://")
    assert log(run())["columnKind"] == "unicodeCodePoints"


def test_rules():
    """Every code is a rule with its level, a link and its explanation with all examples."""
    rules = {rule["id"]: rule for rule in log(run())["tool"]["driver"]["rules"]}
    assert set(EVERY_CODE) < set(rules)
    for code in EVERY_CODE:
        page, explanation = explain_code(code), rules[code]["help"]
        assert page.summary in explanation["text"]
        assert explanation["markdown"].count(f"```{page.language}") == len(page.examples)
        assert all(example in explanation["markdown"] for _, example in page.examples)
    assert rules["TC001"]["helpUri"].endswith("/features/sources/sources-catalog/http-tracking-api.md")
    assert "helpUri" not in rules["unmet"]
    assert rules["TC701"]["shortDescription"]["text"].startswith("Event is in the 1.0 format")


def test_result():
    """A result has its rule, level and message, and where it is in the file and in the payload."""
    one = log(run(VIOLATION))
    (result,) = one["results"]
    assert one["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == "TC403"
    assert result["level"] == "error"
    assert result["message"]["text"] == 'expected three letters, got "eur" (at /currency); write EUR'
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
    """A fix is the text that replaces another, and whether it is safe."""
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
    """A fix that is no replacement of text is left out."""
    assert "fixes" not in log(run(violation, source=source))["results"][0]


def test_everything():
    """Whatever a run meets, the log meets the standard, and states whether all files were read."""
    one = log(EVERYTHING)
    assert one["invocations"] == [{"executionSuccessful": False}]
    assert [result["ruleId"] for result in one["results"]].count("unmet") == 1
    assert all(result["ruleIndex"] >= 0 for result in one["results"])
    assert log(run())["invocations"] == [{"executionSuccessful": True}]


def test_paths(tmp_path, monkeypatch):
    """A file has a URI, relative to the current folder when it is below it."""
    monkeypatch.chdir(tmp_path)
    uris = {"a b#?.json": "a%20b%23%3F.json", str(tmp_path / "x/é.json"): "x/%C3%A9.json", "/y/z": "file:///y/z"}
    for path, uri in uris.items():
        (location,) = log(run(VIOLATION, path=path))["results"][0]["locations"]
        assert location["physicalLocation"]["artifactLocation"]["uri"] == uri


def test_streaming():
    """Violations are written as they are found."""
    assert is_streaming(render)


TEXT = (
    '{"event_name": "refund",\n "currency": "eur", "value": 1.50,\n "user": {"EMAIL": "a"}, "items": [{"id": "é"}, 5]}'
)


def replacements(text, *steps, **source):
    """Return the replacements of a fix with these steps; nothing if it has none."""
    results = run(replace(VIOLATION, fix=Fix("fix it", steps)), source=source_of(text, **source))
    document = json.loads("".join(render(results)))
    (result,) = document["runs"][0]["results"]
    return [each for fix in result.get("fixes", []) for each in fix["artifactChanges"][0]["replacements"]]


def apply_fix(text, *steps):
    """Return a text with the replacements of a fix; None if it has none."""
    made = replacements(text.encode(), *steps)
    lines = text.split("\n")
    starts = [sum(len(line) + 1 for line in lines[:index]) for index in range(len(lines))]
    regions = [(each["deletedRegion"], each["insertedContent"]["text"]) for each in made]
    for region, inserted in sorted(regions, key=lambda each: (-each[0]["startLine"], -each[0]["startColumn"])):
        start = starts[region["startLine"] - 1] + region["startColumn"] - 1
        end = starts[region["endLine"] - 1] + region["endColumn"] - 1
        text = text[:start] + inserted + text[end:]
    return text if made else None


class TestReplacements:
    """Fixes as texts that replace others."""

    @pytest.mark.parametrize(
        ("step", "before", "after"),
        [
            ({"op": "replace", "path": "/currency", "value": "EUR"}, '"eur"', '"EUR"'),
            ({"op": "move", "from": "/currency", "path": "/CURRENCY"}, '"currency"', '"CURRENCY"'),
            ({"op": "move", "from": "/user/EMAIL", "path": "/user/email"}, '"EMAIL"', '"email"'),
            ({"op": "replace", "path": "/items/0/id", "value": "SKU-4711"}, '"é"', '"SKU-4711"'),
        ],
    )
    def test_one_step(self, step, before, after):
        """A value is replaced, a property renamed where it stands, and nothing else changes."""
        assert apply_fix(TEXT, step) == TEXT.replace(before, after)

    def test_several_steps(self):
        """A fix of several steps is complete."""
        steps = (
            {"op": "move", "from": "/currency", "path": "/CURRENCY"},
            {"op": "replace", "path": "/value", "value": 2},
        )
        assert json.loads(apply_fix(TEXT, *steps)) == jsonpatch.apply_patch(json.loads(TEXT), steps)

    @pytest.mark.parametrize(
        "step",
        [
            {"op": "remove", "path": "/value"},
            {"op": "add", "path": "/type", "value": "EUR"},
            {"op": "move", "from": "/value", "path": "/user/value"},
            {"op": "move", "from": "/currency", "path": "/value"},
            {"op": "move", "from": "/items/0", "path": "/items/1"},
            {"op": "replace", "path": "/nothing", "value": 1},
            {"op": "replace", "path": "/items", "value": []},
            {"op": "replace", "path": "/user/EMAIL", "value": "b"},
            {"op": "replace", "path": "/currency", "value": "ada@shop.example"},
            {"op": "move", "from": "/currency", "path": "/ada@shop.example"},
        ],
    )
    def test_other_steps(self, step):
        """A fix with a step that is no replacement, or would show what is masked, is left out as a whole."""
        other = {"op": "replace", "path": "/value", "value": 2}
        assert apply_fix(TEXT, step) is None
        assert apply_fix(TEXT, other, step) is None

    @pytest.mark.parametrize("text", [b"{", b"\xff"])
    def test_unreadable_text(self, text):
        """In a text that cannot be read nothing is replaced."""
        assert replacements(text, {"op": "move", "from": "/a", "path": "/b"}) == []

    def test_position_in_the_file(self):
        """Lines and columns count from where in the file the document starts."""
        text = b'{"event_name": "refund", "value": 1}'
        step = {"op": "replace", "path": "/value", "value": 2}
        (made,) = replacements(text, step, line=9, column=10)
        assert made["deletedRegion"] == {"startLine": 9, "startColumn": 44, "endLine": 9, "endColumn": 45}

    @given(valid_events)
    def test_renaming(self, event):
        """Renaming any property of an event is what the same JSON Patch does."""
        text = json.dumps(event, indent=2, ensure_ascii=False)
        for name in event:
            pointer = name.replace("~", "~0").replace("/", "~1")
            step = {"op": "move", "from": f"/{pointer}", "path": "/tcspec_new"}
            assert json.loads(apply_fix(text, step)) == jsonpatch.apply_patch(event, [step])
