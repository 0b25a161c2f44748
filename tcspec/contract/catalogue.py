"""What is known of a place in a payload: the property it is, the family it belongs to, whether it is personal.

The catalogue knows the properties of the 2.0 format; a place of a 1.0 event is looked up where 2.0 has it.
"""

from __future__ import annotations

import re
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from tcspec.contract.schemas import load_catalogue
from tcspec.kinds import EVENT_1_0, METADATA_KEYS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tcspec.kinds import Version

    Payload = Mapping[str, Any]
    Path = tuple[str | int, ...]
    Entry = Mapping[str, Any]

_ENVELOPE, _CONTEXT, _USER, _VIDEO, _DATA_APIS = 1, 2, 3, 5, 8
_FAMILIES = MappingProxyType({"e-commerce": 4, "common": 1, "campaign": 6, "system": 1})
_LEGACY_METADATA = frozenset(
    (*METADATA_KEYS, "locale", "userAgent", "ip", "generatorVersion", "containerVersion", "version")
)
_PERSONAL = frozenset(
    {
        *(("user",), ("url",), ("title",), ("path",), ("referrer",), ("context", "page"), ("context", "device")),
        *(("context", "ip"), ("context", "userAgent"), ("context", "locale")),
    }
)
_OF_A_PERSON = re.compile(r"@|\+[0-9][0-9 ().-]{6}|^(?:[0-9A-Fa-f]{32}|[0-9A-Fa-f]{64})$|^0[1-9](?:[ .-]?[0-9]{2}){4}$")
_PERSONAL_IN_DATA = frozenset(
    {
        *("person", "user", "comment", "custom", "billing_address", "contact_address", "shipping_address"),
        "shipping_tracking_code",
    }
)


def find_entry(path: Path, payload: Payload, version: Version) -> Entry:
    """Look up what the catalogue says of the property at a path; nothing when it is custom."""
    objects = load_catalogue()["objects"]
    entry: Entry = {}
    known = _roots(payload, version)
    for part in _canonical(path, version):
        if isinstance(part, str):
            entry = known.get(part, {})
            known = objects.get(entry.get("object"), {}).get("properties", {})
    return entry


def find_family(path: Path, payload: Payload, version: Version) -> int:
    """Give the family of codes of the property at a path, by its place and by the family of the event."""
    if _is_data(version):
        return _DATA_APIS
    first, *rest = _canonical(path, version) or ("",)
    if first == "user" and rest:
        return _USER
    if first == "context" and rest:
        return _CONTEXT
    if version.kind == "batch" or first in load_catalogue()["envelope"]["properties"]:
        return _ENVELOPE
    family = _event(payload).get("family", "common")
    return _VIDEO if family.startswith("video") else _FAMILIES[family]


def is_personal(path: Path, version: Version) -> bool:
    """Tell whether what stands at a path may describe a person, and is never shown."""
    place = _canonical(path, version)
    if _is_data(version):
        return any(part in _PERSONAL_IN_DATA for part in place)
    return place == ("context",) or place[:1] in _PERSONAL or place[:2] in _PERSONAL


def may_be_personal(text: str) -> bool:
    """Tell whether a text looks like what names a person, wherever it stands: an address, a phone number, a hash."""
    return bool(_OF_A_PERSON.search(text))


def _is_data(version: Version) -> bool:
    return version.kind in load_catalogue()["payloads"]


def _roots(payload: Payload, version: Version) -> Mapping[str, Entry]:
    """Give what is known of the properties at the root of a payload."""
    name = payload.get("event_name", payload.get("event"))
    return _roots_of(version, name if isinstance(name, str) and name in load_catalogue()["events"] else "")


@cache
def _roots_of(version: Version, event: str) -> Mapping[str, Entry]:
    if _is_data(version):
        known: Mapping[str, Entry] = load_catalogue()["objects"][load_catalogue()["payloads"][version.kind]][
            "properties"
        ]
        return known
    envelope: Mapping[str, Entry] = load_catalogue()["envelope"]["properties"]
    return {**envelope, **load_catalogue()["events"].get(event, {}).get("properties", {})}


def _event(payload: Payload) -> Entry:
    name = payload.get("event_name", payload.get("event"))
    known: Entry = load_catalogue()["events"].get(name, {}) if isinstance(name, str) else {}
    return known


def _canonical(path: Path, version: Version) -> Path:
    """Give the path that a property has, or would have, in the 2.0 format."""
    if version is not EVENT_1_0 or not path:
        return path
    if path[0] == "properties":
        return path[1:] or ("context",)
    return ("context", *path) if path[0] in _LEGACY_METADATA else path
