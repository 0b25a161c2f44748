"""Look up a property of a payload in the catalogue: its entry and its family of codes.

The catalogue describes the properties of the 2.0 format; a property of a 1.0 event is looked up where 2.0 has it.
"""

from __future__ import annotations

from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from tcspec.contract.schemas import load_catalogue
from tcspec.dialects import METADATA_KEYS
from tcspec.kinds import EVENT_1_0, PIXEL_2_0

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tcspec.kinds import Version

    Payload = Mapping[str, Any]
    Path = tuple[str | int, ...]
    Entry = Mapping[str, Any]

_ENVELOPE, _CONTEXT, _USER, _VIDEO, _DATA_APIS = 1, 2, 3, 5, 8
_FAMILIES = MappingProxyType({"e-commerce": 4, "common": 1, "campaign": 6, "system": 1})
_PATHS_IN_2_0: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        **{name: ("context", name) for name in (*METADATA_KEYS, "generatorVersion", "containerVersion", "version")},
        "event": ("event_name",),
        "event_Id": ("context", "event_id"),
        "eventTimestamp": ("context", "event_timestamp"),
        "ip": ("context", "device", "ip"),
        "locale": ("context", "device", "lang"),
        "userAgent": ("context", "device", "user_agent"),
    }
)
"""The path in a 2.0 event of a property that 1.0 has at the root."""


def iter_entries(path: Path, payload: Payload, version: Version) -> Iterator[Entry]:
    """Yield the entry of each property on a path, from the root; an empty one for a custom property."""
    objects = load_catalogue()["objects"]
    known = _root_entries(payload, version)
    for part in _to_2_0(path, version):
        # An index has no entry: the array's own entry names the object of its items.
        if isinstance(part, str):
            entry = known.get(part, {})
            known = objects.get(entry.get("object"), {}).get("properties", {})
            yield entry


def find_entry(path: Path, payload: Payload, version: Version) -> Entry:
    """Return the entry of the property at a path; an empty one for a custom property."""
    entries = list(iter_entries(path, payload, version))
    return entries[-1] if entries else {}


def is_required(path: Path, payload: Payload, version: Version) -> bool:
    """Return whether it is an error that the property at a path is missing; a 1.0 event and a pixel need fewer."""
    entry = find_entry(path, payload, version)
    return entry.get("missing") == "error" and version not in {EVENT_1_0, PIXEL_2_0}


def find_family(path: Path, payload: Payload, version: Version) -> int:
    """Return the family of codes of the property at a path; it depends on the path and on the family of the event."""
    if _is_data(version):
        return _DATA_APIS
    first, *rest = _to_2_0(path, version) or ("",)
    if first == "user" and rest:
        return _USER
    if first == "context" and rest:
        return _CONTEXT
    if version.kind == "batch" or first in load_catalogue()["envelope"]["properties"]:
        return _ENVELOPE
    name = _event_name(payload)
    family = load_catalogue()["events"].get(name, {}).get("family", "common")
    # Players, content and advertisements are families of their own in the catalogue, and share their codes.
    return _VIDEO if family.startswith("video") else _FAMILIES[family]


def _is_data(version: Version) -> bool:
    return version.kind in load_catalogue()["payloads"]


def _event_name(payload: Payload) -> str:
    name = payload.get("event_name", payload.get("event"))
    return name if isinstance(name, str) else ""


def _root_entries(payload: Payload, version: Version) -> Mapping[str, Entry]:
    name = _event_name(payload)
    # Custom names share an entry of the cache: of them there is no end.
    return _entries_of(version, name if name in load_catalogue()["events"] else "")


@cache
def _entries_of(version: Version, event: str) -> Mapping[str, Entry]:
    catalogue = load_catalogue()
    if _is_data(version):
        entries: Mapping[str, Entry] = catalogue["objects"][catalogue["payloads"][version.kind]]["properties"]
        return entries
    return {**catalogue["envelope"]["properties"], **catalogue["events"].get(event, {}).get("properties", {})}


def _to_2_0(path: Path, version: Version) -> Path:
    """Return the path that a property has, or would have, in the 2.0 format."""
    if version is not EVENT_1_0 or not path:
        return path
    first, *rest = path
    if first == "properties":
        # `properties` itself has no place in 2.0; it is metadata of the envelope like `context`.
        return tuple(rest) or ("context",)
    return (*_PATHS_IN_2_0.get(str(first), (first,)), *rest)
