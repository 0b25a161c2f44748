"""The formats of other vendors: the marks that show them, and what their names are in an event.

Such an object is never converted by guesses: it is named, so that whoever knows the data maps it. The marks are looked
for at the root, in `properties` and in `context`, where an upgrade moves what was at the root: a format is recognised
before an upgrade and after it.
"""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - a compiled class looks up the types of its fields
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from tcspec.vendor_marks import (
    ITEM_NAMES,
    PERSONS,
    TESTED_NAMES,
    View,
    has_foreign_items,
    has_vendor_prefix,
    has_vendor_value,
    is_adobe,
    is_amplitude,
    is_data_layer,
    is_heap,
    is_matomo,
    is_measurement,
    is_mixpanel,
    is_mparticle,
    is_piano,
    is_posthog,
    is_segment,
    is_snowplow,
    iter_items,
)

if TYPE_CHECKING:
    from collections.abc import Callable


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
        # A name of a pair alone may be a custom property.
        has_pair = bool(self.pairs) and len(self.pairs.intersection(names)) > 1
        return has_pair or not names.isdisjoint(self.marks) or self.test(view)

    def mapping(self, view: View) -> Mapping[str, str]:
        """Return what those of its names that an object, or an item of it, has are here."""
        ecommerce = view.get("ecommerce")
        present = view.keys() | (ecommerce.keys() if isinstance(ecommerce, dict) else set())
        in_items = {name for item in iter_items(view) if "product" not in item for name in item}
        return {name: here for name, here in self.names.items() if name in present} | {
            name: f"items[].{here}" for name, here in ITEM_NAMES.items() if name in in_items
        }


_ORDER = {
    "transaction_id": "id",
    "order_id": "id",
    "orderId": "id",
    "total": "value",
    "tax": "tax_amount",
    "shipping": "shipping_amount",
    "products": "items",
}
_MOVED_PERSONS = frozenset(f"context.{name}" for name in PERSONS)
"""Where an upgrade moves who a call of Segment is about; no event has such names in its context."""

VENDORS = (
    Vendor(
        "Snowplow",
        frozenset({"collector_tstamp", "derived_tstamp", "dvce_created_tstamp", "etl_tstamp", "unstruct_event"}),
        frozenset({"e", "tv"}),
        is_snowplow,
        MappingProxyType(
            {
                "event": "event_name",
                "event_id": "context.event_id",
                "collector_tstamp": "context.event_timestamp",
                "dvce_created_tstamp": "context.event_timestamp",
                "user_id": "user.id",
            }
        ),
    ),
    Vendor(
        "Google Analytics 4 (BigQuery export)",
        frozenset({"event_bundle_sequence_id", "event_params", "event_previous_timestamp", "user_pseudo_id"})
        | {"batch_event_index", "collected_traffic_source", "event_server_timestamp_offset", "event_value_in_usd"}
        | {"session_traffic_source_last_click", "user_first_touch_timestamp"},
        # Of rows that a query has flattened.
        frozenset({"event_date", "ga_session_id", "privacy_info", "stream_id"}),
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
        "Adobe",
        # As it is sent, in the data feed of Analytics, and in the query of its image.
        frozenset({"identityMap", "productListItems", "xdm"})
        | {"hit_time_gmt", "hitid_high", "hitid_low", "post_event_list", "visid_high", "visid_low", "AQB"},
        test=is_adobe,
        names=MappingProxyType(
            {
                "eventType": "event_name",
                "_id": "context.event_id",
                **dict.fromkeys(("hit_time_gmt", "timestamp"), "context.event_timestamp"),
                "identityMap": "user",
                "productListItems": "items",
            }
        ),
    ),
    Vendor(
        "Heap",
        pairs=frozenset({"app_id", "identity"}),
        test=is_heap,
        names=MappingProxyType({"event": "event_name", "timestamp": "context.event_timestamp", "identity": "user.id"}),
    ),
    Vendor(
        "Matomo",
        # Of its tables and of its tag manager.
        frozenset({"idaction_name", "idaction_url", "idlink_va", "idvisitor", "mtm.startTime"}),
        frozenset({"actionDetails", "idSite", "idVisit", "idsite", "rec", "token_auth"}),
        is_matomo,
        MappingProxyType({"action_name": "context.page.title", "url": "context.page.url", "uid": "user.id"}),
    ),
    Vendor(
        # Before Amplitude, whose events have an `event_type` too.
        "mParticle",
        pairs=frozenset({"mpid", "source_request_id", "user_attributes", "user_identities"}),
        test=is_mparticle,
        names=MappingProxyType({"source_request_id": "context.event_id", "user_identities": "user"}),
    ),
    Vendor(
        "Piano Analytics",
        frozenset({"event_collection_platform", "event_collection_version"}),
        frozenset({"idclient", "s"}),
        is_piano,
        MappingProxyType({"name": "event_name", "data": "the root of the event", "idclient": "user.id"}),
    ),
    Vendor(
        "Amplitude",
        frozenset({"amplitude_id", "amplitude_event_type"}),
        test=is_amplitude,
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
        test=is_posthog,
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
        test=is_mixpanel,
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
        # After both, as a `distinct_id` alone does not show which of them it is.
        "PostHog or Mixpanel",
        frozenset({"distinct_id"}),
        names=MappingProxyType(
            {"event": "event_name", "timestamp": "context.event_timestamp", "distinct_id": "user.id"}
        ),
    ),
    Vendor(
        "Segment",
        frozenset({"uuid_ts"}) | _MOVED_PERSONS,
        # The second line is columns of the tables that Segment loads into a warehouse.
        frozenset(
            {"anonymousId", "messageId", "originalTimestamp", "receivedAt", "sentAt", "writeKey"}
            | {"anonymous_id", "event_text", "original_timestamp", "received_at", "sent_at"}
        ),
        is_segment,
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
        is_measurement,
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
        test=is_data_layer,
        names=MappingProxyType({"event": "event_name", "ecommerce": "the root of the event", **_ORDER}),
    ),
    Vendor(
        # Last: the other formats of GA4, and the dataLayer, have such items too.
        "Google Analytics 4 (items)",
        test=has_foreign_items,
        names=MappingProxyType({**_ORDER}),
    ),
)
"""The formats of other vendors; the first that fits is that of an object."""


