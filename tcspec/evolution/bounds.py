"""Keywords that bound a number, a length or a count: whether what is known implies them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from tcspec.evolution.facts import names, required, types, values_of

if TYPE_CHECKING:
    from tcspec.evolution.facts import Facts

NUMBERS = frozenset({"integer", "fraction"})


def implies_bound(held: Facts, keyword: str, bound: float) -> bool:
    """Tell whether numbers that the facts take are within a bound."""
    sign = 1 if keyword in {"minimum", "exclusiveMinimum"} else -1
    kept, is_open = _tightest(held, sign)
    if "xclusive" in keyword:
        return kept > sign * bound or (is_open and kept == sign * bound)
    return kept >= sign * bound


def _tightest(held: Facts, sign: int) -> tuple[float, bool]:
    """Give the tightest lower bound, of the numbers turned around for an upper one, and whether it is left out."""
    closed, opened = ("minimum", "exclusiveMinimum") if sign > 0 else ("maximum", "exclusiveMaximum")
    found = [(sign * value, False) for value in values_of(held, closed)]
    found += [(sign * value, True) for value in values_of(held, opened)]
    bound, is_open = max(found, default=(-math.inf, False))
    if "fraction" in types(held) or math.isinf(bound):
        return bound, is_open
    return (math.floor(bound) + 1 if is_open else math.ceil(bound)), False


def implies_count(held: Facts, keyword: str, count: float) -> bool:
    """Tell whether the facts bound how many items or properties there are."""
    if keyword.startswith("max"):
        counts = list(values_of(held, keyword))
        if keyword == "maxProperties" and _is_closed(held):
            counts.append(len(names(held)))
        return any(each <= count for each in counts)
    fewest = len(required(held)) if keyword == "minProperties" else 0
    return any(each >= count for each in (fewest, *values_of(held, keyword)))


def _is_closed(held: Facts) -> bool:
    return any(
        part.schema.get("additionalProperties") is False and not part.schema.get("patternProperties") for part in held
    )


def implies_multiple(held: Facts, step: float) -> bool:
    """Tell whether numbers that the facts take are multiples of a step."""
    if step == 1 and "fraction" not in types(held):
        return True
    known: list[float] = values_of(held, "multipleOf")
    whole = isinstance(step, int)
    return any(each == step or (whole and isinstance(each, int) and each % step == 0) for each in known)
