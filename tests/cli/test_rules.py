"""`tcspec rules`: every code, and the page of each."""

from __future__ import annotations

import json
import re

import pytest

from command import tcspec
from locations import FIXTURES
from tcspec.rules.registry import EVERY_CODE, RULES, STREAM_RULES

FIXTURES = FIXTURES / "rules"


def told(*arguments):
    """Give what the JSON has of some codes."""
    return json.loads(tcspec("rules", "--format", "json", *arguments).out)["rules"]


class TestList:
    """What there is."""

    def test_everything_is_listed(self):
        """Every code is listed once, in order, with its severity and title, below its family."""
        out = tcspec("rules").out
        lines = re.findall(r"^  (TC\d{3})  (error|warning|info) +(.*?)(?:  .*)?$", out, re.MULTILINE)
        assert lines == [(code.id, code.severity.value, code.title) for code in EVERY_CODE.values()]
        families = re.findall(r"^TC(\d) \S", out, re.MULTILINE)
        assert families == sorted({code[2] for code in EVERY_CODE})

    def test_of_a_family(self):
        """The beginning of codes lists those that begin so, in any case."""
        out = tcspec("rules", "tc21").out
        assert re.findall(r"TC\d{3}", out) == [code for code in EVERY_CODE if code.startswith("TC21")]

    @pytest.mark.parametrize("code", RULES)
    def test_fixes(self, code):
        """A rule is listed with the best fix that it may offer."""
        (rule,) = told(code)
        assert rule["fix"] == RULES[code].fix

    def test_json(self):
        """Programs get everything, pages included."""
        everything = told()
        assert [each["code"] for each in everything] == list(EVERY_CODE)
        assert all(each["page"]["summary"] for each in everything)
        assert {each["code"] for each in everything if each["tier"] == "rule"} == {*RULES, *STREAM_RULES}


class TestPage:
    """The page of one code."""

    @pytest.mark.parametrize("code", [*RULES, *STREAM_RULES])
    def test_of_a_rule(self, code):
        """The page of a rule says what, how bad, who asks and why, and shows a bad and a good payload."""
        ran = tcspec("rules", code)
        rule = EVERY_CODE[code]
        assert ran.code == 0
        assert ran.out.startswith(f"{code} {rule.title}\n    severity  {rule.severity.value}\n")
        assert f"    asked by  {rule.source} ({rule.basis.value})\n" in ran.out
        assert re.search(r"^Bad:\n\n    \S", ran.out, re.MULTILINE)
        assert re.search(r"^Good:\n\n    \S", ran.out, re.MULTILINE)

    @pytest.mark.parametrize("code", [code for code in EVERY_CODE if code not in {*RULES, *STREAM_RULES}])
    def test_of_the_contract(self, code):
        """The page of a code of the contract says the same without examples."""
        ran = tcspec("rules", code.lower())
        assert ran.code == 0
        assert ran.out.startswith(f"{code} {EVERY_CODE[code].title}\n")
        assert "    tier      contract\n" in ran.out

    def test_unknown(self):
        """A code that does not exist is misuse, and the one that was meant is named."""
        ran = tcspec("rules", "TC21O")
        assert (ran.code, ran.out) == (2, "")
        assert "no code begins with TC21O; did you mean TC210?" in ran.err
