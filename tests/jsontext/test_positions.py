"""The values of a JSON text in any style are found: by pointer, by line and column, from start to end."""

from __future__ import annotations

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategies.documents import serialize, serialized
from tcspec.jsontext.pointer import join
from tcspec.jsontext.positions import (
    BRACKET_OR_STRING,
    TOKEN,
    Cursor,
    ValuePosition,
    find_end,
    find_span,
    indent_at,
    iter_children,
    iter_values,
    locate,
    locate_all,
    locate_offset,
)
from tcspec.strategies.values import json_values, texts

_odd_names = st.one_of(texts, st.sampled_from(("", "/", "~1", "~01", "0", '"', "\\", "😀", "é", "a\nb", "{", "[1]")))
values = json_values(_odd_names, max_leaves=12)


class Writer:
    """Writes a JSON text with white space around every token, and records where each value starts."""

    def __init__(self, rng):
        self.text = ""
        self.starts = {}
        self.rng = rng

    def write_space(self):
        """Write some of the white space that JSON allows, or none."""
        self.text += "".join(self.rng.choices((" ", "\t", "\n", "\r", "\r\n", ""), k=self.rng.randrange(4)))

    def write(self, value, path=()):
        """Write a value and everything in it."""
        self.write_space()
        self.starts[path] = len(self.text)
        if isinstance(value, dict | list):
            opening, closing = "{}" if isinstance(value, dict) else "[]"
            children = value.items() if isinstance(value, dict) else enumerate(value)
            self.text += opening
            for count, (key, child) in enumerate(children):
                self.text += "," if count else ""
                if isinstance(value, dict):
                    self.write_space()
                    self.text += serialize(key, self.rng)
                    self.write_space()
                    self.text += ":"
                self.write(child, (*path, key))
            self.write_space()
            self.text += closing
        else:
            self.text += serialize(value, self.rng)
        self.write_space()


@st.composite
def written_values(draw):
    """Draw a value that was written with random white space."""
    writer = Writer(random.Random(draw(st.integers(0, 2**32))))  # noqa: S311 - white space, not secrets
    writer.write(draw(values))
    return writer


def count_lines(text, offset):
    """Count lines and columns character by character."""
    line = column = 1
    for character in text[:offset]:
        line, column = (line + 1, 1) if character == "\n" else (line, column + 1)
    return line, column


@given(written_values())
def test_locates_every_value(written):
    """Every pointer of a document leads to the line and column at which its value was written."""
    expected = {join(path): count_lines(written.text, start) for path, start in written.starts.items()}
    assert locate_all(written.text, expected) == expected
    assert {pointer: locate(written.text, pointer) for pointer in expected} == expected


@given(written_values())
def test_iterates_in_document_order(written):
    """Every value is yielded once, where it was written, parents before children and in the order of the text."""
    found = list(iter_values(written.text))
    assert [(position.path, position.start) for position in found] == list(written.starts.items())
    assert not any(position.is_duplicate for position in found)


@given(written_values())
def test_finds_keys(written):
    """The key of a member starts at its quote; an item of an array starts at its value."""
    for position in iter_values(written.text):
        start = written.text[position.key_start]
        assert position.key_start <= position.start
        is_member = position.path[-1:] and isinstance(position.path[-1], str)
        assert start == '"' if is_member else position.key_start == position.start


@given(serialized(json_values()))
def test_spans_agree_with_positions(drawn):
    """The span of every value starts where the value does, and is that value and its key as JSON texts."""
    text = drawn[1].decode()
    for position in iter_values(text):
        span = find_span(text, tuple(map(str, position.path)))
        assert (span.start, span.key_start) == (position.start, position.key_start)
        assert span.end == find_end(text, span.start)
        json.loads(text[span.start : span.end])
        if position.path and isinstance(position.path[-1], str):
            assert json.loads(text[span.key_start : span.key_end]) == position.path[-1]


