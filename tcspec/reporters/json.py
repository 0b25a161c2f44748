"""Results for programs: one JSON object, or one JSON object a line, written while the run goes on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import tcspec
from tcspec.personal import mask_place, mask_pointer
from tcspec.reporters.masking import may_show_at
from tcspec.reporters.results import FileFinished, FileStarted, RunFinished, ViolationResult, iter_problems

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tcspec.errors import Fix
    from tcspec.reporters.results import Result, SourceText

FORMAT_VERSION = 1
"""The version of the report's format: a program that reads 1 can read every report that has 1."""

HEAD: dict[str, Any] = {"tool": {"name": "tcspec", "version": tcspec.__version__}, "format_version": FORMAT_VERSION}
"""The first keys of every report in JSON."""


def render(results: Iterable[Result]) -> Iterator[str]:
    """Yield the report as one JSON object, with one violation a line, expected or not."""
    # Opened here and closed at the end: a run of any length is written as it goes on.
    yield json.dumps(HEAD)[:-1] + ', "files": ['
    between_files = between_violations = "\n"
    for result in results:
        match result:
            case FileStarted(path):
                yield f'{between_files}{{"path": {json.dumps(path)}, "violations": ['
                between_files, between_violations = ",\n", "\n"
            case ViolationResult():
                yield f"{between_violations}  {json.dumps(_violation_dict(result))}"
                between_violations = ",\n"
            case FileFinished(_, tally, unmet, unreadable, details):
                counts = {"payloads": tally.payloads, "skipped": tally.passed_over}
                yield f"], {json.dumps({**counts, 'unmet': unmet, 'unreadable': unreadable, **details})[1:]}"
            case RunFinished(tally, stats):
                summary = {"summary": tally._asdict()} | ({} if stats is None else {"stats": stats})
                yield f"\n], {json.dumps(summary)[1:]}\n"


def render_lines(results: Iterable[Result]) -> Iterator[str]:
    """Yield every violation, expected or not, and what is wrong with files as a whole, as a JSON object a line."""
    for result in results:
        found = [result] if isinstance(result, ViolationResult) else iter_problems([result])
        yield from (f"{json.dumps({'path': each.path} | _violation_dict(each))}\n" for each in found)


def _violation_dict(result: ViolationResult) -> dict[str, Any]:
    violation = result.violation
    fix = violation.fix and _fix_dict(violation.fix, result.source)
    masked = mask_place(violation.pointer, violation.data)
    return violation.to_dict() | masked | {"fix": fix, "is_expected": result.expected}


def _fix_dict(fix: Fix, source: SourceText | None) -> dict[str, Any]:
    """Return a fix as JSON has it; its patch is null if it would show a value or a key that is masked."""
    # A value that is masked elsewhere would be in the patch.
    is_shown = all(may_show_at(source, step["path"], step["value"]) for step in fix.patch if "value" in step)
    pointers = [pointer for step in fix.patch for pointer in (step["path"], step.get("from", ""))]
    is_shown = is_shown and list(map(mask_pointer, pointers)) == pointers
    return fix.to_dict() | ({} if is_shown else {"patch": None})
