"""`tcspec size`: the size of payloads on the wire, and the paths that cost most."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from tcspec.cli import options
from tcspec.cli.progress import show_progress
from tcspec.cli.reporting import ReportOptions, exit_code, iter_file_results, report
from tcspec.detection import is_pixel
from tcspec.errors import UnreadablePayload
from tcspec.files.documents import Document, FileType, detect_file_type, iter_contents
from tcspec.files.lines import FileError
from tcspec.files.parts import iter_parts
from tcspec.kinds import EVENT, KINDS, find_kind
from tcspec.payload import from_document, read_payload
from tcspec.personal import mask_pointers
from tcspec.reporters.results import FileFinished, Result, ViolationResult
from tcspec.reporters.text import format_count, format_detail, shorten
from tcspec.size import LIMITED_KINDS, costliest_paths, size_limit
from tcspec.validation import find_oversize

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tcspec.cli.named_files import FileArguments
    from tcspec.cli.reporting import FileRun
    from tcspec.jsontext.reader import Limits
    from tcspec.payload import Payload
    from tcspec.reporters.printing import Colorize

_LARGEST = 3
"""How many payloads of a file are named, the largest first."""


@dataclass(frozen=True, slots=True)
class _SizeOptions:
    """How payloads are measured."""

    kind: str | None
    as_sent: bool
    limits: Limits
    pointer: str = ""

    def read(self, document: Document) -> Payload:
        """Read a document once.

        Raises:
            UnreadablePayload: when it cannot be read, and is not to be measured as it is.
        """
        raw = document.check_length(self.limits)
        # Pixels have no limit, whatever kind is requested.
        kind = None if is_pixel(raw) else self.kind
        try:
            return read_payload(raw, kind, limits=self.limits)
        except UnreadablePayload:
            if not self.as_sent:
                raise
            # Bytes have a size whatever they hold; what cannot be read is measured as an event.
            return from_document({}, raw, find_kind(self.kind or EVENT.name))

    def body(self, payload: Payload) -> bytes:
        """Return the body that is measured."""
        return payload.body if self.as_sent else payload.compact


@click.command(short_help="Measure payloads against the size limit.")
@options.files
@click.option("--kind", type=click.Choice(list(LIMITED_KINDS)), help="Kind whose limit counts; by default detected.")
@click.option("--as-sent", is_flag=True, help="Measure the bytes as they are, not those of the compact body.")
@options.pointer
@options.format_of_output
@options.quiet
@options.limits
@options.allow_empty
def size(  # noqa: PLR0913 - the options of the command
    *,
    files: FileArguments,
    kind: str | None,
    as_sent: bool,
    pointer: str,
    style: str,
    quiet: bool,
    limits: Limits,
    allow_empty: bool,
) -> int:
    """Measure payloads against the size limit, and name the paths that cost most.

    Measured are the UTF-8 bytes of the compact body, without the white space of an indented file. PATHs are read as
    `tcspec check` reads them; of NDJSON the largest payloads are listed.
    """
    paths = files.find(types=(FileType.JSON, FileType.NDJSON))
    size_options = _SizeOptions(kind, as_sent, limits, pointer)
    with show_progress("payloads", paths, is_shown=not quiet) as progress:
        measure = partial(_measure_file, size_options=size_options, advance=progress.advance)
        tally = report(iter_file_results(paths, measure), ReportOptions(style, quiet=quiet), _format_sizes)
    return exit_code(tally, found=tally.error > 0, allow_empty=allow_empty)


@dataclass(frozen=True, slots=True)
class _Measured:
    """A payload that was measured: its size, the line on which it begins, what it is, and where in an array."""

    size: int
    line: int
    payload: Payload
    pointer: str

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON has it, with the share of the limit and the paths that cost most."""
        limit = self.payload.kind.size_limit
        return {
            "line": self.line,
            "pointer": self.pointer,
            "kind": self.payload.kind.name,
            "bytes": self.size,
            "share": round(self.size / limit.hard, 4) if limit else None,
            "costliest": mask_pointers(costliest_paths(self.payload.document)),
        }


def _measure_file(run: FileRun, size_options: _SizeOptions, advance: Callable[[int], None]) -> Iterator[Result]:
    total, largest = 0, list[_Measured]()
    try:
        if detect_file_type(run.path) is FileType.CAPTURE:
            raise FileError(run.path, "it holds captured requests; `tcspec check` measures their bodies")
        contents = iter_contents(run.path, size_options.limits)
        for document in iter_parts(contents, size_options.pointer, size_options.limits):
            run.counts["payloads"] += 1
            if isinstance(document, UnreadablePayload):
                run.counts["error"] += len(document.violations)
                yield from (ViolationResult(run.path, violation) for violation in document.violations)
                continue
            advance(len(document.raw))
            try:
                payload = size_options.read(document)
            except UnreadablePayload as unreadable:
                violations = list(unreadable.violations)
            else:
                measured = _Measured(len(size_options.body(payload)), document.line, payload, document.pointer)
                total += measured.size
                # No more are kept, as each has its payload: a file may have millions.
                largest = sorted([*largest, measured], key=lambda each: -each.size)[:_LARGEST]
                violations = payload.locate(find_oversize(payload, payload.kind, as_sent=size_options.as_sent))
            for violation in violations:
                run.counts[violation.severity.value] += 1
                yield ViolationResult(run.path, document.locate(violation))
    finally:
        # A file that cannot be read to its end has sizes too.
        limit = size_limit(size_options.kind or EVENT.name)
        run.details |= {
            "bytes": total,
            "limit": {"safe": limit.safe, "hard": limit.hard},
            "largest": [measured.to_dict() for measured in largest],
        }


def _format_sizes(ended: FileFinished, colorize: Colorize) -> Iterator[str]:
    """Yield the sizes of the largest payloads of a file, with their most expensive paths."""
    for measured in ended.details["largest"]:
        inside = f" at {measured['pointer']}" if measured["pointer"] else ""
        place = colorize("path", f"{ended.path}:{measured['line']}") + inside
        limit = KINDS[measured["kind"]].size_limit
        share = f"{measured['share']:.1%} of {limit.hard:,}" if limit else f"a {measured['kind']} has no known limit"
        yield f"{place}: {format_count(measured['bytes'], 'byte')}, {share}\n"
        for pointer, weight in measured["costliest"].items():
            yield format_detail(f"{weight:,}", shorten(pointer), colorize)
    if ended.tally.payloads > _LARGEST:
        total = f"{format_count(ended.tally.payloads, 'payload')} with {format_count(ended.details['bytes'], 'byte')}"
        yield f"{colorize('path', ended.path)}: {total}; the largest are listed\n"
