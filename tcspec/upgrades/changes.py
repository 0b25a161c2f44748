"""The changes from event 1.0 to 2.0, in order: one table defines them for every representation of an event.

The vendor documents that in November 2022 everything under `properties` moved to the root, and the metadata of the root
moved under `context` (features/sources/sources-catalog/http-tracking-api.md). The other changes follow from the history
of the pages and from what the vendor's own clients send.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from tcspec.errors import Basis
from tcspec.json_types import is_integer
from tcspec.timestamps import try_read_timestamp
from tcspec.upgrades.event_editor import ABSENT, EventEditor, EventTime

if TYPE_CHECKING:
    from collections.abc import Callable

    from tcspec.upgrades.journal import Path

EVENT_ID = ("context", "event_id")
EVENT_TIMESTAMP = ("context", "event_timestamp")
CREATED = ("context", "created")
_STAYS_AT_ROOT = frozenset({"event_name", "user", "integrations", "partners", "properties", "context"})
# Each with the names in a device that take its place: `device.userAgent` becomes `user_agent` only later.
_DEVICE_KEYS = {"userAgent": ("user_agent", "userAgent"), "ip": ("ip",), "locale": ("lang",)}
# A property of 1.0 that is called so would take the place of what 2.0 has at the root.
_RESERVED = frozenset({"event_name", "context"})


@dataclass(frozen=True, slots=True)
class Change:
    """One declared step of an upgrade: its name, its description, the function that applies it, and its basis."""

    name: str
    title: str
    apply: Callable[[EventEditor], None]
    basis: Basis = Basis.DOCUMENTED


def _make_context(editor: EventEditor) -> None:
    if editor.has(("context",)):
        spare = editor.set_aside(("context",))
        editor.keep(spare, origin=("context",))
    editor.add_object(("context",))


def _move_first(editor: EventEditor, keys: tuple[str, ...], target: Path) -> None:
    """Move the value of the first key that is there to the target, and keep those of the others."""
    for path in ((key,) for key in keys):
        if path != target and editor.has(path):
            editor.move_or_keep(path, target)


def _convert_web_version(editor: EventEditor) -> None:
    version = editor.read(("version",))
    if is_integer(version) and version == 1:
        editor.move(("version",), ("context", "version"))
        editor.replace(("context", "version"), 2)


def _move_web_created(editor: EventEditor) -> None:
    source = ("properties", "created")
    if editor.is_web and editor.has(source):
        editor.move_or_keep(source, CREATED)


def _move_metadata(editor: EventEditor) -> None:
    for key in editor.read_keys():
        # At `context.legacy` it would be mixed with what the upgrade keeps there.
        if key == "legacy":
            editor.keep((key,))
        elif key not in _STAYS_AT_ROOT and key not in _DEVICE_KEYS:
            editor.move_or_keep((key,), ("context", key))


def _move_device_keys(editor: EventEditor) -> None:
    for key in editor.read_keys():
        if key in _DEVICE_KEYS:
            editor.add_object(("context", "device"))
            device = editor.open_object(("context", "device"))
            names = _DEVICE_KEYS[key]
            is_taken = device is None or any(name in device for name in names)
            editor.move((key,), ("context", key) if is_taken else ("context", "device", names[0]))


def _rename_page_location(editor: EventEditor) -> None:
    url, location = ("context", "page", "url"), ("context", "page", "location")
    if editor.has(url):
        return
    if isinstance(editor.read(location), str):
        editor.move(location, url)
    # One page of a destination has the location as an object (K068).
    elif editor.has((*location, "href")):
        editor.move((*location, "href"), url)


def _rename(editor: EventEditor, source: Path, target: Path) -> None:
    """Move a value to its new name when that is free."""
    if editor.has(source) and not editor.has(target):
        editor.move(source, target)


def _move_properties(editor: EventEditor) -> None:
    source: Path = ("properties",)
    if not editor.has(source):
        return
    if editor.open_object(source) is None:
        editor.keep(source)
        return
    # The inner object moves to the root, where the outer one still is.
    if editor.has(("properties", "properties")):
        source = editor.set_aside(source)
    for key in editor.read_keys(source):
        path, origin = (*source, key), ("properties", key)
        if key in _RESERVED:
            editor.keep(path, origin)
        else:
            editor.move_or_keep(path, (key,), origin)
    editor.remove_empty(source)


def _move_root_timestamp(editor: EventEditor) -> None:
    root = ("event_timestamp",)
    # Some examples of the vendor's page have it at the root of a 2.0 event; with a `created` it is a custom property.
    if editor.has(root) and editor.open_object(("context",)) is not None and not editor.has(CREATED):
        _rename(editor, root, EVENT_TIMESTAMP)


def _convert_timestamp(editor: EventEditor) -> None:
    value = editor.read(EVENT_TIMESTAMP)
    if value is ABSENT:
        created = try_read_timestamp(editor.read(CREATED))
        if created is not None:
            editor.add(EVENT_TIMESTAMP, created.ms)
            editor.time = EventTime(created.ms, created.unit)
        return
    reading = try_read_timestamp(value)
    if reading is None:
        return
    editor.time = EventTime(reading.ms)
    if is_integer(value) and value == reading.ms:
        return
    if not reading.exact:
        moved = (applied.source_path for applied in editor.applied if applied.target_path == EVENT_TIMESTAMP)
        if not editor.keep_copy(EVENT_TIMESTAMP, origin=next(moved, EVENT_TIMESTAMP)):
            # What is finer than a millisecond would be lost.
            return
    editor.replace(EVENT_TIMESTAMP, reading.ms)
    editor.time = EventTime(reading.ms, reading.unit)


def _convert_categories(editor: EventEditor) -> None:
    path = ("user", "consent_categories")
    user = editor.open_object(("user",))
    items = editor.representation.open_array(user["consent_categories"]) if user and editor.has(path) else None
    # As digits: a number of any length becomes the same text, exactly.
    digits = {index: editor.representation.read_digits(item) for index, item in enumerate(items or ())}
    integers = {index: text for index, text in digits.items() if text is not None}
    if integers:
        editor.replace_items(path, integers)


CONVERSION = (
    Change(
        "context",
        "a root `context` that is not an object is kept, and an object takes its place",
        _make_context,
        Basis.INFERRED,
    ),
    Change(
        "event_name",
        "`event` becomes `event_name`",
        partial(_move_first, keys=("event_name", "event"), target=("event_name",)),
        Basis.INFERRED,
    ),
    Change(
        "event_id",
        "`event_id`, `event_Id` or `eventId` moves into `context`",
        partial(_move_first, keys=("event_id", "event_Id", "eventId"), target=EVENT_ID),
    ),
    Change(
        "event_timestamp",
        "`event_timestamp` or `eventTimestamp` moves into `context`",
        partial(_move_first, keys=("event_timestamp", "eventTimestamp"), target=EVENT_TIMESTAMP),
    ),
    Change(
        "version", "the web container's `version` 1 becomes `context.version` 2", _convert_web_version, Basis.OBSERVED
    ),
    Change("metadata", "`page`, `device`, `app` and other metadata of the root move into `context`", _move_metadata),
    # After the metadata, with which a `device` moves into the context: these are added to it.
    Change("device", "`userAgent`, `ip` and `locale` move into `context.device`", _move_device_keys, Basis.INFERRED),
    Change("page_url", "`page.location` becomes `page.url`", _rename_page_location, Basis.INFERRED),
    Change(
        "user_agent",
        "`device.userAgent` becomes `device.user_agent`",
        partial(_rename, source=("context", "device", "userAgent"), target=("context", "device", "user_agent")),
        Basis.INFERRED,
    ),
    Change(
        "cookie",
        "`device.cookies` becomes `device.cookie`",
        partial(_rename, source=("context", "device", "cookies"), target=("context", "device", "cookie")),
        Basis.INFERRED,
    ),
    # Before the properties: at the root `created` would be a custom property.
    Change(
        "created", "the web container's `properties.created` moves into `context`", _move_web_created, Basis.OBSERVED
    ),
    Change("properties", "everything under `properties` moves to the root", _move_properties),
)
"""The changes that make a 1.0 event a 2.0 event."""

CANONICAL = (
    Change(
        "context_event_id",
        "`context.eventId` becomes `context.event_id`",
        partial(_rename, source=("context", "eventId"), target=EVENT_ID),
        Basis.OBSERVED,
    ),
    Change("root_timestamp", "`event_timestamp` at the root of a 2.0 event moves into `context`", _move_root_timestamp),
    Change(
        "milliseconds",
        "`context.event_timestamp` becomes integer milliseconds; a finer one is kept as well",
        _convert_timestamp,
    ),
    # The vendor's pages have both (K017).
    Change("consent", "integers in `user.consent_categories` become strings", _convert_categories, Basis.INFERRED),
)
"""The changes that give any 2.0 event its canonical form; applied to their own result they change nothing."""

CHANGES = {change.name: change for change in (*CONVERSION, *CANONICAL)}
"""Every change by its name."""
