"""Requests as callers pass them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tcspec.errors import Violation
from tcspec.jsontext.reader import DEFAULT_LIMITS, decode_leniently
from tcspec.requests.request import CapturedRequest, read_request, split_url

URL = "https://collect.commander1.com/events"


def read(url="https://x/a?b=c", headers=(), body=b"", method="post"):
    """Read a request."""
    return read_request(method, url, headers, body, DEFAULT_LIMITS)


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("https://x/a?b=c#d", ("https", "x", "/a", "b=c")),
        ("HTTPS://User:pass@X.Example.:443/a/b?c?d", ("https", "x.example", "/a/b", "c?d")),
        ("/a?b", ("", "", "/a", "b")),
        ("//x/a", ("", "x", "/a", "")),
        ("https://[::1]:80/a", ("https", "[::1]", "/a", "")),
        ("https://[x", ("https", "[x", "", "")),
        ("", ("", "", "", "")),
        ("?a=b", ("", "", "", "a=b")),
        ("a b", ("", "", "a b", "")),
    ],
)
def test_urls(url, parts):
    """A URL is split into scheme, host, path and query, without its fragment."""
    found = split_url(url)
    assert (found.scheme, found.host, found.path, found.query) == parts
    assert url[found.query_offset :].startswith(parts[3])


@given(st.text())
def test_any_text_is_split(url):
    """Any text is split as a URL."""
    parts = split_url(url)
    assert url[parts.query_offset :].startswith(parts.query)


def test_headers():
    """Headers are a mapping or pairs, names have any case, and the values of equal names are joined."""
    for headers in ({"A": "b", "a": "c"}, [("A", "b"), ("a", "c")], iter([("A", "b"), ("a", "c")])):
        request = read(headers=headers)
        assert request.headers == {"A": "b, c"}
        assert request.find_header("a") == ("A", "b, c")
    assert read().find_header("a") is None


def test_queries():
    """The query is parsed into objects and lists; an ambiguous one is an error with its column in the URL."""
    request = read("https://x/a?b[c][]=d&e=f")
    assert request.query == {"b": {"c": ["d"]}, "e": "f"}
    assert [request.get_parameter(name) for name in "ebx"] == ["f", None, None]
    ambiguous = read("https://x/a?b=1&b=2")
    assert ambiguous.query == {}
    [violation] = ambiguous.query_errors
    assert (violation.code, violation.column) == ("TC012", 17)


@pytest.mark.parametrize("body", [b"{}", bytearray(b"{}"), memoryview(b"{}"), "{}"])
def test_json_text(body):
    """A body of JSON text is bytes or a string."""
    request = read(body=body)
    assert (request.value, request.body) == (None, b"{}")
    assert request.has_body


@pytest.mark.parametrize("body", [{}, {"a": 1}, [], [1]])
def test_values(body):
    """A body may be a dict or a list."""
    request = read(body=body)
    assert request.value == body
    assert request.has_body


@pytest.mark.parametrize("body", [None, b"", "", " \r\n"])
def test_no_body(body):
    """A body of white space is none."""
    assert not read(body=body).has_body


def test_lone_surrogates():
    """A lone surrogate cannot be sent."""
    request = read(body="\ud800")
    assert request.has_body
    [violation] = request.body_errors
    assert (violation.code, violation.pointer) == ("TC005", "/body")


def test_lenient_decoding():
    """Duplicate keys and NaN are decoded as a server may do; None stands for what no server decodes."""
    assert decode_leniently(b'{"a": 1, "a": 2}') == {"a": 2}
    assert decode_leniently("[1]") == [1]
    assert decode_leniently({"a": 1}) == {"a": 1}
    assert decode_leniently(b'{"a"') is None
    assert decode_leniently(b"\xff") is None
    assert decode_leniently(b"[" * 200_000) is None
    assert decode_leniently(b"9" * 5_000) == "9" * 5_000


def test_repr_has_no_secrets():
    """The repr of a request contains neither its query nor its headers nor its body."""
    request = read("https://x/a?token=s3cr3t", {"Authorization": "s3cr3t"}, {"a": "s3cr3t"})
    assert "s3cr3t" not in repr(request)
    assert "s3cr3t" not in repr(read(body=b"s3cr3t"))


class TestCapturedRequests:
    """Requests in a file, and the positions of their violations."""

    CAPTURED = CapturedRequest("", "POST", URL, (), b"{}", 3, 1, 7)

    def place(self, pointer, line=None, column=None, captured=CAPTURED):
        """Return line and column of a violation in the file."""
        violation = captured.place(Violation("TC001", "error", pointer, "", line=line, column=column))
        assert violation.pointer == pointer
        return violation.line, violation.column

    def test_body(self):
        """Lines count from the start of the body."""
        assert self.place("/body") == (7, 1)
        assert self.place("/body/a", 1, 2) == (7, 2)
        assert self.place("/body/a", 2, 2) == (8, 2)

    def test_other_parts(self):
        """The position of any other part is the request line."""
        assert self.place("/query/tc_s", 1, 40) == (3, 1)

    def test_har_files(self):
        """The body in a HAR file is a JSON string, so that the position of anything in it is the request."""
        captured = CapturedRequest("", "POST", URL, (), b"{}", 3, 9, pointer="/log/entries/0/request")
        assert self.place("/body/a", 2, 2, captured) == (3, 9)

    def test_repr_has_no_secrets(self):
        """The repr of a captured request contains neither its URL nor its headers nor its body."""
        captured = CapturedRequest("a", "POST", "https://s3cr3t", (("Authorization", "s3cr3t"),), b"s3cr3t", 1, 1)
        assert "s3cr3t" not in repr(captured)


def test_equal_headers_are_one():
    """A header field that occurs twice with one value, as recorders write it, has this value."""
    headers = [("Content-Type", "application/json"), ("content-type", "application/json"), ("A", "b"), ("A", "c")]
    request = read_request("POST", "https://x/", headers, b"{}", DEFAULT_LIMITS)
    assert request.headers == {"Content-Type": "application/json", "A": "b, c"}
