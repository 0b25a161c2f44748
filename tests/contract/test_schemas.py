"""The published schemas are found, loaded, and cut down to what one event needs."""

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
    """The one committed copy, in the checkout or in the wheel."""

    def test_of_the_checkout(self):
        """In a checkout the schemas are those at its root."""
        assert schema_folder() == Path(schemas.__file__).parents[2] / "schemas"

    def test_of_the_wheel(self, tmp_path, monkeypatch):
        """In a wheel the schemas are those inside the package, whatever stands beside it."""
        (tmp_path / "schemas").mkdir()
        packaged = tmp_path / "tcspec" / "published"
        packaged.mkdir(parents=True)
        monkeypatch.setattr(schemas, "__file__", str(tmp_path / "tcspec" / "contract" / "schemas.py"))
        assert schema_folder() == packaged


class TestJsonSchema:
    """The schema that the public API gives."""

    @every_version
    def test_is_what_is_published(self, version):
        """A schema is the published file, the newest version by default."""
        assert json_schema("event", version.name) == json.loads((schema_folder() / version.schema).read_text("utf-8"))
        assert json_schema() == json_schema("event") == json_schema("event", "2.0")

    def test_is_the_caller_s_own(self):
        """What a caller does to a schema changes neither the judge nor the next one's."""
        json_schema()["$defs"].clear()
        assert json_schema() == load_schema(EVENT_2_0)
        assert json_schema() is not json_schema()

    def test_of_what_does_not_exist(self):
        """A kind or version without schema is misuse."""
        with pytest.raises(UnknownKind, match="unknown name 'pixle'"):
            json_schema("pixle")
        with pytest.raises(UnknownKind, match=r"unknown name 'event/0\.9'"):
            json_schema(version="0.9")

    @every_version
    def test_is_loaded_once(self, version):
        """The judge's own copy is read from the disk once."""
        assert load_schema(version) is load_schema(version)
        assert load_catalogue() is load_catalogue()


class TestDefinitions:
    """Which definition judges which event."""

    @every_version
    def test_every_standard_name(self, version):
        """Every event name that has a class is judged by the definition of that class."""
        named = definitions_by_event(version)
        assert set(NAMES) <= set(named)
        for name in NAMES:
            assert find_definition(version, name) == load_catalogue()["events"][name]["class"]

    @every_version
    @pytest.mark.parametrize("name", ["brochure_downloaded", "Purchase", "purchase ", "", None, 5, ["purchase"], {}])
    def test_any_other_name(self, version, name):
        """An event of any other name, or of none that is a text, is judged as a custom event."""
        assert find_definition(version, name) == CUSTOM_EVENT


class TestCut:
    """A published schema, cut down to one definition."""

    @every_version
    @pytest.mark.parametrize("name", [*NAMES, "custom"])
    def test_holds_what_is_needed_and_nothing_else(self, version, name):
        """A cut holds its definition as it is published, all that this refers to, and nothing besides."""
        definition = find_definition(version, name)
        small, whole = build_subschema(version, definition), load_schema(version)
        assert small["$ref"] == f"#/$defs/{definition}"
        assert small["$schema"] == whole["$schema"]
        assert {key: whole["$defs"][key] for key in small["$defs"]} == small["$defs"]
        assert set(references(small)) == {f"#/$defs/{key}" for key in small["$defs"]}

    def test_is_smaller(self):
        """A custom event needs but a part of what is published."""
        assert len(build_subschema(EVENT_2_0, CUSTOM_EVENT)["$defs"]) * 3 < len(load_schema(EVENT_2_0)["$defs"])


def test_kinds_without_events_tell_none_apart():
    """Where a schema has one definition for all there is no name to tell by."""
    for kind in ("user", "product", "conversion"):
        assert definitions_by_event(version_of(kind)) == {}


@pytest.mark.parametrize(
    "version",
    VERSIONS,
    ids=lambda version: f"{version.kind}-{version.name}",
)
def test_what_is_cut_out_is_whole(version):
    """Whatever a definition refers to, wherever it does, is cut out with it."""
    for definition in load_schema(version)["$defs"]:
        part = build_subschema(version, definition)
        referred = re.findall(r'"\$ref": "#/\$defs/(\w+)"', json.dumps(part))
        assert set(referred) <= set(part["$defs"])


def test_what_a_list_refers_to_is_cut_out_too():
    """The whole batch is cut out with the events that it may hold, which stand in a list of alternatives."""
    assert {"Purchase", "Product", "CustomEvent"} <= set(build_subschema(BATCH_2_0, "Batch")["$defs"])
