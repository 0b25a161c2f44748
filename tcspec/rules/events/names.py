"""Rules on the names of events, and what the reference has about these names."""

from __future__ import annotations

import re
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from tcspec.contract.schemas import load_catalogue
from tcspec.errors import Basis, Fix, Severity
from tcspec.patterns import compile_late
from tcspec.personal import mask_name
from tcspec.rules.fixes.offers import move, replace
from tcspec.rules.known_names import KnownNames, to_snake_case
from tcspec.rules.known_objects import once_per_shape
from tcspec.rules.placeholders import is_placeholder
from tcspec.rules.rule import SAFE, UNSAFE, Finding, rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tcspec.rules.context import Path, RuleContext
    from tcspec.rules.fixes.offers import Operation
    from tcspec.rules.known_objects import Shape

    Spec = Mapping[str, Any]

_EVENTS = "developers/tracking/events-reference/README.md"
_VIDEO = "developers/tracking/events-reference/video-event-reference.md"
_SDK = "features/sources/sources-catalog/web/js-sdk/README.md"

_PATH = ("event_name",)
_SPACE = compile_late(r"\s+")
_EARLY_MISSPELLINGS = MappingProxyType(
    {"add_payement_info": "add_payment_info", "remove_from_to_cart": "remove_from_cart"}
)
"""Names from early pages that are not aliases; the Android SDK sent the first one up to 5.4.2."""


def is_standard(event: RuleContext) -> bool:
    """Return whether an event has one of the names of the vendor's reference."""
    return event.spec.get("status") == "standard"


@cache
def standard_names() -> tuple[str, ...]:
    """Return the names of the events in the vendor's reference."""
    return tuple(name for name, spec in load_catalogue()["events"].items() if spec["status"] == "standard")


def events_with(name: str) -> tuple[str, ...]:
    """Return the standard events that have a property of this name."""
    return events_by_property().get(name, ())


@cache
def events_by_property() -> Mapping[str, tuple[str, ...]]:
    """Return the standard events by the names of the properties that they have."""
    events: dict[str, tuple[str, ...]] = {}
    for event in standard_names():
        for name in load_catalogue()["events"][event]["properties"]:
            events[name] = (*events.get(name, ()), event)
    return events


def is_custom(spec: Spec) -> bool:
    """Return whether the catalogue has nothing about an event."""
    return not spec


def has_custom_names(event: RuleContext) -> bool:
    """Return whether any of the known objects of an event has a custom property."""
    return bool(event.custom_objects)


def has_odd_names(event: RuleContext) -> bool:
    """Return whether the name of an event, or of a custom property, has more than letters, digits and underscores."""
    for known in event.custom_objects:
        if _has_odd_names(known.shape):
            return True
    return not (event.name or "_").isidentifier()


@once_per_shape
def _has_odd_names(shape: Shape) -> bool:
    return not all(map(str.isidentifier, shape.custom))


@rule("TC110", "event name is close to a standard one", source=_EVENTS, fix=UNSAFE, events=is_custom)
def similar_event_name(event: RuleContext) -> Iterator[Finding]:
    """An event name differs from a standard one by a misspelling, its case or its separators.

    One or two letters are missing, superfluous, wrong or swapped, or the words have other separators or another order.
    Custom names are legal, so the event is accepted. But reports and destinations that expect the standard name miss
    it, and its properties are not checked.

    Bad:

        {"event_name": "add-to-cart", "user": {"id": "1042"}}

    Good:

        {"event_name": "add_to_cart", "user": {"id": "1042"}}
    """
    name = event.name
    # These are standard, or have a rule of their own.
    if not name or event.spec or name in _aliases() or _browser_names().fullmatch(name):
        return
    suggestion = _standard().find_same(name) or _standard().find_similar(name)
    if suggestion:
        yield _rename_event(suggestion, f"custom event name `{name}` is close to the standard `{suggestion}`")


