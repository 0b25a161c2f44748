"""Rules on the moment of an event: units, range, notation, place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tcspec.errors import Basis, Severity, UnreadableTimestamp
from tcspec.kinds import METADATA_KEYS
from tcspec.rules.context import ABSENT, pointer
from tcspec.rules.events.vocabulary import snake_case
from tcspec.rules.fixes.offers import add, move, offer, replace
from tcspec.rules.rule import SAFE, Finding, rule
from tcspec.timestamps import read_timestamp

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tcspec.rules.context import Path, RuleContext
    from tcspec.timestamps import Reading

_HTTP = "features/sources/sources-catalog/http-tracking-api.md"
_WEB = "developers/tracking/about-events/js-sdk-event-specificity.md"
_PLACE = ("context", "event_timestamp")
_CREATED = ("context", "created")
_ID = ("context", "event_id")
_WEB_ID = ("context", "eventId")
_AT_ROOT = tuple(key for key in METADATA_KEYS if snake_case(key) == _PLACE[1])
_UNITS = {"s": "seconds", "us": "microseconds", "ns": "nanoseconds"}
_DAY = 86_400_000
_FOUNDED = 1_262_304_000_000
"""2010-01-01T00:00:00Z: the vendor is no older."""


@rule("TC210", "a time is not in milliseconds", source=f"{_HTTP}; K001", fix=SAFE)
def other_unit(event: RuleContext) -> Iterator[Finding]:
    """Tell a time in seconds, microseconds or nanoseconds.

    The vendor reads `context.event_timestamp` as milliseconds since the epoch. Ten digits are a moment of January 1970
    to it, and the event lands outside every report of its day.

    Bad:

        {"event_name": "login", "context": {"event_timestamp": 1718006400}}

    Good:

        {"event_name": "login", "context": {"event_timestamp": 1718006400000}}
    """
    for path, reading in _moments(event):
        if reading.unit in _UNITS:
            message = f"the time is in {_UNITS[reading.unit]}, and read as milliseconds it is another one"
            yield _in_milliseconds(event, path, reading, message)


@rule("TC211", "a time is in the future", source=f"{_HTTP}; K001", basis=Basis.INFERRED)
def in_the_future(event: RuleContext) -> Iterator[Finding]:
    """Tell a time that is more than a day after the present.

    A clock that is wrong or a unit that was mistaken puts the event where no report looks for it yet. A day is left
    for clocks and time zones.

    Bad:

        {"event_name": "login", "context": {"event_timestamp": 4102444800000}}

    Good:

        {"event_name": "login", "context": {"event_timestamp": 1718006400000}}
    """
    for path, reading in _moments(event):
        if reading.ms > event.now + _DAY:
            yield Finding(pointer(*path), "the time is more than a day in the future", {"property": path[-1]})


@rule("TC212", "a time is before the vendor existed", source=f"{_HTTP}; K001", basis=Basis.INFERRED)
def before_the_vendor(event: RuleContext) -> Iterator[Finding]:
    """Tell a time before 2010.

    Nothing was collected then: it is a birthday, a default of a clock without battery, or a unit that was mistaken.

    Bad:

        {"event_name": "login", "context": {"event_timestamp": 946684800000}}

    Good:

        {"event_name": "login", "context": {"event_timestamp": 1718006400000}}
    """
    for path, reading in _moments(event):
        if reading.ms < _FOUNDED:
            yield Finding(pointer(*path), "the time is before 2010", {"property": path[-1]})


@rule("TC213", "a time is written as a date", source=f"{_HTTP}; K001", fix=SAFE)
def written_as_date(event: RuleContext) -> Iterator[Finding]:
    """Tell a time that is a text with date, hour and zone.

    One example of the vendor has it so, and every page that defines the property asks for milliseconds since the epoch.
    The same moment can be written so.

    Bad:

        {"event_name": "login", "context": {"event_timestamp": "2024-06-10T10:00:00+02:00"}}

    Good:

        {"event_name": "login", "context": {"event_timestamp": 1718006400000}}
    """
    reading = _read(event.at(*_PLACE))
    if reading and reading.unit == "text":
        yield _in_milliseconds(event, _PLACE, reading, "the time is written as a date, not in milliseconds")


@rule("TC214", "a time is at the root", source=f"{_HTTP}; K002", fix=SAFE)
def at_the_root(event: RuleContext) -> Iterator[Finding]:
    """Tell the time of an event that stands beside `context` and not in it.

    The example of a batch has it so, which was its place in the 1.0 format; every other page has it in `context`, and
    there it is looked for. Where `context` has a time too, that of the root is a custom property.

    Bad:

        {"event_name": "login", "context": {"event_id": "e-1"}, "event_timestamp": 1718006400000}

    Good:

        {"event_name": "login", "context": {"event_id": "e-1", "event_timestamp": 1718006400000}}
    """
    context = event.at("context")
    if context is not ABSENT and not isinstance(context, dict):
        return
    is_told = any(event.at(*path) is not ABSENT for path in (_PLACE, _CREATED))
    for name in _AT_ROOT:
        if name not in event.payload:
            continue
        where, data = pointer(name), {"property": name}
        if is_told:
            message = f"`{name}` of the root is a custom property: the time of the event is in `context`"
            yield Finding(where, message, data, severity=Severity.INFO)
            continue
        made = (add(_PLACE[:1], {}),) if context is ABSENT else ()
        fix = offer(event, "move the time into context", *made, move((name,), _PLACE), is_safe=True)
        yield Finding(
            where, "the time is at the root, and looked for in `context`", data, "move it into `context`", fix
        )


@rule("TC215", "a time is digits in a text", Severity.INFO, source=f"{_HTTP}; K001", kinds=("event",), fix=SAFE)
def digits_in_text(event: RuleContext) -> Iterator[Finding]:
    """Tell milliseconds that are in quotes.

    Examples of the vendor have them so, and they are read; the definition asks for an integer, and what takes the
    data out again, such as a database, may not read them.

    Bad:

        {"event_name": "login", "context": {"event_timestamp": "1718006400000"}}

    Good:

        {"event_name": "login", "context": {"event_timestamp": 1718006400000}}
    """
    value = event.at(*_PLACE)
    reading = _read(value)
    if reading and reading.unit == "ms" and isinstance(value, str):
        yield _in_milliseconds(event, _PLACE, reading, "the time is a text of digits, not an integer")


@rule("TC216", "context is spelt as by the web container", Severity.INFO, source=_WEB, basis=Basis.OBSERVED, fix=SAFE)
def spelt_as_web_container(event: RuleContext) -> Iterator[Finding]:
    """Tell `context.eventId` or `context.created` where the documented name is missing.

    The vendor's own web container sends them, so they are taken; but the pages have `event_id` and `event_timestamp`,
    and who reads the data must know both.

    Bad:

        {"event_name": "login", "context": {"eventId": "e-1", "created": "2024-06-10T08:00:00.000Z"}}

    Good:

        {"event_name": "login", "context": {"event_id": "e-1", "event_timestamp": 1718006400000}}
    """
    if isinstance(event.at(*_WEB_ID), str) and event.at(*_ID) is ABSENT:
        fix = offer(event, "call it event_id", move(_WEB_ID, _ID), is_safe=True)
        data = {"property": _WEB_ID[-1], "expected": _ID[-1]}
        yield Finding(pointer(*_WEB_ID), "the pages of the vendor call it `event_id`", data, "write `event_id`", fix)
    reading = _read(event.at(*_CREATED))
    if reading and event.at(*_PLACE) is ABSENT:
        fix = offer(event, "say the time in event_timestamp too", add(_PLACE, reading.ms), is_safe=True)
        data = {"property": _CREATED[-1], "expected": _PLACE[-1]}
        message = "the pages of the vendor have the time in `event_timestamp`"
        yield Finding(pointer(*_CREATED), message, data, f"add `event_timestamp` with {reading.ms}", fix)


def _read(value: object) -> Reading | None:
    """Read a time; None when it names none."""
    try:
        return read_timestamp(value)
    except UnreadableTimestamp:
        return None


def _moments(event: RuleContext) -> Iterator[tuple[Path, Reading]]:
    """Give the times of an event that can be read, each with its place."""
    for path in (_PLACE, _CREATED):
        reading = _read(event.at(*path))
        if reading:
            yield path, reading


def _in_milliseconds(event: RuleContext, path: Path, reading: Reading, message: str) -> Finding:
    """Say that a time should be written in milliseconds; the fix is safe when nothing finer is lost."""
    data = {"property": path[-1], "expected": str(reading.ms), "unit": reading.unit}
    fix = offer(event, "write the time in milliseconds", replace(path, reading.ms), is_safe=reading.exact)
    return Finding(pointer(*path), message, data, f"write {reading.ms}", fix)
