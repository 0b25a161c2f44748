"""Histograms: numbers counted in steps that widen."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tcspec.reporters.histogram import MAX_ROWS, Histogram

WIDTHS = (1, 2, 10, 100)


def counted(*numbers, widths=WIDTHS, origin=0):
    """Return a histogram of numbers."""
    histogram = Histogram(widths, origin)
    for number in numbers:
        histogram.add(number)
    return histogram


@given(
    st.lists(st.integers(-1000, 1_000_000), min_size=1, max_size=60),
    st.sampled_from([(1,), WIDTHS, (7, 21)]),
    st.integers(-10, 10),
)
def test_every_number_is_counted_once(numbers, widths, origin):
    """Every number is in exactly one step, and steps are of one width from the origin on."""
    histogram = counted(*numbers, widths=widths, origin=origin)
    steps = [(numbers, count) for numbers, count in histogram.ranges() if count]
    assert sum(count for _, count in steps) == len(numbers)
    for step, count in steps:
        assert (step.start - origin) % histogram.widths[0] == 0
        assert len(step) == histogram.widths[0]
        assert count == sum(number in step for number in numbers)


@given(st.lists(st.integers(-1000, 1_000_000), min_size=1, max_size=60), st.sampled_from([(1,), WIDTHS]))
def test_ranges(numbers, widths):
    """The ranges follow each other from the first step to the last; a gap is one range."""
    ranges = list(counted(*numbers, widths=widths).ranges())
    assert ranges[0][1] > 0
    for (before, count), (after, next_count) in pairwise(ranges):
        assert before.stop == after.start
        assert count or next_count


@given(st.lists(st.integers(-1000, 1_000_000), min_size=1, max_size=60))
def test_width(numbers):
    """Steps are as narrow as fits, whatever the order of the numbers."""
    histogram = counted(*numbers)
    assert histogram == counted(*reversed(numbers))
    for width in WIDTHS:
        steps = sorted({number // width for number in numbers})
        needed = len(steps) + sum(after > before + 1 for before, after in pairwise(steps))
        assert width >= histogram.widths[0] or needed > MAX_ROWS
        assert width != histogram.widths[0] or needed <= MAX_ROWS or width == WIDTHS[-1]


def test_flat():
    """The counts do not grow with the numbers as long as there are wider steps."""
    histogram = counted(*range(100 * MAX_ROWS))
    assert (histogram.widths[0], len(histogram.counts)) == (100, MAX_ROWS)
    assert histogram.counts.total() == 100 * MAX_ROWS


def test_gap():
    """Steps without numbers are stated as one range."""
    histogram = counted(3, 3, 1_000_003, 1_000_004)
    assert list(histogram.ranges()) == [
        (range(3, 4), 2),
        (range(4, 1_000_003), 0),
        (range(1_000_003, 1_000_004), 1),
        (range(1_000_004, 1_000_005), 1),
    ]
