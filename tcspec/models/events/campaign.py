"""The touch points of an advertising campaign."""

from typing import Literal

from pydantic import MISSING

from tcspec.models.events.envelope import SourceEvent
from tcspec.models.properties import AdCostId, AdFormat, Campaign, Keyword, Medium, Source


class AdView(SourceEvent):
    """An ad was displayed: the touch point of an impression.

    It shares its table with ad_click (K062).

    Source: developers/tracking/events-reference/campaign-analytics-module-events.md#L3, #L15
    """

    event_name: Literal["ad_view"] = "ad_view"
    medium: Medium
    source: Source
    ad_cost_id: AdCostId | MISSING = MISSING
    ad_format: AdFormat | MISSING = MISSING
    campaign: Campaign | MISSING = MISSING
    keyword: Keyword | MISSING = MISSING


class AdClick(SourceEvent):
    """An ad was clicked: the touch point of a click.

    It shares its table with ad_view (K062).

    Source: developers/tracking/events-reference/campaign-analytics-module-events.md#L7, #L15
    """

    event_name: Literal["ad_click"] = "ad_click"
    medium: Medium
    source: Source
    ad_cost_id: AdCostId | MISSING = MISSING
    ad_format: AdFormat | MISSING = MISSING
    campaign: Campaign | MISSING = MISSING
    keyword: Keyword | MISSING = MISSING
