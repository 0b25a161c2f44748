"""Bytes are read as JSON strictly; a violation has the code, line and column of what is wrong."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given

from reference.reader import find_code
from strategies.documents import duplicate_keys, hostile_documents, serialized
from tcspec.errors import UnreadablePayload
from tcspec.jsontext.reader import (
    DEFAULT_LIMITS,
    encode_text,
    read,
    read_object,
    require_object,
)
from tcspec.jsontext.refusals import find_duplicate_key
from tcspec.personal import mask_name
from tcspec.strategies.values import json_values

BEYOND_FLOATS = 10**400
SECOND = "a second JSON text follows the first; name files with one text a line .ndjson or .jsonl"


def violation_of(raw, limits=DEFAULT_LIMITS, reader=read):
    """Return the one violation with which bytes are refused."""
    with pytest.raises(UnreadablePayload) as refused:
        reader(raw, limits)
    [violation] = refused.value.violations
    return violation


def position(violation):
    """Return code, line and column."""
    return violation.code, violation.line, violation.column


def canonical(value):
    """Encode a value so that types and key order count."""
    return json.dumps(value)


class TestReading:
    """JSON is read as its value."""

    @given(serialized(json_values()))
    def test_any_notation(self, drawn):
        """JSON text in any notation is read as its value, types and key order included."""
        value, raw = drawn
        assert canonical(read(raw)) == canonical(value)

    @given(hostile_documents)
    @example(b'{"a": NaN, "a": 1}')
    @example(b'{"a": NaN, "b": }')
    @example(b'["\\ud800", NaN]')
    @example(b'["\\ud83d\\ude00", "\\\\ud800"]')
    @example(b"[" * 201)
    @example(b'"' + b"[" * 201)
    @example(b'"' + b"[" * 201 + b'"')
    @example(b'"\\"' + b"[" * 201 + b'"')
    def test_accepts_json_and_nothing_else(self, raw):
        """Bytes are read when RFC 8259 says they are JSON, and refused with the code of what they are instead."""
        expected = find_code(raw)
        if expected is None:
            read(raw)
        elif expected in {"TC004", "TC011"}:
            assert violation_of(raw).code in {"TC004", "TC011"}
        else:
            assert violation_of(raw).code == expected

    @pytest.mark.parametrize(
        ("raw", "value"),
        [
            (b"1e400", BEYOND_FLOATS),
            (b"-1e400", -BEYOND_FLOATS),
            (b"1" + b"0" * 4299, 10**4299),
            (b"1" + b"0" * 4300, BEYOND_FLOATS),
            (b"-1" + b"0" * 4298, -(10**4298)),
            (b"-" + b"9" * 5000, -BEYOND_FLOATS),
            (b"-0", 0),
            (b"1.0", 1.0),
            (b"18446744073709551617", 2**64 + 1),
            (b" \r\n\ttrue\n", True),
            (b"null", None),
        ],
        ids=["float", "negative float", "4300", "4301", "-4299", "-5000", "zero", "one", "2**64", "spaces", "null"],
    )
    def test_numbers(self, raw, value):
        """Numbers are read exactly up to 4,300 digits and the range of floats, and as 10**400 beyond."""
        assert type(read(raw)) is type(value)
        assert read(raw) == value


class TestViolations:
    """Bytes that are not JSON have a violation."""

    @pytest.mark.parametrize(
        ("raw", "code", "line", "column"),
        [
            (b"", "TC008", 1, 1),
            (b" \r\n\t ", "TC008", 1, 1),
            (b'\xef\xbb\xbf{"a": 1}', "TC003", 1, 1),
            (b"\xff\xfe{\x00}\x00", "TC002", 1, 1),
            ('{"é":\n "é'.encode() + b"\xff", "TC002", 2, 4),
            ('"😀'.encode() + b"\xc3", "TC002", 1, 3),
            (b"\xed\xa0\x80", "TC002", 1, 1),
            (b'{"a": 1,\r\n "b" 2}', "TC001", 2, 6),
            (b'{"a": 1,\n\n}', "TC001", 1, 8),
            ('{"😀": x}'.encode(), "TC001", 1, 7),
            (b'{"a": 1', "TC001", 1, 8),
            (b'{"a": 01}', "TC001", 1, 8),
            (b'["\t"]', "TC001", 1, 3),
            (b'{"a": 1, "b": {"c": 1,\n "\\u0063": 2}}', "TC004", 2, 2),
            ('{"😀": 1, "😀": 2}'.encode(), "TC004", 1, 10),
            (b'{"a": 1,\r\n "b": NaN}', "TC011", 2, 7),
            (b"[1, -Infinity]", "TC011", 1, 5),
            (b"Infinity", "TC011", 1, 1),
            (b'["N", {"N": "I", "n": Infinity}]', "TC011", 1, 23),
            (b'{"a": [1,\n  "\\ud800"]}', "TC005", 2, 3),
            (b'{"\\udc00": 1}', "TC005", 1, 1),
        ],
    )
    def test_code_and_position(self, raw, code, line, column):
        """A violation has its code, and the line and column, 1-based and in code points, where reading ended."""
        assert position(violation_of(raw)) == (code, line, column)

    def test_pointers(self):
        """A violation about one value has its pointer."""
        assert violation_of(b'{"a": [{"b/c": NaN}]}').pointer == "/a/0/b~1c"
        assert violation_of(b'{"a": [{"~": 1, "~": 2}]}').pointer == "/a/0/~0"
        assert violation_of(b'{"a": ["\\ud800"]}').pointer == "/a/0"
        assert violation_of(b'{"a": {"\\ud800": 1}}').pointer == "/a"

    @pytest.mark.parametrize(
        ("raw", "message"),
        [
            (b'{"a": 1', "unexpected end of the JSON text"),
            (b'{"a": 1 \n', "unexpected end of the JSON text"),
            (b"{} {}", "a second JSON text follows the first on the same line; write one a line"),
            (b"{}\n[]", SECOND),
            (b"{} x", "extra data"),
            (b'["\xc3\xa9\xff"]', "invalid UTF-8: byte 0xff at offset 4"),
            (b'{"\xc3\xa9": 1, "\xc3\xa9": 1}', 'duplicate key "\\u00e9" in an object'),
            (b"[NaN]", "NaN and Infinity are not JSON numbers"),
        ],
    )
    def test_messages(self, raw, message):
        """A message says what is wrong, and where it can what to write instead."""
        assert violation_of(raw).message == message

    def test_a_syntax_error_goes_first(self):
        """A syntax error is reported before a duplicate key, wherever it is."""
        assert position(violation_of(b'{"a": 1, "a": NaN,\n "b" 1}')) == ("TC001", 2, 6)

    def test_the_first_of_several(self):
        """Of duplicate keys and constants that are not JSON the first in the text is reported."""
        assert violation_of(b'{"a": NaN, "b": 1, "b": 1}').pointer == "/a"
        assert violation_of(b'{"b": 1, "b": 1, "a": NaN}').pointer == "/b"


class TestObjects:
    """Payloads are JSON objects."""

    @pytest.mark.parametrize(
        ("raw", "actual"),
        [
            (b"\n [1]", "an array"),
            (b'\n "a"', "a string"),
            (b"\n 1", "an integer"),
            (b"\n 1.5", "a number"),
            (b"\n true", "a boolean"),
            (b"\n null", "null"),
        ],
    )
    def test_anything_else_is_refused(self, raw, actual):
        """JSON that is not an object is reported by its type, at the position where it starts."""
        found = violation_of(raw, reader=read_object)
        assert position(found) == ("TC009", 2, 2)
        assert (found.pointer, found.data["actual"]) == ("", actual)
        assert found.message == f"expected an object, got {actual}"
        assert violation_of(read(raw), reader=lambda value, _: require_object(value)).message == found.message

    @pytest.mark.parametrize(
        ("value", "expected"),
        [
            ('{"event_name": "login"}', "encoded twice"),
            ("https://collect.commander1.com/events?tc_s=3315", "without quotes"),
            ([{}], "one by one"),
            ("login", None),
            ([1], None),
        ],
    )
    def test_hints(self, value, expected):
        """What a value shows of what it was meant to be leads to a hint."""
        found = violation_of(json.dumps(value).encode(), reader=read_object)
        assert expected in found.hint if expected else found.hint is None

    def test_objects_are_returned(self):
        """An object is read as a dict, and a dict is returned as it is."""
        assert read_object(b'{"a": 1}') == {"a": 1}
        payload = {"a": 1}
        assert require_object(payload) is payload

    def test_texts_are_encoded(self):
        """A Python string is encoded as UTF-8, and refused when it cannot be."""
        assert read(encode_text('"é😀"')) == "é😀"
        assert violation_of('{"a": "\ud800"}', reader=lambda text, _: encode_text(text)).code == "TC005"


class TestDuplicateKeys:
    """Duplicate keys are found in one object."""

    @given(duplicate_keys())
    def test_are_found_in_the_object_at_a_path(self, drawn):
        """The violation names the key, and is where the key is for the second time."""
        text, path = drawn
        found = find_duplicate_key(text, path)
        before = "".join(f"/{name}" for name in path) + "/"
        assert found.code == "TC004"
        assert found.pointer.startswith(before)
        key, _ = json.JSONDecoder().raw_decode(text, offset(text, found))
        assert mask_name(key) == found.data["property"]
        assert violation_of(text.encode()).code == "TC004"

    def test_in_other_objects_do_not_count(self):
        """An object with unique keys has none, whatever the objects in it have."""
        with pytest.raises(LookupError):
            find_duplicate_key('{"a": {"b": 1, "b": 2}}')


def offset(text, violation):
    """Return the offset of the line and column of a violation."""
    lines = text.split("\n")[: violation.line - 1]
    return sum(len(line) + 1 for line in lines) + violation.column - 1
