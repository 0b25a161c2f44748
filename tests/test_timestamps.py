"""Timestamps are read exactly and without guessing, or refused with a reason."""

from __future__ import annotations

import calendar
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from reference.timestamps import read_milliseconds
from refused_timestamps import refused
from tcspec.errors import TcspecError, UnreadableTimestamp
from tcspec.strategies.values import json_values, milliseconds, timestamps, unreadable_timestamps
from tcspec.timestamps import Reading, normalise_timestamp, read_timestamp
from tcspec.usual_timestamps import EARLIEST_MS, LATEST_MS

UNITS = {"s": Fraction(1000), "ms": Fraction(1), "us": Fraction(1, 1000), "ns": Fraction(1, 10**6)}
"""Each unit in milliseconds."""


def _up_to(largest):
    """Draw two digits, mostly a part of a date, a time or an offset, and sometimes out of range."""
    return st.integers(0, largest + 1).map("{:02}".format)


_offsets = st.builds("{}{}:{}".format, st.sampled_from("+-"), _up_to(23), _up_to(59))
_near_rfc3339 = st.builds(
    "{:04}-{}-{}{}{}:{}:{}{}{}".format,
    st.integers(1960, 5150),
    _up_to(12),
    _up_to(31),
    st.sampled_from("TTTTTTTt "),
    *(_up_to(23), _up_to(59), _up_to(59)),
    st.from_regex(r"(\.[0-9]{0,9})?", fullmatch=True),
    st.one_of(_offsets, st.sampled_from(("Z", "", "z", "+0100", "-00:00", " Z"))),
)
_numbers = st.one_of(st.integers(-1, 10**21), st.floats(0, 1e21), st.floats(), st.integers(8, 21).map(lambda n: 10**n))
anything = st.one_of(_numbers, _numbers.map(str), _near_rfc3339, unreadable_timestamps, json_values())


class TestReading:
    """What is read, and how."""

    @given(anything)
    def test_agrees_with_an_independent_reading(self, value):
        """Any JSON value is read as by exact decimal arithmetic, or refused."""
        try:
            read = normalise_timestamp(value)
        except UnreadableTimestamp:
            read = None
        assert read == read_milliseconds(value)

    @given(timestamps())
    def test_is_idempotent(self, drawn):
        """The result of reading is read again as itself, exactly and as milliseconds."""
        assert read_timestamp(normalise_timestamp(drawn[0])) == Reading(drawn[1], "ms", exact=True)

    @given(milliseconds(), st.sampled_from(sorted(UNITS)), st.booleans())
    def test_inverts_every_unit(self, ms, unit, as_text):
        """A timestamp in a requested unit is read back, whatever its magnitude."""
        number = ms / UNITS[unit]
        assume(number.denominator == 1)
        written = str(number) if as_text else number.numerator
        assert read_timestamp(written, unit=unit) == Reading(ms, unit, exact=True)

    @given(
        st.sampled_from((10, 12, 13, 14, 16, 19)).flatmap(
            lambda digits: st.integers(10 ** (digits - 1), 10**digits - 1)
        )
    )
    def test_is_exact_unless_something_was_cut(self, number):
        """A reading is the last millisecond that is not after the time, and exact when it equals it."""
        reading = read_timestamp(number)
        drawn = number * UNITS[reading.unit]
        assert reading.ms <= drawn < reading.ms + 1
        assert reading.exact == (reading.ms == drawn)

    @given(
        st.sampled_from((10, 12, 13, 14, 16, 19)).flatmap(
            lambda digits: st.floats(10.0 ** (digits - 1), 10.0**digits, exclude_max=True)
        )
    )
    def test_reads_a_float_through_its_shortest_text(self, number):
        """A float is read through its shortest decimal text, not as its binary fraction."""
        reading = read_timestamp(number)
        drawn = Fraction(Decimal(repr(number))) * UNITS[reading.unit]
        assert reading.ms == drawn // 1
        assert reading.exact == (drawn.denominator == 1)

    @pytest.mark.parametrize(
        ("number", "ms", "unit"),
        [
            (10**9, 10**12, "s"),
            (10**10 - 1, 10**13 - 1000, "s"),
            (10**11, 10**11, "ms"),
            (10**14 - 1, 10**14 - 1, "ms"),
            (10**15, 10**12, "us"),
            (10**16 - 1, 10**13 - 1, "us"),
            (10**18, 10**12, "ns"),
            (10**19 - 1, 10**13 - 1, "ns"),
        ],
    )
    def test_limits_of_the_units(self, number, ms, unit):
        """A number of 10 digits is seconds, of 12 to 14 ms, of 16 us, of 19 ns; so are digits."""
        for value in (number, str(number), f"000{number}"):
            reading = read_timestamp(value)
            assert (reading.ms, reading.unit) == (ms, unit)

    def test_reads_the_clock_of_python(self):
        """The float of `time.time()` is read as seconds, to the millisecond."""
        assert read_timestamp(1718006400.1239998) == Reading(1718006400123, "s", exact=False)
        assert read_timestamp(1718006400.125) == Reading(1718006400125, "s", exact=True)

    def test_reads_any_number_of_leading_zeros(self):
        """A string of digits is a number, with any number of leading zeros."""
        assert normalise_timestamp("0" * 10_000 + "1718006400000") == 1718006400000

    @pytest.mark.parametrize(
        ("text", "ms", "exact"),
        [
            ("2024-06-10T08:00:00.1Z", 1718006400100, True),
            ("2024-06-10T08:00:00.12399999999999999999Z", 1718006400123, False),
            ("2024-06-10T08:00:00.123000000000Z", 1718006400123, True),
            ("2024-06-10T09:30:00+01:30", 1718006400000, True),
            ("2024-06-09T23:00:00-09:00", 1718006400000, True),
            ("1973-03-03T09:46:40Z", EARLIEST_MS, True),
            ("5138-11-16T09:46:39.9999Z", LATEST_MS - 1, False),
        ],
    )
    def test_reads_texts_exactly(self, text, ms, exact):
        """An RFC 3339 string with a zone is converted, and cut toward the past to milliseconds."""
        assert read_timestamp(text) == Reading(ms, "text", exact=exact)

    @given(
        st.datetimes(datetime(1973, 3, 5), datetime(5138, 11, 14), timezones=st.timezones()),  # noqa: DTZ001 - hypothesis adds the zones
    )
    def test_reads_datetimes(self, drawn):
        """A datetime with a zone is converted."""
        ms = calendar.timegm(drawn.utctimetuple()) * 1000 + drawn.microsecond // 1000
        assert read_timestamp(drawn) == Reading(ms, "datetime", exact=drawn.microsecond % 1000 == 0)