_VENDOR_NAMES: Final = TESTED_NAMES.union(*(vendor.marks | vendor.pairs for vendor in VENDORS))
"""The names without which no object has the format of another vendor, but for those of items and of events."""

_OTHER_NAMES: set[str] = set()
"""Names that were seen and are those of no vendor: most events have the same ones. How many are kept is bounded."""
_MOST_NAMES, _LONGEST_NAMES = 2_000, 2_000


def find_vendor(document: Mapping[str, Any]) -> tuple[Vendor, View] | None:
    """Return the other vendor whose format an object shows, and the members that show it; None when it shows none."""
    context, properties = document.get("context"), document.get("properties")
    # Of an event that is a whole object of another vendor: after an upgrade they are in `properties`.
    inner = properties.get("properties") if isinstance(properties, dict) else None
    # Asked without a loop: of most events nothing else is.
    if not (
        _may_show_vendor(document)
        or (isinstance(context, dict) and _may_show_vendor(context))
        or (isinstance(properties, dict) and _may_show_vendor(properties))
        or (isinstance(inner, dict) and _may_show_vendor(inner))
    ):
        return None
    # The root comes last: of a name in several parts its value counts.
    parts = [part for part in (context, inner, properties, document) if isinstance(part, dict)]
    view: dict[str, Any] = {}
    for part in parts:
        view |= part
    if isinstance(context, dict):
        view |= {f"context.{name}": context[name] for name in PERSONS if name in context}
    return next(((vendor, view) for vendor in VENDORS if vendor.fits(view)), None)


def _may_show_vendor(part: View) -> bool:
    """Return whether a part of an object may be in the format of another vendor, as few are, in little time."""
    if not _OTHER_NAMES.issuperset(part):
        names = "\n".join(part)
        if not _VENDOR_NAMES.isdisjoint(part) or has_vendor_prefix(names):
            return True
        if len(_OTHER_NAMES) > _MOST_NAMES:
            _OTHER_NAMES.clear()
        if len(names) < _LONGEST_NAMES:
            _OTHER_NAMES.update(part)
    return has_vendor_value(part)
