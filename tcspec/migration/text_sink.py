"""A file of upgraded records as a sink, rejected ones verbatim beside it with their reasons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tcspec.migration.job import JOURNAL, REASONS, REJECTS, TARGET
from tcspec.migration.outcomes import ABSENT, Status
from tcspec.migration.output_files import FileSink
from tcspec.migration.rejects import PART, Rejects
from tcspec.migration.streams import NullOutput
from tcspec.migration.undo_journal import JournalWriter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tcspec.migration.lines import LineBlock
    from tcspec.migration.outcomes import Outcome


@dataclass(slots=True)
class TextSink(FileSink):
    """The outputs of a migration by their role, and what saves a checkpoint when a part was written.

    `is_part` is whether some records are skipped, so that lines of the target are not those of the source, and
    `has_header` whether the first line has the names of columns, without which rejects could not be read alone.
    """

    is_part: bool = False
    has_header: bool = False

    def write(self, block: LineBlock, outcomes: Sequence[Outcome]) -> None:
        """Write the lines of a block with their new payloads, rejected ones to the rejects.

        Raises:
            FileError: when they cannot be written.
            NoPlaceForRejects: when one is rejected and there is no file for it.
        """
        if self.has_header and not block.number and REJECTS in self.outputs:
            self.outputs[REJECTS].write(block.lines[0] + block.ending(0))
        kept = [outcome.payload for outcome in outcomes if outcome.status not in ABSENT]
        is_cut_off = block.is_cut_off
        if len(kept) < len(outcomes):
            # When the last line is rejected, the one before it keeps its line feed.
            is_cut_off = is_cut_off and outcomes[-1].status not in ABSENT
            self._reject(block, outcomes)
        # The same list where every line is a payload: then there is nothing to put back.
        if block.payloads is not block.lines:
            kept = [put_back(block, i, each) for i, each in enumerate(outcomes) if each.status not in ABSENT]
        if JOURNAL in self.outputs and block.rest is None:
            JournalWriter(self.outputs[JOURNAL]).write(block, outcomes, kept)
        if kept:
            self.outputs[TARGET].write(b"\n".join(kept if is_cut_off else [*kept, b""]))

    def _reject(self, block: LineBlock, outcomes: Sequence[Outcome]) -> None:
        rejects = Rejects(self.outputs.get(REJECTS), self.outputs.get(REASONS, NullOutput()))
        for index, outcome in enumerate(outcomes):
            if outcome.status is Status.REJECTED:
                address = block.address(index)
                raw = block.iter_raw(index)
                if JOURNAL in self.outputs and block.rest is not None:
                    # Its line is not in memory as a whole.
                    raw = JournalWriter(self.outputs[JOURNAL]).tee(address["line"], raw)
                rejects.write({**address, PART: True} if self.is_part else address, raw, outcome)


def put_back(block: LineBlock, index: int, outcome: Outcome) -> bytes:
    """Return a line of a block that is kept with its payload in the place of the old one."""
    line, payload = block.lines[index], outcome.payload
    if block.places:
        # A cell that is written back is always in quotes: one that stays keeps its own way.
        place = block.places[index]
        return line if payload == place.payload else place.replace(line, payload)
    if block.payloads is block.lines:
        return payload
    return payload + b"\r" if line.endswith(b"\r") else payload
