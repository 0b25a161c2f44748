"""How the records of a file are laid out."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

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


class Layout(StrEnum):
    """How the records of a file are laid out: what one is called, and how a file of them is named, such as rejects."""

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
        """Return a layout, which is saved by its name."""
        layout = str.__new__(cls, name)
        layout._value_, layout.unit, layout.suffix = name, unit, suffix
        layout.no_journal = no_journal
        return layout

    @property
    def has_lines(self) -> bool:
        """Return whether a record is a line."""
        return self.unit == Layout.LINES.unit


def find_layout(path: str, head: bytes, column: str | None = None) -> Layout:
    """Return how the records of a file with these first bytes are laid out; `column` is that of the payloads."""
    if head.startswith(PARQUET_START):
        return Layout.PARQUET
    if is_array(path, head):
        return Layout.ARRAY
    return Layout.TABLE if column is not None and is_table(path) else Layout.LINES
