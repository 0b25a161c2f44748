"""The line of a file on which a violation stands, masked, with what is below a caret."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from unicodedata import combining, east_asian_width

from tcspec.reporters.masking import masked

if TYPE_CHECKING:
    from tcspec.errors import Violation
    from tcspec.reporters.results import Source

LARGEST = 2 * 1024 * 1024
"""Bytes of a document above which to find out what may be shown of it takes too long."""

_BEFORE, _WIDTH = 40, 100
_CUT = "…"
_SCALAR = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[^\s:,{}\[\]"]++')


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A line to be shown: its number, its text, how far right the value begins in columns of a terminal, and its width.

    The text has no white space in front, is at most about a hundred characters long, and can be printed anywhere.
    """

    number: int
    text: str
    indent: int
    width: int


def excerpt(source: Source, violation: Violation) -> Excerpt | None:
    """Show the line of a violation; nothing when its place is not known, or the document is very large."""
    if violation.line is None or violation.column is None or len(source.raw) > LARGEST:
        return None
    lines, index, column = _lines(source), violation.line - source.line, violation.column - 1
    if not 0 <= index < len(lines) or column > len(lines[index]):
        return None
    line = lines[index]
    found = _SCALAR.match(line, column)
    stop = found.end() if found else column + 1
    start = max(len(line) - len(line.lstrip()), column - _BEFORE if len(line) > _WIDTH else 0)
    end = min(len(line.rstrip()), start + _WIDTH)
    before = (_CUT if line[:start].strip() else "") + _printable(line[start:column])
    value = _printable(line[column : min(stop, end)])
    rest = _printable(line[min(stop, end) : end]) + (_CUT if line[end:].strip() else "")
    return Excerpt(violation.line, before + value + rest, _columns(before), max(1, _columns(value)))


@lru_cache(maxsize=1)
def _lines(source: Source) -> list[str]:
    return masked(source).split("\n")


def _printable(text: str) -> str:
    """Put a printable character in place of each that is none, so that columns stay."""
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text.replace("\t", " "))


def _columns(text: str) -> int:
    return sum(0 if combining(each) else 2 if east_asian_width(each) in "WF" else 1 for each in text)
