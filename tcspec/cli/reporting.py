"""From results to streams and exit codes, for the commands that read many files."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from tcspec.cli.exits import Exit
from tcspec.cli.terminal import choose_colors, print_error, use_utf8, write, write_data
from tcspec.errors import Severity
from tcspec.files.lines import STANDARD_INPUT, FileError
from tcspec.reporters import text
from tcspec.reporters.results import (
    FileFinished,
    FileStarted,
    Result,
    RunFinished,
    Tally,
    ViolationResult,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tcspec.errors import Violation
    from tcspec.reporters.text import FormatDetails

FORMATS = MappingProxyType(
    {
        "text": "text:render",
        "json": "json:render",
        "ndjson": "json:render_lines",
        "github": "ci:render_github",
        "gitlab": "ci:render_gitlab",
        "junit": "ci:render_junit",
        "sarif": "sarif:render",
        "server": "server:render",
        "html": "html:render",
    }
)
"""How the result of a run can be written, with the function of `tcspec.reporters` that does so."""

FORMATS_WITH_FIXES = frozenset({"text", "json", "ndjson", "sarif", "html"})
"""The formats that show fixes; for the others none has to be built."""


@dataclass(slots=True)
class FileRun:
    """What is known of a file while it is read: counts, the expected codes that are missing, and details."""

    path: str
    counts: Counter[str] = field(default_factory=lambda: Counter(files=1))
    unmet: tuple[str, ...] = ()
    unreadable: str | None = None
    details: dict[str, Any] = field(default_factory=dict)

    def finish(self) -> FileFinished:
        """Return the result of the file as a whole."""
        if self.unreadable is not None:
            self.counts["unreadable"] = 1
        self.counts["unmet"] = len(self.unmet)
        return FileFinished(self.path, Tally(**self.counts), self.unmet, self.unreadable, self.details)


def iter_file_results(paths: Iterable[str], check_file: Callable[[FileRun], Iterable[Result]]) -> Iterator[Result]:
    """Yield the results of files, in order; `check_file` yields those of one, and writes what it counts into its run.

    A file that cannot be opened, read to its end or decompressed ends where it is, and the next one follows.
    """
    total = Tally()
    for path in paths:
        run = FileRun(path)
        yield FileStarted(path)
        try:
            yield from check_file(run)
        except FileError as error:
            # What went wrong with a file that all files share, as standard output, would go wrong again.
            if error.path not in {path, STANDARD_INPUT}:
                raise
            run.unreadable = error.reason
        finished = run.finish()
        total += finished.tally
        yield finished
    yield RunFinished(total)


def process_files(paths: Iterable[str], process_file: Callable[[FileRun], Iterable[Result]]) -> Tally:
    """Process files in order and print to stderr what is wrong with them; return the counts.

    For commands whose output are payloads.
    """
    tally = Tally()
    for result in iter_file_results(paths, process_file):
        match result:
            case ViolationResult(path, violation):
                print_violation(path, violation)
            case RunFinished(total):
                tally = total
            case _:
                _print_unreadable(result)
    return tally


def print_violation(path: str, violation: Violation) -> None:
    """Print a violation to stderr."""
    for line in text.format_violation(path, violation, choose_colors(sys.stderr)):
        print_error(line)


def print_replaced(path: str, names: int) -> None:
    """Print which other names a file had when it was replaced: hard links of it, which keep the old content."""
    if others := names - 1:
        keep = "keeps" if others == 1 else "keep"
        count = text.format_count(others, "other name")
        print_error(f"tcspec: {path}: {count} of this file (hard links) {keep} the old content")


def _print_unreadable(result: Result) -> None:
    if isinstance(result, FileFinished) and result.unreadable:
        print_error(f"tcspec: {result.path}: {result.unreadable}")


def report(
    results: Iterable[Result],
    output_format: str,
    details: FormatDetails = text.no_details,
    *,
    failing: Severity | None = Severity.ERROR,
    show_values: bool = False,
) -> Tally:
    """Write results to stdout as they come, and a summary to stderr at the end; return the counts.

    Args:
        results: what the run finds.
        output_format: one of FORMATS.
        details: the lines that the text has for a file besides its violations.
        failing: the mildest severity that fails a test of JUnit; None if none does.
        show_values: whether the HTML page shows values that may describe a person.
    """
    tally = Tally()

    def watch() -> Iterator[Result]:
        nonlocal tally
        for result in results:
            if isinstance(result, RunFinished):
                tally = result.tally
            _print_unreadable(result)
            yield result

    module, _, function = FORMATS[output_format].partition(":")
    # Imported here: a run needs one of them, and some import every rule.
    render: Callable[..., Iterator[str]] = getattr(import_module(f"tcspec.reporters.{module}"), function)
    if output_format != "text":
        use_utf8()
    write_piece: Callable[[str], None] = write_data
    match output_format:
        case "text":
            write_piece = write
            render = partial(render, colorize=choose_colors(sys.stdout), details=details)
        case "junit":
            render = partial(render, failing=failing)
        case "html":
            render = partial(render, show_values=show_values)
    for piece in render(watch()):
        write_piece(piece)
    if output_format != "json":
        print_error(text.format_summary(tally))
    return tally


def exit_code(tally: Tally, *, found: bool, allow_empty: bool) -> Exit:
    """Return the exit code of a run; a run that read no payload fails unless that is allowed."""
    is_empty = not tally.payloads and not allow_empty
    if is_empty:
        print_error("tcspec: no payload found (--allow-empty accepts that)")
    if tally.unreadable:
        return Exit.MISUSE
    return Exit.FOUND if found or is_empty else Exit.FINE
