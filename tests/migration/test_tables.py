"""The payloads of a table are migrated cell by cell, and everything else in it stays byte for byte."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrating import LEGACY
from tcspec.files.lines import FileError
from tcspec.migration.engine import migrate
from tcspec.migration.tables import open_table
from tcspec.upgrades.api import upgrade_json


def quote(text):
    """Return a cell in quotes."""
    return b'"' + text.replace(b'"', b'""') + b'"'


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("delimiter", [b",", b";", b"\t"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_only_the_cell_changes(tmp_path, workers, delimiter, mark):
    """Cells, quotes and line ends around the payload stay; rows that cannot be migrated are rejected verbatim."""

    def row(*cells, end=b"\r\n"):
        return delimiter.join(cells) + end

    header = mark + row(b"id", b'"raw ""data"""', b"note")
    short, broken = row(b"7"), row(b"8", b"text", b"")
    events = [
        row(b"%d" % n, quote(LEGACY % n), b' "a;,\tb"' if n % 2 else b'"a,;\tb ""c"""', end=b"\n") for n in range(25)
    ]
    events = [each for n, each in enumerate(events) if not n % 2]
    empty = row(b"9", b"", b"x")
    source, target, rejects = (tmp_path / name for name in ("s.csv", "t.csv", "r.csv"))
    source.write_bytes(b"".join([header, *events, short, empty, broken]))
    summary = migrate(
        *map(str, (source, target)), rejects=str(rejects), column='raw "data"', workers=workers, checkpoint_every=5
    )
    upgraded = [
        each.replace(quote(LEGACY % n), quote(upgrade_json(LEGACY % n)))
        for n, each in zip(range(0, 25, 2), events, strict=True)
    ]
    assert target.read_bytes() == b"".join([header, *upgraded, empty])
    assert rejects.read_bytes() == short + broken
    assert (summary.upgraded, summary.rejected, summary.blank) == (13, 2, 2)


@given(
    cells=st.lists(st.text(alphabet='a",; ', max_size=5), min_size=2, max_size=4),
    text=st.text(alphabet='x",', min_size=1),
)
def test_cells_are_those_of_the_csv_module(cells, text):
    """The cell that is found, and what replaces it, is what the csv module reads."""
    header = ",".join("abcd"[: len(cells)]).encode()
    written = io.StringIO()
    csv.writer(written).writerow(cells)
    row = written.getvalue().encode()
    cell = open_table("t", "b", header + b"\r\n").find(row)
    assert cell.payload == cells[1].encode()
    [read] = csv.reader([cell.replace(row, text.encode()).decode()])
    assert read == [cells[0], text, *cells[2:]]


def test_tables_that_are_refused(tmp_path):
    """A column that is not there or not alone, a cell of several lines and a table without a column are errors."""
    source, target = tmp_path / "s.csv", tmp_path / "t.csv"
    for content, column, message in (
        (b"a,b\n1,2\n", "c", "has no column named c; its columns are a, b"),
        (b"a,a\n1,2\n", "a", "has several columns named a"),
        (b'a,b\n1,"x\ny"\n', "b", "has a cell with a line break"),
        (b"a,b\n1,2\n", None, "t.csv: would hold JSON"),
    ):
        source.write_bytes(content)
        with pytest.raises(FileError, match=message):
            migrate(str(source), str(target), column=column)
        assert [path.name for path in tmp_path.iterdir()] == ["s.csv"]
