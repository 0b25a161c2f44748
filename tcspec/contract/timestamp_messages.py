"""What is known of a wrong timestamp: its unit, notation or epoch, and the fix that writes it as milliseconds."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tcspec.codes import OTHER_UNIT
from tcspec.errors import Fix, UnreadableTimestamp
from tcspec.jsontext.pointer import split
from tcspec.time_zones import NO_ZONE
from tcspec.timestamps import UNIT_NAMES, read_timestamp

if TYPE_CHECKING:
    from tcspec.errors import Violation

_OWN_REASONS = ("a number of", "a leap second")
"""How the reasons begin that say more than that epoch milliseconds are expected."""


def timestamp_hint(value: object) -> str:
    """Return what to do about a value that is no timestamp."""
    try:
        read_timestamp(value)
    except UnreadableTimestamp as unreadable:
        if unreadable.reason == NO_ZONE:
            return "add the time zone, or send epoch milliseconds as an integer"
    return "send epoch milliseconds as an integer"


def is_in_other_unit(value: object) -> bool:
    """Return whether a value is a timestamp in another unit than milliseconds."""
    try:
        return read_timestamp(value).unit in UNIT_NAMES
    except UnreadableTimestamp:
        return False


def explain_timestamp(violation: Violation, value: object) -> Violation:
    """Return the violation of a timestamp with what is known of it: its unit, its notation or its epoch, and a fix."""
    try:
        reading = read_timestamp(value)
    except UnreadableTimestamp as unreadable:
        if unreadable.suggestion is not None:
            fix = _replace_timestamp(violation.pointer, unreadable.suggestion, is_safe=True)
            return replace(violation, hint=f"write {unreadable.suggestion}: {unreadable.reason}", fix=fix)
        if unreadable.reason.startswith(_OWN_REASONS):
            return replace(violation, hint=f"send epoch milliseconds as an integer: {unreadable.reason}")
        return violation
    if violation.code != OTHER_UNIT.id:
        # The schema only sees the local date, and refuses some times of the first and the last day that are read.
        return violation
    return replace(
        violation,
        message=f"timestamp is in {UNIT_NAMES[reading.unit]}; milliseconds expected",
        data={"property": split(violation.pointer)[-1], "expected": str(reading.ms), "unit": reading.unit},
        hint=f"write {reading.ms}",
        fix=_replace_timestamp(violation.pointer, reading.ms, is_safe=reading.exact),
    )


def _replace_timestamp(pointer: str, ms: int, *, is_safe: bool) -> Fix:
    return Fix("convert to milliseconds", ({"op": "replace", "path": pointer, "value": ms},), is_safe)
