"""A comparison of two schemas proves that the new one accepts what the old one accepts, or has a counterexample."""

from __future__ import annotations

import copy
import json
import os
from collections import Counter

import jsonschema_rs
import pytest

from command import python
from fixture_files import fixture_params
from schema_edits import edits, remove_annotations
from tcspec.contract import compatibility
from tcspec.contract.compatibility import SAFE, Comparison, compare
from tcspec.contract.schemas import json_schema
from tcspec.contract.subschemas import InvalidSchema, Schema
from tcspec.kinds import KINDS

VERSIONS = [version for kind in KINDS.values() for version in kind.versions]

TEXT = {"type": "string"}

RELAXED = {
    "type": ({"type": "integer"}, {"type": "number"}),
    "types": ({"type": "string"}, {"type": ["string", "null"]}),
    "no type": ({"type": "object", "required": ["a"]}, {"required": ["a"]}),
    "const": ({"const": 1}, {"enum": [1, 2]}),
    "const and type": ({"const": "a"}, TEXT),
    "true is not 1": ({"const": 1}, {"enum": [1, True]}),
    "enum": ({"enum": ["a", "b"]}, {"enum": ["a", "b", None]}),
    "boolean": ({"enum": [True]}, {"type": "boolean"}),
    "minimum": ({"minimum": 3}, {"minimum": 2}),
    "exclusiveMinimum": ({"exclusiveMinimum": 3}, {"minimum": 3}),
    "maximum": ({"maximum": 2}, {"maximum": 2.5}),
    "exclusiveMaximum": ({"exclusiveMaximum": 3}, {"maximum": 3}),
    "multipleOf": ({"multipleOf": 4}, {"multipleOf": 2}),
    "minLength": (TEXT | {"minLength": 3}, TEXT | {"minLength": 2}),
    "maxLength": (TEXT | {"maxLength": 3}, TEXT | {"maxLength": 4}),
    "pattern and minLength": (TEXT | {"pattern": "^[a-z]{2,3}$"}, TEXT | {"minLength": 1}),
    "required": ({"required": ["a", "b"]}, {"required": ["a"]}),
    "required instead of dependent": (
        {"type": "object", "required": ["b"]},
        {"type": "object", "dependentRequired": {"a": ["b"]}},
    ),
    "required instead of a dependent schema": (
        {"type": "object", "required": ["a", "c"], "dependentSchemas": {"a": {"required": ["b"]}}},
        {"required": ["b"]},
    ),
    "properties": ({"properties": {"a": TEXT}}, {"properties": {"a": {}}}),
    "inner properties": (
        {"properties": {"a": {"properties": {"b": {"maximum": 3}}}}},
        {"properties": {"a": {"properties": {"b": {"maximum": 4}}}}},
    ),
    "forbidden property": ({"properties": {"a": False}}, {"properties": {"a": TEXT}}),
    "additionalProperties": ({"additionalProperties": False}, {"additionalProperties": TEXT}),
    "closed object": (
        {"properties": {"a": TEXT}, "additionalProperties": False},
        {"properties": {"a": TEXT, "b": TEXT}, "additionalProperties": False},
    ),
    "closed object of few properties": (
        {"type": "object", "properties": {"a": {}, "b": {}}, "additionalProperties": False},
        {"type": "object", "maxProperties": 2},
    ),
    "patternProperties": ({"patternProperties": {"^x": TEXT}}, {"patternProperties": {"^x": {}}}),
    "additionalProperties beside a pattern": (
        {"patternProperties": {"^x": TEXT}, "additionalProperties": TEXT},
        {"additionalProperties": {"type": ["string", "null"]}},
    ),
    "minProperties": ({"minProperties": 2}, {"minProperties": 1}),
    "maxProperties": ({"maxProperties": 1}, {"maxProperties": 2}),
    "items": ({"items": {"type": "integer"}}, {"items": {"type": "number"}}),
    "minItems": ({"minItems": 2}, {"minItems": 1}),
    "maxItems": ({"maxItems": 1}, {"maxItems": 2}),
    "uniqueItems": ({"uniqueItems": True}, {}),
    "anyOf": ({"anyOf": [TEXT, {"type": "null"}]}, {"anyOf": [TEXT, {"type": "null"}, {"type": "array"}]}),
    "anyOf in one range": ({"anyOf": [{"maximum": 1}, TEXT]}, {"maximum": 2}),
    "oneOf": ({"oneOf": [TEXT, {"const": 1}]}, {"oneOf": [TEXT, {"enum": [1, 2]}]}),
    "allOf": ({"allOf": [{"minimum": 1}, {"maximum": 3}]}, {"minimum": 1}),
    "not": ({"not": {"type": ["string", "null"]}}, {"not": TEXT}),
    "if": (
        {"if": {"required": ["a"]}, "then": {"required": ["b", "c"]}, "else": {"required": ["d"]}},
        {"if": {"required": ["a"]}, "then": {"required": ["b"]}, "else": {"required": ["d"]}},
    ),
    "condition that is met": (
        {"type": "object", "required": ["a"], "if": {"required": ["a"]}, "then": {"required": ["b"]}},
        {"type": "object", "required": ["b"]},
    ),
    "condition that is not met": (
        {
            "properties": {"a": {"const": 1}},
            "required": ["a"],
            "type": "object",
            "if": {"properties": {"a": {"const": 2}}},
            "else": {"required": ["b"]},
        },
        {"type": "object", "required": ["b"]},
    ),
    "both branches of a condition": (
        {"type": "object", "if": {"required": ["a"]}, "then": {"required": ["b"]}, "else": {"required": ["b", "c"]}},
        {"type": "object", "required": ["b"]},
    ),
    "$ref": (
        {"$ref": "#/$defs/a", "$defs": {"a": {"minimum": 2}}},
        {"$ref": "#/$defs/b", "$defs": {"b": {"minimum": 1}}},
    ),
    "nothing": (False, TEXT),
    "contradiction": ({"type": "object", "required": ["a"], "properties": {"a": False}}, {"type": "object"}),
    "everything": (TEXT, True),
}
"""Old and new schemas: the new one accepts more."""

