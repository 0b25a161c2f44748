from __future__ import annotations

import pytest

from tcspec.errors import Severity, Violation
from tcspec.rules.registry import EVERY_CODE
from tcspec.rules.settings import Settings, did_you_mean, unknown_prefix


def violation(code, severity=Severity.WARNING):
    """Make a violation of a code."""
    return Violation(code, severity, "/a", "because")


def test_nothing_is_asked_by_default():
    """Without settings every code is told, as bad as it is."""
    assert all(Settings().wants(code) for code in EVERY_CODE)
    assert Settings().graded(violation("TC210")) == violation("TC210")
    assert Settings().off == ()


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        (Settings(select=("TC2",)), {"TC210", "TC001"}),
        (Settings(ignore=("TC2",)), {"TC001", "TC310"}),
        (Settings(select=("TC2", "TC3"), ignore=("TC31",)), {"TC001", "TC210"}),
        (Settings(select=("TC2",), ignore=("TC001",)), {"TC210"}),
    ],
)
def test_choice(settings, told):
    """Codes are chosen by how they begin; to ignore wins, and what is unreadable is told unless it is ignored."""
    assert {code for code in ("TC001", "TC210", "TC310") if settings.wants(code)} == told


def test_severities():
    """A severity is that of the longest beginning; what is off is gone."""
    settings = Settings(severities={"TC2": "info", "TC21": "off", "TC210": "error"})
    assert settings.graded(violation("TC201")).severity is Severity.INFO
    assert settings.graded(violation("TC211")) is None
    assert settings.graded(violation("TC210")).severity is Severity.ERROR
    assert settings.graded(violation("TC310")).severity is Severity.WARNING
    assert "TC211" in settings.off
    assert not {"TC210", "TC201", "TC310"} & set(settings.off)


def test_over():
    """What is said first wins, what is ignored adds up, and severities are laid over each other."""
    one = Settings(select=("TC1",), ignore=("TC11",), severities={"TC110": "off"}, sender="web")
    other = Settings(("TC2",), ("TC12",), {"TC110": "info", "TC111": "error"}, "mobile", "pixel", frozenset({"TC101"}))
    assert one.over(other) == Settings(
        ("TC1",), ("TC11", "TC12"), {"TC110": "off", "TC111": "error"}, "web", "pixel", frozenset({"TC101"})
    )
    assert Settings().over(other) == other.over(Settings()) == other


def test_unknown_prefix():
    """The first beginning is found with which no code begins; an empty one is none."""
    assert unknown_prefix(["TC", "TC21", "TC210"]) is None
    assert unknown_prefix(["TC1", "TC9", "XX"]) == "TC9"
    assert unknown_prefix([""]) == ""


def test_did_you_mean():
    """What is close is named, and nothing where nothing is."""
    assert did_you_mean("TC21O", EVERY_CODE) == "; did you mean TC210?"
    assert did_you_mean("nonsense", EVERY_CODE) == ""
    assert did_you_mean("failing", ("select", "fail-on")) == "; did you mean fail-on?"


def test_the_closest_word_is_meant():
    """Of several close words the one most alike is named; of those as alike the one that begins the same."""
    assert did_you_mean("xselect", ("xsel", "select")) == "; did you mean select?"
    assert did_you_mean("ignor", ("signor", "ignore")) == "; did you mean ignore?"
