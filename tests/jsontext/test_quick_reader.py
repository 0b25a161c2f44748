"""The quick reader reads what the strict reader reads, and leaves the rest to it."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given

from fixture_files import FIXTURES
from strategies.documents import duplicate_keys, hostile_documents, serialized
from tcspec.jsontext.quick_reader import UNUSUAL, read_usual
from tcspec.jsontext.reader import DEFAULT_LIMITS, Limits, read_strictly
from tcspec.strategies.values import json_values

MOST = 0.95


def check_same(raw):
    """Check that a document is read alike by both readers, or left to the strict one."""
    value = read_usual(raw, DEFAULT_LIMITS)
    # Encoded, so that types and key order count.
    assert value is UNUSUAL or json.dumps(value) == json.dumps(read_strictly(raw))


@given(serialized(json_values()))
def test_same_values(drawn):
    """A document in any notation is read as the strict reader reads it, or left to it."""
    check_same(drawn[1])


@given(hostile_documents)
@example(b'{"a":1,"a":2}')
@example(b'{"a" :1,"a":2}')
@example(b'{"a":1,"a"\n:2}')
@example(b'{"a":1,"a"\t:2}')
@example(b'{"a":1,"a"\r:2}')
@example(b'{"a":1,"a":"\\u0022:"}')
@example(b'{"a":1,"a":"\\"\\u003a"}')
@example(b'{"a":1,"a":"\\"\\u003A"}')
@example(b'{"a":"\\":","a":"\\":\\":"}')
@example(b'{"a":{"b":1,"b":2}}')
@example(b"[18446744073709551616]")
@example(b"[-9223372036854775809]")
@example(b"[18446744073709551616 ]")
@example(b"[1.0, -0, -0.0, 1E5, 1e400]")
@example(b'["\\ud800"]')
@example(b"\xef\xbb\xbf[]")
@example(b'["\xff"]')
def test_no_hostile_document_is_read(raw):
    """A document that the strict reader refuses is left to it."""
    check_same(raw)


@given(duplicate_keys())
def test_no_duplicate_key_is_read(drawn):
    """A document with a duplicate key at any depth is left to the strict reader."""
    assert read_usual(drawn[0].encode(), DEFAULT_LIMITS) is UNUSUAL


@pytest.mark.parametrize("limits", [Limits(depth=2), Limits(length=8)])
def test_limits(limits):
    """A document beyond the limits is left to the strict reader."""
    assert read_usual(b"[[[1,2]]]", limits) is UNUSUAL
    assert read_usual(b"[[1]]", limits) == [[1]]


def test_most_documents():
    """Most documents are read by the quick reader, compact or not."""
    files = [path.read_bytes() for path in FIXTURES.rglob("valid/**/*.json")]
    compact = [json.dumps(json.loads(raw), separators=(",", ":")).encode() for raw in files]
    for documents in (files, compact):
        read = [raw for raw in documents if read_usual(raw, DEFAULT_LIMITS) is not UNUSUAL]
        assert len(read) > MOST * len(documents) > 0
