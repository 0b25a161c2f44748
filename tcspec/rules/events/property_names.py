"""Rules on names of properties that were probably intended to be standard ones, in another notation or place."""

from __future__ import annotations

from collections import Counter
from functools import cache, lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from tcspec.contract.credentials import is_configuration
from tcspec.contract.schemas import load_catalogue
from tcspec.errors import Basis, Fix, Severity
from tcspec.kinds import PIXEL
from tcspec.patterns import compile_late
from tcspec.personal import mask_pointer
from tcspec.rules.events.names import events_with, has_custom_names, has_odd_names, is_standard
from tcspec.rules.fixes.offers import add, move
from tcspec.rules.known_names import MAX_LENGTH, REMEMBERED, to_snake_case
from tcspec.rules.known_objects import once_per_shape
from tcspec.rules.rule import SAFE, UNSAFE, Finding, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tcspec.rules.context import RuleContext
    from tcspec.rules.known_names import KnownNames
    from tcspec.rules.known_objects import KnownObject, Shape

_EVENTS = "developers/tracking/events-reference/README.md"
_RETAIL = "developers/tracking/about-events/ecommerce-retail-events.md"
_WEB = "developers/tracking/about-events/js-sdk-event-specificity.md"
_PIXEL = "features/sources/sources-catalog/web/pixel-tracking.md"

_SHORTEST_PATH = 2
_PATH_SEPARATORS = compile_late(r"[.\[\]/:]|->")
_RETAIL_NAMES = MappingProxyType(
    {
        "transaction_id": "id",
        "tax": "tax_amount",
        "shipping": "shipping_amount",
        "payment_type": "payment_method",
        "name": "page_name",
    }
)
"""The names of the retail page, with those of the reference (K055, K056)."""
_PURCHASE_AMOUNTS = frozenset({"transaction_id", "tax", "shipping"})


@rule(
    "TC112",
    "property name is close to a standard one",
    Severity.INFO,
    source=f"{_WEB}; K066",
    fix=SAFE,
    needs=has_custom_names,
)
def similar_property_name(event: RuleContext) -> Iterator[Finding]:
    """A property name differs from a standard one by a misspelling or its separators.

    Custom properties are legal, so the event is accepted. But consumers of the standard property do not find it. There
    is no fix if several names are close to the same standard name.

    Bad:

        {"event_name": "search", "serach_term": "tent", "user": {"id": "1042", "first_name": "Ada"}}

    Good:

        {"event_name": "search", "search_term": "tent", "user": {"id": "1042", "firstname": "Ada"}}
    """
    for known, typo in _find_typos(event):
        if not typo.is_case:
            message = f"unknown property `{typo.name}` is close to the standard property `{typo.suggestion}`"
            yield _rename_property(known, typo, message)


@rule("TC113", "property name is not in snake_case", Severity.INFO, source=_EVENTS, fix=SAFE, needs=has_custom_names)
def not_snake_case(event: RuleContext) -> Iterator[Finding]:
    """A standard property is written with capitals, hyphens or spaces.

    Names are compared letter by letter, and nearly all of the vendor's are in snake_case. The property arrives as a
    custom one, and consumers of the standard property do not find it.

    Bad:

        {"event_name": "search", "searchTerm": "tent"}

    Good:

        {"event_name": "search", "search_term": "tent"}
    """
    for known, typo in _find_typos(event):
        if typo.is_case:
            yield _rename_property(known, typo, f"`{typo.name}` is the standard property `{typo.suggestion}`")


def has_retail_names(event: RuleContext) -> bool:
    """Return whether an event has a custom property at the root with a name of the retail page."""
    return _has_retail_names(event.known_objects[0].shape)


@once_per_shape
def _has_retail_names(shape: Shape) -> bool:
    return not _RETAIL_NAMES.keys().isdisjoint(shape.custom)


@rule(
    "TC118",
    "property name of the retail page",
    Severity.INFO,
    source=f"{_RETAIL}; K055, K056",
    fix=UNSAFE,
    needs=has_retail_names,
)
def retail_property_name(event: RuleContext) -> Iterator[Finding]:
    """A property has the name from the vendor's page on retail events, not from the reference.

    That page uses the names of another product. The identifier and the amounts of a purchase are only read under the
    names of the reference.

    Bad:

        {"event_name": "purchase", "transaction_id": "NO-1815", "tax": 4.2, "value": 25.2}

    Good:

        {"event_name": "purchase", "id": "NO-1815", "tax_amount": 4.2, "value": 25.2}
    """
    root = event.known_objects[0]
    for name in root.custom:
        suggestion = retail_name(name, event)
        if suggestion:
            is_amount = event.name == "purchase" and name in _PURCHASE_AMOUNTS
            message = f"`{name}` is `{suggestion}` in the reference"
            severity = Severity.WARNING if is_amount else Severity.INFO
            yield _rename_property(root, _Typo(name, suggestion), message, severity)


