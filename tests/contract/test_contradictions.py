"""The rows of `docs/contradictions.md`, as the package carries them."""

from __future__ import annotations

from pathlib import Path

from tcspec.contract import contradictions
from tcspec.contract.contradictions import load_contradictions
from tcspec.rules.registry import EVERY_CODE
from tcspec.sources import find_rows

PACKAGED = Path(contradictions.__file__).with_suffix(".md")
PAGE = Path(__file__).parents[2] / "docs" / "contradictions.md"


def test_copy():
    """The package carries the page as it is; `make docs-rules` copies it."""
    assert PACKAGED.read_text(encoding="utf-8") == PAGE.read_text(encoding="utf-8")


def test_complete():
    """Every row is read, and has all its cells."""
    rows = load_contradictions()
    text = PAGE.read_text(encoding="utf-8")
    assert list(rows) == [f"K{number:03}" for number in range(1, len(rows) + 1)]
    assert len(rows) >= 128
    for row in rows.values():
        assert row.disagreement
        assert row.where
        assert row.reading
        assert row.severity
        assert f"| {row.id} | " in text


def test_decisions():
    """A row has what is decided about it, and the addresses of the pages that it names."""
    row = load_contradictions()["K053"]
    assert row.decided.startswith("a page_view with `type` alone")
    assert "; a pixel is read from its query" in row.decided
    assert all(address.startswith("https://") for _, address in row.pages)
    assert {name for name, _ in load_contradictions()["K006"].pages} == {"OA", "R", "H2", "M"}


def test_cited():
    """Every row that a code cites is there."""
    cited = {row for code in EVERY_CODE.values() for row in find_rows(code.source)}
    assert cited <= load_contradictions().keys()
