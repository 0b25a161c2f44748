"""Migrate a file of stored events, one JSON text a line, to a file of canonical 2.0 events.

Every line has exactly one outcome, in order, in flat memory; what is rejected is kept verbatim beside its reasons.
Files appear when they are whole, and a migration that was killed can be taken up again and ends byte for byte the
same.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tcspec.errors import TcspecError
from tcspec.files.lines import STANDARD, UnreadableFile, iter_lines, open_source
from tcspec.jsontext.reader import DEFAULT_LIMITS, Limits
from tcspec.migration import checkpoints
from tcspec.migration.checkpoints import CannotResume, Checkpoint, Job
from tcspec.migration.outcomes import Fate, outcome_of, too_long
from tcspec.migration.output_files import Nowhere, Part, Sink, is_pipe, pipe, put_in_place
from tcspec.migration.rejects import Rejects, default_path, reasons_beside
from tcspec.migration.summary import Summary

if TYPE_CHECKING:
    from collections.abc import Callable

    from tcspec.files.lines import Line, Source

ON_INVALID = ("keep", "reject")
"""What can be done with an event that breaks the 2.0 contract once it is upgraded."""

CHECKPOINT_EVERY = 20_000
"""After how many lines a checkpoint is made."""

_TELL_EVERY = 1_000


@dataclass
class Misuse(TcspecError):  # noqa: N818 - what a user reads is the sentence
    """A migration was asked for that makes no sense."""

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
        source: the file to read, `-` for standard input; a name that ends with `.gz` is decompressed.
        target: the file to write, `-` for standard output; a name that ends with `.gz` is compressed.
        rejects: where the lines go that are rejected, their reasons in `<rejects>.reasons.ndjson`; by default
            `<target>.rejects.ndjson`, written only when there are any.
        resume: go on where a migration of the same source to the same target was stopped.
        on_invalid: `keep` or `reject` an event that breaks the 2.0 contract once it is upgraded.
        dry_run: read and judge everything, write nothing.
        limits: what bounds the depth and the length of a line.
        checkpoint_every: after how many lines a checkpoint is made.
        progress: called with the counts now and then.

    Raises:
        UnreadableFile: when a file cannot be read, decompressed or written.
        CannotResume: when there is a checkpoint, but of another job.
        Misuse: when the paths make no sense together.
    """
    job = _job(
        source, target, rejects or default_path(target), on_invalid=on_invalid, limits=limits, every=checkpoint_every
    )
    _check(job, resume=resume)
    with open_source(source) as reading:
        checkpoint = checkpoints.load(job) if resume and not dry_run else None
        if checkpoint and checkpoint.is_complete:
            return _put_in_place(checkpoint)
        if dry_run:
            run = _dry(job)
        elif checkpoint:
            run = _resumed(checkpoint, reading)
        else:
            run = _begun(job, asks_for_rejects=rejects is not None)
        with closing(run):
            for line in iter_lines(reading, limits.length, number=run.number, offset=run.offset):
                run.take(line)
                if run.is_resumable and line.number % job.every == 0:
                    run.save_checkpoint()
                if progress and line.number % _TELL_EVERY == 0:
                    progress(run.summary)
            run.finish(always_rejects=rejects is not None)
    return run.summary


