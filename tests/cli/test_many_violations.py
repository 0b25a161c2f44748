"""Payloads with more violations of one code than are listed: every format says so, and every count has all of them."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from command import put, tcspec

MANY = 30
EVENTS = {"batch": [{"event_name": "login", "user": {}, "context": {"event_timestamp": 1718006400000}}] * MANY}
FEW = ("--max-violations", "10", "--select", "TC201")


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    put("a.json", json.dumps(EVENTS).encode())


def report(style, *options):
    """Return what a check prints in a format."""
    ran = tcspec("check", "a.json", "--format", style, *FEW, *options)
    assert ran.code == 1
    return ran.out


def test_text():
    """The text ends the list with how many more there are; the counts have all of them."""
    text = report("text", "--show-all")
    assert text.count("missing required property `event_id`") == 10
    assert "TC201 error: and 20 more\n" in text
    assert "--max-violations" in text
    assert "a.json: 30 errors\n" in text


def test_json():
    """The JSON report has the number in the data of the last violation, and all in its summary."""
    document = json.loads(report("json"))
    (file,) = document["files"]
    assert len(file["violations"]) == 11
    assert file["violations"][-1]["data"] == {"more": 20}
    assert document["summary"]["error"] == 30


def test_junit():
    """JUnit XML counts all, and says how many are not listed."""
    failure = ET.fromstring(report("junit")).find("testsuite/testcase/failure")  # noqa: S314 - as above
    assert failure.get("message") == "30 violations"
    assert len(failure.text.splitlines()) == 11
    assert "and 20 more" in failure.text


def test_sarif():
    """SARIF has the number as the count of occurrences."""
    results = json.loads(report("sarif"))["runs"][0]["results"]
    assert [each.get("occurrenceCount", 1) for each in results] == [1] * 10 + [20]
    assert len({each["partialFingerprints"]["tcspec/v1"] for each in results}) == 11


@pytest.mark.parametrize("style", ["github", "gitlab", "ndjson", "html"])
def test_other_formats(style):
    """The other formats have one more entry, which says how many are not listed."""
    text = report(style)
    assert "and 20 more" in text
    if style == "html":
        assert "<td>30<svg" in text


def test_default():
    """By default a thousand violations of a code are listed."""
    put("a.json", json.dumps({"batch": [1] * 1_200}).encode())
    text = tcspec("validate", "a.json", "--format", "github").out
    assert text.count("title=tcspec TC009") == 1_001
    assert "and 200 more" in text


def test_baseline():
    """A baseline has every violation, so that the same payload passes and one more event fails."""
    assert tcspec("check", "a.json", *FEW, "--write-baseline", "known.json").code == 0
    known = json.loads(Path("known.json").read_bytes())["violations"]
    assert sum(entry["count"] for entry in known) == 30
    assert tcspec("check", "a.json", *FEW, "--baseline", "known.json").code == 0
    put("a.json", json.dumps({"batch": EVENTS["batch"] + EVENTS["batch"][:1]}).encode())
    ran = tcspec("check", "a.json", *FEW, "--baseline", "known.json")
    assert ran.code == 1
    assert "/batch/30" in ran.out


def test_statistics():
    """Statistics count the events without errors, whatever is listed."""
    put("a.json", json.dumps({"batch": [1, *EVENTS["batch"]]}).encode())
    ran = tcspec("check", "a.json", *FEW, "--stats", "--format", "json")
    groups = json.loads(ran.out)["stats"]["events"]
    assert {group["name"]: (group["count"], group["valid"]) for group in groups if group["count"] > 1} == {
        "login": (30, 0)
    }


def test_migration():
    """The summary of a migration counts all violations; the reasons of a reject are bounded, and count them too."""
    line = json.dumps({"event_name": "purchase", "items": [{}] * 1_500}).encode()
    put("a.ndjson", line + b"\n")
    ran = tcspec("migrate", "a.ndjson", "b.ndjson", "--on-invalid", "reject", "--report", "s.json")
    assert ran.code == 1
    codes = json.loads(Path("s.json").read_bytes())["summary"]["codes"]
    (reason,) = map(json.loads, Path("b.ndjson.rejects.ndjson.reasons.ndjson").read_bytes().splitlines())
    violations = [each for each in reason["violations"] if each["code"] == "TC401"]
    assert len(violations) == 1_001
    assert codes["TC401"] == 1_000 + violations[-1]["data"]["more"] > 4_500
