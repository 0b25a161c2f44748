"""`tcspec rules`: every code, and the explanation of each."""

from __future__ import annotations

import json
import re

import pytest

from command import tcspec
from locations import ROOT
from tcspec.codes import FAMILIES
from tcspec.rules.registry import EVERY_CODE, RULES, STREAM_RULES
from tcspec.sources import expand_source, find_rows


def listed(*arguments):
    """Return what the JSON has of some codes."""
    return json.loads(tcspec("rules", "--format", "json", *arguments).out)["rules"]


class TestList:
    """The list of codes."""

    def test_everything_is_listed(self):
        """Every code is listed once, in order, with its severity and title, below its family."""
        out = tcspec("rules").out
        lines = re.findall(r"^  (TC\d{3})  (error|warning|info) +(.*?)(?:  .*)?$", out, re.MULTILINE)
        assert lines == [(code.id, code.severity.value, code.title) for code in EVERY_CODE.values()]
        families = re.findall(r"^TC(\d) (\S.*)$", out, re.MULTILINE)
        assert families == [(str(number), family) for number, family in enumerate(FAMILIES)]

    def test_prefix(self):
        """A prefix, in any case, lists the codes that start with it."""
        out = tcspec("rules", "tc21").out
        assert re.findall(r"TC\d{3}", out) == [code for code in EVERY_CODE if code.startswith("TC21")]

    @pytest.mark.parametrize("code", RULES)
    def test_fixes(self, code):
        """A rule is listed with the best fix that it offers."""
        (rule,) = listed(code)
        assert rule["fix"] == RULES[code].fix

    def test_json(self):
        """The JSON list has every field, explanations included."""
        everything = listed()
        assert [each["code"] for each in everything] == list(EVERY_CODE)
        assert all(each["summary"] and each["explanation"] and each["family"] for each in everything)
        assert {each["code"] for each in everything if each["tier"] == "rule"} == {*RULES, *STREAM_RULES}


class TestExplanation:
    """The explanation of one code."""

    @pytest.mark.parametrize("code", [*RULES, *STREAM_RULES])
    def test_rule(self, code):
        """A rule is explained with severity, source, and a bad and a good payload."""
        ran = tcspec("rules", code)
        rule = EVERY_CODE[code]
        assert ran.code == 0
        assert ran.out.startswith(f"{code} {rule.title}\n    severity  {rule.severity.value}\n")
        assert f"    source    {expand_source(rule.source)} ({rule.basis.value})\n" in ran.out
        assert re.search(r"^Bad:\n\n    \S", ran.out, re.MULTILINE)
        assert re.search(r"^Good:\n\n    \S", ran.out, re.MULTILINE)

    @pytest.mark.parametrize("code", [code for code in EVERY_CODE if code not in {*RULES, *STREAM_RULES}])
    def test_contract(self, code):
        """A code of the contract is explained in any case of its letters."""
        ran = tcspec("rules", code.lower())
        assert ran.code == 0
        assert ran.out.startswith(f"{code} {EVERY_CODE[code].title}\n")
        assert "    tier      contract\n" in ran.out

    def test_layout(self):
        """The text is wrapped, and the examples are indented."""
        out = tcspec("rules", "TC009").out
        assert max(len(line) for line in out.splitlines() if "://" not in line) <= 120
        assert '\n\nBad:\n\n    [{"event_name"' in out
        assert '\n\nGood:\n\n    {"event_name"' in out
        assert out.endswith("}}\n")

    def test_without_examples(self):
        """A code without examples ends with its text."""
        assert tcspec("rules", "TC603").out.endswith("It is reserved.\n")

    def test_unknown(self):
        """An unknown code is a usage error, with a suggestion."""
        ran = tcspec("rules", "TC21O")
        assert (ran.code, ran.out) == (2, "")
        assert "no code starts with TC21O; did you mean TC210?" in ran.err


class TestContradictions:
    """The rows that violations cite."""

    @pytest.mark.parametrize("row", sorted({row for code in EVERY_CODE.values() for row in find_rows(code.source)}))
    def test_cited(self, row):
        """Every row that a code cites is printed, with the codes that cite it."""
        ran = tcspec("rules", row)
        assert (ran.code, ran.err) == (0, "")
        assert ran.out.startswith(f"{row} ")
        cited = [code.id for code in EVERY_CODE.values() if row in find_rows(code.source)]
        assert f"    codes     {', '.join(cited)}\n" in ran.out

    def test_content(self):
        """A row has what disagrees, where, how it is read, what is decided, and the addresses of the pages."""
        lines = tcspec("rules", "k007").out.splitlines()
        assert [line.split()[0] for line in lines] == [
            *("K007", "where", "reading", "decided", "severity", "codes", "H2", "OA")
        ]
        assert lines[-2].endswith("/blob/caf913c2b6bf/features/sources/sources-catalog/http-tracking-api.md")

    def test_several(self):
        """A prefix lists the rows that start with it, a line each."""
        assert [line[:4] for line in tcspec("rules", "K00").out.splitlines()] == [f"K00{n}" for n in range(1, 10)]
        assert len(tcspec("rules", "K").out.splitlines()) >= 128

    def test_json(self):
        """The same in JSON."""
        (row,) = json.loads(tcspec("rules", "K006", "--format", "json").out)["contradictions"]
        assert (row["id"], row["codes"]) == ("K006", ["TC320"])
        assert row["pages"]["OA"].startswith("https://")

    @pytest.mark.parametrize("arguments", [("K999",), ("K0O6",), ("Kurt",), ("K006", "--format", "markdown")])
    def test_misuse(self, arguments):
        """An unknown row is a usage error, and so is a format that rows do not have."""
        ran = tcspec("rules", *arguments)
        assert (ran.code, ran.out) == (2, "")


class TestMarkdown:
    """Explanations in Markdown."""

    def test_documentation(self):
        """docs/rules.md is what `tcspec rules --format markdown` prints; `make docs-rules` writes it."""
        assert (ROOT / "docs/rules.md").read_text(encoding="utf-8") == tcspec("rules", "--format", "markdown").out

    def test_one_code(self):
        """One code is printed without the head of the page, and its examples are fenced."""
        out = tcspec("rules", "TC036", "--format", "markdown").out
        assert out.startswith("\n## TC0 document and request\n\n| code |")
        assert out.count("```http\n") == 2
        assert out.endswith("}}\n```\n")
