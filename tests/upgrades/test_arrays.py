"""The events of a JSON array are upgraded, each in its place, byte for byte where nothing is converted."""

from __future__ import annotations

import json

import pytest

from tcspec.errors import UnreadablePayload
from tcspec.jsontext.reader import DEFAULT_LIMITS, Limits
from tcspec.upgrades.event_editor import EventTime
from tcspec.upgrades.upgrading import upgrade_array, upgrade_value

LEGACY = b'{"event_name": "login", "eventId": "e-1", "event_timestamp": 1718006400, "properties": {"price": 1.10}}'
UPGRADED = b'{"event_name":"login","price":1.10,"context":{"event_id":"e-1","event_timestamp":1718006400000}}'
CURRENT = b'{"event_name": "login", "context": {"event_id": "e-2"}}'


def test_each_event():
    """Each object of an array is upgraded, and anything else in it stays as it is."""
    array = b"[ %s, %s, 1.10, [%s], null ]" % (LEGACY, CURRENT, LEGACY)
    upgrading = upgrade_array(array, DEFAULT_LIMITS)
    assert upgrading.build_payload() == b"[%s,%s,1.10,[%s],null]" % (UPGRADED, CURRENT, LEGACY)
    assert upgrading.is_changed
    assert upgrading.is_legacy
    assert {change.source for change in upgrading.changes} >= {"/0/eventId", "/0/event_timestamp"}
    assert [time.ms for time in upgrading.times] == [1718006400000]


def test_white_space():
    """White space before and behind an array hides no event of it, and stays where a file is edited."""
    array = b"\n\t[%s]\n" % LEGACY
    upgrading = upgrade_array(array, DEFAULT_LIMITS)
    assert upgrading.build_payload() == b"[%s]" % UPGRADED
    edited = upgrading.edit_text()
    assert (edited[:3], edited[-2:], json.loads(edited)) == (b"\n\t[", b"]\n", [json.loads(UPGRADED)])


def test_batches():
    """The events of a batch in an array are upgraded like those beside it; a text edited in place is the same value."""
    batch = b'{ "batch": [%s, 7, %s], "x": 1.10}' % (LEGACY, CURRENT)
    upgrading = upgrade_array(b"[%s, %s, %s]" % (LEGACY, batch, CURRENT), DEFAULT_LIMITS)
    built = upgrading.build_payload()
    assert built == b'[%s,{"batch":[%s,7,%s],"x":1.10},%s]' % (UPGRADED, UPGRADED, CURRENT, CURRENT)
    assert json.loads(upgrading.edit_text()) == json.loads(built)
    assert "/1/batch/0/eventId" in {change.source for change in upgrading.changes}
    assert not upgrade_array(bytes(built), DEFAULT_LIMITS).is_changed
    before = [json.loads(batch), json.loads(LEGACY)]
    upgraded = json.loads(bytes(upgrade_array(json.dumps(before).encode(), DEFAULT_LIMITS).build_payload()))
    assert upgraded == [upgrade_value(each).build_payload() for each in before]


def test_unreadable_events_of_batches():
    """A duplicate key of an event of a batch is refused at its place."""
    with pytest.raises(UnreadablePayload) as unreadable:
        upgrade_array(b'[{"batch": [{"event": "a", "event": "b"}]}]', DEFAULT_LIMITS)
    assert unreadable.value.violations[0].pointer.startswith("/0/batch/0")


@pytest.mark.parametrize("array", [b"[]", b" [ 1.10 ]", b"[%s ]" % CURRENT])
def test_nothing_to_change(array):
    """An array without legacy events comes out as its own bytes."""
    upgrading = upgrade_array(array, DEFAULT_LIMITS)
    assert upgrading.build_payload() == array
    assert not upgrading.is_changed
    assert not upgrading.is_legacy


@pytest.mark.parametrize("array", [b"[", b"[1,]", b'[{"a": 1, "a": 2}]', b"[\xff]"])
def test_unreadable(array):
    """An array that is no strict JSON is refused."""
    with pytest.raises(UnreadablePayload):
        upgrade_array(array, DEFAULT_LIMITS)


def test_limits():
    """The limits are those of the whole array."""
    with pytest.raises(UnreadablePayload):
        upgrade_array(json.dumps([[[1]]]).encode(), Limits(depth=2))
    assert upgrade_array(b"[[1]]", Limits(depth=2)).build_payload() == b"[[1]]"


@pytest.mark.parametrize(
    ("event", "time"),
    [
        (b'{"eventId": "1", "event_timestamp": 1718006400}', EventTime(1718006400000, "s")),
        (b'{"eventId": "1", "event_timestamp": 1718006400000}', EventTime(1718006400000)),
        (b'{"event_name": "x", "context": {"event_timestamp": "1718006400000"}}', EventTime(1718006400000, "ms")),
        (b'{"version": 1, "properties": {"created": 1718006400}}', EventTime(1718006400000, "s")),
    ],
)
def test_times(event, time):
    """The time of an event is known with the unit from which it was converted."""
    assert upgrade_array(b"[%s]" % event, DEFAULT_LIMITS).times == (time,)
    assert upgrade_value(json.loads(event)).times == (time,)
