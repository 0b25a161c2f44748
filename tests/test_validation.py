"""`validate`: versions, payloads, sizes, options, and the order of violations."""

from __future__ import annotations

import json
from collections import namedtuple
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payloads import minimal
from strategies.events import broken_events, nearly_valid_events, valid_events
from strategies.objects import biased_objects
from tcspec.errors import Severity, UnknownKind
from tcspec.jsontext.pointer import split
from tcspec.jsontext.reader import Limits
from tcspec.kinds import BATCH, EVENT_1_0, EVENT_2_0
from tcspec.payload import read_payload
from tcspec.pixels.pixel import GA4_MESSAGE
from tcspec.strategies import legacy_events
from tcspec.validation import count_violations, event_name, find_violations, has_errors, is_valid, validate

LEGACY = {"event": "x", "properties": {}}
FLAT = {"idSite": 7, "price": "12,5"}
VERSIONS = {None: (None, "1.0", "2.0"), "event": (None, "1.0", "2.0"), "batch": (None, "2.0"), "user": (None, "1.0")}
"""The versions that can be requested of a kind."""
payloads = st.one_of(valid_events, nearly_valid_events(), broken_events, legacy_events(), biased_objects)


def codes(violations):
    """Return the codes of violations in their order."""
    return [violation.code for violation in violations]


class TestVersions:
    """The version that a payload is validated as."""

    def test_current(self):
        """An event that is not legacy is validated as 2.0, requested or not."""
        assert validate(minimal()) == validate(minimal(), "event") == validate(minimal(), version="2.0") == []

    def test_legacy_without_a_version(self):
        """A 1.0 event is validated as 1.0 and has one more error, with a hint."""
        [found] = validate(LEGACY)
        assert (found.code, found.pointer, found.severity) == ("TC701", "", Severity.ERROR)
        assert found.hint == "upgrade it to 2.0 with `tcspec upgrade`"
        assert found.message == "the event is in the 1.0 format (metadata at the root, properties under `properties`)"
        assert codes(validate(LEGACY | {"event_id": 5})) == ["TC701", "TC202"]
        assert codes(validate(LEGACY, "event")) == ["TC701"]

    def test_legacy_as_1_0(self):
        """With `version="1.0"` a 1.0 event is valid."""
        assert validate(LEGACY, version="1.0") == []
        assert is_valid(LEGACY, version="1.0")
        assert not is_valid(LEGACY)

    def test_the_requested_version_decides(self):
        """A payload is validated as the requested version, whatever is detected."""
        assert {violation.data["property"] for violation in validate(LEGACY, version="2.0")} == {
            "event_name",
            "user",
            "context",
        }
        assert codes(validate({"event_name": "x"}, version="1.0")) == ["TC101"]

    def test_flat_hits(self):
        """A hit of the older product has its own code, unless a version is requested."""
        [found] = validate(FLAT)
        assert found.code == "TC702"
        assert "ssv1_flat" in found.message
        assert not is_valid(FLAT)
        assert codes(validate(FLAT, version="2.0")) == ["TC101", "TC101", "TC101"]

    @pytest.mark.parametrize("function", [validate, is_valid])
    @pytest.mark.parametrize(("kind", "version"), [("pixle", None), (None, "0.9"), ("event", "2"), ("pixle", "2.0")])
    def test_misuse(self, function, kind, version):
        """An unknown kind or version is misuse, even with an unreadable payload."""
        with pytest.raises(UnknownKind):
            function(b"\xff", kind, version)

    def test_unknown_engine(self):
        """An unknown engine is misuse, and the message has the known ones."""
        with pytest.raises(UnknownKind, match="unknown name 'quick'; choose from fast, reference"):
            validate({}, engine="quick")

    @pytest.mark.parametrize(
        ("event", "version", "name"),
        [
            ({"event_name": "a", "event": "b"}, EVENT_1_0, "a"),
            ({"event": "b"}, EVENT_1_0, "b"),
            ({"event_name": None, "event": "b"}, EVENT_1_0, None),
            ({"event": "b"}, EVENT_2_0, None),
            ({"event_name": 5}, EVENT_2_0, 5),
        ],
    )
    def test_names(self, event, version, name):
        """The name of an event is its `event_name`, and in 1.0 its `event` if there is no `event_name`."""
        assert event_name(event, version) == name


