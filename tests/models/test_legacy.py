"""The 1.0 format: every dialect is accepted, little is required, and types are those of 2.0."""

from __future__ import annotations

import pytest
from pydantic_core import MISSING

from broken_payloads import break_payload
from payloads import NAMES, legacy_full
from tcspec.models.events import EVENTS, VideoPause, VideoResume
from tcspec.models.legacy import LEGACY_EVENTS, CustomEvent, derive_properties, legacy_event_class
from validators import definition_schema, rust_validator, schema, verdicts

ALL_NAMES = (*NAMES, "brochure_downloaded")

LINE = {"product": {"id": "SKU-4711", "name": "Trail shoe"}, "quantity": 2}
DIALECTS = {
    "v0_track": {"event": "search", "properties": {"search_term": "tent"}},
    "v0_source": {
        "event": "search",
        "eventId": "e-1",
        "properties": {"search_term": "tent"},
        "source": {"name": "curl", "version": "1"},
        "device": {"userAgent": "Example/1.0", "ip": "203.0.113.7", "cookies": "lang=fr"},
        "eventTimestamp": "2021-10-13T08:13:20.000Z",
    },
    "v0_camel_iso": {
        "event": "search",
        "eventId": "e-1",
        "properties": {"search_term": "tent"},
        "device": {"userAgent": "Example/1.0", "cookies": "lang=fr"},
        "eventTimestamp": "2021-11-13T08:13:20.000Z",
    },
    "v0_camel_ms": {
        "event": "search",
        "eventId": "e-1",
        "properties": {"search_term": "tent"},
        "eventTimestamp": "1639000000000",
    },
    "v0_snake": {
        "event": "search",
        "event_Id": "e-1",
        "event_timestamp": "1639500000000",
        "properties": {"search_term": "tent"},
        "device": {"user_agent": "Example/1.0", "cookies": "lang=fr"},
    },
    "v1_http": {
        "event_name": "search",
        "event_id": "e-1",
        "event_timestamp": 1650000000000,
        "properties": {"search_term": "tent", "user": {"id": "C-1", "consent_categories": [1, 3]}},
        "page": {"title": "Search", "location": "https://shop.example/search"},
        "device": {"user_agent": "Example/1.0", "ip": "203.0.113.7", "cookie": "lang=fr"},
    },
    "v1_mobile": {
        "event_name": "search",
        "event_id": "e-1",
        "event_timestamp": "1650000000000",
        "properties": {"search_term": "tent", "user": {"consent_categories": ["1"]}},
        "device": {"sdk_id": "d-1", "lifecycle": {"visit_number": "5", "session_number": "9", "new_session": True}},
        "app": {"name": "Northwind Outdoor", "version": "7.3.0"},
    },
    "v1_web_early": {
        "event_name": "page_view",
        "event_id": "e-1",
        "event_timestamp": "1655000000000",
        "properties": {"path": "/", "referrer": "", "title": "Home", "url": "https://shop.example/"},
        "locale": "fr-CH",
        "userAgent": "Example/1.0",
    },
    "v1_web": {
        "event_name": "page_view",
        "event_id": "e-1",
        "event_timestamp": "1660000000000",
        "properties": {"url": "https://shop.example/"},
        "page": {"url": "https://shop.example/", "lang": "fr", "viewport": {"width": 800, "height": 600}},
        "device": {"lang": "fr-CH", "timezone": "Europe/Zurich"},
        "generatorVersion": "68.1",
        "containerVersion": "3.1",
    },
    "v1_migration_guide": {
        "event_name": "purchase",
        "event_timestamp": 1650000000000,
        "properties": {"id": 42, "items": [LINE], "user": {"id": "C-1"}},
        "page": {"title": "Done"},
        "device": {"ip": "203.0.113.7"},
    },
    "android_5_0": {
        "event_name": "purchase",
        "event_id": "e-1",
        "event_timestamp": 1650000000000,
        "properties": {"type": "online"},
        "user": {"id": "d-1", "consent_vendors": ["2"]},
    },
    "web_container": {
        "event": "purchase",
        "eventId": "e-1",
        "version": 1,
        "properties": {"created": "1650000000000", "integrations": {"facebook": {"event_id": "e-1"}}},
    },
}
REFUSED = {
    "no name": {"properties": {}},
    "a name that is no text": {"event": 1, "properties": {}},
    "the second name is no text": {"event_name": "search", "event": 1, "properties": {}},
    "no properties": {"event_name": "search"},
    "properties that are no object": {"event_name": "search", "properties": []},
    "a user that is a text": {"event_name": "search", "properties": {"user": "C-1"}},
    "a user at the root that is a text": {"event_name": "search", "properties": {}, "user": "C-1"},
    "an amount that is a text": {"event": "purchase", "properties": {"value": "12"}},
    "an unreadable moment": {"event": "purchase", "properties": {}, "eventTimestamp": "yesterday"},
    "a bad digest": {"event": "purchase", "properties": {"user": {"email_md5": "x"}}},
    "an item that is no object": {"event": "purchase", "properties": {"items": ["SKU-4711"]}},
    "a currency of another shape": {"event_name": "purchase", "event": "x", "properties": {"currency": "eur"}},
}


