"""Values worth trying at a place, taken from what schemas say there: at their bounds, one beyond, of every type."""

from __future__ import annotations

from itertools import islice, permutations
from typing import TYPE_CHECKING, Any

from tcspec.evolution.keywords import IN_PLACE, subschemas, text
from tcspec.evolution.samples import LARGE
from tcspec.evolution.texts import Wanted, find

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tcspec.evolution.parts import Part

OF_EACH_TYPE: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    1,
    -1,
    1.5,
    "",
    "a",
    "other",
    [],
    [None],
    ["a", "a"],
    [1],
    {},
    {"other": None},
)
"""Some values of each JSON type."""

_LONGEST = 20_000
_MOST_ITEMS = 200
_MOST_PARTS = 500
_MOST_PAIRS = 30


def spread(parts: Iterable[Part]) -> list[Part]:
    """Give all that schemas say of one value, whether it must hold or not."""
    found: dict[tuple[int, int], Part] = {}
    waiting = list(parts)[::-1]
    while waiting and len(found) < _MOST_PARTS:
        part = waiting.pop()
        if isinstance(part.schema, dict) and part.key not in found:
            found[part.key] = part
            inner = [each for keyword, each in subschemas(part.schema) if keyword in IN_PLACE]
            if "$ref" in part.schema:
                inner.append(part.document.targets.get(part.schema["$ref"], True))
            waiting.extend(part.inner(each) for each in reversed(inner))
    return list(found.values())


def candidates(parts: Iterable[Part]) -> list[Any]:
    """Give values that schemas may judge differently, each once."""
    found: dict[str, Any] = {}
    said = spread(parts)
    contained = spread(part.inner(part.schema["contains"]) for part in said if "contains" in part.schema)
    for value in (*_all_suggested(said), *_between(said), *OF_EACH_TYPE):
        found.setdefault(text(value), value)
    for value in (*_all_suggested(contained), *OF_EACH_TYPE) if contained else ():
        found.setdefault(text([value]), [value])
    return list(found.values())


def _all_suggested(parts: list[Part]) -> Iterator[Any]:
    for part in parts:
        for keyword, given in part.schema.items():
            yield from _suggested(keyword, given)


def _between(parts: list[Part]) -> Iterator[str]:
    """Give texts that match one pattern and not another."""
    patterns = list(dict.fromkeys(part.schema["pattern"] for part in parts if "pattern" in part.schema))
    for one, other in islice(permutations(patterns, 2), _MOST_PAIRS):
        found = find(Wanted(frozenset({one}), frozenset({other}))).text
        if found is not None:
            yield found


def _suggested(keyword: str, given: Any) -> Iterator[Any]:  # noqa: ANN401 - what the keyword has
    match keyword:
        case "const":
            yield given
            if isinstance(given, str):
                yield f"{given}?"
        case "enum" | "examples":
            yield from given
        case "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf" if abs(given) < LARGE:
            yield from (given, given - 1, given + 1, given + 0.5, given - 0.5, given * 2, given * 1.5)
        case "minLength" | "maxLength":
            yield from ("a" * int(length) for length in _around(given) if length <= _LONGEST)
        case "pattern":
            yield from _texts(given)
        case "minItems" | "maxItems":
            yield from (list(range(int(length))) for length in _around(given) if length <= _MOST_ITEMS)
            yield from ([None] * int(length) for length in _around(given) if length <= _MOST_ITEMS)
        case "minProperties" | "maxProperties":
            yield from (
                {f"p{number}": None for number in range(int(length))}
                for length in _around(given)
                if length <= _MOST_ITEMS
            )
        case "required":
            yield dict.fromkeys(given)


def _around(given: float) -> Iterator[float]:
    yield from (given, given + 1)
    if given > 0:
        yield given - 1


def _texts(pattern: str) -> Iterator[str]:
    inside = find(Wanted(inside=frozenset({pattern}))).text
    outside = find(Wanted(outside=frozenset({pattern}))).text
    yield from (each for each in (inside, outside) if each is not None)
    if inside is not None:
        yield from (f"{inside}\n", f"{inside}{inside}", inside.lower(), f"?{inside}")
