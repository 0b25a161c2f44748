from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payloads import minimal
from tcspec.kinds import EVENT_2_0
from tcspec.rules.checking import check
from tcspec.rules.config import Config
from tcspec.rules.context import RuleContext
from tcspec.rules.events.timestamps import has_unusual_times
from tcspec.rules.fixes.fixing import fix
from tcspec.rules.linting import lint
from tcspec.strategies.values import json_values
from tcspec.timestamps import normalise_timestamp

NOW = 1_795_000_000_000
DAY = 86_400_000


def codes(event, **how):
    """Return the codes of the violations."""
    return [violation.code for violation in lint(event, select=["TC21"], now=NOW, **how)]


def at(value, **context):
    """Return a valid event of a moment, with more in its context."""
    event = minimal("login")
    event["context"] |= {"event_timestamp": value} | context
    return event


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (NOW, []),
        (float(NOW), []),
        (str(NOW), ["TC215"]),
        (f"0{NOW}", ["TC215"]),
        # Another unit is left to the contract.
        (NOW // 1000, []),
        (NOW * 1000, []),
        ("2026-11-18T12:26:40Z", ["TC213"]),
        (NOW + DAY, []),
        (NOW + DAY + 1, ["TC211"]),
        ((NOW + 2 * DAY) // 1000, ["TC211"]),
        (1_262_304_000_000, []),
        (1_262_303_999_999, ["TC212"]),
        ("2009-12-31T23:59:59Z", ["TC212", "TC213"]),
    ],
)
def test_notations_and_ranges(value, expected):
    """Each notation and range has its own code, and a past integer of milliseconds has none."""
    assert codes(at(value)) == expected


@pytest.mark.parametrize("value", [None, True, -1, 0, 2, "", "soon", "2024-06-10T08:00:00", [], {}, 10**30, 1e300])
def test_unreadable_timestamps(value):
    """An unreadable timestamp is left to the contract, which knows no `created` beside it; null counts as absent."""
    assert codes(at(value)) == []
    assert codes(at(value, created=value)) == ([] if value is None else ["TC217"])
    alone = at(NOW, created=value)
    del alone["context"]["event_timestamp"]
    assert codes(alone) == []


def test_hint_is_no_time_of_the_future():
    """An unusual time is suggested by another epoch only if it would be no unusual time by it."""
    hints = {
        value: lint(at(value), select=["TC211", "TC212"], now=NOW)[0].hint for value in (NOW + 2 * DAY, 739 * 10**9)
    }
    assert [None if hint is None else hint[:16] for hint in hints.values()] == [None, "as an Apple time"]


@given(json_values(), json_values(), json_values())
def test_any_values(context, timestamp, created):
    """Any values of the context and its timestamps are checked without an exception."""
    codes({"event_name": "login", "context": context, "event_timestamp": timestamp}, kind="event")
    codes(at(timestamp, created=created))


@given(
    st.sampled_from(((10, 0), (12, 0), (14, 0), (16, 3), (19, 6))).flatmap(
        lambda unit: st.tuples(st.integers(10 ** (unit[0] - 1), 10 ** unit[0] - 1), st.just(unit[1]))
    ),
    st.sampled_from(("event_timestamp", "created")),
)
def test_fix_keeps_the_moment(drawn, name):
    """A timestamp in another unit is an error, or of `created` a warning; fixed it is the same moment."""
    value, finer = drawn
    event = at(NOW, **{name: value})
    for violation in check(event, select=["TC210", "TC217"], now=NOW, config=Config()):
        assert (violation.code, violation.pointer) == (
            "TC210" if name == "event_timestamp" else "TC217",
            f"/context/{name}",
        )
        assert violation.fix is not None
        [operation] = violation.fix.patch
        assert operation["value"] == normalise_timestamp(value)
        assert violation.fix.is_safe == str(value).endswith("0" * finer)
        fixed = fix(event, unsafe=True, now=NOW).payload
        assert fixed["context"][name] == operation["value"]


def test_fix_that_truncates():
    """A fix that truncates to milliseconds is unsafe."""
    for value in ("2024-06-10T08:00:00.1234Z", 1_718_006_400_000_001, 1_718_006_400.0005):
        [violation] = check(at(value), select=["TC210", "TC213"], now=NOW, config=Config())
        assert violation.fix is not None
        assert not violation.fix.is_safe


