"""From the files of a run to results: documents, selected codes, pointers and options of `tcspec check`."""

from __future__ import annotations

import json

import pytest

from bad_documents import BAD_DOCUMENTS
from command import locate, put, tcspec

USER = b'"user":{"id":"c-1","consistent_anonymous_id":"a-1","consent_categories":["1"]}'
EVENT = b'{"event_name":"login",' + USER + b',"context":{"event_id":"1","event_timestamp":1718006400000}}'
LEGACY = b'{"event":"login","event_id":"1","event_timestamp":1718006400000,"properties":{' + USER + b"}}"
NO_ID = b'{"event_name":"login",' + USER + b',"context":{"event_timestamp":1718006400000}}'
COLUMN = 1 + NO_ID.index(b'{"event_timestamp"')
"""The column of the context without an `event_id`."""
NO_PAYLOAD = b'{"name": "a package", "version": 1.5}'


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


class TestVerdict:
    """The results of valid and invalid payloads."""

    def test_valid(self):
        """A valid payload passes, and stdout stays empty."""
        ran = tcspec("check", put("a.json", EVENT))
        assert (ran.code, ran.out, ran.err) == (0, "", "1 payload in 1 file: no violations\n")

    def test_violation(self):
        """A violation has file, line, column, code, severity, the source line and a link to its documentation."""
        ran = tcspec("check", put("a.json", b'{"event_name": "login", ' + USER + b',\n  "context": {}}'))
        lines = ran.out.splitlines()
        assert lines[0].startswith("a.json:2:14: TC201 error: missing required property `event_id`")
        assert lines[1:3] == ['    2 | "context": {}}', "      |            ^"]
        assert lines[3] == "    expected: a string"
        assert any(line.startswith("    docs: https://") for line in lines)
        assert (ran.code, ran.err) == (1, "1 payload in 1 file: 2 errors\n")

    def test_violations_come_in_the_order_of_the_file(self):
        """The violations of a document are sorted by position."""
        text = b'{"user": {"email_md5": "x"},\n "event_name": 3,\n "context": {"event_id": 1, "event_timestamp": "?"}}'
        places = [(line, column) for _, line, column in locate(put("a.json", text))]
        assert places == sorted(places)
        assert len(places) > 2

    def test_several_files(self):
        """The exit code covers all files, and each violation names its own."""
        ran = tcspec("check", put("a.json", EVENT), put("b.json", NO_ID))
        assert (ran.code, ran.err) == (1, "2 payloads in 2 files: 1 error\n")
        assert ran.out.startswith(f"b.json:1:{COLUMN}: TC201 error")

    def test_legacy(self):
        """A legacy event is an error, unless its version is requested."""
        put("a.json", LEGACY)
        assert locate("a.json") == [("TC701", 1, 1)]
        assert tcspec("check", "--version", "1.0", "a.json").code == 0
        assert tcspec("check", "--version", "2.0", "a.json").code == 1

    def test_size_of_indented_files(self):
        """The size is that of the compact body, not that of an indented file."""
        event = json.loads(EVENT) | {"numbers": [1] * 5000}
        indented = json.dumps(event, indent=4).encode()
        assert len(indented) > 40_000
        assert tcspec("check", put("a.json", indented)).code == 0

    def test_too_large(self):
        """A payload over the limit is an error at its first byte."""
        event = json.loads(EVENT) | {"text": "x" * 40_000}
        assert locate(put("a.json", b"\n " + json.dumps(event).encode())) == [("TC020", 2, 2)]


class TestSeverity:
    """Severities and the exit code."""

    @pytest.fixture
    def nearly_too_large(self):
        """Return a payload whose only violation is a warning."""
        event = json.loads(EVENT) | {"text": "x" * 32_300}
        return put("nearly_too_large.json", json.dumps(event).encode())

    @pytest.mark.parametrize(("level", "code"), [("error", 0), ("warning", 1), ("info", 1), ("never", 0)])
    def test_warning(self, nearly_too_large, level, code):
        """A warning fails with --fail-on warning or info, and is always reported."""
        ran = tcspec("check", "--fail-on", level, nearly_too_large)
        assert ran.code == code
        assert ":1:1: TC021 warning: " in ran.out
        assert ran.err == "1 payload in 1 file: 1 warning\n"

    def test_never(self):
        """With --fail-on never even errors pass."""
        assert tcspec("check", "--fail-on", "never", put("a.json", NO_ID)).code == 0


