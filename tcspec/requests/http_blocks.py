"""The blocks of an `.http` file: the lines of one request each."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from tcspec import codes
from tcspec.errors import UnreadablePayload

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tcspec.errors import Violation

# Not possessive as a whole: Python before 3.11.5 then takes part of a group that does not match.
LINE = re.compile(r"([^\r\n]*+(?:\r(?!\n)[^\r\n]*+)*)(\r?\n|\Z)")
"""A line of a file, and how it ends."""
SKIPPED = re.compile(r"\s*(?:#|//|@[\w.-]++[ \t]*+=)")
"""How lines begin that are comments, or define a variable."""
_BEGINS = re.compile(
    r"(?:(?P<method>GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)[ \t]++)?"
    r"(?:(?P<variable>(?<![ \t])\{\{[^{}\r\n]++\}\}[/?&]\S*+)"
    r"|https?://\S++(?P<version>[ \t]++HTTP/[0-9.]++)?|(?<=[ \t])\{\{\S++(?:[ \t]++HTTP/[0-9.]++)?"
    r"|(?<=[ \t])/\S*+[ \t]++(?P<sent>HTTP/[0-9.]++))\s*+",
    re.IGNORECASE,
)
"""A line that begins a request, on which it may be whole."""
_WORDS = re.compile(r"[A-Za-z]\w*+[ \t]++[A-Za-z]\w*+(?![\w=])")


class Line(NamedTuple):
    """A line of the file: its number from 1, its text, and its ending."""

    number: int
    text: str
    ending: str = ""

    @property
    def column(self) -> int:
        """Return the column of the first character that is not white space."""
        return len(self.text) - len(self.text.lstrip()) + 1

    def place(self, violation: Violation) -> Violation:
        """Return a violation with the position of this line."""
        return replace(violation, line=self.number, column=self.column)

    def error(self, message: str) -> UnreadablePayload:
        """Build the error for this line."""
        return UnreadablePayload([self.place(codes.UNREADABLE_CAPTURE.violation("", message))])


def iter_blocks(text: str) -> Iterator[deque[Line]]:
    """Yield the lines of each block, with the separator before it, or from a line that begins another request."""
    block: deque[Line] = deque()
    begun: _Begun | None = None
    for number, found in enumerate(LINE.finditer(text), 1):
        begins = _BEGINS.fullmatch(found[1])
        if found[1].startswith("###"):
            begun = None
            yield block
            block = deque()
        elif begins and (begun is None or begun.ends_before(begins)):
            # Before the first request of a block are its name, variables and scripts; other lines are a block alone.
            if begun or _has_other_lines(block):
                yield block
                block = deque()
            begun = _Begun(begins)
        elif begun:
            begun.add(found[1])
        block.append(Line(number, found[1], found[2]))
    yield block


def _has_other_lines(block: deque[Line]) -> bool:
    """Return whether lines before a request begin with words, as no line does that belongs to it."""
    first = next((line.text for line in block if line.text.strip() and not SKIPPED.match(line.text)), "")
    return bool(_WORDS.match(first)) and not any(line.text.startswith(("<", "{", ">")) for line in block)


class _Begun:
    """The request whose lines are read: what its first line is, and which part of it the last line belongs to."""

    def __init__(self, first: re.Match[str]) -> None:
        self._is_get = not first["method"] or first["method"].upper() == "GET"
        self._has_blank = self._has_body = False

    def add(self, line: str) -> None:
        """Add a line that begins no request."""
        is_blank = not line.strip()
        self._has_body = self._has_body or (self._has_blank and not is_blank and not SKIPPED.match(line))
        self._has_blank = self._has_blank or is_blank

    def ends_before(self, line: re.Match[str]) -> bool:
        """Return whether a line begins another request for certain: it can be neither a header nor in the body.

        In a body that is no request as it is sent over the wire: an editor would send it.
        """
        if line["sent"] or line["version"]:
            return True
        if line["variable"]:
            return not self._has_blank
        return not self._has_body and (bool(line["method"]) or self._is_get or not self._has_blank)
