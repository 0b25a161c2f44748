from __future__ import annotations

import jsonschema_rs
import pytest

from tcspec.contract.schemas import json_schema
from tcspec.evolution.comparing import Verdict, compare
from tcspec.evolution.reading import NoSchema
from tcspec.kinds import VERSIONS

MIRRORED = {Verdict.WIDER: Verdict.NARROWER, Verdict.NARROWER: Verdict.WIDER}

TEXT = {"type": "string"}
WIDER = {
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
    "pattern": (TEXT | {"pattern": "^[a-c]+$"}, TEXT | {"pattern": "^[a-d]*$"}),
    "pattern and length": (TEXT | {"pattern": "^[a-z]{2,3}$"}, TEXT | {"maxLength": 3}),
    "pattern and shortest": (TEXT | {"pattern": "^[a-z]{2,3}$"}, TEXT | {"minLength": 1}),
    "not a pattern": (TEXT | {"not": {"pattern": "[\n\r]"}}, TEXT | {"not": {"pattern": "\n"}}),
    "required": ({"required": ["a", "b"]}, {"required": ["a"]}),
    "dependentRequired": ({"dependentRequired": {"a": ["b", "c"]}}, {"dependentRequired": {"a": ["b"]}}),
    "required instead of dependent": (
        {"type": "object", "required": ["b"]},
        {"type": "object", "dependentRequired": {"a": ["b"]}},
    ),
    "dependentSchemas": ({"dependentSchemas": {"a": {"required": ["b"]}}}, {"dependentSchemas": {"a": {}}}),
    "what a dependent schema asks": (
        {"type": "object", "required": ["a", "c"], "dependentSchemas": {"a": {"required": ["b"]}}},
        {"required": ["b"]},
    ),
    "properties": ({"properties": {"a": TEXT}}, {"properties": {"a": {}}}),
    "inner properties": (
        {"properties": {"a": {"properties": {"b": {"maximum": 3}}}}},
        {"properties": {"a": {"properties": {"b": {"maximum": 4}}}}},
    ),
    "property refused": ({"properties": {"a": False}}, {"properties": {"a": TEXT}}),
    "additionalProperties": ({"additionalProperties": False}, {"additionalProperties": TEXT}),
    "closed": (
        {"properties": {"a": TEXT}, "additionalProperties": False},
        {"properties": {"a": TEXT, "b": TEXT}, "additionalProperties": False},
    ),
    "closed and few": (
        {"type": "object", "properties": {"a": {}, "b": {}}, "additionalProperties": False},
        {"type": "object", "maxProperties": 2},
    ),
    "patternProperties": ({"patternProperties": {"^x": TEXT}}, {"patternProperties": {"^x": {}}}),
    "patternProperties of a name": ({"additionalProperties": TEXT}, {"patternProperties": {"^x": TEXT}}),
    "additional beside a pattern": (
        {"patternProperties": {"^x": TEXT}, "additionalProperties": TEXT},
        {"additionalProperties": {"type": ["string", "null"]}},
    ),
    "propertyNames": ({"propertyNames": {"maxLength": 2}}, {"propertyNames": {"maxLength": 3}}),
    "minProperties": ({"minProperties": 2}, {"minProperties": 1}),
    "maxProperties": ({"maxProperties": 1}, {"maxProperties": 2}),
    "items": ({"items": {"type": "integer"}}, {"items": {"type": "number"}}),
    "prefixItems": ({"prefixItems": [TEXT, TEXT]}, {"prefixItems": [TEXT]}),
    "items behind a prefix": (
        {"prefixItems": [{"type": "integer"}], "items": TEXT},
        {"items": {"type": ["integer", "string"]}},
    ),
    "minItems": ({"minItems": 2}, {"minItems": 1}),
    "maxItems": ({"maxItems": 1}, {"maxItems": 2}),
    "uniqueItems": ({"uniqueItems": True}, {}),
    "one item is unique": ({"type": "array", "maxItems": 1}, {"type": "array", "uniqueItems": True}),
    "contains": ({"contains": {"type": "integer"}}, {"contains": {"type": "number"}}),
    "anyOf": ({"anyOf": [TEXT, {"type": "null"}]}, {"anyOf": [TEXT, {"type": "null"}, {"type": "array"}]}),
    "anyOf taken apart": ({"anyOf": [{"maximum": 1}, TEXT]}, {"maximum": 2}),
    "oneOf": ({"oneOf": [TEXT, {"const": 1}]}, {"oneOf": [TEXT, {"enum": [1, 2]}]}),
    "allOf": ({"allOf": [{"minimum": 1}, {"maximum": 3}]}, {"minimum": 1}),
    "not": ({"not": {"type": ["string", "null"]}}, {"not": TEXT}),
    "if": (
        {"if": {"required": ["a"]}, "then": {"required": ["b", "c"]}, "else": {"required": ["d"]}},
        {"if": {"required": ["a"]}, "then": {"required": ["b"]}, "else": {"required": ["d"]}},
    ),
    "a condition that holds": (
        {"type": "object", "required": ["a"], "if": {"required": ["a"]}, "then": {"required": ["b"]}},
        {"type": "object", "required": ["b"]},
    ),
    "a condition that does not hold": (
        {
            "properties": {"a": {"const": 1}},
            "required": ["a"],
            "type": "object",
            "if": {"properties": {"a": {"const": 2}}},
            "else": {"required": ["b"]},
        },
        {"type": "object", "required": ["b"]},
    ),
    "both branches": (
        {"type": "object", "if": {"required": ["a"]}, "then": {"required": ["b"]}, "else": {"required": ["b", "c"]}},
        {"type": "object", "required": ["b"]},
    ),
    "$ref": (
        {"$ref": "#/$defs/a", "$defs": {"a": {"minimum": 2}}},
        {"$ref": "#/$defs/b", "$defs": {"b": {"minimum": 1}}},
    ),
    "recursion": (
        {"type": "object", "properties": {"a": {"$ref": "#"}}, "required": ["b"]},
        {"type": "object", "properties": {"a": {"$ref": "#"}}},
    ),
    "nothing": (False, TEXT),
    "a contradiction": ({"type": "object", "required": ["a"], "properties": {"a": False}}, {"type": "object"}),
    "all": (TEXT, True),
}

