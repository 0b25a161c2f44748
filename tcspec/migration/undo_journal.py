"""The journal of a migration of lines: what turns the lines of the target back into those of the source, byte for byte.

It is a file of JSON objects, one a line: a head, entries in the order of the source, an end with the digest of the
source. An entry has the number of a line of the source, and either `delta`, the line compressed with its line in the
target as dictionary, or `raw`, the line itself, compressed, which is not in the target. Lines without an entry are the
same in both.
"""

from __future__ import annotations

import json
import zlib
from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tcspec import __version__
from tcspec.files.lines import iter_lines
from tcspec.migration.job import MigrationError
from tcspec.migration.outcomes import ABSENT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tcspec.files.lines import Source
    from tcspec.migration.lines import LineBlock
    from tcspec.migration.outcomes import Outcome
    from tcspec.migration.output_files import Content, Output

_FORMAT_VERSION = 1
_WINDOW = 1 << 15
"""How many bytes of a dictionary zlib looks at."""
_LONGEST = 1 << 62


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the source: its number, and its bytes, or how they follow from its line in the target."""

    line: int
    data: bytes
    is_delta: bool

    def restore(self, line: bytes) -> bytes:
        """Return the line of the source by its line in the target, both without their endings.

        Raises:
            MigrationError: when the line in the target is another one.
        """
        try:
            decompressor = zlib.decompressobj(zdict=_cut(line))
            return decompressor.decompress(self.data) + decompressor.flush()
        except zlib.error:
            raise MigrationError(f"the target was changed: it has another event for line {self.line:,}") from None


@dataclass(frozen=True, slots=True)
class JournalWriter:
    """Writes a journal to an output."""

    output: Output

    def begin(self) -> None:
        """Write the head."""
        self._write({"tcspec": __version__, "format_version": _FORMAT_VERSION})
        # What workers have compressed is appended as it is.
        self.output.end_member()

    def end(self, read: Content, lines: int) -> None:
        """Write the end: what was read of the source."""
        self._write({"lines": lines, "size": read.size, "sha256": read.sha256})

    def write(self, block: LineBlock, outcomes: Sequence[Outcome], kept: Sequence[bytes]) -> None:
        """Write the entries of a block, whose lines are kept so."""
        written = iter(kept)
        for index, outcome in enumerate(outcomes):
            line = block.lines[index]
            number = block.number + index + 1
            if outcome.status in ABSENT:
                self.write_raw(number, line + block.ending(index))
            elif (new := next(written)) != line:
                compressor = zlib.compressobj(zdict=_cut(new))
                self._write_data(number, "delta", compressor.compress(line) + compressor.flush())

    def write_raw(self, line: int, data: bytes) -> None:
        """Write an entry, or a part of it, for a line that is not in the target."""
        self._write_data(line, "raw", zlib.compress(data))

    def tee(self, line: int, chunks: Iterator[bytes]) -> Iterator[bytes]:
        """Yield the chunks of a line that is too long, and write them on the way."""
        for chunk in chunks:
            self.write_raw(line, chunk)
            yield chunk

    def _write_data(self, line: int, name: str, data: bytes) -> None:
        self.output.write(b'{"line":%d,"%b":"%b"}\n' % (line, name.encode(), b64encode(data)))

    def _write(self, members: dict[str, Any]) -> None:
        self.output.write(json.dumps(members).encode() + b"\n")


def iter_source(target: Source, journal: Source) -> Iterator[bytes]:
    """Yield the lines of the source of a migration by its target and its journal.

    Raises:
        FileError: when a file cannot be read.
        MigrationError: when the journal is none, or not that of the target.
    """
    lines = iter_lines(target, _LONGEST)
    entries = _iter_entries(journal)
    number = 1
    entry = next(entries, None)
    while True:
        if entry is not None and entry.line == number and not entry.is_delta:
            while entry is not None and entry.line == number:
                yield entry.data
                entry = next(entries, None)
        else:
            line = next(lines, None)
            if line is None:
                break
            ending = b"\n" if line.raw.endswith(b"\n") else b""
            raw = line.raw.removesuffix(b"\n")
            if entry is not None and entry.line == number:
                yield entry.restore(raw) + ending
                entry = next(entries, None)
            else:
                yield line.raw
        number += 1
    if entry is not None:
        raise MigrationError(f"the target was changed: it has no event for line {entry.line:,}")


def read_end(journal: Source) -> tuple[int, str]:
    """Return the size and the SHA-256 of the source.

    Raises:
        FileError: when the journal cannot be read.
        MigrationError: when it is none, or has no end.
    """
    last: Any = {}
    for line in iter_lines(journal, _LONGEST):
        last = line.raw
    end = _parse(last, journal.path) if last else {}
    if "sha256" not in end:
        raise MigrationError(f"{journal.path} is no whole journal of a migration")
    return int(end["size"]), str(end["sha256"])


def _iter_entries(journal: Source) -> Iterator[Entry]:
    for line in iter_lines(journal, _LONGEST):
        members = _parse(line.raw, journal.path)
        if line.number == 1 and members.get("format_version") != _FORMAT_VERSION:
            raise MigrationError(f"{journal.path} is no journal of a migration with this version of tcspec")
        if "line" in members:
            is_delta = "delta" in members
            try:
                data = b64decode(members["delta" if is_delta else "raw"])
                yield Entry(int(members["line"]), data if is_delta else zlib.decompress(data), is_delta)
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
