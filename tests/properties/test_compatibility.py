"""No payload contradicts the verdict of a comparison of two schemas."""

from __future__ import annotations

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema_edits import edits, remove_annotations
from strategies.schemas import PAYLOADS, pairs, schemas
from tcspec.contract.compatibility import SAFE, Comparison, compare
from tcspec.contract.schemas import json_schema
from tcspec.contract.subschemas import Schema


def compare_schemas(old, new):
    """Compare two schemas."""
    return compare(Schema(old), Schema(new))


def compile_schema(schema):
    """Return a function that validates payloads by a schema."""
    return jsonschema_rs.Draft202012Validator(schema, offline=True).is_valid


@pytest.mark.slow
@given(pairs(), st.lists(PAYLOADS, min_size=20, max_size=40))
def test_no_payload_contradicts_a_verdict(pair, payloads):
    """A compatible schema accepts every payload that the old one accepts; a counterexample is one."""
    was_valid, is_valid = map(compile_schema, pair)
    compared = compare_schemas(*pair)
    if compared.verdict in SAFE:
        assert [payload for payload in payloads if was_valid(payload) and not is_valid(payload)] == []
    if compared.verdict == "identical":
        assert [payload for payload in payloads if is_valid(payload) and not was_valid(payload)] == []
    if compared.verdict == "breaking":
        assert was_valid(compared.counterexample)
        assert not is_valid(compared.counterexample)


@given(schemas())
def test_a_schema_is_identical_to_itself(schema):
    """A schema is identical to itself, with other annotations and without any."""
    annotated = {**schema, "title": "A title", "examples": [1]}
    assert compare_schemas(schema, schema) == Comparison("identical")
    assert compare_schemas(annotated, remove_annotations(schema)) == Comparison("identical")


@given(pairs())
def test_both_ways(pair):
    """Two schemas are identical both ways or neither way."""
    verdicts = compare_schemas(*pair).verdict, compare_schemas(*reversed(pair)).verdict
    assert "unknown" in verdicts or (verdicts[0] == "identical") == (verdicts[1] == "identical")
    assert verdicts != ("compatible", "compatible")


@given(schemas(), schemas())
def test_alternatives_and_further_requirements(one, other):
    """One more alternative never breaks a payload, and to remove a requirement neither."""
    definitions = {"$defs": one["$defs"]}
    old, other = ({key: value for key, value in each.items() if key != "$defs"} for each in (one, other))
    assert compare_schemas(one, definitions | {"anyOf": [old, other]}).verdict != "breaking"
    assert compare_schemas(definitions | {"allOf": [old, other]}, one).verdict != "breaking"


PRODUCT_EDITS = [edit for edit in edits(json_schema("product")) if edit.relaxes is not None]


@given(st.sampled_from(PRODUCT_EDITS), st.sampled_from(PRODUCT_EDITS))
def test_edits(one, other):
    """A schema that was edited to accept more is never breaking, the same edit taken back never compatible."""
    edited = [edit.schema for edit in (one, other)]
    compared = compare_schemas(json_schema("product"), edited[0]).verdict
    assert (compared in SAFE) if one.relaxes else compared in {"breaking", "identical"}
    if compare_schemas(*edited).verdict == "breaking":
        assert not (other.relaxes and not one.relaxes)
