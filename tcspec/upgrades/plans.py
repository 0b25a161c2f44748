"""Where the members of the root of a 1.0 event go, planned once for all events with the same keys."""

from __future__ import annotations

from typing import Final, NamedTuple

from tcspec.dialects import METADATA_KEYS
from tcspec.upgrades.common_dialects import MOST_KEYS

_MOST_PLANS: Final = 1024
"""How many plans are remembered."""

_NAME, _STAYING, _PROPERTIES, _ID, _TIMESTAMP, _VERSION, _METADATA, _DEVICE = range(8)
"""The parts of a 2.0 event, in the order in which it has them."""
_PLACES: Final = {
    "event_name": (_NAME, "event_name"),
    "event": (_NAME, "event_name"),
    "user": (_STAYING, "user"),
    "integrations": (_STAYING, "integrations"),
    "partners": (_STAYING, "partners"),
    "properties": (_PROPERTIES, "properties"),
    "event_id": (_ID, "event_id"),
    "event_Id": (_ID, "event_id"),
    "eventId": (_ID, "event_id"),
    "event_timestamp": (_TIMESTAMP, "event_timestamp"),
    "eventTimestamp": (_TIMESTAMP, "event_timestamp"),
    "userAgent": (_DEVICE, "user_agent"),
    "ip": (_DEVICE, "ip"),
    "locale": (_DEVICE, "lang"),
}
"""The part where a member of the root goes, and its key there; what is not here is metadata."""
_LEGACY: Final = frozenset({"event", "properties", *METADATA_KEYS})
_KEPT: Final = frozenset({"context", "legacy"})
"""Keys for the table: a `context` that is no object is kept under `context.legacy`, where `legacy` would go too."""


class Plan(NamedTuple):
    """Where the members of the root of a 1.0 event go: pairs of a new key and the old one, by their new place.

    `name` and `timestamp` are the old keys of the event name and of the timestamp, None when there is none, and
    `staying` the keys of the members that stay at the root; `changes` are the names of the changes.
    """

    name: str | None
    staying: tuple[str, ...]
    context: tuple[tuple[str, str], ...]
    device: tuple[tuple[str, str], ...]
    timestamp: str | None
    changes: tuple[str, ...]


_PLANS: dict[tuple[tuple[str, ...], bool], Plan] = {}


def find_plan(keys: tuple[str, ...], is_web: bool) -> Plan | None:  # noqa: FBT001 - a named argument takes longer
    """Return where the members of the root of a 1.0 event go, by its keys; None when it is one for the table."""
    # By the keys alone, which a sender repeats in all events. This takes half the time of a cache of functools.
    plan = _PLANS.get((keys, is_web))
    if plan is None:
        plan = _plan(keys, is_web)
        if len(_PLANS) >= _MOST_PLANS:
            _PLANS.clear()
        if plan is not None:
            _PLANS[keys, is_web] = plan
    return plan


def _plan(keys: tuple[str, ...], is_web: bool) -> Plan | None:  # noqa: FBT001
    if len(keys) > MOST_KEYS or not _KEPT.isdisjoint(keys) or (_LEGACY.isdisjoint(keys) and not is_web):
        return None
    # A new key and the old one, by their part.
    parts: tuple[dict[str, str], ...] = {}, {}, {}, {}, {}, {}, {}, {}
    for key in keys:
        part, new_key = (_VERSION, key) if is_web and key == "version" else _PLACES.get(key) or (_METADATA, key)
        # Of two spellings of one name the second is kept, which is for the table too.
        if new_key in parts[part]:
            return None
        parts[part][new_key] = key
    name, staying, _, event_id, timestamp, version, metadata, device = parts
    changes = [
        change
        for change, is_applied in (
            ("event_name", "event" in keys),
            ("event_id", event_id),
            ("event_timestamp", timestamp),
            ("version", version),
            ("metadata", metadata),
            ("device", device),
        )
        if is_applied
    ]
    return Plan(
        name.get("event_name"),
        tuple(staying),
        (*event_id.items(), *timestamp.items(), *version.items(), *metadata.items()),
        tuple(device.items()),
        timestamp.get("event_timestamp"),
        tuple(changes),
    )
