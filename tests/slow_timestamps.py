"""The reading of times a second time, written from the text of the contract with `decimal` and `datetime`.

It imports nothing of tcspec. The laws compare the reader with it, and so does the slow upgrade.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from decimal import ROUND_FLOOR, Context, Decimal
from zoneinfo import ZoneInfo

EARLIEST, LATEST = 10**11, 10**14
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EXACTLY = Context(prec=2_000)
"""Numbers of any length that is drawn are divided without rounding."""

MAGNITUDES = (("s", 10**11), ("ms", 10**14), ("us", 10**17), ("ns", 10**20))
IN_MS = {"s": Decimal(1000), "ms": Decimal(1), "us": Decimal("0.001"), "ns": Decimal("0.000001")}
RFC3339 = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]+))?(?:(Z)|([+-])([0-9]{2}):([0-9]{2}))?"
)


def milliseconds(value):
    """Read a time as epoch milliseconds; None when it cannot be read."""
    reading = slow_read(value)
    return reading and reading[0]


def slow_read(value, unit=None, assume_tz=None):
    """Read a time: milliseconds, the unit that it was given in, and whether nothing was cut; None when it is none."""
    if isinstance(value, bool):
        reading = None
    elif isinstance(value, int):
        reading = from_number(Decimal(value), unit)
    elif isinstance(value, float):
        reading = from_number(Decimal(repr(value)), unit)
    elif isinstance(value, datetime):
        reading = from_datetime(value, assume_tz)
    elif not isinstance(value, str):
        reading = None
    elif re.fullmatch("[0-9]+", value):
        reading = from_digits(value.lstrip("0") or "0", unit)
    else:
        reading = from_rfc3339(value, assume_tz)
    return reading if reading and EARLIEST <= reading[0] < LATEST else None


def from_digits(digits, unit):
    """Read digits, of which nanoseconds need no more than 20."""
    return from_number(Decimal(digits), unit) if len(digits) <= 20 else None


def from_number(number, unit):
    """Read a number in a unit, by default the one that its magnitude tells."""
    if not number.is_finite() or number < 0:
        return None
    if unit is None:
        unit = next((name for name, limit in MAGNITUDES if number < limit), None)
    if unit is None:
        return None
    ms = EXACTLY.multiply(number, IN_MS[unit])
    whole = ms.to_integral_value(ROUND_FLOOR)
    return int(whole), unit, whole == ms


def from_rfc3339(text, assume_tz):
    """Read an RFC 3339 text; one without a zone is read only when a zone is assumed."""
    found = RFC3339.fullmatch(text)
    if found is None:
        return None
    local, fraction, utc, sign, hours, minutes = found.groups()
    # A leap second is no moment of the epoch, though strptime takes 60 and 61.
    if local.endswith(("60", "61")) or (sign and int(minutes) > 59):
        return None
    try:
        moment = datetime.strptime(local, "%Y-%m-%dT%H:%M:%S").replace(tzinfo=UTC)
        if sign:
            offset = timedelta(hours=int(hours), minutes=int(minutes))
            moment = moment.replace(tzinfo=timezone(-offset if sign == "-" else offset))
        elif not utc:
            if assume_tz is None:
                return None
            moment = moment.replace(tzinfo=zone(assume_tz))
        seconds = (moment - EPOCH) // timedelta(seconds=1)
    except (ValueError, OverflowError):
        return None
    finer = Decimal(f"0.{fraction or 0}") * 1000
    return seconds * 1000 + int(finer), "text", finer == int(finer)


def from_datetime(moment, assume_tz):
    """Read a datetime; one without a zone is read only when a zone is assumed."""
    if moment.utcoffset() is None:
        if assume_tz is None:
            return None
        moment = moment.replace(tzinfo=zone(assume_tz))
    microseconds = (moment - EPOCH) // timedelta(microseconds=1)
    return microseconds // 1000, "datetime", microseconds % 1000 == 0


def zone(assumed):
    """Give a zone that may be named."""
    return ZoneInfo(assumed) if isinstance(assumed, str) else assumed
