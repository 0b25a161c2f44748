"""Stores of many events are migrated, killed, resumed, verified and undone, and every difference would be noticed."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import pytest

from databases import Sqlite
from lab import million
from lab.figures import format_figures
from lab.legacy_events import Reference
from lab.legacy_stores import ROW_FORMATS, FileStore, TableStore
from lab.million import Proof, main, migrate_reference
from lab.spark_rows import compare_rows


@pytest.mark.parametrize(
    ("store", "events"),
    [("archive", 28_000), ("rows", 2_000), ("table", 2_000), ("sqlite", 2_000), ("postgresql", 2_000)],
)
def test_stores(store, events, tmp_path, capsys):
    """A migration and its undo are killed and resumed, everything is as it should be, and memory is flat."""
    path = tmp_path / "million.json"
    assert main(["--stores", store, "--events", str(events), "--kills", "3", "--figures", str(path)]) == 0
    figures = json.loads(path.read_text())
    assert capsys.readouterr().out == f"{store}: {json.dumps(figures[store])}\n"
    found = figures[store]
    assert found["upgraded"] + found["unchanged"] + found["rejected"] == found["events"] == events
    assert found["rejected"] > 0
    assert found["processes"] > found["kills"] > 0
    assert found["different"] == 0
    assert f"| {store} | {events:,} |" in format_figures(tmp_path)


def test_too_much_memory(monkeypatch):
    """A process that needs more memory than the limit is a failure."""
    monkeypatch.setattr(million, "LIMIT", 1_000_000)
    assert main(["--stores", "rows", "--events", "200", "--kills", "1"]) == 1


@pytest.fixture(scope="module")
def reference(tmp_path_factory):
    """Migrate some events."""
    reference = Reference(tmp_path_factory.mktemp("reference"))
    counts = migrate_reference(reference, 300)
    assert counts["rejected"] > 0
    return reference


@pytest.mark.parametrize("layout", ROW_FORMATS)
def test_differences_of_files(layout, reference, tmp_path):
    """An event that is missing or another one, in any file, and a file that is left over are noticed."""
    store = FileStore(ROW_FORMATS[layout], tmp_path / "files", reference)
    store.write()
    Proof(300).run(tmp_path, store.migrate)
    assert [*store.compare_migrated(), *store.compare_undone()] == []
    for path in (store.target, store.rejects, store.source):
        content = path.read_bytes()
        with store.open(path, "rb") as file:
            lines = file.readlines()
        for changed in (lines[:-1], [*lines[:-1], lines[-1].replace(b"e", b"f", 1)], [*lines, lines[-1]]):
            with store.open(path, "wb") as file:
                file.writelines(changed)
            assert [*store.compare_migrated(), *store.compare_undone()] != []
        path.write_bytes(content)
    (tmp_path / "files" / "left").touch()
    assert list(store.compare_migrated()) != []


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM events WHERE id = 300",
        "UPDATE events SET payload = payload || ' ' WHERE id = 7",
        "UPDATE events SET at = '' WHERE id = 7",
        "DELETE FROM tcspec_events_rejects",
    ],
)
def test_differences_of_tables(change, reference, tmp_path):
    """A row that is missing or another one, and a reject that is missing are noticed."""
    store = TableStore(Sqlite(tmp_path / "events.db"), reference)
    store.write()
    Proof(300).run(tmp_path, store.migrate)
    assert list(store.compare_migrated()) == []
    with closing(sqlite3.connect(tmp_path / "events.db", isolation_level=None)) as connection:
        connection.execute(change)
    assert list(store.compare_migrated()) != []


def test_what_undo_leaves(reference, tmp_path):
    """Rows that are not as they were, and tables that are left over are noticed."""
    store = TableStore(Sqlite(tmp_path / "events.db"), reference)
    store.write()
    assert list(store.compare_undone()) == []
    Proof(300).run(tmp_path, store.migrate)
    rows, tables = store.compare_undone()
    assert rows.startswith("rows: (1, ")
    assert tables.startswith("tables: ")


def test_differences_of_spark(reference, tmp_path):
    """A row that is missing, another one, or has another outcome is noticed, whatever the order of the rows."""
    pa, dataset = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.dataset")
    rows = [
        {
            "id": event.number,
            "payload": event.migrated_row[1],
            "outcome": "rejected" if event.after is None else "upgraded",
        }
        for event in reference.iter_migrated()
    ]

    def compare(name, changed):
        table = pa.Table.from_pylist(changed[::-1])
        flavor = {"partitioning": ["outcome"], "partitioning_flavor": "hive"}
        dataset.write_dataset(table, tmp_path / name, format="parquet", **flavor)
        return list(compare_rows(tmp_path / name, len(changed), reference.iter_migrated()))

    assert compare("same", rows) == []
    assert compare("missing", rows[:-1]) != []
    assert compare("more", [*rows, {**rows[0], "id": 301}]) == ["there are 1 rows too many"]
    assert compare("another", [{**rows[0], "payload": "{}"}, *rows[1:]]) != []
    assert compare("rejected", [{**rows[0], "outcome": "rejected"}, *rows[1:]]) != []
