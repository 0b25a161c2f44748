"""Folders and globs of URLs are those of files: every object is migrated once, with its name."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from command import tcspec
from migrating import LEGACY, interrupted_folder, legacy_lines
from tcspec.files.lines import FileError
from tcspec.migration.folder_names import are_several, find_names
from tcspec.migration.folders import migrate_files
from tcspec.migration.job import MigrationError
from tcspec.migration.output_files import CannotResume

fsspec = pytest.importorskip("fsspec", reason="needs tcspec[s3]")

OBJECTS = {
    "a.ndjson": legacy_lines(3),
    "deep/a.ndjson": legacy_lines(2) + b"broken\n",
    "deep/b.jsonl.gz": gzip.compress(legacy_lines(4)),
    "notes.txt": b"notes",
}


@pytest.fixture(autouse=True)
def store(tmp_path, monkeypatch):
    """Work in an empty folder, with a folder in a store in memory, and the same as files."""
    monkeypatch.chdir(tmp_path)
    system = fsspec.filesystem("memory")
    for name, data in OBJECTS.items():
        system.pipe(f"/in/{name}", data)
        Path("in", name).parent.mkdir(parents=True, exist_ok=True)
        Path("in", name).write_bytes(data)
    yield system
    system.rm("/", recursive=True)


def found(store, folder):
    """Return the objects in a folder of the store."""
    return {path.removeprefix(f"/{folder}/"): store.cat(path) for path in store.find(f"/{folder}")}


def files(folder):
    """Return the files in a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in Path(folder).rglob("*") if path.is_file()
    }


@pytest.mark.parametrize(
    ("sources", "names"),
    [
        (["memory://in/"], ["a.ndjson", "deep/a.ndjson", "deep/b.jsonl.gz"]),
        (["memory://in/*.ndjson"], ["a.ndjson"]),
        (["memory://in/**/*.ndjson"], ["a.ndjson", "deep/a.ndjson"]),
        (["memory://in/deep/*"], ["a.ndjson", "b.jsonl.gz"]),
        (["memory://in/a.ndjson", "in/deep/b.jsonl.gz"], ["a.ndjson", "b.jsonl.gz"]),
    ],
)
def test_names(sources, names):
    """Names are kept from the folder, or from the fixed part of a glob."""
    assert are_several(sources)
    assert sorted(find_names(sources, "out").names.values()) == names


@pytest.mark.parametrize("place", ["more", "memory://more/", "more/**"])
def test_what_is_taken_of_a_folder(store, place):
    """Of a folder files of events are taken by their names, of documents arrays; tables with a column only."""
    named = ["a.ndjson", "b.jsonl.gz", "c.json", "d.json"]
    left_out = ["e.json", "f.ndjson.bak", "g.parquet.gz", "h.json.bak"]
    tables = ["i.csv", "j.tsv.gz", "k.parquet"]
    contents = {"c.json": b"[]", "d.json": b' [{"a": 1}]', "e.json": b'{\n"a": [1]}'}
    for name in [*named, *left_out, *tables]:
        store.pipe(f"/more/{name}", contents.get(name, b""))
        Path("more").mkdir(exist_ok=True)
        Path("more", name).write_bytes(contents.get(name, b""))
    for column, expected in ((None, named), ("raw", named + tables)):
        found = find_names([place], "out", column)
        assert sorted(found.names.values()) == expected
        assert sorted(path.rpartition("/")[2] for path in found.left_out) == sorted(
            {*named, *left_out, *tables} - {*expected}
        )


def test_a_folder_of_every_format():
    """Arrays, tables and lines in a folder are migrated, their rejects put back, verified and undone."""
    event, broken = (LEGACY % 1).decode(), "5"
    cells = [event.replace('"', '""'), broken]
    contents = {
        "a.json": f'[{{"raw": {event}}}, {{"raw": {broken}}}]',
        "b.csv": "raw,n\n" + "".join(f'"{cell}",1\n' for cell in cells),
        "deep/c.ndjson": "".join(f'{{"raw": {each}}}\n' for each in (event, broken)),
    }
    for name, text in contents.items():
        Path("rows", name).parent.mkdir(parents=True, exist_ok=True)
        Path("rows", name).write_text(text, "utf-8")
    options = ["--column", "raw", "--fail-on", "never"]
    assert tcspec("migrate", "rows", "out", "--report", "r.json", *options).code == 0
    assert tcspec("migrate", "--verify", "r.json").code == 0
    assert tcspec("rejects", "out.rejects").err == "3 rejects in 3 files\n"
    assert tcspec("migrate", "rows", "out", "--undo", *options).code == 0
    assert tcspec("migrate", "rows", "out", *options).code == 0
    for path in filter(Path.is_file, Path("out.rejects").rglob("*")):
        text = path.read_text("utf-8")
        # The event as it is in the file beside.
        new = event if path.suffix != ".csv" else cells[0]
        path.write_text(
            text.replace(f'"raw": {broken}', f'"raw": {new}').replace(f'"{broken}",1', f'"{new}",1'), "utf-8"
        )
    ran = tcspec("migrate", "out", "--merge-rejects", *options)
    assert (ran.code, ran.err.splitlines()[0]) == (0, "3 records: 3 upgraded"), ran.err
    assert not files("out.rejects")


