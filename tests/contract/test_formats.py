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
