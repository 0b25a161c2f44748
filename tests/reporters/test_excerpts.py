"""The line of a violation, as it is shown."""

from __future__ import annotations

from dataclasses import replace

import pytest

from runs import SOURCE, VIOLATION
from tcspec.reporters.excerpts import LARGEST, excerpt
from tcspec.reporters.results import Source


def drawn(text, column, line=1, **source):
    """Draw the excerpt of a place: the line, and marks below it."""
    found = excerpt(Source(text.encode(), **source), replace(VIOLATION, line=line, column=column))
    return None if found is None else (found.text, " " * found.indent + "^" * found.width)


def test_marks():
    """The marks stand below the value, the line has no white space in front, and its number is that of the file."""
    found = excerpt(replace(SOURCE, line=7), replace(VIOLATION, line=8))
    assert (found.number, found.text) == (8, '"event_name": "purchase", "currency": "eur",')
    assert found.text[found.indent : found.indent + found.width] == '"eur"'


@pytest.mark.parametrize(
    ("text", "column", "text_shown", "marks"),
    [
        ('{"a": {"b": 1}}', 7, '{"a": {"b": *}}', "      ^"),
        ('\t{"a": 15,\t"b": 1}', 8, '{"a": **, "b": *}', "      ^^"),
        ('{"日本": "eu", "b": 1}', 8, '{"日本": "**", "b": *}', "         ^^^^"),
        ('{"a\u0301": 1, "b": 1}', 8, '{"a\u0301": *, "b": *}', "      ^"),
        ('{"context": {}, "type": "\x7f\u2028"}', 25, '{"context": {}, "type": "��"}', " " * 24 + "^^^^"),
        ("", 1, "", "^"),
        ('{"a":', 6, '{"a":', "     ^"),
    ],
)
def test_columns(text, column, text_shown, marks):
    """Marks stand where they belong, whatever characters are before them."""
    assert drawn(text, column) == (text_shown, marks)


def test_long_line():
    """Of a long line the part around the place is shown, and that there is more."""
    text = '{"numbers": [' + "1, " * 500 + '2], "currency": "eur", "others": [' + "1, " * 500 + "2]}"
    line, marks = drawn(text, 1 + text.index('"eur"'))
    assert line.startswith("…")
    assert line.endswith("…")
    assert len(line) < 110
    assert line[marks.index("^") :].startswith('"eur"')
    line, marks = drawn(text, 1)
    assert (line[:12], line[-1], marks) == ('{"numbers": ', "…", "^")


def test_long_value():
    """The marks of a long value end with what is shown of the line."""
    line, marks = drawn('{"event_name": "x", "a": "' + "y" * 500 + '"}', 26)
    assert len(marks) <= len(line) <= 110


@pytest.mark.parametrize(("line", "column"), [(None, None), (3, None), (5, 1), (1, 99)])
def test_no_place(line, column):
    """Nothing is shown where no place is known, or the text has none."""
    assert drawn('{"a": 1}', column, line) is None


def test_large():
    """Nothing is shown of a document that is very large."""
    assert drawn("1" * LARGEST, 1)
    assert drawn("1" * (LARGEST + 1), 1) is None


def test_masked():
    """What describes a person is not shown."""
    assert "ada" not in drawn(SOURCE.raw.decode(), 21, 3)[0]
