"""The quick way to find a dialect finds what the table finds."""

from __future__ import annotations

from itertools import combinations, product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from strategies.objects import biased_objects
from tcspec.dialects import dialect_of
from tcspec.strategies import legacy_events
from tcspec.upgrades.common_dialects import find_dialect

KEYS = (
    "event", "event_name", "event_id", "eventId", "source", "app", "userAgent", "locale", "generatorVersion", "user",
)  # fmt: skip
VALUES = {
    "properties": [{}, {"a": 1}, None, "x"],
    "context": [{}, {"eventId": 1}, "x"],
    "version": [1, 1.0, True, "1", 2],
    "eventTimestamp": ["1", "x", 1, "٣"],
    "event_timestamp": [1, True, "1", 1.5],
    "device": [{"sdk_id": 1}, {}, "sdk_id"],
    "page": [{"url": 1}, {}, "url"],
}
events = st.fixed_dictionaries(
    {},
    optional={key: st.just(1) for key in KEYS} | {key: st.sampled_from(values) for key, values in VALUES.items()},
)


@example({"properties": {}, **{f"k{n}": 1 for n in range(60)}})
@given(event=events | legacy_events() | biased_objects)
def test_dialects(event):
    """Whatever an event has, its dialect is that of the table."""
    assert find_dialect(event) == dialect_of(event).id


@pytest.mark.parametrize("properties", VALUES["properties"])
def test_dialects_by_every_fact(properties):
    """Whatever three further keys an event has, and whatever their values are, its dialect is that of the table."""
    values = {key: [1] for key in KEYS} | VALUES
    for keys in combinations(sorted(values.keys() - {"properties"}), 3):
        for drawn in product(*map(values.get, keys)):
            event = {"properties": properties, **dict(zip(keys, drawn, strict=True))}
            assert find_dialect(event) == dialect_of(event).id, event
