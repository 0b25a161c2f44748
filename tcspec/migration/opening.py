"""The source and the sink of a job, by the format of its source."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

from tcspec.migration.array_sink import ArraySink
from tcspec.migration.arrays import ArraySource
from tcspec.migration.job import REJECTS, MigrationError
from tcspec.migration.lines import LineSource
from tcspec.migration.record_formats import RecordFormat
from tcspec.migration.stores import Source
from tcspec.migration.tables import open_column
from tcspec.migration.text_sink import TextSink

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from tcspec.files import lines
    from tcspec.migration.job import Job
    from tcspec.migration.output_files import Output
    from tcspec.migration.stores import Sink
    from tcspec.migration.summary import Summary


class FileSource(Source, Protocol):
    """The records of a file, and how many of them were read, of how many bytes with which digest."""

    number: int
    size: int
    digest: Any


def open_records(job: Job, file: lines.Source) -> FileSource:
    """Return the records of an open file.

    Raises:
        FileError: when it has no such column.
        MigrationError: when a package is not installed that reads it.
    """
    if job.record_format is RecordFormat.PARQUET:
        records: FileSource = load_parquet().ParquetSource(job.source, file, job.column)
        return records
    # A table without a byte has no names of columns, and no rows.
    is_empty = job.record_format is RecordFormat.TABLE and job.header is None
    column: Any = None if is_empty else open_column(job.source, job.column, job.header, job.limits)
    if job.record_format is RecordFormat.ARRAY:
        return ArraySource(job.source, file, job.length, job.every, column)
    # The limit is that of a record, without the end of its line.
    return LineSource(job.source, file, job.length + len(b"\r\n"), job.every, column=column)


def open_sink(  # noqa: PLR0913, PLR0917 - what was read, and where it goes
    job: Job,
    records: FileSource,
    outputs: Mapping[str, Output],
    summary: Summary,
    save: Callable[[Summary], None] | None,
    wanted: Collection[str],
) -> Sink:
    """Return what writes the records of a job to its outputs.

    Args:
        job: the job.
        records: its source.
        outputs: its outputs by their role.
        summary: the counts of what was written before.
        save: saves a checkpoint when a part was written.
        wanted: the roles of outputs that there are even when no record is written to them.
    """
    is_part = job.event_filter is not None
    if job.record_format is RecordFormat.PARQUET:
        sink: Sink = load_parquet().ParquetSink(records, outputs, has_rejects=REJECTS in wanted, is_part=is_part)
        return sink
    if job.record_format is RecordFormat.ARRAY:
        kept = summary.lines - summary.rejected - summary.skipped
        return ArraySink(outputs, save, kept, summary.rejected, has_rejects=REJECTS in wanted, is_part=is_part)
    return TextSink(outputs, save, is_part, has_header=job.header is not None)


def load_parquet(name: str = "parquet") -> Any:  # noqa: ANN401 - a module
    """Return a module that needs pyarrow.

    Raises:
        MigrationError: when that is not installed.
    """
    try:
        return import_module(f"tcspec.migration.{name}")
    except ImportError:
        raise MigrationError("Parquet needs pyarrow; install tcspec[parquet]") from None
