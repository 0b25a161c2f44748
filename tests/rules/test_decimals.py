"""Numbers as rules compare and show them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tcspec.rules.decimals import exact, shown


@pytest.mark.parametrize("value", [True, False, None, "1", [1], {}, object()])
def test_what_is_no_number(value):
    """Only JSON numbers are numbers; a boolean is none."""
    assert exact(value) is None


def test_is_exact():
    """A number is the decimal that it was spelt as, however large."""
    assert exact(0.1) + exact(0.2) == Decimal("0.3")
    assert exact(10**5000) > exact(10**400) > exact(1e308)


@given(st.integers(-(10**19), 10**19))
def test_integers_are_shown_as_they_are(number):
    """An integer that is not huge is shown in digits."""
    assert shown(exact(number)) == str(number)


@given(st.one_of(st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.just(-(10**4000))))
def test_what_is_shown_is_short(number):
    """Whatever the number, what is shown of it is short."""
    assert 0 < len(shown(exact(number))) <= 40


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1.50, "1.5"),
        (100, "100"),
        (100.0, "100"),
        (1e-7, "0.0000001"),
        (1e-28, f"0.{'0' * 27}1"),
        (1e-29, "1e-29"),
        (10**20, "a number of more than 20 digits"),
    ],
)
def test_examples(number, text):
    """Noughts that say nothing are left out."""
    assert shown(exact(number)) == text
