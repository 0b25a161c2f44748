"""`tcspec size`: what do payloads weigh on the wire, and what in them weighs most?"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from tcspec.cli import options
from tcspec.cli.reporting import exit_code, report
from tcspec.cli.terminal import show_progress
from tcspec.detection import is_pixel, kind_of
from tcspec.errors import UnreadablePayload
from tcspec.files.documents import Document, iter_documents
from tcspec.files.lines import UnreadableFile
from tcspec.jsontext.reader import Limits, read_object, require_object
from tcspec.payload import read_payload
from tcspec.reporters.results import FileFinished, FileStarted, Result, RunFinished, Tally, ViolationResult
from tcspec.reporters.text import format_count, format_detail, printable
from tcspec.size import LIMITS, check_members, check_size, costliest_paths, limit_of, payload_size

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tcspec.errors import Violation
    from tcspec.reporters.text import Colorize

_LARGEST = 3
"""How many payloads of a file are named, the largest first."""


@dataclass(frozen=True, slots=True)
class _Scales:
    """How payloads are weighed."""

    kind: str | None
    as_sent: bool
    limits: Limits

    def kind_of(self, document: Document) -> str:
        """Say what a document is, and so whose limit counts; what cannot be read is taken for an event."""
        if self.kind:
            return self.kind
        if is_pixel(document.raw):
            return "pixel"
        try:
            return kind_of(read_object(document.raw, self.limits))
        except UnreadablePayload:
            return "event"

    def body(self, document: Document) -> object:
        """Give what is weighed of a document: its bytes as they are, or the object in them.

        Raises:
            UnreadablePayload: when there is none.
        """
        raw = document.check_length(self.limits)
        return raw if self.as_sent or is_pixel(raw) else read_object(raw, self.limits)

    def find(self, document: Document, body: object, kind: str) -> list[Violation]:
        """Hold what is weighed against its limit, and the events of a batch against theirs; other kinds have none."""
        if kind not in LIMITS:
            return []
        violations = check_size(body, kind)
        if kind == "batch":
            given = read_payload(document.raw if self.as_sent else require_object(body), kind, self.limits)
            violations += check_members(given.members())
        return violations


@click.command(short_help="Measure payloads against the size limit.")
@options.paths
@click.option("--kind", type=click.Choice(list(LIMITS)), help="Whose limit counts; detected by default.")
@click.option("--as-sent", is_flag=True, help="Measure the bytes as they are, not those of the compact body.")
@options.format_of_output
@options.limits
@options.allow_empty
def size(  # noqa: PLR0913 - the options of the verb
    *,
    paths: tuple[str, ...],
    kind: str | None,
    as_sent: bool,
    style: str,
    max_depth: int,
    max_length: int,
    allow_empty: bool,
) -> int:
    """Measure payloads against the size limit, and name the paths that cost most.

    What is measured are the UTF-8 bytes of the compact body, without the white space that a file for people has.
    PATHs are read as `tcspec validate` reads them; of NDJSON the largest payloads are named.
    """
    scales = _Scales(kind, as_sent, Limits(max_depth, max_length))
    with show_progress("payloads", paths) as progress:
        tally = report(_weigh_files(paths, scales, progress.advance), style, _told)
    return exit_code(tally, found=tally.error > 0, allow_empty=allow_empty)


@dataclass(frozen=True, slots=True)
class _Weighed:
    """A payload that was weighed: what it weighs, the line on which it begins, and what was put on the scales."""

    size: int
    kind: str
    line: int
    body: object

    def as_dict(self) -> dict[str, Any]:
        """Tell it as JSON has it, with the share of the limit and what in it weighs most."""
        return {
            "line": self.line,
            "kind": self.kind,
            "bytes": self.size,
            "share": round(self.size / LIMITS[self.kind].hard, 4) if self.kind in LIMITS else None,
            "costliest": costliest_paths(self.body),
        }


def _weigh_files(paths: Iterable[str], scales: _Scales, advance: Callable[[int], None]) -> Iterator[Result]:
    total = Tally()
    for path in paths:
        for result in _weigh_file(path, scales, advance):
            if isinstance(result, FileFinished):
                total += result.tally
            yield result
    yield RunFinished(total)


def _weigh_file(path: str, scales: _Scales, advance: Callable[[int], None]) -> Iterator[Result]:
    counts = Counter(files=1)
    weight = 0
    largest: list[_Weighed] = []
    unreadable = None
    yield FileStarted(path)
    try:
        for document in iter_documents(path, scales.limits):
            counts["payloads"] += 1
            advance(len(document.raw))
            try:
                body, kind = scales.body(document), scales.kind_of(document)
            except UnreadablePayload as refused:
                violations = list(refused.violations)
            else:
                weighed = _Weighed(payload_size(body), kind, document.line, body)
                weight += weighed.size
                largest = sorted([*largest, weighed], key=lambda each: -each.size)[:_LARGEST]
                violations = scales.find(document, body, kind)
            for violation in violations:
                counts[violation.severity.value] += 1
                yield ViolationResult(path, document.locate(violation))
    except UnreadableFile as error:
        unreadable = error.reason
        counts["unreadable"] = 1
    limit = limit_of(scales.kind or "event")
    details = {
        "bytes": weight,
        "limit": {"safe": limit.safe, "hard": limit.hard},
        "largest": [weighed.as_dict() for weighed in largest],
    }
    yield FileFinished(path, Tally(**counts), unreadable=unreadable, details=details)


def _told(ended: FileFinished, colorize: Colorize) -> Iterator[str]:
    """Tell what a file weighs; a file of one payload tells of that, a stream names its largest."""
    for weighed in ended.details["largest"]:
        place = colorize("path", f"{printable(ended.path)}:{weighed['line']}")
        limit = LIMITS.get(weighed["kind"])
        share = (
            f"{weighed['share']:.1%} of {limit.hard:,}" if limit else f"and no limit of a {weighed['kind']} is known"
        )
        yield f"{place}: {format_count(weighed['bytes'], 'byte')}, {share}\n"
        for pointer, weight in weighed["costliest"].items():
            yield format_detail(f"{weight:,}", printable(pointer), colorize)
    if ended.tally.payloads > _LARGEST:
        told = f"{format_count(ended.tally.payloads, 'payload')} with {format_count(ended.details['bytes'], 'byte')}"
        yield f"{colorize('path', printable(ended.path))}: {told}; the largest are named\n"
