"""A file of records as a source: one a line, read in blocks, in flat memory.

Where a block ends depends on the bytes since the start of its part only. So a part has the same blocks, and what is
compressed of it the same bytes, whoever reads it: one process, a resumed one, or a worker.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from io import BytesIO
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from tcspec.errors import UnreadablePayload
from tcspec.jsontext.encoder import build_length_violation

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tcspec.files.lines import Source
    from tcspec.migration.columns import Column, Place
    from tcspec.migration.stores import Address
    from tcspec.migration.tables import TableColumn

_BLOCK = 1 << 16
"""How many bytes a block has at most, unless a single line is longer. Each of its lines may be empty."""
_CHUNK = 1 << 20


@dataclass(slots=True)
class LineBlock:
    """Lines of a file that follow each other, without their line feeds.

    `number` and `offset` are how many lines and bytes of the file were before. `is_cut_off` is whether the last line
    has no line feed, and `rest` yields the end of a line that is longer than the limit. Where the payload is only a
    part of a line, `places` has where it is, and `column` the pointer to it.
    """

    path: str
    number: int
    offset: int
    lines: list[bytes]
    length: int
    is_cut_off: bool
    payloads: Sequence[bytes | UnreadablePayload]
    ends_part: bool = False
    rest: _Rest | None = None
    places: Sequence[Place] = ()
    column: str | None = None
    starts: list[int] | None = None

    @property
    def size(self) -> int:
        """Return how many bytes were read so far."""
        return self.length + (self.rest.length if self.rest else 0)

    def address(self, index: int) -> Address:
        """Return the file, the line and the offset of a line."""
        if self.starts is None:
            # Only rejects need it, and most blocks have none.
            self.starts = list(accumulate((len(line) + 1 for line in self.lines), initial=self.offset))
        address = {"source": self.path, "line": self.number + index + 1, "offset": self.starts[index]}
        return address | {"column": self.column} if self.column else address

    def ending(self, index: int) -> bytes:
        """Return the line feed of a line, unless it is the last one and has none."""
        return b"" if self.is_cut_off and index == len(self.lines) - 1 else b"\n"

    def iter_raw(self, index: int) -> Iterator[bytes]:
        """Yield the bytes of a line with its ending, in chunks."""
        yield self.lines[index] + self.ending(index)
        if self.rest is not None:
            yield from self.rest


class NoDigest:
    """Stands for the digest of a source that somebody else computes."""

    def update(self, data: bytes) -> None:
        """Do nothing."""


@dataclass(slots=True)
class LineSource:
    """The lines of an open file behind the first `number`, which have `size` bytes and the digest.

    Every `every` lines a part ends, and at most `end` are read, if that is given. `path` is how the file is called in
    addresses, and `column` where in a line the payload is, if it is not all of it.
    """

    path: str
    file: Source
    longest: int
    every: int
    number: int = 0
    size: int = 0
    digest: Any = field(default_factory=hashlib.sha256)
    end: int | None = None
    column: Column | TableColumn | None = None
    buffer: bytes = b""

    def iter_blocks(self) -> Iterator[LineBlock]:
        """Yield the lines that are left.

        Raises:
            FileError: when the file cannot be read.
        """
        while self.number != self.end and self._fill():
            data, lines, self.buffer = self._cut(self.every - self.number % self.every)
            self.digest.update(data)
            is_cut_off = not data.endswith(b"\n")
            if is_cut_off and len(data) > self.longest:
                yield from self._read_long_line(data)
                continue
            block = LineBlock(self.path, self.number, self.size, lines, len(data), is_cut_off, lines)
            if self.column:
                block.column = self.column.pointer
                block.places = self.column.find_all(lines, self.number)
                block.payloads = [place.payload for place in block.places]
            elif b"\r" in data:
                block.payloads = [line.removesuffix(b"\r") for line in lines]
            self.number += len(lines)
            self.size += len(data)
            block.ends_part = self.number % self.every == 0
            yield block

    def _fill(self) -> bool:
        """Read on until a block, or at least one line, is complete; return whether there is anything."""
        buffer = self.buffer
        wanted = _BLOCK
        while True:
            # What was read with a long line may fill a block, and a read of nothing looks like the end of the file.
            if len(buffer) < wanted:
                chunk = self.file.read(wanted - len(buffer))
                buffer += chunk
                if not chunk:
                    break
            # A line of that length is a block of its own, and how it goes on does not matter.
            if b"\n" in buffer or len(buffer) > self.longest:
                break
            # Doubled, because what was read of a long line is copied and searched again each time.
            wanted = min(2 * len(buffer), self.longest + _BLOCK)
        self.buffer = buffer
        return bool(buffer)

    def _cut(self, count: int) -> tuple[bytes, list[bytes], bytes]:
        """Return the complete lines at the start of the buffer, at most a number of them, also split, and the rest.

        Several lines are never longer than a block, however much was read.
        """
        buffer = self.buffer
        end = buffer.rfind(b"\n", 0, _BLOCK) + 1 or buffer.find(b"\n") + 1
        if not end:
            return buffer, [buffer], b""
        data = buffer[:end]
        # Half the time of `split`.
        lines = [line[:-1] for line in BytesIO(data)]
        if len(lines) > count:
            del lines[count:]
            end = sum(map(len, lines)) + count
            data = buffer[:end]
        return data, lines, buffer[end:]

    def _read_long_line(self, start: bytes) -> Iterator[LineBlock]:
        """Yield the block of a line of which only the start is in memory; the next one begins behind it."""
        rest = _Rest(self)
        too_long = UnreadablePayload([build_length_violation(self.longest - len(b"\r\n"))])
        ends_part = (self.number + 1) % self.every == 0
        block = LineBlock(self.path, self.number, self.size, [start], len(start), True, [too_long], ends_part, rest)
        self.number += 1
        self.size += len(start)
        yield block
        for _ in rest:
            pass  # whoever did not read the rest leaves it to be skipped here


@dataclass(slots=True)
class _Rest:
    """The rest of a line that is too long, in chunks; it counts what was read of it."""

    source: LineSource
    length: int = 0
    has_ended: bool = False

    def __iter__(self) -> Iterator[bytes]:
        source = self.source
        while not self.has_ended and (chunk := source.file.read(_CHUNK)):
            if end := chunk.find(b"\n") + 1:
                chunk, source.buffer, self.has_ended = chunk[:end], chunk[end:], True
            source.digest.update(chunk)
            source.size += len(chunk)
            self.length += len(chunk)
            yield chunk


def find_end_of_line(data: bytes, number: int) -> int:
    """Return where the line with a number from 1 ends, behind its line feed; there are as many."""
    end = 0
    for _ in range(number):
        end = data.index(b"\n", end) + 1
    return end
