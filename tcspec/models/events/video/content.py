"""The content that plays in a video, segment by segment."""

from typing import ClassVar, Literal

from pydantic_core import MISSING

from tcspec.models.events.envelope import SourceEvent
from tcspec.models.properties import (
    ENDS_AT_LENGTH,
    LIVE_HAS_NO_LENGTH,
    Airdate,
    Bitrate,
    Channel,
    ContentAssetId,
    ContentPodId,
    CursorPosition,
    Episode,
    Framerate,
    FullEpisode,
    Keywords,
    Livestream,
    Program,
    Publisher,
    Season,
    TotalLength,
    VideoCategory,
    VideoDescription,
    VideoSessionId,
    VideoTitle,
)

FAMILY = "video_content"


class Content(SourceEvent):
    """Content of a video: its identity, the series it belongs to, the position of the playhead.

    Source: developers/tracking/events-reference/video-event-reference.md#L685
    """

    RULES: ClassVar[tuple[str, ...]] = (LIVE_HAS_NO_LENGTH,)

    video_session_id: VideoSessionId
    content_asset_id: ContentAssetId
    cursor_position: CursorPosition
    total_length: TotalLength
    content_pod_id: ContentPodId | MISSING = MISSING
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
    # The property page has these two for `video_content_playing` only; the tables win (K087).
    bitrate: Bitrate | MISSING = MISSING
    framerate: Framerate | MISSING = MISSING


class VideoContentStart(Content):
    """A content segment began.

    Source: developers/tracking/events-reference/video-event-reference.md#L693, #L685
    """

    event_name: Literal["video_content_start"] = "video_content_start"


class VideoContentPlaying(Content):
    """Content is playing: a heartbeat.

    Source: developers/tracking/events-reference/video-event-reference.md#L766, #L685
    """

    event_name: Literal["video_content_playing"] = "video_content_playing"


class VideoContentQuarterReached(Content):
    """A quarter of the content was reached.

    Source: developers/tracking/events-reference/video-event-reference.md#L838, #L685
    """

    event_name: Literal["video_content_quarter_reached"] = "video_content_quarter_reached"


class VideoContentComplete(Content):
    """A content segment ended.

    Source: developers/tracking/events-reference/video-event-reference.md#L908, #L685
    """

    RULES: ClassVar[tuple[str, ...]] = (ENDS_AT_LENGTH,)

    event_name: Literal["video_content_complete"] = "video_content_complete"
