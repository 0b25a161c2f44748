"""Results as workflow commands, which GitHub shows beside the lines of a change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tcspec.errors import Severity
from tcspec.reporters.problems import problems, relative, sentence
from tcspec.reporters.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tcspec.reporters.problems import Problem
    from tcspec.reporters.results import Result

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render(results: Iterable[Result]) -> Iterator[str]:
    """Tell each problem as a command; lines and columns are where GitHub has them."""
    for problem in problems(results):
        yield _command(problem)


def _command(problem: Problem) -> str:
    violation = problem.violation
    properties = {
        "file": None if problem.path == "-" else printable(relative(problem.path)),
        "line": violation.line,
        "col": violation.column,
        "title": f"tcspec {violation.code}",
    }
    told = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items() if value is not None)
    return f"::{_COMMANDS[violation.severity]} {told}::{_data(printable(sentence(violation)))}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
