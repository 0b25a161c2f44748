"""Both engines find the same errors in every payload."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broken_payloads import break_payload
from payloads import full, legacy_full, minimal
from strategies.batches import any_events
from tcspec.contract.checks import meets_schema
from tcspec.contract.engines import (
    ENGINES,
    KeywordError,
    compile_definition,
    find_mismatch,
    iter_fast_errors,
    iter_reference_errors,
)
from tcspec.contract.schemas import definitions_by_event, find_definition, load_schema
from tcspec.jsontext.pointer import follow, join
from tcspec.kinds import EVENT, EVENT_1_0, EVENT_2_0

versions = st.sampled_from((EVENT_1_0, EVENT_2_0))


def name_of(payload, version):
    """Return the name that selects the definition of a payload."""
    return payload.get("event_name", payload.get("event") if version is EVENT_1_0 else None)


def found(engine, payload, version):
    """Count the errors that an engine finds."""
    return Counter(ENGINES[engine](payload, version, name_of(payload, version)))


@given(any_events, versions)
def test_find_the_same(payload, version):
    """In any payload both engines find the same errors: the same paths and the same keywords."""
    assert found("fast", payload, version) == found("reference", payload, version)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("version", "made", "name"),
    [(EVENT_1_0, legacy_full, "page_view"), (EVENT_2_0, full, "purchase")],
    ids=["1.0", "2.0"],
)
def test_find_the_same_in_every_breach(version, made, name):
    """Every single violation of a definition is found by both engines."""
    for broken in break_payload(find_definition(version, name), load_schema(version)["$defs"], made(name)):
        errors = found("fast", broken.payload, version)
        assert errors, broken
        assert errors == found("reference", broken.payload, version), broken


@given(any_events, versions)
def test_meets_schema_is_the_absence_of_errors(payload, version):
    """A payload meets the schema of a version if no engine finds an error in it."""
    name = name_of(payload, version)
    assert meets_schema(payload, version, name) == (not list(iter_fast_errors(payload, version, name)))


@given(any_events, versions)
def test_both_paths_of_an_error_resolve(payload, version):
    """The paths of an error lead to a part of the payload and to a keyword of the published schema."""
    for error in iter_fast_errors(payload, version, name_of(payload, version)):
        follow(payload, join(error.instance_path))
        *location, keyword = error.schema_path
        assert keyword in follow(load_schema(version), join(location))


@pytest.mark.parametrize("engine", ENGINES)
class TestDialectOfPatterns:
    """If JSON Schema and Python differ, JSON Schema decides."""

    def test_end_of_text(self, engine):
        """`$` matches the end of a string only, not the position before a final line feed."""
        errors = found(engine, minimal("purchase") | {"currency": "EUR\n"}, EVENT_2_0)
        assert {error.schema_path for error in errors} == {
            ("$defs", "Currency", "pattern"),
            ("$defs", "Currency", "maxLength"),
        }

    def test_end_of_names(self, engine):
        """A pattern of property names does not match a name that ends with a line feed."""
        assert not found(engine, minimal() | {"user": {"email_md5\n": "no hash"}}, EVENT_2_0)
        errors = found(engine, minimal() | {"user": {"any_md5": "no hash"}}, EVENT_2_0)
        assert {error.instance_path for error in errors} == {("user", "any_md5")}

    def test_digits(self, engine):
        """Only ASCII digits are digits."""
        digits = "\N{ARABIC-INDIC DIGIT ONE}" * 13
        assert found(engine, minimal() | {"context": {"event_id": "1", "event_timestamp": digits}}, EVENT_2_0)

    def test_integral_floats(self, engine):
        """A float without fraction is an integer, a boolean is not a number."""
        event = minimal("video_start")
        assert not found(engine, event | {"cursor_position": 5.0}, EVENT_2_0)
        assert found(engine, event | {"cursor_position": 5.5}, EVENT_2_0)
        assert found(engine, event | {"cursor_position": True}, EVENT_2_0)

    def test_long_numbers(self, engine):
        """Numbers beyond 64 bits and beyond floats are numbers like any other."""
        for number in (2**70, 10**400, 1.5e308):
            assert not found(engine, minimal("purchase") | {"value": number}, EVENT_2_0)
        assert found(engine, minimal("video_start") | {"cursor_position": -(10**400)}, EVENT_2_0)

    def test_error_of_a_nested_part(self, engine):
        """The schema path of an error is that of the definition, whatever references led to it."""
        event = minimal("purchase") | {"items": [{"id": "1", "quantity": 1, "product": {"id": 5}}]}
        assert found(engine, event, EVENT_2_0) == {
            KeywordError(("items", 0, "product", "id"), ("$defs", "Product", "properties", "id", "type")): 1
        }


def test_every_definition_compiles():
    """The definition of every event of every version compiles for the fast engine, once."""
    for version in EVENT.versions:
        for definition in {*definitions_by_event(version).values(), "CustomEvent"}:
            assert compile_definition(version, definition) is compile_definition(version, definition)


def test_names():
    """The engines are found by name, in a table that cannot be changed."""
    assert dict(ENGINES) == {"fast": iter_fast_errors, "reference": iter_reference_errors}
    with pytest.raises(TypeError):
        ENGINES["fast"] = iter_reference_errors


@pytest.mark.parametrize(
    ("document", "mismatch"),
    [
        (5, 'the root: 5 is not of type "object"'),
        ({"batch": {}}, '/batch: {} is not of type "array"'),
        ({"batch": []}, None),
    ],
)
def test_mismatch(document, mismatch):
    """The first error of a document that is no payload says where it is; a valid one has none."""
    assert find_mismatch(document, "batch/2.0.json") == mismatch
