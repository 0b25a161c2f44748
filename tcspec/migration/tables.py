"""Tables (CSV) in which one cell of each row has the payload as JSON text: `--column rawDataCa` of a file named `.csv`.

Only that cell is replaced, and only where its text changes; the others, their quotes and the end of the line stay byte
for byte. The first line has the names of the columns. A row is one line: where a cell goes on in the next line, the
migration stops, because no line could be understood without those before it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tcspec import codes
from tcspec.errors import UnreadablePayload
from tcspec.files.compression import strip_suffix
from tcspec.files.formats import is_separator_line
from tcspec.files.lines import FileError
from tcspec.jsontext.pointer import split
from tcspec.migration.columns import Column, Place
from tcspec.personal import mask_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tcspec.jsontext.reader import Limits

_DELIMITERS = (",", ";", "\t", "|")
_SUFFIXES = (".csv", ".tsv")
_ENDING = b"\r\n"
_MARK = b"\xef\xbb\xbf"
_WITH_BACKSLASHES = b'"{\\"'


def is_table(path: str) -> bool:
    """Return whether a file is a table by its name, compressed or not."""
    return strip_suffix(path.lower()).endswith(_SUFFIXES)


@dataclass(frozen=True, slots=True)
class Cell(Place):
    """Where in a row a cell is, quotes included, and the delimiter if it has no quotes."""

    delimiter: bytes = b""

    def replace(self, row: bytes, payload: bytes) -> bytes:
        """Return the row with another text in this cell; it is in quotes, as the one before or because it must be."""
        # Programs that know no quotes (Hive, COPY of PostgreSQL) would read them as part of the text.
        if self.delimiter and not (self.delimiter in payload or payload[:1] == b'"' or payload.count(b'"') % 2):
            return row[: self.start] + payload + row[self.end :]
        return row[: self.start] + b'"' + payload.replace(b'"', b'""') + b'"' + row[self.end :]


@dataclass(frozen=True, slots=True)
class TableColumn:
    """The column of a table that has the payloads: its name, its number from 0, and the delimiter.

    `header` is the first line without a byte order mark. It stands elsewhere too where tables were put together.
    """

    path: str
    name: str
    number: int
    delimiter: str
    header: bytes

    @property
    def pointer(self) -> str:
        """Return the name of the column."""
        return self.name

    def find_all(self, rows: Sequence[bytes], before: int) -> list[Cell]:
        """Return where the payloads of rows are that have a number of lines before them.

        Raises:
            FileError: when a cell of a row goes on in the next line.
        """
        for number, row in enumerate(rows, before + 1):
            if row.count(b'"') % 2:
                reason = f"has a cell with a line break, or an open quote, in line {number:,}, which is not supported"
                raise FileError(self.path, f"{reason}; export the rows as JSON, one a line, with the same --column")
        return [self.find(row) for row in rows]

    def find(self, row: bytes) -> Cell:
        """Return where the payload of a row is; the first line, and a row with an empty cell, have none."""
        row = row.rstrip(_ENDING)
        if not row or row.removeprefix(_MARK) == self.header:
            return Cell(b"")
        cells = _find_cells(row, self.delimiter.encode())
        if self.number >= len(cells):
            message = f"the row has {len(cells)} cells, and {self.name} is number {self.number + 1}"
            return Cell(UnreadablePayload([codes.NOT_AN_OBJECT.violation("", message)]))
        start, end = cells[self.number]
        text = row[start:end]
        if not text.startswith(b'"'):
            return Cell(text, start, end, delimiter=self.delimiter.encode())
        if text.startswith(_WITH_BACKSLASHES):
            message = "quotes in the cell have backslashes; write them twice, as other tables (CSV) do"
            return Cell(UnreadablePayload([codes.NOT_JSON.violation("", message)]))
        return Cell(text[1:-1].replace(b'""', b'"'), start, end)


def open_table(path: str, name: str, header: bytes) -> TableColumn:
    """Find a column in the first line of a table.

    Raises:
        FileError: when the table has no such column, or several.
    """
    header = header.rstrip(_ENDING)
    text = header.removeprefix(_MARK)
    # A name in quotes may have any sign in it: every second part is outside of them.
    outside = b"".join(text.split(b'"')[::2])
    delimiter = max(_DELIMITERS, key=lambda each: outside.count(each.encode()))
    names = [
        text[start:end].removeprefix(b'"').removesuffix(b'"').replace(b'""', b'"').decode(errors="replace")
        for start, end in _find_cells(text, delimiter.encode())
    ]
    if names.count(name) != 1:
        count = "several columns" if name in names else "no column"
        advice = f"its columns are {', '.join(map(mask_name, names))}"
        if is_separator_line(text.decode(errors="replace")):
            advice = "its first line is one of Excel; remove it first: sed 1d"
        elif b"\r" in text:
            advice = "its lines end with a carriage return only; convert it first: tr '\\r' '\\n'"
        elif not text or any(sign in text for sign in (b"{", b"[")):
            # Without names the first line is a row, of which nothing is shown.
            advice = "write a first line with names"
        raise FileError(path, f"has {count} named {name}; {advice}")
    return TableColumn(path, name, names.index(name), delimiter, text)


def has_same_columns(header: bytes, other: bytes) -> bool:
    """Return whether the first lines of two tables are the same; programs write names with and without quotes."""
    one, two = (line.rstrip(_ENDING).removeprefix(_MARK).replace(b'"', b"") for line in (header, other))
    return one == two


def open_column(path: str, name: str | None, header: str | None, limits: Limits) -> Column | TableColumn | None:
    """Return where the payloads of rows are; None when they are the whole rows.

    Args:
        path: the file.
        name: the pointer to a member, or the name of a column of a table.
        header: the first line of a table; None when the file is none.
        limits: the maximum depth and length of a row.

    Raises:
        FileError: when a table has no such column, or several.
    """
    if name is None:
        return None
    if header is None:
        return Column(split(name), limits)
    return open_table(path, name, header.encode(errors="surrogateescape"))


def _find_cells(row: bytes, delimiter: bytes) -> list[tuple[int, int]]:
    """Return where the cells of a row start and end, quotes included."""
    # A cell is quoted when its quotes enclose all of it; quotes inside other cells mean nothing.
    cell = re.compile(rb'"(?:[^"]++|"")*+"(?=%b|$)|[^%b]*+' % (re.escape(delimiter), re.escape(delimiter)))
    cells, end = [], -1
    while end < len(row):
        found = cell.match(row, end + 1)
        if found is None:
            break
        cells.append(found.span())
        end = found.end()
    return cells
