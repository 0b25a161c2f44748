"""Faults that are planted on purpose: each constraint of a published schema, taken away in turn.

A hunt that is worth its name has a payload for each of them on which the schema without the constraint and the model
disagree. What it would not notice in a schema, it would not notice in the project either.
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

CONSTRAINTS = frozenset(
    {
        *("type", "enum", "pattern", "required", "anyOf", "not", "items", "dependentRequired"),
        *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength"),
        *("minItems", "maxItems", "minProperties", "maxProperties", "const"),
    }
)
"""The keywords that are taken away, one at a time; of `required` each name is one."""


@dataclass(frozen=True)
class Fault:
    """A constraint that is taken away: where its keyword stands, and of `required` the index of the name."""

    place: Path
    name: int | None = None

    def __str__(self) -> str:
        return "/".join(map(str, self.place)) + ("" if self.name is None else f"/{self.name}")


def constraints(schema: Mapping[str, Any]) -> Iterator[Fault]:
    """List the constraints of what judges a whole payload; what tells events apart is none."""
    for name in _reached(schema):
        yield from _below(schema["$defs"][name], ("$defs", name))


def _reached(schema: Mapping[str, Any]) -> list[str]:
    """Name the definitions that a schema leads to from its root."""
    reached: dict[str, None] = {}
    waiting: list[Any] = [{key: value for key, value in schema.items() if key != "$defs"}]
    while waiting:
        node = waiting.pop()
        waiting.extend(node.values() if isinstance(node, dict) else node if isinstance(node, list) else ())
        reference = node.get("$ref") if isinstance(node, dict) else None
        name = reference.rpartition("/")[2] if isinstance(reference, str) else None
        if name is not None and name not in reached:
            reached[name] = None
            waiting.append(schema["$defs"][name])
    return sorted(reached)


def _below(node: Any, place: Path) -> Iterator[Fault]:
    """Walk a schema and the schemas inside it."""
    for keyword, value in node.items() if isinstance(node, dict) else ():
        here = (*place, keyword)
        if keyword == "required":
            yield from (Fault(here, index) for index in range(len(value)))
        elif keyword in CONSTRAINTS:
            yield Fault(here)
        if keyword in _ONE:
            yield from _below(value, here)
        elif keyword in _MANY:
            for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
                yield from _below(inner, (*here, key))


_ONE = ("items", "then", "else", "additionalProperties")
_MANY = ("properties", "patternProperties", "dependentSchemas", "anyOf", "allOf", "oneOf")
"""Keywords that hold one schema or many; what is in `not` asks for less when it asks for more, and is left."""


REDUNDANT = {
    r"/[A-Z]\w+/type$": "whoever refers to the definition asks for the type too, or a payload is always an object",
    r"/event_name/const$": "the name was what the definition was chosen by",
    r"/(BulkDateTime|anyOf/\d)/not$": "a second lock, where `$` takes a line break before the end",
    r"/(Currency|Md5Hex|Sha256Hex)/maxLength$": "likewise: the pattern has the length already",
    r"/Timestamp/anyOf/[12]/type$": "what is no text meets every pattern, and so not the `not` beside it",
    r"/PageView/anyOf/\d/(required/0|properties/context/type)$": "every event asks for a `context` that is an object",
    r"/Batch(Envelope)?/properties/batch/type$": "a batch is judged by both, and both say it",
}
"""Constraints that nothing shows when they are taken away, by the end of their place, and why they are there."""


def redundant(fault: Fault) -> bool:
    """Tell whether a constraint says what another one says too."""
    return any(re.search(end, str(fault)) for end in REDUNDANT)


def without(schema: Mapping[str, Any], fault: Fault) -> dict[str, Any]:
    """Copy a schema without a constraint."""
    faulty = copy.deepcopy(dict(schema))
    holder: Any = faulty
    for key in fault.place[:-1]:
        holder = holder[key]
    if fault.name is None:
        del holder[fault.place[-1]]
    else:
        del holder[fault.place[-1]][fault.name]
    return faulty


def unnoticed(schema: Mapping[str, Any], faults: Iterable[Fault], invalid: Sequence[dict[str, Any]]) -> list[Fault]:
    """Give the faults that no payload shows: none of those that are invalid becomes valid."""
    return [fault for fault in faults if not _shows(without(schema, fault), invalid)]


def _shows(faulty: dict[str, Any], invalid: Sequence[dict[str, Any]]) -> bool:
    judge = jsonschema_rs.Draft202012Validator(faulty, offline=True)
    return any(map(judge.is_valid, invalid))
