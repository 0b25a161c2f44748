"""How each generation of clients wrote an event down, and how common it is in a store."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.shop import Object, Occurrence


def _to_iso(ms: int) -> str:
    seconds, rest = divmod(ms, 1000)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{rest:03}Z"


def _without(value: Object, *keys: str) -> Object:
    return {key: each for key, each in value.items() if key not in keys}


def _with_integers(user: Object) -> Object:
    """Return a user as servers of the 1.0 format wrote it, with integers for consent categories."""
    old = _without(user, "consistent_anonymous_id")
    return old | {"consent_categories": [int(each) for each in user["consent_categories"]]}


def _to_old_page(page: Object) -> Object:
    return {("location" if key == "url" else key): each for key, each in page.items()}


def _write_v0(it: Occurrence) -> Object:
    device = {"userAgent": it.browser["user_agent"], "ip": it.browser["ip"], "cookies": it.browser["cookie"]}
    properties = it.properties | {"user": _with_integers(it.user)}
    return {"event": it.name, "eventId": it.id, "properties": properties, "device": device}


def _write_v0_camel_iso(it: Occurrence) -> Object:
    return _write_v0(it) | {"eventTimestamp": _to_iso(it.ms)}


def _write_v0_camel_ms(it: Occurrence) -> Object:
    return _write_v0(it) | {"eventTimestamp": str(it.ms)}


def _write_v0_source(it: Occurrence) -> Object:
    return _write_v0(it) | {"source": {"name": "caisse", "version": "0.3"}, "eventTimestamp": _to_iso(it.ms)}


def _write_v0_snake(it: Occurrence) -> Object:
    properties = it.properties | {"user": _with_integers(it.user)}
    device = {"user_agent": it.browser["user_agent"], "ip": it.browser["ip"]}
    return {
        "event": it.name,
        "event_id": it.id,
        "properties": properties,
        "device": device,
        "event_timestamp": str(it.ms),
    }


def _write_v1_mobile(it: Occurrence) -> Object:
    return _write_v1_android(it) | {"event_timestamp": str(it.ms)}


def _write_v1_android(it: Occurrence) -> Object:
    properties = it.properties | {"user": _without(it.user, "consistent_anonymous_id")}
    names = {"event_name": it.name, "event_id": it.id, "properties": properties}
    return names | {"device": it.phone, "app": it.app, "event_timestamp": it.ms}


def _write_v1_web_early(it: Occurrence) -> Object:
    properties = it.properties | {"user": _with_integers(it.user), "url": it.page["url"], "title": it.page["title"]}
    names = {"event_name": it.name, "event_id": it.id, "properties": properties}
    return names | {"locale": it.browser["lang"], "userAgent": it.browser["user_agent"], "event_timestamp": str(it.ms)}


def _write_v1_web(it: Occurrence) -> Object:
    properties = it.properties | {"user": it.user, "url": it.page["url"], "title": it.page["title"]}
    names = {"event_name": it.name, "event_id": it.id, "properties": properties, "page": it.page, "device": it.browser}
    return names | {"event_timestamp": str(it.ms), "generatorVersion": "76.0", "containerVersion": "3.11"}


def _write_v1_web_container(it: Occurrence) -> Object:
    properties = it.properties | {"user": it.user, "url": it.page["url"], "created": _to_iso(it.ms)}
    names = {"event": it.name, "properties": properties, "page": _to_old_page(it.page), "device": it.browser}
    return names | {"eventId": it.id, "version": 1, "generatorVersion": "1.0.0", "containerVersion": "1.02"}


def _write_v1_http(it: Occurrence) -> Object:
    properties = it.properties | {"user": _with_integers(it.user)}
    names = {"event_name": it.name, "event_id": it.id, "event_timestamp": it.ms, "properties": properties}
    return names | {"page": _to_old_page(it.page), "device": _without(it.browser, "screen")}


def _write_v2(it: Occurrence, user: Object, context: Object) -> Object:
    return {"event_name": it.name, **it.properties, "user": user, "context": context}


def _write_v2_web_container(it: Occurrence) -> Object:
    ids = {"eventId": it.id, "version": 2, "created": _to_iso(it.ms)}
    versions = {"generatorVersion": "103.8", "containerVersion": "259"}
    return _write_v2(it, it.user, {"page": it.page, "device": it.browser, **ids, **versions})


def _write_v2_mobile(it: Occurrence) -> Object:
    context = {"event_id": it.id, "device": it.phone, "app": it.app, "event_timestamp": it.ms}
    return _write_v2(it, it.user, context)


def _write_v2_openapi(it: Occurrence) -> Object:
    context = {"event_id": it.id, "event_timestamp": it.ms, "page": it.page, "device": it.browser}
    return _write_v2(it, it.user, context)


def _write_v2_http_caid(it: Occurrence) -> Object:
    context = {"event_id": it.id, "event_timestamp": str(it.ms), "page": it.page, "device": it.browser}
    return _write_v2(it, it.user, context)


def _write_v2_http(it: Occurrence) -> Object:
    context = {"event_id": it.id, "event_timestamp": it.ms, "device": _without(it.browser, "screen")}
    return _write_v2(it, _without(it.user, "consistent_anonymous_id"), context)


Writer = "Callable[[Occurrence], Object]"

LEGACY: dict[str, tuple[int, Writer]] = {
    "v1_mobile": (24, _write_v1_mobile),
    "v1_android": (12, _write_v1_android),
    "v1_web": (22, _write_v1_web),
    "v1_web_container": (14, _write_v1_web_container),
    "v1_http": (12, _write_v1_http),
    "v1_web_early": (3, _write_v1_web_early),
    "v0_camel_iso": (5, _write_v0_camel_iso),
    "v0_camel_ms": (3, _write_v0_camel_ms),
    "v0_snake": (3, _write_v0_snake),
    "v0_source": (2, _write_v0_source),
}
"""The dialects of the 1.0 format whose upgrade meets the contract: how many of a hundred events, and their writer."""

CURRENT: dict[str, tuple[int, Writer]] = {
    "v2_web_container": (38, _write_v2_web_container),
    "v2_mobile": (32, _write_v2_mobile),
    "v2_openapi": (14, _write_v2_openapi),
    "v2_http": (12, _write_v2_http),
    "v2_http_caid": (4, _write_v2_http_caid),
}
"""The dialects of the 2.0 format, likewise."""

KINDS = {"legacy": LEGACY, "current": CURRENT}

CLEAN = ("v2_mobile", "v2_openapi")
"""The dialects about which no rule has a hint; the others use names that are not the documented ones."""
