"""An inlined definition accepts what the published one accepts."""

from __future__ import annotations

import json

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixture_files import FIXTURES
from tcspec.contract.checks import find_check, is_met
from tcspec.contract.engines import compile_definition
from tcspec.contract.inlining import Inliner
from tcspec.contract.schemas import load_schema
from tcspec.errors import UnreadablePayload
from tcspec.jsontext.reader import read_object
from tcspec.kinds import EVENT_2_0, VERSIONS

DEFINITIONS = [(version, name) for version in VERSIONS for name in load_schema(version)["$defs"]]


def iter_documents():
    """Yield the JSON object on each line of a fixture, and of each fixture with one."""
    for path in sorted(FIXTURES.rglob("*.json")):
        yield path.read_bytes()
    for path in sorted(FIXTURES.rglob("*.ndjson")):
        yield from path.read_bytes().splitlines()


def objects():
    """Return the JSON objects of all fixtures."""
    found = []
    for raw in iter_documents():
        try:
            found.append(read_object(raw))
        except UnreadablePayload:
            continue
    return found


@pytest.mark.slow
def test_same_verdicts():
    """Of every definition the inlined form accepts the same fixtures as the published one."""
    payloads = objects()
    for version, name in DEFINITIONS:
        published, check = compile_definition(version, name).is_valid, find_check(version, name)
        differing = [payload for payload in payloads if published(payload) != is_met(check, payload)]
        assert (name, differing) == (name, [])


def test_members_of_all_events():
    """What all events have in common is compiled once."""
    names = {"Purchase", "PageView", "CustomEvent"}
    members = [dict(find_check(EVENT_2_0, name)[1]) for name in names]
    assert members[0].keys() == {"user", "context"}
    assert members[0] == members[1] == members[2]


@pytest.mark.slow
def test_nothing_is_looked_up():
    """An inlined definition has neither references nor explanations."""
    for version, name in DEFINITIONS:
        text = json.dumps(Inliner(load_schema(version)["$defs"]).inline_definition(name))
        assert not any(f'"{keyword}": "' in text for keyword in ("$ref", "$comment", "description"))


