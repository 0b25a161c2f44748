"""Documents within documents: the members of arrays, what pointers name, JSON in strings."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tcspec.codes import NOT_JSON
from tcspec.errors import UnreadablePayload
from tcspec.files.documents import Document
from tcspec.files.parts import find_parts, split_arrays
from tcspec.jsontext.reader import DEFAULT_LIMITS, Limits

VALUES = st.recursive(
    st.none() | st.integers(-99, 99) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)
STYLES = st.sampled_from([{}, {"indent": 2}, {"indent": "\t"}, {"separators": (",", ":")}, {"ensure_ascii": False}])


def split(raw, limits=DEFAULT_LIMITS, **place):
    """Return the contents of a file with one document, its arrays taken apart."""
    return list(split_arrays([Document(raw, **place)], limits))


def parts(value, pointer, limits=DEFAULT_LIMITS):
    """Return what a pointer names in a document."""
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return list(find_parts(Document(raw), pointer, limits))


def written(value, **style):
    """Write a value as JSON in UTF-8; halves of pairs, which no document has, are left out."""
    return json.dumps(value, **style).encode(errors="ignore")


class TestArrays:
    """Arrays of objects."""

    @given(st.lists(VALUES, max_size=5), STYLES, st.sampled_from([b"", b"\n", b"\r\n"]))
    def test_bytes(self, values, style, ending):
        """The members and what is between them are all bytes of the file, each member with its pointer and place."""
        raw = written(values, **style)
        contents = split(raw, line=3, column=5, ending=ending)
        pieces = [each if isinstance(each, bytes) else each.raw + each.ending for each in contents]
        assert b"".join(pieces) == raw + ending
        documents = [each for each in contents if isinstance(each, Document)]
        if not any(isinstance(value, dict) for value in values):
            assert documents == [Document(raw, 3, 5, ending=ending)]
            return
        assert [json.loads(each.raw) for each in documents] == json.loads(raw)
        assert [each.pointer for each in documents] == [f"/{index}" for index in range(len(values))]
        lines = raw.decode().split("\n")
        for each in documents:
            column = each.column - (4 if each.line == 3 else 0)
            assert lines[each.line - 3][column - 1 :].startswith(each.raw.decode().split("\n")[0])

    @pytest.mark.parametrize(
        "raw", [b"[]", b"[1]", b'["a"]', b'[{"a": 1}', b'[{"a": 1, "a": 2}]', b'{"a": [{}]}', b"\xff["]
    )
    def test_other(self, raw):
        """What is no array of objects, or is broken, is one document."""
        assert split(raw) == [Document(raw)]

    def test_limits(self):
        """An array that is longer or deeper than the limits is one document, which is refused as a whole."""
        raw = b'[{"a": [1]}]'
        for limits in (Limits(length=5), Limits(depth=2)):
            assert split(raw, limits) == [Document(raw)]
        assert len(split(raw, Limits(depth=3, length=12))) == 3


class TestPointers:
    """What a pointer names."""

    @pytest.mark.parametrize(
        ("pointer", "expected"),
        [
            ("/a", {"/a": 1}),
            ("/list", {"/list/0": {"b": 1}, "/list/1": {"b": {}}}),
            ("/list/*", {"/list/0": {"b": 1}, "/list/1": {"b": {}}}),
            ("/list/*/b", {"/list/0/b": 1, "/list/1/b": {}}),
            ("/list/1/b", {"/list/1/b": {}}),
            ("/*", {"/*": [2]}),
            ("/*/*", {"/*/0": 2}),
            ("/~1~0", {"/~1~0": 3}),
            ("/none/*", {}),
        ],
    )
    def test_values(self, pointer, expected):
        """A pointer names one value, `*` every item of an array, and an array of objects its members."""
        value = {"a": 1, "list": [{"b": 1}, {"b": {}}], "*": [2], "/~": 3, "none": []}
        assert {part.pointer: json.loads(part.raw) for part in parts(value, pointer)} == expected

    @pytest.mark.parametrize(
        ("pointer", "expected"),
        [
            ("/b", {"/0/b": 1, "/1/b": {"c": 2}}),
            ("/b/c", {"/1/b/c": 2}),
            ("/*/b", {"/0/b": 1, "/1/b": {"c": 2}}),
            ("/1/b", {"/1/b": {"c": 2}}),
            ("/1", {"/1": {"b": {"c": 2}}}),
            ("/7", {}),
        ],
    )
    def test_arrays_at_the_root(self, pointer, expected):
        """In an array at the root a name is looked up in every item, as it is in every line; an index names one."""
        found = parts([{"b": 1}, {"b": {"c": 2}}], pointer)
        assert {part.pointer: json.loads(part.raw) for part in found if isinstance(part, Document)} == expected

    def test_nothing(self):
        """A place that should have something and does not is reported at the nearest value, the others are found."""
        found = parts(b'[{"b": {}},\n {"c": 1}, {"b": 2}]', "/*/b")
        assert [part.pointer for part in found if isinstance(part, Document)] == ["/0/b", "/2/b"]
        ((violation,),) = [part.violations for part in found if isinstance(part, UnreadablePayload)]
        assert (violation.pointer, violation.line, violation.column) == ("/1", 2, 2)
        assert violation.message == "there is nothing at /1/b, where the payload should be"

    @pytest.mark.parametrize("raw", [b"{", b'{"a": 1, "a": 2}', b'{"a": NaN}'])
    def test_unreadable(self, raw):
        """A document that cannot be read is reported as such."""
        (found,) = parts(raw, "/a")
        assert isinstance(found, UnreadablePayload)


HOSTILE = st.lists(
    st.sampled_from(
        [b"[", b"]", b"{", b"}", b",", b":", b'"a"', b'"{', b"\\", b'"', b"1", b" ", b"\n", b"\xff", b"\\ud800"]
    )
    | st.binary(max_size=4),
    max_size=14,
).map(b"".join)


@given(HOSTILE, st.sampled_from(["", "/*", "/0", "/a", "/a/*", "/*/a", "/a/a", "/*/*"]))
def test_any_bytes(raw, pointer):
    """Whatever a document holds is taken apart into documents and errors with places in the file."""
    assert b"".join(each if isinstance(each, bytes) else each.raw for each in split(raw)) == raw
    lines = raw.split(b"\n")
    for part in parts(raw, pointer):
        places = [part.start] if isinstance(part, Document) else [(each.line, each.column) for each in part.violations]
        for line, column in places:
            assert 1 <= line <= len(lines)
            assert 1 <= column <= len(lines[line - 1]) + 1


class TestStrings:
    """JSON text in strings."""

    @given(VALUES, STYLES, st.booleans())
    def test_place(self, value, style, ensure_ascii):
        """A string is opened; its pointer ends with a number sign, and places in it are those in the file."""
        text = written({"é\n": value}, **style).decode()
        file = json.dumps([{"a": 0}, {"body": text}], ensure_ascii=ensure_ascii)
        (part,) = parts(file.encode(), "/1/body")
        assert (part.raw.decode(), part.pointer) == (text, "/1/body#")
        assert part.string is not None
        line, column = part.start
        assert (line, file[column - 1]) == (1, "{")
        for number, content in enumerate(text.split("\n"), 1):
            for index, character in enumerate(content):
                line, column = part.string.locate(number, index + 1)
                token = json.dumps(character, ensure_ascii=ensure_ascii)[1:-1]
                assert (line, file[column - 1 :][: len(token)]) == (1, token)

    def test_further(self):
        """A pointer goes on in the string, `*` included, and an array in it is taken apart."""
        body = json.dumps({"detail": [{"x": 1}, {"x": 2}]})
        value = {"Records": [{"body": body}]}
        for pointer in ("/Records/*/body/detail", "/Records/*/body/detail/*"):
            found = parts(value, pointer)
            assert [part.pointer for part in found] == ["/Records/0/body#/detail/0", "/Records/0/body#/detail/1"]
            assert [json.loads(part.raw) for part in found] == [{"x": 1}, {"x": 2}]

    def test_once(self):
        """A string within a string is not opened."""
        value = {"a": json.dumps({"b": json.dumps({"c": {}})})}
        (part,) = parts(value, "/a/b")
        assert (part.pointer, json.loads(json.loads(part.raw))) == ("/a#/b", {"c": {}})
        (part,) = parts(value, "/a/b/c")
        assert isinstance(part, UnreadablePayload)
        assert part.violations[0].pointer == "/a#/b"

    def test_broken(self):
        """What is broken in a string is reported at its place in the file."""
        (part,) = parts(b'{"a": "{\\"b\\": }"}', "/a/b")
        assert isinstance(part, UnreadablePayload)
        (violation,) = part.violations
        assert (violation.code, violation.pointer, violation.line, violation.column) == (NOT_JSON.id, "/a#", 1, 16)
