"""Bodies that were compressed or cut into chunks."""

from __future__ import annotations

import gzip
import json
import zlib

import pytest

from strategies.requests import COLLECT, EVENT, IN_JSON, TOKEN
from tcspec.jsontext.reader import Limits
from tcspec.requests.checking import check_request, examine_request

URL = f"{COLLECT}/events?tc_s=3315&token={TOKEN}"
TEXT = json.dumps(EVENT).encode()
GZIP, CHUNKED = ("content-encoding", "gzip"), ("Transfer-Encoding", "chunked")


def found(body, *headers, **options):
    """Give code and place of what is wrong with a body."""
    violations = check_request("POST", URL, (*IN_JSON, *headers), body, **options)
    return [(each.code, each.pointer) for each in violations]


@pytest.mark.parametrize(
    "headers", [(), (GZIP,), (("Content-Encoding", "identity"),), (("Content-Encoding", "br"),), (CHUNKED,)]
)
def test_decoded_already(headers):
    """A body that was decoded when it was captured is judged, whatever the headers say."""
    assert found(TEXT, *headers) == []
    assert found(EVENT, *headers) == []


def test_not_encoded():
    """What is said not to be encoded is judged as it is."""
    assert found(b"xxx", ("Content-Encoding", "identity")) == [("TC001", "/body")]


def test_compressed():
    """A compressed body is judged as what it was before."""
    assert found(gzip.compress(TEXT), GZIP) == []
    assert found(gzip.compress(b'{"a"'), ("Content-Encoding", " GZIP ")) == [("TC001", "/body")]
    assert found(b"", GZIP) == [("TC008", "/body")]


@pytest.mark.parametrize(
    ("body", "header"),
    [
        (gzip.compress(TEXT, mtime=0)[:-20], GZIP),
        (gzip.compress(TEXT, mtime=0)[:5] + b"xxxxx", GZIP),
        (b"\x1f\x8bxxx", GZIP),
        (b"xxx", GZIP),
        (zlib.compress(TEXT), ("Content-Encoding", "deflate")),
        (b"\x0b\x02\x80", ("Content-Encoding", "br")),
        (b"a\r\n{}\r\n0\r\n", CHUNKED),
        (b"1F;x=y\n{}", CHUNKED),
    ],
)
def test_unreadable(body, header):
    """What cannot be read is said to be so, and nothing else is said of it."""
    assert found(body, header) == [("TC042", "/body")]
    assert examine_request("POST", URL, (*IN_JSON, header), body).answer.statuses == ()


def test_bombs():
    """What is small and becomes too long is unreadable."""
    assert found(gzip.compress(b" " * 10_000), GZIP, limits=Limits(length=9_999)) == [("TC042", "/body")]


def test_bulk():
    """Lines are compressed too, and unreadable too."""
    url = "https://api.commander1.com/v2/3315/products/bulk"
    headers = (("Content-Type", "application/x-ndjson"), ("Authorization", f"Bearer {TOKEN}"), GZIP)
    assert check_request("POST", url, headers, gzip.compress(b'{"id": "a"}\n{"id": "b"}')) == []
    [violation] = check_request("POST", url, headers, b"xxx")
    assert (violation.code, violation.pointer) == ("TC042", "/body")
