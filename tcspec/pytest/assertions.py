"""Assertions on payloads and events, whose messages name what differs and nothing personal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, cast

from tcspec.contract.counting import sort_key
from tcspec.errors import WrongArgument
from tcspec.json_types import type_name
from tcspec.jsontext.encoder import to_json_value
from tcspec.payload import read_payload
from tcspec.pytest.collector import Collector
from tcspec.pytest.comparison import (
    describe_differences,
    describe_event,
    find_differences,
    iter_events,
    join_lines,
    match_in_any_order,
    match_in_order,
    name_of,
)
from tcspec.rules.linting import lint
from tcspec.validation import validate

if TYPE_CHECKING:
    from collections.abc import Sequence

    Json = dict[str, Any]

_LISTED = 20


def assert_valid(
    payload: object, kind: str | None = None, version: str | None = None, *, rules: str | Iterable[str] = ()
) -> None:
    """Raise an AssertionError with the violations of a payload, unless it has none.

    Args:
        payload: bytes, text, a dict or a model, as `tcspec.validate` takes it.
        kind: what the payload is; by default what it shows.
        version: of the kind; "1.0" says that a legacy event is wanted.
        rules: prefixes of the codes of rules that must not report anything either: "TC" is all of them.

    Raises:
        UnknownKind: when tcspec knows no such kind or version.
    """
    __tracebackhide__ = True
    violations = list(validate(payload, kind, version))
    if rules:
        violations += lint(payload, kind, version, select=rules)
    if violations:
        found = sorted(dict.fromkeys(violations), key=sort_key)
        lines = [f"  {violation}" for violation in found[:_LISTED]]
        if len(found) > _LISTED:
            lines.append(f"  and {len(found) - _LISTED} more")
        raise AssertionError(join_lines(["the payload is invalid:", *lines]))


def assert_events(
    captured: Collector | Iterable[object],
    expected: Iterable[object],
    *,
    any_order: bool = False,
    exact: bool = False,
    show_values: bool = False,
) -> None:
    """Raise an AssertionError that names the closest event, unless every expected event was captured, in order.

    Args:
        captured: a collector, or payloads: bytes, text, dicts or models, one or several; of a batch its events, of a
            pixel its event.
        expected: of each event its name, or an object whose keys the event has to have, with equal values, to any
            depth; an array has to have all items. A value may be a model, or anything that compares equal, as
            `mock.ANY`. What is expected may be one event too.
        any_order: the order does not matter.
        exact: no other events may have been captured; by default they are ignored.
        show_values: the message has all values, which may describe persons; by default only what a report shows.

    Raises:
        UnreadablePayload: when what was captured is no payload.
        WrongArgument: when an expected event is neither a name nor an object, or nothing that has events is given.
    """
    __tracebackhide__ = True
    events = captured.events if isinstance(captured, Collector) else _read_events(captured)
    patterns = [_read_expected(each) for each in _list_events("expected", expected)]
    places = (match_in_any_order if any_order else match_in_order)(patterns, events)
    if None in places:
        index = places.index(None)
        # Where the order matters, what was captured before is taken.
        start = cast("int", places[index - 1]) + 1 if index and not any_order else 0
        taken = {place for place in places if place is not None} if any_order else set(range(start))
        raise AssertionError(join_lines(_describe_missing(patterns, index, events, taken, show_values)))
    others = [at for at in range(len(events)) if at not in places]
    if exact and others:
        names = ", ".join(f"{describe_event(events[at])} (event {at + 1})" for at in others[:_LISTED])
        raise AssertionError(join_lines([f"expected {_count(len(patterns))} and no other, also captured: {names}"]))


def _read_events(captured: object) -> list[Json]:
    payloads = _list_events("captured", captured)
    return [event for payload in payloads for event in iter_events(read_payload(payload).document)]


def _list_events(name: str, value: object) -> Iterable[object]:
    """Return events, one or several, as several.

    Raises:
        WrongArgument: when they are neither.
    """
    # What is one event can be iterated too: a dict has keys, a model has fields.
    if isinstance(to_json_value(value), str | bytes | bytearray | memoryview | dict):
        return [value]
    if not isinstance(value, Iterable):
        raise WrongArgument(f"`{name}` as an event or several", type_name(value))
    return value


def _read_expected(expected: object) -> str | Json:
    value = to_json_value(expected)
    if not isinstance(value, str | dict):
        raise WrongArgument("an event as its name or as an object", type_name(value))
    return value


def _describe_missing(
    expected: Sequence[str | Json],
    index: int,
    events: list[Json],
    taken: set[int],
    show_values: bool,  # noqa: FBT001 - private
) -> list[str]:
    pattern = expected[index]
    title = f"expected {describe_event(pattern)} (event {index + 1} of {len(expected)})"
    if not events:
        return [f"{title}, nothing was captured"]
    captured = f"captured: {', '.join(map(describe_event, events[:_LISTED]))}{', ...' if len(events) > _LISTED else ''}"
    free = [at for at in range(len(events)) if at not in taken]
    if early := [at for at in sorted(taken) if not find_differences(pattern, events[at])]:
        return [f"{title}, it was captured too early or only once, as event {early[0] + 1}", captured]
    if not free:
        return [f"{title}, no other event was captured", captured]
    closest = min(free, key=lambda at: _distance(pattern, events[at]))
    found = find_differences(pattern, events[closest])
    differences = describe_differences(found, events[closest], show_values=show_values)
    near = f"closest was {describe_event(events[closest])} (captured event {closest + 1} of {len(events)}), differs at"
    return [f"{title}, {near}", *differences, captured]


def _distance(pattern: str | Json, event: Json) -> tuple[bool, int]:
    name = pattern if isinstance(pattern, str) else name_of(pattern)
    # An event of the expected name is closer than any other, however much of it differs.
    return name_of(event) != name, len(find_differences(pattern, event))


def _count(number: int) -> str:
    return f"{number} event{'' if number == 1 else 's'}"
