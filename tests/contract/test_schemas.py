"""Published schemas are found, loaded, and reduced to what one event needs."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from payloads import NAMES
from tcspec.contract import schemas
from tcspec.contract.schemas import (
    CUSTOM_EVENT,
    build_subschema,
    definitions_by_event,
    find_definition,
    json_schema,
    load_catalogue,
    load_schema,
    schema_folder,
)
from tcspec.errors import UnknownKind
from tcspec.kinds import BATCH_2_0, EVENT_1_0, EVENT_2_0, VERSIONS, version_of

every_version = pytest.mark.parametrize("version", [EVENT_1_0, EVENT_2_0], ids=["1.0", "2.0"])


def references(node):
    """Yield every reference in a part of a schema."""
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for child in node.values():
            yield from references(child)
    elif isinstance(node, list):
        for child in node:
            yield from references(child)


class TestFolder:
    """The folder of the published schemas, in the checkout or in the wheel."""

    def test_of_the_checkout(self):
        """In a checkout the schemas are in the folder at its root."""
        assert schema_folder() == Path(schemas.__file__).parents[2] / "schemas"

    def test_of_the_wheel(self, tmp_path, monkeypatch):
        """In a wheel the schemas are inside the package, whatever is beside it."""
        (tmp_path / "schemas").mkdir()
        packaged = tmp_path / "tcspec" / "published"
        packaged.mkdir(parents=True)
        monkeypatch.setattr(schemas, "__file__", str(tmp_path / "tcspec" / "contract" / "schemas.py"))
        assert schema_folder() == packaged


class TestJsonSchema:
    """The schema that the public API returns."""

    @every_version
    def test_is_what_is_published(self, version):
        """A schema is the content of the published file, by default of the newest version."""
        assert json_schema("event", version.name) == json.loads((schema_folder() / version.schema).read_text("utf-8"))
        assert json_schema() == json_schema("event") == json_schema("event", "2.0")

    def test_is_the_caller_s_own(self):
        """A caller may change the schema: neither the engines nor other callers see it."""
        json_schema()["$defs"].clear()
        assert json_schema() == load_schema(EVENT_2_0)
        assert json_schema() is not json_schema()

    def test_of_what_does_not_exist(self):
        """An unknown kind or version raises UnknownKind."""
        with pytest.raises(UnknownKind, match="unknown name 'pixle'"):
            json_schema("pixle")
        with pytest.raises(UnknownKind, match=r"unknown name 'event/0\.9'"):
            json_schema(version="0.9")

    @every_version
    def test_is_loaded_once(self, version):
        """The copy of the engines is read from disk once."""
        assert load_schema(version) is load_schema(version)
        assert load_catalogue() is load_catalogue()


class TestDefinitions:
    """The definition of an event by its name."""

    @every_version
    def test_every_standard_name(self, version):
        """A standard event has the definition of its class."""
        named = definitions_by_event(version)
        assert set(NAMES) <= set(named)
        for name in NAMES:
            assert find_definition(version, name) == load_catalogue()["events"][name]["class"]

    @every_version
    @pytest.mark.parametrize("name", ["brochure_downloaded", "Purchase", "purchase ", "", None, 5, ["purchase"], {}])
    def test_any_other_name(self, version, name):
        """An event with any other name, or with none that is a string, has the definition of custom events."""
        assert find_definition(version, name) == CUSTOM_EVENT


class TestSubschema:
    """A published schema, reduced to one definition."""

    @every_version
    @pytest.mark.parametrize("name", [*NAMES, "custom"])
    def test_holds_what_is_needed_and_nothing_else(self, version, name):
        """A subschema has its definition as published, the definitions that this refers to, and no others."""
        definition = find_definition(version, name)
        small, whole = build_subschema(version, definition), load_schema(version)
        assert small["$ref"] == f"#/$defs/{definition}"
        assert small["$schema"] == whole["$schema"]
        assert {key: whole["$defs"][key] for key in small["$defs"]} == small["$defs"]
        assert set(references(small)) == {f"#/$defs/{key}" for key in small["$defs"]}

    def test_is_smaller(self):
        """A custom event needs a small part of the published schema."""
        assert len(build_subschema(EVENT_2_0, CUSTOM_EVENT)["$defs"]) * 3 < len(load_schema(EVENT_2_0)["$defs"])


def test_kinds_without_events_have_one_definition():
    """A kind that is not an event has no definitions by event name."""
    for kind in ("user", "product", "conversion"):
        assert definitions_by_event(version_of(kind)) == {}


@pytest.mark.parametrize(
    "version",
    VERSIONS,
    ids=lambda version: f"{version.kind}-{version.name}",
)
def test_references_of_a_subschema_resolve(version):
    """Every definition that a subschema refers to is part of it."""
    for definition in load_schema(version)["$defs"]:
        part = build_subschema(version, definition)
        referred = re.findall(r'"\$ref": "#/\$defs/(\w+)"', json.dumps(part))
        assert set(referred) <= set(part["$defs"])


@pytest.mark.parametrize("version", VERSIONS, ids=lambda version: f"{version.kind}-{version.name}")
def test_beside_a_reference_stands_no_requirement(version):
    """A requirement does not stand beside a reference: VS Code would lose it where the target has another."""
    explaining = {"$ref", "$schema", "$id", "$defs", "$comment", "title", "description", "examples", "default"}
    beside = {
        keyword for part in _objects(load_schema(version)) if isinstance(part.get("$ref"), str) for keyword in part
    }
    assert beside - explaining == set()


def _objects(node):
    """Yield every object in a part of a schema."""
    if isinstance(node, dict):
        yield node
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _objects(child)


def test_references_in_arrays_resolve():
    """The subschema of a whole batch has the definitions of its events, which are referred to in an array."""
    assert {"Purchase", "Product", "CustomEvent"} <= set(build_subschema(BATCH_2_0, "Batch")["$defs"])
