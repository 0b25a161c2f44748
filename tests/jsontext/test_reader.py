"""Bytes are read as JSON, strictly; what is refused is told by its code, with line and column."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given

from slow_reader import code_of
from strategies.documents import doubled_keys, hostile_documents, spelt
from strategies.values import json_values
from tcspec.errors import UnreadablePayload
from tcspec.jsontext.reader import (
    DEFAULT_LIMITS,
    duplicate_key,
    encode_text,
    read,
    read_object,
    require_object,
)

BEYOND_FLOATS = 10**400
NDJSON = "one a line is NDJSON, whose files are named .ndjson or .jsonl"
TWICE = "is given twice in one object; readers keep one value and lose the other"


def refusal(raw, limits=DEFAULT_LIMITS, reader=read):
    """Give the one violation for which bytes are refused."""
    with pytest.raises(UnreadablePayload) as refused:
        reader(raw, limits)
    [violation] = refused.value.violations
    return violation


def place(violation):
    """Give code, line and column."""
    return violation.code, violation.line, violation.column


def exact(value):
    """Spell a value so that types and key order count."""
    return json.dumps(value)


class TestReading:
    """What is JSON."""

    @given(spelt(json_values()))
    def test_any_spelling(self, drawn):
        """JSON text in any spelling is read as its value, types and key order included."""
        value, raw = drawn
        assert exact(read(raw)) == exact(value)

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
        """Bytes are read when they are JSON as RFC 8259 has it, and refused with the code of what they are instead."""
        expected = code_of(raw)
        if expected is None:
            read(raw)
        elif expected in {"TC004", "TC011"}:
            assert refusal(raw).code in {"TC004", "TC011"}
        else:
            assert refusal(raw).code == expected

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
        """Numbers of any length are read: exactly to 4,300 digits and within floats, as 10**400 beyond."""
        assert type(read(raw)) is type(value)
        assert read(raw) == value


class TestRefusals:
    """What is not JSON, and where."""

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
    def test_code_and_place(self, raw, code, line, column):
        """Every refusal names its code and, from 1 and in code points, the line and column where reading ended."""
        assert place(refusal(raw)) == (code, line, column)

    def test_pointers(self):
        """What stands at a place in a document is refused by its pointer."""
        assert refusal(b'{"a": [{"b/c": NaN}]}').pointer == "/a/0/b~1c"
        assert refusal(b'{"a": [{"~": 1, "~": 2}]}').pointer == "/a/0/~0"
        assert refusal(b'{"a": ["\\ud800"]}').pointer == "/a/0"
        assert refusal(b'{"a": {"\\ud800": 1}}').pointer == "/a"

    @pytest.mark.parametrize(
        ("raw", "message"),
        [
            (b'{"a": 1', "the JSON text ends too early"),
            (b'{"a": 1 \n', "the JSON text ends too early"),
            (b"{} {}", f"a second JSON text follows the first; {NDJSON}"),
            (b"{}\n[]", f"a second JSON text follows the first; {NDJSON}"),
            (b"{} x", "extra data"),
            (b'["\xc3\xa9\xff"]', "byte 4 (0xff) is not UTF-8"),
            (b'{"\xc3\xa9": 1, "\xc3\xa9": 1}', f'the key "\\u00e9" {TWICE}'),
            (b"[NaN]", "NaN and Infinity are no JSON"),
        ],
    )
    def test_messages(self, raw, message):
        """A refusal says what is wrong, and what was probably meant."""
        assert refusal(raw).message == message

    def test_a_syntax_error_goes_first(self):
        """A text that is no JSON at all is told so, not that it gives a key twice."""
        assert place(refusal(b'{"a": 1, "a": NaN,\n "b" 1}')) == ("TC001", 2, 6)

    def test_the_first_of_several(self):
        """Of keys given twice and numbers that are none, the first in the text is told."""
        assert refusal(b'{"a": NaN, "b": 1, "b": 1}').pointer == "/a"
        assert refusal(b'{"b": 1, "b": 1, "a": NaN}').pointer == "/b"


class TestObjects:
    """Payloads are JSON objects."""

    @pytest.mark.parametrize(
        ("raw", "actual"),
        [
            (b"\n [1]", "an array"),
            (b'\n "a"', "text"),
            (b"\n 1", "an integer"),
            (b"\n 1.5", "a number"),
            (b"\n true", "a boolean"),
            (b"\n null", "null"),
        ],
    )
    def test_anything_else_is_refused(self, raw, actual):
        """JSON that is no object is told by its type, at the place where it starts."""
        found = refusal(raw, reader=read_object)
        assert place(found) == ("TC009", 2, 2)
        assert (found.pointer, found.data["actual"]) == ("", actual)
        assert found.message == f"expected an object, found {actual}"
        assert refusal(read(raw), reader=lambda value, _: require_object(value)).message == found.message

    def test_objects_are_given_back(self):
        """An object is read as a dict, and a dict is given back as it is."""
        assert read_object(b'{"a": 1}') == {"a": 1}
        payload = {"a": 1}
        assert require_object(payload) is payload

    def test_texts_are_encoded(self):
        """A Python text is read through its UTF-8 encoding, and refused when it has none."""
        assert read(encode_text('"é😀"')) == "é😀"
        assert refusal('{"a": "\ud800"}', reader=lambda text, _: encode_text(text)).code == "TC005"


class TestDuplicateKeys:
    """Keys that one object gives twice."""

    @given(doubled_keys())
    def test_are_found_below_their_path(self, drawn):
        """The key that an object gives twice is named where it stands the second time."""
        text, path = drawn
        found = duplicate_key(text, below=path)
        before = "".join(f"/{name}" for name in path) + "/"
        assert found.code == "TC004"
        assert found.pointer.startswith(before)
        key, _ = json.JSONDecoder().raw_decode(text, offset(text, found))
        assert key == found.data["property"]
        assert refusal(text.encode()).code == "TC004"

    def test_elsewhere_are_none(self):
        """An object that gives every key once has no such key, whatever those around it do."""
        with pytest.raises(LookupError):
            duplicate_key('{"a": {"b": 1, "b": 2}}')


def offset(text, violation):
    """Turn line and column back into an offset."""
    lines = text.split("\n")[: violation.line - 1]
    return sum(len(line) + 1 for line in lines) + violation.column - 1
