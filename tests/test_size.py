"""Sizes, limits, the largest paths of a payload, and splitting."""

from __future__ import annotations

import json
from itertools import count, islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategies.documents import hostile_documents
from strategies.events import valid_events
from tcspec.errors import (
    InvalidPayload,
    OversizeEvent,
    Severity,
    TcspecError,
    UnknownKind,
    UnreadablePayload,
    WrongArgument,
)
from tcspec.jsontext.pointer import follow
from tcspec.size import check_member, check_size, costliest_paths, payload_size, size_limit, split_batch, split_bulk
from tcspec.strategies.values import json_values

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
    """Return an event whose compact body has exactly so many bytes."""
    event = {"event_name": "x", "note": ""}
    return event | {"note": "x" * (size - weight(event))}


def only(violations):
    """Return the only violation."""
    [violation] = violations
    return violation


class TestPayloadSize:
    """Bytes of the UTF-8 body."""

    @given(json_values())
    def test_of_a_value(self, value):
        """The size of a Python value is that of its compact UTF-8 body, with no escape that JSON does not require."""
        assert payload_size([value]) == weight([value])

    @given(st.binary(max_size=50))
    def test_of_bytes(self, raw):
        """The size of bytes is their number, whatever the buffer and the content."""
        assert payload_size(raw) == payload_size(bytearray(raw)) == payload_size(memoryview(raw)) == len(raw)

    def test_of_a_buffer_of_wider_items(self):
        """A buffer is counted in bytes even when its items are wider."""
        assert payload_size(memoryview(bytes(16)).cast("I")) == 16

    @given(st.text(st.characters(codec="utf-8")))
    def test_of_text(self, text):
        """The size of a str is that of its UTF-8 encoding."""
        assert payload_size(text) == len(text.encode())

    def test_of_long_integers(self):
        """An integer of more digits than Python converts has a size in a document, and none in a dict."""
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
        """A value that is not JSON has no size, and is refused with a document-level code."""
        with pytest.raises(UnreadablePayload) as refused:
            payload_size(value)
        assert only(refused.value.violations).code == code

    def test_of_text_that_is_no_json(self):
        """An invalid document has a size, because it is not read."""
        assert payload_size("{\ud800") == 4

    def test_of_what_holds_itself(self):
        """A recursive value has no size."""
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
        """An event has a warning above 32,000 bytes and an error above 32,768, in every form of a payload."""
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
        """A batch has a warning above 500,000 bytes and an error above 512,000."""
        assert [violation.code for violation in check_size(b" " * size, "batch")] == codes

    def test_counts_bytes_as_they_are(self):
        """White space in a body counts."""
        event = event_of(31_995)
        assert check_size(event) == []
        assert only(check_size(json.dumps(event, indent=1))).code == "TC021"

    def test_counts_bytes_and_not_characters(self):
        """A character counts as many bytes as it has in UTF-8."""
        assert check_size({"note": "é" * 15_990}) == []
        assert only(check_size({"note": "é" * 16_000})).code == "TC021"

    def test_of_an_unknown_kind(self):
        """A kind without a limit is misuse, and the message has the known ones."""
        with pytest.raises(UnknownKind, match="unknown name 'pixel'; choose from event, batch"):
            check_size({}, "pixel")

    def test_cannot_be_changed(self):
        """The limits cannot be changed."""
        with pytest.raises(AttributeError):
            size_limit("event").safe = 0

    @given(st.one_of(hostile_documents, st.just(b"[" * 2000 + b"]" * 2000)))
    def test_of_any_bytes(self, raw):
        """Bytes above the limit are reported whatever their content: they are not read as JSON."""
        padded = b'{"a": [' + raw + b'], "b": "' + b"x" * 32_768 + b'"}'
        assert only(check_size(padded)).data["actual"] == len(padded)

    def test_of_legal_numbers_beyond_floats(self):
        """A body is measured even if it has a number that no float can represent."""
        raw = b'{"n": 1e400, "m": -1e400, "d": ' + b"9" * 5000 + b', "note": "' + b"x" * 32_768 + b'"}'
        assert only(check_size(raw)).code == "TC020"


