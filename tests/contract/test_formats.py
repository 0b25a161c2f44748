"""Hints for payloads of another kind or format than the one that was asked for."""

from __future__ import annotations

import pytest

from tcspec.validation import validate

EVENT = {"event_name": "login", "user": {}, "context": {"event_id": "1", "event_timestamp": 1718006400000}}


@pytest.mark.parametrize(
    ("document", "hint"),
    [
        (EVENT, 'this is an event; a batch is an object with its events: {"batch": [...]}'),
        ({"a": 1}, None),
    ],
)
def test_no_batch(document, hint):
    """An event where a batch belongs has a hint how to make one of it; another object has none."""
    [missing] = [each for each in validate(document, "batch") if each.data.get("property") == "batch"]
    assert (missing.code, missing.hint) == ("TC101", hint)


def test_other_violations_of_a_batch():
    """What else is wrong in a batch keeps its own hint."""
    found = validate({"batch": [EVENT | {"event_name": 5}]}, "batch")
    assert [(each.pointer, each.hint) for each in found] == [("/batch/0/event_name", "put the number in quotes")]


def test_other_vendor():
    """An event in the format of another vendor has a warning that maps its names."""
    event = {"type": "track", "event": "x", "messageId": "1", "anonymousId": "2"}
    [found] = [each for each in validate(event) if each.code == "TC703"]
    assert found.message == "the payload has the format of another vendor: Segment"
    assert found.data == {"vendor": "Segment", "names": {"event": "event_name", "messageId": "context.event_id"}}
    assert found.hint == "map it to an event first: `event` is `event_name`, `messageId` is `context.event_id`"


@pytest.mark.parametrize(
    ("document", "hint"),
    [({"id": "1", "category_1": "y", "brand": "z"}, "use `--kind product` if it is a product"), ({"a": 1}, None)],
)
def test_other_kind(document, hint):
    """An object without the name of an event that resembles another kind has a hint; any other has none."""
    missing = {each.data["property"]: each.hint for each in validate(document, "event")}
    assert missing == {"context": None, "event_name": hint, "user": None}
