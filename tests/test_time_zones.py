"""Local times, and the zone that a caller assumes."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from command import python
from reference.timestamps import read_timestamp as reference_reading
from refused_timestamps import refused
from tcspec.errors import UnreadableTimestamp, WrongArgument
from tcspec.timestamps import Reading, normalise_timestamp, read_timestamp


class LocalizingZone(tzinfo):
    """A zone like those of pytz."""

    localize = None

    def __str__(self):
        return "Europe/Paris"


@pytest.mark.parametrize("zone", ["Europe/Paris", ZoneInfo("Europe/Paris"), timezone(timedelta(hours=2))])
def test_is_used_where_there_is_none(zone):
    """A timestamp without a zone is read in the assumed zone, which is a name or an object."""
    assert read_timestamp("2024-06-10T10:00:00", assume_tz=zone) == Reading(1718006400000, "text", exact=True)
    local = datetime(2024, 6, 10, 10)  # noqa: DTZ001 - no zone is the case
    assert read_timestamp(local, assume_tz=zone) == Reading(1718006400000, "datetime", exact=True)


def test_is_not_used_where_there_is_one():
    """A timestamp with a zone is read in that zone."""
    assert normalise_timestamp("2024-06-10T08:00:00Z", assume_tz="Asia/Tokyo") == 1718006400000
    assert normalise_timestamp(datetime(2024, 6, 10, 8, tzinfo=UTC), assume_tz="Asia/Tokyo") == 1718006400000


def test_follows_daylight_saving():
    """The offset of a named zone is that of the date."""
    winter = normalise_timestamp("2024-01-10T10:00:00", assume_tz="Europe/Paris")
    assert winter == normalise_timestamp("2024-01-10T10:00:00+01:00")


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../etc/passwd", "Europe"])
def test_unknown_name(name):
    """A name that is not a time zone is refused, whatever path it would be."""
    for value in ("2024-06-10T10:00:00", "2024-06-10T10:00:00Z", 1718006400):
        assert refused(value, assume_tz=name).endswith(f"unknown time zone {name!r}")


@pytest.mark.parametrize(
    ("zone", "local"),
    [
        ("Europe/Paris", "2024-03-31T02:30:00"),
        ("Europe/Paris", "2024-03-31T02:00:00"),
        ("America/New_York", "2024-03-10T02:59:59.999"),
        ("Australia/Lord_Howe", "2024-10-06T02:15:00"),
        ("Pacific/Apia", "2011-12-30T12:00:00"),
    ],
)
def test_skipped_times(zone, local):
    """A local time that the clocks of the zone skip is refused, whatever the fold."""
    reason = f"cannot read a timestamp: the local time does not exist in {zone}, whose clocks skip it"
    for value in (local, datetime.fromisoformat(local), datetime.fromisoformat(local).replace(fold=1)):
        for fold in (None, 0, 1):
            assert refused(value, assume_tz=zone, fold=fold) == reason


@pytest.mark.parametrize(
    ("zone", "local", "offsets"),
    [
        ("Europe/Paris", "2024-10-27T02:30:00", ("+02:00", "+01:00")),
        ("Europe/Paris", "2024-10-27T02:59:59.999", ("+02:00", "+01:00")),
        ("America/New_York", "2024-11-03T01:00:00", ("-04:00", "-05:00")),
        ("Australia/Lord_Howe", "2024-04-07T01:45:00", ("+11:00", "+10:30")),
    ],
)
def test_times_that_occur_twice(zone, local, offsets):
    """A local time that the clocks of the zone show twice is refused, unless its fold is chosen."""
    first, second = (normalise_timestamp(local + offset) for offset in offsets)
    for value in (local, datetime.fromisoformat(local)):
        reason = refused(value, assume_tz=zone)
        assert reason.endswith(f"twice in {zone}: write its offset, {' or '.join(offsets)}, or choose with fold")
        assert normalise_timestamp(value, assume_tz=zone, fold=0) == first
        assert normalise_timestamp(value, assume_tz=zone, fold=1) == second
    assert normalise_timestamp(datetime.fromisoformat(local).replace(fold=1), assume_tz=zone) == second


@given(
    st.datetimes(datetime(1973, 3, 5), datetime(2037, 12, 30)),  # noqa: DTZ001 - no zone is the case
    st.timezones(),
    st.sampled_from((None, 0, 1)),
)
def test_agrees_with_an_independent_reading(local, zone, fold):
    """A local time is read as the instant at which the clocks of the zone show it."""
    try:
        reading = read_timestamp(local, assume_tz=zone, fold=fold)
    except UnreadableTimestamp:
        reading = None
    expected = reference_reading(local, assume_tz=zone, fold=fold)
    assert expected == (reading and (reading.ms, reading.unit, reading.exact))


def test_fold():
    """A fold is 0 or 1."""
    with pytest.raises(WrongArgument, match=r"^expected `fold` as 0, 1 or None, got another integer$"):
        normalise_timestamp("2024-06-10T10:00:00", assume_tz="Europe/Paris", fold=2)


def test_no_zones_at_all(monkeypatch):
    """A zone that is unknown because the system has none is refused with what to install."""
    reason = "unknown time zone 'Mars/Olympus'"
    assert refused("2024-06-10T10:00:00", assume_tz="Mars/Olympus").endswith(reason)
    monkeypatch.setattr("zoneinfo.ZoneInfo", {}.__getitem__)
    hint = "; this system has no time zones, install the package tzdata"
    assert refused("2024-06-10T10:00:00", assume_tz="Mars/Olympus").endswith(reason + hint)


def test_zones_without_offset():
    """A time in a zone that does not know its offset is refused."""
    assert refused("2024-06-10T10:00:00", assume_tz=tzinfo()).endswith("the time zone has no offset from UTC")
    assert refused(datetime(2024, 6, 10, 10, tzinfo=tzinfo())).endswith("the time zone has no offset from UTC")

    class Half(tzinfo):
        """A zone that knows its offset for one fold only."""

        def utcoffset(self, time):
            """Return the offset."""
            return timedelta(0) if time.fold else None

    assert refused("2024-06-10T10:00:00", assume_tz=Half()).endswith("the time zone has no offset from UTC")


def test_zones_of_pytz():
    """A zone that has to localize times by itself, as those of pytz, is read by its name."""
    assert normalise_timestamp("2024-06-10T10:00:00", assume_tz=LocalizingZone()) == 1718006400000


def test_without_time_zones():
    """Where a system has no time zones, the message says what to install."""
    code = (
        "import sys, tcspec; sys.modules['tzdata'] = None\n"
        "try: tcspec.normalise_timestamp('2024-06-10T10:00:00', assume_tz='Europe/Paris')\n"
        "except tcspec.UnreadableTimestamp as error: print(error)"
    )
    ran = python(code, env={**os.environ, "PYTHONTZPATH": ""})
    reason = "unknown time zone 'Europe/Paris'; this system has no time zones, install the package tzdata"
    assert (ran.out.strip(), ran.err) == (f"cannot read a timestamp: {reason}", "")


def test_datetimes_without_zone():
    """A datetime without a zone is refused."""
    assert "missing time zone" in refused(datetime(2024, 6, 10, 10))  # noqa: DTZ001 - no zone is the case


def test_outside_the_calendar():
    """A datetime that its zone moves beyond the first or the last year is refused."""
    east, west = (timezone(timedelta(hours=hours)) for hours in (12, -12))
    for zone in (east, west):
        assert "outside" in refused(datetime(1, 1, 1, tzinfo=zone))
        assert "outside" in refused(datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=zone))
