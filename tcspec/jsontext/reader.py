"""A strict reader: bytes to JSON values as RFC 8259 defines them, and nothing else.

Duplicate keys, unpaired surrogates, NaN, byte order marks and whatever is too deep or too long are refused, each with
its own code, line and column. Numbers of any notation and length are read.
"""

from __future__ import annotations

import json
import math
from codecs import BOM_UTF8
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from tcspec import codes
from tcspec.arguments import check_type
from tcspec.errors import TcspecError, UnreadablePayload, WrongArgument
from tcspec.json_types import type_name
from tcspec.jsontext.encoder import DEFAULT_DEPTH
from tcspec.jsontext.integers import BEYOND_FLOAT, MAX_INTEGER_DIGITS, parse_integer
from tcspec.jsontext.quick_reader import UNUSUAL, read_usual
from tcspec.patterns import compile_late

if TYPE_CHECKING:
    from tcspec.errors import Violation

MAX_VIOLATIONS = 1_000
"""How many violations of one code are listed of a payload by default."""
MAX_DEPTH = 300
"""The highest limit of nesting that every parser in use can bear."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What bounds hostile input: levels of nesting, 300 at most, and bytes of a document or line.

    `violations` is how many violations of one code and severity are listed of a payload; all are counted. None lists
    all of them.

    Raises:
        ImpossibleLimits: when a limit is not positive, or the depth is more than parsers can bear.
        WrongArgument: when a limit is no integer.
    """

    depth: int = DEFAULT_DEPTH
    length: int = 8 * 1024 * 1024
    violations: int | None = MAX_VIOLATIONS

    def __post_init__(self) -> None:
        check_type("depth", self.depth, (int,))
        check_type("length", self.length, (int,))
        check_type("violations", self.violations, (int, type(None)))
        is_positive = self.length >= 1 and (self.violations is None or self.violations >= 1)
        if not (1 <= self.depth <= MAX_DEPTH and is_positive):
            raise ImpossibleLimits(self.depth, self.length, self.violations)


class ImpossibleLimits(TcspecError, ValueError):  # noqa: N818 - what a user reads is the sentence
    """Limits that bound nothing, or that parsers cannot bear."""

    __match_args__ = ("depth", "length", "violations")

    def __init__(self, depth: int, length: int, violations: int | None = MAX_VIOLATIONS) -> None:
        self.depth = depth
        self.length = length
        self.violations = violations

    def __str__(self) -> str:
        return (
            f"the maximum depth is 1 to {MAX_DEPTH} levels and the maximum length 1 byte or more,"
            f" and 1 violation or more is listed, got {self.depth} levels, {self.length} bytes"
            f" and {self.violations} violations"
        )


DEFAULT_LIMITS = Limits()

_WHITESPACE = b" \t\r\n"
_SURROGATE_ESCAPE = compile_late(r"\\u[dD][89a-fA-F]")


def read(raw: bytes, limits: Limits = DEFAULT_LIMITS, *, allow_lone_surrogates: bool = False) -> Any:  # noqa: ANN401 - any JSON value
    """Read one JSON document.

    A number beyond the range of floats, or an integer of more than 4,300 digits, is read as 10**400 with its sign:
    no contract distinguishes them, and reading them exactly takes quadratic time. Strings with unpaired surrogates are
    no text; they are refused unless `allow_lone_surrogates`.

    Raises:
        UnreadablePayload: when the bytes are not a JSON document within the limits.
    """
    usual = read_usual(raw, limits)
    if usual is not UNUSUAL:
        return usual
    return read_strictly(raw, limits, allow_lone_surrogates=allow_lone_surrogates)


def read_strictly(raw: bytes, limits: Limits = DEFAULT_LIMITS, *, allow_lone_surrogates: bool = False) -> Any:  # noqa: ANN401 - any JSON value
    """Read one JSON document as `read` does, without the quick reader.

    Raises:
        UnreadablePayload: when the bytes are not a JSON document within the limits.
    """
    text = _decode_bytes(raw, limits)
    try:
        value = _DECODER.decode(text)
    except (json.JSONDecodeError, _NotStandard):
        from tcspec.jsontext.refusals import refuse_text  # noqa: PLC0415 - most documents are JSON

        refuse_text(text)
    # UTF-8 has no lone surrogates: only an escape can make one, and few texts have such escapes.
    if not allow_lone_surrogates and _SURROGATE_ESCAPE.search(text):
        from tcspec.jsontext.refusals import check_surrogates  # noqa: PLC0415 - as above

        check_surrogates(text, value, limits.depth)
    return value


