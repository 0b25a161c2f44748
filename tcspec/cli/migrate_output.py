"""What `tcspec migrate` prints: the summary of a run, for people."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from tcspec.codes import CODES
from tcspec.detection import is_payload
from tcspec.errors import TcspecError
from tcspec.migration.folder_names import TAKEN
from tcspec.migration.summary import LISTED
from tcspec.payload import read_payload
from tcspec.reporters.masking import masked
from tcspec.reporters.printing import printable
from tcspec.reporters.results import SourceText
from tcspec.reporters.text import format_count, format_detail, shorten
from tcspec.timestamps import UNIT_NAMES
from tcspec.upgrades.changes import CHANGES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tcspec.migration.details import Details
    from tcspec.migration.folders import FolderResult
    from tcspec.migration.summary import Summary
    from tcspec.reporters.printing import Colorize

_SHOWN = 5
"""How many invalid events and files the text lists."""
_LONGEST_SAMPLE = 1_000


def format_files(result: FolderResult | None) -> Iterator[str]:
    """Yield how many files there were, and which were left out; nothing of a single one."""
    if result is None:
        return
    yield f"{format_count(result.files, 'file')}\n"
    if result.left_out:
        more = f" and {len(result.left_out) - _SHOWN:,} more" if len(result.left_out) > _SHOWN else ""
        listed = ", ".join(result.left_out[:_SHOWN])
        yield f"Not migrated, because not named {TAKEN}, behind a link, or written by tcspec: {listed}{more}\n"


def format_summary(summary: Summary, colorize: Colorize, unit: str, *, is_dry: bool) -> Iterator[str]:
    """Yield the lines of the summary: outcomes, changes, violations, and where the rejects are."""
    outcomes = {name: getattr(summary, name) for name in ("upgraded", "unchanged", "rejected", "skipped", "blank")}
    counts = ", ".join(f"{count:,} {name}" for name, count in outcomes.items() if count)
    lines = format_count(summary.lines, unit) or f"no {unit}"
    yield f"{lines}{': ' if counts else ''}{counts}{' (nothing written)' * is_dry}\n"
    yield from _format_changes(summary, colorize)
    yield from _format_times(summary, colorize)
    if summary.codes:
        yield colorize("path", "Violations:\n")
        for code, count in sorted(summary.codes.items()):
            yield format_detail(f"{count:,}", f"{code} {CODES[code].title}", colorize)
    if summary.invalid:
        yield from _format_invalid(summary, colorize, unit)
    if summary.rejected and summary.rejects_path and not is_dry:
        yield f"Rejected {unit}s are in {summary.rejects_path}, their reasons beside it\n"
    if summary.details is not None and is_dry:
        yield from _format_dry_run(summary.details, colorize, unit)


def _format_changes(summary: Summary, colorize: Colorize) -> Iterator[str]:
    """Yield how many events were changed how, and what became of values without a place."""
    if summary.changes:
        yield colorize("path", "Changes, by number of events:\n")
        for name, change in CHANGES.items():
            if count := summary.changes[name]:
                yield format_detail(f"{count:,}", change.title, colorize)
    if summary.kept:
        yield format_detail(f"{summary.kept:,}", "values without a place in 2.0, kept under `context.legacy`", colorize)
    if summary.details is not None and summary.details.oversize:
        yield format_detail(f"{summary.details.oversize:,}", "events exceed a size limit since their upgrade", colorize)


def _format_times(summary: Summary, colorize: Colorize) -> Iterator[str]:
    """Yield how many times were converted from each unit, and how many may be wrong."""
    names = {**UNIT_NAMES, "ms": "milliseconds in a string or float", "text": "RFC 3339"}
    counts = {f"converted from {name}": summary.converted_times[unit] for unit, name in names.items()}
    counts |= {"before 2010": summary.old_times, "after the time of this run": summary.future_times}
    if any(counts.values()):
        yield colorize("path", "Times of events:\n")
        for title, count in counts.items():
            if count:
                yield format_detail(f"{count:,}", title, colorize)


def _format_invalid(summary: Summary, colorize: Colorize, unit: str) -> Iterator[str]:
    """Yield how many events were kept that are invalid, and where the first of them are."""
    events = format_count(summary.invalid, "upgraded event")
    fail = "does not meet" if summary.invalid == 1 else "do not meet"
    yield f"{events} kept that {fail} the 2.0 contract (divert them with --on-invalid reject):\n"
    for event in summary.invalid_events[:_SHOWN]:
        codes = ", ".join(event.codes)
        if event.key is not None:
            yield format_detail(f"key {event.key}", codes, colorize)
            continue
        origin = f"{unit} {event.line:,}{f' of {event.source}' if event.source else ''}"
        yield format_detail(f"{unit} {event.target_line:,}", f"{codes}, from {origin}", colorize)
    if (more := summary.invalid - _SHOWN) > 0:
        yield format_detail("...", f"and {more:,} more; --report FILE lists the first {LISTED:,}", colorize)


def mask_record(text: str) -> str:
    """Return a record as it may be shown: values that may be personal are asterisks."""
    raw = text.encode()
    payload = None
    with suppress(TcspecError):
        payload = read_payload(raw)
    # Of an object that does not look like a payload only the keys may be shown.
    if payload is not None and not is_payload(payload.document):
        payload = None
    return printable(shorten(masked(SourceText(raw, payload=payload)), _LONGEST_SAMPLE))


def _format_dry_run(details: Details, colorize: Colorize, unit: str) -> Iterator[str]:
    """Yield how much a migration would write, and an event of some dialects before and after, masked."""
    if details.written:
        yield from _format_sizes(details)
    for sample in details.samples:
        yield colorize("path", f"{unit} {sample.line:,}, {sample.dialect}:\n")
        yield format_detail("before", mask_record(sample.before), colorize)
        yield format_detail("after", mask_record(sample.after), colorize)


def _format_sizes(details: Details) -> Iterator[str]:
    sizes = {"target": details.written["target"], "rejects": details.written["rejects"] + details.written["reasons"]}
    sizes["originals"] = details.written["originals"]
    needed = ", ".join(f"{size:,} bytes of {name}" for name, size in sizes.items() if size)
    yield f"Disk needed: {needed or 'none'}\n"
