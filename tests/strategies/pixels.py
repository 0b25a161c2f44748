"""Queries and pixels: what a query can say, spelt in the many ways that mean the same, and what no query is."""

from __future__ import annotations

import json
import random
from urllib.parse import quote

from hypothesis import strategies as st

from strategies.events import valid_events
from strategies.values import texts

names = st.one_of(
    st.sampled_from(
        ("0", "1", "2", "00", "01", "-1", "user", "id", "a b", "~1", "a/b", "tc_s", "token", "é", "+", "%5")
    ),
    texts,
).filter(lambda name: name and not set(name) & set("[]"))


def is_counted(names):
    """Tell whether names are the indexes from 0 on, which make a list of an object."""
    return set(names) == {str(index) for index in range(len(names))}


_inner = st.recursive(
    texts,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=4),
        st.dictionaries(names, inner, min_size=1, max_size=3).filter(lambda members: not is_counted(members)),
    ),
    max_leaves=8,
)
sayable_values = st.dictionaries(names, _inner, max_size=4)
"""Objects that a query can say."""


def sayable(value):
    """Copy a JSON value without what no query says: null, what is empty, names with brackets or that are indexes."""
    match value:
        case dict():
            kept = {name: sayable(member) for name, member in value.items() if name and not set(name) & set("[]")}
            kept = {name: member for name, member in kept.items() if member is not None}
            return kept if kept and not is_counted(kept) else None
        case list():
            return [item for item in map(sayable, value) if item is not None] or None
    return value


sayable_events = valid_events.map(sayable)
"""Events of the 2.0 format, all of whose properties a query can say; they may lack what they must have."""


def _parameters(value, name=()):
    """List what a query must say: names and texts, lists by index."""
    if isinstance(value, str):
        return [(name, value)]
    members = value.items() if isinstance(value, dict) else enumerate(value)
    return [found for part, member in members for found in _parameters(member, (*name, str(part)))]


@st.composite
def spelt_queries(draw):
    """Draw a value and a query that says it in an odd spelling: names in any case of escapes, empty pieces."""
    value = draw(sayable_values)
    rng = random.Random(draw(st.integers(0, 2**32)))  # noqa: S311 - spelling, not secrets
    pieces = [_spelt(name, text, rng) for name, text in _parameters(value)]
    return value, "&" * rng.randrange(2) + ("&" * rng.choice((1, 1, 2))).join(pieces) + "&" * rng.randrange(2)


def _spelt(name, text, rng):
    opening, closing = rng.choice(("[", "%5B", "%5b")), rng.choice(("]", "%5D", "%5d"))
    first, *inner = (_escaped(part, rng) for part in name)
    spelt = first + "".join(f"{opening}{part}{closing}" for part in inner)
    return spelt if not text and rng.random() < 0.5 else f"{spelt}={_escaped(text, rng)}"


def _escaped(text, rng):
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
"""Texts that may or may not be a query, or the call of a pixel."""

hostile_calls = st.one_of(hostile_queries, hostile_queries.map(lambda text: text.encode(errors="replace")), st.binary())
"""Texts and bytes that may or may not be the call of a pixel."""

_NUMBERS = frozenset(
    {
        *(("value",), ("revenue",), ("cursor_position",), ("total_length",)),
        *(("items", "quantity"), ("items", "list_position"), ("items", "price"), ("items", "product", "price")),
        ("context", "page", "viewport", "width"),
    }
)


def arrived(value, path=()):
    """Say what arrives of a drawn event: text, but for a pair of `number` and its spelling where one is asked for."""
    match value:
        case dict():
            return {name: arrived(member, (*path, name)) for name, member in value.items()}
        case list():
            return [arrived(item, path) for item in value]
        case str():
            return value
    spelling = json.dumps(value)
    return ("number", spelling) if path in _NUMBERS else spelling
