"""Which events of a payload are upgraded, and where: one, or each of a batch at its place."""

from __future__ import annotations

import json

import jsonpatch
import pytest

from tcspec.errors import UnreadablePayload
from tcspec.jsontext.reader import Limits
from tcspec.upgrades.api import trace_upgrade, upgrade, upgrade_json

LEGACY = {"event_name": "login", "event_id": "e-1", "properties": {"method": "passkey"}}
UPGRADED = {"event_name": "login", "method": "passkey", "context": {"event_id": "e-1"}}
CURRENT = {"event_name": "login", "user": {}, "context": {"event_id": "e-2"}}


def test_each_event_of_a_batch():
    """Every event of a batch is upgraded in its place; what is around them stays, and so does the input."""
    batch = {"sent": "now", "batch": [LEGACY, CURRENT, LEGACY]}
    before = json.dumps(batch)
    assert upgrade(batch) == {"sent": "now", "batch": [UPGRADED, CURRENT, UPGRADED]}
    assert json.dumps(batch) == before


def test_members_that_are_no_objects():
    """A member of a batch that is no event is left alone."""
    batch = {"batch": [None, 3, "x", [LEGACY], {"batch": [LEGACY]}]}
    assert upgrade(batch) == batch
    raw = json.dumps(batch, indent=1).encode()
    assert upgrade_json(raw) == raw


@pytest.mark.parametrize(
    "event",
    [
        {"event_name": "x", "batch": [LEGACY], "context": {}},
        {"context": {}, "batch": [LEGACY]},
        {"batch": {"0": LEGACY}},
    ],
)
def test_an_event_may_have_a_batch(event):
    """A property of that name in an event is a property, and what it holds is no event."""
    assert upgrade(event) == event


def test_a_legacy_event_may_have_a_batch():
    """So it is in a legacy event, whose property goes where all others go."""
    assert upgrade({"properties": {"batch": [LEGACY]}}) == {"batch": [LEGACY], "context": {}}
    assert upgrade({"version": 1, "batch": [LEGACY]}) == {"context": {"version": 2, "batch": [LEGACY]}}


def test_untouched_bytes():
    """What needs no change comes out as its own bytes, and beside an event that does each value keeps its spelling."""
    kept = b'{"event_name": "login",  "n": 1.10,"user":{},"context":{"event_id":"e-2"}}'
    raw = b'{ "at": 1E5, "batch": [' + kept + b", 7.0 , " + json.dumps(LEGACY).encode() + b"]}\n"
    after = upgrade_json(raw)
    assert (
        after == b'{"at":1E5,"batch":[' + kept + b",7.0," + json.dumps(UPGRADED, separators=(",", ":")).encode() + b"]}"
    )
    unchanged = b'{ "at": 1E5, "batch": [' + kept + b" ]}\n"
    assert upgrade_json(unchanged) == unchanged


def test_patch_and_inverse_have_the_places():
    """The patches of a batch are those of its events, at their places, and the changes are told there."""
    batch = {"batch": [CURRENT, LEGACY]}
    traced = trace_upgrade(batch)
    assert jsonpatch.apply_patch(batch, traced.patch) == traced.event
    assert jsonpatch.apply_patch(traced.event, traced.inverse) == batch
    assert [(applied.source, applied.target) for applied in traced.changes] == [
        ("/batch/1/event_id", "/batch/1/context/event_id"),
        ("/batch/1/properties/method", "/batch/1/method"),
    ]
    of_text = trace_upgrade(json.dumps(batch).encode())
    assert (of_text.patch, of_text.inverse, of_text.changes) == (traced.patch, traced.inverse, traced.changes)


@pytest.mark.parametrize(
    ("text", "pointer"),
    [
        (b'{"batch": [], "batch": []}', "/batch"),
        (b'{"batch": [{}, {"a": 1, "a": 2}]}', "/batch/1/a"),
        (b'{"batch": [{"context": {"page": {"url": 1, "url": 2}}}]}', "/batch/0/context/page/url"),
        (b'{"batch": [{"properties": {"a": 1, "a": 2}}]}', "/batch/0/properties/a"),
    ],
)
def test_keys_given_twice(text, pointer):
    """A key that is given twice at the root, in an event, or where one is taken apart refuses the whole batch."""
    with pytest.raises(UnreadablePayload) as refused:
        upgrade_json(text)
    (violation,) = refused.value.violations
    assert (violation.code, violation.pointer) == ("TC004", pointer)


def test_keys_given_twice_deeper_pass():
    """Keys that are given twice where nothing is taken apart pass as they are."""
    raw = b'{"batch": [{"custom": {"a": 1, "a": 2}, "context": {}}]}'
    assert upgrade_json(raw) == raw


@pytest.mark.parametrize("text", [b'{"batch": [}', b'{"batch": [{"a": \xff}]}', b'{"batch": [1'])
def test_broken_batches(text):
    """A batch that is no JSON is refused, wherever it is broken."""
    with pytest.raises(UnreadablePayload):
        upgrade_json(text)


def test_long_integers_where_nothing_is_compact():
    """An integer of any length passes as it is, however the text around it is written."""
    raw = b'{ "event_name": "x", "context": { "n": ' + b"9" * 5000 + b" } }"
    assert upgrade_json(raw) == raw


def test_keys_that_are_there_twice_deep_down():
    """What is refused is told as what it is, as deep as is asked for."""
    deep = b"[" * 250 + b"]" * 250
    with pytest.raises(UnreadablePayload, match="TC004"):
        upgrade_json(b'{"event_name": "x", "event_name": "y", "n": ' + deep + b"}", Limits(depth=300))
