"""Keywords that look into objects and arrays: what they ask of which place, and what is known of it."""

from __future__ import annotations

from itertools import product
from types import MappingProxyType
from typing import TYPE_CHECKING

from tcspec.evolution.facts import item_of, matches, names, property_of, types, undeclared, values_of
from tcspec.evolution.texts import Wanted, find

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tcspec.evolution.facts import Facts
    from tcspec.evolution.parts import Part

    Place = tuple[str | int | None, Part, list[Part]]
    """The name or index of a place, what is asked of it, and what is known of it; no name is the value itself."""

OTHER = "other"
"""The name that stands for properties that no schema names."""
NAME = "\0name"
"""The step to the names of an object's properties."""
_MOST_CASES = 64


def _properties(wide: Part, held: Facts) -> Iterator[Place]:
    for name, inner in wide.schema["properties"].items():
        yield name, wide.inner(inner), property_of(held, name)


def _pattern_properties(wide: Part, held: Facts) -> Iterator[Place]:
    for pattern, inner in wide.schema["patternProperties"].items():
        for name in names(held):
            if matches(pattern, name):
                yield name, wide.inner(inner), property_of(held, name)
        for parts in _unnamed(held, pattern, ()):
            yield _name_for(pattern), wide.inner(inner), parts


def _additional_properties(wide: Part, held: Facts) -> Iterator[Place]:
    inner = wide.inner(wide.schema["additionalProperties"])
    patterns = tuple(wide.schema.get("patternProperties", ()))
    declared = wide.schema.get("properties", {})
    for name in names(held):
        if name not in declared and not any(matches(pattern, name) for pattern in patterns):
            yield name, inner, property_of(held, name)
    for parts in _unnamed(held, None, patterns):
        yield _free_name(declared, patterns), inner, parts


def _unnamed(held: Facts, pattern: str | None, foreign: tuple[str, ...]) -> Iterator[list[Part]]:
    """Give what is known of a property that no fact names, case by case; it matches a pattern, or none of `foreign`."""
    choices = [undeclared(part, pattern, foreign) for part in held]
    number = 1
    for each in choices:
        number *= len(each)
    if number > _MOST_CASES:
        choices = [each if len(each) == 1 else [[]] for each in choices]
    for chosen in product(*choices):
        yield [part for parts in chosen for part in parts]


def _name_for(pattern: str) -> str:
    return find(Wanted(frozenset({pattern}))).text or OTHER


def _free_name(declared: Mapping[str, object], patterns: tuple[str, ...]) -> str:
    free = (OTHER, "another", "0", "_")
    return next((each for each in free if each not in declared and not any(matches(p, each) for p in patterns)), OTHER)


def _property_names(wide: Part, held: Facts) -> Iterator[Place]:
    known = [part.inner(part.schema["propertyNames"]) for part in held if "propertyNames" in part.schema]
    yield NAME, wide.inner(wide.schema["propertyNames"]), [*known, wide.of_type("string")]


def _prefix_items(wide: Part, held: Facts) -> Iterator[Place]:
    most = min(values_of(held, "maxItems"), default=None)
    for index, inner in enumerate(wide.schema["prefixItems"]):
        if most is None or index < most:
            yield index, wide.inner(inner), item_of(held, index)


def _items(wide: Part, held: Facts) -> Iterator[Place]:
    first = len(wide.schema.get("prefixItems", ()))
    last = max([first, *(len(each) for each in values_of(held, "prefixItems"))])
    most = min(values_of(held, "maxItems"), default=None)
    for index in range(first, last + 1):
        if most is None or index < most:
            yield index, wide.inner(wide.schema["items"]), item_of(held, index)


def _dependent_schemas(wide: Part, held: Facts) -> Iterator[Place]:
    for name, inner in wide.schema["dependentSchemas"].items():
        yield None, wide.inner(inner), [*held, wide.requiring(name)]


def _only(kind: str, places: Callable[[Part, Facts], Iterator[Place]]) -> Callable[[Part, Facts], Iterator[Place]]:
    return lambda wide, held: places(wide, held) if kind in types(held) else iter(())


INSIDE: Mapping[str, Callable[[Part, Facts], Iterator[Place]]] = MappingProxyType(
    {
        "properties": _only("object", _properties),
        "patternProperties": _only("object", _pattern_properties),
        "additionalProperties": _only("object", _additional_properties),
        "propertyNames": _only("object", _property_names),
        "dependentSchemas": _only("object", _dependent_schemas),
        "prefixItems": _only("array", _prefix_items),
        "items": _only("array", _items),
    }
)
"""What each keyword asks of which places."""
