"""Results as a Code Quality report, which GitLab shows in a merge request."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tcspec.errors import Severity
from tcspec.reporters.problems import fingerprints, problems, relative, sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tcspec.reporters.problems import Problem
    from tcspec.reporters.results import Result

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def render(results: Iterable[Result]) -> Iterator[str]:
    """Tell the problems as one JSON list, written while the run goes on."""
    between = "[\n"
    for problem, fingerprint in fingerprints(problems(results)):
        yield between + json.dumps(_issue(problem, fingerprint))
        between = ",\n"
    yield "[]\n" if between.startswith("[") else "\n]\n"


def _issue(problem: Problem, fingerprint: str) -> dict[str, Any]:
    violation = problem.violation
    return {
        "description": f"{violation.code}: {sentence(violation)}",
        "check_name": violation.code,
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[violation.severity],
        "location": {"path": relative(problem.path), "lines": {"begin": violation.line or 1}},
    }
