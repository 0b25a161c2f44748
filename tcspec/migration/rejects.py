"""The lines that were rejected, verbatim, and beside them the reasons, one JSON object a line."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tcspec.files.lines import UnreadableFile
from tcspec.migration.output_files import Late, Nowhere, Part, Sink, is_pipe, pipe

if TYPE_CHECKING:
    from tcspec.errors import Violation
    from tcspec.files.lines import Line
    from tcspec.migration.outcomes import Outcome


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
        raw = Part.begin(path)
        try:
            return cls(source, raw, Part.begin(reasons_beside(path)))
        except UnreadableFile:
            raw.discard()
            raise

    @classmethod
    def begin_late(cls, path: str, source: str) -> Rejects:
        """Begin both files when the first line is rejected."""
        return cls(source, Late(path), Late(reasons_beside(path)))

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
            "judged": "upgraded" if outcome.changes else "as it is",
            "violations": [_as_reason(violation, line.number, outcome) for violation in outcome.violations],
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


def _as_reason(violation: Violation, line: int, outcome: Outcome) -> dict[str, Any]:
    """Give a violation in a line as a JSON object; what is wrong with an upgraded event has no column in the line."""
    placed = replace(violation, line=line, column=None if outcome.changes else violation.column)
    return {key: value for key, value in asdict(placed).items() if value not in (None, "", {}) or key == "pointer"}


def default_path(target: str) -> str:
    """Name the file of the rejects of a migration that was not told where they go."""
    return "tcspec.rejects.ndjson" if is_pipe(target) else f"{Path(target)}.rejects.ndjson"
