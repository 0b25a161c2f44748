"""Rules on the names of properties: close to a standard one, deprecated, or of another event."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from tcspec.contract.schemas import load_catalogue
from tcspec.errors import Severity
from tcspec.rules.context import pointer
from tcspec.rules.events.vocabulary import closest, is_standard, places, same_but_spelt, snake_case, users_of
from tcspec.rules.fixes.offers import move, offer
from tcspec.rules.rule import SAFE, UNSAFE, Finding, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tcspec.rules.context import RuleContext
    from tcspec.rules.events.vocabulary import Place

_EVENTS = "developers/tracking/events-reference/README.md"
_RETAIL = "developers/tracking/about-events/ecommerce-retail-events.md"
_WEB = "developers/tracking/about-events/js-sdk-event-specificity.md"

_FEW = 3
_RETAIL_NAMES = MappingProxyType(
    {
        "transaction_id": "id",
        "tax": "tax_amount",
        "shipping": "shipping_amount",
        "payment_type": "payment_method",
        "name": "page_name",
    }
)
"""The names of the retail list, with those of the reference pages (K055, K056)."""
_AMOUNTS = frozenset({"transaction_id", "tax", "shipping"})


@rule("TC112", "the name of a property is close to a standard one", Severity.INFO, source=f"{_WEB}; K066", fix=SAFE)
def near_a_standard_property(event: RuleContext) -> Iterator[Finding]:
    """Tell a property whose name differs from one that belongs there by a slip of the pen or its separators.

    Custom properties are legal, so nothing refuses it; but whoever reads the standard property finds none. Where
    several names stand for one property none is moved, since which of them is meant cannot be told.

    Bad:

        {"event_name": "search", "serach_term": "tent", "user": {"id": "1042", "first_name": "Ada"}}

    Good:

        {"event_name": "search", "search_term": "tent", "user": {"id": "1042", "firstname": "Ada"}}
    """
    for place in places(event):
        for slip in _slips(event, place):
            if not slip.is_case:
                message = f"no standard property here is `{slip.name}`, but `{slip.meant}` is one"
                yield _misnamed(event, place, slip, message)


@rule("TC113", "a property is not in snake_case", Severity.INFO, source=_EVENTS, fix=SAFE)
def not_snake_case(event: RuleContext) -> Iterator[Finding]:
    """Tell a standard property that is written with capitals, hyphens or spaces.

    Nearly all names of the vendor are in small letters with underscores, and names are compared letter by letter: the
    property arrives as a custom one, and whoever reads the standard property finds none.

    Bad:

        {"event_name": "search", "searchTerm": "tent"}

    Good:

        {"event_name": "search", "search_term": "tent"}
    """
    for place in places(event):
        for slip in _slips(event, place):
            if slip.is_case:
                yield _misnamed(event, place, slip, f"the standard property is `{slip.meant}`")


@rule("TC114", "a property is deprecated", source=f"{_EVENTS}; K024, K052, K068", fix=SAFE)
def deprecated(event: RuleContext) -> Iterator[Finding]:
    """Tell a property that the vendor has given another name.

    The old name is still taken, but newer destinations and reports read the new one. Where both are there the old
    one is harmless.

    Bad:

        {"event_name": "page_view", "type": "home"}

    Good:

        {"event_name": "page_view", "page_type": "home"}
    """
    for place in places(event):
        for name, entry in place.known.items():
            value = place.held.get(name)
            if not entry.get("deprecated") or not isinstance(value, str | dict):
                continue
            target = entry["replaced_by"]
            if target not in place.held:
                source = (*place.path, name, *(("href",) if isinstance(value, dict) and "href" in value else ()))
                movement = move(source, (*place.path, target))
                fix = offer(event, f"call it {target}", movement, is_safe=True)
                message = f"`{name}` is deprecated, its name is `{target}`"
                data = {"property": name, "expected": target}
                yield Finding(pointer(*place.path, name), message, data, f"write `{target}`", fix)
            elif isinstance(value, str):  # an object holds more than the address that went to its new name
                message = f"`{name}` is deprecated, and `{target}` is there too"
                where = pointer(*place.path, name)
                yield Finding(where, message, {"property": name}, "leave it out", severity=Severity.INFO)


@rule("TC115", "a property belongs to another event", Severity.INFO, source=_EVENTS)
def of_another_event(event: RuleContext) -> Iterator[Finding]:
    """Tell a property that the reference has for other events, and not for this one.

    Custom properties are legal; but a property of another event is often one that was pasted with it, or the sign of
    a wrong event name.

    Bad:

        {"event_name": "page_view", "page_type": "search", "search_term": "tent"}

    Good:

        {"event_name": "search", "search_term": "tent"}
    """
    if not is_standard(event):
        return
    for name in next(places(event)).unknown:
        events = users_of(name)
        if events and not _retail_name(name, event):
            told = ", ".join(f"`{each}`" for each in events[:_FEW]) + (" and others" if len(events) > _FEW else "")
            message = f"`{name}` is a property of {told}, not of `{event.name}`"
            yield Finding(pointer(name), message, {"property": name, "events": list(events)})


@rule("TC118", "a property has its name of the retail list", Severity.INFO, source=f"{_RETAIL}; K055, K056", fix=UNSAFE)
def retail_name(event: RuleContext) -> Iterator[Finding]:
    """Tell a property that is named as the vendor's list of retail events has it, and not as the reference.

    The list uses names of another product. The identifier and the amounts of a purchase are read under the names of
    the reference alone.

    Bad:

        {"event_name": "purchase", "transaction_id": "NO-1815", "tax": 4.2, "value": 25.2}

    Good:

        {"event_name": "purchase", "id": "NO-1815", "tax_amount": 4.2, "value": 25.2}
    """
    for name in next(places(event)).unknown:
        meant = _retail_name(name, event)
        if meant:
            severity = Severity.WARNING if event.name == "purchase" and name in _AMOUNTS else Severity.INFO
            slip = _Slip(name, meant)
            yield _misnamed(event, next(places(event)), slip, f"the reference calls it `{meant}`", severity)


@dataclass(frozen=True, slots=True)
class _Slip:
    """A name that is written for a standard one: its case or separators, or more of it, is another."""

    name: str
    meant: str
    is_case: bool = False
    is_same: bool = False
    is_alone: bool = True
    """Whether no other name at its place is written for the same."""


def _slips(event: RuleContext, place: Place) -> list[_Slip]:
    """List the names at a place that are written for standard ones, without those that other rules speak of."""
    known = _current(place)
    free = tuple(name for name in known if name not in place.held)
    slips: list[_Slip] = []
    for name in place.unknown:
        if (meant := snake_case(name)) in known:
            slips.append(_Slip(name, meant, is_case=True, is_same=True))
        elif not (_is_hash(name) or (not place.path and _is_told_elsewhere(name, event))):
            if same := same_but_spelt(name, known):
                slips.append(_Slip(name, same, is_same=True))
            elif near := closest(name, free):
                slips.append(_Slip(name, near))
    written = Counter(slip.meant for slip in slips)
    return [replace(slip, is_alone=written[slip.meant] == 1) for slip in slips]


def _misnamed(event: RuleContext, place: Place, slip: _Slip, message: str, severity: Severity | None = None) -> Finding:
    """Say that a property goes by another name than it should; where it is not the only one to, it has no fix."""
    fix, hint = None, f"did you mean `{slip.meant}`?"
    if slip.meant in place.held:
        hint = f"`{slip.meant}` is there too"
    elif not slip.is_alone:
        hint = f"did you mean `{slip.meant}`? another name here is close to it too"
    else:
        movement = move((*place.path, slip.name), (*place.path, slip.meant))
        fix = offer(event, f"call it {slip.meant}", movement, is_safe=slip.is_same)
    data = {"property": slip.name, "expected": slip.meant}
    return Finding(pointer(*place.path, slip.name), message, data, hint, fix, severity)


def _current(place: Place) -> tuple[str, ...]:
    """List the names known at a place that are no former ones."""
    return tuple(name for name, entry in place.known.items() if "replaced_by" not in entry)


def _is_hash(name: str) -> bool:
    return name.endswith(tuple(each["suffix"] for each in load_catalogue()["hashes"].values()))


def _is_told_elsewhere(name: str, event: RuleContext) -> bool:
    """Tell whether another rule speaks of a property of the root: it is known, only not to this event."""
    return bool(_retail_name(name, event) or (users_of(name) and is_standard(event)))


def _retail_name(name: str, event: RuleContext) -> str | None:
    """Give the name in the reference of what is named as in the retail list."""
    meant = _RETAIL_NAMES.get(name)
    return meant if meant in event.event.get("properties", ()) and is_standard(event) else None
