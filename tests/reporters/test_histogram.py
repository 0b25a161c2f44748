"""Histograms: numbers counted in steps that widen, and drawn with their meaning in words."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tcspec.reporters.histogram import MAX_STEPS, Histogram

WIDTHS = (1, 2, 10, 100)


def counted(*numbers, widths=WIDTHS, origin=0):
    """Return a histogram of numbers."""
    histogram = Histogram(widths, origin)
    for number in numbers:
        histogram.add(number)
    return histogram


def label(start, width):
    """Return the label of a step."""
    return f"<{start} + {width}>"


def draw(*numbers, limit=float("inf"), **options):
    """Return the figure of numbers, parsed as XML."""
    return ET.fromstring(counted(*numbers, **options).draw('Payloads & "more"', label, limit))  # noqa: S314 - our own


@given(
    st.lists(st.integers(-1000, 1_000_000), min_size=1, max_size=60),
    st.sampled_from([(1,), WIDTHS, (7, 21)]),
    st.integers(-10, 10),
)
def test_every_number_is_counted_once(numbers, widths, origin):
    """Every number is in exactly one step, and steps are of one width from the origin on."""
    histogram = counted(*numbers, widths=widths, origin=origin)
    width, bars = histogram.widths[0], histogram.bars()
    assert sum(bars.values()) == len(numbers)
    assert list(bars) == sorted(bars)
    for start, count in bars.items():
        assert (start - origin) % width == 0
        assert count == sum(start <= number < start + width for number in numbers)


@given(st.lists(st.integers(-1000, 1_000_000), min_size=1, max_size=60))
def test_width(numbers):
    """Steps are as narrow as fits, whatever the order of the numbers."""
    histogram = counted(*numbers)
    assert histogram == counted(*reversed(numbers))
    for width in WIDTHS:
        steps = sorted({number // width for number in numbers})
        needed = 1 + sum(min(after - before, 4) for before, after in pairwise(steps))
        assert width >= histogram.widths[0] or needed > MAX_STEPS
        assert width != histogram.widths[0] or needed <= MAX_STEPS or width == WIDTHS[-1]


def test_flat():
    """The counts do not grow with the numbers as long as there are wider steps."""
    histogram = counted(*range(100 * MAX_STEPS))
    assert (histogram.widths[0], len(histogram.counts)) == (100, MAX_STEPS)
    assert histogram.counts.total() == 100 * MAX_STEPS


def test_bars():
    """Bars are as high as their counts, the highest fills the figure, and those above the limit are marked."""
    figure = draw(*[1] * 10, *[2] * 5, 4, limit=3)
    bars = figure.findall("svg/rect")
    assert figure.find("svg").get("viewBox") == "0 0 10 10"
    assert [(bar.get("x"), bar.get("height"), bar.get("class")) for bar in bars] == [
        ("0", "10", None),
        ("1", "5", None),
        ("3", "1", "above"),
    ]
    assert [bar.findtext("title") for bar in bars] == ["<1 + 1>: 10", "<2 + 1>: 5", "<4 + 1>: 1"]
    assert all(float(bar.get("y")) + float(bar.get("height")) == 10 for bar in bars)


def test_words():
    """The figure has its title, its ends and its highest count in words, escaped."""
    figure = draw(*[1] * 1234, 2)
    assert figure.find("svg").get("aria-label") == figure.findtext("figcaption") == 'Payloads & "more"'
    assert [each.text for each in figure.iter("span")] == ["<1 + 1>", "<2 + 1>"]
    assert figure.findtext("p") == "1,234"


def test_one_bar():
    """One bar is no wider than a tenth of the figure, and has one label."""
    figure = draw(7)
    assert figure.find("svg").get("viewBox") == "0 0 10 1"
    assert [each.text for each in figure.iter("span")] == ["<7 + 1>"]


def test_small_counts():
    """One among a million is visible, and bars do not overlap."""
    histogram = Histogram(WIDTHS)
    histogram.counts.update({0: 1_000_000, **dict.fromkeys(range(1, MAX_STEPS), 1)})
    bars = ET.fromstring(histogram.draw("", label)).findall("svg/rect")  # noqa: S314 - our own text
    assert {bar.get("height") for bar in bars[1:]} == {"20000"}
    assert all(float(bar.get("width")) < 1 for bar in bars)


@pytest.mark.parametrize(("number", "place", "is_shortened"), [(103, "4", False), (104, "5", False), (105, "5", True)])
def test_gaps(number, place, is_shortened):
    """One number far away does not squeeze the rest; the title states that the gap is shortened."""
    figure = draw(99, 100, number, widths=(1,))
    assert figure.findall("svg/rect")[-1].get("x") == place
    assert ("long gaps are shortened" in figure.findtext("figcaption")) is is_shortened
