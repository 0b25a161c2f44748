"""Fixes that touch the same values are not applied together."""

from __future__ import annotations

import pytest

from tcspec.errors import Fix, Severity, Violation
from tcspec.rules.fixes.conflicts import choose_compatible


def violation(*patch):
    """Build a violation with a fix."""
    return Violation("TC999", Severity.INFO, "", "", fix=Fix("", patch))


def operation(path, name="replace"):
    """Build an operation."""
    return {"op": name, "path": path, "value": 1}


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        (operation("/a"), operation("/b"), True),
        (operation("/a"), operation("/ab"), True),
        (operation("/a/b"), operation("/a/c"), True),
        (operation("/a"), operation("/a"), False),
        (operation("/a"), operation("/a/b"), False),
        (operation("/a/b/c"), operation("/a"), False),
        (operation(""), operation("/a"), False),
        ({"op": "move", "from": "/a", "path": "/b"}, operation("/a/c"), False),
        ({"op": "move", "from": "/a", "path": "/b"}, operation("/b"), False),
        (operation("/l/0"), operation("/l/1"), True),
        ({"op": "remove", "path": "/l/0"}, operation("/l/1/x"), False),
        (operation("/l/-", "add"), operation("/l/0"), False),
        (operation("/o/x", "add"), operation("/o/y", "add"), True),
        (operation("/l/-", "add"), {"op": "remove", "path": "/l/2"}, False),
    ],
)
def test_two_fixes(one, other, together):
    """Two fixes are compatible when neither touches what the other does; else the first one is chosen."""
    first, second = violation(one), violation(other)
    assert choose_compatible([first, second]) == (([first, second], []) if together else ([first], [second]))
    assert len(choose_compatible([second, first])[0]) == 1 + together


@pytest.mark.parametrize("late", [operation("/a"), operation("/b"), operation("/a/x/y"), operation("")])
def test_several_fixes(late):
    """A fix is compared with every fix that was chosen before, not only with the last."""
    chosen, others = [violation(operation("/a/x")), violation(operation("/b"))], [violation(late)]
    assert choose_compatible([*chosen, *others]) == (chosen, others)


def test_no_fix():
    """A violation without a fix is compatible with any other."""
    plain = Violation("TC999", Severity.INFO, "/a", "")
    assert choose_compatible([plain, violation(operation(""))])[1] == []
