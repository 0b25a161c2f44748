"""The published schemas and the catalogue: found, loaded, and cut down to what one event needs.

The one committed copy is the folder `schemas/` at the root of the project; a wheel carries it inside the package.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from tcspec.kinds import BATCH_2_0, Version, version_of

CUSTOM_EVENT = "CustomEvent"
"""The definition that an event of no standard name is judged by."""

BATCH_ENVELOPE = "BatchEnvelope"
"""The definition of what is around the events of a batch."""


def schema_folder() -> Path:
    """Find the folder of the published schemas, in the wheel or in the checkout."""
    here = Path(__file__).parent.parent
    packaged = here / "published"
    return packaged if packaged.is_dir() else here.parent / "schemas"


def json_schema(kind: str = "event", version: str | None = None) -> dict[str, Any]:
    """Give the published JSON Schema (draft 2020-12) of a version of a kind, the newest by default.

    Raises:
        UnknownKind: when tcspec knows no such kind or version.
    """
    return _load(version_of(kind, version).schema)


@cache
def load_schema(version: Version) -> dict[str, Any]:
    """Give a published schema to look into, not to change."""
    return _load(version.schema)


@cache
def load_catalogue() -> dict[str, Any]:
    """Give what is known of events and properties beyond the contract, to look into, not to change."""
    return _load("catalog.json")


@cache
def definitions_by_event(version: Version) -> dict[str, str]:
    """Say which definition of a schema judges an event of which name; any other name is a custom event."""
    named: dict[str, str] = {}
    for branch in load_schema(version).get("allOf", ()):
        condition = branch["if"].get("anyOf", [branch["if"]])[0]
        name = condition["properties"]["event_name"].get("const")
        if name is not None:
            named[name] = branch["then"]["$ref"].rpartition("/")[2]
    return named


def find_definition(version: Version, event_name: object = None) -> str:
    """Name the definition that judges a payload; where the schema tells events apart, that of an event's name.

    Of a batch it is that of the envelope: the events are judged one by one, by the schema of events.
    """
    if version is BATCH_2_0:
        return BATCH_ENVELOPE
    root = load_schema(version).get("$ref")
    if root:
        return str(root.rpartition("/")[2])
    return definitions_by_event(version).get(event_name, CUSTOM_EVENT) if isinstance(event_name, str) else CUSTOM_EVENT


def build_subschema(version: Version, definition: str) -> dict[str, Any]:
    """Make the schema of one definition, with the definitions that it needs and no others."""
    schema = load_schema(version)
    needed: dict[str, Any] = {}
    wanted = [definition]
    while wanted:
        name = wanted.pop()
        if name not in needed:
            needed[name] = schema["$defs"][name]
            wanted.extend(_references(needed[name]))
    return {"$schema": schema["$schema"], "$ref": f"#/$defs/{definition}", "$defs": needed}


def _references(node: Any) -> list[str]:  # noqa: ANN401 - any part of a schema
    if isinstance(node, dict):
        here = [node["$ref"].rpartition("/")[2]] if isinstance(node.get("$ref"), str) else []
        return here + [name for child in node.values() for name in _references(child)]
    if isinstance(node, list):
        return [name for child in node for name in _references(child)]
    return []


def _load(path: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((schema_folder() / path).read_text(encoding="utf-8"))
    return loaded
