"""Notations of time that are not read: recognised where it is certain what they are, and named."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tcspec
from tcspec.errors import UnreadableTimestamp
from tcspec.time_notations import find_notation, suggest_epoch
from tcspec.timestamps import read_timestamp

MS = 1718006400000  # 2024-06-10T08:00:00Z


def suggestion_of(value):
    """Return what is suggested for a value that is refused."""
    with pytest.raises(UnreadableTimestamp) as refused:
        read_timestamp(value)
    return refused.value.suggestion


def reason_of(value):
    """Return why a value is refused."""
    with pytest.raises(UnreadableTimestamp) as refused:
        read_timestamp(value)
    return refused.value.reason


CERTAIN = [
    # Java
    "Mon Jun 10 08:00:00 UTC 2024",
    "Mon Jun 10 08:00:00 GMT 2024",
    "Mon Jun 10 10:00:00 GMT+02:00 2024",
    "2024-06-10T10:00+02:00[Europe/Paris]",
    "2024-06-10T08:00:00Z[Etc/UTC]",
    "2024-06-10T08:00:00.000+0000",
    "1718006400000L",
    # Go
    "2024-06-10 08:00:00 +0000 UTC",
    "2024-06-10 10:00:00 +0200 CEST",
    "2024-06-10 05:00:00 -0300 -03",
    "2024-06-10 08:00:00.000000000 +0000 UTC m=+0.000012345",
    # Python
    "2024-06-10 08:00:00+00:00",
    "2024-06-10T08:00:00+00:00Z",
    "Timestamp('2024-06-10 08:00:00+0000', tz='UTC')",
    "b'1718006400000'",
    # C#
    "2024-06-10 08:00:00Z",
    r"\/Date(1718006400000)\/",
    # Swift, Ruby
    "2024-06-10 08:00:00 +0000",
    "Mon Jun 10 10:00:00 +0200 2024",
    # SQL and clouds
    "2024-06-10 08:00:00 UTC",
    "2024-06-10 08:00:00.000 +0000",
    "10-JUN-2024 10:00:00 AM +02:00",
    "2024-06-10 08:00:00:000Z",
    "1718006400s",
    "1718006400000 ms",
    "1718006400000000us",
    # JavaScript, MongoDB
    "Mon Jun 10 2024 10:00:00 GMT+0200 (heure d'\u00e9t\u00e9 d'Europe centrale)",
    "1718006400000n",
    'ISODate("2024-06-10T08:00:00Z")',
    'NumberLong("1718006400000")',
    "new Date(1718006400000)",
    '"2024-06-10T08:00:00.000Z"',
    "'1718006400000'",
    # Logs, mails and cookies
    "10/Jun/2024:10:00:00 +0200",
    "[10/Jun/2024:08:00:00 +0000]",
    "Mon, 10 Jun 2024 08:00:00 GMT",
    "Mon, 10 Jun 2024 08:00 +0000",
    "Mon, 10 Jun 2024 08:00:00 Z",
    "Mon, 10-Jun-2024 08:00:00 GMT",
    "@1718006400",
    # Readers and spreadsheets
    "June 10, 2024 08:00:00 GMT",
    "Jun 10, 2024, 8:00:00\u202fAM UTC",
    "Monday, June 10, 2024 at 8:00:00 AM GMT",
    "2024/06/10 08:00:00 UTC",
    "2024.6.10 8:00:00Z",
    "2024-06-10 10:00:00 UTC+02:00",
    "2024-06-10T10:00:00 GMT+0200",
    "2024-06-10 8:00 am Z",
    "2024-06-10T06:00:00\u221202:00",
    "1,718,006,400,000",
    "1.718.006.400",
    "1 718 006 400 000",
    "1718006400000.0",
    "1.718006400000E12",
    "1.718006400e+9",
]  # fmt: skip


@pytest.mark.parametrize("text", CERTAIN)
def test_certain_notations(text):
    """A notation that can only mean one time has that time as a suggestion."""
    assert suggestion_of(text) == MS


@pytest.mark.parametrize(
    "value",
    [
        {"$date": "2024-06-10T08:00:00Z"},
        {"$date": MS},
        {"$date": {"$numberLong": str(MS)}},
        {"$numberLong": str(MS)},
        {"seconds": 1718006400, "nanos": 0},
        {"seconds": "1718006400"},
        {"_seconds": 1718006400, "_nanoseconds": 0},
        {"seconds": 1718006400, "nanoseconds": 0},
        {"epochSecond": 1718006400, "nano": 0},
    ],
    ids=json.dumps,
)
def test_objects(value):
    """The objects that databases and libraries write for a time have that time as a suggestion."""
    assert suggestion_of(value) == MS


def test_digits_of_objects_are_kept():
    """Nanoseconds of an object are exact, and cut toward the past."""
    value = {"seconds": 1718006400, "nanos": 123456789}
    with pytest.raises(UnreadableTimestamp) as refused:
        read_timestamp(value)
    assert (refused.value.suggestion, refused.value.is_exact) == (MS + 123, False)


@pytest.mark.parametrize(
    "text",
    [
        "Mon Jun 10 08:00:00 2024",
        "Mon Jun 10 10:00:00 CEST 2024",
        "Mon, 10 Jun 2024 08:00:00 CST",
        "10 Jun 2024 08:00:00",
        "10/Jun/2024:08:00:00",
        "2024/06/10 08:00:00",
        "2024-06-10 8:00:00 PM",
        "2024-06-10T08:00:00[Europe/Paris]",
        "Jun 10, 2024, 8:00:00 AM",
        "10-JUN-2024 08:00:00",
    ],
)
def test_without_a_zone(text):
    """A notation that says no offset, or only the letters of a zone, lacks a time zone."""
    assert suggestion_of(text) is None
    assert reason_of(text).startswith("missing time zone, and it has ")


@pytest.mark.parametrize(
    "value",
    [
        *("06/10/2024 08:00:00", "10.06.2024 08:00:00", "10-06-24", "2024-13-10 08:00:00Z", "2024-6-1008:00Z"),
        *("1.71801E+12", "1.7180064E12", "1,718", "1,71,80,06,400", "1.718,006,400", "1718006400000s", "1718006400ms"),
        *("2024-06-10T08:00:00+02:00Z", "2024-06-10 13:00:00 PM Z", "2024-06-10 0:30 AM Z", "Mon Foo 10 08:00:00 2024"),
        *("2024-06-10-08:00", "2024-W24-1T08:00:00Z", "0x18FFF2D1200", "now()", "today", "''", "@", "Date()", "2024"),
        *("202461008:00Z", "10-Jun-24 08:00:00 GMT", "2024-06-10T08:00:00:1Z", "Marching 10, 2024 08:00:00 GMT"),
        *({"seconds": True}, {"seconds": 1, "minutes": 2}, {"$date": None}, {"$date": [1]}, {}, {"seconds": "x"}),
        *({"seconds": 1718006400, "nanos": -1}, {"seconds": 1718006400, "nanos": 10**9}, [2024, 6], [True] * 5, []),
    ],
    ids=str,
)  # fmt: skip
def test_uncertain_notations(value):
    """What may mean several times, or none, has no suggestion, and its value is not shown."""
    assert suggestion_of(value) is None


@given(
    st.datetimes(datetime(2001, 9, 10), datetime(2099, 1, 1)),  # noqa: DTZ001 - the zone is drawn
    st.integers(-14 * 4, 14 * 4),
    st.sampled_from(
        [
            "%a %b %d %H:%M:%S {gmt} %Y",
            "%Y-%m-%d %H:%M:%S {offset} CEST",
            "%Y-%m-%dT%H:%M:%S{colon}[Europe/Paris]",
            "%d/%b/%Y:%H:%M:%S {offset}",
            "%A, %d-%b-%Y %H:%M:%S {offset}",
            "%B %d, %Y at %I:%M:%S %p {gmt}",
            "%Y/%m/%d %I:%M:%S %p {gmt}",
            "%Y%m%dT%H%M%S{offset}",
        ]
    ),
)
def test_notations_are_read_as_they_are_written(time, quarters, notation):
    """Any time in a notation has itself as a suggestion, to the second."""
    zone = timezone(timedelta(minutes=15 * quarters))
    aware = time.replace(microsecond=0, tzinfo=zone)
    offset = f"{aware:%z}"
    colon = f"{offset[:3]}:{offset[3:]}"
    text = aware.strftime(notation).format(offset=offset, colon=colon, gmt=f"GMT{colon}")
    assert suggestion_of(text) == aware.timestamp() * 1000


@given(st.text(max_size=120) | st.from_regex(r"[0-9TZ:+./, -]{0,40}", fullmatch=True))
def test_every_text_has_a_verdict(text):
    """Any text is in a notation whose own text is read or refused, or in none."""
    found = find_notation(text)
    if found:
        assert found.differences
        assert find_notation(found.text) is None or found.is_number


def test_other_epochs():
    """A number of another epoch is named with the time that it would be; any number has a verdict."""
    assert suggest_epoch(638536032000000000) == "as .NET ticks it is 2024-06-10T08:00:00Z"
    assert suggest_epoch(45453) == "as an Excel date it is 2024-06-10T00:00:00Z"
    assert suggest_epoch(45453, datetime(2024, 1, 1, tzinfo=UTC)) is None
    assert suggest_epoch(7) is None


def test_hints_and_fixes():
    """The hint of a violation has the number to write, and a fix writes it."""
    event = {"event_name": "login", "user": {}, "context": {"event_id": "e-1", "event_timestamp": {"$date": MS}}}
    for value in ({"$date": MS}, "Mon Jun 10 08:00:00 UTC 2024"):
        event["context"]["event_timestamp"] = value
        [found] = [each for each in tcspec.validate(event) if each.pointer == "/context/event_timestamp"]
        assert found.hint.startswith(f"write {MS}: it has the notation of ")
        assert tcspec.fix(event).payload["context"]["event_timestamp"] == MS
