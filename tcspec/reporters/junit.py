"""Results as JUnit XML, which build servers show as tests: a file is a test, and what is wrong with it its failure."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import escape
from typing import TYPE_CHECKING

import tcspec
from tcspec.errors import Severity
from tcspec.reporters.problems import of_file, relative, sentence
from tcspec.reporters.results import FileFinished, FileStarted, ViolationResult
from tcspec.reporters.text import format_count, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tcspec.errors import Violation
    from tcspec.reporters.results import Result

LISTED = 1_000
"""How many violations of a file are told one by one, so that a file of any length fits; all of them are counted."""


@dataclass(slots=True)
class _Told:
    """The lines that are told of a file, as many as are listed, and how many there are."""

    lines: list[str] = field(default_factory=list)
    count: int = 0

    def add(self, line: str) -> None:
        """Count a line, and keep it when there are not too many."""
        self.count += 1
        if self.count <= LISTED:
            self.lines.append(line)

    def text(self) -> str:
        """Give the lines, and how many were left out."""
        more = self.count - len(self.lines)
        return "\n".join((*self.lines, f"and {more:,} more") if more else self.lines)


def render(results: Iterable[Result], failing: Severity | None = Severity.ERROR) -> Iterator[str]:
    """Tell each file as a suite of one test that fails by what is as bad as `failing`; what is milder is its output."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n'
    number, began = 0, time.monotonic()
    failures, output = _Told(), _Told()
    for result in results:
        match result:
            case FileStarted():
                began = time.monotonic()
                failures, output = _Told(), _Told()
            case ViolationResult(_, violation, expected=False):
                fails = failing is not None and violation.severity.rank >= failing.rank
                (failures if fails else output).add(_line(violation))
            case FileFinished():
                for violation in of_file(result):
                    (output if failing is None else failures).add(_line(violation))
                yield _suite(result, number, time.monotonic() - began, failures, output)
                number += 1
    yield "</testsuites>\n"


def _line(violation: Violation) -> str:
    place = f"{violation.line}:{violation.column}: " if violation.line else ""
    return printable(f"{place}{violation.code} {violation.severity.value} {sentence(violation)}")


def _suite(ended: FileFinished, number: int, seconds: float, failures: _Told, output: _Told) -> str:
    name = escape(printable(relative(ended.path)))
    verdict = ""
    # A test has one verdict: that its file is unreadable, or else that it failed.
    if ended.unreadable:
        message = escape(printable(ended.unreadable))
        verdict = f'<error type="unreadable" message="{message}">{escape(failures.text())}</error>'
    elif failures.count:
        message = format_count(failures.count, "violation")
        verdict = f'<failure type="violations" message="{message}">{escape(failures.text())}</failure>'
    counts = f'tests="1" failures="{int(verdict.startswith("<f"))}" errors="{int(verdict.startswith("<e"))}"'
    lasted = f'time="{seconds:.3f}"'
    began = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S}"
    return (
        f'<testsuite id="{number}" package="tcspec" name="{name}" timestamp="{began}" hostname="localhost" '
        f"{counts} {lasted}>\n"
        f'<properties><property name="tcspec" value="{tcspec.__version__}"/></properties>\n'
        f'<testcase name="{name}" classname="tcspec.validate" {lasted}>{verdict}</testcase>\n'
        f"<system-out>{escape(output.text())}</system-out>\n"
        "<system-err></system-err>\n"
        "</testsuite>\n"
    )