IDENTICAL = {
    "annotations": ({"title": "a", "examples": [1], "default": 2}, {"description": "b", "format": "date", "x": 1}),
    "order": (TEXT | {"maxLength": 1, "required": ["a", "b"]}, {"required": ["b", "a"], "maxLength": 1} | TEXT),
    "spelling of numbers": ({"const": 1}, {"const": 1.0}),
    "types as alternatives": ({"type": ["string", "null"]}, {"anyOf": [{"type": "null"}, TEXT]}),
    "names of definitions": (
        {"properties": {"x": {"$ref": "#/$defs/a"}}, "$defs": {"a": TEXT}},
        {"properties": {"x": {"$ref": "#/$defs/b"}}, "$defs": {"b": TEXT}},
    ),
    "a definition in its place": ({"items": {"$ref": "#/$defs/a"}, "$defs": {"a": TEXT}}, {"items": TEXT}),
    "recursion unrolled": (
        {"type": "object", "properties": {"a": {"$ref": "#"}}},
        {"type": "object", "properties": {"a": {"type": "object", "properties": {"a": {"$ref": "#"}}}}},
    ),
    "bounds of integers": ({"type": "integer", "exclusiveMinimum": 2}, {"type": "integer", "minimum": 2.5}),
    "a length that the pattern has": (
        TEXT | {"pattern": "^[A-Z]{3}$"},
        TEXT | {"pattern": "^[A-Z]{3}$", "maxLength": 3},
    ),
    "a negation in the condition": (
        {"if": {"not": TEXT}, "then": {"minimum": 1}},
        {"if": {"not": {"type": ["string"]}}, "then": {"minimum": 1}},
    ),
    "numbers of either sort": (
        {"type": "integer"},
        {"anyOf": [{"type": "integer", "maximum": 5}, {"type": "integer", "minimum": 6}]},
    ),
    "a refused property": (
        {
            "type": "object",
            "required": ["a"],
            "properties": {"a": {"enum": [1, 2]}},
            "not": {"required": ["a"], "properties": {"a": {"const": 2}}},
        },
        {"type": "object", "required": ["a"], "properties": {"a": {"const": 1}}},
    ),
    "unresolvable by parts": (
        {"$ref": "#x", "$defs": {"a": {"$anchor": "x"}}},
        {"$ref": "#x", "$defs": {"a": {"$anchor": "x"}}},
    ),
}

INCOMPARABLE = {
    "type": (TEXT, {"type": "integer"}),
    "enum": ({"enum": [1, 2]}, {"enum": [2, 3]}),
    "bounds": ({"minimum": 1}, {"maximum": 1}),
    "pattern": ({"pattern": "^a"}, {"pattern": "b$"}),
    "a pattern that is not read by every engine alike": ({"pattern": "^.a", "examples": ["xa"]}, {"pattern": "^b"}),
    "required": ({"required": ["a"]}, {"required": ["b"]}),
    "anchors": (
        {"$ref": "#x", "$defs": {"a": {"$anchor": "x", "type": "null"}}},
        {"$dynamicRef": "#x", "$defs": {"a": {"$dynamicAnchor": "x", "type": "integer"}}},
    ),
}


