from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tcspec.jsontext.style import COMPACT, PRETTY, JsonStyle, detect_style, reformat

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda children: st.lists(children) | st.dictionaries(st.text(), children),
)
INDENTS = st.sampled_from([None, 0, 2, 4, "\t", "   "])
SEPARATORS = st.sampled_from([(",", ":"), (", ", ": "), (",", ": "), (", ", " : ")])


@given(
    value=JSON,
    indent=INDENTS,
    separators=SEPARATORS,
    layout=st.sampled_from([PRETTY, COMPACT, JsonStyle("\t", "\r\n")]),
)
def test_values_stay(value, indent, separators, layout):
    """No layout changes a value."""
    text = json.dumps(value, indent=indent, separators=separators)
    assert json.loads(reformat(text, layout)) == value


@given(value=JSON, indent=INDENTS)
def test_known_layouts(value, indent):
    """Pretty and compact are what the standard library calls so."""
    text = json.dumps(value, indent=indent, ensure_ascii=False)
    assert reformat(text, PRETTY) == json.dumps(value, indent=2, ensure_ascii=False)
    assert reformat(text, COMPACT) == json.dumps(value, separators=(",", ":"), ensure_ascii=False)


@given(value=JSON, indent=INDENTS, separators=st.sampled_from([(",", ":"), (", ", ": "), (",", ": ")]))
def test_detected_layouts(value, indent, separators):
    """What the standard library laid out comes out unchanged in the layout that is found in it."""
    if indent is not None:
        separators = (",", separators[1])
    text = json.dumps(value, indent=indent, separators=separators)
    assert reformat(text, detect_style(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        '{\n  "list": ["a", "b"],\n  "object": { "c": 1 },\n  "none": [],\n  "one": ["x"]\n}',
        '{\r\n\t"a": {\r\n\t\t"b": 1E5\r\n\t}\r\n}',
        '[\n    1.10,\n    "\\/ \\u00e9",\n    12345678901234567890123\n]',
        '{"a": [1, 2], "b": {"c": null}}',
        "7",
        "{}",
    ],
)
def test_layouts_of_people(text):
    """What stands on one line stays there, line ends stay, and values keep their spelling."""
    assert reformat(text, detect_style(text)) == text


def test_compact_parts_in_an_indented_text():
    """What came in compact is laid out as the rest is, but lists stay on a line where others do."""
    broken = detect_style('{\n  "a": [\n    1\n  ]\n}')
    assert reformat('{"a":[1,2],"b":{"c":3}}', broken) == json.dumps({"a": [1, 2], "b": {"c": 3}}, indent=2)
    inline = detect_style('{\n  "a": [1]\n}')
    assert reformat('{"a":[1,2],"b":{"c":3}}', inline) == '{\n  "a": [1,2],\n  "b": {\n    "c": 3\n  }\n}'
