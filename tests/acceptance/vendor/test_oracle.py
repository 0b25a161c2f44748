"""The payloads of the vendor's own clients: upgraded exactly, restored exactly, and validated."""

from __future__ import annotations

import json
import re
from collections import Counter

import jsonpatch
import pytest

import tcspec
from locations import ROOT, SHARED
from reference.upgrade import reference_upgrade
from tcspec.jsontext.reader import DEFAULT_LIMITS
from tcspec.upgrades.common_events import upgrade_common
from validators import verdicts

ORACLE = SHARED / "oracle"
NOW = 1_795_000_000_000
"""The present of the rules: November 2026."""

pytestmark = pytest.mark.skipif(not ORACLE.is_dir(), reason="the payloads of the vendor's clients are not here")


def read_lines(name):
    """Return the objects of a file of the oracle; none where it is missing."""
    path = ORACLE / name
    return [json.loads(line) for line in path.read_bytes().splitlines()] if path.exists() else []


def params(name):
    """Return the objects of a file of the oracle as test parameters."""
    return [pytest.param(row, id=row["id"]) for row in read_lines(name)]


LEGACY_DIALECTS = {"android-sdk": "v1_android", "web-container": "v1_web_container"}
CURRENT_DIALECTS = {"android-sdk": "v2_mobile", "web-container": "v2_web_container"}
INVALID = {"numeric_strings": "the caller passed amounts as strings with a comma, and a number as the user's id"}
"""Pairs whose payload is invalid as 1.0 although its user is an object, and why."""

UNUSUAL = re.compile("/(?:reserved|collide)_|/json_number_forms$")
"""The ids of payloads for the table of the upgrade alone: a name is taken, or an integer has more than 64 bits."""

pairs = pytest.mark.parametrize("pair", params("pairs.ndjson"))
current = pytest.mark.parametrize("sent", params("current.ndjson"))


def exact(value):
    """Return the JSON text of a value, so that a comparison includes types and key order."""
    return json.dumps(value)


def leaves(value, pointer=""):
    """Map the pointer of every scalar and every empty container to its JSON text."""
    if not isinstance(value, (dict, list)) or not value:
        return {pointer: exact(value)}
    children = value.items() if isinstance(value, dict) else enumerate(value)
    found = {}
    for key, child in children:
        found |= leaves(child, f"{pointer}/{str(key).replace('~', '~0').replace('/', '~1')}")
    return found


@pairs
def test_legacy_payloads(pair):
    """A payload of an old release becomes exactly what is expected, types and key order included."""
    assert exact(tcspec.upgrade(pair["legacy"])) == exact(pair["upgraded"])
    assert exact(json.loads(tcspec.upgrade_json(json.dumps(pair["legacy"]).encode()))) == exact(pair["upgraded"])


def test_most_legacy_payloads_are_upgraded_quickly():
    """The quick upgrade takes the payloads of old releases, but for those with names or numbers that are unusual."""
    rows = {row["id"]: json.dumps(row["legacy"]).encode() for row in read_lines("pairs.ndjson")}
    left = [name for name, raw in rows.items() if upgrade_common(raw, DEFAULT_LIMITS) is None]
    assert [name for name in left if not UNUSUAL.search(name)] == []
    assert len(left) < len(rows) / 4


@pairs
def test_reference_upgrade_of_legacy_payloads(pair):
    """The second implementation, which other tests rely on, gives the same."""
    assert exact(reference_upgrade(pair["legacy"])) == exact(pair["upgraded"])


@pairs
def test_differences_from_new_releases(pair):
    """The upgraded payload differs from the payload of the new release at the listed pointers, and only there."""
    sent = leaves(tcspec.upgrade(pair["current"]))
    upgraded = leaves(tcspec.upgrade(pair["legacy"]))
    assert [at for at in sorted(sent | upgraded) if sent.get(at) != upgraded.get(at)] == pair["differs"]


@pairs
def test_inverse_of_legacy_payloads(pair):
    """The inverse patch restores the payload of the old release."""
    trace = tcspec.trace_upgrade(pair["legacy"])
    assert jsonpatch.apply_patch(pair["upgraded"], trace.inverse) == pair["legacy"]
    assert jsonpatch.apply_patch(pair["legacy"], trace.patch) == pair["upgraded"]


@pairs
def test_verdicts_on_legacy_payloads(pair):
    """A payload of an old release is legacy, and valid as 1.0 unless the caller passed invalid values."""
    legacy = pair["legacy"]
    assert tcspec.detect(legacy) == tcspec.Detected("event", "1.0", LEGACY_DIALECTS[pair["client"]])
    assert "TC701" in {violation.code for violation in tcspec.validate(legacy)}
    users = [parent["user"] for parent in (legacy, legacy["properties"]) if "user" in parent]
    is_valid = all(isinstance(user, dict) for user in users) and pair["id"].split("/")[-1] not in INVALID
    assert tcspec.is_valid(legacy, version="1.0") == is_valid


@current
def test_canonical_form(sent):
    """A payload of a release that sends 2.0 becomes exactly its canonical form."""
    assert exact(tcspec.upgrade(sent["payload"])) == exact(sent["canonical"])
    assert exact(reference_upgrade(sent["payload"])) == exact(sent["canonical"])
    assert exact(json.loads(tcspec.upgrade_json(json.dumps(sent["payload"]).encode()))) == exact(sent["canonical"])


@current
def test_inverse_of_canonical_form(sent):
    """The inverse patch of a canonical form restores the payload."""
    trace = tcspec.trace_upgrade(sent["payload"])
    assert jsonpatch.apply_patch(sent["canonical"], trace.inverse) == sent["payload"]


@current
def test_verdicts_on_current_payloads(sent):
    """A payload and its canonical form have the same violations."""
    assert tcspec.detect(sent["payload"]) == tcspec.Detected("event", "2.0", CURRENT_DIALECTS[sent["client"]])
    verdicts = [
        {(violation.code, violation.data.get("property")) for violation in tcspec.validate(event)}
        for event in (sent["payload"], sent["canonical"])
    ]
    assert verdicts[0] == verdicts[1]


def test_legacy_payloads_are_valid():
    """Every 1.0 payload is valid for all validators, unless its user or its numbers are strings."""
    pairs = read_lines("pairs.ndjson")
    assert len(pairs) > 100
    for pair in pairs:
        user = pair["legacy"]["properties"].get("user", {})
        expected = isinstance(user, dict) and pair["id"].split("/")[-1] not in INVALID
        assert verdicts(pair["legacy"], "1.0") == {expected}, pair["id"]


def test_rules_on_current_payloads():
    """The rules find no error in the payloads, and the warnings and infos that `docs/vendor_clients.md` counts."""
    violations = [each for sent in read_lines("current.ndjson") for each in tcspec.lint(sent["payload"], now=NOW)]
    counts = Counter((violation.code, violation.severity.value) for violation in violations)
    assert not [code for code, severity in counts if severity == "error"]
    page = (ROOT / "docs" / "vendor_clients.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (TC\d{3}) \| (\w+) \| (\d+) \|", page, re.MULTILINE)
    assert counts == {(code, severity): int(count) for code, severity, count in rows}
