"""Reports for CI services: each is what the service takes, whatever a run meets."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

import tcspec
from report_schemas import check_gitlab, check_junit
from runs import EVERYTHING, INFO, VIOLATION, WARNING, is_streaming, run
from tcspec.errors import Severity
from tcspec.reporters.ci import LISTED, render_github, render_gitlab, render_junit


class TestGitHub:
    """Workflow commands of GitHub."""

    def lines(self, results):
        """Return the commands, one a line."""
        return "".join(render_github(results)).split("\n")[:-1]

    def test_command(self):
        """A command has file, line, column, code, message, pointer and hint."""
        (line,) = self.lines(run(VIOLATION))
        command, _, message = line.rpartition("::")
        assert command == "::error file=a.json,line=2,col=41,title=tcspec TC403"
        assert message == 'expected three letters, got "eur" (at /currency); write EUR'

    def test_severities(self):
        """Errors, warnings and infos are errors, warnings and notices; an unknown line is left out."""
        assert [line.partition(" ")[0] for line in self.lines(run(VIOLATION, WARNING, INFO))] == [
            "::error",
            "::warning",
            "::notice",
        ]
        assert self.lines(run(INFO))[0].startswith("::notice file=a.json,title=tcspec TC210::")

    def test_every_line_is_one_command(self):
        """Whatever a path or message contains, it ends no line and starts no other property or command."""
        lines = self.lines([*EVERYTHING, *run(VIOLATION, path="a,b:c%\n::error::d.json")])
        assert all(re.fullmatch(r"::(error|warning|notice) [^:\n\r]*::[^\n\r]*", line) for line in lines)
        assert "file=a%2Cb%3Ac%25\\n%3A%3Aerror%3A%3Ad.json," in lines[-1]
        assert any("50%25 <of> it" in line for line in lines)

    def test_files(self):
        """What is wrong with a file as a whole is a command; standard input is no file."""
        lines = self.lines(EVERYTHING)
        unmet = "::error file=expected.json,title=tcspec unmet::expected TC401, which did not occur;"
        assert any(line.startswith(unmet) for line in lines)
        assert any(line.startswith("::error file=missing.json,title=tcspec unreadable::") for line in lines)
        assert lines[-1].startswith("::error line=2,title=")

    def test_nothing_wrong(self):
        """A run without violations has no commands."""
        assert self.lines(run()) == []

    def test_streaming(self):
        """Violations are written as they are found."""
        assert is_streaming(render_github)


class TestGitLab:
    """The Code Quality report of GitLab."""

    def report(self, results):
        """Return the report, checked against what GitLab documents."""
        return check_gitlab("".join(render_gitlab(results)))

    def test_issue(self):
        """An issue has description, code, severity, file and line."""
        (issue,) = self.report(run(VIOLATION))
        assert issue.pop("fingerprint")
        assert issue == {
            "description": 'TC403: expected three letters, got "eur" (at /currency); write EUR',
            "check_name": "TC403",
            "severity": "major",
            "location": {"path": "a.json", "lines": {"begin": 2}},
        }

    def test_severities(self):
        """Errors are major, warnings minor, infos info; an unknown line is the first."""
        issues = self.report(run(VIOLATION, WARNING, INFO))
        assert [issue["severity"] for issue in issues] == ["major", "minor", "info"]
        assert issues[2]["location"]["lines"] == {"begin": 1}

    def test_fingerprints_stay(self):
        """A violation keeps its fingerprint from run to run, when lines move and when messages change."""
        moved = replace(VIOLATION, line=9, column=1, message="other words")
        assert self.report(run(VIOLATION))[0]["fingerprint"] == self.report(run(moved))[0]["fingerprint"]

    def test_fingerprints_differ(self):
        """Violations of other files, codes, pointers or properties, and repeated ones, have other fingerprints."""
        others = (
            replace(VIOLATION, code="TC401"),
            replace(VIOLATION, pointer="/items/0/currency"),
            replace(VIOLATION, data={"property": "currency"}),
            VIOLATION,
            VIOLATION,
        )
        # That all differ is part of the check of a report.
        assert len(self.report([*run(VIOLATION, *others)[:-1], *run(VIOLATION, path="b.json")])) == len(others) + 2

    def test_everything(self):
        """Whatever a run meets, the report is one that GitLab takes, and is ASCII."""
        text = "".join(render_gitlab(EVERYTHING))
        assert text.isascii()
        assert [issue["check_name"] for issue in json.loads(text)].count("unmet") == 1
        assert self.report(EVERYTHING)
        assert self.report(run()) == []

    def test_paths(self, tmp_path, monkeypatch):
        """A file below the current folder has the path from there, as GitLab knows it."""
        monkeypatch.chdir(tmp_path)
        for path in (str(tmp_path / "fixtures" / "a.json"), "./fixtures/a.json", "fixtures/a.json"):
            assert self.report(run(VIOLATION, path=path))[0]["location"]["path"] == "fixtures/a.json"
        assert self.report(run(VIOLATION, path="/elsewhere/a.json"))[0]["location"]["path"] == "/elsewhere/a.json"

    def test_streaming(self):
        """Violations are written as they are found."""
        assert is_streaming(render_gitlab)


class TestJUnit:
    """JUnit XML."""

    def suites(self, results, failing=Severity.ERROR):
        """Return the suites of the report, checked against its schemas."""
        return check_junit("".join(render_junit(results, failing))).findall("testsuite")

    def counts(self, suite):
        """Return how many tests, failures and errors a suite has."""
        return tuple(int(suite.get(name)) for name in ("tests", "failures", "errors"))

    def test_valid(self):
        """A file with nothing wrong is a test that passes."""
        (suite,) = self.suites(run())
        assert self.counts(suite) == (1, 0, 0)
        assert (suite.get("name"), suite.find("testcase").get("name")) == ("a.json", "a.json")
        assert list(suite.find("testcase")) == []
        assert suite.find("properties/property").get("value") == tcspec.__version__

    def test_failure(self):
        """A file with errors is one test that fails by all of them, each on a line with its location."""
        (suite,) = self.suites(run(VIOLATION, VIOLATION))
        assert self.counts(suite) == (1, 1, 0)
        failure = suite.find("testcase/failure")
        assert failure.get("message") == "2 violations"
        line = '2:41: TC403 error: expected three letters, got "eur" (at /currency); write EUR'
        assert failure.text.splitlines() == [line] * 2

    @pytest.mark.parametrize(
        ("failing", "failures", "output"),
        [(Severity.ERROR, 0, 2), (Severity.WARNING, 1, 1), (Severity.INFO, 2, 0), (None, 0, 2)],
    )
    def test_milder(self, failing, failures, output):
        """What is milder than what makes a run fail is output of the test, not its failure."""
        (suite,) = self.suites(run(WARNING, INFO), failing)
        failure = suite.find("testcase/failure")
        assert len(failure.text.splitlines() if failure is not None else []) == failures
        assert len((suite.find("system-out").text or "").splitlines()) == output

    def test_everything(self):
        """Whatever a run meets, the report meets both schemas; unreadable files are errors, unmet codes failures."""
        counts = {suite.get("name"): self.counts(suite) for suite in self.suites(EVERYTHING)}
        assert counts == {
            "a.json": (1, 1, 0),
            r"b <&> \x1b\ud800.json": (1, 1, 0),
            "valid.json": (1, 0, 0),
            "expected.json": (1, 1, 0),
            "missing.json": (1, 0, 1),
            "-": (1, 1, 0),
        }
        assert [suite.get("id") for suite in self.suites(EVERYTHING)] == [str(number) for number in range(6)]

    def test_nothing(self):
        """A run without files is a report without suites."""
        assert self.suites(run()[3:]) == []

    def test_many(self):
        """Of a file with very many violations the first are listed, and all are counted."""
        (suite,) = self.suites(run(*[VIOLATION] * (LISTED + 5)))
        failure = suite.find("testcase/failure")
        assert failure.get("message") == f"{LISTED + 5:,} violations"
        assert failure.text.splitlines()[LISTED:] == ["and 5 more"]

    def test_streaming(self):
        """A file is written when it is finished, before the next one is read."""
        started = []

        def results():
            for number in range(3):
                started.append(number)
                yield from run(VIOLATION, path=f"{number}.json")[:-1]
            yield run()[-1]

        assert [len(started) for piece in render_junit(results()) if "<testsuite " in piece] == [1, 2, 3]
