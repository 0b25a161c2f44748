"""A payload as it was given: read strictly, its kind found, and what is found in it placed."""

from __future__ import annotations

import json

import pytest

from tcspec.codes import NOT_JSON
from tcspec.errors import UnreadablePayload
from tcspec.jsontext.reader import DEFAULT_LIMITS, Limits
from tcspec.payload import read_payload

BATCH = {"batch": []}
CALL = "https://collect.commander1.com/events?tc_s=1&token=t&event_name=login&user[id]=C-1"


@pytest.mark.parametrize("form", [BATCH, json.dumps(BATCH), json.dumps(BATCH).encode(), bytearray(b'{"batch": []}')])
def test_kind_is_found_or_told(form):
    """The kind is the one that is asked for, else the one that the payload shows."""
    assert read_payload(form, None, DEFAULT_LIMITS).kind == "batch"
    assert read_payload(form, "event", DEFAULT_LIMITS).kind == "event"
    assert read_payload(form, None, DEFAULT_LIMITS).document == BATCH


@pytest.mark.parametrize("kind", [None, "pixel"])
def test_calls(kind):
    """A call is read as the event that it says."""
    given = read_payload(CALL, kind, DEFAULT_LIMITS)
    assert given.kind == "pixel"
    assert given.document == {"event_name": "login", "user": {"id": "C-1"}}
    assert list(given.notices()) == []


def test_a_pixel_may_be_an_event():
    """The event of a pixel may be given as an object or as JSON, and is judged as one."""
    event = {"event_name": "login"}
    for form in (event, json.dumps(event), f"\n {json.dumps(event)}"):
        given = read_payload(form, "pixel", DEFAULT_LIMITS)
        assert (given.kind, given.document, given.pixel) == ("pixel", event, None)


def test_what_a_call_lacks():
    """A call without site or source key is told of as a warning that names the parameter (K117)."""
    notices = list(read_payload("event_name=login", "pixel", DEFAULT_LIMITS).notices())
    assert [(each.code, each.severity, each.data["property"]) for each in notices] == [
        ("TC033", "warning", "tc_s"),
        ("TC033", "warning", "token"),
    ]
    assert all("K117" in each.source and each.pointer == "" for each in notices)
    assert [each.message for each in notices] == ["`tc_s` is missing in the query", "`token` is missing in the query"]


def test_members():
    """The events of a batch are given as they were: as the values of a dict, as the bytes of a text."""
    batch = {"batch": [{"n": 1.5}, 2]}
    assert read_payload(batch, None, DEFAULT_LIMITS).members() == batch["batch"]
    assert read_payload('{"batch": [{"n": 1.50}, 2]}', None, DEFAULT_LIMITS).members() == [b'{"n": 1.50}', b"2"]
    for none in ({"batch": {}}, '{"batch": {}}', b"{}"):
        assert read_payload(none, "batch", DEFAULT_LIMITS).members() == []


def test_places_in_json():
    """In a JSON text a violation stands where its pointer leads."""
    given = read_payload('{\n "a": {"b": 1}}', None, DEFAULT_LIMITS)
    (placed,) = given.placed([NOT_JSON.violation("/a/b", "wrong")])
    assert (placed.line, placed.column) == (2, 13)


@pytest.mark.parametrize(
    ("pointer", "at"), [("/user/id", "user[id]"), ("/user/id/x", "user[id]"), ("", "tc_s"), ("/new", "tc_s")]
)
def test_places_in_calls(pointer, at):
    """In a call a violation stands at the parameter that tells of its place, or of what is around it."""
    text = f"\n {CALL}"
    (placed,) = read_payload(text, None, DEFAULT_LIMITS).placed([NOT_JSON.violation(pointer, "wrong")])
    assert (placed.line, placed.column) == (2, 2 + CALL.index(at))


def test_values_have_no_places():
    """What was given as a Python value has no lines."""
    (placed,) = read_payload(BATCH, None, DEFAULT_LIMITS).placed([NOT_JSON.violation("/batch", "wrong")])
    assert (placed.line, placed.column) == (None, None)


def test_limits_of_calls():
    """A call that is longer than what is read is refused like any text."""
    with pytest.raises(UnreadablePayload, match="TC007"):
        read_payload(CALL, None, Limits(length=20))


def test_what_is_unreadable():
    """What is no JSON object and no call is refused, and so is a Python value that holds no payload."""
    for form in (b"[]", "{", {"a": {1}}, "?a[=1", 3):
        with pytest.raises(UnreadablePayload):
            read_payload(form, None, DEFAULT_LIMITS)