PARTLY_DECIDED = {
    "pattern": (TEXT | {"pattern": "^[a-c]+$"}, TEXT | {"pattern": "^[a-d]*$"}),
    "pattern and length": (TEXT | {"pattern": "^[a-z]{2,3}$"}, TEXT | {"maxLength": 3}),
    "not a pattern": (TEXT | {"not": {"pattern": "[\n\r]"}}, TEXT | {"not": {"pattern": "\n"}}),
    "dependentRequired": ({"dependentRequired": {"a": ["b", "c"]}}, {"dependentRequired": {"a": ["b"]}}),
    "dependentSchemas": ({"dependentSchemas": {"a": {"required": ["b"]}}}, {"dependentSchemas": {"a": {}}}),
    "patternProperties instead of additionalProperties": (
        {"additionalProperties": TEXT},
        {"patternProperties": {"^x": TEXT}},
    ),
    "propertyNames": ({"propertyNames": {"maxLength": 2}}, {"propertyNames": {"maxLength": 3}}),
    "prefixItems": ({"prefixItems": [TEXT, TEXT]}, {"prefixItems": [TEXT]}),
    "items after a prefix": (
        {"prefixItems": [{"type": "integer"}], "items": TEXT},
        {"items": {"type": ["integer", "string"]}},
    ),
    "uniqueItems of one item": ({"type": "array", "maxItems": 1}, {"type": "array", "uniqueItems": True}),
    "contains": ({"contains": {"type": "integer"}}, {"contains": {"type": "number"}}),
    "recursion": (
        {"type": "object", "properties": {"a": {"$ref": "#"}}, "required": ["b"]},
        {"type": "object", "properties": {"a": {"$ref": "#"}}},
    ),
}
"""Schemas of which the new one accepts more, but not both ways of comparing them are decided."""

