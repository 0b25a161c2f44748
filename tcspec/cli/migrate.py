"""`tcspec migrate`: upgrade a file of stored events, one per line, to canonical 2.0 events."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from tcspec.cli import migrate_modes, migrate_tables, options
from tcspec.cli.exits import Exit
from tcspec.cli.migrate_output import format_files, format_summary, mask_record
from tcspec.cli.progress import show_progress
from tcspec.cli.reporting import exit_code
from tcspec.cli.terminal import choose_colors, print_error, write_data
from tcspec.detection import is_payload
from tcspec.envelopes import explain_base64, find_payload
from tcspec.files.atomic import check_place, write_file
from tcspec.files.lines import STANDARD, FileError, wrap_os_errors
from tcspec.files.remote import open_place, read_state_of
from tcspec.jsontext.reader import decode_leniently
from tcspec.migration import folders, staging
from tcspec.migration.checkpoints import GOES_ON
from tcspec.migration.filters import parse_moment
from tcspec.migration.folder_names import are_several
from tcspec.migration.job import ON_INVALID
from tcspec.migration.report import Timing, build_report, seal_report
from tcspec.reporters.json import HEAD
from tcspec.reporters.results import Tally

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tcspec.migration.details import Details
    from tcspec.migration.folders import FolderResult
    from tcspec.migration.summary import Summary

NEVER = "never"
_REPORTED = ("on_invalid", "column", "validate", "where_event", "since", "until", "dry_run")
"""The options that a report has."""


def _parse_moment(_: click.Context, __: click.Parameter, text: str | None) -> int | None:
    try:
        return None if text is None else parse_moment(text)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


@click.command(short_help="Upgrade files of events, one per line.")
@click.argument("paths", metavar="SOURCE... [TARGET]", nargs=-1, shell_complete=options.complete_files)
@options.file_option("--rejects", help="File for rejected lines; their reasons go to FILE.reasons.ndjson.")
@options.file_option(
    "--report", "report_paths", multiple=True,
    help="Write a report to a file: as a page when it is named .html, else as JSON; - is standard output.",
)  # fmt: skip
@options.file_option(
    "--verify", metavar="REPORT", help="Check a report (JSON) against the files that it names, or the table."
)
@click.option(
    "--merge-rejects", is_flag=True,
    help="Put fixed rejects back at their places in TARGET, which is named alone; --rejects FILE names them.",
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
@options.file_option(
    "--journal",
    help="Write a journal (a folder of them for several files), by which SOURCE can be written anew from TARGET "
    "with --undo.",
)  # fmt: skip
@click.option(
    "--workers", type=click.IntRange(min=1), default=1, show_default=True, metavar="N",
    help="Number of processes that upgrade; the result is the same.",
)  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Read and validate everything, write nothing but a --report.")
@click.option(
    "--validate", type=click.Choice(["on", "off"]), default="on", show_default=True,
    callback=lambda _, __, value: value == "on",
    help="Whether upgraded events are validated; what cannot be upgraded is rejected in any case.",
)  # fmt: skip
@click.option(
    "--where-event", metavar="NAME", multiple=True,
    help="Take only events with a name (repeatable); others are counted as skipped and left out.",
)  # fmt: skip
@click.option(
    "--since", metavar="TIME", callback=_parse_moment,
    help="Take only events from a date (UTC), or a time with a zone; those without a time are skipped.",
)  # fmt: skip
@click.option("--until", metavar="TIME", callback=_parse_moment, help="Take only events before a date or time.")
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
    report_paths: tuple[str, ...],
    verify: str | None,
    fail_on: str,
    style: str,
    allow_empty: bool,
    **chosen: Any,  # noqa: ANN401 - the other options
) -> int:
    """Upgrade the events of SOURCE, one per line or in a JSON array, to TARGET.

    Both may be compressed (.gz, .zst) or URLs (s3://...), and - is standard input or output. Of several files, folders
    and quoted globs TARGET is a folder, in which files keep their names. Every record has exactly one outcome, in
    order: it is upgraded, kept unchanged, or rejected with its reasons; blank lines stay, and so does what stands
    between the items of an array. With --column the payload is a member of each record, a column of a table (.csv) or
    of a Parquet file, and the rest stays as it is. Files appear when they are complete; an interrupted run continues
    with --resume. A dry run needs no TARGET.

    SOURCE can be a database (sqlite:///FILE, postgresql://...), of which --table, --key and --column name the events.
    They are upgraded --in-place, or to --into-column or --into-table with the same URL as TARGET.

    `tcspec rejects` groups rejected records by reason; fixed, they are put back with TARGET --merge-rejects.
    """
    if verify is not None:
        return migrate_modes.verify(verify, paths)
    if not paths:
        raise click.UsageError("Missing argument 'SOURCE'.")
    limits = chosen["limits"]
    reported = {name: chosen[name] for name in _REPORTED} | {"max_depth": limits.depth, "max_length": limits.length}
    details = bool(report_paths) or style != "text" or chosen["dry_run"]
    chosen |= {"report": report_paths, "details": details}
    for path in {*report_paths} - {STANDARD}:
        check_place(path)
    started, clock = datetime.now(UTC), time.monotonic()
    with _stopped_as_interrupted():
        ran = _run(paths, chosen)
    if isinstance(ran, int):
        return ran
    timing = Timing(started, time.monotonic() - clock, chosen["resume"])
    report = HEAD | build_report(ran.summary, ran.source, ran.target, reported, timing, table=ran.table)
    if chosen["dry_run"] and ran.summary.details is not None:
        report |= _describe_dry_run(ran.summary.details)
    text = seal_report(report)
    for path in report_paths:
        _write_report(path, report, text)
    _print(ran, text if style != "text" else None, is_dry=chosen["dry_run"])
    found = fail_on != NEVER and bool(ran.summary.rejected or ran.summary.invalid)
    return exit_code(Tally(payloads=ran.summary.payloads), found=found, allow_empty=allow_empty)


def _find_advice(source: str) -> str | None:
    """Return what to do when the first line of a file has a payload under a key and is none itself."""
    # A pipe cannot be opened once more: that would wait for another writer.
    if read_state_of(source) is None:
        return None
    with open_place(source) as reading:
        record = decode_leniently(reading.head.partition(b"\n")[0])
    if not isinstance(record, dict) or is_payload(record):
        return None
    pointer = find_payload(record)
    if pointer is None:
        return (advice := explain_base64(record)) and f"line 1: {advice}"
    return None if "*" in pointer else f"line 1 has its payload at {pointer}: migrate that with --column {pointer}"


@contextmanager
def _stopped_as_interrupted() -> Iterator[None]:
    """Let the signals by which a system stops a program end it as Ctrl-C does, so that it says how to go on."""
    before = {}
    # What is ignored, as by nohup, stays so; only the main thread may change what a signal does.
    if threading.current_thread() is threading.main_thread():
        signals = (getattr(signal, name, signal.SIGINT) for name in ("SIGTERM", "SIGHUP"))
        before = {each: signal.getsignal(each) for each in signals if signal.getsignal(each) is signal.SIG_DFL}
    try:
        for each in before:
            signal.signal(each, signal.default_int_handler)
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _print(ran: _Ran, report: str | None, *, is_dry: bool) -> None:
    """Print a report, to standard error beside a target that is standard output; None prints the text for people."""
    if report is None:
        colorize = choose_colors(sys.stderr)
        for line in chain(format_files(ran.files), format_summary(ran.summary, colorize, ran.unit, is_dry=is_dry)):
            print_error(line)
    # The events are on standard output, and no report must be among them.
    elif ran.target == STANDARD:
        for line in report.splitlines():
            print_error(line)
    else:
        write_data(report)


def _write_report(path: str, report: dict[str, Any], text: str) -> None:
    if path.lower().endswith((".html", ".htm")):
        from tcspec.reporters.migration_page import render  # noqa: PLC0415 - few runs write a page

        text = render(report)
    if path == STANDARD:
        write_data(text)
    else:
        write_file(path, text.encode())


def _describe_dry_run(details: Details) -> dict[str, Any]:
    """Return what a report has of a migration that wrote nothing; the samples are masked."""
    samples = [
        {**asdict(each), "before": mask_record(each.before), "after": mask_record(each.after)}
        for each in details.samples
    ]
    return {"disk_needed": dict(details.written), "samples": samples}


class _Ran(NamedTuple):
    """A migration that is complete: its counts, what was read and written, and what a record of it is called."""

    summary: Summary
    source: str | list[str]
    target: str | None
    unit: str = "line"
    files: FolderResult | None = None
    table: dict[str, Any] | None = None


def _run(paths: tuple[str, ...], chosen: dict[str, Any]) -> _Ran | Exit:
    """Migrate a table, or files, or put rejects back."""
    table_options = migrate_tables.take_options(chosen)
    has_table = migrate_tables.is_chosen(paths, table_options)
    if chosen.pop("merge_rejects"):
        if has_table:
            raise click.UsageError("--merge-rejects is for files: fix rejected rows in their table, then --resume.")
        merged = migrate_modes.merge_rejects(paths, chosen)
        return _Ran(merged, paths[0], paths[0], merged.unit)
    if has_table:
        return _run_table(paths, chosen | table_options)
    if table_options["undo"]:
        return migrate_modes.undo(paths, chosen)
    if len(paths) == 1 and not chosen["dry_run"]:
        raise click.UsageError("Missing argument 'TARGET'; only --dry-run needs none.")
    return _run_files(paths, chosen)


def _run_table(paths: tuple[str, ...], chosen: dict[str, Any]) -> _Ran | Exit:
    done = migrate_tables.run(paths, chosen)
    if isinstance(done, Exit):
        return done
    summary, name, table = done
    return _Ran(summary, name, name if len(paths) > 1 else None, "row", table=table)


def _run_files(paths: tuple[str, ...], chosen: dict[str, Any]) -> _Ran:
    """Migrate one file, or several into a folder; say how to go on when that is interrupted."""
    sources, target = (paths, None) if len(paths) == 1 else (paths[:-1], paths[-1])
    is_folder = are_several(sources)
    place = os.devnull if target is None else target
    is_interrupted = (folders if is_folder else staging).is_interrupted
    with wrap_os_errors(place):
        # What another run has left may be of other files.
        is_foreign = target is not None and not chosen["resume"] and is_interrupted(target)
    try:
        with show_progress("lines", is_shown=not (target == STANDARD and sys.stdout.isatty())) as progress:
            chosen["progress"] = lambda so_far, share: progress.update(so_far.lines, share)
            if is_folder:
                result = folders.migrate_files(sources, place, **chosen)
                named = list(sources) if len(sources) > 1 else sources[0]
                return _Ran(result.summary, named, target, result.summary.unit, result)
            summary = staging.migrate(sources[0], place, **chosen)
            if summary.invalid and not chosen["column"] and (advice := _find_advice(sources[0])):
                print_error(f"tcspec: {advice}")
            return _Ran(summary, sources[0], target, summary.unit)
    except KeyboardInterrupt:
        if target is not None and is_interrupted(target):
            print_error(f"tcspec: interrupted; {GOES_ON}")
        raise
    except FileError as error:
        if error.is_from_system and target is not None and not is_foreign and is_interrupted(target):
            error.add_note(GOES_ON)
        raise
