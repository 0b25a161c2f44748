"""What rules check: an event with what the catalogue has about it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategies.events import valid_events
from strategies.objects import biased_objects
from strategies.values import json_values
from tcspec.kinds import EVENT_2_0
from tcspec.rules.context import ABSENT, RuleContext, find_duplicate_ids
from tcspec.size import payload_size


def context(**properties):
    """Return an event as rules check it."""
    return RuleContext({"event_name": "login", "user": {"a/b": ["x"]}} | properties, EVENT_2_0, "server", 0)


def test_name_and_spec():
    """The catalogue has a specification of a standard event, and an empty one of any other."""
    assert (context().name, context().spec["status"]) == ("login", "standard")
    assert (context(event_name="mine").spec, context(event_name=7).name, context(event_name=7).spec) == ({}, None, {})


def test_values():
    """A value is found by its path; what is not there is absent, whatever is in its place."""
    event = context(none=None)
    assert (event.at("user", "a/b", 0), event.at("none")) == ("x", None)
    assert [event.at(*path) for path in (("b",), ("user", "b"), ("user", "a/b", 1), ("none", 0))] == [ABSENT] * 4


def test_spec_at():
    """The catalogue has a specification of a standard property, and an empty one of a custom property."""
    assert context().spec_at(("user", "email"))["format"] == "email"
    assert context().spec_at(("user", "nickname")) == {}


def test_facts_of_an_event():
    """A user is an object or empty; lines and products are the objects among those of an event with items."""
    product = {"id": "p"}
    items = [{"product": product}, 7, {"product": [product]}]
    sale = context(event_name="view_cart", user="ada", items=items)
    assert sale.user == {}
    assert sale.lines == ((("items", 0), items[0]), (("items", 2), items[2]))
    assert sale.products == ((("items", 0, "product"), product),)
    assert (context(items=items).lines, context(items=items).products) == ((), ())
    assert context(event_name="view_cart", items={}).lines == ()


def test_readings():
    """The timestamps of an event are read once; what is missing or unreadable has no reading."""
    event = context(context={"event_timestamp": 1718006400000, "created": "soon"})
    assert (event.timestamp.ms, event.timestamp.unit, event.created) == (1718006400000, "ms", None)
    assert event.timestamp is event.timestamp
    assert (context().timestamp, context(context=[]).created) == (None, None)


@given(st.one_of(valid_events, biased_objects, st.dictionaries(st.text(), json_values())))
def test_mentions(payload):
    """Every name and string of a payload is mentioned in it, whatever its case and separators are."""
    event = RuleContext(payload, EVENT_2_0, "server", 0)
    pending = [payload]
    while pending:
        value = pending.pop()
        if isinstance(value, dict):
            pending += [*value, *value.values()]
        elif isinstance(value, list):
            pending += value
        elif isinstance(value, str):
            plain = "".join(filter(str.isalnum, value)) == value
            assert not plain or event.mentions([value.lower()])


@pytest.mark.parametrize("name", ["Source-Key", "source_key", "SOURCE\u212aEY"])
def test_mentions_in_any_notation(name):
    """Case, hyphens and underscores do not hide a word, nor do letters whose lower case is an ASCII letter."""
    assert context(**{name: 1}).mentions(["sourcekey"])
    assert not context(**{name: 1}).mentions(["sourcekeys"])


def test_what_cannot_be_written():
    """A payload that orjson cannot write may mention anything."""
    event = context(big=10**30)
    assert (event.written, event.letters, event.mentions(["anything"])) == (None, None, True)


@given(st.dictionaries(st.text(), json_values()))
def test_size_of_what_is_written(payload):
    """The compact body is at most twice as long as what orjson writes: only numbers are written in other ways."""
    event = RuleContext(payload, EVENT_2_0, "server", 0)
    assert event.written is None or payload_size(payload) <= 2 * len(event.written)


def test_duplicate_ids():
    """Items are objects with their paths; an id that an earlier item has is found with the pointer of that item."""
    event = context(items=[{"id": "a"}, 7, {"id": 1}, {"id": 1}, {"id": "a"}, {}])
    assert [path for path, _ in event.iter_items()] == [("items", index) for index in (0, 2, 3, 4, 5)]
    assert list(find_duplicate_ids(event.iter_items())) == [(("items", 4, "id"), "/items/0")]
    assert list(context(items={"id": "a"}).iter_items()) == []
