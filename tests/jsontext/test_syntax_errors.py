"""Why a text is not JSON, in words that say what to do, the same in every Python."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tcspec.jsontext.syntax_errors import explain_syntax_error

COMMA = "a comma stands before the closing bracket"


def explanation(text):
    """Explain what the parser says of a text."""
    with pytest.raises(json.JSONDecodeError) as refused:
        json.loads(text)
    return explain_syntax_error(refused.value, text)


@pytest.mark.parametrize(
    ("text", "words", "offset"),
    [
        ('{"a": 1,}', COMMA, 7),
        ('{"a": 1 ,\n\n}', COMMA, 8),
        ("[1, ]", COMMA, 2),
        ("[[1],\t]", COMMA, 4),
        ('{"a": 01}', "a number has no leading zero", 7),
        ("[+1]", "a number starts with a digit or a minus sign", 1),
        ("[1.]", "a number has digits on both sides of its point", 2),
        ("[True]", "true, false and null are written in lower case", 1),
        ("[None]", "true, false and null are written in lower case", 1),
        ("{'a': 1}", "keys and texts stand in double quotes", 1),
        ('{"a": 1} // done', "comments are no JSON", 9),
        ("# yaml", "comments are no JSON", 0),
        ('["\t"]', "a line break, tab or other control character in a text is written as an escape", 2),
        ('["\\x"]', "there is no such escape; a backslash itself is written twice", 2),
        ('["\\u12"]', "four hexadecimal digits follow \\u", None),
        ('["a', "this text has no closing quote", 1),
        ('{"a": ', "the JSON text ends too early", None),
        ("{}\n{}", ("a second JSON text follows the first; one a line is NDJSON, whose files are named "
         ".ndjson or .jsonl"), 3),
    ],
)  # fmt: skip
def test_what_people_write_is_explained(text, words, offset):
    """Each of the usual mistakes is named where it stands, with what is right instead."""
    found = explanation(text)
    assert found[0] == words
    assert offset in (None, found[1])


@given(st.text(alphabet="{}[],:\"'\\ \n1230.eE+-truefalsnN#/x", max_size=12))
def test_every_mistake_has_words_and_a_place(text):
    """Whatever is no JSON is explained in a sentence, at a place in the text."""
    try:
        json.loads(text)
    except json.JSONDecodeError as refused:
        words, offset = explain_syntax_error(refused, text) if text.strip() else ("empty", 0)
        assert words
        assert words[0].islower() or words.startswith("the JSON")
        assert 0 <= offset <= len(text)
