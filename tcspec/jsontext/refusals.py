"""Why a JSON document is refused: the violation of each reason, with its place. Most documents need none of it."""

from __future__ import annotations

import json
import math
from codecs import BOM_UTF8
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NoReturn

from tcspec import codes
from tcspec.errors import Fix, UnreadablePayload, Violation
from tcspec.json_types import type_name
from tcspec.jsontext import positions
from tcspec.jsontext.encoder import build_depth_violation, build_length_violation, find_non_json_values
from tcspec.jsontext.pointer import join
from tcspec.jsontext.syntax_errors import explain_syntax_error
from tcspec.personal import mask_name

if TYPE_CHECKING:
    from tcspec.codes import Code


def refuse_bytes(raw: bytes, limit: int) -> NoReturn:
    """Raise why bytes are no text to read: they are too long, start with a mark, are not UTF-8, or are empty."""
    if len(raw) > limit:
        raise UnreadablePayload([replace(build_length_violation(limit), line=1, column=1)])
    if raw.startswith(BOM_UTF8):
        raise UnreadablePayload([build_mark_violation()])
    try:
        raw.decode()
    except UnicodeDecodeError as error:
        # Columns count code points, not bytes.
        before = raw[: error.start].decode()
        message = f"invalid UTF-8: byte 0x{raw[error.start]:02x} at offset {error.start}"
        _refuse(codes.NOT_UTF8, message, *positions.locate_offset(before, len(before)))
    _refuse(codes.EMPTY, "the document is empty", 1, 1)


def check_nesting(text: str, limit: int) -> None:
    """Raise when a text is nested deeper than a limit, outside of its strings."""
    depth = 0
    for token in positions.BRACKET_OR_STRING.finditer(text):
        match text[token.start()]:
            case "[" | "{":
                depth += 1
                if depth > limit:
                    line, column = positions.locate_offset(text, token.start())
                    raise UnreadablePayload([replace(build_depth_violation(limit), line=line, column=column)])
            case "]" | "}":
                depth -= 1


def check_surrogates(text: str, value: Any, depth: int) -> None:  # noqa: ANN401 - any JSON value
    """Raise when a string of a value, which was read from a text, has an unpaired surrogate."""
    for violation in find_non_json_values(value, depth, math.inf):
        if violation.code == codes.LONE_SURROGATE.id:
            line, column = positions.locate(text, violation.pointer)
            raise UnreadablePayload([replace(violation, line=line, column=column)])


def refuse_text(text: str) -> NoReturn:
    """Raise why a text is not JSON: its syntax, a duplicate key, or a number that is none; the syntax goes first."""
    try:
        json.loads(text, parse_int=str)  # integers may have more digits than Python converts
    except json.JSONDecodeError as error:
        message, offset = explain_syntax_error(error, text)
        _refuse(codes.NOT_JSON, message, *positions.locate_offset(text, offset))
    for position in positions.iter_values(text):
        if position.is_duplicate:
            raise UnreadablePayload([_duplicate(text, position)])
        if text[position.start] in "NI" or text.startswith("-I", position.start):
            place = positions.locate_offset(text, position.start)
            _refuse(codes.NOT_A_NUMBER, "NaN and Infinity are not JSON numbers", *place, pointer=join(position.path))
    raise AssertionError("the text has a duplicate key or a constant")  # pragma: no cover - or nothing was refused


def find_duplicate_key(text: str, parent: tuple[str | int, ...] = ()) -> Violation:
    """Find the first duplicate key in the object at a path of a readable JSON text.

    Raises:
        LookupError: when its keys are unique.
    """
    for position in positions.iter_values(text):
        if position.is_duplicate and position.path[:-1] == parent:
            return _duplicate(text, position)
    raise LookupError(join(parent))


def _duplicate(text: str, position: positions.ValuePosition) -> Violation:
    line, column = positions.locate_offset(text, position.key_start)
    name = position.path[-1]
    message = f"duplicate key {json.dumps(mask_name(str(name)))} in an object"
    violation = codes.DUPLICATE_KEY.violation(join(position.path), message, {"property": name})
    return replace(violation, line=line, column=column)


def refuse_value(value: object, text: str | None = None) -> NoReturn:
    """Raise that a value is no object, with its place in the text that it was read from."""
    actual = type_name(value)
    message = f"expected an object, got {actual}"
    violation = codes.NOT_AN_OBJECT.violation("", message, {"expected": "an object", "actual": actual})
    line, column = (None, None) if text is None else positions.locate(text, "")
    raise UnreadablePayload([replace(violation, line=line, column=column, hint=_hint(value))])


def _hint(value: object) -> str | None:
    """Return what to do with a value that is no object, where it shows what it was meant to be."""
    if isinstance(value, list | tuple) and any(isinstance(member, dict) for member in value):
        return 'check its members one by one, or put events into a batch: {"batch": [...]}'
    text = value.strip() if isinstance(value, str) else ""
    if text.startswith("{"):
        return "the string is JSON text: it was encoded twice; encode the object once"
    return "write the URL of a pixel without quotes" if text.lower().startswith(("https://", "http://")) else None


def build_mark_violation() -> Violation:
    """Build the violation of a byte order mark."""
    violation = codes.BYTE_ORDER_MARK.violation("", "the document starts with a byte order mark (BOM)")
    # It is no part of the JSON value: the patch has nothing to do.
    return replace(
        violation,
        line=1,
        column=1,
        hint="save the file without it",
        fix=Fix("remove the byte order mark", (), is_safe=True),
    )


def _refuse(code: Code, message: str, line: int, column: int, *, pointer: str = "") -> NoReturn:
    raise UnreadablePayload([replace(code.violation(pointer, message), line=line, column=column)])
