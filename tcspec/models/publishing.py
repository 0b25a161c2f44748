"""The published files: one JSON Schema per version of a kind, and the catalogue."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from tcspec.models.catalogue import build_catalogue
from tcspec.models.schema_documents import SCHEMA_BUILDERS

_ORDER = (
    "$schema",
    "$id",
    "$ref",
    "title",
    "description",
    "$comment",
    "type",
    "const",
    "enum",
    "pattern",
    "not",
    "minProperties",
    "allOf",
    "anyOf",
    "if",
    "then",
    "else",
    "required",
    "properties",
    "patternProperties",
    "items",
    "default",
    "readOnly",
    "examples",
    "$defs",
)
_MAPS_OF_SCHEMAS = ("properties", "patternProperties", "$defs")
_LISTS_OF_SCHEMAS = ("allOf", "anyOf")
_SCHEMAS = ("if", "then", "else", "not", "items")


@cache
def build_files() -> Mapping[str, str]:
    """Return the text of every published file by its path in the folder of schemas."""
    return {
        **{f"{name}.json": _to_text(_ordered(build())) for name, build in SCHEMA_BUILDERS.items()},
        "catalog.json": _to_text(build_catalogue()),
    }


def find_drift(directory: Path) -> list[str]:
    """Return the paths of the files in a directory that are not what the models publish."""
    return [path for path, text in build_files().items() if not _has_content(directory / path, text.encode())]


def _to_text(document: Mapping[str, Any]) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _ordered(schema: Any) -> Any:  # noqa: ANN401 - any JSON Schema
    """Return a schema with its keywords in the order in which people read them."""
    if not isinstance(schema, Mapping):
        return schema
    if "const" in schema or "enum" in schema:
        schema = {keyword: value for keyword, value in schema.items() if keyword != "type"}
    ordered = {keyword: schema[keyword] for keyword in sorted(schema, key=_rank)}
    if "description" in ordered:
        ordered["description"] = ordered["description"].removesuffix(".")  # as the linter of schemas requires
    for keyword, value in ordered.items():
        if keyword in _MAPS_OF_SCHEMAS:
            ordered[keyword] = {name: _ordered(value[name]) for name in value}
        elif keyword in _LISTS_OF_SCHEMAS:
            ordered[keyword] = [_ordered(each) for each in value]
        elif keyword in _SCHEMAS:
            ordered[keyword] = _ordered(value)
    return ordered


def _rank(keyword: str) -> int:
    return _ORDER.index(keyword) if keyword in _ORDER else _ORDER.index("examples")


def _has_content(path: Path, content: bytes) -> bool:
    try:
        with path.open("rb") as file:
            # Another file may have this name, of any length and in any encoding.
            return file.read(len(content) + 1) == content
    except FileNotFoundError:
        return False
