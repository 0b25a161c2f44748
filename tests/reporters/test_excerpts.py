"""The line of a violation, with what the carets mark."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reporting import source_of
from runs import SOURCE, VIOLATION
from tcspec.reporters.excerpts import LARGEST, find_excerpt


def draw(text, column, line=1, **source):
    """Return the excerpt of a position: the line, and the carets below it."""
    found = find_excerpt(source_of(text.encode(), **source), replace(VIOLATION, line=line, column=column))
    return None if found is None else (found.text, " " * found.indent + "^" * found.width)


def test_marks():
    """The carets are below the value, the line has no white space in front, and its number is that of the file."""
    found = find_excerpt(SOURCE._replace(line=7), replace(VIOLATION, line=8))
    assert (found.number, found.text) == (8, '"event_name": "purchase", "currency": "eur",')
    assert found.text[found.indent : found.indent + found.width] == '"eur"'


@pytest.mark.parametrize(
    ("text", "column", "text_shown", "marks"),
    [
        ('{"a": {"b": 1}}', 7, '{"a": {"b": 1}}', "      ^"),
        ('\t{"a": 15,\t"b": 1}', 8, '{"a": 15, "b": 1}', "      ^^"),
        ('{"日本": "eu", "b": 1}', 8, '{"日本": "eu", "b": 1}', "         ^^^^"),
        ('{"a\u0301": 1, "b": 1}', 8, '{"a\u0301": 1, "b": 1}', "      ^"),
        ('{"event_name": "refund", "id": "\x7f\u2028"}', 32, '{"event_name": "refund", "id": "��"}', " " * 31 + "^^^^"),
        ('{"a":', 6, '{"a":', "     ^"),
    ],
)
def test_columns(text, column, text_shown, marks):
    """Carets are below the value, whatever characters are before it."""
    assert draw(text, column) == (text_shown, marks)


def test_long_line():
    """Of a long line the part around the value is shown, and that there is more."""
    numbers = "1, " * 500 + "2"
    text = f'{{"numbers": [{numbers}], "currency": "eur", "others": [{numbers}], "event_name": "refund"}}'
    line, marks = draw(text, 1 + text.index('"eur"'))
    assert line.startswith("…")
    assert line.endswith("…")
    assert len(line) < 110
    assert line[marks.index("^") :].startswith('"eur"')
    line, marks = draw(text, 1)
    assert (line[:12], line[-1], marks) == ('{"numbers": ', "…", "^")


def test_long_value():
    """The carets of a long value end with what is shown of the line."""
    line, marks = draw('{"event_name": "x", "a": "' + "y" * 500 + '"}', 26)
    assert len(marks) <= len(line) <= 110


@pytest.mark.parametrize(("line", "column"), [(None, None), (3, None), (5, 1), (1, 99)])
def test_no_place(line, column):
    """There is no excerpt where the position is not known, or is not in the text."""
    assert draw('{"a": 1}', column, line) is None


def test_large():
    """There is no excerpt of a very large document."""
    assert draw("1" * LARGEST, 1)
    assert draw("1" * (LARGEST + 1), 1) is None


def test_masked():
    """What describes a person is masked."""
    assert "ada" not in draw(SOURCE.raw.decode(), 21, 3)[0]


@pytest.mark.parametrize("text", ["", "{", "  [ ", "{\n1"])
def test_bracket(text):
    """There is no excerpt of a line of nothing but a bracket."""
    assert draw(text, 1) is None


@pytest.mark.parametrize(("text", "is_cut"), [('{"a": 1}', False), ('{"a": 1' + " " * 200 + "}", True)])
def test_cut(text, is_cut):
    """An excerpt states whether it is the whole line."""
    assert find_excerpt(source_of(text.encode()), replace(VIOLATION, line=1, column=2)).is_cut is is_cut
