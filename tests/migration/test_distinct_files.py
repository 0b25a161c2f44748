"""No two files of a migration are the same one, whatever their names."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from migrating import legacy_lines
from tcspec.errors import TcspecError
from tcspec.files.lines import FileError
from tcspec.migration.engine import migrate
from tcspec.migration.job import MigrationError, is_stream

EVENTS = legacy_lines(3)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Make a folder with a source, other files, and a second name of the folder."""
    folder = tmp_path / "work"
    folder.mkdir()
    (tmp_path / "same").symlink_to(folder)
    monkeypatch.chdir(folder)
    (folder / "s").write_bytes(EVENTS)
    (folder / "other").write_bytes(b"precious")
    return folder


def contents(folder):
    """Return everything in a folder."""
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


SAME = [
    ("s", "s", {}),
    ("s", "./x/../s", {}),
    ("s", "../same/s", {}),
    ("s", "link", {}),
    ("s", "hard", {}),
    ("s", "t", {"rejects": "t"}),
    ("s", "t", {"rejects": "../same/t"}),
    ("s", "t", {"rejects": "s"}),
    ("s", "t", {"rejects": "hard"}),
    ("s", "t", {"report": "t"}),
    ("s", "t", {"report": "../same/t"}),
    ("s", "t", {"report": "s"}),
    ("s", "t", {"report": "hard"}),
    ("s", "t", {"report": "t.rejects.ndjson"}),
    ("s", "t", {"report": "t.rejects.ndjson.reasons.ndjson"}),
    ("s", "t", {"rejects": "r", "report": "r"}),
    ("s", "t", {"rejects": "r", "report": "r.reasons.ndjson"}),
    ("s", "t", {"report": "t.migration"}),
    ("s", "t", {"rejects": "t.migration"}),
    ("s", "t.reasons.ndjson", {"rejects": "t"}),
    ("t.migration", "t", {}),
]


@pytest.mark.parametrize("dry_run", [False, True])
@pytest.mark.parametrize(("source", "target", "options"), SAME)
def test_the_same_file_twice(folder, source, target, options, dry_run):
    """Two roles of one file, by links, hard links or spellings, are an error before anything is written."""
    (folder / "x").mkdir()
    (folder / "link").symlink_to("s")
    (folder / "hard").hardlink_to("s")
    if source == "t.migration":
        (folder / source).write_bytes(EVENTS)
    before = contents(folder)
    with pytest.raises(MigrationError, match="are the same file; each needs one of its own"):
        migrate(source, target, dry_run=dry_run, **options)
    assert contents(folder) == before


