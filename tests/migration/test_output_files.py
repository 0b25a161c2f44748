"""Output files appear when they are complete, and are what was written."""

from __future__ import annotations

import gzip
import hashlib
import os
import stat
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tcspec.files.identity import read_state
from tcspec.files.lines import FileError
from tcspec.migration.output_files import CannotResume, CompleteFile, Content, OutputFile

chunks = st.lists(st.one_of(st.binary(max_size=50), st.just(None)), max_size=20)
"""What is written to a file; None is a call of `sync`."""


def write(file, steps):
    """Write to a file, and return every synced content with the number of steps before it."""
    contents = []
    for number, step in enumerate(steps, 1):
        if step is None:
            file.sync()
            contents.append((number, file.content))
        else:
            file.write(step)
    return contents


def create(path, place, content=b""):
    """Create an output file with some content."""
    file = OutputFile.create(path, place, 0o600)
    file.write(content)
    file.sync()
    file.close()
    return file


@pytest.mark.parametrize("suffix", ["", ".gz"])
@given(steps=chunks, data=st.data())
def test_a_resumed_file_has_the_same_bytes(tmp_path_factory, suffix, steps, data):
    """A file that was resumed at a synced content has the bytes of one that was written without a break."""
    folder = tmp_path_factory.mktemp("work")
    place = folder / f"place{suffix}"
    file = OutputFile.create(folder / "once", place, 0o600)
    contents = write(file, steps)
    content = file.complete().content
    file.close()
    done, start = data.draw(st.sampled_from([(0, Content(0, hashlib.sha256().hexdigest())), *contents]))
    interrupted = OutputFile.create(folder / "twice", place, 0o600)
    write(interrupted, steps)
    interrupted.close()
    resumed = OutputFile.resume(folder / "twice", place, start)
    write(resumed, steps[done:])
    assert resumed.complete().content == content
    resumed.close()
    raw = (folder / "once").read_bytes()
    assert (folder / "twice").read_bytes() == raw
    assert content == Content(len(raw), hashlib.sha256(raw).hexdigest())
    assert (gzip.decompress(raw) if suffix else raw) == b"".join(step for step in steps if step)


@pytest.mark.parametrize("permissions", [0o400, 0o600, 0o640, 0o644, 0o666])
def test_permissions(tmp_path, permissions):
    """A file has no more permissions than the source, but its owner can read and write it."""
    old = os.umask(0o022)
    try:
        file = OutputFile.create(tmp_path / "a", tmp_path / "b", permissions)
    finally:
        os.umask(old)
    file.close()
    assert stat.S_IMODE(file.path.stat().st_mode) == (permissions | 0o600) & 0o644


@pytest.mark.parametrize("make", ["symlink_to", "hardlink_to", "write_bytes", "mkdir"])
def test_nothing_is_written_through_a_link(tmp_path, make):
    """A file is not created where anything is, and not resumed through a link: what is behind it stays as it is."""
    aim, path = tmp_path / "aim", tmp_path / "work"
    aim.write_bytes(b"precious")
    argument = {"symlink_to": [aim], "hardlink_to": [aim], "write_bytes": [b"precious"], "mkdir": []}[make]
    getattr(path, make)(*argument)
    with pytest.raises(FileError, match="work: File exists"):
        OutputFile.create(path, tmp_path / "place", 0o600)
    if make != "write_bytes":
        with pytest.raises(CannotResume, match="work is missing, or was replaced with a link"):
            OutputFile.resume(path, tmp_path / "place", Content(8, hashlib.sha256(b"precious").hexdigest()))
    assert aim.read_bytes() == b"precious"


@pytest.mark.parametrize("content", [b"", b"wor", b"wOrds and more"])
def test_a_file_that_was_changed_is_not_resumed(tmp_path, content):
    """A file that does not begin with what was written to it cannot be resumed."""
    file = create(tmp_path / "work", tmp_path / "place", b"words")
    file.path.write_bytes(content)
    with pytest.raises(
        CannotResume, match="work was changed since the checkpoint; start again without --resume: of files"
    ):
        OutputFile.resume(file.path, file.place, file.content)
    assert file.path.read_bytes() == content


