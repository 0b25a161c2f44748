from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payloads import minimal
from strategies.values import json_values
from tcspec.rules.linting import lint

NOW = 1_795_000_000_000
DAY = 86_400_000


def codes(event, **how):
    """Give the codes of what the rules on moments find."""
    return [violation.code for violation in lint(event, select=["TC21"], now=NOW, **how)]


def at(value, **context):
    """Make a valid event of a moment, with more in its context."""
    event = minimal("login")
    event["context"] |= {"event_timestamp": value} | context
    return event


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (NOW, []),
        (float(NOW), []),
        (str(NOW), ["TC215"]),
        (f"0{NOW}", ["TC215"]),
        (NOW // 1000, ["TC210"]),
        (str(NOW // 1000), ["TC210"]),
        (NOW * 1000, ["TC210"]),
        (NOW * 10**6, ["TC210"]),
        ("2026-11-18T12:26:40Z", ["TC213"]),
        (NOW + DAY, []),
        (NOW + DAY + 1, ["TC211"]),
        ((NOW + 2 * DAY) // 1000, ["TC210", "TC211"]),
        (1_262_304_000_000, []),
        (1_262_303_999_999, ["TC212"]),
        ("2009-12-31T23:59:59Z", ["TC212", "TC213"]),
    ],
)
def test_notations_and_ranges(value, told):
    """Each notation and range has its own code, and a time in integer milliseconds that is past has none."""
    assert codes(at(value)) == told


@pytest.mark.parametrize("value", [None, True, -1, 0, 2, "", "soon", "2024-06-10T08:00:00", [], {}, 10**30, 1e300])
def test_what_is_no_time(value):
    """What names no moment is left to the contract."""
    assert codes(at(value, created=value)) == []


@given(json_values(), json_values(), json_values())
def test_odd_values_never_raise(context, timestamp, created):
    """Whatever stands where a time should, looking raises nothing."""
    codes({"event_name": "login", "context": context, "event_timestamp": timestamp}, kind="event")
    codes(at(timestamp, created=created))


@given(st.integers(10**8, 10**19))
def test_the_fix_says_the_same_moment(value):
    """A time that was mended is read as the moment that it was, and no more said of but its range."""
    event = at(value)
    for violation in lint(event, select=["TC210"], now=NOW):
        assert violation.fix is not None
        [operation] = violation.fix.patch
        assert operation["value"] == int(violation.data["expected"])
        cut = {"s": "", "us": "000", "ns": "000000"}[violation.data["unit"]]
        assert violation.fix.is_safe == str(value).endswith(cut)
        assert set(codes(at(operation["value"]))) <= {"TC211", "TC212"}


def test_what_a_fix_cuts_is_not_safe():
    """A time finer than a millisecond loses something when it is mended, so that the fix is not safe."""
    for value in ("2024-06-10T08:00:00.1234Z", 1_718_006_400_000_001, 1_718_006_400.0005):
        [violation] = lint(at(value), select=["TC210", "TC213"], now=NOW)
        assert violation.fix is not None
        assert not violation.fix.is_safe


def test_the_web_container_may_write_a_date():
    """The vendor's own container writes `created` as a date: only its unit and range are looked at."""
    assert codes(at(NOW, created="2024-06-10T08:00:00.000Z")) == []
    assert codes(at(NOW, created=NOW // 1000)) == ["TC210"]
    assert codes(at(NOW, created="2100-01-01T00:00:00Z")) == ["TC211"]


def test_a_time_at_the_root():
    """A time at the root is a warning where `context` has none, and an info where it has one (K002)."""
    event = minimal("login")
    event["event_timestamp"] = event["context"].pop("event_timestamp")
    [violation] = lint(event, select=["TC214"])
    assert violation.severity.value == "warning"
    assert violation.fix is not None
    assert violation.fix.is_safe
    [violation] = lint(at(NOW) | {"event_timestamp": NOW}, select=["TC214"])
    assert (violation.severity.value, violation.fix) == ("info", None)


def test_a_time_at_the_root_that_cannot_be_read():
    """What would be no time in `context` either is not moved there."""
    event = minimal("login") | {"event_timestamp": "soon"}
    del event["context"]["event_timestamp"]
    [violation] = lint(event, select=["TC214"])
    assert violation.fix is None


def test_a_pixel_without_context():
    """The fix of a pixel makes the `context` that it has not."""
    [violation] = lint({"event_name": "login", "user": {}, "event_timestamp": NOW}, select=["TC214"], kind="pixel")
    assert violation.fix is not None
    assert [operation["op"] for operation in violation.fix.patch] == ["add", "move"]


def test_digits_of_a_pixel_are_no_text():
    """Everything in a query is text, so that digits are told of events alone."""
    assert lint(at(str(NOW)), select=["TC215"], kind="pixel") == []


@pytest.mark.parametrize("value", [None, 7, [], {}])
def test_an_event_id_of_a_wrong_type(value):
    """An identifier that is no text is left to the contract."""
    event = at(NOW, eventId=value)
    del event["context"]["event_id"]
    assert codes(event) == []


def test_the_documented_spelling_beside_the_web_containers():
    """Where the documented names are there too, the web container's are silent."""
    assert codes(at(NOW, eventId="e-1", created="2024-06-10T08:00:00Z")) == []


def test_a_page_view_that_would_not_be_of_the_web():
    """A fix after which the event would no longer pass as one of the web container is not given (K053)."""
    event = minimal("page_view")
    event.pop("page_type", None)
    event["context"] = {"eventId": "e-1", "event_timestamp": NOW}
    [violation] = lint(event, select=["TC216"])
    assert violation.fix is None


def test_the_present_is_that_of_the_clock():
    """Where nobody says what time it is, the clock does, to the minute."""
    now = time.time_ns() // 1_000_000
    day, few_minutes = 24 * 3_600_000, 600_000
    for ms, told in ((now + day + few_minutes, True), (now + day - few_minutes, False)):
        event = minimal("login")
        event["context"]["event_timestamp"] = ms
        assert bool(lint(event, select=["TC211"])) is told


def test_every_time_at_the_root_is_told():
    """Both spellings of the time are told when both stand at the root of an event that has its time."""
    event = minimal("login") | {"event_timestamp": 1718006400000, "eventTimestamp": 1718006400000}
    found = lint(event, select=["TC214"])
    assert [each.pointer for each in found] == ["/eventTimestamp", "/event_timestamp"]
