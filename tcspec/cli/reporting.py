"""From results to streams and exit codes, for the commands that read many files."""

from __future__ import annotations

import sys
from collections import Counter
from functools import partial
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from tcspec.cli.exits import Exit
from tcspec.cli.terminal import choose_colors, escape_data, escape_line, print_error, use_utf8, write, write_data
from tcspec.errors import Severity
from tcspec.files.lines import STANDARD_INPUT, FileError
from tcspec.reporters import text
from tcspec.reporters.printing import plain
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

_STATISTICS = MappingProxyType({"text": "statistics:render", "json": "statistics:render_json"})
FORMATS_OF_STATISTICS = tuple(_STATISTICS)
"""How the counts of codes can be written."""

FORMATS_WITH_FIXES = frozenset({"text", "json", "ndjson", "sarif", "html"})
"""The formats that show fixes; for the others none has to be built."""


class FileRun:
    """What is known of a file while it is read: counts, the expected codes that are missing, and details."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.counts = Counter(files=1)
        self.unmet: tuple[str, ...] = ()
        self.unreadable: str | None = None
        self.details: dict[str, Any] = {}

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


class ReportOptions(NamedTuple):
    """How a run is reported.

    Attributes:
        output_format: one of FORMATS.
        output_file: where the report goes instead of standard output.
        quiet: whether only violations and errors are printed.
        statistics: whether codes are counted instead of violations listed; in text or JSON only.
        longest: how many violations of a code the text lists; None lists all.
        failing: the mildest severity that fails a test of JUnit; None if none does.
        show_values: whether the HTML page shows values that may describe a person.
    """

    output_format: str
    output_file: str | None = None
    quiet: bool = False
    statistics: bool = False
    longest: int | None = None
    failing: Severity | None = Severity.ERROR
    show_values: bool = False


def report(results: Iterable[Result], options: ReportOptions, details: FormatDetails = text.no_details) -> Tally:
    """Write results as they come, and a summary to stderr at the end; return the counts.

    Args:
        results: what the run finds.
        options: where they are written, and how.
        details: the lines that the text has for a file besides its violations.

    Raises:
        FileError: when the output cannot be written; a file is then as it was.
    """
    tally = Tally()

    def watch() -> Iterator[Result]:
        nonlocal tally
        for result in results:
            if isinstance(result, RunFinished):
                tally = result.tally
            _print_unreadable(result)
            yield result

    pieces = _find_renderer(options, details)(watch())
    is_text = options.output_format == "text"
    if options.output_file:
        from tcspec.files.atomic import write_chunks  # noqa: PLC0415 - most reports go to standard output

        encode = escape_line if is_text else escape_data
        # Names of files that are not UTF-8 have surrogates, which cannot be encoded.
        write_chunks(options.output_file, (encode(piece).encode(errors="backslashreplace") for piece in pieces))
    else:
        if not is_text:
            use_utf8()
        for piece in pieces:
            (write if is_text else write_data)(piece)
    # JSON has the summary in it.
    if options.output_format != "json" and not options.quiet:
        print_error(text.format_summary(tally))
    return tally


def _find_renderer(options: ReportOptions, details: FormatDetails) -> Callable[..., Iterator[str]]:
    """Return the function that renders results in the format that is requested."""
    place = _STATISTICS[options.output_format] if options.statistics else FORMATS[options.output_format]
    module, _, function = place.partition(":")
    # Imported here: a run needs one of them, and some import every rule.
    render: Callable[..., Iterator[str]] = getattr(import_module(f"tcspec.reporters.{module}"), function)
    match options.output_format:
        case "text":
            render = partial(render, colorize=plain if options.output_file else choose_colors(sys.stdout))
            if not options.statistics:
                render = partial(render, details=details, longest=options.longest, quiet=options.quiet)
        case "junit":
            render = partial(render, failing=options.failing)
        case "html":
            render = partial(render, show_values=options.show_values)
    return render


def exit_code(tally: Tally, *, found: bool, allow_empty: bool) -> Exit:
    """Return the exit code of a run; a run that read no payload fails unless that is allowed."""
    is_empty = not tally.payloads and not allow_empty
    if is_empty:
        print_error("tcspec: no payload found (--allow-empty accepts that)")
    if tally.unreadable:
        return Exit.MISUSE
    return Exit.FOUND if found or is_empty else Exit.FINE