class TestMoving:
    """A complete file is moved into its place."""

    @pytest.mark.parametrize("old", [None, b"old"])
    def test_moving(self, tmp_path, old):
        """It replaces what was there when the migration began; moving it again changes nothing."""
        place = tmp_path / "place"
        if old:
            place.write_bytes(old)
        before = read_state(place)
        file = create(tmp_path / "work", place, b"new")
        for _ in range(2):
            CompleteFile(file.path, place, file.content).move(before)
            assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("place", b"new")]

    def test_a_link_stays_a_link(self, tmp_path):
        """The job names the file behind a link, and so the link stays one."""
        (tmp_path / "real").write_bytes(b"old")
        (tmp_path / "link").symlink_to(tmp_path / "real")
        place = (tmp_path / "link").resolve()
        file = create(tmp_path / "work", place, b"new")
        CompleteFile(file.path, place, file.content).move(read_state(place))
        assert (tmp_path / "link").is_symlink()
        assert (tmp_path / "real").read_bytes() == b"new"

    @pytest.mark.parametrize("mode", [0o400, 0o600, 0o640, 0o666])
    def test_no_more_permissions(self, tmp_path, mode):
        """The file has no more permissions than the source and than the file that it replaces."""
        place = tmp_path / "place"
        place.write_bytes(b"old")
        place.chmod(mode)
        file = OutputFile.create(tmp_path / "work", place, 0o640)
        before = file.path.stat().st_mode
        complete = file.complete()
        file.close()
        complete.move(read_state(place))
        assert stat.S_IMODE(place.stat().st_mode) == stat.S_IMODE(before) & (mode | 0o600)

    def test_gone(self, tmp_path):
        """A file that is neither in the working folder nor at its place is an error that says so."""
        file = create(tmp_path / "work", tmp_path / "place", b"new")
        file.path.unlink()
        with pytest.raises(FileError, match=f"place: was complete, and is gone: it is neither here nor in {tmp_path}"):
            CompleteFile(file.path, file.place, file.content).move(None)

    @pytest.mark.parametrize("content", [b"", b"ne", b"New", b"new "])
    @pytest.mark.parametrize("name", ["work", "place"])
    def test_changed(self, tmp_path, name, content):
        """A file that was changed since it was written, in the working folder or at its place, is an error."""
        file = create(tmp_path / "work", tmp_path / "place", b"new")
        file.path.rename(tmp_path / name)
        (tmp_path / name).write_bytes(content)
        with pytest.raises(FileError, match=f"{name}: was changed by another program"):
            CompleteFile(file.path, file.place, file.content).move(None)
        assert (tmp_path / name).read_bytes() == content

    @pytest.mark.parametrize("content", [None, b"", b"ne", b"New", b"new "])
    def test_changed_in_this_run(self, tmp_path, content):
        """A file of this run that was written to since its last byte, or replaced, is an error."""
        file = OutputFile.create(tmp_path / "work", tmp_path / "place", 0o600)
        file.write(b"new")
        complete = file.complete()
        file.close()
        time.sleep(0.01)  # the clock of a file system has steps
        if content is None:
            file.path.write_bytes(b"new")
        else:
            (tmp_path / "other").write_bytes(content)
            (tmp_path / "other").rename(file.path)
        with pytest.raises(FileError, match="work: was changed by another program"):
            complete.move(None)
        assert not file.place.exists()

    @pytest.mark.parametrize("old", [None, b"old"])
    def test_a_place_that_was_taken(self, tmp_path, old):
        """What another program wrote at the place meanwhile is not overwritten."""
        place = tmp_path / "place"
        if old:
            place.write_bytes(old)
        before = read_state(place)
        file = create(tmp_path / "work", place, b"new")
        place.write_bytes(b"others")
        with pytest.raises(FileError, match=r"place: was changed by another program .* its new content is .*work"):
            CompleteFile(file.path, place, file.content).move(before)
        assert (place.read_bytes(), file.path.read_bytes()) == (b"others", b"new")


def test_missing_folder(tmp_path):
    """The error for a file that cannot be created names it."""
    with pytest.raises(FileError, match="none/a: No such file or directory"):
        OutputFile.create(Path(tmp_path) / "none" / "a", tmp_path / "a", 0o600)
