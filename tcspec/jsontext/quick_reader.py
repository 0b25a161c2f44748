"""A quick reader: most documents are read by orjson, and proven to be read as the strict reader reads them.

orjson keeps the last of two members with the same key, and reads integers of more than 64 bits as floats. Both show
when what was read is written again: a document that comes out byte for byte as it was, but for white space, has
neither. Where the notation differs too (escapes, exponents), the members are counted: in a text without white space
before its colons they are the `":`, but for those in strings, of which as many come out as went in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson

if TYPE_CHECKING:
    from tcspec.jsontext.reader import Limits

UNUSUAL: Final = object()
"""What `read_usual` returns when it cannot tell whether a document is strict JSON."""

_DIGITS_AS_ZEROS = bytes.maketrans(b"123456789", b"0" * 9)
_LONG_NUMBER = b"0" * 19
"""The shortest run of digits that may be an integer of more than 64 bits."""

_WHITE_SPACE = b" \t\r\n"
"""Between tokens, and in strings, where a text that differs in nothing else has the same on both sides."""

_UNCOUNTABLE = (b" :", b"\n:", b"\r:", b"\t:", b"\\u0022", b"\\u003a", b"\\u003A")
"""What makes a `":` that stands in the text disappear from what is written, or appear in it."""


def read_usual(raw: bytes, limits: Limits) -> Any:  # noqa: ANN401 - any JSON value
    """Read a JSON document as the strict reader does; return UNUSUAL when only that can read it, or refuse it."""
    # Fewer brackets than levels are allowed are certainly not too deep. Replacing them is how to count them fast.
    if len(raw) > limits.length or len(raw) - len(raw.replace(b"[", b"").replace(b"{", b"")) > limits.depth:
        return UNUSUAL
    try:
        value = orjson.loads(raw)
        written = orjson.dumps(value)
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):  # it writes 254 levels of nesting at most
        return UNUSUAL
    if written == raw or _is_same_document(raw, written):
        return value
    return UNUSUAL


def _is_same_document(raw: bytes, written: bytes) -> bool:
    """Return whether no member and no digit of a text was lost when it was read and written again."""
    if raw.translate(None, _WHITE_SPACE) == written.translate(None, _WHITE_SPACE):
        return True
    return (
        raw.count(b'":') == written.count(b'":')
        and not any(sequence in raw for sequence in _UNCOUNTABLE)
        and _LONG_NUMBER not in raw.translate(_DIGITS_AS_ZEROS)
    )
