"""The formats of other vendors: the marks that show them, and what their names are in an event.

Such an object is never converted by guesses: it is named, so that whoever knows the data maps it. The marks are looked
for at the root, in `properties` and in `context`, where an upgrade moves what was at the root: a format is recognised
before an upgrade and after it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

View = Mapping[str, Any]
"""The members of the root, of `properties` and of `context` as one object."""


class Vendor(NamedTuple):
    """A format of another vendor: its marks, the test beyond them, and the names of the properties here.

    An object has the format when it has one of `marks`, two of `pairs`, or passes the test.
    """

    name: str
    marks: frozenset[str] = frozenset()
    pairs: frozenset[str] = frozenset()
    test: Callable[[View], bool] = lambda _: False
    names: Mapping[str, str] = MappingProxyType({})

    def fits(self, view: View) -> bool:
        """Return whether an object has the format."""
        names = view.keys()
        has_pair = bool(self.pairs) and len(self.pairs & names) > 1
        return has_pair or not names.isdisjoint(self.marks) or self.test(view)

    def mapping(self, view: View) -> Mapping[str, str]:
        """Return what those of its names that an object, or an item of it, has are here."""
        ecommerce = view.get("ecommerce")
        present = view.keys() | (ecommerce.keys() if isinstance(ecommerce, dict) else set())
        in_items = {name for item in _iter_items(view) if "product" not in item for name in item}
        return {name: here for name, here in self.names.items() if name in present} | {
            name: f"items[].{here}" for name, here in ITEM_NAMES.items() if name in in_items
        }


ITEM_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "item_id": "id",
        "item_name": "product.name",
        "item_brand": "product.brand",
        "item_category": "product.category_1",
        **{f"item_category{level}": f"product.category_{level}" for level in range(2, 6)},
        **{f"item_category_{level}": f"product.category_{level}" for level in range(1, 6)},
        "item_variant": "variant",
        "item_coupon": "coupon",
        "item_price": "product.price",
        "item_quantity": "quantity",
        "index": "list_position",
        "position": "list_position",
        "product_id": "product.id",
        "product_name": "product.name",
        "sku": "product.id",
        "name": "product.name",
        "brand": "product.brand",
        "category": "product.category_1",
    }
)
"""The names that other vendors have in items, with the path of each in an item here."""

_ORDER = {
    "transaction_id": "id",
    "order_id": "id",
    "orderId": "id",
    "total": "value",
    "tax": "tax_amount",
    "shipping": "shipping_amount",
    "products": "items",
}
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


def _iter_items(view: View) -> list[Mapping[str, Any]]:
    ecommerce = view.get("ecommerce")
    inner = ecommerce.get("items") if isinstance(ecommerce, dict) else None
    return [*_iter_objects(view.get("items")), *_iter_objects(view.get("products")), *_iter_objects(inner)]


def _is_segment(view: View) -> bool:
    call = view.get("type")
    return (isinstance(call, str) and call in _CALLS and not _SEGMENT.isdisjoint(view)) or (
        not _PERSONS.isdisjoint(view) and "event_name" not in view and ("event" in view or "traits" in view)
    )


def _is_snowplow(view: View) -> bool:
    return _is_text(view.get("schema"), "iglu:") or _has_prefix(view, "contexts_", "unstruct_event_")


def _is_posthog(view: View) -> bool:
    return (
        _is_text(_name(view), "$")
        or _is_text(view.get("token"), "phc_")
        or _is_text(view.get("api_key"), "phc_")
        or ("distinct_id" in view and "uuid" in view)
    )


def _is_mixpanel(view: View) -> bool:
    return not _MIXPANEL.isdisjoint(view) and len((_MIXPANEL | {"time", "token", "$set"}) & view.keys()) > 1


def _is_amplitude(view: View) -> bool:
    is_call = "event_name" not in view and (
        ("event_type" in view and not _AMPLITUDE.isdisjoint(view))
        or ("user_properties" in view and "user_id" in view and "events" not in view)
    )
    return is_call or any("event_type" in event for event in _iter_objects(view.get("events")))


def _is_measurement(view: View) -> bool:
    """Return whether it is a hit of the Measurement Protocol: a list of events with parameters, or one of them."""
    events = _iter_objects(view.get("events"))
    is_hit = any("name" in event for event in events) and (
        not _MEASUREMENTS.isdisjoint(view) or any("params" in event for event in events)
    )
    is_event = isinstance(view.get("params"), dict) and isinstance(view.get("name"), str) and "event_name" not in view
    return is_hit or is_event


def _has_foreign_items(view: View) -> bool:
    return any(
        not {"item_id", "item_name"}.isdisjoint(item) and "id" not in item and "product" not in item
        for item in _iter_items(view)
    )


def _is_data_layer(view: View) -> bool:
    ecommerce, command = view.get("ecommerce"), view.get("0")
    return (
        _is_text(_name(view), "gtm.")
        or _has_prefix(view, "gtm.")
        or (isinstance(ecommerce, dict) and not _PURCHASES.isdisjoint(ecommerce))
        or (isinstance(command, str) and command in _GTAG and "1" in view)
    )


_SEGMENT = frozenset(
    {"anonymousId", "groupId", "messageId", "originalTimestamp", "previousId", "receivedAt", "sentAt", "traits"}
    | {"userId", "writeKey"}
)
_PERSONS = frozenset({"userId", "anonymousId"})
_MOVED_PERSONS = frozenset(f"context.{name}" for name in _PERSONS)
"""Where an upgrade moves who a call of Segment is about; no event has such names in its context."""
_MIXPANEL = frozenset({"$distinct_id", "$insert_id", "$token", "distinct_id"})
_AMPLITUDE = frozenset(
    {"$insert_id", "device_id", "event_properties", "event_time", "insert_id", "platform", "session_id", "time"}
    | {"user_id", "user_properties"}
)

VENDORS = (
    Vendor(
        "Snowplow",
        frozenset({"collector_tstamp", "derived_tstamp", "dvce_created_tstamp", "etl_tstamp", "unstruct_event"}),
        frozenset({"e", "tv"}),
        _is_snowplow,
        MappingProxyType({"event_id": "context.event_id", "collector_tstamp": "context.event_timestamp"}),
    ),
    Vendor(
        "Google Analytics 4 (BigQuery export)",
        frozenset({"event_bundle_sequence_id", "event_params", "event_previous_timestamp", "user_pseudo_id"}),
        names=MappingProxyType(
            {
                "event_params": "the root of the event",
                "event_timestamp": "context.event_timestamp",
                "user_id": "user.id",
                **_ORDER,
            }
        ),
    ),
    Vendor(
        "Amplitude",
        frozenset({"amplitude_id", "amplitude_event_type"}),
        test=_is_amplitude,
        names=MappingProxyType(
            {
                "event_type": "event_name",
                "event_properties": "the root of the event",
                "insert_id": "context.event_id",
                "$insert_id": "context.event_id",
                "time": "context.event_timestamp",
                "event_time": "context.event_timestamp",
                "user_id": "user.id",
            }
        ),
    ),
    Vendor(
        "PostHog",
        frozenset({"$lib", "$pageview_id", "$process_person_profile", "$session_id", "$window_id"}),
        test=_is_posthog,
        names=MappingProxyType(
            {
                "event": "event_name",
                "uuid": "context.event_id",
                "timestamp": "context.event_timestamp",
                "distinct_id": "user.id",
            }
        ),
    ),
    Vendor(
        "Mixpanel",
        frozenset({"$mp_api_endpoint", "$mp_api_timestamp_ms", "mp_country_code", "mp_lib", "mp_processing_time_ms"}),
        test=_is_mixpanel,
        names=MappingProxyType(
            {
                "event": "event_name",
                "$insert_id": "context.event_id",
                "time": "context.event_timestamp",
                "distinct_id": "user.id",
            }
        ),
    ),
    Vendor(
        "PostHog or Mixpanel",
        frozenset({"distinct_id"}),
        names=MappingProxyType(
            {"event": "event_name", "timestamp": "context.event_timestamp", "distinct_id": "user.id"}
        ),
    ),
    Vendor(
        "Segment",
        frozenset({"uuid_ts"}) | _MOVED_PERSONS,
        frozenset(
            {"anonymousId", "messageId", "originalTimestamp", "receivedAt", "sentAt", "writeKey"}
            | {"anonymous_id", "event_text", "original_timestamp", "received_at", "sent_at"}
        ),
        _is_segment,
        MappingProxyType(
            {
                "event": "event_name",
                "messageId": "context.event_id",
                "timestamp": "context.event_timestamp",
                "original_timestamp": "context.event_timestamp",
                "userId": "user.id",
                "traits": "user",
                **_ORDER,
            }
        ),
    ),
    Vendor(
        "Google Analytics 4 (Measurement Protocol)",
        frozenset({"app_instance_id", "non_personalized_ads", "timestamp_micros"}),
        frozenset({"cid", "en", "tid"}),
        _is_measurement,
        MappingProxyType(
            {
                "name": "event_name",
                "params": "the root of the event",
                "timestamp_micros": "context.event_timestamp",
                "user_id": "user.id",
            }
        ),
    ),
    Vendor(
        "dataLayer of Google Tag Manager",
        frozenset({"eventModel"}),
        test=_is_data_layer,
        names=MappingProxyType({"event": "event_name", "ecommerce": "the root of the event", **_ORDER}),
    ),
    Vendor(
        "Google Analytics 4 (items)",
        test=_has_foreign_items,
        names=MappingProxyType({**_ORDER}),
    ),
)
"""The formats of other vendors; the first that fits is that of an object."""


_TELLING = frozenset().union(
    *(vendor.marks | vendor.pairs for vendor in VENDORS),
    _SEGMENT | _MIXPANEL,
    {"0", "api_key", "ecommerce", "event_type", "events", "params", "schema", "token", "user_properties"},
)
"""The names without which no object has the format of another vendor, but for those of items and of events."""


def find_vendor(document: Mapping[str, Any]) -> tuple[Vendor, View] | None:
    """Return the other vendor whose format an object shows, and the members that show it; None when it shows none."""
    around = (document.get("context"), document.get("properties"), document)
    parts = [part for part in around if isinstance(part, dict)]
    for part in parts:
        if _may_show_vendor(part):
            break
    else:
        return None
    view: dict[str, Any] = {}
    for part in parts:
        view |= part
    context = document.get("context")
    if isinstance(context, dict):
        view |= {f"context.{name}": context[name] for name in _PERSONS if name in context}
    return next(((vendor, view) for vendor in VENDORS if vendor.fits(view)), None)


def _may_show_vendor(part: View) -> bool:
    """Return whether a part of an object may be in the format of another vendor, as few are, in little time."""
    if not _TELLING.isdisjoint(part):
        return True
    # One search for each start in all names takes less time than one in each name.
    names = "\n".join(part)
    if "contexts_" in names or "unstruct_event_" in names or "gtm." in names:
        return True
    if _is_text(part.get("event_name"), "$", "gtm.") or _is_text(part.get("event"), "$", "gtm."):
        return True
    return ("items" in part or "products" in part) and any(
        "item_id" in item or "item_name" in item
        for item in (*_iter_objects(part.get("items")), *_iter_objects(part.get("products")))
    )
