"""All names of one file are recognised as one, and a change of a file is noticed."""

from __future__ import annotations

import io
import os

import pytest

from tcspec.files.identity import identify, read_state
from tcspec.files.lines import FileError


@pytest.fixture
def file(tmp_path):
    """Write a file."""
    path = tmp_path / "folder" / "a"
    path.parent.mkdir()
    path.write_bytes(b"words")
    return path


def test_names_of_a_file(tmp_path, file):
    """Links, hard links, other spellings and open streams of a file have its identity; another file has not."""
    (tmp_path / "link").symlink_to(file)
    (tmp_path / "hard").hardlink_to(file)
    (tmp_path / "same").symlink_to(file.parent)
    (tmp_path / "other").write_bytes(b"words")
    with file.open("rb") as stream:
        names = [str(file), stream, *(tmp_path / name for name in ("link", "hard", "same/a", "folder/../folder/a"))]
        assert {identify(name) for name in names} == {identify(file)}
    assert identify(tmp_path / "other") != identify(file)
    assert identify(file.parent) == identify(tmp_path / "same")


def test_names_of_a_missing_file(tmp_path, file):
    """A file that does not exist yet is identified by its folder and name, whatever the way to it."""
    (tmp_path / "same").symlink_to(file.parent)
    (tmp_path / "broken").symlink_to(file.parent / "b")
    names = (file.with_name("b"), tmp_path / "same" / "b", tmp_path / "broken")
    assert len({identify(name) for name in names}) == 1
    assert identify(file.with_name("c")) != identify(file.with_name("b"))
    assert identify(tmp_path / "none" / "b") == identify(tmp_path / "none" / "x" / ".." / "b")


def test_no_identity():
    """A character device and a stream without a file are nobody's file."""
    assert identify(os.devnull) is None
    assert identify(io.BytesIO()) is None
    closed = io.BytesIO()
    closed.close()
    assert identify(closed) is None


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_pipes(tmp_path):
    """A named pipe is one file under all its names, and has no state."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("pipe")
    assert identify(tmp_path / "pipe") == identify(tmp_path / "link") is not None
    assert read_state(tmp_path / "pipe") is None


def test_states(tmp_path, file):
    """The state of a file is that of its streams; it changes with every write, and not with its permissions."""
    state = read_state(file)
    with file.open("rb") as stream:
        assert read_state(stream) == state == read_state(str(file))
    file.chmod(0o600)
    assert read_state(file) == state
    assert read_state(file).permissions == 0o600
    os.utime(file, ns=(0, state.modified_ns + 1))
    assert read_state(file) != state
    file.write_bytes(b"other words")
    assert read_state(file) != state
    assert [read_state(path) for path in (tmp_path, tmp_path / "none", file / "x", os.devnull)] == [None] * 4


def test_what_nobody_can_tell(tmp_path):
    """A name that is none, is too long, or is a link to itself is an error that names it."""
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    for name, reason in (
        ("a\0b", "no file can have this name"),
        ("n" * 300, "name too long"),
        ("loop", "symbolic links"),
    ):
        for ask in (identify, read_state):
            with pytest.raises(FileError, match=reason):
                ask(tmp_path / name)
