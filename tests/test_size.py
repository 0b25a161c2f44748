"""What a payload weighs on the wire, which limit that breaks, and which of its paths cost most."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategies.documents import hostile_documents
from strategies.events import valid_events
from strategies.values import json_values
from tcspec.errors import InvalidPayload, Severity, UnknownKind, UnreadablePayload
from tcspec.jsontext.pointer import follow
from tcspec.size import check_size, costliest_paths, payload_size, size_limit

_TWO_BYTES = frozenset('"\\\b\f\n\r\t')


def weight(value):
    """Count the bytes of a value's compact JSON, character by character."""
    match value:
        case None | bool():
            return len("false") if value is False else len("null")
        case str():
            return 2 + sum(character_weight(character) for character in value)
        case int() | float():
            return len(repr(value))
        case list():
            return 2 + sum(map(weight, value)) + max(len(value) - 1, 0)
    return 2 + sum(weight(key) + 1 + weight(member) for key, member in value.items()) + max(len(value) - 1, 0)


def character_weight(character):
    """Count the bytes of a character in a compact JSON string."""
    if character in _TWO_BYTES:
        return 2
    return len("\\u0000") if character < " " else len(character.encode())


def event_of(size):
    """Make an event whose compact body has exactly so many bytes."""
    event = {"event_name": "x", "note": ""}
    return event | {"note": "x" * (size - weight(event))}


def only(violations):
    """Give the one violation that was found."""
    [violation] = violations
    return violation


class TestPayloadSize:
    """Bytes of the UTF-8 body."""

    @given(json_values())
    def test_of_a_value(self, value):
        """A Python value weighs what its compact UTF-8 body weighs, with no escape that JSON does not ask for."""
        assert payload_size([value]) == weight([value])

    @given(st.binary(max_size=50))
    def test_of_bytes(self, raw):
        """Bytes weigh what they are, whatever buffer holds them and whatever they say."""
        assert payload_size(raw) == payload_size(bytearray(raw)) == payload_size(memoryview(raw)) == len(raw)

    def test_of_a_buffer_of_wider_items(self):
        """A buffer is counted in bytes even when its items are wider."""
        assert payload_size(memoryview(bytes(16)).cast("I")) == 16

    @given(st.text(st.characters(codec="utf-8")))
    def test_of_text(self, text):
        """A text is a body that is not encoded yet, and weighs its UTF-8 encoding."""
        assert payload_size(text) == len(text.encode())

    def test_of_long_integers(self):
        """An integer of more digits than Python spells by itself has a size in a text, and none in a dict."""
        assert payload_size({"n": 10**4299}) == len('{"n":}') + 4300
        assert payload_size('{"n":1' + "0" * 5000 + "}") == len('{"n":}') + 5001
        with pytest.raises(UnreadablePayload):
            payload_size({"n": 10**5000})

    @pytest.mark.parametrize(
        ("value", "code"),
        [
            pytest.param({"a": {1, 2}}, "TC010", id="set"),
            pytest.param({"a": b"raw"}, "TC010", id="bytes"),
            pytest.param({"a": float("nan")}, "TC011", id="nan"),
            pytest.param({"a": float("-inf")}, "TC011", id="infinity"),
            pytest.param({"a": "\ud800"}, "TC005", id="half surrogate pair"),
            pytest.param({("a", "b"): 1}, "TC010", id="tuple as key"),
            pytest.param({1: 1}, "TC010", id="integer as key"),
            pytest.param({None: 1}, "TC010", id="null as key"),
        ],
    )
    def test_of_what_is_no_json(self, value, code):
        """What has no JSON form has no size; the refusal is a violation of a document-level code."""
        with pytest.raises(UnreadablePayload) as refused:
            payload_size(value)
        assert only(refused.value.violations).code == code

    def test_of_text_that_is_no_json(self):
        """A text that cannot be sent has a size all the same, since what it holds is not looked at."""
        assert payload_size("{\ud800") == 4

    def test_of_what_holds_itself(self):
        """A value that holds itself has no size."""
        endless: dict[str, object] = {}
        endless["a"] = endless
        with pytest.raises(UnreadablePayload):
            payload_size(endless)


