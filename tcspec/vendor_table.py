"""The formats of other vendors as a table: the marks that show them."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - a compiled class looks up the types of its fields
from typing import TYPE_CHECKING, NamedTuple

from tcspec.vendor_marks import (
    PERSONS,
    View,
    has_foreign_items,
    is_adobe,
    is_amplitude,
    is_braze,
    is_conversion,
    is_data_layer,
    is_heap,
    is_klaviyo,
    is_matomo,
    is_measurement,
    is_meta,
    is_mixpanel,
    is_mparticle,
    is_piano,
    is_posthog,
    is_segment,
    is_snowplow,
    is_tealium,
    is_tiktok,
    iter_first_events,
    iter_items,
)
from tcspec.vendor_names import ITEM_NAMES, NAMES

if TYPE_CHECKING:
    from collections.abc import Callable


class Vendor(NamedTuple):
    """A format of another vendor: its name, its marks, and the test beyond them.

    An object has the format when it has one of `marks`, two of `pairs`, or passes the test.
    """

    name: str
    marks: frozenset[str] = frozenset()
    pairs: frozenset[str] = frozenset()
    test: Callable[[View], bool] = lambda _: False

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
        present = present.union(*iter_first_events(view))
        in_items = {name for item in iter_items(view) if "product" not in item for name in item}
        return {name: here for name, here in NAMES[self.name].items() if name in present} | {
            name: f"items[].{here}" for name, here in ITEM_NAMES.items() if name in in_items
        }


_MOVED_PERSONS = frozenset(f"context.{name}" for name in PERSONS)
"""Where an upgrade moves who a call of Segment is about; no event has such names in its context."""

VENDORS = (
    Vendor(
        "Snowplow",
        frozenset({"collector_tstamp", "derived_tstamp", "dvce_created_tstamp", "etl_tstamp", "unstruct_event"}),
        frozenset({"e", "tv"}),
        is_snowplow,
    ),
    Vendor(
        "Google Analytics 4 (BigQuery export)",
        frozenset({"event_bundle_sequence_id", "event_params", "event_previous_timestamp", "user_pseudo_id"})
        | {"batch_event_index", "collected_traffic_source", "event_server_timestamp_offset", "event_value_in_usd"}
        | {"session_traffic_source_last_click", "user_first_touch_timestamp"},
        # Of rows that a query has flattened.
        frozenset({"event_date", "ga_session_id", "privacy_info", "stream_id"}),
    ),
    Vendor(
        "Adobe",
        # As it is sent, in the data feed of Analytics, and in the query of its image.
        frozenset({"identityMap", "productListItems", "xdm"})
        | {"hit_time_gmt", "hitid_high", "hitid_low", "post_event_list", "visid_high", "visid_low", "AQB"},
        test=is_adobe,
    ),
    Vendor(
        "Heap",
        pairs=frozenset({"app_id", "identity"}),
        test=is_heap,
    ),
    Vendor(
        "Matomo",
        # Of its tables and of its tag manager.
        frozenset({"idaction_name", "idaction_url", "idlink_va", "idvisitor", "mtm.startTime"}),
        frozenset({"actionDetails", "idSite", "idVisit", "idsite", "rec", "token_auth"}),
        is_matomo,
    ),
    Vendor(
        # Before Amplitude, whose events have an `event_type` too.
        "mParticle",
        pairs=frozenset({"mpid", "source_request_id", "user_attributes", "user_identities"}),
        test=is_mparticle,
    ),
    Vendor(
        "Piano Analytics",
        frozenset({"event_collection_platform", "event_collection_version"}),
        frozenset({"idclient", "s"}),
        is_piano,
    ),
    Vendor(
        "Tealium",
        pairs=frozenset(
            {"tealium_account", "tealium_datasource", "tealium_environment", "tealium_event", "tealium_library_name"}
            | {"tealium_profile", "ut.account", "ut.event", "ut.profile", "ut.visitor_id"}
        ),
        test=is_tealium,
    ),
    Vendor(
        "Meta",
        test=is_meta,
    ),
    Vendor("Pinterest or Snapchat", test=is_conversion),
    Vendor(
        "Braze",
        test=is_braze,
    ),
    Vendor(
        "TikTok",
        frozenset({"context.pixel_code"}),
        frozenset({"event_source", "event_source_id"}),
        is_tiktok,
    ),
    Vendor(
        "Klaviyo",
        test=is_klaviyo,
    ),
    Vendor(
        "AppsFlyer",
        pairs=frozenset(
            {"af_events_api", "appsflyer_id", "attributed_touch_time", "attributed_touch_type", "eventName"}
            | {"eventValue"}
        ),
    ),
    Vendor(
        "Adjust",
        pairs=frozenset(
            {"activity_kind", "app_token", "callback_params", "event_token", "partner_params", "s2s", "tracker_token"}
        ),
    ),
    Vendor(
        "Amplitude",
        frozenset({"amplitude_id", "amplitude_event_type"}),
        test=is_amplitude,
    ),
    Vendor(
        "PostHog",
        frozenset({"$lib", "$pageview_id", "$process_person_profile", "$session_id", "$window_id"}),
        test=is_posthog,
    ),
    Vendor(
        "Mixpanel",
        frozenset({"$mp_api_endpoint", "$mp_api_timestamp_ms", "mp_country_code", "mp_lib", "mp_processing_time_ms"}),
        test=is_mixpanel,
    ),
    Vendor(
        # After both, as a `distinct_id` alone does not show which of them it is.
        "PostHog or Mixpanel",
        frozenset({"distinct_id"}),
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
    ),
    Vendor(
        "Google Analytics 4 (Measurement Protocol)",
        frozenset({"app_instance_id", "non_personalized_ads", "timestamp_micros"}),
        frozenset({"cid", "en", "tid"}),
        is_measurement,
    ),
    Vendor(
        "dataLayer of Google Tag Manager",
        frozenset({"eventModel"}),
        test=is_data_layer,
    ),
    Vendor(
        # Last: the other formats of GA4, and the dataLayer, have such items too.
        "Google Analytics 4 (items)",
        test=has_foreign_items,
    ),
)
"""The formats of other vendors; the first that fits is that of an object."""
