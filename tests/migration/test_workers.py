"""Several processes migrate with the same result as one, and one that dies is reported."""

from __future__ import annotations

import errno
import io
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from migrating import LEGACY, reasons_of
from tcspec.files.compression import by_name, compress
from tcspec.files.lines import FileError
from tcspec.jsontext.reader import DEFAULT_LIMITS
from tcspec.migration import workers as module
from tcspec.migration.engine import migrate
from tcspec.migration.job import MigrationError, plan_job
from tcspec.migration.output_files import OutputFile
from tcspec.migration.parts import Part

MIXED = b"".join(
    (LEGACY % n + b"\r\n", b"broken %d\n" % n, b"\n", b'{"event_name": "x", "context": {}}\n', b"x" * 3000 + b"\n")[
        n % 5
    ]
    for n in range(57)
)


def migrate_all(folder, data, suffix="", **options):
    """Migrate bytes; return the summary and every file of the result."""
    folder.mkdir()
    source, target, rejects = folder / f"s{suffix}", folder / f"t{suffix}", folder / "r"
    source.write_bytes(b"".join(compress([data], by_name(source.name))))
    summary = migrate(str(source), str(target), rejects=str(rejects), checkpoint_every=10, **options)
    names = sorted(path.name for path in folder.iterdir())
    files = {path.name: path.read_bytes() for path in (target, rejects, reasons_of(rejects))}
    files[reasons_of(rejects).name] = files[reasons_of(rejects).name].replace(os.fsencode(folder), b"")
    counts = summary.to_dict() | {"rejects_path": None}
    return counts, files, names


@pytest.mark.parametrize("suffix", ["", ".gz", ".zst"])
@pytest.mark.parametrize("data", [MIXED, MIXED + b'{"a":', MIXED[:600], b""], ids=["all", "cut off", "short", "empty"])
def test_the_result_is_the_same(tmp_path, suffix, data):
    """Outcomes, counts, reasons with lines and offsets, and compressed bytes are those of one process."""
    one = migrate_all(tmp_path / "one", data, suffix)
    assert migrate_all(tmp_path / "two", data, suffix, workers=3) == one


def test_dry_run(tmp_path):
    """A dry run with workers has the same counts and writes nothing."""
    (tmp_path / "s").write_bytes(MIXED)
    counts = [
        migrate(str(tmp_path / "s"), str(tmp_path / "t"), dry_run=True, checkpoint_every=10, workers=workers).to_dict()
        for workers in (1, 2)
    ]
    assert counts[0] == counts[1]
    assert [path.name for path in tmp_path.iterdir()] == ["s"]


@pytest.mark.skipif(sys.platform == "win32", reason="the size of files cannot be limited")
@pytest.mark.parametrize("limit", [2_000, 9_000])
def test_a_full_disk(tmp_path, limit):
    """Where a worker, or the process in charge, cannot write any more is an error; --resume goes on with more room."""
    data = LEGACY % 1 + b"\n"
    expected = migrate_all(tmp_path / "one", data * 400)
    folder = tmp_path / "two"
    folder.mkdir()
    (folder / "s").write_bytes(data * 400)
    code = (
        "import resource, sys; from tcspec.migration.engine import migrate\n"
        "if __name__ == '__main__':\n"
        f"    resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))\n"
        "    migrate(*sys.argv[1:3], rejects=sys.argv[3], checkpoint_every=40, workers=2)\n"
    )
    (folder / "run.py").write_text(code)
    paths = [str(folder / each) for each in "str"]
    run = subprocess.run([sys.executable, "-B", folder / "run.py", *paths], capture_output=True, check=False, text=True)
    assert re.search(r"FileError: .*/t: File too large$", run.stderr.strip()), run.stderr
    assert not (folder / "t").exists()
    (folder / "run.py").unlink()
    migrate(*paths[:2], rejects=paths[2], checkpoint_every=40, workers=2, resume=True)
    assert {each: (folder / each).read_bytes() for each in ("t", "r")} == {
        each: expected[1][each] for each in ("t", "r")
    }
    assert sorted(path.name for path in folder.iterdir()) == expected[2]


