"""Event names that are known but have no model."""

from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class ListedEvent:
    """An event that the vendor lists without describing it; it is validated as a custom event (K055)."""

    description: str
    properties: tuple[str, ...]
    source: str = "developers/tracking/about-events/ecommerce-retail-events.md"
    family: str = "e-commerce"


_PROMOTION = ("promotion_id", "promotion_name", "creative_name", "creative_slot", "location_id")

LISTED_ONLY = MappingProxyType(
    {
        "select_promotion": ListedEvent("A promotion was selected.", ("items", *_PROMOTION)),
        "view_promotion": ListedEvent("A promotion was displayed.", ("items", *_PROMOTION)),
    }
)

BROWSER_EVENTS = (
    "container_ready",
    "container_<siteId>_<containerId>_ready",
    "consent-ready",
    "consent-updated",
    "consent-revoke",
    "consent-signal-ready",
    "banner-show",
    "banner-hide",
    "privacy-center-show",
    "privacy-center-hide",
    "tag_trigger_dom_ready",
    "tag_trigger_form_submission",
    "tag_trigger_clicks",
    "tag_trigger_scroll",
    "track_all_events",
    "track_<event_name>",
    "privacy-module-loaded",
)
"""Names that the vendor's web container uses inside the page; they never reach the endpoint by themselves."""
