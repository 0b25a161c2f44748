"""Migration of files: one outcome a line, in order, nothing lost, the same after a kill."""

from __future__ import annotations

import gzip
import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tcspec.documents import Limits
from tcspec.migration import checkpoints, files
from tcspec.migration.checkpoints import CannotResume
from tcspec.migration.files import Misuse, migrate
from tcspec.migration.parts import part_of
from tcspec.streams import UnreadableFile
from tcspec.upgrades.engine import upgrade_json

STREAMS = Path(__file__).parent.parent / "fixtures" / "streams"
NAMES = sorted(path.name for path in STREAMS.glob("*.ndjson") if ".expected." not in path.name)
LEGACY = b'{"event_name":"login","event_id":"%d","event_timestamp":1665475252625,"properties":{"user":{"id":"u"}}}'


def legacy_lines(count):
    """Make a stream of valid legacy events."""
    return b"".join(LEGACY % number + b"\n" for number in range(count))


def run(tmp_path, data, name="source.ndjson", **options):
    """Migrate bytes and give the summary, the target, the rejects and the reasons."""
    source, target, rejects = tmp_path / name, tmp_path / "target.ndjson", tmp_path / "rejects.ndjson"
    source.write_bytes(data)
    summary = migrate(str(source), str(target), rejects=str(rejects), **options)
    return summary, target.read_bytes(), rejects.read_bytes(), objects_of(reasons_of(rejects))


def expected_of(name):
    """Read the expected outcome of every line of a stream."""
    return objects_of(STREAMS / name.replace(".ndjson", ".expected.ndjson"))


def objects_of(path):
    """Read the objects of a file, one a line."""
    return [json.loads(line) for line in path.read_bytes().split(b"\n") if line]


