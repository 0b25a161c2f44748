"""A table of PostgreSQL is migrated where it is, beside programs that write, and every event can be put back."""

from __future__ import annotations

import itertools
import json
import re
import shlex
import threading
from contextlib import nullcontext

import pytest

from acceptance.postgres.server import Postgres, run_server
from command import tcspec
from databases import job, legacy, upgraded
from environment import IS_ACCEPTANCE
from lab import table_kills
from lab.table_kills import TARGETS, kill_table_migration
from locations import ROOT
from tcspec.files.lines import FileError
from tcspec.migration.job import MigrationError
from tcspec.migration.sql import migrating, store

pytestmark = pytest.mark.skipif(not IS_ACCEPTANCE, reason="runs a server")

NAMES = itertools.count()
COUNTS = {"upgraded": 32, "unchanged": 1, "rejected": 6, "blank": 1}


@pytest.fixture(scope="module")
def server():
    """Run a server for all tests."""
    with run_server() as url:
        yield url


@pytest.fixture
def database(server):
    """Create a database with a table of events."""
    return Postgres(server, f"events_{next(NAMES)}")


def counts(summary):
    """Return the counts of outcomes."""
    return {name: getattr(summary, name) for name in COUNTS}


def write_meanwhile(monkeypatch, write, batch=2):
    """Call a function between the reading of a batch and its writing."""
    calls = []

    def write_batch(sink, block, outcomes):
        calls.append(block)
        if len(calls) == batch:
            write()
        original(sink, block, outcomes)

    original = store.TableSink.write
    monkeypatch.setattr(store.TableSink, "write", write_batch)


@pytest.mark.parametrize("type_", ["json", "jsonb", "text", "character varying(300)"])
@pytest.mark.parametrize("options", TARGETS)
def test_types(server, type_, options):
    """A column of json, jsonb or text is migrated to any target and undone; json and text keep every byte."""
    database = Postgres(server, f"events_{next(NAMES)}", type_=type_)
    before = database.rows()
    summary = database.migrate(options)
    assert counts(summary) == COUNTS
    column, table = options.get("into_column", "payload"), options.get("into_table", "events")
    found = dict(database.run(f"SELECT id, {column}::text FROM {table}"))
    if type_ == "jsonb":
        assert json.loads(found[1]) == json.loads(upgraded(1))
    else:
        assert (found[1], found[6], found[3]) == (upgraded(1), upgraded(6), None)
    assert [key for (key,) in database.run("SELECT key FROM tcspec_events_rejects ORDER BY key")] == [
        0,
        7,
        14,
        21,
        28,
        35,
    ]
    with pytest.raises(MigrationError, match="is complete"):
        database.migrate(options)
    assert database.migrate(options, resume=True).upgraded == 32
    assert database.undo(**options) == ((32, 0) if not options else (40, 0))
    assert (database.rows(), database.tables()) == (before, {"events"})


@pytest.mark.parametrize("type_", ["json", "jsonb", "text"])
@pytest.mark.parametrize("options", TARGETS)
def test_reports(server, tmp_path, type_, options):
    """The report of a table is verified from its tables, by a URL with its user; a value that was changed is found."""
    database, report = Postgres(server, f"events_{next(NAMES)}", type_=type_), str(tmp_path / "r.json")
    flags = [f"--{name.replace('_', '-')}={value}" for name, value in options.items()] or ["--in-place"]
    names = ["--table", "events", "--key", "id", "--column", "payload"]
    ran = tcspec("migrate", database.url, *names, *flags, "--report", report, "--fail-on", "never")
    assert ran.code == 0, ran.err
    found = json.loads((tmp_path / "r.json").read_text("utf-8"))
    assert {name: found["summary"][name] for name in COUNTS} == COUNTS
    ran = tcspec("migrate", database.url, "--verify", report)
    assert (ran.code, ran.out) == (0, ""), ran.err
    column, table = options.get("into_column", "payload"), options.get("into_table", "events")
    database.run(f"UPDATE {table} SET {column} = '{{\"a\": 1}}' WHERE id = 1")
    ran = tcspec("migrate", database.url, "--verify", report)
    assert (ran.code, "1 rows of events" in ran.out) == (1, True), ran.err


def test_writers(database, monkeypatch):
    """A newer value is never overwritten, and rows that come late or are written again are migrated."""

    def write():
        database.run("UPDATE events SET payload = ? WHERE id = 11", legacy(1234))
        database.run("UPDATE events SET payload = 'newer' WHERE id = 12")
        database.run("DELETE FROM events WHERE id = 13")
        database.run("INSERT INTO events VALUES (-5, ?)", legacy(55))

    write_meanwhile(monkeypatch, write)
    assert database.migrate().lines == 40
    found = dict(database.run("SELECT id, payload FROM events"))
    assert (found[11], found[12], found[-5], 13 in found) == (upgraded(1234), "newer", upgraded(55), False)
    database.run("UPDATE events SET payload = 'newest' WHERE id = 11")
    assert database.undo() == (30, 1)
    assert database.run("SELECT payload FROM events WHERE id = 11") == [("newest",)]
    database.finish()


