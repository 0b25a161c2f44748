"""Events of version 2.0 that may or may not be valid, and what they are changed with."""

from __future__ import annotations

import copy

from hypothesis import strategies as st

from tcspec.strategies import events, nearly_valid
from tcspec.strategies.values import json_values, unreadable_timestamps

valid_events = events()


def damaged_events():
    """Draw a standard event with one error, and the code of that."""
    return nearly_valid().map(lambda drawn: (drawn.event, drawn.code))


broken_events = nearly_valid().map(lambda drawn: drawn.event)


def iter_paths(value, before=()):
    """Yield the paths of everything in a JSON value."""
    yield before
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield from iter_paths(child, (*before, key))


def replace_value(event, path, value):
    """Return a copy of an event with another value at a path, which is not the root."""
    event = copy.deepcopy(event)
    container = event
    for key in path[:-1]:
        container = container[key]
    container[path[-1]] = value
    return event


@st.composite
def nearly_valid_events(draw):
    """Draw a valid event in which one value is replaced by any JSON value."""
    event = draw(valid_events)
    path = draw(st.sampled_from([path for path in iter_paths(event) if path]))
    return replace_value(event, path, draw(st.one_of(json_values(), unreadable_timestamps)))
