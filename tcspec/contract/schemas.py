"""Load the published schemas and the catalogue, and reduce a schema to what one event needs.

The only copy is the folder `schemas/` at the root of the project; a wheel carries it inside the package.
"""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING, Any

import orjson

from tcspec.arguments import check_arguments
from tcspec.kinds import BATCH_2_0, Version, version_of

if TYPE_CHECKING:
    from pathlib import Path

CUSTOM_EVENT = "CustomEvent"
"""The definition of an event with a name that is not standard."""

BATCH_ENVELOPE = "BatchEnvelope"
"""The definition of a batch without its events."""


def schema_folder() -> Path:
    """Return the folder of the published schemas, in the wheel or in the checkout."""
    from pathlib import Path  # noqa: PLC0415 - to read a schema takes a path, and no such object

    return Path(_find_folder())


def _find_folder() -> str:
    # With `os.path`: the shortest runs import no pathlib.
    package = os.path.dirname(os.path.dirname(__file__))  # noqa: PTH120
    packaged = os.path.join(package, "published")  # noqa: PTH118
    return packaged if os.path.isdir(packaged) else os.path.join(os.path.dirname(package), "schemas")  # noqa: PTH112, PTH118, PTH120


@check_arguments()
def json_schema(kind: str = "event", version: str | None = None) -> dict[str, Any]:
    """Return the published JSON Schema (draft 2020-12) of a version of a kind, by default the newest.

    Raises:
        UnknownKind: when tcspec knows no such kind or version.
    """
    # Read again for each caller, who may change it.
    return read_published(version_of(kind, version).schema)


@cache
def load_schema(version: Version) -> dict[str, Any]:
    """Return a published schema, shared: it must not be changed."""
    return read_published(version.schema)


@cache
def load_catalogue() -> dict[str, Any]:
    """Return the catalogue, what is known about events and properties beyond the contract, shared as well."""
    return read_published("catalog.json")


@cache
def definitions_by_event(version: Version) -> dict[str, str]:
    """Return the name of the definition of each standard event."""
    definitions: dict[str, str] = {}
    for branch in load_schema(version).get("allOf", ()):
        # A 1.0 event has its name under one of two keys, and the definition is the same.
        condition = branch["if"].get("anyOf", [branch["if"]])[0]
        name = condition["properties"]["event_name"]["const"]
        definitions[name] = branch["then"]["$ref"].rpartition("/")[2]
    return definitions


def find_definition(version: Version, event_name: object = None) -> str:
    """Return the name of the definition of a payload; of an event, a pixel or a legacy event it depends on the name.

    The definition of a batch is that of its envelope: its events are validated one by one.
    """
    if version is BATCH_2_0:
        return BATCH_ENVELOPE
    root = load_schema(version).get("$ref")
    if root:
        return str(root.rpartition("/")[2])
    return definitions_by_event(version).get(event_name, CUSTOM_EVENT) if isinstance(event_name, str) else CUSTOM_EVENT


def build_subschema(version: Version, definition: str) -> dict[str, Any]:
    """Build the schema of one definition, with the definitions that it refers to and no others."""
    schema = load_schema(version)
    needed: dict[str, Any] = {}
    waiting = [definition]
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed[name] = schema["$defs"][name]
            waiting.extend(_find_references(needed[name]))
    return {"$schema": schema["$schema"], "$ref": f"#/$defs/{definition}", "$defs": needed}


def _find_references(node: Any) -> list[str]:  # noqa: ANN401 - any part of a schema
    if isinstance(node, dict):
        own = [node["$ref"].rpartition("/")[2]] if isinstance(node.get("$ref"), str) else []
        return own + [name for child in node.values() for name in _find_references(child)]
    if isinstance(node, list):
        return [name for child in node for name in _find_references(child)]
    return []


def read_published(path: str) -> dict[str, Any]:
    """Read a schema, or what is published beside those of payloads, by its path below their folder."""
    with open(os.path.join(_find_folder(), path), "rb") as file:  # noqa: PTH118, PTH123
        document: dict[str, Any] = orjson.loads(file.read())
    return document
