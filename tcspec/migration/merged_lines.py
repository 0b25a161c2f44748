"""Fixed rejects of a file of lines, put back at their places: what is between them is copied as it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tcspec.files.lines import UNLIMITED
from tcspec.migration.job import REASONS, REJECTS, TARGET, MigrationError
from tcspec.migration.lines import LineSource, find_end_of_line
from tcspec.migration.merged_items import CHANGED
from tcspec.migration.outcomes import Status
from tcspec.migration.rejects import Rejects, pair_rejects
from tcspec.migration.summary import Summary
from tcspec.migration.tables import has_same_columns, is_table, open_column
from tcspec.migration.text_sink import put_back

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tcspec.errors import UnreadablePayload
    from tcspec.files.lines import Source
    from tcspec.jsontext.reader import Limits
    from tcspec.migration.lines import LineBlock
    from tcspec.migration.outcomes import Outcome
    from tcspec.migration.output_files import Output, OutputFile

_CHUNK = 1 << 20
_ADDRESS = ("source", "line", "offset", "column")


@dataclass(frozen=True, slots=True)
class MergeFiles:
    """The open files of a merge, the new ones by their role, and where the payload of a record is within limits."""

    target: Source
    rejects: Source
    reasons: Iterator[Mapping[str, Any]]
    outputs: Mapping[str, OutputFile]
    column: str | None
    limits: Limits


def merge_lines(files: MergeFiles, migrate: Callable[[bytes | UnreadablePayload], Outcome]) -> Summary:
    """Write the target with the rejects that pass, and those that do not; return the counts of the rejects.

    Raises:
        FileError: when a file cannot be read or written.
        MigrationError: when the files do not belong together.
    """
    target, rejects, limits = files.target, files.rejects, files.limits
    header = None
    if files.column is not None and is_table(target.path):
        header = target.head.partition(b"\n")[0].decode(errors="surrogateescape")
        files.outputs[REJECTS].write(_read_header(rejects, target))
    found = open_column(target.path, files.column, header, limits)
    merge, summary = _Merge(_Lines(target), files.outputs), Summary()
    lines = LineSource(rejects.path, rejects, limits.length + len(b"\r\n"), UNLIMITED, column=found)

    def iter_records() -> Iterator[tuple[LineBlock, int, Outcome]]:
        for block in lines.iter_blocks():
            outcomes = [migrate(payload) for payload in block.payloads]
            summary.add(outcomes, block.size)
            yield from ((block, index, outcome) for index, outcome in enumerate(outcomes))

    for (block, index, outcome), reason in pair_rejects(iter_records(), files.reasons):
        merge.add(block, index, outcome, reason)
    merge.finish()
    return summary


def _read_header(rejects: Source, target: Source) -> bytes:
    """Read the first line of the rejects of a table, which has the names of its columns."""
    header = rejects.readline()
    if not has_same_columns(header, target.head.partition(b"\n")[0]):
        raise MigrationError(
            f"{rejects.path} has not the columns of {target.path}; keep its first line, and the order of the cells"
        )
    return header


@dataclass(slots=True)
class _Lines:
    """The lines of a target that are left."""

    file: Source
    buffer: bytes = b""

    def find_ending(self) -> bytes:
        """Return how the first of them ends, if only it were not the last one; nothing when there is none."""
        self.buffer = self.buffer or self.file.read(_CHUNK)
        if not self.buffer:
            return b""
        while b"\n" not in self.buffer and (chunk := self.file.read(_CHUNK)):
            self.buffer += chunk
        return b"\r\n" if self.buffer.partition(b"\n")[0].endswith(b"\r") else b"\n"

    def copy(self, count: int, output: Output) -> int:
        """Copy as many lines as there are, but at most a number, and return how many were missing."""
        while count:
            self.buffer = self.buffer or self.file.read(_CHUNK)
            if not self.buffer:
                break
            found = self.buffer.count(b"\n")
            end = len(self.buffer) if found < count else find_end_of_line(self.buffer, count)
            output.write(self.buffer[:end])
            self.buffer = self.buffer[end:]
            count -= min(found, count)
        return count


@dataclass(slots=True)
class _Merge:
    """A merge in progress: what is left of the target, and how many lines the new target has."""

    lines: _Lines
    outputs: Mapping[str, Output]
    written: int = 0
    rejected: int = 0
    is_cut_off: bool = False
    """Whether the last record that was put back has no line feed."""

    def add(self, block: LineBlock, index: int, outcome: Outcome, reason: Mapping[str, Any]) -> None:
        """Write a record of a block: to its place, or to the rejects again."""
        if outcome.status is Status.REJECTED:
            address = {name: reason[name] for name in _ADDRESS if name in reason}
            Rejects(self.outputs[REJECTS], self.outputs[REASONS]).write(address, block.iter_raw(index), outcome)
            self.rejected += 1
            return
        # Of the lines before it in the source those are missing in the target that are rejects still.
        before = int(reason["line"]) - 1 - self.rejected - self.written
        if before < 0 or self.lines.copy(before, self.outputs[TARGET]):
            raise MigrationError(CHANGED)
        self.outputs[TARGET].write(put_back(block, index, outcome) + block.ending(index))
        self.written += before + 1
        self.is_cut_off = not block.ending(index)

    def finish(self) -> None:
        """Write the rest of the target."""
        # Not every program ends the last line of a file: the record behind it would be joined with this one.
        if self.is_cut_off:
            self.outputs[TARGET].write(self.lines.find_ending())
        self.lines.copy(UNLIMITED, self.outputs[TARGET])