class TestPayloads:
    """What can be validated."""

    @pytest.mark.parametrize(
        ("payload", "expected"),
        [
            (b"", "TC008"),
            (b"[1]", "TC009"),
            ("[1]", "TC009"),
            ([1], "TC009"),
            (None, "TC009"),
            (bytearray(b"[1]"), "TC009"),
            ({"a": float("nan")}, "TC011"),
            ({"a": {1}}, "TC010"),
            ({1: "a"}, "TC010"),
            ({"a": "\ud800"}, "TC005"),
            ('{"a": "\ud800"}', "TC005"),
            ('\ufeff{"a": 1}', "TC003"),
        ],
    )
    def test_not_a_payload(self, payload, expected):
        """Anything but a JSON object is a violation, never an exception, and not valid."""
        assert codes(validate(payload)) == [expected]
        assert not is_valid(payload)

    def test_not_json(self):
        """All values of a dict that are not JSON are reported, custom properties included, and nothing else."""
        payload = {"event_name": 5, "custom": [{1}, float("inf")], "deep": {2: "x"}}
        assert [(found.code, found.pointer) for found in validate(payload)] == [
            ("TC010", "/custom/0"),
            ("TC011", "/custom/1"),
            ("TC010", "/deep"),
        ]

    @pytest.mark.parametrize("engine", ["fast", "reference"])
    def test_subclasses(self, engine):
        """Tuples, and subclasses of str and float, are validated as the JSON that they are encoded to."""
        name, price = type("Name", (str,), {})("purchase"), type("Price", (float,), {})(1.5)
        product = namedtuple("Product", "id")("P1")  # noqa: PYI024 - old code has these
        item = {"id": "L1", "quantity": 1, "product": product}
        event = minimal("purchase") | {"event_name": name, "value": price, "items": (item,)}
        assert [(found.code, found.pointer) for found in validate(event, engine=engine)] == [
            ("TC402", "/items/0/product")
        ]

    def test_long_integers_in_a_text(self):
        """An integer of any length in a document is a number."""
        raw = json.dumps(minimal("purchase")).encode().replace(b'"value": ', b'"value": ' + b"9" * 5000)
        assert validate(raw) == []
        assert is_valid(raw)


class TestSize:
    """The size limits are part of the validation."""

    def sized(self, size):
        """Return the compact text of a valid event that has so many bytes."""
        text = json.dumps(minimal() | {"note": ""}, separators=(",", ":"))
        return text.replace('"note":""', f'"note":"{"x" * (size - len(text))}"')

    @pytest.mark.parametrize(
        ("size", "expected", "valid"),
        [(32_000, [], True), (32_001, ["TC021"], True), (32_768, ["TC021"], True), (32_769, ["TC020"], False)],
    )
    def test_limits(self, size, expected, valid):
        """A valid event has a warning above 32,000 bytes and is invalid above 32,768."""
        text = self.sized(size)
        assert len(text) == size
        for payload in (text, text.encode()):
            assert codes(validate(payload)) == expected
            assert is_valid(payload) == valid

    def test_white_space_is_not_measured(self):
        """A document is measured without its white space, as it would be sent, unless `as_sent` is requested."""
        pretty = json.dumps(json.loads(self.sized(10_000)) | {"list": [0] * 6_000}, indent=4)
        assert len(pretty) > 32_768
        assert codes(validate(pretty)) == codes(validate(json.loads(pretty))) == []
        assert is_valid(pretty)
        assert codes(validate(pretty, as_sent=True)) == ["TC020"]

    def test_limit_without_white_space(self):
        """A document may have as many bytes without its white space as one that has none."""
        assert codes(validate(self.sized(32_000).replace(":", ": ", 1))) == []
        assert codes(validate(self.sized(32_001).replace(":", ": ", 1))) == ["TC021"]

    def test_of_what_was_read(self):
        """What was read already is measured without its white space too, and counted alike."""
        pretty = read_payload(json.dumps(json.loads(self.sized(10_000)) | {"list": [0] * 6_000}, indent=4))
        assert find_violations(pretty) == []
        assert count_violations(pretty) == {}

    def test_costliest_property(self):
        """The violation names the property that takes most of the bytes."""
        [found] = validate(self.sized(40_000))
        assert max(found.data["costliest"], key=found.data["costliest"].get) == "/note"

    def test_of_a_dict(self):
        """A dict has the size of its compact body."""
        text = self.sized(32_768)
        assert codes(validate(json.loads(text))) == ["TC021"]
        assert is_valid(json.loads(text))

    def test_comes_with_the_rest(self):
        """An invalid event that is too large has both violations, the size first."""
        event = json.loads(self.sized(40_000)) | {"user": 5}
        assert codes(validate(event)) == ["TC020", "TC102"]

    def test_of_legal_numbers_beyond_floats(self):
        """A large event may have numbers that no float can represent."""
        text = self.sized(40_000).replace('"note"', '"n": 1e400, "note"')
        assert codes(validate(text)) == ["TC020"]


