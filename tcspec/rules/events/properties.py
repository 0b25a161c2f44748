"""Rules on names and values of properties: close to a standard name, deprecated, of another event, outside a list."""

from __future__ import annotations

import dataclasses
import json
import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from tcspec.contract.privacy import may_show
from tcspec.contract.schemas import load_catalogue
from tcspec.errors import Basis, Fix, Severity
from tcspec.jsontext.pointer import join
from tcspec.kinds import PIXEL
from tcspec.rules.events.names import (
    events_with,
    find_same,
    find_similar,
    is_standard,
    iter_known_objects,
    to_snake_case,
)
from tcspec.rules.fixes.offers import add, move, replace
from tcspec.rules.rule import SAFE, UNSAFE, Finding, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tcspec.rules.context import Path, RuleContext
    from tcspec.rules.events.names import KnownObject

_EVENTS = "developers/tracking/events-reference/README.md"
_RETAIL = "developers/tracking/about-events/ecommerce-retail-events.md"
_WEB = "developers/tracking/about-events/js-sdk-event-specificity.md"
_CAMPAIGN = "developers/tracking/events-reference/campaign-analytics-module-events.md"

_PIXEL = "features/sources/sources-catalog/web/pixel-tracking.md"

_MAX_EVENTS = 3
_SHORTEST_PATH = 2
_PATH_SEPARATORS = re.compile(r"[.\[\]/:]|->")
_MAX_LENGTH = 40
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
_COMMON = frozenset({"items"})
_PURCHASE_AMOUNTS = frozenset({"transaction_id", "tax", "shipping"})


@rule("TC112", "property name is close to a standard one", Severity.INFO, source=f"{_WEB}; K066", fix=SAFE)
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


@rule("TC113", "property name is not in snake_case", Severity.INFO, source=_EVENTS, fix=SAFE)
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


@rule("TC114", "deprecated property", source=f"{_EVENTS}; K024, K052, K068", fix=SAFE)
def deprecated_property(event: RuleContext) -> Iterator[Finding]:
    """A property was renamed by the vendor.

    The old name is still accepted, but newer destinations and reports read the new one. If both are present the old
    one is harmless.

    Bad:

        {"event_name": "page_view", "type": "home"}

    Good:

        {"event_name": "page_view", "page_type": "home"}
    """
    for known in iter_known_objects(event):
        for name, spec in known.specs.items():
            value = known.value.get(name)
            if not spec.get("deprecated") or not isinstance(value, str | dict):
                continue
            path, new = (*known.path, name), spec["replaced_by"]
            if new not in known.value:
                source = (*path, "href") if isinstance(value, dict) and "href" in value else path
                fix = Fix(f"rename to `{new}`", (move(source, (*known.path, new)),), is_safe=True)
                data = {"property": name, "expected": new}
                yield Finding(path, f"`{name}` is deprecated", data, f"rename it to `{new}`", fix)
            elif isinstance(value, str):  # an object contains more than the address that was copied to the new name
                message = f"`{name}` is deprecated, and its new name `{new}` is present too"
                yield Finding(path, message, {"property": name}, f"remove `{name}`", severity=Severity.INFO)


@rule("TC115", "property of another event", Severity.INFO, source=_EVENTS)
def property_of_another_event(event: RuleContext) -> Iterator[Finding]:
    """The reference has a property for other events, but not for this one.

    Custom properties are legal. But a property of another event was often copied with it, or the event has the wrong
    name. What describes the page of any event, such as `page_type`, is not reported, nor are `items`, which a template
    of the vendor sends with every event.

    Bad:

        {"event_name": "page_view", "page_type": "search", "search_term": "tent"}

    Good:

        {"event_name": "search", "search_term": "tent"}
    """
    if not is_standard(event):
        return
    for name in next(iter_known_objects(event)).unknown:
        events = events_with(name)
        if events and name not in _COMMON and "page_view" not in events and not _retail_name(name, event):
            names = ", ".join(f"`{each}`" for each in events[:_MAX_EVENTS])
            more = " and others" if len(events) > _MAX_EVENTS else ""
            message = f"`{name}` is a property of {names}{more}, not of `{event.name}`"
            yield Finding((name,), message, {"property": name, "events": list(events)})


