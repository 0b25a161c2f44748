"""What is known of a wrong timestamp: its unit, notation or epoch, and the fix that writes it as it is expected."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from tcspec.codes import OTHER_UNIT
from tcspec.contract.corrections import NOTHING, Correction
from tcspec.errors import Fix, UnreadableTimestamp
from tcspec.jsontext.pointer import join, split
from tcspec.patterns import compile_late
from tcspec.time_notations import find_notation
from tcspec.time_zones import NO_ZONE
from tcspec.timestamps import NO_NOTATION, UNIT_NAMES, read_timestamp

if TYPE_CHECKING:
    from tcspec.errors import Violation

    Path = tuple[str | int, ...]

_HINT = "send epoch milliseconds as an integer"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DATE_TIME = compile_late(r"(.+T[0-9:]{8})(\.[0-9]+)?(Z|[+-][0-9:]{5})")
_OTHER_FRACTION = "its seconds have neither three decimals nor none"
_DIGITS_OF_MS = 4
"""How long the fraction of a date-time with milliseconds is, with its point."""


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
            fix = _replace_timestamp(violation.pointer, unreadable.suggestion, is_safe=unreadable.is_exact)
            return replace(violation, hint=f"write {unreadable.suggestion}: {unreadable.reason}", fix=fix)
        return replace(violation, hint=explain_unreadable(unreadable))
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


def correct_date_time(path: Path, value: str | float) -> Correction:
    """Return how to write a timestamp of the data APIs, which accept no other notation than date-times with a zone."""
    try:
        reading = read_timestamp(value)
        ms, is_exact, reason = reading.ms, reading.exact, _OTHER_FRACTION
        if reading.unit in UNIT_NAMES:
            reason = f"it is in {UNIT_NAMES[reading.unit]}"
    except UnreadableTimestamp as unreadable:
        if unreadable.suggestion is None:
            return _explain_date_time(unreadable)
        ms, is_exact, reason = unreadable.suggestion, unreadable.is_exact, unreadable.reason.partition(";")[0]
    notation = find_notation(value) if isinstance(value, str) else None
    if found := _DATE_TIME.fullmatch(notation.text if notation else str(value)):
        # Its zone is not lost.
        fraction = found[2][:_DIGITS_OF_MS].ljust(_DIGITS_OF_MS, "0") if found[2] else ""
        text = f"{found[1]}{fraction}{found[3]}"
    else:
        text = f"{_EPOCH + timedelta(milliseconds=ms):%Y-%m-%dT%H:%M:%S}.{ms % 1000:03}Z"
    patch = ({"op": "replace", "path": join(path), "value": text},)
    return Correction(f"write {text}: {reason}", Fix("write it as a date-time", patch, is_exact))


def _explain_date_time(unreadable: UnreadableTimestamp) -> Correction:
    """Return the hint of a date-time that cannot be read: why it is none, beyond what the message says."""
    reason = unreadable.reason
    if reason.startswith(NO_ZONE):
        return Correction(f"add the time zone{reason.removeprefix(NO_ZONE)}")
    return NOTHING if reason == NO_NOTATION else Correction(f"this is none: {reason}")


def explain_unreadable(unreadable: UnreadableTimestamp) -> str:
    """Return the hint of a timestamp that cannot be read: what to send, and why the value is none."""
    reason = unreadable.reason
    if reason.startswith(NO_ZONE):
        also = reason.removeprefix(NO_ZONE).removeprefix(", and ")
        return f"add the time zone, or {_HINT}{also and f': {also}'}"
    # Of what is no string and no number the message has the type; of the others one reason says no more than it.
    is_known = isinstance(unreadable.value, bool) or not isinstance(unreadable.value, str | int | float)
    return _HINT if is_known or reason == NO_NOTATION else f"{_HINT}: {reason}"


def _replace_timestamp(pointer: str, ms: int, *, is_safe: bool) -> Fix:
    return Fix("convert to milliseconds", ({"op": "replace", "path": pointer, "value": ms},), is_safe)
