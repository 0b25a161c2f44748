"""From a payload to the drafts of its events, upgraded: one event, or each event of a batch at its place.

An event is upgraded by the tables in `changes`; what is around the events of a batch stays as it is, and so does a
member of a batch that is no object.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from tcspec.detection import kind_of
from tcspec.errors import UnreadablePayload
from tcspec.jsontext import reader
from tcspec.kinds import is_legacy, is_web_version
from tcspec.upgrades import journal
from tcspec.upgrades.changes import CANONICAL, CONVERSION
from tcspec.upgrades.event_editor import Applied, Draft
from tcspec.upgrades.representations import SLICES, VALUES, Opened, closed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tcspec.jsontext.reader import Limits
    from tcspec.upgrades.changes import Change
    from tcspec.upgrades.journal import Path
    from tcspec.upgrades.representations import Notation


@dataclass(frozen=True, slots=True)
class Drafted:
    """A payload whose events are upgraded: the drafts of these by their paths, and what is around them."""

    notation: Notation
    drafts: Mapping[Path, Draft]
    around: Mapping[str, Any]
    members: tuple[Any, ...] = ()

    @property
    def is_changed(self) -> bool:
        """Tell whether anything was changed."""
        return any(draft.journal for draft in self.drafts.values())

    @property
    def applied(self) -> tuple[Applied, ...]:
        """Give what was changed, with the paths in the payload."""
        return tuple(applied.below(path) for path, draft in self.drafts.items() for applied in draft.applied)

    def finished(self) -> Any:  # noqa: ANN401 - a dict or its JSON text
        """Give the payload as it is now."""
        if () in self.drafts:
            return self.notation.finish(closed(self.drafts[()].root))
        members = list(self.members)
        for (_, index), draft in self.drafts.items():
            members[int(index)] = closed(draft.root)
        return self.notation.finish({**self.around, "batch": members})

    def patch(self) -> list[dict[str, Any]]:
        """Give the JSON Patch from the payload as it was to what it is now."""
        return [
            operation
            for path, draft in self.drafts.items()
            for operation in journal.patch(draft.journal, self.notation.exact, path)
        ]

    def inverse(self) -> list[dict[str, Any]]:
        """Give the JSON Patch back from the payload as it is now to what it was."""
        return [
            operation
            for path, draft in self.drafts.items()
            for operation in journal.inverse(draft.journal, self.notation.exact, path)
        ]


def drafted_values(payload: dict[str, Any]) -> Drafted:
    """Upgrade the events of a payload that is given as Python values."""
    if not _is_batch(payload):
        return Drafted(VALUES, {(): _upgraded(Draft(Opened(payload, payload), VALUES), payload)}, {})
    members = tuple(payload["batch"])
    drafts: dict[Path, Draft] = {
        ("batch", index): _upgraded(Draft(Opened(event, event), VALUES), event)
        for index, event in enumerate(members)
        if isinstance(event, dict)
    }
    return Drafted(VALUES, drafts, payload, members)


def drafted_text(text: bytes, limits: Limits) -> Drafted:
    """Upgrade the events of a payload that is given as JSON text.

    Raises:
        UnreadablePayload: when the text is no JSON object within the limits, or gives a key twice at the root, in an
            event of a batch, or in an object that is rearranged.
    """
    reader.check_text(text, limits)
    try:
        root = SLICES.open(text)
        members = _members(root) if root is not None else ()
    except (msgspec.DecodeError, UnicodeDecodeError):
        root = None
    if root is None:
        reader.read_object(text, limits)
        raise AssertionError("the two readers differ")  # pragma: no cover - a law holds them equal
    if members is None:
        return Drafted(SLICES, {(): _upgraded_text(Draft(root, SLICES), text, ())}, {})
    return Drafted(SLICES, dict(_drafts_of(members, text)), root, members)


def _members(root: Opened) -> tuple[Any, ...] | None:
    """Give the members of a batch as slices; None when the payload is no batch."""
    if "batch" not in root or not _is_batch(Draft(root, SLICES).outline()):
        return None
    return tuple(SLICES.items(root["batch"]) or ())


def _drafts_of(members: tuple[Any, ...], text: bytes) -> Iterator[tuple[Path, Draft]]:
    for index, member in enumerate(members):
        path = ("batch", index)
        if bytes(member).startswith(b"{"):
            root = SLICES.open(member)
            if root is None:
                raise UnreadablePayload([reader.find_duplicate_key(text.decode(), parent=path)])
            yield path, _upgraded_text(Draft(root, SLICES), text, path)


def _is_batch(payload: Mapping[str, Any]) -> bool:
    return isinstance(payload.get("batch"), list) and kind_of(payload) == "batch"


_REARRANGED = (("context",), ("user",), ("context", "page"), ("context", "device"))
_REARRANGED_OF_1_0 = (("properties",), ("page",), ("device",), ("user",), ("properties", "user"))
"""The objects that an upgrade takes apart; in a 2.0 event `properties`, `page` and `device` at the root are custom."""


def _upgraded_text(draft: Draft, text: bytes, place: Path) -> Draft:
    """Upgrade an event that stands at a place of a text, unless it gives a key twice where it is taken apart."""
    outline = draft.outline()
    for path in _REARRANGED_OF_1_0 if is_legacy(outline) else _REARRANGED:
        if isinstance(outline.get(path[0]), dict) and draft.read(path) == {} and draft.opened(path) is None:
            raise UnreadablePayload([reader.find_duplicate_key(text.decode(), parent=(*place, *path))])
    return _upgraded(draft, outline)


def _upgraded(draft: Draft, outline: Mapping[str, Any]) -> Draft:
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
