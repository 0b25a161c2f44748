"""`tcspec migrate` of a table in a database."""

from __future__ import annotations

import json
import sys
from contextlib import nullcontext
from types import SimpleNamespace

import pytest

from command import tcspec
from databases import Sqlite, upgraded
from tcspec.files.lines import FileError

NAMES = ("--table", "events", "--key", "id", "--column", "payload")


@pytest.fixture
def database(tmp_path):
    """Create a database with a table of events."""
    return Sqlite(tmp_path / "events.db")


def migrate(database, *arguments):
    """Run `tcspec migrate` on the table."""
    return tcspec("migrate", database.url, *NAMES, *arguments)


def test_in_place(database, tmp_path):
    """A table is migrated in place, reported, undone, migrated again and finished."""
    before = database.rows()
    report = tmp_path / "report.json"
    ran = migrate(database, "--in-place", "--report", report)
    assert ran.code == 1
    assert ran.err.startswith("41 rows: 31 upgraded, 1 unchanged, 8 rejected, 1 blank\n")
    assert "Rejected rows are in the table tcspec_events_rejects, their reasons beside it\n" in ran.err
    written = json.loads(report.read_text())
    assert (written["source"], written["target"], written["summary"]["lines"]) == (database.url, None, 41)
    ran = migrate(database, "--undo")
    assert (ran.code, ran.err, database.rows()) == (0, "events: 31 rows are as they were\n", before)
    assert migrate(database, "--in-place", "--fail-on", "never").code == 0
    ran = migrate(database, "--finish")
    assert (ran.code, ran.err) == (
        0, "events: finished, nothing can be undone any more; 8 rejects stay in their table\n",
    )  # fmt: skip


def test_undo_of_rows_that_were_written_since(database):
    """Rows that undo does not touch are counted, and the exit code is 1."""
    migrate(database, "--in-place")
    database.run("UPDATE events SET payload = 'x' WHERE id = 1")
    ran = migrate(database, "--undo")
    assert ran.code == 1
    assert "1 rows were written again since, or deleted, and stay as they are" in ran.err


@pytest.mark.parametrize("target", [("--into-column", "payload_2"), ("--into-table", "events_2")])
def test_a_target(database, target):
    """The target is the same URL, which may also be left out."""
    assert tcspec("migrate", database.url, database.url, *NAMES, *target).code == 1
    column, table = ("payload", "events_2") if "--into-table" in target else ("payload_2", "events")
    assert database.run(f"SELECT {column} FROM {table} WHERE id = 1") == [(upgraded(1),)]
    assert migrate(database, "--undo").code == 0
    assert migrate(database, *target).code == 1
    ran = migrate(database, *target)
    assert (ran.code, ran.err.startswith("tcspec: a migration of events is complete; --resume")) == (2, True)


def test_dry_run(database):
    """A dry run needs no target, and writes nothing."""
    before = database.path.read_bytes()
    ran = migrate(database, "--dry-run", "--where", "id < 3")
    assert ran.err.startswith("3 rows: 2 upgraded, 1 rejected (nothing written)\n")
    assert database.path.read_bytes() == before


def test_interruption(database, monkeypatch):
    """An interruption says how to go on."""

    def stop(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("tcspec.migration.sql.store.TableSink.write", stop)
        ran = migrate(database, "--in-place")
    assert (ran.code, "the same command with --resume goes on" in ran.err) == (130, True)
    assert migrate(database, "--in-place", "--resume").code == 1


def test_a_lost_connection(database, monkeypatch):
    """A database that fails when the migration has begun says how to go on."""

    def stop(*_):
        raise FileError(database.url, "the connection is lost")

    with monkeypatch.context() as patched:
        patched.setattr("tcspec.migration.sql.store.TableSink.write", stop)
        dry, ran = migrate(database, "--dry-run"), migrate(database, "--in-place")
    assert dry.code == 1
    assert (ran.code, ran.err) == (
        2, f"tcspec: {database.url}: the connection is lost; the same command with --resume goes on\n",
    )  # fmt: skip
    assert migrate(database, "--in-place", "--resume").code == 1


def test_progress(database, monkeypatch):
    """The progress shows how many rows were read."""
    counts = []
    progress = SimpleNamespace(is_shown=True, update=lambda count, _share: counts.append(count))
    monkeypatch.setattr("tcspec.cli.migrate_tables.show_progress", lambda _: nullcontext(progress))
    monkeypatch.setattr("tcspec.migration.transfer._PROGRESS_EVERY", 1)
    migrate(database, "--in-place")
    assert counts[0] == 41


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--table", "t"), "A database needs --table, --key and --column; missing: --key, --column."),
        ((*NAMES,), "Choose --in-place, --into-column NAME or --into-table NAME."),
        ((*NAMES, "--resume"), "Choose --in-place, --into-column NAME or --into-table NAME."),
        ((*NAMES, "--in-place", "--into-table", "t"), "Choose one of --in-place, --into-column and --into-table."),
        ((*NAMES, "--undo", "--finish"), "--undo and --finish exclude each other."),
        ((*NAMES, "--in-place", "--rejects", "r"), "--rejects is for files"),
        ((*NAMES, "--in-place", "--force"), "--force is for files"),
        ((*NAMES, "--merge-rejects"), "--merge-rejects is for files: fix rejected rows in their table"),
        ((*NAMES, "--in-place", "--workers", "2"), "A database is migrated by one worker."),
        (("sqlite:///other.db", *NAMES, "--into-table", "t"), "A table is migrated in its own database"),
        (("out.ndjson", *NAMES, "--into-table", "t"), "A table is migrated in its own database"),
    ],
)
def test_misuse(database, arguments, sentence):
    """Options that are missing or contradict each other are a usage error."""
    ran = tcspec("migrate", database.url, *arguments)
    assert ran.code == 2
    assert sentence in " ".join(ran.err.split())


