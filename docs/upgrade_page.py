"""The page of the reference on the upgrade: every change with what it does to an example."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from markup import capitalise, format_block, format_table

import tcspec
from tcspec.upgrades.changes import CANONICAL, CHANGES, CONVERSION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tcspec.upgrades.changes import Change

_MS = 1718006400000
_EXAMPLES: dict[str, list[dict[str, Any]]] = {
    "context": [{"event": "login", "context": "shop"}],
    "event_name": [{"event": "login"}],
    "event_id": [{"event_id": "e-1"}, {"event_Id": "e-1"}, {"eventId": "e-1"}],
    "event_timestamp": [{"event_timestamp": _MS}, {"eventTimestamp": _MS}],
    "version": [{"version": 1}],
    "metadata": [
        {"page": {}, "device": {}, "app": {}, "generatorVersion": "82.1", "containerVersion": "7.3", "till": 4}
    ],
    "device": [{"event": "login", "userAgent": "Mozilla/5.0", "ip": "192.0.2.1", "locale": "fr"}],
    "page_url": [
        {"page": {"location": "https://shop.example/"}},
        {"page": {"location": {"href": "https://shop.example/"}}},
    ],
    "user_agent": [{"device": {"userAgent": "Mozilla/5.0"}}],
    "cookie": [{"device": {"cookies": "a=1"}}],
    "created": [{"version": 1, "properties": {"created": _MS}}],
    "properties": [{"event": "login", "properties": {"method": "card", "user": {"id": "C-1024"}}}],
    "context_event_id": [{"event_name": "login", "context": {"eventId": "e-1"}}],
    "root_timestamp": [{"event_name": "login", "event_timestamp": _MS, "context": {}}],
    "milliseconds": [
        {"event_name": "login", "context": {"event_timestamp": "2024-06-10T08:00:00Z"}},
        {"event_name": "login", "context": {"created": _MS}},
    ],
    "consent": [{"event_name": "login", "user": {"consent_categories": [1, 3]}, "context": {}}],
}
"""What shows each change: an event for each thing that it does. Only the first one is printed."""

_HEAD = """\
# Upgrade from 1.0 to 2.0

What `tcspec upgrade` and `tcspec migrate` do to an event: the changes of this page, in this order. Each example is
upgraded when this page is built.

An event is legacy when its root has no object `context`, and has an object `properties`, or one of `event`, `event_id`,
`event_Id`, `eventId`, `event_timestamp`, `eventTimestamp`, `page`, `device`, `app`, or the integer 1 as `version`. Of a
batch each event is upgraded by itself.

Nothing is lost. Where several spellings are there, the first one below wins. What would land on a key that is taken is
kept under `context.legacy`, at its original path, and is reported. A value that no change converts stays byte for byte.
`tcspec.trace_upgrade` returns the changes of an event, and the JSON Patches that do and undo them.

## Mapping

"""


def format_upgrade_page() -> Iterator[str]:
    """Yield the page: where each property of 1.0 goes, and each change with an example."""
    yield _HEAD
    rows = [
        (f"`{move[0]}`", f"`{move[1]}`", f"[{change}](#{change})") for change in CHANGES for move in _find_moves(change)
    ]
    yield from format_table(("path in 1.0", "path in 2.0", "change"), rows)
    yield "Paths are JSON Pointers. What begins with `/context` on the left was moved there by a change before.\n\n"
    yield "## Changes that make a 1.0 event a 2.0 event\n\n"
    for change in CONVERSION:
        yield from _format_change(change)
    yield "## Changes of every event\n\nThey also give an event that is 2.0 already its canonical form.\n\n"
    for change in CANONICAL:
        yield from _format_change(change)


def _find_moves(change: str) -> list[tuple[str, str]]:
    """Return from where to where a change moves the values of its examples; a conversion in place is left out."""
    applied = [each for event in _EXAMPLES[change] for each in tcspec.trace_upgrade(event).changes]
    moves = [(each.source, each.target) for each in applied if each.change == change and each.source != each.target]
    if change == "properties":
        return [("/properties/*", "/*")]
    return list(dict.fromkeys(moves))


def _format_change(change: Change) -> Iterator[str]:
    before = _EXAMPLES[change.name][0]
    yield f"### {change.name}\n\n{capitalise(change.title)}.\n\n"
    for event in (before, tcspec.upgrade(before)):
        yield format_block(json.dumps(event), "json")
