"""`tcspec migrate`: upgrade a file of stored events, one per line, to canonical 2.0 events."""

from __future__ import annotations

import json
import os
import sys
from itertools import chain
from typing import TYPE_CHECKING, Any

import click

from tcspec.cli import migrate_tables, options
from tcspec.cli.progress import show_progress
from tcspec.cli.reporting import exit_code
from tcspec.cli.terminal import choose_colors, print_error, write_data
from tcspec.codes import CODES
from tcspec.files.atomic import write_file
from tcspec.files.lines import STANDARD
from tcspec.files.selection import needs_search
from tcspec.jsontext.reader import Limits
from tcspec.migration import engine, folders
from tcspec.migration.job import ON_INVALID
from tcspec.migration.summary import LISTED
from tcspec.reporters.json import HEAD
from tcspec.reporters.results import Tally
from tcspec.reporters.text import format_count, format_detail
from tcspec.timestamps import UNIT_NAMES
from tcspec.upgrades.changes import CHANGES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tcspec.migration.folders import FolderResult
    from tcspec.migration.summary import Summary
    from tcspec.reporters.printing import Colorize

NEVER = "never"

_SHOWN = 5
"""How many invalid events the text lists."""


@click.command(short_help="Upgrade files of events, one per line.")
@click.argument("paths", metavar="SOURCE... [TARGET]", nargs=-1, required=True, shell_complete=options.complete_files)
@click.option(
    "--rejects", metavar="FILE", shell_complete=options.complete_files,
    help="File for rejected lines; their reasons go to FILE.reasons.ndjson.",
)  # fmt: skip
@click.option(
    "--report", "report_path", metavar="FILE", shell_complete=options.complete_files,
    help="Write the summary to a file as JSON; - is standard output.",
)  # fmt: skip
@click.option("--resume", is_flag=True, help="Continue an interrupted migration of the same files.")
@click.option("--force", is_flag=True, help="Replace TARGET when it exists, and start an interrupted migration again.")
@click.option(
    "--on-invalid", type=click.Choice(ON_INVALID), default="keep", show_default=True,
    help="What to do with upgraded events that do not meet the 2.0 contract.",
)  # fmt: skip
@click.option(
    "--column", metavar="NAME",
    help="Member of each row that has the payload (deeper: a.b or /a/b), or column of a table (.csv).",
)  # fmt: skip
@click.option(
    "--workers", type=click.IntRange(min=1), default=1, show_default=True, metavar="N",
    help="Number of processes that upgrade; the result is the same.",
)  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Read and validate everything, write nothing.")
@click.option(
    "--fail-on", type=click.Choice(["error", NEVER]), default="error", show_default=True,
    help="Whether rejects and invalid events make the exit code 1.",
)  # fmt: skip
@migrate_tables.table_options
@options.format_of_output
@options.limits
@options.allow_empty
def migrate(  # noqa: PLR0913 - the options of the command
    *,
    paths: tuple[str, ...],
    rejects: str | None,
    report_path: str | None,
    resume: bool,
    on_invalid: str,
    force: bool,
    column: str | None,
    workers: int,
    dry_run: bool,
    fail_on: str,
    style: str,
    max_depth: int,
    max_length: int,
    allow_empty: bool,
    **table_options: Any,  # noqa: ANN401 - the options of `migrate_tables`
) -> int:
    """Upgrade the events of SOURCE, one per line or in a JSON array, to TARGET.

    Both may be compressed (.gz, .zst), and - is standard input or output. Of several files, folders and quoted globs
    TARGET is a folder, in which files keep their names. Every line has exactly one outcome, in order:
    it is upgraded, kept unchanged, or rejected with its reasons; blank lines stay, and so does what stands between
    the items of an array. With --column the
    payload is a member of each line, and the rest of the line stays byte for byte. Files appear when they are complete;
    an interrupted run continues with --resume. A dry run needs no TARGET.

    SOURCE can be a database (sqlite:///FILE, postgresql://...), of which --table, --key and --column name the events.
    They are upgraded --in-place, or to --into-column or --into-table with the same URL as TARGET.
    """
    sources, target = (paths, None) if len(paths) == 1 else (paths[:-1], paths[-1])
    has_table = migrate_tables.is_chosen(paths, table_options)
    if target is None and not dry_run and not has_table:
        raise click.UsageError("Missing argument 'TARGET'; only --dry-run needs none.")
    options_of_run: dict[str, Any] = {
        "rejects": rejects,
        "report": report_path,
        "resume": resume,
        "force": force,
        "on_invalid": on_invalid,
        "column": column,
        "workers": workers,
        "dry_run": dry_run,
        "limits": Limits(max_depth, max_length),
    }
    if has_table:
        done = migrate_tables.run(paths, {**options_of_run, **table_options})
        if isinstance(done, int):
            return done
        (summary, name), result = done, None
        sources, target = (name,), None if target is None else name
    else:
        summary, result = _run(sources, target, options_of_run)
    unit = "row" if has_table else summary.unit
    source = list(sources) if len(sources) > 1 else sources[0]
    report = json.dumps(HEAD | {"source": source, "target": target, "summary": summary.to_dict()}, indent=2) + "\n"
    if report_path == STANDARD:
        write_data(report)
    elif report_path is not None:
        write_file(report_path, report.encode())
    if style == "text":
        colorize = choose_colors(sys.stderr)
        for line in chain(_format_files(result), _format_summary(summary, colorize, unit, is_dry=dry_run)):
            print_error(line)
    elif target == STANDARD:
        for line in report.splitlines():
            print_error(line)
    else:
        write_data(report)
    found = fail_on != NEVER and bool(summary.rejected or summary.invalid)
    return exit_code(Tally(payloads=summary.payloads), found=found, allow_empty=allow_empty)


