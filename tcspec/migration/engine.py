"""Migrate a file of stored events, one JSON text a line, to a file of canonical 2.0 events.

Every line has exactly one outcome, in order, in flat memory; rejected lines are kept verbatim beside their reasons.
Files appear when they are complete, and an interrupted migration that is resumed ends with the same bytes.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tcspec.errors import TcspecError
from tcspec.files.lines import STANDARD, FileError, iter_lines, open_source
from tcspec.jsontext.reader import DEFAULT_LIMITS, Limits
from tcspec.migration import checkpoints
from tcspec.migration.checkpoints import CannotResume, Checkpoint, Job
from tcspec.migration.outcomes import Status, migrate_record, reject_long_record
from tcspec.migration.output_files import NullSink, PartialFile, Sink, finish_partial_file, is_stream, open_stream
from tcspec.migration.rejects import Rejects, default_rejects_path, reasons_path
from tcspec.migration.summary import Summary

if TYPE_CHECKING:
    from collections.abc import Callable

    from tcspec.files.lines import Line, Source

ON_INVALID = ("keep", "reject")
"""What can be done with an upgraded event that does not meet the 2.0 contract."""

CHECKPOINT_EVERY = 20_000
"""How many lines are between two checkpoints."""

_PROGRESS_EVERY = 1_000


@dataclass(eq=False)
class MigrationError(TcspecError):
    """A migration whose files or options contradict each other."""

    reason: str

    def __str__(self) -> str:
        return self.reason


def migrate(  # noqa: PLR0913 - the options of one command
    source: str,
    target: str,
    *,
    rejects: str | None = None,
    resume: bool = False,
    on_invalid: str = "keep",
    dry_run: bool = False,
    limits: Limits = DEFAULT_LIMITS,
    checkpoint_every: int = CHECKPOINT_EVERY,
    progress: Callable[[Summary], None] | None = None,
) -> Summary:
    """Migrate a file of events, one a line.

    Args:
        source: the file to read, `-` for standard input; decompressed when its name ends with `.gz`.
        target: the file to write, `-` for standard output; compressed when its name ends with `.gz`.
        rejects: the file of rejected lines, their reasons in `<rejects>.reasons.ndjson`; by default
            `<target>.rejects.ndjson`, written only when there are any.
        resume: continue an interrupted migration of the same source to the same target.
        on_invalid: `keep` or `reject` an upgraded event that does not meet the 2.0 contract.
        dry_run: read, upgrade and validate everything, write nothing.
        limits: the maximum depth and length of a line.
        checkpoint_every: how many lines are between two checkpoints.
        progress: called with the counts now and then.

    Raises:
        FileError: when a file cannot be read, decompressed or written.
        CannotResume: when there is a checkpoint of another job.
        MigrationError: when the files or options contradict each other.
    """
    job = _build_job(
        source,
        target,
        rejects or default_rejects_path(target),
        on_invalid=on_invalid,
        limits=limits,
        every=checkpoint_every,
    )
    _check(job, resume=resume)
    with open_source(source) as reading:
        checkpoint = checkpoints.load(job) if resume and not dry_run else None
        if checkpoint and checkpoint.is_complete:
            return _finish_interrupted(checkpoint)
        if dry_run:
            migration = _start_dry_run(job)
        elif checkpoint:
            migration = _resume(checkpoint, reading)
        else:
            migration = _start(job, has_rejects_option=rejects is not None)
        with closing(migration):
            for line in iter_lines(reading, limits.length, number=migration.number, offset=migration.offset):
                migration.process(line)
                if migration.is_resumable and line.number % job.every == 0:
                    migration.save_checkpoint()
                if progress and line.number % _PROGRESS_EVERY == 0:
                    progress(migration.summary)
            migration.finish(always_rejects=rejects is not None)
    return migration.summary


@dataclass(slots=True)
class _Migration:
    """A migration in progress."""

    job: Job
    target: Sink
    rejects: Rejects
    summary: Summary
    number: int = 0
    offset: int = 0
    has_checkpoint: bool = False

    @property
    def is_resumable(self) -> bool:
        """Return whether source, target and rejects are files, so that the migration can be resumed."""
        is_written_to_files = isinstance(self.target, PartialFile) and isinstance(self.rejects.lines, PartialFile)
        return is_written_to_files and self.job.source_modified_ns > 0

    def process(self, line: Line) -> None:
        """Migrate one line."""
        limits, on_invalid = Limits(self.job.depth, self.job.length), self.job.on_invalid
        outcome = reject_long_record(limits) if line.rest else migrate_record(line.content, limits, on_invalid)
        length = len(line.raw)
        if outcome.status is Status.REJECTED:
            length = self.rejects.write(line, outcome)
        else:
            self.target.write(outcome.payload + line.ending)
        self.summary.add(outcome, length)
        self.number, self.offset = line.number, line.offset + length

    def save_checkpoint(self, *, is_complete: bool = False) -> None:
        """Write all output to disk, and a checkpoint of it."""
        offsets = (self.target.sync(), self.rejects.lines.sync(), self.rejects.reasons.sync())
        summary = self.summary.to_dict()
        checkpoints.save(Checkpoint(self.job, self.number, self.offset, *offsets, summary, is_complete))
        self.has_checkpoint = True

    def finish(self, *, always_rejects: bool) -> None:
        """Move every file into its place."""
        if self.summary.rejected or always_rejects:
            self.summary.rejects_path = self.job.rejects
        # Killed between two of these moves, the migration is resumed with the others: see `_finish_interrupted`.
        if self.is_resumable:
            self.save_checkpoint(is_complete=True)
        self.rejects.finish(always=always_rejects)
        self.target.finish()
        if self.is_resumable:
            checkpoints.remove(self.job.target)

    def close(self) -> None:
        """Close every file; partial ones are removed when they cannot be resumed and their source can be read again."""
        is_useless = self.job.source_modified_ns and not self.has_checkpoint
        for sink in (self.target, self.rejects.lines, self.rejects.reasons):
            if is_useless:
                sink.discard()
            else:
                sink.close()


def _start(job: Job, *, has_rejects_option: bool) -> _Migration:
    checkpoints.remove(job.target)
    target = open_stream(job.target) if is_stream(job.target) else PartialFile.create(job.target)
    create = Rejects.create_lazily if is_stream(job.target) and not has_rejects_option else Rejects.create
    try:
        return _Migration(job, target, create(job.rejects, job.source), Summary())
    except FileError:
        target.discard()
        raise


def _resume(checkpoint: Checkpoint, source: Source) -> _Migration:
    job = checkpoint.job
    target = PartialFile.resume(job.target, checkpoint.target)
    rejects = Rejects.resume(job.rejects, job.source, checkpoint.rejects, checkpoint.reasons)
    source.seek(checkpoint.offset)
    summary = checkpoint.build_summary()
    return _Migration(job, target, rejects, summary, checkpoint.number, checkpoint.offset, has_checkpoint=True)


def _start_dry_run(job: Job) -> _Migration:
    return _Migration(job, NullSink(), Rejects(job.source, NullSink(), NullSink()), Summary())


def _finish_interrupted(checkpoint: Checkpoint) -> Summary:
    """Finish a migration that was killed after its last line, while its files were moved into their places."""
    job = checkpoint.job
    for path in (job.rejects, reasons_path(job.rejects), job.target):
        finish_partial_file(Path(path).resolve())
    checkpoints.remove(job.target)
    return checkpoint.build_summary()


def _build_job(  # noqa: PLR0913 - the options of one command
    source: str, target: str, rejects: str, *, on_invalid: str, limits: Limits, every: int
) -> Job:
    size = modified = 0
    if source != STANDARD and Path(source).is_file():
        status = Path(source).stat()
        size, modified = status.st_size, status.st_mtime_ns
    paths = [path if is_stream(path) else str(Path(path).resolve()) for path in (source, target, rejects)]
    return Job(paths[0], size, modified, paths[1], paths[2], on_invalid, limits.depth, limits.length, every)


def _check(job: Job, *, resume: bool) -> None:
    paths = [job.source, job.target, job.rejects, reasons_path(job.rejects)]
    files = [path for path in paths if not is_stream(path)]
    if len(set(files)) < len(files):
        raise MigrationError("source, target and rejects must be different files")
    if job.rejects == STANDARD:
        raise MigrationError("rejects cannot be written to standard output")
    if job.on_invalid not in ON_INVALID:
        raise MigrationError(f"expected {' or '.join(ON_INVALID)} for invalid events, got {job.on_invalid!r}")
    if resume and (not job.source_modified_ns or is_stream(job.target) or is_stream(job.rejects)):
        raise CannotResume("source, target and rejects must be files; a pipe cannot be read again")
