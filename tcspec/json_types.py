"""The JSON type of a Python value."""

from __future__ import annotations

from typing import TypeGuard

_NAMES = (
    (bool, "a boolean"),
    (int, "an integer"),
    (float, "a number"),
    (str, "a string"),
    ((list, tuple), "an array"),
    (dict, "an object"),
)


def type_name(value: object) -> str:
    """Return the JSON type of a value, or else its Python type, with an article."""
    if value is None:
        return "null"
    name = next((name for kind, name in _NAMES if isinstance(value, kind)), None)
    return name or f"a Python {type(value).__name__}"


def is_integer(value: object) -> TypeGuard[int]:
    """Return whether a value is a JSON integer: not `true`, not `1.0`."""
    return isinstance(value, int) and not isinstance(value, bool)


def is_number(value: object) -> TypeGuard[int | float]:
    """Return whether a value is a JSON number: not `true`."""
    return isinstance(value, int | float) and not isinstance(value, bool)
