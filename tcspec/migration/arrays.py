"""A JSON array of records, on one line or on many, as a store: read item by item, in flat memory.

What stands between the items, white space, commas and brackets, stays byte for byte. An item that is broken in itself
is rejected, and the comma before it goes with it; where the array itself is broken, the migration stops.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from tcspec.errors import UnreadablePayload
from tcspec.files.documents import FileType, detect_file_type
from tcspec.files.lines import FileError
from tcspec.jsontext.encoder import build_length_violation
from tcspec.jsontext.reader import read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tcspec.files.lines import Source
    from tcspec.migration.columns import Column, Place
    from tcspec.migration.stores import Address

_BLOCK = 1 << 16
"""Behind how many bytes a block ends, and how many are read at a time."""
_QUOTE = ord('"')
_MARK = b"\xef\xbb\xbf"
_ARRAY = re.compile(rb"[ \t\r\n]*+\[")
_OBJECTS = re.compile(rb"[ \t\r\n]*+\[[ \t\r\n]*+\{")
_EMPTY_TOO = re.compile(rb"[ \t\r\n]*+\[[ \t\r\n]*+(?:\{|\][ \t\r\n]*+$)")
_STARTS: dict[FileType | None, re.Pattern[bytes]] = {FileType.JSON: _ARRAY, FileType.NDJSON: _OBJECTS}
_SPACE = re.compile(rb"[ \t\r\n]*+")
# Not possessive as a whole: Python before 3.11.5 then takes part of a group that does not match.
_STRING = re.compile(rb'(?:[^"\\]++|\\.)*', re.DOTALL)
"""Matches the rest of a string, up to its closing quote or the end of the data."""
_INSIDE = re.compile(rb'(?:[^"{}\[\]]++|"(?:[^"\\]++|\\.)*")*', re.DOTALL)
"""Matches whole tokens up to the next bracket, or to a string that the data does not end."""
_OUTSIDE = re.compile(rb'(?:[^"{}\[\],]++|"(?:[^"\\]++|\\.)*")*', re.DOTALL)
"""Likewise, and up to the next comma."""


def is_array(path: str, head: bytes) -> bool:
    """Return whether a file with these first bytes is a JSON array; unless it is named `.json`, one of objects."""
    pattern = _STARTS.get(detect_file_type(path), _EMPTY_TOO)
    return pattern.match(head.removeprefix(_MARK)) is not None


@dataclass(slots=True)
class ArrayBlock:
    """Items of an array that follow each other, and what stands before each of them.

    `number` and `offset` are how many items and bytes of the file were before. `tail` is the end of the array, behind
    which only white space follows, and `rest` yields the end of an item that is longer than the limit.
    """

    path: str
    number: int
    offset: int
    leads: list[bytes] = field(default_factory=list)
    items: list[bytes] = field(default_factory=list)
    payloads: list[bytes | UnreadablePayload] = field(default_factory=list)
    places: list[Place | None] = field(default_factory=list)
    column: str | None = None
    length: int = 0
    tail: bytes = b""
    ends_part: bool = False
    rest: _Rest | None = None

    @property
    def size(self) -> int:
        """Return how many bytes were read so far."""
        return self.length + (self.rest.length if self.rest else 0)

    def address(self, index: int) -> Address:
        """Return the file, the number of an item from 1, and its offset."""
        lengths = (len(lead) + len(item) for lead, item in zip(self.leads, self.items, strict=True))
        offset = list(accumulate(lengths, initial=self.offset))[index] + len(self.leads[index])
        address = {"source": self.path, "item": self.number + index + 1, "offset": offset}
        return address | {"column": self.column} if self.column else address

    def iter_raw(self, index: int) -> Iterator[bytes]:
        """Yield the bytes of an item, in chunks."""
        yield self.items[index]
        # Only the last item of a block can be that long.
        if self.rest is not None and index == len(self.items) - 1:
            yield from self.rest


@dataclass(slots=True)
class ArraySource:
    """The items of an array in an open file behind the first `number`, which end behind `size` bytes with the digest.

    Every `every` items a part ends. `path` is how the file is called in addresses, and `column` where in an item the
    payload is, if it is not all of it. `has_empty_item` is whether nothing between the brackets is an item: it may be a
    reject.
    """

    path: str
    file: Source
    longest: int
    every: int
    column: Column | None = None
    has_empty_item: bool = False
    number: int = 0
    size: int = 0
    digest: Any = field(default_factory=hashlib.sha256)
    buffer: bytes = b""
    start: int = 0
    """Where in the buffer begins what was not taken yet."""
    position: int = 0
    """Up to where the buffer is known to belong together."""

    def iter_blocks(self) -> Iterator[ArrayBlock]:
        """Yield the items that are left, and the end of the array.

        Raises:
            FileError: when the file cannot be read, or is no array.
        """
        block = self._begin_block()
        while self._find_item():
            lead = self.take()
            nesting = Nesting()
            has_ended = self._find_end(nesting)
            item = self.take()
            block.leads.append(lead)
            block.items.append(item)
            self._add_payload(block, item)
            block.length += len(lead) + len(item)
            self.number += 1
            block.ends_part = self.number % self.every == 0
            if not has_ended:
                block.rest = _Rest(self, nesting)
            if block.ends_part or block.length >= _BLOCK or block.rest:
                yield block
                for _ in block.rest or ():
                    pass  # whoever did not read the rest of an item leaves it to be skipped here
                block = self._begin_block()
        block.tail = self.take()
        block.length += len(block.tail)
        yield block
        yield from self._read_end()

    def take(self) -> bytes:
        """Return what belongs together, and count it as read."""
        data = self.buffer[self.start : self.position]
        self.start = self.position
        self.digest.update(data)
        self.size += len(data)
        return data

    def fill(self) -> bool:
        """Read on; return whether there is anything."""
        left = self.buffer[self.start :]
        # As much as there is already, so that a long item is not copied again and again.
        chunk = self.file.read(max(_BLOCK, len(left)))
        self.buffer, self.start, self.position = left + chunk, 0, self.position - self.start
        return bool(chunk)

    def fail(self, reason: str) -> FileError:
        """Return an error at the current position."""
        return FileError(self.file.path, f"{reason}, at byte {self.size + self.position - self.start + 1:,}")

    def _begin_block(self) -> ArrayBlock:
        return ArrayBlock(self.path, self.number, self.size, column=self.column.pointer if self.column else None)

    def _find_item(self) -> bool:
        """Go to the start of the next item; return whether there is one, or else the end of the array."""
        if self.size == 0 and self.fill() and self.buffer.startswith(_MARK):
            self.position = len(_MARK)
        expected = b"[" if self.number == 0 else b",]"
        sign = self._find_sign()
        if not sign or sign not in expected:
            names = "an opening bracket" if self.number == 0 else "a comma or a closing bracket"
            raise self.fail(f"is no whole JSON array: expected {names}")
        self.position += 1
        if sign == b"[" and self._find_sign() == b"]" and not self.has_empty_item:
            self.position += 1
            return False
        self._find_sign()
        return sign != b"]"

    def _find_sign(self) -> bytes:
        """Go to the next byte that is no white space, and return it; nothing at the end of the file."""
        while True:
            if self.position == len(self.buffer) and not self.fill():
                return b""
            found = _SPACE.match(self.buffer, self.position)
            self.position = found.end() if found else self.position
            if self.position < len(self.buffer):
                return self.buffer[self.position : self.position + 1]
            # White space is kept until an item follows, which may never come.
            if self.position - self.start > self.longest:
                raise self.fail(f"has more than {self.longest:,} bytes of white space between two items")

    def _find_end(self, nesting: Nesting) -> bool:
        """Go to the end of an item, or as far as the limit; return whether it was found."""
        while True:
            self.position, has_ended = nesting.find_end(self.buffer, self.position)
            if has_ended or self.position - self.start > self.longest:
                return has_ended
            if not self.fill():
                raise self.fail("is no whole JSON array: it ends within an item")

    def _add_payload(self, block: ArrayBlock, item: bytes) -> None:
        payload: bytes | UnreadablePayload = item or _EMPTY
        if len(item) > self.longest:
            payload = UnreadablePayload([build_length_violation(self.longest)])
        place = self.column.find(item) if self.column and payload is item else None
        block.payloads.append(place.payload if place else payload)
        block.places.append(place)

    def _read_end(self) -> Iterator[ArrayBlock]:
        """Yield the white space behind the array; raise FileError when anything else follows."""
        while self.start < len(self.buffer) or self.fill():
            found = _SPACE.match(self.buffer, self.position)
            self.position = found.end() if found else self.position
            if self.position < len(self.buffer):
                advice = "expected one array, or one event a line; of several arrays: jq -c '.[]'"
                raise self.fail(f"has something behind its JSON array; {advice}")
            block = self._begin_block()
            block.tail = self.take()
            block.length = len(block.tail)
            yield block


@dataclass(slots=True)
class Nesting:
    """How deep in brackets, and whether in a string, a text is whose end is looked for, chunk by chunk."""

    depth: int = 0
    is_in_string: bool = False

    def find_end(self, data: bytes, position: int) -> tuple[int, bool]:
        """Return where an item ends, and whether it does; if not, the position from which to go on with more data."""
        while True:
            if self.is_in_string:
                position = _skip(_STRING, data, position)
                # What is left may be a backslash whose character is still to come.
                if data[position : position + 1] != b'"':
                    return position, False
                self.is_in_string = False
                position += 1
            position = _skip(_INSIDE if self.depth else _OUTSIDE, data, position)
            if position == len(data):
                return position, False
            sign = data[position]
            if sign == _QUOTE:
                self.is_in_string = True
            elif sign in b"{[":
                self.depth += 1
            elif self.depth <= 1:
                # Outside a bracket the comma, or what closes the array, is no part of the item.
                return position + self.depth, True
            else:
                self.depth -= 1
            position += 1


@dataclass(slots=True)
class _Rest:
    """The rest of an item that is too long, in chunks; it counts what was read of it."""

    source: ArraySource
    nesting: Nesting
    length: int = 0
    has_ended: bool = False

    def __iter__(self) -> Iterator[bytes]:
        source = self.source
        while not self.has_ended:
            source.position, self.has_ended = self.nesting.find_end(source.buffer, source.position)
            chunk = source.take()
            self.length += len(chunk)
            yield chunk
            if not self.has_ended and not source.fill():
                raise source.fail("is no whole JSON array: it ends within an item")


def _skip(pattern: re.Pattern[bytes], data: bytes, position: int) -> int:
    found = pattern.match(data, position)
    return found.end() if found else position


def _refuse_empty() -> UnreadablePayload:
    try:
        read(b"")
    except UnreadablePayload as unreadable:
        return unreadable
    raise AssertionError


_EMPTY = _refuse_empty()
"""Why nothing between two commas is no payload."""
