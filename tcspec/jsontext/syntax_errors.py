"""Why a text is not JSON, in words that say what to do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from json import JSONDecodeError

_CLOSING = re.compile(r"\s*[}\]]")
_EXPLANATIONS = {
    "Invalid control character at": "a line break, tab or other control character in a text is written as an escape",
    "Invalid \\escape": "there is no such escape; a backslash itself is written twice",
    "Invalid \\uXXXX escape": "four hexadecimal digits follow \\u",
    "Unterminated string starting at": "this text has no closing quote",
}
_HINTS = {
    "/": "comments are no JSON",
    "#": "comments are no JSON",
    "'": "keys and texts stand in double quotes",
    "T": "true, false and null are written in lower case",
    "F": "true, false and null are written in lower case",
    "N": "true, false and null are written in lower case",
    "+": "a number starts with a digit or a minus sign",
    ".": "a number has digits on both sides of its point",
}


def explain_syntax_error(error: JSONDecodeError, text: str) -> tuple[str, int]:
    """Say what a parser stumbled over, how it is written right where that is plain, and where it stands."""
    comma = _trailing_comma(error, text)
    if comma is not None:
        return "a comma stands before the closing bracket", comma
    return _in_words(error, text), error.pos


def _trailing_comma(error: JSONDecodeError, text: str) -> int | None:
    # Before Python 3.13 the parser stumbles over the bracket, since then over the comma.
    end = len(text[: error.pos].rstrip())
    if text.startswith(",", error.pos):
        end = error.pos + 1
    return end - 1 if end and text[end - 1] == "," and _CLOSING.match(text, end) else None


def _in_words(error: JSONDecodeError, text: str) -> str:
    if error.msg == "Extra data" and text[error.pos] in '{["':
        return "a second JSON text follows the first; one a line is NDJSON, whose files are named .ndjson or .jsonl"
    if error.pos >= len(text.rstrip()):
        return "the JSON text ends too early"
    if error.msg in _EXPLANATIONS:
        return _EXPLANATIONS[error.msg]
    at = text[error.pos]
    if at.isdigit() and text[error.pos - 1 : error.pos] == "0":
        return "a number has no leading zero"
    return _HINTS.get(at, f"{error.msg[0].lower()}{error.msg[1:]}")
