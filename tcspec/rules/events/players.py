"""Rules on what a video player says of itself: sound, bit rate, screen, and the ids of what it plays."""

from __future__ import annotations

import json
import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from tcspec.errors import Basis, Fix, Severity
from tcspec.rules.context import ABSENT, pointer
from tcspec.rules.decimals import exact, shown
from tcspec.rules.rule import SAFE, UNSAFE, Finding, rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tcspec.rules.context import RuleContext

_PAGE = "developers/tracking/events-reference/video-event-reference.md"
_FULL_SCREEN = MappingProxyType({"video_fullscreen_on": True, "video_fullscreen_off": False})
_NUMBER = re.compile(r"(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,6})?")
_LIST = "array<string>"


def _known(event: RuleContext) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Give the properties that a video event may have, with what the catalogue says of them."""
    if event.event.get("family", "").startswith("video"):
        yield from event.event["properties"].items()


def _ids(event: RuleContext) -> Iterator[tuple[str, object]]:
    """Give the identifiers of assets that a table wants as one text, with what is given for them."""
    for name, entry in _known(event):
        if _LIST in entry["type"].split("|") and entry.get("expected") == "string":
            yield name, event.at(name)


@rule("TC512", "the sound is outside 0 to 100", source=f"{_PAGE}; K080")
def sound_out_of_range(event: RuleContext) -> Iterator[Finding]:
    """Tell a volume below nought or above the loudest.

    The volume is a percentage by its definition, though examples of the vendor have 120. What is louder than all is
    read as another scale, and averages over players are worth nothing.

    Bad:

        {"event_name": "video_volume", "video_session_id": "play-5d1f", "content_asset_id": "ridge-s2e7",
         "cursor_position": 42, "total_length": 360, "bitrate": 2400, "sound": 120}

    Good:

        {"event_name": "video_volume", "video_session_id": "play-5d1f", "content_asset_id": "ridge-s2e7",
         "cursor_position": 42, "total_length": 360, "bitrate": 2400, "sound": 80}
    """
    for name, entry in _known(event):
        number = exact(event.at(name)) if name == "sound" else None
        if number is not None and not entry["minimum"] <= number <= entry["maximum"]:
            wanted = f"{entry['minimum']} to {entry['maximum']}"
            yield Finding(
                pointer(name),
                f"the sound is {shown(number)}, its scale is {wanted}",
                {"property": name, "expected": wanted, "actual": shown(number)},
            )


@rule("TC513", "the event and its full_screen contradict each other", source=f"{_PAGE}; K079", fix=UNSAFE)
def full_screen_contradicted(event: RuleContext) -> Iterator[Finding]:
    """Tell a switch to full screen that says `full_screen` is false, or a switch back that says it is true.

    Half of the reports go by the name of the event and half by the property, and they will not agree. Which of the two
    is right only the sender knows: the fix believes the name.

    Bad:

        {"event_name": "video_fullscreen_on", "video_session_id": "play-5d1f", "content_asset_id": "ridge-s2e7",
         "cursor_position": 42, "total_length": 360, "bitrate": 2400, "full_screen": false}

    Good:

        {"event_name": "video_fullscreen_on", "video_session_id": "play-5d1f", "content_asset_id": "ridge-s2e7",
         "cursor_position": 42, "total_length": 360, "bitrate": 2400, "full_screen": true}
    """
    told, meant = event.at("full_screen"), _FULL_SCREEN.get(event.name or "")
    if meant is None or not isinstance(told, bool) or told is meant:
        return
    where, word = pointer("full_screen"), json.dumps(meant)
    yield Finding(
        where,
        f"`full_screen` is {json.dumps(told)} on `{event.name}`",
        {"property": "full_screen", "expected": word, "actual": json.dumps(told)},
        f"write {word}",
        Fix("say what the name of the event says", ({"op": "replace", "path": where, "value": meant},)),
    )


@rule("TC514", "the bit rate is text", source=f"{_PAGE}; K081", kinds=("event",), fix=SAFE)
def bitrate_as_text(event: RuleContext) -> Iterator[Finding]:
    """Tell a bit rate that is text.

    One page has a number, another text. Numbers can be averaged and compared: 800 is below 2400, "800" is not. In a
    pixel all is text on the wire, and there this rule is silent.

    Bad:

        {"event_name": "video_quality", "video_session_id": "play-5d1f", "content_asset_id": "ridge-s2e7",
         "cursor_position": 42, "total_length": 360, "image_quality": "1080p", "bitrate": "2400"}

    Good:

        {"event_name": "video_quality", "video_session_id": "play-5d1f", "content_asset_id": "ridge-s2e7",
         "cursor_position": 42, "total_length": 360, "image_quality": "1080p", "bitrate": 2400}
    """
    for name, entry in _known(event):
        value = event.at(name)
        if name != "bitrate" or not isinstance(value, str):
            continue
        where, fix = pointer(name), None
        if _NUMBER.fullmatch(value):
            patch = {"op": "replace", "path": where, "value": json.loads(value)}
            fix = Fix("write the bit rate as a number", (patch,), is_safe=True)
        unit = entry["unit"]
        data = {"property": name, "expected": f"a number of {unit}", "actual": "text"}
        yield Finding(where, f"the bit rate is text, not a number of {unit}", data, fix=fix)


@rule("TC515", "asset ids stand in a list where one is meant", Severity.INFO, source=f"{_PAGE}; K075, K087", fix=SAFE)
def list_of_assets(event: RuleContext) -> Iterator[Finding]:
    """Tell a list of asset ids on an event that is about one asset.

    Only the start of a session is worded to name all its assets; everywhere else the one that plays is meant, though
    examples of the vendor have lists. Destinations read either, reports by asset read text.

    Bad:

        {"event_name": "video_pause", "video_session_id": "play-5d1f", "content_asset_id": ["ridge-s2e7"],
         "cursor_position": 42, "total_length": 360}

    Good:

        {"event_name": "video_pause", "video_session_id": "play-5d1f", "content_asset_id": "ridge-s2e7",
         "cursor_position": 42, "total_length": 360}
    """
    for name, value in _ids(event):
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            continue
        where, fix = pointer(name), None
        if len(value) == 1:
            fix = Fix("name the one asset", ({"op": "replace", "path": where, "value": value[0]},), is_safe=True)
        message = f"`{name}` is a list of {len(value)}, and one asset is meant"
        yield Finding(where, message, {"property": name, "expected": "text", "actual": "an array"}, fix=fix)


@rule("TC519", "an asset id is null", Severity.INFO, source=f"{_PAGE}; K089")
def null_asset(event: RuleContext) -> Iterator[Finding]:
    """Tell an asset id, or the type of an ad, that is null.

    Life-cycle examples of the vendor have null where no ad plays, the tables know only text. It is taken for absent.

    Bad:

        {"event_name": "video_pause", "video_session_id": "play-5d1f", "content_asset_id": "ridge-s2e7",
         "cursor_position": 42, "total_length": 360, "ad_asset_id": null}

    Good:

        {"event_name": "video_pause", "video_session_id": "play-5d1f", "content_asset_id": "ridge-s2e7",
         "cursor_position": 42, "total_length": 360}
    """
    for name, entry in _known(event):
        if "K089" in entry.get("rows", ()) and event.at(name) is None:
            data = {"property": name, "expected": "text", "actual": "null"}
            yield Finding(pointer(name), f"`{name}` is null, which counts as absent", data)


@rule("TC520", "a video event lacks what its page asks for", source=f"{_PAGE}; K081, K082", basis=Basis.DOCUMENTED)
def lacking_setting(event: RuleContext) -> Iterator[Finding]:
    """Tell a property that the page of a settings event marks as needed and that is absent.

    Which video, at what bit rate, and the setting that the event is about: without them a report cannot say what was
    changed. The endpoint takes the event all the same.

    Bad:

        {"event_name": "video_volume", "video_session_id": "play-5d1f", "content_asset_id": "ridge-s2e7",
         "cursor_position": 42, "total_length": 360, "bitrate": 2400}

    Good:

        {"event_name": "video_volume", "video_session_id": "play-5d1f", "content_asset_id": "ridge-s2e7",
         "cursor_position": 42, "total_length": 360, "bitrate": 2400, "sound": 80}
    """
    for name, entry in _known(event):
        if entry["missing"] == "warning" and event.at(name) is ABSENT:
            yield Finding("", f"`{name}` is missing on `{event.name}`", {"property": name})