def takes(schema, payload):
    """Ask jsonschema-rs."""
    return jsonschema_rs.Draft202012Validator(schema, offline=True).is_valid(payload)


def check_witnesses(old, new, compared):
    """Every counter-example is taken by the one and refused by the other, and there is one exactly where it is said."""
    for answer, taking, refusing in ((compared.forward, old, new), (compared.backward, new, old)):
        assert (answer.witness is not None) == (answer.covers is False)
        if answer.witness is not None:
            assert takes(taking, answer.witness.payload)
            assert not takes(refusing, answer.witness.payload)


@pytest.mark.parametrize("keyword", WIDER)
def test_wider(keyword):
    """A schema that takes more is wider, with a payload that is new; the other way round it is narrower."""
    old, new = WIDER[keyword]
    compared = compare(old, new)
    assert compared.verdict == "wider"
    assert compared.is_safe
    check_witnesses(old, new, compared)
    mirrored = compare(new, old)
    assert (mirrored.verdict, mirrored.is_safe) == ("narrower", False)
    check_witnesses(new, old, mirrored)


@pytest.mark.parametrize("case", IDENTICAL)
def test_identical(case):
    """Schemas that take the same payloads are identical, however they say it."""
    old, new = IDENTICAL[case]
    assert compare(old, new).verdict == compare(new, old).verdict == "identical"


@pytest.mark.parametrize("case", INCOMPARABLE)
def test_incomparable(case):
    """Schemas of which each takes what the other refuses are incomparable, and both payloads are given."""
    old, new = INCOMPARABLE[case]
    compared = compare(old, new)
    assert (compared.verdict, compared.is_safe) == ("incomparable", False)
    check_witnesses(old, new, compared)


OPEN = {
    "neither": ({"$ref": "#x", "$defs": {"a": {"$anchor": "x"} | TEXT}}, TEXT, (None, None)),
    "safe": (TEXT | {"pattern": "^(?=a)"}, TEXT | {"pattern": "^(?=a)|^(?=aa)"}, (None, None)),
    "too long": (TEXT | {"minLength": 10**9}, TEXT | {"minLength": 10**9 - 1}, (True, None)),
    "without end": ({"type": "object", "required": ["a"], "properties": {"a": {"$ref": "#"}}}, False, (None, True)),
    "shown to refuse": (TEXT | {"minLength": 10**9}, TEXT | {"maxLength": 3}, (None, False)),
}


@pytest.mark.parametrize("case", OPEN)
def test_unknown(case):
    """What is neither proved nor shown is unknown, and what is known of the other question is kept."""
    old, new, known = OPEN[case]
    compared = compare(old, new)
    assert compared.verdict == "unknown"
    assert (compared.forward.covers, compared.backward.covers) == known
    assert compared.is_safe == (known[0] is True)
    check_witnesses(old, new, compared)


@pytest.mark.parametrize("version", VERSIONS, ids=lambda each: each.schema)
def test_published_schemas_are_identical_to_themselves(version):
    """Every published schema is identical to itself, and to itself with every annotation gone."""
    schema = json_schema(version.kind, version.name)
    bare = {
        key: value for key, value in schema.items() if key not in {"title", "description", "examples", "$id", "$schema"}
    }
    assert compare(schema, bare).verdict == "identical"


def test_versions_of_events():
    """The versions of events are incomparable: neither takes all that the other takes."""
    old, new = json_schema("event", "1.0"), json_schema("event", "2.0")
    compared = compare(old, new)
    assert compared.verdict == "incomparable"
    check_witnesses(old, new, compared)


def test_the_same_answer_every_time():
    """The same schemas give the same answer, to the last byte of the counter-example."""
    old, new = json_schema("product"), json_schema("conversion")
    assert compare(old, new) == compare(old, new)


def test_counter_examples_are_small():
    """A counter-example has nothing that it does not need."""
    new = {"properties": {"items": {"items": {"properties": {"price": {"maximum": 5}}}}}}
    old = {"properties": {"items": {"type": "array"}, "id": TEXT, "name": TEXT}}
    assert compare(old | {"required": ["id"]}, new).forward.witness.payload == {"items": [{"price": 6}], "id": ""}


