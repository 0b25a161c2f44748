"""Outputs of which nothing is kept: they measure what a migration would write, and its digest."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from tcspec.files.compression import by_name
from tcspec.files.lines import wrap_os_errors
from tcspec.files.remote import open_place
from tcspec.migration.output_files import Content
from tcspec.migration.record_formats import PARQUET_START

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tcspec.migration.output_files import Output
    from tcspec.migration.summary import Summary

_CHUNK = 1 << 20


@dataclass(slots=True)
class MeasuredOutput:
    """Drops everything and measures it, compressed when a name says so."""

    name: str = ""
    size: int = 0
    digest: Any = field(default_factory=hashlib.sha256)
    compressor: Any = None

    @property
    def content(self) -> Content:
        """Return what a file would have in it."""
        return Content(self.size, self.digest.hexdigest())

    def write(self, data: bytes) -> None:
        """Measure some bytes.

        Raises:
            FileError: when they cannot be compressed, because zstd is not installed.
        """
        if compression := by_name(self.name):
            with wrap_os_errors(self.name):
                self.compressor = self.compressor or compression.new_compressor()
            data = self.compressor.compress(data)
        self.write_raw(data)

    def write_raw(self, data: bytes) -> None:
        """Measure some bytes that are compressed already."""
        self.digest.update(data)
        self.size += len(data)

    def end_member(self) -> None:
        """End the compressed member, as in a file."""
        if self.compressor is not None:
            self.write_raw(self.compressor.flush())
            self.compressor = None

    def sync(self) -> None:
        """End the compressed member."""
        self.end_member()

    def close(self) -> None:
        """Do nothing."""


def measure_file(path: str) -> Content:
    """Return what a file has in it once it is decompressed.

    Raises:
        FileError: when it cannot be read.
    """
    measured = MeasuredOutput()
    with open_place(path, binary=(PARQUET_START,)) as source:
        for chunk in iter(partial(source.read, _CHUNK), b""):
            measured.write_raw(chunk)
    return measured.content


def note_sizes(summary: Summary, outputs: Mapping[str, Output]) -> None:
    """Add to the details how many bytes would be written to each output."""
    if summary.details is not None:
        for role, output in outputs.items():
            if isinstance(output, MeasuredOutput):
                summary.details.written[role] += output.size
