"""One request that was captured in a file, and where it stands there."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from tcspec import codes
from tcspec.errors import UnreadablePayload
from tcspec.requests.messages import read_address

if TYPE_CHECKING:
    from tcspec.errors import Violation


@dataclass(frozen=True, slots=True)
class Captured:
    """A request that was captured, and where it stands in its file.

    `name` is the one that it was given, else its method and path. `line` and `column` are those of its request line,
    `body_line` and `body_column` those of its body; they are None when there is none, and in a HAR file, where it is an
    escaped text. There `pointer` names the request.
    """

    name: str
    method: str
    url: str = field(repr=False)
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    body: bytes = field(repr=False)
    line: int
    column: int
    body_line: int | None = None
    body_column: int | None = None
    pointer: str = ""

    def placed(self, violation: Violation) -> Violation:
        """Tell the place of a violation of the request as it is in the file; its pointer stays that in the request."""
        if self.body_line is None or self.body_column is None or not violation.pointer.startswith("/body"):
            return replace(violation, line=self.line, column=self.column)
        line, column = violation.line or 1, violation.column or 1
        shift = self.body_column - 1 if line == 1 else 0
        return replace(violation, line=self.body_line + line - 1, column=column + shift)


def call_of(method: str, url: str) -> str:
    """Name a request that was given no name: its method and path, without the query, which holds secrets."""
    return f"{method.upper()} {read_address(url).path}"


def unreadable(
    message: str, line: int, column: int, *, pointer: str = "", code: codes.Code = codes.UNREADABLE_CAPTURE
) -> UnreadablePayload:
    """Make the error that says why a capture cannot be read, and where."""
    return UnreadablePayload([replace(code.violation(pointer, message), line=line, column=column)])
