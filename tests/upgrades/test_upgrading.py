"""The events of a payload are upgraded in their places: one, or each of a batch."""

from __future__ import annotations

import json

import jsonpatch
import pytest

from tcspec.errors import UnreadablePayload
from tcspec.jsontext.reader import DEFAULT_LIMITS, Limits
from tcspec.upgrades.api import trace_upgrade, upgrade, upgrade_json
from tcspec.upgrades.upgrading import upgrade_array, upgrade_bytes

LEGACY = {"event_name": "login", "event_id": "e-1", "properties": {"method": "passkey"}}
UPGRADED = {"event_name": "login", "method": "passkey", "context": {"event_id": "e-1"}}
CURRENT = {"event_name": "login", "user": {}, "context": {"event_id": "e-2"}}


def test_each_event_of_a_batch():
    """Every event of a batch is upgraded in its place; what is around them stays, and the input is not changed."""
    batch = {"sent": "now", "batch": [LEGACY, CURRENT, LEGACY]}
    before = json.dumps(batch)
    assert upgrade(batch) == {"sent": "now", "batch": [UPGRADED, CURRENT, UPGRADED]}
    assert json.dumps(batch) == before


def test_items_that_are_not_objects():
    """An item of a batch that is not an event stays as it is."""
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
    """A property `batch` of an event is a property, and what is in it is not upgraded."""
    assert upgrade(event) == event


def test_a_legacy_event_may_have_a_batch():
    """A property `batch` of a legacy event moves where all others move."""
    assert upgrade({"properties": {"batch": [LEGACY]}}) == {"batch": [LEGACY], "context": {}}
    assert upgrade({"version": 1, "batch": [LEGACY]}) == {"context": {"version": 2, "batch": [LEGACY]}}


def test_bytes():
    """A batch that needs no change keeps its bytes, and beside an event that does each value keeps its notation."""
    kept = b'{"event_name": "login",  "n": 1.10,"user":{},"context":{"event_id":"e-2"}}'
    raw = b'{ "at": 1E5, "batch": [' + kept + b", 7.0 , " + json.dumps(LEGACY).encode() + b"]}\n"
    after = upgrade_json(raw)
    assert (
        after == b'{"at":1E5,"batch":[' + kept + b",7.0," + json.dumps(UPGRADED, separators=(",", ":")).encode() + b"]}"
    )
    unchanged = b'{ "at": 1E5, "batch": [' + kept + b" ]}\n"
    assert upgrade_json(unchanged) == unchanged


def test_patch_and_inverse():
    """The pointers of patches and changes are those in the batch."""
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
def test_duplicate_keys(text, pointer):
    """A duplicate key at the root, in an event, or in an object that is rearranged refuses the whole batch."""
    with pytest.raises(UnreadablePayload) as refused:
        upgrade_json(text)
    (violation,) = refused.value.violations
    assert (violation.code, violation.pointer) == ("TC004", pointer)


def test_deeper_duplicate_keys_pass():
    """A duplicate key where nothing is rearranged stays as it is."""
    raw = b'{"batch": [{"custom": {"a": 1, "a": 2}, "context": {}}]}'
    assert upgrade_json(raw) == raw


@pytest.mark.parametrize("text", [b'{"batch": [}', b'{"batch": [{"a": \xff}]}', b'{"batch": [1'])
def test_broken_batches(text):
    """A batch that is not JSON is refused, wherever the error is."""
    with pytest.raises(UnreadablePayload):
        upgrade_json(text)


def test_long_integers():
    """An integer of any length stays as it is, whatever white space is around it."""
    raw = b'{ "event_name": "x", "context": { "n": ' + b"9" * 5000 + b" } }"
    assert upgrade_json(raw) == raw


def test_duplicate_keys_of_deep_documents():
    """A duplicate key is found in a document of any depth within the limits."""
    deep = b"[" * 250 + b"]" * 250
    with pytest.raises(UnreadablePayload, match="TC004"):
        upgrade_json(b'{"event_name": "x", "event_name": "y", "n": ' + deep + b"}", limits=Limits(depth=300))


@pytest.mark.parametrize(
    ("text", "pointer"),
    [
        (b'[{}, {"event": "x", "event": "y"}]', "/1/event"),
        (b'[{}, {"event": "x", "properties": {}, "page": {"a": 1, "a": 2}}]', "/1/page/a"),
        (b'[{"batch": [{}, {"event": "x", "event": "y"}]}]', "/0/batch/1/event"),
        (b'[{"batch": [{"event": "x", "properties": {}, "page": {"a": 1, "a": 2}}]}]', "/0/batch/0/page/a"),
    ],
)
def test_duplicate_keys_in_arrays(text, pointer):
    """A duplicate key in an event of an array, or of a batch in it, is refused with its place."""
    with pytest.raises(UnreadablePayload) as refused:
        upgrade_array(text, DEFAULT_LIMITS)
    assert [(each.code, each.pointer) for each in refused.value.violations] == [("TC004", pointer)]


def test_white_space_before_an_event():
    """White space before an event makes no difference to the table."""
    raw = b'{"event": "x", "properties": {}}'
    assert upgrade_bytes(b"\n " + raw, DEFAULT_LIMITS).build_payload() == upgrade_json(raw)


def test_batch_without_events_in_an_array():
    """A batch in an array in which nothing is to be upgraded stays as it is."""
    event, batch = b'{"event": "x", "properties": {}}', b'{"batch": [{"event_name": "x", "context": {}}], "a": 1.50}'
    upgraded = bytes(upgrade_array(b"[%b, %b]" % (batch, event), DEFAULT_LIMITS).build_payload())
    assert upgraded == b"[%b,%b]" % (batch, upgrade_json(event))
