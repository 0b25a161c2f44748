"""The formats of other vendors: recognised before and after an upgrade, and never in an event of this one."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tcspec
from fixture_files import fixture_params
from strategies.events import valid_events
from tcspec.strategies import legacy_events
from tcspec.vendor_names import NAMES
from tcspec.vendor_table import VENDORS
from tcspec.vendors import find_vendor

EXAMPLES = {
    "Segment": [
        {"type": "track", "event": "Order Completed", "userId": "u-1", "messageId": "m-1", "properties": {"total": 1}},
        {"type": "track", "event": "Signed Up", "anonymousId": "a-1", "context": {"ip": "203.0.113.9"}},
        {"type": "page", "name": "Home", "anonymousId": "a-1", "properties": {"url": "https://shop.example/"}},
        {"type": "screen", "name": "Home", "userId": "u-1"},
        {"type": "identify", "userId": "u-1", "traits": {"email": "ada@shop.example"}},
        {"type": "group", "userId": "u-1", "groupId": "g-1"},
        {"type": "alias", "userId": "u-1", "previousId": "a-1"},
        {"userId": "u-1", "event": "Order Completed", "properties": {"total": 1}},
        {"anonymousId": "a-1", "event": "Signed Up", "properties": {}},
        {"userId": "u-1", "event": "Signed Up"},
        {"anonymous_id": "a-1", "event": "signed_up", "event_text": "Signed Up", "received_at": "2024-06-10 08:00:00"},
    ],
    "PostHog": [
        {"event": "$pageview", "distinct_id": "d-1", "properties": {"$current_url": "https://shop.example/"}},
        {"event": "signup", "properties": {"distinct_id": "d-1", "$lib": "web"}, "timestamp": "2024-06-10T08:00:00Z"},
        {"event": "signup", "distinct_id": "d-1", "uuid": "018ff", "properties": {}},
        {"api_key": "phc_example", "event": "signup", "properties": {}},
    ],
    "Mixpanel": [
        {"event": "Signup", "properties": {"time": 1718006400, "distinct_id": "d-1", "$insert_id": "i-1"}},
        {"event": "Signup", "properties": {"token": "t", "distinct_id": "d-1"}},
        {"event": "Signup", "properties": {"mp_lib": "web"}},
        {"$token": "t", "$distinct_id": "d-1", "$set": {"plan": "gold"}},
    ],
    "PostHog or Mixpanel": [{"event": "signup", "properties": {"distinct_id": "d-1"}}],
    "Amplitude": [
        {"event_type": "Play Song", "user_id": "u-1", "event_properties": {"song": "x"}},
        {"event_type": "Play Song", "device_id": "d-1"},
        {"api_key": "k", "events": [{"event_type": "Play Song", "user_id": "u-1"}]},
        {"user_id": "u-1", "user_properties": {"$set": {"plan": "gold"}}},
        {"amplitude_id": 7, "event_type": "x", "event_time": "2024-06-10 08:00:00.123000"},
        {"event_name": "wrapped", "event_type": "Play Song", "user_id": "u-1", "event_properties": {"song": "x"}},
    ],
    "Adobe": [
        {
            "_id": "x-1",
            "timestamp": "2024-06-10T08:00:00Z",
            "eventType": "commerce.purchases",
            "identityMap": {"Email": [{"id": "ada@shop.example"}]},
            "productListItems": [{"SKU": "A", "quantity": 1}],
        },
        {"xdm": {"eventType": "web.webpagedetails.pageViews"}, "data": {}},
        {"event": {"xdm": {"eventType": "web.webpagedetails.pageViews"}}},
        {"meta": {}, "events": [{"xdm": {"eventType": "web.webpagedetails.pageViews"}}]},
        {"hitid_high": "1", "hitid_low": "2", "hit_time_gmt": 1718006400, "post_evar_1": "x"},
        {"event": "cmp:click", "eventInfo": {"path": "component.button-1"}},
        {"AQB": "1", "ndh": "1", "pageName": "Home"},
    ],
    "Heap": [
        {"app_id": "11", "identity": "ada@shop.example", "event": "Purchase", "properties": {"amount": 99}},
        {"app_id": "11", "identity": "ada@shop.example", "properties": {"plan": "gold"}},
        {"app_id": "11", "events": [{"identity": "u-1", "event": "Purchase", "properties": {}}]},
    ],
    "Matomo": [
        {"idsite": 1, "rec": 1, "action_name": "Home", "url": "https://shop.example/", "uid": "u-1"},
        {"requests": ["?idsite=1&rec=1&url=https://shop.example/"]},
        {"requests": [{"idsite": 1, "rec": 1}], "token_auth": "t"},
        {"idSite": "1", "idVisit": "12", "visitorId": "v-1", "actionDetails": [{"type": "action"}]},
        {"idlink_va": 7, "idsite": 1, "server_time": "2024-06-10 08:00:00"},
        {"event": "mtm.Start", "mtm.startTime": 1718006400123},
    ],
    "mParticle": [
        {"events": [{"event_type": "custom_event", "data": {"event_name": "login"}}], "environment": "production"},
        {"mpid": 7, "user_identities": {"email": "ada@shop.example"}, "events": None},
    ],
    "Piano Analytics": [
        {"events": [{"name": "page.display", "data": {"page": "Home"}}]},
        {"events": [{"name": "mine", "data": {"event_collection_platform": "js"}}]},
        {"name": "click.action", "data": {"click": "signup"}},
        {"s": "123456", "idclient": "v-1", "events": "[]"},
        {"event_name": "page.display", "event_collection_platform": "js", "page": "Home"},
    ],
    "Google Analytics 4 (BigQuery export)": [
        {"event_date": "20240610", "event_timestamp": "1718006400123456", "event_name": "purchase", "event_params": []},
        {"event_name": "purchase", "user_pseudo_id": "1.2", "ecommerce": {"transaction_id": "o-1"}},
        {"event_date": "20240610", "event_timestamp": 1718006400123456, "event_name": "page_view", "stream_id": "1"},
        {"event_name": "page_view", "event_timestamp": 1718006400123456, "user_first_touch_timestamp": 1},
        {"event_date": "20240610", "event_name": "purchase", "ga_session_id": 1, "ga_session_number": 2},
    ],
    "Google Analytics 4 (Measurement Protocol)": [
        {"client_id": "1.2", "events": [{"name": "purchase", "params": {"currency": "EUR"}}]},
        {"app_instance_id": "a", "events": [{"name": "login"}]},
        {"name": "purchase", "params": {"currency": "EUR"}},
    ],
    "Google Analytics 4 (items)": [
        {"event": "purchase", "properties": {"transaction_id": "T-1", "items": [{"item_id": "SKU_1"}]}},
        {"event_name": "view_item", "items": [{"item_name": "Tent"}]},
    ],
    "dataLayer of Google Tag Manager": [
        {"event": "purchase", "ecommerce": {"items": [{"item_id": "SKU_1"}]}, "gtm.uniqueEventId": 12},
        {"event": "gtm.js", "gtm.start": 1718006400123},
        {"event": "x", "ecommerce": {"purchase": {"actionField": {"id": "T-1"}, "products": []}}},
        {"ecommerce": {"currencyCode": "EUR", "impressions": []}},
        {"0": "event", "1": "purchase", "2": {"value": 1}},
        {"0": "config", "1": "G-1"},
        {"ecommerce": None},
    ],
    "Snowplow": [
        {"schema": "iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4", "data": []},
        {"event_name": "page_view", "collector_tstamp": "2024-06-10 08:00:00.123", "app_id": "web"},
        {"event": "unstruct", "unstruct_event": {"schema": "iglu:com.example/x/jsonschema/1-0-0", "data": {}}},
        {"event": "page_view", "contexts_com_example_user_1": [{"id": "1"}]},
    ],
    "Tealium": [
        {"tealium_account": "shop", "tealium_profile": "main", "tealium_event": "purchase", "order_id": "o-1"},
        {"tealium_event": "page_view", "page_name": "Home"},
        {"ut.account": "shop", "ut.profile": "main", "event": "purchase", "dom.url": "https://shop.example/"},
    ],
    "Meta": [
        {
            "data": [
                {
                    "event_name": "Purchase",
                    "event_time": 1718006400,
                    "action_source": "website",
                    "user_data": {"em": ["x"]},
                    "custom_data": {"currency": "EUR", "value": 1},
                }
            ]
        },
        {"event_name": "Lead", "event_time": 1718006400, "action_source": "app", "user_data": {"ph": "x"}},
        {"id": "12345", "ev": "Purchase", "dl": "https://shop.example/", "cd": {"value": "1"}, "fbp": "fb.1.2.3"},
        {"event": "Purchase", "event_id": "e-1", "event_source_url": "x", "action_source": "website", "user_data": {}},
    ],
    "Pinterest or Snapchat": [
        {"data": [{"event_name": "checkout", "event_time": 1, "action_source": "web", "user_data": {"em": ["x"]}}]},
        {"event_name": "PURCHASE", "event_time": 1, "action_source": "MOBILE_APP", "custom_data": {"value": 1}},
    ],
    "Braze": [
        {
            "events": [{"external_id": "u-1", "name": "rented", "time": "2024-06-10T08:00:00Z", "properties": {}}],
            "purchases": [],
        },
        {"purchases": [{"braze_id": "b-1", "product_id": "p-1", "currency": "EUR", "price": 1, "time": "x"}]},
        {"external_id": "u-1", "app_id": "a", "name": "rented", "time": "2024-06-10T08:00:00Z"},
        {"events": [{"user_alias": {"alias_name": "x"}, "app_id": "a", "name": "rented", "time": "x"}]},
    ],
    "TikTok": [
        {
            "event_source": "web",
            "event_source_id": "C1",
            "data": [{"event": "Purchase", "event_time": 1718006400, "user": {"ttclid": "x"}}],
        },
        {"pixel_code": "C1", "event": "CompletePayment", "event_id": "e-1", "timestamp": "2024-06-10T08:00:00Z"},
        {"pixel_code": "C1", "event": "CompletePayment", "event_id": "e-1", "context": {"ad": {}}, "properties": {}},
    ],
    "Klaviyo": [
        {"data": {"type": "event", "attributes": {"metric": {"data": {"type": "metric"}}, "properties": {}}}},
        {"data": {"type": "event-bulk-create-job", "attributes": {"events-bulk-create": {"data": []}}}},
        {"token": "AB12CD", "event": "Placed Order", "customer_properties": {"$email": "ada@shop.example"}},
    ],
    "AppsFlyer": [
        {"appsflyer_id": "1-2", "eventName": "af_purchase", "eventValue": "{}", "eventTime": "2024-06-10 08:00:00.1"},
        {"appsflyer_id": "1-2", "event_name": "af_purchase", "event_value": "{}", "attributed_touch_type": "click"},
        {"appsflyer_id": "1-2", "af_events_api": "true", "customer_user_id": "u-1"},
    ],
    "Adjust": [
        {"s2s": "1", "event_token": "abc123", "app_token": "x", "gps_adid": "y", "revenue": "1"},
        {"app_token": "x", "activity_kind": "event", "adid": "y", "created_at": "1718006400"},
        {"event_token": "abc123", "event": "purchase", "callback_params": "{}"},
    ],
}
"""Objects in the formats of other vendors, by the name under which they are reported."""

each = pytest.mark.parametrize(
    ("name", "payload"), [(name, payload) for name, payloads in EXAMPLES.items() for payload in payloads]
)


def vendors_of(payload):
    """Return the vendors that validation names."""
    return [found.data["vendor"] for found in tcspec.validate(payload) if found.code == "TC703"]


@each
def test_are_named(name, payload):
    """An object in the format of another vendor has one warning that names it, alone and in a batch."""
    assert vendors_of(payload) == [name]
    assert vendors_of({"batch": [payload]}) == [name]
    [found] = [found for found in tcspec.validate(payload) if found.code == "TC703"]
    assert found.severity == "warning"
    assert name in found.message


@each
def test_are_named_after_an_upgrade(name, payload):
    """An upgrade does not hide the format: what is left at the root and in the context still shows it."""
    assert vendors_of(tcspec.upgrade(payload)) == [name]


@each
def test_are_no_flat_hits(payload, name):
    """They are not taken for hits of the older product, and legacy ones are not said to be upgraded by a command."""
    violations = {found.code: found for found in tcspec.validate(payload)}
    assert "TC702" not in violations, name
    assert "TC701" not in violations or violations["TC701"].hint is None


@pytest.mark.parametrize(
    ("payload", "names"),
    [
        (EXAMPLES["Meta"][0], {"event_time": "context.event_timestamp", "user_data": "user"}),
        (EXAMPLES["Braze"][0], {"name": "event_name", "external_id": "user.id"}),
        (EXAMPLES["Braze"][1], {"time": "context.event_timestamp"}),
        (EXAMPLES["Google Analytics 4 (Measurement Protocol)"][0], {"params": "the root of the event"}),
    ],
)
def test_names_in_a_body_of_several_have_a_counterpart(payload, names):
    """Of a body with several events the hint has the names of the first one."""
    [found] = [found for found in tcspec.validate(payload) if found.code == "TC703"]
    assert found.data["names"].items() >= names.items()


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("id=1&ev=PageView&dl=https%3A%2F%2Fshop.example&if=false", "Meta"),
        ("idsite=1&rec=1&action_name=Home", "Matomo"),
        ("v=2&tid=G-1&cid=1.2&en=page_view", "Google Analytics 4 (Measurement Protocol)"),
        ("tealium_account=a&tealium_profile=b&tealium_event=view", "Tealium"),
    ],
)
def test_pixels_are_named(query, name):
    """A pixel in the format of another vendor is named too."""
    assert vendors_of(f"https://pixel.example/p?{query}") == [name]


@pytest.mark.parametrize("path", fixture_params("pixel/2.0/valid", ".txt"))
def test_valid_pixels(path):
    """No valid pixel has the format of another vendor."""
    assert vendors_of(path.read_bytes()) == []


def test_inside_a_legacy_event():
    """An object of another vendor in the properties of a legacy event is recognised there, and after its upgrade."""
    for inner in (EXAMPLES["Mixpanel"][0], EXAMPLES["PostHog"][0], EXAMPLES["Google Analytics 4 (items)"][0]):
        event = {"event": "wrapped", "event_id": "e-1", "event_timestamp": 1718006400123, "properties": inner}
        assert vendors_of(event)
        assert vendors_of(tcspec.upgrade(event))


@pytest.mark.parametrize(
    "payload",
    [
        EXAMPLES["Segment"][0],
        EXAMPLES["Amplitude"][4],
        {"userId": "u-1", "event_name": "login", "context": {"event_id": "e-1", "event_timestamp": 1718006400123}},
        {"users": ["u-1"], "event_name": "login", "context": {"event_id": "e-1", "event_timestamp": 1718006400123}},
    ],
)
def test_names_are_no_misspellings(payload):
    """A name of another vendor, or one with another kind of value, is not taken for a property that is missing."""
    found = tcspec.check(payload)
    assert [each.hint for each in found if each.hint and "is present: did you mean" in each.hint] == []
    assert [each.code for each in found if each.data.get("property") == "event_time"] == []


def test_names_have_a_counterpart():
    """The hint has what the names of an object, and those of its items, are in an event."""
    payload = {
        "event": "purchase",
        "properties": {"transaction_id": "T-1", "items": [{"item_id": "a", "item_name": "b"}]},
    }
    [found] = [found for found in tcspec.validate(payload) if found.code == "TC703"]
    assert found.hint == (
        "map it to an event first: `transaction_id` is `id`, `item_id` is `items[].id`, "
        "`item_name` is `items[].product.name`"
    )


_names = st.sampled_from(
    sorted(
        {
            "event",
            "event_name",
            "uuid",
            "type",
            "userId",
            "traits",
            "items",
            "products",
            "ecommerce",
            "events",
            "params",
            "data",
            "eventInfo",
            "requests",
            *("action_source", "customer_properties", "custom_data", "user_data", "ev", "external_id", "pixel_code"),
            *("purchases", "tealium_event", "batch", "event_time"),
        }
        | {"name", "0", "1", "token", "api_key", "schema", "gtm.start", "contexts_x", "unstruct_event_x", "time", "x"}
        | set().union(*(vendor.marks | vendor.pairs | NAMES[vendor.name].keys() for vendor in VENDORS))
    )
)
_texts = st.sampled_from(
    ["track", "$x", "gtm.js", "cmp:click", "page.display", "phc_1", "iglu:x", "config", "website", "web"]
)
_members = st.sampled_from(
    [
        {"item_id": 1, "event_type": "x", "name": "y", "params": {}},
        {"event_type": "x", "data": {}},
        {"name": "page.display", "data": {}},
        {"identity": "u-1", "event": "x"},
        {"external_id": "u-1", "name": "x", "time": 1, "product_id": "p", "currency": "EUR", "price": 1},
        {"event_name": "x", "event_time": 1, "user_data": {}, "action_source": "website"},
        {"event": "x", "event_time": 1, "type": "event", "attributes": {"metric": {}}},
        *({"idsite": 1}, {"xdm": {}}, {"event_collection_platform": "js"}, {"name": "x"}, "?idsite=1", "x"),
    ]
)
_values = _texts | st.sampled_from([1, None, []]) | _members | st.lists(_members, min_size=1, max_size=1)


@given(
    st.dictionaries(_names, _values | st.dictionaries(st.sampled_from(["items", "purchase", "x"]), _values), max_size=5)
)
def test_none_is_missed(view):
    """The first look, by names, leaves out no object that has the format of a vendor."""
    assert (find_vendor(view) is not None) == any(vendor.fits(view) for vendor in VENDORS)


@pytest.mark.parametrize("path", [*fixture_params("event/1.0/valid"), *fixture_params("event/2.0/valid")])
def test_fixtures(path):
    """No valid event, legacy or not, has the format of another vendor, and its upgrade has neither."""
    event = json.loads(path.read_bytes())
    assert find_vendor(event) is None
    assert find_vendor(tcspec.upgrade(event)) is None


@given(valid_events)
def test_valid_events(event):
    """No valid event has the format of another vendor."""
    assert find_vendor(event) is None


@given(legacy_events())
def test_legacy_events(event):
    """No legacy event has the format of another vendor."""
    assert find_vendor(event) is None


@pytest.mark.parametrize(
    "event",
    [
        {"event_name": "share", "type": "page", "name": "Home", "params": {"a": 1}},
        {"event_name": "share", "userId": "u-1", "event_type": "click", "user_id": "u-1", "token": "t", "time": 1},
        {"event_name": "share", "events": ["login"], "schema": "v1", "ecommerce": True, "0": "event"},
        {"event_name": "share", "userId": "u-1", "anonymousId": "a-1", "context": {"event_id": "e-1"}},
        {"event_name": "share", "items": [{"id": "L1", "item_id": "x"}], "timestamp": 1, "platform": "web"},
        {"event_name": "share", "ecommerce": None, "ga_session_id": 1, "properties": {"properties": {"x": 1}}},
        {"event_name": "share", "app_id": "web", "idsite": 7, "s": "tent", "mpid": "m-1", "data": {"page": "x"}},
        {
            "event_name": "share",
            "name": "page.display",
            "data": {},
            "eventInfo": {},
            "requests": ["a"],
            "eventType": "x",
        },
        {"event_name": "share", "appsflyer_id": "1-2", "event_value": 3, "adid": "x", "gps_adid": "y", "revenue": 3},
        {"event_name": "share", "tealium_visitor_id": "v", "fbp": "fb.1", "fbc": "fb.2", "ttclid": "t", "id": "12"},
        {"event_name": "share", "external_id": "u", "name": "x", "time": 1, "app_id": "a", "external_ids": []},
        {"event_name": "share", "user_data": {"em": "x"}, "action_source": "website"},
        {"event_name": "share", "pixel_code": "C1", "event_source": "web", "data": {"type": "event", "attributes": {}}},
        {"event_name": "share", "ev": "3", "id": "1", "dl": "x", "events": [{"name": "x", "time": 1}], "purchases": 3},
        {"event_name": "cmp:share", "events": [{"name": "mine", "data": {}}, {"identity": "u-1", "event": "x"}]},
    ],
)
def test_custom_properties(event):
    """Custom properties of an event that resemble one name of another vendor do not show its format."""
    assert find_vendor(event) is None


@pytest.mark.parametrize(
    ("payload", "hint"),
    [
        ({"id": "P1"}, "use `--kind product`"),
        ({"id": "P1", "name": "Tent"}, "use `--kind product`"),
        ({"id": "P1", "name": "Tent", "price": 12.5, "currency": "EUR"}, "use `--kind product`"),
        ({"id": "P1", "brand": "N", "category_1": "Camping"}, None),
        ({"id": "7", "email": "ada@shop.example"}, "use `--kind user`"),
        ({"id": "T-1", "final_amount": 3}, "use `--kind conversion`"),
        ({"errors": [{"code": "PARSE_ERROR"}], "data": {}}, "an answer of an API"),
        ({"accepted_object_count": 3, "rejected_object_count": 0}, "an answer of an API"),
        ({"message": "Unauthorized"}, "an answer of an API"),
        ({"code": "MISSING_HEADER", "title": "Header missing", "message": "x"}, "an answer of an API"),
        ({"error": "invalid_token", "error_description": "x"}, "an answer of an API"),
        ({"status": "ok"}, None),
        ({"message": "x", "level": "info"}, None),
        ({"a": 1}, None),
    ],
)
def test_other_kinds(payload, hint):
    """An object of another kind, and an answer of an API, is no flat hit and has a hint."""
    violations = tcspec.validate(payload)
    assert "TC702" not in {found.code for found in violations}
    hints = [found.hint for found in violations if found.hint]
    assert (not hints) if hint is None else any(hint in each for each in hints)
