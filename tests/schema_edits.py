"""Edits of a JSON Schema, each of one constraint, with what the edit may do to the payloads that the schema accepts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Path = tuple[str | int, ...]

BY_NAME = ("properties", "patternProperties", "dependentSchemas", "$defs")
LISTS = ("allOf", "anyOf", "oneOf", "prefixItems")
SINGLE = ("not", "if", "then", "else", "items", "additionalProperties", "contains", "propertyNames")
ANNOTATIONS = ("$id", "title", "description", "examples", "$comment", "default", "readOnly")

_REMOVED = (
    *("type", "const", "enum", "pattern", "minLength", "maxLength", "items", "additionalProperties", "not"),
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minItems", "maxItems", "minProperties"),
    *("anyOf", "$ref", "then", "else"),
)
_RAISED = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
_LOWERED = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
_REVERSING = ("if", "not")
"""Keywords inside which an edit may have any effect."""


def map_subschemas(schema: dict[str, Any], change: Callable[[Any], Any]) -> dict[str, Any]:
    """Return a schema with a change applied to the subschemas directly inside it."""
    changed = {}
    for keyword, value in schema.items():
        if keyword in BY_NAME:
            changed[keyword] = {name: change(each) for name, each in value.items()}
        elif keyword in LISTS:
            changed[keyword] = [change(each) for each in value]
        else:
            changed[keyword] = change(value) if keyword in SINGLE else value
    return changed


def remove_annotations(schema: Any) -> Any:
    """Return a schema that accepts the same payloads, without titles, descriptions and examples."""
    if not isinstance(schema, dict):
        return schema
    kept = {keyword: value for keyword, value in schema.items() if keyword not in ANNOTATIONS}
    return map_subschemas(kept, remove_annotations)


@dataclass(frozen=True)
class Edit:
    """A schema after one edit; `relaxes` is None where the edit may have any effect."""

    description: str
    schema: dict[str, Any]
    relaxes: bool | None

    def __str__(self) -> str:
        return self.description


def edits(schema: dict[str, Any]) -> Iterator[Edit]:
    """Yield every edit of a schema, without its annotations."""
    plain = remove_annotations(schema)
    for path, is_reversed in _paths(plain, (), is_reversed=False):
        for description, changed, relaxes in _edits_at(_follow(plain, path)):
            edited = _replace(plain, path, changed)
            yield Edit(f"/{'/'.join(map(str, path))}: {description}", edited, None if is_reversed else relaxes)


def _edits_at(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], bool]]:
    yield from _relaxing_edits(schema)
    for keyword, step in [*((each, 1) for each in _RAISED), *((each, -1) for each in _LOWERED)]:
        if keyword in schema:
            yield f"narrower {keyword}", schema | {keyword: schema[keyword] + step}, False
    required = schema.get("required", [])
    for name in schema.get("properties", {}):
        if name not in required:
            yield f"{name} required", schema | {"required": [*required, name]}, False
        yield f"{name} forbidden", schema | {"properties": schema["properties"] | {name: False}}, False
    for keyword in ("enum", "anyOf"):
        choices = schema.get(keyword, [])
        for index in range(len(choices) if len(choices) > 1 else 0):
            yield f"{keyword} without {index}", schema | {keyword: choices[:index] + choices[index + 1 :]}, False
    if schema.get("type") == "number":
        yield "integers only", schema | {"type": "integer"}, False
    if schema.get("type") == "string" and "pattern" not in schema:
        yield "a pattern", schema | {"pattern": "^[a-z]*$"}, False


def _relaxing_edits(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], bool]]:
    for keyword in _REMOVED:
        if keyword in schema:
            yield f"without {keyword}", _without(schema, keyword), True
    for keyword, step in [*((each, -1) for each in _RAISED), *((each, 1) for each in _LOWERED)]:
        if schema.get(keyword, 0) + step >= 0 and keyword in schema:
            yield f"wider {keyword}", schema | {keyword: schema[keyword] + step}, True
    if "properties" in schema:
        yield "one more property", schema | {"properties": schema["properties"] | {"one_more": True}}, True
    for keyword, choice in (("enum", "one_more"), ("anyOf", {"const": "one_more"})):
        if keyword in schema:
            yield f"one more {keyword}", schema | {keyword: [*schema[keyword], choice]}, True
    for name in schema.get("required", ()):
        yield f"{name} not required", schema | {"required": [each for each in schema["required"] if each != name]}, True
    parts = schema.get("allOf", [])
    for index in range(len(parts)):
        fewer = parts[:index] + parts[index + 1 :]
        yield f"allOf without {index}", {**schema, "allOf": fewer} if fewer else _without(schema, "allOf"), True


def _without(schema: dict[str, Any], keyword: str) -> dict[str, Any]:
    return {key: value for key, value in schema.items() if key != keyword}


def _paths(schema: Any, path: Path, *, is_reversed: bool) -> Iterator[tuple[Path, bool]]:
    if not isinstance(schema, dict):
        return
    yield path, is_reversed
    for keyword, value in schema.items():
        if keyword in BY_NAME:
            inner = [((keyword, name), each) for name, each in value.items()]
        elif keyword in LISTS:
            inner = [((keyword, index), each) for index, each in enumerate(value)]
        else:
            inner = [((keyword,), value)] if keyword in SINGLE else []
        for steps, each in inner:
            yield from _paths(each, (*path, *steps), is_reversed=is_reversed or keyword in _REVERSING)


def _follow(value: Any, path: Path) -> Any:
    for step in path:
        value = value[step]
    return value


def _replace(value: Any, path: Path, inner: Any) -> Any:
    if not path:
        return inner
    copied = value.copy()
    copied[path[0]] = _replace(value[path[0]], path[1:], inner)
    return copied
