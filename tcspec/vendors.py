"""Recognition of the formats of other vendors, of which `tcspec.vendor_table` has the marks.

Such an object is never converted by guesses: it is named, so that whoever knows the data maps it. The marks are looked
for at the root, in `properties` and in `context`, where an upgrade moves what was at the root: a format is recognised
before an upgrade and after it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tcspec.vendor_marks import MOVED, TESTED_NAMES, View, has_vendor_prefix, has_vendor_value
from tcspec.vendor_table import VENDORS, Vendor

if TYPE_CHECKING:
    from collections.abc import Mapping

_VENDOR_NAMES: Final = TESTED_NAMES.union(*(vendor.marks | vendor.pairs for vendor in VENDORS))
"""The names without which no object has the format of another vendor, but for those of items and of events."""

_OTHER_NAMES: set[str] = set()
"""Names that were seen and are those of no vendor: most events have the same ones. How many are kept is bounded."""
_MOST_NAMES, _LONGEST_NAMES = 2_000, 2_000


def find_vendor(document: Mapping[str, Any]) -> tuple[Vendor, View] | None:
    """Return the other vendor whose format an object shows, and the members that show it; None when it shows none."""
    context, properties = document.get("context"), document.get("properties")
    # Of an event that is a whole object of another vendor: after an upgrade they are in `properties`.
    inner = properties.get("properties") if isinstance(properties, dict) else None
    # Asked without a loop: of most events nothing else is.
    if not (
        _may_show_vendor(document)
        or (isinstance(context, dict) and _may_show_vendor(context))
        or (isinstance(properties, dict) and _may_show_vendor(properties))
        or (isinstance(inner, dict) and _may_show_vendor(inner))
    ):
        return None
    # The root comes last: of a name in several parts its value counts.
    parts = [part for part in (context, inner, properties, document) if isinstance(part, dict)]
    view: dict[str, Any] = {}
    for part in parts:
        view |= part
    if isinstance(context, dict):
        view |= {f"context.{name}": context[name] for name in MOVED if name in context}
    return next(((vendor, view) for vendor in VENDORS if vendor.fits(view)), None)


def _may_show_vendor(part: View) -> bool:
    """Return whether a part of an object may be in the format of another vendor, as few are, in little time."""
    if not _OTHER_NAMES.issuperset(part):
        names = "\n".join(part)
        if not _VENDOR_NAMES.isdisjoint(part) or has_vendor_prefix(names):
            return True
        if len(_OTHER_NAMES) > _MOST_NAMES:
            _OTHER_NAMES.clear()
        if len(names) < _LONGEST_NAMES:
            _OTHER_NAMES.update(part)
    return has_vendor_value(part)
