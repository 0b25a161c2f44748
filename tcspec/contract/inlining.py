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


class Inliner:
    """Inlines schemas that refer to the same definitions; what it inlined of these is shared."""

    def __init__(self, definitions: Mapping[str, Any]) -> None:
        self._definitions = definitions
        self._inlined: dict[str, Any] = {}

    def inline_definition(self, name: str) -> Any:  # noqa: ANN401 - a schema is an object or a boolean
        """Return a definition in its inlined form."""
        if name not in self._inlined:
            self._inlined[name] = self.inline(self._definitions[name])
        return self._inlined[name]

    def inline(self, schema: Any) -> Any:  # noqa: ANN401 - as above
        """Return a schema that the same values meet, without references and annotations; it is not changed itself."""
        if isinstance(schema, bool):
            return schema
        if "$ref" in schema and not _strip(schema):
            return self.inline_definition(_name(schema))
        layers = list(self._iter_layers(schema))
        if len(layers) == 1:
            return self._inline_members(layers[0])
        # What is additional depends on the properties beside it, and on no others.
        if any(layer.get("additionalProperties", True) not in _ANYTHING for layer in layers):
            return {"allOf": [self._inline_members(layer) for layer in layers]}
        return self._inline_members(self._merge(layers))

    def _iter_layers(self, schema: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """Yield the schemas that a schema is made of, which must all be met: its own, those of `$ref` and `allOf`."""
        own = _strip(schema)
        branches = own.pop("allOf", ())
        yield own
        referred = (self._definitions[_name(schema)],) if "$ref" in schema else ()
        for each in (*referred, *branches):
            yield from self._iter_layers(each)

    def _inline_members(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        """Return a schema with the schemas in it inlined, and without properties that may have any value."""
        members: dict[str, Any] = {}
        for keyword, value in schema.items():
            match keyword:
                case "properties" | "patternProperties":
                    members[keyword] = {name: self.inline(each) for name, each in value.items()}
                case "allOf" | "anyOf":
                    members[keyword] = [self.inline(each) for each in value]
                case "items" | "not" | "additionalProperties" | "if" | "then" | "else":
                    members[keyword] = self.inline(value)
                case _:
                    members[keyword] = value
        if members.get("additionalProperties", True) in _ANYTHING:
            properties = {name: each for name, each in members.pop("properties", {}).items() if each not in _ANYTHING}
            members |= {"properties": properties} if properties else {}
            members = _avoid_patterns(members)
        return members

    def _merge(self, layers: list[dict[str, Any]]) -> dict[str, Any]:
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
        return merged | {"properties": {name: self._join(each) for name, each in properties.items()}}

    def _join(self, schemas: list[Any]) -> Any:  # noqa: ANN401 - as above
        """Return one schema for all those of a property: what one of them extends need not be checked once more."""
        implied = {name for each in schemas for name in self._find_extended(each)[1:]}
        kept: list[Any] = []
        for each in schemas:
            # A reference alone requires no more than what it refers to, and an explanation alone nothing.
            is_implied = each is True or (not _strip(each) and implied.issuperset(self._find_extended(each)))
            if not is_implied and each not in kept:
                kept.append(each)
        return kept[0] if len(kept) == 1 else {"allOf": kept}

    def _find_extended(self, schema: Any) -> list[str]:  # noqa: ANN401 - as above
        """Return the names of the definitions that a schema refers to or extends, each extended by the one before."""
        names: list[str] = []
        while isinstance(schema, dict):
            reference = next((each for each in (schema, *schema.get("allOf", ())) if "$ref" in each), None)
            if reference is None:
                break
            names.append(_name(reference))
            schema = self._definitions[names[-1]]
        return names


def _strip(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a schema itself requires: neither what it extends, nor what only explains."""
    return {keyword: value for keyword, value in schema.items() if keyword != "$ref" and keyword not in _ANNOTATIONS}


def _name(reference: Mapping[str, Any]) -> str:
    return str(reference["$ref"].rpartition("/")[2])


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
