"""Results as one page that needs no server and no network: totals, tables, and all findings, errors first.

Values that may describe a person are masked unless they are requested.
"""

from __future__ import annotations

import json
from array import array
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import escape
from typing import TYPE_CHECKING

import tcspec
from tcspec.errors import Severity
from tcspec.kinds import EVENT_KINDS
from tcspec.personal import mask_pointer
from tcspec.reporters.contents import Part, PayloadContent, read_content, safe_name
from tcspec.reporters.histogram import Histogram
from tcspec.reporters.page import Row, fill_template, hash_text, mask_parts, read_file, sentence, table, tile
from tcspec.reporters.printing import printable
from tcspec.reporters.results import (
    FILE_CODES,
    FileFinished,
    PayloadResult,
    RunFinished,
    SourceText,
    Tally,
    ViolationResult,
    iter_problems,
)
from tcspec.reporters.text import format_summary, shorten
from tcspec.rules.registry import EVERY_CODE
from tcspec.size import size_limit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tcspec.reporters.results import Result

MAX_FINDINGS = 250_000
"""How many findings a page lists, so that a browser can open it; all are counted, and the mildest are left out."""
MAX_NAMES = 1_000
"""How many names of events are counted one by one; further ones are counted together."""
COLUMNS = ["severity", "code", "event", "dialect", "location", "message", "pointer", "value", "help", "fix", "source"]
"""What the page lists of a finding."""

