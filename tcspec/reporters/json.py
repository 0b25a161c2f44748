"""Results for programs: one JSON object, written while the run goes on, so that it may be of any size."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import tcspec
from tcspec.reporters.masking import may_show
from tcspec.reporters.results import FileFinished, FileStarted, RunFinished, ViolationResult

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tcspec.errors import Fix, Violation
    from tcspec.reporters.results import Result, Source

FORMAT_VERSION = 1
"""The version of the report's format: a program that reads 1 can read every report that says 1."""

HEAD: dict[str, Any] = {"tool": {"name": "tcspec", "version": tcspec.__version__}, "format_version": FORMAT_VERSION}
"""What every report in JSON begins with."""


def render(results: Iterable[Result]) -> Iterator[str]:
    """Tell everything that was found, expected or not, one violation a line."""
    yield json.dumps(HEAD)[:-1] + ', "files": ['
    between_files = between_violations = "\n"
    for result in results:
        match result:
            case FileStarted(path):
                yield f'{between_files}{{"path": {json.dumps(path)}, "violations": ['
                between_files, between_violations = ",\n", "\n"
            case ViolationResult(_, violation, expected, source):
                yield f"{between_violations}  {json.dumps(as_dict(violation, source) | {'is_expected': expected})}"
                between_violations = ",\n"
            case FileFinished(_, tally, unmet, unreadable, details):
                counts = {"payloads": tally.payloads, "skipped": tally.passed_over}
                yield f"], {json.dumps({**counts, 'unmet': unmet, 'unreadable': unreadable, **details})[1:]}"
            case RunFinished(tally, stats):
                told = {"summary": asdict(tally)} | ({} if stats is None else {"stats": stats})
                yield f"\n], {json.dumps(told)[1:]}\n"


def as_dict(violation: Violation, source: Source | None = None) -> dict[str, Any]:
    """Give a violation as JSON has it; the text in which it was found decides whether its fix may be shown."""
    return {
        "code": violation.code,
        "severity": violation.severity.value,
        "pointer": violation.pointer,
        "line": violation.line,
        "column": violation.column,
        "message": violation.message,
        "data": dict(violation.data),
        "hint": violation.hint,
        "fix": violation.fix and _fix(violation.fix, source),
        "basis": violation.basis.value,
        "source": violation.source,
    }


def _fix(fix: Fix, source: Source | None) -> dict[str, Any]:
    """Give a fix as JSON has it; its patch is null when it would show a value that is masked."""
    is_shown = all(may_show(source, step["path"], step["value"]) for step in fix.patch if "value" in step)
    patch = [dict(step) for step in fix.patch] if is_shown else None
    return {"title": fix.title, "is_safe": fix.is_safe, "patch": patch}