def test_a_name_with_brackets(store):
    """An object that exists is an object and no glob."""
    store.pipe("/in/b[1].ndjson", b"")
    assert not are_several(["memory://in/b[1].ndjson"])
    assert are_several(["memory://in/c[1].ndjson"])


@pytest.mark.parametrize("target", ["memory://out", "memory://out/", "out"])
def test_a_folder(store, tmp_path, target):
    """A folder of URLs becomes what a folder of files becomes, in a store or here; nothing else is left."""
    result = migrate_files(["memory://in/"], target)
    assert (result.files, result.left_out) == (3, ["memory://in/notes.txt"])
    migrate_files(["in"], "expected")
    assert (found(store, "out") or files("out")) == files("expected")
    assert sorted(found(store, "out.rejects") or files("out.rejects")) == sorted(files("expected.rejects"))
    rejects = "memory://out.rejects/" if "memory" in target else str(tmp_path / "out.rejects")
    assert result.summary.rejects_path == rejects
    assert not list(Path().glob("*.migration"))


def test_files_to_a_store(store):
    """Files are migrated to a store; a report names the objects, and is verified."""
    ran = tcspec("migrate", "in", "memory://out", "--report", "r.json")
    assert (ran.code, len(found(store, "out"))) == (1, 3), ran.err
    report = json.loads(Path("r.json").read_text("utf-8"))
    assert [each["outputs"]["target"]["path"] for each in report["files"]] == [
        "memory://out/a.ndjson", "memory://out/deep/a.ndjson", "memory://out/deep/b.jsonl.gz",
    ]  # fmt: skip
    assert tcspec("migrate", "--verify", "r.json").code == 0
    store.pipe("/out/deep/a.ndjson", b"")
    ran = tcspec("migrate", "--verify", "r.json")
    assert (ran.code, "memory://out/deep/a.ndjson was changed" in ran.out) == (1, True)


def test_what_exists(store):
    """An object that exists is replaced with force only, rejects that there are no more of are removed."""
    store.pipe("/out.rejects/a.ndjson", b"before")
    with pytest.raises(MigrationError, match=r"memory://out\.rejects/a\.ndjson exists; --force replaces it"):
        migrate_files(["memory://in/"], "memory://out")
    assert found(store, "out") == {}
    migrate_files(["memory://in/"], "memory://out", force=True)
    assert sorted(found(store, "out.rejects")) == ["deep/a.ndjson", "deep/a.ndjson.reasons.ndjson"]


@pytest.mark.parametrize("after", [0, 1, 2])
def test_resuming(store, after):
    """A migration that is interrupted goes on with the objects that are left; one that was changed is an error."""
    migrate_files(["memory://in/"], "memory://expected")
    with interrupted_folder(after):
        ran = tcspec("migrate", "memory://in/", "memory://out")
    assert (ran.code, "with --resume goes on" in ran.err) == (130, True)
    with pytest.raises(MigrationError, match=r"exists; --force|--resume goes on"):
        migrate_files(["memory://in/"], "memory://out")
    migrate_files(["memory://in/"], "memory://out", resume=True)
    assert found(store, "out") == found(store, "expected")


def test_an_object_that_was_changed(store):
    """A source that was changed after it was migrated is an error that names it."""
    with interrupted_folder(1), pytest.raises(KeyboardInterrupt):
        migrate_files(["memory://in/"], "memory://out")
    store.pipe("/in/a.ndjson", b"")
    with pytest.raises(CannotResume, match=r"memory://in/a\.ndjson or memory://out/a\.ndjson was changed"):
        migrate_files(["memory://in/"], "memory://out", resume=True)


def test_undo(store):
    """What was made of the objects is removed, when it can be made again; by journals files are written anew."""
    before = found(store, "in")
    assert tcspec("migrate", "memory://in/", "memory://out", "--journal", "journals").code == 1
    ran = tcspec("migrate", "in/back", "memory://out", "--undo", "--journal", "journals")
    assert ran.code == 0, ran.err
    assert Path("in/back/deep/a.ndjson").read_bytes() == OBJECTS["deep/a.ndjson"]
    ran = tcspec("migrate", "memory://in/", "memory://out", "--undo")
    assert (ran.code, ran.err) == (0, "memory://out: removed; memory://in/ is as it was, 10 lines\n")
    assert (found(store, "out"), found(store, "out.rejects"), found(store, "in")) == ({}, {}, before)
    assert tcspec("migrate", "memory://in/a.ndjson", "memory://out/a.ndjson").code == 0
    assert tcspec("migrate", "memory://in/a.ndjson", "memory://out/a.ndjson", "--undo").code == 0
    assert found(store, "out") == {}


def test_what_is_refused():
    """A folder that has no such object, one that lies in its source, and a glob that is none are errors."""
    with pytest.raises(FileError, match="has no file named"):
        find_names(["memory://none/"], "out")
    with pytest.raises(MigrationError, match="lies in memory://in/; name a folder elsewhere"):
        find_names(["memory://in/"], "memory://in/out")
    with pytest.raises(MigrationError, match="memory://in/r lies in memory://in/; name a folder elsewhere"):
        find_names(["memory://in/"], "memory://out", others=["memory://in/r/"])
    with pytest.raises(FileError, match="has no character"):
        find_names(["memory://in/[b-a]"], "out")
