"""Files, folders and globs are migrated into a folder, each file once, with its name, and resumed file by file."""

from __future__ import annotations

import gzip
import json
import os
import shutil
from contextlib import suppress
from pathlib import Path

import pytest

from command import tcspec
from migrating import LEGACY, interrupted_folder, legacy_lines
from tcspec.files.lines import FileError
from tcspec.migration import folders
from tcspec.migration.folder_names import TAKEN, find_names
from tcspec.migration.folders import migrate_files
from tcspec.migration.job import MigrationError
from tcspec.migration.output_files import CannotResume
from tcspec.migration.staging import migrate
from tcspec.migration.working_folder import WorkingFolder


@pytest.fixture(autouse=True)
def _files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, data in {
        "in/a.ndjson": legacy_lines(3),
        "in/deep/a.ndjson": legacy_lines(2) + b"broken\n",
        "in/deep/b.jsonl.gz": gzip.compress(legacy_lines(4)),
        "in/notes.txt": b"notes",
    }.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_bytes(data)


def contents(folder="."):
    """Return every file below a folder."""
    return {str(path): path.read_bytes() for path in sorted(Path(folder).rglob("*")) if path.is_file()}


def test_a_folder(tmp_path):
    """A folder becomes a folder with the same names; files with rejects have some, and what is left out is named."""
    before = contents("in")
    result = migrate_files(["in"], "out")
    assert (result.files, result.left_out) == (3, ["in/notes.txt"])
    assert (result.summary.upgraded, result.summary.rejected) == (9, 1)
    assert result.summary.rejects_path == str(tmp_path / "out.rejects")
    assert sorted(contents("out")) == ["out/a.ndjson", "out/deep/a.ndjson", "out/deep/b.jsonl.gz"]
    rejected = contents("out.rejects")
    assert sorted(rejected) == ["out.rejects/deep/a.ndjson", "out.rejects/deep/a.ndjson.reasons.ndjson"]
    assert rejected["out.rejects/deep/a.ndjson"] == b"broken\n"
    assert contents("in") == before
    assert sorted(path.name for path in Path().iterdir()) == ["in", "out", "out.rejects"]
    Path("mine/in/empty").mkdir(parents=True)
    migrate_files(["in/a.ndjson", "in/deep/b.jsonl.gz"], "more", rejects="mine")
    assert [str(path) for path in Path("mine").rglob("*")] == ["mine/in", "mine/in/empty"]
    for name in ("a.ndjson", "deep/b.jsonl.gz"):
        migrate(f"in/{name}", Path(name).name)
        assert Path(Path(name).name).read_bytes() == Path("out", name).read_bytes()


@pytest.mark.parametrize(
    ("sources", "names"),
    [
        (["in/deep/*"], ["a.ndjson", "b.jsonl.gz"]),
        (["in/**/*.ndjson"], ["a.ndjson", "deep/a.ndjson"]),
        (["in/a.ndjson", "in/deep/b.jsonl.gz"], ["a.ndjson", "b.jsonl.gz"]),
        (["in/deep", "in/deep/b.jsonl.gz"], ["a.ndjson", "b.jsonl.gz"]),
    ],
)
def test_names(sources, names):
    """Of a glob the path below its fixed part is kept, of a named file its name; a file that is named twice is one."""
    migrate_files(sources, "out")
    assert sorted(os.path.relpath(path, "out") for path in contents("out")) == names


def test_a_name_with_brackets(tmp_path):
    """A file that exists is a file and no glob, whatever is in its name."""
    Path("in/b[1].ndjson").write_bytes(Path("in/a.ndjson").read_bytes())
    migrate_files([str(tmp_path / "in/b[1].ndjson"), "in/a.ndjson"], "out")
    assert sorted(contents("out")) == ["out/a.ndjson", "out/b[1].ndjson"]


