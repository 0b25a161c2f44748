"""Upgrade events from the 1.0 to the 2.0 format, without losing anything.

The table in `changes` says what an upgrade is; here it is applied to Python values or to bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from tcspec import documents
from tcspec.documents import LIMITS, Limits
from tcspec.errors import UnreadablePayload
from tcspec.upgrades import patch
from tcspec.upgrades.changes import CANONICAL, CONVERSION
from tcspec.upgrades.draft import Applied, Draft
from tcspec.upgrades.notations import SLICES, VALUES, Opened, closed
from tcspec.versions import is_legacy, is_web_version

if TYPE_CHECKING:
    from tcspec.upgrades.changes import Change


@dataclass(frozen=True, slots=True)
class Upgrade:
    """The outcome of an upgrade: the event, what was changed, and JSON Patches (RFC 6902) that do and undo it."""

    event: Any
    changes: tuple[Applied, ...]
    patch: list[dict[str, Any]]
    inverse: list[dict[str, Any]]


def upgrade(event: dict[str, Any]) -> dict[str, Any]:
    """Upgrade an event to the canonical 2.0 format.

    Any JSON object has an outcome; what has no place in 2.0 is kept under `context.legacy`. The input is not
    touched, and the result shares with it only what is the same in both. What moves into `context` is nested one or
    two levels deeper than before.

    Raises:
        UnreadablePayload: when the event is no dict.
    """
    return dict(_event(_draft_of_dict(event)))


def upgrade_json(event: bytes, limits: Limits = LIMITS) -> bytes:
    """Upgrade an event in JSON text to the canonical 2.0 format, in compact JSON text.

    Every value that is not converted comes out byte for byte as it went in, and an event that needs no change comes
    out as its own bytes. What moves into `context` is nested one or two levels deeper than before, so that an event
    that was nested to the limit is over it afterwards.

    Raises:
        UnreadablePayload: when the text is no JSON object within the limits, or gives a key twice at the root or in
            the objects that are rearranged: `properties`, `context`, `page`, `device`, `user`.
        WrongArgument: when it is not given as bytes.
    """
    return upgrade_text(event, limits).event


@dataclass(frozen=True, slots=True)
class UpgradedText:
    """The JSON text of an upgraded event, and what was changed."""

    event: bytes
    changes: tuple[Applied, ...]


def upgrade_text(event: bytes, limits: Limits = LIMITS) -> UpgradedText:
    """Upgrade an event as `upgrade_json` does and say what was changed, without the patches.

    Raises:
        UnreadablePayload: as `upgrade_json` does.
    """
    raw = documents.as_bytes(event)
    draft = _draft_of_text(raw, limits)
    return UpgradedText(bytes(_event(draft)) if draft.journal else raw, tuple(draft.applied))


def trace_upgrade(event: dict[str, Any] | bytes) -> Upgrade:
    """Upgrade an event and say what was done to it.

    Raises:
        UnreadablePayload: as `upgrade` and `upgrade_json` do.
    """
    if isinstance(event, bytes | bytearray | memoryview):
        raw = documents.as_bytes(event)
        draft = _draft_of_text(raw, LIMITS)
        after: Any = _event(draft) if draft.journal else raw
    else:
        draft = _draft_of_dict(event)
        after = dict(_event(draft))
    journal, read = draft.journal, draft.notation.read
    return Upgrade(after, tuple(draft.applied), patch.patch(journal, read), patch.inverse(journal, read))


_REARRANGED = (("context",), ("user",), ("context", "page"), ("context", "device"))
_REARRANGED_OF_1_0 = (("properties",), ("page",), ("device",), ("user",), ("properties", "user"))
"""The objects that an upgrade takes apart; in a 2.0 event `properties`, `page` and `device` at the root are custom."""


def _draft_of_dict(event: dict[str, Any]) -> Draft:
    event = documents.as_object(event)
    return _upgraded(Draft(Opened(event, event), VALUES), event)


def _draft_of_text(event: bytes, limits: Limits) -> Draft:
    documents.check_text(event, limits)
    try:
        root = SLICES.open(event)
    except (msgspec.DecodeError, UnicodeDecodeError):
        root = None
    if root is None:
        documents.read_object(event, limits)
        raise AssertionError("the two readers differ")  # pragma: no cover - a law holds them equal
    draft = Draft(root, SLICES)
    outline = draft.outline()
    _refuse_duplicate_keys(draft, outline, event)
    return _upgraded(draft, outline)


def _refuse_duplicate_keys(draft: Draft, outline: dict[str, Any], event: bytes) -> None:
    for path in _REARRANGED_OF_1_0 if is_legacy(outline) else _REARRANGED:
        if isinstance(outline.get(path[0]), dict) and draft.read(path) == {} and draft.opened(path) is None:
            raise UnreadablePayload([documents.duplicate_key(event.decode(), below=path)])


def _upgraded(draft: Draft, outline: dict[str, Any]) -> Draft:
    if is_legacy(outline):
        draft.is_web = is_web_version(outline)
        _apply(CONVERSION, draft)
        _put_in_order(draft.root)
    _apply(CANONICAL, draft)
    return draft


def _apply(changes: tuple[Change, ...], draft: Draft) -> None:
    for change in changes:
        draft.change = change.name
        change.apply(draft)


def _put_in_order(root: Opened) -> None:
    """Put `event_name` first and `context` last; what lies between is in order already."""
    for key in [key for key in root if key != "event_name"]:
        root[key] = root.pop(key)
    root["context"] = root.pop("context")


def _event(draft: Draft) -> Any:  # noqa: ANN401 - a dict or its JSON text
    return draft.notation.finish(closed(draft.root))
