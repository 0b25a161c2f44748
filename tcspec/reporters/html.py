"""Results as one page that needs no server and no network: totals, tables, plots, and all findings, errors first.

Values that may describe a person are masked unless they are requested. The script and the style are named by their
hashes in the page's own policy, so that no text from outside can be run.
"""

from __future__ import annotations

import json
import re
from array import array
from base64 import b64encode
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from html import escape
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import tcspec
from tcspec.errors import Severity
from tcspec.kinds import EVENT_KINDS
from tcspec.reporters.contents import Part, PayloadContent, read_content, safe_text
from tcspec.reporters.histogram import Histogram
from tcspec.reporters.results import (
    FILE_CODES,
    FileFinished,
    PayloadResult,
    RunFinished,
    SourceText,
    Tally,
    ViolationResult,
)
from tcspec.reporters.text import format_summary
from tcspec.rules.registry import EVERY_CODE
from tcspec.size import size_limit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tcspec.reporters.results import Result

MAX_FINDINGS = 250_000
"""How many findings a page lists, so that a browser can open it; all are counted, and the mildest are left out."""
MAX_NAMES = 1_000
"""How many names of events are counted one by one; further ones are counted together."""
COLUMNS = ["severity", "code", "event", "dialect", "location", "message", "pointer", "value", "help", "fix", "source"]
"""What the page lists of a finding."""

_OTHER_NAMES = "(further names)"
_LONGEST_NAME = 80
_FOLDER = Path(__file__).parent
_PART = re.compile(r"\{\{(\w+)\}\}")
_VISIBLE_ROWS = 12
"""How many rows of a table are visible, the rest is folded away."""
_CHUNK = 10_000
_FILE = PayloadContent((Part("(file)", "(file)"),), SourceText(b""))

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_HOUR = 3_600_000
_DAY = 24 * _HOUR
_MONDAY = -3 * _DAY
"""A Monday in epoch milliseconds, so that weeks start with one."""
_TIME_UNITS = {
    _HOUR: "hour", 6 * _HOUR: "6 hours", _DAY: "day", 7 * _DAY: "week", 28 * _DAY: "4 weeks", 364 * _DAY: "52 weeks",
    3_640 * _DAY: "10 years", 36_400 * _DAY: "100 years",
}  # fmt: skip
_SIZE_GROUPS = {**dict.fromkeys(EVENT_KINDS, "Events"), "batch": "Batches"}
_SIZE_LIMITS = {"Events": size_limit("event").safe, "Batches": size_limit("batch").safe}
_SIZE_STEPS = (200, 100, 50, 10, 2, 1)
"""How many steps the limit has: one of them ends with it, whatever their width."""


