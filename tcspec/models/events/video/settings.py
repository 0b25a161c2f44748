"""The settings of the player, and sharing."""

from typing import Annotated, ClassVar, Literal

from pydantic_core import MISSING

from tcspec.models.events.envelope import SourceEvent
from tcspec.models.properties import (
    LIVE_HAS_NO_LENGTH,
    AdAssetId,
    AdEnabled,
    AdPodId,
    AdType,
    Airdate,
    Bitrate,
    Channel,
    ContentAssetId,
    ContentPodId,
    CursorPosition,
    DroppedFrames,
    Episode,
    Framerate,
    FullEpisode,
    FullScreen,
    ImageQuality,
    Keywords,
    Livestream,
    Program,
    Publisher,
    Season,
    Sound,
    StartupTime,
    TotalLength,
    VideoCategory,
    VideoDescription,
    VideoPlayer,
    VideoSessionId,
    VideoTitle,
)
from tcspec.models.values import Info, about

FAMILY = "video_settings"

_EXAMPLES = "developers/tracking/events-reference/video-event-reference.md"
_PROPERTIES = "developers/tracking/properties-reference/video-properties.md"
_PROSE = f"{_EXAMPLES}#L2119"


class Setting(SourceEvent):
    """A change of the player's settings: the video, and every setting after the change.

    The vendor's table requires sound, full_screen and image_quality on every event, then limits each to one
    or two of them (K082).

    Source: developers/tracking/events-reference/video-event-reference.md#L1550
    """

    RULES: ClassVar[tuple[str, ...]] = (LIVE_HAS_NO_LENGTH,)

    video_session_id: VideoSessionId
    cursor_position: CursorPosition
    total_length: TotalLength
    content_asset_id: Annotated[ContentAssetId | MISSING, Info(missing="warning", rows=("K075",))] = MISSING
    content_pod_id: ContentPodId | MISSING = MISSING
    ad_asset_id: AdAssetId | MISSING = MISSING
    ad_pod_id: AdPodId | MISSING = MISSING
    ad_type: AdType | MISSING = MISSING
    video_title: VideoTitle | MISSING = MISSING
    video_description: VideoDescription | MISSING = MISSING
    keywords: Keywords | MISSING = MISSING
    season: Season | MISSING = MISSING
    episode: Episode | MISSING = MISSING
    video_category: VideoCategory | MISSING = MISSING
    program: Program | MISSING = MISSING
    publisher: Publisher | MISSING = MISSING
    channel: Channel | MISSING = MISSING
    full_episode: FullEpisode | MISSING = MISSING
    livestream: Livestream | MISSING = MISSING
    airdate: Airdate | MISSING = MISSING
    bitrate: Annotated[Bitrate | MISSING, Info(missing="warning", rows=("K081",))] = MISSING
    framerate: Framerate | MISSING = MISSING
    sound: Sound | MISSING = MISSING
    full_screen: FullScreen | MISSING = MISSING
    ad_enabled: AdEnabled | MISSING = MISSING
    image_quality: ImageQuality | MISSING = MISSING
    video_player: Annotated[VideoPlayer, Info(source=_EXAMPLES)] | MISSING = MISSING


class VideoVolume(Setting):
    """Volume changed.

    Source: developers/tracking/events-reference/video-event-reference.md#L1562, #L1550
    """

    event_name: Literal["video_volume"] = "video_volume"
    sound: Annotated[Sound | MISSING, Info(missing="warning", rows=("K082",))] = MISSING


class VideoSpeed(Setting):
    """Speed changed.

    Source: developers/tracking/events-reference/video-event-reference.md#L1631, #L1550
    """

    event_name: Literal["video_speed"] = "video_speed"


class VideoSubtitleOn(Setting):
    """Subtitles turned on.

    Source: developers/tracking/events-reference/video-event-reference.md#L1700, #L1550
    """

    event_name: Literal["video_subtitle_on"] = "video_subtitle_on"


class VideoSubtitleOff(Setting):
    """Subtitles turned off.

    Source: developers/tracking/events-reference/video-event-reference.md#L1769, #L1550
    """

    event_name: Literal["video_subtitle_off"] = "video_subtitle_off"


class VideoFullscreenOn(Setting):
    """Full screen turned on.

    Source: developers/tracking/events-reference/video-event-reference.md#L1838, #L1550
    """

    event_name: Literal["video_fullscreen_on"] = "video_fullscreen_on"
    full_screen: Annotated[
        FullScreen | MISSING,
        about("Whether the video fills the screen.", True),
        Info(missing="warning", rows=("K079", "K082")),
    ] = MISSING


class VideoFullscreenOff(Setting):
    """Full screen turned off.

    Source: developers/tracking/events-reference/video-event-reference.md#L1907, #L1550
    """

    ALIASES: ClassVar[tuple[str, ...]] = ("video_full_screen_off",)

    event_name: Literal["video_fullscreen_off"] = "video_fullscreen_off"
    full_screen: Annotated[FullScreen | MISSING, Info(missing="warning", rows=("K079", "K082"))] = MISSING


class VideoQuality(Setting):
    """Picture quality changed.

    Source: developers/tracking/events-reference/video-event-reference.md#L1976, #L1550
    """

    event_name: Literal["video_quality"] = "video_quality"
    image_quality: Annotated[ImageQuality | MISSING, Info(missing="warning", rows=("K082",))] = MISSING
    # Only the prose has these two, in camel case and without a type (K066, K084).
    startupTime: Annotated[StartupTime, Info(source=_PROSE)] | MISSING = MISSING  # noqa: N815 - wire name
    droppedFrames: Annotated[DroppedFrames, Info(source=_PROSE)] | MISSING = MISSING  # noqa: N815 - wire name


class VideoShare(Setting):
    """The video was shared.

    Source: developers/tracking/events-reference/video-event-reference.md#L2047, #L1550
    """

    event_name: Literal["video_share"] = "video_share"
    video_player: Annotated[VideoPlayer, Info(source=_PROPERTIES)] | MISSING = MISSING
