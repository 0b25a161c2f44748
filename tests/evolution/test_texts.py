from __future__ import annotations

import pytest

from tcspec.evolution.facts import matches
from tcspec.evolution.texts import Found, Wanted, find

READ = [
    "^a{2,}b?$",
    r"\d\.\n",
    "[^a-z]x",
    "(ab|c)+$",
    "^(?:a|b{0,2}|)c*",
    r"[\d_-]{3}",
    "a|^b$",
    r"^[^\n]*$",
    "a{0}b",
    "[+-]",
]
UNREAD = [
    "a.c",
    r"\w",
    r"\bx",
    "(?=a)",
    "a+?",
    "[a&&b]",
    "[[:alpha:]]",
    "a{9999}",
    "(?i:a)",
    "[z-a]",
    "a{2}{3}",
    "x{,3}",
]


@pytest.mark.parametrize("pattern", READ)
def test_found(pattern):
    """A text that is found matches, and one that is found outside does not, as the judge reads the pattern."""
    inside = find(Wanted(inside=frozenset({pattern})))
    assert matches(pattern, inside.text)
    outside = find(Wanted(outside=frozenset({pattern})))
    assert outside.text is None or not matches(pattern, outside.text)
    assert inside.is_certain
    assert outside.is_certain


@pytest.mark.parametrize("pattern", UNREAD)
def test_unread(pattern):
    """Of a pattern that engines may read differently, or that is too large, nothing is claimed."""
    assert find(Wanted(inside=frozenset({pattern}))) == Found(None, is_certain=False)


def test_none():
    """That there is no such text is certain when every text was looked at, or the lengths exclude each other."""
    assert find(Wanted(frozenset({"^a$"}), frozenset({"a"}))) == Found(None)
    assert find(Wanted(frozenset({"^a{2}$"}), shortest=3)) == Found(None)
    assert find(Wanted(shortest=2, longest=1)) == Found(None)


def test_too_long():
    """Texts that would have to be very long are not looked for."""
    assert not find(Wanted(frozenset({"a"}), shortest=10**6)).is_certain
