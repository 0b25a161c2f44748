"""What a store must offer to be migrated: a source of records and a sink for upgraded ones.

The loop between them, `tcspec.migration.transfer`, knows neither. A *source* yields **blocks**: records that follow
each other. A *sink* gets each block back with one outcome a record, in the same order. A block carries with it whatever
its sink needs to write everything that is not the payload unchanged: the rest of a row, an Arrow batch, the keys of a
table.

To add a store:

1. Write a block: `payloads` has the JSON text of every record, or why there is none to be read (an
   `UnreadablePayload`, which makes the record a reject). A record without a payload, such as a null, is `b""`: it stays
   as it is. The address of a record is only asked for when it is rejected.
2. Write a source whose `iter_blocks` begins behind what a checkpoint says was read, and compares it with its digest or
   keys (`CannotResume`). Blocks are small: some ten thousand bytes, or one batch of rows. A source ends a **part** now
   and then (`ends_part`), always behind the same records, whether it was resumed or not.
3. Write a sink. `write` may keep things in memory, and in files that nobody sees; `commit` is called behind each part.
   It makes everything up to there durable *together with* the position of the source and the counts: in one
   transaction, or with files that are written to the disk first and a checkpoint that names their digests last. What
   was written after the last commit is dropped when the migration is resumed. Rejected records go verbatim to the
   rejects, with their address and reasons. Nothing has its final name before everything is complete.

Files of lines are the model: `lines.LineSource`, `text_sink.TextSink`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tcspec.errors import UnreadablePayload
    from tcspec.migration.outcomes import Outcome
    from tcspec.migration.summary import Summary

Address = Mapping[str, Any]
"""Where a record is, as JSON members for the reasons of rejects: file, line and offset; row group and row; the key."""


class Block(Protocol):
    """Records of a store that follow each other."""

    @property
    def payloads(self) -> Sequence[bytes | UnreadablePayload]:
        """Return the JSON text of every record, or why it has none."""

    @property
    def size(self) -> int:
        """Return how many bytes were read for the block."""

    @property
    def ends_part(self) -> bool:
        """Return whether everything up to here is to be committed."""

    def address(self, index: int) -> Address:
        """Return where a record of the block is."""


class Source(Protocol):
    """A store that is read."""

    def iter_blocks(self) -> Iterator[Block]:
        """Yield the records that are left, in order.

        Raises:
            FileError: when they cannot be read.
        """


class Sink(Protocol):
    """A store that is written."""

    def write(self, block: Any, outcomes: Sequence[Outcome]) -> None:  # noqa: ANN401 - of the kind that its source yields
        """Write the payloads of a block back to where they came from, rejected ones beside them.

        Raises:
            FileError: when they cannot be written.
        """

    def commit(self, summary: Summary) -> None:
        """Make everything that was written durable, with the position of the source and the counts.

        Raises:
            FileError: when it cannot be written.
        """


def format_address(address: Address) -> str:
    """Return where a record is, as a reader of a message needs it."""
    record = next(f"{unit} {address[unit]:,}" for unit in ("line", "item", "row") if unit in address)
    return f"{record} of row group {address['row_group']}" if "row_group" in address else record
