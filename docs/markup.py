"""Markdown for the generated pages: links, tables, blocks, and text of which nothing is a mark."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from tcspec.contract.contradictions import load_contradictions
from tcspec.rules.registry import EVERY_CODE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT = Path(__file__).parents[1]
_PLACES = {
    "docs/rules.md": "docs/reference/codes/index.md",
    "docs/contradictions.md": "docs/reference/contradictions.md",
    "README.md": "docs/index.md",
    "CHANGELOG.md": "docs/reference/changelog.md",
    "SECURITY.md": "docs/reference/security.md",
}
"""Where a file is found in the built documentation, when that is elsewhere."""
_LINK = re.compile(r"\[([^]\n]+)\]\(([^)\s:#]+)(#[^)\s]*)?\)")
_CITED = re.compile(r"(?<![\w`\[/#.-])(?:TC[0-9]{3}|K[0-9]{3})(?![\w`\].-])")


def adapt_links(text: str, folder: Path, home: Path | None = None) -> str:
    """Lead the links of a file to the pages of the documentation; what has no page becomes its name.

    Args:
        text: Markdown with links to files, relative to where it is.
        folder: where it is.
        home: where it is in the documentation, by default in the same folder.
    """

    def adapt(link: re.Match[str]) -> str:
        label, target, anchor = link.groups(default="")
        path = Path(os.path.normpath(folder / target))
        if not path.is_relative_to(ROOT):
            return link[0]
        name = path.relative_to(ROOT).as_posix()
        place = _PLACES.get(name, name)
        if place.startswith("docs/"):
            return f"[{label}]({os.path.relpath(ROOT / place, home or folder)}{anchor if place == name else ''})"
        return label if label.startswith("`") else f"`{name}`"

    return _LINK.sub(adapt, text)


def link_citations(text: str, up: str) -> str:
    """Return a text whose codes and rows of contradictions are links; `up` leads to the reference."""

    def link(cited: re.Match[str]) -> str:
        name = cited[0]
        if name in EVERY_CODE:
            return f"[{name}]({up}codes/{name}.md)"
        return f"[{name}]({up}contradictions.md#{name.lower()})" if name in load_contradictions() else name

    return _CITED.sub(link, text)


def escape(text: str) -> str:
    """Return a text in which nothing but code is a mark of Markdown."""
    parts = text.split("`")
    parts[::2] = [re.sub(r"([\[\]*_<>])", r"\\\1", part) for part in parts[::2]]
    return "`".join(parts)


def format_table(heading: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """Yield the lines of a table, and a blank one."""
    names = list(heading)
    for cells in [names, ["---"] * len(names), *rows]:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |\n"
    yield "\n"


def format_hidden_toctree(names: Iterable[str]) -> str:
    """Return the list of the pages below this one, for the sidebar only."""
    return "\n".join(["```{toctree}", ":hidden:", "", *names, "```", ""])


def format_block(text: str, language: str) -> str:
    """Return a block of code, and a blank line."""
    return f"```{language}\n{text}\n```\n\n"


def capitalise(text: str) -> str:
    """Return a text with a capital first letter; the other letters stay."""
    return text[:1].upper() + text[1:]
