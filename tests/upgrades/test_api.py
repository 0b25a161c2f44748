"""Upgrades of single events: what is reported, what is refused, and that values and JSON text have the same result."""

from __future__ import annotations

import json
from typing import ClassVar

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.reader import find_code
from strategies.documents import hostile_documents, serialized
from strategies.events import valid_events
from strategies.legacy import mixed_events
from strategies.objects import biased_objects
from tcspec.errors import UnreadablePayload, WrongArgument
from tcspec.jsontext.pointer import follow
from tcspec.jsontext.reader import Limits
from tcspec.strategies import legacy_events
from tcspec.upgrades.api import Upgrade, trace_upgrade, upgrade, upgrade_json
from tcspec.upgrades.changes import CANONICAL, CHANGES, CONVERSION

MS, LATER = 1718006400000, 1718006401000
PAGE_URL, TIMESTAMP, CATEGORIES = "/context/page/url", "/context/event_timestamp", "/user/consent_categories"
KEPT = "/context/legacy"
objects = st.one_of(biased_objects, legacy_events(), mixed_events, valid_events)


def legacy(**root):
    """Build an event that is legacy whatever else it has."""
    return {"properties": {}} | root


def current(**root):
    """Build a 2.0 event."""
    return {"event_name": "x", "context": {"event_timestamp": MS}} | root


def in_context(**properties):
    """Build a 2.0 event with some properties in its context."""
    return {"event_name": "x", "context": properties}


EXAMPLES = [
    ("context", legacy(context=5), "/context", "/context/legacy/context", True),
    ("event_name", legacy(event="x"), "/event", "/event_name", False),
    ("event_name", legacy(event_name="x", event="y"), "/event", "/context/legacy/event", True),
    ("event_id", legacy(event_id="1"), "/event_id", "/context/event_id", False),
    ("event_id", legacy(event_Id="1"), "/event_Id", "/context/event_id", False),
    ("event_id", legacy(eventId="1"), "/eventId", "/context/event_id", False),
    ("event_timestamp", legacy(event_timestamp=MS), "/event_timestamp", "/context/event_timestamp", False),
    ("event_timestamp", legacy(eventTimestamp=MS), "/eventTimestamp", "/context/event_timestamp", False),
    ("version", {"version": 1}, "/version", "/context/version", False),
    ("metadata", legacy(app={}), "/app", "/context/app", False),
    ("metadata", legacy(version=1.0), "/version", "/context/version", False),
    ("metadata", legacy(legacy=5), "/legacy", "/context/legacy/legacy", True),
    ("device", legacy(userAgent="u"), "/userAgent", "/context/device/user_agent", False),
    ("device", legacy(ip="i"), "/ip", "/context/device/ip", False),
    ("device", legacy(locale="l"), "/locale", "/context/device/lang", False),
    ("properties", legacy(properties={"a/b": 1}), "/properties/a~1b", "/a~1b", False),
    ("properties", legacy(properties={"context": 1}), "/properties/context", f"{KEPT}/properties/context", True),
    ("properties", legacy(properties={"properties": 1}), "/properties/properties", "/properties", False),
    ("properties", {"properties": 5, "version": 1}, "/properties", "/context/legacy/properties", True),
    ("properties", legacy(), "/properties", "", False),
    ("page_url", legacy(page={"location": "l"}), "/context/page/location", PAGE_URL, False),
    ("page_url", legacy(page={"location": {"href": "h"}}), "/context/page/location/href", PAGE_URL, False),
    ("user_agent", legacy(device={"userAgent": "u"}), "/context/device/userAgent", "/context/device/user_agent", False),
    ("cookie", legacy(device={"cookies": "c"}), "/context/device/cookies", "/context/device/cookie", False),
    ("created", {"version": 1, "properties": {"created": MS}}, "/properties/created", "/context/created", False),
    ("context_event_id", in_context(eventId="1"), "/context/eventId", "/context/event_id", False),
    ("root_timestamp", {"event_timestamp": MS, "context": {}}, "/event_timestamp", TIMESTAMP, False),
    ("milliseconds", in_context(event_timestamp=str(MS)), TIMESTAMP, TIMESTAMP, False),
    ("milliseconds", in_context(created=MS), TIMESTAMP, TIMESTAMP, False),
    ("consent", current(user={"consent_categories": [1, "2"]}), CATEGORIES, CATEGORIES, False),
]
"""Each change by its smallest examples: an event, and what is reported."""

