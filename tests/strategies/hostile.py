"""Anything that Python has and somebody may pass: no JSON, nearly JSON, and JSON in unusual types."""

from __future__ import annotations

import array
from collections import OrderedDict
from decimal import Decimal

from hypothesis import strategies as st

from strategies.documents import hostile_documents
from strategies.objects import biased_objects
from strategies.pixels import hostile_calls
from strategies.values import json_values


class Text(str):
    """A text of a class of its own."""

    __slots__ = ()


class Members(dict):
    """An object of a class of its own."""


def recursive():
    """Make values that hold themselves, once or twice at every level, in lists or objects."""
    once: list[object] = []
    once.append(once)
    twice: dict[str, object] = {"event": "x"}
    twice |= {"properties": twice, "user": [twice, once]}
    batch: dict[str, object] = {}
    batch["batch"] = [batch, {"event": "x", "properties": batch}]
    return once, twice, batch


def doubled():
    """Make a value that is small, and huge once it is written out."""
    value: object = {"a": "x"}
    for _ in range(100):
        value = [value, value]
    return {"event": "x", "properties": {"a": value}, "batch": [value]}


_VALUES = (
    *(
        None,
        True,
        1,
        1.5,
        float("nan"),
        float("inf"),
        10**5000,
        -(10**5000),
        1j,
        Decimal("1.1"),
        object(),
        int,
        b"",
    ),
    *(set(), frozenset({1}), range(3), Ellipsis, Text("{}"), Text("a=1"), "\ud800", "[" * 100_000, b"[" * 100_000),
    *(Members(event="x", properties=Members(a=1)), OrderedDict(batch=[Members()]), {1: 2}, {b"a": 1}, {("a",): 1}),
    *(bytearray(b"{}"), memoryview(b"{ } "), memoryview(b"{x}x")[::2], memoryview(array.array("d", [1.0, 2.0]))),
    *(recursive(), *recursive(), doubled(), {"\ud800": "\udc00"}, {"event": {1}}, [{}], ({},), [b"{}"], [b"[1"]),
    *(
        {"batch": {}},
        {"batch": [1, {1}]},
        {"items": [[]], "event_name": []},
        {"event_name": "x", "context": {1: 1}},
    ),
    *("9" * 5000, "1" * 400, '{"a":' + "9" * 5000 + "}", {"event_timestamp": 10**5000, "event": "x"}),
)
# Not drawn from as they are: memory that can be written has no hash.
_odd = st.integers(0, len(_VALUES) - 1).map(_VALUES.__getitem__)
_places = st.builds(
    lambda place, odd: {**place, "value": odd, "user": {"consent_categories": [odd]}, "context": {"created": odd}},
    biased_objects,
    _odd,
)
anything = st.one_of(hostile_documents, hostile_calls, json_values(), _odd, _places, st.builds(iter, st.just([{}])))
"""Any Python value, among them payloads, texts and bytes that are broken."""
