"""Rules on the settings of a video player."""

from __future__ import annotations

import pytest

from tcspec.rules.linting import lint

CODES = ["TC512", "TC513", "TC514", "TC515", "TC519", "TC520"]


def event(name, **more):
    """Return a settings event."""
    play = {"video_session_id": "play-5d1f", "content_asset_id": "ridge-s2e7", "cursor_position": 42}
    return {"event_name": name, **play, "total_length": 360, "bitrate": 2400, **more}


def find(payload, **how):
    """Return the codes and pointers of the violations."""
    return [(violation.code, violation.pointer) for violation in lint(payload, select=CODES, **how)]


@pytest.mark.parametrize("odd", [None, True, "loud", [120], {"left": 120}])
def test_values_of_wrong_types(odd):
    """A sound, full_screen or bit rate of a wrong type is left to the contract."""
    assert ("TC512", "/sound") not in find(event("video_volume", sound=odd))
    assert ("TC513", "/full_screen") not in find(event("video_fullscreen_off", full_screen="true"))
    assert find(event("video_speed", bitrate=None)) == []
    assert find(event("video_speed", bitrate=["2400"])) == []


def test_arrays_of_wrong_types():
    """An array of asset ids that are not strings is left to the contract."""
    assert find(event("video_speed", content_asset_id=[4711])) == []


@pytest.mark.parametrize(
    ("bitrate", "fixed"),
    [("0", 0), ("128", 128), ("0.5", 0.5), (" 128", None), ("1e3", None), ("-1", None), ("٣", None), ("9" * 40, None)],
)
def test_fix_of_a_bit_rate(bitrate, fixed):
    """A bit rate has a fix only if its string is certainly a number."""
    [violation] = lint(event("video_speed", bitrate=bitrate), select=["TC514"])
    assert (violation.fix.patch[0]["value"] if violation.fix else None) == fixed
    assert violation.fix is None or violation.fix.is_safe


def test_fix_of_full_screen():
    """The fix follows the name of the event, which is unsafe."""
    [violation] = lint(event("video_fullscreen_on", full_screen=False), select=["TC513"])
    assert not violation.fix.is_safe
    assert violation.hint == "write true"


def test_bit_rate_of_a_pixel():
    """The bit rate of a pixel is a string on the wire and is not reported."""
    call = "event_name=video_speed&tc_s=1&video_session_id=p&content_asset_id=a&cursor_position=4&total_length=360"
    assert find(f"{call}&bitrate=2400") == []
    assert find(call) == [("TC520", "")]


def test_missing_settings():
    """A missing property is reported at the event, with its name."""
    payload = event("video_volume")
    del payload["bitrate"], payload["content_asset_id"]
    violations = lint(payload, select=["TC520"])
    assert [violation.data["property"] for violation in violations] == ["bitrate", "content_asset_id", "sound"]
    assert {violation.pointer for violation in violations} == {""}


def test_custom_events():
    """The properties of custom events are not checked."""
    assert find({"event_name": "cave_film", "sound": 900, "content_asset_id": ["a"], "ad_type": None}) == []
