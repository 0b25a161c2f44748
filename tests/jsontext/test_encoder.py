"""Python values that are to be JSON: named, encoded strictly, and refused where they have no JSON form."""

from __future__ import annotations

import enum
import json
import math
from collections import OrderedDict, namedtuple
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategies.values import json_values, texts
from tcspec.errors import Severity, UnreadablePayload
from tcspec.jsontext.encoder import encode, find_non_json_values, type_name
from tcspec.jsontext.pointer import follow

_foreign_scalars = st.one_of(
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
    st.one_of(json_values(), _foreign_scalars),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(texts, inner, max_size=3),
        st.dictionaries(_keys, inner, max_size=3),
    ),
    max_leaves=8,
)


def is_json(value):
    """Tell whether the strictest reading of what the standard encoder writes is the value that was given."""
    try:
        text = json.dumps(value, allow_nan=False, ensure_ascii=False)
        text.encode()
    except (TypeError, ValueError):
        return False
    return keys_are_texts(value)


def keys_are_texts(value):
    """Tell whether all keys, however deep, are texts."""
    match value:
        case dict():
            return all(isinstance(key, str) and keys_are_texts(member) for key, member in value.items())
        case list() | tuple():
            return all(map(keys_are_texts, value))
    return True


def nested(depth):
    """Make lists and dicts of so many levels, in turn."""
    value = 1
    for level in range(depth):
        value = [value] if level % 2 else {"a": value}
    return value


class TestForeignValues:
    """What has no JSON form."""

    @given(python_values)
    def test_are_found_where_there_is_no_json(self, value):
        """Something is found in a value exactly when it has no JSON form."""
        assert (list(find_non_json_values(value, 200)) == []) == is_json(value)

    @given(python_values)
    def test_are_where_they_are_said_to_be(self, value):
        """Each is an error whose pointer leads to it, or to the object that has it as a key."""
        for found in find_non_json_values(value, 200):
            place = follow(value, found.pointer)
            assert found.severity is Severity.ERROR
            if isinstance(place, dict):
                assert found.message.startswith("a key ")
            else:
                assert not is_json(place)

    @pytest.mark.parametrize(
        ("value", "code", "pointer", "message"),
        [
            ({"a": [float("nan")]}, "TC011", "/a/0", "NaN and infinities are no JSON"),
            ({"a": (1, -math.inf)}, "TC011", "/a/1", "NaN and infinities are no JSON"),
            ({"a": {1}}, "TC010", "/a", "a Python set has no JSON form"),
            ({"a/b": b"x"}, "TC010", "/a~1b", "a Python bytes has no JSON form"),
            ({"a": Decimal("1.1")}, "TC010", "/a", "a Python Decimal has no JSON form"),
            ({"a": {1: "x"}}, "TC010", "/a", "a key is an integer, keys are text"),
            ({"a": {None: "x"}}, "TC010", "/a", "a key is null, keys are text"),
            ({("a",): "x"}, "TC010", "", "a key is an array, keys are text"),
            ({b"a": "x"}, "TC010", "", "a key is a Python bytes, keys are text"),
            ({"a": "x\ud800"}, "TC005", "/a", "the text holds half of a surrogate pair"),
            ({"a": {"\udc00": 1}}, "TC005", "/a", "a key holds half of a surrogate pair"),
            ("\ud83d\ude00", "TC005", "", "the text holds half of a surrogate pair"),
            (object, "TC010", "", "a Python type has no JSON form"),
        ],
    )
    def test_examples(self, value, code, pointer, message):
        """What has no JSON form is told by its code, its place and its type, never by its value."""
        [found] = find_non_json_values(value, 200)
        assert (found.code, found.pointer, found.message) == (code, pointer, message)

    def test_are_all_told(self):
        """Every place is told, also beside and below others."""
        value = {"a": {1}, "b": [float("nan"), {2: 0, "c": b""}]}
        assert [(found.code, found.pointer) for found in find_non_json_values(value, 200)] == [
            ("TC010", "/a"),
            ("TC011", "/b/0"),
            ("TC010", "/b/1"),
            ("TC010", "/b/1/c"),
        ]

    @pytest.mark.parametrize("depth", [1, 2, 7, 200])
    def test_depth(self, depth):
        """As many levels as are allowed are passed, one more is too deep."""
        assert list(find_non_json_values(nested(depth), depth)) == []
        [found] = find_non_json_values(nested(depth + 1), depth)
        assert (found.code, found.message) == ("TC006", f"more than {depth} levels of nesting")


