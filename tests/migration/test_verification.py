"""A report states what its files are, and whatever is not so is found."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from command import tcspec
from locations import FIXTURES
from migrating import legacy_lines
from tcspec import upgrade_json
from tcspec.contract.schemas import schema_folder
from tcspec.migration import verification
from tcspec.migration.report import find_mistakes, seal_report

MIXED = FIXTURES / "streams" / "mixed.ndjson"
SCHEMA = json.loads((schema_folder() / "migration-report/1.0.json").read_text("utf-8"))


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="module")
def reported(tmp_path_factory):
    """Migrate a small file, and return the folder with everything."""
    folder = tmp_path_factory.mktemp("reported")
    (folder / "in.ndjson").write_bytes(b"broken\n" + legacy_lines(2) + b'{"event":"a","properties":{"context":1}}\n')
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(folder)
        tcspec("migrate", "in.ndjson", "out.ndjson", "--report", "report.json")
    return folder


def migrate(*arguments, code=1):
    """Migrate with a report, and return it, checked against its schema."""
    ran = tcspec("migrate", *arguments, "--report", "report.json")
    assert ran.code == code, ran.err
    report = json.loads(Path("report.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(SCHEMA).validate(report)
    return report


def upgrade_lines(lines):
    """Upgrade some lines."""
    return b"".join(upgrade_json(line) + b"\n" for line in lines.splitlines())


def verify(report="report.json"):
    """Verify a report; return the exit code and what is wrong."""
    ran = tcspec("migrate", "--verify", report)
    return ran.code, ran.out


@pytest.mark.parametrize("suffix", ["", ".gz", ".zst"])
def test_what_was_written_is_verified(suffix):
    """The report of a migration names every file with its size and digest, and is verified from them."""
    shutil.copy(MIXED, "in.ndjson")
    report = migrate("in.ndjson", f"out.ndjson{suffix}", "--workers", "2")
    assert verify() == (0, "")
    assert report["files"][0]["outputs"].keys() == {"target", "rejects", "reasons"}
    assert {each["basis"] for each in report["changes"]} == {"documented", "observed", "inferred"}
    assert list(find_mistakes(report)) == []


@pytest.mark.parametrize(
    "options",
    [
        ["--on-invalid", "reject"],
        ["--validate", "off"],
        ["--where-event", "login"],
        ["--since", "2022-01-01", "--until", "2023-01-01"],
        ["--max-length", "300"],
    ],
)
def test_options(options):
    """A report is verified with the options of its migration."""
    shutil.copy(MIXED, "in.ndjson")
    migrate("in.ndjson", "out.ndjson", *options)
    assert verify() == (0, "")


def test_folders(monkeypatch):
    """The report of several files has each of them; it is verified beside them in another place, too."""
    for name in ("a.ndjson", "b/c.jsonl"):
        Path("in", name).parent.mkdir(parents=True, exist_ok=True)
        Path("in", name).write_bytes(legacy_lines(3) + (b"broken\n" if name == "a.ndjson" else b""))
    report = migrate("in", "out")
    assert [sorted(file["outputs"]) for file in report["files"]] == [["reasons", "rejects", "target"], ["target"]]
    assert verify() == (0, "")
    shutil.copytree(".", "../elsewhere", dirs_exist_ok=True)
    shutil.rmtree("in")
    monkeypatch.chdir("..")
    assert verify("elsewhere/report.json") == (0, "")
    Path("elsewhere/out/b/c.jsonl").unlink()
    assert verify("elsewhere/report.json")[0] == 1


def test_columns():
    """Rows and tables are verified too."""
    Path("in.ndjson").write_text(json.dumps({"raw": '{"event":"login","properties":{}}', "n": 1}) + "\n", "utf-8")
    migrate("in.ndjson", "out.ndjson", "--column", "raw")
    assert verify() == (0, "")
    Path("in.csv").write_text('raw,n\n"{""event"":""login"",""properties"":{}}",1\nno,2\n', "utf-8")
    migrate("in.csv", "out.csv", "--column", "raw", "--force")
    assert verify() == (0, "")


def test_records_of_every_unit():
    """The report of items, of rows, or of files of both is verified, and says what their records are called."""
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    event = '{"event":"login","properties":{}}'
    Path("a.json").write_text(f'[{{"raw": {event}}}, {{"raw": 5}}]', "utf-8")
    Path("b.ndjson").write_text(f'{{"raw": {event}}}\n', "utf-8")
    pq.write_table(pa.table({"raw": [event, "no"]}), "c.parquet")
    for *sources, target, unit in (
        ("a.json", "out.json", "item"),
        ("c.parquet", "out.parquet", "row"),
        ("a.json", "[a].json", "items", "item"),
        ("c.parquet", "[c].parquet", "rows", "row"),
        ("a.json", "b.ndjson", "c.parquet", "records", "record"),
    ):
        assert migrate(*sources, target, "--column", "raw")["summary"]["unit"] == unit
        assert verify() == (0, "")
    ran = tcspec("migrate", "a.json", "b.ndjson", "c.parquet", "records", "--column", "raw", "--undo")
    assert (ran.code, ran.err.endswith("are as they were, 5 records\n")) == (0, True), ran.err


def test_resuming(monkeypatch):
    """The report of a migration that was interrupted and resumed has the counts of an undisturbed one."""
    Path("in.ndjson").write_bytes(legacy_lines(3_000) + b"broken\n")
    expected = migrate("in.ndjson", "out.ndjson")

    def interrupt(_, count, __):
        if count >= 2_000:
            raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("tcspec.cli.progress.Progress.update", interrupt)
        patched.setitem(verification.migrate.__kwdefaults__, "checkpoint_every", 500)
        assert tcspec("migrate", "in.ndjson", "out.ndjson", "--report", "report.json", "--force").code == 130
        ran = tcspec("migrate", "in.ndjson", "out.ndjson", "--resume")
        assert (ran.code, "changed since the checkpoint: has details" in ran.err) == (2, True)
        patched.setattr("tcspec.cli.progress.Progress.update", lambda *_: None)
        resumed = migrate("in.ndjson", "out.ndjson", "--resume")
    assert resumed["run"]["is_resumed"]
    assert verify() == (0, "")
    for name in ("summary", "dialects", "events", "files"):
        assert resumed[name] == expected[name]


@given(data=st.data())
def test_any_changed_byte_is_found(reported, data):
    """Whatever byte of the report or of a file that it names is changed, the report is not verified any more."""
    names = ["in.ndjson", "out.ndjson", "out.ndjson.rejects.ndjson", "out.ndjson.rejects.ndjson.reasons.ndjson"]
    path = reported / data.draw(st.sampled_from([*names, "report.json"]))
    content = path.read_bytes()
    index = data.draw(st.integers(0, len(content) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda each: each != content[index]))
    try:
        path.write_bytes(content[:index] + bytes([byte]) + content[index + 1 :])
        with pytest.MonkeyPatch.context() as patched:
            patched.chdir(reported)
            assert list(verification.verify_report("report.json"))
    finally:
        path.write_bytes(content)


def test_a_report_that_was_forged():
    """A report whose seal was made anew is found out by its sums, or by the files."""
    Path("in.ndjson").write_bytes(legacy_lines(2))
    report = migrate("in.ndjson", "out.ndjson", code=0)
    report.pop("sha256")
    for change, sentence in (
        ({"records": report["records"] | {"read": 3}}, "records read: 3 and 2"),
        ({"dialects": {"v1_http": 1, "v0_track": 1}}, "other dialects than the files"),
        ({"options": report["options"] | {"where_event": ["logout"]}}, "is not what in.ndjson is migrated to"),
        ({"summary": 5}, "is no report of a migration: /summary"),
        ({"files": []}, "bytes read: 0 and"),
    ):
        Path("report.json").write_text(seal_report(report | change), "utf-8")
        code, out = (
            verify() if change != {"files": []} else (1, tcspec("migrate", "--verify", "report.json").out + sentence)
        )
        assert (code, sentence in out) == (1, True), (sentence, out)


def test_what_cannot_be_verified():
    """A dry run wrote nothing, and a stream is gone; both are refused, as is anything that is no report."""
    Path("in.ndjson").write_bytes(legacy_lines(2))
    report = migrate("in.ndjson", "--dry-run", code=0)
    assert report["disk_needed"]["target"] == len(upgrade_lines(Path("in.ndjson").read_bytes()))
    assert [each["dialect"] for each in report["samples"]] == ["v1_http"]
    ran = tcspec("migrate", "--verify", "report.json")
    assert (ran.code, "names no file that can be checked" in ran.err) == (2, True)
    Path("report.json").write_bytes(b"[" * 100_000)
    assert tcspec("migrate", "--verify", "report.json").code == 1
    assert tcspec("migrate", "--verify", "missing.json").code == 2
    assert tcspec("migrate", "--verify", "report.json", "in.ndjson").code == 2
