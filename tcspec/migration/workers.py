"""Migrate a file of lines in several processes, with the same files and counts as in one.

One process is in charge: it finds where the parts of the source end, and hands them out. Each worker reads its part,
upgrades it, and writes files of its own in the working folder, since blocks that travel through pipes gain nothing.
The process in charge appends them to the outputs in the order of the source, and saves the same checkpoints as without
workers: so a migration can be resumed with another number of them.

A source that cannot be read from its middle, compressed or a pipe, is written into the working folder part by part.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
from collections import deque
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from tcspec.errors import TcspecError
from tcspec.files.lines import Source, wrap_os_errors
from tcspec.migration.job import ROLES, Job, MigrationError
from tcspec.migration.lines import LineSource, NoDigest
from tcspec.migration.measured import MeasuredOutput, note_sizes
from tcspec.migration.output_files import OutputFile
from tcspec.migration.parts import Part, iter_parts
from tcspec.migration.tables import open_column
from tcspec.migration.text_sink import TextSink
from tcspec.migration.transfer import transfer

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.context import SpawnProcess

    from tcspec.migration.output_files import Output
    from tcspec.migration.summary import Summary

_CHUNK = 1 << 20
_AHEAD = 2
"""How many parts a worker has at a time, so that it need not wait for the next one."""


@dataclass(slots=True)
class Pool:
    """Processes that migrate parts of one job, started when there is something to do."""

    job: Job
    folder: Path | None
    count: int
    workers: list[_Worker] = field(default_factory=list)

    def transfer(self, lines: LineSource, sink: TextSink, summary: Summary, progress: Any) -> None:  # noqa: ANN401
        """Move the lines that are left in a source, as `transfer` does.

        Raises:
            FileError: when a file cannot be read or written.
            MigrationError: when a worker was killed.
            NoPlaceForRejects: when a line is rejected and there is no place for it.
        """
        parts: deque[tuple[Part, Any, _Worker]] = deque()
        found = iter_parts(lines, self.folder, is_copied=not self.job.is_divisible or lines.file.is_compressed)
        for part, digest in found:
            parts.append((part, digest, self._hand_out(part)))
            while len(parts) >= self.count * _AHEAD:
                self._finish(*parts.popleft(), lines, sink, summary, progress)
        while parts:
            self._finish(*parts.popleft(), lines, sink, summary, progress)

    def close(self) -> None:
        """End the workers, whatever they are doing."""
        for worker in self.workers:
            worker.process.terminate()
        for worker in self.workers:
            worker.process.join()
            worker.process.close()
            worker.connection.close()
        self.workers.clear()

    def _hand_out(self, part: Part) -> _Worker:
        """Give a part to the worker that has the fewest, or to a new one as long as all are busy."""
        # Results first, or a worker that has finished would look busy.
        self._collect(0)
        worker = min(self.workers, key=lambda each: len(each.parts), default=None)
        if worker is None or (worker.parts and len(self.workers) < self.count):
            worker = _Worker.start(self.job, self.folder)
            self.workers.append(worker)
        worker.parts.append(part)
        with suppress(BrokenPipeError):  # that it has ended is found when its result is missing
            worker.connection.send(part)
        return worker

    def _finish(  # noqa: PLR0913, PLR0917 - a part, and what it is added to
        self,
        part: Part,
        digest: Any,  # noqa: ANN401 - hashlib does not name its type
        worker: _Worker,
        lines: LineSource,
        sink: TextSink,
        summary: Summary,
        progress: Callable[[Summary], None] | None,
    ) -> None:
        """Wait for a part, and append what was written of it to the outputs."""
        while part.name not in worker.results:
            self._collect(None)
        counts = worker.results.pop(part.name)
        if isinstance(counts, BaseException):
            raise counts
        if self.folder is not None:
            for role, output in sink.outputs.items():
                append(self.folder / f"{part.name}.{role}", output)
            if part.is_copy:
                Path(part.path).unlink()
        summary.merge(counts)
        lines.number += counts.lines
        lines.size += counts.bytes_read
        lines.digest = digest
        if lines.number % lines.every == 0:
            sink.commit(summary)
        if progress:
            progress(summary)

    def _collect(self, timeout: float | None) -> None:
        """Take the results that have come; wait for one, unless the timeout is 0."""
        busy = {worker.connection: worker for worker in self.workers if worker.parts}
        for connection in wait(list(busy), timeout):
            busy[cast("Connection", connection)].receive()


@dataclass(slots=True)
class _Worker:
    """A process, the parts that it has not finished, and the results that nobody has asked for yet."""

    process: SpawnProcess
    connection: Connection
    parts: deque[Part] = field(default_factory=deque)
    results: dict[str, Summary | BaseException] = field(default_factory=dict)

    @classmethod
    def start(cls, job: Job, folder: Path | None) -> _Worker:
        # A new interpreter: whatever threads and locks this process has, it has none of them.
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        # As in this one: of millions of payloads next to none has a cycle to search for.
        settings = gc.get_threshold(), sys.get_int_max_str_digits()
        process = context.Process(target=_work, args=(theirs, job, folder, os.getpid(), *settings), daemon=True)
        process.start()
        # While we hold its end, too, we would never see that the worker is gone.
        theirs.close()
        return cls(process, ours)

    def receive(self) -> None:
        """Take one result.

        Raises:
            MigrationError: when the process has ended instead.
        """
        try:
            result = self.connection.recv()
        except (EOFError, ConnectionResetError):
            # The exit code is known only then.
            self.process.join()
            raise MigrationError(
                f"a worker process ended unexpectedly ({_describe_exit(self.process.exitcode)}) while it migrated the "
                f"lines after line {self.parts[0].number:,}; --resume goes on"
            ) from None
        self.results[self.parts.popleft().name] = result


def append(path: Path, output: Output) -> None:
    """Append a file to an output as it is, and remove it.

    Raises:
        FileError: when it cannot be read, or the output cannot be written.
    """
    with wrap_os_errors(str(path)), path.open("rb") as file:
        for chunk in iter(partial(file.read, _CHUNK), b""):
            output.write_raw(chunk)
        path.unlink()


def migrate_part(part: Part, job: Job, folder: Path | None, in_charge: int) -> Summary:
    """Migrate a part into files of its own in the working folder, if there is one, and return its counts.

    Raises:
        FileError: when a file cannot be read or written.
        NoPlaceForRejects: when a line is rejected and there is no place for it.
    """

    def check(_: Summary) -> None:
        # Somebody else may lock the folder now. Windows goes on naming a parent that has ended.
        if os.getppid() != in_charge and sys.platform != "win32":
            sys.exit("the process in charge has ended")

    summary = job.new_summary()
    with ExitStack() as stack:
        with wrap_os_errors(part.path):
            file = stack.enter_context(Path(part.path).open("rb"))
            file.seek(part.start)
        outputs: dict[str, Output] = {}
        for role, path in (job.paths if folder else dict.fromkeys(ROLES, "") | job.paths).items():
            name = f"{part.name}.{role}"
            # The permissions of the outputs are those of the files to which parts are appended.
            own = OutputFile.create(folder / name, Path(path), 0o600) if folder else MeasuredOutput(path)
            # The process in charge computes the digest, that of the whole output.
            own.digest = NoDigest()
            stack.callback(own.close)
            outputs[role] = own
        longest, end = job.length + len(b"\r\n"), part.number + job.every - part.number % job.every
        source = Source(part.path, file)
        column = open_column(job.source, job.column, job.header, job.limits)
        lines = LineSource(job.source, source, longest, job.every, part.number, part.size, NoDigest(), end, column)
        taken, validates = job.event_filter, job.validates
        sink = TextSink(outputs, None, taken is not None, has_header=job.header is not None)
        transfer(lines, sink, summary, job.limits, job.on_invalid, check, event_filter=taken, validates=validates)
        for output in outputs.values():
            output.end_member()
        note_sizes(summary, outputs)
    return summary


def _work(  # noqa: PLR0913, PLR0917 - a job, and the process in charge of it
    connection: Connection,
    job: Job,
    folder: Path | None,
    in_charge: int,
    threshold: tuple[int, int, int],
    longest_integer: int,
) -> None:
    """Migrate the parts that come through a connection until it is closed."""
    gc.set_threshold(*threshold)
    sys.set_int_max_str_digits(longest_integer)
    # Ctrl-C reaches every process of a terminal; the one in charge ends the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            part = connection.recv()
            result: Summary | TcspecError
            try:
                result = migrate_part(part, job, folder, in_charge)
            except TcspecError as error:
                result = error
            connection.send(result)


def _describe_exit(code: int | None) -> str:
    return f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"
