from __future__ import annotations

import json

import pytest
from hypothesis import given

from strategies.documents import spelt
from strategies.values import json_values
from tcspec.jsontext.positions import scan
from tcspec.jsontext.spans import child, children, find, indent_at


@given(spelt(json_values()))
def test_agrees_with_the_walk_over_every_value(drawn):
    """Every value that a walk meets is found by its path, from its first byte to its last."""
    text = drawn[1].decode()
    for met in scan(text):
        node = find(text, tuple(map(str, met.path)))
        assert (node.start, node.key) == (met.value, met.key)
        json.loads(text[node.start : node.end])
        if met.path and isinstance(met.path[-1], str):
            assert json.loads(text[node.key : node.key_end]) == met.path[-1]


@pytest.mark.parametrize("path", [("b",), ("a", "3"), ("a", "x"), ("a", "01"), ("c", "0")])
def test_what_is_not_there(path):
    """What is not there is told with the first pointer that finds nothing."""
    with pytest.raises(IndexError, match="there is nothing at /"):
        find('{"a": [1, 2], "c": "text"}', path)


def test_a_scalar_holds_nothing():
    """A text or number has no children."""
    text = ' "text" '
    assert list(children(text, find(text, ()))) == []
    assert child(text, find(text, ()), "t") is None


def test_indentation():
    """The indentation of a place is the white space that its line begins with."""
    text = '{\n \t "a": 1, "b": 2\n}'
    assert [indent_at(text, text.index(each)) for each in ('"a"', '"b"', "}")] == [" \t ", " \t ", ""]
    assert indent_at("  {}", 2) == "  "
