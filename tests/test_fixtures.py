"""The fixtures: where a file stands, or what it says, is what must be true of it."""

from __future__ import annotations

import json
from pathlib import Path

import jsonpatch
import make_streams
import pytest

import tcspec
from tcspec.codes import CODES
from tcspec.documents import LIMITS
from tcspec.migration.outcomes import outcome_of
from tcspec.schemas import definitions
from tcspec.versions import PIXEL_2_0

FIXTURES = Path(__file__).parent.parent / "fixtures"

WITHOUT_FIXTURE = {
    "TC007": "a document of more than 8 MiB has no place in a repository",
    "TC010": "a Python value that is no JSON cannot be written in a file",
    "TC060": "it is a run that lacks an event, not a file",
    "TC103": "no property of the envelope or of a common event is bound to certain values",
    "TC301": "nothing that user lacks is an error",
    "TC603": "no property of a campaign event is bound to certain values",
}
"""Codes of the contract that no fixture has, each with its reason."""

REASONS = {
    "calendar": "no moment of the calendar",
    "form": "neither digits nor",
    "magnitude": "more digits than nanoseconds need",
    "negative": "negative",
    "range": "outside",
    "type": "boolean|neither number",
    "zone": "no time zone",
}
"""The classes of refused times, and what the message of each says."""


def files(folder):
    """List the fixtures of a folder, as test parameters named after them."""
    return [
        pytest.param(path, id=path.relative_to(FIXTURES).as_posix().removesuffix(".json"))
        for path in sorted((FIXTURES / folder).rglob("*.json"))
    ]


def errors(violations):
    """Give the distinct codes of the errors among violations."""
    return {violation.code for violation in violations if violation.severity is tcspec.Severity.ERROR}


def same(left, right):
    """Compare JSON values with their types: `1` is neither `true` nor `1.0`."""
    return json.dumps(left, sort_keys=True) == json.dumps(right, sort_keys=True)


class TestEvents:
    """Files of `event/<version>/valid` and `event/<version>/invalid/<code>`."""

    @pytest.mark.parametrize("path", files("event/2.0/valid"))
    def test_valid(self, path):
        """A valid fixture has no error, as bytes and as a dict, and is in the format of its folder."""
        raw = path.read_bytes()
        assert errors(tcspec.validate(raw)) == set()
        assert errors(tcspec.validate(json.loads(raw))) == set()
        assert tcspec.is_valid(raw)
        assert tcspec.detect(raw).version == "2.0"

    @pytest.mark.parametrize("path", files("event/2.0/valid"))
    def test_valid_after_upgrade(self, path):
        """The canonical form of a valid fixture is valid."""
        assert errors(tcspec.validate(tcspec.upgrade_json(path.read_bytes()))) == set()

    @pytest.mark.parametrize("path", files("event/2.0/invalid"))
    def test_invalid(self, path):
        """An invalid fixture has errors of the code that names its folder, and of no other."""
        raw = path.read_bytes()
        assert errors(tcspec.validate(raw)) == {path.parent.name}
        assert not tcspec.is_valid(raw)

    @pytest.mark.parametrize("path", files("event/1.0/valid"))
    def test_valid_legacy(self, path):
        """A valid 1.0 fixture is of the dialect it is named after, and its one error is to be legacy."""
        raw = path.read_bytes()
        assert tcspec.validate(raw, version="1.0") == []
        assert [violation.code for violation in tcspec.validate(raw)] == ["TC701"]
        assert tcspec.detect(raw) == tcspec.Detected("event", "1.0", path.stem.split("--")[0])

    @pytest.mark.parametrize("path", files("event/1.0/invalid"))
    def test_invalid_legacy(self, path):
        """An invalid 1.0 fixture, judged as 1.0, has errors of the code that names its folder only."""
        assert errors(tcspec.validate(path.read_bytes(), version="1.0")) == {path.parent.name}

    @pytest.mark.parametrize("path", files("event/1.0/valid"))
    def test_legacy_after_upgrade(self, path):
        """What 2.0 finds wrong in an upgraded 1.0 fixture is what `after-upgrade.json` says."""
        expected = json.loads((FIXTURES / "event/1.0/after-upgrade.json").read_bytes())
        upgraded = tcspec.upgrade_json(path.read_bytes())
        assert sorted(errors(tcspec.validate(upgraded))) == expected[path.name]
        assert tcspec.detect(upgraded).version == "2.0"

    def test_after_upgrade_is_complete(self):
        """Every valid 1.0 fixture has its line in `after-upgrade.json`, and no other has."""
        listed = json.loads((FIXTURES / "event/1.0/after-upgrade.json").read_bytes())
        assert set(listed) == {path.name for path in (FIXTURES / "event/1.0/valid").iterdir()}

    def test_every_event_has_a_fixture(self):
        """Every event of the catalogue that has a reference has a valid fixture."""
        catalog = json.loads((FIXTURES.parent / "schemas/catalog.json").read_bytes())
        named = {name for name, event in catalog["events"].items() if event["status"] != "listed_only"}
        shown = {json.loads(path.read_bytes())["event_name"] for path in (FIXTURES / "event/2.0/valid").iterdir()}
        assert named <= shown

    def test_every_code_has_a_fixture(self):
        """Every code has an invalid fixture of some kind, or a fixture of a warning, but for the listed ones."""
        shown = {path.name for path in FIXTURES.glob("*/*/invalid/*")}
        shown |= {path.name for path in (FIXTURES / "requests/invalid").iterdir()}
        warned = json.loads((FIXTURES / "requests/warnings.json").read_bytes())
        shown |= {code for codes in warned.values() for code in codes}
        assert set(CODES) - shown == set(WITHOUT_FIXTURE)


