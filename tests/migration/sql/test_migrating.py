"""A table is migrated where it is: every row has one outcome, nothing is lost, and everything can be undone."""

from __future__ import annotations

import itertools
import json
import sqlite3

import pytest

from databases import Sqlite, job, legacy, upgraded
from tcspec.files.lines import FileError
from tcspec.migration.job import MigrationError
from tcspec.migration.output_files import CannotResume
from tcspec.migration.sql import migrating, store
from tcspec.migration.sql.sqlite import SqliteDatabase

EVENTS = {"upgraded": 31, "unchanged": 1, "rejected": 8, "blank": 1}
ORIGINALS, REJECTS = "tcspec_events_originals", "tcspec_events_rejects"


@pytest.fixture
def database(tmp_path):
    """Create a database with a table of events."""
    return Sqlite(tmp_path / "events.db")


@pytest.fixture(autouse=True)
def _without_sync(monkeypatch):
    """Write to no disk: what survives when a machine loses its power is the concern of SQLite."""

    def connect(*arguments, **options):
        connection = original(*arguments, **options)
        connection.execute("PRAGMA synchronous = OFF")
        return connection

    original = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", connect)


def counts(summary):
    """Return the counts of outcomes."""
    return {name: getattr(summary, name) for name in EVENTS}


def interrupt(monkeypatch, database, writes=2, **options):
    """Stop a migration when a batch has been read and not yet written."""
    calls = []

    def commit(sink, summary):
        calls.append(summary)
        if len(calls) > writes:
            raise KeyboardInterrupt
        original(sink, summary)

    original = store.TableSink.commit
    with monkeypatch.context() as patched:
        patched.setattr(store.TableSink, "commit", commit)
        with pytest.raises(KeyboardInterrupt):
            database.migrate(**options)


def write_meanwhile(monkeypatch, database, *statements, batch=2):
    """Let another program execute statements between the reading of a batch and its writing."""
    calls = []

    def write(sink, block, outcomes):
        calls.append(block)
        if len(calls) == batch:
            for statement, *parameters in statements:
                database.run(statement, *parameters)
        original(sink, block, outcomes)

    original = store.TableSink.write
    monkeypatch.setattr(store.TableSink, "write", write)


def test_in_place(database):
    """In place only the column changes, and a value keeps its type; what cannot be upgraded stays as it is."""
    before = database.rows()
    summary = database.migrate()
    assert counts(summary) == EVENTS
    assert summary.lines == len(before)
    for old, new in zip(before, database.rows(), strict=True):
        number, payload, *rest = old
        expected = payload
        if payload in {legacy(number), legacy(number).encode()}:
            expected = upgraded(number) if isinstance(payload, str) else upgraded(number).encode()
        assert new == (number, expected, *rest)


def test_rejects(database):
    """Rejected values are in a side table, verbatim, with their keys and the reasons."""
    summary = database.migrate()
    assert summary.rejects_path == f"the table {REJECTS}"
    found = database.run(f"SELECT key, payload, reasons FROM {REJECTS} ORDER BY key")
    assert [key for key, *_ in found] == [0, 4, 7, 14, 21, 28, 35, 40]
    assert [payload for _, payload, _ in found] == [
        payload for key, payload, *_ in database.rows() if key in {0, 4, 7, 14, 21, 28, 35, 40}
    ]
    reason = json.loads(found[0][2])
    assert (reason["table"], reason["key"], reason["violations"][0]["code"]) == ("events", 0, "TC001")


def test_undo(database):
    """Undo restores every row exactly, and leaves nothing behind."""
    before = database.rows()
    database.migrate()
    assert database.undo() == (31, 0)
    assert database.rows() == before
    assert database.tables() == {"events"}
    assert not list(database.path.parent.glob("*.migration"))


