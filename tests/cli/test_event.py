"""`tcspec event`: every standard event, and the explanation of each."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest

import tcspec as library
from command import tcspec
from tcspec.contract.schemas import load_catalogue
from tcspec.kinds import SENDERS
from tcspec.rules.config import Config

EVENTS = load_catalogue()["events"]


def described(name):
    """Return what the JSON has of an event."""
    return json.loads(tcspec("event", "--format", "json", name).out)["event"]


def printed_sample(name):
    """Return the sample that the text ends with."""
    return tcspec("event", name).out.partition("\nsample\n")[2]


class TestList:
    """The list of events."""

    def test_everything_is_listed(self):
        """Every standard event is listed once, below its family."""
        out = tcspec("event").out
        assert sorted(re.findall(r"^  (\w+)  ", out, re.MULTILINE)) == sorted(EVENTS)
        families = [each["family"].replace("_", " ") for each in EVENTS.values()]
        assert re.findall(r"^(?! )(\S.*)$", out, re.MULTILINE) == list(dict.fromkeys(families))

    def test_json(self):
        """The JSON list has name, family, status and description of each."""
        listed = json.loads(tcspec("event", "--format", "json").out)["events"]
        assert [each["name"] for each in listed] == list(EVENTS)
        assert all(each.keys() == {"name", "family", "status", "description"} for each in listed)


class TestSample:
    """The sample of an event."""

    @pytest.mark.parametrize("name", EVENTS)
    def test_it_passes(self, name):
        """The sample that is printed is that event, is valid, and no rule finds anything in it, whoever sends it."""
        sample = printed_sample(name)
        assert json.loads(sample)["event_name"] == name
        assert library.check(sample, config=Config()) == []
        assert [library.lint(sample, sender=sender) for sender in SENDERS] == [[]] * len(SENDERS)

    @pytest.mark.parametrize("name", EVENTS)
    def test_it_has_what_is_required(self, name):
        """The sample has every property that is required or recommended without a condition."""
        every = described(name)
        asked = {each["name"] for each in every["properties"] if each["requirement"] != "optional"}
        assert {each for each in asked if "condition" not in _property(every, each)} <= every["sample"].keys()

    def test_a_file_of_it_passes(self, tmp_path):
        """`tcspec check` has nothing to report of a file with the sample."""
        (tmp_path / "purchase.json").write_text(printed_sample("purchase"), encoding="utf-8")
        ran = tcspec("check", str(tmp_path / "purchase.json"))
        assert (ran.code, ran.out) == (0, "")


def _property(every, name):
    return next(each for each in every["properties"] if each["name"] == name)


class TestExplanation:
    """The explanation of one event."""

    @pytest.mark.parametrize("name", EVENTS)
    def test_properties(self, name):
        """Every property has its line, with what it is required for, its type and its values."""
        out = tcspec("event", name).out
        text = " ".join(out.split())
        for key, entry in EVENTS[name]["properties"].items():
            level = {"error": "required", "none": "optional"}.get(entry["missing"], "recommended")
            assert re.search(rf"^  {key} +{level} +{re.escape(entry['type'])}( |$)", out, re.MULTILINE)
            assert all(value in text for value in (*entry.get("enum", ()), *entry.get("recommended", ())))

    def test_objects(self):
        """The objects of an event are explained too, and personal values are marked."""
        out = tcspec("event", "purchase").out
        assert re.search(r"^Item\n  id +required ", out, re.MULTILINE)
        assert re.search(r"^Product\n  id +required ", out, re.MULTILINE)
        assert re.search(r"^  url .*\[personal; format: url\]$", out, re.MULTILINE)

    @pytest.mark.parametrize("name", EVENTS)
    def test_page(self, name):
        """The address of the vendor's page is printed whole."""
        out = tcspec("event", name).out
        assert re.search(r"^    docs +https://github.com/\S+/\S+\.md(\?plain=1#L\d+)?$", out, re.MULTILINE)

    @pytest.mark.parametrize("name", EVENTS)
    def test_json(self, name):
        """The JSON has every property of the event, of every event, and of every object that occurs in one."""
        every = described(name)
        names = {each["name"] for each in (*every["properties"], *every["envelope"])}
        assert names >= {*EVENTS[name]["properties"], "event_name", "user", "context"}
        lists = (every["properties"], every["envelope"], *every["objects"].values())
        objects = {each["object"] for properties in lists for each in properties if "object" in each}
        assert objects == every["objects"].keys()

    def test_no_trailing_spaces(self):
        """No line ends with spaces, and none is longer than a wide terminal, but the address."""
        for line in tcspec("event", "purchase").out.splitlines():
            assert line == line.rstrip()
            assert len(line) <= 110 or "https://" in line


class TestUnknown:
    """A name that no standard event has."""

    @pytest.mark.parametrize(
        ("name", "meant"),
        [("purchse", "purchase"), ("Purchase", "purchase"), ("page-view", "page_view"), ("addToCart", "add_to_cart")],
    )
    def test_near(self, name, meant):
        """The closest name is suggested."""
        ran = tcspec("event", name)
        assert (ran.code, ran.out) == (2, "")
        assert ran.err.splitlines()[-1].endswith(f"no standard event is called {name}; did you mean {meant}?")

    def test_far(self):
        """Where no name is close the list is named."""
        ran = tcspec("event", "xyzzy")
        assert ran.code == 2
        assert ran.err.splitlines()[-1].endswith("no standard event is called xyzzy; `tcspec event` lists them")


def test_no_models():
    """The command does not import pydantic."""
    code = "import sys; from tcspec.cli import run; run(['event', 'purchase']); sys.exit('pydantic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, stdout=subprocess.DEVNULL).returncode == 0