class TestOrder:
    """The order and the positions of violations."""

    @given(payloads)
    def test_is_that_of_the_pointers(self, payload):
        """Violations are in the order of their pointers, those of an object before those inside it."""
        keys = [
            ([(len(part) if part.isdigit() else 0, part) for part in split(found.pointer)], found.code)
            for found in validate(payload)
        ]
        assert keys == sorted(keys)

    def test_of_items(self):
        """Array items are in the order of their indexes as numbers."""
        items = [{"id": "L", "quantity": 1, "product": {"id": 5}}] * 11
        found = validate(minimal("purchase") | {"items": items})
        assert [violation.pointer for violation in found] == [f"/items/{index}/product/id" for index in range(11)]

    @given(payloads)
    def test_no_duplicates(self, payload):
        """No two violations are equal."""
        keys = [(found.code, found.pointer, found.message) for found in validate(payload)]
        assert len(keys) == len(set(keys))

    def test_lines_and_columns(self):
        """Violations of a document have line and column of the value, or of the object that lacks a property."""
        text = '{"event_name": "x",\r\n "😀": 1, "user": {"email": 5},\n "context":\n  {"event_id": "é"}}'
        for payload in (text, text.encode()):
            found = validate(payload)
            assert [(violation.pointer, violation.line, violation.column) for violation in found] == [
                ("/context", 4, 3),
                ("/user/email", 2, 28),
            ]
        assert {(violation.line, violation.column) for violation in validate(json.loads(text))} == {(None, None)}

    def test_of_a_whole_document(self):
        """A violation of the whole document has the position of its first character."""
        [found] = validate(b'\n\n  {"event": "x", "properties": {}}')
        assert (found.code, found.line, found.column) == ("TC701", 3, 3)


class TestOptions:
    """The options of a caller."""

    def test_depth(self):
        """The maximum depth is an option, for a dict and for a document."""
        event = minimal() | {"deep": [[[1]]]}
        for payload in (event, json.dumps(event)):
            assert validate(payload) == validate(payload, limits=Limits(depth=4)) == []
            assert codes(validate(payload, limits=Limits(depth=3))) == ["TC006"]

    def test_length(self):
        """The maximum length is an option."""
        assert codes(validate(b'{"a": 1}', limits=Limits(length=7))) == ["TC007"]

    @given(payloads, st.sampled_from((None, "1.0", "2.0")))
    def test_engine(self, payload, version):
        """The reference engine finds equal violations."""
        assert validate(payload, version=version, engine="reference") == validate(payload, version=version)

    @given(payloads, st.sampled_from([(kind, version) for kind, versions in VERSIONS.items() for version in versions]))
    def test_is_valid(self, payload, requested):
        """A payload is valid for a kind and a version when no violation is an error, as a value and as a document."""
        raw = json.dumps(payload).encode()
        for each in (payload, raw, raw.decode()):
            assert is_valid(each, *requested) == (not has_errors(validate(each, *requested)))

    @pytest.mark.parametrize(
        ("kind", "version"), [(kind, each) for kind in (None, "event", "batch") for each in VERSIONS[kind]]
    )
    @pytest.mark.parametrize("events", [[], [minimal()], [LEGACY], [minimal() | LEGACY], [minimal(), LEGACY], [5], 5])
    def test_is_valid_of_batches(self, kind, version, events):
        """A batch is valid when its events are, each by its own version unless one is requested."""
        for payload in ({"batch": events}, minimal() | {"batch": events}):
            raw = json.dumps(payload).encode()
            assert is_valid(raw, kind, version) == (not has_errors(validate(payload, kind, version)))

    def test_custom_batch(self):
        """What a custom property called `batch` holds is not validated, within any limits."""
        assert is_valid(minimal() | {"batch": [5]}, "event")
        assert is_valid(minimal() | {"batch": [5]}, "event", limits=Limits(depth=50))

    @pytest.mark.parametrize("limits", [Limits(depth=2), Limits(length=90)])
    def test_is_valid_within_limits(self, limits):
        """A valid event beyond a limit is invalid."""
        raw = json.dumps(minimal() | {"note": [[1]]}).encode()
        assert is_valid(raw)
        for kind in (None, "event"):
            assert not is_valid(raw, kind, limits=limits)


