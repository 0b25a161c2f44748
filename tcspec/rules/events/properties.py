"""Rules on properties: deprecated, of another event, with a value outside a list."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tcspec.contract.privacy import may_show
from tcspec.dialects import shows_web_container
from tcspec.errors import Basis, Fix, Severity
from tcspec.kinds import EVENT
from tcspec.rules.events.names import events_by_property, events_with, is_standard
from tcspec.rules.events.property_names import retail_name
from tcspec.rules.fixes.offers import move, replace
from tcspec.rules.known_names import KnownNames
from tcspec.rules.known_objects import once_per_shape
from tcspec.rules.rule import SAFE, Finding, rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tcspec.rules.context import Path, RuleContext
    from tcspec.rules.known_objects import Shape

_EVENTS = "developers/tracking/events-reference/README.md"
_CAMPAIGN = "developers/tracking/events-reference/campaign-analytics-module-events.md"

_MAX_EVENTS = 3
_MAX_LENGTH = 40
_COMMON = frozenset({"items"})
_PAGE_TYPES = frozenset({"page_type", "type"})
_CONTEXT_OBJECTS = ("page", "device", "app")


def is_campaign(spec: Mapping[str, Any]) -> bool:
    """Return whether an event belongs to a campaign."""
    return spec.get("family") == "campaign"


def has_borrowed_names(event: RuleContext) -> bool:
    """Return whether an event has a custom property at the root that the reference has for other events."""
    return _has_borrowed_names(event.known_objects[0].shape)


@once_per_shape
def _has_borrowed_names(shape: Shape) -> bool:
    return not events_by_property().keys().isdisjoint(shape.custom)


def has_deprecated(event: RuleContext) -> bool:
    """Return whether an event has a property that was renamed."""
    for known in event.known_objects:  # noqa: SIM110 - a generator takes three times as long
        if known.shape.deprecated:
            return True
    return False


@rule("TC114", "deprecated property", source=f"{_EVENTS}; K024, K052, K068", fix=SAFE, needs=has_deprecated)
def deprecated_property(event: RuleContext) -> Iterator[Finding]:
    """A property was renamed by the vendor.

    The old name is still accepted, but newer destinations and reports read the new one. If both are present the old
    one is harmless.

    Bad:

        {"event_name": "page_view", "type": "home"}

    Good:

        {"event_name": "page_view", "page_type": "home"}
    """
    for known in event.known_objects:
        for name, spec in known.shape.deprecated:
            value = known.value[name]
            if not isinstance(value, str | dict):
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


@rule("TC115", "property of another event", Severity.INFO, source=_EVENTS, needs=has_borrowed_names)
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
    for name in event.known_objects[0].custom:
        events = events_with(name)
        # The web container adds what describes the page to any event (K054).
        if events and name not in _COMMON and "page_view" not in events and not retail_name(name, event):
            names = ", ".join(f"`{each}`" for each in events[:_MAX_EVENTS])
            more = " and others" if len(events) > _MAX_EVENTS else ""
            message = f"`{name}` is a property of {names}{more}, not of `{event.name}`"
            yield Finding((name,), message, {"property": name, "events": list(events)})


def is_page_view(spec: Mapping[str, Any]) -> bool:
    """Return whether an event is a page_view."""
    return "page_type" in spec.get("properties", {})


def is_untyped(event: RuleContext) -> bool:
    """Return whether an event has no page type, under neither of its names."""
    return _PAGE_TYPES.isdisjoint(event.value)


@rule(
    "TC122",
    "page_view without a page type",
    source=f"{_EVENTS}#L1040; K053",
    kinds=(EVENT.name,),
    events=is_page_view,
    needs=is_untyped,
)
def untyped_page(event: RuleContext) -> Iterator[Finding]:
    """A page_view of the web container has no `page_type`.

    The table requires it, and of any other sender its absence is an error. Web containers since 90.5 add it from
    `env_template`; of an event of an older one, or without that variable, no report knows the kind of the page.

    Bad:

        {"event_name": "page_view", "context": {"version": 2, "eventId": "e-1"}}

    Good:

        {"event_name": "page_view", "page_type": "home", "context": {"version": 2, "eventId": "e-1"}}
    """
    if is_page_view(event.spec) and is_untyped(event) and shows_web_container(event.value):
        hint = "set `env_template` in the data layer, or send `page_type`"
        yield Finding((), "missing `page_type`", {"property": "page_type"}, hint)


def has_empty_objects(event: RuleContext) -> bool:
    """Return whether an object in the context is empty."""
    return {} in event.context.values()


@rule(
    "TC218",
    "empty object in the context",
    Severity.INFO,
    source="features/sources/sources-catalog/http-tracking-api.md; K004",
    needs=has_empty_objects,
)
def empty_context_object(event: RuleContext) -> Iterator[Finding]:
    """The page, the device or the app in the context is an empty object.

    The vendor's example of a batch has such objects. They are legal and say nothing; a sender that has them usually
    does not read what they should hold.

    Bad:

        {"event_name": "login", "context": {"event_id": "e-1", "event_timestamp": 1718006400000, "page": {}}}

    Good:

        {"event_name": "login", "context": {"event_id": "e-1", "event_timestamp": 1718006400000}}
    """
    for name in _CONTEXT_OBJECTS:
        if event.context.get(name) == {}:
            hint = f"leave `{name}` out while there is nothing in it"
            yield Finding(("context", name), f"`{name}` is an empty object", {"property": name}, hint)


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
    for known in event.known_objects:
        for name, spec in known.shape.listed:
            listed = spec.get("enum") or spec["recommended"]
            value = known.value[name]
            # The gender of a user has a rule of its own.
            if isinstance(value, str) and value not in listed and name != "gender":
                severity = Severity.WARNING if "enum" in spec else Severity.INFO
                yield _replace_unlisted(event, (*known.path, name), value, listed, severity)


@rule(
    "TC610",
    "blank medium or source of a campaign",
    source=f"{_CAMPAIGN}; K062",
    basis=Basis.INFERRED,
    events=is_campaign,
)
def blank_campaign_property(event: RuleContext) -> Iterator[Finding]:
    """The medium or the source of an `ad_view` or `ad_click` is blank.

    Both are required because the event is attributed by them; a blank one satisfies the contract, but is attributed to
    nobody. The placeholder of the ad server was probably not filled in.

    Bad:

        {"event_name": "ad_click", "medium": "display", "source": ""}

    Good:

        {"event_name": "ad_click", "medium": "display", "source": "alpine-news"}
    """
    if not is_campaign(event.spec):
        return
    for name, spec in event.spec["properties"].items():
        value = event.at(name)
        if spec["missing"] == "error" and isinstance(value, str) and not value.strip():
            data = {"property": name, "expected": "a string that is not blank", "actual": "a blank string"}
            yield Finding((name,), f"`{name}` is blank", data)


def _replace_unlisted(event: RuleContext, path: Path, value: str, listed: list[str], severity: Severity) -> Finding:
    known = KnownNames(tuple(listed))
    same = known.find_same(value)
    suggestion = same or known.find_similar(value)
    fix = Fix(f"replace with `{suggestion}`", (replace(path, suggestion),), bool(same)) if suggestion else None
    is_shown = len(value) <= _MAX_LENGTH and may_show(path, value, event.value, event.version)
    actual = json.dumps(value, ensure_ascii=False) if is_shown else "another string"
    message = f"expected one of {', '.join(listed)}; got {actual}"
    data = {"property": path[-1], "expected": listed, "actual": actual}
    return Finding(path, message, data, f"did you mean `{suggestion}`?" if suggestion else None, fix, severity)
