"""Compatibility of two JSON Schemas: does the new one accept every payload that the old one accepts?

Yes is proved with the canonical forms of jsonschema-rs. No comes with a counterexample, a payload that the old schema
accepts and the new one rejects. Where there is neither, the answer is unknown.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache, partial
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import jsonschema_rs

from tcspec.contract.subschemas import ANYTHING, SAME_VALUE, Schema, Subschema, Validator

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MAX_CANONICAL = 1_500
"""Longer subschemas are compared keyword by keyword only: their canonical forms can take seconds."""
MAX_PROPOSALS = 50_000
MAX_FOUND = 20
"""How many values are tried on a subschema, and how many counterexamples of it in the schema around it."""
SAFE = frozenset({"identical", "compatible"})
_GROUP = {"patternProperties": "properties", "additionalProperties": "properties", "then": "if", "else": "if"}
"""Keywords that mean something only together with another."""
_TYPICAL: list[Any] = [None, True, False, 0, 1, 1.5, "", "a", "A-1", [], [None], ["A-1", "A-1"], {}, {"other": None}]
_canonicalize = partial(jsonschema_rs.canonicalize, draft=jsonschema_rs.Draft202012, offline=True)


class Comparison(NamedTuple):
    """The verdict of a comparison, `SAFE` when the new schema provably accepts all that the old one accepts."""

    verdict: Literal["identical", "compatible", "breaking", "unknown"]
    counterexample: Any = None


_Known = dict[tuple[str, str], list[Any]]


def compare(old: Schema, new: Schema, payloads: Iterable[Any] = ()) -> Comparison:
    """Compare two schemas; the search for a counterexample starts from `payloads` and the examples of both."""

    def differs(payload: Any) -> bool:  # noqa: ANN401 - any JSON value
        return not new.accepts(payload) and old.accepts(payload)

    if old.text == new.text:
        return Comparison("identical")
    examples = [*payloads, *new.root.examples, *_values(old.root)]
    found = _search(new.root, old.root, {})
    for counterexample in filter(differs, chain(examples, _vary(found, examples) if found else ())):
        # A reader understands the smallest payload best.
        smallest = counterexample
        while (smaller := next(filter(differs, _shrink(smallest)), ...)) is not ...:
            smallest = smaller
        return Comparison("breaking", smallest)
    is_exact = old.is_exact and new.is_exact
    if not (is_exact and not found) and not _is_covered(old.text, new.text):
        return Comparison("unknown")
    is_mutual = (is_exact and not _search(old.root, new.root, {})) or _is_covered(new.text, old.text)
    return Comparison("identical" if is_mutual else "compatible")


def _search(new: Subschema, old: Subschema, known: _Known) -> list[Any]:
    """Return values that the new subschema may reject; none when it provably accepts what the old one accepts."""
    key = old.text, new.text
    if key not in known:
        groups = dict.fromkeys(_GROUP.get(keyword, keyword) for keyword in new)
        found = [] if key[0] == key[1] else [value for each in groups for value in _search_group(each, new, old, known)]
        known[key] = list(_vary(found, old.examples)) if found and not _is_covered(*key) else []
    return known[key]


def _search_group(group: str, new: Subschema, old: Subschema, known: _Known) -> list[Any]:
    """Search under keywords that mean something only together: what a schema rejects, one of its groups rejects."""
    wide, narrow = (Subschema((key, each[key]) for key in each if _GROUP.get(key, key) == group) for each in (new, old))
    if wide.text == narrow.text or _is_covered(narrow.text, wide.text) or _is_covered(old.text, wide.text):
        return []
    match group:
        case "allOf":
            return [value for branch in wide["allOf"] for value in _search_branch(branch, old, known)]
        case "if" if "if" in wide.keys() & narrow.keys() and wide["if"].text == narrow["if"].text:
            parts = ((wide.get(part, ANYTHING), narrow.get(part, ANYTHING)) for part in ("then", "else"))
            return [value for pair in parts for value in _search(*pair, known)]
        case "items":
            return [[value] for value in _search_inside(wide["items"], narrow.get("items", ANYTHING), known)]
        case "properties":
            return [{name: value} for name, pair in _members(wide, narrow) for value in _search_inside(*pair, known)]
    return [*_values(old), *_values(new), *_TYPICAL]  # never empty: there is no proof


def _search_branch(branch: Subschema, old: Subschema, known: _Known) -> list[Any]:
    """Search in a branch of `allOf`; that it accepts what one old branch accepts is enough."""
    others = old.get("allOf", [])
    same = [each for each in others if each.text == branch.text or ("if" in branch and each.get("if") == branch["if"])]
    found = [_search(branch, each, known) for each in same or ("if" not in branch and others) or [old]]
    return [value for values in found for value in values] if all(found) else []


def _search_inside(new: Subschema, old: Subschema, known: _Known) -> list[Any]:
    """Search in a property or in items; around them only true counterexamples are of use."""
    values = _search(new, old, known)
    accepts, accepted = Validator(new).is_valid, Validator(old).is_valid
    proposed = _vary(values, list(_values(old))) if values else ()
    found = islice((each for each in proposed if not accepts(each) and accepted(each)), MAX_FOUND)
    return list(found) or values[:1]  # not empty when there is no proof


def _members(wide: Subschema, narrow: Subschema) -> Iterator[tuple[str, tuple[Subschema, Subschema]]]:
    """Yield a name for each property, each pattern and the rest, with the new and the old subschema for it."""
    new_rest, old_rest = (each.get("additionalProperties", ANYTHING) for each in (wide, narrow))
    for keyword in ("properties", "patternProperties"):
        new, old = (each.get(keyword, {}) for each in (wide, narrow))
        unknown = old_rest if keyword == "properties" and "patternProperties" not in narrow else ANYTHING
        for name in dict.fromkeys([*new, *old]):
            matching = name if keyword == "properties" else re.sub(r"\W", "a", re.sub(r"[\^$]", "", name))
            yield matching, (new.get(name, new_rest), old.get(name, unknown))
    yield "other", (new_rest, old_rest)


@lru_cache(maxsize=4096)
def _is_covered(old: str, new: str) -> bool:
    """Return whether jsonschema-rs proves that a new subschema accepts what an old one accepts."""
    if max(len(old), len(new)) > MAX_CANONICAL:
        return False
    try:
        narrow, wide = (_canonicalize(json.loads(each)) for each in (old, new))
        return wide.covers(narrow) == jsonschema_rs.canonical.Containment.YES
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # noqa: BLE001 - a panic of Rust is not an Exception
        return False


def _vary(values: list[Any], examples: list[Any]) -> Iterator[Any]:
    """Yield values, examples with something less, and examples with a value merged into them."""
    objects, others = ([each for each in some if isinstance(each, dict)] for some in (values, examples))
    merged = ({**other, **each} for other in others for each in objects)
    return islice(chain(values, chain.from_iterable(map(_shrink, examples)), merged), MAX_PROPOSALS)


def _shrink(value: Any) -> Iterator[Any]:  # noqa: ANN401 - any JSON value
    """Yield a value with one member, item or character less, here or further inside."""
    match value:
        case dict():
            for name, inner in value.items():
                others = {key: value[key] for key in value if key != name}
                yield others
                yield from ({**others, name: each} for each in _shrink(inner))
        case list():
            for index, item in enumerate(value):
                before, after = value[:index], value[index + 1 :]
                yield before + after
                yield from ([*before, each, *after] for each in _shrink(item))
        case str() if value:
            yield from (value[: len(value) // 2], value[:-1])


def _values(schema: Subschema) -> Iterator[Any]:
    """Yield values that a subschema names or probably accepts, and those at its limits."""
    yield from (*schema.examples, *([schema["const"]] if "const" in schema else []), *schema.get("enum", []))
    merged = {name: _sample(schema.get("properties", {}).get(name, ANYTHING)) for name in schema.get("required", [])}
    for keyword in filter(schema.__contains__, SAME_VALUE):
        for part in schema[keyword] if isinstance(schema[keyword], list) else [schema[keyword]]:
            values = list(_values(part))
            yield from values
            if keyword in {"allOf", "if", "then"}:
                merged |= next((each for each in values if isinstance(each, dict)), {})
    # What requires a property may not know its type.
    own = schema.get("properties", {})
    wrong = [name for name in merged.keys() & own.keys() if not Validator(own[name]).is_valid(merged[name])]
    yield merged | {name: _sample(own[name]) for name in wrong}
    for number in schema.values():
        for near in (number, number - 1, number + 1) if type(number) in {int, float} else ():
            size = int(near) if near in range(10_000) else 0
            items = [_sample(schema.get("items", ANYTHING))] * min(size, 100)
            yield from (near, "a" * size, items, dict.fromkeys(map(str, range(len(items)))))


def _sample(schema: Subschema) -> Any:  # noqa: ANN401 - any JSON value
    """Return a value that a subschema accepts."""
    return next(filter(Validator(schema).is_valid, chain(_values(schema), _TYPICAL)), None)
