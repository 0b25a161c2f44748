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
"""Where the context is that lacks an id."""
NO_PAYLOAD = b'{"name": "a package", "version": 1.5}'


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


class TestVerdict:
    """What is told of valid and invalid payloads."""

    def test_valid(self):
        """A valid payload is fine, and stdout stays empty."""
        ran = tcspec("check", put("a.json", EVENT))
        assert (ran.code, ran.out, ran.err) == (0, "", "1 payload in 1 file: no violations\n")

    def test_every_violation_has_its_place(self):
        """Each violation is told with file, line, column, code, severity, place in the payload and who asks."""
        ran = tcspec("check", put("a.json", b'{"event_name": "login", ' + USER + b',\n  "context": {}}'))
        lines = ran.out.splitlines()
        assert lines[0].startswith("a.json:2:14: TC201 error: missing required property `event_id`")
        assert lines[1:3] == ['    2 | "context": {}}', "      |            ^"]
        assert lines[3] == "    expected: a string"
        assert any(line.startswith("    docs: https://") for line in lines)
        assert (ran.code, ran.err) == (1, "1 payload in 1 file: 2 errors\n")

    def test_violations_come_in_the_order_of_the_file(self):
        """Within a document, what stands first is told first."""
        text = b'{"user": {"email_md5": "x"},\n "event_name": 3,\n "context": {"event_id": 1, "event_timestamp": "?"}}'
        places = [(line, column) for _, line, column in locate(put("a.json", text))]
        assert places == sorted(places)
        assert len(places) > 2

    def test_several_files(self):
        """The verdict is on all files together, and each violation names its own."""
        ran = tcspec("check", put("a.json", EVENT), put("b.json", NO_ID))
        assert (ran.code, ran.err) == (1, "2 payloads in 2 files: 1 error\n")
        assert ran.out.startswith(f"b.json:1:{COLUMN}: TC201 error")

    def test_legacy(self):
        """A legacy event is an error, unless its version is asked for."""
        put("a.json", LEGACY)
        assert locate("a.json") == [("TC701", 1, 1)]
        assert tcspec("check", "--version", "1.0", "a.json").code == 0
        assert tcspec("check", "--version", "2.0", "a.json").code == 1

    def test_indented_files_are_not_heavier(self):
        """What counts is the size of the compact body, not that of a file for people."""
        event = json.loads(EVENT) | {"numbers": [1] * 5000}
        indented = json.dumps(event, indent=4).encode()
        assert len(indented) > 40_000
        assert tcspec("check", put("a.json", indented)).code == 0

    def test_heavy(self):
        """A payload over the limit is an error at its first byte."""
        event = json.loads(EVENT) | {"text": "x" * 40_000}
        assert locate(put("a.json", b"\n " + json.dumps(event).encode())) == [("TC020", 2, 2)]


class TestSeverity:
    """Which violations make the exit code 1."""

    @pytest.fixture
    def nearly(self):
        """Give a payload whose only violation is a warning."""
        event = json.loads(EVENT) | {"text": "x" * 32_300}
        return put("nearly.json", json.dumps(event).encode())

    @pytest.mark.parametrize(("level", "code"), [("error", 0), ("warning", 1), ("info", 1), ("never", 0)])
    def test_warning(self, nearly, level, code):
        """A warning fails from --fail-on warning downwards, and is told in any case."""
        ran = tcspec("check", "--fail-on", level, nearly)
        assert ran.code == code
        assert ":1:1: TC021 warning: " in ran.out
        assert ran.err == "1 payload in 1 file: 1 warning\n"

    def test_never(self):
        """With --fail-on never even errors are fine."""
        assert tcspec("check", "--fail-on", "never", put("a.json", NO_ID)).code == 0


class TestCodes:
    """Which codes are told."""

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
    def test_choice(self, options, codes):
        """Codes are selected and ignored by how they begin, and what is not told does not count."""
        assert [code for code, _, _ in locate(*options, "a.json")] == codes
        assert tcspec("check", *options, "a.json").code == bool(codes)

    def test_unreadable_is_always_selected(self):
        """What cannot be read does not pass because other codes were selected; it can be ignored."""
        put("b.json", b"{")
        assert locate("--select", "TC4", "b.json") == [("TC001", 1, 2)]
        assert locate("--ignore", "TC001", "b.json") == []

    @pytest.mark.parametrize("name", BAD_DOCUMENTS)
    def test_nothing_unreadable_passes(self, name):
        """That holds for everything that makes a document unreadable."""
        content, code, _, _ = BAD_DOCUMENTS[name]
        put("b.json", content)
        assert [each for each, _, _ in locate("--select", "TC4", "b.json")] == [code]

    def test_unknown(self):
        """A code that does not exist is misuse, and the one that was meant is named."""
        ran = tcspec("check", "--select", "TC4O1", "a.json")
        assert ran.code == 2
        assert "no code starts with TC4O1; did you mean TC4" in ran.err


