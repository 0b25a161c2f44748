"""An interrupted migration that is resumed ends the same, and whatever is not as it was is noticed."""

from __future__ import annotations

import errno
import gzip
import io
import os
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from migrating import interrupted, legacy_lines, run
from tcspec.files.compression import by_name, compress
from tcspec.files.lines import FileError
from tcspec.migration.engine import migrate
from tcspec.migration.job import MigrationError
from tcspec.migration.output_files import CannotResume

SOURCE = legacy_lines(15) + b"broken\n" + legacy_lines(14)


@pytest.fixture(params=["", ".gz", ".zst"])
def job(request, tmp_path):
    """Name the files of a migration in a folder of their own, plain and compressed."""
    folder = tmp_path / "work"
    folder.mkdir()
    source, target, rejects = (folder / f"{name}{request.param}" for name in "str")
    source.write_bytes(b"".join(compress([SOURCE], by_name(source.name))))
    return source, target, rejects


def start(job, **options):
    """Migrate with a checkpoint every ten lines."""
    source, target, rejects = job
    return migrate(
        str(source), str(target), **{"rejects": str(rejects), "force": True, "checkpoint_every": 10} | options
    )


def interrupt(job, after=2, **options):
    """Stop a migration after one of its checkpoints: the second by default, the fourth is complete."""
    with interrupted(after):
        start(job, **options)


def contents(folder):
    """Return everything in a folder."""
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def expected(job):
    """Migrate without an interruption, and return everything that is then in the folder."""
    start(job)
    found = contents(job[0].parent)
    for path in job[0].parent.iterdir():
        if path != job[0]:
            path.unlink()
    return found


@pytest.mark.parametrize("after", [1, 2, 3, 4])
def test_resuming(job, expected, after):
    """A migration that is interrupted and resumed ends with the same files, and nothing else is left."""
    interrupt(job, after)
    summary = start(job, resume=True)
    assert (summary.upgraded, summary.rejected) == (29, 1)
    assert contents(job[0].parent) == expected


@pytest.mark.parametrize("stop_after", range(8))
def test_a_kill_while_files_are_moved_into_place(monkeypatch, job, expected, stop_after):
    """A migration that is killed between any two moves of its files, and resumed, ends the same."""
    steps = iter(range(100))

    def dying(replace):
        def replace_or_die(path, place):
            if next(steps) == stop_after:
                raise KeyboardInterrupt
            return replace(path, place)

        return replace_or_die

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", dying(Path.replace))
        try:
            start(job)
        except KeyboardInterrupt:
            start(job, resume=True, force=False)
    assert contents(job[0].parent) == expected


def test_only_the_same_job_is_resumed(job):
    """The error for a checkpoint of another source or of other options names what differs."""
    interrupt(job)
    with pytest.raises(CannotResume) as refused:
        start(job, resume=True, on_invalid="reject")
    assert str(refused.value) == (
        "cannot resume: changed since the checkpoint: on invalid; "
        "start again without --resume: of files with --force, of a table after --undo"
    )
    with job[0].open("ab") as file:
        file.writelines(compress([b"\n"], by_name(job[0].name)))
    with pytest.raises(CannotResume, match="source size"):
        start(job, resume=True)


def test_without_resume(job, expected):
    """With --force and without --resume an interrupted migration starts again."""
    interrupt(job)
    start(job)
    assert contents(job[0].parent) == expected


def test_neither_resume_nor_force(job):
    """A migration that was interrupted is neither resumed nor started again unless one of both is asked for."""
    interrupt(job)
    before = contents(job[0].parent)
    with pytest.raises(
        MigrationError, match=r"migration has an interrupted migration; --resume goes on, --force starts"
    ):
        start(job, force=False)
    assert contents(job[0].parent) == before
    assert start(job, resume=True, force=False).upgraded == 29


def test_a_source_with_other_content(job):
    """A source that was rewritten is noticed even when its size and time are the same."""
    interrupt(job)
    before = job[0].stat()
    raw = bytearray(SOURCE)
    raw[SOURCE.index(b"login")] ^= 1
    job[0].write_bytes(
        gzip.compress(raw)[: before.st_size].ljust(before.st_size, b"\0") if ".gz" in job[0].name else raw
    )
    os.utime(job[0], ns=(before.st_atime_ns, before.st_mtime_ns))
    with pytest.raises((CannotResume, FileError), match=r"the source was changed since the checkpoint|compressed"):
        start(job, resume=True)