UNCHANGED = [
    in_context(event_id="1", event_timestamp=MS),
    in_context(event_id="1", eventId="2", event_timestamp=MS),
    in_context(event_timestamp="2024-06-10T08:00:00"),
    in_context(event_timestamp=None, created=MS),
    in_context(event_timestamp=2, created=MS),
    in_context(created="yesterday"),
    in_context(event_timestamp=MS, page={"location": "l"}, device={"userAgent": "u", "cookies": "c"}),
    current(event_timestamp=LATER),
    {"event_timestamp": LATER, "context": {"created": "yesterday"}},
    current(properties={"a": 1}, event="y", page={}, version=1, legacy=5),
    current(user={"consent_categories": ["1", 1.0, True, None, [1], {"a": 1}]}),
    current(user={"consent_categories": 5}),
    current(user="text"),
    {"event_name": "x"},
    {"version": 1.0, "properties": 5},
    {},
]
"""Events that are in their canonical form, or cannot be brought into one."""


class TestReport:
    """An upgrade reports what it did."""

    @pytest.mark.parametrize(("change", "event", "source", "target", "kept"), EXAMPLES)
    def test_of_one_change(self, change, event, source, target, kept):
        """A change is reported once, by its name, with source, target, and whether the value was only kept."""
        [applied] = [each for each in trace_upgrade(event).changes if each.change == change]
        assert (applied.change, applied.source, applied.target, applied.kept) == (change, source, target, kept)

    def test_of_properties_beside_inner_ones(self):
        """What is kept is reported with its original path, also where an inner object `properties` takes its place."""
        event = {"event": "login", "user": {}, "properties": {"properties": {"a": 1}, "context": 2, "user": 3}}
        trace = trace_upgrade(event)
        assert trace.event["context"] == {"legacy": {"properties": {"context": 2, "user": 3}}}
        assert [(each.source, each.target) for each in trace.changes if each.kept] == [
            ("/properties/context", "/context/legacy/properties/context"),
            ("/properties/user", "/context/legacy/properties/user"),
        ]

    def test_of_a_batch(self):
        """The changes of an event in a batch are those of the event by itself, with its place."""
        event = legacy(event="login", legacy=5, ip="i")
        alone, inside = trace_upgrade(event).changes, trace_upgrade({"batch": [5, event]}).changes
        assert [(each.change, each.source, each.target, each.kept) for each in inside] == [
            (each.change, f"/batch/1{each.source}", f"/batch/1{each.target}", each.kept) for each in alone
        ]
        assert {each.kept for each in inside} == {True, False}

    def test_every_change_has_an_example(self):
        """The table has every change once, with a title of its own, and each can be applied."""
        assert list(CHANGES.values()) == [*CONVERSION, *CANONICAL]
        assert {row[0] for row in EXAMPLES} == set(CHANGES)
        assert len({change.title for change in CHANGES.values()}) == len(CHANGES)

    @pytest.mark.parametrize("event", UNCHANGED)
    def test_of_nothing(self, event):
        """An event in its canonical form stays as it is, and nothing is reported."""
        raw = json.dumps(event, indent=2).encode()
        assert trace_upgrade(event) == Upgrade(event, (), [], [])
        assert trace_upgrade(raw) == Upgrade(raw, (), [], [])
        assert upgrade(event) == event

    @given(objects)
    def test_targets(self, event):
        """Every target is in the result or the source of another change; kept values are under their old path."""
        trace = trace_upgrade(event)
        sources = {applied.source for applied in trace.changes}
        for applied in trace.changes:
            assert applied.change in CHANGES
            if applied.target not in sources:
                follow(trace.event, applied.target)
            if applied.kept:
                assert applied.target == f"/context/legacy{applied.source}"
                assert json.dumps(follow(trace.event, applied.target)) == json.dumps(follow(event, applied.source))

    @given(serialized(objects))
    def test_is_the_same_on_bytes(self, drawn):
        """On bytes the same changes and patches are reported as on the dict."""
        event, raw = drawn
        of_dict, of_text = trace_upgrade(event), trace_upgrade(raw)
        assert of_text.changes == of_dict.changes
        assert json.dumps(of_text.patch) == json.dumps(of_dict.patch)
        assert json.dumps(of_text.inverse) == json.dumps(of_dict.inverse)
        assert of_text.event == upgrade_json(raw)

    def test_the_event_is_a_new_object(self):
        """The upgraded event is never the object that was given, even when nothing changed."""
        event = current(user={"id": "u"})
        for after in (upgrade(event), trace_upgrade(event).event):
            assert after == event
            assert after is not event