class TestCodes:
    """Selected and ignored codes."""

    @pytest.fixture(autouse=True)
    def _two(self):
        put("a.json", NO_ID.replace(b'"id":"c-1"', b'"id":"c-1","email_sha256":"x"'))

    @pytest.mark.parametrize(
        ("options", "codes"),
        [
            ((), ["TC303", "TC201"]),
            (("--select", "TC2"), ["TC201"]),
            (("--select", "tc2, TC303"), ["TC303", "TC201"]),
            (("--ignore", "TC2", "--ignore", "TC303"), []),
            (("--select", "TC", "--ignore", "TC3"), ["TC201"]),
        ],
    )
    def test_prefixes(self, options, codes):
        """Codes are selected and ignored by prefix; only selected violations count."""
        assert [code for code, _, _ in locate(*options, "a.json")] == codes
        assert tcspec("check", *options, "a.json").code == bool(codes)

    def test_unreadable_is_always_selected(self):
        """An unreadable document fails whichever codes are selected; its code can be ignored."""
        put("b.json", b"{")
        assert locate("--select", "TC4", "b.json") == [("TC001", 1, 2)]
        assert locate("--ignore", "TC001", "b.json") == []

    @pytest.mark.parametrize("name", BAD_DOCUMENTS)
    def test_every_unreadable_document_fails(self, name):
        """Every kind of unreadable document fails whichever codes are selected."""
        content, code, _, _ = BAD_DOCUMENTS[name]
        put("b.json", content)
        assert [each for each, _, _ in locate("--select", "TC4", "b.json")] == [code]

    def test_unknown(self):
        """An unknown code is a usage error, with a suggestion."""
        ran = tcspec("check", "--select", "TC4O1", "a.json")
        assert ran.code == 2
        assert "no code starts with TC4O1; did you mean TC4" in ran.err


class TestPayloadsOnly:
    """JSON that is not a payload."""

    def test_no_payload(self):
        """With --payloads-only, JSON that is not a payload is skipped and counted."""
        put("b.json", b"[1]")
        ran = tcspec("check", "--payloads-only", put("a.json", NO_PAYLOAD), "b.json", put("c.json", EVENT))
        assert ran.code == 0
        assert ran.err == "1 payload in 3 files: no violations; 2 documents skipped, not a payload\n"

    def test_broken_json_is_not_skipped(self):
        """A document that is not JSON fails with --payloads-only too."""
        ran = tcspec("check", "--payloads-only", "--allow-empty", put("a.json", b"{"))
        assert (ran.code, ran.out[:21]) == (1, "a.json:1:2: TC001 err")

    def test_invalid_payload(self):
        """A payload is checked with --payloads-only too."""
        assert locate("--payloads-only", put("a.json", NO_ID)) == [("TC201", 1, COLUMN)]


class TestPointer:
    """Payloads inside documents."""

    def test_position(self):
        """Only the payload at the pointer is checked; its violations have positions in the whole document."""
        envelope = b'{"id": NULL,\n "list": [1, {"body~": ' + NO_ID.replace(b"NULL", b"") + b"}]}"
        put("a.json", envelope.replace(b"NULL", b"1e999"))
        run = tcspec("check", "--pointer", "/list/1/body~0", "--format", "json", "a.json")
        violation = json.loads(run.out)["files"][0]["violations"][0]
        assert (violation["code"], violation["pointer"]) == ("TC201", "/list/1/body~0/context")
        line, column = violation["line"], violation["column"]
        assert envelope.replace(b"NULL", b"1e999").decode().split("\n")[line - 1][column - 1 :].startswith('{"event_t')

    def test_lines(self):
        """The pointer applies to every line of a stream, indented or not."""
        put("a.ndjson", b'{"body": ' + EVENT + b'}\n  {"body": ' + NO_ID + b"}")
        assert locate("--pointer", "/body", "a.ndjson") == [("TC201", 2, 11 + COLUMN)]

    @pytest.mark.parametrize(("pointer", "parent"), [("/body", ""), ("/a/b/c/d", "/a/b"), ("/a/b/c", "/a/b")])
    def test_nothing_at_the_pointer(self, pointer, parent):
        """A document without a value at the pointer has a violation at the deepest part that exists."""
        put("a.json", b'{"a": {"b": []}}')
        run = tcspec("check", "--pointer", pointer, "--format", "json", "a.json")
        violation = json.loads(run.out)["files"][0]["violations"][0]
        assert (run.code, violation["code"], violation["pointer"]) == (1, "TC009", parent)
        assert f"nothing at {pointer}" in violation["message"]

    def test_payloads_only(self):
        """With --payloads-only, a value at the pointer that is not a payload is skipped."""
        put("a.ndjson", b'{"body": ' + NO_PAYLOAD + b'}\n{"body": ' + NO_ID + b"}")
        assert locate("--pointer", "/body", "--payloads-only", "a.ndjson") == [("TC201", 2, 9 + COLUMN)]

    def test_invalid_pointer(self):
        """An invalid pointer is a usage error."""
        ran = tcspec("check", "--pointer", "body", put("a.json", EVENT))
        assert (ran.code, "starts with a slash" in ran.err) == (2, True)


class TestMisuse:
    """Usage errors."""

    @pytest.mark.parametrize(
        "option",
        ["--kind=order", "--fail-on=fatal", "--max-depth=501", "--engine=slow", "--format=xml"],
    )
    def test_prefixes(self, option):
        """A value that is not among the choices of an option is a usage error."""
        assert tcspec("check", option, put("a.json", EVENT)).code == 2

    def test_version(self):
        """An unknown version is a usage error that names the known ones."""
        ran = tcspec("check", "--version", "3.0", put("a.json", EVENT))
        assert (ran.code, ran.err) == (2, "tcspec: unknown name 'event/3.0'; choose from event/1.0, event/2.0\n")
