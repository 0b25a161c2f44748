"""Rules on the settings of a video player and on the ids of what it plays."""

from __future__ import annotations

import json
import re
from types import MappingProxyType
from typing import TYPE_CHECKING

from tcspec.errors import Fix, Severity
from tcspec.rules.context import ABSENT
from tcspec.rules.decimals import format_number, to_decimal
from tcspec.rules.events.video import is_video, video_properties
from tcspec.rules.fixes.offers import replace
from tcspec.rules.rule import SAFE, UNSAFE, Finding, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tcspec.rules.context import RuleContext

_PAGE = "developers/tracking/events-reference/video-event-reference.md"
_FULL_SCREEN = MappingProxyType({"video_fullscreen_on": True, "video_fullscreen_off": False})
_NUMBER = re.compile(r"(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,6})?")


@rule("TC512", "sound is not between 0 and 100", source=f"{_PAGE}; K080", events=is_video)
def sound_out_of_range(event: RuleContext) -> Iterator[Finding]:
    """The volume is less than 0 or greater than 100.

    By its definition the volume is a percentage, though examples of the vendor have 120. Other values are probably on
    another scale, and averages over players become meaningless.

    Bad:

        {"event_name": "video_volume", "video_session_id": "play-5d1f", "content_asset_id": "ridge-s2e7",
         "cursor_position": 42, "total_length": 360, "bitrate": 2400, "sound": 120}

    Good:

        {"event_name": "video_volume", "video_session_id": "play-5d1f", "content_asset_id": "ridge-s2e7",
         "cursor_position": 42, "total_length": 360, "bitrate": 2400, "sound": 80}
    """
    spec = video_properties(event).get("sound")
    number = to_decimal(event.at("sound"))
    if spec and number is not None and not spec["minimum"] <= number <= spec["maximum"]:
        expected, actual = f"{spec['minimum']} to {spec['maximum']}", format_number(number)
        data = {"property": "sound", "expected": expected, "actual": actual}
        yield Finding(("sound",), f"expected a volume of {expected}, got {actual}", data)


@rule("TC513", "full_screen contradicts the event name", source=f"{_PAGE}; K079", fix=UNSAFE, events=is_video)
def full_screen_contradicted(event: RuleContext) -> Iterator[Finding]:
    """`full_screen` is false on a switch to full screen, or true on a switch back.

    Some reports use the name of the event and some the property, so they disagree. Only the sender knows which one is
    right: the fix follows the name.

    Bad:

        {"event_name": "video_fullscreen_on", "video_session_id": "play-5d1f", "content_asset_id": "ridge-s2e7",
         "cursor_position": 42, "total_length": 360, "bitrate": 2400, "full_screen": false}

    Good:

        {"event_name": "video_fullscreen_on", "video_session_id": "play-5d1f", "content_asset_id": "ridge-s2e7",
         "cursor_position": 42, "total_length": 360, "bitrate": 2400, "full_screen": true}
    """
    value, expected = event.at("full_screen"), _FULL_SCREEN.get(event.name or "")
    if expected is None or not isinstance(value, bool) or value is expected:
        return
    path, text = ("full_screen",), json.dumps(expected)
    data = {"property": "full_screen", "expected": text, "actual": json.dumps(value)}
    fix = Fix("follow the name of the event", (replace(path, expected),))
    yield Finding(path, f"`full_screen` is {json.dumps(value)} on `{event.name}`", data, f"write {text}", fix)


