"""A quick reader: most documents are read by orjson, and proven to be read as the strict reader reads them.

orjson keeps the last of two members with the same key, and reads integers of more than 64 bits as floats. Both show
when what was read is written again: a document that comes out byte for byte as it was has neither. Where only the
notation differs (white space, escapes, exponents), the members are counted: each has a colon of its own, and of the
colons in strings as many come out as went in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson

if TYPE_CHECKING:
    from tcspec.jsontext.reader import Limits

UNUSUAL: Final = object()
"""What stands for the value of a document that may not be strict JSON."""

_DIGITS_AS_ZEROS: Final = bytes.maketrans(b"123456789", b"0" * 9)
_LONG_NUMBER: Final = b"0" * 19
"""The shortest run of digits that may be an integer of more than 64 bits."""
_LONG_INTEGERS: Final = tuple(bytes([before]) + _LONG_NUMBER for before in b":[,- \t\r\n")
"""The same as it stands in a text; in strings there are many, such as ids."""
_EXPONENT_SIGN: Final = b"+" if b"+" in orjson.dumps(2.0**64) else b""
"""What is in every text that orjson writes with the float that it made of such an integer; its older versions write
exponents without a sign."""

_ESCAPED_COLON: Final = b"\\u003"
"""The beginning of the one escape that is written as a colon."""


def read_usual(raw: bytes, limits: Limits) -> Any:  # noqa: ANN401 - any JSON value
    """Read a JSON document as the strict reader does; return UNUSUAL when only that can read it, or refuse it."""
    return read_with_notation(raw, limits)[0]


def read_with_notation(raw: bytes, limits: Limits, *, spare_levels: int = 0) -> tuple[Any, bool]:
    """Read as `read_usual`, and return whether the document is written as orjson writes it, down to the byte.

    Args:
        raw: the JSON text.
        limits: its maximum depth and length.
        spare_levels: how many levels of nesting less than the limit it may have.
    """
    # Fewer brackets than levels are allowed are certainly not too deep. Replacing them is how to count them fast.
    brackets = len(raw) - len(raw.replace(b"[", b"").replace(b"{", b""))
    if len(raw) > limits.length or brackets + spare_levels > limits.depth:
        return UNUSUAL, False
    try:
        value = orjson.loads(raw)
        written = orjson.dumps(value)
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):  # it writes 254 levels of nesting at most
        return UNUSUAL, False
    if written == raw:
        return value, True
    return (value if _is_same_document(raw, written) else UNUSUAL), False


def _is_same_document(raw: bytes, written: bytes) -> bool:
    """Return whether no member and no digit of a text was lost when it was read and written again."""
    return (
        raw.count(b":") == written.count(b":")
        and (b"\\" not in raw or _ESCAPED_COLON not in raw)
        and (_EXPONENT_SIGN not in written or not _has_long_integer(raw.translate(_DIGITS_AS_ZEROS)))
    )


def _has_long_integer(raw: bytes) -> bool:
    """Return whether a text whose digits are all zeros may have an integer of more than 64 bits."""
    return _LONG_NUMBER in raw and (raw.startswith(_LONG_NUMBER) or any(each in raw for each in _LONG_INTEGERS))
