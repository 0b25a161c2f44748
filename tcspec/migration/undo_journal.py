"""The journal of a migration: what turns the lines or items of the target back into those of the source, byte for byte.

It is a file of JSON objects, one a line: a head, entries in the order of the source, an end with the digest of the
source. An entry has the number of a record of the source, and either `delta`, the record compressed with its record in
the target as dictionary, or `raw`, the record itself, compressed, which is not in the target. Records without an entry
are the same in both. To an item of an array belongs what stands before it; what ends the array counts as one more.
"""

from __future__ import annotations

import json
import zlib
from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from tcspec import __version__
from tcspec.files.lines import UNLIMITED, iter_lines
from tcspec.jsontext.reader import decode_leniently
from tcspec.migration.arrays import ArraySource
from tcspec.migration.job import MigrationError
from tcspec.migration.outcomes import ABSENT
from tcspec.migration.record_formats import RecordFormat

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tcspec.files.lines import Source
    from tcspec.migration.lines import LineBlock
    from tcspec.migration.outcomes import Outcome
    from tcspec.migration.output_files import Content, Output

_FORMAT_VERSION = 1
_WINDOW = 1 << 15
"""How many bytes of a dictionary zlib looks at."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A record of the source: its number, and its bytes, or how they follow from its record in the target."""

    unit: str
    number: int
    data: bytes
    is_delta: bool

    def restore(self, record: bytes) -> bytes:
        """Return the record of the source by its record in the target.

        Raises:
            MigrationError: when the record in the target is another one.
        """
        try:
            decompressor = zlib.decompressobj(zdict=_cut(record))
            return decompressor.decompress(self.data) + decompressor.flush()
        except zlib.error:
            reason = f"the target was changed: it has another event for {self.unit} {self.number:,}"
            raise MigrationError(reason) from None


class JournalEnd(NamedTuple):
    """What a journal is of: how many records which are called so, and the size and SHA-256 of the source."""

    unit: str
    records: int
    size: int
    sha256: str


class _Segment(NamedTuple):
    """A record of the target with everything that belongs to it, itself, and what follows it in the source too."""

    whole: bytes
    record: bytes
    ending: bytes = b""


def is_journal(head: bytes) -> bool:
    """Return whether a file with these first bytes is a journal."""
    found = decode_leniently(head.partition(b"\n")[0])
    return isinstance(found, dict) and found.keys() == {"tcspec", "format_version", "unit"}


@dataclass(frozen=True, slots=True)
class JournalWriter:
    """Writes a journal to an output; `unit` is what a record is called."""

    output: Output
    unit: str = RecordFormat.LINES.unit

    def begin(self) -> None:
        """Write the head."""
        self._write({"tcspec": __version__, "format_version": _FORMAT_VERSION, "unit": self.unit})
        # What workers have compressed is appended as it is.
        self.output.end_member()

    def end(self, read: Content, count: int) -> None:
        """Write the end: what was read of the source."""
        self._write({"count": count, "size": read.size, "sha256": read.sha256})

    def write(self, block: LineBlock, outcomes: Sequence[Outcome], kept: Sequence[bytes]) -> None:
        """Write the entries of a block, whose lines are kept so."""
        written = iter(kept)
        for index, outcome in enumerate(outcomes):
            line = block.lines[index]
            number = block.number + index + 1
            if outcome.status in ABSENT:
                self.write_raw(number, line + block.ending(index))
            elif (new := next(written)) != line:
                self.write_delta(number, line, new)

    def write_delta(self, number: int, data: bytes, new: bytes) -> None:
        """Write an entry for a record that is another one in the target."""
        compressor = zlib.compressobj(zdict=_cut(new))
        self._write_data(number, "delta", compressor.compress(data) + compressor.flush())

    def write_raw(self, number: int, data: bytes) -> None:
        """Write an entry, or a part of it, for a record that is not in the target."""
        self._write_data(number, "raw", zlib.compress(data))

    def tee(self, number: int, chunks: Iterator[bytes]) -> Iterator[bytes]:
        """Yield the chunks of a record that is too long, and write them on the way."""
        for chunk in chunks:
            self.write_raw(number, chunk)
            yield chunk

    def _write_data(self, number: int, name: str, data: bytes) -> None:
        self.output.write(b'{"%b":%d,"%b":"%b"}\n' % (self.unit.encode(), number, name.encode(), b64encode(data)))

    def _write(self, members: dict[str, Any]) -> None:
        self.output.write(json.dumps(members).encode() + b"\n")