IDENTICAL = {
    "annotations": ({"title": "a", "examples": [1], "default": 2}, {"description": "b", "format": "date", "x": 1}),
    "order": (TEXT | {"maxLength": 1, "required": ["a", "b"]}, {"required": ["b", "a"], "maxLength": 1} | TEXT),
    "notation of numbers": ({"const": 1}, {"const": 1.0}),
    "types as alternatives": ({"type": ["string", "null"]}, {"anyOf": [{"type": "null"}, TEXT]}),
    "names of definitions": (
        {"properties": {"x": {"$ref": "#/$defs/a"}}, "$defs": {"a": TEXT}},
        {"properties": {"x": {"$ref": "#/$defs/b"}}, "$defs": {"b": TEXT}},
    ),
    "definition in place of its reference": ({"items": {"$ref": "#/$defs/a"}, "$defs": {"a": TEXT}}, {"items": TEXT}),
    "limits of integers": ({"type": "integer", "exclusiveMinimum": 2}, {"type": "integer", "minimum": 2.5}),
    "negation in a condition": (
        {"if": {"not": TEXT}, "then": {"minimum": 1}},
        {"if": {"not": {"type": ["string"]}}, "then": {"minimum": 1}},
    ),
    "union of ranges": (
        {"type": "integer"},
        {"anyOf": [{"type": "integer", "maximum": 5}, {"type": "integer", "minimum": 6}]},
    ),
    "excluded value": (
        {
            "type": "object",
            "required": ["a"],
            "properties": {"a": {"enum": [1, 2]}},
            "not": {"required": ["a"], "properties": {"a": {"const": 2}}},
        },
        {"type": "object", "required": ["a"], "properties": {"a": {"const": 1}}},
    ),
    "anchors": (
        {"$ref": "#x", "$defs": {"a": {"$anchor": "x"}}},
        {"$ref": "#x", "$defs": {"a": {"$anchor": "x"}}},
    ),
}
"""Schemas that accept the same payloads."""

BREAKING_BOTH_WAYS = {
    "type": (TEXT, {"type": "integer"}),
    "enum": ({"enum": [1, 2]}, {"enum": [2, 3]}),
    "limits": ({"minimum": 1}, {"maximum": 1}),
    "pattern": ({"pattern": "^a", "examples": ["ab"]}, {"pattern": "b$", "examples": ["cb"]}),
    "required": ({"required": ["a"]}, {"required": ["b"]}),
    "a property in an array": (
        {"items": {"properties": {"price": {"maximum": 5}}}},
        {"items": {"properties": {"price": {"minimum": 5}}}},
    ),
}
"""Schemas of which each accepts what the other rejects."""

UNKNOWN = {
    "lookahead": (TEXT | {"pattern": "^(?=a)"}, TEXT | {"pattern": "^(?=a)|^(?=aa)"}),
    "a long text": (TEXT | {"minLength": 10**9}, TEXT | {"minLength": 10**9 + 1}),
}
"""Schemas that can neither be proved to be compatible nor shown to break a payload."""


def compare_schemas(old, new, payloads=()):
    """Compare two schemas and check the counterexample with jsonschema-rs."""
    compared = compare(Schema(old), Schema(new), payloads)
    if compared.verdict == "breaking":
        assert is_valid(old, compared.counterexample)
        assert not is_valid(new, compared.counterexample)
    return compared


def is_valid(schema, payload):
    """Return whether jsonschema-rs accepts a payload."""
    return jsonschema_rs.Draft202012Validator(schema, offline=True).is_valid(payload)


@pytest.mark.parametrize("case", RELAXED)
def test_relaxed(case):
    """A new schema that accepts more is compatible; the other way round it breaks a payload."""
    old, new = RELAXED[case]
    assert compare_schemas(old, new) == Comparison("compatible")
    assert compare_schemas(new, old).verdict == "breaking"


@pytest.mark.parametrize("case", PARTLY_DECIDED)
def test_partly_decided(case):
    """Where a proof or a counterexample is out of reach the verdict is unknown, never the wrong one."""
    old, new = PARTLY_DECIDED[case]
    verdicts = compare_schemas(old, new).verdict, compare_schemas(new, old).verdict
    assert verdicts in {("compatible", "unknown"), ("unknown", "breaking"), ("unknown", "unknown")}


