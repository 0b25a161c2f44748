"""Bar charts as SVG, readable on light and dark backgrounds."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_WIDTH, _LEFT, _RIGHT, _ROW, _BAR, _TOP = 800, 330, 90, 28, 18, 44
_OURS, _OTHERS = "#d9480f", "#748ffc"


def draw_bars(title: str, bars: Sequence[tuple[str, float]], unit: str) -> str:
    """Return a chart with a bar for each name, as long as its figure; bold ones (`**tcspec**`) stand out.

    A bar of more than twice the second longest is cut, which a gap shows.
    """
    *_, second, longest = sorted(figure for _, figure in bars)
    most = _WIDTH - _LEFT - _RIGHT
    scale = most / min(longest, 2 * second)
    height = _TOP + _ROW * len(bars) + 12
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}" viewBox="0 0 {_WIDTH} {height}">',
        f'<g role="img" aria-label="{escape(title)}" font-family="sans-serif" font-size="13">',
        f'<rect width="{_WIDTH}" height="{height}" rx="6" fill="#ffffff"/>',
        f'<text x="16" y="26" font-size="15" font-weight="bold" fill="#212529">{escape(title)}</text>',
    ]
    for index, (name, figure) in enumerate(bars):
        y = _TOP + index * _ROW
        length = max(1.0, min(figure * scale, most))
        colour = _OURS if "**" in name else _OTHERS
        label = escape(name.replace("**", ""))
        text = f"{figure:,.0f}" if figure >= 10 else f"{figure:.1f}"  # noqa: PLR2004 - two digits
        lines += [
            f'<text x="{_LEFT - 8}" y="{y + 14}" text-anchor="end" fill="#212529">{label}</text>',
            f'<rect x="{_LEFT}" y="{y}" width="{length:.1f}" height="{_BAR}" rx="2" fill="{colour}"/>',
            f'<text x="{_LEFT + length + 6:.1f}" y="{y + 14}" fill="#495057">{text} {escape(unit)}</text>',
        ]
        if figure * scale > most + 1:
            lines.append(f'<rect x="{_LEFT + most - 16}" y="{y}" width="4" height="{_BAR}" fill="#ffffff"/>')
    return "\n".join((*lines, "</g>", "</svg>", ""))
