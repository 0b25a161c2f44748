"""Whoever shows the progress of a migration gets the share of its source that was read."""

from __future__ import annotations

import gzip
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from command import tcspec
from databases import job
from migrating import LEGACY, interrupted, legacy_lines
from tcspec.migration import transfer
from tcspec.migration.engine import migrate
from tcspec.migration.folders import migrate_files
from tcspec.migration.sql.migrating import migrate_table
from tcspec.migration.verification import verify_report


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(transfer, "_PROGRESS_EVERY", 100)


@pytest.fixture
def seen():
    """Collect how many records were counted with which share."""
    return []


@pytest.fixture
def progress(seen):
    """Return what collects them."""
    return lambda summary, share: seen.append((summary.lines, share))


def check(seen, lines):
    """Check that shares grow with the counts, from little to nearly all."""
    counts, shares = zip(*seen, strict=True)
    assert sorted(shares) == list(shares)
    assert sorted(counts) == list(counts)
    assert shares[0] < 0.6 < shares[-1] <= 1
    assert counts[-1] > 0.8 * lines


@pytest.mark.parametrize(("name", "workers"), [("s", 1), ("s", 2), ("s.gz", 1), ("s.json", 1), ("s.parquet", 1)])
def test_files(seen, progress, name, workers):
    """Of a file, compressed or not, it is the share of its bytes."""
    # No line is like another, or a compressed file would be read at once.
    lines = [LEGACY.replace(b'"u"', b'"%x"' % (7**500 * n)) % n for n in range(1, 3_001)]
    column = None
    if name == "s.parquet":
        pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
        pq.write_table(pa.table({"raw": [each.decode() for each in lines]}), name, row_group_size=300)
        column = "raw"
    else:
        data = b"[%b]" % b",".join(lines) if name == "s.json" else b"\n".join(lines)
        Path(name).write_bytes(gzip.compress(data, 1) if name.endswith(".gz") else data)
    target = "t.parquet" if column else "t"
    migrate(name, target, column=column, progress=progress, workers=workers, checkpoint_every=500)
    check(seen, 3_000)


def test_a_pipe(seen, progress):
    """Of a pipe nobody knows it."""
    Path("s").write_bytes(legacy_lines(3_000))
    with open("s", "rb") as file, pytest.MonkeyPatch.context() as patched:  # noqa: PTH123 - as standard input
        patched.setattr("sys.stdin", type("Input", (), {"buffer": file}))
        migrate("-", "t", progress=progress)
    assert {share for _, share in seen} == {None}


def test_folders(seen, progress):
    """Of several files it is the share of all, also while one of them is read, and what is complete counts."""
    Path("in").mkdir()
    for number, lines in enumerate((3_000, 1, 1_000)):
        Path("in", f"{number}.ndjson").write_bytes(legacy_lines(lines))
    migrate_files(["in"], "out", progress=progress)
    check(seen, 4_001)
    assert seen[-1] == (4_001, 1)
    assert any(0 < share < 0.5 for _, share in seen)
    seen.clear()
    migrate_files(["in"], "out", dry_run=True, progress=progress)
    check(seen, 4_001)


def test_resuming(seen, progress):
    """A run that goes on begins with the share of the one before."""
    Path("s").write_bytes(legacy_lines(3_000))
    with interrupted(2):
        migrate("s", "t", checkpoint_every=1_000)
    migrate("s", "t", checkpoint_every=1_000, resume=True, progress=progress)
    assert seen[0][1] > 0.6


@pytest.mark.parametrize("dry_run", [False, True])
def test_rows(seen, progress, dry_run):
    """Of a table it is the share of the rows that are to be read."""
    with closing(sqlite3.connect("shop.db")) as connection, connection:
        connection.execute("CREATE TABLE events (id INTEGER PRIMARY KEY, payload TEXT)")
        connection.executemany("INSERT INTO events VALUES (?, ?)", [(n, (LEGACY % n).decode()) for n in range(1_000)])
    migrate_table("sqlite:///shop.db", job(where="id < 800"), rows=100, dry_run=dry_run, progress=progress)
    check(seen, 800)


def test_verifying(seen, progress):
    """Of a report that is verified it is the share of the files that are migrated once more."""
    Path("in").mkdir()
    for name in ("a.ndjson", "b.ndjson"):
        Path("in", name).write_bytes(legacy_lines(2_000))
    assert tcspec("migrate", "in", "out", "--report", "r.json").code == 0
    assert list(verify_report("r.json", progress)) == []
    check(seen, 4_000)


def test_nothing(seen, progress):
    """Of an empty file nothing is called."""
    Path("s").write_bytes(b"")
    migrate("s", "t", progress=progress)
    assert not seen
