"""The quick way to see that an event is valid: it says yes to most events, and never yes to another one."""

from __future__ import annotations

import json

import pytest

from tcspec.contract.clean_events import LONGEST_EVENT, is_clean_event, is_valid_event, read_event
from tcspec.jsontext.quick_reader import UNUSUAL

EVENT = {"event_name": "login", "user": {}, "context": {"event_id": "1", "event_timestamp": 1718006400000}}
RAW = json.dumps(EVENT, separators=(",", ":")).encode()


def test_reading():
    """The bytes of an object no longer than an event are read; anything else is left to the strict reader."""
    assert read_event(RAW) == EVENT
    longest = RAW[:-1] + b',"a":"' + b"x" * (LONGEST_EVENT - len(RAW) - 8) + b'"}'
    assert len(longest) == LONGEST_EVENT - 1
    assert read_event(longest.replace(b'"x', b'"xx'))["a"]
    assert read_event(longest.replace(b'"x', b'"xxx')) is UNUSUAL
    assert read_event(RAW.decode()) is read_event(EVENT) is read_event(b" " + RAW) is read_event(b"[1]") is UNUSUAL


@pytest.mark.parametrize(
    ("change", "is_valid"),
    [
        ({}, True),
        ({"event_name": "mine"}, True),
        ({"event_name": "purchase"}, False),
        ({"event_name": 5}, False),
        ({"event_name": None}, False),
        ({"context": {}}, False),
        ({"context": [1]}, False),
        ({"context": None}, False),
    ],
)
def test_validity(change, is_valid):
    """An event in the 2.0 format is valid when it meets the schema of its name."""
    event = EVENT | change
    assert is_valid_event(event) is is_valid
    assert is_clean_event(event, len(RAW)) is is_valid


def test_clean_events():
    """An event is clean that is as long as an event may be, and that has the format of no other vendor."""
    assert is_clean_event(EVENT, LONGEST_EVENT)
    assert not is_clean_event(EVENT, LONGEST_EVENT + 1)
    assert not is_clean_event(EVENT | {"anonymousId": "1", "messageId": "2", "type": "track", "sentAt": "x"}, 1)
