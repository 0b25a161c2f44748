"""What the names of other vendors, of properties and in items, are in an event."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

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

_ROOT = "the root of the event"
_TIME = "context.event_timestamp"
_ID = "context.event_id"
_ORDER = {
    "transaction_id": "id",
    "order_id": "id",
    "orderId": "id",
    "total": "value",
    "tax": "tax_amount",
    "shipping": "shipping_amount",
    "products": "items",
}
NAMES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "Snowplow": {
            "event": "event_name",
            "event_id": _ID,
            "collector_tstamp": _TIME,
            "dvce_created_tstamp": _TIME,
            "user_id": "user.id",
        },
        "Google Analytics 4 (BigQuery export)": {
            "event_params": _ROOT,
            "event_timestamp": _TIME,
            "user_id": "user.id",
            **_ORDER,
        },
        "Adobe": {
            "eventType": "event_name",
            "_id": _ID,
            "hit_time_gmt": _TIME,
            "timestamp": _TIME,
            "identityMap": "user",
            "productListItems": "items",
        },
        "Heap": {"event": "event_name", "timestamp": _TIME, "identity": "user.id"},
        "Matomo": {"action_name": "context.page.title", "url": "context.page.url", "uid": "user.id"},
        "mParticle": {"source_request_id": _ID, "user_identities": "user"},
        "Piano Analytics": {"name": "event_name", "data": _ROOT, "idclient": "user.id"},
        "Tealium": {
            "tealium_event": "event_name",
            "ut.event": "event_name",
            "tealium_timestamp_epoch": _TIME,
            "order_id": "id",
            "order_total": "value",
            "order_currency": "currency",
            "customer_id": "user.id",
        },
        "Meta": {
            "event_id": _ID,
            "event_time": _TIME,
            "event_source_url": "context.page.url",
            "user_data": "user",
            "custom_data": _ROOT,
            "ev": "event_name",
            "dl": "context.page.url",
            "cd": _ROOT,
        },
        "Pinterest or Snapchat": {
            "event_id": _ID,
            "event_time": _TIME,
            "event_source_url": "context.page.url",
            "user_data": "user",
            "custom_data": _ROOT,
        },
        "Braze": {"name": "event_name", "time": _TIME, "external_id": "user.id"},
        "TikTok": {"event": "event_name", "event_id": _ID, "event_time": _TIME, "timestamp": _TIME},
        "Klaviyo": {"event": "event_name", "time": _TIME, "customer_properties": "user"},
        "AppsFlyer": {
            "eventName": "event_name",
            "eventTime": _TIME,
            "event_time": _TIME,
            "eventValue": _ROOT,
            "event_value": _ROOT,
            "eventCurrency": "currency",
            "customer_user_id": "user.id",
        },
        "Adjust": {"event_token": "event_name", "created_at": _TIME, "created_at_unix": _TIME, "revenue": "value"},
        "Amplitude": {
            "event_type": "event_name",
            "event_properties": _ROOT,
            "insert_id": _ID,
            "$insert_id": _ID,
            "time": _TIME,
            "event_time": _TIME,
            "user_id": "user.id",
        },
        "PostHog": {"event": "event_name", "uuid": _ID, "timestamp": _TIME, "distinct_id": "user.id"},
        "Mixpanel": {"event": "event_name", "$insert_id": _ID, "time": _TIME, "distinct_id": "user.id"},
        "PostHog or Mixpanel": {"event": "event_name", "timestamp": _TIME, "distinct_id": "user.id"},
        "Segment": {
            "event": "event_name",
            "messageId": _ID,
            "timestamp": _TIME,
            "original_timestamp": _TIME,
            "userId": "user.id",
            "traits": "user",
            **_ORDER,
        },
        "Google Analytics 4 (Measurement Protocol)": {
            "name": "event_name",
            "params": _ROOT,
            "timestamp_micros": _TIME,
            "user_id": "user.id",
        },
        "dataLayer of Google Tag Manager": {"event": "event_name", "ecommerce": _ROOT, **_ORDER},
        "Google Analytics 4 (items)": {**_ORDER},
    }
)
"""For each vendor what its names are in an event, at its pointer."""
