"""Messages for syntax errors say what to write, the same in every version of Python."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tcspec.jsontext.syntax_errors import explain_syntax_error

COMMA = "trailing comma before a closing bracket"
LITERAL = "invalid literal; true, false and null are written in lower case"
COMMENT = "comments are not allowed in JSON"
OPEN = "unexpected end of the JSON text; if it goes on in the next line, convert the file first: jq -c ."
BEFORE = "text before the JSON; remove it: sed 's/^[^{]*//'"
AROUND = "text around the JSON; write it alone"
URL = "text around a URL; of a pixel write the URL alone"
PERCENT = "a percent-encoded JSON text; decode it first"
BASE64 = "a JSON text in base64; decode it first: base64 -d"
SEVERAL_LINES = "a second JSON text follows the first; write one a line (jq -c .), in a file named .ndjson or .jsonl"


def explain(text):
    """Return the message and offset of the syntax error in a text."""
    with pytest.raises(json.JSONDecodeError) as refused:
        json.loads(text)
    return explain_syntax_error(refused.value, text)


@pytest.mark.parametrize(
    ("text", "message", "offset"),
    [
        ('{"a": 1,}', COMMA, 7),
        ('{"a": 1 ,\n\n}', COMMA, 8),
        ("[1, ]", COMMA, 2),
        ("[[1],\t]", COMMA, 4),
        ('{"a": 01}', "invalid number; leading zeros are not allowed", 7),
        ("[+1]", "invalid number; a number starts with a digit or a minus sign", 1),
        ("[1.]", "invalid number; a decimal point has digits on both sides", 2),
        ("[True]", LITERAL, 1),
        ("[None]", LITERAL, 1),
        ("{'a': 1}", "keys and strings are written in double quotes", 1),
        ('{"a": 1} // done', COMMENT, 9),
        ("# yaml", COMMENT, 0),
        ('["\t"]', "control character in a string; line breaks and tabs are written as escapes", 2),
        ('["\\x"]', "invalid escape in a string; a backslash is written as \\\\", 2),
        ('["\\u12"]', "invalid escape in a string; \\u is followed by four hexadecimal digits", None),
        ('["a', "unterminated string", 1),
        ('{"a": ', "unexpected end of the JSON text", None),
        ("{", OPEN, 1),
        (" [ \r", OPEN, 4),
        ("2024-06-10T08:00:00Z app: {}", BEFORE, 4),
        ('D/OkHttp(1): {"a": {"b": 1}} \n', BEFORE, 0),
        ("data: [{}]", AROUND, 0),
        ("<a>{}</a>", "markup, not JSON; of a pixel write the URL alone", 0),
        ('Jun 10 [12]: {"a": "{}"}', BEFORE, 0),
        ("callback({});", AROUND, 0),
        ('x = {"a": 1};', AROUND, 0),
        ("[12] {}", "a second JSON text follows the first on the same line; write one a line", 5),
        ("a {b} {", "expecting value", 0),
        ("- https://x/events?tc_s=1", URL, 0),
        ("1. https://x/events?tc_s=1", URL, 1),
        ("HTTPS://x/events?tc_s=1\t200", URL, 0),
        ("%7B%22a%22%3A%201%7D", PERCENT, 0),
        ("data=%7b%22a%22:+1%7d&x=%5B1", PERCENT, 0),
        ("%7Ba", "expecting value", 0),
        ("data=%22a%22", "expecting value", 0),
        ('{\\"a\\": 1}', "a backslash outside of a string; unescape the text of a string first", 1),
        ('{"a"=>1}', "a name is followed by a colon", 4),
        ("eyJhIjogMX0=", BASE64, 0),
        ("\n ewogICJhIjogMQp9\r\n", BASE64, 2),
        ("W3siYSI6IDF9\nXQ\n", BASE64, 0),
        ("ImEi", "expecting value", 0),
        ("eyJhIjog", "expecting value", 0),
        ("{} {}", "a second JSON text follows the first on the same line; write one a line", 3),
        ("{}[]", "a second JSON text follows the first on the same line; write one a line", 2),
        ("{}\r{}", "a second JSON text follows the first on the same line; a carriage return alone ends no line", 3),
        ("{}\n{}", "a second JSON text follows the first; name files with one text a line .ndjson or .jsonl", 3),
        ('{\n"a": 1\n}\n{}', SEVERAL_LINES, 11),
    ],
)  # fmt: skip
def test_usual_mistakes(text, message, offset):
    """Each of the usual mistakes has a message of its own and the offset where it is."""
    found = explain(text)
    assert found[0] == message
    assert offset in (None, found[1])


@given(st.text(alphabet="{}[],:\"'\\ \n1230.eE+-truefalsnN#/x", max_size=12))
def test_every_mistake_has_a_message_and_an_offset(text):
    """Every text that is not JSON has a message, and an offset within the text."""
    try:
        json.loads(text)
    except json.JSONDecodeError as refused:
        message, offset = explain_syntax_error(refused, text) if text.strip() else ("empty", 0)
        assert message[0].islower()
        assert 0 <= offset <= len(text)