def test_what_is_refused():
    """Two files of one name, a target in a source, an existing file, a stream and a report over a source are errors."""
    for sources, target, options, message in (
        (["in/a.ndjson", "in/deep/a.ndjson"], "out", {}, "would both be a.ndjson in out"),
        (["in"], "in/out", {}, "in/out lies in in; name a folder elsewhere"),
        (["in"], "in", {}, "lies in in"),
        (["in", "-"], "out", {}, "standard input cannot be one of several sources"),
        (["in"], "-", {}, "must be folders"),
        (["in"], "out", {"report": "in/a.ndjson"}, "is one of the files of the migration"),
        (["in"], "out", {"report": "out/a.ndjson"}, "is one of the files of the migration"),
        (["in"], "out", {"rejects": "in"}, "in lies in in; name a folder elsewhere"),
        (["in"], "out", {"rejects": "in/r"}, "in/r lies in in; name a folder elsewhere"),
        (["in"], "out", {"journal": "in/deep/j"}, "in/deep/j lies in in; name a folder elsewhere"),
        (["in"], "out", {"rejects": "./out/"}, "the folder of the rejects is that of the target, or lies in it"),
        (["in"], "out/new", {"rejects": "out"}, "the folder of the target is that of the rejects, or lies in it"),
        (["in"], "out", {"journal": "out/j"}, "the folder of the journals is that of the target, or lies in it"),
        (["in"], "out", {"rejects": "j", "journal": "j"}, "the folder of the journals is that of the rejects"),
        (["in"], "file", {}, "file is a file; what several files are migrated to are folders"),
        (["in"], "out", {"journal": "file"}, "file is a file; what several files are migrated to are folders"),
    ):
        Path("file").touch()
        before = sorted(Path().rglob("*")), contents()
        with pytest.raises(MigrationError, match=message):
            migrate_files(sources, target, **options)
        assert (sorted(Path().rglob("*")), contents()) == before
    migrate_files(["in"], "out")
    with pytest.raises(MigrationError, match=r"out/a\.ndjson exists; --force replaces it"):
        migrate_files(["in"], "out")
    assert migrate_files(["in"], "out", force=True).summary.upgraded == 9
    Path("empty").mkdir()
    with pytest.raises(FileError, match="has no file named"):
        migrate_files(["empty"], "out")


@pytest.mark.parametrize(
    "wrong",
    [
        {"since": 2, "until": 1},
        {"where_event": [""]},
        {"column": ""},
        {"on_invalid": "reject", "validate": False},
        {"workers": 0},
    ],
)
def test_what_fails_before_anything_has_begun(wrong):
    """A migration that fails at its first file leaves nothing, and the same command with the right options begins."""
    before = sorted(Path().rglob("*"))
    with pytest.raises(MigrationError):
        migrate_files(["in"], "out", journal="j", **wrong)
    assert sorted(Path().rglob("*")) == before
    assert migrate_files(["in"], "out").summary.upgraded == 9


@pytest.mark.parametrize("after", range(4))
def test_resuming(monkeypatch, after):
    """A migration that is interrupted behind any file goes on with the next one, and ends with the same files."""
    migrate_files(["in"], "out")
    expected = contents()
    for path in [*contents("out"), *contents("out.rejects")]:
        Path(path).unlink()
    with interrupted_folder(after):
        if after < 3:
            with pytest.raises(KeyboardInterrupt):
                migrate_files(["in"], "out")
            assert folders.is_interrupted("out")
            with pytest.raises(MigrationError, match=r"exists; --force|--resume goes on"):
                migrate_files(["in"], "out")
    read = []

    def count(path, *arguments, **options):
        read.append(path)
        return migrate(path, *arguments, **options)

    monkeypatch.setattr(folders, "migrate", count)
    summary = migrate_files(["in"], "out", resume=True).summary
    assert (summary.upgraded, summary.rejected, len(read)) == (9, 1, 3 - after if after < 3 else 3)
    assert contents() == expected


