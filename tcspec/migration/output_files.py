"""Output files that appear only when they are complete: each is written in the working folder and then moved.

Finishing is the same whether the migration ran through or was resumed: what is moved, and what was moved before, is
what was recorded when its last byte was written. A file of this run is in the same state as then, one of a run
before has the same size and digest.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import IO, TYPE_CHECKING, Annotated, Any, Protocol

import msgspec

from tcspec.errors import TcspecError
from tcspec.files.atomic import move_into_place, sync_file
from tcspec.files.compression import by_name
from tcspec.files.identity import FileState, read_state
from tcspec.files.lines import FileError, wrap_os_errors

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from tcspec.files.lines import Source
    from tcspec.migration.summary import Summary

_CHUNK = 1 << 20


@dataclass(eq=False)
class CannotResume(TcspecError):  # noqa: N818 - what a user reads is the sentence
    """A migration cannot be resumed."""

    reason: str

    def __str__(self) -> str:
        again = "start again without --resume: of files with --force, of a table after --undo"
        return f"cannot resume: {self.reason}; {again}"


@dataclass(frozen=True, slots=True)
class Content:
    """What a file has in it, up to some position: its size in bytes, and their SHA-256 as hexadecimal digits."""

    size: Annotated[int, msgspec.Meta(ge=0)]
    sha256: str


class Output(Protocol):
    """Where the bytes of a migration are written."""

    def write(self, data: bytes) -> None:
        """Write some bytes."""

    def write_raw(self, data: bytes) -> None:
        """Write some bytes that are compressed already, if the output is."""

    def end_member(self) -> None:
        """End what is compressed together, if the output is compressed."""

    def sync(self) -> None:
        """Write everything to the disk."""

    def close(self) -> None:
        """Close the output, complete or not."""


@dataclass(slots=True)
class FileSink:
    """The outputs of a migration by their role, and what saves a checkpoint when a part was written."""

    outputs: Mapping[str, Output]
    save: Callable[[Summary], None] | None = None

    def commit(self, summary: Summary) -> None:
        """Save a checkpoint behind what was written, if this is done at all; what is compressed ends there anyway.

        Raises:
            FileError: when it cannot be written.
        """
        for output in self.outputs.values():
            output.end_member()
        if self.save:
            self.save(summary)


@dataclass(slots=True)
class OutputFile:
    """A file that is being written in the working folder, compressed when the name of its place says so.

    What is between two calls of `sync` is compressed on its own, so that a file that was resumed there has the same
    bytes as one that was written without a break.
    """

    path: Path
    place: Path
    file: IO[bytes]
    size: int = 0
    digest: Any = field(default_factory=hashlib.sha256)
    compressor: Any = None

    @classmethod
    def create(cls, path: Path, place: Path, permissions: int) -> OutputFile:
        """Create a file; it is never opened through a link, or when it exists.

        Args:
            path: the file in the working folder.
            place: where it belongs once it is complete.
            permissions: those of the source; the file has no more.

        Raises:
            FileError: when it cannot be written.
        """
        # Its owner can always read and write it, or it could not be resumed.
        mode = 0o666 & (permissions | 0o600)
        with wrap_os_errors(str(path)):
            return cls(path, place, open(path, "xb", opener=partial(os.open, mode=mode)))

    @classmethod
    def resume(cls, path: Path, place: Path, content: Content) -> OutputFile:
        """Continue a file behind a content that `sync` recorded, and drop what was written after it.

        Raises:
            FileError: when it cannot be written.
            CannotResume: when its content is another one.
        """
        with wrap_os_errors(str(path)):
            # What is written through a hard link would change another file.
            if path.is_symlink() or not path.is_file() or path.stat().st_nlink > 1:
                raise CannotResume(f"{path} is missing, or was replaced with a link")
            file = path.open("r+b")
            resumed = cls(path, place, file, content.size, hash_start(file, content.size))
            if resumed.content != content:
                file.close()
                raise CannotResume(f"{path} was changed since the checkpoint")
            file.truncate(content.size)
            return resumed

    @property
    def content(self) -> Content:
        """Return what was written so far; after `sync` it is what the file has in it."""
        return Content(self.size, self.digest.hexdigest())

    def write(self, data: bytes) -> None:
        """Write some bytes.

        Raises:
            FileError: when they cannot be written.
        """
        if compression := by_name(self.place.name):
            with wrap_os_errors(str(self.place)):
                # Begun by its first byte: a part without records adds no empty member.
                self.compressor = self.compressor or compression.new_compressor()
            data = self.compressor.compress(data)
        self.write_raw(data)

    def sync(self) -> None:
        """Write everything to the disk.

        Raises:
            FileError: when it cannot be written.
        """
        self.end_member()
        with wrap_os_errors(str(self.place)):
            sync_file(self.file)

    def end_member(self) -> None:
        """End the compressed member, and hand everything to the system: what is written next begins another one.

        Raises:
            FileError: when it cannot be written.
        """
        if self.compressor is not None:
            self.write_raw(self.compressor.flush())
            self.compressor = None
        # Of what only `close` writes, nobody would notice that the disk is full.
        with wrap_os_errors(str(self.place)):
            self.file.flush()

    def complete(self) -> CompleteFile:
        """Write everything to the disk; an empty compressed file becomes one that can be decompressed.

        Raises:
            FileError: when it cannot be written.
        """
        if self.size == 0 and by_name(self.place.name):
            self.write(b"")
        self.sync()
        return CompleteFile(self.path, self.place, self.content, read_state(self.file))

    def close(self) -> None:
        """Close the file as far as it is written."""
        with suppress(OSError):
            self.file.close()

    def write_raw(self, data: bytes) -> None:
        """Write some bytes that are compressed already, if the file is."""
        with wrap_os_errors(str(self.place)):
            self.file.write(data)
        self.digest.update(data)
        self.size += len(data)


@dataclass(frozen=True, slots=True)
class CompleteFile:
    """A file that was written to its end: its path in the working folder, the place where it belongs, its content.

    `written` is its state behind the last byte when this run wrote it; what a run before wrote is read again.
    """

    path: Path
    place: Path
    content: Content
    written: FileState | None = None

    def move(self, before: FileState | None) -> None:
        """Move the file into its place, unless that was done before.

        Args:
            before: the state of what was at its place when the migration began or was resumed.

        Raises:
            FileError: when the file is gone or changed, or its place was taken meanwhile.
        """
        path, place = self.path, self.place
        # A file is moved whole: when it is not here, it was moved by the run before.
        is_moved = not path.exists()
        found = place if is_moved else path
        with wrap_os_errors(str(place)):
            if is_moved and not place.exists():
                raise FileError(str(place), f"was complete, and is gone: it is neither here nor in {path.parent}")
            if not self._is_content_of(found):
                raise FileError(str(found), "was changed by another program: it is not what the migration wrote")
            if not is_moved:
                if read_state(place) != before:
                    reason = f"was changed by another program while the migration ran; its new content is {path}"
                    raise FileError(str(place), reason)
                _protect(path, before)
                move_into_place(path, place)
            if place.stat().st_size != self.content.size:
                raise FileError(str(place), "was changed by another program: it is not what the migration wrote")

    @property
    def is_moved(self) -> bool:
        """Return whether a run before moved or copied the file to its place, or has lost it."""
        place = self.place
        return not self.path.exists() or (place.is_file() and self._is_content_of(place))

    def _is_content_of(self, path: Path) -> bool:
        if self.written is not None:
            return read_state(path) == self.written
        with path.open("rb") as file:
            return Content(path.stat().st_size, hash_start(file, self.content.size).hexdigest()) == self.content


def hash_start(file: IO[bytes] | Source, size: int) -> Any:  # noqa: ANN401 - hashlib does not name its type
    """Return the SHA-256 of the next bytes of a file, as many as given or as there are."""
    digest = hashlib.sha256()
    while size > 0 and (chunk := file.read(min(size, _CHUNK))):
        digest.update(chunk)
        size -= len(chunk)
    return digest


def _protect(path: Path, before: FileState | None) -> None:
    """Take from a file what the one that it replaces does not permit; only its owner can always read and write it."""
    if before is not None:
        path.chmod((path.stat().st_mode | 0o111) & (before.permissions | 0o600) & 0o777)