@pytest.mark.parametrize("case", IDENTICAL)
def test_identical(case):
    """Schemas that accept the same payloads are identical, in whatever words; annotations do not count."""
    old, new = IDENTICAL[case]
    assert compare_schemas(old, new) == compare_schemas(new, old) == Comparison("identical")


@pytest.mark.parametrize("case", BREAKING_BOTH_WAYS)
def test_breaking_both_ways(case):
    """Schemas of which each accepts what the other rejects break a payload both ways."""
    old, new = BREAKING_BOTH_WAYS[case]
    assert compare_schemas(old, new).verdict == compare_schemas(new, old).verdict == "breaking"


@pytest.mark.parametrize("case", UNKNOWN)
def test_unknown(case):
    """What is neither proved nor refuted is unknown, which is not safe."""
    old, new = UNKNOWN[case]
    compared = compare_schemas(old, new)
    assert compared == Comparison("unknown")
    assert compared.verdict not in SAFE
    assert compare_schemas(old, copy.deepcopy(old)) == Comparison("identical")


def test_payloads():
    """A payload that the caller has is a counterexample when it is one, or when less of it is."""
    old, new = TEXT | {"pattern": "^(?=ab*c)"}, TEXT | {"pattern": "^(?=ab{3}c)"}
    assert compare_schemas(old, new).verdict == "unknown"
    assert compare_schemas(old, new, ["abbc"]) == Comparison("breaking", "abbc")
    old, new = ({"properties": {"a": each, "b": True}} for each in (old, new))
    assert compare_schemas(old, new, [{"a": "abbc", "b": 1}]) == Comparison("breaking", {"a": "abbc"})


def test_embedded_schemas():
    """Below an `$id` of its own a reference is not resolved in the schema around it."""
    embedded = {"$id": "urn:a", "$ref": "#/$defs/a", "$defs": {"a": TEXT}}
    old = {"items": embedded, "$defs": {"a": {"type": "integer"}}}
    assert compare_schemas(old, {"items": {"type": "integer"}}).verdict == "breaking"
    assert compare_schemas(old, {"items": TEXT}).verdict in SAFE


def test_the_smallest_counterexample():
    """A counterexample has nothing that it does not need."""
    old = {"properties": {"items": {"type": "array"}, "id": TEXT, "name": TEXT}, "required": ["id"]}
    new = {"properties": {"items": {"items": {"properties": {"price": {"maximum": 5}}}}}}
    assert compare_schemas(old, new).counterexample == {"items": [{"price": 6}], "id": ""}


def test_the_same_answer_every_time():
    """The same schemas have the same verdict and counterexample."""
    old, new = json_schema("product"), json_schema("conversion")
    assert compare_schemas(old, new) == compare_schemas(old, new)


@pytest.mark.slow
@pytest.mark.parametrize("version", VERSIONS, ids=lambda each: each.schema)
def test_annotations_of_published_schemas(version):
    """Every published schema is identical to itself without annotations, and with others."""
    schema = json_schema(version.kind, version.name)
    changed = copy.deepcopy(schema) | {"description": "Another description", "examples": []}
    assert compare_schemas(schema, remove_annotations(schema)) == Comparison("identical")
    assert compare_schemas(remove_annotations(schema), changed) == Comparison("identical")


def test_versions_of_events():
    """Neither version of events accepts all that the other accepts."""
    old, new = json_schema("event", "1.0"), json_schema("event", "2.0")
    assert compare_schemas(old, new).verdict == compare_schemas(new, old).verdict == "breaking"


SHARE = 1 if os.environ.get("HYPOTHESIS_PROFILE") == "thorough" else 120
"""Of the edits of the large schemas every how-manieth is tried."""