@pytest.mark.parametrize("after", [2, 4])
@pytest.mark.parametrize("name", ["target", "rejects", "reasons"])
@pytest.mark.parametrize("damage", ["gone", "moved", "short", "changed", "link", "hard link", "folder"])
def test_a_working_file_that_is_not_as_it_was(job, after, name, damage):
    """A working file that is gone or changed is an error that names it, and no output appears that is not whole."""
    interrupt(job, after)
    folder = job[1].with_name(f"{job[1].name}.migration")
    path, aside = folder / name, job[0].with_name("aside")
    raw = path.read_bytes()
    if damage == "short":
        path.write_bytes(raw[:-1])
    elif damage == "changed":
        path.write_bytes(bytes([raw[0] ^ 1]) + raw[1:])
    elif damage == "hard link":
        aside.hardlink_to(path)
    else:
        path.rename(aside)
        if damage == "gone":
            aside.unlink()
        elif damage == "link":
            path.symlink_to(aside)
        elif damage == "folder":
            path.mkdir()
    if damage in {"link", "hard link"} and after == 4:
        return  # a complete file is moved, never written again
    place = {"target": job[1], "rejects": job[2], "reasons": Path(f"{job[2]}.reasons.ndjson")}[name]
    with pytest.raises((CannotResume, FileError), match=f"{path}|{place}"):
        start(job, resume=True)
    assert not job[1].exists()
    if aside.exists():
        assert aside.read_bytes() == raw
    if damage != "folder":
        assert start(job).upgraded == 29


@pytest.mark.parametrize("name", ["t", "r", "r.reasons.ndjson"])
@pytest.mark.parametrize("damage", ["gone", "changed"])
def test_an_output_that_is_not_as_it_was(monkeypatch, job, name, damage):
    """An output that was moved away or changed before the migration has finished is an error that names it."""
    with monkeypatch.context() as patched:
        patched.setattr("tcspec.migration.working_folder.WorkingFolder.remove", _interrupt)
        with pytest.raises(KeyboardInterrupt):
            start(job)
    place = {"t": job[1], "r": job[2], "r.reasons.ndjson": Path(f"{job[2]}.reasons.ndjson")}[name]
    if damage == "gone":
        place.unlink()
    else:
        place.write_bytes(place.read_bytes() + b" ")
    with pytest.raises(FileError, match=f"{place}: was"):
        start(job, resume=True)


@pytest.mark.parametrize("after", [1, 3, 4])
@pytest.mark.parametrize("name", ["t", "r", "r.reasons.ndjson"])
@pytest.mark.parametrize("existed", [False, True])
def test_an_output_that_others_write_meanwhile(job, expected, after, name, existed):
    """What others write to the place of an output after an interruption is not replaced, but with --force too."""
    place = {"t": job[1], "r": job[2], "r.reasons.ndjson": Path(f"{job[2]}.reasons.ndjson")}[name]
    if existed:
        place.write_bytes(b"older")
    interrupt(job, after)
    place.write_bytes(b"others, written later")
    before = contents(job[0].parent)
    with pytest.raises(FileError, match=f"{place}: was written by another program since .* with --resume --force"):
        start(job, resume=True, force=False)
    assert contents(job[0].parent) == before
    start(job, resume=True)
    assert contents(job[0].parent) == expected


@pytest.mark.parametrize("after", [2, 4])
def test_outputs_that_are_as_they_were(job, expected, after):
    """What is replaced with --force is replaced by the run that goes on too, when nobody has written it since."""
    job[1].write_bytes(b"older")
    interrupt(job, after)
    start(job, resume=True, force=False)
    assert contents(job[0].parent) == expected


def _interrupt(_):
    raise KeyboardInterrupt


