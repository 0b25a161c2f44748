"""How much of its source a migration has read, for whoever shows that: as a share, where it is known."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from tcspec.files.lines import wrap_os_errors
from tcspec.files.remote import is_remote
from tcspec.migration.record_formats import RecordFormat
from tcspec.migration.summary import Summary

if TYPE_CHECKING:
    from tcspec.files.lines import Source

OnProgress = Callable[[Summary, float | None], None]
"""Is called with the counts so far, and with the share that was read; None where nobody knows how much there is."""


def add_share(
    progress: OnProgress | None, file: Source, size: int | None, record_format: RecordFormat
) -> Callable[[Summary], None] | None:
    """Return what is called with the counts alone, and adds the share of an open file with a size."""
    if progress is None:
        return None

    def call(summary: Summary) -> None:
        if file.compressed is not None:
            read = file.compressed.tell()
        else:
            # Workers are behind the position of the file.
            read = file.stream.tell() if record_format is RecordFormat.PARQUET else summary.bytes_read
        progress(summary, min(read / size, 1) if size else None)

    return call


def add_row_share(progress: OnProgress | None, count: Callable[[], int]) -> Callable[[Summary], None] | None:
    """Return the same for rows, which are only counted when somebody wants to know."""
    if progress is None:
        return None
    total = count()
    return lambda summary: progress(summary, min(summary.lines / total, 1) if total else None)


@dataclass(slots=True)
class FileShares:
    """The shares of several files in all of them: by their sizes, or alike when some are URLs."""

    progress: OnProgress | None
    weights: dict[str, int] = field(default_factory=dict)
    before: int = 0
    done: int = 0

    @classmethod
    def of(cls, progress: OnProgress | None, paths: Iterable[str]) -> FileShares:
        """Return the shares of files before the first one is read.

        Raises:
            FileError: when one is missing.
        """
        paths = list(paths)
        if any(map(is_remote, paths)):
            return cls(progress, dict.fromkeys(paths, 1))
        weights = {}
        for path in paths:
            with wrap_os_errors(path):
                weights[path] = os.stat(path).st_size + 1  # noqa: PTH116 - any text is a path
        return cls(progress, weights)

    def within(self, path: str) -> OnProgress | None:
        """Return what is called with the counts of one file."""
        return None if self.progress is None else partial(self._call, path)

    def finish(self, path: str, lines: int) -> None:
        """Count a file that is complete."""
        self._call(path, Summary(lines=lines), 1)
        self.done += self.weights[path]
        self.before += lines

    def _call(self, path: str, summary: Summary, share: float | None) -> None:
        if self.progress is not None:
            read = self.done + self.weights[path] * (share or 0)
            self.progress(Summary(lines=self.before + summary.lines), read / sum(self.weights.values()))
