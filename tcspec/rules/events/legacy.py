"""Rules on what an upgrade could not place, and on places and names of the 1.0 format in a 2.0 event."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from tcspec.contract.schemas import load_catalogue
from tcspec.dialects import METADATA_KEYS
from tcspec.errors import Basis, Fix, Severity
from tcspec.rules.context import ABSENT
from tcspec.rules.fixes.offers import add, move
from tcspec.rules.known_names import to_snake_case
from tcspec.rules.rule import SAFE, UNSAFE, Finding, rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tcspec.rules.context import Path, RuleContext

_HTTP = "features/sources/sources-catalog/http-tracking-api.md"
_MOBILE = "developers/tracking/about-events/mobile-sdk-event-specificity.md"
_FACEBOOK = "features/destinations/destinations-catalog/facebook/facebook-conversions-api.md"

_DEVICE: Path = ("context", "device")
_ROOT_KEYS = frozenset({*METADATA_KEYS, "properties"})
_LEGACY: Path = ("context", "legacy")


@rule("TC710", "value that an upgrade could not place", source=f"{_HTTP}; K013", basis=Basis.INFERRED)
def unplaced_value(event: RuleContext) -> Iterator[Finding]:
    """A value is under `context.legacy`, because its place in the 2.0 format was taken.

    An upgrade loses nothing, so it keeps such values there under their old path; but no destination reads them. Someone
    who knows the data has to decide where each belongs.

    Bad:

        {"event_name": "login", "context": {"event_id": "e-1", "legacy": {"properties": {"context": "checkout"}}}}

    Good:

        {"event_name": "login", "context": {"event_id": "e-1"}, "step": "checkout"}
    """
    if _LEGACY[-1] in event.context:
        message = "the upgrade kept this value here because its place was taken"
        for path in _iter_leaves(_LEGACY, event.at(*_LEGACY)):
            yield Finding(path, message, {"property": str(path[-1])}, "move it to a property of its own")


def has_metadata_at_root(event: RuleContext) -> bool:
    """Return whether an event has a property at the root that the 1.0 format has there."""
    return not _ROOT_KEYS.isdisjoint(event.value)


@rule(
    "TC711",
    "metadata of the 1.0 format at the root",
    Severity.INFO,
    source=f"{_HTTP}; K013",
    fix=UNSAFE,
    needs=has_metadata_at_root,
)
def metadata_at_root(event: RuleContext) -> Iterator[Finding]:
    """`page`, `device`, `app`, an event id or `properties` is beside `context`.

    In the 2.0 format the first four are in `context`, and what was in `properties` is at the root. Beside `context`
    they are custom properties, which is legal but seldom intended.

    Bad:

        {"event_name": "login", "context": {"event_id": "e-1"}, "page": {"url": "https://shop.example/account"}}

    Good:

        {"event_name": "login", "context": {"event_id": "e-1", "page": {"url": "https://shop.example/account"}}}
    """
    context = event.at("context")
    # Otherwise there is no place to move anything to, and the contract has an error.
    if not isinstance(context, dict):
        return
    for name in METADATA_KEYS:
        target = to_snake_case(name)
        # A timestamp at the root has a rule of its own.
        if name not in event.value or target == "event_timestamp":
            continue
        fix = hint = None
        if target not in context:
            fix = Fix("move it to `context`", (move((name,), ("context", target)),))
            hint = f"move it to `context.{target}` unless it is a custom property"
        message = f"`{name}` beside `context` is a custom property, not metadata of the event"
        yield Finding((name,), message, {"property": name}, hint, fix)
    if isinstance(event.at("properties"), dict):
        message = "`properties` beside `context` is a custom property: its members are not read"
        hint = "move its members to the root unless it is a custom property"
        yield Finding(("properties",), message, {"property": "properties"}, hint)


@rule(
    "TC712",
    "context property under another name or place",
    source=f"{_HTTP}; {_MOBILE}; {_FACEBOOK}; K067, K069",
    fix=SAFE,
)
def misplaced_context_property(event: RuleContext) -> Iterator[Finding]:
    """A language or a cookie is not where the page of the sender has it.

    The web and HTTP pages have the language of the device in `lang`, the mobile page in `language`. Cookies belong in
    `context.device`; only the page of one destination has them in `context`, where others do not read them.

    Bad:

        {"event_name": "login", "context": {"event_id": "e-1", "cookie": "_fbp=fb.1.2.3"}}

    Good:

        {"event_name": "login", "context": {"event_id": "e-1", "device": {"cookie": "_fbp=fb.1.2.3"}}}
    """
    yield from _find_misplaced(event)
    expected, other = ("language", "lang") if event.sender == "mobile" else ("lang", "language")
    device = event.context.get("device")
    if not isinstance(device, dict) or not isinstance(device.get(other), str):
        return
    source, target = (*_DEVICE, other), (*_DEVICE, expected)
    message = f"{event.sender} events have the language in `{expected}`"
    if event.at(*target) is ABSENT:
        hint, fix = f"rename it to `{expected}`", Fix(f"rename to `{expected}`", (move(source, target),), is_safe=True)
    else:
        message, hint, fix = f"{message}, which is present too", f"remove `{other}`", None
    yield Finding(source, message, {"property": other, "expected": expected}, hint, fix, Severity.INFO)


def _find_misplaced(event: RuleContext) -> Iterator[Finding]:
    """Yield the properties of the context that the catalogue has in an object of it, such as `device.cookie`."""
    for name, spec in _moved_properties().items():
        if not isinstance(event.context.get(name), str):
            continue
        parent_name, _, target = spec["replaced_by"].rpartition(".")
        source, parent = ("context", name), ("context", parent_name)
        place = f"`context.{spec['replaced_by']}`"
        fix = hint = None
        first = (add(parent, {}),) if event.at(*parent) is ABSENT else ()
        if first or (isinstance(event.at(*parent), dict) and event.at(*parent, target) is ABSENT):
            patch = (*first, move(source, (*parent, target)))
            fix = Fix(f"move it to `context.{parent_name}`", patch, is_safe=True)
            hint = f"move it to {place}"
        data = {"property": name, "expected": spec["replaced_by"]}
        yield Finding(source, f"`context.{name}` belongs in {place}", data, hint, fix)


@cache
def _moved_properties() -> Mapping[str, Mapping[str, Any]]:
    specs = load_catalogue()["objects"]["Context"]["properties"]
    return {name: spec for name, spec in specs.items() if "." in spec.get("replaced_by", "")}


def _iter_leaves(root: Path, value: object) -> Iterator[Path]:
    """Yield the paths of the scalars and of the empty objects and arrays in a value, in order."""
    pending: list[tuple[Path, Any]] = [(root, value)]
    while pending:
        path, each = pending.pop()
        if each and isinstance(each, dict | list):
            members = each.items() if isinstance(each, dict) else enumerate(each)
            pending += reversed([((*path, key), member) for key, member in members])
        else:
            yield path
