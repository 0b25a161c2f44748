"""Publish the models: one JSON Schema a version, and the catalogue of what rules need to know."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tcspec.models.catalogue import catalogue
from tcspec.models.schema_documents import SCHEMAS

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


def publish() -> dict[str, str]:
    """Give the text of every published file by its path under `schemas`."""
    return {
        **{f"{name}.json": _text(_ordered(schema())) for name, schema in SCHEMAS.items()},
        "catalog.json": _text(catalogue()),
    }


def write(directory: Path) -> list[str]:
    """Write the files that differ, each one whole or not at all, and name them."""
    published = publish()
    stale = drift(directory)
    for path in stale:
        _replace(directory / path, published[path])
    return stale


def drift(directory: Path) -> list[str]:
    """Name the files of a directory that are not what the models publish."""
    return [path for path, text in publish().items() if _held(directory / path) != text]


def _text(document: Mapping[str, Any]) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _ordered(schema: Any) -> Any:  # noqa: ANN401 - any JSON Schema
    """Put the keywords of a schema in the order in which people read them."""
    if not isinstance(schema, Mapping):
        return schema
    if "const" in schema or "enum" in schema:
        schema = {keyword: value for keyword, value in schema.items() if keyword != "type"}
    ordered = {keyword: schema[keyword] for keyword in sorted(schema, key=_rank)}
    if "description" in ordered:
        ordered["description"] = ordered["description"].removesuffix(".")  # as the linter of schemas asks
    for keyword, value in ordered.items():
        if keyword in _MAPS_OF_SCHEMAS:
            ordered[keyword] = {name: _ordered(value[name]) for name in value}
        elif keyword in _LISTS_OF_SCHEMAS:
            ordered[keyword] = [_ordered(one) for one in value]
        elif keyword in _SCHEMAS:
            ordered[keyword] = _ordered(value)
    return ordered


def _rank(keyword: str) -> int:
    return _ORDER.index(keyword) if keyword in _ORDER else _ORDER.index("examples")


def _held(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None


def _replace(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        fresh.write_text(text, encoding="utf-8", newline="\n")
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
