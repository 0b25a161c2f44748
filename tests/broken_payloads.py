"""Payloads that violate one constraint of a schema each: every one that a definition has."""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Path = tuple[str | int, ...]

_VALUE_BY_TYPE: Mapping[str, Any] = {
    "null": None,
    "boolean": True,
    "number": 3.5,
    "integer": 3,
    "string": "a string",
    "array": [],
    "object": {},
}


@dataclass(frozen=True)
class BrokenPayload:
    """A payload with one violation, the path of the violation, and what was done there."""

    path: Path
    change: str
    payload: dict[str, Any]

    def __str__(self) -> str:
        return f"/{'/'.join(map(str, self.path))}: {self.change}"


def break_payload(name: str, definitions: Mapping[str, Any], payload: dict[str, Any]) -> Iterator[BrokenPayload]:
    """Yield a copy of a payload for each constraint of a definition; the payload should have every property."""
    for path, schema in _constrained_paths(definitions[name], definitions, payload, ()):
        if path != ("event_name",) or "const" not in schema:  # another name is another event
            for change, value in _invalid_values(schema, definitions, _at(payload, path)):
                yield BrokenPayload(path, change, _with(payload, path, value))
    for path, required in _required_names(definitions[name], definitions, payload, ()):
        yield BrokenPayload(path, f"without {required}", _without(payload, (*path, required)))


def _applied_schemas(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield a schema and those that it refers to, and the parts of its `allOf`."""
    yield schema
    if "$ref" in schema:
        yield from _applied_schemas(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    for part in schema.get("allOf", ()):
        yield from _applied_schemas(part, definitions)


def _constrained_paths(
    schema: Any, definitions: Mapping[str, Any], value: Any, path: Path
) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Yield every path of a payload that some schema constrains, with that schema."""
    if not isinstance(schema, dict):
        return
    for part in _applied_schemas(schema, definitions):
        if path:
            yield path, part
        for name, inner in part.get("properties", {}).items():
            if isinstance(value, dict) and name in value:
                yield from _constrained_paths(inner, definitions, value[name], (*path, name))
        if isinstance(value, list) and value and "items" in part:
            yield from _constrained_paths(part["items"], definitions, value[0], (*path, 0))


def _required_names(schema: Any, definitions: Mapping[str, Any], value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if not isinstance(schema, dict):
        return
    for part in _applied_schemas(schema, definitions):
        yield from ((path, name) for name in part.get("required", ()))
        for name, inner in part.get("properties", {}).items():
            if isinstance(value, dict) and name in value:
                yield from _required_names(inner, definitions, value[name], (*path, name))
        if isinstance(value, list) and value and "items" in part:
            yield from _required_names(part["items"], definitions, value[0], (*path, 0))


def _types(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> set[str] | None:
    """Return the JSON types that are valid for a schema, or None when all are."""
    if "const" in schema or "enum" in schema:
        return {"string"}
    if "anyOf" in schema:
        branches = [_types(branch, definitions) for branch in schema["anyOf"]]
        return None if None in branches else set().union(*(branch or () for branch in branches))
    return {schema["type"]} if "type" in schema else None


def _invalid_values(
    schema: Mapping[str, Any], definitions: Mapping[str, Any], present: Any
) -> Iterator[tuple[str, Any]]:
    types = _types(schema, definitions)
    if types is None:
        return
    accepted = types | ({"integer"} if "number" in types else set())
    for type_, value in _VALUE_BY_TYPE.items():
        if type_ not in accepted:
            yield f"{type_} instead of {'|'.join(sorted(types))}", value
    for branch in schema.get("anyOf", (schema,)):
        if branch.get("type") == "array" and "items" in branch and present != []:
            inner = _types(next(_applied_schemas(branch["items"], definitions)), definitions)
            if inner == {"string"}:
                yield "a number in the array", [1]
    yield from _out_of_bounds(schema, present)


def _out_of_bounds(schema: Mapping[str, Any], present: Any) -> Iterator[tuple[str, Any]]:
    if "minimum" in schema:
        yield "below the minimum", schema["minimum"] - 1
    if "pattern" in schema:
        yield "another string", "?"
        yield "a line feed at the end", f"{present}\n"
        if not re.search(schema["pattern"], f"{present}{present}"):  # digits twice are digits
            yield "twice the string", f"{present}{present}"
    for branch in schema.get("anyOf", (schema,)):
        if "maxLength" in branch:
            yield "too long a string", "x" * (branch["maxLength"] + 1)
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
