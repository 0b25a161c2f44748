"""Requests as they are given."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tcspec.jsontext.reader import DEFAULT_LIMITS
from tcspec.requests.messages import as_document, lines_of, payload_of, read_address, read_request, value_of


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
def test_addresses(url, parts):
    """A URL is taken apart, whatever it is; its fragment is no part of it."""
    address = read_address(url)
    assert (address.scheme, address.host, address.path, address.query) == parts
    assert url[address.query_at :].startswith(parts[3])


@given(st.text())
def test_any_text_is_an_address(url):
    """Any text is taken apart."""
    address = read_address(url)
    assert url[address.query_at :].startswith(address.query)


def test_headers():
    """Headers come as a mapping or as pairs, and are found by any spelling; one that comes twice is joined."""
    for headers in ({"A": "b", "a": "c"}, [("A", "b"), ("a", "c")], iter([("A", "b"), ("a", "c")])):
        request = read(headers=headers)
        assert request.headers == {"A": "b, c"}
        assert request.header("a") == ("A", "b, c")
    assert read().header("a") is None


def test_queries():
    """The query is read into objects and lists; what cannot be read is said with its place in the URL."""
    request = read("https://x/a?b[c][]=d&e=f")
    assert request.query == {"b": {"c": ["d"]}, "e": "f"}
    assert (request.parameter("e"), request.parameter("b"), request.parameter("x")) == ("f", None, None)
    assert (request.has("b"), request.has("x")) == (True, False)
    unreadable = read("https://x/a?b=1&b=2")
    assert unreadable.query is None
    assert not unreadable.has("b")
    [violation] = unreadable.unreadable_query
    assert (violation.code, violation.column) == ("TC012", 17)


@pytest.mark.parametrize("body", [b"{}", bytearray(b"{}"), memoryview(b"{}"), "{}"])
def test_texts(body):
    """A JSON text is in bytes or in text."""
    request = read(body=body)
    assert payload_of(request) == b"{}"
    assert request.has_body


@pytest.mark.parametrize("body", [{}, {"a": 1}, [], [1]])
def test_values(body):
    """A value is judged as it is."""
    request = read(body=body)
    assert payload_of(request) is body
    assert request.has_body


@pytest.mark.parametrize("body", [None, b"", "", " \r\n"])
def test_no_body(body):
    """Nothing, and white space, is no body."""
    assert not read(body=body).has_body


def test_texts_that_no_encoding_has():
    """Half of a surrogate pair cannot be sent."""
    request = read(body="\ud800")
    assert request.has_body
    [violation] = request.unreadable_body
    assert (violation.code, violation.pointer) == ("TC005", "/body")


def test_lines():
    """Lines are numbered from 1; blank ones are counted and left out."""
    assert lines_of(read(body=b"a\n\n b\r\n")) == [(1, b"a"), (3, b" b\r")]
    assert lines_of(read(body=[{}, 1])) == [(1, {}), (2, 1)]
    assert lines_of(read(body={})) == [(1, {})]
    assert lines_of(read(body=[])) == []


def test_lenient_reading():
    """What a server may read is read: keys given twice, NaN; what none reads is nothing."""
    assert value_of(b'{"a": 1, "a": 2}') == {"a": 2}
    assert value_of("[1]") == [1]
    assert value_of({"a": 1}) == {"a": 1}
    assert value_of(b'{"a"') is None
    assert value_of(b"\xff") is None
    assert value_of(b"[" * 200_000) is None
    assert value_of(b"9" * 5_000) == "9" * 5_000


def test_documents():
    """A request is a document of method, url, query, headers and body; lines are a list, blank ones nothing."""
    request = read("https://x/a?b=c", {"A": "b"}, b'{"d": 1}\n\n{"e": 2}\n')
    assert as_document(request, in_bulk=True) == {
        "method": "POST",
        "url": "https://x/a?b=c",
        "query": {"b": "c"},
        "headers": {"A": "b"},
        "body": [{"d": 1}, None, {"e": 2}],
    }
    assert as_document(read(body={"d": 1}), in_bulk=False)["body"] == {"d": 1}
    assert as_document(read("?a["), in_bulk=False)["query"] == {}
    assert as_document(read(), in_bulk=True)["body"] == []


def test_secrets_are_not_shown():
    """What is printed of a request shows neither its query nor its headers nor its body."""
    request = read("https://x/a?token=s3cr3t", {"Authorization": "s3cr3t"}, {"a": "s3cr3t"})
    assert "s3cr3t" not in repr(request)
    assert "s3cr3t" not in repr(read(body=b"s3cr3t"))
