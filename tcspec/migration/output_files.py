"""Output files that appear only when they are complete: each is written beside its place and then moved there."""

from __future__ import annotations

import sys
import zlib
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Protocol

from tcspec.files.atomic import is_device, move_into_place, sync_file
from tcspec.files.lines import STANDARD, FileError, is_compressed, wrap_os_errors

if TYPE_CHECKING:
    from typing import Self

STANDARD_OUTPUT = "standard output"

_GZIP = 31
_LEVEL = 6


class Sink(Protocol):
    """Where the records of a migration are written."""

    def write(self, data: bytes) -> None:
        """Write some bytes."""

    def sync(self) -> int:
        """Write everything to disk, and return the offset of its end."""

    def finish(self) -> None:
        """Make the output complete."""

    def close(self) -> None:
        """Close the output, complete or not."""

    def discard(self) -> None:
        """Close the output, and leave nothing that is not complete."""


@dataclass(slots=True)
class PartialFile:
    """A file that is being written beside its place, compressed when its name ends with `.gz`.

    What is between two calls of `sync` is a gzip member of its own, so that a file that was resumed there has the same
    bytes as one that was written without a break.
    """

    path: Path
    file: IO[bytes]
    is_empty: bool
    compressor: Any = field(default=None)

    @classmethod
    def create(cls, path: str) -> Self:
        """Create a file.

        Raises:
            FileError: when it cannot be written.
        """
        place = Path(path).resolve()
        with wrap_os_errors(str(place)):
            return cls(place, partial_path(place).open("wb"), is_empty=True)

    @classmethod
    def resume(cls, path: str, offset: int) -> Self:
        """Continue a file at an offset that `sync` returned, and drop what was written after it.

        Raises:
            FileError: when it cannot be written, or is shorter.
        """
        place = Path(path).resolve()
        with wrap_os_errors(str(place)):
            if partial_path(place).stat().st_size < offset:
                reason = "is shorter than at the checkpoint; start again without --resume"
                raise FileError(str(partial_path(place)), reason)
            file = partial_path(place).open("r+b")
            file.truncate(offset)
            file.seek(offset)
            return cls(place, file, is_empty=offset == 0)

    def write(self, data: bytes) -> None:
        """Write some bytes.

        Raises:
            FileError: when they cannot be written.
        """
        with wrap_os_errors(str(self.path)):
            if is_compressed(self.path.name):
                self.compressor = self.compressor or zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
                data = self.compressor.compress(data)
            self.file.write(data)
            self.is_empty = False

    def sync(self) -> int:
        """Write everything to disk, and return the offset of its end.

        Raises:
            FileError: when it cannot be written.
        """
        with wrap_os_errors(str(self.path)):
            if self.compressor is not None:
                self.file.write(self.compressor.flush())
                self.compressor = None
            sync_file(self.file)
            return self.file.tell()

    def finish(self) -> None:
        """Move the complete file into its place.

        Raises:
            FileError: when it cannot be written.
        """
        if self.is_empty and is_compressed(self.path.name):
            self.write(b"")
        self.sync()
        with wrap_os_errors(str(self.path)):
            self.file.close()
            finish_partial_file(self.path)

    def discard(self) -> None:
        """Remove the file if it is not in its place."""
        self.close()
        partial_path(self.path).unlink(missing_ok=True)

    def close(self) -> None:
        """Close the file as far as it is written."""
        with suppress(OSError):
            self.file.close()


@dataclass(slots=True)
class LazyFile:
    """A file that is created when something is written to it."""

    path: str
    file: PartialFile | None = None

    def write(self, data: bytes) -> None:
        """Write some bytes.

        Raises:
            FileError: when they cannot be written.
        """
        self.file = self.file or PartialFile.create(self.path)
        self.file.write(data)

    def sync(self) -> int:
        """Write everything to disk, and return the offset of its end."""
        return self.file.sync() if self.file else 0

    def finish(self) -> None:
        """Move the complete file into its place, if there is one."""
        if self.file:
            self.file.finish()

    def close(self) -> None:
        """Close the file as far as it is written."""
        if self.file:
            self.file.close()

    def discard(self) -> None:
        """Remove the file if it is not in its place."""
        if self.file:
            self.file.discard()


@dataclass(frozen=True, slots=True)
class StreamSink:
    """Standard output or a device, where nothing can be taken back."""

    path: str
    stream: IO[bytes]

    def write(self, data: bytes) -> None:
        """Write some bytes.

        Raises:
            FileError: when they cannot be written.
        """
        with wrap_os_errors(self.path):
            self.stream.write(data)

    def sync(self) -> int:
        """Flush the stream; there is no offset to come back to."""
        with wrap_os_errors(self.path):
            self.stream.flush()
        return 0

    def finish(self) -> None:
        """Flush the stream."""
        self.sync()

    def close(self) -> None:
        """Close a device; standard output belongs to whoever runs the program."""
        if self.path != STANDARD_OUTPUT:
            with suppress(OSError):
                self.stream.close()

    discard = close


@dataclass(frozen=True, slots=True)
class NullSink:
    """Drops everything."""

    def write(self, data: bytes) -> None:
        """Drop some bytes."""

    def sync(self) -> int:
        """Return offset 0."""
        return 0

    def finish(self) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Do nothing."""

    discard = close


def is_stream(path: str) -> bool:
    """Return whether a path is standard output or a device, which cannot be replaced with a complete file."""
    return path == STANDARD or is_device(path)


def open_stream(path: str) -> StreamSink:
    """Open standard output or a device.

    Raises:
        FileError: when it cannot be written.
    """
    if path == STANDARD:
        return StreamSink(STANDARD_OUTPUT, sys.stdout.buffer)
    with wrap_os_errors(path):
        return StreamSink(path, Path(path).open("wb"))


def partial_path(place: Path) -> Path:
    """Return the path of the partial file beside the place of a file."""
    return place.with_name(f"{place.name}.part")


def finish_partial_file(place: Path) -> None:
    """Move a partial file that is complete into its place, unless that was done before."""
    if partial_path(place).exists():
        move_into_place(partial_path(place), place)