class TestEncoding:
    """Compact UTF-8 JSON, strictly."""

    @given(python_values)
    def test_encodes_json_and_nothing_else(self, value):
        """What has a JSON form is encoded and reads back as itself; anything else is refused with all reasons."""
        if is_json(value):
            assert json.dumps(json.loads(encode(value))) == json.dumps(value)
        else:
            with pytest.raises(UnreadablePayload) as refused:
                encode(value)
            assert list(refused.value.violations) == list(find_non_json_values(value, 200))

    def test_is_compact(self):
        """No byte is spent on spaces, or on an escape that JSON does not ask for."""
        assert encode({"é/": [1, 1.5, None, True, "\x7f\u2028"]}) == '{"é/":[1,1.5,null,true,"\x7f\u2028"]}'.encode()

    @pytest.mark.parametrize("depth", [1, 2, 7, 200])
    def test_depth(self, depth):
        """As many levels as are allowed are encoded, one more is refused as too deep."""
        encode(nested(depth), depth)
        with pytest.raises(UnreadablePayload, match="TC006"):
            encode(nested(depth + 1), depth)

    def test_depth_by_default(self):
        """Two hundred levels are encoded by default."""
        encode(nested(200))
        with pytest.raises(UnreadablePayload, match="TC006"):
            encode(nested(201))

    def test_what_holds_itself(self):
        """A value that holds itself is refused as too deep."""
        endless: list[object] = []
        endless.append(endless)
        with pytest.raises(UnreadablePayload, match="TC006"):
            encode(endless)

    def test_what_holds_itself_twice(self):
        """A value that holds itself twice at every level is refused as soon as one that holds itself once."""
        endless: list[object] = []
        endless += [endless, {"a": endless}]
        with pytest.raises(UnreadablePayload) as refused:
            encode(endless)
        assert [found.code for found in refused.value.violations] == ["TC006"]
        assert [found.code for found in find_non_json_values(endless, 200)] == ["TC006"]

    @pytest.mark.parametrize("leaf", [[], {"a": 1}, "x" * 1000, 10**4000, {1}], ids=type)
    def test_what_is_large_once_written_out(self, leaf):
        """A value that is small because it shares what is in it is refused before it is written out."""
        value = [leaf] * 10
        for _ in range(60):
            value = [value, (value,)]
        with pytest.raises(UnreadablePayload) as refused:
            encode(value)
        [found] = refused.value.violations
        assert (found.code, found.pointer) == ("TC007", "")

    def test_what_is_shared(self):
        """What is shared is encoded wherever it stands, and told wherever it has no form."""
        shared = {"a": [1]}
        assert encode([shared, shared]) == b'[{"a":[1]},{"a":[1]}]'
        wrong = {"a": {1}}
        assert [found.pointer for found in find_non_json_values([wrong, wrong], 200)] == ["/0/a", "/1/a"]

    def test_of_many_places_the_first_are_told(self):
        """Of a value that has no JSON form in many places the first thousand are told."""
        assert len(list(find_non_json_values([{1}] * 1_001, 200))) == 1_000

    def test_what_python_cannot_spell(self):
        """An integer of more digits than Python spells by itself is refused as a whole."""
        assert encode(10**4299) == b"1" + b"0" * 4299
        with pytest.raises(UnreadablePayload, match="the value has no JSON form"):
            encode({"n": 10**4300})

    def test_kin_of_json_types(self):
        """Enumerations, ordered dicts and tuples are encoded as the JSON types that they are."""
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
        ("", "text"),
        ([], "an array"),
        ((), "an array"),
        ({}, "an object"),
        (b"", "a Python bytes"),
        (Decimal(1), "a Python Decimal"),
    ],
)
def test_names_of_types(value, name):
    """A value is called by its JSON type; what has none by its Python type."""
    assert type_name(value) == name
