"""Rules on touch points of campaigns."""

from __future__ import annotations

import pytest

from tcspec.rules.linting import lint


@pytest.mark.parametrize("odd", [None, 0, False, [], {}, ["display"]])
def test_values_of_wrong_types(odd):
    """A medium that is no text is the contract's to tell."""
    assert lint({"event_name": "ad_view", "medium": odd, "source": "alpine-news"}, select=["TC6"]) == []


def test_what_is_missing():
    """A medium that is missing is the contract's to tell."""
    assert lint({"event_name": "ad_view"}, select=["TC6"]) == []


def test_pixels():
    """A pixel whose medium is blank says it with nothing."""
    [violation] = lint("event_name=ad_view&medium=+&source=alpine-news&tc_s=1", select=["TC6"])
    assert (violation.code, violation.pointer, violation.column) == ("TC610", "/medium", 20)
