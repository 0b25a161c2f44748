"""The laws by themselves: what they find, and the schema that says the same."""

from __future__ import annotations

from typing import ClassVar

import pytest
from pydantic import MISSING, ValidationError

from tcspec.models.constraints import Law, Lawful, NotEmpty, OneOf, Present, Suffixed, laws_of, present
from tcspec.models.datetimes import Timestamp
from tcspec.models.values import Md5Hex, Text


class Parcel(Lawful):
    """A parcel, which has a name under one of two spellings."""

    LAWS: ClassVar[tuple[Law, ...]] = (OneOf("name", "title"),)

    name: Text | MISSING = MISSING


class SealedParcel(Parcel):
    """A parcel that also has a seal."""

    LAWS: ClassVar[tuple[Law, ...]] = (Suffixed("_md5", Md5Hex),)


@pytest.mark.parametrize(
    ("path", "values", "verdict"),
    [
        (("a",), {"a": None}, True),
        (("a",), {}, False),
        (("a", "b"), {"a": {"b": 0}}, True),
        (("a", "b"), {"a": {}}, False),
        (("a", "b"), {"a": "b"}, False),
        (("a", "b"), {"a": None}, False),
    ],
)
def test_presence_is_a_matter_of_keys(path, values, verdict):
    """A property is present when its key is, null included, and when each object on the way is one."""
    assert Present(*path).holds(values) is verdict


def test_presence_may_ask_for_a_readable_value():
    """Where a type is asked for, a value of another one does not count as present."""
    moment = Present("created", readable_as=Timestamp)
    assert moment.holds({"created": 1718000000000})
    assert not moment.holds({"created": "soon"})


def test_one_of_is_an_any_of():
    """The schema of the law names every property that it requires."""
    assert OneOf("a", Present("b", "c")).keywords(dict) == {
        "anyOf": [
            {"properties": {"a": True}, "required": ["a"]},
            {"properties": {"b": {"type": "object", "properties": {"c": True}, "required": ["c"]}}, "required": ["b"]},
        ]
    }


def test_laws_add_up():
    """A model that extends another obeys the laws of both, and says so in its schema."""
    assert len(laws_of(SealedParcel)) == 2
    named, sealed = SealedParcel.model_json_schema()["allOf"]
    assert [alternative["required"] for alternative in named["anyOf"]] == [["name"], ["title"]]
    assert sealed["patternProperties"]["[^\n]_md5$"]["maxLength"] == 32
    with pytest.raises(ValidationError, match="name, title"):
        SealedParcel.model_validate({})
    with pytest.raises(ValidationError, match="Md5Hex"):
        SealedParcel.model_validate({"title": "x", "seal_md5": "x"})
    assert SealedParcel.model_validate({"title": "x", "seal_md5": "0" * 32}).model_dump() == {
        "title": "x",
        "seal_md5": "0" * 32,
    }


def test_a_breach_shows_what_was_given():
    """The report of a broken law holds the object that breaks it."""
    with pytest.raises(ValidationError) as caught:
        Parcel.model_validate({"weight": 3})
    (error,) = caught.value.errors()
    assert (error["type"], error["loc"], error["input"]) == ("one_of_required", (), {"weight": 3})


def test_only_objects_have_properties():
    """What is no object has no properties, and an absent field is none."""
    assert present(None) == present("text") == present([1]) == {}
    assert present(Parcel(title="x")) == {"title": "x"}


class Keyring(Lawful):
    """A keyring, which holds a key."""

    LAWS: ClassVar[tuple[Law, ...]] = (NotEmpty(),)

    front_door: Text | MISSING = MISSING


def test_something_is_a_least_number_of_properties():
    """An object that must not be empty has a property, known or custom, null included."""
    assert NotEmpty().keywords(dict) == {"minProperties": 1}
    assert Keyring.model_json_schema()["allOf"] == [{"minProperties": 1}]
    assert Keyring(cellar=None).model_dump() == {"cellar": None}
    assert Keyring(front_door="").model_dump() == {"front_door": ""}
    with pytest.raises(ValidationError) as caught:
        Keyring()
    (error,) = caught.value.errors()
    assert (error["type"], error["loc"], error["input"]) == ("empty_object", (), {})
