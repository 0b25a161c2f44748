"""Migrate a file of stored events, one JSON text a line or a JSON array, to a file of canonical 2.0 events.

Every record has exactly one outcome, in order, in flat memory; rejected ones are kept verbatim beside their reasons.
Files appear when they are complete, and an interrupted migration that is resumed ends with the same bytes. Until then
everything is in a working folder, which is locked.
"""

from __future__ import annotations

import os
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tcspec.files.documents import FileType, detect_file_type
from tcspec.files.formats import explain_lines
from tcspec.files.identity import read_state
from tcspec.files.lines import STANDARD, FileError
from tcspec.files.remote import is_remote, open_place, read_remote_state
from tcspec.jsontext.reader import DEFAULT_LIMITS, Limits
from tcspec.migration import checkpoints
from tcspec.migration.distinct_files import check_names
from tcspec.migration.job import (
    JOURNAL,
    REASONS,
    REJECTS,
    ROLES,
    TARGET,
    Job,
    MigrationError,
    is_stream,
    name_files,
    plan_job,
)
from tcspec.migration.measured import MeasuredOutput
from tcspec.migration.output_files import CannotResume, CompleteFile, OutputFile
from tcspec.migration.record_formats import PARQUET_START, RecordFormat, find_format
from tcspec.migration.running import Run, open_outputs
from tcspec.migration.shares import add_share
from tcspec.migration.tables import is_table
from tcspec.migration.undo_journal import is_journal
from tcspec.migration.working_folder import WorkingFolder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tcspec.files.identity import FileState
    from tcspec.files.lines import Source
    from tcspec.migration.checkpoints import Checkpoint
    from tcspec.migration.output_files import Output
    from tcspec.migration.shares import OnProgress
    from tcspec.migration.summary import Summary

CHECKPOINT_EVERY = 10_000
"""How many lines are between two checkpoints."""
_MOVED = (JOURNAL, *reversed(ROLES))
"""The outputs in the order in which they are moved: rejects first, and where the target is, everything is."""


