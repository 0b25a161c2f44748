"""Files that appear at once or not at all: written as a part beside their place, moved there when they are whole."""

from __future__ import annotations

import os
import stat
import sys
import zlib
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Protocol

from tcspec.files.lines import STANDARD, UnreadableFile, is_compressed

if TYPE_CHECKING:
    from collections.abc import Iterator

STANDARD_OUTPUT = "standard output"

_GZIP = 31
_LEVEL = 6


class Sink(Protocol):
    """Where the records of a migration go."""

    def write(self, data: bytes) -> None:
        """Take some bytes."""

    def mark(self) -> int:
        """Make sure that everything so far is on disk, and say where that ends."""

    def finish(self) -> None:
        """Be whole."""

    def close(self) -> None:
        """Be done with, whole or not."""

    def discard(self) -> None:
        """Be done with, and leave nothing behind."""


@dataclass(slots=True)
class Part:
    """A file that is being written beside its place, compressed when its name ends with `.gz`.

    What lies between two marks is a gzip member of its own, so that a file that is taken up again at a mark has the
    same bytes as one that was written in one go.
    """

    path: Path
    file: IO[bytes]
    is_empty: bool
    compressor: Any = field(default=None)

    @classmethod
    def begin(cls, path: str) -> Part:
        """Begin to write a file.

        Raises:
            UnreadableFile: when it cannot be written.
        """
        place = Path(path).resolve()
        with _told(place):
            return cls(place, part_of(place).open("wb"), is_empty=True)

    @classmethod
    def resume(cls, path: str, mark: int) -> Part:
        """Go on with a file at a mark, dropping what was written after it.

        Raises:
            UnreadableFile: when it cannot be written, or has not been written so far.
        """
        place = Path(path).resolve()
        with _told(place):
            if part_of(place).stat().st_size < mark:
                raise UnreadableFile(str(part_of(place)), "it is shorter than the checkpoint says; start afresh")
            file = part_of(place).open("r+b")
            file.truncate(mark)
            file.seek(mark)
            return cls(place, file, is_empty=mark == 0)

    def write(self, data: bytes) -> None:
        """Write some bytes.

        Raises:
            UnreadableFile: when the disk does not take them.
        """
        with _told(self.path):
            if is_compressed(self.path.name):
                self.compressor = self.compressor or zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
                data = self.compressor.compress(data)
            self.file.write(data)
            self.is_empty = False

    def mark(self) -> int:
        """Bring everything to the disk and say where the file ends now.

        Raises:
            UnreadableFile: when the disk does not take it.
        """
        with _told(self.path):
            if self.compressor is not None:
                self.file.write(self.compressor.flush())
                self.compressor = None
            self.file.flush()
            os.fsync(self.file.fileno())
            return self.file.tell()

    def finish(self) -> None:
        """Put the whole file in its place.

        Raises:
            UnreadableFile: when the disk does not take it.
        """
        if self.is_empty and is_compressed(self.path.name):
            self.write(b"")
        self.mark()
        with _told(self.path):
            self.file.close()
            put_in_place(self.path)

    def discard(self) -> None:
        """Take the part away, if it is not in its place."""
        self.close()
        part_of(self.path).unlink(missing_ok=True)

    def close(self) -> None:
        """Leave the file as far as it is written."""
        with suppress(OSError):
            self.file.close()


@dataclass(slots=True)
class Late:
    """A file that is begun when there is something to write."""

    path: str
    part: Part | None = None

    def write(self, data: bytes) -> None:
        """Write some bytes.

        Raises:
            UnreadableFile: when the disk does not take them.
        """
        self.part = self.part or Part.begin(self.path)
        self.part.write(data)

    def mark(self) -> int:
        """Bring everything to the disk and say where the file ends now."""
        return self.part.mark() if self.part else 0

    def finish(self) -> None:
        """Put the whole file in its place, if there is one."""
        if self.part:
            self.part.finish()

    def close(self) -> None:
        """Leave the file as far as it is written."""
        if self.part:
            self.part.close()

    def discard(self) -> None:
        """Take away what is not in its place."""
        if self.part:
            self.part.discard()


@dataclass(frozen=True, slots=True)
class Pipe:
    """Standard output, or a device: what is written there is gone at once."""

    path: str
    stream: IO[bytes]

    def write(self, data: bytes) -> None:
        """Write some bytes.

        Raises:
            UnreadableFile: when the other side does not take them.
        """
        with _told(self.path):
            self.stream.write(data)

    def mark(self) -> int:
        """Let everything go; there is no place to come back to."""
        with _told(self.path):
            self.stream.flush()
        return 0

    def finish(self) -> None:
        """Let everything go."""
        self.mark()

    def close(self) -> None:
        """Leave a device; standard output is left to whoever runs the program."""
        if self.path != STANDARD_OUTPUT:
            with suppress(OSError):
                self.stream.close()

    discard = close


@dataclass(frozen=True, slots=True)
class Nowhere:
    """Takes everything and keeps nothing."""

    def write(self, data: bytes) -> None:
        """Let some bytes go."""

    def mark(self) -> int:
        """Be nowhere."""
        return 0

    def finish(self) -> None:
        """Be nowhere."""

    def close(self) -> None:
        """Be nowhere."""

    discard = close


def is_pipe(path: str) -> bool:
    """Tell whether a path is standard output or a device, which cannot be replaced by a finished file."""
    place = Path(path)
    return path == STANDARD or (place.exists() and not stat.S_ISREG(place.stat().st_mode) and not place.is_dir())


def pipe(path: str) -> Pipe:
    """Open standard output or a device.

    Raises:
        UnreadableFile: when it cannot be written.
    """
    if path == STANDARD:
        return Pipe(STANDARD_OUTPUT, sys.stdout.buffer)
    with _told(Path(path)):
        return Pipe(path, Path(path).open("wb"))


def part_of(place: Path) -> Path:
    """Name the part beside the place of a file."""
    return place.with_name(f"{place.name}.part")


def put_in_place(place: Path) -> None:
    """Move a part that is whole to its place, unless that was done before."""
    part = part_of(place)
    if part.exists():
        part.replace(place)
        _sync_folder(place.parent)


def _sync_folder(folder: Path) -> None:
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextmanager
def _told(path: Path | str) -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise UnreadableFile(str(path), error.strerror or str(error)) from None