def test_a_target_in_place(database):
    """In place there is no target."""
    ran = tcspec("migrate", database.url, database.url, *NAMES, "--in-place")
    assert (ran.code, "--in-place takes no TARGET." in ran.err) == (2, True)


def test_a_report_in_the_place_of_the_database(database, tmp_path):
    """A report does not replace the database, by any of its names, nor what is not yet in its file."""
    before = database.path.read_bytes()
    (tmp_path / "link").symlink_to(database.path)
    for report in (database.path, tmp_path / "link", f"{database.path}-wal", f"{database.path}-journal"):
        for option in ("--in-place", "--dry-run"):
            ran = tcspec("migrate", database.url, *NAMES, option, "--report", "r.html", "--report", report)
            assert (ran.code, "are the same file; each needs one of its own" in ran.err) == (2, True), ran.err
    assert database.path.read_bytes() == before


def test_options_for_files(tmp_path):
    """Options for tables are refused when the source is no database, and so is a URL with too few slashes."""
    ran = tcspec("migrate", tmp_path / "a", tmp_path / "b", "--in-place")
    assert (ran.code, "--in-place is for databases" in ran.err) == (2, True)
    ran = tcspec("migrate", "sqlite://events.db", *NAMES, "--in-place")
    assert (ran.code, "expected sqlite:///FILE" in ran.err) == (2, True)


def test_a_database_elsewhere(database):
    """Where a file is expected, a database is refused with the way to migrate it."""
    ran = tcspec("check", database.url)
    assert (ran.code, "tcspec migrate upgrades the events of a table" in ran.err) == (2, True)


@pytest.mark.parametrize(
    "url", ["postgres://me:secret@127.0.0.1:1/db", "postgresql://me:secret@127.0.0.1:1/db?password=secret"]
)
def test_secrets_of_a_url(url):
    """Whatever is wrong with a database, neither the user nor the password is printed."""
    for arguments in (("migrate", url, *NAMES, "--in-place"), ("migrate", url, "t"), ("migrate", "a.ndjson", url)):
        ran = tcspec(*arguments)
        assert ran.code == 2, arguments
        assert "secret" not in ran.err, arguments
        assert "me:" not in ran.err, arguments


def test_postgres_without_its_package(monkeypatch):
    """Without psycopg a PostgreSQL database is refused with what to install."""
    monkeypatch.setitem(sys.modules, "psycopg", None)
    monkeypatch.delitem(sys.modules, "tcspec.migration.sql.postgres", raising=False)
    ran = tcspec("migrate", "postgresql://localhost/db", *NAMES, "--in-place")
    assert (ran.code, ran.err) == (2, "tcspec: PostgreSQL needs psycopg; install tcspec[postgres]\n")


def test_rejects(database):
    """The rejects of a table are grouped by reason, also when the migration is finished."""
    assert migrate(database, "--in-place").code == 1
    ran = tcspec("rejects", database.url, *NAMES)
    assert (ran.code, ran.err) == (1, "8 rejects in 1 table\n")
    assert "TC001 invalid JSON: 6" in ran.out
    assert "events, key 0: " in ran.out
    report = json.loads(tcspec("rejects", database.url, *NAMES, "--format", "json").out)
    assert (report["files"], report["count"]) == ([database.url], 8)
    assert migrate(database, "--finish").code == 0
    assert tcspec("rejects", database.url, *NAMES).code == 1
    database.run("DROP TABLE tcspec_events_rejects")
    for arguments, sentence in (
        ((database.url, *NAMES), "has no table tcspec_events_rejects with the rejects of a migration of events"),
        ((database.url,), "A database is named alone, with --table, --key and --column"),
        (("r.ndjson", *NAMES), "are for databases"),
    ):
        ran = tcspec("rejects", *arguments)
        assert (ran.code, sentence in " ".join(ran.err.split())) == (2, True), ran.err


def test_rejects_with_personal_keys(tmp_path):
    """A key that looks personal is masked."""
    database = Sqlite(tmp_path / "users.db")
    database.run("CREATE TABLE users (mail TEXT PRIMARY KEY, payload TEXT)")
    database.run("INSERT INTO users VALUES ('jane@example.com', 'broken')")
    names = ("--table", "users", "--key", "mail", "--column", "payload")
    assert tcspec("migrate", database.url, *names, "--in-place").code == 1
    ran = tcspec("rejects", database.url, *names)
    assert (ran.code, "users, key (masked): " in ran.out, "jane" in ran.out) == (1, True, False), ran.out


def test_without_validation(database):
    """Without validation nothing is known to be invalid, and what cannot be upgraded is rejected all the same."""
    database.run('UPDATE events SET payload = \'{"event":"login","properties":{}}\' WHERE id = 9')
    ran = migrate(database, "--in-place", "--validate", "off", "--fail-on", "error")
    assert "41 rows: 31 upgraded, 1 unchanged, 8 rejected, 1 blank" in ran.err
    assert "do not meet" not in ran.err
    assert "does not meet" not in ran.err
    ran = migrate(database, "--in-place", "--validate", "off", "--on-invalid", "reject", "--resume")
    assert (ran.code, "without validation no event is known to be invalid" in ran.err) == (2, True)


def test_disk_needed(database):
    """A dry run says how many bytes would be written, the originals included."""
    ran = migrate(database, "--dry-run")
    assert " bytes of originals" in ran.err
    assert " bytes of target" in ran.err
