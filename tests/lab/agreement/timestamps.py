"""Compare the timestamp reader with `decimal` and `datetime`, near every limit and in every format."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta, timezone
from random import Random
from typing import Any

from reference.timestamps import read_timestamp as reference_read_timestamp
from tcspec.errors import UnreadableTimestamp
from tcspec.timestamps import read_timestamp

_ZONES = ("Europe/Paris", "America/St_Johns", "UTC", timezone(timedelta(hours=5, minutes=30)), None, None, None)
_UNITS = ("s", "ms", "us", "ns", None, None, None, None)
_YEARS = (*range(1960, 2040), 1, 999, 1972, 1973, 5137, 5138, 5139, 9999, 0)


def draw_timestamp(rng: Random) -> Any:
    """Draw a timestamp, or something that is almost one."""
    return rng.choice((_number, _digits, _float, _rfc3339, _rfc3339, _datetime))(rng)


def _number(rng: Random) -> int:
    near = 10 ** rng.randint(7, 21) + rng.choice((-1000, -1, 0, 1, 999))
    return rng.choice((near, rng.randrange(10 ** rng.randint(1, 22)), -near, 10**400))


def _digits(rng: Random) -> str:
    return "0" * rng.choice((0, 0, 1, 7)) + str(_number(rng)) + rng.choice(("", "", "", "\n", " ", ".0", "\u0663"))


def _float(rng: Random) -> float:
    number = float(rng.randrange(10 ** rng.randint(1, 21)))
    return rng.choice(
        (number, number / 1000, number + rng.random(), -number, float("inf"), float("nan"), number * 1e300)
    )


def _rfc3339(rng: Random) -> str:
    """Draw an RFC 3339 string, most of whose parts are valid."""
    date = f"{rng.choice(_YEARS):04}-{_part(1, 12, rng)}-{_part(1, 31, rng)}"
    clock = f"{_part(0, 23, rng)}:{_part(0, 59, rng)}:{_part(0, 59, rng)}"
    fraction = rng.choice(("", "", ".", f".{rng.randrange(10 ** rng.randint(1, 12))}", ".9999999999999999999", ".000"))
    offset = f"{rng.choice('+-')}{_part(0, 23, rng)}:{_part(0, 59, rng)}"
    return f"{date}{rng.choice('TTTTTTTt ')}{clock}{fraction}{rng.choice(('Z', 'Z', 'z', '', offset, offset, '+0200'))}"


def _part(least: int, most: int, rng: Random) -> str:
    return f"{rng.randint(least, most) if rng.random() < _VALID_SHARE else most + 1:02}"


_VALID_SHARE = 0.95


def _datetime(rng: Random) -> datetime:
    instant = datetime(rng.choice(_YEARS) or 1, rng.randint(1, 12), rng.randint(1, 28), tzinfo=UTC)
    instant += timedelta(microseconds=rng.randrange(86_400_000_000)) if instant.year < 9999 else timedelta()
    return instant.replace(tzinfo=rng.choice((UTC, None, timezone(timedelta(minutes=rng.randint(-1439, 1439))))))


def compare_readings(count: int, seed: int) -> tuple[Counter[str], list[str]]:
    """Read so many timestamps in both ways; return how many of each unit, and descriptions of the differences."""
    rng = Random(seed)  # noqa: S311 - timestamps, not secrets
    read: Counter[str] = Counter()
    differences = []
    for _ in range(count):
        value, unit, zone = draw_timestamp(rng), rng.choice(_UNITS), rng.choice(_ZONES)
        found, expected = _read(value, unit, zone), reference_read_timestamp(value, unit, zone)
        read["refused" if expected is None else expected[1]] += 1
        if found != expected:
            differences.append(f"{value!r}, unit {unit}, zone {zone}: {found} instead of {expected}")
    return read, differences


def _read(value: Any, unit: str | None, zone: Any) -> tuple[int, str, bool] | str | None:
    try:
        reading = read_timestamp(value, unit, zone)
    except UnreadableTimestamp:
        return None
    except Exception as error:  # noqa: BLE001 - whatever is raised is a finding
        return f"raised {type(error).__name__}: {error}"
    return reading.ms, reading.unit, reading.exact