class TestPassingOver:
    """JSON that is no payload."""

    def test_no_payload(self):
        """With --payloads-only JSON that is no payload is passed over and counted."""
        put("b.json", b"[1]")
        ran = tcspec("check", "--payloads-only", put("a.json", NO_PAYLOAD), "b.json", put("c.json", EVENT))
        assert ran.code == 0
        assert ran.err == "1 payload in 3 files: no violations; 2 documents skipped, not a payload\n"

    def test_broken_json_is_not_passed_over(self):
        """What is no JSON fails even so."""
        ran = tcspec("check", "--payloads-only", "--allow-empty", put("a.json", b"{"))
        assert (ran.code, ran.out[:21]) == (1, "a.json:1:2: TC001 err")

    def test_bad_payload(self):
        """A payload that is one is judged."""
        assert locate("--payloads-only", put("a.json", NO_ID)) == [("TC201", 1, COLUMN)]


class TestPointer:
    """Payloads inside of documents."""

    def test_place(self):
        """A payload inside a document is judged alone, and told by its place in the whole."""
        envelope = b'{"id": NULL,\n "list": [1, {"body~": ' + NO_ID.replace(b"NULL", b"") + b"}]}"
        put("a.json", envelope.replace(b"NULL", b"1e999"))
        run = tcspec("check", "--pointer", "/list/1/body~0", "--format", "json", "a.json")
        violation = json.loads(run.out)["files"][0]["violations"][0]
        assert (violation["code"], violation["pointer"]) == ("TC201", "/list/1/body~0/context")
        line, column = violation["line"], violation["column"]
        assert envelope.replace(b"NULL", b"1e999").decode().split("\n")[line - 1][column - 1 :].startswith('{"event_t')

    def test_lines(self):
        """The same for every line of a stream, whose lines may be indented."""
        put("a.ndjson", b'{"body": ' + EVENT + b'}\n  {"body": ' + NO_ID + b"}")
        assert locate("--pointer", "/body", "a.ndjson") == [("TC201", 2, 11 + COLUMN)]

    @pytest.mark.parametrize(("pointer", "lacking"), [("/body", ""), ("/a/b/c/d", "/a/b"), ("/a/b/c", "/a/b")])
    def test_lacking(self, pointer, lacking):
        """A document that has nothing there breaks the contract at what lacks it."""
        put("a.json", b'{"a": {"b": []}}')
        run = tcspec("check", "--pointer", pointer, "--format", "json", "a.json")
        violation = json.loads(run.out)["files"][0]["violations"][0]
        assert (run.code, violation["code"], violation["pointer"]) == (1, "TC009", lacking)
        assert f"nothing at {pointer}" in violation["message"]

    def test_passing_over(self):
        """Only payloads are judged there too, when only payloads are asked for."""
        put("a.ndjson", b'{"body": ' + NO_PAYLOAD + b'}\n{"body": ' + NO_ID + b"}")
        assert locate("--pointer", "/body", "--payloads-only", "a.ndjson") == [("TC201", 2, 9 + COLUMN)]

    def test_no_pointer(self):
        """A pointer that is none is misuse."""
        ran = tcspec("check", "--pointer", "body", put("a.json", EVENT))
        assert (ran.code, "starts with a slash" in ran.err) == (2, True)


class TestMisuse:
    """Commands that make no sense."""

    @pytest.mark.parametrize(
        "option",
        ["--kind=order", "--fail-on=fatal", "--max-depth=501", "--engine=slow", "--format=xml"],
    )
    def test_choice(self, option):
        """What is no choice of an option is misuse."""
        assert tcspec("check", option, put("a.json", EVENT)).code == 2

    def test_version(self):
        """A version that does not exist is misuse, and those that exist are named."""
        ran = tcspec("check", "--version", "3.0", put("a.json", EVENT))
        assert (ran.code, ran.err) == (2, "tcspec: unknown name 'event/3.0'; choose from event/1.0, event/2.0\n")
