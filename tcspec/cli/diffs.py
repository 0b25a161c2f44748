"""Unified diffs that `patch` can apply, hunk by hunk, so that a long file is never in memory as a whole."""

from __future__ import annotations

import difflib
import re
import sys
from itertools import islice
from typing import TYPE_CHECKING

from tcspec.cli.terminal import choose_colors

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_HUNK_START = re.compile(r"(?<=[-+])[0-9]++")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_STYLES = {"---": "path", "+++": "path", "@": "detail", "+": "added", "-": "removed"}


def iter_hunks(before: str, after: str, line: int = 1) -> Iterator[str]:
    """Yield the lines of a diff of two texts that start on a line of a file, without the names of files."""
    for text in islice(difflib.unified_diff(_LINE.findall(before), _LINE.findall(after)), 2, None):
        is_header = text.startswith("@@")
        yield _HUNK_START.sub(lambda found: f"{int(found[0]) + line - 1}", text) if is_header else _end_line(text)


def _end_line(line: str) -> str:
    return line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def colorize_diff(diff: Iterable[str]) -> Iterator[str]:
    """Yield the lines of a diff, coloured for standard output."""
    colorize = choose_colors(sys.stdout)
    for line in diff:
        style = next((style for start, style in _STYLES.items() if line.startswith(start)), None)
        yield colorize(style, line.removesuffix("\n")) + "\n" * line.endswith("\n") if style else line