_OTHER_NAMES = "(further names)"
_LONGEST_NAME = 80
_FILE = PayloadContent((Part("(file)", "(file)"),), SourceText(b""))

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_HOUR = 3_600_000
_DAY = 24 * _HOUR
_MONDAY = -3 * _DAY
"""A Monday in epoch milliseconds, so that weeks start with one."""
_TIME_UNITS = {
    _HOUR: "hour", 2 * _HOUR: "2 hours", 6 * _HOUR: "6 hours", _DAY: "day", 7 * _DAY: "week", 28 * _DAY: "4 weeks",
    364 * _DAY: "52 weeks", 3_640 * _DAY: "10 years", 36_400 * _DAY: "100 years",
}  # fmt: skip
_SIZE_GROUPS = {**dict.fromkeys(EVENT_KINDS, "Events"), "batch": "Batches"}
_SIZE_LIMITS = {"Events": size_limit("event").safe, "Batches": size_limit("batch").safe, "Other payloads": None}
# The limit is a multiple of each, so that one step ends with it.
_SIZE_WIDTHS = {
    group: tuple((limit or size_limit("event").safe) // steps for steps in (200, 100, 50, 10, 2, 1))
    for group, limit in _SIZE_LIMITS.items()
}


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
    sizes: dict[str, Histogram] = field(
        default_factory=lambda: {group: Histogram(widths, origin=1) for group, widths in _SIZE_WIDTHS.items()}
    )
    times: Histogram = field(default_factory=lambda: Histogram(tuple(_TIME_UNITS), _MONDAY))
    texts: dict[str, int] = field(default_factory=dict)
    is_cut: bool = False
    rows: dict[Severity, array[int]] = field(default_factory=lambda: {each: array("L") for each in Severity})

    def add_payload(self, content: PayloadContent) -> None:
        """Count a payload, and the events of a batch."""
        for part in content.parts:
            name = safe_name(part.name, _LONGEST_NAME, show_values=self.show_values)
            self.events[name if name in self.events or len(self.events) < MAX_NAMES else _OTHER_NAMES] += 1
            self.dialects[part.dialect] += 1
            if part.time is not None:
                self.times.add(part.time)
            if part.size is not None:
                self.sizes[_SIZE_GROUPS.get(part.kind, "Other payloads")].add(part.size)

    def add_finding(self, result: ViolationResult, content: PayloadContent) -> None:
        """Count a violation, and list it; when the page is full, in place of a milder one."""
        violation = result.violation
        self.codes[violation.code, violation.severity.value] += violation.count
        # Files come in any order, and a reader of a page that is full needs the errors.
        if self.listed >= MAX_FINDINGS:
            self.is_cut = True
            mildest = next(severity for severity in Severity if self.rows[severity])
            if mildest.rank >= violation.severity.rank:
                return
            del self.rows[mildest][-len(COLUMNS) :]
        part = content.part_at(violation.pointer)
        location = (_safe_text(mask_parts(result.path)), violation.line, violation.column)
        row = (
            violation.severity.value,
            violation.code,
            safe_name(part.name, _LONGEST_NAME, show_values=self.show_values),
            part.dialect,
            ":".join(str(each) for each in location if each is not None),
            _safe_text(violation.message),
            _safe_text(violation.pointer if self.show_values else mask_pointer(violation.pointer)),
            content.value_at(violation.pointer, show_values=self.show_values),
            _safe_text(violation.hint or ""),
            _safe_text(violation.fix.title if violation.fix else ""),
            f"{_safe_text(violation.source or 'tcspec')} ({violation.basis.value})",
        )
        self.rows[violation.severity].extend(self.texts.setdefault(text, len(self.texts)) for text in row)

    @property
    def listed(self) -> int:
        """Return how many findings are listed."""
        return sum(map(len, self.rows.values())) // len(COLUMNS)

    def data(self) -> str:
        """Return the findings as JSON: the texts, and the numbers of the rows one after the other, errors first."""
        cells = [cell for severity in reversed(Severity) for cell in self.rows[severity]]
        data = {"columns": COLUMNS, "texts": list(self.texts), "cells": cells}
        # A closing tag in the data would end the script element around it.
        return json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")

    def tables(self) -> Iterator[str]:
        """Yield the tables: how often each code, event and dialect occurs, payloads by size, events by time."""
        titles = {code.id: code.title for code in (*EVERY_CODE.values(), *FILE_CODES)}
        codes = []
        for (code, severity), count in self.codes.most_common():
            name = f'<code>{escape(code)}</code> <span class="badge">{severity}</span>'
            codes.append(Row((name, sentence(titles.get(code, ""))), count, severity))
        yield table("By code", ("Code", "Meaning"), codes)
        for head, counts in (("Event", self.events), ("Dialect", self.dialects)):
            rows = [Row((f"<bdi>{escape(name)}</bdi>",), count) for name, count in counts.most_common()]
            yield table(f"By {head.lower()}", (head,), rows)
        for group, limit in _SIZE_LIMITS.items():
            rows = [
                Row((f"{sizes[0]:,} to {sizes[-1]:,}",), count, "error" if limit and sizes[0] > limit else "")
                for sizes, count in self.sizes[group].ranges()
            ]
            above = sum(row.count for row in rows if row.severity)
            head = f"{above:,} above the limit of {limit:,}" if limit else "Bytes"
            if rows:
                yield table(f"{group} by bytes of the compact body", (head,), rows)
        if self.times.counts:
            width = self.times.widths[0]
            form = "%Y-%m-%d %H:%M" if width < _DAY else "%Y-%m-%d"
            starts = ((_EPOCH + timedelta(milliseconds=times[0]), count) for times, count in self.times.ranges())
            rows = [Row((f"{start:{form}}",), count) for start, count in starts]
            yield table("Events by time in UTC", (f"One row for each {_TIME_UNITS[width]}",), rows)


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
            case FileFinished():
                waiting += iter_problems([result])
            case RunFinished(tally):
                page.tally = tally
            case _:
                continue
        for found in waiting:
            page.add_finding(found, content)
        waiting.clear()
    yield _render_page(page)


def _safe_text(text: str) -> str:
    return printable(shorten(text))


def _render_page(page: _Page) -> str:
    style, script = (read_file(f"page.{ending}") for ending in ("css", "js"))
    found, listed = page.codes.total(), page.listed
    cut = f"All {found:,} findings are counted, {listed:,} are listed: the mildest do not fit on the page."
    masked = "Values that may describe a person are masked."
    parts = {
        "policy": f"script-src '{hash_text(script)}'; style-src '{hash_text(style)}'",
        "style": style,
        "script": script,
        "version": escape(tcspec.__version__),
        "summary": escape(format_summary(page.tally)),
        "privacy": "Values are shown: this page may describe persons." if page.show_values else masked,
        "totals": "".join(_tiles(page.tally)),
        "tables": "\n".join(page.tables()),
        "cut": f"<p>{cut}</p>" if page.is_cut else "",
        "data": page.data(),
    }
    return fill_template("page.html", parts)


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
            yield tile(name, count, style)
