"""The upgrade a second time, written from the text of the contract: slow, obvious, and independent.

It imports nothing of tcspec. The laws compare the engine with it, and the expected events of the streams
among the fixtures come from it. It reads like the text it was written from, and meets all of the oracle.
"""

from __future__ import annotations

import copy

from slow_timestamps import milliseconds

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


def slow_upgrade(payload):
    """Upgrade an event, or each event of a batch, by the letter of the contract."""
    if not is_batch(payload):
        return slow_upgrade_event(payload)
    members = [slow_upgrade_event(each) if isinstance(each, dict) else copy.deepcopy(each) for each in payload["batch"]]
    return copy.deepcopy(payload) | {"batch": members}


def is_batch(payload):
    """Tell a list of events from an event that happens to have a property of that name."""
    of_an_event = {"event_name", "context", "properties", *LEGACY_KEYS}
    return isinstance(payload.get("batch"), list) and not of_an_event & payload.keys() and not is_legacy(payload)


def slow_upgrade_event(event):
    """Upgrade one event."""
    event = copy.deepcopy(event)
    if is_legacy(event):
        event = convert(event)
    return canonical(event)


def is_integer(value):
    """Tell a JSON integer from `true` and from `1.0`."""
    return type(value) is int


def is_legacy(event):
    """Detect the 1.0 format."""
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
    respell(context)
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


def take_first(event, spellings, place, name, context):
    """Move the value of the first present spelling to its new place, and keep those of the others."""
    present = [spelling for spelling in spellings if spelling in event]
    for spelling in present[:1]:
        place[name] = event.pop(spelling)
    for spelling in present[1:]:
        keep(context, (spelling,), event.pop(spelling))


def keep(context, path, value):
    """Put a value under `context.legacy.<original path>`, nested as it was."""
    place = context.setdefault("legacy", {})
    for name in path[:-1]:
        place = place.setdefault(name, {})
    place[path[-1]] = value


def move_root_keys(event, context):
    """Move what was metadata at the root into `context`, three keys of it into `context.device`."""
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


def respell(context):
    """Respell what older pages and devices called otherwise, where the new name is free."""
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


def canonical(event):
    """Bring a 2.0 event to its one canonical form."""
    context = event.get("context")
    if isinstance(context, dict):
        if "eventId" in context and "event_id" not in context:
            context["event_id"] = context.pop("eventId")
        if "event_timestamp" in event and "event_timestamp" not in context and "created" not in context:
            context["event_timestamp"] = event.pop("event_timestamp")
        settle_timestamp(context)
    user = event.get("user")
    if isinstance(user, dict) and isinstance(user.get("consent_categories"), list):
        user["consent_categories"] = [
            str(category) if is_integer(category) else category for category in user["consent_categories"]
        ]
    return event


def settle_timestamp(context):
    """Give `context.event_timestamp` as integer milliseconds, from `created` when there is none."""
    source = "event_timestamp" if "event_timestamp" in context else "created"
    ms = milliseconds(context.get(source))
    if ms is not None:
        context["event_timestamp"] = ms