@given(serialized(json_values()))
def test_tokens_cover_the_text(drawn):
    """The tokens of a JSON text are all of it but white space, and each string is one token."""
    text = drawn[1].decode()
    tokens = [token[0] for token in TOKEN.finditer(text)]
    assert "".join(TOKEN.sub("", text).split()) == ""
    assert all(json.loads(token) is not None for token in tokens if token.startswith('"'))
    brackets = [token for token in tokens if token in ("{", "}", "[", "]")]
    assert brackets == [found[0] for found in BRACKET_OR_STRING.finditer(text) if found[0][0] != '"']


@pytest.mark.parametrize(
    ("text", "pointer", "expected"),
    [
        ("1", "", (1, 1)),
        (' \r\n "a"', "", (2, 2)),
        ('{"a":\r\n  1,\r\n"b":2}', "/a", (2, 3)),
        ('{"a":\r\n  1,\r\n"b":2}', "/b", (3, 5)),
        ('{"a":\r1}', "/a", (1, 7)),
        ('{"😀": "😀😀", "b": 1}', "/b", (1, 18)),
        ('{"e\u0301": 1}', "/e\u0301", (1, 8)),
        ('{"\\u0061\\/b": 1}', "/a~1b", (1, 15)),
        ('{"a": {"b": [0, {"c": null}]}}', "/a/b/1/c", (1, 23)),
        ('{"a\u2028b":\n\u2028"x"}'.replace("\n\u2028", "\n"), "/a\u2028b", (2, 1)),
    ],
)
def test_counts_code_points(text, pointer, expected):
    """Only a line feed ends a line, and a column is a code point, however wide or composed it is."""
    assert locate(text, pointer) == expected


@pytest.mark.parametrize(
    ("text", "pointer"),
    [('{"a": 1}', "/b"), ('{"a": 1}', "/a/0"), ("[1]", "/1"), ("[1]", "/-"), ("[[1]]", "/0/0/0"), ("1", "/")],
)
def test_missing_values_are_not_located(text, pointer):
    """A lookup error names the pointer without a value, even when others have one."""
    with pytest.raises(LookupError, match=pointer):
        locate_all(text, ["", pointer])


@pytest.mark.parametrize("path", [("b",), ("a", "3"), ("a", "x"), ("a", "01"), ("c", "0")])
def test_missing_values_have_no_span(path):
    """A lookup error names the first pointer without a value."""
    with pytest.raises(IndexError, match="there is no value at /"):
        find_span('{"a": [1, 2], "c": "text"}', path)


def test_a_scalar_has_no_children():
    """A string or number has no children."""
    text = ' "text" '
    assert list(iter_children(text, find_span(text, ()))) == []


def test_indentation():
    """The indentation at an offset is the white space that its line starts with."""
    text = '{\n \t "a": 1, "b": 2\n}'
    assert [indent_at(text, text.index(each)) for each in ('"a"', '"b"', "}")] == [" \t ", " \t ", ""]
    assert indent_at("  {}", 2) == "  "


def test_duplicates_are_marked():
    """A key that came before in the same object marks its value; the same key in another object does not."""
    text = '{"a": 1, "b": {"a": 2}, "\\u0061": 3, "c": [{"a": 4}, {"a": 5}]}'
    assert [found for found in iter_values(text) if found.is_duplicate] == [
        ValuePosition(("a",), 34, 24, is_duplicate=True)
    ]


def test_the_first_of_duplicates_is_located():
    """Of the values of a duplicate key the first is located."""
    assert locate('{"a": 1,\n "a": 2}', "/a") == (1, 7)


def test_no_pointers():
    """Without pointers nothing is located."""
    assert locate_all("[1]", []) == {}


@given(st.text(st.sampled_from("ab\n\r😀")), st.data())
def test_offsets(text, data):
    """Every offset of every text has the line and column that counting characters gives."""
    offset = data.draw(st.integers(0, len(text)))
    assert locate_offset(text, offset) == count_lines(text, offset)


@given(st.data(), texts)
def test_a_cursor_counts_like_single_offsets(data, text):
    """A cursor returns the same lines and columns for offsets in any order."""
    cursor = Cursor(text)
    for offset in data.draw(st.lists(st.integers(0, len(text)), max_size=5)):
        assert cursor.locate(offset) == count_lines(text, offset)
