"""JSON numbers as rules need them: compared exactly, and formatted without endless digits."""

from __future__ import annotations

from decimal import Decimal

from tcspec.json_types import is_number

_MAX_PLAIN = 10**20
_MAX_LENGTH = 30


def to_decimal(value: object) -> Decimal | None:
    """Return a JSON number as the decimal of its text; None for anything else."""
    if not is_number(value):
        return None
    return Decimal(value) if isinstance(value, int) else Decimal(repr(value))


def format_number(number: Decimal) -> str:
    """Return a number as messages show it."""
    if abs(number) >= _MAX_PLAIN:
        return "a number of more than 20 digits"
    text = f"{number:f}"
    # A number near zero, such as 5e-324, has hundreds of digits behind the point.
    if len(text) > _MAX_LENGTH:
        return f"{number:.6g}"
    return text.rstrip("0").rstrip(".") if "." in text else text
