"""The working folder belongs to one migration at a time, and nothing of anybody else is touched."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tcspec.files.lines import FileError
from tcspec.migration.working_folder import WorkingFolder

KILLED = """
import os, sys
from pathlib import Path
from tcspec.migration.working_folder import WorkingFolder
folder = WorkingFolder.acquire(Path(sys.argv[1]))
folder.mark(has_repeatable_source=sys.argv[2] == "True")
(folder.path / "target").write_bytes(sys.argv[3].encode())
print(flush=True)
if sys.argv[4:]:
    sys.stdin.read()
os._exit(9)
"""


@pytest.fixture
def path(tmp_path):
    """Name a working folder."""
    return WorkingFolder.beside(tmp_path / "t.ndjson")


def leave(path, *, has_repeatable_source=True, content="words"):
    """Leave the working folder of a migration that was killed."""
    command = [sys.executable, "-c", KILLED, path, str(has_repeatable_source), content]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 9


def test_making_and_removing(path):
    """A folder is made for its user alone, and nothing remains of it."""
    folder = WorkingFolder.acquire(path)
    assert path.stat().st_mode & 0o777 == 0o700
    folder.mark(has_repeatable_source=True)
    (path / "target").write_bytes(b"x")
    folder.remove()
    folder.close()
    assert list(path.parent.iterdir()) == []


def test_one_at_a_time(path):
    """A second migration to the same target is refused, in this process and in another one, until the first ends."""
    command = [sys.executable, "-c", KILLED, path, "True", "", "wait"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout.read(1)
        with pytest.raises(FileError, match=r"t\.ndjson\.migration: another migration to the same target is running"):
            WorkingFolder.acquire(path)
    folder = WorkingFolder.acquire(path)
    with pytest.raises(FileError, match="another migration"):
        WorkingFolder.acquire(path)
    folder.close()
    WorkingFolder.acquire(path).remove()


def test_a_lock_for_a_moment(path):
    """A lock that is released soon, as by a process that was killed, is waited for."""
    first = WorkingFolder.acquire(path)
    with ThreadPoolExecutor() as threads:
        second = threads.submit(WorkingFolder.acquire, path)
        time.sleep(0.2)
        assert not second.done()
        first.close()
        second.result().remove()


def test_what_was_left(path):
    """What a killed migration left is found, and can be removed."""
    leave(path)
    folder = WorkingFolder.acquire(path)
    assert (path / "target").read_bytes() == b"words"
    folder.clear()
    assert [each.name for each in path.iterdir()] == ["lock"]
    folder.remove()


def test_the_last_copy(path):
    """What was read from a pipe is nowhere else, and is not removed."""
    leave(path, has_repeatable_source=False, content="")
    folder = WorkingFolder.acquire(path)
    folder.clear()
    folder.close()
    leave(path, has_repeatable_source=False)
    folder = WorkingFolder.acquire(path)
    with pytest.raises(FileError, match=r"t\.ndjson\.migration: holds what was read from a source .*; move it away"):
        folder.clear()
    assert (path / "target").read_bytes() == b"words"
    folder.close()


@pytest.mark.parametrize("name", ["target", "checkpoint.json", "lock", "notes.txt"])
def test_a_folder_that_is_not_ours(path, name):
    """A folder with anything in it, and no lock that says whose it is, is neither used nor changed."""
    path.mkdir()
    (path / name).write_bytes(b"precious")
    with pytest.raises(FileError, match=r"t\.ndjson\.migration: is not a working folder of tcspec; move it away"):
        WorkingFolder.acquire(path)
    assert [(each.name, each.read_bytes()) for each in path.iterdir()] == [(name, b"precious")]


@pytest.mark.parametrize("kind", ["file", "link to a file", "link to a folder", "broken link"])
def test_something_else_in_its_place(path, kind):
    """A file or a link in the place of the folder is neither followed nor changed."""
    aim = path.with_name("aim")
    if kind == "link to a folder":
        aim.mkdir()
    elif kind == "link to a file":
        aim.write_bytes(b"precious")
    if kind == "file":
        path.write_bytes(b"precious")
    else:
        path.symlink_to(aim)
    before = sorted(path.parent.rglob("*"))
    with pytest.raises(FileError, match="is not a working folder of tcspec"):
        WorkingFolder.acquire(path)
    assert sorted(path.parent.rglob("*")) == before


def test_a_lock_that_is_a_link(path):
    """A lock that is a link is not followed."""
    leave(path)
    (path / "lock").rename(path.with_name("aim"))
    (path / "lock").symlink_to(path.with_name("aim"))
    with pytest.raises(FileError, match="is not a working folder"):
        WorkingFolder.acquire(path)


def test_a_migration_that_ends_meanwhile(path, monkeypatch):
    """A folder that its migration removes just before it is locked is made again."""
    leave(path)
    folder = WorkingFolder.acquire(path)
    real = os.open

    def slow(name, *arguments, **options):
        descriptor = real(name, *arguments, **options)
        if folder.lock >= 0:
            folder.remove()
        return descriptor

    monkeypatch.setattr(os, "open", slow)
    second = WorkingFolder.acquire(path)
    assert [each.name for each in path.iterdir()] == ["lock"]
    second.remove()


def test_a_folder_that_cannot_be_made(tmp_path):
    """The error names the folder that cannot be made."""
    with pytest.raises(FileError, match=r"none/t\.migration: No such file or directory"):
        WorkingFolder.acquire(WorkingFolder.beside(tmp_path / "none" / "t"))
