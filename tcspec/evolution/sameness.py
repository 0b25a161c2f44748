"""Whether two subschemas say the same, each with all that it refers to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tcspec.evolution.keywords import every, spelling, subschemas

if TYPE_CHECKING:
    from tcspec.evolution.parts import Part
    from tcspec.evolution.reading import Document


@dataclass(slots=True)
class Sameness:
    """What two documents have in common: `differing` are the references that mean something else in each."""

    differing: frozenset[str]
    conditions: frozenset[str] = frozenset()
    """The conditions (`if`) that both have, spelt."""
    spelt: dict[tuple[int, int], tuple[str, bool]] = field(default_factory=dict)

    def same(self, one: Part, other: Part) -> bool:
        """Tell whether two parts say the same."""
        spelling_of_one, differs = self._spelling(one)
        return spelling_of_one == self._spelling(other)[0] and (one.document is other.document or not differs)

    def is_common(self, condition: Part) -> bool:
        """Tell whether both documents have a condition."""
        spelt, differs = self._spelling(condition)
        return spelt in self.conditions and not differs

    def _spelling(self, part: Part) -> tuple[str, bool]:
        known = self.spelt.get(part.key)
        if known is None:
            known = spelling(part.schema), bool(references(part.schema) & self.differing)
            self.spelt[part.key] = known
        return known


def sameness(one: Document, other: Document) -> Sameness:
    """Find what two documents have in common."""
    both = one.targets.keys() | other.targets.keys()
    differing = {
        each
        for each in both
        if not (each in one.targets and each in other.targets)
        or spelling(one.targets[each]) != spelling(other.targets[each])
    }
    ahead = {each: references(one.targets[each]) for each in both - differing}
    grown = True
    while grown:
        more = {each for each, others in ahead.items() if each not in differing and others & differing}
        grown = bool(more)
        differing |= more
    return Sameness(frozenset(differing), frozenset(_conditions(one) & _conditions(other)))


def _conditions(document: Document) -> set[str]:
    return {spelling(each["if"]) for each in every(document.root) if "if" in each}


def references(schema: Any) -> set[str]:  # noqa: ANN401 - any part of a schema
    """Give all references in a schema."""
    found: set[str] = set()
    waiting = [schema]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            if "$ref" in each:
                found.add(each["$ref"])
            waiting.extend(inner for keyword, inner in subschemas(each) if keyword not in {"$defs", "definitions"})
    return found
