"""Numbers as rules compare and format them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tcspec.rules.decimals import format_number, to_decimal


@pytest.mark.parametrize("value", [True, False, None, "1", [1], {}, object()])
def test_other_values(value):
    """Only JSON numbers are numbers; a boolean is not."""
    assert to_decimal(value) is None


def test_to_decimal():
    """A number is the decimal of its text, however large it is."""
    assert to_decimal(0.1) + to_decimal(0.2) == Decimal("0.3")
    assert to_decimal(10**5000) > to_decimal(10**400) > to_decimal(1e308)


@given(st.integers(-(10**19), 10**19))
def test_format_integers(number):
    """An integer that is not huge is formatted as its digits."""
    assert format_number(to_decimal(number)) == str(number)


@given(st.one_of(st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.just(-(10**4000))))
def test_format_is_short(number):
    """Every number is formatted as a short text."""
    assert 0 < len(format_number(to_decimal(number))) <= 40


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
def test_format_number(number, text):
    """Trailing zeros are left out."""
    assert format_number(to_decimal(number)) == text
