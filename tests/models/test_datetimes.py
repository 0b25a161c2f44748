"""The timestamps and date-times that the contract accepts, in every notation and at every limit."""

from __future__ import annotations

import math
import re
from datetime import datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from payloads import minimal, minimal_of
from tcspec.errors import UnreadableTimestamp
from tcspec.models.constraints import matches_type
from tcspec.models.datetimes import BulkDateTime, ReadableTimestamp, Timestamp
from tcspec.models.events import CustomEvent
from tcspec.timestamps import read_timestamp
from validators import verdicts

OTHER_UNITS = [
    1718000000,
    1718000000000000,
    1718000000000000000,
    1718000000.25,
    10**9,
    10**10 - 1,
    10**15,
    10**19 - 1,
    "1718000000",
    "0001718000000",
    "9999999999999999999",
]
"""Timestamps that the 1.0 format accepts and the 2.0 format does not."""
READABLE = [
    1718000000000,
    1718000000000.0,
    10**11,
    10**14 - 1,
    "1718000000000",
    "0001718000000000",
    "100000000000",
    "99999999999999",
    "2024-06-10T08:13:20Z",
    "2024-06-10T08:13:20.123456789012+02:00",
    "2024-02-29T23:59:59-11:30",
    "2000-02-29T00:00:00Z",
    "1973-03-03T12:00:00Z",
    "5138-11-16T00:00:00Z",
    "2024-12-31T00:00:00+23:59",
]
UNREADABLE = [
    None,
    True,
    [],
    {},
    0,
    2,
    -1718000000000,
    10**9 - 1,
    10**10,
    10**11 - 1,
    10**14,
    10**16,
    10**18 - 1,
    10**19,
    638535744000000000,
    739699200,
    99999999.9,
    10**20,
    1e20,
    1e300,
    10**400,
    "",
    " ",
    "now",
    "0",
    "999999999",
    "10000000000",
    "638535744000000000",
    "100000000000000000000",
    "-1718000000000",
    "+1718000000000",
    "1718000000.0",
    "1718000000000\n",
    "١٧١٨٠٠٠٠٠٠٠٠٠",
    "2024-06-10",
    "2024-06-10T08:13:20",
    "2024-06-10 08:13:20Z",
    "2024-06-10t08:13:20z",
    "2024-06-10T08:13Z",
    "2024-06-10T08:13:20.Z",
    "2024-06-10T08:13:20,5Z",
    "2024-06-10T24:00:00Z",
    "2024-06-10T08:60:00Z",
    "2024-06-10T23:59:60Z",
    "2024-06-10T08:13:20+24:00",
    "2024-06-10T08:13:20+02:60",
    "2024-06-10T08:13:20+0200",
    "2024-06-10T08:13:20Z\n",
    "2023-02-29T00:00:00Z",
    "1900-02-29T00:00:00Z",
    "2100-02-29T00:00:00Z",
    "2024-04-31T00:00:00Z",
    "2024-00-10T00:00:00Z",
    "2024-13-10T00:00:00Z",
    "2024-06-00T00:00:00Z",
    "2024-06-32T00:00:00Z",
    "1973-03-02T23:59:59Z",
    "5138-11-17T00:00:00Z",
    "12024-06-10T08:13:20Z",
]
BULK = [
    "2024-06-10T08:13:20.123Z",
    "2024-06-10T08:13:20Z",
    "2024-06-10T08:13:20.000+02:00",
    "2024-06-10T08:13:20-11:30",
    "2024-02-29T23:59:59Z",
    "2000-02-29T00:00:00Z",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999-23:59",
    "2024-06-10T08:13:20-00:00",
]
NOT_BULK = [
    None,
    1718000000000,
    "",
    "1718000000000",
    "2024-06-10",
    "2024-06-10T08:13Z",
    "2024-06-10T08:13:20",
    "2024-06-10 08:13:20Z",
    "2024-06-10t08:13:20z",
    "2024-06-10T08:13:20.1Z",
    "2024-06-10T08:13:20.1234Z",
    "2024-06-10T08:13:20,123Z",
    "2024-06-10T08:13:20+0200",
    "2024-06-10T08:13:20+02",
    "2024-06-10T08:13:20+24:00",
    "2024-06-10T08:13:20Z\n",
    " 2024-06-10T08:13:20Z",
    "2024-06-10T24:00:00Z",
    "2024-06-10T23:59:60Z",
    "2023-02-29T00:00:00Z",
    "1900-02-29T00:00:00Z",
    "2024-04-31T00:00:00Z",
    "2024-13-10T00:00:00Z",
    "12024-06-10T08:13:20Z",
    "\u0662\u0660\u0662\u0664-06-10T08:13:20Z",
]