def test_a_deadlock(database, monkeypatch):
    """A batch that is in a deadlock with another program is tried again, and loses nothing."""
    database.run("ALTER DATABASE \"%s\" SET deadlock_timeout = '1s'" % database.url.rpartition("/")[2])  # noqa: UP031
    other, done = database.open(), []

    def finish():
        # The migration has locked rows up to 17 and waits for it: each waits for the other, as only it finds out.
        other.execute("UPDATE events SET at = 'other' WHERE id = 12")
        other.execute("COMMIT")
        done.append(True)

    def write():
        other.execute("SET deadlock_timeout = '1h'; BEGIN; UPDATE events SET at = 'other' WHERE id = 17")
        thread = threading.Timer(0.2, finish)
        thread.start()
        threads.append(thread)

    threads = []
    write_meanwhile(monkeypatch, write)
    assert counts(database.migrate()) == COUNTS
    threads[0].join()
    other.close()
    assert done
    assert {at for (at,) in database.run("SELECT at FROM events WHERE id IN (12, 17)")} == {"other"}


def test_a_lost_connection(database, monkeypatch):
    """A connection that is lost is an error without a secret, and --resume ends with the same rows."""
    before = database.rows()

    def stop():
        database.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'tcspec'")

    with monkeypatch.context() as patched:
        write_meanwhile(patched, stop)
        with pytest.raises(FileError) as caught:
            database.migrate()
    assert "secret" not in str(caught.value)
    assert counts(database.migrate(resume=True)) == COUNTS
    database.undo()
    assert database.rows() == before


def test_a_lock(database, monkeypatch):
    """A second migration of a table is refused as long as the first one runs."""
    monkeypatch.setattr("tcspec.migration.sql.postgres._LOCK_WAIT", 0.2)
    refused = []

    def migrate():
        with pytest.raises(FileError, match="another migration of events is running"):
            database.migrate(resume=True)
        refused.append(True)

    write_meanwhile(monkeypatch, migrate)
    assert counts(database.migrate()) == COUNTS
    assert refused


def test_a_read_only_database(database):
    """A database that cannot be written is an error that says so; a dry run reads it."""
    name = database.url.rpartition("/")[2]
    database.run(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
    with pytest.raises(FileError, match="read-only transaction"):
        database.migrate()
    assert counts(database.migrate(dry_run=True)) == COUNTS


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"table": "nothing"}, "has no table nothing"),
        ({"key": "nothing"}, "has no column nothing"),
        ({"key": "at"}, "neither its primary key nor unique"),
        ({"column": "id"}, "the column id is of type bigint, not json, jsonb or text"),
        ({"into_table": "x" * 64}, "longer than 63 bytes"),
        ({"into_table": "events"}, "the table events exists"),
    ],
)
def test_tables_that_cannot_be_migrated(database, options, reason):
    """A table without the key, or with a column of another type, is refused before anything is written."""
    with pytest.raises(MigrationError, match=reason):
        database.migrate(options)
    assert database.tables() == {"events"}


def test_what_cannot_be_written(database):
    """A column that is computed, or that may only be read, is refused before anything is made."""
    database.run("ALTER TABLE events ADD COLUMN copy text GENERATED ALWAYS AS (payload) STORED")
    with pytest.raises(FileError, match='column "copy" can only be updated to DEFAULT'):
        database.migrate({"column": "copy"})
    assert database.tables() == {"events"}


def test_a_trigger_that_changes_originals(database):
    """Originals that a trigger changes while they are put back are kept, until it is disabled."""
    before = database.rows()
    database.migrate()
    database.run(
        "CREATE FUNCTION change() RETURNS trigger LANGUAGE plpgsql AS "
        "'BEGIN new.payload = new.payload || '' ''; RETURN new; END'"
    )
    database.run("CREATE TRIGGER t BEFORE UPDATE ON events FOR EACH ROW EXECUTE FUNCTION change()")
    with pytest.raises(MigrationError, match="a trigger of events changes the originals"):
        database.undo()
    database.run("DROP TRIGGER t ON events")
    database.undo()
    assert database.rows() == before


def test_conditions(database):
    """A condition chooses rows, may have percent signs, and is run where nothing can be written."""
    assert database.migrate({"where": "at LIKE 'day 1%' AND id % 2 = 0 -- even"}).lines == 5
    database.undo()
    database.run("CREATE SEQUENCE counter")
    before = database.rows()
    for where in ("id = 1); DELETE FROM events --", "nothing = 1", "nextval('counter') = 1", "id = 1) OR (id = 2"):
        with pytest.raises(FileError):
            database.migrate({"where": where})
        if database.tables() != {"events"}:
            database.undo()
        assert database.rows() == before


