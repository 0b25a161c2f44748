"""Files are written atomically: complete or as they were, with their permissions, and links stay links."""

from __future__ import annotations

import errno
import gzip
import os
import stat
from pathlib import Path

import pytest

from tcspec.files import atomic
from tcspec.files.atomic import check_place, count_names, move_into_place, rewrite_file, write_file
from tcspec.files.identity import read_state
from tcspec.files.lines import FileError


def mode_of(path):
    """Return the permissions of a file."""
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def umask():
    """Set a umask that is not the usual one."""
    old = os.umask(0o027)
    yield 0o027
    os.umask(old)


class TestWriting:
    """A file is created or replaced."""

    def test_new(self, tmp_path, umask):
        """A new file has the permissions that any new file has."""
        path = tmp_path / "a"
        write_file(str(path), b"1")
        assert path.read_bytes() == b"1"
        assert mode_of(path) == 0o666 & ~umask
        assert list(tmp_path.iterdir()) == [path]

    @pytest.mark.parametrize("mode", [0o600, 0o444, 0o755])
    @pytest.mark.usefixtures("umask")
    def test_permissions(self, tmp_path, mode):
        """A file that is replaced keeps its permissions."""
        path = tmp_path / "a"
        path.write_bytes(b"old")
        path.chmod(mode)
        write_file(str(path), b"new")
        assert (path.read_bytes(), mode_of(path)) == (b"new", mode)

    @pytest.mark.parametrize("mode", [0o600, 0o640])
    @pytest.mark.usefixtures("umask")
    def test_private_files_stay_private(self, tmp_path, monkeypatch, mode):
        """The temporary file never has more permissions than the file."""
        path = tmp_path / "a"
        path.write_bytes(b"old")
        path.chmod(mode)
        seen = []
        monkeypatch.setattr(atomic, "sync_file", lambda file: seen.append(mode_of(Path(file.name))))
        write_file(str(path), b"new")
        assert [each & ~mode for each in seen] == [0]

    def test_links(self, tmp_path):
        """A link stays a link, and the file behind it is replaced."""
        (tmp_path / "folder").mkdir()
        path, link = tmp_path / "folder" / "a", tmp_path / "link"
        path.write_bytes(b"old")
        link.symlink_to(path)
        write_file(str(link), b"new")
        assert link.is_symlink()
        assert path.read_bytes() == b"new"

    def test_compressed(self, tmp_path):
        """A file whose name ends with .gz is compressed, the same content to the same bytes."""
        for name in ("a.gz", "b.gz"):
            write_file(str(tmp_path / name), b"1" * 1000)
        raw = (tmp_path / "a.gz").read_bytes()
        assert gzip.decompress(raw) == b"1" * 1000
        assert (tmp_path / "b.gz").read_bytes() == raw

    def test_devices(self):
        """A device is written to."""
        write_file(os.devnull, b"1")
        assert not Path(os.devnull).is_file()

    def test_temporary_file(self, tmp_path):
        """A temporary file with a given name replaces what a killed process left there."""
        path, temporary = tmp_path / "a", tmp_path / "a.new"
        temporary.write_bytes(b"the beginning of something longer")
        write_file(str(path), b"1", temporary=temporary)
        assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [("a", b"1")]


class TestFailures:
    """A file that cannot be written is as it was."""

    def test_full_disk(self, tmp_path, monkeypatch):
        """When the move fails, the file is as it was, nothing is left beside it, and the error names it."""
        path = tmp_path / "a"
        path.write_bytes(b"old")

        def fail(_self, _target):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(Path, "replace", fail)
        with pytest.raises(FileError, match=f"^{path}: No space left on device$"):
            write_file(str(path), b"new")
        assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [("a", b"old")]

    def test_chunks_that_fail(self, tmp_path):
        """When the content cannot be read to its end, the file is as it was."""
        path = tmp_path / "a"
        path.write_bytes(b"old")

        def chunks():
            yield b"new"
            raise FileError("source", "compressed data is truncated")

        with pytest.raises(FileError, match=r"^source: "):
            rewrite_file(str(path), chunks(), lambda: True)
        assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [("a", b"old")]

    def test_missing_folder(self, tmp_path):
        """A file in a folder that does not exist is an error that names the file."""
        with pytest.raises(FileError, match=f"^{tmp_path}/none/a: No such file or directory$"):
            write_file(str(tmp_path / "none" / "a"), b"")

    @pytest.mark.parametrize("path", ["", os.devnull])
    def test_not_a_file(self, tmp_path, path):
        """A folder or device is not replaced."""
        with pytest.raises(FileError, match="is not a regular file and cannot be replaced"):
            rewrite_file(path or str(tmp_path), [b"1"], lambda: True)

    def test_folder_that_cannot_be_written(self, tmp_path, monkeypatch):
        """That a folder cannot be written shows before there is anything to write."""
        check_place(str(tmp_path / "a"))
        monkeypatch.setattr(os, "access", lambda folder, mode: (folder, mode) != (tmp_path, os.W_OK))
        with pytest.raises(FileError, match=f"^{tmp_path}/a: Permission denied$"):
            check_place(str(tmp_path / "a"))


