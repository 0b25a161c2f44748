"""A file is migrated with one outcome a line, in order, and nothing is lost."""

from __future__ import annotations

import gzip
import io
import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrating import LEGACY, NAMES, STREAMS, expected_of, legacy_lines, run
from tcspec.files.lines import FileError
from tcspec.jsontext.reader import Limits
from tcspec.migration.engine import migrate
from tcspec.migration.job import MigrationError
from tcspec.migration.rejects import NoPlaceForRejects
from tcspec.upgrades.api import upgrade_json


class TestOutcomes:
    """Every line has one outcome."""

    @pytest.mark.parametrize("name", NAMES)
    def test_streams(self, tmp_path, name):
        """Every line is written in order, to the target upgraded or as it was, or to the rejects with its reasons."""
        data = (STREAMS / name).read_bytes()
        summary, target, rejects, reasons = run(tmp_path, data)
        raw = io.BytesIO(data).readlines()
        expected = expected_of(name)
        assert summary.lines == len(raw) == len(expected)
        kept = iter(io.BytesIO(target).readlines())
        rejected, remaining_reasons = iter(io.BytesIO(rejects).readlines()), iter(reasons)
        for line, outcome in zip(raw, expected, strict=True):
            if outcome["outcome"] == "rejected":
                reason = next(remaining_reasons)
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
        assert [*kept, *rejected, *remaining_reasons] == []
        statuses = [outcome["outcome"] for outcome in expected]
        counted = {"blank": summary.blank, "unchanged": summary.unchanged}
        counted |= {"upgraded": summary.upgraded, "rejected": summary.rejected}
        assert counted == {status: statuses.count(status) for status in counted}

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
    def test_no_line_is_lost(self, tmp_path_factory, records, ending, ends):
        """Target and rejects together have the lines of the source, each once and in order."""
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

    def test_invalid_events(self, tmp_path):
        """An upgraded event that does not meet the 2.0 contract is kept by default, and rejected on request."""
        line = b'{"event_name":"search","properties":{"user":{}},"event_id":"1","event_timestamp":1665475252625}\n'
        summary, target, rejects, _ = run(tmp_path, line)
        assert (summary.invalid, summary.rejected, rejects) == (1, 0, b"")
        assert json.loads(target)["event_name"] == "search"
        summary, target, rejects, reasons = run(tmp_path, line, on_invalid="reject")
        assert (summary.invalid, summary.rejected, target, rejects) == (0, 1, b"", line)
        assert summary.changes == {}
        assert [violation["code"] for violation in reasons[0]["violations"]] == ["TC101"]

    def test_reasons(self, tmp_path):
        """A reason has a column in the rejected line, or is about the upgraded event and has none."""
        _, _, _, reasons = run(tmp_path, b'\n{"event":"b"}\n{"event_name":"c"}\n', on_invalid="reject")
        assert [reason["checked"] for reason in reasons] == ["upgraded", "as it is"]
        assert {violation["line"] for violation in reasons[0]["violations"]} == {2}
        assert not [violation for violation in reasons[0]["violations"] if "column" in violation]
        assert {(violation["line"], violation["column"]) for violation in reasons[1]["violations"]} == {(3, 1)}

    def test_a_flat_hit_is_rejected(self, tmp_path):
        """A hit of the older server-side product cannot be upgraded, and is rejected with a code of its own."""
        _, target, rejects, reasons = run(tmp_path, b'{"product_id_1":4,"timestamp":"11/01/2022 14:32"}\n')
        assert target == b""
        assert b"product_id_1" in rejects
        assert reasons[0]["violations"][0]["code"] == "TC702"

    def test_other_vendors_are_counted(self, tmp_path):
        """What is in the format of another vendor is kept, and counted with a code of its own, upgraded or not."""
        lines = (
            b'{"event":"Signup","properties":{"time":1718006400,"distinct_id":"d-1"}}\n'
            b'{"type":"identify","userId":"u-1","traits":{"email":"ada@shop.example"}}\n'
            b'{"event":"purchase","properties":{"items":[{"item_id":"SKU_1"}]}}\n'
        )
        summary, target, rejects, _ = run(tmp_path, lines + LEGACY % 1)
        assert summary.codes["TC703"] == 3
        assert (summary.lines, summary.rejected, rejects) == (4, 0, b"")
        assert len(target.splitlines()) == 4

    def test_a_line_over_the_limit(self, tmp_path):
        """A line that is longer than the limit is rejected verbatim, to its last byte, and the next one is read."""
        long = b'{"a":"' + b"x" * 5_000_000 + b'"}\n'
        data = long + LEGACY % 1
        summary, target, rejects, reasons = run(tmp_path, data, limits=Limits(length=1000))
        assert rejects == long
        assert target == upgrade_json(LEGACY % 1)
        assert reasons[0]["violations"][0]["code"] == "TC007"
        assert reasons[0]["length"] == len(long)
        assert summary.bytes_read == len(data)

    def test_summary(self, tmp_path):
        """The summary counts events by change, values that were only kept, and violations by code."""
        line = b'{"event_name":"x","event":"y","properties":{"context":1,"user":{}},"event_id":"1"}\n'
        summary, *_ = run(tmp_path, line * 3)
        assert summary.kept == 6
        assert summary.changes == {"event_name": 3, "event_id": 3, "properties": 3}
        assert summary.codes == {"TC201": 3}
        assert summary.payloads == 3


