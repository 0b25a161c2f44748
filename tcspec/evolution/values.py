"""Keywords that look at a value from outside: whether what is known of it implies them."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from tcspec.evolution import texts
from tcspec.evolution.bounds import NUMBERS, implies_bound, implies_count, implies_multiple
from tcspec.evolution.facts import named, required, types, values_of, wanted_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tcspec.evolution.facts import Facts

_SILENT = frozenset({"$defs", "definitions", "examples", "minContains", "maxContains", "then", "else"})
"""Keywords that say nothing by themselves."""

_ABOUT = {
    **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"), NUMBERS),
    **{each: frozenset({"string"}) for each in ("minLength", "maxLength", "pattern")},
    **{each: frozenset({"array"}) for each in ("minItems", "maxItems", "uniqueItems", "unevaluatedItems")},
    **{each: frozenset({"object"}) for each in ("minProperties", "maxProperties", "required", "unevaluatedProperties")},
}
"""The types of values that keywords are about; they take all others."""


def implies(held: Facts, keyword: str, value: Any, against: list[Any]) -> bool:  # noqa: ANN401 - what the keyword has
    """Tell whether what is known of a value implies a keyword; what speaks against it is added to `against`."""
    if keyword in _SILENT or (keyword in _ABOUT and not types(held) & _ABOUT[keyword]):
        return True
    if keyword in _ABOUT and _ABOUT[keyword] == {"string"}:
        return implies_text(held, keyword, value, against)
    return keyword in _IMPLIED and _IMPLIED[keyword](held, keyword, value)


def _is_unique(held: Facts, _: str, value: bool) -> bool:  # noqa: FBT001 - what the keyword has
    return not value or True in values_of(held, "uniqueItems") or any(most <= 1 for most in values_of(held, "maxItems"))


_IMPLIED: Mapping[str, Callable[[Facts, str, Any], bool]] = MappingProxyType(
    {
        "type": lambda held, _, value: types(held) <= named(value),
        "required": lambda held, _, value: set(value) <= required(held).keys(),
        "multipleOf": lambda held, _, value: implies_multiple(held, value),
        "uniqueItems": _is_unique,
        **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"), implies_bound),
        **dict.fromkeys(("minItems", "maxItems", "minProperties", "maxProperties"), implies_count),
    }
)
"""What tells of each keyword whether it is implied."""


def implies_text(held: Facts, keyword: str, value: Any, against: list[Any]) -> bool:  # noqa: ANN401 - as above
    """Tell whether all texts that the facts take meet a keyword, `not` being that of a pattern."""
    wanted = wanted_text(held)
    match keyword:
        case "minLength":
            if wanted.shortest >= value:
                return True
            most = int(value) - 1
            wanted = replace(wanted, longest=most if wanted.longest is None else min(wanted.longest, most))
        case "maxLength":
            if wanted.longest is not None and wanted.longest <= value:
                return True
            wanted = replace(wanted, shortest=max(wanted.shortest, int(value) + 1))
        case "pattern":
            if value in wanted.inside:
                return True
            wanted = replace(wanted, outside=wanted.outside | {value})
        case "not":
            if value in wanted.outside:
                return True
            wanted = replace(wanted, inside=wanted.inside | {value})
    found = texts.find(wanted)
    if found.text is not None:
        against.append(found.text)
    return found.text is None and found.is_certain
