"""Fixed rejects of an array, put back at their places: target and rejects together are another source."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Any

from tcspec.files.lines import UNLIMITED
from tcspec.migration.arrays import ArrayBlock, ArraySource
from tcspec.migration.job import MigrationError
from tcspec.migration.outcomes import Outcome, Status
from tcspec.migration.rejects import is_of_nothing, pair_rejects
from tcspec.migration.summary import Summary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from tcspec.errors import UnreadablePayload
    from tcspec.files.lines import Source
    from tcspec.migration.columns import Column, Place
    from tcspec.migration.stores import Address, Sink

_ADDRESS = ("source", "item", "offset", "column")

CHANGED = "the target is not the one that these rejects are of, or was changed"


def merge_records(
    blocks: Iterable[Any], sink: Sink, migrate: Callable[[bytes | UnreadablePayload], Outcome]
) -> Summary:
    """Write the records of a fixed source, of which only the rejects are migrated, and return the counts of those.

    Blocks have the addresses of the rejects in them, by their positions, as `rejected`.

    Raises:
        FileError: when a file cannot be read or written.
        MigrationError: when the files do not belong together.
    """
    summary = Summary()
    for block in blocks:
        outcomes = [
            migrate(payload) if index in block.rejected else Outcome(Status.UNCHANGED, payload)
            for index, payload in enumerate(block.payloads)
        ]
        sink.write(block, outcomes)
        migrated = [outcomes[index] for index in block.rejected]
        summary.add(migrated, sum(len(each.payload) for each in migrated))
    return summary


@dataclass(slots=True)
class _MergedItems(ArrayBlock):
    """Items of a fixed array; where the rejects among them are is known from their reasons."""

    rejected: dict[int, Address] = field(default_factory=dict)

    def address(self, index: int) -> Address:
        """Return where a reject was in the source."""
        return self.rejected[index]

    def add(
        self, lead: bytes, item: bytes, payload: bytes | UnreadablePayload | None = None, place: Place | None = None
    ) -> None:
        """Add an item."""
        self.leads.append(lead)
        self.items.append(item)
        self.payloads.append(item if payload is None else payload)
        self.places.append(place)


@dataclass(frozen=True, slots=True)
class _Reject:
    """A reject with its reason, and where it is in the file of rejects."""

    reason: Mapping[str, Any]
    block: ArrayBlock
    index: int

    @property
    def number(self) -> int:
        """Return the number of the item in the source, from 1."""
        return int(self.reason["item"])

    @property
    def before(self) -> bytes:
        """Return what stood before the item in the source."""
        return str(self.reason.get("before", ",")).encode()

    def add_to(self, merged: _MergedItems, first: bytes) -> _MergedItems:
        """Add the item to a block, which ends with it: its rest can only be read now; return the block."""
        block, index = self.block, self.index
        item, payload = block.items[index], block.payloads[index]
        if block.tail and index == len(block.items) - 1 and (stripped := item.removesuffix(b"\n")) != item:
            # The line feed is that of the closing bracket.
            item, payload = stripped, stripped if payload == item else payload
        merged.rejected[len(merged.items)] = {name: self.reason[name] for name in _ADDRESS if name in self.reason}
        merged.add(first if self.number == 1 else self.before, item, payload, block.places[index])
        merged.rest = block.rest if index == len(block.items) - 1 else None
        return merged


@dataclass(slots=True)
class MergedItems:
    """The items of a target and of its rejects in the order of the source.

    What stood before a reject is noted in its reason. What stood before the first item of the target is lost when that
    was not the first of the source; then it is what stands before the items beside it.
    """

    target: Source
    rejects: Source
    reasons: Iterator[Mapping[str, Any]]
    column: Column | None
    longest: int

    def iter_blocks(self) -> Iterator[_MergedItems]:
        """Yield the items, and the end of the array.

        Raises:
            FileError: when a file cannot be read.
            MigrationError: when the files do not belong together.
        """
        rejects = self._iter_rejects()
        reject = next(rejects, None)
        number, first, last = 0, b"", b""
        for block in ArraySource(self.target.path, self.target, UNLIMITED, UNLIMITED).iter_blocks():
            merged = _MergedItems(block.path, number, 0)
            for index, (lead, item) in enumerate(zip(block.leads, block.items, strict=True)):
                is_first = block.number + index == 0
                first = lead if is_first else first
                while reject is not None and reject.number == number + 1:
                    number += 1
                    yield reject.add_to(merged, first)
                    last = reject.before
                    merged = _MergedItems(block.path, number, 0)
                    reject = next(rejects, None)
                # What was before it is lost then: white space is mostly before each item, or before none.
                others = [last] * (number > 1) + block.leads[1:2] + [b"," + first.partition(b"[")[2]]
                merged.add(others[0] if is_first and number else lead, item)
                number += 1
            yield merged
            if b"]" not in block.tail:
                yield _MergedItems(block.path, number, 0, tail=block.tail)
                continue
            # Of an array without items the opening bracket is in its end, and before the first reject.
            tail = block.tail
            while reject is not None:
                if reject.number != number + 1:
                    raise MigrationError(CHANGED)
                tail = tail if number else tail.removeprefix(reject.before)
                merged = _MergedItems(block.path, number, 0)
                number += 1
                yield reject.add_to(merged, first or reject.before)
                reject = next(rejects, None)
            yield _MergedItems(block.path, number, 0, tail=tail)

    def _iter_rejects(self) -> Iterator[_Reject]:
        first = next(self.reasons, None)
        reasons = chain([] if first is None else [first], self.reasons)
        is_empty = first is not None and is_of_nothing(first)
        source = ArraySource(self.rejects.path, self.rejects, self.longest, UNLIMITED, self.column, is_empty)
        places = ((block, index) for block in source.iter_blocks() for index in range(len(block.items)))
        for (block, index), reason in pair_rejects(places, reasons):
            yield _Reject(reason, block, index)