class TestErrors:
    """What cannot be upgraded is an error."""

    @given(hostile_documents)
    def test_are_those_of_the_strict_reader(self, raw):
        """Bytes have the violation that the strict reader has; only duplicate keys where nothing moves may pass."""
        code = find_code(raw)
        try:
            upgrade_json(raw)
        except UnreadablePayload as refused:
            [violation] = refused.violations
            assert violation.code == (code or "TC009")
            assert violation.line
        else:
            assert code in {None, "TC004"}

    @pytest.mark.parametrize(
        ("raw", "code", "pointer", "line", "column"),
        [
            (b'{"a": 1,\n "a": 2}', "TC004", "/a", 2, 2),
            (b'{"properties": {"a": 1,\n "\\u0061": 2}}', "TC004", "/properties/a", 2, 2),
            (b'{"context": {"a": 1, "a": 2}}', "TC004", "/context/a", 1, 22),
            (b'{"context": {"page": {"a": 1, "a": 2}}}', "TC004", "/context/page/a", 1, 31),
            (b'{"context": {"device": {"a": 1, "a": 2}}}', "TC004", "/context/device/a", 1, 33),
            (b'{"page": {"a": 1, "a": 2}}', "TC004", "/page/a", 1, 19),
            (b'{"user": {"\xc3\xa9": 1, "\xc3\xa9": 2}}', "TC004", "/user/é", 1, 19),
            (b'{"properties": {"user": {"a": 1, "a": 2}}}', "TC004", "/properties/user/a", 1, 34),
            (b'\n [{"event": "x"}]', "TC009", "", 2, 2),
            (b"\x0b{}", "TC001", "", 1, 1),
            (b"", "TC008", "", 1, 1),
            (b'{"event": NaN}', "TC011", "/event", 1, 11),
            (b'{"event": "\xff"}', "TC002", "", 1, 12),
            (b'{"a": {"b": "\\ud800"}}', "TC005", "/a/b", 1, 13),
        ],
    )
    def test_code_and_position(self, raw, code, pointer, line, column):
        """A violation has its code, pointer, line and column."""
        with pytest.raises(UnreadablePayload) as refused:
            upgrade_json(raw)
        [found] = refused.value.violations
        assert (found.code, found.pointer, found.line, found.column) == (code, pointer, line, column)

    @pytest.mark.parametrize(
        "inner", [b'"items":[{"a": 1, "a": 2}]', b'"page":{"a": 1, "a": 2}', b'"x":{"y": {"a": 1,"a":2}}']
    )
    def test_deeper_duplicate_keys_pass(self, inner):
        """A duplicate key where nothing is rearranged stays as it is."""
        upgraded = upgrade_json(b'{"event": "x", "properties": {' + inner + b"}}")
        assert inner in upgraded
        assert upgrade_json(upgraded) == upgraded

    @pytest.mark.parametrize("value", ["{}", None, {}, 5])
    def test_other_types_than_bytes(self, value):
        """A JSON text is bytes, in any bytes-like object, and nothing else."""
        with pytest.raises(WrongArgument, match="expected the JSON text as bytes, got "):
            upgrade_json(value)
        raw = b'{"event": "x", "properties": {}}'
        assert upgrade_json(bytearray(raw)) == upgrade_json(memoryview(raw)) == upgrade_json(raw)
        assert trace_upgrade(bytearray(raw)) == trace_upgrade(raw)

    @pytest.mark.parametrize("value", [None, [], "{}", 5, msgspec.Raw(b"{}")])
    @pytest.mark.parametrize("function", [upgrade, trace_upgrade])
    def test_other_types_than_objects(self, function, value):
        """The violation of what is neither a dict nor bytes names its type."""
        with pytest.raises(UnreadablePayload, match="TC009 error at the root: expected an object, got "):
            function(value)

    def test_limits(self):
        """Depth and length are bounded by the limits of the caller."""
        raw = b'{"event": "x", "properties": {"a": [[[1]]]}}'
        assert upgrade_json(raw, limits=Limits(5, len(raw))) == b'{"event_name":"x","a":[[[1]]],"context":{}}'
        for limits, code in ((Limits(4), "TC006"), (Limits(length=len(raw) - 1), "TC007")):
            with pytest.raises(UnreadablePayload, match=code):
                upgrade_json(raw, limits=limits)


