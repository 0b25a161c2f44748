"""A target behind a URL appears when it is complete; a migration and its uploads can be resumed."""

from __future__ import annotations

import gzip
import json

import pytest

from command import tcspec
from migrating import legacy_lines
from tcspec.files import remote
from tcspec.files.lines import FileError
from tcspec.migration import checkpoints, running, staging
from tcspec.migration.job import MigrationError
from tcspec.migration.output_files import CannotResume, hash_start

fsspec = pytest.importorskip("fsspec", reason="needs tcspec[s3]")

SOURCE = legacy_lines(25) + b"broken\n"
NAMES = ["b.ndjson", "b.ndjson.rejects.ndjson", "b.ndjson.rejects.ndjson.reasons.ndjson"]


@pytest.fixture(autouse=True)
def store(tmp_path, monkeypatch):
    """Work in an empty folder, with a source in a store in memory."""
    monkeypatch.chdir(tmp_path)
    system = fsspec.filesystem("memory")
    system.pipe("/in/a.ndjson", SOURCE)
    yield system
    system.rm("/", recursive=True)


@pytest.fixture
def expected(store):
    """Return what a migration writes that is not interrupted."""
    migrate(target="memory://expected/b.ndjson")
    return {name: store.cat(f"/expected/{name}") for name in NAMES}


def migrate(target="memory://out/b.ndjson", **options):
    """Migrate the source, with a checkpoint every ten lines."""
    return staging.migrate("memory://in/a.ndjson", target, checkpoint_every=10, **options)


def found(store, folder="/out"):
    """Return the files in a folder of the store."""
    return {path.rpartition("/")[2]: store.cat(path) for path in store.find(folder)}


def fail_at(name, step, error):
    """Make a function of the module fail at one of its calls."""
    calls = []

    def failing(*arguments):
        calls.append(arguments)
        if len(calls) == step:
            raise error
        return original(*arguments)

    original = getattr(staging, name)
    patched = pytest.MonkeyPatch()
    patched.setattr(staging, name, failing)
    return patched


def test_a_migration(store, tmp_path, expected):
    """Target, rejects and reasons are written, and nothing is left in the folder."""
    summary = migrate()
    assert (summary.upgraded, summary.rejected) == (25, 1)
    assert summary.rejects_path == "memory://out/b.ndjson.rejects.ndjson"
    assert found(store) == expected
    assert expected["b.ndjson.rejects.ndjson"] == b"broken\n"
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("step", [1, 2, 3])
def test_an_interrupted_upload(store, monkeypatch, expected, step):
    """An upload that fails is resumed without another migration; the target is the last that is uploaded."""
    patched = fail_at("upload", step, FileError("b", "the connection was lost"))
    with pytest.raises(FileError, match="the connection was lost"):
        migrate()
    patched.undo()
    assert "b.ndjson" not in found(store)
    assert staging.is_interrupted("memory://out/b.ndjson")
    with pytest.raises(MigrationError, match="has an interrupted migration; --resume goes on, --force starts again"):
        migrate()
    with pytest.raises(CannotResume, match="changed since the migration was complete: options"):
        migrate(resume=True, on_invalid="reject")
    monkeypatch.setattr(staging.engine, "migrate", None)
    assert migrate(resume=True).rejected == 1
    assert found(store) == expected


@pytest.mark.parametrize("step", [1, 2, 3])
@pytest.mark.parametrize("name", NAMES)
def test_an_object_that_others_write_meanwhile(store, expected, step, name):
    """An object that others write after an interruption is not replaced, but with --force too."""
    patched = fail_at("upload", step, FileError("b", "the connection was lost"))
    with pytest.raises(FileError, match="the connection was lost"):
        migrate()
    patched.undo()
    store.pipe(f"/out/{name}", b"others")
    before = found(store)
    with pytest.raises(FileError, match=f"memory://out/{name}: was written by another program since"):
        migrate(resume=True)
    assert {name: found(store)[name] for name in before} | expected == before | expected
    assert found(store)[name] == b"others"
    assert migrate(resume=True, force=True).rejected == 1
    assert found(store) == expected


def test_rejects_that_exist(store):
    """Rejects behind a URL are not replaced, as they may have been fixed."""
    store.pipe("/out/b.ndjson.rejects.ndjson", b"fixed")
    with pytest.raises(MigrationError, match=r"memory://out/b\.ndjson\.rejects\.ndjson exists; --force replaces it"):
        migrate()
    assert found(store) == {"b.ndjson.rejects.ndjson": b"fixed"}


def test_an_interrupted_migration(store, monkeypatch, expected):
    """A migration that is interrupted goes on at its last checkpoint; without one it begins again."""

    def save(folder, checkpoint):
        original(folder, checkpoint)
        if checkpoint.number == 20:
            raise KeyboardInterrupt

    original = checkpoints.save
    with monkeypatch.context() as patched:
        patched.setattr(checkpoints, "save", save)
        with pytest.raises(KeyboardInterrupt):
            migrate()
    assert found(store) == {}
    read = []
    monkeypatch.setattr(running, "hash_start", lambda *of: read.append(of[1]) or hash_start(*of))
    assert migrate(resume=True).upgraded == 25
    assert read
    assert found(store) == expected


