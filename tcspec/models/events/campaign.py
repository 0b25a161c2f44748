"""The touch points of an advertising campaign."""

from typing import Literal

from pydantic_core import MISSING

from tcspec.models.events.envelope import SourceEvent
from tcspec.models.properties import AdCostId, AdFormat, Campaign, Keyword, Medium, Source

FAMILY = "campaign"


class TouchPoint(SourceEvent):
    """An ad was displayed or clicked; the vendor has one table for both (K062).

    Source: developers/tracking/events-reference/campaign-analytics-module-events.md#L15
    """

    medium: Medium
    source: Source
    ad_cost_id: AdCostId | MISSING = MISSING
    ad_format: AdFormat | MISSING = MISSING
    campaign: Campaign | MISSING = MISSING
    keyword: Keyword | MISSING = MISSING


class AdView(TouchPoint):
    """An ad was displayed: the touch point of an impression.

    Source: developers/tracking/events-reference/campaign-analytics-module-events.md#L3, #L15
    """

    event_name: Literal["ad_view"] = "ad_view"


class AdClick(TouchPoint):
    """An ad was clicked: the touch point of a click.

    Source: developers/tracking/events-reference/campaign-analytics-module-events.md#L7, #L15
    """

    event_name: Literal["ad_click"] = "ad_click"
