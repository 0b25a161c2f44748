"""Queries and pixels: values with a query, the many encodings of a query, and hostile text."""

from __future__ import annotations

import json
import random
from urllib.parse import quote

from hypothesis import strategies as st

from strategies.events import valid_events
from tcspec.strategies.values import texts

names = st.one_of(
    st.sampled_from(
        ("0", "1", "2", "00", "01", "-1", "user", "id", "a b", "~1", "a/b", "tc_s", "token", "é", "+", "%5")
    ),
    texts,
).filter(lambda name: name and not set(name) & set("[]"))


def are_indexes(names):
    """Return whether names are the indexes from 0 on, with which an object is read as a list."""
    return set(names) == {str(index) for index in range(len(names))}


_inner = st.recursive(
    texts,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=4),
        st.dictionaries(names, inner, min_size=1, max_size=3).filter(lambda members: not are_indexes(members)),
    ),
    max_leaves=8,
)
query_values = st.dictionaries(names, _inner, max_size=4)
"""Objects that a query string can represent."""


def without_unsayable(value):
    """Copy a JSON value without what no query string can represent: null, empty values, names that are indexes."""
    match value:
        case dict():
            kept = {
                name: without_unsayable(member) for name, member in value.items() if name and not set(name) & set("[]")
            }
            kept = {name: member for name, member in kept.items() if member is not None}
            return kept if kept and not are_indexes(kept) else None
        case list():
            return [item for item in map(without_unsayable, value) if item is not None] or None
    return value


pixel_events = valid_events.map(without_unsayable)
"""Events of the 2.0 format that a query string can represent; required properties may be missing."""


def _parameters(value, name=()):
    """Return the parameters of a value: the parts of their names, lists by index, and their strings."""
    if isinstance(value, str):
        return [(name, value)]
    members = value.items() if isinstance(value, dict) else enumerate(value)
    return [found for part, member in members for found in _parameters(member, (*name, str(part)))]


@st.composite
def encoded_queries(draw):
    """Draw a value and a query with that value, encoded in an unusual way and with empty parameters."""
    value = draw(query_values)
    rng = random.Random(draw(st.integers(0, 2**32)))  # noqa: S311 - encodings, not secrets
    pieces = [_encode_parameter(name, text, rng) for name, text in _parameters(value)]
    return value, "&" * rng.randrange(2) + ("&" * rng.choice((1, 1, 2))).join(pieces) + "&" * rng.randrange(2)


def _encode_parameter(name, text, rng):
    opening, closing = rng.choice(("[", "%5B", "%5b")), rng.choice(("]", "%5D", "%5d"))
    first, *inner = (_percent_encode(part, rng) for part in name)
    encoded = first + "".join(f"{opening}{part}{closing}" for part in inner)
    return encoded if not text and rng.random() < 0.5 else f"{encoded}={_percent_encode(text, rng)}"


def _percent_encode(text, rng):
    if rng.random() < 0.5:
        return quote(text, safe=rng.choice(("", "/:?@"))).replace("%20", rng.choice(("+", "%20")))
    return "".join(f"%{byte:02x}" for byte in text.encode())


_fragments = st.sampled_from(
    (
        *(
            "a",
            "b",
            "0",
            "1",
            "[",
            "]",
            "[]",
            "[0]",
            "[1]",
            "[b]",
            "=",
            "=1",
            "&",
            "&a",
            "%",
            "%4",
            "%5B",
            "%5D",
            "%ff",
        ),
        *(
            "%C3%A9",
            "+",
            " ",
            "#",
            "?",
            "\n",
            "\x00",
            "é",
            "\ud800",
            "tc_s=",
            "token=",
            "event_name=purchase",
            "&value=",
        ),
        *("GET ", " HTTP/1.1", "https://collect.commander1.com/events?", "/events?", "[" * 250, "&items[0][quantity]="),
    )
)
hostile_queries = st.one_of(st.lists(_fragments, max_size=12).map("".join), st.text(max_size=20))
"""Text that may or may not be a query, or the call of a pixel."""

hostile_calls = st.one_of(hostile_queries, hostile_queries.map(lambda text: text.encode(errors="replace")), st.binary())
"""Text and bytes that may or may not be the call of a pixel."""

_NUMBERS = frozenset(
    {
        *(("value",), ("revenue",), ("cursor_position",), ("total_length",)),
        *(("items", "quantity"), ("items", "list_position"), ("items", "price"), ("items", "product", "price")),
        ("context", "page", "viewport", "width"),
    }
)


def as_read(value, path=()):
    """Return an event as a pixel has it: strings, and a pair of `number` and its text where one is expected."""
    match value:
        case dict():
            return {name: as_read(member, (*path, name)) for name, member in value.items()}
        case list():
            return [as_read(item, path) for item in value]
        case str():
            return value
    text = json.dumps(value)
    return ("number", text) if path in _NUMBERS else text