@pytest.mark.parametrize("key", ["text", "uuid", "timestamptz", "numeric", 'character varying(40) COLLATE "C"'])
def test_keys_and_names(database, key):
    """Keys of any type, and names with any character, in another schema."""
    database.run('CREATE SCHEMA "a.b"')
    database.run(f'CREATE TABLE "a.b"."%s ""T""" ("k%%" {key} UNIQUE, "select" jsonb)')
    values = {
        "uuid": "('0000000000000000000000000000000' || g)::uuid",
        "timestamptz": "'2024-01-01'::timestamptz + g * interval '1.123456 h'",
    }.get(key, "g::text" if "numeric" not in key else "g + 0.50")
    database.run(f'INSERT INTO "a.b"."%s ""T""" SELECT {values}, \'{legacy(1)}\' FROM generate_series(1, 9) g')
    database.run("CREATE SCHEMA app")
    database.run('ALTER TABLE "a.b"."%s ""T""" SET SCHEMA app')
    names = {"table": 'app.%s "T"', "key": "k%%", "column": "select"}
    assert migrating.migrate_table(database.url, job(**names), rows=2).upgraded == 9
    assert database.undo(**names) == (9, 0)
    assert database.run('SELECT count(*) FROM app."%%s ""T""" WHERE "select" = ?::jsonb', legacy(1)) == [(9,)]


OTHER_KEYS = {
    "integer[]": "ARRAY[g, g]",
    "text[]": "ARRAY['a', 'b' || g]",
    "listed": "ARRAY[g]",
    "pair": "ROW(g, 'x,' || g)::pair",
    "mood": "('[0:3]={a,b,c,d}'::mood[])[g]",
    "code": "'c ' || g",
    "bytea": "convert_to('k' || g, 'UTF8')",
    "character(9)": "'k' || g",
    "inet": "('10.0.0.' || g)::inet",
    "int4range": "int4range(g, g + 2)",
    "interval": "g * interval '1.5 days'",
    "bit(8)": "g::bit(8)",
    "double precision": "g / 3.0::double precision",
    "date": "'2024-02-28'::date + g",
}


@pytest.mark.parametrize("key", OTHER_KEYS)
def test_keys_of_other_types(database, key):
    """Whatever type a key has, the table is migrated, or refused before anything is made."""
    database.run("CREATE TYPE pair AS (a int, b text)")
    database.run("CREATE TYPE mood AS ENUM ('a', 'b', 'c', 'd')")
    database.run("CREATE DOMAIN code AS text CHECK (value LIKE 'c%')")
    database.run("CREATE DOMAIN listed AS integer[]")
    database.run(f"CREATE TABLE keyed (k {key} UNIQUE, payload jsonb)")
    database.run(f"INSERT INTO keyed SELECT {OTHER_KEYS[key]}, ?::jsonb FROM generate_series(1, 3) g", legacy(1))
    before = database.tables()
    names = {"table": "keyed", "key": "k"}
    if key.endswith("[]"):
        sentence = rf"the column k of keyed is of type {re.escape(key)}, by which no rows are found; name another --key"
        with pytest.raises(MigrationError, match=sentence):
            database.migrate(names)
        assert database.tables() == before
    else:
        assert migrating.migrate_table(database.url, job(**names), rows=2).upgraded == 3
        assert database.undo(**names) == (3, 0)


@pytest.mark.parametrize("seed", range(len(TARGETS)))
def test_kills(server, seed):
    """A migration that is killed again and again, and resumed each time, ends with the same rows."""
    kills, is_same = kill_table_migration(
        *(Postgres(server, f"events_{next(NAMES)}", rows=400) for _ in range(2)), seed
    )
    assert kills > 6
    assert is_same


def test_figures(server, tmp_path, monkeypatch, capsys):
    """The command kills as often as requested, with both databases, and writes its figures."""
    monkeypatch.setattr(table_kills, "run_server", lambda: nullcontext(server))
    path = tmp_path / "created" / "table_kills.json"
    assert table_kills.main(["--kills", "6", "--rows", "200", "--figures", str(path)]) == 0
    figures = json.loads(path.read_text())
    assert figures == json.loads(capsys.readouterr().out)
    assert figures["sqlite_kills"] + figures["postgresql_kills"] >= 6
    assert figures["rows"] == 200 * figures["migrations"]
    assert figures["different"] == 0


def test_the_command_of_the_readme(server):
    """The command of the README works as it is written, but for the name of the server."""
    database = Postgres(server, f"events_{next(NAMES)}")
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    (command,) = [line for line in lines if line.startswith("$ tcspec migrate postgresql:")]
    _, *words = shlex.split(command.removeprefix("$ "))
    ran = tcspec(*(database.url if word.startswith("postgresql:") else word for word in words))
    assert ran.code == 1
    assert ran.err.startswith("40 rows: 32 upgraded, 1 unchanged, 6 rejected, 1 blank\n")
    assert database.run("SELECT payload FROM events WHERE id = 1") == [(upgraded(1),)]