@rule(
    "TC116",
    "value is not on the vendor's list",
    source="developers/tracking/events-reference/README.md; K060",
    fix=SAFE,
)
def unlisted_value(event: RuleContext) -> Iterator[Finding]:
    """A value is not on the list that the vendor gives for the property.

    The lists of payment methods, order states and ad types are called closed, though nothing refuses other values;
    reports and destinations only know the values on the list (K059, K060). Other lists are recommendations.

    Bad:

        {"event_name": "add_payment_info", "payment_method": "CreditCard"}

    Good:

        {"event_name": "add_payment_info", "payment_method": "card"}
    """
    for known in iter_known_objects(event):
        for name, spec in known.specs.items():
            listed = spec.get("enum") or spec.get("recommended", ())
            value = known.value.get(name)
            # The gender of a user has a rule of its own.
            if listed and isinstance(value, str) and value not in listed and name != "gender":
                severity = Severity.WARNING if "enum" in spec else Severity.INFO
                yield _replace_unlisted(event, (*known.path, name), value, listed, severity)


@rule("TC118", "property name of the retail page", Severity.INFO, source=f"{_RETAIL}; K055, K056", fix=UNSAFE)
def retail_property_name(event: RuleContext) -> Iterator[Finding]:
    """A property has the name from the vendor's page on retail events, not from the reference.

    That page uses the names of another product. The identifier and the amounts of a purchase are only read under the
    names of the reference.

    Bad:

        {"event_name": "purchase", "transaction_id": "NO-1815", "tax": 4.2, "value": 25.2}

    Good:

        {"event_name": "purchase", "id": "NO-1815", "tax_amount": 4.2, "value": 25.2}
    """
    root = next(iter_known_objects(event))
    for name in root.unknown:
        suggestion = _retail_name(name, event)
        if suggestion:
            is_amount = event.name == "purchase" and name in _PURCHASE_AMOUNTS
            message = f"`{name}` is `{suggestion}` in the reference"
            severity = Severity.WARNING if is_amount else Severity.INFO
            yield _rename_property(root, _Typo(name, suggestion), message, severity)


@rule("TC120", "property name that is a path", source=f"{_WEB}; {_PIXEL}", basis=Basis.INFERRED, fix=UNSAFE)
def dotted_name(event: RuleContext) -> Iterator[Finding]:
    """A property is named with a path into an object, such as `user.id`, instead of being in the object.

    Some clients write nested properties so. The name is that of a custom property, and the property itself is missing.
    In JSON an object is nested; in the query of a pixel the names nest in brackets.

    Bad:

        {"event_name": "login", "user.id": "1042"}

    Good:

        {"event_name": "login", "user": {"id": "1042"}}
    """
    for known in iter_known_objects(event):
        for name in known.unknown:
            parts = [part for part in _PATH_SEPARATORS.split(name) if part]
            if len(parts) < _SHORTEST_PATH or "object" not in known.specs.get(parts[0], {}):
                continue
            path, target = (*known.path, name), (*known.path, *parts)
            parent = event.at(*target[:-1])
            is_free = isinstance(parent, dict) and parts[-1] not in parent
            first = (add(target[:-1], {}),) if len(parts) == _SHORTEST_PATH and parts[0] not in known.value else ()
            fix = Fix("move it into the object", (*first, move(path, target))) if is_free or first else None
            hint = f"nest it in the object `{target[-2]}`"
            if event.version.kind == PIXEL.name:
                hint = f"write `{target[0]}{''.join(f'[{part}]' for part in target[1:])}`"
            yield Finding(path, f"`{name}` is a path, which is not read as one", {"expected": join(target)}, hint, fix)


