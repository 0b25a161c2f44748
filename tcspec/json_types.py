"""The JSON type of a Python value."""

from __future__ import annotations

from types import MappingProxyType
from typing import TypeGuard

NAMES = MappingProxyType(
    {
        "string": "a string",
        "integer": "an integer",
        "number": "a number",
        "boolean": "a boolean",
        "object": "an object",
        "array": "an array",
        "null": "null",
    }
)
"""The types of JSON Schema, each with an article."""

_TYPES = (
    (bool, "boolean"),  # before the integers, of which it is one in Python
    (int, "integer"),
    (float, "number"),
    (str, "string"),
    ((list, tuple), "array"),
    (dict, "object"),
    (type(None), "null"),
)


def type_name(value: object) -> str:
    """Return the JSON type of a value, or else its Python type, with an article."""
    name = next((name for kind, name in _TYPES if isinstance(value, kind)), None)
    return NAMES[name] if name else f"a Python {type(value).__name__}"


def is_integer(value: object) -> TypeGuard[int]:
    """Return whether a value is a JSON integer: not `true`, not `1.0`."""
    return isinstance(value, int) and not isinstance(value, bool)


def is_number(value: object) -> TypeGuard[int | float]:
    """Return whether a value is a JSON number: not `true`."""
    return isinstance(value, int | float) and not isinstance(value, bool)
