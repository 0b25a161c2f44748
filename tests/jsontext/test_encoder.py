"""Python values are encoded as JSON strictly; whatever has no JSON form is a violation."""

from __future__ import annotations

import enum
import json
import math
from collections import OrderedDict, namedtuple
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tcspec.errors import Severity, UnreadablePayload
from tcspec.json_types import type_name
from tcspec.jsontext.encoder import encode, find_non_json_values
from tcspec.jsontext.pointer import follow
from tcspec.strategies.values import json_values, texts

_non_json_scalars = st.one_of(
    st.binary(max_size=3),
    st.sets(st.integers(), max_size=2),
    st.floats(),
    st.just(Decimal(1)),
    st.complex_numbers(),
    st.text(st.characters(), max_size=3),
    st.just("\ud83d\ude00"),
    st.dates(),
)
_keys = st.one_of(texts, st.text(st.characters(), max_size=2), st.integers(), st.none(), st.booleans())
python_values = st.recursive(
    st.one_of(json_values(), _non_json_scalars),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(texts, inner, max_size=3),
        st.dictionaries(_keys, inner, max_size=3),
    ),
    max_leaves=8,
)


def is_json(value):
    """Return whether the standard encoder and UTF-8 can encode a value whose keys are all strings."""
    try:
        text = json.dumps(value, allow_nan=False, ensure_ascii=False)
        text.encode()
    except (TypeError, ValueError):
        return False
    return has_string_keys(value)


def has_string_keys(value):
    """Return whether all keys at any depth are strings."""
    match value:
        case dict():
            return all(isinstance(key, str) and has_string_keys(member) for key, member in value.items())
        case list() | tuple():
            return all(map(has_string_keys, value))
    return True


def nested(depth):
    """Build lists and dicts with a number of levels, in turn."""
    value = 1
    for level in range(depth):
        value = [value] if level % 2 else {"a": value}
    return value


class TestNonJsonValues:
    """Values without a JSON form are found."""

    @given(python_values)
    def test_are_found_exactly_where_there_is_no_json(self, value):
        """A value has violations exactly when it has no JSON form."""
        assert (list(find_non_json_values(value, 200)) == []) == is_json(value)

    @given(python_values)
    def test_pointers(self, value):
        """Each is an error whose pointer leads to the value, or to the object that has it as a key."""
        for found in find_non_json_values(value, 200):
            place = follow(value, found.pointer)
            assert found.severity is Severity.ERROR
            if isinstance(place, dict):
                assert " key" in found.message
            else:
                assert not is_json(place)

    @pytest.mark.parametrize(
        ("value", "code", "pointer", "message"),
        [
            ({"a": [float("nan")]}, "TC011", "/a/0", "NaN and infinities are not JSON numbers"),
            ({"a": (1, -math.inf)}, "TC011", "/a/1", "NaN and infinities are not JSON numbers"),
            ({"a": {1}}, "TC010", "/a", "a Python set cannot be encoded as JSON"),
            ({"a/b": b"x"}, "TC010", "/a~1b", "a Python bytes cannot be encoded as JSON"),
            ({"a": Decimal("1.1")}, "TC010", "/a", "a Python Decimal cannot be encoded as JSON"),
            ({"a": {1: "x"}}, "TC010", "/a", "expected a string as a key, got an integer"),
            ({"a": {None: "x"}}, "TC010", "/a", "expected a string as a key, got null"),
            ({("a",): "x"}, "TC010", "", "expected a string as a key, got an array"),
            ({b"a": "x"}, "TC010", "", "expected a string as a key, got a Python bytes"),
            ({"a": "x\ud800"}, "TC005", "/a", "unpaired surrogate in a string"),
            ({"a": {"\udc00": 1}}, "TC005", "/a", "unpaired surrogate in a key"),
            ("\ud83d\ude00", "TC005", "", "unpaired surrogate in a string"),
            (object, "TC010", "", "a Python type cannot be encoded as JSON"),
        ],
    )
    def test_examples(self, value, code, pointer, message):
        """The message names the type of the value, never the value."""
        [found] = find_non_json_values(value, 200)
        assert (found.code, found.pointer, found.message) == (code, pointer, message)

    def test_are_all_found(self):
        """Every one is found, also beside and below others."""
        value = {"a": {1}, "b": [float("nan"), {2: 0, "c": b""}]}
        assert [(found.code, found.pointer) for found in find_non_json_values(value, 200)] == [
            ("TC010", "/a"),
            ("TC011", "/b/0"),
            ("TC010", "/b/1"),
            ("TC010", "/b/1/c"),
        ]

    @pytest.mark.parametrize("depth", [1, 2, 7, 200])
    def test_depth(self, depth):
        """A value at the maximum depth has no violation, one level more is too deep."""
        assert list(find_non_json_values(nested(depth), depth)) == []
        [found] = find_non_json_values(nested(depth + 1), depth)
        assert (found.code, found.message) == (
            "TC006",
            f"nesting exceeds the maximum depth of {depth} levels (raise it with --max-depth)",
        )