@pytest.mark.slow
@pytest.mark.no_cover  # takes three times as long when its lines are traced
@pytest.mark.parametrize(
    ("name", "every"),
    [
        ("product/2.0", 1),
        ("user/1.0", 1),
        ("conversion/2.0", 8),
        ("event/2.0", 2 * SHARE),
        ("event/1.0", 4 * SHARE),
        ("batch/2.0", 4 * SHARE),
        ("pixel/2.0", 2 * SHARE),
    ],
)
def test_edits_of_published_schemas(name, every):
    """An edit that relaxes a published schema is never breaking, one that restricts it never passes as compatible."""
    schema = json_schema(*name.split("/"))
    payloads = [json.loads(parameter.values[0].read_bytes()) for parameter in fixture_params(f"{name}/valid")]
    old = Schema(schema)
    verdicts = Counter()
    for edit in [each for each in edits(schema) if each.relaxes is not None][::every]:
        new = Schema(edit.schema)
        compared = compare(old, new, payloads)
        verdicts[compared.verdict] += 1
        assert compared.verdict in ({*SAFE, "unknown"} if edit.relaxes else {"breaking", "identical", "unknown"}), edit
        if compared.verdict == "breaking":
            assert old.accepts(compared.counterexample), edit
            assert not new.accepts(compared.counterexample), edit
    assert {"compatible", "breaking"} <= verdicts.keys()
    assert verdicts["unknown"] <= max(1, verdicts.total() / 20)


def test_edits_of_everything():
    """There are edits of every keyword that the published schemas use, and hundreds of a schema of events."""
    descriptions = [str(edit) for edit in edits(json_schema("event"))]
    assert len(descriptions) > 1_000
    removed = (
        "type",
        "const",
        "enum",
        "pattern",
        "maxLength",
        "items",
        "minimum",
        "anyOf",
        "not",
        "then",
        "else",
        "$ref",
    )
    for edit in (
        "one more property",
        "one more enum",
        "wider maxLength",
        "integers only",
        *(f"without {each}" for each in removed),
    ):
        assert any(each.endswith(edit) for each in descriptions), edit


INVALID = {
    "an array": ([], "a schema is an object or a boolean"),
    "an unknown type": ({"type": "strnig"}, "/type has a value that the draft does not allow there"),
    "another draft": (
        {"$schema": "http://json-schema.org/draft-07/schema#"},
        "only schemas of https://json-schema.org/draft",
    ),
    "a remote reference": ({"$ref": "https://example.com/s"}, "Resource 'https://example.com/s' is not present"),
    "a reference to another file": ({"items": {"$ref": "other.json"}}, "Resource 'other.json' is not present"),
    "a reference to nothing": ({"$ref": "#/$defs/a"}, "Pointer '/$defs/a' does not exist"),
    "definitions that double": (
        {
            "$ref": "#/$defs/0",
            "$defs": {str(n): {"properties": {name: {"$ref": f"#/$defs/{n + 1}"} for name in "ab"}} for n in range(30)}
            | {"30": TEXT},
        },
        "more than 100,000 subschemas, or 100 levels of them",
    ),
    "a long chain of references": (
        {"$ref": "#/$defs/0", "$defs": {str(n): {"$ref": f"#/$defs/{n + 1}"} for n in range(300)} | {"300": {}}},
        "more than 100,000 subschemas, or 100 levels of them",
    ),
    "too many alternatives": ({"anyOf": [{}] * 100_000}, "more than 100,000 subschemas, or 100 levels of them"),
}


@pytest.mark.parametrize("case", INVALID)
def test_invalid_schema(case, monkeypatch):
    """What is not a schema, is too large or refers to anything outside of itself is refused; nothing is fetched."""
    monkeypatch.delattr("socket.socket")
    schema, reason = INVALID[case]
    with pytest.raises(InvalidSchema) as raised:
        Schema(schema)
    assert str(raised.value).startswith(reason)


def nested(depth):
    """Return a schema of nested objects."""
    return {"properties": {"a": nested(depth - 1)}} if depth else TEXT


