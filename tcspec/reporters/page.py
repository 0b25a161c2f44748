"""One self-contained page in HTML: its parts, its style and its script, and nothing from elsewhere.

The script and the style are named by their hashes in the page's own policy, so that no text from outside can be run.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from dataclasses import asdict, dataclass
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tcspec
from tcspec.reporters.plots import share
from tcspec.reporters.problems import OF_FILES
from tcspec.reporters.text import summary
from tcspec.rules.registry import EVERY_CODE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tcspec.reporters.results import Tally
    from tcspec.reporters.totals import Totals

LISTED = 2_000
"""How many violations a page lists."""

_FOLDER = Path(__file__).parent
_FEW = 12
"""How many names stand in a table before the rest is folded away."""
_PART = re.compile(r"\{\{(\w+)\}\}")


@dataclass(frozen=True, slots=True)
class Row:
    """A violation as the page lists it; every text was made fit to be told."""

    code: str
    severity: str
    place: str
    pointer: str
    message: str
    hint: str
    fix: str
    source: str
    basis: str
    event: str
    dialect: str
    value: str


def page(totals: Totals, rows: Sequence[Row], *, show_values: bool) -> Iterator[str]:
    """Write the page, piece by piece."""
    style, script = (_read(f"page.{ending}") for ending in ("css", "js"))
    found = totals.codes.total()
    listed = f"All {found:,} were counted, the first {len(rows):,} are listed." if found > len(rows) else ""
    parts = {
        "policy": f"script-src '{_hash(script)}'; style-src '{_hash(style)}'",
        "style": style,
        "script": script,
        "version": escape(tcspec.__version__),
        "summary": escape(summary(totals.tally)),
        "privacy": _WITH_VALUES if show_values else _MASKED,
        "totals": "".join(_tiles(totals.tally)),
        "codes": _codes(totals),
        "events": _names("Event", totals.events.most_common()),
        "dialects": _names("Dialect", totals.dialects.most_common()),
        "sizes": "".join(totals.plots_of_sizes()) or _soft("No payload was read."),
        "times": "".join(totals.plots_of_moments()) or _soft("No time was read."),
        "listed": _soft(listed) if listed else "",
        # A closing tag in the data would end the script it stands in.
        "data": json.dumps([asdict(row) for row in rows], ensure_ascii=False).replace("<", "\\u003c"),
    }
    # In one pass: what looks like a part inside another part is text.
    for index, piece in enumerate(_PART.split(_read("page.html"))):
        yield parts[piece] if index % 2 else piece


_MASKED = "Values that may describe a person are masked."
_WITH_VALUES = "Values are shown: this page may describe persons."


def _read(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def _tiles(tally: Tally) -> Iterator[str]:
    tiles = (
        ("payload", "payloads", tally.payloads, ""),
        ("file", "files", tally.files, ""),
        ("error", "errors", tally.error, "error"),
        ("warning", "warnings", tally.warning, "warning"),
        ("info", "infos", tally.info, "info"),
        ("as expected", "as expected", tally.expected, ""),
        ("expected, missing", "expected, missing", tally.unmet, "error"),
        ("unreadable file", "unreadable files", tally.unreadable, "error"),
    )
    for index, (one, many, count, style) in enumerate(tiles):
        # Payloads, files and the severities are always told, the rest when there is any.
        if count or index < len(tiles) - 3:
            mark = f' class="{style}"' if style and count else ""
            yield f"<div{mark}><dt>{one if count == 1 else many}</dt><dd>{count:,}</dd></div>"


def _codes(totals: Totals) -> str:
    titles = {code.id: code.title for code in (*EVERY_CODE.values(), *OF_FILES)}
    rows = [
        (
            f'<th scope="row"><code>{escape(code)}</code><span class="badge {severity}">{severity}</span></th>',
            f'<td class="meaning">{escape(titles.get(code, ""))}</td>',
            count,
        )
        for (code, severity), count in totals.codes.most_common()
    ]
    return _folded(("Code", "Meaning"), rows) if rows else _soft("Nothing was found.")


def _names(title: str, counts: Sequence[tuple[str, int]]) -> str:
    """Write a table of names."""
    rows = [(f'<th scope="row"><bdi>{escape(name)}</bdi></th>', count) for name, count in counts]
    return _folded((title,), rows) if rows else _soft("No payload was looked at.")


def _folded(heads: tuple[str, ...], rows: Sequence[tuple[Any, ...]]) -> str:
    """Write a table, the rest of a long one folded away."""
    shown = len(rows) if len(rows) <= _FEW + 1 else _FEW
    most = rows[0][-1]
    table, rest = _table(heads, rows[:shown], most), rows[shown:]
    if not rest:
        return table
    return f"{table}<details><summary>{len(rest):,} more</summary>{_table(heads, rest, most)}</details>"


def _table(heads: Iterable[str], rows: Sequence[tuple[Any, ...]], most: int) -> str:
    """Write a table of cells, the last one a count with a bar beside it."""
    head = "".join(f'<th scope="col">{each}</th>' for each in heads) + '<th scope="col" class="count">Count</th>'
    body = "".join(
        f'<tr>{"".join(cells)}<td class="count">{count:,}{share(count, most)}</td></tr>' for *cells, count in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _soft(text: str) -> str:
    return f'<p class="soft">{text}</p>'
