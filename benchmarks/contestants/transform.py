"""The upgrade as a script that one writes in an afternoon: on dicts, for the dialects of the corpus, without checks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

Object = dict[str, Any]

_DEVICE = {"userAgent": "user_agent", "ip": "ip", "locale": "lang"}
_METADATA = ("page", "device", "app", "source", "generatorVersion", "containerVersion")


def transform(event: Object) -> Object:
    """Return a 2.0 event from a 1.0 event, which is emptied."""
    properties = event.pop("properties")
    context: Object = {"event_id": event.pop("event_id", None) or event.pop("eventId")}
    result: Object = {"event_name": event.pop("event_name", None) or event.pop("event"), **properties}
    if event.pop("version", None):
        context["version"] = 2
        context["created"] = result.pop("created")
        time = context["created"]
    else:
        time = event.pop("event_timestamp", None) or event.pop("eventTimestamp")
    context["event_timestamp"] = _read_time(time)
    for key in _METADATA:
        if key in event:
            context[key] = event.pop(key)
    for key, name in _DEVICE.items():
        if key in event:
            context.setdefault("device", {})[name] = event.pop(key)
    _rename(context.get("page"), "location", "url")
    _rename(context.get("device"), "userAgent", "user_agent")
    _rename(context.get("device"), "cookies", "cookie")
    user = result["user"]
    user["consent_categories"] = [str(each) for each in user["consent_categories"]]
    return {**event, **result, "context": context}


def _read_time(time: str | int) -> int:
    if isinstance(time, int) or time.isdigit():
        return int(time)
    return round(datetime.fromisoformat(time).timestamp() * 1000)


def _rename(value: Object | None, old: str, new: str) -> None:
    if value and old in value:
        value[new] = value.pop(old)
