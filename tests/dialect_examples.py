"""Payloads of each dialect: typical ones, and ones with only the properties that identify it."""

from __future__ import annotations

MS, DIGITS, ISO = 1718006400000, "1718006400000", "2024-06-10T08:00:00.000Z"

EXAMPLES = {
    "ssv1_flat": [{"idSite": 1, "date": "10/06/2024 08:00"}, {"product_id_1": "7"}, {"tc_s": None}],
    "v1_web_container": [
        {"event": "x", "eventId": "1", "version": 1, "properties": {"created": ISO}},
        {"version": 1},
        {"event_name": "x", "version": 1, "app": {}, "userAgent": "u"},
    ],
    "v0_source": [
        {"event": "x", "eventId": "1", "properties": {}, "source": {"name": "till"}, "eventTimestamp": ISO},
        {"event": "x", "eventTimestamp": DIGITS, "source": None},
    ],
    "v0_camel_ms": [
        {"event": "x", "eventId": "1", "properties": {}, "eventTimestamp": DIGITS},
        {"event": "x", "eventTimestamp": "0"},
    ],
    "v0_camel_iso": [
        {"event": "x", "eventId": "1", "properties": {}, "eventTimestamp": ISO},
        {"event": "x", "eventId": "1"},
        {"event": "x", "eventTimestamp": MS},
        {"event": "x", "eventTimestamp": "١٢"},
    ],
    "v0_snake": [
        {"event": "x", "event_id": "1", "properties": {}, "event_timestamp": DIGITS},
        {"event": "x", "event_Id": "1"},
        {"event": "x", "event_timestamp": DIGITS},
    ],
    "v0_track": [{"event": "x", "properties": {}}, {"event": "x"}, {"event": "x", "page": {}}],
    "v1_android": [
        {"event_name": "x", "event_timestamp": MS, "properties": {}, "app": {}},
        {"event_name": "x", "event_timestamp": MS, "device": {"sdk_id": "s"}},
    ],
    "v1_mobile": [
        {"event_name": "x", "event_timestamp": DIGITS, "properties": {}, "app": {}},
        {"event_name": "x", "event_timestamp": True, "device": {"sdk_id": None}},
    ],
    "v1_web_early": [
        {"event_name": "x", "event_id": "1", "properties": {}, "locale": "fr", "userAgent": "u"},
        {"event_name": "x", "properties": {}, "userAgent": "u"},
    ],
    "v1_web": [
        {"event_name": "x", "event_id": "1", "properties": {}, "page": {"url": "u"}},
        {"event_name": "x", "properties": {}, "generatorVersion": "1"},
        {"event_name": "x", "properties": {}, "containerVersion": "1"},
    ],
    "v1_http": [
        {"event_name": "x", "event_id": "1", "properties": {}, "page": {"location": "l"}, "event_timestamp": MS},
        {"event_name": "x", "eventId": "1"},
    ],
    "v1_migration_guide": [
        {"event_name": "x", "properties": {}, "event_timestamp": MS},
        {"event_name": "x", "device": "d"},
        {"event_name": "x", "properties": {}, "context": "text"},
    ],
    "v2_web_container": [
        {"event_name": "x", "context": {"eventId": "1", "created": ISO}},
        {"event_name": "x", "context": {"event_id": "1", "version": 2}},
        {"event_name": "x", "context": {"generatorVersion": "1", "app": {}}},
    ],
    "v2_mobile": [
        {"event_name": "x", "context": {"event_id": "1", "app": {}}},
        {"event_name": "x", "context": {"device": {"sdk_id": "s"}}, "user": {"consistent_anonymous_id": "c"}},
    ],
    "v2_batch": [{"event_name": "x", "event_timestamp": DIGITS, "context": {"event_id": "1"}}],
    "v2_openapi": [
        {"event_name": "x", "user": {"consistent_anonymous_id": "c"}, "context": {"event_timestamp": MS}},
    ],
    "v2_http_caid": [
        {"event_name": "x", "user": {"consistent_anonymous_id": "c"}, "context": {"event_timestamp": DIGITS}},
        {"event_name": "x", "user": {"consistent_anonymous_id": "c"}, "context": {"event_timestamp": True}},
        {"user": {"consistent_anonymous_id": "c"}},
    ],
    "v2_http": [
        {"event_name": "x", "user": {}, "context": {"event_id": "1", "event_timestamp": DIGITS}},
        {"event_name": "x", "properties": {}, "page": {}, "app": {}, "version": 1, "context": {}},
        {"event_name": "x"},
        {"user": None},
        {"list": []},
        {},
    ],
}