@pytest.mark.parametrize(
    ("payload", "verdict"),
    [
        *((payload, True) for payload in DIALECTS.values()),
        *((payload, False) for payload in REFUSED.values()),
    ],
    ids=[*DIALECTS, *REFUSED],
)
def test_engines_agree(payload, verdict):
    """Every engine accepts every dialect, and refuses an event without name or properties, or with a wrong type."""
    assert verdicts(payload, "1.0") == {verdict}


@pytest.mark.parametrize("name", ALL_NAMES)
def test_every_constraint_can_be_broken(name):
    """Every engine refuses a wrong type of a property, and accepts a payload with every property."""
    payload = legacy_full(name)
    model = legacy_event_class(payload)
    assert list(rust_validator("1.0").iter_errors(payload)) == []
    assert verdicts(payload, "1.0") == {True}
    found = [
        broken
        for broken in break_payload(model.__name__, schema("1.0")["$defs"], payload)
        if name == "purchase" or (len(broken.path) == 2 and broken.path[0] == "properties")
        if broken.change not in {"without event_name", "without event"}  # the other one names the event
    ]
    assert len(found) > 10
    assert [str(broken) for broken in found if verdicts(broken.payload, "1.0") != {False}] == []


@pytest.mark.parametrize("name", ALL_NAMES)
@pytest.mark.parametrize("key", ["event_name", "event"])
def test_no_property_is_required(name, key):
    """An event with any name and no properties is valid, whichever key has the name."""
    payload = {key: name, "properties": {}}
    assert verdicts(payload, "1.0") == {True}


@pytest.mark.parametrize("name", ALL_NAMES)
def test_payloads_come_back_as_they_went_in(name):
    """A 1.0 payload that was parsed is dumped with the same values."""
    payload = legacy_full(name)
    assert legacy_event_class(payload).model_validate(payload).model_dump() == payload


@pytest.mark.parametrize("name", NAMES)
def test_the_properties_of_2_0_are_typed_in_1_0(name):
    """Every property of a 2.0 event is a property of the 1.0 one, and none is required."""
    typed = derive_properties(EVENTS[name]).model_fields
    assert EVENTS[name].model_fields.keys() - typed.keys() == {"event_name", "context"}
    assert [prop for prop, field in typed.items() if field.is_required()] == []


def test_events_with_nothing_of_their_own_share_their_properties():
    """No model is derived for an event without properties of its own."""
    assert derive_properties(VideoPause) is derive_properties(VideoResume)


def test_the_name_decides_before_the_event():
    """If both names are present, event_name counts."""
    both = {"event_name": "brochure_downloaded", "event": "purchase", "properties": {"value": "free"}}
    assert legacy_event_class(both) is CustomEvent
    assert verdicts(both, "1.0") == {True}
    assert legacy_event_class({"event": "purchase"}) is LEGACY_EVENTS["purchase"]
    assert legacy_event_class({"event_name": None, "event": "purchase"}) is CustomEvent


def test_legacy_events_are_read_with_types():
    """The parts of a 1.0 event are typed, and absent properties are MISSING."""
    event = legacy_event_class(DIALECTS["v1_http"]).model_validate(DIALECTS["v1_http"])
    assert event.page.location == "https://shop.example/search"
    assert event.properties.user.consent_categories == [1, 3]
    assert event.app is MISSING


def test_every_event_has_its_own_definition():
    """The published 1.0 schema has a definition for the class of each event, which the engine compiles."""
    for name, event in EVENTS.items():
        assert LEGACY_EVENTS[name].__name__ == event.__name__
        definition = definition_schema(event.__name__, "1.0")["$defs"][event.__name__]
        assert {"$ref": "#/$defs/LegacyEvent"} in definition["allOf"]