def test_undo_leaves_what_was_written_since(database):
    """Undo overwrites no newer value; originals that are not put back are kept until the end."""
    database.migrate()
    database.run("UPDATE events SET payload = 'newer' WHERE id = 1")
    database.run("DELETE FROM events WHERE id = 2")
    assert database.undo() == (29, 2)
    assert database.run("SELECT payload FROM events WHERE id = 1") == [("newer",)]
    kept = database.run(f"SELECT key, original FROM {ORIGINALS} WHERE status = 'upgraded' ORDER BY key")
    assert kept == [(1, legacy(1)), (2, legacy(2))]
    with pytest.raises(MigrationError, match="is being undone; --undo goes on, --finish drops the rest"):
        database.migrate(resume=True)
    assert database.undo() == (0, 2)
    database.finish()
    assert ORIGINALS not in database.tables()


def test_finish(database, monkeypatch):
    """Originals are dropped when that is asked for, and only of a complete migration; rejects are kept."""
    interrupt(monkeypatch, database)
    with pytest.raises(MigrationError, match="is not complete"):
        database.finish()
    database.migrate(resume=True)
    assert database.finish() == 8
    assert database.tables() == {"events", REJECTS}
    with pytest.raises(MigrationError, match="there is no migration of events"):
        database.undo()
    with pytest.raises(MigrationError, match=f"the table {REJECTS} of another migration exists"):
        database.migrate()


def test_into_column(database):
    """Another column gets the upgraded events, and copies of what is new or null; rejected rows have none."""
    before = database.rows()
    assert counts(database.migrate({"into_column": "new one"})) == EVENTS
    assert [row[:3] for row in database.rows()] == [row[:3] for row in before]
    written = dict(database.run('SELECT id, "new one" FROM events'))
    assert written[1] == upgraded(1)
    assert written[5] == upgraded(5).encode()
    assert written[6] == upgraded(6)
    assert [key for key, value in written.items() if value is None] == [0, 3, 4, 7, 14, 21, 28, 35, 40]
    assert database.undo() == (41, 0)
    assert (database.rows(), database.tables()) == (before, {"events"})


def test_into_a_column_that_exists(database):
    """A column that exists is used when it is empty, and then undone to be empty; values are never overwritten."""
    database.run("ALTER TABLE events ADD COLUMN upgraded TEXT")
    before = database.rows()
    database.run("UPDATE events SET upgraded = 'mine' WHERE id = 3")
    with pytest.raises(MigrationError, match="the column upgraded has values"):
        database.migrate({"into_column": "UPGRADED"})
    assert database.tables() == {"events"}
    database.run("UPDATE events SET upgraded = NULL")
    database.migrate({"into_column": "upgraded"})
    assert database.run("SELECT upgraded FROM events WHERE id = 1") == [(upgraded(1),)]
    database.undo()
    assert database.rows() == before


def test_into_table(database):
    """Another table gets every row that is not rejected, its other columns as they are."""
    before = database.rows()
    database.migrate({"into_table": "events 2"})
    assert database.rows() == before
    expected = [
        (number, upgraded(number) if payload == legacy(number) else payload, *rest)
        for number, payload, *rest in before
        if number not in {0, 4, 5, 7, 14, 21, 28, 35, 40}
    ]
    assert [row for row in database.rows("events 2") if row[0] != 5] == expected
    database.run('INSERT INTO "events 2" (id, payload) VALUES (99, NULL)')
    assert database.run('SELECT at FROM "events 2" WHERE id = 99') == [("now",)]
    assert database.undo() == (41, 0)
    assert (database.rows(), database.tables()) == (before, {"events"})


def test_into_a_table_that_exists(database):
    """No table that exists is written to, the table itself least of all."""
    database.run("CREATE TABLE other (id)")
    for name in ("other", "Events"):
        with pytest.raises(MigrationError, match=f"the table {name} exists"):
            database.migrate({"into_table": name})
    assert database.tables() == {"events", "other"}


@pytest.mark.parametrize("options", [{}, {"into_column": "new"}, {"into_table": "new"}])
@pytest.mark.parametrize("writes", range(5))
def test_resume(tmp_path, monkeypatch, options, writes):
    """A migration that is stopped before any batch and resumed ends with the same rows and counts."""
    whole, database = Sqlite(tmp_path / "whole.db"), Sqlite(tmp_path / "stopped.db")
    expected = whole.migrate(options)
    interrupt(monkeypatch, database, writes, options=options)
    with pytest.raises(MigrationError, match="was interrupted"):
        database.migrate(options)
    summary = database.migrate(options, resume=True)
    assert summary == expected
    assert database.content() == whole.content()


