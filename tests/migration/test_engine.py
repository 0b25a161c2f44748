"""Migration of files: one outcome a line, in order, nothing lost."""

from __future__ import annotations

import gzip
import io
import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrating import LEGACY, NAMES, STREAMS, expected_of, legacy_lines, run
from tcspec.files.lines import UnreadableFile
from tcspec.jsontext.reader import Limits
from tcspec.migration.engine import Misuse, migrate
from tcspec.upgrades.api import upgrade_json


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
        assert summary.changes == {}
        assert [violation["code"] for violation in reasons[0]["violations"]] == ["TC101"]

    def test_reasons_say_which_text_was_judged(self, tmp_path):
        """A reason has a column in the rejected line, or says that it is about what the line becomes."""
        _, _, _, reasons = run(tmp_path, b'\n{"event":"b"}\n{"event_name":"c"}\n', on_invalid="reject")
        assert [reason["judged"] for reason in reasons] == ["upgraded", "as it is"]
        assert {violation["line"] for violation in reasons[0]["violations"]} == {2}
        assert not [violation for violation in reasons[0]["violations"] if "column" in violation]
        assert {(violation["line"], violation["column"]) for violation in reasons[1]["violations"]} == {(3, 1)}

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
        """A source that is truncated ends the migration, and the target that was there before stays as it was."""
        source, target = tmp_path / "s.ndjson.gz", tmp_path / "t.ndjson"
        target.write_bytes(b"old")
        source.write_bytes(gzip.compress(os.urandom(100).hex().encode() + b"\n" + legacy_lines(500))[:-30])
        with pytest.raises(UnreadableFile, match="truncated"):
            migrate(str(source), str(target))
        assert target.read_bytes() == b"old"
        assert sorted(path.name for path in tmp_path.iterdir()) == ["s.ndjson.gz", "t.ndjson"]

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

    @pytest.mark.parametrize(("source", "said"), [("nowhere.ndjson", "No such file"), (".", "Is a directory")])
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
        with pytest.raises(UnreadableFile, match=r"nowhere/r\.ndjson.*No such file"):
            migrate(str(source), str(tmp_path / "t.ndjson"), rejects=str(tmp_path / "nowhere" / "r.ndjson"))
        (tmp_path / "r.ndjson.reasons.ndjson.part").mkdir()
        with pytest.raises(UnreadableFile, match=r"r\.ndjson\.reasons\.ndjson.*Is a directory"):
            migrate(str(source), str(tmp_path / "t.ndjson"), rejects=str(tmp_path / "r.ndjson"))
        assert sorted(path.name for path in tmp_path.iterdir()) == ["r.ndjson.reasons.ndjson.part", "s.ndjson"]

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs the device that is always full")
    def test_a_full_disk_is_said(self, tmp_path):
        """A disk that takes no more ends the migration with its own message."""
        source = tmp_path / "s.ndjson"
        source.write_bytes(legacy_lines(100))
        with pytest.raises(UnreadableFile, match="No space left"):
            migrate(str(source), "/dev/full", rejects=str(tmp_path / "r"))
        assert [path.name for path in tmp_path.iterdir()] == ["s.ndjson"]

    def test_rejects_of_a_pipe_are_begun_when_there_are_any(self, tmp_path, monkeypatch):
        """Where the target is a pipe and nobody said where rejects go, a file for them is begun with the first."""
        monkeypatch.chdir(tmp_path)
        source = tmp_path / "s.ndjson"
        source.write_bytes(legacy_lines(1))
        assert migrate(str(source), os.devnull).rejects_path is None
        assert [path.name for path in tmp_path.iterdir()] == ["s.ndjson"]
        source.write_bytes(b"broken\n")
        assert migrate(str(source), os.devnull).rejects_path == str(tmp_path / "tcspec.rejects.ndjson")
        assert (tmp_path / "tcspec.rejects.ndjson").read_bytes() == b"broken\n"
        if Path("/dev/full").exists():
            source.write_bytes(b"broken\n" + legacy_lines(100))
            with pytest.raises(UnreadableFile):
                migrate(str(source), "/dev/full")
            assert not list(tmp_path.glob("*.part"))

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