class TestRefusals:
    """What is refused, and why."""

    @pytest.mark.parametrize(
        ("value", "reason"),
        [
            (True, "a boolean is not a timestamp"),
            (float("nan"), "the number is not finite"),
            (float("-inf"), "the number is not finite"),
            (-1, "the number is negative"),
            (-1.5, "the number is negative"),
            (10**20, "the number has more digits than nanoseconds need"),
            ("", "expected digits, or YYYY-MM-DDTHH:MM:SS with a time zone"),
            ("-1718006400", "expected digits, or YYYY-MM-DDTHH:MM:SS with a time zone"),
            ("١٧١٨٠٠٦٤٠٠", "expected digits, or YYYY-MM-DDTHH:MM:SS with a time zone"),
            ("1718006400000\n", "it has white space around it; as a number it is 1718006400000"),
            ("2024-06-10T08:00:00Z\n", "it has white space around it; as RFC 3339 it is 2024-06-10T08:00:00Z"),
            ("2024-06-10T08:00Z", "it has no seconds; as RFC 3339 it is 2024-06-10T08:00:00Z"),
            (
                "2024-06-10 08:00+02",
                (
                    "it has a space in the place of `T` and no seconds and an offset without minutes; "
                    "as RFC 3339 it is 2024-06-10T08:00:00+02:00"
                ),
            ),
            ("20240610T080000Z", "it has no hyphens and no colons; as RFC 3339 it is 2024-06-10T08:00:00Z"),
            (
                "2024-06-10T08:00:00 GMT",
                (
                    "it has a space before its zone and `GMT` in the place of `Z`; "
                    "as RFC 3339 it is 2024-06-10T08:00:00Z"
                ),
            ),
            ("/Date(1718006400000+0200)/", "it has the notation of .NET; as a number it is 1718006400000"),
            (
                "/Date(1)/",
                (
                    "a number of 1 digit is ambiguous (10 digits are seconds, 12 to 14 milliseconds, "
                    "16 microseconds, 19 nanoseconds), and it has the notation of .NET"
                ),
            ),
            ("1718006400,5", "it has a comma in its digits; as a number it is 1718006400.5"),
            (
                "Mon, 10 Jun 2024 08:00:00 GMT",
                (
                    "it has the notation of HTTP, of e-mail or of JavaScript's toString(); "
                    "as RFC 3339 it is 2024-06-10T08:00:00Z"
                ),
            ),
            (
                "Mon Jun 10 2024 10:00:00 GMT+0200 (CEST)",
                (
                    "it has the notation of HTTP, of e-mail or of JavaScript's toString(); "
                    "as RFC 3339 it is 2024-06-10T10:00:00+02:00"
                ),
            ),
            ("Mon, 10 Jui 2024 08:00:00 GMT", "expected digits, or YYYY-MM-DDTHH:MM:SS with a time zone"),
            ("2024-06-10", "a date without a time of day"),
            ("2024-06-10T08:00:00.Z", "expected digits, or YYYY-MM-DDTHH:MM:SS with a time zone"),
            ("2024-06-10T08:00:00", "missing time zone"),
            ("2024-06-10T24:00:00Z", "the date or time does not exist"),
            ("2024-06-10T08:00:60Z", "a leap second, :60, is no epoch time"),
            (
                "2024-06-10t08:00:00+0200",
                "it has a lower-case `t` and an offset without a colon; as RFC 3339 it is 2024-06-10T08:00:00+02:00",
            ),
            (
                "2024-06-10T08:00:00,250z",
                "it has a comma in the seconds and a lower-case `z`; as RFC 3339 it is 2024-06-10T08:00:00.250Z",
            ),
            ("2024-06-10 08:00:00", "missing time zone, and it has a space in the place of `T`"),
            ("2023-02-29T08:00:00Z", "the date or time does not exist"),
            ("0000-01-01T00:00:00Z", "the date or time does not exist"),
            ("2024-06-10T08:00:00+24:00", "the date or time does not exist"),
            ("2024-06-10T08:00:00+01:60", "the date or time does not exist"),
            ("0001-01-01T00:00:00+23:59", "the time is outside 1973-03-03 to 5138-11-16"),
            ("1973-03-03T09:46:39.999Z", "the time is outside 1973-03-03 to 5138-11-16"),
            ("5138-11-16T09:46:40.000Z", "the time is outside 1973-03-03 to 5138-11-16"),
            ("5138-11-16T09:46:40Z", "the time is outside 1973-03-03 to 5138-11-16"),
            (None, "NoneType is not a number, a string or a datetime"),
            ([1718006400000], "list is not a number, a string or a datetime"),
            (Decimal(1718006400), "Decimal is not a number, a string or a datetime"),
            (date(2024, 6, 10), "date is not a number, a string or a datetime"),
        ],
    )
    def test_reasons(self, value, reason):
        """A value that is not a timestamp is refused with the reason, and never with the value."""
        assert refused(value) == f"cannot read a timestamp: {reason}"

    @given(
        st.one_of(
            st.integers(0, 10**9 - 1),
            st.sampled_from((11, 15, 17, 18)).flatmap(lambda digits: st.integers(10 ** (digits - 1), 10**digits - 1)),
            st.integers(10**19),
        )
    )
    def test_digits_of_no_unit(self, number):
        """A number of digits that no unit has is refused, as a number and as a string, unless a unit is requested."""
        assert refused(number).split(": ")[1] == refused(str(number)).split(": ")[1]

    @pytest.mark.parametrize(
        ("number", "epoch"),
        [
            (638536032000000000, ".NET ticks it is 2024-06-10T08:00:00Z"),
            (133624800000000000, "a Windows FILETIME it is 2024-06-10T08:00:00Z"),
            (13362480000000000, "a WebKit time it is 2024-06-10T08:00:00Z"),
            (739699200, "an Apple time (seconds since 2001) it is 2024-06-10T08:00:00Z"),
            (739699200.25, "an Apple time (seconds since 2001) it is 2024-06-10T08:00:00Z"),
            (45453.25, "an Excel date it is 2024-06-10T06:00:00Z"),
            (739699200 * 10**9, "an Apple time in nanoseconds (since 2001) it is 2024-06-10T08:00:00Z"),
            (13362480000, "a Windows time in seconds (since 1601) it is 2024-06-10T08:00:00Z"),
            (63853603200, ".NET seconds (since the year 1) it is 2024-06-10T08:00:00Z"),
            (20240610, "the digits of a date it is 2024-06-10"),
            (20240610080000123, "the digits of a date it is 2024-06-10 08:00:00"),
        ],
    )
    def test_other_epochs(self, number, epoch):
        """The reason names the epoch by which a number would be a plausible time."""
        assert refused(number).endswith(f"19 nanoseconds); as {epoch}")
        assert refused(17180064000).endswith("19 nanoseconds)")
        assert f"as {epoch}" in refused(str(number))

    @pytest.mark.parametrize(
        ("number", "is_plausible"),
        [(40178, False), (40179, True), (73050.75, True), (73051, False)],
    )
    def test_plausible_times(self, number, is_plausible):
        """A time by another epoch is plausible from 2010 until 2100."""
        assert ("; as an Excel date" in refused(number)) == is_plausible

    @pytest.mark.parametrize(
        "text",
        [
            "2024-06-10t08:00:00Z",
            "2024-06-10T08:00:00z",
            "2024-06-10 10:00:00+0200",
            "2024-06-10 10:00:00+02",
            "2024-06-10 08:00:00 UTC",
            "2024-06-10T08:00:00,000Z",
            "2024-06-10T08:00Z",
            "20240610T080000Z",
            " 2024-06-10T08:00:00Z",
            "\t1718006400000",
            "1718006400.000",
            "/Date(1718006400000)/",
            "\\/Date(1718006400000)\\/",
            "10 Jun 2024 10:00:00 +0200",
            "Mon Jun 10 2024 08:00:00 GMT+0000 (Coordinated Universal Time)",
        ],
    )
    def test_suggestion(self, text):
        """A string that is almost RFC 3339 is refused with the time that is certainly meant."""
        with pytest.raises(UnreadableTimestamp) as refusal:
            read_timestamp(text)
        assert (refusal.value.suggestion, refusal.value.is_exact) == (1718006400000, True)

    @pytest.mark.parametrize("text", ["2024-06-10T08:00:00.0001z", "1718006400.0001", "2024-06-10 08:00:00,00000001Z"])
    def test_suggestion_that_truncates(self, text):
        """A time that is finer than a millisecond is recognised by what would be written."""
        with pytest.raises(UnreadableTimestamp) as refusal:
            read_timestamp(text)
        assert (refusal.value.suggestion, refusal.value.is_exact) == (1718006400000, False)

    def test_numbers_of_any_length(self):
        """An integer or a string of thousands of digits is refused like any that is too long."""
        for value in (10**5000, "9" * 1_000_000):
            assert refused(value) == "cannot read a timestamp: the number has more digits than nanoseconds need"
        for form in ("/Date({})/", " {}", "1718006400.{}", "{}.5", "2024-06-10 08:00:00.{}", "2024-06-10t08:00:00{}z"):
            assert refused(form.format("9" * 1_000_000)).endswith("with a time zone")
        assert "more digits" in refused(f"/Date({'9' * 50})/")

    def test_number_of_digits(self):
        """The reason counts the digits."""
        assert "a number of 1 digit is ambiguous" in refused(5)
        assert "a number of 2 digits is ambiguous" in refused(12)
        assert "more digits" in refused("1" + "0" * 20, unit="ns")

    def test_units_do_not_widen_the_range(self):
        """A requested unit replaces the unit by magnitude, not the range."""
        assert "outside" in refused(1718006400000, unit="s")
        assert "outside" in refused(1718006400, unit="ms")
        assert "outside" in refused(10**30, unit="us")
        for value in (1718006400, 1718006400.0, "1718006400"):
            assert "outside" in refused(value, unit="ms")
            with pytest.raises(UnreadableTimestamp, match="outside"):
                normalise_timestamp(value, unit="ms")

    def test_unknown_unit(self):
        """An unknown unit is refused, and the message has the known ones."""
        assert refused(1718006400, unit="h") == "cannot read a timestamp: unknown unit 'h'; choose from s, ms, us, ns"

    def test_is_an_error_of_tcspec_and_a_value_error(self):
        """A refusal is a `TcspecError` and a `ValueError`."""
        with pytest.raises(TcspecError):
            normalise_timestamp(None)
        with pytest.raises(ValueError, match="cannot read a time"):
            normalise_timestamp(None)