def test_another_job_is_not_resumed(database, monkeypatch):
    """Only the same job is resumed, and what is different is named."""
    interrupt(monkeypatch, database)
    with pytest.raises(CannotResume, match="changed since the checkpoint: where, on invalid"):
        database.migrate({"where": "id > 1", "on_invalid": "reject"}, resume=True)
    with pytest.raises(MigrationError, match="a migration of events was interrupted; --resume goes on"):
        database.migrate()
    with pytest.raises(MigrationError, match="is of the column payload by id"):
        database.undo(column="at")
    database.run("UPDATE tcspec_migrations SET state = '{}'")
    with pytest.raises(CannotResume, match="is none of tcspec"):
        database.migrate(resume=True)


def test_a_row_that_changes_meanwhile(database, monkeypatch):
    """A row that another program changes between reading and writing keeps the newer value, which is migrated too."""
    newer = legacy(1234)
    write_meanwhile(
        monkeypatch,
        database,
        ("UPDATE events SET payload = ? WHERE id = 11", newer),
        ("UPDATE events SET payload = 'newer' WHERE id = 12",),
        ("DELETE FROM events WHERE id = 13",),
    )
    summary = database.migrate()
    found = dict(database.run("SELECT id, payload FROM events"))
    assert (found[11], found[12], 13 in found) == (upgraded(1234), "newer", False)
    assert (summary.lines, summary.upgraded, summary.rejected) == (40, 29, 9)
    database.undo()
    assert database.run("SELECT payload FROM events WHERE id = 11") == [(newer,)]


def test_rows_behind_the_cursor(database, monkeypatch):
    """Rows that come behind the cursor, or are written again there, are migrated before the migration ends."""
    write_meanwhile(
        monkeypatch,
        database,
        ("INSERT INTO events VALUES (-5, ?, 'late')", legacy(55)),
        ("UPDATE events SET payload = ? WHERE id = 2", legacy(22)),
        batch=4,
    )
    summary = database.migrate()
    found = dict(database.run("SELECT id, payload FROM events"))
    assert (found[-5], found[2]) == (upgraded(55), upgraded(22))
    assert summary.lines == 42


def test_rows_that_come_later(database):
    """A complete migration that is resumed migrates what was written since, fixed rejects too."""
    database.migrate()
    database.run("UPDATE events SET payload = ? WHERE id = 7", legacy(7))
    database.run("INSERT INTO events VALUES (1000, ?, 'late')", legacy(1000))
    summary = database.migrate(resume=True)
    assert (summary.upgraded, summary.rejected, summary.lines) == (33, 7, 42)
    assert 7 not in [key for (key,) in database.run(f"SELECT key FROM {REJECTS}")]
    assert database.run("SELECT payload FROM events WHERE id = 7") == [(upgraded(7),)]


def test_old_events_without_end(database, monkeypatch):
    """A migration beside which old events are written again and again says so, and can be resumed."""

    def write(sink, block, outcomes):
        database.run("UPDATE events SET payload = ? WHERE id = 1", legacy(next(numbers)))
        original(sink, block, outcomes)

    numbers, original = itertools.count(), store.TableSink.write
    with monkeypatch.context() as patched:
        patched.setattr(store.TableSink, "write", write)
        with pytest.raises(MigrationError, match="old events are still being written"):
            database.migrate()
    assert database.migrate(resume=True).upgraded == 31


def test_a_condition(database):
    """A condition of the caller chooses rows, may end with a comment, and cannot write; a wrong one changes nothing."""
    summary = database.migrate({"where": "id < 3 OR at = 'day 8' -- the first"})
    assert [row[0] for row in database.run(f"SELECT key FROM {ORIGINALS} ORDER BY key")] == [0, 1, 2, 8]
    assert summary.lines == 4
    database.undo()
    wrong = ["1) OR (1; DELETE FROM events", "nothing = 1", "1; DELETE FROM events --"]
    # What ends the parenthesis around it would make every row one that was not migrated yet.
    for where in (*wrong, "id = 1) OR (id = 2", "1) OR (1 -- all", "id = 1 GROUP BY id", "1 LIMIT 1"):
        before = database.rows()
        with pytest.raises(FileError):
            database.migrate({"where": where})
        assert (database.rows(), database.tables()) == (before, {"events"})


