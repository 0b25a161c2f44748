"""The timestamps of most senders, read in a fraction of the time that `tcspec.timestamps` needs for all of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from tcspec.patterns import compile_late

EARLIEST_MS: Final = 10**11
"""The first millisecond that is read: 1973-03-03T09:46:40Z."""
LATEST_MS: Final = 10**14
"""The first millisecond after the last that is read: 5138-11-16T09:46:40Z."""

_ISO_STRING: Final = compile_late(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}\.[0-9]{3}Z")
"""What JavaScript's toISOString() writes."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)
_DIGITS_OF_MS: Final = 13


def read_usual_timestamp(value: object) -> tuple[int, str] | None:
    """Read milliseconds in a number or in digits, and what JavaScript writes; return None for any other notation.

    Returns:
        The milliseconds and the unit of a reading that is exact.
    """
    if type(value) is int:
        return (value, "ms") if EARLIEST_MS <= value < LATEST_MS else None
    if type(value) is not str:
        return None
    # With leading zeros a number has fewer digits than characters, and may be in seconds.
    if len(value) == _DIGITS_OF_MS and value.isascii() and value.isdigit() and value[0] != "0":
        return int(value), "ms"
    if not _ISO_STRING.fullmatch(value):
        return None
    try:
        ms = (datetime.fromisoformat(value) - _EPOCH) // _MILLISECOND
    except ValueError:
        return None
    return (ms, "text") if EARLIEST_MS <= ms < LATEST_MS else None
