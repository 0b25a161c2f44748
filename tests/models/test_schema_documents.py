"""The published schemas: what readers expect of them, and every tool that compiles them."""

from __future__ import annotations

import json

import jsonschema
import pytest

from tcspec.kinds import VERSIONS
from tcspec.models.events import EVENTS
from validators import SCHEMAS, rust_definition_validator, rust_validator, schema

PUBLISHED = [(version.kind, version.name) for version in VERSIONS]
ROOTS = {"batch": "Batch", "user": "UserPut", "product": "CatalogProduct", "conversion": "Conversion"}
"""The definition of a payload of each kind that has only one."""
QUERIES = {"UserQuery", "UserPutQuery", "UserDeletionQuery", "VisitorQuery"}
"""The parameters of the calls of the user API, published with its payload."""
every_schema = pytest.mark.parametrize(("kind", "version"), PUBLISHED, ids=map("/".join, PUBLISHED))


@every_schema
def test_schemas_are_valid_under_the_metaschema(kind, version):
    """Each schema is a valid schema of draft 2020-12 and has an id of its own."""
    published = schema(version, kind)
    jsonschema.Draft202012Validator.check_schema(published)
    assert published["$schema"] == jsonschema.Draft202012Validator.META_SCHEMA["$id"]
    assert published["$id"] == f"urn:tcspec:{kind}:{version}"


@every_schema
def test_no_format_is_asserted(kind, version):
    """No schema asserts a format, nor uses a character class that engines read differently."""
    text = (SCHEMAS / kind / f"{version}.json").read_text(encoding="utf-8")
    assert '"format"' not in text
    assert not [letter for letter in "dDwWsSbB" if f"\\\\{letter}" in text]


@every_schema
def test_everything_is_described(kind, version):
    """Every schema and definition has a title and a description, every property a description and examples."""
    assert schema(version, kind)["title"].startswith("Commanders Act ")
    assert schema(version, kind)["description"]
    definitions = schema(version, kind)["$defs"]
    for name, definition in definitions.items():
        assert definition["title"] == name
        assert definition["description"], name
        for prop, published in definition.get("properties", {}).items():
            if published is True or "const" in published:
                continue
            target = definitions[published["$ref"].rpartition("/")[2]] if "$ref" in published else {}
            assert target.get("title") or published["title"], (name, prop)
            merged = target | published
            assert merged.get("description"), (name, prop)
            if "context" in prop or prop == "properties":
                continue
            assert merged.get("examples"), (name, prop)


@every_schema
def test_examples_of_payloads_are_valid(kind, version):
    """The examples of the root and of every definition of a payload are payloads that the schema accepts."""
    published = schema(version, kind)
    definitions = published["$defs"]
    examples = [*published["examples"]]
    if kind in ROOTS:
        assert published["$ref"] == f"#/$defs/{ROOTS[kind]}"
        examples += definitions[ROOTS[kind]]["examples"]
    else:
        for choice in published["allOf"]:
            examples += definitions[choice["then"]["$ref"].rpartition("/")[2]]["examples"]
        assert len(examples) == len(EVENTS) + 2
    assert [example for example in examples if not rust_validator(version, kind).is_valid(example)] == []


@every_schema
def test_examples_of_definitions_are_valid(kind, version):
    """Every example of a definition is one that the definition itself accepts."""
    for name, definition in schema(version, kind)["$defs"].items():
        engine = rust_definition_validator(name, version, kind)
        assert [example for example in definition.get("examples", []) if not engine.is_valid(example)] == [], name


@every_schema
def test_every_definition_is_used(kind, version):
    """Every definition is referred to, except the parameters of calls."""
    text = json.dumps(schema(version, kind))
    unused = {name for name in schema(version, kind)["$defs"] if f'"#/$defs/{name}"' not in text}
    # the parameters that write a user extend those that read one
    assert unused == (QUERIES - {"UserQuery"} if kind == "user" else set())