class TestCostliestPaths:
    """The largest paths."""

    @given(st.one_of(valid_events, json_values()))
    def test_weigh_what_they_say(self, value):
        """Every path resolves, has the reported size, and precedes smaller ones; there are three at most."""
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
        """A part of more than half of a path replaces the path."""
        event = {"items": [{"id": "1"}, {"product": {"text/html": "x" * 500, "id": "2"}}], "url": "x" * 50}
        assert list(costliest_paths(event)) == ["/items/1/product/text~1html", "/url", "/items/0"]

    def test_stop_at_the_half(self):
        """A part of exactly half of a path does not replace it."""
        assert costliest_paths({"a": {"b": "xxxx"}, "c": 1}) == {"/a": 12, "/c": 1}
        assert costliest_paths({"a": {"b": "xxxxx"}, "c": 1}) == {"/a/b": 7, "/c": 1}

    def test_stop_where_nothing_stands_out(self):
        """An array of many small parts is reported as a whole."""
        assert next(iter(costliest_paths({"items": [{"id": "x" * 9}] * 50, "url": "x"}))) == "/items"

    def test_are_named_in_the_violation(self):
        """A violation has the largest paths, the first of them in its message."""
        violation = only(check_size({"note": "x" * 33_000, "id": 1}))
        assert violation.data["costliest"] == {"/note": 33_002, "/id": 1}
        assert violation.message.endswith("; /note alone has 33,002")

    @pytest.mark.parametrize("payload", [b"\xff" * 40_000, b"[" * 40_000, "x" * 40_000, b'"' + b"x" * 40_000 + b'"'])
    def test_of_what_has_no_parts(self, payload):
        """Unreadable bytes, and bytes with a single value, have a size and no paths."""
        violation = only(check_size(payload))
        assert violation.data["costliest"] == {}
        assert violation.message.endswith("the limit is 32,768")

    def test_are_bounded_in_depth(self):
        """Deeply nested objects are followed to a limit."""
        pile = "x" * 100
        for _ in range(50):
            pile = {"a": pile}
        [pointer] = costliest_paths(pile)
        assert pointer == "/a" * 9

    def test_of_any_buffer(self):
        """A buffer has the paths of its bytes."""
        for buffer in (bytearray, memoryview):
            assert costliest_paths(buffer(b'{"a": "x", "b": 1}')) == {"/a": 3, "/b": 1}

    def test_three(self):
        """Three paths are enough to act on."""
        assert list(costliest_paths({"a": "xxx", "b": "xx", "c": "x", "d": 1})) == ["/a", "/b", "/c"]


def test_refusals_are_invalid_payloads():
    """A value without a size raises an `InvalidPayload`."""
    with pytest.raises(InvalidPayload):
        check_size({"a": {1}})


def sized(size):
    """Return an event whose compact body has so many bytes."""
    return {"n": "x" * (size - len('{"n":""}'))}


def conversion(items):
    """Return a conversion with so many items."""
    return {"id": "C-1", "conversion_items": [{"id": str(number)} for number in range(items)]}


