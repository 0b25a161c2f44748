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


def test_other_vendor_without_known_names():
    """Where no name of another vendor has a place in an event, the hint maps none."""
    [found] = [each for each in validate({"uuid_ts": "x"}) if each.code == "TC703"]
    assert found.hint == "map it to an event first"


def test_legacy_event_of_another_vendor():
    """An event of another vendor with the shape of 1.0 has no hint to upgrade it."""
    event = {"type": "track", "event": "x", "messageId": "1", "anonymousId": "2", "properties": {}}
    assert {each.code: each.hint for each in validate(event)}["TC701"] is None


PRODUCT = {"id": "1", "category_1": "y", "brand": "z"}


@pytest.mark.parametrize(("kind", "version"), [("event", "2.0"), ("pixel", None)])
def test_requested_kind(kind, version):
    """Where an event of a version or a pixel is asked for there is no hint at another kind."""
    missing = {each.data.get("property"): each.hint for each in validate(PRODUCT, kind, version)}
    assert missing["event_name"] is None


def test_product_of_another_vendor():
    """What is validated as another kind than an event has no warning of another vendor's events."""
    event = {"type": "track", "event": "x", "messageId": "1", "anonymousId": "2"}
    assert "TC703" not in {each.code for each in validate(event, "product")}


@pytest.mark.parametrize(
    ("document", "hint"),
    [
        (PRODUCT, "use `--kind product` if it is a product"),
        (PRODUCT | {"event_nme": "x"}, "`event_nme` is present: did you mean `event_name`?"),
        ({"a": 1}, None),
    ],
)
def test_other_kind(document, hint):
    """An object without the name of an event that resembles another kind has a hint; any other has none."""
    missing = {each.data["property"]: each.hint for each in validate(document, "event")}
    assert missing == {"context": None, "event_name": hint, "user": None}