# Not of pixels, in which every value is a string (K116).
@rule("TC514", "bit rate is a string", source=f"{_PAGE}; K081", kinds=("event",), fix=SAFE, events=is_video)
def bitrate_as_string(event: RuleContext) -> Iterator[Finding]:
    """A bit rate is a string.

    One page has a number, another one a string. Numbers can be averaged and compared: 800 is less than 2400, but "800"
    is not less than "2400". Pixels are not checked, because all their values are strings on the wire.

    Bad:

        {"event_name": "video_quality", "video_session_id": "play-5d1f", "content_asset_id": "ridge-s2e7",
         "cursor_position": 42, "total_length": 360, "image_quality": "1080p", "bitrate": "2400"}

    Good:

        {"event_name": "video_quality", "video_session_id": "play-5d1f", "content_asset_id": "ridge-s2e7",
         "cursor_position": 42, "total_length": 360, "image_quality": "1080p", "bitrate": 2400}
    """
    spec, value = video_properties(event).get("bitrate"), event.at("bitrate")
    if not spec or not isinstance(value, str):
        return
    path, fix = ("bitrate",), None
    if _NUMBER.fullmatch(value):
        fix = Fix("write the bit rate as a number", (replace(path, json.loads(value)),), is_safe=True)
    expected = f"a number of {spec['unit']}"
    data = {"property": "bitrate", "expected": expected, "actual": "a string"}
    yield Finding(path, f"expected {expected}, got a string", data, fix=fix)


@rule(
    "TC515",
    "array of asset ids instead of one",
    Severity.INFO,
    source=f"{_PAGE}; K075, K087",
    fix=SAFE,
    events=is_video,
)
def list_of_assets(event: RuleContext) -> Iterator[Finding]:
    """An event about one asset has an array of asset ids.

    Only the start of a session names all its assets; all other events are about the one that plays, though examples of
    the vendor have arrays. Destinations read both, reports by asset only read strings.

    Bad:

        {"event_name": "video_pause", "video_session_id": "play-5d1f", "content_asset_id": ["ridge-s2e7"],
         "cursor_position": 42, "total_length": 360}

    Good:

        {"event_name": "video_pause", "video_session_id": "play-5d1f", "content_asset_id": "ridge-s2e7",
         "cursor_position": 42, "total_length": 360}
    """
    if not is_video(event.spec):
        return
    for name in event.properties.single_assets:
        value = event.value.get(name)
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            continue
        fix = None
        # Which one of several is the asset only the sender knows.
        if len(value) == 1:
            fix = Fix("write the one id as a string", (replace((name,), value[0]),), is_safe=True)
        message = f"expected one asset id, got an array of {len(value)}"
        data = {"property": name, "expected": "a string", "actual": "an array"}
        yield Finding((name,), message, data, fix=fix)


@rule("TC519", "asset id is null", Severity.INFO, source=f"{_PAGE}; K089", events=is_video)
def null_asset(event: RuleContext) -> Iterator[Finding]:
    """An asset id, or the type of an ad, is null.

    Life-cycle examples of the vendor have null where no ad plays, but the tables only have strings. Null counts as
    absent.

    Bad:

        {"event_name": "video_pause", "video_session_id": "play-5d1f", "content_asset_id": "ridge-s2e7",
         "cursor_position": 42, "total_length": 360, "ad_asset_id": null}

    Good:

        {"event_name": "video_pause", "video_session_id": "play-5d1f", "content_asset_id": "ridge-s2e7",
         "cursor_position": 42, "total_length": 360}
    """
    if None not in event.value.values():
        return
    for name, spec in video_properties(event).items():
        if "K089" in spec.get("rows", ()) and event.at(name) is None:
            data = {"property": name, "expected": "a string", "actual": "null"}
            yield Finding((name,), f"`{name}` is null, which counts as absent", data)


@rule("TC520", "missing setting of a video event", source=f"{_PAGE}; K081, K082", events=is_video)
def missing_setting(event: RuleContext) -> Iterator[Finding]:
    """A settings event lacks a property that its page marks as required.

    Without the video, its bit rate and the setting itself, a report cannot show what was changed. The endpoint accepts
    the event anyway.

    Bad:

        {"event_name": "video_volume", "video_session_id": "play-5d1f", "content_asset_id": "ridge-s2e7",
         "cursor_position": 42, "total_length": 360, "bitrate": 2400}

    Good:

        {"event_name": "video_volume", "video_session_id": "play-5d1f", "content_asset_id": "ridge-s2e7",
         "cursor_position": 42, "total_length": 360, "bitrate": 2400, "sound": 80}
    """
    for name, spec in video_properties(event).items():
        if spec["missing"] == "warning" and event.at(name) is ABSENT:
            yield Finding((), f"missing `{name}`", {"property": name})
