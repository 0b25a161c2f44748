"""Bytes to payloads, strictly: what is read here is JSON as RFC 8259 has it, and nothing else.

Duplicate keys, half surrogate pairs, NaN, byte order marks and anything too deep or too long are refused, each with
its own code, line and column. Numbers of any spelling and length are read.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NoReturn

from tcspec import codes
from tcspec.errors import TcspecError, UnreadablePayload, Violation, WrongArgument
from tcspec.jsontext import positions
from tcspec.jsontext.encoder import DEFAULT_DEPTH, find_non_json_values, type_name
from tcspec.jsontext.pointer import join
from tcspec.jsontext.syntax_errors import explain_syntax_error

if TYPE_CHECKING:
    from tcspec.codes import Code


MAX_DEPTH = 300
"""How many levels of nesting can be asked for: every parser on the way bears them."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What bounds hostile input: levels of nesting, 300 at most, and bytes of a document or line.

    Raises:
        ImpossibleLimits: when a limit is none, or more levels are asked for than parsers bear.
    """

    depth: int = DEFAULT_DEPTH
    length: int = 8 * 1024 * 1024

    def __post_init__(self) -> None:
        if not (1 <= self.depth <= MAX_DEPTH and self.length >= 1):
            raise ImpossibleLimits(self.depth, self.length)


@dataclass
class ImpossibleLimits(TcspecError, ValueError):  # noqa: N818 - what a user reads is the sentence
    """Limits were asked for that bound nothing, or that parsers do not bear."""

    depth: int
    length: int

    def __str__(self) -> str:
        return f"limits are 1 to {MAX_DEPTH} levels and 1 byte or more, not {self.depth} levels and {self.length} bytes"


DEFAULT_LIMITS = Limits()

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_WHITESPACE = b" \t\r\n"
_BRACKETS = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)|[\[{]|[\]}]', re.DOTALL)
_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")
MAX_INTEGER_DIGITS = 4300
"""How many digits of an integer are read exactly."""
_BEYOND_FLOAT = 10**400


def read(raw: bytes, limits: Limits = DEFAULT_LIMITS) -> Any:  # noqa: ANN401 - any JSON value
    """Read one JSON document.

    A number beyond the range of floats, or an integer of more than 4,300 digits, is read as 10**400 with its sign:
    nothing in a contract tells them apart, and reading them exactly takes quadratic time.

    Raises:
        UnreadablePayload: when the bytes are no JSON document within the limits.
    """
    text = _text(raw, limits)
    try:
        return _decode(text, limits)
    except json.JSONDecodeError as error:
        message, offset = explain_syntax_error(error, text)
        line, column = positions.line_and_column(text, offset)
        _refuse(codes.NOT_JSON, message, line=line, column=column)


def read_object(raw: bytes, limits: Limits = DEFAULT_LIMITS) -> dict[str, Any]:
    """Read one JSON document that is an object, as every payload is.

    Raises:
        UnreadablePayload: when the bytes are no JSON object within the limits.
    """
    value = read(raw, limits)
    if not isinstance(value, dict):
        text = raw.decode()
        line, column = positions.locate(text, "")
        raise UnreadablePayload([replace(_no_object(value), line=line, column=column)])
    return value


def require_object(value: object) -> dict[str, Any]:
    """Give back a JSON value that is an object.

    Raises:
        UnreadablePayload: when it is anything else.
    """
    if isinstance(value, dict):
        return value
    raise UnreadablePayload([_no_object(value)])


def require_bytes(value: object) -> bytes:
    """Give back a JSON text that is in bytes, in whichever object holds them.

    Raises:
        WrongArgument: when it is anything else.
    """
    if isinstance(value, bytes):
        return value
    if isinstance(value, bytearray | memoryview):
        return bytes(value)
    raise WrongArgument("the JSON text as bytes", type_name(value))


def encode_text(text: str) -> bytes:
    """Encode a JSON text that was given as a Python text.

    Raises:
        UnreadablePayload: when it holds half of a surrogate pair, which no encoding has.
    """
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise UnreadablePayload(
            [codes.LONE_SURROGATE.violation("", "the text holds half of a surrogate pair")]
        ) from None


def check_text(raw: bytes, limits: Limits = DEFAULT_LIMITS) -> None:
    """Check what a lenient parser lets pass: length, UTF-8, byte order mark, emptiness and depth.

    Raises:
        UnreadablePayload: when the bytes cannot be a JSON document within the limits.
    """
    _text(raw, limits)


def _no_object(value: object) -> Violation:
    kind = type_name(value)
    return codes.NOT_AN_OBJECT.violation(
        "", f"expected an object, found {kind}", {"expected": "an object", "actual": kind}
    )


def _text(raw: bytes, limits: Limits) -> str:
    if len(raw) > limits.length:
        _refuse(
            codes.TOO_LONG,
            f"{len(raw):,} bytes are more than the {limits.length:,} that are read",
            line=1,
            column=1,
        )
    if raw.startswith(_BYTE_ORDER_MARK):
        _refuse(codes.BYTE_ORDER_MARK, "a byte order mark stands before the JSON text", line=1, column=1)
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode()
        line, column = positions.line_and_column(before, len(before))
        _refuse(
            codes.NOT_UTF8,
            f"byte {error.start} (0x{raw[error.start]:02x}) is not UTF-8",
            line=line,
            column=column,
        )
    if not raw.strip(_WHITESPACE):
        _refuse(codes.EMPTY, "there is no JSON text", line=1, column=1)
    if raw.count(b"[") + raw.count(b"{") > limits.depth:
        _check_depth(raw, limits)
    return text


def _check_depth(raw: bytes, limits: Limits) -> None:
    depth = 0
    for bracket in _BRACKETS.finditer(raw):
        match raw[bracket.start()]:
            case 0x5B | 0x7B:
                depth += 1
                if depth > limits.depth:
                    before = raw[: bracket.start()].decode()
                    line, column = positions.line_and_column(before, len(before))
                    _refuse(
                        codes.TOO_DEEP,
                        f"more than {limits.depth} levels of nesting",
                        line=line,
                        column=column,
                    )
            case 0x5D | 0x7D:
                depth -= 1


class _Suspect(Exception):  # noqa: N818 - a signal, not an error: the text must be looked at closely
    """Something that the decoder accepts and JSON does not have was met."""


def _decode(text: str, limits: Limits) -> Any:  # noqa: ANN401 - any JSON value
    try:
        value = _DECODER.decode(text)
    except _Suspect:
        _refuse_closely(text)
    if _SURROGATE_ESCAPE.search(text):
        _check_surrogates(text, value, limits)
    return value


def _refuse_closely(text: str) -> NoReturn:
    """Say where the duplicate key or the number that is none stands; a syntax error further on goes first."""
    json.loads(text, parse_int=_integer)
    for found in positions.scan(text):
        if found.duplicate:
            raise UnreadablePayload([_duplicate(text, found)])
        if text[found.value] in "NI" or text.startswith("-I", found.value):
            line, column = positions.line_and_column(text, found.value)
            _refuse(
                codes.NOT_A_NUMBER,
                "NaN and Infinity are no JSON",
                pointer=join(found.path),
                line=line,
                column=column,
            )
    raise AssertionError(
        "a suspect text holds a duplicate key or a number that is none"
    )  # pragma: no cover - see _pairs


def duplicate_key(text: str, below: tuple[str | int, ...] = ()) -> Violation:
    """Say which key the object at a path of a readable JSON text gives twice, and where.

    Raises:
        LookupError: when it gives none twice.
    """
    for found in positions.scan(text):
        if found.duplicate and found.path[:-1] == below:
            return _duplicate(text, found)
    raise LookupError(join(below))


def _duplicate(text: str, found: positions.Found) -> Violation:
    line, column = positions.line_and_column(text, found.key)
    name = found.path[-1]
    message = f"the key {json.dumps(name)} is given twice in one object; readers keep one value and lose the other"
    violation = codes.DUPLICATE_KEY.violation(join(found.path), message, {"property": name})
    return replace(violation, line=line, column=column)


def _check_surrogates(text: str, value: Any, limits: Limits) -> None:  # noqa: ANN401 - any JSON value
    flaws = find_non_json_values(value, limits.depth, math.inf)
    found = next((flaw for flaw in flaws if flaw.code == codes.LONE_SURROGATE.id), None)
    if found:
        line, column = positions.locate(text, found.pointer)
        raise UnreadablePayload([replace(found, line=line, column=column)])


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Suspect
    return found


def _constant(_: str) -> NoReturn:
    raise _Suspect


def _integer(digits: str) -> int:
    if len(digits) <= MAX_INTEGER_DIGITS:
        return int(digits)
    return -_BEYOND_FLOAT if digits[0] == "-" else _BEYOND_FLOAT


def _float(spelling: str) -> float | int:
    number = float(spelling)
    if math.isinf(number):
        return -_BEYOND_FLOAT if number < 0 else _BEYOND_FLOAT
    return number


_DECODER = json.JSONDecoder(object_pairs_hook=_pairs, parse_constant=_constant, parse_int=_integer, parse_float=_float)


def _refuse(  # noqa: PLR0913 - the fields of a violation
    code: Code,
    message: str,
    data: dict[str, Any] | None = None,
    *,
    pointer: str = "",
    line: int | None = None,
    column: int | None = None,
) -> NoReturn:
    raise UnreadablePayload([replace(code.violation(pointer, message, data), line=line, column=column)])