BASE = {"type": "object", "properties": {"a": {"type": "string"}, "b": True}, "required": ["a"]}
TO_BASE = {"$ref": "#/$defs/Base"}
NAMED = {**TO_BASE, "properties": {"c": TO_BASE}, "required": ["c", "a"]}
CLOSED = {"properties": {"a": TO_BASE}, "additionalProperties": False}
TO_CLOSED = {"$ref": "#/$defs/Closed"}
TO_EXTENDING = {"allOf": [{"$ref": "#/$defs/Extending"}]}
DEFS = {"Base": BASE, "Named": NAMED, "Closed": CLOSED, "Extending": {**TO_CLOSED, "required": ["a"]}}
inline = Inliner(DEFS).inline


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        (True, True),
        ({**TO_BASE, "title": "t"}, {**BASE, "properties": {"a": {"type": "string"}}}),
        # What one schema of a property extends is checked with it.
        (
            {"allOf": [{"properties": {"x": TO_BASE}}, {"properties": {"x": {"$ref": "#/$defs/Named"}}}]},
            {"properties": {"x": inline(NAMED)}},
        ),
        (
            {"allOf": [{"properties": {"x": {"minLength": 1}}}, {"properties": {"x": {"minLength": 2}}}]},
            {"properties": {"x": {"minLength": 1, "allOf": [{"minLength": 2}]}}},
        ),
        # What is additional depends on the properties beside it.
        (
            {**TO_BASE, "properties": {"b": True}, "additionalProperties": False},
            {"allOf": [{"properties": {"b": True}, "additionalProperties": False}, inline(BASE)]},
        ),
        # Of two closed objects one that the other extends is left out.
        (
            {"allOf": [{"properties": {"x": TO_CLOSED}}, {"properties": {"x": TO_EXTENDING}}]},
            {"properties": {"x": inline(TO_EXTENDING)}},
        ),
        # A schema that every value meets adds nothing.
        (
            {"allOf": [{"properties": {"x": TO_CLOSED}}, {"properties": {"x": True}}]},
            {"properties": {"x": inline(TO_CLOSED)}},
        ),
        # A condition goes with its consequence.
        (
            {"type": "object", "allOf": [{"if": {"required": ["a"]}, "then": {"required": ["b"]}}]},
            {"type": "object", "allOf": [{"if": {"required": ["a"]}, "then": {"required": ["b"]}}]},
        ),
        (
            {"allOf": [{"if": {"required": ["a"]}, "then": {"required": ["b"]}}, {"required": ["c"]}]},
            {"required": ["c"], "allOf": [{"if": {"required": ["a"]}, "then": {"required": ["b"]}}]},
        ),
        # Patterns of names are joined unless they are the same.
        (
            {"allOf": [{"patternProperties": {"a": {"minLength": 1}}}, {"patternProperties": {"b": {"minLength": 1}}}]},
            {"patternProperties": {"a": {"minLength": 1}, "b": {"minLength": 1}}},
        ),
        # They are only tried where a name is not known, or where they require more of it than its own schema.
        (
            {"properties": {"a_md5": {"minLength": 1}, "a": {}}, "patternProperties": {"_md5$": {"minLength": 1}}},
            {
                "properties": {"a_md5": {"minLength": 1}},
                "anyOf": [
                    {"properties": {"a_md5": True}, "additionalProperties": False},
                    {"patternProperties": {"_md5$": {"minLength": 1}}},
                ],
            },
        ),
        (
            {"properties": {"a_md5": {"minLength": 2}}, "patternProperties": {"_md5$": {"minLength": 1}}},
            {"properties": {"a_md5": {"minLength": 2}}, "patternProperties": {"_md5$": {"minLength": 1}}},
        ),
        (
            {"properties": {"a": {"minLength": 2}}, "patternProperties": {"b": True}, "additionalProperties": False},
            {"properties": {"a": {"minLength": 2}}, "patternProperties": {"b": True}, "additionalProperties": False},
        ),
        (
            {"properties": {"a": {"minLength": 2}}, "patternProperties": {"b": {"minLength": 1}}, "anyOf": [True]},
            {"properties": {"a": {"minLength": 2}}, "patternProperties": {"b": {"minLength": 1}}, "anyOf": [True]},
        ),
        (
            {"allOf": [{"patternProperties": {"a": {"minLength": 1}}}, {"patternProperties": {"a": {"minLength": 2}}}]},
            {
                "patternProperties": {"a": {"minLength": 1}},
                "allOf": [{"patternProperties": {"a": {"minLength": 2}}}],
            },
        ),
    ],
)  # fmt: skip
def test_forms(schema, expected):
    """What a schema refers to or extends is merged into it as far as it means the same."""
    inlined = inline(schema)
    assert inlined == expected
    jsonschema_rs.Draft202012Validator(inlined)


@pytest.mark.parametrize("keyword", ["items", "not", "additionalProperties", "if", "then", "else"])
def test_references_in_a_schema(keyword):
    """A reference is replaced by what it refers to under every keyword that has a schema."""
    assert inline({keyword: TO_BASE}) == {keyword: inline(BASE)}


@pytest.mark.parametrize("keyword", ["properties", "patternProperties"])
def test_references_in_schemas_by_name(keyword):
    """A reference is replaced by what it refers to under every keyword that has schemas by name."""
    assert inline({keyword: {"a": TO_BASE}}) == {keyword: {"a": inline(BASE)}}


def test_references_in_lists_of_schemas():
    """A reference is replaced by what it refers to in every list of schemas."""
    assert inline({"anyOf": [TO_BASE]}) == {"anyOf": [inline(BASE)]}
    both = {"items": True, "allOf": [{"items": TO_BASE}]}
    assert inline(both) == {"items": True, "allOf": [{"items": inline(BASE)}]}


HASH = {"type": "string", "pattern": "^[0-9a-f]{4}$"}
HASHED = {
    "properties": {"id": {"type": "string"}, "email_md5": HASH, "size_md5": {"type": "integer"}},
    "patternProperties": {"[^\n]_md5$": HASH, "^x": {"type": "integer"}},
}
hashed = st.dictionaries(
    st.sampled_from(["id", "email_md5", "size_md5", "phone_md5", "_md5", "x", "x_md5", "other"]),
    st.sampled_from(["beef", "no hash", 1, None]),
    max_size=4,
)


@pytest.mark.parametrize(
    "extended", [{}, {"anyOf": [{"minProperties": 1}]}, {"additionalProperties": {"type": "string"}}]
)
@given(value=hashed)
def test_patterns(extended, value):
    """A schema whose patterns are only tried where they may matter is met by the same objects."""
    schema = {**HASHED, **extended}
    inlined = jsonschema_rs.Draft202012Validator(Inliner({}).inline(schema))
    assert inlined.is_valid(value) == jsonschema_rs.Draft202012Validator(schema).is_valid(value)
