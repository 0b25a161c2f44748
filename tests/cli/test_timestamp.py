from __future__ import annotations

import json

import pytest

from command import tcspec
from locations import FIXTURES

CASES = json.loads((FIXTURES / "timestamps.json").read_text(encoding="utf-8"))


def readings(*arguments: str) -> list[dict]:
    """Return the result for each value from the JSON output."""
    return json.loads(tcspec("timestamp", "--format", "json", *arguments).out)["readings"]


@pytest.mark.parametrize("case", [case for case in CASES if not {"unit", "assume_tz"} & case.keys()], ids=str)
def test_fixtures(case):
    """Every value of the fixtures, as JSON, is read as the fixture expects."""
    (reading,) = readings("--", json.dumps(case["value"]))
    if "refused" in case:
        assert reading["error"]
    else:
        assert {name: reading[name] for name in ("ms", "unit", "exact")} == {
            name: case[name] for name in ("ms", "unit", "exact")
        }


@pytest.mark.parametrize("digits", ["1718006400", "1718006400000", "01718006400", "1718006400000000"])
def test_digits(digits):
    """Digits are read the same as a number and as a string."""
    (number,), (text,) = readings(digits), readings(f'"{digits}"')
    assert number | {"value": None} == text | {"value": None}
    assert number["utc"] == "2024-06-10T08:00:00.000Z"


def test_text():
    """The text output has the result and its reason, what was truncated, and why a value cannot be read."""
    ran = tcspec("timestamp", "1718006400.1259", "tomorrow")
    assert ran.code == 1
    assert ran.out.splitlines() == [
        "1718006400.1259",
        "    utc       2024-06-10T08:00:00.125Z",
        "    ms        1718006400125",
        "    why       a number of 10 digits is in seconds",
        "    cut       the part finer than a millisecond",
        "tomorrow cannot be read: expected digits, or YYYY-MM-DDTHH:MM:SS with a time zone",
    ]


def test_exact_text():
    """Exact values have no note on truncation."""
    assert "cut" not in tcspec("timestamp", "2024-06-10T08:00:00Z").out


def test_unit():
    """--unit overrides the unit detected by magnitude."""
    (reading,) = readings("--unit", "ms", "1718006400000")
    assert (reading["unit"], reading["why"]) == ("ms", "a number of milliseconds, as requested")
    assert tcspec("timestamp", "--unit", "s", "1718006400000").code == 1


def test_zone():
    """A string without a time zone is refused, unless a zone is assumed."""
    assert tcspec("timestamp", "2024-06-10T10:00:00").code == 1
    (reading,) = readings("--assume-tz", "Europe/Paris", "2024-06-10T10:00:00")
    assert reading["ms"] == 1718006400000
    assert reading["why"] == "RFC 3339 with a time zone, Europe/Paris where it has none"
    assert "no zone" not in readings("2024-06-10T10:00:00+02:00")[0]["why"]


def test_clock_changes():
    """A local time that the zone skips cannot be read; one that occurs twice needs --fold."""
    assert (
        "does not exist in Europe/Paris"
        in tcspec("timestamp", "--assume-tz", "Europe/Paris", "2024-03-31T02:30:00").out
    )
    twice = ("--assume-tz", "Europe/Paris", "2024-10-27T02:30:00")
    assert "occurs twice in Europe/Paris: write its offset, +02:00 or +01:00" in tcspec("timestamp", *twice).out
    first, second = (readings("--fold", fold, *twice)[0]["utc"] for fold in "01")
    assert (first, second) == ("2024-10-27T00:30:00.000Z", "2024-10-27T01:30:00.000Z")


def test_unknown_zone():
    """An unknown time zone is an error."""
    assert "unknown time zone 'Mars'" in tcspec("timestamp", "--assume-tz", "Mars", "2024-06-10T10:00:00").out


def test_negative():
    """After two dashes a value may begin with a minus sign."""
    assert tcspec("timestamp", "--", "-5").out == "-5 cannot be read: the number is negative\n"


def test_many_digits():
    """A value with any number of digits is refused without an internal error."""
    assert tcspec("timestamp", "9" * 10_000, "[" * 10_000).out.count("cannot be read") == 2


def test_no_value():
    """A command without values is a usage error."""
    assert tcspec("timestamp").code == 2
