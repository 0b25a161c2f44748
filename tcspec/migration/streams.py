"""Outputs that are no files: standard output, a device, or nowhere."""

from __future__ import annotations

import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tcspec.files.lines import STANDARD, wrap_os_errors

STANDARD_OUTPUT = "standard output"


@dataclass(frozen=True, slots=True)
class StreamOutput:
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

    def write_raw(self, data: bytes) -> None:
        """Write some bytes."""
        self.write(data)

    def end_member(self) -> None:
        """Do nothing: no stream is compressed."""

    def sync(self) -> None:
        """Flush the stream.

        Raises:
            FileError: when it cannot be written.
        """
        with wrap_os_errors(self.path):
            self.stream.flush()

    def close(self) -> None:
        """Close a device; standard output belongs to whoever runs the program."""
        if self.path != STANDARD_OUTPUT:
            with suppress(OSError):
                self.stream.close()


@dataclass(frozen=True, slots=True)
class NullOutput:
    """Drops everything."""

    def write(self, data: bytes) -> None:
        """Drop some bytes."""

    def write_raw(self, data: bytes) -> None:
        """Drop some bytes."""

    def end_member(self) -> None:
        """Do nothing."""

    def sync(self) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Do nothing."""


def open_stream(path: str) -> StreamOutput:
    """Open standard output or a device.

    Raises:
        FileError: when it cannot be written.
    """
    if path == STANDARD:
        return StreamOutput(STANDARD_OUTPUT, sys.stdout.buffer)
    with wrap_os_errors(path):
        return StreamOutput(path, Path(path).open("wb"))