def migrate(  # noqa: PLR0913 - the options of one command
    source: str,
    target: str,
    *,
    rejects: str | None = None,
    report: str | Sequence[str] = (),
    details: bool = False,
    resume: bool = False,
    force: bool = False,
    on_invalid: str = "keep",
    validate: bool = True,
    where_event: Sequence[str] = (),
    since: int | None = None,
    until: int | None = None,
    column: str | None = None,
    journal: str | None = None,
    dry_run: bool = False,
    has_empty_rejects: bool = True,
    measured: Mapping[str, Output] | None = None,
    limits: Limits = DEFAULT_LIMITS,
    checkpoint_every: int = CHECKPOINT_EVERY,
    workers: int = 1,
    progress: OnProgress | None = None,
    done: Callable[[Summary], None] | None = None,
) -> Summary:
    """Migrate a file of events, one a line or in a JSON array.

    Args:
        source: the file or URL to read, `-` for standard input; decompressed when it is gzip.
        target: the file to write, `-` for standard output; compressed when its name ends with `.gz`.
        rejects: the file of rejected lines, their reasons in `<rejects>.reasons.ndjson`; by default
            `<target>.rejects.ndjson` (of an array `.json`), written only when there are any. Beside a stream there is
            no default.
        report: the file or files that the caller will write the summary to; none may be one of the others.
        details: whether the summary has more than the counts: dialects, names, kept values, digests of the files.
        resume: continue an interrupted migration of the same source to the same target, if there is one.
        force: replace a target that exists, and start again where a migration was interrupted.
        on_invalid: `keep` or `reject` an upgraded event that does not meet the 2.0 contract.
        validate: whether upgraded events are validated.
        where_event: the names of the events to take; by default all are.
        since: the first time of an event to take, in epoch milliseconds.
        until: the first time that is not taken any more.
        column: the member of each row that has its payload, as an object or as JSON text in a string; with dots or as
            a JSON Pointer when it is deeper; or the column of a table (CSV). By default it is the whole line.
        journal: a file by which the source can be written anew from the target; by default there is none.
        dry_run: read, upgrade and validate everything, write nothing.
        has_empty_rejects: whether a file for rejects that was named is written when there are none.
        measured: what takes the outputs of a dry run, by their role; by default their sizes are measured.
        limits: the maximum depth and length of a line.
        checkpoint_every: how many lines are between two checkpoints.
        workers: how many processes upgrade; the result is the same. A stream, beside which there is no working folder,
            is written by one, and so is an array.
        progress: called with the counts, and the share of the source that was read, now and then.
        done: called with the counts when everything is in its place, and can still be resumed.

    Raises:
        FileError: when a file cannot be read, decompressed or written, or was changed by another program meanwhile.
        CannotResume: when there is a checkpoint of another job, or its files are not as they were.
        MigrationError: when the files or options contradict each other, or the target exists.
        NoPlaceForRejects: when a line is rejected, the target is a stream, and no file for rejects was named.
    """
    with open_place(source, binary=(PARQUET_START,)) as reading:
        # A pipe has no name, but what is written is of the same format.
        record_format = find_format(target if source == STANDARD and is_table(target) else source, reading.head, column)
        # What no line feed follows is no first line of a table.
        header = reading.head.partition(b"\n")[0] if record_format is RecordFormat.TABLE and reading.head else None
        job = plan_job(
            source,
            target,
            rejects,
            stream=reading.stream,
            on_invalid=on_invalid,
            limits=limits,
            every=checkpoint_every,
            column=column,
            header=header,
            record_format=record_format,
            validates=validate,
            names=tuple(where_event),
            since=since,
            until=until,
            has_details=details,
            state=read_remote_state(source) if is_remote(source) else None,
            journal=journal,
        )
        if resume and not job.is_resumable:
            raise CannotResume("source, target and rejects must be files; a pipe cannot be read again")
        reports = [report] if isinstance(report, str) else list(report)
        check_names(job, reading.stream, sys.stdout.buffer if target == STANDARD else None, reports)
        if detect_file_type(source) is FileType.CAPTURE:
            raise FileError(reading.path, "it holds captured requests, which are as they were sent")
        if is_journal(reading.head):
            raise FileError(reading.path, "is a journal of a migration; name it with --undo --journal")
        if record_format is RecordFormat.LINES and (reason := explain_lines(reading.head)):
            raise FileError(reading.path, reason)
        if workers < 1:
            raise MigrationError(f"expected at least one worker, got {workers}")
        names = name_files(job, source, target, rejects, journal)
        show = add_share(progress, reading, job.source_size, record_format)
        if dry_run:
            # A dry run has no folder for the copies by which a pipe or a compressed source is divided.
            is_divisible = job.is_divisible and not reading.is_compressed
            roles = (*ROLES, *([JOURNAL] if journal else ()))
            nothing = measured or {role: MeasuredOutput(names[role] or "") for role in roles}
            wanted = {TARGET} if rejects is None else {TARGET, REJECTS}
            return _run(Run(job, reading, nothing, workers if is_divisible else 1, None, wanted), names, show)
        if job.folder is None:
            with open_outputs(job) as outputs:
                return _run(Run(job, reading, outputs), names, show)
        plan = _Plan(
            job, reading, names, is_asked=rejects is not None and has_empty_rejects, workers=workers, progress=show
        )
        with closing(WorkingFolder.acquire(job.folder)) as folder:
            summary = _write_files(plan, folder, resume=resume, force=force)
            if done:
                done(summary)
            folder.remove()
            return summary


def is_interrupted(target: str) -> bool:
    """Return whether a migration to a target was interrupted and can be resumed."""
    return not is_stream(target) and checkpoints.find(WorkingFolder.beside(Path(os.path.realpath(target))))


def _run(run: Run, names: Mapping[str, str | None], progress: Callable[[Summary], None] | None) -> Summary:
    """Migrate without a working folder: to streams, or to nothing."""
    summary = run.migrate(progress)
    run.note_files(names, {})
    return summary


