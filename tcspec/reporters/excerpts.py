"""The line of a file on which a violation is, masked, and what of it the carets mark."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from unicodedata import combining, east_asian_width

from tcspec.jsontext.positions import TOKEN
from tcspec.reporters.masking import masked

if TYPE_CHECKING:
    from tcspec.errors import Violation
    from tcspec.reporters.results import SourceText

LARGEST = 2 * 1024 * 1024
"""Bytes of a document above which it takes too long to find out what may be shown of it."""

_BEFORE, _WIDTH = 40, 100
_CUT = "…"
_BRACKETS = ("{", "[", "")
"""Lines that show nothing."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A line of a file: its number, its text, and the columns of the terminal before and below the carets.

    The text has no white space in front, is about a hundred characters long at most, and is printable. `is_cut` when
    it is not the whole line.
    """

    number: int
    text: str
    indent: int
    width: int
    is_cut: bool


def find_excerpt(source: SourceText, violation: Violation) -> Excerpt | None:
    """Return the line of a violation; None if its place is not known, the line is empty, or the document very large."""
    if violation.line is None or violation.column is None or len(source.raw) > LARGEST:
        return None
    lines, index, column = _masked_lines(source), violation.line - source.line, violation.column - 1
    column -= source.column - 1 if index == 0 else 0
    if not 0 <= index < len(lines) or not 0 <= column <= len(lines[index]):
        return None
    line = lines[index]
    # An excerpt of a brace says nothing that the pointer does not.
    if line.strip() in _BRACKETS:
        return None
    scalar = TOKEN.match(line, column)
    stop = scalar.end() if scalar else column + 1
    # Minified documents have one line of any length: what is before the value is cut too.
    start = max(len(line) - len(line.lstrip()), column - _BEFORE if len(line) > _WIDTH else 0)
    end = min(len(line.rstrip()), start + _WIDTH)
    cut_before, cut_after = (_CUT if part.strip() else "" for part in (line[:start], line[end:]))
    before = cut_before + _to_printable(line[start:column])
    value = _to_printable(line[column : min(stop, end)])
    text = before + value + _to_printable(line[min(stop, end) : end]) + cut_after
    return Excerpt(violation.line, text, _columns(before), max(1, _columns(value)), bool(cut_before or cut_after))


@lru_cache(maxsize=1)
def _masked_lines(source: SourceText) -> list[str]:
    return masked(source).split("\n")


def _to_printable(text: str) -> str:
    # One character in place of another, unlike escapes, so that the carets stay below the value.
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text.replace("\t", " "))


def _columns(text: str) -> int:
    return sum(0 if combining(each) else 2 if east_asian_width(each) in "WF" else 1 for each in text)