class TestEncoding:
    """Values are encoded as compact UTF-8 JSON, strictly."""

    @given(python_values)
    def test_encodes_json_and_nothing_else(self, value):
        """A value with a JSON form is decoded as itself; anything else raises with all violations."""
        if is_json(value):
            assert json.dumps(json.loads(encode(value))) == json.dumps(value)
        else:
            with pytest.raises(UnreadablePayload) as refused:
                encode(value)
            assert list(refused.value.violations) == list(find_non_json_values(value, 200))

    def test_is_compact(self):
        """The text has no spaces, and no escapes but those that JSON requires."""
        assert encode({"é/": [1, 1.5, None, True, "\x7f\u2028"]}) == '{"é/":[1,1.5,null,true,"\x7f\u2028"]}'.encode()

    @pytest.mark.parametrize("depth", [1, 2, 7, 200])
    def test_depth(self, depth):
        """A value at the maximum depth is encoded, one level more is too deep."""
        encode(nested(depth), depth)
        with pytest.raises(UnreadablePayload, match="TC006"):
            encode(nested(depth + 1), depth)

    def test_depth_by_default(self):
        """The maximum depth is 200 levels by default."""
        encode(nested(200))
        with pytest.raises(UnreadablePayload, match="TC006"):
            encode(nested(201))

    def test_self_reference(self):
        """A value that contains itself is too deep."""
        endless: list[object] = []
        endless.append(endless)
        with pytest.raises(UnreadablePayload, match="TC006"):
            encode(endless)

    def test_two_self_references(self):
        """A value that contains itself twice at every level is refused as fast as one that does so once."""
        endless: list[object] = []
        endless += [endless, {"a": endless}]
        with pytest.raises(UnreadablePayload) as refused:
            encode(endless)
        assert [found.code for found in refused.value.violations] == ["TC006"]
        assert [found.code for found in find_non_json_values(endless, 200)] == ["TC006"]

    @pytest.mark.parametrize("leaf", [[], {"a": 1}, "x" * 1000, 10**4000, {1}], ids=type)
    def test_large_once_written_out(self, leaf):
        """A value that is small only because it shares its parts is refused before it is encoded."""
        value = [leaf] * 10
        for _ in range(60):
            value = [value, (value,)]
        with pytest.raises(UnreadablePayload) as refused:
            encode(value)
        [found] = refused.value.violations
        assert (found.code, found.pointer) == ("TC007", "")

    def test_shared_values(self):
        """A shared value is encoded, or is a violation, at each of its places."""
        shared = {"a": [1]}
        assert encode([shared, shared]) == b'[{"a":[1]},{"a":[1]}]'
        wrong = {"a": {1}}
        assert [found.pointer for found in find_non_json_values([wrong, wrong], 200)] == ["/0/a", "/1/a"]

    def test_at_most_a_thousand_violations(self):
        """The first thousand violations of a value are reported."""
        assert len(list(find_non_json_values([{1}] * 1_001, 200))) == 1_000

    def test_integers_beyond_the_limit_of_python(self):
        """An integer of more digits than Python converts to text cannot be encoded."""
        assert encode(10**4299) == b"1" + b"0" * 4299
        with pytest.raises(UnreadablePayload, match="the value cannot be encoded as JSON"):
            encode({"n": 10**4300})

    def test_subclasses(self):
        """Enumerations, ordered dicts and tuples are encoded as the JSON types they derive from."""
        shade = enum.StrEnum("Shade", {"RED": "red"})
        rank = enum.IntEnum("Rank", {"FIRST": 1})
        pair = namedtuple("Pair", "left right")  # noqa: PYI024 - as old code has it
        value = OrderedDict([("s", shade.RED), ("i", rank.FIRST), ("t", pair(1, 2))])
        assert encode(value) == b'{"s":"red","i":1,"t":[1,2]}'


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (None, "null"),
        (True, "a boolean"),
        (0, "an integer"),
        (1.0, "a number"),
        ("", "a string"),
        ([], "an array"),
        ((), "an array"),
        ({}, "an object"),
        (b"", "a Python bytes"),
        (Decimal(1), "a Python Decimal"),
    ],
)
def test_type_names(value, name):
    """The name of a type is its JSON type, or the Python type when it has none."""
    assert type_name(value) == name
