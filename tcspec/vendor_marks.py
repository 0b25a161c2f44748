"""What shows the format of another vendor beyond single names: tests of names and values together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

View = Mapping[str, Any]
"""The members of the root, of `properties` and of `context` as one object."""

_CALLS = frozenset({"track", "page", "screen", "identify", "group", "alias"})
_GTAG = frozenset({"event", "config", "set", "js", "consent", "get"})
_MEASUREMENTS = frozenset({"params", "client_id", "app_instance_id"})
_PURCHASES = frozenset(
    {"items", "transaction_id", "value", "currency", "currencyCode", "purchase", "refund", "add", "remove", "detail"}
    | {"impressions", "click", "checkout", "promoView", "promoClick", "promotions", "products", "actionField"}
)


def _is_text(value: object, *starts: str) -> bool:
    return isinstance(value, str) and value.startswith(starts)


def _has_prefix(view: View, *starts: str) -> bool:
    return any(name.startswith(starts) for name in view)


def _name(view: View) -> object:
    # After an upgrade the name of an event is in `event_name`.
    return view.get("event", view.get("event_name"))


def _iter_objects(value: object) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def iter_items(view: View) -> list[Mapping[str, Any]]:
    """Return the items of an object, wherever other vendors have them: at the root or in `ecommerce`."""
    ecommerce = view.get("ecommerce")
    inner = ecommerce.get("items") if isinstance(ecommerce, dict) else None
    return [*_iter_objects(view.get("items")), *_iter_objects(view.get("products")), *_iter_objects(inner)]


def iter_first_events(view: View) -> list[Mapping[str, Any]]:
    """Return the first event, or purchase, of a body with several."""
    lists = (_iter_objects(view.get(name)) for name in ("data", "events", "purchases"))
    return [events[0] for events in lists if events]


def is_segment(view: View) -> bool:
    """Return whether it is a call of Segment: one by its `type`, or by the person whom it is about."""
    call = view.get("type")
    # Beside `event_name` a `userId` or an `anonymousId` is a custom property of an event.
    return (isinstance(call, str) and call in _CALLS and not _SEGMENT.isdisjoint(view)) or (
        not PERSONS.isdisjoint(view) and "event_name" not in view and ("event" in view or "traits" in view)
    )


def is_snowplow(view: View) -> bool:
    """Return whether it is an event of Snowplow: self-describing JSON, or a row of its table of events."""
    return _is_text(view.get("schema"), "iglu:") or _has_prefix(view, "contexts_", "unstruct_event_")


def is_posthog(view: View) -> bool:
    """Return whether it is an event of PostHog, by the start of its name or of its key."""
    return (
        _is_text(_name(view), "$")
        or _is_text(view.get("token"), "phc_")
        or _is_text(view.get("api_key"), "phc_")
        or ("distinct_id" in view and "uuid" in view)
    )


def is_mixpanel(view: View) -> bool:
    """Return whether it is an event or a change of a profile of Mixpanel: two of its names, one of them its own."""
    # `time` and `token` are common names: one of Mixpanel's own has to be there too.
    return not _MIXPANEL.isdisjoint(view) and len((_MIXPANEL | {"time", "token", "$set"}).intersection(view)) > 1


def is_amplitude(view: View) -> bool:
    """Return whether it is an event of Amplitude, a body with several, or a change of a user."""
    is_call = "event_name" not in view and (
        ("event_type" in view and not _AMPLITUDE.isdisjoint(view))
        or ("user_properties" in view and "user_id" in view and "events" not in view)
    )
    # Beside `event_name` most of these names are those of custom properties.
    is_wrapped = "event_type" in view and "event_properties" in view
    return is_call or is_wrapped or any("event_type" in event for event in _iter_objects(view.get("events")))


def is_adobe(view: View) -> bool:
    """Return whether it is an event of Adobe: one or several in XDM as they are sent, or one of its data layer."""
    name = _name(view)
    return (
        (isinstance(name, dict) and "xdm" in name)
        or any("xdm" in event for event in _iter_objects(view.get("events")))
        or (_is_text(name, "cmp:") and isinstance(view.get("eventInfo"), dict))
    )


def is_heap(view: View) -> bool:
    """Return whether it is a body of Heap with several events."""
    events = _iter_objects(view.get("events")) if "app_id" in view else []
    return any("identity" in event and "event" in event for event in events)


def is_matomo(view: View) -> bool:
    """Return whether it is a body of Matomo with several hits."""
    requests = view.get("requests")
    # The first shows what they are: there may be thousands.
    first = requests[0] if isinstance(requests, list) and requests else None
    return isinstance(first, str | dict) and ("idsite=" if isinstance(first, str) else "idsite") in first


def is_mparticle(view: View) -> bool:
    """Return whether it is a batch of mParticle."""
    events = _iter_objects(view.get("events"))
    return any("event_type" in event and isinstance(event.get("data"), dict) for event in events)


def is_piano(view: View) -> bool:
    """Return whether it is an event of Piano Analytics, or a body with several: one is standard, or its SDK sent it."""
    # Beside `event_name` these two are custom properties.
    events = [*([] if "event_name" in view else [view]), *_iter_objects(view.get("events"))]
    return any(
        isinstance(each.get("data"), dict)
        and isinstance(each.get("name"), str)
        and (each["name"] in _PIANO or "event_collection_platform" in each["data"])
        for each in events
    )


def is_measurement(view: View) -> bool:
    """Return whether it is a hit of the Measurement Protocol: a list of events with parameters, or one of them."""
    events = _iter_objects(view.get("events"))
    is_hit = any("name" in event for event in events) and (
        not _MEASUREMENTS.isdisjoint(view) or any("params" in event for event in events)
    )
    is_event = isinstance(view.get("params"), dict) and isinstance(view.get("name"), str) and "event_name" not in view
    return is_hit or is_event


def is_tealium(view: View) -> bool:
    """Return whether it is an event of Tealium: its name is in a property of its own."""
    return "tealium_event" in view and "event_name" not in view


def is_meta(view: View) -> bool:
    """Return whether it is an event of Meta: of its Conversions API, several of them, or one of its pixel."""
    # Google Analytics has an `ev` too, which is a number.
    name = view.get("ev")
    is_pixel = isinstance(name, str) and not name.isdigit() and "id" in view and len(_META_PIXEL.intersection(view)) > 1
    return is_pixel or _is_conversion(view, _META_SOURCES)


def is_conversion(view: View) -> bool:
    """Return whether it is an event of a Conversions API that is like Meta's."""
    return _is_conversion(view, _OTHER_SOURCES)


