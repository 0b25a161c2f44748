"""Break a valid payload in every way that a schema forbids, one constraint at a time."""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Path = tuple[str | int, ...]

_OF_TYPE: Mapping[str, Any] = {
    "null": None,
    "boolean": True,
    "number": 3.5,
    "integer": 3,
    "string": "a text",
    "array": [],
    "object": {},
}


@dataclass(frozen=True)
class Broken:
    """A payload with one breach, and where the breach is."""

    place: Path
    how: str
    payload: dict[str, Any]

    def __str__(self) -> str:
        return f"/{'/'.join(map(str, self.place))}: {self.how}"


def breaches(name: str, definitions: Mapping[str, Any], payload: dict[str, Any]) -> Iterator[Broken]:
    """Give every single breach of a definition, made on a payload that has every property."""
    for path, schema in _places(definitions[name], definitions, payload, ()):
        if path != ("event_name",) or "const" not in schema:  # another name is another event
            for how, value in _wrong_values(schema, definitions, _at(payload, path)):
                yield Broken(path, how, _with(payload, path, value))
    for path, required in _requirements(definitions[name], definitions, payload, ()):
        yield Broken(path, f"without {required}", _without(payload, (*path, required)))


def _flat(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Give a schema and all that it refers to, extends or combines without a choice."""
    yield schema
    if "$ref" in schema:
        yield from _flat(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    for part in schema.get("allOf", ()):
        yield from _flat(part, definitions)


def _places(
    schema: Any, definitions: Mapping[str, Any], value: Any, path: Path
) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Walk a payload and its schema together, and give every place that some schema constrains."""
    if not isinstance(schema, dict):
        return
    for part in _flat(schema, definitions):
        if path:
            yield path, part
        for name, inner in part.get("properties", {}).items():
            if isinstance(value, dict) and name in value:
                yield from _places(inner, definitions, value[name], (*path, name))
        if isinstance(value, list) and value and "items" in part:
            yield from _places(part["items"], definitions, value[0], (*path, 0))


def _requirements(schema: Any, definitions: Mapping[str, Any], value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if not isinstance(schema, dict):
        return
    for part in _flat(schema, definitions):
        yield from ((path, name) for name in part.get("required", ()))
        for name, inner in part.get("properties", {}).items():
            if isinstance(value, dict) and name in value:
                yield from _requirements(inner, definitions, value[name], (*path, name))
        if isinstance(value, list) and value and "items" in part:
            yield from _requirements(part["items"], definitions, value[0], (*path, 0))


def _types(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> set[str] | None:
    """Give the JSON types that a schema accepts, or nothing when it accepts them all."""
    if "const" in schema or "enum" in schema:
        return {"string"}
    if "anyOf" in schema:
        branches = [_types(branch, definitions) for branch in schema["anyOf"]]
        return None if None in branches else set().union(*(branch or () for branch in branches))
    return {schema["type"]} if "type" in schema else None


def _wrong_values(schema: Mapping[str, Any], definitions: Mapping[str, Any], present: Any) -> Iterator[tuple[str, Any]]:
    types = _types(schema, definitions)
    if types is None:
        return
    accepted = types | ({"integer"} if "number" in types else set())
    for kind, value in _OF_TYPE.items():
        if kind not in accepted:
            yield f"{kind} instead of {'|'.join(sorted(types))}", value
    for branch in schema.get("anyOf", (schema,)):
        if branch.get("type") == "array" and "items" in branch and present != []:
            inner = _types(next(_flat(branch["items"], definitions)), definitions)
            if inner == {"string"}:
                yield "a number in the list", [1]
    yield from _out_of_bounds(schema, present)


def _out_of_bounds(schema: Mapping[str, Any], present: Any) -> Iterator[tuple[str, Any]]:
    if "minimum" in schema:
        yield "below the minimum", schema["minimum"] - 1
    if "pattern" in schema:
        yield "another text", "?"
        yield "a line break at the end", f"{present}\n"
        if not re.search(schema["pattern"], f"{present}{present}"):  # digits twice are digits
            yield "twice the text", f"{present}{present}"
    for branch in schema.get("anyOf", (schema,)):
        if "maxLength" in branch:
            yield "too long a text", "x" * (branch["maxLength"] + 1)
    if "minProperties" in schema:
        yield "an empty object", {}
    if "const" in schema or "enum" in schema:
        yield "another value", "another value"


def _at(value: Any, path: Path) -> Any:
    for step in path:
        value = value[step]
    return value


def _with(payload: Any, path: Path, value: Any) -> Any:
    changed = copy.deepcopy(payload)
    _at(changed, path[:-1])[path[-1]] = copy.deepcopy(value)
    return changed


def _without(payload: Any, path: Path) -> Any:
    changed = copy.deepcopy(payload)
    del _at(changed, path[:-1])[path[-1]]
    return changed
