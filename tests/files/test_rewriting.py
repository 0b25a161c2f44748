from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tcspec.files.documents import iter_documents
from tcspec.files.lines import Source
from tcspec.files.rewriting import lines_of
from tcspec.jsontext.reader import Limits

PARTS = st.sampled_from([b"{", b"}", b'{"a": 1}', b",", b"\n", b"\r\n", b" ", b"[1]", b'{"a":', b"x" * 40])
TEXTS = st.lists(PARTS, max_size=12).map(b"".join)
NAMES = st.sampled_from(["a.json", "a.ndjson", "a.txt", "-"])


def read(name, text, limit, **how):
    """Read a text as a file of that name."""
    source = Source(name, io.BytesIO(text))
    return [
        (line, line.raw + b"".join(line.rest or ())) for line in lines_of(source, name, Limits(length=limit), **how)
    ]


@given(TEXTS, NAMES, st.integers(1, 30), st.booleans())
def test_nothing_is_left_out(text, name, limit, as_lines):
    """All that is read is all that is there, whatever the limit."""
    assert b"".join(raw for _, raw in read(name, text, limit, as_lines=as_lines)) == text


@given(text=TEXTS, name=st.sampled_from(["a.json", "a.ndjson", "a.txt"]))
def test_agrees_with_how_documents_are_read(tmp_path_factory, text, name):
    """What is not blank are the documents that other verbs see, on the same lines."""
    path = tmp_path_factory.mktemp("read") / name
    path.write_bytes(text)
    seen = [(document.raw.strip(), document.line) for document in iter_documents(str(path), Limits())]
    lines = [(line.content.strip(), line.number) for line, _ in read(name, text, 1000)]
    full = [line for line in lines if line[0]]
    assert full == seen if len(seen) > 1 else [content for content, _ in full] == [text.strip()] * bool(text.strip())


@pytest.mark.parametrize(
    ("text", "count"),
    [(b'{\n"a": 1}\n', 1), (b'\n\n{"a":\n\n1}', 1), (b"{}\n\n{}\n", 3), (b"{}", 1), (b"", 0), (b"\n", 1)],
)
def test_told_apart(text, count):
    """Where the name does not tell, the first two lines do that are not blank."""
    assert len(read("-", text, 1000)) == count


def test_pixels():
    """Pixels are read line by line in files of any name but .json."""
    assert len(read("a.txt", b"?a=1,\n?b=2\n", 100, as_lines=True)) == 2
    assert len(read("a.json", b"{\n}", 100, as_lines=True)) == 1