def test_created_may_be_a_date():
    """The web container writes `created` as a date: only its unit and range are checked."""
    assert codes(at(NOW, created="2024-06-10T08:00:00.000Z")) == []
    assert codes(at(NOW, created=NOW // 1000)) == ["TC217"]
    assert codes(at(NOW, created="2100-01-01T00:00:00Z")) == ["TC211"]


def test_timestamp_at_the_root():
    """A timestamp at the root is a warning if `context` has none, else an info (K002)."""
    event = minimal("login")
    event["event_timestamp"] = event["context"].pop("event_timestamp")
    [violation] = lint(event, select=["TC214"])
    assert violation.severity.value == "warning"
    assert violation.fix is not None
    assert violation.fix.is_safe
    [violation] = lint(at(NOW) | {"event_timestamp": NOW}, select=["TC214"])
    assert (violation.severity.value, violation.fix) == ("info", None)


def test_unreadable_timestamp_at_the_root():
    """An unreadable timestamp is not moved to `context`."""
    event = minimal("login") | {"event_timestamp": "soon"}
    del event["context"]["event_timestamp"]
    [violation] = lint(event, select=["TC214"])
    assert violation.fix is None


def test_pixel_without_context():
    """The fix of a pixel adds the missing `context`."""
    [violation] = lint({"event_name": "login", "user": {}, "event_timestamp": NOW}, select=["TC214"], kind="pixel")
    assert violation.fix is not None
    assert [operation["op"] for operation in violation.fix.patch] == ["add", "move"]


def test_digits_of_a_pixel():
    """All values of a query are strings, so digits are only reported for events."""
    assert lint(at(str(NOW)), select=["TC215"], kind="pixel") == []


@pytest.mark.parametrize("value", [None, 7, [], {}])
def test_event_id_of_a_wrong_type(value):
    """An id that is not a string is left to the contract."""
    event = at(NOW, eventId=value)
    del event["context"]["event_id"]
    assert codes(event) == []


def test_documented_names_are_present_too():
    """The names of the web container are fine beside the documented ones."""
    assert codes(at(NOW, eventId="e-1", created="2024-06-10T08:00:00Z")) == []


def test_no_fix_that_hides_the_web_container():
    """There is no fix if the event would no longer be recognised as one of the web container (K053)."""
    event = minimal("page_view")
    event.pop("page_type", None)
    event["context"] = {"eventId": "e-1", "event_timestamp": NOW}
    [violation] = lint(event, select=["TC216"])
    assert violation.fix is None


def test_present_is_that_of_the_clock():
    """Without `now` the clock is the present, to the minute."""
    now = time.time_ns() // 1_000_000
    day, few_minutes = 24 * 3_600_000, 600_000
    for ms, is_found in ((now + day + few_minutes, True), (now + day - few_minutes, False)):
        event = minimal("login")
        event["context"]["event_timestamp"] = ms
        assert bool(lint(event, select=["TC211"])) is is_found


def test_both_names_at_the_root():
    """Both names of the timestamp at the root are reported."""
    event = minimal("login") | {"event_timestamp": 1718006400000, "eventTimestamp": 1718006400000}
    found = lint(event, select=["TC214"])
    assert [each.pointer for each in found] == ["/eventTimestamp", "/event_timestamp"]


@pytest.mark.parametrize(
    ("context", "expected"),
    [
        ({"event_timestamp": NOW}, False),
        ({"event_timestamp": 1_262_304_000_000}, False),
        ({"event_timestamp": 1_262_303_999_999}, True),
        ({"event_timestamp": NOW + 1}, True),
        ({"event_timestamp": str(NOW)}, True),
        ({"event_timestamp": True}, True),
        ({"event_timestamp": NOW, "created": NOW}, True),
        ({"event_timestamp": NOW, "eventId": "e-1"}, True),
        ({}, True),
    ],
)
def test_has_unusual_times(context, expected):
    """Nothing is unusual about one integer of milliseconds between 2010 and now."""
    event = {"event_name": "login", "context": context}
    assert has_unusual_times(RuleContext(event, EVENT_2_0, "server", NOW)) is expected


def test_the_first_moment():
    """The first moment of 2010 is not before 2010, in any property."""
    assert codes(at(1_262_304_000_000, created=1_262_304_000_000)) == []
