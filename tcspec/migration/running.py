"""One run of a migration of a file: its source, its outputs, and the counts so far."""

from __future__ import annotations

import os
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING

from tcspec.files.identity import read_state
from tcspec.files.lines import FileError, wrap_os_errors
from tcspec.files.remote import is_remote, open_remote, read_remote_state
from tcspec.migration.checkpoints import Checkpoint, note_places
from tcspec.migration.details import FileContent, MigratedFile
from tcspec.migration.job import JOURNAL, REJECTS
from tcspec.migration.lines import LineSource
from tcspec.migration.measured import note_sizes
from tcspec.migration.opening import FileSource, open_records, open_sink
from tcspec.migration.outcomes import Status
from tcspec.migration.output_files import CannotResume, Content, OutputFile, hash_start
from tcspec.migration.streams import open_stream
from tcspec.migration.text_sink import TextSink
from tcspec.migration.transfer import transfer
from tcspec.migration.undo_journal import JournalWriter
from tcspec.migration.workers import Pool

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from tcspec.files.identity import FileState
    from tcspec.files.lines import Source
    from tcspec.migration.job import Job
    from tcspec.migration.output_files import Output
    from tcspec.migration.summary import Summary


@dataclass(slots=True)
class Run:
    """A migration in progress."""

    job: Job
    file: Source
    outputs: Mapping[str, Output]
    workers: int = 1
    folder: Path | None = None
    wanted: Collection[str] = ()
    before: Mapping[str, FileState | None] = field(default_factory=dict)
    summary: Summary = field(init=False)
    records: FileSource = field(init=False)

    def __post_init__(self) -> None:
        self.summary = self.job.new_summary()
        self.records = open_records(self.job, self.file)

    @property
    def read(self) -> Content:
        """Return what was read so far, decompressed."""
        return Content(self.records.size, self.records.digest.hexdigest())

    def skip(self, checkpoint: Checkpoint) -> None:
        """Go on in the source behind what was read before.

        Raises:
            CannotResume: when the source does not begin with that any more.
        """
        records = self.records
        records.number, records.size = checkpoint.number, checkpoint.read.size
        records.digest = hash_start(self.file, records.size)
        self.summary = checkpoint.summary
        if records.digest.hexdigest() != checkpoint.read.sha256:
            raise CannotResume("the source was changed since the checkpoint")

    def migrate(
        self, progress: Callable[[Summary], None] | None, save: Callable[[Summary], None] | None = None
    ) -> Summary:
        """Migrate the records that are left, save a checkpoint now and then, and return the counts.

        Raises:
            FileError: when the source was changed meanwhile.
        """
        job, summary = self.job, self.summary
        before = self._read_state(self.file.stream)
        journal = JournalWriter(self.outputs[JOURNAL], job.record_format.unit) if JOURNAL in self.outputs else None
        if journal is not None and not self.records.number:
            journal.begin()
        sink = open_sink(job, self.records, self.outputs, summary, save, self.wanted)
        if is_pooled := self.workers > 1 and isinstance(self.records, LineSource) and isinstance(sink, TextSink):
            with closing(Pool(job, self.folder, self.workers)) as pool:
                pool.transfer(self.records, sink, summary, progress)
        else:
            transfer(
                self.records,
                sink,
                summary,
                job.limits,
                job.on_invalid,
                progress,
                event_filter=job.event_filter,
                validates=job.validates,
            )
        # By its name, because a file that was put in its place would otherwise pass for the one that was read.
        after = self._read_state(job.source if job.has_repeatable_source else self.file.stream)
        if after != before:
            raise FileError(self.file.path, "was changed by another program while it was read; start again")
        if journal is not None:
            journal.end(self.read, self.records.number)
        for output in self.outputs.values():
            output.sync()
        if not is_pooled:
            note_sizes(summary, self.outputs)
        if summary.rejected:
            summary.rejects_path = job.rejects
        elif summary.details is not None and REJECTS in {*summary.details.written}.difference(self.wanted):
            # Those of a table have the names of its columns, and then nobody keeps them.
            summary.details.written[REJECTS] = 0
        return summary

    def _read_state(self, file: str | IO[bytes]) -> FileState | None:
        source = self.job.source
        return read_remote_state(source) if is_remote(source) else read_state(file)

    def build_checkpoint(self, outputs: Mapping[str, Content], *, is_complete: bool = False) -> Checkpoint:
        """Return how far the migration is."""
        before = note_places(self.before)
        return Checkpoint(self.job, self.records.number, self.read, dict(outputs), self.summary, is_complete, before)

    def note_files(self, names: Mapping[str, str | None], contents: Mapping[str, Content]) -> None:
        """Add to the details, if they are counted, what was read and what was written.

        Args:
            names: the path of the source (None for a stream) and of each output, as they were named.
            contents: what the outputs have in them.

        Raises:
            FileError: when a compressed source cannot be read once more.
        """
        summary = self.summary
        if summary.details is None:
            return
        name = names["source"]
        read = self.read
        # What is read of a compressed file is what is in it, and not the file.
        source = hash_file(self.job.source) if self.file.is_compressed and name is not None else read
        outputs = {role: FileContent.of(names[role], content) for role, content in contents.items()}
        counts = {status.value: int(getattr(summary, status)) for status in Status}
        content = FileContent.of(None, read)
        file = MigratedFile(FileContent.of(name, source), content, summary.bytes_read, outputs, counts)
        summary.details.files = [file]


def hash_file(path: str) -> Content:
    """Return what a file or URL has in it.

    Raises:
        FileError: when it cannot be read.
    """
    with wrap_os_errors(path), open_remote(path) if is_remote(path) else Path(path).open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(0)
        return Content(size, hash_start(file, size).hexdigest())


@contextmanager
def open_outputs(
    job: Job,
    folder: Path | None = None,
    checkpoint: Checkpoint | None = None,
    state: FileState | None = None,
) -> Iterator[dict[str, Output]]:
    """Open the outputs of a job: streams, and files in its working folder, with no more permissions than the source.

    Raises:
        FileError: when one cannot be written.
        CannotResume: when a file that is continued is not as it was at the checkpoint.
    """
    with ExitStack() as stack:
        outputs: dict[str, Output] = {}
        for role, path in job.paths.items():
            place = job.outputs.get(role)
            if folder is None or place is None:
                outputs[role] = open_stream(path)
            elif checkpoint is not None:
                outputs[role] = OutputFile.resume(folder / role, Path(place), checkpoint.outputs[role])
            else:
                permissions = state.permissions if state else 0o666
                outputs[role] = OutputFile.create(folder / role, Path(place), permissions)
            stack.callback(outputs[role].close)
        yield outputs