@rule(
    "TC120",
    "property name that is a path",
    source=f"{_WEB}; {_PIXEL}",
    basis=Basis.INFERRED,
    fix=UNSAFE,
    needs=has_odd_names,
)
def dotted_name(event: RuleContext) -> Iterator[Finding]:
    """A property is named with a path into an object, such as `user.id`, instead of being in the object.

    Some clients write nested properties so. The name is that of a custom property, and the property itself is missing.
    In JSON an object is nested; in the query of a pixel the names nest in brackets.

    Bad:

        {"event_name": "login", "user.id": "1042"}

    Good:

        {"event_name": "login", "user": {"id": "1042"}}
    """
    for known in event.custom_objects:
        for name in known.custom:
            parts = [part for part in _PATH_SEPARATORS.split(name) if part]
            if len(parts) < _SHORTEST_PATH or parts[0] not in known.properties.objects:
                continue
            path, target = (*known.path, name), (*known.path, *parts)
            parent = event.at(*target[:-1])
            is_free = isinstance(parent, dict) and parts[-1] not in parent
            first = (add(target[:-1], {}),) if len(parts) == _SHORTEST_PATH and parts[0] not in known.value else ()
            fix = Fix("move it into the object", (*first, move(path, target))) if is_free or first else None
            hint = f"nest it in the object `{target[-2]}`"
            if event.version.kind == PIXEL.name:
                hint = f"write `{target[0]}{''.join(f'[{part}]' for part in target[1:])}`"
            yield Finding(
                path,
                f"`{name}` is a path, which is not read as one",
                {"expected": mask_pointer(event.pointer_to(target))},
                hint,
                fix,
            )


class _Typo(NamedTuple):
    """A custom name that was probably intended to be a standard one.

    `is_case` names only differ from it in snake_case, `is_same` names in case or separators. `is_only` is false when
    another name beside it was intended to be the same standard name.
    """

    name: str
    suggestion: str
    is_case: bool = False
    is_same: bool = False
    is_only: bool = True


class _Intended(NamedTuple):
    """The standard name that a custom one was probably intended to be, as in `_Typo`."""

    name: str
    is_case: bool
    is_same: bool


@lru_cache(maxsize=1)
def _find_typos(event: RuleContext) -> list[tuple[KnownObject, _Typo]]:
    """Return the custom names of an event that are close to standard ones, each with the object that has it.

    Two rules report them; to compare names is the most expensive thing that rules do, so it is done once an event.
    """
    return [(known, typo) for known in event.custom_objects for typo in _find_typos_in(known, event)]


def _find_typos_in(known: KnownObject, event: RuleContext) -> list[_Typo]:
    """Return the custom names of an object that are close to standard ones, without those of other rules."""
    typos = [
        _Typo(name, *intended)
        for name, intended in _find_intended_names(known.shape)
        if (intended.is_case or known.path or not _has_other_rule(name, event)) and not is_configuration(name)
    ]
    if not typos:
        return typos
    counts = Counter(typo.suggestion for typo in typos)
    return [typo if counts[typo.suggestion] == 1 else typo._replace(is_only=False) for typo in typos]


@once_per_shape
def _find_intended_names(shape: Shape) -> list[tuple[str, _Intended]]:
    """Return the custom names of a shape that are close to standard ones, with these."""
    found: list[tuple[str, _Intended]] = []
    for name in shape.custom:
        find = _find_intended if len(name) > MAX_LENGTH else _find_intended_of_short
        if intended := find(shape.properties.current, name):
            found.append((name, intended))
    return found


def _find_intended(known: KnownNames, name: str) -> _Intended | None:
    """Return the standard name that a custom one was probably intended to be; None of one that is close to none."""
    if (suggestion := to_snake_case(name)) in known.names:
        return _Intended(suggestion, is_case=True, is_same=True)
    # A hash is named after what it hides, so that it is close to the hash of something else.
    if name.endswith(_hash_suffixes()):
        return None
    if same := known.find_same(name):
        return _Intended(same, is_case=False, is_same=True)
    similar = known.find_similar(name)
    return _Intended(similar, is_case=False, is_same=False) if similar else None


# Most names come again, also in objects with other names beside them.
_find_intended_of_short = lru_cache(maxsize=REMEMBERED)(_find_intended)


def _rename_property(known: KnownObject, typo: _Typo, message: str, severity: Severity | None = None) -> Finding:
    """Return the finding of a name, with a fix if the standard name is free and no other name is close to it."""
    path, suggestion = (*known.path, typo.name), typo.suggestion
    fix, hint = None, f"did you mean `{suggestion}`?"
    if suggestion in known.value:
        hint = f"did you mean `{suggestion}`? it is present too"
    elif not typo.is_only:
        hint = f"did you mean `{suggestion}`? another name here is close to it too"
    else:
        fix = Fix(f"rename to `{suggestion}`", (move(path, (*known.path, suggestion)),), typo.is_same)
    return Finding(path, message, {"property": typo.name, "expected": suggestion}, hint, fix, severity)


@cache
def _hash_suffixes() -> tuple[str, ...]:
    return tuple(each["suffix"] for each in load_catalogue()["hashes"].values())


def _has_other_rule(name: str, event: RuleContext) -> bool:
    """Return whether another rule reports a property of the root that is only known of other events."""
    return bool(retail_name(name, event) or (events_with(name) and is_standard(event)))


def retail_name(name: str, event: RuleContext) -> str | None:
    """Return the name in the reference for a name of the retail page."""
    suggestion = _RETAIL_NAMES.get(name)
    return suggestion if suggestion in event.spec.get("properties", ()) and is_standard(event) else None
