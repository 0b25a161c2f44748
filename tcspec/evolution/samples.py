"""Values that a schema is likely to take, built from what is known of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

from tcspec.evolution.facts import (
    facts,
    finite,
    item_of,
    names,
    property_of,
    required,
    types,
    values_of,
    wanted_text,
)
from tcspec.evolution.keywords import text
from tcspec.evolution.texts import find

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tcspec.evolution.facts import Facts
    from tcspec.evolution.parts import Key
    from tcspec.evolution.unfolding import Judges

_DEEPEST = 7
_MOST = 8
_MOST_COPIES = 50
_SPARE = ("other", "another", "third", "fourth")


@dataclass(slots=True)
class Samples:
    """What builds samples, and how many more it builds."""

    judges: Judges
    left: int = 20_000
    known: dict[tuple[frozenset[Key], int], list[Any]] = field(default_factory=dict)

    def of(self, held: Facts, depth: int = _DEEPEST) -> list[Any]:
        """Build some values, the smallest first; those that are surely not taken are left out."""
        key = (frozenset(part.key for part in held), depth)
        if key not in self.known:
            self.known[key] = self._taken(held, depth)
        return self.known[key]

    def _taken(self, held: Facts, depth: int) -> list[Any]:
        taken = self.judges.judge(held)
        found: dict[str, Any] = {}
        for value in islice(self._built(held, depth, frozenset()), 4 * _MOST):
            if taken is None or taken(value):
                found.setdefault(text(value), value)
            if len(found) >= _MOST:
                break
        return list(found.values())

    def one(self, held: Facts, depth: int) -> list[Any]:
        """Build the first sample, if there is one."""
        return self.of(held, depth)[:1]

    def _built(self, held: Facts, depth: int, split: frozenset[Key]) -> Iterator[Any]:
        self.left -= 1
        if self.left < 0 or len(split) > _MOST or not types(held):
            return
        few = finite(held)
        if few is not None:
            yield from few
            return
        is_one = True
        for one, apart in _alternatives(held, split):
            is_one = False
            yield from islice(self._built(one, depth, apart), _MOST // 2)
        if not is_one:
            return
        kinds = types(held)
        for kind in ("object", "string", "integer", "fraction", "array", "boolean", "null"):
            if kind in kinds:
                yield from self._of_kind(kind, held, depth)

    def _of_kind(self, kind: str, held: Facts, depth: int) -> Iterator[Any]:
        match kind:
            case "null":
                yield None
            case "boolean":
                yield from (True, False)
            case "string":
                found = find(wanted_text(held)).text
                yield from () if found is None else (found,)
                yield from (value for each in values_of(held, "examples") for value in each)
            case "integer" | "fraction":
                yield from numbers(held, kind)
            case "array":
                yield from self._arrays(held, depth)
            case "object":
                yield from self._objects(held, {}, depth)

    def _arrays(self, held: Facts, depth: int) -> Iterator[list[Any]]:
        fewest = max([0, *map(int, values_of(held, "minItems"))])
        for length in (fewest, fewest + 1):
            if depth <= 0 or length > _MOST_COPIES:
                yield from [[]] if length == 0 else []
                continue
            contained = facts(part.inner(part.schema["contains"]) for part in held if "contains" in part.schema)
            items = [self.of(facts([*item_of(held, index), *contained]), depth - 1) for index in range(length)]
            if all(items):
                yield [each[index % len(each)] for index, each in enumerate(items)]

    def objects(self, held: Facts, fixed: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """Build objects with some properties given, for some of the alternatives that there are."""
        for each in islice(_apart(held, frozenset()), _MOST):
            yield from self._objects(each, fixed, _DEEPEST)

    def _objects(self, held: Facts, fixed: dict[str, Any], depth: int) -> Iterator[dict[str, Any]]:
        """Build an object of what is required, and one of all there is."""
        smallest = self._object(held, fixed, required(held), depth)
        if smallest is not None:
            yield from self._filled(held, smallest, depth)
            largest = self._object(held, smallest, names(held), depth)
            if largest is not None and largest != smallest:
                yield largest

    def _object(self, held: Facts, fixed: dict[str, Any], wanted: Iterable[str], depth: int) -> dict[str, Any] | None:
        made = dict(fixed)
        asked = required(held)
        for name in wanted:
            if name not in made:
                found = self.one(facts(property_of(held, name)), depth - 1) if depth > 0 else []
                if found:
                    made[name] = found[0]
                elif name in asked:
                    return None
        return made

    def _filled(self, held: Facts, smallest: dict[str, Any], depth: int) -> Iterator[dict[str, Any]]:
        """Add properties until there are as many as are asked for."""
        made = dict(smallest)
        fewest = max([0, *values_of(held, "minProperties")])
        for name in (*names(held), *_SPARE):
            if len(made) >= fewest:
                break
            if name not in made and depth > 0:
                found = self.one(facts(property_of(held, name)), depth - 1)
                if found:
                    made[name] = found[0]
        yield made


def _alternatives(held: Facts, split: frozenset[Key]) -> Iterator[tuple[Facts, frozenset[Key]]]:
    """Give what is known with each of the alternatives of a part, and of which parts they were told apart by now."""
    for part in held:
        alternatives = part.schema.get("anyOf", part.schema.get("oneOf"))
        if alternatives and part.key not in split:
            for each in alternatives:
                yield facts([*held, part.inner(each)]), split | {part.key}
            return


def _apart(held: Facts, split: frozenset[Key]) -> Iterator[Facts]:
    """Give what is known with one alternative of each part that has some."""
    is_one = True
    for one, apart in _alternatives(held, split) if types(held) and len(split) < _MOST else ():
        is_one = False
        yield from _apart(one, apart)
    if is_one and types(held):
        yield held


LARGE = 10**30
"""A number that is not worth being near."""


def numbers(held: Facts, kind: str) -> Iterator[float]:
    """Give numbers near the bounds, and some others."""
    step = 1 if kind == "integer" else 0.5
    bounds = [
        value
        for keyword in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
        for value in values_of(held, keyword)
    ]
    for value in (1, 0, -1, *(bound for bound in bounds if abs(bound) < LARGE)):
        for near in (value, value + step, value - step):
            if kind == "fraction" or near == int(near):
                yield int(near) if kind == "integer" else near
