"""Where requirements come from: pages of the vendor and RFCs as addresses that open, and rows of contradictions.

A source is written short, `page.md#L7; K112`, wherever a requirement is stated. A violation has it expanded: the page
is at the commit that was read, because lines move and pages too. `tcspec rules K112` prints a row.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from tcspec.patterns import compile_late

if TYPE_CHECKING:
    import re

VENDOR_REPOSITORY = "CommandersAct/Platform-Documentation"
VENDOR_COMMIT = "caf913c2b6bfeb0da8e106d68b58b4587c2d4ed6"

_PAGES = f"https://github.com/{VENDOR_REPOSITORY}/blob/{VENDOR_COMMIT[:12]}/"
_PAGE = compile_late(r"(?<!\S)([\w./-]++)(?:(?<=\.md)|(?<=\.yaml))(#L[0-9]++)?")
_RFC = compile_late(r"(?<!\S)RFC ([0-9]++)")
_ROW = compile_late("K[0-9]{3}")


@lru_cache(maxsize=1024)
def expand_source(source: str) -> str:
    """Return a source with the address of each page and RFC; rows stay, and so does what is expanded already.

    Each part is one of these, with a semicolon before the next.
    """
    source = source.replace(", K", "; K")
    return _RFC.sub(r"https://www.rfc-editor.org/rfc/rfc\1", _PAGE.sub(_to_address, source))


def find_rows(source: str) -> list[str]:
    """Return the ids of the rows of contradictions that a source names."""
    return [part for part in source.replace(", ", "; ").split("; ") if _ROW.fullmatch(part)]


def _to_address(page: re.Match[str]) -> str:
    # Without `plain` the page is rendered and has no lines.
    return f"{_PAGES}{page[1]}{f'?plain=1{page[2]}' if page[2] else ''}"
