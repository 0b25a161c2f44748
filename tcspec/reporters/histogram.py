"""Histograms: whole numbers, counted in flat memory."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_ROWS = 16
"""How many ranges a histogram has at most, and how many rows of a table are visible, to be read at a glance."""


@dataclass(slots=True)
class Histogram:
    """Counts of numbers by steps of one width, the first of `widths`; the next one when there are too many.

    Each width is a multiple of the one before; a step starts at `origin`.
    """

    widths: tuple[int, ...]
    origin: int = 0
    counts: Counter[int] = field(default_factory=Counter)

    def add(self, number: int) -> None:
        """Count a number."""
        step = (number - self.origin) // self.widths[0]
        is_new = step not in self.counts
        self.counts[step] += 1
        # A known step adds no row. Gaps are rows as well, so that the ranges are counted and not the steps.
        while is_new and len(self.widths) > 1 and len(list(self.ranges())) > MAX_ROWS:
            factor, counts = self.widths[1] // self.widths[0], self.counts
            self.widths, self.counts = self.widths[1:], Counter()
            for step, count in counts.items():
                self.counts[step // factor] += count

    def ranges(self) -> Iterator[tuple[range, int]]:
        """Yield the numbers of each step with how many were counted, in order; a gap is one range without any."""
        width, end = self.widths[0], None
        for step, count in sorted(self.counts.items()):
            start = self.origin + step * width
            if end is not None and end < start:
                yield range(end, start), 0
            end = start + width
            yield range(start, end), count
