"""The lines that were rejected, verbatim, and beside them the reasons, one JSON object a line."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tcspec.migration.parts import Nowhere, Part, Sink, is_pipe, pipe

if TYPE_CHECKING:
    from tcspec.errors import Violation
    from tcspec.migration.outcomes import Outcome
    from tcspec.streams import Line


def reasons_beside(path: str) -> str:
    """Name the file of the reasons beside a file of rejects."""
    return f"{path}.reasons.ndjson"


@dataclass(frozen=True, slots=True)
class Rejects:
    """Where rejected lines and their reasons go."""

    source: str
    raw: Sink
    reasons: Sink

    @classmethod
    def begin(cls, path: str, source: str) -> Rejects:
        """Begin both files.

        Raises:
            UnreadableFile: when they cannot be written.
        """
        if is_pipe(path):
            return cls(source, pipe(path), Nowhere())
        return cls(source, Part.begin(path), Part.begin(reasons_beside(path)))

    @classmethod
    def resume(cls, path: str, source: str, raw: int, reasons: int) -> Rejects:
        """Go on with both files at their marks.

        Raises:
            UnreadableFile: when they cannot be written, or have not been written so far.
        """
        return cls(source, Part.resume(path, raw), Part.resume(reasons_beside(path), reasons))

    def write(self, line: Line, outcome: Outcome) -> int:
        """Keep a line and say why it was rejected; give its length.

        Raises:
            UnreadableFile: when the disk does not take it.
        """
        self.raw.write(line.raw)
        length = len(line.raw)
        for piece in line.rest or ():
            self.raw.write(piece)
            length += len(piece)
        reason = {
            "source": self.source,
            "line": line.number,
            "offset": line.offset,
            "length": length,
            "violations": [as_reason(violation, line.number) for violation in outcome.violations],
        }
        self.reasons.write(json.dumps(reason, ensure_ascii=False).encode() + b"\n")
        return length

    def finish(self, *, always: bool) -> None:
        """Put both files in their places; when there are none to put, only if asked, or to replace older ones.

        Raises:
            UnreadableFile: when the disk does not take them.
        """
        for sink in (self.raw, self.reasons):
            if isinstance(sink, Part) and sink.is_empty and not always and not sink.path.exists():
                sink.discard()
            else:
                sink.finish()


def as_reason(violation: Violation, line: int) -> dict[str, Any]:
    """Give a violation in a line of a file as a JSON object, without what is not known of it."""
    placed = replace(violation, line=line) if violation.line else violation
    return {key: value for key, value in asdict(placed).items() if value not in (None, "", {}) or key == "pointer"}


def default_path(target: str) -> str:
    """Name the file of the rejects of a migration that was not told where they go."""
    return "tcspec.rejects.ndjson" if is_pipe(target) else f"{Path(target)}.rejects.ndjson"
