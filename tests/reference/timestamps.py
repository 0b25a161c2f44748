"""A second implementation of the timestamp reader, written from the text of the contract with `decimal` and `datetime`.

It imports nothing of tcspec. Tests compare the reader with it, and the second upgrade uses it.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from decimal import ROUND_FLOOR, Context, Decimal
from zoneinfo import ZoneInfo

EARLIEST, LATEST = 10**11, 10**14
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EXACT = Context(prec=2_000)
"""Precise enough to convert any number that the tests draw without rounding."""

UNITS = {10: "s", 12: "ms", 13: "ms", 14: "ms", 16: "us", 19: "ns"}
"""The unit of a number by the digits of its integer part."""
IN_MS = {"s": Decimal(1000), "ms": Decimal(1), "us": Decimal("0.001"), "ns": Decimal("0.000001")}
RFC3339 = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]+))?(?:(Z)|([+-])([0-9]{2}):([0-9]{2}))?"
)


def read_milliseconds(value):
    """Return a timestamp as epoch milliseconds, or None when it is unreadable."""
    reading = read_timestamp(value)
    return reading and reading[0]


def read_timestamp(value, unit=None, assume_tz=None, fold=None):
    """Return epoch milliseconds, the unit that was read and whether the result is exact; None when unreadable."""
    if isinstance(value, bool):
        reading = None
    elif isinstance(value, int):
        reading = from_number(Decimal(value), unit)
    elif isinstance(value, float):
        reading = from_number(Decimal(repr(value)), unit)
    elif isinstance(value, datetime):
        reading = from_datetime(value, assume_tz, fold)
    elif not isinstance(value, str):
        reading = None
    elif re.fullmatch("[0-9]+", value):
        reading = from_digits(value.lstrip("0") or "0", unit)
    else:
        reading = from_rfc3339(value, assume_tz, fold)
    return reading if reading and EARLIEST <= reading[0] < LATEST else None


def from_digits(digits, unit):
    """Read a string of digits."""
    return from_number(Decimal(digits), unit)


def from_number(number, unit):
    """Read a number in a unit, by default the one of its digits."""
    if not number.is_finite() or number < 0:
        return None
    if unit is None:
        unit = UNITS.get(1 if number < 1 else number.adjusted() + 1)
    if unit is None:
        return None
    ms = EXACT.multiply(number, IN_MS[unit])
    whole = ms.to_integral_value(ROUND_FLOOR)
    return int(whole), unit, whole == ms


def from_rfc3339(text, assume_tz, fold):
    """Read an RFC 3339 string; one without a zone needs `assume_tz`."""
    found = RFC3339.fullmatch(text)
    if found is None:
        return None
    local, fraction, utc, sign, hours, minutes = found.groups()
    # Epoch time has no leap seconds, but strptime accepts 60 and 61.
    if local.endswith(("60", "61")) or (sign and int(minutes) > 59):
        return None
    try:
        instant = datetime.strptime(local, "%Y-%m-%dT%H:%M:%S").replace(tzinfo=UTC)
        if sign:
            offset = timedelta(hours=int(hours), minutes=int(minutes))
            instant = instant.replace(tzinfo=timezone(-offset if sign == "-" else offset))
        elif not utc:
            instant = find_instant(instant.replace(tzinfo=None), assume_tz, fold)
            if instant is None:
                return None
        seconds = (instant - EPOCH) // timedelta(seconds=1)
    except (ValueError, OverflowError):
        return None
    fraction_ms = Decimal(f"0.{fraction or 0}") * 1000
    return seconds * 1000 + int(fraction_ms), "text", fraction_ms == int(fraction_ms)


def from_datetime(value, assume_tz, fold):
    """Read a datetime; one without a zone needs `assume_tz`."""
    if value.utcoffset() is None:
        value = find_instant(value, assume_tz, 1 if value.fold else fold)
        if value is None:
            return None
    microseconds = (value - EPOCH) // timedelta(microseconds=1)
    return microseconds // 1000, "datetime", microseconds % 1000 == 0


def find_instant(local, assume_tz, fold):
    """Return when the clocks of a zone show a local time; None when they never do, or twice and none is chosen."""
    if assume_tz is None:
        return None
    zone = ZoneInfo(assume_tz) if isinstance(assume_tz, str) else assume_tz
    candidates = sorted({local.replace(tzinfo=zone, fold=each).astimezone(UTC) for each in (0, 1)})
    shown = [each for each in candidates if each.astimezone(zone).replace(tzinfo=None, fold=0) == local.replace(fold=0)]
    if len(shown) == 2:
        return None if fold is None else shown[fold]
    return shown[0] if shown else None
