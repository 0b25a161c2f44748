"""Sources are written short and read as addresses that open, or as rows that `tcspec rules` prints."""

from __future__ import annotations

import re

import pytest

from tcspec.contract.schemas import load_catalogue
from tcspec.errors import Severity, Violation
from tcspec.requests.endpoints import ENDPOINTS
from tcspec.rules.registry import EVERY_CODE
from tcspec.sources import expand_source, find_rows

PAGES = "https://github.com/CommandersAct/Platform-Documentation/blob/caf913c2b6bf/"
OTHERS = {"", "tcspec", "--require-events"}
"""Sources that are tcspec itself, or one of its options."""


@pytest.mark.parametrize(
    ("source", "expanded"),
    [
        ("a/page.md", f"{PAGES}a/page.md"),
        ("a/page.md#L7", f"{PAGES}a/page.md?plain=1#L7"),
        ("a/page.md#L7; K112", f"{PAGES}a/page.md?plain=1#L7; K112"),
        (".gitbook/assets/api.yaml; K011, K012", f"{PAGES}.gitbook/assets/api.yaml; K011; K012"),
        ("RFC 8259", "https://www.rfc-editor.org/rfc/rfc8259"),
        ("K063", "K063"),
        ("--require-events", "--require-events"),
        ("", ""),
    ],
)
def test_expanded(source, expanded):
    """Pages and RFCs are expanded, rows and our own options are not; to expand twice changes nothing."""
    assert expand_source(source) == expanded
    assert expand_source(expanded) == expanded
    assert Violation("TC101", Severity.ERROR, "", "", source=source).source == expanded


def all_sources():
    """Return every source that a violation can have."""

    def collect(node):
        if isinstance(node, dict):
            if "basis" in node:
                yield "; ".join((node["source"], *node.get("rows", ())))
            for child in node.values():
                yield from collect(child)
        elif isinstance(node, list):
            for child in node:
                yield from collect(child)

    codes = (code.source for code in EVERY_CODE.values())
    return sorted({*codes, *collect(load_catalogue()), *(each.source for each in ENDPOINTS)} - OTHERS)


@pytest.mark.parametrize("source", all_sources())
def test_all(source):
    """Every source of a violation is addresses and rows, and nothing else."""
    for part in re.split("[;,] ", expand_source(source)):
        assert re.fullmatch(r"https://\S+\.(?:md|yaml)(?:\?plain=1#L\d+)?|https://www\.rfc-editor\S+|K\d{3}", part)


def test_rows():
    """The rows of a source are what is in no address."""
    assert find_rows("https://a.example/K001.md; K011, K012; K100") == ["K011", "K012", "K100"]