@pytest.mark.parametrize("damage", ["append", "truncate", "rewrite", "replace", "remove"])
def test_a_source_that_changes_while_it_is_read(tmp_path, damage):
    """A source that is changed while it is read is an error, and no output appears."""
    source, target = tmp_path / "s", tmp_path / "t"
    source.write_bytes(legacy_lines(3000))

    def change(*_):
        other = tmp_path / "other"
        other.write_bytes(legacy_lines(3000))
        {
            "append": lambda: os.truncate(source, source.stat().st_size + 1),
            "truncate": lambda: os.truncate(source, 150_000),
            "rewrite": lambda: source.write_bytes(b"{}\n" * 3000),
            "replace": lambda: other.replace(source),
            "remove": lambda: source.unlink(missing_ok=True),
        }[damage]()

    with pytest.raises(FileError, match="s: was changed by another program while it was read"):
        migrate(str(source), str(target), progress=change)
    assert not target.exists()
    assert not list(tmp_path.glob("*.migration"))


@pytest.mark.parametrize("resume", [False, True])
def test_a_disk_that_fails_at_any_write(monkeypatch, job, expected, resume):
    """A disk that fails at any point is an error, and the migration can be resumed or started again."""
    real = os.fsync
    for fail_at in range(30):
        calls = iter(range(1000))

        def fsync(descriptor, calls=calls, fail_at=fail_at):
            if next(calls) == fail_at:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            real(descriptor)

        with monkeypatch.context() as patched:
            patched.setattr(os, "fsync", fsync)
            with suppress(FileError):
                start(job)
                break
        start(job, resume=resume)
        assert contents(job[0].parent) == expected
        for name in set(expected) - {job[0].name}:
            (job[0].parent / name).unlink()
    else:
        pytest.fail("it never ran through")


def test_two_at_once(tmp_path):
    """Of two migrations to one target at the same time one is refused, and the other one is whole."""
    source, target = tmp_path / "s", tmp_path / "t"
    source.write_bytes(legacy_lines(3000))
    errors = []

    def second(*_):
        with pytest.raises(FileError) as refused:
            migrate(str(source), str(target))
        errors.append(str(refused.value))

    assert migrate(str(source), str(target), progress=second).upgraded == 3000
    assert set(errors) == {f"{target}.migration: another migration to the same target is running"}
    assert target.read_bytes().count(b"\n") == 3000


def test_rejects_that_another_migration_writes(tmp_path):
    """Rejects of another migration, written meanwhile, are not overwritten; where ours are is in the error."""
    source, rejects = tmp_path / "s", tmp_path / "r"
    source.write_bytes(b"broken\n" * 3000)

    def other(*_):
        rejects.write_bytes(b"others")

    with pytest.raises(
        FileError, match=r"r: was changed by another program .*; its new content is .*t\.migration/rejects"
    ):
        migrate(str(source), str(tmp_path / "t"), rejects=str(rejects), progress=other)
    assert rejects.read_bytes() == b"others"
    rejects.unlink()
    assert migrate(str(source), str(tmp_path / "t"), rejects=str(rejects), resume=True).rejected == 3000
    assert rejects.read_bytes() == b"broken\n" * 3000


def test_the_rest_of_a_pipe_is_kept(tmp_path):
    """When a migration from a pipe fails, what it has written is kept, and the next one does not remove it."""
    target = tmp_path / "t"
    script = (
        "import sys; from tcspec.migration.engine import migrate;"
        "migrate('-', sys.argv[1], progress=lambda *_: sys.exit(7))"
    )
    command = [sys.executable, "-c", script, str(target)]
    assert subprocess.run(command, input=legacy_lines(3000), check=False).returncode == 7
    kept = contents(tmp_path)
    assert 1000 <= kept["target"].count(b"\n") < 3000
    with pytest.raises(FileError, match="holds what was read from a source that cannot be read again"):
        migrate(os.devnull, str(target))
    assert contents(tmp_path) == kept
    shutil.rmtree(tmp_path / "t.migration")
    source = tmp_path / "s"
    source.write_bytes(legacy_lines(2))
    assert migrate(str(source), str(target)).upgraded == 2


@pytest.mark.parametrize("modified_ns", [0, 1, -1])
def test_times_of_sources(job, expected, modified_ns):
    """A source with any time of modification is a file that can be read again."""
    os.utime(job[0], ns=(0, modified_ns))
    interrupt(job)
    start(job, resume=True)
    assert contents(job[0].parent) == expected


