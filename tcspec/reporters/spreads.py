"""Where many numbers lie, counted in flat memory: in steps that grow when there are too many of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MOST_STEPS = 4_096
_OUTER = 10
"""One in so many, at either end, is not of the middle, and not drawn when it lies far from there."""


@dataclass(slots=True)
class Spread:
    """Whole numbers, counted by the step in which they lie.

    `ladder` has the widths of the steps, each a multiple of the one before; `start` is where a step begins.
    """

    ladder: tuple[int, ...]
    start: int = 0
    rung: int = 0
    counts: Counter[int] = field(default_factory=Counter)

    @property
    def width(self) -> int:
        """Give how wide a step is by now."""
        return self.ladder[self.rung]

    def add(self, number: int) -> None:
        """Count a number."""
        self.counts[(number - self.start) // self.width] += 1
        if len(self.counts) > MOST_STEPS and self.rung + 1 < len(self.ladder):
            self.rung += 1
            self.counts = _coarser(self.counts, self.ladder[self.rung] // self.ladder[self.rung - 1])

    def window(self, most: int, *, from_start: bool = False) -> Window:
        """Give at most so many neighbouring steps that hold almost all numbers, as fine as that allows.

        What lies far from the middle 80 per cent is left outside, so that one wild number does not hide the rest.
        """
        counts, rung = self.counts, self.rung
        while True:
            first, last = _drawn(counts, most)
            first = 0 if from_start else first
            if last - first < most or rung + 1 == len(self.ladder):
                break
            rung += 1
            counts = _coarser(counts, self.ladder[rung] // self.ladder[rung - 1])
        last = min(last, first + most - 1)
        return Window(
            self.start + first * self.ladder[rung],
            self.ladder[rung],
            tuple(counts[step] for step in range(first, last + 1)),
            before=sum(count for step, count in counts.items() if step < first),
            after=sum(count for step, count in counts.items() if step > last),
        )


@dataclass(frozen=True, slots=True)
class Window:
    """Neighbouring steps of one width, how many numbers lie in each, and how many lie before and after them all."""

    start: int
    width: int
    counts: tuple[int, ...]
    before: int = 0
    after: int = 0

    def steps(self) -> Iterator[tuple[int, int]]:
        """Give where each step begins, and how many numbers lie in it."""
        for index, count in enumerate(self.counts):
            yield self.start + index * self.width, count


def _coarser(counts: Counter[int], times: int) -> Counter[int]:
    coarse: Counter[int] = Counter()
    for step, count in counts.items():
        coarse[step // times] += count
    return coarse


def _drawn(counts: Counter[int], most: int) -> tuple[int, int]:
    """Give the first and the last step that are not too far from the middle 80 per cent."""
    steps = sorted(counts)
    spare = counts.total() // _OUTER
    low, high = _reached(counts, steps, spare), _reached(counts, reversed(steps), spare)
    reach = max(2 * (high - low), most)
    near = [step for step in steps if low - reach <= step <= high + reach]
    return near[0], near[-1]


def _reached(counts: Counter[int], steps: Iterable[int], spare: int) -> int:
    """Give the step in which one lies when some numbers were passed over."""
    passed = 0
    return next(step for step in steps if (passed := passed + counts[step]) > spare)
