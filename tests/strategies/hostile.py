"""Anything that somebody may pass: JSON in unusual types, values that are almost JSON, and values that are not."""

from __future__ import annotations

import array
from collections import OrderedDict
from decimal import Decimal

from hypothesis import strategies as st

from strategies.documents import hostile_documents
from strategies.objects import biased_objects
from strategies.pixels import hostile_calls
from tcspec.strategies.values import json_values


class Text(str):
    """A subclass of str."""

    __slots__ = ()


class Members(dict):
    """A subclass of dict."""


def recursive():
    """Return values that contain themselves, once or twice at every level, in arrays or objects."""
    once: list[object] = []
    once.append(once)
    twice: dict[str, object] = {"event": "x"}
    twice |= {"properties": twice, "user": [twice, once]}
    batch: dict[str, object] = {}
    batch["batch"] = [batch, {"event": "x", "properties": batch}]
    return once, twice, batch


def doubled():
    """Return a value that is small in memory, and huge as JSON."""
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
# sampled_from needs hashable values, and some of these are not.
_unusual = st.integers(0, len(_VALUES) - 1).map(_VALUES.__getitem__)
_events = st.builds(
    lambda event, value: {
        **event,
        "value": value,
        "user": {"consent_categories": [value]},
        "context": {"created": value},
    },
    biased_objects,
    _unusual,
)
anything = st.one_of(hostile_documents, hostile_calls, json_values(), _unusual, _events, st.builds(iter, st.just([{}])))
"""Any Python value, among them broken payloads."""
