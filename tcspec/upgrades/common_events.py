"""A quick upgrade of the events that the vendor's clients send; tests prove it equal to the table in `changes`.

What is unusual (a place that is taken, a value without a place in 2.0, a batch, a text that may not be strict JSON) is
left to the table. An event is read once, and its values decide; what moves are the leaves of its notation. These are
the values where orjson writes a text as it was, and slices of the text where it does not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec
import orjson

from tcspec.jsontext.quick_reader import read_with_notation
from tcspec.timestamps import try_read_timestamp
from tcspec.upgrades.common_dialects import find_dialect
from tcspec.upgrades.event_editor import EventTime
from tcspec.upgrades.plans import find_plan
from tcspec.usual_timestamps import read_usual_timestamp

if TYPE_CHECKING:
    from collections.abc import Callable

    from tcspec.jsontext.reader import Limits
    from tcspec.upgrades.plans import Plan

Members = dict[str, Any]
"""The members of an object: leaves of a notation, and what was built of leaves."""


class CommonUpgrade(msgspec.Struct, frozen=True):
    """An upgraded event: its text, the changes, its time; its value and the dialect it had, if they were asked for."""

    payload: bytes
    changes: tuple[str, ...]
    time: EventTime | None
    document: dict[str, Any] | None
    dialect: str = ""


Common = CommonUpgrade | None


class _Notation(NamedTuple):
    """How a leaf that is an object, or an array, is opened into leaves of its own."""

    open_object: Callable[[Any], Members]
    open_array: Callable[[Any], list[Any]]


class _Unusual(Exception):  # noqa: N818 - a signal, no error
    """The event is one for the table."""


_VALUES: Final = _Notation(lambda members: members, list)
"""Objects are opened without a copy: who reads the event once may change it."""
_SLICES: Final = _Notation(
    msgspec.json.Decoder(dict[str, msgspec.Raw]).decode, msgspec.json.Decoder(list[msgspec.Raw]).decode
)

_ABSENT: Final = object()
_ADDED_LEVELS: Final = 2
"""How much deeper a value can be afterwards: `ip` moves into `context.device`."""


def upgrade_common(raw: bytes, limits: Limits, *, with_document: bool = False, with_dialect: bool = False) -> Common:
    """Upgrade an event in JSON text as the table does; return None when only the table can upgrade or refuse it."""
    event, is_plain = read_with_notation(raw, limits, spare_levels=_ADDED_LEVELS)
    if type(event) is not dict:
        return None
    dialect = find_dialect(event) if with_dialect else ""
    changes: list[str] = []
    document: Members | None
    try:
        if is_plain:
            document, time = _upgrade(event, event, _VALUES, changes)
            payload = orjson.dumps(document) if changes else raw
        else:
            slices, time = _upgrade(event, _SLICES.open_object(raw), _SLICES, changes)
            payload = msgspec.json.encode(slices) if changes else raw
            # The values last: they are moved within the event itself.
            document = _upgrade(event, event, _VALUES, [])[0] if with_document and changes else event
    except _Unusual:
        return None
    # What is added can make it exceed the limit.
    if len(payload) > limits.length:
        return None
    return CommonUpgrade(payload, tuple(changes), time, document if with_document else None, dialect)


def _upgrade(
    event: Members, leaves: Members, notation: _Notation, changes: list[str]
) -> tuple[Members, EventTime | None]:
    """Return the members of an upgraded event, and its time.

    Args:
        event: the members as values, which decide.
        leaves: the same members as leaves of a notation, of which the result consists.
        notation: how leaves are opened.
        changes: the names of the changes are added to it.

    Raises:
        _Unusual: when the event is one for the table.
    """
    if type(event.get("context")) is dict:
        root, user, time = _make_canonical(event, leaves, notation, changes)
    else:
        root, user, time = _convert(event, leaves, notation, changes)
    categories = user.get("consent_categories") if type(user) is dict else None
    # By type: True is an int in Python and stays as it is.
    if type(categories) is list and int in map(type, categories):
        members = notation.open_object(root["user"])
        items = zip(categories, notation.open_array(members["consent_categories"]), strict=True)
        members["consent_categories"] = [str(value) if type(value) is int else leaf for value, leaf in items]
        root["user"] = members
        changes.append("consent")
    return root, time


def _make_canonical(
    event: Members, leaves: Members, notation: _Notation, changes: list[str]
) -> tuple[Members, Any, EventTime | None]:
    """Return the members of a 2.0 event in canonical form, its user as a value, and its time."""
    values, root = event["context"], dict(leaves)
    context = notation.open_object(leaves["context"])
    timestamp, created = values.get("event_timestamp", _ABSENT), values.get("created", _ABSENT)
    if "eventId" in values and "event_id" not in values:
        context["event_id"] = context.pop("eventId")
        changes.append("context_event_id")
    if "event_timestamp" in event and timestamp is _ABSENT and created is _ABSENT:
        timestamp = event["event_timestamp"]
        context["event_timestamp"] = root.pop("event_timestamp")
        changes.append("root_timestamp")
    time = _convert_time(timestamp, created, context, changes)
    # An unchanged context keeps its bytes.
    if changes:
        root["context"] = context
    return root, event.get("user"), time


_DEVICE_RENAMES: Final = (("userAgent", "user_agent", "user_agent"), ("cookies", "cookie", "cookie"))
"""The old name, the new name, and the change."""


def _convert(
    event: Members, leaves: Members, notation: _Notation, changes: list[str]
) -> tuple[Members, Any, EventTime | None]:
    """Return the members of a 1.0 event as those of a 2.0 event, its user as a value, and its time."""
    version = event.get("version")
    # True and 1.0 are equal to 1, and no version of the web container.
    is_web = version == 1 and type(version) is int
    plan = find_plan(tuple(event), is_web)
    if plan is None:
        raise _Unusual
    name_key, staying, to_context, to_device, timestamp_key, applied = plan
    changes += applied
    root = {} if name_key is None else {"event_name": leaves[name_key]}
    for key in staying:
        root[key] = leaves[key]
    context = {name: leaves[key] for name, key in to_context}
    if is_web:
        context["version"] = 2
    page, device = event.get("page"), event.get("device", {})
    if to_device or (type(device) is dict and ("userAgent" in device or "cookies" in device)):
        _rearrange_device(device, plan, leaves, context, notation, changes)
    if type(page) is dict and "location" in page and "url" not in page:
        _rename_location(page["location"], context, notation, changes)
    created, user = event.get("created", _ABSENT), event.get("user")
    if "properties" in event:
        properties = event["properties"]
        if type(properties) is not dict:
            raise _Unusual
        members = notation.open_object(leaves["properties"])
        if is_web and "created" in properties:
            # Two values for one place: the table keeps the second one.
            if created is not _ABSENT:
                raise _Unusual
            created, context["created"] = properties["created"], members.pop("created")
            changes.append("created")
        _move_properties(members, root)
        changes.append("properties")
        user = properties.get("user", user)
    timestamp = event[timestamp_key] if timestamp_key else _ABSENT
    time = _convert_time(timestamp, created, context, changes)
    root["context"] = context
    return root, user, time


def _rearrange_device(  # noqa: PLR0913, PLR0917 - what a conversion knows
    device: Any,  # noqa: ANN401 - any JSON value
    plan: Plan,
    leaves: Members,
    context: Members,
    notation: _Notation,
    changes: list[str],
) -> None:
    """Move members of the root into the device, and give its own their new names."""
    names = [name for name, _ in plan.device]
    if type(device) is not dict or (names and not device.keys().isdisjoint((*names, "userAgent"))):
        raise _Unusual
    members = notation.open_object(leaves["device"]) if "device" in leaves else {}
    for name, key in plan.device:
        members[name] = leaves[key]
    for old, new, change in _DEVICE_RENAMES:
        if old in members and new not in members:
            members[new] = members.pop(old)
            changes.append(change)
            names.append(new)
    # An unchanged device keeps its bytes.
    if names:
        context["device"] = members


def _rename_location(location: object, context: Members, notation: _Notation, changes: list[str]) -> None:
    """Rename the location of a page that is a text to `url`."""
    if type(location) is str:
        members = notation.open_object(context["page"])
        members["url"] = members.pop("location")
        context["page"] = members
        changes.append("page_url")
    elif type(location) is dict and "href" in location:
        raise _Unusual


def _move_properties(properties: Members, root: Members) -> None:
    """Move the properties to the root, where none may have the place of another member."""
    count = len(root) + len(properties)
    root |= properties
    # `event_timestamp` would move on from the root, as that of a 2.0 event does.
    is_reserved = "event_name" in properties or "context" in properties or "event_timestamp" in properties
    if len(root) != count or is_reserved or "properties" in properties:
        raise _Unusual


def _convert_time(timestamp: object, created: object, context: Members, changes: list[str]) -> EventTime | None:
    """Convert the time of a context to milliseconds, or add it from when the event was created, and return it."""
    value = created if timestamp is _ABSENT else timestamp
    if value is _ABSENT:
        return None
    read = read_usual_timestamp(value)
    if read is None:
        reading = try_read_timestamp(value)
        if reading is None:
            return None
        # What is cut off is kept beside the timestamp; of `created` it stays where it is.
        if not reading.exact and timestamp is not _ABSENT:
            raise _Unusual
        read = reading.ms, reading.unit
    elif type(timestamp) is int:
        return EventTime(timestamp)
    context["event_timestamp"] = read[0]
    changes.append("milliseconds")
    return EventTime(*read)
