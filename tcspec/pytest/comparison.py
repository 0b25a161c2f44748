"""Comparing events with what a test expects of them, and describing the differences without personal values."""

from __future__ import annotations

import json
from collections import deque
from typing import TYPE_CHECKING, Any, NamedTuple

from tcspec.contract.privacy import may_show
from tcspec.detection import detect_version
from tcspec.json_types import type_name
from tcspec.jsontext.encoder import to_json_value
from tcspec.jsontext.pointer import join
from tcspec.personal import mask_name, mask_pointer
from tcspec.reporters.printing import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    Json = dict[str, Any]
    Path = tuple[str | int, ...]

_MAX_LENGTH = 60
_LISTED = 10
_NOTHING = object()


class Difference(NamedTuple):
    """A place at which an event is not as expected; one of both values is absent when it has no counterpart."""

    path: Path
    expected: Any
    actual: Any


def join_lines(lines: Iterable[str]) -> str:
    """Return a message of several lines, in which nothing that came from a payload controls a terminal."""
    return "\n".join(map(printable, lines))


def name_of(event: Mapping[str, Any]) -> object:
    """Return the name of an event of any version."""
    return event.get("event_name", event.get("event"))


def iter_events(document: Json) -> Iterator[Json]:
    """Yield the event that a document is, or the events of a batch."""
    # An event may have a custom property of this name.
    members = document.get("batch")
    if isinstance(members, list) and "event_name" not in document:
        yield from (member for member in members if isinstance(member, dict))
    else:
        yield document


def find_differences(expected: str | Json, event: Json) -> list[Difference]:
    """Return where an event is not as expected: of a string, its name; of an object, the keys that are expected."""
    if isinstance(expected, str):
        name = name_of(event)
        return [] if name == expected else [Difference(("event_name",), expected, name)]
    return list(_iter_differences(expected, event, ()))


def _iter_differences(expected: Any, actual: Any, path: Path) -> Iterator[Difference]:  # noqa: ANN401 - JSON values
    # A model, which may be anywhere in what is expected, is what it is on the wire.
    expected = to_json_value(expected)
    if isinstance(expected, dict) and isinstance(actual, dict):
        for key, value in expected.items():
            yield from _iter_differences(value, actual.get(key, _NOTHING), (*path, key))
    elif isinstance(expected, list | tuple) and isinstance(actual, list):
        for index in range(max(len(expected), len(actual))):
            one, other = (items[index] if index < len(items) else _NOTHING for items in (expected, actual))
            yield from _iter_differences(one, other, (*path, index))
    elif not _is_equal(expected, actual):
        yield Difference(path, expected, actual)


def _is_equal(expected: object, actual: object) -> bool:
    # To Python true is 1, to JSON it is not. Whatever else is expected, such as `mock.ANY`, decides for itself.
    if isinstance(expected, bool | int | float) and isinstance(expected, bool) != isinstance(actual, bool):
        return False
    return actual is not _NOTHING and bool(expected == actual)


def describe_differences(differences: Sequence[Difference], event: Json, *, show_values: bool = False) -> list[str]:
    """Return one line for each difference from an event, the first ten; values that may be personal are left out."""
    shown = None if show_values else event
    lines = [f"  {mask_pointer(join(each.path)) or '/'}: {_describe(each, shown)}" for each in differences[:_LISTED]]
    others = len(differences) - _LISTED
    return [*lines, f"  and {others} more"] if others > 0 else lines


def _describe(difference: Difference, event: Json | None) -> str:
    path, expected, actual = difference
    if actual is _NOTHING:
        return f"expected {_describe_value(path, expected, event)}, it is missing"
    if expected is _NOTHING:
        return f"expected no such item, got {_describe_value(path, actual, event)}"
    values = [_describe_value(path, value, event) for value in (expected, actual)]
    if values[0] == values[1]:
        return f"expected a different value, got {values[0]} too (show_values)"
    return f"expected {values[0]}, got {values[1]}"


def _describe_value(path: Path, value: object, event: Json | None) -> str:
    is_scalar = value is None or isinstance(value, str | int | float)
    if path == ("event_name",) and isinstance(value, str):
        text = json.dumps(mask_name(value))
    elif is_scalar and (event is None or may_show(path, value, event, detect_version(event))):
        text = json.dumps(value)
    else:
        return type_name(value)
    return text if len(text) <= _MAX_LENGTH else f"{text[:_MAX_LENGTH]}..."


def describe_event(event: str | Json) -> str:
    """Return the name of an event as it may be shown."""
    name = event if isinstance(event, str) else name_of(event)
    return f"`{mask_name(name)}`" if isinstance(name, str) else "an event without a name"


def match_in_order(expected: Sequence[Any], events: Sequence[Json]) -> list[int | None]:
    """Return for each expected event the place of the first event that matches it, after those before it."""
    places: list[int | None] = []
    start = 0
    for each in expected:
        place = next((at for at in range(start, len(events)) if not find_differences(each, events[at])), None)
        places.append(place)
        if place is None:
            break
        start = place + 1
    return places


def match_in_any_order(expected: Sequence[Any], events: Sequence[Json]) -> list[int | None]:
    """Return for each expected event the place of an event of its own that matches it, for as many as possible."""
    fitting = [[at for at, event in enumerate(events) if not find_differences(each, event)] for each in expected]
    owners: dict[int, int] = {}
    places: dict[int, int] = {}
    for index in range(len(expected)):
        _assign(index, fitting, owners, places)
    return [places.get(index) for index in range(len(expected))]


def _assign(index: int, fitting: Sequence[Sequence[int]], owners: dict[int, int], places: dict[int, int]) -> None:
    """Give an expected event an event of its own.

    Events that are taken are passed on when their owner has another: `purchase` also matches the only one of 20. Along
    the shortest chain of owners, and without recursion: it may be as long as there are events.
    """
    wanted_by: dict[int, int] = {}
    waiting = deque([index])
    while waiting:
        each = waiting.popleft()
        for at in fitting[each]:
            if at in wanted_by:
                continue
            wanted_by[at] = each
            if at in owners:
                waiting.append(owners[at])
                continue
            free: int | None = at
            while free is not None:
                owner = wanted_by[free]
                passed_on = places.get(owner)
                owners[free], places[owner] = owner, free
                free = passed_on
            return
