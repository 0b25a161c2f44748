"""Rules on the names of events: close to a standard one, misspelt by the vendor, or of the browser only."""

from __future__ import annotations

import re
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from tcspec.contract.schemas import load_catalogue
from tcspec.errors import Severity
from tcspec.rules.context import pointer
from tcspec.rules.events.vocabulary import closest, same_but_spelt, standard_names
from tcspec.rules.fixes.offers import offer, replace
from tcspec.rules.rule import SAFE, UNSAFE, Finding, rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tcspec.rules.context import RuleContext

_EVENTS = "developers/tracking/events-reference/README.md"
_VIDEO = "developers/tracking/events-reference/video-event-reference.md"
_SDK = "features/sources/sources-catalog/web/js-sdk/README.md"

_PLACE = ("event_name",)
_FORMER = MappingProxyType({"add_payement_info": "add_payment_info", "remove_from_to_cart": "remove_from_cart"})
"""Names that are no aliases: slips of early pages, the first of them sent by the Android SDK up to 5.4.2."""


@rule("TC110", "the name of the event is close to a standard one", Severity.INFO, source=_EVENTS, fix=UNSAFE)
def near_a_standard_event(event: RuleContext) -> Iterator[Finding]:
    """Tell a name that differs from a standard one by a slip of the pen, capitals or separators.

    Custom names are legal, so nothing refuses the event; but no report or destination that waits for the standard
    name gets it, and its properties are not checked.

    Bad:

        {"event_name": "add-to-cart", "user": {"id": "1042"}}

    Good:

        {"event_name": "add_to_cart", "user": {"id": "1042"}}
    """
    name = event.name
    if not name or event.event or name in _aliases() or _of_the_browser().fullmatch(name):
        return
    meant = same_but_spelt(name, standard_names()) or closest(name, standard_names())
    if meant:
        yield _misnamed(event, meant, f"no standard event has this name, but `{meant}` is one")


@rule("TC111", "the name of the event is a misspelling of the vendor", source=f"{_EVENTS}; {_VIDEO}; K083", fix=SAFE)
def vendor_misspelling(event: RuleContext) -> Iterator[Finding]:
    """Tell the misspelt name of a standard event that a page or a client of the vendor has.

    Whoever copied the page, or uses the old client, sends an event that no report or destination waits for. What is
    meant is beyond doubt.

    Bad:

        {"event_name": "video_full_screen_off", "user": {"id": "1042"}}

    Good:

        {"event_name": "video_fullscreen_off", "user": {"id": "1042"}}
    """
    meant = None if event.event else _aliases().get(event.name or "")
    if meant:
        yield _misnamed(event, meant, f"the vendor misspells the name so; the event is `{meant}`", is_safe=True)


@rule("TC117", "the name is that of an event of the browser", Severity.INFO, source=_SDK, fix=UNSAFE)
def browser_event(event: RuleContext) -> Iterator[Finding]:
    """Tell a name that the web container uses inside the page, and never sends.

    Such names are listened to in the page. Whoever sends one has mixed up the signal and the event, and destinations
    do not know it.

    Bad:

        {"event_name": "track_purchase", "user": {"id": "1042"}}

    Good:

        {"event_name": "purchase", "user": {"id": "1042"}}
    """
    name = event.name
    if not name or not _of_the_browser().fullmatch(name):
        return
    message = "this is a signal inside the page, which the web container never sends"
    signalled = name.removeprefix("track_")
    if signalled in standard_names():
        yield _misnamed(event, signalled, message)
    else:
        yield Finding(pointer(*_PLACE), message, {"property": "event_name"})


def _misnamed(event: RuleContext, meant: str, message: str, *, is_safe: bool = False) -> Finding:
    """Say that an event goes by another name than it should."""
    fix = offer(event, f"name the event {meant}", replace(_PLACE, meant), is_safe=is_safe)
    hint = f"did you mean `{meant}`?"
    return Finding(pointer(*_PLACE), message, {"property": "event_name", "expected": meant}, hint, fix)


@cache
def _aliases() -> Mapping[str, str]:
    """Give the misspellings of the vendor, each with the name that is meant."""
    known = load_catalogue()["events"].items()
    return {**{alias: name for name, entry in known for alias in entry.get("aliases", ())}, **_FORMER}


@cache
def _of_the_browser() -> re.Pattern[str]:
    """Make the pattern of the names of the browser, whose placeholders are numbers or the name of an event."""
    events = "|".join(standard_names())
    names = (re.escape(name).replace("<event_name>", f"(?:{events})") for name in load_catalogue()["browser_events"])
    return re.compile("|".join(re.sub("<[A-Za-z]+>", "[0-9]+", name) for name in names))
