from __future__ import annotations

import pytest

from tcspec.errors import Severity, Violation
from tcspec.rules.registry import EVERY_CODE
from tcspec.rules.settings import Settings, find_unknown_prefix, format_suggestion


def violation(code, severity=Severity.WARNING):
    """Return a violation of a code."""
    return Violation(code, severity, "/a", "because")


def test_defaults():
    """By default every code is reported with its own severity."""
    assert all(Settings().selects(code) for code in EVERY_CODE)
    assert Settings().apply_severity(violation("TC210")) == violation("TC210")
    assert Settings().off_codes == ()


@pytest.mark.parametrize(
    ("settings", "selected"),
    [
        (Settings(select=("TC2",)), {"TC210", "TC001"}),
        (Settings(ignore=("TC2",)), {"TC001", "TC310"}),
        (Settings(select=("TC2", "TC3"), ignore=("TC31",)), {"TC001", "TC210"}),
        (Settings(select=("TC2",), ignore=("TC001",)), {"TC210"}),
    ],
)
def test_selection(settings, selected):
    """Codes are selected by prefix; ignoring wins, and unreadable documents are reported unless ignored."""
    assert {code for code in ("TC001", "TC210", "TC310") if settings.selects(code)} == selected


def test_severities():
    """The longest matching prefix decides the severity; what is off is dropped."""
    settings = Settings(severities={"TC2": "info", "TC21": "off", "TC210": "error"})
    assert settings.apply_severity(violation("TC201")).severity is Severity.INFO
    assert settings.apply_severity(violation("TC211")) is None
    assert settings.apply_severity(violation("TC210")).severity is Severity.ERROR
    assert settings.apply_severity(violation("TC310")).severity is Severity.WARNING
    assert "TC211" in settings.off_codes
    assert not {"TC210", "TC201", "TC310"} & set(settings.off_codes)


def test_with_defaults():
    """Settings override others, ignored codes add up, and severities are merged."""
    one = Settings(select=("TC1",), ignore=("TC11",), severities={"TC110": "off"}, sender="web")
    other = Settings(("TC2",), ("TC12",), {"TC110": "info", "TC111": "error"}, "mobile", "pixel", frozenset({"TC101"}))
    assert one.with_defaults(other) == Settings(
        ("TC1",), ("TC11", "TC12"), {"TC110": "off", "TC111": "error"}, "web", "pixel", frozenset({"TC101"})
    )
    assert Settings().with_defaults(other) == other.with_defaults(Settings()) == other


def test_find_unknown_prefix():
    """The first prefix that no code starts with is found; an empty one counts as unknown."""
    assert find_unknown_prefix(["TC", "TC21", "TC210"]) is None
    assert find_unknown_prefix(["TC1", "TC9", "XX"]) == "TC9"
    assert find_unknown_prefix([""]) == ""


def test_suggestion():
    """A close name is suggested, and none if none is close."""
    assert format_suggestion("TC21O", EVERY_CODE) == "; did you mean TC210?"
    assert format_suggestion("nonsense", EVERY_CODE) == ""
    assert format_suggestion("failing", ("select", "fail-on")) == "; did you mean fail-on?"


def test_suggestions_for_long_names():
    """Nothing is suggested for a name of more than 100 characters."""
    known = ["a" * 100]
    assert format_suggestion("a" * 99 + "b", known) == f"; did you mean {known[0]}?"
    assert format_suggestion("a" * 100 + "b", known) == ""


def test_closest_suggestion():
    """The most similar name is suggested; of equally similar ones that with the same beginning."""
    assert format_suggestion("xselect", ("xsel", "select")) == "; did you mean select?"
    assert format_suggestion("ignor", ("signor", "ignore")) == "; did you mean ignore?"
