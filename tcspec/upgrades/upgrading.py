"""The upgrade of a payload: of one event, or of each event of a batch in its place.

An event is upgraded by the tables in `changes`. What is around the events of a batch stays as it is, and so does an
item of a batch that is not an object.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec

from tcspec.detection import kind_of
from tcspec.dialects import is_legacy, is_web_version
from tcspec.errors import UnreadablePayload
from tcspec.jsontext import reader, refusals
from tcspec.jsontext.patch import JsonText, apply_patch
from tcspec.kinds import BATCH
from tcspec.upgrades import journal
from tcspec.upgrades.changes import CANONICAL, CONVERSION
from tcspec.upgrades.event_editor import AppliedChange, EventEditor, EventTime
from tcspec.upgrades.representations import SLICES, VALUES, OpenObject, freeze

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tcspec.jsontext.reader import Limits
    from tcspec.upgrades.changes import Change
    from tcspec.upgrades.journal import Path
    from tcspec.upgrades.representations import Representation


@dataclass(frozen=True, slots=True)
class Upgrading:
    """A payload with upgraded events: its original, the editors of the events by their paths, and what is around.

    Of a batch, `items` are its events and `root` is the rest; of an array of payloads `root` is None, and `batches` are
    those of its items that are batches, by their index.
    """

    original: Any
    representation: Representation
    editors: Mapping[Path, EventEditor]
    root: Mapping[str, Any] | None
    items: tuple[Any, ...] = ()
    batches: Mapping[int | str, Upgrading] = field(default_factory=dict)

    @property
    def is_changed(self) -> bool:
        """Return whether anything was changed."""
        return any(editor.journal for editor in self.editors.values())

    @property
    def is_legacy(self) -> bool:
        """Return whether any event was in the 1.0 format."""
        return any(editor.is_legacy for editor in self.editors.values())

    @property
    def changes(self) -> tuple[AppliedChange, ...]:
        """Return the changes that were applied, with the paths in the payload."""
        return tuple(applied.with_parent(path) for path, editor in self.editors.items() for applied in editor.applied)

    @property
    def times(self) -> tuple[EventTime, ...]:
        """Return the times of the events that can be read."""
        return tuple(editor.time for editor in self.editors.values() if editor.time is not None)

    def build_payload(self) -> Any:  # noqa: ANN401 - a dict, or bytes
        """Build the upgraded payload; one that needs no change is the original."""
        if not self.is_changed:
            return self.original
        if () in self.editors:
            return self.representation.build_document(freeze(self.editors[()].root))
        items = list(self.items)
        for index, batch in self.batches.items():
            items[int(index)] = msgspec.Raw(batch.build_payload())
        for path, editor in self.editors.items():
            if path[0] not in self.batches:
                items[int(path[-1])] = freeze(editor.root)
        return self.representation.build_document(items if self.root is None else {**self.root, "batch": items})

    def edit_text(self) -> bytes:
        """Edit the original text into the upgraded payload: what stays and what moves is written as it was.

        The keys of an event are in the order of `build_payload`, but one that is renamed within an inner object keeps
        its place there.
        """
        orders = {tuple(map(str, path)): tuple(editor.root) for path, editor in self.editors.items() if editor.journal}
        patch = [
            operation
            for path, editor in self.editors.items()
            # What is kept beside its conversion stays byte for byte too.
            for operation in journal.build_patch(editor.journal, lambda leaf: JsonText(bytes(leaf).decode()), path)
        ]
        return apply_patch(self.original, patch, orders).text

    def build_patch(self) -> list[dict[str, Any]]:
        """Build the JSON Patch from the original to the upgraded payload."""
        return [
            operation
            for path, editor in self.editors.items()
            for operation in journal.build_patch(editor.journal, self.representation.read_exactly, path)
        ]

    def build_inverse(self) -> list[dict[str, Any]]:
        """Build the JSON Patch from the upgraded payload back to the original."""
        return [
            operation
            for path, editor in self.editors.items()
            for operation in journal.build_inverse(editor.journal, self.representation.read_exactly, path)
        ]


def upgrade_value(payload: dict[str, Any]) -> Upgrading:
    """Upgrade the events of a payload that is a dict."""
    if not _is_batch(payload):
        editor = _upgrade(EventEditor(OpenObject(payload, payload), VALUES), payload)
        return Upgrading(payload, VALUES, {(): editor}, payload)
    items = tuple(payload["batch"])
    editors: dict[Path, EventEditor] = {
        ("batch", index): _upgrade(EventEditor(OpenObject(event, event), VALUES), event)
        for index, event in enumerate(items)
        if isinstance(event, dict)
    }
    return Upgrading(payload, VALUES, editors, payload, items)


def upgrade_bytes(text: bytes, limits: Limits) -> Upgrading:
    """Upgrade the events of a payload that is a JSON text.

    Raises:
        UnreadablePayload: when the text is not a JSON object within the limits, or has a duplicate key at the root, in
            an event of a batch, or in an object that the upgrade rearranges.
    """
    reader.check_text(text, limits)
    try:
        root = SLICES.open_object(text)
        items = _open_batch(root) if root is not None else ()
    except (msgspec.DecodeError, UnicodeDecodeError):
        root = None
    if root is None:
        # Again by the strict reader, which raises why and where.
        reader.read_object(text, limits)
        raise AssertionError("the two readers differ")  # pragma: no cover - a property proves them equal
    if items is None:
        return Upgrading(text, SLICES, {(): _upgrade_slice(EventEditor(root, SLICES), text, ())}, root)
    return Upgrading(text, SLICES, dict(_iter_editors(items, text, ("batch",))), root, items)


def upgrade_array(text: bytes, limits: Limits) -> Upgrading:
    """Upgrade the events of a JSON array, and of its batches, in their places; what is not an object stays as it is.

    Raises:
        UnreadablePayload: when the text is not JSON within the limits.
    """
    reader.read(text, limits)
    items = tuple(SLICES.open_array(text) or ())
    editors: dict[Path, EventEditor] = {}
    batches: dict[int | str, Upgrading] = {}
    for index, item in enumerate(items):
        root = _open_item(item, text, (index,))
        events = None if root is None else _open_batch(root)
        if root is not None and events is not None:
            of_batch = dict(_iter_editors(events, text, (index, "batch")))
            batches[index] = Upgrading(item, SLICES, of_batch, root, events)
            editors |= of_batch
        elif root is not None:
            editors[index,] = _upgrade_slice(EventEditor(root, SLICES), text, (index,))
    return Upgrading(text, SLICES, editors, None, items, batches)


def _open_batch(root: OpenObject) -> tuple[Any, ...] | None:
    """Return the items of a batch as slices; None when the payload is not a batch."""
    if "batch" not in root or not _is_batch(EventEditor(root, SLICES).read_outline()):
        return None
    return tuple(SLICES.open_array(root["batch"]) or ())


def _iter_editors(items: tuple[Any, ...], text: bytes, parent: Path) -> Iterator[tuple[Path, EventEditor]]:
    for index, item in enumerate(items):
        path = (*parent, index)
        root = _open_item(item, text, path)
        if root is not None:
            yield path, _upgrade_slice(EventEditor(root, SLICES), text, path)


def _open_item(item: Any, text: bytes, path: Path) -> OpenObject | None:  # noqa: ANN401 - a slice
    """Open an item of an array at a path of a text; None when it is not an object."""
    if not bytes(item).startswith(b"{"):
        return None
    root = SLICES.open_object(item)
    if root is None:
        raise UnreadablePayload([refusals.find_duplicate_key(text.decode(), path)])
    return root


def _is_batch(payload: Mapping[str, Any]) -> bool:
    return isinstance(payload.get("batch"), list) and kind_of(payload) is BATCH


_REARRANGED = (("context",), ("user",), ("context", "page"), ("context", "device"))
_REARRANGED_OF_1_0 = (("properties",), ("page",), ("device",), ("user",), ("properties", "user"))
"""The objects that an upgrade opens; in a 2.0 event `properties`, `page` and `device` at the root are custom."""


def _upgrade_slice(editor: EventEditor, text: bytes, parent: Path) -> EventEditor:
    """Upgrade the event at a path of a text, unless an object that is rearranged has a duplicate key."""
    outline = editor.read_outline()
    for path in _REARRANGED_OF_1_0 if is_legacy(outline) else _REARRANGED:
        # Nothing but a duplicate key keeps the text of an object from being opened.
        if isinstance(outline.get(path[0]), dict) and editor.read(path) == {} and editor.open_object(path) is None:
            raise UnreadablePayload([refusals.find_duplicate_key(text.decode(), (*parent, *path))])
    return _upgrade(editor, outline)


def _upgrade(editor: EventEditor, outline: Mapping[str, Any]) -> EventEditor:
    editor.is_legacy = is_legacy(outline)
    if editor.is_legacy:
        editor.is_web = is_web_version(outline)
        _apply(CONVERSION, editor)
        _order_keys(editor.root)
    _apply(CANONICAL, editor)
    return editor


def _apply(changes: tuple[Change, ...], editor: EventEditor) -> None:
    for change in changes:
        editor.change = change.name
        change.apply(editor)


def _order_keys(root: OpenObject) -> None:
    """Put `event_name` first and `context` last; what is between is in order already."""
    # A key that is set again goes to the end of a dict.
    for key in [key for key in root if key != "event_name"]:
        root[key] = root.pop(key)
    root["context"] = root.pop("context")
