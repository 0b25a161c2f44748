from __future__ import annotations

import gzip
import json
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tcspec.errors import UnreadablePayload
from tcspec.files.documents import Document, iter_documents
from tcspec.jsontext.reader import DEFAULT_LIMITS, Limits


def read(path: object, limits: Limits = DEFAULT_LIMITS) -> list[Document]:
    """Read the documents of a file."""
    return list(iter_documents(str(path), limits))


@pytest.mark.parametrize("name", ["a.ndjson", "a.jsonl", "a.ndjson.gz", "a.jsonl.gz"])
def test_names_of_lines(tmp_path, name):
    """Files with names of NDJSON hold a document a line; blank lines are none, and line endings are set apart."""
    content = b'\n{"a":\r\n \t\r\n1'
    (tmp_path / name).write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    assert read(tmp_path / name) == [Document(b'{"a":', 2, ending=b"\r\n"), Document(b"1", 4)]


@pytest.mark.parametrize("name", ["a.json", "a.json.gz"])
def test_names_of_documents(tmp_path, name):
    """Files with names of JSON hold one document, whatever is in them."""
    content = b"1\n2\n"
    (tmp_path / name).write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    assert read(tmp_path / name) == [Document(content)]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda children: st.lists(children) | st.dictionaries(st.text(), children),
)


@given(
    value=JSON, indent=st.sampled_from([None, 0, 1, "\t"]), separators=st.sampled_from([(",", ":"), (" , ", "\n:\n")])
)
def test_a_document_is_told_by_its_text(tmp_path_factory, value, indent, separators):
    """Where the name of a file says nothing, a JSON text is read as the one document it is, over however many lines."""
    text = "\n" + json.dumps(value, indent=indent, separators=separators) + "\n\n"
    path = tmp_path_factory.mktemp("inputs") / "a.log"
    path.write_text(text, encoding="utf-8")
    (document,) = read(path)
    assert json.loads(document.raw) == value
    assert text.split("\n", document.line - 1)[-1].startswith(document.raw.decode().split("\n")[0])


@given(values=st.lists(JSON, min_size=2))
def test_lines_are_told_by_their_text(tmp_path_factory, values):
    """Where the name of a file says nothing, several JSON texts are read as the lines they are."""
    path = tmp_path_factory.mktemp("inputs") / "a.log"
    path.write_text("\n\n".join(map(json.dumps, values)), encoding="utf-8")
    found = read(path)
    assert [json.loads(document.raw) for document in found] == values
    assert [document.line for document in found] == [1 + 2 * index for index in range(len(values))]


def test_a_broken_first_line_is_a_line(tmp_path):
    """A stream whose first line is broken is still a stream."""
    path = tmp_path / "a.log"
    path.write_bytes(b'event=login\n{"a": 1}\n')
    assert [document.raw for document in read(path)] == [b"event=login", b'{"a": 1}']


def test_nothing(tmp_path):
    """Where the name of a file says nothing, no text is no document."""
    path = tmp_path / "a.log"
    path.write_bytes(b"\n \n")
    assert read(path) == []


@pytest.mark.parametrize("name", ["a.json", "a.ndjson", "a.log"])
def test_too_long(tmp_path, name):
    """Of a document over the limit only the beginning is held, and asking for all of it is refused."""
    path = tmp_path / name
    path.write_bytes(b"1" * 100)
    (document,) = read(path, Limits(length=10))
    assert document.too_long
    assert len(document.raw) <= 12
    with pytest.raises(UnreadablePayload, match="longer than the 10 bytes") as refused:
        document.whole(Limits(length=10))
    assert refused.value.violations[0].code == "TC007"


def test_exactly_long_enough(tmp_path):
    """A document or line of just the limit is read; its line ending does not count."""
    for name, content in (("a.json", b"1" * 10), ("a.ndjson", b"1" * 10 + b"\r\n"), ("a.log", b"1" * 10 + b"\n2")):
        (tmp_path / name).write_bytes(content)
        assert read(tmp_path / name, Limits(length=10))[0].whole(DEFAULT_LIMITS) == b"1" * 10


def test_too_long_after_blank_lines(tmp_path):
    """Any number of blank lines within a document costs no more memory than the limit."""
    path = tmp_path / "a.log"
    path.write_bytes(b"[\n" + b"\n" * 1000 + b"1]")
    (document,) = read(path, Limits(length=10))
    assert document.too_long
    assert len(document.raw) < 20


def test_a_second_line_that_is_too_long(tmp_path):
    """A stream goes on after a line over the limit."""
    path = tmp_path / "a.log"
    path.write_bytes(b"1\n" + b"2" * 100 + b"\n3")
    assert [(document.line, document.too_long) for document in read(path, Limits(length=10))] == [
        (1, False),
        (2, True),
        (3, False),
    ]


def test_standard_input():
    """A dash is standard input, whose text tells what it is."""
    with mock.patch("sys.stdin") as stdin:
        stdin.buffer.readline.side_effect = [b"{\n", b'"a": 1}\n']
        stdin.buffer.read.side_effect = [b""]
        assert read("-") == [Document(b'{\n"a": 1}\n')]
