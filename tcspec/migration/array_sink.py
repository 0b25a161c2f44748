"""An array of upgraded items as a sink, rejected ones verbatim in an array beside it with their reasons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tcspec.migration.job import REASONS, REJECTS, TARGET
from tcspec.migration.outcomes import ABSENT, Status
from tcspec.migration.rejects import Rejects
from tcspec.migration.streams import NullOutput

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tcspec.migration.arrays import ArrayBlock
    from tcspec.migration.outcomes import Outcome
    from tcspec.migration.output_files import Output
    from tcspec.migration.summary import Summary


@dataclass(slots=True)
class ArraySink:
    """The outputs of a migration of an array, arrays themselves, and what saves a checkpoint when a part was written.

    `kept` and `rejected` are how many items were written so far, and `has_rejects` whether there is a file of rejects
    even without any.
    """

    outputs: Mapping[str, Output]
    save: Callable[[Summary], None] | None = None
    kept: int = 0
    rejected: int = 0
    has_rejects: bool = False

    def write(self, block: ArrayBlock, outcomes: Sequence[Outcome]) -> None:
        """Write the items of a block with their new payloads, rejected ones to the rejects.

        Raises:
            FileError: when they cannot be written.
            NoPlaceForRejects: when one is rejected and there is no file for it.
        """
        rejects = Rejects(self.outputs.get(REJECTS), self.outputs.get(REASONS, NullOutput()))
        parts: list[bytes] = []
        for index, (lead, item, place, outcome) in enumerate(
            zip(block.leads, block.items, block.places, outcomes, strict=True)
        ):
            is_first = block.number + index == 0
            if is_first:
                parts.append(lead)
            if outcome.status is Status.REJECTED:
                if rejects.records is not None:
                    rejects.records.write(b",\n" if self.rejected else b"[\n")
                rejects.write(block.address(index), block.iter_raw(index), outcome)
                self.rejected += 1
            if outcome.status in ABSENT:
                continue
            # The first item that is kept stands where the first one was.
            if self.kept:
                parts.append(lead)
            is_same = outcome.payload == (place.payload if place else item)
            parts.append(item if is_same else place.replace(item, outcome.payload) if place else outcome.payload)
            self.kept += 1
        self.outputs[TARGET].write(b"".join([*parts, block.tail]))
        if b"]" in block.tail and rejects.records is not None and (self.rejected or self.has_rejects):
            rejects.records.write(b"\n]\n" if self.rejected else b"[]\n")

    def commit(self, summary: Summary) -> None:
        """Save a checkpoint behind what was written, if this is done at all; what is compressed ends there anyway.

        Raises:
            FileError: when it cannot be written.
        """
        for output in self.outputs.values():
            output.end_member()
        if self.save:
            self.save(summary)
