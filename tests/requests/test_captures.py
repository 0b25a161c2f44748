"""Files of captured requests: requests or a reason, whatever the bytes."""

from __future__ import annotations

import json

import pytest
from hypothesis import given

from strategies import LAW
from strategies.requests import captures
from tcspec.codes import CODES
from tcspec.errors import UnreadablePayload, Violation
from tcspec.jsontext.reader import Limits
from tcspec.requests.captures import Captured, captured_requests
from tcspec.requests.checking import examine_request

URL = "https://collect.commander1.com/events"
FILE = b"POST https://collect.commander1.com/events\n\n{}\n"
HAR = json.dumps({"log": {"entries": [{"request": {"method": "GET", "url": URL}}]}}).encode()


def refused(raw, **limits):
    """Give the one violation for which a file is not read."""
    with pytest.raises(UnreadablePayload) as caught:
        list(captured_requests(raw, Limits(**limits)))
    [violation] = caught.value.violations
    return violation


@LAW
@given(captures)
def test_nothing_else_is_raised(raw):
    """Any bytes are requests or unreadable, and what is said stands in the file; every request can be examined."""
    lines = raw.decode(errors="replace").split("\n")
    try:
        for captured in captured_requests(raw):
            assert 1 <= captured.line <= len(lines)
            examine_request(captured.method, captured.url, captured.headers, captured.body)
    except UnreadablePayload as unreadable:
        for violation in unreadable.violations:
            assert violation.code in CODES
            assert 1 <= violation.line <= len(lines)
            assert violation.column >= 1


@pytest.mark.parametrize("raw", [FILE, HAR], ids=["http", "har"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "marked"])
def test_kinds_of_files(raw, mark):
    """What begins with a brace is a HAR file, anything else is written by hand; a byte order mark is passed over."""
    [captured] = captured_requests(mark + raw)
    assert captured.url == URL
    assert bool(captured.pointer) == (raw is HAR)


def test_variables_are_no_recording():
    """Two braces begin a variable, not a HAR file."""
    assert refused(b"{{where}}\n").message.startswith("this variable has no value")


def test_no_requests():
    """An empty file has no request, and so has one of comments."""
    assert list(captured_requests(b"")) == []
    assert list(captured_requests(b"# nothing yet\n###\n@site = 3315\n")) == []


@pytest.mark.parametrize("raw", [FILE, HAR], ids=["http", "har"])
def test_too_long(raw):
    """A file that is longer than what is read is not read."""
    assert refused(raw, length=20).code == "TC007"


def test_requests_come_one_by_one():
    """The requests before one that cannot be read are given."""
    reading = captured_requests(FILE + b"###\nPOST\n")
    assert next(reading).body == b"{}"
    with pytest.raises(UnreadablePayload):
        next(reading)


def test_secrets_are_not_shown():
    """What is printed of a captured request shows neither its URL nor its headers nor its body."""
    captured = Captured("a", "POST", "https://s3cr3t", (("Authorization", "s3cr3t"),), b"s3cr3t", 1, 1)
    assert "s3cr3t" not in repr(captured)


class TestPlaces:
    """Where violations of a request stand in its file."""

    CAPTURED = Captured("", "POST", URL, (), b"{}", 3, 1, 7, 5)

    def placed(self, pointer, line=None, column=None, captured=CAPTURED):
        """Place a violation."""
        violation = captured.placed(Violation("TC001", "error", pointer, "", line=line, column=column))
        assert violation.pointer == pointer
        return violation.line, violation.column

    def test_body(self):
        """Lines count from where the body begins, columns too on its first line."""
        assert self.placed("/body") == (7, 5)
        assert self.placed("/body/a", 1, 2) == (7, 6)
        assert self.placed("/body/a", 2, 2) == (8, 2)

    def test_elsewhere(self):
        """Anything else stands at the request line."""
        assert self.placed("/query/tc_s", 1, 40) == (3, 1)

    def test_recordings(self):
        """The body of a recording is one text in a JSON document: what is in it stands at the request."""
        recorded = Captured("", "POST", URL, (), b"{}", 3, 9, pointer="/log/entries/0/request")
        assert self.placed("/body/a", 2, 2, recorded) == (3, 9)
