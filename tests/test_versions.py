"""What a payload is: its kind, the version of its format, and the dialect of that version."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slow_upgrade import is_legacy as slow_is_legacy
from strategies.objects import biased_objects
from strategies.values import json_values

from tcspec.errors import UnknownKind, UnreadablePayload
from tcspec.schemas import folder
from tcspec.versions import (
    DIALECTS,
    EVENT_1_0,
    EVENT_2_0,
    SENDERS,
    VERSIONS,
    Detected,
    Version,
    detect,
    is_event,
    is_flat,
    is_integer,
    is_legacy,
    is_web_version,
    version_of,
    version_shown,
)

MS, DIGITS, ISO = 1718006400000, "1718006400000", "2024-06-10T08:00:00.000Z"

EXAMPLES = {
    "ssv1_flat": [{"idSite": 1, "date": "10/06/2024 08:00"}, {"product_id_1": "7"}, {"": 1}],
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
"""Each dialect by payloads that show it, some as it was sent, some with the least that tells it apart."""

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
        """A payload is of the first dialect whose signs it shows, as a dict, as text and as bytes."""
        version = next(each.version for each in DIALECTS if each.id == dialect)
        text = json.dumps(payload)
        for form in (payload, text, text.encode()):
            assert detect(form) == Detected("event", version, dialect)

    def test_every_dialect_has_an_example(self):
        """The table of dialects names each once, and each can be met."""
        assert list(EXAMPLES) == [dialect.id for dialect in DIALECTS]

    def test_senders(self):
        """A dialect is sent by a server unless it is that of a web container or of a mobile SDK."""
        named = {name: sender for name in EXAMPLES for sender in ("web", "mobile") if sender in name}
        assert dict.fromkeys(EXAMPLES, "server") | named | {"v1_android": "mobile"} == SENDERS

    @given(st.one_of(biased_objects, st.dictionaries(st.text(), json_values())))
    def test_is_total_and_agrees_with_itself(self, payload):
        """Every JSON object is detected, and the version of its dialect is the one that it shows."""
        detected = detect(payload)
        shown = version_shown(payload)
        assert detected.kind == "event"
        assert detected.version == (shown.name if shown else None)

    @pytest.mark.parametrize("payload", [b"[]", "1", b"", b"{", '{"a": "\ud800"}', [], None, "\ufeff{}"])
    def test_of_no_object(self, payload):
        """What is no JSON object is refused."""
        with pytest.raises(UnreadablePayload):
            detect(payload)


class TestLegacy:
    """The border between 1.0 and 2.0."""

    @given(biased_objects)
    def test_agrees_with_the_text_of_the_contract(self, payload):
        """An event is legacy when the contract says so, and never with an object `context`."""
        assert is_legacy(payload) == slow_is_legacy(payload)
        assert not is_legacy(payload | {"context": {}})

    @given(biased_objects)
    def test_is_seen_from_the_outline(self, payload):
        """To tell the formats apart the root is enough: what its objects and lists hold does not matter."""
        outline = {key: type(value)() if isinstance(value, dict | list) else value for key, value in payload.items()}
        assert is_legacy(outline) == is_legacy(payload)
        assert is_web_version(outline) == is_web_version(payload)

    @pytest.mark.parametrize("value", [True, 1.0, "1", 2, None, [1]])
    def test_version_is_the_integer_1(self, value):
        """Only the integer 1 is the version of the web container: not `true`, not `1.0`, not a text."""
        assert is_web_version({"version": 1})
        assert not is_web_version({"version": value})
        assert not is_legacy({"event_name": "x", "version": value})

    @pytest.mark.parametrize(
        ("value", "expected"), [(1, True), (-(10**30), True), (True, False), (1.0, False), ("1", False), (None, False)]
    )
    def test_integers(self, value, expected):
        """An integer is a JSON integer as it is written."""
        assert is_integer(value) is expected

    @pytest.mark.parametrize("part", ["event_name", "user", "context", "event", "event_id", "app"])
    def test_flat_hits_have_no_part_of_an_event(self, part):
        """A flat hit has scalars only, and none of the names that an event has at its root."""
        assert is_flat({"id": "7", "price": 1.5})
        assert not is_flat({"id": "7", part: "x"})
        assert not is_flat({"id": "7", "list": []})
        assert not is_flat({})


class TestEvents:
    """Which JSON files are meant as events."""

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
            *(payload for payloads in EXAMPLES.values() for payload in payloads if "event_name" in payload),
        ],
    )
    def test_are_recognised(self, payload):
        """An event is recognised by its name, or by metadata in the places of either format, even when broken."""
        assert is_event(payload)

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
            [{"event_name": "x"}],
            "event_name",
            None,
        ],
    )
    def test_are_not_seen_in_everything(self, payload):
        """A schema, a configuration, a list or a lone user is not taken for an event."""
        assert not is_event(payload)


class TestVersions:
    """The table of kinds and versions."""

    def test_by_name(self):
        """A version is found by its kind and its name; the newest is taken when none is asked for."""
        assert version_of("event") is EVENT_2_0
        assert version_of("event", "2.0") is EVENT_2_0
        assert version_of("event", "1.0") is EVENT_1_0

    @pytest.mark.parametrize(
        ("kind", "name", "sentence"),
        [
            ("pixle", None, "'pixle' is not known; choose from event"),
            ("pixle", "2.0", "'pixle' is not known; choose from event"),
            ("event", "3.0", "'event/3.0' is not known; choose from event/1.0, event/2.0"),
            ("event", "", "'event/' is not known; choose from event/1.0, event/2.0"),
        ],
    )
    def test_unknown(self, kind, name, sentence):
        """A kind or version that does not exist is misuse, and what exists is named."""
        with pytest.raises(UnknownKind) as unknown:
            version_of(kind, name)
        assert str(unknown.value) == sentence

    def test_have_their_schema(self):
        """Every version names the file of its published schema."""
        assert Version("event", "2.0").schema == "event/2.0.json"
        assert all((folder() / version.schema).is_file() for versions in VERSIONS.values() for version in versions)


def test_a_misspelt_name_is_no_flat_hit():
    """An object of scalars with a key close to `event_name` is a broken event, not a hit of the older product."""
    assert detect({"event_nme": "purchase", "id": "1"}).version == "2.0"
    assert detect({"eventName": "purchase", "id": "1"}).version == "2.0"
    for name in ("product_id_1", "event_page_name", "event_label"):
        assert detect({name: "purchase", "id": "1"}).dialect == "ssv1_flat"
