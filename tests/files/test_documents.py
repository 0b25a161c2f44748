"""The documents of a file are found by its name, or else by its first lines, and no byte is dropped."""

from __future__ import annotations

import gzip
import io
import json
import sys
import tracemalloc
from types import SimpleNamespace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tcspec.errors import Severity, UnreadablePayload, Violation
from tcspec.files.documents import Document, FileType, detect_file_type, iter_contents
from tcspec.files.formats import explain_lines
from tcspec.jsontext.reader import DEFAULT_LIMITS, Limits

PARTS = st.sampled_from([b"{", b"}", b'{"a": 1}', b",", b"\n", b"\r\n", b" ", b"[1]", b'{"a":', b"x" * 40])
TEXTS = st.lists(PARTS, max_size=12).map(b"".join)
NAMES = st.sampled_from(["a.json", "a.ndjson", "a.txt", "a.har"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda children: st.lists(children) | st.dictionaries(st.text(), children),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Make one folder for all examples: making one for each takes longer than reading it."""
    return tmp_path_factory.mktemp("documents")


def read(path: object, limits: Limits = DEFAULT_LIMITS, **options) -> list[Document]:
    """Read the documents of a file."""
    return [each for each in iter_contents(str(path), limits, **options) if isinstance(each, Document)]


def join(contents):
    """Join everything in a file."""
    pieces = []
    for content in contents:
        pieces.append(content if isinstance(content, bytes) else content.raw + content.ending)
        pieces += () if isinstance(content, bytes) else content.rest or ()
    return b"".join(pieces)


@pytest.mark.parametrize(
    ("path", "file_type"),
    [
        ("event.json", FileType.JSON),
        ("event.json.gz", FileType.JSON),
        ("events.ndjson", FileType.NDJSON),
        ("events.jsonl", FileType.NDJSON),
        ("events.ndjson.gz", FileType.NDJSON),
        ("events.jsonl.gz", FileType.NDJSON),
        ("events.ndjson/event.json", FileType.JSON),
        ("requests.http", FileType.CAPTURE),
        ("requests.rest", FileType.CAPTURE),
        ("requests.har.gz", FileType.CAPTURE),
        ("ndjson", None),
        ("http", None),
        ("a.http.txt", None),
        ("events.log", None),
        ("events.json/log", None),
        ("-", None),
    ],
)
def test_file_types(path, file_type):
    """The suffix of a file is its type, before .gz when it is compressed."""
    assert detect_file_type(path) is file_type


class TestTypes:
    """The type of a file decides what its documents are."""

    @pytest.mark.parametrize("name", ["a.ndjson", "a.jsonl", "a.ndjson.gz", "a.jsonl.gz"])
    def test_ndjson(self, tmp_path, name):
        """NDJSON has a document a line; blank lines are none, and line endings do not belong to the document."""
        content = b'\n{"a":\r\n \t\r\n1'
        (tmp_path / name).write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
        assert read(tmp_path / name) == [Document(b'{"a":', 2, ending=b"\r\n"), Document(b"1", 4)]

    @pytest.mark.parametrize("name", ["a.json", "a.json.gz"])
    @pytest.mark.parametrize("content", [b"1\n2\n", b"", b"\n"])
    def test_json(self, tmp_path, name, content):
        """A JSON file is one document, whatever is in it."""
        (tmp_path / name).write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
        assert read(tmp_path / name) == [Document(content)]

    def test_lines_by_option(self, tmp_path):
        """With `as_lines` every file but a JSON file has a document a line."""
        for name, count in (("a.txt", 2), ("a.ndjson", 2), ("a.json", 1)):
            (tmp_path / name).write_bytes(b"?a=1,\n?b=2\n")
            assert len(read(tmp_path / name, as_lines=True)) == count

    def test_standard_input(self, monkeypatch):
        """A dash is standard input, whose first lines decide."""
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b'{\n"a": 1}\n')))
        assert read("-") == [Document(b'{\n"a": 1}\n')]


class TestFirstLines:
    """Where the name of a file does not show its type, the first two lines that are not blank do."""

    @given(
        value=JSON,
        indent=st.sampled_from([None, 0, 1, "\t"]),
        separators=st.sampled_from([(",", ":"), (" , ", "\n:\n")]),
    )
    def test_one_document(self, folder, value, indent, separators):
        """A JSON text is one document, over however many lines."""
        text = "\n" + json.dumps(value, indent=indent, separators=separators) + "\n\n"
        path = folder / "a.log"
        path.write_text(text, encoding="utf-8")
        (document,) = read(path)
        assert json.loads(document.raw) == value
        assert text.split("\n", document.line - 1)[-1].startswith(document.raw.decode().split("\n")[0])

    @given(values=st.lists(JSON, min_size=2))
    def test_several_documents(self, folder, values):
        """Several JSON texts are one document each."""
        path = folder / "a.log"
        path.write_text("\n\n".join(map(json.dumps, values)), encoding="utf-8")
        documents = read(path)
        assert [json.loads(document.raw) for document in documents] == values
        assert [document.line for document in documents] == [1 + 2 * index for index in range(len(values))]

    @pytest.mark.parametrize(
        ("text", "documents", "blank"),
        [
            (b'{\n"a": 1}\n', 1, b""),
            (b'\n\n{"a":\n\n1}', 1, b"\n\n"),
            (b'{"a"\n\n:1}', 1, b""),
            (b"{}\n\n \n{}\n", 2, b"\n \n"),
            (b"{}", 1, b""),
            (b"{}\n\n", 1, b"\n"),
            (b"", 0, b""),
            (b"\n", 0, b"\n"),
            (b'event=login\n{"a": 1}\n', 2, b""),
        ],
    )
    def test_examples(self, tmp_path, text, documents, blank):
        """A text continues after an opening bracket, a comma or a colon, and before a closing one."""
        (tmp_path / "a.log").write_bytes(text)
        contents = list(iter_contents(str(tmp_path / "a.log"), DEFAULT_LIMITS))
        assert sum(isinstance(content, Document) for content in contents) == documents
        assert b"".join(content for content in contents if isinstance(content, bytes)) == blank

    def test_many_blank_lines(self, tmp_path):
        """Any number of blank lines between the first two lines costs no more memory than the limit."""
        (tmp_path / "a.log").write_bytes(b"1\n" + b"\n" * 50_000 + b"2\n" + b"\n" * 50_000)
        tracemalloc.start()
        lines = [document.line for document in read(tmp_path / "a.log", Limits(length=1000))]
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert lines == [1, 50_002]
        assert peak < 500_000


class TestLimits:
    """Of a document that is too long only the beginning is read."""

    @pytest.mark.parametrize("name", ["a.json", "a.ndjson", "a.log"])
    def test_too_long(self, tmp_path, name):
        """A document over the limit is in memory up to the limit, and checking its length is an error."""
        path = tmp_path / name
        path.write_bytes(b"1" * 100)
        (document,) = read(path, Limits(length=10))
        assert 10 < len(document.raw) <= 12
        with pytest.raises(UnreadablePayload, match="maximum length of 10 bytes") as refused:
            document.check_length(Limits(length=10))
        assert refused.value.violations[0].code == "TC007"

    def test_exactly_long_enough(self, tmp_path):
        """A document or line of the maximum length is read; its line ending does not count."""
        for name, content in (("a.json", b"1" * 10), ("a.ndjson", b"1" * 10 + b"\r\n"), ("a.log", b"1" * 10 + b"\n2")):
            (tmp_path / name).write_bytes(content)
            assert read(tmp_path / name, Limits(length=10))[0].check_length(Limits(length=10)) == b"1" * 10

    def test_after_blank_lines(self, tmp_path):
        """Blank lines within a document count as its bytes."""
        path = tmp_path / "a.log"
        path.write_bytes(b"[\n" + b"\n" * 1000 + b"1]")
        (document,) = read(path, Limits(length=10))
        assert 10 < len(document.raw) < 20

    def test_second_line(self, tmp_path):
        """The documents after a line over the limit are read."""
        path = tmp_path / "a.log"
        path.write_bytes(b"1\n" + b"2" * 100 + b"\n3")
        documents = [(document.line, len(document.raw) > 10) for document in read(path, Limits(length=10))]
        assert documents == [(1, False), (2, True), (3, False)]


class TestContents:
    """Everything in a file is yielded in order, so that it can be written again."""

    @given(text=TEXTS, name=NAMES, limit=st.integers(1, 30), as_lines=st.booleans())
    def test_nothing_is_dropped(self, folder, text, name, limit, as_lines):
        """Documents and what is between them are all bytes of the file, at any limit."""
        path = folder / name
        path.write_bytes(text)
        assume(name == "a.json" or not explain_lines(text, is_ndjson=name == "a.ndjson"))
        assert join(iter_contents(str(path), Limits(length=limit), as_lines=as_lines)) == text

    @given(text=TEXTS, name=NAMES, as_lines=st.booleans())
    def test_lines(self, folder, text, name, as_lines):
        """Every document starts on the line that it names, and what is between documents is blank."""
        path = folder / name
        path.write_bytes(text)
        assume(name == "a.json" or not explain_lines(text, is_ndjson=name == "a.ndjson"))
        before = b""
        for content in iter_contents(str(path), DEFAULT_LIMITS, as_lines=as_lines):
            if isinstance(content, bytes):
                assert not content.strip()
            else:
                assert content.line == before.count(b"\n") + 1
            before += join([content])


@pytest.mark.parametrize(
    ("place", "expected"),
    [((None, None), (3, 5)), ((1, 1), (3, 5)), ((1, 4), (3, 8)), ((2, 4), (4, 4))],
)
def test_violations_are_located_in_the_file(place, expected):
    """A violation gets the pointer, line and column of its place in the file."""
    line, column = place
    violation = Violation("TC101", Severity.ERROR, "/a", "", line=line, column=column)
    located = Document(b"{}", 3, 5, "/batch/0").locate(violation)
    assert (located.pointer, located.line, located.column) == ("/batch/0/a", *expected)
