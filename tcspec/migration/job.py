"""The job of a migration: its files and options."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from tcspec import __version__
from tcspec.errors import TcspecError
from tcspec.files.atomic import check_place, is_device
from tcspec.files.formats import explain_path, mask_path
from tcspec.files.identity import read_state
from tcspec.files.lines import STANDARD, FileError, wrap_os_errors
from tcspec.files.remote import is_remote
from tcspec.jsontext.pointer import join
from tcspec.jsontext.reader import Limits
from tcspec.migration.columns import parse_column
from tcspec.migration.details import Details
from tcspec.migration.filters import EventFilter, build_filter
from tcspec.migration.record_formats import RecordFormat
from tcspec.migration.summary import Summary
from tcspec.migration.working_folder import WorkingFolder

if TYPE_CHECKING:
    from tcspec.files.identity import FileState

TARGET, REJECTS, REASONS = "target", "rejects", "reasons"
ROLES = (TARGET, REJECTS, REASONS)
"""What the outputs of a migration are for; files in the working folder have these names."""
JOURNAL = "journal"
"""One more output, if it is asked for."""

ON_INVALID = ("keep", "reject")
"""What can be done with an upgraded event that does not meet the 2.0 contract."""


@dataclass(eq=False)
class MigrationError(TcspecError):
    """A migration whose files or options contradict each other."""

    reason: str

    def __str__(self) -> str:
        return self.reason


@dataclass(frozen=True, slots=True)
class Job:
    """The files and options of a migration; only the same job can be resumed.

    Paths are resolved, except those of standard streams and devices. `rejects` is None where rejected lines have no
    place: beside a stream, without a name. The source has a size and a time of modification when it is a file, which
    can be read again. `column` is the pointer to the member of each row that has its payload, if that is not the
    row, or the name of the column of a table or a Parquet file; of a table the first line is `header`. `record_format`
    is the format of the source. `names`, `since` and `until` are those of the events to take, `has_details` is whether
    a report needs more than the counts, and `journal` the file for --undo, if one is wanted.
    """

    source: str
    source_size: int | None
    source_modified_ns: int | None
    target: str
    rejects: str | None
    on_invalid: str
    depth: int
    length: int
    every: int
    column: str | None = None
    header: str | None = None
    record_format: RecordFormat = RecordFormat.LINES
    validates: bool = True
    names: tuple[str, ...] = ()
    since: int | None = None
    until: int | None = None
    has_details: bool = False
    journal: str | None = None
    tcspec: str = __version__

    @property
    def limits(self) -> Limits:
        """Return the maximum depth and length of a record."""
        return Limits(self.depth, self.length)

    @property
    def event_filter(self) -> EventFilter | None:
        """Return which records are taken; None takes all."""
        return build_filter(self.names, self.since, self.until)

    def new_summary(self) -> Summary:
        """Return the counts of a migration that begins."""
        return Summary(unit=self.record_format.unit, details=Details() if self.has_details else None)

    @property
    def has_repeatable_source(self) -> bool:
        """Return whether the source can be read again."""
        return self.source_size is not None

    @property
    def is_divisible(self) -> bool:
        """Return whether the source can be read from its middle, unless it is compressed."""
        return self.has_repeatable_source and not is_remote(self.source)

    @property
    def is_resumable(self) -> bool:
        """Return whether source, target and rejects are files, so that the migration can be resumed."""
        return self.has_repeatable_source and self.outputs.keys() >= set(ROLES)

    @property
    def paths(self) -> dict[str, str]:
        """Return the path of every output by its role; rejects on a stream have no reasons beside them."""
        paths = {TARGET: self.target}
        if self.rejects is not None:
            paths[REJECTS] = self.rejects
            if not is_stream(self.rejects):
                paths[REASONS] = reasons_path(self.rejects)
        if self.journal is not None:
            paths[JOURNAL] = self.journal
        return paths

    @property
    def outputs(self) -> dict[str, str]:
        """Return the path of every output file by its role; streams are none."""
        return {role: path for role, path in self.paths.items() if not is_stream(path)}

    @property
    def folder(self) -> Path | None:
        """Return the path of the working folder: beside the target, or the rejects of a stream; else there is none."""
        return next((WorkingFolder.beside(Path(path)) for path in self.outputs.values()), None)


def check_on_invalid(on_invalid: str, *, validates: bool = True) -> None:
    """Raise a MigrationError when invalid events cannot be kept or rejected; without validation none is known."""
    if on_invalid not in ON_INVALID:
        raise MigrationError(f"expected {' or '.join(ON_INVALID)} for invalid events, got {on_invalid!r}")
    if on_invalid == "reject" and not validates:
        raise MigrationError("without validation no event is known to be invalid, and none can be rejected")


def is_stream(path: str) -> bool:
    """Return whether a path is standard output or a device, which cannot be replaced with a complete file."""
    return path == STANDARD or is_device(path)


def reasons_path(rejects: str) -> str:
    """Return the path of the reasons beside a file of rejects."""
    return f"{rejects}.reasons.ndjson"


def plan_job(  # noqa: PLR0913 - the options of one command
    source: str,
    target: str,
    rejects: str | None,
    *,
    stream: IO[bytes],
    on_invalid: str,
    limits: Limits,
    every: int,
    column: str | None = None,
    header: bytes | None = None,
    record_format: RecordFormat = RecordFormat.LINES,
    state: FileState | None = None,
    journal: str | None = None,
    **options: Any,  # noqa: ANN401 - other fields of a job
) -> Job:
    """Plan a migration from a source that is open already; of a remote one, the state is given.

    Raises:
        MigrationError: when the options contradict each other.
        FileError: when an output cannot be written because a folder is in its place or missing.
    """
    if journal is not None and (reason := _explain_journal(journal, record_format)):
        raise MigrationError(reason)
    if rejects == STANDARD:
        raise MigrationError("rejects cannot be written to standard output")
    for path in (target, rejects):
        named = None if path is None or is_stream(path) else path
        if named and named.endswith(("/", os.sep)) and not Path(named).is_dir():
            # Its path has no slash any more, and a file would be written.
            raise FileError(mask_path(named), "is the name of a folder; name a file")
        if named and (reason := explain_path(named) or record_format.explain_name(named)):
            raise FileError(mask_path(named), reason)
    rejects = name_rejects(target, rejects, record_format)
    if state is None and source != STANDARD:
        state = read_state(stream)
    job = Job(
        source=resolve(source),
        source_size=state.size if state else None,
        source_modified_ns=state.modified_ns if state else None,
        target=resolve(target),
        rejects=None if rejects is None else resolve(rejects),
        on_invalid=on_invalid,
        depth=limits.depth,
        length=limits.length,
        every=every,
        column=resolve_column(column, record_format),
        # The job is saved as JSON, and a table may be in any encoding.
        header=None if header is None else header.decode(errors="surrogateescape"),
        record_format=record_format,
        journal=None if journal is None else resolve(journal),
        **options,
    )
    check_on_invalid(on_invalid, validates=job.validates)
    if "" in job.names:
        raise MigrationError("expected the name of an event for --where-event, got ''; no event would be taken")
    if job.since is not None and job.until is not None and job.until <= job.since:
        raise MigrationError("--until must be later than --since; no event would be taken")
    for path in job.outputs.values():
        # And not only when the source has been read.
        check_place(path)
    return job


def resolve_column(column: str | None, record_format: RecordFormat) -> str | None:
    """Return the name of the column of a table or a Parquet file, or else the pointer to a member of each record.

    Raises:
        MigrationError: when it is no name.
    """
    if column is None or record_format in {RecordFormat.TABLE, RecordFormat.PARQUET}:
        return column
    try:
        return join(parse_column(column))
    except ValueError as error:
        raise MigrationError(str(error)) from None


def name_files(
    job: Job, source: str, target: str, rejects: str | None, journal: str | None = None
) -> dict[str, str | None]:
    """Return the path of the source and of each output as they were named; None for streams."""
    rejects = name_rejects(target, rejects, job.record_format)
    names = {
        "source": source if job.has_repeatable_source else None,
        TARGET: target,
        REJECTS: rejects,
        REASONS: None if rejects is None else reasons_path(rejects),
        JOURNAL: journal,
    }
    return {role: None if name is None or is_stream(name) else name for role, name in names.items()}


def name_rejects(target: str, rejects: str | None, record_format: RecordFormat) -> str | None:
    """Return the path of the file of rejects, by default beside the target; None beside a stream."""
    if rejects is None and not is_stream(target):
        return f"{target if is_remote(target) else Path(target)}.rejects.{record_format.suffix}"
    return rejects


def resolve(path: str) -> str:
    """Return the path of a file without links; streams, devices and URLs have none.

    Raises:
        FileError: when it is no name of a file.
    """
    with wrap_os_errors(path):
        return path if is_remote(path) or is_stream(path) else os.path.realpath(path)


def _explain_journal(path: str, record_format: RecordFormat) -> str | None:
    return "a journal is a file" if is_stream(path) or explain_path(path) else record_format.no_journal
