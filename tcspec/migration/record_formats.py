"""The formats of files of records."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from tcspec.files.formats import explain_suffix
from tcspec.migration.arrays import is_array
from tcspec.migration.tables import is_table

if TYPE_CHECKING:
    from typing import Self

PARQUET_START = b"PAR1"
"""The first bytes of a Parquet file."""

_NO_JOURNAL = (
    "a Parquet file cannot be written anew byte for byte, so that it has no journal; keep SOURCE: "
    "--undo without --journal removes what was made of it"
)


class RecordFormat(StrEnum):
    """A format of files of records: what one is called, and how a file of them is named, such as rejects."""

    unit: str
    suffix: str
    no_journal: str | None
    """Why no journal turns the target into the source; None where one does."""

    LINES = "lines", "line", "ndjson", None
    """One a line."""
    TABLE = "table", "line", "csv", None
    """One a line behind a line with the names of columns."""
    ARRAY = "array", "item", "json", None
    """Items of one JSON array."""
    PARQUET = "parquet", "row", "parquet", _NO_JOURNAL
    """Rows of a Parquet file."""

    def __new__(cls, name: str, unit: str, suffix: str, no_journal: str | None) -> Self:
        """Return a format, which is saved by its name."""
        record_format = str.__new__(cls, name)
        record_format._value_, record_format.unit, record_format.suffix = name, unit, suffix
        record_format.no_journal = no_journal
        return record_format

    @property
    def has_lines(self) -> bool:
        """Return whether a record is a line."""
        return self.unit == RecordFormat.LINES.unit

    def explain_name(self, path: str) -> str | None:
        """Return why a file of this format cannot have a name, by which it is read again; None when it can."""
        if self is RecordFormat.PARQUET:
            return None if path.lower().endswith(".parquet") else "would hold Parquet, as the source; name it .parquet"
        if self is RecordFormat.TABLE:
            return None if is_table(path) else "would hold a table, as the source; name it .csv or .tsv"
        return explain_suffix(path)


def find_format(path: str, head: bytes, column: str | None = None) -> RecordFormat:
    """Return the format of a file with these first bytes; `column` is that of the payloads."""
    if head.startswith(PARQUET_START) or (not head and path.lower().endswith(".parquet")):
        return RecordFormat.PARQUET
    if is_array(path, head):
        return RecordFormat.ARRAY
    return RecordFormat.TABLE if column is not None and is_table(path) else RecordFormat.LINES
