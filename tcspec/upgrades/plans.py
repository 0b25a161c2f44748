"""Where the members of the root of a 1.0 event go, planned once for all events with the same keys."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from tcspec.dialects import METADATA_KEYS
from tcspec.upgrades.common_dialects import MOST_KEYS

_CONTEXT_NAMES = {
    "event_id": ("event_id", "event_Id", "eventId"),
    "event_timestamp": ("event_timestamp", "eventTimestamp"),
}
_ROOT_KEYS = frozenset({"user", "integrations", "partners"})
_DEVICE_NAMES = {"userAgent": "user_agent", "ip": "ip", "locale": "lang"}


class Plan(NamedTuple):
    """Where the members of the root of a 1.0 event go: pairs of a new key and the old one, by their new place.

    `timestamp` is the old key of the timestamp, None when there is none; `changes` are the names of the changes.
    """

    root: tuple[tuple[str, str], ...]
    context: tuple[tuple[str, str], ...]
    device: tuple[tuple[str, str], ...]
    timestamp: str | None
    changes: tuple[str, ...]


# By the keys alone, which a sender repeats in all events: the plan is made once for each set of them.
@lru_cache(maxsize=1024)
def plan_conversion(keys: tuple[str, ...], is_web: bool) -> Plan | None:  # noqa: FBT001 - a named argument takes longer
    """Plan where the members of the root of a 1.0 event go, by its keys; return None when it is one for the table."""
    is_legacy = is_web or not {"event", "properties", *METADATA_KEYS}.isdisjoint(keys)
    # What is kept under `context.legacy` is for the table: a `context` that is no object, and a `legacy` at the root.
    if not is_legacy or len(keys) > MOST_KEYS or "context" in keys or "legacy" in keys:
        return None
    found = {name: [key for key in keys if key in names] for name, names in _CONTEXT_NAMES.items()}
    names = [key for key in keys if key in {"event_name", "event"}]
    # Of two spellings of one name the second is kept, which is for the table too.
    if max(map(len, (names, *found.values()))) > 1:
        return None
    moved = {keys[0]: name for name, keys in found.items() if keys}
    device = tuple((_DEVICE_NAMES[key], key) for key in keys if key in _DEVICE_NAMES)
    version = ["version"] if is_web else []
    taken = {*names, *moved, *version, *_ROOT_KEYS, *_DEVICE_NAMES, "properties"}
    metadata = [key for key in keys if key not in taken]
    changes = {
        "event_name": "event" in keys,
        **dict.fromkeys(moved.values(), True),
        "version": is_web,
        "metadata": bool(metadata),
        "device": bool(device),
    }
    return Plan(
        (*(("event_name", key) for key in names), *((key, key) for key in keys if key in _ROOT_KEYS)),
        (*((name, key) for key, name in moved.items()), *((key, key) for key in (*version, *metadata))),
        device,
        next(iter(found["event_timestamp"]), None),
        tuple(change for change, is_applied in changes.items() if is_applied),
    )
