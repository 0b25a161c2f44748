"""Rules on what a video player says of itself."""

from __future__ import annotations

import pytest

from tcspec.rules.linting import lint

CODES = ["TC512", "TC513", "TC514", "TC515", "TC519", "TC520"]


def event(name, **more):
    """Make a settings event."""
    play = {"video_session_id": "play-5d1f", "content_asset_id": "ridge-s2e7", "cursor_position": 42}
    return {"event_name": name, **play, "total_length": 360, "bitrate": 2400, **more}


def found(payload, **how):
    """Give codes and pointers of what the rules find."""
    return [(violation.code, violation.pointer) for violation in lint(payload, select=CODES, **how)]


@pytest.mark.parametrize("odd", [None, True, "loud", [120], {"left": 120}])
def test_values_of_wrong_types(odd):
    """A sound, screen or bit rate of a wrong type is the contract's to tell."""
    assert ("TC512", "/sound") not in found(event("video_volume", sound=odd))
    assert ("TC513", "/full_screen") not in found(event("video_fullscreen_off", full_screen="true"))
    assert found(event("video_speed", bitrate=None)) == []
    assert found(event("video_speed", bitrate=["2400"])) == []


def test_lists_that_hold_no_texts():
    """A list of asset ids that are no texts is the contract's to tell."""
    assert found(event("video_speed", content_asset_id=[4711])) == []


@pytest.mark.parametrize(
    ("bitrate", "fixed"),
    [("0", 0), ("128", 128), ("0.5", 0.5), (" 128", None), ("1e3", None), ("-1", None), ("٣", None), ("9" * 40, None)],
)
def test_a_bit_rate_is_mended_when_it_is_a_number(bitrate, fixed):
    """A bit rate in text is mended only where the number is beyond doubt."""
    [violation] = lint(event("video_speed", bitrate=bitrate), select=["TC514"])
    assert (violation.fix.patch[0]["value"] if violation.fix else None) == fixed
    assert violation.fix is None or violation.fix.is_safe


def test_full_screen_is_a_guess():
    """The name of the event is believed, which is not safe."""
    [violation] = lint(event("video_fullscreen_on", full_screen=False), select=["TC513"])
    assert not violation.fix.is_safe
    assert violation.hint == "write true"


def test_pixels_have_only_text():
    """The bit rate of a pixel is text on the wire, and nothing is said of it."""
    call = "event_name=video_speed&tc_s=1&video_session_id=p&content_asset_id=a&cursor_position=4&total_length=360"
    assert found(f"{call}&bitrate=2400") == []
    assert found(call) == [("TC520", "")]


def test_what_is_missing_is_named():
    """A property that is missing is told at the event that lacks it, with its name."""
    payload = event("video_volume")
    del payload["bitrate"], payload["content_asset_id"]
    violations = lint(payload, select=["TC520"])
    assert [violation.data["property"] for violation in violations] == ["bitrate", "content_asset_id", "sound"]
    assert {violation.pointer for violation in violations} == {""}


def test_fields_of_custom_events():
    """An event of one's own may lack and have what it likes."""
    assert found({"event_name": "cave_film", "sound": 900, "content_asset_id": ["a"], "ad_type": None}) == []
