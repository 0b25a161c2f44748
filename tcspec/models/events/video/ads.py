"""The ads that play in a video, alone or in breaks."""

from typing import Annotated, ClassVar, Literal

from pydantic_core import MISSING

from tcspec.models.events.envelope import SourceEvent
from tcspec.models.properties import (
    ENDS_AT_LENGTH,
    AdAssetId,
    AdContent,
    AdLength,
    AdPodId,
    AdQuartile,
    AdType,
    CursorPosition,
    LoadType,
    PodLength,
    PodPosition,
    Publisher,
    VideoSessionId,
    VideoTitle,
)
from tcspec.models.values import Info

FAMILY = "video_ad"

_PROPERTIES = "developers/tracking/properties-reference/video-properties.md"


class Ad(SourceEvent):
    """An ad in a video: its identity, its group, the position of the playhead.

    Source: developers/tracking/events-reference/video-event-reference.md#L986
    """

    video_session_id: VideoSessionId
    ad_asset_id: AdAssetId
    ad_pod_id: AdPodId
    cursor_position: CursorPosition
    total_length: AdLength
    pod_position: PodPosition | MISSING = MISSING
    ad_type: AdType | MISSING = MISSING
    pod_length: PodLength | MISSING = MISSING
    video_title: VideoTitle | MISSING = MISSING
    publisher: Publisher | MISSING = MISSING
    load_type: LoadType | MISSING = MISSING
    ad_quartile: AdQuartile | MISSING = MISSING
    # Only the property page has it, without a shape (K087).
    content: Annotated[AdContent, Info(source=_PROPERTIES, rows=("K087",))] | MISSING = MISSING


class VideoAdStart(Ad):
    """An ad began.

    Source: developers/tracking/events-reference/video-event-reference.md#L994, #L986
    """

    event_name: Literal["video_ad_start"] = "video_ad_start"


class VideoAdPlaying(Ad):
    """An ad is playing: a heartbeat.

    Source: developers/tracking/events-reference/video-event-reference.md#L1064, #L986
    """

    RULES: ClassVar[tuple[str, ...]] = ("ad_quartile belongs to this event",)

    event_name: Literal["video_ad_playing"] = "video_ad_playing"


class VideoAdStop(Ad):
    """An ad stopped; the vendor describes it almost as video_ad_complete (K086).

    Source: developers/tracking/events-reference/video-event-reference.md#L1134, #L986
    """

    RULES: ClassVar[tuple[str, ...]] = (ENDS_AT_LENGTH,)

    event_name: Literal["video_ad_stop"] = "video_ad_stop"


class VideoAdComplete(Ad):
    """An ad was played to its end.

    Source: developers/tracking/events-reference/video-event-reference.md#L1202, #L986
    """

    RULES: ClassVar[tuple[str, ...]] = (ENDS_AT_LENGTH,)

    event_name: Literal["video_ad_complete"] = "video_ad_complete"


class VideoAdSkip(Ad):
    """The viewer skipped the ad.

    Source: developers/tracking/events-reference/video-event-reference.md#L1270, #L986
    """

    event_name: Literal["video_ad_skip"] = "video_ad_skip"


class VideoAdBreakStart(Ad):
    """An ad break began.

    Source: developers/tracking/events-reference/video-event-reference.md#L1338, #L986
    """

    event_name: Literal["video_ad_break_start"] = "video_ad_break_start"


class VideoAdBreakComplete(Ad):
    """An ad break ended.

    Source: developers/tracking/events-reference/video-event-reference.md#L1408, #L986
    """

    RULES: ClassVar[tuple[str, ...]] = (ENDS_AT_LENGTH,)

    event_name: Literal["video_ad_break_complete"] = "video_ad_break_complete"


class VideoAdClick(Ad):
    """The viewer clicked the ad.

    Source: developers/tracking/events-reference/video-event-reference.md#L1476, #L986
    """

    event_name: Literal["video_ad_click"] = "video_ad_click"
