"""The playback of a video, as the viewer drives it."""

from typing import Annotated, ClassVar, Literal

from pydantic_core import MISSING

from tcspec.models.events.envelope import SourceEvent
from tcspec.models.properties import (
    ENDS_AT_LENGTH,
    LIVE_HAS_NO_LENGTH,
    AdAssetId,
    AdEnabled,
    AdPodId,
    AdType,
    Bitrate,
    ContentAssetId,
    ContentPodId,
    CursorPosition,
    Framerate,
    FullScreen,
    ImageQuality,
    InterruptionMethod,
    Livestream,
    Publisher,
    SeekPosition,
    Sound,
    TotalLength,
    VideoCategory,
    VideoPlayer,
    VideoSessionId,
    VideoTitle,
)
from tcspec.models.values import Info

FAMILY = "video_playback"


class Playback(SourceEvent):
    """The playback of a video: the session, the assets, the state of the player.

    Lists of assets are legal on every event (K075); null means none (K089).

    Source: developers/tracking/events-reference/video-event-reference.md#L21
    """

    RULES: ClassVar[tuple[str, ...]] = (LIVE_HAS_NO_LENGTH,)

    video_session_id: VideoSessionId
    content_asset_id: ContentAssetId
    total_length: TotalLength
    video_title: VideoTitle | MISSING = MISSING
    video_category: VideoCategory | MISSING = MISSING
    publisher: Publisher | MISSING = MISSING
    content_pod_id: ContentPodId | MISSING = MISSING
    ad_asset_id: AdAssetId | MISSING = MISSING
    ad_pod_id: AdPodId | MISSING = MISSING
    ad_type: AdType | MISSING = MISSING
    seek_position: SeekPosition | MISSING = MISSING
    bitrate: Bitrate | MISSING = MISSING
    framerate: Framerate | MISSING = MISSING
    video_player: VideoPlayer | MISSING = MISSING
    sound: Sound | MISSING = MISSING
    full_screen: FullScreen | MISSING = MISSING
    ad_enabled: AdEnabled | MISSING = MISSING
    image_quality: ImageQuality | MISSING = MISSING
    interruption_method: InterruptionMethod | MISSING = MISSING
    livestream: Livestream | MISSING = MISSING


class PlaybackAtCursor(Playback):
    """Playback with the position of the playhead, which only buffering may omit (K088).

    Source: developers/tracking/events-reference/video-event-reference.md#L21
    """

    cursor_position: CursorPosition


class VideoStart(PlaybackAtCursor):
    """The viewer pressed play.

    Source: developers/tracking/events-reference/video-event-reference.md#L29, #L21
    """

    event_name: Literal["video_start"] = "video_start"
    # The start names all assets of the session; every other event is about one of them (K075).
    content_asset_id: Annotated[ContentAssetId, Info(expected="array<string>")]
    content_pod_id: Annotated[ContentPodId, Info(expected="array<string>")] | MISSING = MISSING
    ad_asset_id: Annotated[AdAssetId, Info(expected="array<string>")] | MISSING = MISSING
    ad_pod_id: Annotated[AdPodId, Info(expected="array<string>")] | MISSING = MISSING


class VideoPause(PlaybackAtCursor):
    """Playback was paused.

    Source: developers/tracking/events-reference/video-event-reference.md#L102, #L21
    """

    event_name: Literal["video_pause"] = "video_pause"


class VideoError(PlaybackAtCursor):
    """Playback stopped without the viewer's intent.

    Source: developers/tracking/events-reference/video-event-reference.md#L172, #L21
    """

    event_name: Literal["video_error"] = "video_error"


class VideoBufferStart(Playback):
    """Buffering began.

    Source: developers/tracking/events-reference/video-event-reference.md#L243, #L21
    """

    event_name: Literal["video_buffer_start"] = "video_buffer_start"
    cursor_position: Annotated[CursorPosition, Info(rows=("K088",))] | MISSING = MISSING


class VideoBufferComplete(Playback):
    """Buffering ended.

    Source: developers/tracking/events-reference/video-event-reference.md#L313, #L21
    """

    event_name: Literal["video_buffer_complete"] = "video_buffer_complete"
    cursor_position: Annotated[CursorPosition, Info(rows=("K088",))] | MISSING = MISSING


class VideoSeekStart(PlaybackAtCursor):
    """The viewer began to seek.

    Source: developers/tracking/events-reference/video-event-reference.md#L383, #L21
    """

    event_name: Literal["video_seek_start"] = "video_seek_start"


class VideoSeekComplete(PlaybackAtCursor):
    """Seeking ended, normally with the playhead at the target position (K078).

    Source: developers/tracking/events-reference/video-event-reference.md#L454, #L21
    """

    RULES: ClassVar[tuple[str, ...]] = ("seek_position == cursor_position",)

    event_name: Literal["video_seek_complete"] = "video_seek_complete"


class VideoResume(PlaybackAtCursor):
    """Playback restarted after a pause.

    Source: developers/tracking/events-reference/video-event-reference.md#L525, #L21
    """

    RULES: ClassVar[tuple[str, ...]] = ("should be followed by video_content_playing or video_ad_playing",)

    event_name: Literal["video_resume"] = "video_resume"


class VideoComplete(PlaybackAtCursor):
    """Playback ended, normally with the playhead at the end (K077).

    Source: developers/tracking/events-reference/video-event-reference.md#L595, #L21
    """

    RULES: ClassVar[tuple[str, ...]] = (ENDS_AT_LENGTH,)

    event_name: Literal["video_complete"] = "video_complete"