@pytest.mark.parametrize("after", range(3))
@pytest.mark.parametrize("folder", ["out", "out.rejects"])
def test_files_that_others_write_meanwhile(after, folder):
    """What others write to the folders after an interruption is not replaced, but with --force too."""
    with interrupted_folder(after) as listed, pytest.raises(KeyboardInterrupt):
        migrate_files(["in"], "out")
    # The one that was being listed is complete, and the next one has not begun.
    names = [name for path, name in find_names(["in"], "out").names.items() if path not in listed]
    for place in [Path(folder, name) for name in names]:
        was = place.read_bytes() if place.exists() else None
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(b"others")
        before = contents()
        with pytest.raises((MigrationError, FileError), match=f"{place}( exists|: was (changed|written) by another)"):
            migrate_files(["in"], "out", resume=True)
        assert contents() == before
        place.unlink() if was is None else place.write_bytes(was)
    assert migrate_files(["in"], "out", resume=True).summary.upgraded == 9
    assert not [path for path in contents() if ".migration" in path]


def test_a_kill_while_the_list_is_read(monkeypatch):
    """The list of files that are complete is never lost, and nothing is left when it names none and all are there."""
    with interrupted_folder(2) as listed, pytest.raises(KeyboardInterrupt):
        migrate_files(["in"], "out")
    with Path("out.migration/done.ndjson").open("ab") as file:
        file.write(b'{"source": ')

    def kill(path, _):
        path.open("wb").close()
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, suppress(KeyboardInterrupt):
        patched.setattr(Path, "write_bytes", kill)
        migrate_files(["in"], "out", resume=True)
    if Path("out.migration").exists():
        assert migrate_files(["in"], "out", resume=True).summary.upgraded == 9
    assert len(listed) == 2
    before = sorted(Path().rglob("*"))
    Path("out.migration").mkdir()
    with pytest.raises(MigrationError, match="exists, and is not of an interrupted migration"):
        migrate_files(["in"], "out", resume=True)
    assert sorted(Path().rglob("*")) == before


