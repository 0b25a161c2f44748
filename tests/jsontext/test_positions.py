"""A pointer and its value's line and column find each other in a JSON text of any layout."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategies.documents import spell
from strategies.values import json_values, texts
from tcspec.jsontext.pointer import join
from tcspec.jsontext.positions import Cursor, Found, line_and_column, locate, locate_all, scan

_odd_names = st.one_of(texts, st.sampled_from(("", "/", "~1", "~01", "0", '"', "\\", "😀", "é", "a\nb", "{", "[1]")))
values = json_values(_odd_names, max_leaves=12)


class Layout:
    """A JSON text under way, which remembers where each value starts."""

    def __init__(self, rng):
        self.text = ""
        self.starts = {}
        self.rng = rng

    def space(self):
        """Add some of the whitespace that JSON allows, or none."""
        self.text += "".join(self.rng.choices((" ", "\t", "\n", "\r", "\r\n", ""), k=self.rng.randrange(4)))

    def put(self, value, path=()):
        """Add a value and all that is in it, with whitespace around every token."""
        self.space()
        self.starts[path] = len(self.text)
        if isinstance(value, dict | list):
            opening, closing = "{}" if isinstance(value, dict) else "[]"
            children = value.items() if isinstance(value, dict) else enumerate(value)
            self.text += opening
            for count, (key, child) in enumerate(children):
                self.text += "," if count else ""
                if isinstance(value, dict):
                    self.space()
                    self.text += spell(key, self.rng)
                    self.space()
                    self.text += ":"
                self.put(child, (*path, key))
            self.space()
            self.text += closing
        else:
            self.text += spell(value, self.rng)
        self.space()


@st.composite
def layouts(draw):
    """Draw a value laid out in some way."""
    layout = Layout(random.Random(draw(st.integers(0, 2**32))))  # noqa: S311 - whitespace, not secrets
    layout.put(draw(values))
    return layout


def place(text, offset):
    """Count lines and columns character by character."""
    line = column = 1
    for character in text[:offset]:
        line, column = (line + 1, 1) if character == "\n" else (line, column + 1)
    return line, column


@given(layouts())
def test_finds_every_value(layout):
    """Every pointer of a document leads to the line and column at which its value was written."""
    expected = {join(path): place(layout.text, start) for path, start in layout.starts.items()}
    assert locate_all(layout.text, expected) == expected
    assert {pointer: locate(layout.text, pointer) for pointer in expected} == expected


@given(layouts())
def test_walks_in_document_order(layout):
    """A walk meets every value once, where it was written, the outer before the inner and the first before the next."""
    met = list(scan(layout.text))
    assert [(found.path, found.value) for found in met] == list(layout.starts.items())
    assert not any(found.duplicate for found in met)


@given(layouts())
def test_tells_where_keys_start(layout):
    """A member of an object starts at the quote of its key, an item of an array at its value."""
    for found in scan(layout.text):
        start = layout.text[found.key]
        assert found.key <= found.value
        assert start == '"' if isinstance(found.path[-1:] and found.path[-1], str) else found.key == found.value


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
    """Lines end with a line feed only, and a column is a code point, however wide or composed it looks."""
    assert locate(text, pointer) == expected


@pytest.mark.parametrize(
    ("text", "pointer"),
    [('{"a": 1}', "/b"), ('{"a": 1}', "/a/0"), ("[1]", "/1"), ("[1]", "/-"), ("[[1]]", "/0/0/0"), ("1", "/")],
)
def test_misses_what_is_not_there(text, pointer):
    """A pointer that leads nowhere is named, even when others lead somewhere."""
    with pytest.raises(LookupError, match=pointer):
        locate_all(text, ["", pointer])


def test_duplicates_are_marked():
    """A key that came before in the same object marks its value; the same key elsewhere does not."""
    text = '{"a": 1, "b": {"a": 2}, "\\u0061": 3, "c": [{"a": 4}, {"a": 5}]}'
    assert [found for found in scan(text) if found.duplicate] == [Found(("a",), 34, 24, duplicate=True)]


def test_the_first_of_duplicates_is_located():
    """Of a key that is given twice the first value is found."""
    assert locate('{"a": 1,\n "a": 2}', "/a") == (1, 7)


def test_nothing_is_asked_for():
    """Where no pointer is asked for, none is found."""
    assert locate_all("[1]", []) == {}


@given(st.text(st.sampled_from("ab\n\r😀")), st.data())
def test_offsets(text, data):
    """Any offset of any text has the line and column that counting gives."""
    offset = data.draw(st.integers(0, len(text)))
    assert line_and_column(text, offset) == place(text, offset)


@given(st.data(), texts)
def test_a_cursor_counts_as_one_count_each(data, text):
    """Whatever offsets are asked for in whatever order, a cursor tells the line and column that counting gives."""
    cursor = Cursor(text)
    for offset in data.draw(st.lists(st.integers(0, len(text)), max_size=5)):
        assert cursor.place(offset) == place(text, offset)
