"""What rules check: an event with what the catalogue has about it."""

from __future__ import annotations

from tcspec.kinds import EVENT_2_0
from tcspec.rules.context import ABSENT, RuleContext, find_duplicate_ids


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


def test_duplicate_ids():
    """Items are objects with their paths; an id that an earlier item has is found with the pointer of that item."""
    event = context(items=[{"id": "a"}, 7, {"id": 1}, {"id": 1}, {"id": "a"}, {}])
    assert [path for path, _ in event.iter_items()] == [("items", index) for index in (0, 2, 3, 4, 5)]
    assert list(find_duplicate_ids(event.iter_items())) == [(("items", 4, "id"), "/items/0")]
    assert list(context(items={"id": "a"}).iter_items()) == []