class TestFiles:
    """Files are read and written as their names say."""

    def test_compression(self, tmp_path):
        """A file whose name ends with .gz is decompressed when read and compressed when written."""
        source, target = tmp_path / "a.ndjson.gz", tmp_path / "b.ndjson.gz"
        source.write_bytes(gzip.compress(legacy_lines(50)))
        migrate(str(source), str(target), checkpoint_every=20)
        assert gzip.decompress(target.read_bytes()) == run(tmp_path, legacy_lines(50))[1]

    def test_an_empty_source(self, tmp_path):
        """An empty source has an empty target, and a compressed empty target is a gzip file."""
        assert run(tmp_path, b"")[1:] == (b"", b"", [])
        target = tmp_path / "t.gz"
        migrate(str(tmp_path / "source.ndjson"), str(target))
        assert gzip.decompress(target.read_bytes()) == b""

    def test_rejects_by_default(self, tmp_path):
        """By default rejects are beside the target, and only when there are any, or older ones to replace."""
        source, target = tmp_path / "s.ndjson", tmp_path / "t.ndjson"
        rejects = tmp_path / "t.ndjson.rejects.ndjson"
        source.write_bytes(legacy_lines(1))
        assert migrate(str(source), str(target)).rejects_path is None
        assert sorted(path.name for path in tmp_path.iterdir()) == ["s.ndjson", "t.ndjson"]
        source.write_bytes(b"broken\n")
        assert migrate(str(source), str(target), force=True).rejects_path == str(rejects)
        assert rejects.read_bytes() == b"broken\n"
        source.write_bytes(legacy_lines(1))
        migrate(str(source), str(target), force=True)
        assert rejects.read_bytes() == b""

    def test_a_truncated_source(self, tmp_path):
        """A truncated source ends the migration, and the target that was there before stays as it was."""
        source, target = tmp_path / "s.ndjson.gz", tmp_path / "t.ndjson"
        target.write_bytes(b"old")
        source.write_bytes(gzip.compress(os.urandom(100).hex().encode() + b"\n" + legacy_lines(500))[:-30])
        with pytest.raises(FileError, match="truncated"):
            migrate(str(source), str(target), force=True)
        assert target.read_bytes() == b"old"
        assert sorted(path.name for path in tmp_path.iterdir()) == ["s.ndjson.gz", "t.ndjson"]

    @pytest.mark.parametrize("options", [{"target": "new/"}, {"target": "t", "rejects": "new/"}])
    def test_a_name_with_a_slash_at_its_end(self, tmp_path, monkeypatch, options):
        """A path that ends with a slash is that of a folder, and no file is written there."""
        monkeypatch.chdir(tmp_path)
        (tmp_path / "s").write_bytes(legacy_lines(1))
        with pytest.raises(FileError, match="new/: is the name of a folder; name a file"):
            migrate("s", **options)
        assert [path.name for path in tmp_path.iterdir()] == ["s"]

    @pytest.mark.parametrize("resume", [False, True])
    def test_a_target_that_exists(self, tmp_path, resume):
        """A target that exists is not replaced, unless that is asked for."""
        source, target = tmp_path / "s.ndjson", tmp_path / "t.ndjson"
        source.write_bytes(legacy_lines(3))
        target.write_bytes(b"precious")
        with pytest.raises(
            MigrationError, match=r"t\.ndjson exists(, and is not of an interrupted migration)?; --force replaces it"
        ):
            migrate(str(source), str(target), resume=resume)
        assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
            "s.ndjson": legacy_lines(3),
            "t.ndjson": b"precious",
        }
        assert migrate(str(source), str(target), resume=resume, force=True).upgraded == 3

    def test_a_dry_run_writes_nothing(self, tmp_path):
        """A dry run has the counts of a real one and writes no file."""
        source = tmp_path / "s.ndjson"
        source.write_bytes(legacy_lines(3) + b"broken\n")
        dry = migrate(str(source), str(tmp_path / "t.ndjson"), dry_run=True)
        assert [path.name for path in tmp_path.iterdir()] == ["s.ndjson"]
        real = migrate(str(source), str(tmp_path / "t.ndjson"))
        assert dry.to_dict() == real.to_dict() | {"rejects_path": dry.rejects_path}

    def test_on_invalid(self, tmp_path):
        """Invalid events are kept or rejected; anything else is an error."""
        with pytest.raises(MigrationError, match="keep or reject"):
            run(tmp_path, b"", on_invalid="drop")

    @pytest.mark.parametrize(("source", "message"), [("nowhere.ndjson", "No such file"), (".", "Is a directory")])
    def test_unreadable_sources(self, tmp_path, monkeypatch, source, message):
        """The error for a source that cannot be read names it, and nothing is written."""
        monkeypatch.chdir(tmp_path)
        with pytest.raises(FileError, match=message):
            migrate(source, "t.ndjson")
        assert list(tmp_path.iterdir()) == []

    def test_unwritable_targets(self, tmp_path):
        """The error for a file that cannot be written names it."""
        source = tmp_path / "s.ndjson"
        source.write_bytes(b"")
        with pytest.raises(FileError, match=r"nowhere/t\.ndjson.*No such file"):
            migrate(str(source), str(tmp_path / "nowhere" / "t.ndjson"))
        with pytest.raises(FileError, match=r"nowhere/r\.ndjson.*No such file"):
            migrate(str(source), str(tmp_path / "t.ndjson"), rejects=str(tmp_path / "nowhere" / "r.ndjson"))
        (tmp_path / "r.ndjson.reasons.ndjson").mkdir()
        for name in ("r.ndjson", "r.ndjson.reasons.ndjson"):
            with pytest.raises(FileError, match=r"r\.ndjson\.reasons\.ndjson: is a folder; name a file"):
                migrate(str(source), str(tmp_path / "t.ndjson"), rejects=str(tmp_path / name))
        assert sorted(path.name for path in tmp_path.iterdir()) == ["r.ndjson.reasons.ndjson", "s.ndjson"]

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs the device that is always full")
    def test_a_full_disk(self, tmp_path):
        """A full disk ends the migration with an error."""
        source = tmp_path / "s.ndjson"
        source.write_bytes(legacy_lines(100))
        with pytest.raises(FileError, match="No space left"):
            migrate(str(source), "/dev/full", rejects=str(tmp_path / "r"))
        assert [path.name for path in tmp_path.iterdir()] == ["s.ndjson"]

    @pytest.mark.parametrize("target", ["-", os.devnull])
    def test_a_reject_without_a_place(self, tmp_path, monkeypatch, target):
        """When the target is a stream, rejected lines need a file by name: without one the first is an error."""
        monkeypatch.chdir(tmp_path)
        source = tmp_path / "s.ndjson"
        source.write_bytes(legacy_lines(1))
        assert migrate(str(source), target).rejects_path is None
        source.write_bytes(legacy_lines(1) + b"broken\n")
        with pytest.raises(NoPlaceForRejects, match=r"line 2 is rejected \(TC001\) .* --rejects FILE"):
            migrate(str(source), target)
        assert [path.name for path in tmp_path.iterdir()] == ["s.ndjson"]
        assert migrate(str(source), target, rejects="r").rejects_path == str(tmp_path / "r")
        assert (tmp_path / "r").read_bytes() == b"broken\n"
        assert migrate(str(source), target, dry_run=True).rejected == 1

    def test_devices(self, tmp_path):
        """A device is written to and never replaced."""
        source = tmp_path / "s.ndjson"
        source.write_bytes(legacy_lines(1) + b"broken\n")
        summary = migrate(str(source), os.devnull, rejects=os.devnull)
        assert (summary.upgraded, summary.rejected) == (1, 1)
        assert not Path(os.devnull).is_file()

    def test_progress(self, tmp_path):
        """The callback for progress gets the counts behind each thousand lines."""
        counts = []
        run(tmp_path, legacy_lines(2500), progress=lambda summary, _: counts.append(summary.lines))
        assert [count // 1000 for count in counts] == [1, 2]
