"""From results to streams and exit codes, for the verbs that look at many files."""

from __future__ import annotations

import sys
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

from tcspec.cli.exits import Exit
from tcspec.cli.terminal import painter, print_error, write
from tcspec.errors import Severity
from tcspec.reporters import text
from tcspec.reporters.results import FileFinished, Result, RunFinished, Tally
from tcspec.reporters.text import nothing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tcspec.reporters.text import Beside

    Render = Callable[[Iterable[Result]], Iterator[str]]

FORMATS = ("text", "json", "ndjson", "github", "gitlab", "junit", "sarif", "server", "html")
"""How the result of a run can be written; each is a module of `tcspec.reporters`."""


def report(
    results: Iterable[Result],
    style: str,
    beside: Beside = nothing,
    *,
    failing: Severity | None = Severity.ERROR,
    show_values: bool = False,
) -> Tally:
    """Write results to stdout as they come, and to stderr what a person wants to know at the end.

    Args:
        results: what was found.
        style: one of FORMATS.
        beside: what the text tells of a file besides its violations.
        failing: the mildest violation by which a test of JUnit fails; None when none does.
        show_values: whether the page shows what describes a person.
    """
    watched = _Watched(results)
    if style == "text":
        pieces = text.render(watched, painter(sys.stdout), beside)
    else:
        pieces = _renderer(style, failing, show_values=show_values)(watched)
    for piece in pieces:
        write(piece)
    if style != "json":
        print_error(text.summary(watched.tally))
    return watched.tally


def _renderer(style: str, failing: Severity | None, *, show_values: bool) -> Render:
    # A run needs one of them, and some know every rule.
    render: Callable[..., Iterator[str]] = import_module(f"tcspec.reporters.{style}").render
    match style:
        case "junit":
            return partial(render, failing=failing)
        case "html":
            return partial(render, show_values=show_values)
    return render


def verdict(tally: Tally, *, found: bool, allow_empty: bool) -> Exit:
    """Give the exit code of a run that found something or not; a run that saw no payload is not fine."""
    is_empty = not tally.payloads and not allow_empty
    if is_empty:
        print_error("tcspec: there was no payload to look at (--allow-empty accepts that)")
    if tally.unreadable:
        return Exit.MISUSE
    return Exit.FOUND if found or is_empty else Exit.FINE


class _Watched:
    """Results on their way to a reporter: files that cannot be read are told at once, and the tally is kept."""

    def __init__(self, results: Iterable[Result]) -> None:
        self.tally = Tally()
        self._results = results

    def __iter__(self) -> Iterator[Result]:
        for result in self._results:
            if isinstance(result, RunFinished):
                self.tally = result.tally
            elif isinstance(result, FileFinished) and result.unreadable:
                print_error(f"tcspec: {text.printable(result.path)}: {result.unreadable}")
            yield result
