"""Schemas with what they refer to in the place of the references, for those who know nothing of the document."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import jsonschema_rs

from tcspec.evolution.keywords import subschemas

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tcspec.evolution.parts import Part

MOST = 300
"""How many subschemas are unfolded."""


class TooLargeError(ValueError):
    """A schema that is too large, refers to itself, or to what is not known."""


@dataclass(slots=True)
class Judges:
    """What was compiled of the parts of two documents, for as long as these are there."""

    compiled: dict[frozenset[tuple[int, int]], Callable[[Any], bool] | None] = field(default_factory=dict)

    def judge(self, parts: Iterable[Part]) -> Callable[[Any], bool] | None:
        """Compile what takes the values that all parts take; nothing when that is too large."""
        together = tuple(parts)
        key = frozenset(part.key for part in together)
        if key not in self.compiled:
            self.compiled[key] = _compiled(together)
        return self.compiled[key]


def _compiled(parts: tuple[Part, ...]) -> Callable[[Any], bool] | None:
    try:
        return jsonschema_rs.Draft202012Validator(conjunction(parts), offline=True).is_valid
    except ValueError:  # too large for us, or nested too deep for jsonschema-rs
        return None


def conjunction(parts: Iterable[Part]) -> dict[str, Any]:
    """Unfold parts into one schema that takes what all of them take.

    Raises:
        TooLargeError: when there is too much to unfold, or no end to it.
    """
    left = [MOST]
    unfolded = [_unfolded(part, part.schema, (), left) for part in parts]
    return {"allOf": unfolded} if unfolded else {}


def _unfolded(part: Part, schema: Any, within: tuple[str, ...], left: list[int]) -> Any:  # noqa: ANN401 - a schema
    left[0] -= 1
    if left[0] < 0:
        raise TooLargeError
    if not isinstance(schema, dict):
        return schema
    made: dict[str, Any] = {}
    for keyword, value in schema.items():
        if keyword in {"$defs", "definitions", "$ref", "examples"}:
            continue
        if not any(True for _ in subschemas({keyword: value})):
            made[keyword] = value
        elif isinstance(value, list):
            made[keyword] = [_unfolded(part, each, within, left) for each in value]
        elif keyword in {"properties", "patternProperties", "dependentSchemas"}:
            made[keyword] = {name: _unfolded(part, each, within, left) for name, each in value.items()}
        else:
            made[keyword] = _unfolded(part, value, within, left)
    reference = schema.get("$ref")
    if reference is not None:
        if reference in within or reference not in part.document.targets:
            raise TooLargeError
        target = _unfolded(part, part.document.targets[reference], (*within, reference), left)
        made["allOf"] = [*made.get("allOf", ()), target]
    return made
