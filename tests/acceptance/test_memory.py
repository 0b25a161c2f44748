"""The memory of the program does not grow with its input."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from command import PROGRAM
from peak_memory import MeasuredProcess

USER = b'"user":{"id":"c","consistent_anonymous_id":"a","consent_categories":["1"]}'
EVENT = b'{"event_name":"login",' + USER + b',"context":{"event_id":"1","event_timestamp":1718006400000}}'
NO_ID = b'{"event_name":"login",' + USER + b',"context":{"event_timestamp":1718006400000}}'
MEGABYTE = 1024 * 1024

needs_peak = pytest.mark.skipif(sys.platform != "linux", reason="peak memory has another unit elsewhere")


@pytest.fixture(autouse=True)
def _temporary_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def peak(chunks, *arguments: str) -> tuple[int, int]:
    """Run the program on chunks of standard input; return its exit code and its peak memory in bytes."""
    process = MeasuredProcess([PROGRAM, *arguments], "out")
    for chunk in chunks:
        process.stdin.write(chunk)
    return process.wait()


@needs_peak
class TestMemory:
    """Streams of any length are read in constant memory."""

    def test_long_line(self):
        """A line of 300 MB is one violation, and the lines around it are checked."""
        line = [b'{"a": "', *[b"x" * MEGABYTE] * 300, b'"}\n']
        code, memory = peak([EVENT + b"\n", *line, NO_ID], "check", "--format", "json", "-")
        assert code == 1
        (file,) = json.loads(Path("out").read_bytes())["files"]
        assert [(each["code"], each["line"]) for each in file["violations"]] == [("TC007", 2), ("TC201", 3)]
        assert memory < 120 * MEGABYTE

    def test_document_without_end(self):
        """A document above the limit takes no more memory than the limit."""
        code, memory = peak([b"[\n", *[b"1,\n" * 350_000] * 8], "check", "-")
        assert code == 1
        assert b"TC007" in Path("out").read_bytes()
        assert memory < 150 * MEGABYTE

    def test_long_array(self):
        """An array of any length is migrated in the memory of a short one."""
        few, many = (
            peak([b"[", *[(EVENT + b",\n") * 1000] * count, EVENT + b"]"], "migrate", "-", "target.json", "--force")
            for count in (1, 15)
        )
        assert few[0] == many[0] == 0
        assert len(json.loads(Path("target.json").read_bytes())) == 15_001
        assert many[1] < few[1] + 10 * MEGABYTE

    @pytest.mark.parametrize("style", ["text", "json"])
    def test_many_violations(self, style):
        """Violations are written as they are found, and not kept in memory."""
        arguments = ("check", "--format", style, "--show-all", "-")
        few, many = (peak([(NO_ID + b"\n") * 1000] * count, *arguments) for count in (1, 15))
        assert few[0] == many[0] == 1
        assert many[1] < few[1] + 10 * MEGABYTE
        assert Path("out").read_bytes().count(b"missing required property `event_id`") == 15_000
