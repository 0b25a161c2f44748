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


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        ("2024-06-10T08:00:00", f"add the time zone, or {MILLISECONDS}"),
        ("2024-06-10 08:00:00 UTC", MILLISECONDS),
        ("Mon, 10 Jun 2024 08:00:00 GMT", MILLISECONDS),
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
