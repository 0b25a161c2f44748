"""The changes from event 1.0 to 2.0, in order: one table is their meaning, whatever an event is written in.

What the vendor says of the change of November 2022: everything under `properties` moved to the root, the metadata of
the root moved under `context` (features/sources/sources-catalog/http-tracking-api.md). The rest follows from the
history of the pages and from what the vendor's own clients send.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from tcspec.errors import UnreadableTimestamp
from tcspec.kinds import is_integer
from tcspec.timestamps import read_timestamp
from tcspec.upgrades.event_editor import ABSENT, Draft

if TYPE_CHECKING:
    from collections.abc import Callable

    from tcspec.upgrades.journal import Path

EVENT_ID = ("context", "event_id")
EVENT_TIMESTAMP = ("context", "event_timestamp")
CREATED = ("context", "created")
_STAYS = frozenset({"event_name", "user", "integrations", "partners", "properties", "context"})
_GOES_TO_DEVICE = {"userAgent": ("user_agent", "userAgent"), "ip": ("ip",), "locale": ("lang",)}
_RESERVED = frozenset({"event_name", "context"})


@dataclass(frozen=True, slots=True)
class Change:
    """One declared step of an upgrade: its name, what it does in words, and what does it."""

    name: str
    title: str
    apply: Callable[[Draft], None]


def _free_context(draft: Draft) -> None:
    if draft.has(("context",)):
        spare = draft.set_aside(("context",))
        draft.keep(spare, origin=("context",))
    draft.make_object(("context",))


def _gather(draft: Draft, spellings: tuple[str, ...], target: Path) -> None:
    """Take the first spelling that is there to the target and keep the others."""
    for path in ((spelling,) for spelling in spellings):
        if path != target and draft.has(path):
            draft.move_or_keep(path, target)


def _web_version(draft: Draft) -> None:
    version = draft.read(("version",))
    if is_integer(version) and version == 1:
        draft.move(("version",), ("context", "version"))
        draft.replace(("context", "version"), 2)


def _web_created(draft: Draft) -> None:
    source = ("properties", "created")
    if draft.is_web and draft.has(source):
        draft.move_or_keep(source, CREATED)


def _metadata(draft: Draft) -> None:
    for key in draft.names():
        if key == "legacy":
            draft.keep((key,))
        elif key not in _STAYS and key not in _GOES_TO_DEVICE:
            draft.move_or_keep((key,), ("context", key))


def _device(draft: Draft) -> None:
    for key in draft.names():
        if key in _GOES_TO_DEVICE:
            draft.make_object(("context", "device"))
            device = draft.opened(("context", "device"))
            spellings = _GOES_TO_DEVICE[key]
            taken = device is None or any(spelling in device for spelling in spellings)
            draft.move((key,), ("context", key) if taken else ("context", "device", spellings[0]))


def _page(draft: Draft) -> None:
    url, location = ("context", "page", "url"), ("context", "page", "location")
    if draft.has(url):
        return
    if isinstance(draft.read(location), str):
        draft.move(location, url)
    elif draft.has((*location, "href")):
        draft.move((*location, "href"), url)


def _respell(draft: Draft, source: Path, target: Path) -> None:
    """Move a value to its new spelling when that is free."""
    if draft.has(source) and not draft.has(target):
        draft.move(source, target)


def _properties(draft: Draft) -> None:
    source: Path = ("properties",)
    if not draft.has(source):
        return
    if draft.opened(source) is None:
        draft.keep(source)
        return
    if draft.has(("properties", "properties")):
        source = draft.set_aside(source)
    for key in draft.names(source):
        path, origin = (*source, key), ("properties", key)
        if key in _RESERVED:
            draft.keep(path, origin)
        else:
            draft.move_or_keep(path, (key,), origin)
    draft.drop_empty(source)


def _root_timestamp(draft: Draft) -> None:
    root = ("event_timestamp",)
    if draft.has(root) and draft.opened(("context",)) is not None and not draft.has(CREATED):
        _respell(draft, root, EVENT_TIMESTAMP)


def _timestamp(draft: Draft) -> None:
    given = draft.read(EVENT_TIMESTAMP)
    if given is ABSENT:
        created = _milliseconds(draft.read(CREATED))
        if created is not None:
            draft.put(EVENT_TIMESTAMP, created)
        return
    converted = _milliseconds(given)
    if converted is not None and not (is_integer(given) and given == converted):
        draft.replace(EVENT_TIMESTAMP, converted)


def _milliseconds(value: object) -> int | None:
    try:
        return read_timestamp(value).ms
    except UnreadableTimestamp:
        return None


def _consent(draft: Draft) -> None:
    path = ("user", "consent_categories")
    user = draft.opened(("user",))
    items = draft.notation.items(user["consent_categories"]) if user and draft.has(path) else None
    texts = {index: draft.notation.integer(item) for index, item in enumerate(items or ())}
    integers = {index: text for index, text in texts.items() if text is not None}
    if integers:
        draft.replace_items(path, integers)


CONVERSION = (
    Change("context", "a root `context` that is no object is kept, an object takes its place", _free_context),
    Change(
        "event_name",
        "`event` becomes `event_name`",
        partial(_gather, spellings=("event_name", "event"), target=("event_name",)),
    ),
    Change(
        "event_id",
        "`event_id`, `event_Id` or `eventId` goes into `context`",
        partial(_gather, spellings=("event_id", "event_Id", "eventId"), target=EVENT_ID),
    ),
    Change(
        "event_timestamp",
        "`event_timestamp` or `eventTimestamp` goes into `context`",
        partial(_gather, spellings=("event_timestamp", "eventTimestamp"), target=EVENT_TIMESTAMP),
    ),
    Change("version", "the web container's `version` 1 becomes `context.version` 2", _web_version),
    Change("metadata", "`page`, `device`, `app` and other metadata of the root go into `context`", _metadata),
    Change("device", "`userAgent`, `ip` and `locale` go into `context.device`", _device),
    Change("page_url", "`page.location` becomes `page.url`", _page),
    Change(
        "user_agent",
        "`device.userAgent` becomes `device.user_agent`",
        partial(_respell, source=("context", "device", "userAgent"), target=("context", "device", "user_agent")),
    ),
    Change(
        "cookie",
        "`device.cookies` becomes `device.cookie`",
        partial(_respell, source=("context", "device", "cookies"), target=("context", "device", "cookie")),
    ),
    Change("created", "the web container's `properties.created` goes into `context`", _web_created),
    Change("properties", "everything under `properties` goes to the root", _properties),
)
"""What makes a 1.0 event a 2.0 event."""

CANONICAL = (
    Change(
        "context_event_id",
        "`context.eventId` becomes `context.event_id`",
        partial(_respell, source=("context", "eventId"), target=EVENT_ID),
    ),
    Change("root_timestamp", "`event_timestamp` at the root of a 2.0 event goes into `context`", _root_timestamp),
    Change("milliseconds", "`context.event_timestamp` becomes integer milliseconds", _timestamp),
    Change("consent", "integers in `user.consent_categories` become text", _consent),
)
"""What gives any 2.0 event its canonical form; applied to its own result it changes nothing."""

CHANGES = {change.name: change for change in (*CONVERSION, *CANONICAL)}
"""Every change by its name."""
