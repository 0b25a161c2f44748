"""The constraints of a published schema, each of which can be removed.

A good search has a payload for each of them on which the schema without the constraint and the model disagree. A search
that does not notice the removal would not notice a missing constraint in the project either.
"""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import jsonschema_rs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

Path = tuple[str | int, ...]

KEYWORDS = frozenset(
    {
        *("type", "enum", "pattern", "required", "anyOf", "not", "items", "dependentRequired"),
        *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength"),
        *("minItems", "maxItems", "minProperties", "maxProperties", "const"),
    }
)
"""The keywords that are removed, one at a time; of `required`, one name at a time."""


@dataclass(frozen=True)
class Constraint:
    """The path of a keyword, and of `required` the index of a name."""

    path: Path
    index: int | None = None

    def __str__(self) -> str:
        return "/".join(map(str, self.path)) + ("" if self.index is None else f"/{self.index}")


def iter_constraints(schema: Mapping[str, Any]) -> Iterator[Constraint]:
    """Yield the constraints of all definitions that a schema uses; the choice of the event's definition is none."""
    for name in _used_definitions(schema):
        yield from _iter_inside(schema["$defs"][name], ("$defs", name))


def _used_definitions(schema: Mapping[str, Any]) -> list[str]:
    """Return the names of the definitions that the root of a schema refers to, directly or not."""
    used: dict[str, None] = {}
    waiting: list[Any] = [{key: value for key, value in schema.items() if key != "$defs"}]
    while waiting:
        node = waiting.pop()
        waiting.extend(node.values() if isinstance(node, dict) else node if isinstance(node, list) else ())
        reference = node.get("$ref") if isinstance(node, dict) else None
        name = reference.rpartition("/")[2] if isinstance(reference, str) else None
        if name is not None and name not in used:
            used[name] = None
            waiting.append(schema["$defs"][name])
    return sorted(used)


def _iter_inside(node: Any, path: Path) -> Iterator[Constraint]:
    """Yield the constraints of a schema and of the schemas inside it."""
    for keyword, value in node.items() if isinstance(node, dict) else ():
        inside = (*path, keyword)
        if keyword == "required":
            yield from (Constraint(inside, index) for index in range(len(value)))
        elif keyword in KEYWORDS:
            yield Constraint(inside)
        if keyword in _WITH_SCHEMA:
            yield from _iter_inside(value, inside)
        elif keyword in _WITH_SCHEMAS:
            for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
                yield from _iter_inside(inner, (*inside, key))


_WITH_SCHEMA = ("items", "then", "else", "additionalProperties")
_WITH_SCHEMAS = ("properties", "patternProperties", "dependentSchemas", "anyOf", "allOf", "oneOf")
"""Keywords whose value is a schema or several; `not` is left out, since less inside it is more outside."""


REDUNDANT = {
    r"/[A-Z]\w+/type$": "the reference to the definition requires the type too, or a payload is always an object",
    r"/event_name/const$": "the definition was chosen by this name",
    r"/(BulkDateTime|anyOf/\d)/not$": "a safeguard for engines where `$` matches before a line feed at the end",
    r"/(Currency|Md5Hex|Sha256Hex)/maxLength$": "the same: the pattern restricts the length",
    r"/Timestamp/anyOf/[12]/type$": "what is not a string matches every pattern, and so not the `not` beside it",
    r"/PageView/anyOf/\d/(required/0|properties/context/type)$": "every event requires an object `context`",
    r"/Batch(Envelope)?/properties/batch/type$": "a batch is validated by both definitions, and both require it",
}
"""Constraints whose removal no payload shows, by the end of their path, and why they are there."""


def is_redundant(constraint: Constraint) -> bool:
    """Return whether another constraint requires the same."""
    return any(re.search(end, str(constraint)) for end in REDUNDANT)


def remove_constraint(schema: Mapping[str, Any], constraint: Constraint) -> dict[str, Any]:
    """Return a copy of a schema without a constraint."""
    changed = copy.deepcopy(dict(schema))
    container: Any = changed
    for key in constraint.path[:-1]:
        container = container[key]
    if constraint.index is None:
        del container[constraint.path[-1]]
    else:
        del container[constraint.path[-1]][constraint.index]
    return changed


def find_unnoticed(
    schema: Mapping[str, Any], constraints: Iterable[Constraint], invalid: Sequence[dict[str, Any]]
) -> list[Constraint]:
    """Return the constraints whose removal makes none of the invalid payloads valid."""
    return [each for each in constraints if not _makes_valid(remove_constraint(schema, each), invalid)]


def _makes_valid(schema: dict[str, Any], invalid: Sequence[dict[str, Any]]) -> bool:
    validator = jsonschema_rs.Draft202012Validator(schema, offline=True)
    return any(map(validator.is_valid, invalid))
