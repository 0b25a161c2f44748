"""A Parquet file as a store: one column has the payloads, and everything else in the file is kept.

Row groups are read and written one by one. Kept are the other columns, the schema and its metadata, the compression of
each column and the row groups. A footer is written last, so a file cannot be continued: an interrupted migration begins
again with the file.
"""

from __future__ import annotations

import hashlib
import io
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from tcspec.files.lines import FileError
from tcspec.migration.arrow import build_column, is_text, read_payloads
from tcspec.migration.job import REASONS, REJECTS, TARGET
from tcspec.migration.outcomes import ABSENT, Status
from tcspec.migration.output_files import hash_start
from tcspec.migration.rejects import PART, NoPlaceForRejects, build_reason
from tcspec.migration.stores import format_address
from tcspec.migration.streams import NullOutput

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tcspec.files.lines import Source
    from tcspec.migration.outcomes import Outcome
    from tcspec.migration.output_files import Output
    from tcspec.migration.stores import Address
    from tcspec.migration.summary import Summary

ROWS = 1_000
"""How many rows a block has at most."""


@dataclass(frozen=True, slots=True)
class RowBlock:
    """Rows of a row group that follow each other: its number from 0, how many rows were before, how many there are.

    The last block of a file has no rows, and neither has that of a row group without any.
    """

    path: str
    column: str
    group: int
    start: int
    batch: Any
    values: Sequence[bytes | None]
    ends_group: bool
    rows: int = 0
    ends_file: bool = False
    ends_part: bool = False

    @property
    def payloads(self) -> Sequence[bytes]:
        """Return the payload of every row, empty for null."""
        return [value or b"" for value in self.values]

    @property
    def size(self) -> int:
        """Return how many bytes the payloads have."""
        return sum(len(value) for value in self.values if value)

    def address(self, index: int) -> Address:
        """Return the file, the row group and the row in it, both from 0 as readers of Parquet count, and its rows."""
        row = self.start + index
        address = {"source": self.path, "row_group": self.group, "row": row, "rows": self.rows}
        return address | {"column": self.column}


@dataclass(slots=True)
class ParquetSource:
    """The rows of an open Parquet file. `path` is how the file is called in addresses."""

    path: str
    file: Source
    column: str | None
    parquet: Any = field(init=False)
    number: int = 0
    size: int = 0
    digest: Any = field(default_factory=hashlib.sha256)

    def __post_init__(self) -> None:
        """Open the file.

        Raises:
            FileError: when it cannot be read, or has no such column of text.
        """
        try:
            self.parquet = pq.ParquetFile(self.file.stream, page_checksum_verification=True)
        except (OSError, pa.ArrowException) as error:
            raise FileError(self.file.path, f"is no whole Parquet file ({describe(error)})") from None
        schema = self.parquet.schema_arrow
        if self.column is None:
            names = ", ".join(schema.names)
            raise FileError(self.file.path, f"is a Parquet file, which needs --column NAME; its columns are {names}")
        if schema.names.count(self.column) != 1:
            count = "several columns" if self.column in schema.names else "no column"
            names = ", ".join(schema.names)
            raise FileError(self.file.path, f"has {count} named {self.column}; its columns are {names}")
        type_ = schema.field(self.column).type
        if not is_text(type_):
            reason = f"has {type_} in its column {self.column}; expected JSON text, as a string or as binary data"
            raise FileError(self.file.path, reason)

    def iter_blocks(self) -> Iterator[RowBlock]:
        """Yield the rows, and at the end a block without any.

        Raises:
            FileError: when a row group cannot be read.
        """
        metadata = self.parquet.metadata
        for group in range(metadata.num_row_groups):
            start, rows = 0, metadata.row_group(group).num_rows
            if not rows:
                yield RowBlock(self.path, str(self.column), group, 0, None, (), ends_group=True)
            batches = self.parquet.iter_batches(batch_size=ROWS, row_groups=[group])
            while start < rows:
                try:
                    # The footer may announce more rows than there are.
                    batch = next(batches)
                    values = read_payloads(batch.column(self.column))
                except (OSError, pa.ArrowException, StopIteration) as error:
                    reason = f"row group {group} cannot be read behind row {start:,} ({describe(error)})"
                    raise FileError(self.file.path, reason) from None
                end = start + len(values)
                ends_group = end >= rows
                yield RowBlock(self.path, str(self.column), group, start, batch, values, ends_group, rows)
                start = end
        self.size = self._hash()
        yield RowBlock(self.path, str(self.column), 0, 0, None, (), ends_group=False, ends_file=True)

    def _hash(self) -> int:
        """Compute the digest of the whole file, which was read in pieces, and return its size."""
        self.file.seek(0)
        size = self.file.stream.seek(0, io.SEEK_END)
        self.file.seek(0)
        self.digest = hash_start(self.file, size)
        return size


