"""Rejected lines, verbatim, and beside them the reasons, one JSON object a line."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from tcspec.errors import TcspecError
from tcspec.personal import mask_pointer

if TYPE_CHECKING:
    from tcspec.errors import Violation
    from tcspec.files.lines import Line
    from tcspec.migration.outcomes import Outcome
    from tcspec.migration.output_files import Sink


@dataclass(eq=False)
class NoPlaceForRejects(TcspecError):  # noqa: N818 - what a user reads is the sentence
    """A line was rejected, and there is no file for it: the target is a stream and no file was named."""

    line: int
    code: str

    def __str__(self) -> str:
        return f"line {self.line} is rejected ({self.code}) and has no place; name one with --rejects FILE"


@dataclass(frozen=True, slots=True)
class Rejects:
    """The outputs for rejected lines and their reasons; None where rejected lines have no place."""

    source: str
    lines: Sink | None
    reasons: Sink

    def write(self, line: Line, outcome: Outcome) -> int:
        """Write a rejected line and its reason, and return the length of the line.

        Raises:
            FileError: when they cannot be written.
            NoPlaceForRejects: when there is no file for them.
        """
        if self.lines is None:
            raise NoPlaceForRejects(line.number, outcome.violations[0].code)
        self.lines.write(line.raw)
        length = len(line.raw)
        for chunk in line.rest or ():
            self.lines.write(chunk)
            length += len(chunk)
        reason = {
            "source": self.source,
            "line": line.number,
            "offset": line.offset,
            "length": length,
            "checked": "upgraded" if outcome.changes else "as it is",
            "violations": [_to_dict(violation, line.number, outcome) for violation in outcome.violations],
        }
        self.reasons.write(json.dumps(reason).encode() + b"\n")
        return length


def _to_dict(violation: Violation, line: int, outcome: Outcome) -> dict[str, Any]:
    """Return a violation as a JSON object; one of an upgraded event has no column in the line."""
    column = None if outcome.changes else violation.column
    # The reasons are a report: they are passed on and printed, unlike the rejected lines.
    located = replace(violation, line=line, column=column, pointer=mask_pointer(violation.pointer))
    return {key: value for key, value in asdict(located).items() if value not in (None, "", {}) or key == "pointer"}
