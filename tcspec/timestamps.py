"""Timestamps in the notations that senders use, read as integer epoch milliseconds.

The vendor requires epoch milliseconds (features/sources/sources-catalog/http-tracking-api.md; row K001). Nothing
here goes through float arithmetic; what is finer than a millisecond is cut toward the past.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType, NoneType
from zoneinfo import ZoneInfo, available_timezones

from tcspec.arguments import check_arguments
from tcspec.errors import UnreadableTimestamp, WrongArgument

EARLIEST_MS = 10**11
"""The first millisecond that is read: 1973-03-03T09:46:40Z."""
LATEST_MS = 10**14
"""The first millisecond after the last that is read: 5138-11-16T09:46:40Z."""

_PER_MS = MappingProxyType({"s": Fraction(1, 1000), "ms": Fraction(1), "us": Fraction(1000), "ns": Fraction(10**6)})
_MAGNITUDES = ((10**11, "s"), (10**14, "ms"), (10**17, "us"), (10**20, "ns"))
_LONGEST_DIGITS = 20
_RFC3339 = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.(?P<fraction>[0-9]+))?"
    r"(?P<zone>Z|[+-][0-9]{2}:[0-9]{2})?",
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


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
        unit: `s`, `ms`, `us` or `ns`; by default the magnitude of the number decides.
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
    zone = _find_zone(value, assume_tz)
    if unit is not None and unit not in _PER_MS:
        raise UnreadableTimestamp(value, f"unknown unit {unit!r}; choose from {', '.join(_PER_MS)}")
    if isinstance(value, bool):
        raise UnreadableTimestamp(value, "a boolean is not a timestamp")
    if isinstance(value, int):
        return _read_number(value, Fraction(value), unit)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise UnreadableTimestamp(value, "the number is not finite")
        return _read_number(value, Fraction(Decimal(repr(float(value)))), unit)
    if isinstance(value, str):
        return _read_string(value, unit, zone, fold)
    if isinstance(value, datetime):
        return _read_datetime(value, zone, fold)
    raise UnreadableTimestamp(value, f"{type(value).__name__} is not a number, a string or a datetime")


def _read_number(value: object, number: Fraction, unit: str | None) -> Reading:
    if number < 0:
        raise UnreadableTimestamp(value, "the number is negative")
    if unit is None:
        unit = next((name for limit, name in _MAGNITUDES if number < limit), None)
    if unit is None:
        raise UnreadableTimestamp(value, "the number has more digits than nanoseconds need")
    in_ms = number / _PER_MS[unit]
    return _check_range(value, math.floor(in_ms), unit, exact=in_ms.denominator == 1)


def _read_string(value: str, unit: str | None, assumed: tzinfo | None, fold: int | None) -> Reading:
    if value.isascii() and value.isdigit():
        digits = value.lstrip("0") or "0"
        if len(digits) > _LONGEST_DIGITS:
            raise UnreadableTimestamp(value, "the number has more digits than nanoseconds need")
        return _read_number(value, Fraction(int(digits)), unit)
    found = _RFC3339.fullmatch(value)
    if found is None:
        raise UnreadableTimestamp(value, "expected digits, or YYYY-MM-DDTHH:MM:SS with a time zone")
    year, month, day, hour, minute, second = map(int, found.group(1, 2, 3, 4, 5, 6))
    zone = found["zone"]
    try:
        time = datetime(year, month, day, hour, minute, second, tzinfo=_offset(zone) if zone else None)
    except ValueError:
        raise UnreadableTimestamp(value, "the date or time does not exist") from None
    whole = (_localize(value, time, assumed, fold) - _EPOCH) // _MILLISECOND
    digits = found["fraction"] or ""
    return _check_range(value, whole + int(f"{digits:0<3}"[:3]), "text", exact=not digits[3:].strip("0"))


def _offset(zone: str) -> tzinfo:
    if zone == "Z":
        return UTC
    hours, minutes = int(zone[1:3]), int(zone[4:6])
    if minutes >= 60:  # noqa: PLR2004 - minutes of an hour
        raise ValueError(zone)
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if zone[0] == "-" else offset)


def _read_datetime(value: datetime, assumed: tzinfo | None, fold: int | None) -> Reading:
    # Of a datetime only a fold of 1 is a decision: 0 is also what it has when nobody decided.
    time = _localize(value, value, assumed, value.fold or fold)
    whole, finer = divmod(time - _EPOCH, _MILLISECOND)
    return _check_range(value, whole, "datetime", exact=not finer)


def _localize(value: object, time: datetime, zone: tzinfo | None, fold: int | None) -> datetime:
    """Return a time with its zone, which is an assumed one when it has none.

    Raises:
        UnreadableTimestamp: when no zone is assumed, or its clocks skip the time, or show it twice and no `fold` is
            chosen.
    """
    try:
        if time.utcoffset() is not None:
            return time
        if zone is None:
            raise UnreadableTimestamp(value, "missing time zone")
        first, second = (time.replace(tzinfo=zone, fold=each) for each in (0, 1))
        before, after = first.utcoffset(), second.utcoffset()
    except NotImplementedError:
        before = after = None
    if before is None or after is None:
        raise UnreadableTimestamp(value, "the time zone has no offset from UTC")
    if before < after:
        raise UnreadableTimestamp(value, f"the local time does not exist in {zone}, whose clocks skip it")
    if before > after and fold is None:
        offsets = " or ".join(f"{each:%z}"[:3] + ":" + f"{each:%z}"[3:5] for each in (first, second))
        reason = f"the local time occurs twice in {zone}: write its offset, {offsets}, or choose with fold"
        raise UnreadableTimestamp(value, reason)
    return second if fold else first


def _find_zone(value: object, assume_tz: tzinfo | str | None) -> tzinfo | None:
    # Zones of pytz do not know PEP 495, and as a tzinfo have the offset of a past century.
    if hasattr(assume_tz, "localize"):
        assume_tz = str(assume_tz)
    if not isinstance(assume_tz, str):
        return assume_tz
    try:
        return ZoneInfo(assume_tz)
    except (OSError, ValueError, KeyError):
        hint = "" if available_timezones() else "; this system has no time zones, install the package tzdata"
        raise UnreadableTimestamp(value, f"unknown time zone {assume_tz!r}{hint}") from None


def _check_range(value: object, ms: int, unit: str, *, exact: bool) -> Reading:
    if not EARLIEST_MS <= ms < LATEST_MS:
        raise UnreadableTimestamp(value, "the time is outside 1973-03-03 to 5138-11-16")
    return Reading(ms, unit, exact)