def decode_leniently(payload: object) -> Any:  # noqa: ANN401 - any JSON value
    """Decode JSON text as leniently as a server may, None when it is invalid; return any other value as it is.

    Integers of more than 4,300 digits are read as strings.
    """
    if not isinstance(payload, bytes | bytearray | memoryview | str):
        return payload
    try:
        text = payload if isinstance(payload, str) else _decode_any(bytes(payload))
        # json parses by recursion: brackets without end would be a RecursionError.
        _check_depth(text, MAX_DEPTH)
        return json.loads(text, parse_int=_parse_short_integer)
    except (ValueError, UnreadablePayload):
        return None


def _decode_any(raw: bytes) -> str:
    # Python's json reads UTF-16 and UTF-32 too.
    return raw.decode(json.detect_encoding(raw), "surrogatepass")


def read_object(raw: bytes, limits: Limits = DEFAULT_LIMITS) -> dict[str, Any]:
    """Read one JSON document that is an object, as every payload is.

    Raises:
        UnreadablePayload: when the bytes are not a JSON object within the limits.
    """
    value = read(raw, limits)
    if not isinstance(value, dict):
        from tcspec.jsontext.refusals import refuse_value  # noqa: PLC0415 - as above

        refuse_value(value, raw.decode())
    return value


def require_object(value: object) -> dict[str, Any]:
    """Return a JSON value that is an object.

    Raises:
        UnreadablePayload: when it is anything else.
    """
    if not isinstance(value, dict):
        from tcspec.jsontext.refusals import refuse_value  # noqa: PLC0415 - as above

        refuse_value(value)
    return value


def require_bytes(value: object) -> bytes:
    """Return a JSON text as bytes, whichever bytes-like object it is in.

    Raises:
        WrongArgument: when it is anything else.
    """
    if isinstance(value, bytes):
        return value
    if isinstance(value, bytearray | memoryview):
        return bytes(value)
    raise WrongArgument("the JSON text as bytes", type_name(value))


def encode_text(text: str) -> bytes:
    """Encode a JSON text that is a Python string.

    Raises:
        UnreadablePayload: when it has an unpaired surrogate, which UTF-8 cannot encode.
    """
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise UnreadablePayload([codes.LONE_SURROGATE.violation("", "unpaired surrogate in the text")]) from None


def check_text(raw: bytes, limits: Limits = DEFAULT_LIMITS) -> None:
    """Check what a lenient parser accepts: length, UTF-8, byte order mark, emptiness and depth.

    Raises:
        UnreadablePayload: when the bytes cannot be a JSON document within the limits.
    """
    _decode_bytes(raw, limits)


def split_byte_order_mark(raw: bytes) -> tuple[bytes, Violation | None]:
    """Return a document without a byte order mark, and the violation of that when it had one."""
    if raw.startswith(BOM_UTF8):
        from tcspec.jsontext.refusals import build_mark_violation  # noqa: PLC0415 - as above

        return raw.removeprefix(BOM_UTF8), build_mark_violation()
    return raw, None


def _decode_bytes(raw: bytes, limits: Limits) -> str:
    try:
        text = raw.decode() if len(raw) <= limits.length and not raw.startswith(BOM_UTF8) else ""
    except UnicodeDecodeError:
        text = ""
    if not text or not raw.strip(_WHITESPACE):
        from tcspec.jsontext.refusals import refuse_bytes  # noqa: PLC0415 - as above

        refuse_bytes(raw, limits.length)
    _check_depth(text, limits.depth)
    return text


def _check_depth(text: str, limit: int) -> None:
    # Counting is far cheaper than finding brackets, and most documents have fewer of them than the limit.
    if text.count("[") + text.count("{") > limit:
        from tcspec.jsontext.refusals import check_nesting  # noqa: PLC0415 - as above

        check_nesting(text, limit)


class _NotStandard(Exception):  # noqa: N818 - a signal: the decoder does not know the position
    """The decoder met something that it accepts and JSON does not have: a duplicate key, NaN or an infinity."""


def _build_object(members: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(members)
    # A dict keeps the last of equal keys and says nothing.
    if len(value) != len(members):
        raise _NotStandard
    return value


def _parse_constant(_: str) -> NoReturn:
    raise _NotStandard


def _parse_integer(digits: str) -> int:
    if len(digits) <= MAX_INTEGER_DIGITS:
        return parse_integer(digits)
    return -BEYOND_FLOAT if digits[0] == "-" else BEYOND_FLOAT


def _parse_short_integer(digits: str) -> int | str:
    return parse_integer(digits) if len(digits) <= MAX_INTEGER_DIGITS else digits


def _parse_float(text: str) -> float | int:
    number = float(text)
    # json reads 1e400 as infinity, which could not be written as JSON again.
    if math.isinf(number):
        return -BEYOND_FLOAT if number < 0 else BEYOND_FLOAT
    return number


_DECODER = json.JSONDecoder(
    object_pairs_hook=_build_object,
    parse_constant=_parse_constant,
    parse_int=_parse_integer,
    parse_float=_parse_float,
)