class TestModels:
    """A model of tcspec is upgraded as what it is on the wire."""

    PAYLOAD: ClassVar = legacy(event="login", properties={"method": "card"})
    UPGRADED: ClassVar = {"event_name": "login", "method": "card", "context": {}}

    class Model:
        """Something with the method that marks models."""

        def to_payload(self):
            """Return a legacy event."""
            return TestModels.PAYLOAD

    def test_of_each_function(self):
        """Every function of the upgrade takes a model."""
        model = self.Model()
        assert upgrade(model) == self.UPGRADED
        assert trace_upgrade(model) == trace_upgrade(self.PAYLOAD)
        assert json.loads(upgrade_json(model)) == self.UPGRADED

    def test_limits(self):
        """The JSON text of a model is within the limits."""
        with pytest.raises(UnreadablePayload, match="TC006"):
            upgrade_json(self.Model(), limits=Limits(depth=1))

        class Deep:
            """A model of a deep event."""

            def to_payload(self):
                """Return the event."""
                return {"event_name": "x", "a": json.loads("[" * 250 + "]" * 250), "context": {}}

        assert json.loads(upgrade_json(Deep(), limits=Limits(depth=300))) == Deep().to_payload()


class TestBytes:
    """Objects that are read and not changed."""

    def test_white_space_around(self):
        """White space around a text is not part of the event."""
        assert upgrade_json(b' \n{"event":"x"}\n') == b'{"event_name":"x","context":{}}'

    def test_are_kept(self):
        """An object that was opened and not changed keeps its white space, notation and order."""
        user, page, device = b'{ "id" : "\\u0061" }', b'{"url" :1.10}', b'{\n"ip":"i",\t"user_agent":"u"}'
        raw = b'{"event":"x","user":' + user + b',"page":' + page + b',"device":' + device + b"}"
        inner = b'{"page":' + page + b',"device":' + device + b"}"
        assert upgrade_json(raw) == b'{"event_name":"x","user":' + user + b',"context":' + inner + b"}"

    def test_of_a_dict_are_plain(self):
        """A dict is upgraded to plain dicts and lists, all the way down."""
        event = {"event": "x", "properties": {"user": {"consent_categories": [1]}}, "device": {"userAgent": "u"}}
        upgraded = upgrade(event)
        parts = (upgraded, upgraded["user"], upgraded["context"], upgraded["context"]["device"])
        assert {type(part) for part in parts} == {dict}
        assert type(upgraded["user"]["consent_categories"]) is list


class TestNumbers:
    """Numbers in any notation."""

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("1718006400000", "1718006400000"),
            ("1718006400", "1718006400000"),
            ("1.718006400e9", "1718006400000"),
            ("1718006400000.0", "1718006400000"),
            ("1718006400123000000", "1718006400123"),
            ("-0", "-0"),
            ("1e400", "1e400"),
            ("-1E+400", "-1E+400"),
            ("9" * 5000, "9" * 5000),
            ("1.10", "1.10"),
        ],
        ids=lambda text: text[:20],
    )
    def test_timestamps(self, text, expected):
        """A number that is a timestamp becomes milliseconds, any other stays as it is written."""
        raw = f'{{"event_name":"x","context":{{"event_timestamp":{text}}}}}'
        assert upgrade_json(raw.encode()).decode() == raw.replace(text, expected)

    def test_categories(self):
        """Integers of any length become strings of their digits, numbers in other notations stay."""
        long = "1" + "0" * 5000
        raw = f'{{"context":{{}},"user":{{"consent_categories":[-0,{long},-{long},1.0,1e2]}}}}'
        expected = f'{{"context":{{}},"user":{{"consent_categories":["0","{long}","-{long}",1.0,1e2]}}}}'
        assert upgrade_json(raw.encode()).decode() == expected
        whole = upgrade({"context": {}, "user": {"consent_categories": [10**5000, -(10**5000), 1.0]}})
        assert whole["user"]["consent_categories"] == [long, f"-{long}", 1.0]