class TestOutcomes:
    """What becomes of lines."""

    @pytest.mark.parametrize("name", NAMES)
    def test_every_line_of_a_stream_has_its_expected_outcome(self, tmp_path, name):
        """Every line goes to the target in its order, upgraded or as it was, or to the rejects with its reasons."""
        data = (STREAMS / name).read_bytes()
        summary, target, rejects, reasons = run(tmp_path, data)
        raw = io.BytesIO(data).readlines()
        expected = expected_of(name)
        assert summary.lines == len(raw) == len(expected)
        kept = iter(io.BytesIO(target).readlines())
        rejected, refusals = iter(io.BytesIO(rejects).readlines()), iter(reasons)
        for line, outcome in zip(raw, expected, strict=True):
            if outcome["outcome"] == "rejected":
                reason = next(refusals)
                assert next(rejected) == line
                assert reason["line"] == outcome["line"]
                assert reason["length"] == len(line)
                assert {violation.get("line", outcome["line"]) for violation in reason["violations"]} == {
                    outcome["line"]
                }
                assert data[reason["offset"] :].startswith(line)
                assert sorted({violation["code"] for violation in reason["violations"]}) == outcome["codes"]
            elif outcome["outcome"] == "upgraded":
                assert json.loads(next(kept)) == outcome["event"]
            else:
                assert next(kept) == line
        assert [*kept, *rejected, *refusals] == []
        fates = [outcome["outcome"] for outcome in expected]
        counted = {"blank": summary.blank, "unchanged": summary.unchanged}
        counted |= {"upgraded": summary.upgraded, "rejected": summary.rejected}
        assert counted == {fate: fates.count(fate) for fate in counted}

    @settings(max_examples=60)
    @given(
        st.lists(
            st.sampled_from(
                [
                    LEGACY % 1,
                    b"",
                    b"  ",
                    b"\xef\xbb\xbf{}",
                    b"\xff",
                    b"[]",
                    b'{"a":NaN}',
                    b'{"event_name":"x"',
                    b"{}",
                    b'{"event_name":"x","user":{},"context":{"event_id":"1","event_timestamp":1665475252625},"n":1E5}',
                ]
            )
        ),
        st.sampled_from([b"\n", b"\r\n"]),
        st.booleans(),
    )
    def test_lines_are_neither_lost_nor_invented(self, tmp_path_factory, records, ending, ends):
        """Target and rejects together have the lines of the source, each once, each file in the order of the source."""
        data = ending.join(records) + (ending if ends and records else b"")
        summary, target, rejects, _ = run(tmp_path_factory.mktemp("stream"), data)
        kept, rejected = io.BytesIO(target).readlines(), io.BytesIO(rejects).readlines()
        for line in io.BytesIO(data).readlines():
            content = line.rstrip(b"\r\n")
            if rejected and rejected[0] == line:
                rejected.pop(0)
            else:
                assert kept.pop(0) == (upgrade_json(content) if content.strip() else content) + line[len(content) :]
        assert kept == rejected == []
        assert summary.lines == summary.blank + summary.unchanged + summary.upgraded + summary.rejected

    def test_an_invalid_event_is_kept_or_rejected_as_asked(self, tmp_path):
        """An upgraded event that breaks the 2.0 contract goes to the target by default, to the rejects on demand."""
        line = b'{"event_name":"search","properties":{"user":{}},"event_id":"1","event_timestamp":1665475252625}\n'
        summary, target, rejects, _ = run(tmp_path, line)
        assert (summary.invalid, summary.rejected, rejects) == (1, 0, b"")
        assert json.loads(target)["event_name"] == "search"
        summary, target, rejects, reasons = run(tmp_path, line, on_invalid="reject")
        assert (summary.invalid, summary.rejected, target, rejects) == (0, 1, b"", line)
        assert [violation["code"] for violation in reasons[0]["violations"]] == ["TC101"]

    def test_a_flat_hit_is_rejected(self, tmp_path):
        """A hit of the older server-side product has no mechanical way to an event and is rejected by name."""
        _, target, rejects, reasons = run(tmp_path, b'{"product_id_1":4,"timestamp":"11/01/2022 14:32"}\n')
        assert target == b""
        assert b"product_id_1" in rejects
        assert reasons[0]["violations"][0]["code"] == "TC702"

    def test_a_line_over_the_limit_is_kept_whole(self, tmp_path):
        """A line that is longer than what is read is rejected verbatim, to its last byte, and the next one is read."""
        long = b'{"a":"' + b"x" * 5_000_000 + b'"}\n'
        data = long + LEGACY % 1
        summary, target, rejects, reasons = run(tmp_path, data, limits=Limits(length=1000))
        assert rejects == long
        assert target == upgrade_json(LEGACY % 1)
        assert reasons[0]["violations"][0]["code"] == "TC007"
        assert reasons[0]["length"] == len(long)
        assert summary.bytes_read == len(data)

    def test_what_changed_is_counted(self, tmp_path):
        """The summary counts events by change, values that were only kept, and violations by code."""
        line = b'{"event_name":"x","event":"y","properties":{"context":1,"user":{}},"event_id":"1"}\n'
        summary, *_ = run(tmp_path, line * 3)
        assert summary.kept == 6
        assert summary.changes == {"event_name": 3, "event_id": 3, "properties": 3}
        assert summary.codes == {"TC201": 3}
        assert summary.payloads == 3


