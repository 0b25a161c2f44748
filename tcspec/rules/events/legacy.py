"""Rules on what an upgrade left behind, and on places and names of the 1.0 format in a 2.0 event."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tcspec.contract.schemas import load_catalogue
from tcspec.errors import Basis, Severity
from tcspec.kinds import METADATA_KEYS
from tcspec.rules.context import ABSENT, pointer
from tcspec.rules.events.vocabulary import snake_case
from tcspec.rules.fixes.offers import add, move, offer
from tcspec.rules.rule import SAFE, UNSAFE, Finding, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tcspec.rules.context import Path, RuleContext

_HTTP = "features/sources/sources-catalog/http-tracking-api.md"
_MOBILE = "developers/tracking/about-events/mobile-sdk-event-specificity.md"
_FACEBOOK = "features/destinations/destinations-catalog/facebook/facebook-conversions-api.md"

_DEVICE = ("context", "device")
_MOMENT = "event_timestamp"


@rule("TC710", "an upgrade could not place a value", source=f"{_HTTP}; K013", basis=Basis.INFERRED)
def leftover(event: RuleContext) -> Iterator[Finding]:
    """Tell what stands under `context.legacy`: values whose place in the 2.0 format was taken.

    An upgrade loses nothing, so it keeps them there under their old path; but no destination looks there. Someone
    who knows the data must say where each belongs.

    Bad:

        {"event_name": "login", "context": {"event_id": "e-1", "legacy": {"properties": {"context": "checkout"}}}}

    Good:

        {"event_name": "login", "context": {"event_id": "e-1"}, "step": "checkout"}
    """
    root = ("context", "legacy")
    kept = event.at(*root)
    if kept is ABSENT:
        return
    for path in _leaves(root, kept):
        message = "an upgrade kept this value aside, for its place was taken"
        yield Finding(pointer(*path), message, {"property": str(path[-1])}, "give it a place of its own")


@rule("TC711", "metadata of the 1.0 format is at the root", Severity.INFO, source=f"{_HTTP}; K013", fix=UNSAFE)
def metadata_at_root(event: RuleContext) -> Iterator[Finding]:
    """Tell `page`, `device`, `app`, an identifier or `properties` beside `context`.

    With the 2.0 format the first four went into `context`, and what was under `properties` to the root. Beside
    `context` they are custom properties, which is legal but seldom meant.

    Bad:

        {"event_name": "login", "context": {"event_id": "e-1"}, "page": {"url": "https://shop.example/account"}}

    Good:

        {"event_name": "login", "context": {"event_id": "e-1", "page": {"url": "https://shop.example/account"}}}
    """
    context = event.at("context")
    if not isinstance(context, dict):
        return
    for name in METADATA_KEYS:
        target = snake_case(name)
        if name not in event.payload or target == _MOMENT:
            continue
        is_free = target not in context
        fix = offer(event, "move it into context", move((name,), ("context", target))) if is_free else None
        hint = f"move it to `context.{target}`, if that is meant" if fix else None
        message = f"beside `context`, `{name}` is a custom property, not the metadata of the event"
        yield Finding(pointer(name), message, {"property": name}, hint, fix)
    if isinstance(event.at("properties"), dict):
        message = "beside `context`, `properties` is a custom property: what is in it is not read"
        data = {"property": "properties"}
        yield Finding(pointer("properties"), message, data, "move what is in it to the root, if that is meant")


@rule(
    "TC712",
    "a property of the context has another name or place",
    source=f"{_HTTP}; {_MOBILE}; {_FACEBOOK}; K067, K069",
    fix=SAFE,
)
def elsewhere(event: RuleContext) -> Iterator[Finding]:
    """Tell a language or cookies that are not where the sender's page has them.

    The web and the HTTP pages have the language of the device in `lang`, the mobile page in `language`; cookies are in
    `context.device`, and only the page of one destination has them in `context`, where others do not look.

    Bad:

        {"event_name": "login", "context": {"event_id": "e-1", "cookie": "_fbp=fb.1.2.3"}}

    Good:

        {"event_name": "login", "context": {"event_id": "e-1", "device": {"cookie": "_fbp=fb.1.2.3"}}}
    """
    yield from _cookies(event)
    usual, other = ("language", "lang") if event.sender == "mobile" else ("lang", "language")
    if not isinstance(event.at(*_DEVICE, other), str):
        return
    fix, hint = None, f"write `{usual}`"
    message = f"senders of this sort have the language in `{usual}`"
    if event.at(*_DEVICE, usual) is ABSENT:
        fix = offer(event, f"call it {usual}", move((*_DEVICE, other), (*_DEVICE, usual)), is_safe=True)
    else:
        message, hint = f"{message}, which is there too", f"leave `{other}` out"
    data = {"property": other, "expected": usual}
    yield Finding(pointer(*_DEVICE, other), message, data, hint, fix, Severity.INFO)


def _cookies(event: RuleContext) -> Iterator[Finding]:
    """Tell of what has another place, under a name of the catalogue such as `device.cookie`."""
    for name, entry in load_catalogue()["objects"]["Context"]["properties"].items():
        holder, _, target = entry.get("replaced_by", "").rpartition(".")
        if not holder or not isinstance(event.at("context", name), str):
            continue
        source, around = ("context", name), ("context", holder)
        data = {"property": name, "expected": entry["replaced_by"]}
        made = (add(around, {}),) if event.at(*around) is ABSENT else ()
        is_free = bool(made) or (isinstance(event.at(*around), dict) and event.at(*around, target) is ABSENT)
        movement = move(source, (*around, target))
        fix = offer(event, f"move it to context.{holder}", *made, movement, is_safe=True) if is_free else None
        message = f"the place of it is `context.{entry['replaced_by']}`"
        yield Finding(pointer(*source), message, data, "move it there" if is_free else None, fix)


def _leaves(root: Path, kept: object) -> Iterator[Path]:
    """Give the paths of the scalars and of the empty objects and lists in what was kept, in order."""
    waiting: list[tuple[Path, Any]] = [(root, kept)]
    while waiting:
        path, value = waiting.pop()
        if value and isinstance(value, dict | list):
            inner = value.items() if isinstance(value, dict) else enumerate(value)
            waiting += reversed([((*path, part), child) for part, child in inner])
        else:
            yield path