@rule(
    "TC111",
    "event name is misspelled as in the vendor's pages",
    source=f"{_EVENTS}; {_VIDEO}; K083",
    fix=SAFE,
    events=is_custom,
)
def misspelled_event_name(event: RuleContext) -> Iterator[Finding]:
    """An event name is a misspelling that appears on a page or in a client of the vendor.

    It was copied from the page, or sent by an old client. Reports and destinations expect the correct name.

    Bad:

        {"event_name": "video_full_screen_off", "user": {"id": "1042"}}

    Good:

        {"event_name": "video_fullscreen_off", "user": {"id": "1042"}}
    """
    suggestion = None if event.spec else _aliases().get(event.name or "")
    if suggestion:
        yield _rename_event(suggestion, f"`{event.name}` is a misspelling of `{suggestion}`", is_safe=True)


@rule("TC117", "event name is a signal inside the browser", Severity.INFO, source=_SDK, fix=UNSAFE, events=is_custom)
def browser_event_name(event: RuleContext) -> Iterator[Finding]:
    """An event name is one that the web container only uses inside the page and never sends.

    Scripts in the page listen to these names. Destinations do not know them: the signal was probably mistaken for the
    event.

    Bad:

        {"event_name": "track_purchase", "user": {"id": "1042"}}

    Good:

        {"event_name": "purchase", "user": {"id": "1042"}}
    """
    name = event.name
    if not name or not _browser_names().fullmatch(name):
        return
    message = f"`{name}` is a signal inside the page, which the web container never sends"
    suggestion = name.removeprefix("track_")
    if suggestion in standard_names():
        yield _rename_event(suggestion, message)
    else:
        yield Finding(_PATH, message, {"property": "event_name"})


@rule(
    "TC119",
    "name with white space",
    Severity.INFO,
    source=_EVENTS,
    basis=Basis.INFERRED,
    fix=UNSAFE,
    needs=has_odd_names,
)
def name_with_space(event: RuleContext) -> Iterator[Finding]:
    """The name of a custom event or of a custom property has white space in it.

    It is accepted, but many tools that read events cannot have such a name as a column or a variable, and a second
    spelling with an underscore soon stands beside it.

    Bad:

        {"event_name": "login", "form version": 2}

    Good:

        {"event_name": "login", "form_version": 2}
    """
    name = event.name
    # Reported once: the name that is close to a standard one is replaced by that, and a placeholder is no name.
    is_reported = event.may_have_placeholder and is_placeholder(name)
    if name and _SPACE.search(name.strip()) and not is_reported and not next(similar_event_name.find(event), None):
        suggestion = to_snake_case(name.strip())
        yield _replace_spaces(_PATH, replace(_PATH, suggestion), suggestion)
    for known in event.custom_objects:
        for each in filter(_SPACE.search, known.custom):
            suggestion = to_snake_case(each.strip())
            # A name that only differs from a standard one in its separators has a rule of its own.
            if suggestion and not known.properties.all_names.find_same(each):
                path, target = (*known.path, each), (*known.path, suggestion)
                yield _replace_spaces(path, None if suggestion in known.value else move(path, target), suggestion)


def _replace_spaces(path: Path, operation: Operation | None, suggestion: str) -> Finding:
    """Return the finding of a name with white space, with a fix if the suggested name is free."""
    fix = Fix(f"rename to `{suggestion}`", (operation,)) if operation else None
    data = {"property": path[-1], "expected": mask_name(suggestion)}
    return Finding(path, "the name has white space", data, f"write `{suggestion}`", fix)


def _rename_event(suggestion: str, message: str, *, is_safe: bool = False) -> Finding:
    data = {"property": "event_name", "expected": mask_name(suggestion)}
    fix = Fix(f"rename the event to `{suggestion}`", (replace(_PATH, suggestion),), is_safe)
    return Finding(_PATH, message, data, f"did you mean `{suggestion}`?", fix)


@cache
def _standard() -> KnownNames:
    return KnownNames(standard_names())


@cache
def _aliases() -> Mapping[str, str]:
    """Return the vendor's misspellings, each with the correct name."""
    specs = load_catalogue()["events"].items()
    return {**{alias: name for name, spec in specs for alias in spec.get("aliases", ())}, **_EARLY_MISSPELLINGS}


@cache
def _browser_names() -> re.Pattern[str]:
    """Return the pattern of the names of signals; their placeholders are numbers or the name of an event."""
    events = "|".join(standard_names())
    names = (re.escape(name).replace("<event_name>", f"(?:{events})") for name in load_catalogue()["browser_events"])
    return re.compile("|".join(re.sub("<[A-Za-z]+>", "[0-9]+", name) for name in names))
