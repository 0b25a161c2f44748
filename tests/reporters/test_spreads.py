"""Where numbers lie: counted in steps that grow, drawn in a window."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tcspec.reporters.spreads import MOST_STEPS, Spread

LADDER = (1, 2, 10, 100)


def spread(*numbers, ladder=LADDER, start=0):
    """Count numbers."""
    counted = Spread(ladder, start)
    for number in numbers:
        counted.add(number)
    return counted


@given(
    st.lists(st.integers(-1000, 1_000_000), min_size=1, max_size=60),
    st.sampled_from([(1,), LADDER, (7, 21)]),
    st.integers(-10, 10),
    st.integers(1, 50),
)
def test_every_number_is_counted_once(numbers, ladder, start, most):
    """Every number is in one step of the window, or before it, or after it; there are not too many steps."""
    window = spread(*numbers, ladder=ladder, start=start).window(most)
    assert window.before + sum(window.counts) + window.after == len(numbers)
    assert 1 <= len(window.counts) <= most
    for begin, count in window.steps():
        assert count == sum(begin <= number < begin + window.width for number in numbers)
    assert window.before == sum(number < window.start for number in numbers)
    assert (window.start - start) % window.width == 0


@pytest.mark.parametrize(("last", "width"), [(9, 1), (19, 2), (20, 10), (99, 10), (100, 100)])
def test_width(last, width):
    """Steps are as fine as fits."""
    assert spread(0, last).window(10).width == width


@pytest.mark.parametrize(("far", "before", "after"), [(10_000_000, 0, 1), (-10_000_000, 1, 0)])
def test_far_away(far, before, after):
    """One wild number in ten does not hide the rest, and is told of."""
    window = spread(*range(100, 120), far).window(40)
    assert (window.width, window.before, window.after, sum(window.counts)) == (1, before, after, 20)


def test_near():
    """What is a little apart from the rest is drawn."""
    window = spread(*[100] * 50, 130).window(40)
    assert (window.start, len(window.counts), window.after) == (100, 31, 0)


def test_from_start():
    """A window may begin where the first step does, whether something lies there or not."""
    assert spread(5, 6, start=1).window(10, from_start=True).start == 1


def test_flat():
    """The counts do not grow with the numbers as long as there are wider steps."""
    counted = spread(*range(10 * MOST_STEPS))
    assert len(counted.counts) <= MOST_STEPS
    assert counted.width == 10
    assert counted.counts.total() == 10 * MOST_STEPS