GA4 = "https://collect.commander1.com/events?tc_s=3315&token=t&ga_url_param=/g/collect?v=2&en=a"


def test_ga4():
    """A pixel that only transports a GA4 hit has one violation, which says so, and is valid."""
    [found] = validate(GA4)
    assert (found.code, found.pointer, found.message) == ("TC046", "", GA4_MESSAGE)
    assert is_valid(GA4)


def test_what_is_asked_of_what_was_read():
    """An event that is valid as one may be invalid as another version or another kind."""
    event = read_payload(minimal())
    assert find_violations(event) == []
    assert find_violations(event, engine="reference") == []
    assert codes(find_violations(event, "1.0")) == ["TC101"]
    assert codes(find_violations(replace(event, kind=BATCH))) == ["TC101"]
    assert codes(find_violations(read_payload("event_name=login", "pixel"))) != []


def test_limit_on_violations():
    """Of many violations of a code so many are listed as allowed, and one stands for the others."""
    payload = {"event_name": "purchase"}
    assert [each.count for each in validate(payload, limits=Limits(violations=1)) if each.code == "TC401"] == [1, 7]
    assert [each.count for each in find_violations(read_payload(payload), limit=1) if each.code == "TC401"] == [1, 7]


def test_wrong_events_of_a_batch():
    """What is wrong in an event of a batch is found once, and that an event is none."""
    found = validate({"batch": [5, minimal() | {"user": 5}]})
    assert [(each.code, each.pointer) for each in found] == [("TC009", "/batch/0"), ("TC102", "/batch/1/user")]


def test_is_valid_knows_the_names_of_both_formats():
    """A 1.0 event is validated by its name under either key."""
    for key in ("event", "event_name"):
        event = {key: "refund", "properties": {"currency": "eur"}}
        assert [each.code for each in validate(event, version="1.0")] == ["TC403"]
        assert not is_valid(event, version="1.0")


def test_only_errors_make_invalid():
    """Warnings and infos are not errors."""
    [error] = validate(LEGACY)
    assert has_errors([error])
    assert not has_errors([replace(error, severity=Severity.WARNING), replace(error, severity=Severity.INFO)])
    assert not has_errors([])


def test_property_named_batch():
    """A property `batch` of an event is not measured as a batch."""
    event = minimal() | {"batch": [{"note": "x" * 40_000}]}
    assert [(each.code, each.pointer) for each in validate(event, "event")] == [("TC020", "")]


def test_payload_read_before():
    """A payload that was read before has the same violations."""
    payload = read_payload(minimal() | {"user": 5})
    assert find_violations(payload) == validate(payload.document)


def test_an_object_around_an_event_is_not_said_to_be_upgraded():
    """Where `event` is an object and no name, the hint of a legacy event would not help."""
    for event, hint in (("login", True), ({"event_name": "login"}, False)):
        [found] = [each for each in validate({"event": event, "properties": {}}) if each.code == "TC701"]
        assert bool(found.hint) is hint