def test_a_kill_before_the_folder_is_marked(monkeypatch):
    """A run that goes on where one was killed at once can be interrupted too, and go on."""

    def stop(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(WorkingFolder, "mark", stop)
        with pytest.raises(KeyboardInterrupt):
            migrate_files(["in"], "out")
    with interrupted_folder(1), pytest.raises(KeyboardInterrupt):
        migrate_files(["in"], "out", resume=True)
    assert migrate_files(["in"], "out", resume=True).summary.upgraded == 9
    for options in ({}, {"resume": True}):
        with pytest.raises(MigrationError, match=r"out/a\.ndjson exists.*; --force replaces it"):
            migrate_files(["in"], "out", **options)


@pytest.mark.parametrize("after", range(3))
def test_a_kill_behind_a_file(monkeypatch, after):
    """What is left of the folder of a file that is listed as complete is removed by the run that goes on."""
    calls = []

    def remove(folder):
        calls.append(folder)
        if len(calls) > after:
            raise KeyboardInterrupt
        original(folder)

    original = WorkingFolder.remove
    with monkeypatch.context() as patched:
        patched.setattr(WorkingFolder, "remove", remove)
        with pytest.raises(KeyboardInterrupt):
            migrate_files(["in"], "out")
    migrate_files(["in"], "out", resume=True)
    assert not [str(path) for path in Path().rglob("*.migration")]


@pytest.mark.parametrize("after", range(3))
def test_a_glob_that_finds_what_is_written(after):
    """What a glob finds in the folders of a migration is no source, when it is resumed, done again or undone."""
    before = contents()
    with interrupted_folder(after):
        if after < 2:
            with pytest.raises(KeyboardInterrupt):
                migrate_files(["in/**/*.ndjson"], "in/out", journal="in/j")
    for options in ({"resume": True}, {"force": True}):
        done = migrate_files(["in/**/*.ndjson"], "in/out", journal="in/j", **options)
        assert (done.files, done.summary.upgraded, done.summary.rejected) == (2, 5, 1)
    written = ["in/j", "in/out", "in/out.rejects"]
    assert sorted(str(path) for path in Path("in").iterdir() if path.is_dir()) == ["in/deep", *written]
    journals = contents("in/j")
    assert len(journals) == 2
    ran = tcspec("migrate", "in/**/*.ndjson", "in/out", "--undo")
    assert (ran.code, contents()) == (0, before | journals), ran.err

    """A source that was changed after it was migrated is an error that names it when the rest is resumed."""
    with interrupted_folder(1) as listed, pytest.raises(KeyboardInterrupt):
        migrate_files(["in"], "out")
    Path(listed[0]).write_bytes(legacy_lines(1))
    with pytest.raises(CannotResume, match="was changed since it was migrated"):
        migrate_files(["in"], "out", resume=True)


def test_what_tcspec_has_written_itself():
    """A journal and reasons of rejects are no sources, by whatever names: a folder and a glob leave them out."""
    migrate("in/deep/a.ndjson", "in/deep/t.ndjson", journal="in/a.jsonl.gz")
    names = {"a.ndjson", "deep/a.ndjson", "deep/b.jsonl.gz", "deep/t.ndjson", "deep/t.ndjson.rejects.ndjson"}
    for source in ("in", "in/**/*.*"):
        Path("in/notes.txt").unlink(missing_ok=True)
        found = find_names([source], "out")
        assert {*found.names.values()} == names
    assert find_names(["in"], "out").left_out == ["in/a.jsonl.gz", "in/deep/t.ndjson.rejects.ndjson.reasons.ndjson"]
    Path("in/other.reasons.ndjson").write_bytes(legacy_lines(1))
    assert "other.reasons.ndjson" in find_names(["in"], "out").names.values()
    ran = tcspec("migrate", "in/a.jsonl.gz", "other")
    assert (ran.code, "in/a.jsonl.gz: is a journal of a migration; name it with --undo --journal" in ran.err) == (
        2,
        True,
    )


def test_files_of_a_data_lake():
    """Taken are lines of events that are named .json too, and names in capitals; what is left out is named."""
    shutil.rmtree("in")
    for name, data in {
        "in/day=1/part-0.json": legacy_lines(2),
        "in/day=1/part-1.json": legacy_lines(1).rstrip(),
        "in/day=1/C.JSON.GZ": gzip.compress(b"[" + legacy_lines(1) + b"]"),
        "in/day=1/D.NDJSON": legacy_lines(1),
        "in/day=1/_SUCCESS": b"",
        "in/day=1/.part-0.json.crc": b"crc",
        "in/day=1/manifest.json": b'{"entries": []}',
        "in/day=1/pretty.json": json.dumps(json.loads(LEGACY % 1), indent=1).encode(),
        "elsewhere/e.ndjson": legacy_lines(1),
    }.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_bytes(data)
    Path("in/day=2").symlink_to("../elsewhere")
    ran = tcspec("migrate", "in", "out")
    assert (ran.code, ran.err.splitlines()[0], ran.err.splitlines()[2]) == (0, "4 files", "5 records: 5 upgraded")
    left_out = ["day=1/manifest.json", "day=1/pretty.json", "day=2", "day=1/.part-0.json.crc", "day=1/_SUCCESS"]
    assert ran.err.splitlines()[1].endswith(f": {', '.join(f'in/{name}' for name in left_out)}")
    rows = b'{"raw": "' + (LEGACY % 1).replace(b'"', b'\\"') + b'"}\n'
    Path("in/day=1/rows.json").write_bytes(rows)
    found = find_names(["in"], "out", column="raw").names.values()
    assert {"day=1/rows.json", "day=1/manifest.json"} <= {*found}


def test_the_command():
    """The command says how many files there were, which were left out, and in which file an invalid event is."""
    Path("in/deep/a.ndjson").write_bytes(LEGACY.replace(b'"event_id":"%d",', b"") + b"\n")
    ran = tcspec("migrate", "in", "out", "--workers", "2")
    assert ran.code == 1
    assert ran.err.startswith(
        f"3 files\nNot migrated, because not named {TAKEN}, behind a link, or written by tcspec: in/notes.txt\n8 lines:"
    )
    assert "line 1    TC201, from line 1 of in/deep/a.ndjson" in ran.err
    dry = tcspec("migrate", "in", "--dry-run")
    assert (dry.code, "8 lines: 8 upgraded (nothing written)" in dry.err) == (1, True)
