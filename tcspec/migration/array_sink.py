"""An array of upgraded items as a sink, rejected ones verbatim in an array beside it with their reasons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tcspec.migration.job import JOURNAL, REASONS, REJECTS, TARGET
from tcspec.migration.outcomes import ABSENT, Status
from tcspec.migration.output_files import FileSink
from tcspec.migration.record_formats import RecordFormat
from tcspec.migration.rejects import PART, Rejects
from tcspec.migration.streams import NullOutput
from tcspec.migration.undo_journal import JournalWriter

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tcspec.migration.arrays import ArrayBlock
    from tcspec.migration.outcomes import Outcome


@dataclass(slots=True)
class ArraySink(FileSink):
    """The outputs of a migration of an array, arrays themselves, and what saves a checkpoint when a part was written.

    `kept` and `rejected` are how many items were written so far, `has_rejects` is whether there is a file of rejects
    even without any, and `is_part` whether some items are skipped.
    """

    kept: int = 0
    rejected: int = 0
    has_rejects: bool = False
    is_part: bool = False

    def write(self, block: ArrayBlock, outcomes: Sequence[Outcome]) -> None:
        """Write the items of a block with their new payloads, rejected ones to the rejects.

        Raises:
            FileError: when they cannot be written.
            NoPlaceForRejects: when one is rejected and there is no file for it.
        """
        rejects = Rejects(self.outputs.get(REJECTS), self.outputs.get(REASONS, NullOutput()))
        journal = JournalWriter(self.outputs[JOURNAL], RecordFormat.ARRAY.unit) if JOURNAL in self.outputs else None
        parts: list[bytes] = []
        for index, (lead, item, place, outcome) in enumerate(
            zip(block.leads, block.items, block.places, outcomes, strict=True)
        ):
            number = block.number + index + 1
            if number == 1:
                parts.append(lead)
            if outcome.status in ABSENT:
                raw = block.iter_raw(index)
                if journal is not None:
                    journal.write_raw(number, lead)
                    raw = journal.tee(number, raw)
                if outcome.status is Status.REJECTED:
                    self._reject(block, index, raw, outcome, rejects)
                for _ in raw:
                    pass  # nobody else reads an item that is skipped
                continue
            # The first item that is kept stands where the first one was.
            if self.kept:
                parts.append(lead)
            is_same = outcome.payload == (place.payload if place else item)
            new = item if is_same else place.replace(item, outcome.payload) if place else outcome.payload
            if journal is not None and (new != item or (number > 1 and not self.kept)):
                journal.write_delta(number, lead + item, new)
            parts.append(new)
            self.kept += 1
        self.outputs[TARGET].write(b"".join([*parts, block.tail]))
        if b"]" in block.tail:
            self._end(block, rejects, journal)

    def _reject(self, block: ArrayBlock, index: int, raw: Iterator[bytes], outcome: Outcome, rejects: Rejects) -> None:
        # What stood before it is not in the target, and is needed to put it back.
        address = {**block.address(index), "before": block.leads[index].decode()}
        if rejects.records is not None:
            rejects.records.write(b",\n" if self.rejected else b"[\n")
        rejects.write({**address, PART: True} if self.is_part else address, raw, outcome)
        self.rejected += 1

    def _end(self, block: ArrayBlock, rejects: Rejects, journal: JournalWriter | None) -> None:
        if rejects.records is not None and (self.rejected or self.has_rejects):
            rejects.records.write(b"\n]\n" if self.rejected else b"[]\n")
        number = block.number + len(block.items)
        if journal is not None and number and not self.kept:
            # What ends an array without items has its opening bracket before it.
            journal.write_delta(number + 1, block.tail.partition(b"]")[0] + b"]", b"")