class TestFiles:
    """Which files are read and written, and how."""

    def test_compression_goes_by_the_name(self, tmp_path):
        """A name that ends with .gz is decompressed when read and compressed when written."""
        source, target = tmp_path / "a.ndjson.gz", tmp_path / "b.ndjson.gz"
        source.write_bytes(gzip.compress(legacy_lines(50)))
        migrate(str(source), str(target), checkpoint_every=20)
        assert gzip.decompress(target.read_bytes()) == run(tmp_path, legacy_lines(50))[1]

    def test_an_empty_source_gives_an_empty_target(self, tmp_path):
        """Nothing in, nothing out, and a compressed nothing is still a gzip file."""
        assert run(tmp_path, b"")[1:] == (b"", b"", [])
        target = tmp_path / "t.gz"
        migrate(str(tmp_path / "source.ndjson"), str(target))
        assert gzip.decompress(target.read_bytes()) == b""

    def test_rejects_have_a_place_of_their_own_by_default(self, tmp_path):
        """Rejects that nobody asked for go beside the target, and only when there are any, or older ones to replace."""
        source, target = tmp_path / "s.ndjson", tmp_path / "t.ndjson"
        rejects = tmp_path / "t.ndjson.rejects.ndjson"
        source.write_bytes(legacy_lines(1))
        assert migrate(str(source), str(target)).rejects_path is None
        assert sorted(path.name for path in tmp_path.iterdir()) == ["s.ndjson", "t.ndjson"]
        source.write_bytes(b"broken\n")
        assert migrate(str(source), str(target)).rejects_path == str(rejects)
        assert rejects.read_bytes() == b"broken\n"
        source.write_bytes(legacy_lines(1))
        migrate(str(source), str(target))
        assert rejects.read_bytes() == b""

    def test_a_failure_leaves_the_old_target_alone(self, tmp_path):
        """A source that is cut short ends the migration, and the target that was there before stays as it was."""
        source, target = tmp_path / "s.ndjson.gz", tmp_path / "t.ndjson"
        target.write_bytes(b"old")
        source.write_bytes(gzip.compress(os.urandom(100).hex().encode() + b"\n" + legacy_lines(500))[:-30])
        with pytest.raises(UnreadableFile, match="cut short"):
            migrate(str(source), str(target))
        assert target.read_bytes() == b"old"

    def test_a_dry_run_writes_nothing(self, tmp_path):
        """A dry run counts as a real one does and leaves no file."""
        source = tmp_path / "s.ndjson"
        source.write_bytes(legacy_lines(3) + b"broken\n")
        dry = migrate(str(source), str(tmp_path / "t.ndjson"), dry_run=True)
        assert [path.name for path in tmp_path.iterdir()] == ["s.ndjson"]
        real = migrate(str(source), str(tmp_path / "t.ndjson"))
        assert dry.as_dict() == real.as_dict() | {"rejects_path": dry.rejects_path}

    @pytest.mark.parametrize(
        ("source", "target", "rejects", "said"),
        [
            ("s.ndjson", "s.ndjson", None, "different files"),
            ("s.ndjson", "./x/../s.ndjson", None, "different files"),
            ("s.ndjson", "t.ndjson", "t.ndjson", "different files"),
            ("s.ndjson", "t.ndjson", "s.ndjson", "different files"),
            ("s.ndjson", "t.ndjson", "-", "not to standard output"),
        ],
    )
    def test_files_are_not_confused(self, tmp_path, monkeypatch, source, target, rejects, said):  # noqa: PLR0913, PLR0917
        """A migration onto its own source or its own rejects is refused before anything is touched."""
        monkeypatch.chdir(tmp_path)
        (tmp_path / "x").mkdir()
        (tmp_path / "s.ndjson").write_bytes(legacy_lines(1))
        with pytest.raises(Misuse, match=said):
            migrate(source, target, rejects=rejects)
        assert (tmp_path / "s.ndjson").read_bytes() == legacy_lines(1)

    def test_there_are_two_ways_with_invalid_events(self, tmp_path):
        """Invalid events are kept or rejected; anything else is refused."""
        with pytest.raises(Misuse, match="keep or reject"):
            run(tmp_path, b"", on_invalid="drop")

    @pytest.mark.parametrize(("source", "said"), [("nowhere.ndjson", "no such file"), (".", "is a directory")])
    def test_a_source_that_cannot_be_read_is_named(self, tmp_path, monkeypatch, source, said):
        """A missing source and a directory are each said so, and nothing is written."""
        monkeypatch.chdir(tmp_path)
        with pytest.raises(UnreadableFile, match=said):
            migrate(source, "t.ndjson")
        assert list(tmp_path.iterdir()) == []

    def test_a_target_that_cannot_be_written_is_named(self, tmp_path):
        """A target in a folder that is not there is said so."""
        source = tmp_path / "s.ndjson"
        source.write_bytes(b"")
        with pytest.raises(UnreadableFile, match=r"nowhere/t\.ndjson.*No such file"):
            migrate(str(source), str(tmp_path / "nowhere" / "t.ndjson"))

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs the device that is always full")
    def test_a_full_disk_is_said(self, tmp_path):
        """A disk that takes no more ends the migration with its own message."""
        source = tmp_path / "s.ndjson"
        source.write_bytes(legacy_lines(100))
        with pytest.raises(UnreadableFile, match="No space left"):
            migrate(str(source), "/dev/full", rejects=str(tmp_path / "r"))
        assert [path.name for path in tmp_path.iterdir()] == ["s.ndjson"]

    def test_a_device_is_written_not_replaced(self, tmp_path):
        """What is no regular file is written to, and never replaced by a finished file."""
        source = tmp_path / "s.ndjson"
        source.write_bytes(legacy_lines(1) + b"broken\n")
        summary = migrate(str(source), os.devnull, rejects=os.devnull)
        assert (summary.upgraded, summary.rejected) == (1, 1)
        assert not Path(os.devnull).is_file()

    def test_progress_is_told(self, tmp_path):
        """The counts are told on the way."""
        told = []
        run(tmp_path, legacy_lines(2500), progress=lambda summary: told.append(summary.lines))
        assert told == [1000, 2000]


