"""Unreadable input on the command line: its violations, its exit codes, and the input around it."""

from __future__ import annotations

import gzip
import json

import pytest

from bad_documents import BAD_DOCUMENTS
from command import locate, put, tcspec

USER = b'"user":{"id":"c-1","consistent_anonymous_id":"a-1","consent_categories":["1"]}'
EVENT = b'{"event_name":"login",' + USER + b',"context":{"event_id":"1","event_timestamp":1718006400000}}'
NO_ID = b'{"event_name":"login",' + USER + b',"context":{"event_timestamp":1718006400000}}'
COLUMN = 1 + NO_ID.index(b'{"event_timestamp"')
"""The column of the context without an `event_id`."""
STANDARD = "-"


pytestmark = pytest.mark.usefixtures("elsewhere")


class TestBadInput:
    """Documents, lines and files that are no payload."""

    @pytest.mark.parametrize(("content", "code", "line", "column"), BAD_DOCUMENTS.values(), ids=BAD_DOCUMENTS.keys())
    @pytest.mark.parametrize("name", ["a.json", "a.json.gz"])
    def test_document(self, name, content, code, line, column):
        """An unreadable document has a violation with its code and position, compressed or not."""
        put(name, gzip.compress(content) if name.endswith(".gz") else content)
        ran = tcspec("check", name)
        assert ran.code == 1
        assert ran.out.startswith(f"{name}:{line}:{column}: {code} error: ")

    @pytest.mark.parametrize(
        ("content", "code"),
        [(content, code) for content, code, _, _ in BAD_DOCUMENTS.values() if code != "TC008"],
    )
    def test_line(self, content, code):
        """An unreadable line is reported, and the lines around it are checked."""
        bad = content.replace(b"\n", b" ")
        put("a.ndjson", EVENT + b"\n\n" + bad + b"\r\n" + NO_ID)
        assert [(found_code, line) for found_code, line, _ in locate("a.ndjson")] == [(code, 3), ("TC201", 4)]

    def test_limits(self):
        """Options set the maximum depth and the maximum length."""
        put("a.ndjson", EVENT + b"\n" + NO_ID)
        assert locate("--max-depth", "1", "a.ndjson") == [("TC006", 1, 30), ("TC006", 2, 30)]
        long = len(NO_ID)
        assert locate("--max-length", long, "a.ndjson") == [("TC007", 1, 1), ("TC201", 2, COLUMN)]
        assert "raise it with --max-length" in tcspec("check", "--max-length", long, "a.ndjson").out
        assert locate("--max-length", len(EVENT), "a.ndjson") == [("TC201", 2, COLUMN)]

    def test_maximum_depth(self):
        """A document as deep as --max-depth allows is read."""
        deep = EVENT.removesuffix(b"}") + b',"deep":' + b"[" * 299 + b"]" * 299 + b"}"
        put("a.json", deep)
        assert locate("a.json") != []
        for engine in ("fast", "reference"):
            assert tcspec("validate", "--max-depth", "300", "--engine", engine, "a.json").code == 0

    @pytest.mark.parametrize(
        ("path", "reason"),
        [
            ("missing.json", "No such file or directory"),
            ("cut.json.gz", "compressed data is truncated"),
            ("not.json.gz", "is not compressed with gzip, as its name says; give it another name"),
        ],
    )
    def test_unreadable_file(self, path, reason):
        """A file that cannot be read is an error on stderr, the others are checked, and the exit code is 2."""
        put("cut.json.gz", gzip.compress(EVENT * 1000)[:-12])
        put("not.json.gz", b"no")
        ran = tcspec("check", path, put("a.json", NO_ID))
        assert ran.code == 2
        assert f"tcspec: {path}: {reason}\n" in ran.err
        assert ran.out.startswith(f"a.json:1:{COLUMN}: TC201")
        assert "1 payload in 2 files: 1 error; 1 file could not be read" in ran.err

    def test_truncated_stream(self):
        """The lines before the end of a truncated compressed stream are checked."""
        put("a.ndjson.gz", gzip.compress(b"\n".join([NO_ID] * 5000), compresslevel=0)[:-12])
        report = json.loads(tcspec("check", "--format", "json", "a.ndjson.gz").out)
        assert report["files"][0]["unreadable"] == "compressed data is truncated"
        assert report["summary"]["error"] == report["files"][0]["payloads"] > 4000


class TestNoPayload:
    """Runs without any payload."""

    def test_empty_file(self):
        """A run without any payload fails, unless --allow-empty is set."""
        put("a.ndjson", b"\n\n")
        ran = tcspec("check", "a.ndjson")
        assert (ran.code, ran.err.splitlines()[0]) == (1, "no payload in 1 file")
        assert "--allow-empty" in ran.err
        assert tcspec("check", "--allow-empty", "a.ndjson").code == 0
        assert tcspec("check", STANDARD).code == 1

    def test_no_path(self):
        """A command without paths is a usage error."""
        assert tcspec("check").code == 2
