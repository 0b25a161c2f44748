"""Each constraint: the errors that it finds, and its JSON Schema."""

from __future__ import annotations

from typing import ClassVar

import pytest
from pydantic import ValidationError
from pydantic_core import MISSING

from tcspec.models.constraints import (
    AnyOf,
    Constraint,
    Model,
    NotEmpty,
    Present,
    SuffixType,
    all_constraints,
    get_properties,
)
from tcspec.models.datetimes import Timestamp
from tcspec.models.values import Md5Hex, Text


class Parcel(Model):
    """A parcel with a name or a title."""

    CONSTRAINTS: ClassVar[tuple[Constraint, ...]] = (AnyOf("name", "title"),)

    name: Text | MISSING = MISSING


class SealedParcel(Parcel):
    """A parcel that may also have a seal."""

    CONSTRAINTS: ClassVar[tuple[Constraint, ...]] = (SuffixType("_md5", Md5Hex),)


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
    """A property is present if its key is, even with null, and if everything on its path is an object."""
    assert Present(*path).is_met(values) is verdict


def test_presence_with_a_type():
    """With a type, a property with another value does not count as present."""
    timestamp = Present("created", valid_as=Timestamp)
    assert timestamp.is_met({"created": 1718000000000})
    assert not timestamp.is_met({"created": "soon"})


def test_any_of():
    """Every branch of the schema names the property that it requires."""
    assert AnyOf("a", Present("b", "c")).to_json_schema(dict) == {
        "anyOf": [
            {"properties": {"a": True}, "required": ["a"]},
            {"properties": {"b": {"type": "object", "properties": {"c": True}, "required": ["c"]}}, "required": ["b"]},
        ]
    }


def test_inherited_constraints():
    """A model has its own constraints and those of its base class, in its schema too."""
    assert len(all_constraints(SealedParcel)) == 2
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


def test_errors_have_their_input():
    """The error of a constraint has the object as its input."""
    with pytest.raises(ValidationError) as caught:
        Parcel.model_validate({"weight": 3})
    (error,) = caught.value.errors()
    assert (error["type"], error["loc"], error["input"]) == ("any_of_required", (), {"weight": 3})


def test_only_objects_have_properties():
    """Only an object has properties, and an absent field is not one of them."""
    assert get_properties(None) == get_properties("text") == get_properties([1]) == {}
    assert get_properties(Parcel(custom={"title": "x"})) == {"title": "x"}


class Keyring(Model):
    """A keyring with at least one key."""

    CONSTRAINTS: ClassVar[tuple[Constraint, ...]] = (NotEmpty(),)

    front_door: Text | MISSING = MISSING


def test_not_empty():
    """An object that must not be empty has a property, standard or custom, even with null."""
    assert NotEmpty().to_json_schema(dict) == {"minProperties": 1}
    assert Keyring.model_json_schema()["allOf"] == [{"minProperties": 1}]
    assert Keyring(custom={"cellar": None}).model_dump() == {"cellar": None}
    assert Keyring(front_door="").model_dump() == {"front_door": ""}
    with pytest.raises(ValidationError) as caught:
        Keyring()
    (error,) = caught.value.errors()
    assert (error["type"], error["loc"], error["input"]) == ("empty_object", (), {})