class TestResume:
    """What a kill leaves, and how it is taken up again."""

    @pytest.mark.parametrize("suffix", ["", ".gz"])
    def test_a_killed_migration_ends_byte_for_byte_the_same(self, tmp_path, suffix):
        """A migration that is killed again and again, and resumed each time, ends with the same bytes in every file."""
        data = b"".join(LEGACY % n + b"\r\n" if n % 7 else b"broken %d\n" % n for n in range(8000)) + b'{"a":'
        source = tmp_path / f"s.ndjson{suffix}"
        source.write_bytes(gzip.compress(data) if suffix else data)
        whole = [tmp_path / f"whole.ndjson{suffix}", tmp_path / "whole.rejects"]
        killed = [tmp_path / f"killed.ndjson{suffix}", tmp_path / "killed.rejects"]
        migrate(str(source), str(whole[0]), rejects=str(whole[1]), checkpoint_every=500)
        script = (
            "import sys; from tcspec.migration.files import migrate;"
            "migrate(*sys.argv[1:3], rejects=sys.argv[3], resume=True, checkpoint_every=500)"
        )
        kills = 0
        delay = 0.25
        for _ in range(100):
            process = subprocess.Popen([sys.executable, "-c", script, str(source), *map(str, killed)])
            try:
                assert process.wait(delay) == 0
                break
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                process.wait()
                kills += 1
                delay *= 1.1
        assert process.returncode == 0
        assert kills > 1
        for one, other in [*zip(whole, killed, strict=True), (reasons_of(whole[1]), reasons_of(killed[1]))]:
            assert one.read_bytes() == other.read_bytes()
        assert not list(tmp_path.glob("*.part"))
        assert not list(tmp_path.glob("*.checkpoint*"))

    @pytest.mark.parametrize("stop_after", range(6))
    def test_a_kill_while_files_are_put_in_place_is_mended(self, tmp_path, monkeypatch, stop_after):
        """Killed at any step of putting its files in place, a migration that is resumed ends as if it had not been."""
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
        """A checkpoint of a source that has changed since, or of other options, is refused by naming what differs."""
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
        """What is no checkpoint, and a part that is shorter than its checkpoint, are refused with their names."""
        source, target = tmp_path / "s.ndjson", tmp_path / "t.ndjson"
        source.write_bytes(legacy_lines(30))
        interrupt(monkeypatch, source, target)
        part_of(target).write_bytes(b"")
        with pytest.raises(UnreadableFile, match="shorter than the checkpoint"):
            migrate(str(source), str(target), resume=True, checkpoint_every=10)
        checkpoints.path_beside(str(target)).write_text("{}")
        with pytest.raises(CannotResume, match="not a checkpoint"):
            migrate(str(source), str(target), resume=True, checkpoint_every=10)

    def test_nothing_to_resume_is_a_fresh_start(self, tmp_path):
        """Without a checkpoint, resuming is beginning."""
        assert run(tmp_path, legacy_lines(3), resume=True)[1] == run(tmp_path, legacy_lines(3))[1]

    def test_a_pipe_is_not_resumed(self, tmp_path):
        """What goes through a pipe cannot be read again, and is refused."""
        source = tmp_path / "s.ndjson"
        source.write_bytes(b"")
        with pytest.raises(CannotResume, match="pipe"):
            migrate("-", str(tmp_path / "t.ndjson"), resume=True)
        with pytest.raises(CannotResume, match="pipe"):
            migrate(str(source), "-", rejects=str(tmp_path / "r.ndjson"), resume=True)


class TestMemory:
    """How much memory a migration takes."""

    def test_memory_is_flat_on_an_endless_stream(self, tmp_path):
        """A stream of any length, and a line of any length in it, pass through the same memory."""
        script = (
            "import resource, sys; from tcspec.migration.files import migrate;"
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


def reasons_of(rejects):
    """Name the file of reasons beside rejects."""
    return Path(f"{rejects}.reasons.ndjson")


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
        patched.setattr(files.checkpoints, "save", save)
        with pytest.raises(KeyboardInterrupt):
            migrate(str(source), str(target), checkpoint_every=10)
