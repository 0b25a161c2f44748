"""Messages for texts that are not JSON, which say what to write instead."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

if TYPE_CHECKING:
    from json import JSONDecodeError

_CLOSING_BRACKET = re.compile(r"\s*[}\]]")
_ANOTHER = "another request follows the JSON text (an .http file has ### before it)"
_AFTER = (
    (re.compile(r"HTTP/[0-9]"), "an HTTP response follows the JSON text"),
    (re.compile(r"(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|curl)\s"), _ANOTHER),
    (re.compile(","), "a comma follows the JSON text"),
    (re.compile(r"[<>]"), "a script, a reference to a file or a tag follows the JSON text"),
    (re.compile(r"[^\W\d_]{2}"), "words follow the JSON text"),
)
"""What stands behind a complete object or array, by how it starts."""
_MESSAGES = {
    "Invalid control character at": "control character in a string; line breaks and tabs are written as escapes",
    "Invalid \\escape": "invalid escape in a string; a backslash is written as \\\\",
    "Invalid \\uXXXX escape": "invalid escape in a string; \\u is followed by four hexadecimal digits",
    "Unterminated string starting at": "unterminated string",
}
_OF_JSON = ("", "{", "[", '"', "<", "#", "/", "'")
_AROUND = "text around the JSON; write it alone"
_BEFORE = "text before the JSON; remove it: sed 's/^[^{]*//'"
_AROUND_URL = "text around a URL; of a pixel write the URL alone"
_PERCENT_ENCODED = "a percent-encoded JSON text; decode it first"
_MOST_FIELDS = 20
_BASE64 = "a JSON text in base64; decode it first: base64 -d"
_LITERALS = "invalid literal; true, false and null are written in lower case"
_COMMENTS = "comments are not allowed in JSON"
_MESSAGES_BY_CHARACTER = {
    "/": _COMMENTS,
    "#": _COMMENTS,
    "<": "markup, not JSON; of a pixel write the URL alone",
    "'": "keys and strings are written in double quotes",
    "T": _LITERALS,
    "F": _LITERALS,
    "N": _LITERALS,
    "+": "invalid number; a number starts with a digit or a minus sign",
    "\\": "a backslash outside of a string; unescape the text of a string first",
    "=": "a name is followed by a colon",
    ".": "invalid number; a decimal point has digits on both sides",
}


def decode_base64(text: str) -> bytes | None:
    """Return the JSON object or array that a text is in base64; None for any other text.

    White space in it and the equals signs at its end do not matter.
    """
    # So base64 begins of what begins with a brace or a bracket.
    if text.lstrip()[:1] not in {"e", "W"}:
        return None
    digits = "".join(text.split()).rstrip("=")
    try:
        decoded = b64decode(digits + "=" * (-len(digits) % 4), validate=True)
        is_json = isinstance(json.loads(decoded, parse_int=str), dict | list)
    # Brackets without end are a RecursionError.
    except (ValueError, RecursionError):
        return None
    return decoded if is_json else None


def explain_syntax_error(error: JSONDecodeError, text: str) -> tuple[str, int]:
    """Return a message for what the decoder did not understand, and the offset that it is about."""
    # Looked for first: of `[1,]` the decoder says that a value is missing, which is not what to fix.
    comma = _find_trailing_comma(error, text)
    if comma is not None:
        return "trailing comma before a closing bracket", comma
    return _explain_other_text(error, text) or _message(error, text), error.pos


def _explain_other_text(error: JSONDecodeError, text: str) -> str | None:
    """Return what to do with a text that does not begin as JSON does, but has some in it; None for any other."""
    # What a decoder reads of it is nothing, or a number at its beginning.
    begun = text[: error.pos].strip().replace("-", "").replace(".", "")
    if text.lstrip()[:1] in _OF_JSON or not (begun.isalnum() or not begun):
        return None
    if decode_base64(text) is not None:
        return _BASE64
    if _is_percent_encoded(text):
        return _PERCENT_ENCODED
    start = text.find("{")
    if start >= 0:
        try:
            _, end = json.JSONDecoder().raw_decode(text, start)
        # Brackets without end are a RecursionError.
        except (ValueError, RecursionError):
            return None
        return _AROUND if text[end:].strip() else _BEFORE
    return _AROUND_URL if "\n" not in text.strip() and "://" in text else None


def _is_percent_encoded(text: str) -> bool:
    """Return whether a text is percent-encoded JSON, alone or as a field of a form."""
    for field in islice(text.split("&"), _MOST_FIELDS):
        value = field.rpartition("=")[2].strip()
        if value[:3].upper() in {"%7B", "%5B"}:
            try:
                json.loads(unquote_plus(value), parse_int=str)
            except (ValueError, RecursionError):
                continue
            return True
    return False


def _find_trailing_comma(error: JSONDecodeError, text: str) -> int | None:
    # Before Python 3.13 the decoder reports the bracket, since then the comma.
    end = len(text[: error.pos].rstrip())
    if text.startswith(",", error.pos):
        end = error.pos + 1
    return end - 1 if end and text[end - 1] == "," and _CLOSING_BRACKET.match(text, end) else None


def _describe_second(text: str, offset: int) -> str:
    # The decoder has skipped the white space in between.
    between = text[len(text[:offset].rstrip()) : offset]
    if "\n" in text[:offset].strip():
        return "a second JSON text follows the first; write one a line (jq -c .), in a file named .ndjson or .jsonl"
    if "\n" in between:
        return "a second JSON text follows the first; name files with one text a line .ndjson or .jsonl"
    advice = "a carriage return alone ends no line" if "\r" in between else "write one a line"
    return f"a second JSON text follows the first on the same line; {advice}"


def _message(error: JSONDecodeError, text: str) -> str:
    if error.msg == "Extra data" and text[error.pos] in '{["':
        return _describe_second(text, error.pos)
    if error.msg == "Extra data" and text[: error.pos].rstrip().endswith(("}", "]")):
        for start, message in _AFTER:
            if start.match(text, error.pos):
                return f"{message}, where it should end"
    # After the texts that follow a document: these are about what is there, this is about what is not.
    if error.pos >= len(text.rstrip()):
        # So each line of JSON text over several lines begins that is read as one of many.
        goes_on = "; if it goes on in the next line, convert the file first: jq -c ."
        return f"unexpected end of the JSON text{goes_on if text.strip() in {'{', '['} else ''}"
    if error.msg in _MESSAGES:
        return _MESSAGES[error.msg]
    character = text[error.pos]
    # The decoder reads the zero as a number and stops behind it.
    if character.isdigit() and text[error.pos - 1 : error.pos] == "0":
        return "invalid number; leading zeros are not allowed"
    return _MESSAGES_BY_CHARACTER.get(character, f"{error.msg[0].lower()}{error.msg[1:]}")
