"""Small plots: bars with their meaning in words."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from tcspec.reporters.plots import Bar, histogram, share


def drawn(*bars, ends=("first", "last")):
    """Draw bars, and read the figure as XML."""
    return ET.fromstring(histogram('Payloads & "more"', bars, ends))  # noqa: S314 - our own text


def test_bars():
    """Bars are as high as their counts, the highest fills the plot, and what is empty is not drawn."""
    figure = drawn(Bar("a", 10), Bar("b", 5), Bar("c", 0), Bar("d", 1, is_beyond=True))
    bars = figure.findall("svg/rect")
    assert [(bar.get("height"), bar.get("class")) for bar in bars] == [
        ("110.0", "bar"),
        ("55.0", "bar"),
        ("11.0", "bar beyond"),
    ]
    assert [bar.findtext("title") for bar in bars] == ["a: 10", "b: 5", "d: 1"]
    assert all(float(bar.get("y")) + float(bar.get("height")) == 110 for bar in bars)


def test_words():
    """The plot has a name, its ends and its highest count in words, spelt safely."""
    figure = drawn(*[Bar("<b>", 1234)] * 10)
    assert figure.find("svg").get("aria-label") == figure.findtext("figcaption") == 'Payloads & "more"'
    assert [each.text for each in figure.iter("span")] == ["first", "last"]
    assert figure.findtext("p") == "1,234"
    assert figure.findtext("svg/rect/title") == "<b>: 1,234"


@pytest.mark.parametrize("count", [1, 3, 9])
def test_few_bars(count):
    """Few bars are no wider than a tenth of the plot, and have their ends in one text."""
    figure = drawn(*[Bar("a", 1)] * count)
    assert all(float(bar.get("width")) < 48 for bar in figure.findall("svg/rect"))
    assert [each.text for each in figure.iter("span")] == ["first to last"]


def test_many_bars():
    """Bars stay inside the plot and apart from each other, and one among a million can be seen."""
    bars = drawn(Bar("all", 1_000_000), *[Bar("one", 1)] * 39).findall("svg/rect")
    lefts = [float(bar.get("x")) for bar in bars]
    rights = [left + float(bar.get("width")) for left, bar in zip(lefts, bars, strict=True)]
    assert lefts[0] >= 0
    assert rights[-1] <= 480
    assert all(right < left for right, left in zip(rights, lefts[1:], strict=False))
    assert {bar.get("height") for bar in bars[1:]} == {"2.0"}


@pytest.mark.parametrize("bars", [(), (Bar("a", 0),)])
def test_nothing(bars):
    """Without a count there is no plot."""
    assert histogram("title", bars, ("", "")) == ""


@pytest.mark.parametrize(("count", "width"), [(200, "100.0"), (100, "50.0"), (0, "1.0")])
def test_share(count, width):
    """A share is drawn for the eye alone, and never as nothing."""
    svg = ET.fromstring(share(count, 200))  # noqa: S314 - our own text
    assert svg.get("aria-hidden") == "true"
    assert svg.find("rect").get("width") == width