@dataclass(frozen=True, slots=True)
class _Plan:
    """A job with its open source, the files as they were named, whether rejects were, and how it is run."""

    job: Job
    source: Source
    names: Mapping[str, str | None]
    is_asked: bool
    workers: int
    progress: Callable[[Summary], None] | None


def _write_files(plan: _Plan, folder: WorkingFolder, *, resume: bool, force: bool) -> Summary:
    """Migrate, or go on, and move the outputs to their places once they are complete."""
    job = plan.job
    checkpoint = checkpoints.load(folder.path, job) if resume else None
    # Noted before anything is written: what others write there meanwhile is not replaced.
    before = {role: read_state(path) for role, path in job.outputs.items()}
    # When it is complete, the run before was stopped while it moved the outputs.
    complete: Mapping[str, CompleteFile] = checkpoint.find_complete(folder.path) if checkpoint is not None else {}
    if checkpoint is not None and not force:
        checkpoints.check_places(job.outputs, checkpoint.before, before, complete)
    if checkpoint is None and not force:
        _refuse_to_replace(job, folder, before, resume=resume)
    if checkpoint is not None and checkpoint.is_complete:
        summary = checkpoint.summary
    else:
        summary, complete = _write_outputs(plan, folder, checkpoint, before)
    for role in sorted(complete, key=_MOVED.index):
        complete[role].move(before[role])
    return summary


def _refuse_to_replace(
    job: Job, folder: WorkingFolder, before: Mapping[str, FileState | None], *, resume: bool
) -> None:
    if checkpoints.find(folder.path):
        raise checkpoints.explain_interrupted(folder.path)
    # Rejects may have been fixed by hand since; an empty file has nothing to lose.
    kept = (role for role, state in before.items() if state is not None and (role == TARGET or state.size))
    existing = next((job.outputs[role] for role in kept), None)
    if existing is not None:
        # The folder was only made to have the lock.
        folder.clear()
        folder.remove()
        raise checkpoints.explain_existing(existing, resume=resume)


def _write_outputs(
    plan: _Plan, folder: WorkingFolder, checkpoint: Checkpoint | None, before: Mapping[str, FileState | None]
) -> tuple[Summary, Mapping[str, CompleteFile]]:
    """Read the source to its end, write the outputs, and return the counts and the files by their role.

    Args:
        plan: what is to be done.
        folder: the working folder.
        checkpoint: where to go on; None begins at the first line.
        before: the states of the places of the outputs.
    """
    job, source = plan.job, plan.source
    # Without rejects there is no file of them, unless it was asked for or replaces an older one.
    asked = {TARGET, JOURNAL, *(ROLES if plan.is_asked else ())}
    wanted = {role for role in job.outputs if role in asked or before[role]}
    if checkpoint is None:
        folder.clear()
        folder.mark(has_repeatable_source=job.has_repeatable_source)
    try:
        with open_outputs(job, folder.path, checkpoint, read_state(source.stream)) as outputs:
            files = {role: output for role, output in outputs.items() if isinstance(output, OutputFile)}
            run = Run(job, source, outputs, plan.workers, folder.path, wanted, before)
            if checkpoint is not None:
                run.skip(checkpoint)

            def save(_: Summary) -> None:
                for file in files.values():
                    file.sync()
                contents = {role: file.content for role, file in files.items()}
                checkpoints.save(folder.path, run.build_checkpoint(contents))

            summary = run.migrate(plan.progress, save if job.is_resumable else None)
            if REJECTS in wanted:
                summary.rejects_path = job.rejects
            # Of a table they have the names of its columns, even when there are none.
            empty = set() if summary.rejected else {REJECTS, REASONS}
            complete = {
                role: file.complete()
                for role, file in files.items()
                if role in wanted or (file.size and role not in empty)
            }
            contents = {role: file.content for role, file in complete.items()}
            run.note_files(plan.names, contents)
            if job.is_resumable:
                checkpoints.save(folder.path, run.build_checkpoint(contents, is_complete=True))
            return summary, complete
    except BaseException:
        # What cannot be resumed, and can be made again, is of no use to anybody.
        if job.has_repeatable_source and not checkpoints.find(folder.path):
            folder.remove()
        raise
