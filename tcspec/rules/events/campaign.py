"""Rules on the touch points of campaigns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tcspec.errors import Basis
from tcspec.rules.context import pointer
from tcspec.rules.rule import Finding, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tcspec.rules.context import RuleContext

_PAGE = "developers/tracking/events-reference/campaign-analytics-module-events.md"


@rule("TC610", "a touch point says its medium or source with nothing", source=f"{_PAGE}; K062", basis=Basis.INFERRED)
def blank_touch_point(event: RuleContext) -> Iterator[Finding]:
    """Tell an `ad_view` or `ad_click` whose medium or source is blank.

    Both are asked for because a touch point is attributed by them; a blank one meets the letter and is attributed to
    nobody. Most often the placeholder of the ad server was not filled in.

    Bad:

        {"event_name": "ad_click", "medium": "display", "source": ""}

    Good:

        {"event_name": "ad_click", "medium": "display", "source": "alpine-news"}
    """
    if event.event.get("family") != "campaign":
        return
    for name, entry in event.event["properties"].items():
        value = event.at(name)
        if entry["missing"] == "error" and isinstance(value, str) and not value.strip():
            yield Finding(
                pointer(name), f"`{name}` is blank", {"property": name, "expected": "text", "actual": "blank text"}
            )
