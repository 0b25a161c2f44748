"""How far a run is, on terminals only."""

from __future__ import annotations

import os
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tcspec.cli.terminal import erase_status, show_status

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_DELAY = 0.5
"""Seconds before a run shows its progress."""
_INTERVAL = 0.1
"""Seconds between two updates of it."""


@dataclass(slots=True)
class Progress:
    """How far a run is: a line on stderr, updated ten times a second at most, once the run takes long.

    `total` is how many bytes there are to read, 0 if that is not known: then there is no percentage. `before` is the
    count and the share that an interrupted run had reached, if this one continues it.
    """

    unit: str
    total: int = 0
    is_shown: bool = True
    count: int = 0
    done: float = 0
    started: float = field(default_factory=time.monotonic)
    due: float = field(init=False)
    before: tuple[int, float] = (0, 0.0)

    def __post_init__(self) -> None:
        self.due = self.started + _DELAY

    def advance(self, size: int = 0) -> None:
        """Count one more, of this many bytes."""
        self.done += size
        self.update(self.count + 1)

    def update(self, count: int, share: float | None = None) -> None:
        """Set how many there are so far, and which share of all, if that is known."""
        if share is not None:
            if not self.total:
                self.before = count, share
            self.total, self.done = 1, share
        self.count = count
        if not self.is_shown:
            return
        now = time.monotonic()
        if now >= self.due:
            self.due = now + _INTERVAL
            show_status(self.line(now - self.started))

    def line(self, seconds: float) -> str:
        """Return the count, the rate, and as far as the total is known the percentage and the time left."""
        count, done = self.before
        line = f"{self.count:,} {self.unit}, {(self.count - count) / seconds:,.0f}/s"
        # Line endings are not counted, and a file may grow: both must not promise what is not so.
        share = min(self.done / self.total, 0.99) if self.total else 0
        if share <= done:
            return line
        minutes, rest = divmod(round(seconds * (1 - share) / (share - done)), 60)
        return f"{line}, {share:.0%}, {minutes}:{rest:02} left"


@contextmanager
def show_progress(unit: str, paths: Sequence[str] = (), *, is_shown: bool = True) -> Iterator[Progress]:
    """Show on a terminal, and nowhere else, how far a run is; the line is gone when the run ends.

    It must not be shown where something else than `write` and `print_error` writes to the terminal.

    Args:
        unit: what is counted.
        paths: what is read, if its size shows how far the run is.
        is_shown: whether anything is shown.
    """
    is_shown = is_shown and sys.stderr.isatty()
    try:
        yield Progress(unit, _total_size(paths) if is_shown else 0, is_shown=is_shown)
    finally:
        erase_status()


def _total_size(paths: Sequence[str]) -> int:
    """Return how many bytes the files have; 0 if that is not known before they are read."""
    from tcspec.files.lines import is_compressed  # noqa: PLC0415 - only terminals show progress

    try:
        return 0 if any(map(is_compressed, paths)) else sum(os.stat(path).st_size for path in paths)  # noqa: PTH116
    except (OSError, ValueError):  # standard input, or a file that cannot be opened
        return 0
