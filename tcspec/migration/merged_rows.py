"""Fixed rejects of a Parquet file, put back at their places: target and rejects together are another source."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from tcspec.files.lines import FileError
from tcspec.migration.arrow import read_payloads
from tcspec.migration.job import MigrationError
from tcspec.migration.merged_items import CHANGED
from tcspec.migration.parquet import ROWS, ParquetSource, RowBlock, describe
from tcspec.migration.rejects import pair_rejects

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tcspec.files.lines import Source
    from tcspec.migration.stores import Address

_ADDRESS = ("source", "row_group", "row", "rows", "column")


@dataclass(frozen=True, slots=True)
class _MergedBlock(RowBlock):
    """Rows of a fixed file; where the rejects among them are is known from their reasons."""

    rejected: dict[int, Address] = field(default_factory=dict)

    def address(self, index: int) -> Address:
        """Return where a reject was in the source."""
        return self.rejected[index]


class _Reject:
    """A reject, a table of one row, with its reason."""

    def __init__(self, reason: Mapping[str, Any], row: Any) -> None:  # noqa: ANN401 - pyarrow has no types of its own
        self.reason, self.row = reason, row
        self.group, self.number = int(reason["row_group"]), int(reason["row"])


class MergedRows:
    """The rows of a target and of its rejects in the order of the source, row group by row group.

    `model` is the one whose schema and options the new files have.
    """

    def __init__(
        self, target: Source, rejects: Source, reasons: Iterator[Mapping[str, Any]], column: str | None
    ) -> None:
        self.target, self.rejects, self.reasons = (
            ParquetSource(target.path, target, column),
            ParquetSource(rejects.path, rejects, column),
            reasons,
        )
        self.model = self.target if self.target.parquet.num_row_groups else self.rejects

    def iter_blocks(self) -> Iterator[RowBlock]:
        """Yield the rows, and at the end a block without any.

        Raises:
            FileError: when a file cannot be read.
            MigrationError: when the files do not belong together.
        """
        groups = groupby(self._iter_rejects(), lambda each: each.group)
        pending = next(groups, None)
        group = taken = 0
        while pending is not None or taken < self.target.parquet.num_row_groups:
            rejects: list[_Reject] = []
            if pending is not None and pending[0] == group:
                rejects = list(pending[1])
                pending = next(groups, None)
            count = int(rejects[0].reason["rows"]) if rejects else None
            kept = self.model.parquet.schema_arrow.empty_table()
            # Of a row group whose rows are all rejected there is none in the target.
            if len(rejects) != count:
                kept = self._read_group(taken)
                taken += 1
            if count is not None and kept.num_rows + len(rejects) != count:
                raise MigrationError(CHANGED)
            yield from self._merge_group(group, kept, rejects)
            group += 1
        yield _MergedBlock(self.model.path, str(self.model.column), 0, 0, None, (), ends_group=False, ends_file=True)

    def _read_group(self, number: int) -> Any:  # noqa: ANN401 - as above
        if number >= self.target.parquet.num_row_groups:
            raise MigrationError(CHANGED)
        try:
            return self.target.parquet.read_row_group(number)
        except (OSError, pa.ArrowException) as error:
            raise FileError(self.target.path, f"row group {number} cannot be read ({describe(error)})") from None

    def _merge_group(self, group: int, kept: Any, rejects: list[_Reject]) -> Iterator[RowBlock]:  # noqa: ANN401 - as above
        if not kept.num_rows and not rejects:
            yield _MergedBlock(self.model.path, str(self.model.column), group, 0, None, (), ends_group=True)
            return
        pieces, start = [], 0
        for before, reject in enumerate(rejects):
            length = reject.number - before - start
            if length < 0 or start + length > kept.num_rows:
                raise MigrationError(CHANGED)
            pieces += [kept.slice(start, length), reject.row]
            start += length
        table = pa.concat_tables([*pieces, kept.slice(start)]).combine_chunks()
        addresses = {
            each.number: {name: each.reason[name] for name in _ADDRESS if name in each.reason} for each in rejects
        }
        start = 0
        for batch in table.to_batches(max_chunksize=ROWS):
            end = start + batch.num_rows
            yield _MergedBlock(
                self.model.path,
                str(self.model.column),
                group,
                start,
                batch,
                read_payloads(batch.column(self.model.column)),
                ends_group=end >= table.num_rows,
                rejected={number - start: addresses[number] for number in range(start, end) if number in addresses},
            )
            start = end

    def _iter_rejects(self) -> Iterator[_Reject]:
        try:
            for row, reason in pair_rejects(self._iter_rows(), self.reasons):
                yield _Reject(reason, row)
        except (OSError, KeyError, ValueError, pa.ArrowException) as error:
            wrong = f"cannot be put back into {self.target.path} ({describe(error)}); keep the columns and their types"
            raise FileError(self.rejects.path, wrong) from None

    def _iter_rows(self) -> Iterator[Any]:
        """Yield each reject as a table of one row."""
        schema = self.model.parquet.schema_arrow
        for batch in self.rejects.parquet.iter_batches(batch_size=ROWS):
            table = pa.Table.from_batches([batch])
            # By their names, unless these are the same: other columns may have one name.
            table = (table if table.schema.names == schema.names else table.select(schema.names)).cast(schema)
            yield from (table.slice(index, 1) for index in range(table.num_rows))
