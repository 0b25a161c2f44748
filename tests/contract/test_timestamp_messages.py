"""What is said about a wrong timestamp: its unit, its notation, its epoch, and the fix."""

from __future__ import annotations

import pytest

from tcspec.validation import validate

EXPECTED = "epoch milliseconds or an RFC 3339 date-time with a time zone"
MILLISECONDS = "send epoch milliseconds as an integer"
DIGITS = "(10 digits are seconds, 12 to 14 milliseconds, 16 microseconds, 19 nanoseconds)"


def explain(value):
    """Return the violation of a timestamp."""
    context = {"event_id": "1", "event_timestamp": value}
    event = {"event_name": "login", "user": {}, "context": context}
    [found] = [each for each in validate(event) if each.pointer == "/context/event_timestamp"]
    return found


@pytest.mark.parametrize(
    ("value", "unit", "name", "ms", "is_safe"),
    [
        (1718006400, "s", "seconds", 1718006400000, True),
        (1718006400.1234, "s", "seconds", 1718006400123, False),
        (1718006400123000, "us", "microseconds", 1718006400123, True),
        (1718006400123456789, "ns", "nanoseconds", 1718006400123, False),
    ],
)
def test_other_unit(value, unit, name, ms, is_safe):
    """A number in another unit is named with its unit; its fix is safe when no digit is lost."""
    found = explain(value)
    assert (found.code, found.message) == ("TC210", f"timestamp is in {name}; milliseconds expected")
    assert dict(found.data) == {"property": "event_timestamp", "expected": str(ms), "unit": unit}
    assert found.hint == f"write {ms}"
    assert (found.fix.title, found.fix.is_safe) == ("convert to milliseconds", is_safe)
    assert list(found.fix.patch) == [{"op": "replace", "path": "/context/event_timestamp", "value": ms}]


def test_other_notation():
    """A string that is almost a date-time has the time that is meant, and a safe fix."""
    found = explain("2024-06-10 10:00:00+0200")
    assert (found.code, found.message[: len(EXPECTED) + 9]) == ("TC203", f"expected {EXPECTED}")
    assert found.hint.startswith("write 1718006400000: ")
    assert found.fix.is_safe
    assert list(found.fix.patch) == [{"op": "replace", "path": "/context/event_timestamp", "value": 1718006400000}]
    assert not explain("2024-06-10 10:00:00.0001+0200").fix.is_safe


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        ("2024-06-10T08:00:00", f"add the time zone, or {MILLISECONDS}"),
        ("2024-06-10 08:00:00", f"add the time zone, or {MILLISECONDS}: it has a space in the place of `T`"),
        ("2024-06-10", f"{MILLISECONDS}: a date without a time of day"),
        ("2024-02-30T08:00:00Z", f"{MILLISECONDS}: the date or time does not exist"),
        (-1718006400, f"{MILLISECONDS}: the number is negative"),
        (10**25, f"{MILLISECONDS}: the number has more digits than nanoseconds need"),
        ([], MILLISECONDS),
        ("yesterday", MILLISECONDS),
        (True, MILLISECONDS),
        ("2016-12-31T23:59:60Z", f"{MILLISECONDS}: a leap second, :60, is no epoch time"),
        (
            45453,
            f"{MILLISECONDS}: a number of 5 digits is ambiguous {DIGITS}; as an Excel date it is 2024-06-10T00:00:00Z",
        ),
    ],
)
def test_hints(value, hint):
    """What cannot be read has no fix, and a hint that says what is missing or what it may be."""
    found = explain(value)
    assert (found.code, found.hint, found.fix) == ("TC203", hint, None)
    assert found.data["expected"] == EXPECTED


@pytest.mark.parametrize(
    ("value", "text", "reason", "is_safe"),
    [
        ("2024-06-10t08:13:20z", "2024-06-10T08:13:20Z", "it has a lower-case `t` and a lower-case `z`", True),
        ("2024-06-10T08:13:20+0200", "2024-06-10T08:13:20+02:00", "it has an offset without a colon", True),
        ("2024-06-10 08:13:20.5 UTC", "2024-06-10T08:13:20.500Z", None, True),
        ("2024-06-10 08:13:20.0001+02", "2024-06-10T08:13:20.000+02:00", None, False),
        (
            "2024-06-10T08:13:20.123456Z",
            "2024-06-10T08:13:20.123Z",
            "its seconds have neither three decimals nor none",
            False,
        ),
        ("2024-06-10T08:13:20.1+02:00", "2024-06-10T08:13:20.100+02:00", None, True),
        (1718006400, "2024-06-10T08:00:00.000Z", "it is in seconds", True),
        ("1718006400123", "2024-06-10T08:00:00.123Z", "it is in milliseconds", True),
        (1718006400123456, "2024-06-10T08:00:00.123Z", "it is in microseconds", False),
        ("/Date(1718006400123)/", "2024-06-10T08:00:00.123Z", "it has the notation of .NET", True),
    ],
)
def test_date_times_of_the_data_apis(value, text, reason, is_safe):
    """Where only a date-time is accepted the hint has that of the value; its fix is safe if it is exact."""
    found = explain_date_time(value)
    assert found.hint.startswith(f"write {text}: {reason or ''}")
    assert (list(found.fix.patch), found.fix.is_safe) == (
        [{"op": "replace", "path": "/availability_date", "value": text}],
        is_safe,
    )
    assert validate({"id": "P-1", "availability_date": text}, "product") == []


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        ("2024-06-10T08:13:20", "add the time zone"),
        ("2024-06-10 08:13:20", "add the time zone, and it has a space in the place of `T`"),
        ("2024-06-10T08:13:60Z", "this is none: a leap second, :60, is no epoch time"),
        ("2024-06-10", "this is none: a date without a time of day"),
        ("soon", None),
        (True, None),
    ],
)
def test_hints_of_the_data_apis(value, hint):
    """What cannot be read as a date-time has no fix, and a hint that says why."""
    found = explain_date_time(value)
    assert (found.hint, found.fix) == (hint, None)


def explain_date_time(value):
    """Return the violation of a date-time of the data APIs."""
    [found] = validate({"id": "P-1", "availability_date": value}, "product")
    assert found.code in {"TC802", "TC803"}
    return found
