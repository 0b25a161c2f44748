"""What of a payload may be printed: the one answer for messages, excerpts, masks and statistics.

A value may be printed when the catalogue knows its property and does not mark it as personal. What a custom property
holds is not known, so it is never printed; nor is a value that looks personal, whatever its property. The name of an
event is judged as all names are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tcspec.contract.catalogue import iter_entries
from tcspec.detection import detect_version
from tcspec.kinds import BATCH_2_0
from tcspec.personal import is_personal_name, looks_like_token, looks_personal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tcspec.kinds import Version

    Path = tuple[str | int, ...]

_EVENT_NAMES = ("event_name", "event")
_OPEN_TYPES = ("object", "array")


def may_show(path: Path, value: object, payload: Mapping[str, Any], version: Version | None) -> bool:
    """Return whether a value that a payload has, or could have, at a path may be printed.

    Args:
        path: keys and indexes from the root of the payload.
        value: the value at the path.
        payload: the payload; its event name decides which properties are known.
        version: the version of the payload; None when it is unknown, and nothing may be printed.
    """
    if version is None:
        return False
    if version is BATCH_2_0 and path[:1] == ("batch",):
        return _may_show_in_batch(path, value, payload)
    entries = list(iter_entries(path, payload, version))
    if not entries or not all(entries) or any(entry.get("personal") for entry in entries):
        return False
    # Where an object or an array belongs, another value may be what belongs into it.
    if "object" in entries[-1] or entries[-1]["type"] in _OPEN_TYPES:
        return False
    if path[-1] in _EVENT_NAMES:
        return not (isinstance(value, str) and is_personal_name(value))
    # Where an identifier belongs, a long token is what belongs there.
    is_token = isinstance(value, str) and not str(path[-1]).endswith("id") and looks_like_token(value)
    return not is_token and not looks_personal(value)


def _may_show_in_batch(path: Path, value: object, batch: Mapping[str, Any]) -> bool:
    events = batch.get("batch")
    match path:
        case (_, int(index), *inner) if isinstance(events, list) and index < len(events):
            event = events[index]
            return isinstance(event, dict) and may_show(tuple(inner), value, event, detect_version(event))
    return False
