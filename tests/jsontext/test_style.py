from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tcspec.jsontext.style import COMPACT, JsonStyle, detect_style, reformat

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
    style=st.sampled_from([JsonStyle(), COMPACT, JsonStyle("\t", "\r\n")]),
)
def test_values_stay(value, indent, separators, style):
    """No style changes a value."""
    text = json.dumps(value, indent=indent, separators=separators)
    assert json.loads(reformat(text, style)) == value


@given(value=JSON, indent=INDENTS)
def test_pretty_and_compact(value, indent):
    """Pretty and compact are the formats of the standard library."""
    text = json.dumps(value, indent=indent, ensure_ascii=False)
    assert reformat(text, JsonStyle()) == json.dumps(value, indent=2, ensure_ascii=False)
    assert reformat(text, COMPACT) == json.dumps(value, separators=(",", ":"), ensure_ascii=False)


@pytest.mark.slow
@given(value=JSON, indent=INDENTS, separators=st.sampled_from([(",", ":"), (", ", ": "), (",", ": ")]))
def test_detected_styles(value, indent, separators):
    """A text of the standard library is unchanged when it is reformatted in its own style."""
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
def test_styles_of_people(text):
    """Containers on one line stay there, line ends stay, and values stay as they are written."""
    assert reformat(text, detect_style(text)) == text


def test_compact_parts_in_an_indented_text():
    """A compact part is formatted as the rest of the text, but arrays stay on one line where others do."""
    broken = detect_style('{\n  "a": [\n    1\n  ]\n}')
    assert reformat('{"a":[1,2],"b":{"c":3}}', broken) == json.dumps({"a": [1, 2], "b": {"c": 3}}, indent=2)
    inline = detect_style('{\n  "a": [1]\n}')
    assert reformat('{"a":[1,2],"b":{"c":3}}', inline) == '{\n  "a": [1,2],\n  "b": {\n    "c": 3\n  }\n}'


def test_a_text_that_is_indented_as_a_whole():
    """The indentation of a level does not include that of the closing bracket."""
    text = '{\n      "a": {\n        "b": 1\n      }\n    }'
    assert detect_style(text).indent == "  "
