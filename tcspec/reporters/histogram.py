"""Histograms: whole numbers counted in flat memory, and drawn as SVG with its meaning in words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from html import escape
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_STEPS = 60
"""How many steps a figure has at most."""

_MIN_STEPS = 10
"""How many it has at least, so that one bar does not fill it."""
_MAX_GAP = 4
"""How many steps wide a gap is at most, so that one number far away does not squeeze the rest."""
_MIN_HEIGHT = 1 / 50
"""How high a bar is at least, so that one among thousands is visible."""


@dataclass(slots=True)
class Histogram:
    """Counts of numbers by steps of one width, the first of `widths`; the next one is used when the steps do not fit.

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
        while is_new and len(self.widths) > 1 and self._places()[-1] >= MAX_STEPS:
            factor, counts = self.widths[1] // self.widths[0], self.counts
            self.widths, self.counts = self.widths[1:], Counter()
            for step, count in counts.items():
                self.counts[step // factor] += count

    def bars(self) -> dict[int, int]:
        """Return where each step that has numbers starts, and how many it has, in order."""
        return {self.origin + step * self.widths[0]: count for step, count in sorted(self.counts.items())}

    def draw(self, title: str, label: Callable[[int, int], str], limit: float = float("inf")) -> str:
        """Return the bars as a figure with its title below; those above the limit are marked.

        The texts are outside the drawing, which is stretched; `label` describes a step by its start and width.
        """
        bars, most, places = self.bars(), max(self.counts.values()), self._places()
        labels = [escape(label(start, self.widths[0])) for start in bars]
        drawn = ""
        for (start, count), name, place in zip(bars.items(), labels, places, strict=True):
            height = max(count, most * _MIN_HEIGHT)
            box = f'x="{place}" y="{most - height:g}" width="0.85" height="{height:g}"'
            style = ' class="above"' if start > limit else ""
            drawn += f"<rect {box}{style}><title>{name}: {count:,}</title></rect>"
        is_shortened = max(self.counts) - min(self.counts) > places[-1]
        title = escape(title + "; long gaps are shortened" * is_shortened)
        ends = "".join(f"<span>{name}</span>" for name in dict.fromkeys((labels[0], labels[-1])))
        return (
            f'<figure><p>{most:,}</p><svg viewBox="0 0 {max(places[-1] + 1, _MIN_STEPS)} {most}" role="img" '
            f'preserveAspectRatio="none" aria-label="{title}">{drawn}</svg><p class="ends">{ends}</p>'
            f"<figcaption>{title}</figcaption></figure>"
        )

    def _places(self) -> list[int]:
        """Return the places of the bars in the figure, with long gaps shortened."""
        steps = sorted(self.counts)
        gaps = (min(step - before, _MAX_GAP) for before, step in zip([steps[0], *steps], steps, strict=False))
        return list(accumulate(gaps))
