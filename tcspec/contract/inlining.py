"""Rewrite a definition of a published schema into an equal schema that is checked faster.

What a definition refers to stands in its place, what it extends is merged into it, and what only explains is gone. An
object is then visited once, where otherwise it is once for each definition that it meets.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_ANNOTATIONS = frozenset({"$comment", "title", "description", "examples", "default", "readOnly"})
_ANYTHING: tuple[Any, ...] = (True, {})
"""The schemas that every value meets."""


def inline(
    schema: Any,  # noqa: ANN401 - a schema is an object or a boolean
    definitions: Mapping[str, Any],
    inlined: dict[str, Any] | None = None,
) -> Any:  # noqa: ANN401 - as above
    """Return a schema that the same values meet, without references and annotations.

    Args:
        schema: the schema, which is not changed.
        definitions: what its references refer to, by name.
        inlined: definitions in their inlined form, by name; those that were missing are added. They are shared.
    """
    if isinstance(schema, bool):
        return schema
    inlined = {} if inlined is None else inlined
    if "$ref" in schema and not _strip(schema):
        name = _name(schema)
        if name not in inlined:
            inlined[name] = inline(definitions[name], definitions, inlined)
        return inlined[name]
    layers = list(_iter_layers(schema, definitions))
    if len(layers) == 1:
        return _inline_members(layers[0], definitions, inlined)
    # What is additional depends on the properties beside it, and on no others.
    if any(layer.get("additionalProperties", True) not in _ANYTHING for layer in layers):
        return {"allOf": [_inline_members(layer, definitions, inlined) for layer in layers]}
    return _inline_members(_merge(layers, definitions), definitions, inlined)


def _iter_layers(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the schemas that a schema is made of, all of which must be met: its own, those of `$ref` and `allOf`."""
    own = _strip(schema)
    branches = own.pop("allOf", ())
    yield own
    referred = (definitions[_name(schema)],) if "$ref" in schema else ()
    for each in (*referred, *branches):
        yield from _iter_layers(each, definitions)


def _strip(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a schema itself requires: neither what it extends, nor what only explains."""
    return {keyword: value for keyword, value in schema.items() if keyword != "$ref" and keyword not in _ANNOTATIONS}


def _extended(schema: Any, definitions: Mapping[str, Any]) -> list[str]:  # noqa: ANN401 - as above
    """Return the names of the definitions that a schema refers to or extends, each extended by the one before it."""
    names: list[str] = []
    while isinstance(schema, dict):
        reference = next((each for each in (schema, *schema.get("allOf", ())) if "$ref" in each), None)
        if reference is None:
            break
        names.append(_name(reference))
        schema = definitions[names[-1]]
    return names


def _name(reference: Mapping[str, Any]) -> str:
    return str(reference["$ref"].rpartition("/")[2])


def _merge(layers: list[dict[str, Any]], definitions: Mapping[str, Any]) -> dict[str, Any]:
    """Return one schema for several that must all be met."""
    merged: dict[str, Any] = {}
    required: list[str] = []
    others: list[Any] = []
    properties: dict[str, list[Any]] = {}
    for layer in layers:
        if "if" in layer:  # it goes with its `then` and `else`
            others.append(layer)
            continue
        for keyword, value in layer.items():
            match keyword:
                case "properties":
                    for name, each in value.items():
                        properties.setdefault(name, []).append(each)
                case "required":
                    required += (name for name in value if name not in required)
                case "patternProperties" if merged.get(keyword, {}).keys().isdisjoint(value):
                    merged[keyword] = merged.get(keyword, {}) | value
                case _ if merged.setdefault(keyword, value) != value:
                    others.append({keyword: value})
    merged |= {"required": required} if required else {}
    merged |= {"allOf": others} if others else {}
    return merged | {"properties": {name: _join(each, definitions) for name, each in properties.items()}}


def _join(schemas: list[Any], definitions: Mapping[str, Any]) -> Any:  # noqa: ANN401 - as above
    """Return one schema for all those of a property: what one of them extends need not be checked once more."""
    implied = {name for each in schemas for name in _extended(each, definitions)[1:]}
    kept: list[Any] = []
    for each in schemas:
        # A reference alone requires no more than what it refers to, and an explanation alone nothing.
        is_implied = each is True or (not _strip(each) and implied.issuperset(_extended(each, definitions)))
        if not is_implied and each not in kept:
            kept.append(each)
    return kept[0] if len(kept) == 1 else {"allOf": kept}


def _inline_members(
    schema: Mapping[str, Any], definitions: Mapping[str, Any], inlined: dict[str, Any]
) -> dict[str, Any]:
    """Return a schema with the schemas in it inlined, and without properties that may have any value."""
    members: dict[str, Any] = {}
    for keyword, value in schema.items():
        match keyword:
            case "properties" | "patternProperties":
                members[keyword] = {name: inline(each, definitions, inlined) for name, each in value.items()}
            case "allOf" | "anyOf":
                members[keyword] = [inline(each, definitions, inlined) for each in value]
            case "items" | "not" | "additionalProperties" | "if" | "then" | "else":
                members[keyword] = inline(value, definitions, inlined)
            case _:
                members[keyword] = value
    if members.get("additionalProperties", True) in _ANYTHING:
        properties = {name: each for name, each in members.pop("properties", {}).items() if each not in _ANYTHING}
        members |= {"properties": properties} if properties else {}
        members = _avoid_patterns(members)
    return members


def _avoid_patterns(schema: dict[str, Any]) -> dict[str, Any]:
    """Return an equal schema that tries patterns only on objects with unknown names: a pattern takes longer."""
    patterns, properties = schema.get("patternProperties", {}), schema.get("properties", {})
    # Of these names no pattern requires what their own schema does not.
    known = {
        name: True
        for name, own in properties.items()
        if all(own == each for pattern, each in patterns.items() if re.search(pattern, name))
    }
    if not patterns or not known or "anyOf" in schema:
        return schema
    choice = [{"properties": known, "additionalProperties": False}, {"patternProperties": patterns}]
    rest = {keyword: value for keyword, value in schema.items() if keyword != "patternProperties"}
    return {**rest, "anyOf": choice}