def test_dry_run(database):
    """A dry run counts the same, and changes no byte of the file."""
    before = database.path.read_bytes()
    assert counts(database.migrate(dry_run=True)) == EVENTS
    assert database.path.read_bytes() == before
    assert len(list(database.path.parent.iterdir())) == 1


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"table": "nothing"}, "has no table nothing"),
        ({"key": "nothing"}, "the table events has no column nothing"),
        ({"column": "nothing"}, "the table events has no column nothing"),
        ({"key": "at"}, "the column at of events is neither its primary key nor unique"),
        ({"on_invalid": "drop"}, "expected keep or reject"),
    ],
)
def test_tables_that_cannot_be_migrated(database, options, reason):
    """A table without the key or the column is refused before anything is written."""
    before = database.path.read_bytes()
    with pytest.raises(MigrationError, match=reason):
        database.migrate(options)
    assert database.path.read_bytes() == before


def test_rows_without_a_key(database):
    """Rows whose unique key is null are refused: nothing tells them apart."""
    database.run("CREATE TABLE other (k TEXT UNIQUE, payload)")
    database.run("INSERT INTO other VALUES (NULL, 'a'), (NULL, 'b')")
    with pytest.raises(MigrationError, match="2 rows of other have no k"):
        database.migrate({"table": "other", "key": "k"})


@pytest.mark.parametrize("key", ["TEXT COLLATE NOCASE", "BLOB", "REAL", "", "INTEGER", "VARCHAR(9)"])
def test_keys_of_any_type(database, key):
    """Keys are compared as the database does, be they text, bytes or numbers, and names may hold any character."""
    name = 'a "table" of % and ; and é'
    quoted = name.replace('"', '""')
    database.run(f'CREATE TABLE "{quoted}" ("the ""key""" {key} UNIQUE, "select" TEXT)')
    keys = ["a", "B", b"\xff", 1, -2.5, "12", "é", 10**12, b""]
    for number, each in enumerate(keys):
        database.run(f'INSERT INTO "{quoted}" VALUES (?, ?)', each, legacy(number))
    before = database.run(f'SELECT * FROM "{quoted}" ORDER BY rowid')
    options = {"table": name.upper().replace("É", "é"), "key": 'the "key"', "column": "SELECT"}
    assert migrating.migrate_table(database.url, job(**options), rows=2).upgraded == len(keys)
    found = dict(database.run(f'SELECT rowid, "select" FROM "{quoted}"'))
    assert found == {number + 1: upgraded(number) for number in range(len(keys))}
    assert database.undo(**options) == (len(keys), 0)
    assert database.run(f'SELECT * FROM "{quoted}" ORDER BY rowid') == before


def test_a_lock(database, monkeypatch):
    """A second migration of a database is refused as long as the first one runs."""
    refused = []

    def write(sink, block, outcomes):
        if not refused:
            with pytest.raises(FileError, match="another migration to the same target is running") as caught:
                database.migrate(resume=True)
            refused.append(caught.value)
        original(sink, block, outcomes)

    original = store.TableSink.write
    monkeypatch.setattr(store.TableSink, "write", write)
    assert counts(database.migrate()) == EVENTS
    assert refused


def test_a_writer_that_does_not_end(database, monkeypatch):
    """A database that another program has locked all the time is an error that says so; nothing was written."""
    before = database.rows()
    monkeypatch.setattr("tcspec.migration.sql.sqlite._TIMEOUT", 0.05)
    with database.open() as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(FileError, match="database is locked"):
            database.migrate()
    assert database.rows() == before
    assert database.tables() == {"events"}


