"""The keywords of draft 2020-12 that decide what a schema takes, and where in a schema other schemas stand."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAMED = frozenset({"properties", "patternProperties", "dependentSchemas", "$defs", "definitions"})
_LISTED = frozenset({"allOf", "anyOf", "oneOf", "prefixItems"})
_SINGLE = frozenset(
    {
        *("not", "if", "then", "else", "items", "additionalProperties", "contains", "propertyNames"),
        *("unevaluatedItems", "unevaluatedProperties"),
    }
)
_VALUES = frozenset(
    {
        *("type", "const", "enum", "$ref", "pattern", "minLength", "maxLength", "multipleOf"),
        *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
        *("minItems", "maxItems", "uniqueItems", "minContains", "maxContains"),
        *("minProperties", "maxProperties", "required", "dependentRequired"),
    }
)
_PLACES = frozenset({"$defs", "definitions"})
"""Where schemas stand that are only referred to."""

OPAQUE = frozenset({"$id", "$anchor", "$dynamicRef", "$dynamicAnchor", "dependencies"})
"""Keywords that make references, or what they mean, depend on more than a place."""

IN_PLACE = frozenset({"allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas"})
"""Keywords whose schemas are about the same value."""

_HINTS = frozenset({"examples"})
"""What decides nothing, and helps to build payloads."""


def core(schema: Any, *, is_root: bool = True, hints: frozenset[str] = _HINTS) -> Any:  # noqa: ANN401 - any part of a schema
    """Cut a schema down to what decides what it takes: no titles, descriptions, defaults, formats; examples stay."""
    if not isinstance(schema, dict):
        return schema
    kept: dict[str, Any] = {}
    for keyword, value in schema.items():
        if keyword in _NAMED and isinstance(value, dict):
            kept[keyword] = {name: core(inner, is_root=False, hints=hints) for name, inner in value.items()}
        elif keyword in _LISTED and isinstance(value, list):
            kept[keyword] = [core(inner, is_root=False, hints=hints) for inner in value]
        elif keyword in _SINGLE:
            kept[keyword] = core(value, is_root=False, hints=hints)
        elif keyword in _VALUES or keyword in hints or (keyword in OPAQUE and not (is_root and keyword == "$id")):
            kept[keyword] = value
    return kept


def without_annotations(schema: Any) -> Any:  # noqa: ANN401 - any part of a schema
    """Give a schema that takes the same payloads and says nothing else."""
    return core(schema, hints=frozenset())


def subschemas(schema: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Give the schemas directly inside a schema, each with the keyword that it stands under."""
    for keyword, value in schema.items():
        if keyword in _NAMED and isinstance(value, dict):
            yield from ((keyword, inner) for inner in value.values())
        elif keyword in _LISTED and isinstance(value, list):
            yield from ((keyword, inner) for inner in value)
        elif keyword in _SINGLE:
            yield keyword, value


def every(schema: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - any part of a schema
    """Give a schema and all schemas inside it, but true and false."""
    waiting = [schema]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            yield each
            waiting.extend(inner for _, inner in subschemas(each))


def spelling(schema: Any) -> str:  # noqa: ANN401 - any part of a schema
    """Spell what a schema says, the same for all that say it alike; what is only referred to is left out."""
    return text(_bare(schema))


def text(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Spell a JSON value, the same for equal ones: 1 as 1.0, and never as true."""
    return json.dumps(_even(value), sort_keys=True)


def _bare(schema: Any) -> Any:  # noqa: ANN401 - any part of a schema
    if not isinstance(schema, dict):
        return schema
    kept: dict[str, Any] = {}
    for keyword, value in schema.items():
        if keyword in _PLACES or keyword in _HINTS:
            continue
        if keyword in _NAMED and isinstance(value, dict):
            kept[keyword] = {name: _bare(inner) for name, inner in value.items()}
        elif keyword in _LISTED and isinstance(value, list):
            kept[keyword] = [_bare(inner) for inner in value]
        elif keyword in _SINGLE:
            kept[keyword] = _bare(value)
        elif keyword == "required" or (keyword == "type" and isinstance(value, list)):
            kept[keyword] = sorted(value)
        else:
            kept[keyword] = value
    return kept


def _even(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    match value:
        case float() if value.is_integer():
            return int(value)
        case dict():
            return {key: _even(inner) for key, inner in value.items()}
        case list():
            return [_even(inner) for inner in value]
    return value
