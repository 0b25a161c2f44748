"""Every standard event as a typed class, by name and by family."""

from collections.abc import Mapping
from types import MappingProxyType

from tcspec.models.events.campaign import AdClick, AdView
from tcspec.models.events.common import Login, PageView, Search, SelectContent, SignUp
from tcspec.models.events.ecommerce import (
    AddPaymentInfo,
    AddShippingInfo,
    AddToCart,
    AddToWishlist,
    BeginCheckout,
    GenerateLead,
    Purchase,
    Refund,
    RemoveFromCart,
    SelectItem,
    ViewCart,
    ViewItem,
    ViewItemList,
)
from tcspec.models.events.envelope import CustomEvent, Event, SourceEvent
from tcspec.models.events.platform import UserEntersSegment, UserLeavesSegment
from tcspec.models.events.video.ads import (
    VideoAdBreakComplete,
    VideoAdBreakStart,
    VideoAdClick,
    VideoAdComplete,
    VideoAdPlaying,
    VideoAdSkip,
    VideoAdStart,
    VideoAdStop,
)
from tcspec.models.events.video.content import (
    VideoContentComplete,
    VideoContentPlaying,
    VideoContentQuarterReached,
    VideoContentStart,
)
from tcspec.models.events.video.playback import (
    VideoBufferComplete,
    VideoBufferStart,
    VideoComplete,
    VideoError,
    VideoPause,
    VideoResume,
    VideoSeekComplete,
    VideoSeekStart,
    VideoStart,
)
from tcspec.models.events.video.settings import (
    VideoFullscreenOff,
    VideoFullscreenOn,
    VideoQuality,
    VideoShare,
    VideoSpeed,
    VideoSubtitleOff,
    VideoSubtitleOn,
    VideoVolume,
)

FAMILIES: Mapping[str, tuple[type[Event], ...]] = MappingProxyType(
    {
        "common": (Login, PageView, Search, SelectContent, SignUp),
        "e-commerce": (
            AddPaymentInfo,
            AddShippingInfo,
            AddToCart,
            AddToWishlist,
            BeginCheckout,
            GenerateLead,
            Purchase,
            Refund,
            RemoveFromCart,
            SelectItem,
            ViewCart,
            ViewItem,
            ViewItemList,
        ),
        "campaign": (AdView, AdClick),
        "video_playback": (
            VideoStart,
            VideoPause,
            VideoError,
            VideoBufferStart,
            VideoBufferComplete,
            VideoSeekStart,
            VideoSeekComplete,
            VideoResume,
            VideoComplete,
        ),
        "video_content": (
            VideoContentStart,
            VideoContentPlaying,
            VideoContentQuarterReached,
            VideoContentComplete,
        ),
        "video_ad": (
            VideoAdStart,
            VideoAdPlaying,
            VideoAdStop,
            VideoAdComplete,
            VideoAdSkip,
            VideoAdBreakStart,
            VideoAdBreakComplete,
            VideoAdClick,
        ),
        "video_settings": (
            VideoVolume,
            VideoSpeed,
            VideoSubtitleOn,
            VideoSubtitleOff,
            VideoFullscreenOn,
            VideoFullscreenOff,
            VideoQuality,
            VideoShare,
        ),
        "system": (UserEntersSegment, UserLeavesSegment),
    }
)

EVENTS: Mapping[str, type[Event]] = MappingProxyType(
    {str(event.model_fields["event_name"].default): event for family in FAMILIES.values() for event in family}
)


def event_class(name: object) -> type[Event]:
    """Give the class of an event by its name; any name that is not standard is a custom event's."""
    return EVENTS.get(name, CustomEvent) if isinstance(name, str) else CustomEvent


__all__ = [
    "EVENTS",
    "FAMILIES",
    "AdClick",
    "AdView",
    "AddPaymentInfo",
    "AddShippingInfo",
    "AddToCart",
    "AddToWishlist",
    "BeginCheckout",
    "CustomEvent",
    "Event",
    "GenerateLead",
    "Login",
    "PageView",
    "Purchase",
    "Refund",
    "RemoveFromCart",
    "Search",
    "SelectContent",
    "SelectItem",
    "SignUp",
    "SourceEvent",
    "UserEntersSegment",
    "UserLeavesSegment",
    "VideoAdBreakComplete",
    "VideoAdBreakStart",
    "VideoAdClick",
    "VideoAdComplete",
    "VideoAdPlaying",
    "VideoAdSkip",
    "VideoAdStart",
    "VideoAdStop",
    "VideoBufferComplete",
    "VideoBufferStart",
    "VideoComplete",
    "VideoContentComplete",
    "VideoContentPlaying",
    "VideoContentQuarterReached",
    "VideoContentStart",
    "VideoError",
    "VideoFullscreenOff",
    "VideoFullscreenOn",
    "VideoPause",
    "VideoQuality",
    "VideoResume",
    "VideoSeekComplete",
    "VideoSeekStart",
    "VideoShare",
    "VideoSpeed",
    "VideoStart",
    "VideoSubtitleOff",
    "VideoSubtitleOn",
    "VideoVolume",
    "ViewCart",
    "ViewItem",
    "ViewItemList",
    "event_class",
]