@dataclass(slots=True)
class ParquetSink:
    """The outputs of a migration of a Parquet file: two of them are Parquet, with the schema and options of the source.

    `has_rejects` is whether there is a file of rejects even without any, `is_part` whether some rows are skipped.
    """

    source: ParquetSource
    outputs: Mapping[str, Output]
    has_rejects: bool = False
    is_part: bool = False
    kept: list[Any] = field(default_factory=list)
    rejected: list[Any] = field(default_factory=list)
    writers: dict[str, Any] = field(default_factory=dict)

    def write(self, block: RowBlock, outcomes: Sequence[Outcome]) -> None:
        """Write the rows of a block with their new payloads, rejected ones to the rejects; each row group at its end.

        Raises:
            FileError: when they cannot be written.
            NoPlaceForRejects: when one is rejected and there is no file for it.
        """
        if block.ends_file:
            self._end()
            return
        if block.batch is None:
            # It stays, so that row groups have the numbers of the source, by which rejects are put back.
            self._open(TARGET).write_table(self.source.parquet.schema_arrow.empty_table())
            return
        is_kept = [outcome.status not in ABSENT for outcome in outcomes]
        kept = block.batch
        if not all(is_kept):
            self._reject(block, outcomes)
            kept = block.batch.filter(pa.array(is_kept))
            is_rejected = [outcome.status is Status.REJECTED for outcome in outcomes]
            self.rejected.append(block.batch.filter(pa.array(is_rejected)))
        if any(outcome.status is Status.UPGRADED for outcome in outcomes):
            values = [
                None if value is None else outcome.payload
                for value, outcome in zip(block.values, outcomes, strict=True)
                if outcome.status not in ABSENT
            ]
            index = kept.schema.get_field_index(block.column)
            columns = list(kept.columns)
            columns[index] = build_column(values, columns[index].type)
            kept = pa.RecordBatch.from_arrays(columns, schema=kept.schema)
        self.kept.append(kept)
        if block.ends_group:
            self._write_group(TARGET, self.kept)
            self._write_group(REJECTS, self.rejected)

    def commit(self, _: Summary) -> None:
        """Do nothing: there is nothing to go on from."""

    def _reject(self, block: RowBlock, outcomes: Sequence[Outcome]) -> None:
        reasons = self.outputs.get(REASONS, NullOutput())
        for index, outcome in enumerate(outcomes):
            if outcome.status is Status.REJECTED:
                address = block.address(index)
                if REJECTS not in self.outputs:
                    raise NoPlaceForRejects(format_address(address), outcome.violations[0].code)
                if self.is_part:
                    address = {**address, PART: True}
                reasons.write(build_reason(address, len(block.payloads[index]), outcome).encode() + b"\n")

    def _write_group(self, role: str, batches: list[Any]) -> None:
        rows = sum(batch.num_rows for batch in batches)
        if rows:
            self._open(role).write_table(pa.Table.from_batches(batches), row_group_size=rows)
        batches.clear()

    def _open(self, role: str) -> Any:  # noqa: ANN401 - pyarrow has no types of its own
        if role not in self.writers:
            parquet = self.source.parquet
            options = _find_options(parquet)
            writer = pq.ParquetWriter(_Writing(self.outputs[role]), parquet.schema_arrow, **options)
            if not options["store_schema"] and parquet.metadata.metadata:
                # The metadata of the schema is only written with the schema of Arrow, which the source does not have.
                writer.add_key_value_metadata(parquet.metadata.metadata)
            self.writers[role] = writer
        return self.writers[role]

    def _end(self) -> None:
        # Even without rows it is a Parquet file, with its schema.
        self._open(TARGET)
        if self.has_rejects and REJECTS in self.outputs:
            self._open(REJECTS)
        for writer in self.writers.values():
            writer.close()


class _Writing(io.RawIOBase):
    """An output as a file that pyarrow writes."""

    def __init__(self, output: Output) -> None:
        super().__init__()
        self._output, self._position, self._has_failed = output, 0, False

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def write(self, data: Any) -> int:  # noqa: ANN401 - any buffer
        raw = bytes(data)
        self._position += len(raw)
        # pyarrow ends a file that was given up when it is collected; nobody needs the footer then, nor another error.
        if not self._has_failed:
            self._has_failed = True
            with suppress(ValueError):  # the output is closed
                self._output.write(raw)
                self._has_failed = False
        return len(raw)


def _find_options(parquet: Any) -> dict[str, Any]:  # noqa: ANN401 - as above
    """Return how a file was written: compression and dictionaries by column, the version, times of 96 bits."""
    metadata = parquet.metadata
    # A writer has one set of options for all row groups: those of the first, which shows more when it has rows.
    groups = sorted(map(metadata.row_group, range(metadata.num_row_groups)), key=lambda group: not group.num_rows)
    columns = [groups[0].column(i) for i in range(metadata.num_columns)] if groups else []
    return {
        "compression": {each.path_in_schema: _CODECS.get(each.compression, each.compression) for each in columns},
        "use_dictionary": [
            each.path_in_schema for each in columns if any("DICTIONARY" in encoding for encoding in each.encodings)
        ],
        "version": metadata.format_version,
        # Or items of lists would get another name than the one that the file was written with.
        "use_compliant_nested_type": False,
        "use_deprecated_int96_timestamps": any(each.physical_type == "INT96" for each in columns),
        "store_schema": b"ARROW:schema" in (metadata.metadata or {}),
        "write_page_checksum": True,
    }


# pyarrow reads other names than it writes.
_CODECS = {"UNCOMPRESSED": "NONE", "LZ4_RAW": "LZ4", "UNKNOWN": "NONE"}


def describe(error: BaseException) -> str:
    """Return the first line of an error."""
    return [*str(error).splitlines(), type(error).__name__][0]