@rule("TC610", "blank medium or source of a campaign", source=f"{_CAMPAIGN}; K062", basis=Basis.INFERRED)
def blank_campaign_property(event: RuleContext) -> Iterator[Finding]:
    """The medium or the source of an `ad_view` or `ad_click` is blank.

    Both are required because the event is attributed by them; a blank one satisfies the contract, but is attributed to
    nobody. The placeholder of the ad server was probably not filled in.

    Bad:

        {"event_name": "ad_click", "medium": "display", "source": ""}

    Good:

        {"event_name": "ad_click", "medium": "display", "source": "alpine-news"}
    """
    if event.spec.get("family") != "campaign":
        return
    for name, spec in event.spec["properties"].items():
        value = event.at(name)
        if spec["missing"] == "error" and isinstance(value, str) and not value.strip():
            data = {"property": name, "expected": "a string that is not blank", "actual": "a blank string"}
            yield Finding((name,), f"`{name}` is blank", data)


@dataclass(frozen=True, slots=True)
class _Typo:
    """A custom name that was probably intended to be a standard one.

    `is_case` names only differ from it in snake_case, `is_same` names in case or separators. `is_only` is false when
    another name beside it was intended to be the same standard name.
    """

    name: str
    suggestion: str
    is_case: bool = False
    is_same: bool = False
    is_only: bool = True


@lru_cache(maxsize=1)
def _find_typos(event: RuleContext) -> list[tuple[KnownObject, _Typo]]:
    """Return the custom names of an event that are close to standard ones, each with the object that has it.

    Two rules report them; to compare names is the most expensive thing that rules do, so it is done once an event.
    """
    return [(known, typo) for known in iter_known_objects(event) for typo in _find_typos_in(known, event)]


def _find_typos_in(known: KnownObject, event: RuleContext) -> list[_Typo]:
    """Return the custom names of an object that are close to standard ones, without those of other rules."""
    current = tuple(name for name, spec in known.specs.items() if "replaced_by" not in spec)
    typos: list[_Typo] = []
    for name in known.unknown:
        if (suggestion := to_snake_case(name)) in current:
            typos.append(_Typo(name, suggestion, is_case=True, is_same=True))
        elif not (_is_hash_name(name) or (not known.path and _has_other_rule(name, event))):
            if same := find_same(name, current):
                typos.append(_Typo(name, same, is_same=True))
            elif similar := find_similar(name, current):
                typos.append(_Typo(name, similar))
    counts = Counter(typo.suggestion for typo in typos)
    return [typo if counts[typo.suggestion] == 1 else dataclasses.replace(typo, is_only=False) for typo in typos]


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


def _replace_unlisted(event: RuleContext, path: Path, value: str, listed: list[str], severity: Severity) -> Finding:
    same = find_same(value, listed)
    suggestion = same or find_similar(value, listed)
    fix = Fix(f"replace with `{suggestion}`", (replace(path, suggestion),), bool(same)) if suggestion else None
    is_shown = len(value) <= _MAX_LENGTH and may_show(path, value, event.value, event.version)
    actual = json.dumps(value, ensure_ascii=False) if is_shown else "another string"
    message = f"expected one of {', '.join(listed)}; got {actual}"
    data = {"property": path[-1], "expected": listed, "actual": actual}
    return Finding(path, message, data, f"did you mean `{suggestion}`?" if suggestion else None, fix, severity)


def _is_hash_name(name: str) -> bool:
    return name.endswith(tuple(each["suffix"] for each in load_catalogue()["hashes"].values()))


def _has_other_rule(name: str, event: RuleContext) -> bool:
    """Return whether another rule reports a property of the root that is only known of other events."""
    return bool(_retail_name(name, event) or (events_with(name) and is_standard(event)))


def _retail_name(name: str, event: RuleContext) -> str | None:
    """Return the name in the reference for a name of the retail page."""
    suggestion = _RETAIL_NAMES.get(name)
    return suggestion if suggestion in event.spec.get("properties", ()) and is_standard(event) else None
