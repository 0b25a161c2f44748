"""What a page counts of sizes and times, and how it draws them."""

from __future__ import annotations

import re

import pytest

from tcspec.reporters.totals import Totals

MOMENT = 1_718_006_400_000
"""Monday 2024-06-10, 08:00 UTC."""
HOUR = 3_600_000
DAY = 24 * HOUR


def counted(*measured):
    """Count kinds, sizes and moments."""
    totals = Totals()
    for kind, size, moment in measured:
        totals.measure(kind, size, moment)
    return totals


def sizes(*measured):
    """Give the plots of sizes."""
    return list(counted(*((kind, size, None) for kind, size in measured)).plots_of_sizes())


def times(*moments):
    """Give the plot of times."""
    (plot,) = counted(*(("event", None, moment) for moment in moments)).plots_of_moments()
    return plot


def labels(plot):
    """Read what the bars of a plot say."""
    return re.findall(r"<title>(.*?)</title>", plot)


def test_nothing():
    """What was not measured is not drawn."""
    totals = counted(("event", None, None))
    assert [*totals.plots_of_sizes(), *totals.plots_of_moments()] == []


def test_steps_of_bytes():
    """Events, and pixels with them, are counted by steps that end with a round number of bytes."""
    (plot,) = sizes(("event", 100), ("pixel", 101), ("event", 200))
    assert labels(plot) == ["1 to 100 bytes: 1", "101 to 200 bytes: 2"]


@pytest.mark.parametrize(("kind", "limit"), [("event", 32_000), ("batch", 500_000)])
def test_limits(kind, limit):
    """What is above the limit is counted and marked, to the byte, and what is at it is not."""
    (plot,) = sizes((kind, limit), (kind, limit + 1))
    assert f"1 above the limit of {limit:,}" in plot
    below, above = re.findall(r'class="(bar.*?)".*?<title>(.*?)</title>', plot)
    assert below[0] == "bar"
    assert f"to {limit:,} bytes" in below[1]
    assert above[0] == "bar beyond"


def test_groups():
    """Batches, and payloads without a limit, have plots of their own."""
    plots = sizes(("event", 1), ("batch", 1), ("user", 40_000), ("product", 1), ("conversion", 1))
    assert [re.search("<figcaption>(.*?) by bytes", plot)[1] for plot in plots] == [
        "Events",
        "Batches",
        "Other payloads",
    ]
    assert "limit" not in plots[2]
    assert "beyond" not in plots[2]


def test_far_larger():
    """One payload that is far larger than the rest does not hide them."""
    (plot,) = sizes(*[("event", 250)] * 30, ("event", 4_000_000))
    assert labels(plot) == ["201 to 300 bytes: 30"]
    assert "1 above the limit of 32,000; 1 larger and not drawn" in plot


@pytest.mark.parametrize(
    ("last", "unit", "label"),
    [
        (0, "hour", "2024-06-10 08:00: 2"),
        (39 * HOUR, "hour", "2024-06-10 08:00: 1"),
        (40 * HOUR, "6 hours", "2024-06-10 06:00: 1"),
        (20 * DAY, "day", "2024-06-10: 1"),
        (100 * DAY, "week", "2024-06-10: 1"),
        (800 * DAY, "4 weeks", "2024-06-03: 1"),
    ],
)
def test_units_of_time(last, unit, label):
    """Times are counted by hours, days or weeks from Monday on, as fine as fits."""
    plot = times(MOMENT, MOMENT + last)
    assert f"Events by time in UTC, one bar for each {unit}<" in plot
    assert labels(plot)[0] == label


def test_every_time():
    """The earliest and the latest time that can be read can be drawn."""
    plot = times(10**11, *[MOMENT] * 20, 10**14 - 1)
    assert labels(plot) == ["2024-06-10 08:00: 20"]
    assert "1 earlier and not drawn; 1 later and not drawn" in plot
    assert labels(times(10**11)) == ["1973-03-03 09:00: 1"]
    assert labels(times(10**14 - 1)) == ["5138-11-16 09:00: 1"]