def _is_conversion(view: View, sources: frozenset[str]) -> bool:
    return any(
        isinstance(event.get("action_source"), str)
        and event["action_source"] in sources
        and ("user_data" in event or "custom_data" in event)
        and ("event_time" in event or "event_source_url" in event)
        for event in [view, *_iter_objects(view.get("data"))]
    )


def is_braze(view: View) -> bool:
    """Return whether it is an event or a purchase of Braze, or a body with several."""
    # Beside `event_name` its names are those of custom properties.
    events = [*([] if "event_name" in view else [view]), *_iter_objects(view.get("events"))]
    return any(
        not _BRAZE.isdisjoint(event) and "time" in event and ("name" in event or "product_id" in event)
        for event in [*events, *_iter_objects(view.get("purchases"))]
    )


def is_tiktok(view: View) -> bool:
    """Return whether it is an event of TikTok for one of its pixels."""
    return "pixel_code" in view and "event" in view and "event_name" not in view


def is_klaviyo(view: View) -> bool:
    """Return whether it is an event of Klaviyo, of its older API, or a body with several."""
    data = view.get("data")
    attributes = data.get("attributes") if isinstance(data, dict) and "type" in data else None
    is_call = isinstance(attributes, dict) and not _KLAVIYO.isdisjoint(attributes)
    return is_call or ("customer_properties" in view and "token" in view)


