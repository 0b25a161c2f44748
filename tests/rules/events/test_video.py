"""Rules on positions and lengths of videos."""

from __future__ import annotations

import pytest

from tcspec.errors import Severity
from tcspec.rules.linting import lint

VIDEO = ["TC51", "TC52"]


def playback(name="video_pause", **more):
    """Return a playback event in the middle of a video."""
    play = {"video_session_id": "play-5d1f", "content_asset_id": "ridge-s2e7", "cursor_position": 42}
    return {"event_name": name, **play, "total_length": 360, **more}


def codes(payload, **how):
    """Return the codes of the violations."""
    return [violation.code for violation in lint(payload, select=VIDEO, **how)]


@pytest.mark.parametrize("odd", [None, True, "400", [400], {"s": 400}, ABSENT := object()])
def test_numbers_of_wrong_types(odd):
    """A position or length of a wrong type is left to the contract."""
    for name in ("cursor_position", "total_length", "seek_position"):
        event = playback("video_seek_complete", **{name: odd})
        if odd is ABSENT:
            del event[name]
        assert not set(codes(event)) & {"TC510", "TC517", "TC518"}


def test_huge_numbers():
    """Numbers of any size are compared, and not printed."""
    [violation] = lint(playback(cursor_position=10**400), select=["TC510"])
    assert violation.message == "`cursor_position` is a number of more than 20 digits s, but the video ends at 360 s"
    assert codes(playback(cursor_position=1e300, total_length=10**400)) == []


def test_custom_events():
    """Custom events may have any position, sound and bit rate."""
    event = playback("cave_film", cursor_position=400, sound=900, bitrate="much", livestream=True)
    assert codes(event) == []


def test_other_standard_events():
    """A standard event that is not a video event may have properties of the same names."""
    assert codes({"event_name": "login", "cursor_position": 9, "total_length": 1}) == []


def test_severities():
    """What the vendor's pages disagree on is a warning; what depends on wording is an info."""
    found = lint(playback("video_complete"), select=VIDEO)
    assert [(violation.code, violation.severity) for violation in found] == [("TC517", Severity.INFO)]
    found = lint(playback(livestream=True), select=VIDEO)
    assert [(violation.code, violation.severity) for violation in found] == [("TC511", Severity.WARNING)]


def test_stopped_ad():
    """A stopped ad may have any position."""
    ad = {"ad_asset_id": "boots-15", "ad_pod_id": "pod-1", "cursor_position": 3, "total_length": 15}
    assert codes({"event_name": "video_ad_stop", **ad}) == []
    assert codes({"event_name": "video_ad_complete", **ad}) == ["TC517"]


def test_pixels():
    """The numbers in a pixel are read as numbers."""
    call = "/events?tc_s=3315&token=x&event_name=video_pause&video_session_id=p&content_asset_id=a"
    assert codes(f"{call}&cursor_position=400&total_length=360&livestream=true") == ["TC510", "TC511"]
    assert codes(f"{call}&cursor_position=4&total_length=360&bitrate=2400") == []


def test_name_of_a_wrong_type():
    """An event whose name is not a string is not checked."""
    assert codes(playback(["video_pause"], cursor_position=400)) == []


def test_position_of_another_event():
    """A position that the event does not have is a custom property."""
    assert codes(playback("video_seek_complete", cursor_position=350, seek_position=370)) != []
    assert codes(playback("video_content_playing", seek_position=370)) == []