@pytest.mark.parametrize("resume", [False, True])
def test_a_dry_run_changes_nothing(job, resume):
    """A dry run changes nothing of an interrupted migration."""
    interrupt(job)
    before = contents(job[0].parent)
    assert start(job, dry_run=True, resume=resume).lines == 30
    assert contents(job[0].parent) == before
    assert start(job, resume=True).lines == 30


def test_without_a_checkpoint(tmp_path):
    """Without a checkpoint a migration starts at the first line."""
    assert run(tmp_path, legacy_lines(3), resume=True)[1] == run(tmp_path, legacy_lines(3))[1]


def test_streams(tmp_path, monkeypatch):
    """A migration from or to a stream cannot be resumed."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO()))
    source = tmp_path / "s.ndjson"
    source.write_bytes(b"")
    with pytest.raises(CannotResume, match="pipe"):
        migrate("-", str(tmp_path / "t.ndjson"), resume=True)
    with pytest.raises(CannotResume, match="pipe"):
        migrate(str(source), "-", rejects=str(tmp_path / "r.ndjson"), resume=True)


class TestPermissions:
    """No output is more readable than its source, or than what it replaces."""

    @pytest.fixture(autouse=True)
    def _umask(self):
        old = os.umask(0o022)
        yield
        os.umask(old)

    @pytest.mark.parametrize("private", [0o400, 0o600, 0o640, 0o644, 0o666])
    @pytest.mark.parametrize("suffix", ["", ".gz"])
    def test_of_the_source(self, tmp_path, private, suffix):
        """Target, rejects and reasons have at most the permissions of the source."""
        source, target, rejects = (tmp_path / f"{name}{suffix}" for name in "str")
        source.write_bytes(gzip.compress(SOURCE) if suffix else SOURCE)
        source.chmod(private)
        migrate(str(source), str(target), rejects=str(rejects))
        for path in (target, rejects, Path(f"{rejects}.reasons.ndjson")):
            assert path.stat().st_mode & 0o777 == (private | 0o600) & 0o644

    @pytest.mark.parametrize("private", [0o400, 0o600, 0o640, 0o644])
    def test_of_what_is_replaced(self, tmp_path, private):
        """They have at most the permissions of what they replace, too."""
        source, target, rejects = (tmp_path / name for name in "str")
        source.write_bytes(SOURCE)
        places = (target, rejects, Path(f"{rejects}.reasons.ndjson"))
        for path in places:
            path.write_bytes(b"")
            path.chmod(private)
        migrate(str(source), str(target), rejects=str(rejects), force=True)
        for path in places:
            assert path.stat().st_mode & 0o777 == (private | 0o600)

    def test_while_it_runs(self, tmp_path):
        """Nobody else can enter the working folder."""
        source = tmp_path / "s"
        source.write_bytes(legacy_lines(1000))
        modes = []
        migrate(
            str(source),
            str(tmp_path / "t"),
            progress=lambda *_: modes.append((tmp_path / "t.migration").stat().st_mode),
        )
        assert [mode & 0o777 for mode in modes] == [0o700]


class TestMemory:
    """A migration runs in flat memory."""

    def test_memory_is_flat_on_an_endless_stream(self, tmp_path):
        """A stream of any length, and a line of any length in it, take the same memory."""
        script = (
            "import resource, sys; from tcspec.migration.engine import migrate;"
            "resource.setrlimit(resource.RLIMIT_AS, (400 << 20, 400 << 20));"
            "migrate('-', '-', rejects=sys.argv[1])"
        )
        process = subprocess.Popen(
            [sys.executable, "-c", script, str(tmp_path / "r")], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
        )
        assert process.stdin is not None
        block = legacy_lines(100)
        process.stdin.write(block)
        process.stdin.write(b'{"long":"')
        for _ in range(600):
            process.stdin.write(b"x" * (1 << 20))
        process.stdin.write(b'"}\n')
        for _ in range(100):
            process.stdin.write(block)
        process.stdin.close()
        assert process.wait() == 0
        assert (tmp_path / "r").stat().st_size == (600 << 20) + 12
