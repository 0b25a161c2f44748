"""From results to streams and exit codes, for the verbs that look at many files."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tcspec.cli.exits import Exit
from tcspec.cli.terminal import paint_for, say, write
from tcspec.reporters import json, server, text
from tcspec.reporters.results import FileEnded, Result, RunEnded, Tally

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tcspec.reporters.text import Paint

    Beside = Callable[[FileEnded, Paint], Iterable[str]]


def nothing(_: FileEnded, __: Paint) -> Iterable[str]:
    """Tell nothing of a file besides its violations."""
    return ()


def report(results: Iterable[Result], style: str, beside: Beside = nothing) -> Tally:
    """Write results to stdout as they come, and to stderr what a person wants to know at the end.

    Args:
        results: what was found.
        style: `text`, `json` or `server`.
        beside: what the text tells of a file besides its violations.
    """
    watched = _Watched(results)
    for piece in _RENDERED[style](watched) if style in _RENDERED else _text(watched, beside):
        write(piece)
    if style != "json":
        say(text.summary(watched.tally))
    return watched.tally


def verdict(tally: Tally, *, found: bool, allow_empty: bool) -> Exit:
    """Give the exit code of a run that found something or not; a run that saw no payload is not fine."""
    is_empty = not tally.payloads and not allow_empty
    if is_empty:
        say("tcspec: there was no payload to look at (--allow-empty accepts that)")
    if tally.unreadable:
        return Exit.MISUSE
    return Exit.FOUND if found or is_empty else Exit.FINE


_RENDERED = {"json": json.render, "server": server.render}


def _text(results: Iterable[Result], beside: Beside) -> Iterator[str]:
    paint = paint_for(sys.stdout)
    for result in results:
        yield from text.render([result], paint)
        if isinstance(result, FileEnded):
            yield from beside(result, paint)


class _Watched:
    """Results on their way to a reporter: files that cannot be read are told at once, and the tally is kept."""

    def __init__(self, results: Iterable[Result]) -> None:
        self.tally = Tally()
        self._results = results

    def __iter__(self) -> Iterator[Result]:
        for result in self._results:
            if isinstance(result, RunEnded):
                self.tally = result.tally
            elif isinstance(result, FileEnded) and result.unreadable:
                say(f"tcspec: {text.shown(result.path)}: {result.unreadable}")
            yield result