NAMES = [
    "t.part", "t.checkpoint", "t.checkpoint.new", "t.tmp", "t.lock", "t.rejects.ndjson.part", "r.part",
    "r.reasons.ndjson.part", "t.journal", ".t.tmp", "t.rejects.ndjson.checkpoint",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_files_with_names_of_working_files(folder, name):
    """A source or another file of the user, whatever it is called, is as it was after a migration."""
    (folder / name).write_bytes(EVENTS)
    for source in ("s", name):
        summary = migrate(source, "t", rejects="r", report="report", force=True)
        assert summary.upgraded == 3
        assert (folder / "t").read_bytes().count(b"\n") == 3
        assert (folder / name).read_bytes() == EVENTS
    assert (folder / "other").read_bytes() == b"precious"


@pytest.mark.parametrize("make", ["symlink_to", "hardlink_to"])
@pytest.mark.parametrize("name", NAMES)
def test_links_with_names_of_working_files(folder, name, make):
    """A link with any such name is not followed: the file behind it is as it was."""
    getattr(folder / name, make)(folder / "other")
    migrate("s", "t", rejects="r")
    assert (folder / "other").read_bytes() == (folder / name).read_bytes() == b"precious"


@pytest.mark.parametrize("target", ["t", "t.gz"])
def test_a_link_to_a_working_file(folder, target):
    """A source that is a hard link of a working file of an interrupted migration, or lies beside it, is refused."""
    interrupt(folder, target)
    (folder / "hard").hardlink_to(folder / f"{target}.migration" / "target")
    for source in ("hard", f"{target}.migration/target"):
        with pytest.raises(MigrationError, match=r"the source and the working file .* are the same file"):
            migrate(source, target)
    for options in ({"rejects": f"{target}.migration/new"}, {"report": f"{target}.migration/new"}):
        with pytest.raises(MigrationError, match="lies in the working folder"):
            migrate("s", target, **options)


def interrupt(folder, target):
    """Interrupt a migration after its first checkpoint."""
    script = (
        "import os; from tcspec.migration import checkpoints, engine; save = checkpoints.save;"
        f"checkpoints.save = lambda *a: (save(*a), os._exit(9)); engine.migrate('s', {target!r}, checkpoint_every=1)"
    )
    command = [sys.executable, "-c", script]
    assert subprocess.run(command, cwd=folder, check=False).returncode == 9


@pytest.mark.parametrize(
    ("arguments", "redirections"),
    [
        (("-", "t"), {"stdin": "t"}),
        (("-", "t", "--rejects", "r"), {"stdin": "r"}),
        (("s", "-"), {"stdout": "s"}),
        (("s", "-", "--rejects", "r"), {"stdout": "r"}),
        (("s", "-", "--report", "p"), {"stdout": "p"}),
        (("-", "-"), {"stdin": "s", "stdout": "s"}),
    ],
)
def test_redirected_streams(folder, arguments, redirections):
    """A file that a standard stream is redirected from or to is one of the files, too."""
    for name in ("r", "t", "p"):
        (folder / name).write_bytes(EVENTS)
    streams = {name: (folder / path).open("rb" if name == "stdin" else "ab") for name, path in redirections.items()}
    before = contents(folder)
    command = [sys.executable, "-m", "tcspec", "migrate", *arguments]
    ran = subprocess.run(command, **streams, stderr=subprocess.PIPE, text=True, check=False)
    for stream in streams.values():
        stream.close()
    assert ran.returncode == 2
    assert "are the same file" in ran.stderr
    assert contents(folder) == before


def test_devices_may_be_used_twice():
    """A device is nobody's file."""
    assert migrate("s", os.devnull, rejects=os.devnull, report=os.devnull).upgraded == 3


@pytest.mark.parametrize(
    ("target", "options"),
    [("x", {}), ("t", {"rejects": "x"}), (".", {}), ("none/t", {}), ("t", {"rejects": "none/r"}), ("n" * 300, {})],
)
def test_places_that_cannot_be_written(folder, target, options):
    """A folder in the place of an output, a missing folder or a name that is too long is an error before reading."""
    (folder / "x").mkdir()
    with pytest.raises(FileError, match=r"is a folder; name a file|No such file|name too long"):
        migrate("s", target, **options)
    assert sorted(path.name for path in folder.iterdir()) == ["other", "s", "x"]


@pytest.mark.parametrize("name", ["source", "target", "rejects", "report"])
def test_names_that_are_none(name):
    """A path with a NUL character is an error that says so."""
    names = {"source": "s", "target": "t"} | {name: "a\0b"}
    with pytest.raises(TcspecError, match="no file can have this name"):
        migrate(names.pop("source"), names.pop("target"), **names)


def test_streams(folder):
    """Standard output and devices are streams; files, folders and paths without a file are not."""
    assert is_stream("-")
    assert is_stream(os.devnull)
    assert not any(is_stream(str(path)) for path in (folder / "s", folder, folder / "none"))


def test_rejects_on_standard_output():
    """Rejected lines are not mixed with the events on standard output."""
    with pytest.raises(MigrationError, match="cannot be written to standard output"):
        migrate("s", "t", rejects="-")
