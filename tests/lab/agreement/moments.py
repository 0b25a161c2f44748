"""The reading of times held against `decimal` and `datetime`, near every border and in every notation."""

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


def any_time(rng: Random) -> Any:
    """Draw something that is a time, or nearly one."""
    return rng.choice((_number, _digits, _float, _text, _text, _datetime))(rng)


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


def _text(rng: Random) -> str:
    """Spell an RFC 3339 text whose parts are mostly right."""
    date = f"{rng.choice(_YEARS):04}-{_part(1, 12, rng)}-{_part(1, 31, rng)}"
    clock = f"{_part(0, 23, rng)}:{_part(0, 59, rng)}:{_part(0, 59, rng)}"
    fraction = rng.choice(("", "", ".", f".{rng.randrange(10 ** rng.randint(1, 12))}", ".9999999999999999999", ".000"))
    offset = f"{rng.choice('+-')}{_part(0, 23, rng)}:{_part(0, 59, rng)}"
    return f"{date}{rng.choice('TTTTTTTt ')}{clock}{fraction}{rng.choice(('Z', 'Z', 'z', '', offset, offset, '+0200'))}"


def _part(least: int, most: int, rng: Random) -> str:
    return f"{rng.randint(least, most) if rng.random() < _RIGHT else most + 1:02}"


_RIGHT = 0.95


def _datetime(rng: Random) -> datetime:
    moment = datetime(rng.choice(_YEARS) or 1, rng.randint(1, 12), rng.randint(1, 28), tzinfo=UTC)
    moment += timedelta(microseconds=rng.randrange(86_400_000_000)) if moment.year < 9999 else timedelta()
    return moment.replace(tzinfo=rng.choice((UTC, None, timezone(timedelta(minutes=rng.randint(-1439, 1439))))))


def differences(count: int, seed: int) -> tuple[Counter[str], list[str]]:
    """Read so many times in both ways; give how they were read, and the readings that differ."""
    rng = Random(seed)  # noqa: S311 - times, not secrets
    read: Counter[str] = Counter()
    differing = []
    for _ in range(count):
        value, unit, zone = any_time(rng), rng.choice(_UNITS), rng.choice(_ZONES)
        fast, slow = _fast_read(value, unit, zone), reference_read_timestamp(value, unit, zone)
        read["refused" if slow is None else slow[1]] += 1
        if fast != slow:
            differing.append(f"{value!r}, unit {unit}, zone {zone}: {fast} instead of {slow}")
    return read, differing


def _fast_read(value: Any, unit: str | None, zone: Any) -> tuple[int, str, bool] | str | None:
    try:
        reading = read_timestamp(value, unit, zone)
    except UnreadableTimestamp:
        return None
    except Exception as error:  # noqa: BLE001 - whatever is raised is a finding
        return f"raised {type(error).__name__}: {error}"
    return reading.ms, reading.unit, reading.exact