def test_a_report(store, tmp_path):
    """A report names URLs, and is verified with what is there."""
    store.pipe("/in/b.ndjson.gz", gzip.compress(SOURCE))
    run = tcspec("migrate", "memory://in/b.ndjson.gz", "memory://out/b.ndjson", "--report", "r.json")
    assert run.code == 1
    [file] = json.loads((tmp_path / "r.json").read_text())["files"]
    named = [each["path"] for each in (file["source"], *file["outputs"].values())]
    assert sorted(named) == ["memory://in/b.ndjson.gz", *(f"memory://out/{name}" for name in NAMES)]
    assert tcspec("migrate", "--verify", "r.json").code == 0
    store.pipe("/out/b.ndjson", store.cat("/out/b.ndjson")[:-1] + b" ")
    run = tcspec("migrate", "--verify", "r.json")
    assert (run.code, "memory://out/b.ndjson was changed" in run.out + run.err) == (1, True)


def test_a_target_that_exists(store, expected):
    """A target that exists is replaced with force only, and so is what was interrupted."""
    store.pipe("/out/b.ndjson", b"before")
    for options in ({}, {"resume": True}):
        with pytest.raises(MigrationError, match=r"memory://out/b.ndjson exists; --force replaces it"):
            migrate(**options)
    assert found(store) == {"b.ndjson": b"before"}
    migrate(force=True)
    assert found(store) == expected


def test_rejects_elsewhere(store, tmp_path):
    """Rejects can have a URL of their own, or a local file."""
    migrate(rejects="memory://rejects/r.ndjson")
    assert found(store, "/rejects").keys() == {"r.ndjson", "r.ndjson.reasons.ndjson"}
    assert found(store).keys() == {"b.ndjson"}
    migrate(rejects="r.ndjson", force=True)
    assert (tmp_path / "r.ndjson").read_bytes() == b"broken\n"
    migrate(rejects="memory://rejects/b.ndjson", force=True)
    assert store.cat("/rejects/b.ndjson") == b"broken\n"
    for target, rejects in (("b.ndjson", "b.ndjson"), ("rejects.b.ndjson", "b.ndjson")):
        with pytest.raises(MigrationError, match="need different names"):
            migrate(f"memory://out/{target}", rejects=f"memory://out/{rejects}", force=True)


def test_stores_that_rename(tmp_path, expected):
    """In a store of files, the target is written under another name and renamed."""
    (tmp_path / "out").mkdir()
    migrate(target=f"file://{tmp_path}/out/b.ndjson")
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == expected


def test_a_source_that_changes(store, monkeypatch):
    """A source that is written while it is read is noticed."""
    original = running.transfer

    def transfer(*arguments, **options):
        original(*arguments, **options)
        store.pipe("/in/a.ndjson", SOURCE + b"{}\n")

    monkeypatch.setattr(running, "transfer", transfer)
    with pytest.raises(FileError, match="was changed by another program while it was read"):
        migrate()
    assert found(store) == {}


@pytest.mark.parametrize("workers", [1, 2])
def test_a_dry_run(tmp_path, workers):
    """A dry run needs no target and writes nothing; a source behind a URL is read by one process."""
    run = tcspec("migrate", "memory://in/a.ndjson", "--dry-run", "--workers", workers)
    assert (run.code, "26 lines: 25 upgraded, 1 rejected (nothing written)" in run.err) == (1, True)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("memory://in/missing.ndjson", "b"), "memory://in/missing.ndjson: "),
        (("memory://in/a.ndjson", "memory://out/"), "memory://out/ is a folder; name a file"),
        (("unheard-of://in/a.ndjson", "b"), "unheard-of://in/a.ndjson: Protocol not known: unheard-of"),
        (("memory://in/a.ndjson", "memory://in/a.ndjson?b=1"), "is a URL, and only files"),
        (("memory://me:secret@in/a.ndjson", "b"), "is a URL, and only files"),
    ],
)
def test_what_is_refused(arguments, message):
    """What is not there, a URL of no known kind, and one with a secret in it are errors of one line."""
    run = tcspec("migrate", *arguments)
    assert (run.code, message in run.err, "secret" in run.err) == (2, True, False), run.err
    assert len(run.err.splitlines()) == 1


def test_without_fsspec(monkeypatch):
    """Without fsspec the error says what to install."""

    def refuse(_):
        raise ImportError

    monkeypatch.setattr(remote, "import_module", refuse)
    with pytest.raises(FileError, match=r"needs fsspec; install tcspec\[s3\]"):
        migrate()
