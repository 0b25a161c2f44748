"""Small plots as SVG: bars side by side, which say in words what they show."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_WIDTH, _HEIGHT = 480, 110
_GAP = 0.16
_FEWEST = 10
"""For how many bars there is room at least, so that one alone is no wall."""
_SHORTEST = 2
"""How high a bar is at least, so that one among thousands is seen."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what it stands for, and how many; `is_beyond` when it stands beyond a limit."""

    label: str
    count: int
    is_beyond: bool = False


def histogram(title: str, bars: Sequence[Bar], ends: tuple[str, str]) -> str:
    """Draw bars side by side as a figure, with its ends and its title below; nothing without a count.

    Every bar tells its label and count under the mouse; the texts are outside the drawing, which is stretched.
    """
    most = max((bar.count for bar in bars), default=0)
    if not most:
        return ""
    step = _WIDTH / max(len(bars), _FEWEST)
    drawn = "".join(_drawn(bar, index * step, step, most) for index, bar in enumerate(bars) if bar.count)
    first, last = map(escape, ends)
    below = f"<span>{first}</span><span>{last}</span>" if len(bars) >= _FEWEST else f"<span>{first} to {last}</span>"
    return (
        f'<figure class="plot"><p class="most">{most:,}</p>'
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" preserveAspectRatio="none" role="img" aria-label="{escape(title)}">'
        f'<line class="guide" x1="0" x2="{_WIDTH}" y1="0.5" y2="0.5"/>{drawn}'
        f'<line class="axis" x1="0" x2="{_WIDTH}" y1="{_HEIGHT - 0.5}" y2="{_HEIGHT - 0.5}"/></svg>'
        f'<p class="ends">{below}</p><figcaption>{escape(title)}</figcaption></figure>'
    )


def share(count: int, most: int) -> str:
    """Draw how much a count is of the highest one, for the eye alone: the number stands beside it."""
    width = max(100 * count / most, 1)
    return (
        '<svg class="share" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        f'<rect width="{width:.1f}" height="8"/></svg>'
    )


def _drawn(bar: Bar, left: float, step: float, most: int) -> str:
    height = max(_HEIGHT * bar.count / most, _SHORTEST)
    style = "bar beyond" if bar.is_beyond else "bar"
    place = f'x="{left + step * _GAP / 2:.1f}" y="{_HEIGHT - height:.1f}"'
    told = f"<title>{escape(bar.label)}: {bar.count:,}</title>"
    return f'<rect class="{style}" {place} width="{step * (1 - _GAP):.1f}" height="{height:.1f}">{told}</rect>'