class TestSplitBatch:
    """Events are split into batches."""

    def test_a_batch_is_filled_to_the_last_byte(self):
        """A part takes an event that makes its body 500,000 bytes, and not one that makes it a byte more."""
        around, comma = len('{"batch":[]}'), 1
        filling = [sized(30_000)] * 16
        left = 500_000 - around - 16 * (30_000 + comma)
        ((*_, last),) = split_batch([*filling, sized(left)])
        assert last == sized(left)
        assert payload_size({"batch": [*filling, sized(left)]}) == 500_000
        assert [len(part) for part in split_batch([*filling, sized(left + 1)])] == [16, 1]

    def test_parts_meet_the_limit(self):
        """The body of every part is within the limit of a batch, without a warning."""
        parts = list(split_batch([sized(size) for size in (32_000, 10, 31_999, 250) * 40]))
        assert len(parts) > 5
        assert all(check_size({"batch": part}, "batch") == [] for part in parts)

    def test_multibyte_characters_count_as_bytes(self):
        """Sizes are bytes of UTF-8, not characters."""
        events = [{"n": "é" * 15_000}] * 40
        assert [len(part) for part in split_batch(events)] == [16, 16, 8]

    def test_documents(self):
        """Events as JSON documents are measured as they are, and keep their bytes."""
        events = [sized(20_000 + number) for number in range(60)]
        texts = [json.dumps(each, separators=(",", ":")).encode() for each in events]
        assert [[json.loads(each) for each in part] for part in split_batch(texts)] == list(split_batch(events))

    def test_an_event_that_fits_in_no_batch(self):
        """An event above 32,768 bytes is reported by its index, after the parts before it."""
        parts = split_batch([sized(100), sized(32_768), sized(32_769), sized(100)])
        assert next(parts) == [sized(100), sized(32_768)]
        with pytest.raises(OversizeEvent) as oversize:
            next(parts)
        assert (oversize.value.index, oversize.value.size, oversize.value.limit) == (2, 32_769, 32_768)
        assert str(oversize.value) == "event 2 has 32,769 bytes and fits in no batch, the limit is 32,768"
        assert isinstance(oversize.value, TcspecError)

    def test_an_oversize_event_that_comes_first(self):
        """There is no empty part before the first event."""
        with pytest.raises(OversizeEvent):
            next(split_batch([sized(40_000)]))

    def test_an_event_that_is_not_json(self):
        """A Python value that is not JSON is refused after the parts before it."""
        parts = split_batch([sized(100), {"n": {1, 2}}])
        assert next(parts) == [sized(100)]
        with pytest.raises(UnreadablePayload):
            next(parts)

    def test_nothing(self):
        """No events make no batch."""
        assert list(split_batch([])) == []

    def test_endless_events(self):
        """Parts are yielded before the events end."""
        assert [len(part) for part in islice(split_batch(sized(30_000) for _ in count()), 3)] == [16, 16, 16]


class TestSplitBulk:
    """Products and conversions are split into bulk requests."""

    def test_a_thousand_lines(self):
        """A request has at most 1,000 lines."""
        products = [{"id": str(number)} for number in range(2_500)]
        parts = list(split_bulk(products))
        assert [len(part) for part in parts] == [1_000, 1_000, 500]
        assert [product for part in parts for product in part] == products

    def test_a_hundred_and_fifty_items(self):
        """A request has at most 150 conversion items; a conversion with more is alone, and is not cut."""
        items = [100, 50, 1, 200, 149, 2]
        parts = split_bulk([conversion(each) for each in items])
        assert [[len(each["conversion_items"]) for each in part] for part in parts] == [
            [100, 50],
            [1],
            [200],
            [149],
            [2],
        ]

    def test_lines_of_json(self):
        """Lines as JSON documents are read for their items, and keep their bytes."""
        lines = [json.dumps(conversion(100)).encode() + b" " for _ in range(3)]
        assert list(split_bulk(lines)) == [[line] for line in lines]

    def test_invalid_items(self):
        """A value that is not an array of items counts as none: splitting does not validate."""
        invalid = [{"conversion_items": 7}, {"conversion_items": {}}, {}]
        assert list(split_bulk(invalid)) == [invalid]

    def test_a_line_that_is_not_json(self):
        """An unreadable line is refused after the parts before it."""
        parts = split_bulk([b"{}", b"{"])
        assert next(parts) == [b"{}"]
        with pytest.raises(UnreadablePayload):
            next(parts)


def test_members():
    """An event of a batch has the limit of an event, and its pointers are those in the batch."""
    text = "x" * (32_000 - len('{"a":""}'))
    assert check_member({"a": text}, "/batch/3") == []
    (violation,) = check_member({"a": text + "x"}, "/batch/3")
    assert (violation.code, violation.pointer) == ("TC021", "/batch/3")
    assert violation.data == {"expected": 32_000, "actual": 32_001, "costliest": {"/batch/3/a": 31_995}}


@pytest.mark.parametrize("split", [split_batch, split_bulk])
@pytest.mark.parametrize(
    ("value", "name"),
    [(1, "an integer"), ("{}", "a string"), (None, "null"), ([], "an array"), (bytearray(b"{}"), "a Python bytearray")],
)
def test_other_types(split, value, name):
    """Anything but a dict or bytes is misuse, after the parts before it."""
    parts = split([{}, value])
    assert next(parts) == [{}]
    with pytest.raises(WrongArgument) as raised:
        next(parts)
    assert str(raised.value) == f"expected each payload as a dict, a model or JSON text in bytes, got {name}"