BAD = {
    "no schema": ([], "no JSON Schema: it is neither an object nor true or false"),
    "not JSON": ({"const": {1, 2}}, "no JSON Schema: a Python set cannot be encoded as JSON"),
    "type": ({"type": "strnig"}, 'no JSON Schema: "strnig" is not valid under any of the schemas listed in'),
    "another draft": (
        {"$schema": "http://json-schema.org/draft-07/schema#"},
        "only schemas of https://json-schema.org/draft",
    ),
    "elsewhere": ({"$ref": "https://example.com/s"}, "it refers to 'https://example.com/s', and nothing is fetched"),
    "beside it": ({"items": {"$ref": "other.json"}}, "it refers to 'other.json', and nothing is fetched"),
    "nowhere": ({"$ref": "#/$defs/a"}, "no JSON Schema: Pointer '/$defs/a' does not exist"),
    "itself": ({"allOf": [{"$ref": "#"}]}, "no JSON Schema: '#' refers to itself without end"),
    "each other": (
        {"$ref": "#/$defs/a", "$defs": {"a": {"not": {"$ref": "#/$defs/b"}}, "b": {"anyOf": [{"$ref": "#/$defs/a"}]}}},
        "no JSON Schema: '#/$defs/a' refers to itself without end",
    ),
    "a chain": (
        {"$ref": "#/$defs/0", "$defs": {str(n): {"$ref": f"#/$defs/{n + 1}"} for n in range(300)} | {"300": {}}},
        "more than 200 references lead to one another",
    ),
    "too many": ({"anyOf": [{}] * 60_000}, "it has more than 50,000 subschemas"),
}


@pytest.mark.parametrize("case", BAD)
def test_no_schema(case):
    """What is no JSON Schema, or cannot be compared without fetching something, is refused with the reason."""
    schema, reason = BAD[case]
    with pytest.raises(NoSchema) as raised:
        compare({}, schema)
    assert str(raised.value).startswith(reason)


def nested(depth):
    """Make a schema that is deep."""
    return {"properties": {"a": nested(depth - 1)}} if depth else TEXT


HOSTILE = {
    "definitions that double": {
        "$ref": "#/$defs/0",
        "$defs": {
            str(n): {"properties": {"a": {"$ref": f"#/$defs/{n + 1}"}, "b": {"$ref": f"#/$defs/{n + 1}"}}}
            for n in range(30)
        }
        | {"30": TEXT},
    },
    "alternatives that double": {
        "$ref": "#/$defs/0",
        "$defs": {
            str(n): {"anyOf": [{"$ref": f"#/$defs/{n + 1}"}, {"$ref": f"#/$defs/{n + 1}"}, {"minimum": n}]}
            for n in range(14)
        }
        | {"14": TEXT},
    },
    "a long chain": {
        "$ref": "#/$defs/0",
        "$defs": {str(n): {"anyOf": [{"$ref": f"#/$defs/{n + 1}"}]} for n in range(100)} | {"100": TEXT},
    },
    "deep": nested(90),
    "many conditions": {
        "allOf": [
            {"if": {"required": [f"p{n}"]}, "then": {"required": [f"q{n}"]}, "else": {"required": [f"r{n}"]}}
            for n in range(12)
        ]
    },
    "huge numbers": {"minimum": 10**400, "minLength": 10**400, "minItems": 10**400, "multipleOf": 10**300},
    "a pattern of many states": TEXT | {"pattern": "^(?:a?){150}(?:b?){150}a{150}$"},
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile(case):
    """A schema that is made to take forever is compared in the end, and nothing wrong is said of it."""
    schema = HOSTILE[case]
    assert compare(schema, schema).verdict == "identical"
    for other in (TEXT | {"maxLength": 2}, {"type": "object", "required": ["a"]}):
        check_witnesses(schema, other, compare(schema, other))


def test_without_the_algebra(monkeypatch):
    """Where jsonschema-rs has no algebra, or it fails, what it alone can decide is unknown."""
    old, new = IDENTICAL["numbers of either sort"]
    assert compare(old, new).verdict == "identical"
    monkeypatch.delattr("jsonschema_rs.canonicalize")
    assert compare(old, new).verdict == "unknown"


@pytest.mark.parametrize("stop", [KeyboardInterrupt, SystemExit])
def test_stopping_in_the_algebra(monkeypatch, stop):
    """Who stops the program stops it there too."""

    def canonicalize(*_arguments, **_options):
        raise stop

    monkeypatch.setattr("jsonschema_rs.canonicalize", canonicalize)
    with pytest.raises(stop):
        compare(*IDENTICAL["numbers of either sort"])