@dataclass(slots=True)
class _Page:
    """What the page has of a run: counts, whose size does not grow with it, and the findings, as far as listed.

    A finding is a row of numbers, one for each of COLUMNS, in the list of its severity; `texts` numbers the texts.
    """

    show_values: bool
    tally: Tally = field(default_factory=Tally)
    codes: Counter[tuple[str, str]] = field(default_factory=Counter)
    events: Counter[str] = field(default_factory=Counter)
    dialects: Counter[str] = field(default_factory=Counter)
    sizes: dict[str, Histogram] = field(default_factory=dict)
    times: Histogram = field(default_factory=lambda: Histogram(tuple(_TIME_UNITS), _MONDAY))
    texts: dict[str, int] = field(default_factory=dict)
    rows: dict[Severity, array[int]] = field(default_factory=lambda: {each: array("L") for each in Severity})

    def add_payload(self, content: PayloadContent) -> None:
        """Count a payload, and the events of a batch."""
        for part in content.parts:
            name = self.safe_text(part.name, _LONGEST_NAME)
            self.events[name if name in self.events or len(self.events) < MAX_NAMES else _OTHER_NAMES] += 1
            self.dialects[part.dialect] += 1
            if part.time is not None:
                self.times.add(part.time)
            if part.size is not None:
                group = _SIZE_GROUPS.get(part.kind, "Other payloads")
                limit = _SIZE_LIMITS.get(group, _SIZE_LIMITS["Events"])
                widths = tuple(limit // steps for steps in _SIZE_STEPS)
                self.sizes.setdefault(group, Histogram(widths, origin=1)).add(part.size)

    def add_finding(self, result: ViolationResult, content: PayloadContent) -> None:
        """Count a violation, and list it; when the page is full, in place of a milder one."""
        violation = result.violation
        self.codes[violation.code, violation.severity.value] += 1
        if self.listed >= MAX_FINDINGS:
            mildest = next(severity for severity in Severity if self.rows[severity])
            if mildest.rank >= violation.severity.rank:
                return
            del self.rows[mildest][-len(COLUMNS) :]
        part = content.part_at(violation.pointer)
        location = (self.safe_text(result.path), violation.line, violation.column)
        row = (
            violation.severity.value,
            violation.code,
            self.safe_text(part.name, _LONGEST_NAME),
            part.dialect,
            ":".join(str(each) for each in location if each is not None),
            self.safe_text(violation.message),
            self.safe_text(violation.pointer),
            content.value_at(violation.pointer, show_values=self.show_values),
            self.safe_text(violation.hint or ""),
            self.safe_text(violation.fix.title if violation.fix else ""),
            f"{self.safe_text(violation.source or 'tcspec')} ({violation.basis.value})",
        )
        self.rows[violation.severity].extend(self.texts.setdefault(text, len(self.texts)) for text in row)

    def safe_text(self, text: str, longest: int = 300) -> str:
        """Return a text from outside so that the page may show it."""
        return safe_text(text, show_values=self.show_values, longest=longest)

    @property
    def listed(self) -> int:
        """Return how many findings are listed."""
        return sum(map(len, self.rows.values())) // len(COLUMNS)

    def data(self) -> Iterator[str]:
        """Yield the findings as JSON: the texts, and the numbers of the rows one after the other, errors first."""
        yield f'{{"columns": {json.dumps(COLUMNS)}, "texts": ['
        yield from _json_items(self.texts)
        yield '], "cells": ['
        yield from _json_items(cell for severity in reversed(Severity) for cell in self.rows[severity])
        yield "]}"

    def plots(self) -> Iterator[str]:
        """Yield how many payloads there are of each size, by limit, and how many events of each time."""
        for group, histogram in sorted(self.sizes.items(), key=lambda entry: entry[0] not in _SIZE_LIMITS):
            title = f"{group} by bytes of the compact body"
            if limit := _SIZE_LIMITS.get(group):
                above = sum(count for start, count in histogram.bars().items() if start > limit)
                yield histogram.draw(f"{title}; {above:,} above the limit of {limit:,}", _format_bytes, limit)
            else:
                yield histogram.draw(title, _format_bytes)
        if self.times.counts:
            unit = _TIME_UNITS[self.times.widths[0]]
            yield self.times.draw(f"Events by time in UTC, one bar for each {unit}", _format_time)


def _format_bytes(start: int, width: int) -> str:
    return f"{start:,} to {start + width - 1:,} bytes"


def _format_time(start: int, width: int) -> str:
    time = _EPOCH + timedelta(milliseconds=start)
    return f"{time:%Y-%m-%d %H:%M}" if width < _DAY else f"{time:%Y-%m-%d}"


def render(results: Iterable[Result], *, show_values: bool = False) -> Iterator[str]:
    """Yield a run as a page; values that may describe a person are in it only if requested."""
    page = _Page(show_values)
    # Violations come before their payload, which decides what of it may be shown.
    waiting: list[ViolationResult] = []
    for result in results:
        content = _FILE
        match result:
            case ViolationResult(expected=False):
                waiting.append(result)
                continue
            case PayloadResult():
                content = read_content(result)
                page.add_payload(content)
            case FileFinished(path):
                waiting += (ViolationResult(path, violation) for violation in result.violations())
            case RunFinished(tally):
                page.tally = tally
            case _:
                continue
        for found in waiting:
            page.add_finding(found, content)
        waiting.clear()
    yield from _render_page(page)


def _render_page(page: _Page) -> Iterator[str]:
    style, script = (_read_file(f"page.{ending}") for ending in ("css", "js"))
    titles = {code.id: code.title for code in (*EVERY_CODE.values(), *FILE_CODES)}
    codes = [
        (
            f'<code>{escape(code)}</code> <span class="badge {severity}">{severity}</span>',
            escape(titles.get(code, "")),
            count,
        )
        for (code, severity), count in page.codes.most_common()
    ]
    events = [(f"<bdi>{escape(name)}</bdi>", count) for name, count in page.events.most_common()]
    dialects = [(escape(name), count) for name, count in page.dialects.most_common()]
    found, listed = page.codes.total(), page.listed
    cut = f"All {found:,} findings are counted, {listed:,} are listed: the mildest do not fit on the page."
    masked = "Values that may describe a person are masked."
    parts = {
        "policy": f"script-src '{_hash(script)}'; style-src '{_hash(style)}'",
        "style": style,
        "script": script,
        "version": escape(tcspec.__version__),
        "summary": escape(format_summary(page.tally)),
        "privacy": "Values are shown: this page may describe persons." if page.show_values else masked,
        "totals": "".join(_tiles(page.tally)),
        "codes": _table(("Code", "Meaning", "Count"), codes),
        "events": _table(("Event", "Count"), events),
        "dialects": _table(("Dialect", "Count"), dialects),
        "plots": "".join(page.plots()) or "<p>No payload was read.</p>",
        "cut": f"<p>{cut}</p>" if found > listed else "",
    }
    # In one pass: what looks like a part inside another part is text.
    for index, piece in enumerate(_PART.split(_read_file("page.html"))):
        if piece == "data" and index % 2:
            yield from page.data()
        else:
            yield parts[piece] if index % 2 else piece


def _read_file(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def _json_items(items: Iterable[str | int]) -> Iterator[str]:
    """Yield items as JSON, chunk by chunk, so that the page is never in memory as a whole."""
    iterator, between = iter(items), ""
    while chunk := list(islice(iterator, _CHUNK)):
        # A closing tag in the data would end the script element around it.
        yield between + json.dumps(chunk, ensure_ascii=False, separators=(",", ":"))[1:-1].replace("<", "\\u003c")
        between = ","


def _tiles(tally: Tally) -> Iterator[str]:
    """Yield the counts of a run; the severities in any case, expectations and unreadable files if there are any."""
    tiles = (
        ("payloads", tally.payloads, ""),
        ("files", tally.files, ""),
        ("errors", tally.error, "error"),
        ("warnings", tally.warning, "warning"),
        ("infos", tally.info, "info"),
        ("expected", tally.expected, ""),
        ("expected, missing", tally.unmet, "error"),
        ("unreadable files", tally.unreadable, "error"),
    )
    for index, (name, count, style) in enumerate(tiles):
        if count or index < len(tiles) - 3:
            yield f'<div class="{style if count else ""}"><dt>{name}</dt><dd>{count:,}</dd></div>'


def _table(heads: tuple[str, ...], rows: Sequence[tuple[str | int, ...]]) -> str:
    """Return a table whose last column is a count with a bar beside it; the rest of a long one is folded away."""
    if not rows:
        return "<p>Nothing was found.</p>"
    most = int(rows[0][-1])
    head = "".join(f'<th scope="col">{name}</th>' for name in heads)
    first, rest = (
        f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(_row(row, most) for row in part)}</tbody></table>"
        for part in (rows[:_VISIBLE_ROWS], rows[_VISIBLE_ROWS:])
    )
    more = len(rows) - _VISIBLE_ROWS
    return f"{first}<details><summary>{more:,} more</summary>{rest}</details>" if more > 0 else first


def _row(row: tuple[str | int, ...], most: int) -> str:
    name, *texts, count = row
    cells = "".join(f"<td>{text}</td>" for text in texts)
    # For the eye alone: the number is beside it.
    bar = f'viewBox="0 0 {most} 1" preserveAspectRatio="none" aria-hidden="true"><rect width="{count}" height="1"/>'
    return f'<tr><th scope="row">{name}</th>{cells}<td>{count:,}<svg {bar}</svg></td></tr>'
