"""Rules on the timestamp of an event: unit, range, notation, place."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from tcspec.contract.timestamp_messages import explain_unreadable
from tcspec.dialects import METADATA_KEYS
from tcspec.errors import Basis, Fix, Severity, UnreadableTimestamp
from tcspec.rules.context import ABSENT, CREATED, TIMESTAMP
from tcspec.rules.fixes.offers import add, move, replace
from tcspec.rules.known_names import to_snake_case
from tcspec.rules.rule import SAFE, Finding, rule
from tcspec.time_notations import suggest_epoch
from tcspec.timestamps import UNIT_NAMES, read_timestamp
from tcspec.usual_timestamps import LATEST_MS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tcspec.rules.context import Path, RuleContext
    from tcspec.timestamps import Reading

_HTTP = "features/sources/sources-catalog/http-tracking-api.md"
_WEB = "developers/tracking/about-events/js-sdk-event-specificity.md"
_ID: Path = ("context", "event_id")
_WEB_ID: Path = ("context", "eventId")
_ROOT_NAMES = tuple(key for key in METADATA_KEYS if to_snake_case(key) == TIMESTAMP[1])
_ROOT_KEYS = frozenset(_ROOT_NAMES)
_DAY = 86_400_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FOUNDED = 1_262_304_000_000
"""2010-01-01T00:00:00Z: the vendor is not older."""


def has_unusual_times(event: RuleContext) -> bool:
    """Return whether a context has anything but one timestamp, an integer of milliseconds between 2010 and now."""
    time = event.context.get("event_timestamp")
    return not (
        type(time) is int
        and _FOUNDED <= time <= event.now
        and "created" not in event.context
        and "eventId" not in event.context
    )


@rule(
    "TC217",
    "`created` is unreadable or not in milliseconds",
    source=f"{_HTTP}; K001",
    fix=SAFE,
    needs=has_unusual_times,
)
def created_in_other_unit(event: RuleContext) -> Iterator[Finding]:
    """A `created` is in seconds, microseconds or nanoseconds, or is no timestamp that can be read.

    The vendor reads times as milliseconds since the epoch. Ten digits are then a day in January 1970, and the event is
    in no report of its day. An `event_timestamp` that is so violates the contract (TC210, TC203).

    Bad:

        {"event_name": "login", "context": {"event_timestamp": 1718006400000, "created": 1718006400}}

    Good:

        {"event_name": "login", "context": {"event_timestamp": 1718006400000, "created": 1718006400000}}
    """
    reading = event.created
    if reading and reading.unit in UNIT_NAMES and reading.unit != "ms":
        yield _to_milliseconds(CREATED, reading, f"timestamp is in {UNIT_NAMES[reading.unit]}; milliseconds expected")
    # Without a timestamp a `created` must be readable by the contract.
    elif reading is None and event.context.get("created") is not None and TIMESTAMP[-1] in event.context:
        yield _unreadable(CREATED, event.at(*CREATED))


@rule("TC211", "timestamp is in the future", source=f"{_HTTP}; K001", basis=Basis.INFERRED, needs=has_unusual_times)
def in_the_future(event: RuleContext) -> Iterator[Finding]:
    """A timestamp is more than a day after the present.

    Because of a wrong clock or a wrong unit, reports do not show the event yet. One day is tolerated for clocks and
    time zones.

    Bad:

        {"event_name": "login", "context": {"event_timestamp": 4102444800000}}

    Good:

        {"event_name": "login", "context": {"event_timestamp": 1718006400000}}
    """
    for path, reading in _iter_readings(event):
        # Clocks differ, and some senders write local time: a day covers both.
        if reading.ms > event.now + _DAY:
            message = "timestamp is more than a day in the future"
            yield Finding(path, message, {"property": path[-1]}, _suggest_epoch(event, path))


@rule("TC212", "timestamp is before 2010", source=f"{_HTTP}; K001", basis=Basis.INFERRED, needs=has_unusual_times)
def before_the_vendor(event: RuleContext) -> Iterator[Finding]:
    """A timestamp is before 2010, when the vendor was founded.

    Nothing was collected then: it is a birthdate, the default of a clock without a battery, or in the wrong unit.

    Bad:

        {"event_name": "login", "context": {"event_timestamp": 946684800000}}

    Good:

        {"event_name": "login", "context": {"event_timestamp": 1718006400000}}
    """
    for path, reading in _iter_readings(event):
        if reading.ms < _FOUNDED:
            yield Finding(path, "timestamp is before 2010", {"property": path[-1]}, _suggest_epoch(event, path))


@rule("TC213", "timestamp is a date string", source=f"{_HTTP}; K001", fix=SAFE, needs=has_unusual_times)
def date_string(event: RuleContext) -> Iterator[Finding]:
    """A timestamp is a string with date, time and time zone.

    One example of the vendor shows it so, but every page that defines the property requires milliseconds since the
    epoch.

    Bad:

        {"event_name": "login", "context": {"event_timestamp": "2024-06-10T10:00:00+02:00"}}

    Good:

        {"event_name": "login", "context": {"event_timestamp": 1718006400000}}
    """
    reading = event.timestamp
    if reading and reading.unit == "text":
        yield _to_milliseconds(TIMESTAMP, reading, "timestamp is a date string; milliseconds expected")


def has_timestamp_at_root(event: RuleContext) -> bool:
    """Return whether an event has a timestamp at the root."""
    return not _ROOT_KEYS.isdisjoint(event.value)


@rule("TC214", "timestamp is at the root", source=f"{_HTTP}; K002", fix=SAFE, needs=has_timestamp_at_root)
def timestamp_at_root(event: RuleContext) -> Iterator[Finding]:
    """The timestamp of an event is beside `context` instead of in it.

    The vendor's example of a batch shows it at the root, where the 1.0 format had it; all other pages have it in
    `context`, and it is only read there. If `context` has a timestamp too, the one at the root is a custom property.

    Bad:

        {"event_name": "login", "context": {"event_id": "e-1"}, "event_timestamp": 1718006400000}

    Good:

        {"event_name": "login", "context": {"event_id": "e-1", "event_timestamp": 1718006400000}}
    """
    context = event.at("context")
    # A context of another type cannot contain a timestamp; it is an error of the contract.
    if context is not ABSENT and not isinstance(context, dict):
        return
    has_timestamp = any(path[-1] in event.context for path in (TIMESTAMP, CREATED))
    for name in _ROOT_NAMES:
        if name not in event.value:
            continue
        path, data = (name,), {"property": name}
        if has_timestamp:
            message = f"`{name}` at the root is a custom property: `context` has the timestamp"
            yield Finding(path, message, data, severity=Severity.INFO)
            continue
        first = (add(TIMESTAMP[:1], {}),) if context is ABSENT else ()
        fix = Fix("move the timestamp to `context`", (*first, move(path, TIMESTAMP)), is_safe=True)
        message = "timestamp is at the root, but is only read in `context`"
        yield Finding(path, message, data, "move it to `context`", fix)


# Not of pixels, in which every value is a string (K116).
@rule(
    "TC215",
    "timestamp in milliseconds is not an integer",
    Severity.INFO,
    source=f"{_HTTP}; K001",
    kinds=("event",),
    fix=SAFE,
    needs=has_unusual_times,
)
def not_integer(event: RuleContext) -> Iterator[Finding]:
    """A timestamp in milliseconds is a string, or has a fraction as the clock of a browser has it.

    Examples of the vendor show strings, and both are read. But the definition requires an integer, and consumers of
    exported data, such as a database, may read nothing else.

    Bad:

        {"event_name": "login", "context": {"event_timestamp": "1718006400000"}}

    Good:

        {"event_name": "login", "context": {"event_timestamp": 1718006400000}}
    """
    value = event.at(*TIMESTAMP)
    reading = event.timestamp
    if not reading or reading.unit != "ms":
        return
    if isinstance(value, str):
        yield _to_milliseconds(TIMESTAMP, reading, "expected an integer, got a string of digits")
    elif not reading.exact:
        yield _to_milliseconds(TIMESTAMP, reading, "expected an integer, got a number with a fraction")


@rule(
    "TC216",
    "context property of the web container",
    Severity.INFO,
    source=_WEB,
    basis=Basis.OBSERVED,
    fix=SAFE,
    needs=has_unusual_times,
)
def web_container_names(event: RuleContext) -> Iterator[Finding]:
    """`context.eventId` or `context.created` is present without the documented property.

    The vendor's own web container sends them, so they are accepted. But the pages document `event_id` and
    `event_timestamp`, and consumers of the data have to know both.

    Bad:

        {"event_name": "login", "context": {"eventId": "e-1", "created": "2024-06-10T08:00:00.000Z"}}

    Good:

        {"event_name": "login", "context": {"event_id": "e-1", "event_timestamp": 1718006400000}}
    """
    if isinstance(event.context.get("eventId"), str) and "event_id" not in event.context:
        fix = Fix("rename to `event_id`", (move(_WEB_ID, _ID),), is_safe=True)
        data = {"property": _WEB_ID[-1], "expected": _ID[-1]}
        yield Finding(_WEB_ID, "`eventId` is documented as `event_id`", data, "rename it to `event_id`", fix)
    reading = event.created
    if reading and TIMESTAMP[-1] not in event.context:
        fix = Fix("add `event_timestamp`", (add(TIMESTAMP, reading.ms),), is_safe=True)
        data = {"property": CREATED[-1], "expected": TIMESTAMP[-1]}
        message = "`created` is documented as `event_timestamp`"
        yield Finding(CREATED, message, data, f"add `event_timestamp` with {reading.ms}", fix)


def _iter_readings(event: RuleContext) -> Iterator[tuple[Path, Reading]]:
    """Yield the readable timestamps of an event with their paths."""
    for path, reading in ((TIMESTAMP, event.timestamp), (CREATED, event.created)):
        if reading:
            yield path, reading


def _suggest_epoch(event: RuleContext, path: Path) -> str | None:
    """Return a hint for a number that is an unusual time: what it would be by another epoch."""
    value = event.at(*path)
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value)
    # Such a time is no better than the one that is read if it is in the future too.
    until = _EPOCH + timedelta(milliseconds=min(event.now, LATEST_MS))
    return suggest_epoch(value, until) if isinstance(value, int) else None


def _unreadable(path: Path, value: object) -> Finding:
    """Return the finding of a timestamp that cannot be read, with a fix if only its notation is wrong."""
    data = {"property": path[-1]}
    message = f"`{path[-1]}` is not a readable timestamp"
    try:
        read_timestamp(value)
    except UnreadableTimestamp as unreadable:
        suggestion = unreadable.suggestion
        if suggestion is None:
            return Finding(path, message, data, explain_unreadable(unreadable))
        fix = Fix("convert to milliseconds", (replace(path, suggestion),), unreadable.is_exact)
        return Finding(path, message, data, f"write {suggestion}: {unreadable.reason}", fix)
    return Finding(path, message, data)


def _to_milliseconds(path: Path, reading: Reading, message: str) -> Finding:
    """Return the finding of a timestamp that should be in milliseconds; the fix is safe if nothing finer is lost."""
    data = {"property": path[-1], "expected": str(reading.ms), "unit": reading.unit}
    fix = Fix("convert to milliseconds", (replace(path, reading.ms),), reading.exact)
    return Finding(path, message, data, f"write {reading.ms}", fix)
