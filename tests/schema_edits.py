"""Edit a schema in every way that changes one constraint, and say what that may do to the payloads it takes."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tcspec.evolution.keywords import subschemas, without_annotations

if TYPE_CHECKING:
    from collections.abc import Iterator

_REMOVED = (
    *("type", "const", "enum", "pattern", "minLength", "maxLength", "items", "additionalProperties", "not"),
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minItems", "maxItems", "minProperties"),
    *("anyOf", "$ref", "then", "else"),
)
_RAISED = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
_LOWERED = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
_TURNED = frozenset({"if", "not"})
"""Keywords inside which an edit may do anything."""


@dataclass(frozen=True)
class Edited:
    """A schema with one edit: what was edited, and whether the edit can only widen, only narrow, or neither."""

    what: str
    schema: dict[str, Any]
    widens: bool | None

    def __str__(self) -> str:
        return self.what


def edits(schema: dict[str, Any]) -> Iterator[Edited]:
    """Give every edit of a schema, its annotations left out."""
    plain = without_annotations(schema)
    for path, is_turned in list(_paths(plain, (), is_turned=False)):
        for what, changed, widens in _of(_at(plain, path)):
            made = copy.deepcopy(plain)
            if path:
                _at(made, path[:-1])[path[-1]] = changed
            else:
                made = changed
            yield Edited(f"/{'/'.join(map(str, path))}: {what}", made, None if is_turned else widens)


def _of(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], bool]]:
    yield from _looser(schema)
    for keyword, step in [*((each, 1) for each in _RAISED), *((each, -1) for each in _LOWERED)]:
        if keyword in schema:
            yield f"tighter {keyword}", schema | {keyword: schema[keyword] + step}, False
    required = schema.get("required", [])
    for name in schema.get("properties", {}):
        if name not in required:
            yield f"{name} required", schema | {"required": [*required, name]}, False
        yield f"{name} refused", schema | {"properties": schema["properties"] | {name: False}}, False
    for keyword in ("enum", "anyOf"):
        choices = schema.get(keyword, [])
        for index in range(len(choices) if len(choices) > 1 else 0):
            yield f"{keyword} without {index}", schema | {keyword: choices[:index] + choices[index + 1 :]}, False
    if schema.get("type") == "number":
        yield "integers only", schema | {"type": "integer"}, False
    if schema.get("type") == "string" and "pattern" not in schema:
        yield "a pattern", schema | {"pattern": "^[a-z]*$"}, False


def _looser(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], bool]]:
    for keyword in _REMOVED:
        if keyword in schema:
            yield f"without {keyword}", _without(schema, keyword), True
    for name in schema.get("required", ()):
        yield f"{name} not required", schema | {"required": [each for each in schema["required"] if each != name]}, True
    parts = schema.get("allOf", [])
    for index in range(len(parts)):
        fewer = parts[:index] + parts[index + 1 :]
        yield f"allOf without {index}", {**schema, "allOf": fewer} if fewer else _without(schema, "allOf"), True


def _without(schema: dict[str, Any], keyword: str) -> dict[str, Any]:
    return {key: value for key, value in schema.items() if key != keyword}


def _paths(
    schema: Any, path: tuple[str | int, ...], *, is_turned: bool
) -> Iterator[tuple[tuple[str | int, ...], bool]]:
    if not isinstance(schema, dict):
        return
    yield path, is_turned
    for keyword, value in schema.items():
        if keyword not in {each for each, _ in subschemas(schema)}:
            continue
        inner = (
            value.items()
            if isinstance(value, dict) and keyword in _NAMED
            else enumerate(value)
            if isinstance(value, list)
            else None
        )
        for step, each in inner if inner is not None else [(None, value)]:
            further = (*path, keyword) if step is None else (*path, keyword, step)
            yield from _paths(each, further, is_turned=is_turned or keyword in _TURNED)


_NAMED = ("properties", "patternProperties", "$defs", "definitions", "dependentSchemas")


def _at(value: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        value = value[step]
    return value
