"""The report of a migration of a table is counted from its tables, and whatever is not so any more is found."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from command import tcspec
from databases import Sqlite, legacy, upgraded
from tcspec.contract.schemas import schema_folder
from tcspec.migration.report import seal_report

NAMES = ("--table", "events", "--key", "id", "--column", "payload")
TARGETS = [["--in-place"], ["--into-column", "payload_2"], ["--into-table", "events_2"]]
SCHEMA = json.loads((schema_folder() / "migration-report/1.0.json").read_text("utf-8"))


@pytest.fixture
def database(tmp_path, monkeypatch):
    """Create a database with a table of events, one of which stays invalid."""
    monkeypatch.chdir(tmp_path)
    database = Sqlite(tmp_path / "events.db")
    database.run("UPDATE events SET payload = ? WHERE id = 9", legacy(9).replace('"event_id":"9",', ""))
    return database


def migrate(database, *arguments):
    """Migrate the table with a report, and return it."""
    ran = tcspec("migrate", database.url, *NAMES, *arguments, "--report", "r.json", "--report", "r.html")
    assert ran.code == 1, ran.err
    assert ("key 9     TC201\n" in ran.err) == ("--dry-run" not in arguments and "--where" not in arguments)
    report = json.loads(Path("r.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(SCHEMA).validate(report)
    return report


def verify(*arguments):
    """Verify the report; return the exit code and what is wrong."""
    ran = tcspec("migrate", *arguments, "--verify", "r.json")
    return ran.code, ran.out or ran.err


@pytest.mark.parametrize("target", TARGETS)
def test_a_report(database, target):
    """A report has what one of files has, with keys in place of lines, as a page too; the tables prove it."""
    report = migrate(database, *target)
    counts = {name: report["summary"][name] for name in ("upgraded", "unchanged", "rejected", "blank")}
    assert counts == {"upgraded": 31, "unchanged": 1, "rejected": 8, "blank": 1}
    assert (report["dialects"]["v1_http"], sum(report["dialects"].values())) == (30, 40)
    assert sum(report["reject_codes"].values()) == 8
    assert [(each["key"], each["codes"]) for each in report["summary"]["invalid_events"]] == [(9, ["TC201"])]
    assert report["table"]["table"] == "events"
    page = Path("r.html").read_text("utf-8")
    assert "<td>9</td><td>TC201</td>" in page
    assert "By dialect" in page
    assert verify() == (
        0, "r.json: everything is as it states, and the counts and outcomes are those of what it names\n",
    )  # fmt: skip
    assert verify(database.url)[0] == 0


def test_a_part(database):
    """Of rows that meet a condition the report has those, and is verified with them."""
    assert migrate(database, "--in-place", "--where", "id < 3")["summary"]["lines"] == 3
    assert verify()[0] == 0


def test_a_dry_run(database):
    """The report of a dry run has samples, and names nothing that could be checked."""
    report = migrate(database, "--dry-run")
    assert [each["dialect"] for each in report["samples"]] == ["v1_http", "v1_migration_guide"]
    assert report["dialects"]["v1_http"] == 30
    code, message = verify()
    assert (code, "is of a dry run, or of streams" in message) == (2, True)


@pytest.mark.parametrize(
    ("target", "change", "sentence"),
    [
        (0, "UPDATE events SET payload = 'x' WHERE id = 1", "1 rows of events were written since, or deleted"),
        (0, "DELETE FROM events WHERE id = 1", "1 rows of events were written since, or deleted"),
        (0, "UPDATE tcspec_events_originals SET original = 'x' WHERE key = 1", "1 rows of events are not what"),
        (0, "UPDATE tcspec_events_originals SET status = 'rejected' WHERE key = 6", "1 rows of events are not what"),
        (0, "DELETE FROM tcspec_events_originals WHERE key = 1", "other lines than the tables"),
        (0, "DELETE FROM tcspec_events_rejects WHERE key = 0", "has 7 rows, and the report 8 rejects"),
        (1, "UPDATE events SET payload_2 = 'x' WHERE id = 1", "1 rows of events are not what"),
        (1, "UPDATE events SET payload_2 = 'x' WHERE id = 0", "1 rows of events are not what"),
        (1, "UPDATE events SET payload_2 = NULL WHERE id = 6", "1 rows of events are not what"),
        (2, "UPDATE events_2 SET payload = 'x' WHERE id = 1", "1 rows of events are not what"),
        (2, "DELETE FROM events_2 WHERE id = 1", "1 rows of events are not what"),
    ],
)
def test_what_was_changed(database, target, change, sentence):
    """Whatever is changed in the table, its target or the tables beside it is found."""
    migrate(database, *TARGETS[target])
    database.run(change)
    code, message = verify()
    assert (code, sentence in message) == (1, True), message


def test_a_report_that_was_forged(database):
    """A report whose seal was made anew is found out by its tables."""
    report = migrate(database, "--in-place")
    del report["sha256"]
    Path("r.json").write_text(seal_report(report | {"dialects": {"v0_track": 40}}), "utf-8")
    assert verify() == (1, "the report has other dialects than the tables\n")


def test_rows_that_were_written_meanwhile(database):
    """After another sweep the report is of what the table has then, each row once."""
    migrate(database, "--in-place")
    database.run("UPDATE events SET payload = ? WHERE id = 0", legacy(77))
    report = migrate(database, "--in-place", "--resume")
    assert (report["summary"]["upgraded"], report["summary"]["rejected"]) == (32, 7)
    assert database.run("SELECT payload FROM events WHERE id = 0") == [(upgraded(77),)]
    assert verify()[0] == 0


def test_what_cannot_be_verified(database):
    """A migration that is finished or another one, and another database, are refused with the reason."""
    migrate(database, "--into-column", "payload_2")
    code, message = verify("sqlite:///other.db")
    assert (code, f"the report is of {database.url}" in message) == (2, True)
    assert verify("a.ndjson")[0] == 2
    assert tcspec("migrate", database.url, *NAMES, "--undo").code == 0
    code, message = verify()
    assert (code, "was finished or undone: there is nothing to check the report with" in message) == (2, True)
    assert tcspec("migrate", database.url, *NAMES, "--in-place", "--fail-on", "never").code == 0
    code, message = verify()
    assert (code, "the report is of another migration of events" in message) == (2, True)
    Path("a.ndjson").write_bytes(b"")
    tcspec("migrate", "a.ndjson", "b.ndjson", "--report", "r.json", "--allow-empty")
    code, message = verify(database.url)
    assert (code, "only that of a table takes its database" in message) == (2, True)


def test_a_report_without_a_user(database):
    """Where the URL of a report is not enough, a user and a password are asked for; a URL that has them is not."""
    pytest.importorskip("psycopg", reason="needs tcspec[postgres]")
    report = migrate(database, "--in-place") | {"source": "postgresql://127.0.0.1:1/shop"}
    Path("r.json").write_text(seal_report(report), "utf-8")
    code, message = verify()
    assert (code, message.startswith("tcspec: postgresql://127.0.0.1:1/shop: ")) == (2, True)
    assert message.endswith(
        "; a report has no user and no password, name the database with them: tcspec migrate URL --verify r.json\n"
    )
    assert "a report has no user" not in verify("postgresql://app:secret@127.0.0.1:1/shop")[1]
