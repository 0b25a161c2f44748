"""Files of captured requests: whatever the bytes, requests or errors."""

from __future__ import annotations

import json

import pytest
from hypothesis import given

from strategies.requests import captures
from tcspec.codes import CODES
from tcspec.errors import UnreadablePayload
from tcspec.jsontext.reader import DEFAULT_LIMITS, Limits
from tcspec.requests.captures import iter_captured_requests
from tcspec.requests.examination import examine

URL = "https://collect.commander1.com/events"
FILE = b"POST https://collect.commander1.com/events\n\n{}\n"
HAR = json.dumps({"log": {"entries": [{"request": {"method": "GET", "url": URL}}]}}).encode()


def error_of(raw, **limits):
    """Return the one violation of a file that contains no readable request."""
    [error] = iter_captured_requests(raw, Limits(**limits))
    [violation] = error.violations
    return violation


@given(captures)
def test_hostile_files(raw):
    """Any bytes are requests, which can be examined, and errors with a position in the file."""
    text = raw.decode(errors="replace")
    # Where no line ends with a line feed, each ends with a carriage return.
    lines = text.split("\n" if "\n" in text.rstrip("\r\n") else "\r")
    for captured in iter_captured_requests(raw):
        if captured is None:
            continue
        if isinstance(captured, UnreadablePayload):
            for violation in captured.violations:
                assert violation.code in CODES
                assert 1 <= violation.line <= len(lines)
                assert violation.column >= 1
        else:
            assert 1 <= captured.line <= len(lines)
            examine(captured.read(DEFAULT_LIMITS))


@pytest.mark.parametrize("raw", [FILE, HAR], ids=["http", "har"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "marked"])
def test_formats(raw, mark):
    """A file that starts with a brace is a HAR file, any other an `.http` file; a byte order mark is ignored."""
    [captured] = iter_captured_requests(mark + raw)
    assert captured.url == URL
    assert bool(captured.pointer) == (raw is HAR)


def test_variables_are_not_har():
    """Two braces start a variable, not a HAR file."""
    assert error_of(b"{{where}}\n").message.startswith("a variable has no value")


def test_no_requests():
    """An empty file, or one of comments and definitions, contains no request."""
    assert list(iter_captured_requests(b"")) == []
    assert list(iter_captured_requests(b"# nothing yet\n###\n@site = 3315\n")) == []


@pytest.mark.parametrize("raw", [FILE, HAR], ids=["http", "har"])
def test_too_long(raw):
    """A file beyond the maximum length is an error."""
    assert error_of(raw, length=20).code == "TC007"


def test_order():
    """Requests and errors come in the order of the file."""
    first, second, third = iter_captured_requests(FILE + b"###\nPOST\n###\n" + FILE)
    assert first.body == third.body == b"{}"
    assert isinstance(second, UnreadablePayload)


def test_redacted_values():
    """What a tool has redacted is not known in an `.http` file either."""
    [captured] = iter_captured_requests(
        FILE.replace(b"{}", b'{"a": "[redacted]", "b": "\xff"}').replace(b"events", b"events?tc_s=***&token=REDACTED")
    )
    assert b"redacted" not in captured.body
    assert b"\xff" in captured.body
    assert "***" not in captured.url
    assert [(each.code, each.severity.value) for each in captured.notes] == [("TC045", "info")]
