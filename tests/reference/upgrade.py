"""A second implementation of the upgrade, written from the text of the contract: slow, simple and independent.

It imports nothing of tcspec. Tests compare the engine with it, the expected events of `fixtures/streams` come from it,
and it upgrades every payload of the oracle exactly.
"""

from __future__ import annotations

import copy

from reference.timestamps import read_timestamp

LEGACY_KEYS = (
    "event",
    "event_id",
    "event_Id",
    "eventId",
    "event_timestamp",
    "eventTimestamp",
    "page",
    "device",
    "app",
)
STAY_AT_ROOT = ("user", "integrations", "partners")
INTO_DEVICE = {"userAgent": "user_agent", "ip": "ip", "locale": "lang"}


def reference_upgrade(payload):
    """Upgrade an event, or each event of a batch."""
    if not is_batch(payload):
        return upgrade_event(payload)
    members = [upgrade_event(each) if isinstance(each, dict) else copy.deepcopy(each) for each in payload["batch"]]
    return copy.deepcopy(payload) | {"batch": members}


def is_batch(payload):
    """Return whether a payload is a batch, and not an event with a custom property `batch`."""
    event_keys = {"event_name", "context", "properties", *LEGACY_KEYS}
    return isinstance(payload.get("batch"), list) and not event_keys & payload.keys() and not is_legacy(payload)


def upgrade_event(event):
    """Upgrade one event."""
    event = copy.deepcopy(event)
    origin = ("context", "event_timestamp")
    if is_legacy(event):
        origin = next(((key,) for key in ("event_timestamp", "eventTimestamp") if key in event), origin)
        event = convert(event)
    return to_canonical(event, origin)


def is_integer(value):
    """Return whether a value is a JSON integer: neither `true` nor `1.0`."""
    return type(value) is int


def is_legacy(event):
    """Return whether an event is in the 1.0 format."""
    if isinstance(event.get("context"), dict):
        return False
    return (
        isinstance(event.get("properties"), dict)
        or any(key in event for key in LEGACY_KEYS)
        or (is_integer(event.get("version")) and event["version"] == 1)
    )


def convert(event):
    """Apply changes 1 to 5 to a 1.0 event; changes 6 and 7 are part of the canonical form."""
    upgraded, context = {}, {}
    take_first(event, ("event_name", "event"), upgraded, "event_name", context)
    take_first(event, ("event_id", "event_Id", "eventId"), context, "event_id", context)
    take_first(event, ("event_timestamp", "eventTimestamp"), context, "event_timestamp", context)
    is_web = is_integer(event.get("version")) and event["version"] == 1
    if is_web:
        del event["version"]
        context["version"] = 2
    for key in [key for key in event if key in STAY_AT_ROOT]:
        upgraded[key] = event.pop(key)
    properties = event.pop("properties", {})
    move_root_keys(event, context)
    rename_keys(context)
    if not isinstance(properties, dict):
        keep(context, ("properties",), properties)
        properties = {}
    if is_web and "created" in properties and "created" not in context:
        context["created"] = properties.pop("created")
    for key, value in properties.items():
        if key in ("event_name", "context") or key in upgraded or (is_web and key == "created"):
            keep(context, ("properties", key), value)
        else:
            upgraded[key] = value
    return {**upgraded, "context": context}


def take_first(event, names, target, name, context):
    """Move the value of the first name that is present to its new name, and keep the values of the others."""
    present = [each for each in names if each in event]
    for each in present[:1]:
        target[name] = event.pop(each)
    for each in present[1:]:
        keep(context, (each,), event.pop(each))


def keep(context, path, value):
    """Keep a value under `context.legacy.<original path>`, nested as it was."""
    target = context.setdefault("legacy", {})
    for name in path[:-1]:
        target = target.setdefault(name, {})
    target[path[-1]] = value


def move_root_keys(event, context):
    """Move the other root keys into `context`, and three of them into `context.device`."""
    for key in list(event):
        if key in ("context", "legacy"):
            keep(context, (key,), event.pop(key))
        elif key not in INTO_DEVICE:
            context[key] = event.pop(key)
    for key in list(event):
        device = context.get("device", {})
        taken = not isinstance(device, dict) or INTO_DEVICE[key] in device
        if taken or (key == "userAgent" and "userAgent" in device):
            context[key] = event.pop(key)
        else:
            context.setdefault("device", device)[INTO_DEVICE[key]] = event.pop(key)


def rename_keys(context):
    """Rename old keys of `page` and `device` where the new name is free."""
    page = context.get("page")
    if isinstance(page, dict) and "url" not in page:
        location = page.get("location")
        if isinstance(location, str):
            page["url"] = page.pop("location")
        elif isinstance(location, dict) and "href" in location:
            page["url"] = location.pop("href")
    device = context.get("device")
    if isinstance(device, dict):
        for old, new in (("userAgent", "user_agent"), ("cookies", "cookie")):
            if old in device and new not in device:
                device[new] = device.pop(old)


def to_canonical(event, origin):
    """Bring a 2.0 event into its canonical form; its timestamp comes from a path."""
    context = event.get("context")
    if isinstance(context, dict):
        if "eventId" in context and "event_id" not in context:
            context["event_id"] = context.pop("eventId")
        if "event_timestamp" in event and "event_timestamp" not in context and "created" not in context:
            context["event_timestamp"] = event.pop("event_timestamp")
            origin = ("event_timestamp",)
        convert_timestamp(context, origin)
    user = event.get("user")
    if isinstance(user, dict) and isinstance(user.get("consent_categories"), list):
        user["consent_categories"] = [
            str(category) if is_integer(category) else category for category in user["consent_categories"]
        ]
    return event


def convert_timestamp(context, origin):
    """Write `context.event_timestamp` as integer milliseconds, from `created` when it is absent.

    What is finer than a millisecond is kept under `context.legacy`, or else the timestamp stays as it is.
    """
    source = "event_timestamp" if "event_timestamp" in context else "created"
    reading = read_timestamp(context.get(source))
    if reading is None:
        return
    ms, _, is_exact = reading
    if not is_exact and source == "event_timestamp":
        if not has_place(context, origin):
            return
        keep(context, origin, context["event_timestamp"])
    context["event_timestamp"] = ms


def has_place(context, path):
    """Return whether nothing is at a path under `context.legacy`, and only objects are on the way."""
    holder = context.get("legacy", {})
    for name in path[:-1]:
        holder = holder.get(name, {}) if isinstance(holder, dict) else None
    return isinstance(holder, dict) and path[-1] not in holder