HOSTILE = {
    "alternatives that double": {
        "$ref": "#/$defs/0",
        "$defs": {
            str(n): {"anyOf": [{"$ref": f"#/$defs/{n + 1}"}, {"$ref": f"#/$defs/{n + 1}"}, {"minimum": n}]}
            for n in range(10)
        }
        | {"10": TEXT},
    },
    "a chain of references": {
        "$ref": "#/$defs/0",
        "$defs": {str(n): {"anyOf": [{"$ref": f"#/$defs/{n + 1}"}]} for n in range(40)} | {"40": TEXT},
    },
    "deep": nested(99),
    "many conditions": {
        "allOf": [
            {"if": {"required": [f"p{n}"]}, "then": {"required": [f"q{n}"]}, "else": {"required": [f"r{n}"]}}
            for n in range(12)
        ]
    },
    "huge numbers": {"minimum": 10**400, "minLength": 10**400, "minItems": 10**400, "multipleOf": 10**300},
    "a pattern of many states": TEXT | {"pattern": "^(?:a?){150}(?:b?){150}a{150}$"},
    "a reference to itself": {"$ref": "#"},
    "its own negation": {"not": {"$ref": "#"}},
    "a negated boolean": {"not": True},
    "many values": {"enum": list(range(10_000))},
    "a large example": {"minProperties": 250, "examples": [{str(n): [n] for n in range(300)}]},
}


@pytest.mark.slow
@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_schema(case):
    """A schema that is made to take forever, or to fail, is compared in the end, and no verdict is wrong."""
    schema = HOSTILE[case]
    assert compare_schemas(schema, {**schema, "title": "A title"}) == Comparison("identical")
    for other in (TEXT | {"maxLength": 2}, {"type": "object", "required": ["a"]}, True, False):
        compare_schemas(schema, other)
        compare_schemas(other, schema)


@pytest.mark.parametrize("failure", [TypeError("unhashable"), BaseException("a panic of Rust")])
def test_failing_proof(monkeypatch, failure):
    """Where jsonschema-rs fails nothing is proved."""

    def canonicalize(*_arguments, **_options):
        raise failure

    monkeypatch.setattr(compatibility, "_canonicalize", canonicalize)
    compatibility._is_covered.cache_clear()  # noqa: SLF001 - what another test proved
    assert compare_schemas({"minimum": 5}, {"minimum": 4}) == Comparison("unknown")
    compatibility._is_covered.cache_clear()  # noqa: SLF001 - and what this one did not


@pytest.mark.parametrize("stop", [KeyboardInterrupt, SystemExit])
def test_interrupted_proof(monkeypatch, stop):
    """An interrupt is not taken for a failure of jsonschema-rs."""

    def canonicalize(*_arguments, **_options):
        raise stop

    monkeypatch.setattr(compatibility, "_canonicalize", canonicalize)
    with pytest.raises(stop):
        compare_schemas({"minimum": 7}, {"minimum": 6})


@pytest.mark.parametrize(
    ("annotation", "breaks"), [("Literal['a']", True), ("Literal['a', 'b']", False), ("Literal['a', 'b', 'c']", False)]
)
def test_schemas_of_classes_of_ones_own(annotation, breaks, tmp_path):
    """A schema that pydantic generates for a class, without examples, is compared as the published ones are."""
    code = (
        "import json; from typing import Literal; from tcspec.models import SourceEvent\n"
        "class Own(SourceEvent):\n"
        "    event_name: Literal['own'] = 'own'\n"
        f"    size: {annotation}\n"
        "print(json.dumps(Own.model_json_schema()))"
    )
    new = json.loads(python(code, cwd=tmp_path).out)
    old = copy.deepcopy(new)
    old["properties"]["size"] = {"enum": ["a", "b"], "type": "string"}
    found = compare(Schema(old), Schema(new))
    assert found.verdict == (
        "breaking" if breaks else "identical" if annotation == "Literal['a', 'b']" else "compatible"
    )
    if breaks:
        assert found.counterexample["size"] == "b"
        assert found.counterexample["context"].keys() == {"event_id", "event_timestamp"}