def calls(folder):
    """List the pixels of a folder, as test parameters named after them."""
    return [
        pytest.param(path, id=path.relative_to(FIXTURES).as_posix().removesuffix(".txt"))
        for path in sorted((FIXTURES / folder).rglob("*.txt"))
    ]


class TestPixels:
    """Files of `pixel/2.0/valid` and `pixel/2.0/invalid/<code>`: one call each."""

    @pytest.mark.parametrize("path", calls("pixel/2.0/valid"))
    def test_valid(self, path):
        """A valid call has no error, nor has the event that it says."""
        raw = path.read_bytes()
        assert errors(tcspec.validate(raw, "pixel")) == set()
        assert tcspec.is_valid(raw, "pixel")
        assert errors(tcspec.validate(tcspec.read_pixel(raw).event_json, "pixel")) == set()

    @pytest.mark.parametrize("path", calls("pixel/2.0/invalid"))
    def test_invalid(self, path):
        """An invalid call has errors of the code that names its folder, and of no other."""
        raw = path.read_bytes()
        assert errors(tcspec.validate(raw, "pixel")) == {path.parent.name}
        assert not tcspec.is_valid(raw, "pixel")

    def test_every_event_has_a_fixture(self):
        """Every event that has a schema as a pixel has a valid call."""
        named = set(definitions(PIXEL_2_0))
        shown = {
            tcspec.read_pixel(path.read_bytes()).event["event_name"]
            for (path,) in (each.values for each in calls("pixel/2.0/valid"))
        }
        assert named <= shown


class TestUpgrades:
    """Files of `upgrades`: an event before and after."""

    @pytest.mark.parametrize("path", files("upgrades"))
    def test_upgrade(self, path):
        """The event before becomes the event after, with its types and the order of its root keys."""
        case = json.loads(path.read_bytes())
        for upgraded in (
            tcspec.upgrade(case["before"]),
            json.loads(tcspec.upgrade_json(json.dumps(case["before"]).encode())),
        ):
            assert same(upgraded, case["after"])
            assert list(upgraded) == list(case["after"])

    @pytest.mark.parametrize("path", files("upgrades"))
    def test_changes(self, path):
        """The changes are reported in their order: which, from where, to where, and what was only kept."""
        case = json.loads(path.read_bytes())
        for before in (case["before"], json.dumps(case["before"]).encode()):
            assert [
                {"change": each.change, "from": each.source, "to": each.target} | ({"kept": True} if each.kept else {})
                for each in tcspec.trace_upgrade(before).changes
            ] == case["changes"]

    @pytest.mark.parametrize("path", files("upgrades"))
    def test_undo(self, path):
        """The inverse makes the event before of the event after."""
        case = json.loads(path.read_bytes())
        trace = tcspec.trace_upgrade(case["before"])
        assert same(jsonpatch.apply_patch(case["after"], trace.inverse), case["before"])

    @pytest.mark.parametrize("path", files("upgrades"))
    def test_fixed_point(self, path):
        """The event after is left as it is, byte for byte."""
        raw = json.dumps(json.loads(path.read_bytes())["after"], indent=3).encode()
        assert tcspec.upgrade_json(raw) == raw


@pytest.mark.parametrize(
    "case", json.loads((FIXTURES / "timestamps.json").read_bytes()), ids=lambda case: str(case["value"])[:40]
)
def test_timestamps(case):
    """A time is read as the file says, or refused for the reason it says."""
    if "refused" in case:
        with pytest.raises(tcspec.UnreadableTimestamp, match=REASONS[case["refused"]]):
            tcspec.read_timestamp(case["value"])
        return
    reading = tcspec.read_timestamp(case["value"])
    assert (reading.ms, reading.unit, reading.exact) == (case["ms"], case["unit"], case["exact"])
    assert tcspec.normalise_timestamp(case["value"]) == case["ms"]


def lines_of(path):
    """Split a stream at its line feeds; what follows the last is a line when there is anything."""
    lines = path.read_bytes().split(b"\n")
    return lines if lines[-1] else lines[:-1]


def outcome(line):
    """Describe what becomes of a line as the streams describe it."""
    found = outcome_of(line, LIMITS)
    described = {"outcome": str(found.fate), "codes": sorted(errors(found.violations))}
    return described | ({"event": json.loads(found.payload)} if found.fate == "upgraded" else {})


class TestStreams:
    """Files of `streams`: lines, and what must become of each."""

    @pytest.mark.parametrize("name", sorted(make_streams.streams()))
    def test_outcomes(self, name):
        """Every line has the outcome, the codes and the event that are expected of it."""
        expected = [json.loads(line) for line in lines_of(FIXTURES / f"streams/{name}.expected.ndjson")]
        lines = lines_of(FIXTURES / f"streams/{name}.ndjson")
        assert len(lines) == len(expected)
        for number, (line, entry) in enumerate(zip(lines, expected, strict=True), 1):
            found = {"line": number, **outcome(line.removesuffix(b"\r"))}
            assert same(found, entry), line

    def test_are_up_to_date(self):
        """The committed streams are those that `make_streams` makes of the other fixtures."""
        made = make_streams.files()
        committed = {f"streams/{path.name}" for path in (FIXTURES / "streams").iterdir()}
        assert committed == set(made)
        assert [name for name, content in made.items() if (FIXTURES / name).read_bytes() != content] == []