def stamped(value):
    """Return an event that is valid but for its timestamp."""
    payload = minimal()
    payload["context"]["event_timestamp"] = value
    return payload


@pytest.mark.parametrize(("values", "verdict"), [(READABLE, True), (UNREADABLE, False)])
def test_engines_agree_on_timestamps(values, verdict):
    """Every engine in Python accepts an unambiguous timestamp, and refuses any other value."""
    for value in values:
        assert verdicts(stamped(value)) == {verdict}, value
        assert matches_type(ReadableTimestamp, value) is verdict, value


def test_engines_agree_on_other_units():
    """The 2.0 format refuses what is not in milliseconds, the 1.0 format accepts it."""
    for value in OTHER_UNITS:
        assert verdicts(stamped(value)) == {False}, value
        legacy = {"event": "poll_answered", "properties": {"user": {"id": "c-1"}}, "event_timestamp": value}
        assert verdicts(legacy, version="1.0") == {True}, value


@pytest.mark.parametrize("value", READABLE)
def test_timestamps_are_never_converted(value):
    """A readable timestamp is never converted by the model."""
    sent = CustomEvent.model_validate(stamped(value)).model_dump()["context"]["event_timestamp"]
    assert (type(sent), sent) == (type(value), value)


@given(
    st.one_of(
        st.integers(-(10**21), 10**21),
        st.floats(allow_nan=False, allow_infinity=False),
        st.integers(0, 10**21).map(str),
        st.integers(0, 21).flatmap(lambda digits: st.integers(10**digits, 10 ** (digits + 1) - 1)),
        st.datetimes(timezones=st.timezones()).map(lambda time: time.isoformat(timespec="milliseconds")),
        st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})?"),
        st.text(),
    )
)
@example("2024-02-30T00:00:00Z")
@example(math.nextafter(1e14, 0))
@example(math.nextafter(1e19, 0))
def test_the_contract_reads_what_the_reader_reads(value):
    """The 1.0 format accepts what read_timestamp reads, the 2.0 format of it what is in milliseconds or RFC 3339.

    Only on the first and the last day it may differ.
    """
    if isinstance(value, str) and value.startswith(("1973-03-02", "1973-03-03", "1973-03-04", "5138-11-1")):
        return
    try:
        unit = read_timestamp(value).unit
    except UnreadableTimestamp:
        unit = None
    assert matches_type(ReadableTimestamp, value) is (unit is not None)
    assert matches_type(Timestamp, value) is (unit in {"ms", "text"})


def created(value):
    """Return a conversion that is valid but for its date-time."""
    return minimal_of("conversion") | {"created": value}


@pytest.mark.parametrize(("values", "verdict"), [(BULK, True), (NOT_BULK, False)])
def test_engines_agree_on_bulk_date_times(values, verdict):
    """The data APIs accept seconds or milliseconds with a time zone, on real days, and nothing else."""
    for value in values:
        assert verdicts(created(value), kind="conversion") == {verdict}, value


@given(
    st.one_of(
        st.datetimes(timezones=st.timezones()).map(lambda time: time.isoformat(timespec="milliseconds")),
        st.from_regex(
            r"\A[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-6][0-9]:[0-6][0-9](\.[0-9]{3})?(Z|[+-][0-2][0-9]:[0-6][0-9])\Z"
        ),
    )
)
@example("2024-02-30T00:00:00Z")
def test_dates_of_the_data_apis_are_real(value):
    """A date-time in one of the four notations is accepted if the calendar has it (from the year 1 on)."""
    whole_minutes = re.fullmatch(r".{19}(\.[0-9]{3})?(Z|[+-][0-9]{2}:[0-5][0-9])", value)
    try:
        real = whole_minutes is not None and datetime.fromisoformat(value) is not None
    except ValueError:
        real = False
    assert matches_type(BulkDateTime, value) is real or value.startswith("0000")