def test_the_rest_of_a_part_that_cannot_be_written(tmp_path, monkeypatch):
    """A worker whose last bytes find no room reports it, however few they are."""
    (tmp_path / "s").write_bytes(LEGACY % 1 + b"\n")
    parts = []

    class Full(io.RawIOBase):
        """A file on a full disk."""

        def writable(self):
            return True

        def write(self, _):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def create(path, place, _):
        parts.append(path)
        return OutputFile(path, place, io.BufferedWriter(Full()))

    monkeypatch.setattr(OutputFile, "create", create)
    with (tmp_path / "s").open("rb") as stream:
        options = {"stream": stream, "on_invalid": "keep", "limits": DEFAULT_LIMITS, "every": 10}
        job = plan_job(str(tmp_path / "s"), str(tmp_path / "t"), None, **options)
    part = Part("part", 0, 0, str(tmp_path / "s"), 0, is_copy=False)
    with pytest.raises(FileError, match="t: No space left on device"):
        module.migrate_part(part, job, tmp_path, os.getppid())
    assert parts


def test_standard_input(tmp_path):
    """A pipe is copied part by part, and nothing of it is left; the target is that of one process."""
    script = (
        "import sys; from tcspec.migration.engine import migrate;"
        "migrate('-', sys.argv[1], workers=int(sys.argv[2]), checkpoint_every=10)"
    )
    for count in "12":
        command = [sys.executable, "-c", script, str(tmp_path / f"t{count}.gz"), count]
        subprocess.run(command, input=MIXED, check=True)
    assert (tmp_path / "t1.gz").read_bytes() == (tmp_path / "t2.gz").read_bytes()
    assert len(list(tmp_path.iterdir())) == 6


def test_a_dry_run_without_a_target(tmp_path):
    """A dry run of several processes needs no place for rejects, and measures what one would write."""
    (tmp_path / "s").write_bytes(MIXED)
    one, two = (
        migrate(str(tmp_path / "s"), os.devnull, dry_run=True, details=True, checkpoint_every=10, workers=workers)
        for workers in (1, 2)
    )
    assert one == two
    assert one.rejected == 23
    assert one.details.written.keys() == {"target", "rejects", "reasons"}


@pytest.mark.parametrize("workers", [1, 3])
def test_a_worker_that_dies(tmp_path, monkeypatch, workers):
    """A worker that is killed is an error that says so; the migration is resumed, with any number of workers."""
    _, files, names = migrate_all(tmp_path / "one", MIXED)
    folder = tmp_path / "two"
    merged = []

    def kill(summary, _):
        merged.append(summary.lines)
        if len(merged) == 2:
            for worker in pools[0].workers:
                os.kill(worker.process.pid, signal.SIGKILL)
                worker.process.join()

    pools = []
    start = module.Pool.transfer

    def transfer(pool, *arguments):
        pools.append(pool)
        start(pool, *arguments)

    monkeypatch.setattr(module.Pool, "transfer", transfer)
    monkeypatch.setattr(module, "_AHEAD", 1)
    with pytest.raises(MigrationError, match=r"a worker process ended unexpectedly \(signal 9\).*; --resume goes on"):
        migrate_all(folder, MIXED, workers=2, progress=kill)
    paths = [str(folder / name) for name in "st"]
    migrate(*paths, rejects=str(folder / "r"), checkpoint_every=10, workers=workers, resume=True)
    assert sorted(path.name for path in folder.iterdir()) == names
    for name in ("t", "r"):
        assert (folder / name).read_bytes() == files[name]


@pytest.mark.slow
def test_no_worker_is_left(tmp_path):
    """When the process in charge is killed, its workers end by themselves."""
    source = tmp_path / "s"
    source.write_bytes(MIXED * 500)
    script = (
        "import sys; from tcspec.migration.engine import migrate;"
        "migrate(*sys.argv[1:], workers=2, checkpoint_every=1000, progress=lambda *_: print(flush=True))"
    )
    process = subprocess.Popen([sys.executable, "-c", script, str(source), str(tmp_path / "t")], stdout=subprocess.PIPE)
    assert process.stdout
    process.stdout.readline()
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    workers = children.read_text().split() if children.exists() else []
    process.kill()
    process.wait()
    process.stdout.close()
    for _ in range(600):
        running = [each for each in workers if Path(f"/proc/{each}").exists()]
        if not running:
            break
        time.sleep(0.1)
    assert not running
    migrate(str(source), str(tmp_path / "t"), checkpoint_every=1000, resume=True)
    migrate(str(source), str(tmp_path / "u"), checkpoint_every=1000)
    assert (tmp_path / "t").read_bytes() == (tmp_path / "u").read_bytes()


def test_too_few(tmp_path):
    """Fewer than one worker is an error."""
    (tmp_path / "s").write_bytes(b"")
    with pytest.raises(MigrationError, match="expected at least one worker, got 0"):
        migrate(str(tmp_path / "s"), str(tmp_path / "t"), workers=0)
