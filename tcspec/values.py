"""Python values that are to be JSON: what they are called, how they are encoded, and what has no JSON form."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING

from tcspec import codes
from tcspec.errors import UnreadablePayload
from tcspec.pointers import join

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tcspec.errors import Violation

    Path = tuple[str | int, ...]


DEPTH = 200
"""How many levels of nesting are read by default."""


def type_name(value: object) -> str:
    """Name the JSON type of a value as messages do."""
    if value is None:
        return "null"
    named = next((name for kind, name in _NAMES if isinstance(value, kind)), None)
    return named or f"a Python {type(value).__name__}"


_NAMES = (
    (bool, "a boolean"),
    (int, "an integer"),
    (float, "a number"),
    (str, "text"),
    ((list, tuple), "an array"),
    (dict, "an object"),
)


_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def encode(value: object, depth: int = DEPTH) -> bytes:
    """Encode a value as compact UTF-8 JSON, strictly: nothing that is no JSON is made into some.

    Raises:
        UnreadablePayload: when something in the value has no JSON form, or it is nested deeper than `depth`.
    """
    try:
        if _is_shaped(value, depth):
            return _ENCODER.encode(value).encode()
    except (TypeError, ValueError, RecursionError):
        pass
    found = list(foreign_values(value, depth))
    raise UnreadablePayload(found or [codes.NOT_JSON_VALUE.found("", "the value has no JSON form")])


def _is_shaped(value: object, depth: int) -> bool:
    """Tell whether all keys are text and the nesting is within bounds; the encoder sees to the rest."""
    inner: Iterable[object] = ()
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            return False
        inner = value.values()
    elif isinstance(value, list | tuple):
        inner = value
    else:
        return True
    return depth > 0 and all(_is_shaped(child, depth - 1) for child in inner if isinstance(child, dict | list | tuple))


def foreign_values(value: object, depth: int) -> Iterator[Violation]:
    """Find what has no JSON form: NaN, sets, bytes, keys that are no text, half surrogates, too many levels."""
    return _foreign((), value, depth)


def _foreign(path: Path, value: object, depth: int) -> Iterator[Violation]:
    match value:
        case None | bool() | int():
            pass
        case str():
            if not _is_encodable(value):
                yield codes.LONE_SURROGATE.found(join(path), "the text holds half of a surrogate pair")
        case float():
            if not math.isfinite(value):
                yield codes.NOT_A_NUMBER.found(join(path), "NaN and infinities are no JSON")
        case dict() | list() | tuple() if len(path) >= depth:
            yield codes.TOO_DEEP.found("", f"more than {depth} levels of nesting")
        case dict():
            yield from _foreign_members(path, value, depth)
        case list() | tuple():
            for index, item in enumerate(value):
                yield from _foreign((*path, index), item, depth)
        case _:
            kind = type(value).__name__
            yield codes.NOT_JSON_VALUE.found(join(path), f"a Python {kind} has no JSON form", {"actual": kind})


def _foreign_members(path: Path, members: dict[object, object], depth: int) -> Iterator[Violation]:
    for key, member in members.items():
        if not isinstance(key, str):
            yield codes.NOT_JSON_VALUE.found(join(path), f"a key is {type_name(key)}, keys are text")
        elif not _is_encodable(key):
            yield codes.LONE_SURROGATE.found(join(path), "a key holds half of a surrogate pair")
        else:
            yield from _foreign((*path, key), member, depth)


def _is_encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