class TestProtection:
    """What is replaced keeps its owner, and is not replaced when somebody else has written to it."""

    @pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may give files away")
    def test_owner(self, tmp_path):
        """A file keeps its owner and its group."""
        path = tmp_path / "a"
        path.write_bytes(b"old")
        os.chown(path, 12345, 54321)
        path.chmod(0o640)
        write_file(str(path), b"new")
        status = path.stat()
        assert (status.st_uid, status.st_gid, mode_of(path)) == (12345, 54321, 0o640)

    @pytest.mark.skipif(not hasattr(os, "chown"), reason="files have no owners")
    def test_an_owner_that_cannot_be_kept(self, tmp_path, monkeypatch):
        """A file whose owner cannot be kept is as it was, and the error says why."""
        path = tmp_path / "a"
        path.write_bytes(b"old")
        real = Path.stat

        def stat_of_another(self, **options):
            status = real(self, **options)
            return os.stat_result((*status[:4], 12345, *status[5:])) if self.name == "a" else status

        def refuse(*_):
            raise PermissionError(1, "Operation not permitted")

        monkeypatch.setattr(Path, "stat", stat_of_another)
        monkeypatch.setattr(os, "chown", refuse)
        with pytest.raises(FileError, match=r"a: belongs to user 12345 and group .*, which we cannot give"):
            write_file(str(path), b"new")
        assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [("a", b"old")]

    @pytest.mark.parametrize("change", ["write", "replace", "remove"])
    def test_a_file_that_was_changed(self, tmp_path, change):
        """A file that was changed since its content was read is not overwritten."""
        path, other = tmp_path / "a", tmp_path / "b"
        path.write_bytes(b"old")
        before = read_state(path)
        if change == "write":
            path.write_bytes(b"newer")
        elif change == "replace":
            other.write_bytes(b"old")
            other.replace(path)
        else:
            path.unlink()
        found = {each.name: each.read_bytes() for each in tmp_path.iterdir()}
        with pytest.raises(FileError, match="a: was changed by another program meanwhile"):
            write_file(str(path), b"new", before=before)
        assert {each.name: each.read_bytes() for each in tmp_path.iterdir()} == found

    def test_a_file_that_is_changed_while_it_is_read(self, tmp_path):
        """A file that is changed while its new content is made from it is not overwritten."""
        path = tmp_path / "a"
        path.write_bytes(b"old")

        def chunks():
            yield path.read_bytes()
            path.write_bytes(b"newer")
            yield b" and new"

        with pytest.raises(FileError, match="a: was changed by another program meanwhile"):
            rewrite_file(str(path), chunks(), lambda: True)
        assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [("a", b"newer")]

    def test_names(self, tmp_path):
        """Hard links of a file are counted; after it was replaced the others keep the old content."""
        path, other = tmp_path / "a", tmp_path / "b"
        path.write_bytes(b"old")
        assert count_names(str(path)) == 1
        other.hardlink_to(path)
        assert count_names(str(path)) == 2
        write_file(str(path), b"new")
        assert (path.read_bytes(), other.read_bytes()) == (b"new", b"old")

    @pytest.mark.parametrize("name", ["a" * 255, "é" * 127, "a\udc80"])
    def test_long_and_unusual_names(self, tmp_path, name):
        """A file with a name as long as names can be, or one that is not UTF-8, is written like any other."""
        write_file(str(tmp_path / name), b"1")
        assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [(name, b"1")]


class TestRewriting:
    """A file is replaced only when that is needed."""

    def test_needed_late(self, tmp_path):
        """Whether it is needed is known once all chunks were read, which may come from the file itself."""
        path = tmp_path / "a"
        path.write_bytes(b"1\n2\n3\n")
        changed = []

        def chunks():
            with path.open("rb") as file:
                for line in file:
                    if line == b"3\n":
                        changed.append(line)
                    yield line.replace(b"3", b"4")

        rewrite_file(str(path), chunks(), lambda: bool(changed))
        assert path.read_bytes() == b"1\n2\n4\n"

    @pytest.mark.parametrize("size", [1, 9 * 1024 * 1024])
    def test_not_needed(self, tmp_path, size):
        """A file that needs no change is not touched, and nothing is left beside it."""
        path = tmp_path / "a"
        path.write_bytes(b"old")
        before = path.stat()
        rewrite_file(str(path), [b"x" * size, b"y"], lambda: False)
        after = path.stat()
        assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
        assert list(tmp_path.iterdir()) == [path]


def test_moving(tmp_path):
    """A finished file replaces the one in its place."""
    finished, target = tmp_path / "a.part", tmp_path / "a"
    finished.write_bytes(b"new")
    target.write_bytes(b"old")
    move_into_place(finished, target)
    assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [("a", b"new")]


@pytest.mark.parametrize("fails", [False, True])
def test_moving_to_another_file_system(tmp_path, monkeypatch, fails):
    """A file that cannot be renamed, because its place is on another file system, is copied beside its place first."""
    finished, target = tmp_path / "a.part", tmp_path / "a"
    finished.write_bytes(b"new")
    finished.chmod(0o640)
    target.write_bytes(b"old")
    real = Path.replace

    def replace(self, place):
        if self == finished:
            raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))
        if fails:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return real(self, place)

    monkeypatch.setattr(Path, "replace", replace)
    if fails:
        with pytest.raises(OSError, match="Input/output error"):
            move_into_place(finished, target)
        assert {each.name: each.read_bytes() for each in tmp_path.iterdir()} == {"a": b"old", "a.part": b"new"}
    else:
        move_into_place(finished, target)
        assert [(each.name, each.read_bytes(), mode_of(each)) for each in tmp_path.iterdir()] == [("a", b"new", 0o640)]