def iter_source(target: Source, journal: Source, unit: str) -> Iterator[bytes]:
    """Yield the records of the source of a migration by its target and its journal.

    Raises:
        FileError: when a file cannot be read.
        MigrationError: when the journal is none, or not that of the target.
    """
    segments = _iter_items(target) if unit == RecordFormat.ARRAY.unit else _iter_lines(target)
    entries = _iter_entries(journal, unit)
    number = 1
    entry = next(entries, None)
    while True:
        if entry is not None and entry.number == number and not entry.is_delta:
            while entry is not None and entry.number == number:
                yield entry.data
                entry = next(entries, None)
        else:
            segment = next(segments, None)
            if segment is None:
                break
            if entry is not None and entry.number == number:
                yield entry.restore(segment.record) + segment.ending
                entry = next(entries, None)
            else:
                yield segment.whole
        number += 1
    if entry is not None:
        raise MigrationError(f"the target was changed: it has no event for {unit} {entry.number:,}")


def read_end(journal: Source) -> JournalEnd:
    """Return what a journal is of.

    Raises:
        FileError: when the journal cannot be read.
        MigrationError: when it is none, or has no end.
    """
    first, last = b"", b""
    for line in iter_lines(journal, UNLIMITED):
        first, last = first or line.raw, line.raw
    head, end = (_parse(line, journal.path) if line else {} for line in (first, last))
    if "sha256" not in end:
        raise MigrationError(f"{journal.path} is no whole journal of a migration")
    if head.get("format_version") != _FORMAT_VERSION:
        raise MigrationError(f"{journal.path} is no journal of a migration with this version of tcspec")
    return JournalEnd(str(head.get("unit", "line")), int(end["count"]), int(end["size"]), str(end["sha256"]))


def _iter_lines(target: Source) -> Iterator[_Segment]:
    for line in iter_lines(target, UNLIMITED):
        record = line.raw.removesuffix(b"\n")
        yield _Segment(line.raw, record, line.raw[len(record) :])


def _iter_items(target: Source) -> Iterator[_Segment]:
    for block in ArraySource(target.path, target, UNLIMITED, UNLIMITED).iter_blocks():
        for lead, item in zip(block.leads, block.items, strict=True):
            yield _Segment(lead + item, item)
        # White space behind the array is in the target as in the source.
        inside, bracket, behind = block.tail.partition(b"]")
        yield from (_Segment(part, b"") for part in (inside + bracket, behind) if part)


def _iter_entries(journal: Source, unit: str) -> Iterator[Entry]:
    for line in iter_lines(journal, UNLIMITED):
        members = _parse(line.raw, journal.path)
        if unit in members:
            is_delta = "delta" in members
            try:
                data = b64decode(members["delta" if is_delta else "raw"])
                yield Entry(unit, int(members[unit]), data if is_delta else zlib.decompress(data), is_delta)
            except (ValueError, TypeError, KeyError, zlib.error):
                raise MigrationError(f"{journal.path} is damaged in line {line.number:,}") from None


def _parse(line: bytes, path: str) -> dict[str, Any]:
    try:
        members = json.loads(line)
    except (ValueError, RecursionError):
        members = None
    if not isinstance(members, dict):
        raise MigrationError(f"{path} is no journal of a migration")
    return members


def _cut(line: bytes) -> bytes:
    # zlib takes no empty dictionary, and looks at its end only.
    return line[-_WINDOW:] or b"\n"
