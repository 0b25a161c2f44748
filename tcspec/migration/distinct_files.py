"""No two files of a migration are the same one."""

from __future__ import annotations

from pathlib import Path
from typing import IO, TYPE_CHECKING

from tcspec.files.identity import identify
from tcspec.files.lines import STANDARD
from tcspec.migration.job import JOURNAL, TARGET, Job, MigrationError, resolve
from tcspec.migration.working_folder import WorkingFolder

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence


def check_names(job: Job, reading: IO[bytes], writing: IO[bytes] | None, reports: Sequence[str]) -> None:
    """Check that no two files of a job are the same one, by any of their names.

    Args:
        job: the job.
        reading: the open source.
        writing: the open target when it is standard output.
        reports: the files that the caller will write reports to.

    Raises:
        MigrationError: when two are the same, or one lies in the working folder.
    """
    if job.target == STANDARD and STANDARD in reports:
        raise MigrationError("the target and the report cannot both be standard output")
    named: dict[Hashable, str] = {}
    for role, file in _iter_files(job, reading, writing, reports):
        identity = identify(file)
        if identity is None:
            continue
        if identity in named:
            raise MigrationError(f"{named[identity]} and {role} are the same file; each needs one of its own")
        named[identity] = role
    for path in (*job.outputs.values(), *reports):
        if job.folder in Path(resolve(path)).parents:
            raise MigrationError(f"{path} lies in the working folder, which is removed at the end")


def _iter_files(
    job: Job, reading: IO[bytes], writing: IO[bytes] | None, reports: Sequence[str]
) -> Iterator[tuple[str, str | Path | IO[bytes]]]:
    """Yield every file of a job with what it is for; a working file of an earlier run may be a link to another."""
    yield "the source", reading
    for role, path in job.paths.items():
        # With `> events.ndjson` only the open stream tells which file standard output is.
        name = f"the {role}" if role in {TARGET, JOURNAL} else f"the file of {role}"
        yield name, (writing or path) if role == TARGET else path
    for report in reports:
        if report != STANDARD:
            yield "the report", report
    if job.folder is not None:
        yield f"the working folder {job.folder}", job.folder
        for file in WorkingFolder.iter_files(job.folder):
            yield f"the working file {file}", file
