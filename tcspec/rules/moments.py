"""Rules on the moment of an event: units, range, notation, place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tcspec.errors import Fix, Severity, UnreadableTimestamp
from tcspec.rules.rule import Finding, rule
from tcspec.rules.subjects import pointer
from tcspec.timestamps import read_timestamp

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tcspec.rules.subjects import Subject

_HTTP = "features/sources/sources-catalog/http-tracking-api.md"
_PLACE = ("context", "event_timestamp")
_UNITS = {"s": "seconds", "us": "microseconds", "ns": "nanoseconds"}


@rule("TC210", "a time is not in milliseconds", source=f"{_HTTP}; K001")
def other_unit(event: Subject) -> Iterator[Finding]:
    """Tell a time in seconds, microseconds or nanoseconds.

    The vendor reads `context.event_timestamp` as milliseconds since the epoch. Ten digits are a moment of January 1970
    to it, and the event lands outside every report of its day.

    Bad:

        {"event_name": "login", "context": {"event_timestamp": 1718006400}}

    Good:

        {"event_name": "login", "context": {"event_timestamp": 1718006400000}}
    """
    value = event.at(*_PLACE)
    try:
        reading = read_timestamp(value)
    except UnreadableTimestamp:
        return
    if reading.unit in _UNITS:
        where = pointer(*_PLACE)
        yield Finding(
            where,
            f"the time is in {_UNITS[reading.unit]}, and read as milliseconds it is another one",
            {"expected": str(reading.ms), "unit": reading.unit},
            f"write {reading.ms}",
            Fix(
                "write the time in milliseconds",
                ({"op": "replace", "path": where, "value": reading.ms},),
                is_safe=reading.exact,
            ),
            Severity.WARNING,
        )


RULES = (other_unit,)
