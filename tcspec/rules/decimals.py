"""Numbers as rules need them: compared exactly, and shown without endless digits."""

from __future__ import annotations

from decimal import Decimal

_LARGEST_SHOWN = 10**20
_LONGEST_SHOWN = 30


def exact(value: object) -> Decimal | None:
    """Give a JSON number as the decimal that it was spelt as; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return Decimal(value) if isinstance(value, int) else Decimal(repr(value))


def shown(number: Decimal) -> str:
    """Give a number as messages show it."""
    if abs(number) >= _LARGEST_SHOWN:
        return "a number of more than 20 digits"
    text = f"{number:f}"
    if len(text) > _LONGEST_SHOWN:
        return f"{number:.6g}"
    return text.rstrip("0").rstrip(".") if "." in text else text
