"""The payloads of a table are migrated cell by cell, and everything else in it stays byte for byte."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from command import tcspec
from migrating import LEGACY
from tcspec.files.lines import FileError
from tcspec.migration.engine import migrate
from tcspec.migration.job import MigrationError
from tcspec.migration.measured import measure_file
from tcspec.migration.merging import merge_rejects
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
    assert rejects.read_bytes() == header + short + broken
    assert (summary.upgraded, summary.rejected, summary.blank) == (13, 2, 2)


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("rejects", [None, "r.csv"])
def test_a_dry_run_without_rejects(tmp_path, workers, rejects):
    """A table without rejects needs no room for the names of its columns, unless their file is asked for."""
    source, target = tmp_path / "s.csv", tmp_path / "t.csv"
    source.write_bytes(b"".join([b"raw\n", *(quote(LEGACY % n) + b"\n" for n in range(25))]))
    options = {"column": "raw", "rejects": rejects and str(tmp_path / rejects), "workers": workers}
    summary = migrate(str(source), str(target), dry_run=True, details=True, checkpoint_every=5, **options)
    migrate(str(source), str(target), checkpoint_every=5, **options)
    sizes = {role: summary.details.written[role] for role in ("target", "rejects", "reasons")}
    assert sizes == {"target": target.stat().st_size, "rejects": 4 if rejects else 0, "reasons": 0}
    assert [path.name for path in tmp_path.glob("r*")] == ([rejects, f"{rejects}.reasons.ndjson"] if rejects else [])


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


@pytest.mark.parametrize("suffix", ["", ".gz"])
@pytest.mark.parametrize("workers", [1, 2])
def test_rejects_are_a_table(tmp_path, monkeypatch, workers, suffix):
    """Rejects have the names of the columns, so that they are read, fixed, migrated and put back as any other table."""
    monkeypatch.chdir(tmp_path)
    rows = [b"%d,%b\r\n" % (n, b"no" if n % 5 else quote(LEGACY % n)) for n in range(20)]
    Path("s.csv").write_bytes(b"id,raw\r\n" + b"".join(rows))
    target, rejects = f"t.csv{suffix}", Path(f"t.csv{suffix}.rejects.csv")
    migrate("s.csv", target, column="raw", workers=workers, checkpoint_every=5)
    assert rejects.read_bytes() == b"id,raw\r\n" + b"".join(row for n, row in enumerate(rows) if n % 5)
    assert tcspec("rejects", str(rejects)).err == "16 rejects in 1 file\n"
    with rejects.open(newline="") as file:
        cells = list(csv.reader(file))
    with rejects.open("w", newline="") as file:
        csv.writer(file).writerows([cells[0], *([n, (LEGACY % int(n)).decode()] for n, _ in cells[1:-1]), cells[-1]])
    assert migrate(str(rejects), "alone.csv", column="raw").upgraded == 15
    ran = tcspec("migrate", target, "--merge-rejects", "--column", "raw", "--fail-on", "never")
    assert (ran.code, ran.err.splitlines()[0]) == (0, "16 lines: 15 upgraded, 1 rejected"), ran.err
    assert rejects.read_bytes() == b"id,raw\r\n19,no\r\n"
    assert tcspec("rejects", str(rejects)).err == "1 reject in 1 file\n"
    fixed = [b"%d,%b\r\n" % (n, quote(LEGACY % n)) for n in range(19)]
    Path("fixed.csv").write_bytes(b"id,raw\r\n" + b"".join(fixed))
    migrate("fixed.csv", "expected.csv", column="raw")
    assert measure_file(target) == measure_file("expected.csv")


def test_a_pipe(tmp_path, monkeypatch):
    """From standard input a table is read when the target is named as one."""
    monkeypatch.chdir(tmp_path)
    row = b"7," + quote(LEGACY % 7)
    assert tcspec("migrate", "-", "t.csv", "--column", "raw", stdin=b"id,raw\n%b\n8,no\n" % row).code == 1
    assert Path("t.csv").read_bytes() == b"id,raw\n7,%b\n" % quote(upgrade_json(LEGACY % 7))
    assert Path("t.csv.rejects.csv").read_bytes() == b"id,raw\n8,no\n"


def test_rejects_with_other_columns(tmp_path, monkeypatch):
    """Rejects whose first line is another one are not put back: their cells may be in another order."""
    monkeypatch.chdir(tmp_path)
    Path("s.csv").write_bytes(b"id,raw\n7,no\n")
    migrate("s.csv", "t.csv", column="raw")
    for content in (b"raw,id\nno,7\n", b"7,no\n", b""):
        Path("t.csv.rejects.csv").write_bytes(content)
        with pytest.raises(MigrationError, match=r"has not the columns of .*t\.csv; keep its first line"):
            merge_rejects("t.csv", column="raw")
    assert Path("t.csv").read_bytes() == b"id,raw\n"


def test_without_rejects(tmp_path, monkeypatch):
    """A table without rejects has no file of them, unless it is asked for: then it has the names of the columns."""
    monkeypatch.chdir(tmp_path)
    Path("s.csv").write_bytes(b"id,raw\n7,\n")
    migrate("s.csv", "t.csv", column="raw")
    assert not Path("t.csv.rejects.csv").exists()
    migrate("s.csv", "t.csv", column="raw", rejects="r.csv", force=True)
    assert Path("r.csv").read_bytes() == b"id,raw\n"
    assert tcspec("rejects", "r.csv").err == "no reject in 1 file\n"
    assert tcspec("migrate", "t.csv", "--merge-rejects", "--rejects", "r.csv", "--column", "raw").code == 1
    assert Path("r.csv").read_bytes() == b"id,raw\n"


def test_names(tmp_path, monkeypatch):
    """What holds a table is named so, since its name decides how it is read."""
    monkeypatch.chdir(tmp_path)
    Path("s.csv").write_bytes(b"id,raw\n7,\n")
    for target, rejects in (("t.txt", None), ("t.csv", "r.ndjson")):
        with pytest.raises(FileError, match=r"would hold a table, as the source; name it \.csv or \.tsv"):
            migrate("s.csv", target, rejects=rejects, column="raw")
    assert migrate("s.csv", "/dev/null", rejects="r.tsv.gz", column="raw").lines == 2


def test_names_with_delimiters(tmp_path, monkeypatch):
    """The delimiter is what stands most often between the names of the columns, whatever is in their quotes."""
    monkeypatch.chdir(tmp_path)
    Path("s.csv").write_bytes(b'"a,b,c,d";raw\n1;%b\n' % quote(LEGACY % 1))
    assert migrate("s.csv", "t.csv", column="raw").upgraded == 1
    assert Path("t.csv").read_bytes() == b'"a,b,c,d";raw\n1;%b\n' % quote(upgrade_json(LEGACY % 1))


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_tables_that_were_put_together(tmp_path, monkeypatch, mark):
    """A first line that comes again, with or without a byte order mark, stays as it is."""
    monkeypatch.chdir(tmp_path)
    rows = [b"id,raw\r\n", b"1,%b\r\n" % quote(LEGACY % 1), b"id,raw\r\n", mark + b"id,raw\r\n"]
    Path("s.csv").write_bytes(mark + b"".join(rows))
    summary = migrate("s.csv", "t.csv", column="raw")
    assert (summary.blank, summary.upgraded, summary.rejected) == (3, 1, 0)
    rows[1] = b"1,%b\r\n" % quote(upgrade_json(LEGACY % 1))
    assert Path("t.csv").read_bytes() == mark + b"".join(rows)


def test_a_table_without_quotes(tmp_path, monkeypatch):
    """A cell without quotes gets some only when its text could not be read otherwise."""
    monkeypatch.chdir(tmp_path)
    odd = LEGACY.replace(b'"u"', b'"\\""') % 2
    Path("s.tsv").write_bytes(b"id\traw\n1\t%b\n2\t%b\n" % (LEGACY % 1, quote(odd)))
    assert migrate("s.tsv", "t.tsv", column="raw", journal="j").upgraded == 2
    upgraded = upgrade_json(LEGACY % 1), quote(upgrade_json(odd))
    assert Path("t.tsv").read_bytes() == b"id\traw\n1\t%b\n2\t%b\n" % upgraded
    Path("s.csv").write_bytes(b'id,raw\n1,{"event":"login"}\n')
    assert migrate("s.csv", "t.csv", column="raw").upgraded == 1
    assert Path("t.csv").read_bytes() == b"id,raw\n1,%b\n" % quote(upgrade_json(b'{"event":"login"}'))
    assert tcspec("migrate", "u.tsv", "t.tsv", "--undo", "--journal", "j").code == 0
    assert Path("u.tsv").read_bytes() == Path("s.tsv").read_bytes()


def test_quotes_with_backslashes(tmp_path, monkeypatch):
    """Quotes that are written with backslashes are reported as what they are, and the row is rejected."""
    monkeypatch.chdir(tmp_path)
    row = b'1,"%b"\n' % (LEGACY % 1).replace(b'"', b'\\"')
    Path("s.csv").write_bytes(b"id,raw\n" + row)
    assert migrate("s.csv", "t.csv", column="raw").rejected == 1
    assert "quotes in the cell have backslashes; write them twice" in tcspec("rejects", "t.csv.rejects.csv").out
    assert Path("t.csv.rejects.csv").read_bytes() == b"id,raw\n" + row


@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_an_empty_file(tmp_path, monkeypatch, suffix):
    """A file without a byte has no rows, whatever its columns would be: it does not stop the migration of a folder."""
    monkeypatch.chdir(tmp_path)
    Path("in").mkdir()
    Path(f"in/a.csv{suffix}").touch()
    Path("in/b.csv").write_bytes(b"id,raw\n1,%b\n" % quote(LEGACY % 1))
    ran = tcspec("migrate", "in", "out", "--column", "raw", "--report", "r.json")
    assert (ran.code, ran.err.splitlines()[:2]) == (0, ["2 files", "2 lines: 1 upgraded, 1 blank"]), ran.err
    assert tcspec("migrate", "--verify", "r.json").code == 0
    assert tcspec("migrate", "in", "out", "--undo", "--column", "raw").code == 0


def test_tables_that_are_refused(tmp_path):
    """A column that is not there or not alone, a cell of several lines and a table without a column are errors."""
    source, target = tmp_path / "s.csv", tmp_path / "t.csv"
    for content, column, message in (
        (b"a,b\n1,2\n", "c", "has no column named c; its columns are a, b"),
        (b"a,a\n1,2\n", "a", "has several columns named a"),
        (b'Ada,"{""event"":1}"\n', "a", "has no column named a; write a first line with names$"),
        (b"sep=;\r\na;b\r\n1;2\r\n", "b", "its first line is one of Excel; remove it first: sed 1d$"),
        (b"raw\r{}\r{}\r", "a", "its lines end with a carriage return only; convert it first: tr"),
        (b"\n", "a", "has no column named a; write a first line with names$"),
        (b"ada@shop.example,b\n", "a", r"its columns are \(masked\), b$"),
        (b'a,b\n1,2\n1,"x\ny"\n', "b", "has a cell with a line break, or an open quote, in line 3,"),
        (b'a,"b\nc"\n1,2\n', "a", "has a cell with a line break, or an open quote, in line 1,"),
        (b"a,b\n1,2\n", None, "t.csv: would hold JSON"),
    ):
        source.write_bytes(content)
        with pytest.raises(FileError, match=message):
            migrate(str(source), str(target), column=column)
        assert [path.name for path in tmp_path.iterdir()] == ["s.csv"]