class TestLimits:
    """The two readings of a kilobyte."""

    @pytest.mark.parametrize(
        ("size", "code", "bound"),
        [
            (32_000, None, None),
            (32_001, "TC021", 32_000),
            (32_768, "TC021", 32_000),
            (32_769, "TC020", 32_768),
        ],
    )
    def test_of_an_event(self, size, code, bound):
        """An event is warned of above 32,000 bytes and refused above 32,768, in every form of a payload."""
        event = event_of(size)
        text = json.dumps(event, separators=(",", ":"))
        for payload in (event, text, text.encode()):
            found = check_size(payload)
            assert [violation.code for violation in found] == ([code] if code else [])
            for violation in found:
                assert violation.severity is (Severity.ERROR if code == "TC020" else Severity.WARNING)
                assert (violation.data["actual"], violation.data["expected"]) == (size, bound)
                assert f"has {size:,} bytes, the limit is {bound:,}" in violation.message

    @pytest.mark.parametrize(
        ("size", "codes"),
        [(500_000, []), (500_001, ["TC021"]), (512_000, ["TC021"]), (512_001, ["TC020"])],
    )
    def test_of_a_batch(self, size, codes):
        """A batch is warned of above 500,000 bytes and refused above 512,000."""
        assert [violation.code for violation in check_size(b" " * size, "batch")] == codes

    def test_counts_bytes_as_they_are(self):
        """The spaces of a body count as they would on the wire."""
        event = event_of(31_995)
        assert check_size(event) == []
        assert only(check_size(json.dumps(event, indent=1))).code == "TC021"

    def test_counts_bytes_and_not_characters(self):
        """A letter beyond ASCII counts as often as UTF-8 needs bytes for it."""
        assert check_size({"note": "é" * 15_990}) == []
        assert only(check_size({"note": "é" * 16_000})).code == "TC021"

    def test_of_an_unknown_kind(self):
        """A kind without a limit is misuse, and the known ones are named."""
        with pytest.raises(UnknownKind, match="unknown name 'pixel'; choose from event, batch"):
            check_size({}, "pixel")

    def test_cannot_be_changed(self):
        """The limits cannot be changed."""
        with pytest.raises(AttributeError):
            size_limit("event").safe = 0

    @given(st.one_of(hostile_documents, st.just(b"[" * 2000 + b"]" * 2000)))
    def test_of_any_bytes(self, raw):
        """Bytes over the limit are told so whatever they hold: this is no reader of JSON."""
        padded = b'{"a": [' + raw + b'], "b": "' + b"x" * 32_768 + b'"}'
        assert only(check_size(padded)).data["actual"] == len(padded)

    def test_of_legal_numbers_beyond_floats(self):
        """A number that no float can hold does not keep a large body from being measured."""
        raw = b'{"n": 1e400, "m": -1e400, "d": ' + b"9" * 5000 + b', "note": "' + b"x" * 32_768 + b'"}'
        assert only(check_size(raw)).code == "TC020"


class TestCostliestPaths:
    """Where the bytes are."""

    @given(st.one_of(valid_events, json_values()))
    def test_weigh_what_they_say(self, value):
        """Every path resolves, weighs what is said, and comes before the lighter ones; there are three at most."""
        costliest = costliest_paths(value)
        assert {pointer: weight(follow(value, pointer)) for pointer in costliest} == costliest
        assert list(costliest.values()) == sorted(costliest.values(), reverse=True)
        assert len(costliest) <= 3

    @given(valid_events)
    def test_are_the_same_in_every_form(self, event):
        """A dict, its text and its bytes have the same paths."""
        text = json.dumps(event)
        assert costliest_paths(event) == costliest_paths(text) == costliest_paths(text.encode())

    def test_lead_to_what_can_be_acted_on(self):
        """What makes up more than half of a path stands in its place."""
        event = {"items": [{"id": "1"}, {"product": {"text/html": "x" * 500, "id": "2"}}], "url": "x" * 50}
        assert list(costliest_paths(event)) == ["/items/1/product/text~1html", "/url", "/items/0"]

    def test_stop_at_the_half(self):
        """A part that makes up exactly half of a path does not stand in its place."""
        assert costliest_paths({"a": {"b": "xxxx"}, "c": 1}) == {"/a": 12, "/c": 1}
        assert costliest_paths({"a": {"b": "xxxxx"}, "c": 1}) == {"/a/b": 7, "/c": 1}

    def test_stop_where_nothing_stands_out(self):
        """A list of many small parts is named as a whole."""
        assert next(iter(costliest_paths({"items": [{"id": "x" * 9}] * 50, "url": "x"}))) == "/items"

    def test_are_named_in_the_violation(self):
        """A violation names the paths that cost most, the first of them in its message."""
        violation = only(check_size({"note": "x" * 33_000, "id": 1}))
        assert violation.data["costliest"] == {"/note": 33_002, "/id": 1}
        assert violation.message.endswith("; /note alone has 33,002")

    @pytest.mark.parametrize("payload", [b"\xff" * 40_000, b"[" * 40_000, "x" * 40_000, b'"' + b"x" * 40_000 + b'"'])
    def test_of_what_has_no_parts(self, payload):
        """Bytes that cannot be read, or are one value, have a size and no paths."""
        violation = only(check_size(payload))
        assert violation.data["costliest"] == {}
        assert violation.message.endswith("the limit is 32,768")

    def test_are_bounded_in_depth(self):
        """A deep pile of single objects is followed only so far."""
        pile = "x" * 100
        for _ in range(50):
            pile = {"a": pile}
        [pointer] = costliest_paths(pile)
        assert pointer == "/a" * 9

    def test_of_any_buffer(self):
        """A buffer has the paths of the bytes that it holds."""
        for buffer in (bytearray, memoryview):
            assert costliest_paths(buffer(b'{"a": "x", "b": 1}')) == {"/a": 3, "/b": 1}

    def test_of_a_number(self):
        """How many paths are named is the caller's choice."""
        assert list(costliest_paths({"a": "xxx", "b": "xx", "c": "x", "d": 1}, 2)) == ["/a", "/b"]


def test_refusals_are_invalid_payloads():
    """A value without size can be caught as any invalid payload."""
    with pytest.raises(InvalidPayload):
        check_size({"a": {1}})
