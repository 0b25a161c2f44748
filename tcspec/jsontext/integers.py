"""Integers of many digits, converted alike whatever limit a program sets on Python (PYTHONINTMAXSTRDIGITS)."""

from __future__ import annotations

import sys
from typing import Any

MAX_INTEGER_DIGITS = 4300
"""How many digits of an integer are read and written exactly: what Python converts by default."""

BEYOND_FLOAT: int = 10**400
"""As which a number is read that is beyond floats or has too many digits; no contract distinguishes these."""
_ALWAYS_CONVERTED = 640
"""How many digits Python converts whatever its limit is: no lower limit can be set."""
_ALWAYS: int = 10**_ALWAYS_CONVERTED
_TOO_LONG: int = 10**MAX_INTEGER_DIGITS
_BITS = _TOO_LONG.bit_length()


def parse_integer(digits: str) -> int:
    """Parse an integer of any number of digits, half by half, which takes less than quadratic time."""
    if len(digits) <= _ALWAYS_CONVERTED:
        return int(digits)
    if digits.startswith("-"):
        return -parse_integer(digits[1:])
    low = len(digits) // 2
    return int(parse_integer(digits[:-low]) * 10**low + parse_integer(digits[-low:]))


def format_integer(number: int) -> str:
    """Return the decimal digits of an integer."""
    # Imported here: only an integer of thousands of digits needs it.
    from decimal import Decimal  # noqa: PLC0415

    # str() obeys the limit of Python, Decimal has none.
    return str(Decimal(number))


def is_too_long(number: int) -> bool:
    """Return whether an integer has more digits than are written exactly."""
    return number.bit_length() >= _BITS and abs(number) >= _TOO_LONG


def replace_long_integers(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return a JSON value for other libraries, which convert integers as Python does and fail at its limit.

    Where a program set a lower limit than the default, integers of more than 640 digits are replaced by 10**400.
    """
    return _shorten(value) if 0 < sys.get_int_max_str_digits() < MAX_INTEGER_DIGITS else value


def _shorten(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    match value:
        case int() if abs(value) >= _ALWAYS:
            return BEYOND_FLOAT if value > 0 else -BEYOND_FLOAT
        case dict():
            return {key: _shorten(member) for key, member in value.items()}
        case list():
            return list(map(_shorten, value))
    return value
