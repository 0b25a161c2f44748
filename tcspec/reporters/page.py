"""What pages have in common: the template, filled in one pass, the style, tables with bars, and sentences with code.

The script and the style are named by their hashes in the page's own policy, so that no text from outside can be run.
"""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from tcspec.personal import MASK, looks_personal
from tcspec.reporters.histogram import MAX_ROWS

if TYPE_CHECKING:
    from collections.abc import Mapping

_FOLDER = Path(__file__).parent
_PART = re.compile(r"\{\{(\w+)\}\}")


def fill_template(name: str, parts: Mapping[str, str]) -> str:
    """Return a template with its parts; what looks like a part inside another part is text."""
    return _PART.sub(lambda part: parts[part[1]], read_file(name))


def read_file(name: str) -> str:
    """Return a template, a style or a script."""
    return (_FOLDER / name).read_text(encoding="utf-8")


def hash_text(text: str) -> str:
    """Return the hash of a style or script as the policy of a page has it."""
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def sentence(text: str) -> str:
    """Return a text as HTML; what stands between backticks is code."""
    return re.sub("`([^`]+)`", r"<code>\1</code>", escape(text))


def mask_parts(path: str) -> str:
    """Return the path of a file with those parts masked that look personal."""
    # Names of files have dates and numbers, so only what is certainly an address is masked.
    return "/".join(MASK if looks_personal(part) else part for part in path.split("/"))


def tile(name: str, count: int, style: str) -> str:
    """Return a count of the head of a page; one of nothing has no style."""
    return f'<div class="{style if count else ""}"><dt>{name}</dt><dd>{count:,}</dd></div>'


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: cells as HTML and a count, in the colour of a severity if there is one."""

    cells: tuple[str, ...]
    count: int
    severity: str = ""

    def render(self, most: int) -> str:
        """Return the row; the bar beside the highest count has its full length."""
        name, *texts = self.cells
        cells = "".join(f"<td>{text}</td>" for text in texts)
        # For the eye alone: the number is beside it.
        rect = f'<rect width="{self.count}" height="1"/>'
        bar = f'<svg viewBox="0 0 {most} 1" preserveAspectRatio="none" aria-hidden="true">{rect}</svg>'
        return f'<tr class="{self.severity}"><th scope="row">{name}</th>{cells}<td>{self.count:,}{bar}</td></tr>'


def table(title: str, heads: tuple[str, ...], rows: list[Row]) -> str:
    """Return a section with a table; the rest of a long one is folded away."""
    most = max((row.count for row in rows), default=0)
    head = "".join(f'<th scope="col">{name}</th>' for name in (*heads, "Count"))
    first, rest = (
        f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(row.render(most) for row in part)}</tbody></table>"
        for part in (rows[:MAX_ROWS], rows[MAX_ROWS:])
    )
    more = len(rows) - MAX_ROWS
    folded = f"<details><summary>{more:,} more</summary>{rest}</details>" if more > 0 else ""
    return f"<section><h2>{title}</h2>{first + folded if rows else '<p>Nothing was found.</p>'}</section>"