@dataclass(slots=True)
class _Run:
    """A migration on its way."""

    job: Job
    target: Sink
    rejects: Rejects
    summary: Summary
    number: int = 0
    offset: int = 0
    has_checkpoint: bool = False

    @property
    def is_resumable(self) -> bool:
        """Tell whether both ends are files that can be taken up again."""
        return isinstance(self.target, Part) and isinstance(self.rejects.raw, Part) and self.job.source_modified_ns > 0

    def take(self, line: Line) -> None:
        """Give a line its outcome."""
        limits = Limits(self.job.depth, self.job.length)
        outcome = (
            too_long(len(line.raw), limits) if line.rest else outcome_of(line.content, limits, self.job.on_invalid)
        )
        length = len(line.raw)
        if outcome.fate is Fate.REJECTED:
            length = self.rejects.write(line, outcome)
        else:
            self.target.write(outcome.payload + line.ending)
        self.summary.count(outcome, length)
        self.number, self.offset = line.number, line.offset + length

    def save_checkpoint(self, *, is_complete: bool = False) -> None:
        """Bring everything to the disk, and say there where it stands."""
        marks = (self.target.mark(), self.rejects.raw.mark(), self.rejects.reasons.mark())
        summary = self.summary.as_dict()
        checkpoints.save(Checkpoint(self.job, self.number, self.offset, *marks, summary, is_complete))
        self.has_checkpoint = True

    def finish(self, *, always_rejects: bool) -> None:
        """Put every file in its place."""
        if self.summary.rejected or always_rejects:
            self.summary.rejects_path = self.job.rejects
        if self.is_resumable:
            self.save_checkpoint(is_complete=True)
        self.rejects.finish(always=always_rejects)
        self.target.finish()
        if self.is_resumable:
            checkpoints.remove(self.job.target)

    def close(self) -> None:
        """Leave every file as it is; what nobody can go on with is taken away, unless its source is gone too."""
        is_useless = self.job.source_modified_ns and not self.has_checkpoint
        for sink in (self.target, self.rejects.raw, self.rejects.reasons):
            if is_useless:
                sink.discard()
            else:
                sink.close()


def _begun(job: Job, *, asks_for_rejects: bool) -> _Run:
    checkpoints.remove(job.target)
    target = pipe(job.target) if is_pipe(job.target) else Part.begin(job.target)
    begin = Rejects.begin_late if is_pipe(job.target) and not asks_for_rejects else Rejects.begin
    try:
        return _Run(job, target, begin(job.rejects, job.source), Summary())
    except UnreadableFile:
        target.discard()
        raise


def _resumed(checkpoint: Checkpoint, reading: Source) -> _Run:
    job = checkpoint.job
    target = Part.resume(job.target, checkpoint.target)
    rejects = Rejects.resume(job.rejects, job.source, checkpoint.rejects, checkpoint.reasons)
    reading.seek(checkpoint.offset)
    return _Run(job, target, rejects, checkpoint.counts(), checkpoint.number, checkpoint.offset, has_checkpoint=True)


def _dry(job: Job) -> _Run:
    return _Run(job, Nowhere(), Rejects(job.source, Nowhere(), Nowhere()), Summary())


def _put_in_place(checkpoint: Checkpoint) -> Summary:
    """End a migration that was killed after its last line, while its files were put in their places."""
    job, summary = checkpoint.job, checkpoint.counts()
    for path in (job.rejects, reasons_beside(job.rejects), job.target):
        put_in_place(Path(path).resolve())
    checkpoints.remove(job.target)
    return summary


def _job(  # noqa: PLR0913 - the options of one command
    source: str, target: str, rejects: str, *, on_invalid: str, limits: Limits, every: int
) -> Job:
    size = changed = 0
    if source != STANDARD and Path(source).is_file():
        status = Path(source).stat()
        size, changed = status.st_size, status.st_mtime_ns
    places = [path if is_pipe(path) else str(Path(path).resolve()) for path in (source, target, rejects)]
    return Job(places[0], size, changed, places[1], places[2], on_invalid, limits.depth, limits.length, every)


def _check(job: Job, *, resume: bool) -> None:
    reasons = reasons_beside(job.rejects)
    places = [path for path in (job.source, job.target, job.rejects, reasons) if not is_pipe(path)]
    if len(set(places)) < len(places):
        raise Misuse("source, target and rejects must be different files")
    if job.rejects == STANDARD:
        raise Misuse("rejects go to a file, not to standard output")
    if job.on_invalid not in ON_INVALID:
        raise Misuse(f"invalid events can be {' or '.join(ON_INVALID)}, not {job.on_invalid!r}")
    if resume and (not job.source_modified_ns or is_pipe(job.target) or is_pipe(job.rejects)):
        raise CannotResume("source, target and rejects must be files; what goes through a pipe cannot be read again")
