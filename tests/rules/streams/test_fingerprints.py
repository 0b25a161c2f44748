"""A set of strings in little memory."""

from __future__ import annotations

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tcspec.rules.streams.fingerprints import Fingerprints

SEVERAL = 1500


@given(st.lists(st.text(alphabet="abc", max_size=3)))
def test_add(texts):
    """A known string returns the line of its first occurrence, any other returns 0."""
    seen = Fingerprints()
    first = {}
    for line, text in enumerate(texts, 1):
        assert seen.add(text, line) == first.get(text, 0)
        first.setdefault(text, line)
    assert len(seen) == len(first)


def test_growth():
    """Strings are still known after the table has grown."""
    seen = Fingerprints()
    assert [seen.add(str(number), number + 1) for number in range(SEVERAL)] == [0] * SEVERAL
    assert [seen.add(str(number), 9999) for number in range(SEVERAL)] == list(range(1, SEVERAL + 1))
    assert len(seen) == SEVERAL
    assert not seen.is_full


def test_lone_surrogate():
    """A string that cannot be encoded is a string like any other."""
    seen = Fingerprints()
    assert seen.add("\ud800", 1) == 0
    assert seen.add("\ud801", 2) == 0
    assert seen.add("\ud800", 3) == 1


def test_limit():
    """No more strings are kept than the limit, and the first ones stay known."""
    seen = Fingerprints(2)
    assert [seen.add(text, line) for line, text in enumerate("abc", 1)] == [0, 0, 0]
    assert seen.is_full
    assert len(seen) == 2
    assert [seen.add(text, 9) for text in "abc"] == [1, 2, 0]


@pytest.mark.slow
def test_memory():
    """Thirty thousand strings take less than two megabytes."""
    tracemalloc.start()
    seen = Fingerprints()
    for number in range(30_000):
        seen.add(f"e-{number}", number + 1)
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size < 2_000_000
