"""Rejected lines, verbatim, and beside them the reasons, one JSON object a line."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tcspec.files.lines import FileError
from tcspec.migration.output_files import LazyFile, NullSink, PartialFile, Sink, is_stream, open_stream
from tcspec.personal import mask_pointer

if TYPE_CHECKING:
    from tcspec.errors import Violation
    from tcspec.files.lines import Line
    from tcspec.migration.outcomes import Outcome


def default_rejects_path(target: str) -> str:
    """Return the path of the rejects of a migration by default."""
    return "tcspec.rejects.ndjson" if is_stream(target) else f"{Path(target)}.rejects.ndjson"


def reasons_path(rejects: str) -> str:
    """Return the path of the reasons beside a file of rejects."""
    return f"{rejects}.reasons.ndjson"


@dataclass(frozen=True, slots=True)
class Rejects:
    """The outputs for rejected lines and their reasons."""

    source: str
    lines: Sink
    reasons: Sink

    @classmethod
    def create(cls, path: str, source: str) -> Rejects:
        """Create both files; a device has no file of reasons beside it.

        Raises:
            FileError: when they cannot be written.
        """
        if is_stream(path):
            return cls(source, open_stream(path), NullSink())
        lines = PartialFile.create(path)
        try:
            return cls(source, lines, PartialFile.create(reasons_path(path)))
        except FileError:
            lines.discard()
            raise

    @classmethod
    def create_lazily(cls, path: str, source: str) -> Rejects:
        """Create both files when the first line is rejected."""
        return cls(source, LazyFile(path), LazyFile(reasons_path(path)))

    @classmethod
    def resume(cls, path: str, source: str, lines: int, reasons: int) -> Rejects:
        """Continue both files at their offsets.

        Raises:
            FileError: when they cannot be written, or are shorter.
        """
        return cls(source, PartialFile.resume(path, lines), PartialFile.resume(reasons_path(path), reasons))

    def write(self, line: Line, outcome: Outcome) -> int:
        """Write a rejected line and its reason, and return the length of the line.

        Raises:
            FileError: when they cannot be written.
        """
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
            "judged": "upgraded" if outcome.changes else "as it is",
            "violations": [_to_dict(violation, line.number, outcome) for violation in outcome.violations],
        }
        self.reasons.write(json.dumps(reason).encode() + b"\n")
        return length

    def finish(self, *, always: bool) -> None:
        """Move both files into their places; empty ones only if that is requested, or to replace older ones.

        Raises:
            FileError: when they cannot be written.
        """
        for sink in (self.lines, self.reasons):
            if isinstance(sink, PartialFile) and sink.is_empty and not always and not sink.path.exists():
                sink.discard()
            else:
                sink.finish()


def _to_dict(violation: Violation, line: int, outcome: Outcome) -> dict[str, Any]:
    """Return a violation as a JSON object; one of an upgraded event has no column in the line."""
    column = None if outcome.changes else violation.column
    # The reasons are a report: they are passed on and printed, unlike the rejected lines.
    located = replace(violation, line=line, column=column, pointer=mask_pointer(violation.pointer))
    return {key: value for key, value in asdict(located).items() if value not in (None, "", {}) or key == "pointer"}
