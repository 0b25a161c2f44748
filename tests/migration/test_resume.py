"""An interrupted migration that is resumed ends the same, in flat memory."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from migrating import legacy_lines, run
from tcspec.files.lines import FileError
from tcspec.migration import checkpoints, engine
from tcspec.migration.checkpoints import CannotResume
from tcspec.migration.engine import migrate
from tcspec.migration.output_files import partial_path


class TestResume:
    """A migration is interrupted and resumed."""

    @pytest.mark.parametrize("stop_after", range(6))
    def test_a_kill_while_files_are_moved_into_place(self, tmp_path, monkeypatch, stop_after):
        """A migration that is killed between any two moves of its files, and resumed, ends the same."""
        source, target, rejects = tmp_path / "s.ndjson", tmp_path / "t.ndjson", tmp_path / "r.ndjson"
        source.write_bytes(legacy_lines(30) + b"broken\n")
        steps = iter(range(100))

        def dying(replace):
            def replace_or_die(path, place):
                if next(steps) == stop_after:
                    raise KeyboardInterrupt
                return replace(path, place)

            return replace_or_die

        with monkeypatch.context() as patched:
            patched.setattr(Path, "replace", dying(Path.replace))
            with pytest.raises(KeyboardInterrupt):
                migrate(str(source), str(target), rejects=str(rejects), checkpoint_every=10)
        summary = migrate(str(source), str(target), rejects=str(rejects), checkpoint_every=10, resume=True)
        assert (summary.upgraded, summary.rejected) == (30, 1)
        assert rejects.read_bytes() == b"broken\n"
        assert len(target.read_bytes().splitlines()) == 30
        assert sorted(path.name for path in tmp_path.iterdir()) == [
            "r.ndjson",
            "r.ndjson.reasons.ndjson",
            "s.ndjson",
            "t.ndjson",
        ]

    def test_only_the_same_job_is_resumed(self, tmp_path, monkeypatch):
        """The error for a checkpoint of another source or of other options names what differs."""
        source, target = tmp_path / "s.ndjson", tmp_path / "t.ndjson"
        source.write_bytes(legacy_lines(30))
        interrupt(monkeypatch, source, target)
        with pytest.raises(CannotResume, match="on invalid"):
            migrate(str(source), str(target), resume=True, checkpoint_every=10, on_invalid="reject")
        with source.open("ab") as file:
            file.write(b"\n")
        with pytest.raises(CannotResume, match="source size"):
            migrate(str(source), str(target), resume=True, checkpoint_every=10)
        migrate(str(source), str(target), checkpoint_every=10)
        assert len(target.read_bytes().splitlines()) == 31

    def test_a_damaged_checkpoint_is_refused(self, tmp_path, monkeypatch):
        """The errors for a file that is not a checkpoint, and for a partial file that is too short, name them."""
        source, target = tmp_path / "s.ndjson", tmp_path / "t.ndjson"
        source.write_bytes(legacy_lines(30))
        interrupt(monkeypatch, source, target)
        partial_path(target).write_bytes(b"")
        with pytest.raises(FileError, match="is shorter than at the checkpoint"):
            migrate(str(source), str(target), resume=True, checkpoint_every=10)
        checkpoints.checkpoint_path(str(target)).write_text("{}")
        with pytest.raises(CannotResume, match="not a checkpoint"):
            migrate(str(source), str(target), resume=True, checkpoint_every=10)

    def test_a_dry_run_changes_nothing(self, tmp_path, monkeypatch):
        """A dry run changes neither the checkpoint nor the partial files of an interrupted migration."""
        source, target = tmp_path / "s.ndjson", tmp_path / "t.ndjson"
        source.write_bytes(legacy_lines(30))
        interrupt(monkeypatch, source, target)
        before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
        assert "t.ndjson.checkpoint" in before
        for resume in (False, True):
            assert migrate(str(source), str(target), dry_run=True, resume=resume, checkpoint_every=10).lines == 30
            assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
        assert migrate(str(source), str(target), resume=True, checkpoint_every=10).lines == 30

    def test_without_a_checkpoint(self, tmp_path):
        """Without a checkpoint a migration starts at the first line."""
        assert run(tmp_path, legacy_lines(3), resume=True)[1] == run(tmp_path, legacy_lines(3))[1]

    def test_streams(self, tmp_path):
        """A migration from or to a stream cannot be resumed."""
        source = tmp_path / "s.ndjson"
        source.write_bytes(b"")
        with pytest.raises(CannotResume, match="pipe"):
            migrate("-", str(tmp_path / "t.ndjson"), resume=True)
        with pytest.raises(CannotResume, match="pipe"):
            migrate(str(source), "-", rejects=str(tmp_path / "r.ndjson"), resume=True)


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


def interrupt(monkeypatch, source, target):
    """Stop a migration after its second checkpoint."""
    seen = []

    def save(checkpoint):
        original(checkpoint)
        seen.append(checkpoint)
        if len(seen) == 2:
            raise KeyboardInterrupt

    original = checkpoints.save
    with monkeypatch.context() as patched:
        patched.setattr(engine.checkpoints, "save", save)
        with pytest.raises(KeyboardInterrupt):
            migrate(str(source), str(target), checkpoint_every=10)
