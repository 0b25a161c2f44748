"""Keywords that combine schemas of one value: references, alternatives, conditions, negations."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from tcspec.evolution.facts import facts, is_nothing, required, types
from tcspec.evolution.values import implies_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tcspec.evolution.covering import At, Proof
    from tcspec.evolution.facts import Facts
    from tcspec.evolution.parts import Key, Part

_BRANCHING = frozenset({"anyOf", "oneOf", "if", "not", "type"})
"""Keywords that are easier to show for one type of values at a time."""

TOLD_APART = (0, 0)
"""What marks that conditions, or types, were told apart: conditions may be decided then that were not before."""


@dataclass(frozen=True, slots=True)
class Cases:
    """Parts of which one holds at least, and of which parts that is known."""

    alternatives: tuple[Part, ...]
    of: frozenset[Key]
    is_slow: bool = False
    """Whether it is rarely worth it."""


def cases(wide: Part, held: Facts, split: frozenset[Key]) -> Cases | None:
    """Give what can be told apart: the alternatives of a part, a condition with both branches, the types of values."""
    for part in held:
        alternatives = part.schema.get("anyOf", part.schema.get("oneOf"))
        if alternatives and part.key not in split:
            return Cases(tuple(map(part.inner, alternatives)), frozenset({part.key}))
    for part in held:
        if "if" in part.schema and "else" in part.schema and part.key not in split:
            return Cases(part.branches(), frozenset({part.key, TOLD_APART}), is_slow=True)
    names = {"number" if kind == "fraction" else kind for kind in types(held)}
    if "number" in names:
        names.discard("integer")
    if len(names) == 1 or wide.schema is False or not _BRANCHING & wide.schema.keys():
        return None
    is_slow = not _BRANCHING - {"type"} & wide.schema.keys()
    return Cases(tuple(wide.of_type(name) for name in sorted(names)), frozenset({TOLD_APART}), is_slow=is_slow)


def consequences(proof: Proof, held: Facts, *, is_told_apart: bool) -> Iterator[Part]:
    """Give what follows from conditions and negations, where it is known whether they hold."""
    there = required(held)
    for part in held:
        # A condition that both documents have is mostly met where the other one's branches are shown.
        asked = part.inner(part.schema.get("if", False))
        if "if" in part.schema and (is_told_apart or not proof.sameness.is_common(asked)):
            if is_nothing(facts([*held, asked]), proof.judges):
                yield part.inner(part.schema.get("else", True))
            elif proof.covers(asked, held):
                yield part.inner(part.schema.get("then", True))
        if types(held) == {"object"}:
            dependent = part.schema.get("dependentSchemas", {})
            yield from (part.inner(inner) for name, inner in dependent.items() if name in there)
            yield from _refused_property(part, there)


def _refused_property(part: Part, there: Mapping[str, None]) -> Iterator[Part]:
    """Of an object that has a property: that not all is well with that property says what it is not."""
    refused = part.schema.get("not")
    if isinstance(refused, dict) and refused.keys() <= {"type", "required", "properties"}:
        named = refused.get("properties", {})
        is_there = there.keys() >= set(refused.get("required", ())) | named.keys()
        if is_there and len(named) == 1 and refused.get("type", "object") == "object":
            yield part.without_property(refused)


def _all_of(proof: Proof, wide: Part, held: Facts, at: At) -> bool:
    return proof.every(proof.covers(wide.inner(each), held, at) for each in wide.schema["allOf"])


def _reference(proof: Proof, wide: Part, held: Facts, at: At) -> bool:
    return proof.covers(wide.inner(wide.document.targets[wide.schema["$ref"]]), held, at)


def _any_of(proof: Proof, wide: Part, held: Facts, at: At) -> bool:
    return any(proof.covers(wide.inner(each), held, at) for each in wide.schema["anyOf"])


def _one_of(proof: Proof, wide: Part, held: Facts, at: At) -> bool:
    """One of as many alternatives, each the same as its counterpart."""
    branches = [wide.inner(each) for each in wide.schema["oneOf"]]
    for part in held:
        others = [part.inner(each) for each in part.schema.get("oneOf", ())]
        if len(others) == len(branches) and all(
            proof.quietly(one, [other], at) and proof.quietly(other, [one], at)
            for one, other in zip(branches, others, strict=True)
        ):
            return True
    return False


def _not(proof: Proof, wide: Part, held: Facts, at: At) -> bool:
    refused = wide.inner(wide.schema["not"])
    return (
        is_nothing(facts([*held, refused]), proof.judges)
        or any(proof.quietly(part.inner(part.schema["not"]), [refused], at) for part in held if "not" in part.schema)
        or (types(held) == {"string"} and _lacks_pattern(held, refused))
    )


def _lacks_pattern(held: Facts, refused: Part) -> bool:
    return list(refused.schema) == ["pattern"] and implies_text(held, "not", refused.schema["pattern"], [])


def _condition(proof: Proof, wide: Part, held: Facts, at: At) -> bool:
    """Show each branch of a condition with what the same condition elsewhere leads to."""
    asked = wide.inner(wide.schema["if"])
    branches = []
    for keyword, assumed in (("then", asked), ("else", asked.negated())):
        if keyword in wide.schema:
            same = [part for part in held if keyword in part.schema and _asks_same(proof, part, asked)]
            also = [part.inner(part.schema[keyword]) for part in same]
            branches.append((wide.inner(wide.schema[keyword]), [*held, assumed, *also]))
    return proof.every(proof.covers(branch, known, at) for branch, known in branches)


def _asks_same(proof: Proof, part: Part, asked: Part) -> bool:
    return "if" in part.schema and proof.same(part.inner(part.schema["if"]), asked)


def _dependent_required(proof: Proof, wide: Part, held: Facts, at: At) -> bool:
    del at
    return all(
        set(names) <= required(more).keys() or is_nothing(more, proof.judges)
        for name, names in wide.schema["dependentRequired"].items()
        if (more := facts([*held, wide.requiring(name)]))
    )


def _contains(proof: Proof, wide: Part, held: Facts, at: At) -> bool:
    """At least one item, where at least one that is narrower is known."""
    if "array" not in types(held):
        return True
    return not {"minContains", "maxContains"} & wide.schema.keys() and any(
        proof.quietly(wide.inner(wide.schema["contains"]), [part.inner(part.schema["contains"])], at)
        for part in held
        if "contains" in part.schema and part.schema.get("minContains", 1) >= 1
    )


COMBINING: Mapping[str, Callable[[Proof, Part, Facts, At], bool]] = MappingProxyType(
    {
        "$ref": _reference,
        "allOf": _all_of,
        "anyOf": _any_of,
        "oneOf": _one_of,
        "not": _not,
        "if": _condition,
        "dependentRequired": _dependent_required,
        "contains": _contains,
    }
)
"""What shows each keyword."""
