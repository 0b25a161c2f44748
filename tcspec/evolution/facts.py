"""What is known of a value that several schemas take at once: its types, properties, items, bounds."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import jsonschema_rs

from tcspec.evolution.parts import Part
from tcspec.evolution.texts import Wanted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tcspec.evolution.parts import Key
    from tcspec.evolution.unfolding import Judges

TYPES = frozenset({"null", "boolean", "integer", "fraction", "string", "array", "object"})
"""The types of JSON values, where numbers are integers or fractions."""

_DEEP = 8
_FINITE: dict[str, tuple[Any, ...]] = {"null": (None,), "boolean": (False, True)}


Facts = tuple[Part, ...]
"""Parts that hold at once, references and `allOf` followed: objects, or the one part that is false."""


def facts(parts: Iterable[Part]) -> Facts:
    """Take parts that hold at once apart into what they say: references followed, `allOf` opened, nothing twice."""
    found: dict[Key, Part] = {}
    waiting = list(parts)[::-1]
    while waiting:
        part = waiting.pop()
        if part.schema is False:
            return (part,)
        if part.schema is True or part.key in found:
            continue
        found[part.key] = part
        waiting.extend(part.inner(inner) for inner in part.schema.get("allOf", ())[::-1])
        if "$ref" in part.schema:
            waiting.append(part.inner(part.document.targets.get(part.schema["$ref"], True)))
    return tuple(found.values())


def values_of(held: Facts, keyword: str) -> list[Any]:
    """Give what the facts say under a keyword."""
    return [part.schema[keyword] for part in held if keyword in part.schema]


def types(held: Facts, depth: int = 0) -> frozenset[str]:
    """Give the types that a value may have; none when there is no such value."""
    found = TYPES
    for part in held:
        if part.schema is False:
            return frozenset()
        if "type" in part.schema:
            found &= named(part.schema["type"])
        if "const" in part.schema:
            found &= {type_of(part.schema["const"])}
        if "enum" in part.schema:
            found &= {type_of(value) for value in part.schema["enum"]}
        for keyword in ("anyOf", "oneOf"):
            if keyword in part.schema and depth < _DEEP:
                branches = [part.inner(branch) for branch in part.schema[keyword]]
                found &= frozenset[str]().union(*(_types_of_branch(branch, depth + 1) for branch in branches))
    return found


def _types_of_branch(branch: Part, depth: int) -> frozenset[str]:
    known: frozenset[str] | None = branch.document.made.get(("types", id(branch.schema), depth))
    if known is None:
        known = types(facts([branch]), depth)
        branch.document.made["types", id(branch.schema), depth] = known
    return known


def finite(held: Facts) -> list[Any] | None:
    """Give the values among which every value is, when they are few and known."""
    for keyword in ("const", "enum"):
        for value in values_of(held, keyword):
            return [value] if keyword == "const" else list(value)
    kinds = types(held)
    if kinds <= _FINITE.keys():
        return [value for kind in sorted(kinds) for value in _FINITE[kind]]
    return None


def type_of(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Name the type of a JSON value."""
    if isinstance(value, float):
        return "integer" if value.is_integer() else "fraction"
    return _TYPES[type(value)]


_TYPES = {
    type(None): "null",
    bool: "boolean",
    int: "integer",
    str: "string",
    list: "array",
    dict: "object",
}


def named(given: str | list[str]) -> frozenset[str]:
    """Give the types that the keyword `type` names."""
    names = {given} if isinstance(given, str) else set(given)
    return frozenset(names - {"number"} | ({"integer", "fraction"} if "number" in names else set()))


@cache
def _search(pattern: str) -> Any:  # noqa: ANN401 - a method of jsonschema-rs
    return jsonschema_rs.Draft202012Validator({"pattern": pattern}, offline=True).is_valid


def matches(pattern: str, text: str) -> bool:
    """Tell whether a pattern is found in a text, as the judge reads it."""
    return bool(_search(pattern)(text))


def names(held: Facts) -> dict[str, None]:
    """Give the names of the properties that the facts speak of."""
    found: dict[str, None] = {}
    for part in held:
        found.update(dict.fromkeys(part.schema.get("properties", {})))
        found.update(dict.fromkeys(part.schema.get("required", ())))
        for name, asked in part.schema.get("dependentRequired", {}).items():
            found.update(dict.fromkeys((name, *asked)))
    return found


def property_of(held: Facts, name: str) -> list[Part]:
    """Give the parts that a property is taken by."""
    return [found for part in held for found in _property(part, name)]


def _property(part: Part, name: str) -> Iterator[Part]:
    declared = part.schema.get("properties", {})
    patterns = [pattern for pattern in part.schema.get("patternProperties", {}) if matches(pattern, name)]
    if name in declared:
        yield part.inner(declared[name])
    yield from (part.inner(part.schema["patternProperties"][pattern]) for pattern in patterns)
    if "additionalProperties" in part.schema and name not in declared and not patterns:
        yield part.inner(part.schema["additionalProperties"])


def item_of(held: Facts, index: int) -> list[Part]:
    """Give the parts that an item is taken by."""
    found = []
    for part in held:
        first = part.schema.get("prefixItems", ())
        if index < len(first):
            found.append(part.inner(first[index]))
        elif "items" in part.schema:
            found.append(part.inner(part.schema["items"]))
    return found


def required(held: Facts) -> dict[str, None]:
    """Give the names of the properties that are always there."""
    found = {name: None for given in values_of(held, "required") for name in given}
    asked = values_of(held, "dependentRequired")
    more = True
    while more:
        new = [name for each in asked for key, given in each.items() if key in found for name in given]
        more = any(name not in found for name in new)
        found.update(dict.fromkeys(new))
    return found


def wanted_text(held: Facts) -> Wanted:
    """Say which texts the facts take, as far as patterns and lengths tell."""
    refused = [
        each["pattern"] for each in values_of(held, "not") if isinstance(each, dict) and list(each) == ["pattern"]
    ]
    return Wanted(
        frozenset(values_of(held, "pattern")),
        frozenset(refused),
        max([0, *map(int, values_of(held, "minLength"))]),
        min(map(int, values_of(held, "maxLength")), default=None),
    )


def undeclared(part: Part, pattern: str | None, foreign: tuple[str, ...]) -> list[list[Part]]:
    """Give what a part says of a property that it does not name, case by case.

    The property matches `pattern`; or, without one, none of the patterns in `foreign`.
    """
    patterns = part.schema.get("patternProperties", {})
    if pattern is not None and pattern in patterns:
        return [[part.inner(patterns[pattern])]]
    additional = [part.inner(part.schema["additionalProperties"])] if "additionalProperties" in part.schema else []
    return [additional, *([part.inner(inner)] for each, inner in patterns.items() if each not in foreign)]


def is_nothing(held: Facts, judges: Judges, depth: int = 3) -> bool:
    """Tell whether it is plain that no value is taken."""
    kinds = types(held)
    if not kinds:
        return True
    few = finite(held)
    if few is not None and len(held) > 1:
        taken = judges.judge(held)
        return taken is not None and not any(map(taken, few))
    if depth == 0 or kinds != {"object"}:
        return False
    return any(is_nothing(facts(property_of(held, name)), judges, depth - 1) for name in required(held))
