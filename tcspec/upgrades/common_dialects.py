"""The dialects of most events in a fraction of the time of the table in `tcspec.dialects`; a test compares them.

What a dialect is depends on the keys of the root and on a few facts about their values: events that have them in common
have the same one.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from tcspec.dialects import dialect_of

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_KEYS = 40
"""How many keys an event may have at its root: what is remembered of events is bounded."""


def find_dialect(event: Mapping[str, Any]) -> str:
    """Return the id of the dialect of an event that is a dict."""
    if "context" in event or type(event.get("properties")) is not dict or len(event) > MOST_KEYS:
        return dialect_of(event).id
    device, page = event.get("device"), event.get("page")
    time, version = event.get("eventTimestamp"), event.get("version")
    return _find_by_shape(
        tuple(event),
        version == 1 and type(version) is int,
        type(time) is str and time.isascii() and time.isdigit(),
        type(event.get("event_timestamp")) is int,
        type(device) is dict and "sdk_id" in device,
        type(page) is dict and "url" in page,
    )


@lru_cache(maxsize=1024)
def _find_by_shape(  # noqa: PLR0913, PLR0917 - the facts about an event
    keys: tuple[str, ...],
    is_web: bool,  # noqa: FBT001 - named arguments take longer
    has_digits: bool,  # noqa: FBT001
    has_integer: bool,  # noqa: FBT001
    has_sdk: bool,  # noqa: FBT001
    has_url: bool,  # noqa: FBT001
) -> str:
    """Return the dialect of the events with these keys, by one that has the same facts and nothing else."""
    values = {
        "properties": {},
        "version": 1 if is_web else None,
        "eventTimestamp": "1" if has_digits else None,
        "event_timestamp": 1 if has_integer else None,
        "device": {"sdk_id": None} if has_sdk else None,
        "page": {"url": None} if has_url else None,
    }
    return dialect_of({key: values.get(key) for key in keys}).id
