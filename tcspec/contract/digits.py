"""The digits that a number has in the text of a document, which a fix that writes the number keeps."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from tcspec.jsontext import positions
from tcspec.jsontext.integers import BEYOND_FLOAT, format_integer
from tcspec.jsontext.pointer import follow

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tcspec.errors import Fix, Violation


def keep_digits(violations: list[Violation], document: Mapping[str, Any], text: str) -> list[Violation]:
    """Return violations whose fixes write numbers with the digits that they have in the text of a document.

    What was read is 1.1 of `1.10`, and 10^400 of thousands of digits: in quotes that is another identifier. A fix that
    would cut digits of any other number is not safe.
    """
    numbers = {pointer: number for each in violations for pointer, number in _iter_rounded(each.fix, document)}
    if not numbers:
        return violations
    starts = positions.find_starts(text, numbers)
    written = {pointer: text[start : positions.find_end(text, start)] for pointer, start in starts.items()}
    return [replace(each, fix=_keep_digits(each.fix, numbers, written)) if each.fix else each for each in violations]


def _keep_digits(fix: Fix, numbers: Mapping[str, float], written: Mapping[str, str]) -> Fix:
    is_safe, patch = fix.is_safe, list(fix.patch)
    for index, operation in enumerate(patch):
        if operation["op"] != "replace" or operation["path"] not in numbers:
            continue
        number, digits = numbers[operation["path"]], written[operation["path"]]
        text, value = format_number(number), operation["value"]
        if value in (text, [text]):
            patch[index] = {**operation, "value": digits if value == text else [digits]}
            # It may have been any of many notations of the number, as far as is known.
            is_safe = is_safe and "e" not in digits.lower()
        elif isinstance(number, float):
            is_safe = is_safe and is_exact(digits, number)
    return replace(fix, patch=tuple(patch), is_safe=is_safe)


def _iter_rounded(fix: Fix | None, document: Any) -> Iterator[tuple[str, int | float]]:  # noqa: ANN401 - JSON
    """Yield the numbers that a fix replaces, and whose text may have had other digits, each with its pointer."""
    for operation in fix.patch if fix else ():
        if operation["op"] == "replace":
            # What another operation puts there is not in the document.
            with suppress(LookupError):
                value = follow(document, operation["path"])
                if isinstance(value, float) or value in (BEYOND_FLOAT, -BEYOND_FLOAT):
                    yield operation["path"], value


def is_exact(text: str, number: float) -> bool:
    """Return whether a float is the number that a text has."""
    try:
        return Decimal(text) == Decimal(repr(number))
    except InvalidOperation:  # an exponent that no decimal has
        return False


def format_number(value: float) -> str:
    """Return the shortest text of a number that was read."""
    return format_integer(value) if isinstance(value, int) else repr(value)
