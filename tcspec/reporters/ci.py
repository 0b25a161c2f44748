"""Results for CI services: workflow commands of GitHub, a Code Quality report of GitLab, JUnit XML."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import escape
from typing import TYPE_CHECKING, Any

import tcspec
from tcspec.errors import Severity
from tcspec.reporters.printing import printable
from tcspec.reporters.results import (
    FileFinished,
    FileStarted,
    ViolationResult,
    format_sentence,
    iter_fingerprints,
    iter_problems,
    path_in_checkout,
)
from tcspec.reporters.text import format_count, shorten

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tcspec.errors import Violation
    from tcspec.reporters.results import Result

LISTED = 1_000
"""How many violations of a file JUnit XML lists, so that a file of any length fits; all of them are counted."""

_GITHUB_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
_GITLAB_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def render_github(results: Iterable[Result]) -> Iterator[str]:
    """Yield each problem as a workflow command, which GitHub shows beside the lines of a change."""
    for problem in iter_problems(results):
        violation = problem.violation
        properties = {
            "file": None if problem.path == "-" else printable(path_in_checkout(problem.path)),
            "line": violation.line,
            "col": violation.column,
            "title": f"tcspec {violation.code}",
        }
        escaped = (f"{name}={_github_property(value)}" for name, value in properties.items() if value is not None)
        message = _github_data(printable(shorten(format_sentence(violation))))
        yield f"::{_GITHUB_COMMANDS[violation.severity]} {','.join(escaped)}::{message}\n"


def _github_data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _github_property(value: object) -> str:
    # As GitHub reads properties: a comma or a colon of a file name would end one.
    return _github_data(str(value)).replace(":", "%3A").replace(",", "%2C")


def render_gitlab(results: Iterable[Result]) -> Iterator[str]:
    """Yield a Code Quality report, which GitLab shows in a merge request."""
    between = "[\n"
    for problem, fingerprint in iter_fingerprints(iter_problems(results)):
        yield between + json.dumps(_gitlab_issue(problem, fingerprint))
        between = ",\n"
    # Nothing was found: the array was not opened.
    yield "[]\n" if between.startswith("[") else "\n]\n"


def _gitlab_issue(problem: ViolationResult, fingerprint: str) -> dict[str, Any]:
    violation = problem.violation
    return {
        "description": f"{violation.code}: {format_sentence(violation)}",
        "check_name": violation.code,
        "fingerprint": fingerprint,
        "severity": _GITLAB_SEVERITIES[violation.severity],
        # GitLab requires a line.
        "location": {"path": path_in_checkout(problem.path), "lines": {"begin": violation.line or 1}},
    }


@dataclass(slots=True)
class _Lines:
    """The first lines of what is wrong with a file, how many violations they are for, and how many there are."""

    first: list[str] = field(default_factory=list)
    listed: int = 0
    count: int = 0

    def add(self, violation: Violation) -> None:
        """Count a violation, and keep its line if there are not too many."""
        self.count += violation.count
        if len(self.first) < LISTED:
            self.listed += violation.count
            location = f"{violation.line}:{violation.column}: " if violation.line else ""
            severity = violation.severity.value
            sentence = shorten(format_sentence(violation))
            self.first.append(printable(f"{location}{violation.code} {severity}: {sentence}"))

    def to_xml(self) -> str:
        """Return the lines, and how many more there are."""
        more = self.count - self.listed
        return escape("\n".join((*self.first, f"and {more:,} more") if more else self.first))


def render_junit(results: Iterable[Result], failing: Severity | None = Severity.ERROR) -> Iterator[str]:
    """Yield JUnit XML, which build servers show as tests: each file is a suite of one test.

    The test fails by violations that are as bad as `failing`; milder ones are its output.
    """
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n'
    number, started = 0, time.monotonic()
    failures, output = _Lines(), _Lines()
    for result in results:
        match result:
            case FileStarted():
                started = time.monotonic()
                failures, output = _Lines(), _Lines()
            case ViolationResult(_, violation, expected=False):
                is_failure = failing is not None and violation.severity.rank >= failing.rank
                (failures if is_failure else output).add(violation)
            case FileFinished():
                for violation in result.violations():
                    (output if failing is None else failures).add(violation)
                yield _suite(result, number, time.monotonic() - started, failures, output)
                number += 1
    yield "</testsuites>\n"


def _suite(finished: FileFinished, number: int, seconds: float, failures: _Lines, output: _Lines) -> str:
    name = escape(printable(path_in_checkout(finished.path)))
    outcome = ""
    # A test has one outcome: its file is unreadable, or else it failed.
    if finished.unreadable:
        message = escape(printable(finished.unreadable))
        outcome = f'<error type="unreadable" message="{message}">{failures.to_xml()}</error>'
    elif failures.count:
        message = format_count(failures.count, "violation")
        outcome = f'<failure type="violations" message="{message}">{failures.to_xml()}</failure>'
    counts = f'tests="1" failures="{int(outcome.startswith("<f"))}" errors="{int(outcome.startswith("<e"))}"'
    duration = f'time="{seconds:.3f}"'
    timestamp = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S}"
    return (
        f'<testsuite id="{number}" package="tcspec" name="{name}" timestamp="{timestamp}" hostname="localhost" '
        f"{counts} {duration}>\n"
        f'<properties><property name="tcspec" value="{tcspec.__version__}"/></properties>\n'
        f'<testcase name="{name}" classname="tcspec.validate" {duration}>{outcome}</testcase>\n'
        f"<system-out>{output.to_xml()}</system-out>\n"
        "<system-err></system-err>\n"
        "</testsuite>\n"
    )