def _run(
    sources: tuple[str, ...], target: str | None, options_of_run: dict[str, Any]
) -> tuple[Summary, FolderResult | None]:
    """Migrate one file, or several into a folder; say how to go on when that is interrupted."""
    is_folder = len(sources) > 1 or needs_search(sources)
    place = os.devnull if target is None else target
    try:
        with show_progress("lines", is_shown=not (target == STANDARD and sys.stdout.isatty())) as progress:
            options_of_run["progress"] = lambda so_far: progress.update(so_far.lines)
            if is_folder:
                result = folders.migrate_files(sources, place, **options_of_run)
                return result.summary, result
            return engine.migrate(sources[0], place, **options_of_run), None
    except KeyboardInterrupt:
        if target is not None and (folders if is_folder else engine).is_interrupted(target):
            print_error("tcspec: interrupted; the same command with --resume goes on")
        raise


def _format_files(result: FolderResult | None) -> Iterator[str]:
    """Yield how many files there were, and which were left out; nothing of a single one."""
    if result is None:
        return
    yield f"{format_count(result.files, 'file')}\n"
    if result.left_out:
        more = f" and {len(result.left_out) - 1:,} more" if len(result.left_out) > 1 else ""
        yield f"Not migrated, because not named .ndjson or .jsonl: {result.left_out[0]}{more}\n"


def _format_summary(summary: Summary, colorize: Colorize, unit: str, *, is_dry: bool) -> Iterator[str]:
    """Yield the lines of the summary: outcomes, changes, violations, and where the rejects are."""
    outcomes = {name: getattr(summary, name) for name in ("upgraded", "unchanged", "rejected", "blank")}
    counts = ", ".join(f"{count:,} {name}" for name, count in outcomes.items() if count)
    lines = format_count(summary.lines, unit) or f"no {unit}"
    yield f"{lines}{': ' if counts else ''}{counts}{' (nothing written)' * is_dry}\n"
    if summary.changes:
        yield colorize("path", "Changes, by number of events:\n")
        for name, change in CHANGES.items():
            if count := summary.changes[name]:
                yield format_detail(f"{count:,}", change.title, colorize)
    if summary.kept:
        yield format_detail(f"{summary.kept:,}", "values without a place in 2.0, kept under `context.legacy`", colorize)
    yield from _format_times(summary, colorize)
    if summary.codes:
        yield colorize("path", "Violations:\n")
        for code, count in sorted(summary.codes.items()):
            yield format_detail(f"{count:,}", f"{code} {CODES[code].title}", colorize)
    if summary.invalid:
        yield from _format_invalid(summary, colorize, unit)
    if summary.rejected and summary.rejects_path and not is_dry:
        yield f"Rejected {unit}s are in {summary.rejects_path}, their reasons beside it\n"


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
        origin = f"{unit} {event.line:,}{f' of {event.source}' if event.source else ''}"
        yield format_detail(f"{unit} {event.target_line:,}", f"{codes}, from {origin}", colorize)
    if (more := summary.invalid - _SHOWN) > 0:
        yield format_detail("...", f"and {more:,} more; --report FILE lists the first {LISTED:,}", colorize)