@pytest.mark.parametrize("failures", [3, 8])
def test_conflicts_are_tried_again(database, monkeypatch, failures):
    """A batch that fails because of another transaction is tried again, and given up in the end."""
    monkeypatch.setattr("time.sleep", lambda _: None)
    left = [None] * failures

    def lock_rows(self, table, keys):
        if left:
            left.pop()
            raise store.Conflict("deadlock detected")
        return original(self, table, keys)

    original = SqliteDatabase.lock_rows
    monkeypatch.setattr(SqliteDatabase, "lock_rows", lock_rows)
    if failures == 8:
        with pytest.raises(FileError, match="deadlock detected") as given_up:
            database.migrate()
        assert given_up.value.__notes__ == ["the same command with --resume goes on"]
    assert counts(database.migrate(resume=failures == 8)) == EVENTS


def test_a_file_that_is_no_database(tmp_path):
    """What is no database, or is not there, is an error that names it, and nothing is created."""
    with pytest.raises(FileError, match="No such file"):
        migrating.migrate_table(f"sqlite:///{tmp_path / 'a.db'}", job())
    (tmp_path / "b.db").write_bytes(b"no database" * 100)
    with pytest.raises(FileError, match="file is not a database"):
        migrating.migrate_table(f"sqlite:///{tmp_path / 'b.db'}", job())
    assert [path.name for path in tmp_path.iterdir()] == ["b.db"]


def test_a_trigger(database):
    """What a trigger of the table writes is what counts: the row is not migrated again, and undo restores it."""
    before = database.rows()
    database.run(
        "CREATE TRIGGER t AFTER UPDATE OF payload ON events WHEN new.payload NOT LIKE '%event_id\":\"0%' BEGIN "
        "UPDATE events SET at = 'touched' WHERE id = new.id; END"
    )
    assert counts(database.migrate()) == EVENTS
    database.undo()
    assert [row[:2] for row in database.rows()] == [row[:2] for row in before]


def test_a_generated_column(tmp_path):
    """A table with columns that are computed is migrated in place and to another table, which gets the others."""
    database = Sqlite(tmp_path / "e.db")
    database.run("ALTER TABLE events ADD COLUMN double GENERATED ALWAYS AS (id * 2) VIRTUAL")
    database.migrate({"into_table": "other"})
    assert database.run("SELECT * FROM other WHERE id = 1") == [(1, upgraded(1), "day 1")]


def test_a_column_that_cannot_be_written(database):
    """A column that is computed from others is refused before anything is made."""
    database.run("ALTER TABLE events ADD COLUMN copy TEXT GENERATED ALWAYS AS (payload) VIRTUAL")
    with pytest.raises(FileError, match=r'cannot UPDATE generated column "copy"$'):
        database.migrate({"column": "copy"})
    assert database.tables() == {"events"}


def test_a_trigger_that_changes_originals(database):
    """Originals that a trigger changes while they are put back are kept, until it is disabled."""
    before = database.rows()
    database.migrate()
    database.run(
        "CREATE TRIGGER t AFTER UPDATE OF payload ON events WHEN new.payload NOT LIKE '% ' BEGIN "
        "UPDATE events SET payload = new.payload || ' ' WHERE id = new.id; END"
    )
    with pytest.raises(MigrationError, match="a trigger of events changes the originals that are put back; disable it"):
        database.undo()
    database.run("DROP TRIGGER t")
    assert database.undo() == (31, 0)
    assert database.rows() == before


def test_the_size_of_a_batch(database, monkeypatch):
    """A batch ends behind some bytes, too, so that memory does not grow with the payloads."""
    monkeypatch.setattr(store, "_BYTES", 250)
    sizes = []
    write = store.TableSink.write
    monkeypatch.setattr(
        store.TableSink, "write", lambda sink, block, each: (sizes.append(len(block.keys)), write(sink, block, each))
    )
    assert counts(database.migrate()) == EVENTS
    assert max(sizes) <= 10 and min(sizes) < 4  # noqa: PT018 - one fact


def test_other_programs_can_write(database):
    """Between batches the database is not locked."""
    seen = []

    def progress(*_):
        connection = sqlite3.connect(database.path, timeout=0)
        connection.execute("UPDATE events SET at = 'seen' WHERE id = 3")
        connection.commit()
        connection.close()
        seen.append(True)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("tcspec.migration.transfer._PROGRESS_EVERY", 1)
        database.migrate(progress=progress)
    assert seen
