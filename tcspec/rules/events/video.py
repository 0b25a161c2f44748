"""Rules on positions, lengths and ad groups of videos."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tcspec.errors import Basis, Severity
from tcspec.rules.decimals import format_number, to_decimal
from tcspec.rules.rule import Finding, rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tcspec.rules.context import RuleContext

_PAGE = "developers/tracking/events-reference/video-event-reference.md"
_AD_STOP = "video_ad_stop"
"""The event that its page describes as a completed ad, though the ad may have been stopped anywhere (K086)."""


def is_video(spec: Mapping[str, Any]) -> bool:
    """Return whether an event belongs to a video: its player, its content or its advertisements."""
    family: str = spec.get("family", "")
    return family.startswith("video")


def video_properties(event: RuleContext) -> Mapping[str, Any]:
    """Return what the catalogue has about the properties of a video event; an empty mapping for any other event."""
    specs: Mapping[str, Any] = event.spec["properties"] if is_video(event.spec) else {}
    return specs


@rule("TC510", "position is beyond the end of the video", source=_PAGE, basis=Basis.INFERRED, events=is_video)
def position_beyond_length(event: RuleContext) -> Iterator[Finding]:
    """The position of the playhead, or the target of a seek, is greater than the length of the video.

    Completion rates are positions divided by lengths, so the viewer seems to have watched more than everything. Often
    one of the two is in milliseconds, or the position is that of the whole programme and the length that of a part.

    Bad:

        {"event_name": "video_pause", "video_session_id": "play-5d1f", "content_asset_id": "ridge-s2e7",
         "cursor_position": 42000, "total_length": 360}

    Good:

        {"event_name": "video_pause", "video_session_id": "play-5d1f", "content_asset_id": "ridge-s2e7",
         "cursor_position": 42, "total_length": 360}
    """
    length = to_decimal(event.at("total_length"))
    specs = video_properties(event)
    if length is None or "total_length" not in specs:
        return
    for name in ("cursor_position", "seek_position"):
        position = to_decimal(event.at(name)) if name in specs else None
        if position is not None and position > length:
            actual, end = format_number(position), format_number(length)
            data = {"property": name, "expected": f"at most {end}", "actual": actual}
            yield Finding((name,), f"`{name}` is {actual} s, but the video ends at {end} s", data)


@rule("TC511", "live stream with a length", source=f"{_PAGE}; K076", events=is_video)
def live_stream_with_length(event: RuleContext) -> Iterator[Finding]:
    """A live stream has a number as its length.

    A live stream has no end, and the vendor's tables require null. With a number, reports treat it as a video that can
    be completed. There is no fix, because `livestream` may be the wrong one.

    Bad:

        {"event_name": "video_start", "video_session_id": "play-5d1f", "content_asset_id": ["ridge-live"],
         "cursor_position": 0, "livestream": true, "total_length": 360}

    Good:

        {"event_name": "video_start", "video_session_id": "play-5d1f", "content_asset_id": ["ridge-live"],
         "cursor_position": 0, "livestream": true, "total_length": null}
    """
    is_live = "livestream" in video_properties(event) and event.at("livestream") is True
    length = to_decimal(event.at("total_length"))
    if is_live and length is not None:
        actual = format_number(length)
        message = f"expected null as the length of a live stream, got {actual}"
        data = {"property": "total_length", "expected": "null", "actual": actual}
        hint = "send null as `total_length`, or remove `livestream` if the video is on demand"
        yield Finding(("total_length",), message, data, hint)


@rule("TC516", "ad position outside its group", source=_PAGE, basis=Basis.INFERRED, events=is_video)
def ad_outside_its_group(event: RuleContext) -> Iterator[Finding]:
    """The position of an ad is greater than the number of ads in its group, or a quartile is negative.

    Reports on ad breaks group ads by position. The fourth ad of three is not in them.

    Bad:

        {"event_name": "video_ad_start", "video_session_id": "play-5d1f", "ad_asset_id": "boots-15",
         "ad_pod_id": "pod-1", "cursor_position": 0, "total_length": 15, "pod_position": 4, "pod_length": 3}

    Good:

        {"event_name": "video_ad_start", "video_session_id": "play-5d1f", "ad_asset_id": "boots-15",
         "ad_pod_id": "pod-1", "cursor_position": 0, "total_length": 15, "pod_position": 3, "pod_length": 3}
    """
    if "pod_position" not in video_properties(event):
        return
    position, count = to_decimal(event.at("pod_position")), to_decimal(event.at("pod_length"))
    # A length below 0 is an error of the contract.
    if position is not None and count is not None and position > count >= 0:
        actual, most = format_number(position), format_number(count)
        data = {"property": "pod_position", "expected": f"at most {most}", "actual": actual}
        yield Finding(("pod_position",), f"the ad is number {actual} in a group of {most}", data)
    quartile = to_decimal(event.at("ad_quartile"))
    if quartile is not None and quartile < 0:
        actual = format_number(quartile)
        data = {"property": "ad_quartile", "expected": "at least 0", "actual": actual}
        yield Finding(("ad_quartile",), f"`ad_quartile` is negative: {actual}", data)


@rule("TC517", "video is complete before its end", Severity.INFO, source=f"{_PAGE}; K077, K086", events=is_video)
def complete_before_the_end(event: RuleContext) -> Iterator[Finding]:
    """The position of a completed video, content or ad is not its length.

    According to the vendor these events are sent when everything was watched, so that position and length are equal;
    its own example has different values. When a viewer stops earlier, another event is right.

    Bad:

        {"event_name": "video_complete", "video_session_id": "play-5d1f", "content_asset_id": "ridge-s2e7",
         "cursor_position": 150, "total_length": 360}

    Good:

        {"event_name": "video_complete", "video_session_id": "play-5d1f", "content_asset_id": "ridge-s2e7",
         "cursor_position": 360, "total_length": 360}
    """
    position, length = to_decimal(event.at("cursor_position")), to_decimal(event.at("total_length"))
    # Beyond the length there is another rule.
    if event.name != _AD_STOP and position is not None and length is not None and position < length:
        yield from _find_unequal(event, "cursor_position", "total_length")


@rule("TC518", "completed seek is not at its target", Severity.INFO, source=f"{_PAGE}; K078", events=is_video)
def seek_that_missed(event: RuleContext) -> Iterator[Finding]:
    """The position after a completed seek is not its target.

    According to the page the playhead is then at the target; the vendor's example has different values. Often the
    position is the one before the seek.

    Bad:

        {"event_name": "video_seek_complete", "video_session_id": "play-5d1f", "content_asset_id": "ridge-s2e7",
         "cursor_position": 59, "seek_position": 150, "total_length": 360}

    Good:

        {"event_name": "video_seek_complete", "video_session_id": "play-5d1f", "content_asset_id": "ridge-s2e7",
         "cursor_position": 150, "seek_position": 150, "total_length": 360}
    """
    yield from _find_unequal(event, "seek_position", "cursor_position")


def _find_unequal(event: RuleContext, left: str, right: str) -> Iterator[Finding]:
    """Yield a finding if two numbers differ that are equal according to the page of the event."""
    if f"{left} == {right}" not in event.spec.get("rules", ()):
        return
    first, second = to_decimal(event.at(left)), to_decimal(event.at(right))
    if first is None or second is None or first == second:
        return
    actual, expected = format_number(first), format_number(second)
    message = f"`{left}` is {actual} and `{right}` is {expected}, but on this event they are equal"
    yield Finding((left,), message, {"property": left, "expected": expected, "actual": actual})
