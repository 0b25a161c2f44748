"""Rules on the positions and lengths of videos and of the ads in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tcspec.errors import Basis, Severity
from tcspec.rules.context import pointer
from tcspec.rules.decimals import exact, shown
from tcspec.rules.rule import Finding, rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tcspec.rules.context import RuleContext

_PAGE = "developers/tracking/events-reference/video-event-reference.md"
_EQUAL = " == "
_STOPPED = "video_ad_stop"
"""The event that its page describes like a completed ad, though the ad may have stopped anywhere (K086)."""


def _known(event: RuleContext) -> Mapping[str, Any]:
    """Give what is known of the properties of a video event; nothing of any other."""
    is_video = event.event.get("family", "").startswith("video")
    known: Mapping[str, Any] = event.event["properties"] if is_video else {}
    return known


def _unequal(event: RuleContext, left: str, right: str) -> Iterator[Finding]:
    """Tell that two numbers differ of which the page of the event says that they are equal."""
    if f"{left}{_EQUAL}{right}" not in event.event.get("rules", ()):
        return
    here, there = exact(event.at(left)), exact(event.at(right))
    if here is None or there is None or here == there:
        return
    yield Finding(
        pointer(left),
        f"`{left}` is {shown(here)}, and `{right}` {shown(there)}: on this event they are equal",
        {"property": left, "expected": shown(there), "actual": shown(here)},
    )


@rule("TC510", "a position is beyond the end of the video", source=_PAGE, basis=Basis.INFERRED)
def position_beyond_length(event: RuleContext) -> Iterator[Finding]:
    """Tell a position of the playhead, or one that is sought, beyond the length of what is played.

    Completion rates are positions divided by lengths: such an event is a viewer who saw more than all of it. Most often
    one of the two is in milliseconds, or the position is that of the whole programme and the length that of a part.

    Bad:

        {"event_name": "video_pause", "video_session_id": "play-5d1f", "content_asset_id": "ridge-s2e7",
         "cursor_position": 42000, "total_length": 360}

    Good:

        {"event_name": "video_pause", "video_session_id": "play-5d1f", "content_asset_id": "ridge-s2e7",
         "cursor_position": 42, "total_length": 360}
    """
    length = exact(event.at("total_length"))
    known = _known(event)
    if length is None or "total_length" not in known:
        return
    for name in ("cursor_position", "seek_position"):
        position = exact(event.at(name)) if name in known else None
        if position is not None and position > length:
            yield Finding(
                pointer(name),
                f"`{name}` is at {shown(position)} s, the end at {shown(length)} s",
                {"property": name, "expected": f"at most {shown(length)}", "actual": shown(position)},
            )


@rule("TC511", "a live stream has a length", source=f"{_PAGE}; K076")
def live_stream_with_length(event: RuleContext) -> Iterator[Finding]:
    """Tell a live stream whose length is a number.

    A live stream has no end, and the tables of the vendor want null. With a number, reports count it among the videos
    that can be seen in full. Nothing is mended here: it may be `livestream` that is wrong.

    Bad:

        {"event_name": "video_start", "video_session_id": "play-5d1f", "content_asset_id": ["ridge-live"],
         "cursor_position": 0, "livestream": true, "total_length": 360}

    Good:

        {"event_name": "video_start", "video_session_id": "play-5d1f", "content_asset_id": ["ridge-live"],
         "cursor_position": 0, "livestream": true, "total_length": null}
    """
    is_live = "livestream" in _known(event) and event.at("livestream") is True
    length = exact(event.at("total_length"))
    if is_live and length is not None:
        yield Finding(
            pointer("total_length"),
            f"a live stream has no length, found {shown(length)}",
            {"property": "total_length", "expected": "null", "actual": shown(length)},
            "give null as `total_length`, or leave `livestream` out when the video is on demand",
        )


@rule("TC516", "the place of an ad in its group is impossible", source=_PAGE, basis=Basis.INFERRED)
def ad_outside_its_group(event: RuleContext) -> Iterator[Finding]:
    """Tell an ad whose rank is beyond the number of ads in its group, or a quartile below nought.

    Reports on ad breaks are by rank. An ad that is fourth of three falls out of them.

    Bad:

        {"event_name": "video_ad_start", "video_session_id": "play-5d1f", "ad_asset_id": "boots-15",
         "ad_pod_id": "pod-1", "cursor_position": 0, "total_length": 15, "pod_position": 4, "pod_length": 3}

    Good:

        {"event_name": "video_ad_start", "video_session_id": "play-5d1f", "ad_asset_id": "boots-15",
         "ad_pod_id": "pod-1", "cursor_position": 0, "total_length": 15, "pod_position": 3, "pod_length": 3}
    """
    known = _known(event)
    if "pod_position" not in known:
        return
    rank, count = exact(event.at("pod_position")), exact(event.at("pod_length"))
    if rank is not None and count is not None and rank > count >= 0:
        yield Finding(
            pointer("pod_position"),
            f"the ad is number {shown(rank)} in a group of {shown(count)}",
            {"property": "pod_position", "expected": f"at most {shown(count)}", "actual": shown(rank)},
        )
    quartile = exact(event.at("ad_quartile"))
    if quartile is not None and quartile < 0:
        yield Finding(
            pointer("ad_quartile"),
            f"no quartile is {shown(quartile)}",
            {"property": "ad_quartile", "expected": "at least 0", "actual": shown(quartile)},
        )


@rule("TC517", "a video is complete before its end", Severity.INFO, source=f"{_PAGE}; K077, K086")
def complete_before_the_end(event: RuleContext) -> Iterator[Finding]:
    """Tell a completed video, content or ad whose position is not its length.

    The vendor words these events as sent when everything was seen, position and length being equal; its own example
    has them differ. When viewers leave before, the event to send is another.

    Bad:

        {"event_name": "video_complete", "video_session_id": "play-5d1f", "content_asset_id": "ridge-s2e7",
         "cursor_position": 150, "total_length": 360}

    Good:

        {"event_name": "video_complete", "video_session_id": "play-5d1f", "content_asset_id": "ridge-s2e7",
         "cursor_position": 360, "total_length": 360}
    """
    position, length = exact(event.at("cursor_position")), exact(event.at("total_length"))
    if event.name != _STOPPED and position is not None and length is not None and position < length:
        yield from _unequal(event, "cursor_position", "total_length")


@rule("TC518", "a seek did not arrive where it was sought", Severity.INFO, source=f"{_PAGE}; K078")
def seek_that_missed(event: RuleContext) -> Iterator[Finding]:
    """Tell a completed seek whose playhead is not at the position that was sought.

    When seeking is over, the playhead is where it was sent, and the page says so; the vendor's example differs. Most
    often the position is that from before the seek.

    Bad:

        {"event_name": "video_seek_complete", "video_session_id": "play-5d1f", "content_asset_id": "ridge-s2e7",
         "cursor_position": 59, "seek_position": 150, "total_length": 360}

    Good:

        {"event_name": "video_seek_complete", "video_session_id": "play-5d1f", "content_asset_id": "ridge-s2e7",
         "cursor_position": 150, "seek_position": 150, "total_length": 360}
    """
    yield from _unequal(event, "seek_position", "cursor_position")
