"""Timestamps in the notations that senders use, read as integer epoch milliseconds.

The vendor requires epoch milliseconds (features/sources/sources-catalog/http-tracking-api.md; row K001). Nothing
here goes through float arithmetic; what is finer than a millisecond is cut toward the past.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from types import MappingProxyType, NoneType
from typing import TYPE_CHECKING

from tcspec.arguments import check_arguments
from tcspec.errors import UnreadableTimestamp, WrongArgument
from tcspec.time_notations import find_notation, suggest_epoch
from tcspec.time_zones import find_zone, localize
from tcspec.usual_timestamps import EARLIEST_MS, LATEST_MS, read_usual_timestamp

if TYPE_CHECKING:
    from fractions import Fraction

    from tcspec.time_notations import Notation

_NANOSECONDS = MappingProxyType({"s": 10**9, "ms": 10**6, "us": 1000, "ns": 1})
"""How many nanoseconds a unit has."""
_UNITS_BY_DIGITS = MappingProxyType({10: "s", 12: "ms", 13: "ms", 14: "ms", 16: "us", 19: "ns"})
UNIT_NAMES = MappingProxyType({"s": "seconds", "ms": "milliseconds", "us": "microseconds", "ns": "nanoseconds"})
"""The units of numbers in words."""
_LONGEST_DIGITS = max(_UNITS_BY_DIGITS)
_DIGITS = "10 digits are seconds, 12 to 14 milliseconds, 16 microseconds, 19 nanoseconds"
# Patterns of few timestamps, which `re` compiles when it meets the first.
_RFC3339 = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T([0-9]{2}):[0-9]{2}:([0-9]{2})(?:\.([0-9]+))?(?:Z|[+-][0-9]{2}:([0-9]{2}))?"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_LEAP_SECOND = "60"
_MIDNIGHT = "24"
_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
NO_NOTATION = "expected digits, or YYYY-MM-DDTHH:MM:SS with a time zone"
"""The reason why a string is refused that is in no notation of a timestamp."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How a timestamp was read.

    `unit` is `s`, `ms`, `us` or `ns` for numbers, `text` for RFC 3339 and `datetime` for a datetime; `exact` is
    false when a part finer than a millisecond was cut off.
    """

    ms: int
    unit: str
    exact: bool


def normalise_timestamp(
    value: object, unit: str | None = None, assume_tz: tzinfo | str | None = None, *, fold: int | None = None
) -> int:
    """Return a timestamp as integer epoch milliseconds.

    Args:
        value: an integer, a float, a string of ASCII digits, an RFC 3339 string, or a datetime.
        unit: `s`, `ms`, `us` or `ns`; by default the digits of the number (of a float, of its integer part) decide: 10
            are seconds, 12 to 14 milliseconds, 16 microseconds, 19 nanoseconds, and a number of others is refused.
        assume_tz: the zone, or its IANA name, of strings and datetimes without one; by default these are refused. So
            are local times that the clocks of the zone skip.
        fold: which one a local time is that the clocks of the zone show twice, 0 the first or 1 the second (PEP 495).
            By default such a time is refused, unless it is a datetime with `fold=1`.

    Returns:
        Milliseconds in [10**11, 10**14), which are 1973-03-03 to 5138-11-16.

    Raises:
        UnreadableTimestamp: when the value is no timestamp in that range without guessing.
        WrongArgument: when another argument is of a wrong type.
    """
    return read_timestamp(value, unit, assume_tz, fold=fold).ms


@check_arguments(assume_tz=(tzinfo, str, NoneType), fold=(int, NoneType))
def read_timestamp(
    value: object, unit: str | None = None, assume_tz: tzinfo | str | None = None, *, fold: int | None = None
) -> Reading:
    """Return how a timestamp is read, as `normalise_timestamp` does.

    Raises:
        UnreadableTimestamp: when the value is no timestamp in the range without guessing.
        WrongArgument: when another argument is of a wrong type.
    """
    if fold not in {None, 0, 1}:
        raise WrongArgument("`fold` as 0, 1 or None", "another integer")
    if unit is None and assume_tz is None and (usual := read_usual_timestamp(value)) is not None:
        return Reading(*usual, exact=True)
    zone = find_zone(value, assume_tz)
    if unit is not None and unit not in _NANOSECONDS:
        raise UnreadableTimestamp(value, f"unknown unit {unit!r}; choose from {', '.join(_NANOSECONDS)}")
    if isinstance(value, bool):
        raise UnreadableTimestamp(value, "a boolean is not a timestamp")
    if isinstance(value, int):
        return _read_number(value, value, unit)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise UnreadableTimestamp(value, "the number is not finite")
        from decimal import Decimal  # noqa: PLC0415 - few senders have floats
        from fractions import Fraction  # noqa: PLC0415

        # Through `float`: a subclass can have a repr of its own, as numpy.float64 has.
        return _read_number(value, Fraction(Decimal(repr(float(value)))), unit)
    if isinstance(value, str):
        return _read_string(value, unit, zone, fold)
    if isinstance(value, datetime):
        return _read_datetime(value, zone, fold)
    raise _explain_type(value)


def try_read_timestamp(value: object) -> Reading | None:
    """Return how a timestamp is read without any arguments; None when it is unreadable."""
    usual = read_usual_timestamp(value)
    if usual is not None:
        return Reading(*usual, exact=True)
    try:
        return read_timestamp(value)
    except UnreadableTimestamp:
        return None


def _read_number(value: object, number: int | Fraction, unit: str | None) -> Reading:
    if number < 0:
        raise UnreadableTimestamp(value, "the number is negative")
    if unit is None:
        unit = _find_unit(value, number)
    ms, finer = divmod(number * _NANOSECONDS[unit], _NANOSECONDS["ms"])
    return _check_range(value, int(ms), unit, exact=not finer)


def _find_unit(value: object, number: int | Fraction) -> str:
    """Return the unit of a number by its digits.

    Between the units are gaps: a number of another epoch or unit must not become a time that looks right.

    Raises:
        UnreadableTimestamp: when no unit has as many; the reason names the epoch that would fit.
    """
    # Not more are counted: the number may have thousands.
    digits = len(str(min(math.floor(number), 10**_LONGEST_DIGITS)))
    if digits > _LONGEST_DIGITS:
        raise UnreadableTimestamp(value, "the number has more digits than nanoseconds need")
    if digits not in _UNITS_BY_DIGITS:
        plural = "" if digits == 1 else "s"
        suggestion = suggest_epoch(number)
        reason = f"a number of {digits} digit{plural} is ambiguous ({_DIGITS})"
        raise UnreadableTimestamp(value, f"{reason}; {suggestion}" if suggestion else reason)
    return _UNITS_BY_DIGITS[digits]


def _read_string(value: str, unit: str | None, assumed: tzinfo | None, fold: int | None) -> Reading:
    if value.isascii() and value.isdigit():
        digits = value.lstrip("0") or "0"
        # With a unit that was requested, nanoseconds of the last years that are read have one digit more.
        if len(digits) > _LONGEST_DIGITS + 1:
            raise UnreadableTimestamp(value, "the number has more digits than nanoseconds need")
        return _read_number(value, int(digits), unit)
    found = re.fullmatch(_RFC3339, value)
    if found is None:
        raise _explain_notation(value)
    hour, second, fraction, minutes_of_zone = found.groups()
    if second == _LEAP_SECOND:
        raise UnreadableTimestamp(value, "a leap second, :60, is no epoch time")
    try:
        time = datetime.fromisoformat(value)
    except ValueError:
        time = None
    # Python reads minutes of any number in an offset, and since 3.14 the end of a day.
    if time is None or hour == _MIDNIGHT or (minutes_of_zone or "00") >= "60":
        raise UnreadableTimestamp(value, "the date or time does not exist")
    whole = (localize(value, time, assumed, fold) - _EPOCH) // _MILLISECOND
    # Python drops what is finer than a microsecond, so that the text decides what is exact.
    return _check_range(value, whole, "text", exact=not (fraction or "")[3:].strip("0"))


def _explain_notation(value: str) -> UnreadableTimestamp:
    """Build the error of a string that is no RFC 3339 date-time, with what is meant when only the notation differs."""
    notation = find_notation(value)
    if notation is None:
        is_date = re.fullmatch(_DATE, value)
        return UnreadableTimestamp(value, "a date without a time of day" if is_date else NO_NOTATION)
    return _explain(value, notation)


def _explain_type(value: object) -> UnreadableTimestamp:
    """Build the error of a value of another type, with what is meant when it is an object that stands for a time."""
    if notation := find_notation(value):
        return _explain(value, notation)
    return UnreadableTimestamp(value, f"{type(value).__name__} is not a number, a string or a datetime")


def _explain(value: object, notation: Notation) -> UnreadableTimestamp:
    try:
        reading = _read_notation(notation)
    except UnreadableTimestamp as unreadable:
        return UnreadableTimestamp(value, f"{unreadable.reason}, and it has {notation.differences}")
    name = "a number" if notation.is_number else "RFC 3339"
    reason = f"it has {notation.differences}; as {name} it is {notation.text}"
    return UnreadableTimestamp(value, reason, reading.ms, reading.exact)


def _read_notation(notation: Notation) -> Reading:
    if not notation.is_number or "." not in notation.text:
        return read_timestamp(notation.text)
    from fractions import Fraction  # noqa: PLC0415 - few senders have such strings

    return _read_number(notation.text, Fraction(notation.text), None)


def _read_datetime(value: datetime, assumed: tzinfo | None, fold: int | None) -> Reading:
    # Of a datetime only a fold of 1 is a decision: 0 is also what it has when nobody decided.
    time = localize(value, value, assumed, value.fold or fold)
    whole, finer = divmod(time - _EPOCH, _MILLISECOND)
    return _check_range(value, whole, "datetime", exact=not finer)


def _check_range(value: object, ms: int, unit: str, *, exact: bool) -> Reading:
    if not EARLIEST_MS <= ms < LATEST_MS:
        raise UnreadableTimestamp(value, "the time is outside 1973-03-03 to 5138-11-16")
    return Reading(ms, unit, exact)
