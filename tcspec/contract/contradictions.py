"""The rows of `docs/contradictions.md`: where the vendor's pages disagree, and how tcspec decides.

The package carries a copy of the page; `make docs-rules` writes it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from tcspec.sources import expand_source

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_PAGE = Path(__file__).with_suffix(".md")
_WORD = re.compile(r"\w++")
_SHORT_NAME = re.compile(r"- ([A-Z0-9]+): (.+)")


@dataclass(frozen=True, slots=True)
class Contradiction:
    """One row: what disagrees, on which pages, how it is read and how severe it is.

    `decided` is what tcspec decides beyond the row, empty if nothing. `pages` are the addresses of the pages whose
    short names are in `where`.
    """

    id: str
    disagreement: str
    where: str
    reading: str
    severity: str
    decided: str
    pages: tuple[tuple[str, str], ...]


@cache
def load_contradictions() -> Mapping[str, Contradiction]:
    """Return the rows by their ids."""
    lines = _PAGE.read_text(encoding="utf-8").splitlines()
    names = {match[1]: match[2] for match in map(_SHORT_NAME.fullmatch, lines) if match}
    decided: dict[str, list[str]] = {}
    rows: dict[str, Contradiction] = {}
    for first, *others in _iter_tables(lines):
        # The table of decisions has two cells, that of the rows five.
        if len(others) == 1:
            for identifier in first.split(", "):
                decided.setdefault(identifier, []).append(others[0])
        else:
            disagreement, where, reading, severity = others
            # Whole words: `R` is a page, and a letter of `RT` and of most others.
            words = _WORD.findall(where)
            pages = tuple((name, expand_source(page)) for name, page in names.items() if name in words)
            decision = "; ".join(decided.get(first, ()))
            rows[first] = Contradiction(first, disagreement, where, reading, severity, decision, pages)
    return MappingProxyType(rows)


def _iter_tables(lines: list[str]) -> Iterator[list[str]]:
    """Yield the cells of the rows of tables that begin with the id of a row; the table of decisions comes first."""
    for line in lines:
        if line.startswith("| K"):
            yield [cell.strip() for cell in line.split("|")[1:-1]]
