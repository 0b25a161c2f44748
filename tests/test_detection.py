"""Detection of the kind, version and dialect of a payload."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialect_examples import EXAMPLES
from strategies.objects import biased_objects
from tcspec.detection import Detected, detect, detect_version, is_payload, is_pixel, kind_of
from tcspec.dialects import DIALECTS
from tcspec.errors import UnreadablePayload
from tcspec.kinds import KINDS
from tcspec.strategies.values import json_values

examples = pytest.mark.parametrize(
    ("dialect", "payload"),
    [
        pytest.param(dialect, payload, id=f"{dialect}-{index}")
        for dialect in EXAMPLES
        for index, payload in enumerate(EXAMPLES[dialect])
    ],
)


class TestDetection:
    """From the payload to kind, version and dialect."""

    @examples
    def test_of_every_dialect(self, dialect, payload):
        """The dialect of a payload is the first one that matches, as a dict, a str and bytes."""
        version = next(each.version for each in DIALECTS if each.id == dialect)
        text = json.dumps(payload)
        for form in (payload, text, text.encode()):
            assert detect(form) == Detected("event", version, dialect)

    @given(st.one_of(biased_objects, st.dictionaries(st.text(), json_values())))
    def test_is_total_and_agrees_with_itself(self, payload):
        """Every JSON object is detected, and the dialect of an event has its detected version."""
        detected = detect(payload)
        version = detect_version(payload)
        assert detected.kind == kind_of(payload).name
        assert detected.version == (version.name if version else None) or detected.kind != "event"

    @pytest.mark.parametrize("payload", [b"[]", "1", b"", b"{", '{"a": "\ud800"}', [], None, "\ufeff{}"])
    def test_of_no_object(self, payload):
        """Anything but a JSON object is refused."""
        with pytest.raises(UnreadablePayload):
            detect(payload)


OF_KINDS = [
    ("batch", {"batch": []}),
    ("batch", {"batch": [{"event_name": "x"}], "sent": 1}),
    ("batch", {"batch": "not a list"}),
    ("batch", {"$schema": "batch/2.0.json", "batch": "not a list"}),
    ("user", {"person": {"id": "C-1"}}),
    ("user", {"person": None, "id": "1"}),
    ("conversion", {"conversion_items": [], "user": {}}),
    ("conversion", {"acknowledged": True, "final_amount": 3, "user": {"email": "a@shop.example"}}),
    ("product", {"id": "P1", "brand": "Northwind", "gtin": "1"}),
    ("product", {"category_1": "Shoes", "colors": []}),
    ("event", {"event_name": "x", "batch": []}),
    ("event", {"context": {}, "person": {}}),
    ("event", {"properties": {}, "conversion_items": []}),
    ("event", {"version": 1, "batch": []}),
    ("event", {"user": {}, "brand": "Northwind", "gtin": "1"}),
    ("event", {"id": "P1", "brand": "Northwind"}),
    ("event", {"batch": 3, "id": "1"}),
]

CALLS = [
    "https://collect.commander1.com/events?tc_s=1&token=t&event_name=x",
    "HTTPS://COLLECT.COMMANDER1.COM/events?token=t&event_name=x",
    "Http%3A%2F%2Fcollect.commander1.com/events?event_name=x",
    "GET /events?tc_s=1&event_name=x HTTP/1.1\r\n",
    "/events?a=1",
    "?a=1",
    "  event_name=x&tc_s=1&user[id]=1\n",
    "id=1&user[id]=1&tc_s=3",
]


class TestKinds:
    """The kind of a payload by its properties."""

    @pytest.mark.parametrize(("kind", "payload"), OF_KINDS)
    def test_of_objects(self, kind, payload):
        """A kind is detected by its own properties, unless the payload is an event."""
        assert kind_of(payload).name == kind
        assert detect(payload).kind == detect(json.dumps(payload)).kind == kind

    @pytest.mark.parametrize(("kind", "payload"), OF_KINDS)
    def test_versions(self, kind, payload):
        """A payload of a kind with one version has that version, and a dialect named after the kind."""
        if kind != "event":
            dialect = "v2_batch" if kind == "batch" else kind
            assert detect(payload) == Detected(kind, KINDS[kind].version().name, dialect)

    @pytest.mark.parametrize("call", CALLS)
    def test_of_calls(self, call):
        """A URL, a request line or a query with a site is the call of a pixel."""
        assert detect(call) == detect(call.encode()) == Detected("pixel", "2.0", "pixel")

    @pytest.mark.parametrize(
        "text", ['{"event_name": "tc_s=1"}', '"https://shop.example/?tc_s=1"', "a=1", "[tc_s=1]", "event_name=x&a=1"]
    )
    def test_of_no_call(self, text):
        """JSON is never detected as a call, and neither is a form without a site."""
        assert not is_pixel(text.encode())

    def test_calls_are_told_in_linear_time(self):
        """Detecting a call takes linear time."""
        for text in (b"a=1&" * 100_000 + b" ", b"/" * 300_000, b"GET " + b"\n" * 300_000, b" " * 300_000 + b"{"):
            assert not is_pixel(text)


class TestPayloads:
    """Which JSON files are payloads."""

    @pytest.mark.parametrize(
        "payload",
        [
            {"event_name": None},
            {"event": "x", "properties": 1},
            {"event": "x", "app": {}},
            {"context": {"event_id": 1}},
            {"context": {"eventId": 1}},
            {"context": {"event_timestamp": 1}},
            {"properties": {}, "eventTimestamp": 1},
            *(
                payload
                for kind, payload in OF_KINDS
                if kind in {"batch", "conversion"} and payload.get("batch") != "not a list"
            ),
            {"batch": [None, [], {"event_name": "login"}]},
            {"person": {}},
            {"id": 7, "brand": "Northwind", "gtin": "1"},
            *(payload for payloads in EXAMPLES.values() for payload in payloads if "event_name" in payload),
        ],
    )
    def test_are_recognised(self, payload):
        """A payload is recognized by the properties of its kind, even when it is invalid."""
        assert is_payload(payload)

    @pytest.mark.parametrize(
        "payload",
        [
            {},
            {"event": "x"},
            {"event": "x", "id": 1},
            {"context": {"page": {}}},
            {"context": "event_id"},
            {"properties": {}, "page": {}},
            {"properties": {"a": {"type": "string"}}, "type": "object"},
            {"user": {"id": "1"}},
            {"person": "Ada"},
            {"batch": [1, 2]},
            {"batch": [1, {"size": 2}]},
            {"batch": 5},
            {"brand": "Northwind", "colors": []},
            [{"event_name": "x"}],
            "event_name",
            None,
        ],
    )
    def test_are_not_seen_in_everything(self, payload):
        """A schema, a configuration, an array or a lone user is not a payload."""
        assert not is_payload(payload)


def test_a_misspelled_name_is_not_a_flat_hit():
    """An object of scalars with a key close to `event_name` is a broken event, not a hit of the older product."""
    assert detect({"event_nme": "purchase", "id": "1"}).version == "2.0"
    assert detect({"eventName": "purchase", "id": "1"}).version == "2.0"
    for name in ("product_id_1", "event_page_name_1", "env_event"):
        assert detect({name: "purchase", "id": "1"}).dialect == "ssv1_flat"