def has_foreign_items(view: View) -> bool:
    """Return whether an item has the names of GA4, and neither of the two that items have here."""
    return any(
        not {"item_id", "item_name"}.isdisjoint(item) and "id" not in item and "product" not in item
        for item in iter_items(view)
    )


def is_data_layer(view: View) -> bool:
    """Return whether it is a message of the dataLayer: of GTM itself, with `ecommerce`, or a command of gtag."""
    # gtag pushes its arguments, which as JSON are an object with the keys 0, 1, ...
    ecommerce, command = view.get("ecommerce"), view.get("0")
    return (
        _is_text(_name(view), "gtm.")
        or _has_prefix(view, "gtm.")
        or (isinstance(ecommerce, dict) and not _PURCHASES.isdisjoint(ecommerce))
        or view == {"ecommerce": None}
        or (isinstance(command, str) and command in _GTAG and "1" in view)
    )


_SEGMENT = frozenset(
    {"anonymousId", "groupId", "messageId", "originalTimestamp", "previousId", "receivedAt", "sentAt", "traits"}
    | {"userId", "writeKey"}
)
PERSONS = frozenset({"userId", "anonymousId"})
MOVED = PERSONS | {"pixel_code"}
"""The names that show a format in the context, where an upgrade moves them from the root."""
_MIXPANEL = frozenset({"$distinct_id", "$insert_id", "$token", "distinct_id"})
_AMPLITUDE = frozenset(
    {"$insert_id", "device_id", "event_properties", "event_time", "insert_id", "platform", "session_id", "time"}
    | {"user_id", "user_properties"}
)

_PIANO = frozenset(
    {"click.action", "click.download", "click.exit", "click.navigation", "page.display", "transaction.confirmation"}
    | {"product.add_to_cart", "product.display", "product.page_display", "product.purchased", "av.play", "av.start"}
    | {"internal_search_result.display", "publisher.impression", "self_promotion.impression"}
)
"""The names of its standard events."""

_META_PIXEL = frozenset({"cd", "dl", "fbp", "if", "it", "rl", "rqm"})
_META_SOURCES = frozenset(
    {"app", "business_messaging", "chat", "email", "other", "phone_call", "physical_store", "system_generated"}
    | {"website"}
)
_OTHER_SOURCES = frozenset({"MOBILE_APP", "OFFLINE", "WEB", "app_android", "app_ios", "offline", "web"})
_BRAZE = frozenset({"braze_id", "external_id", "user_alias"})
_KLAVIYO = frozenset({"events-bulk-create", "metric"})

TESTED_NAMES = (
    _BRAZE
    | {"action_source", "customer_properties", "ev", "pixel_code", "purchases", "tealium_event"}
    | _SEGMENT
    | _MIXPANEL
    | {"0", "api_key", "data", "ecommerce", "eventInfo", "event_type", "events", "params", "requests", "schema"}
    | {"token", "user_properties"}
)
"""The names without which none of the tests passes, but for those that the functions below look at."""


def has_vendor_prefix(names: str) -> bool:
    """Return whether one of the names in a text starts as only those of another vendor may."""
    # One search for each start in all names takes less time than one in each name.
    return "contexts_" in names or "unstruct_event_" in names or "gtm." in names


def has_vendor_value(part: View) -> bool:
    """Return whether the event name or the items of a part of an object may be those of another vendor."""
    return (
        ("event_name" in part and _is_foreign_name(part["event_name"]))
        or ("event" in part and _is_foreign_name(part["event"]))
        or ("items" in part and _has_foreign_item(part["items"]))
        or ("products" in part and _has_foreign_item(part["products"]))
    )


def _is_foreign_name(name: object) -> bool:
    if isinstance(name, str):
        return name.startswith(("$", "gtm."))
    return isinstance(name, dict) and "xdm" in name


def _has_foreign_item(items: object) -> bool:
    if isinstance(items, list):
        for item in items:
            if isinstance(item, dict) and ("item_id" in item or "item_name" in item):
                return True
    return False
