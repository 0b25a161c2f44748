"""The journal of an upgrade, which is a JSON Patch (RFC 6902) and, reversed, the patch that undoes it.

Only values that a change converted are part of a patch: everything else moves. A value that moves into its own place
goes through a spare key, because RFC 6902 does not allow to move a value into its own child.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tcspec.jsontext.pointer import join

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Read = Callable[[Any], Any]
    Operation = dict[str, Any]

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """A value was moved from one path to another."""

    source: Path
    target: Path

    def operation(self, _: Read) -> Operation:
        """Return the operation that does this."""
        return {"op": "move", "from": join(self.source), "path": join(self.target)}

    def inverse(self, _: Read) -> Operation:
        """Return the operation that undoes this."""
        return {"op": "move", "from": join(self.target), "path": join(self.source)}


@dataclass(frozen=True, slots=True)
class Added:
    """A value was added where there was none."""

    path: Path
    value: Any

    def operation(self, read: Read) -> Operation:
        """Return the operation that does this."""
        return {"op": "add", "path": join(self.path), "value": read(self.value)}

    def inverse(self, _: Read) -> Operation:
        """Return the operation that undoes this."""
        return {"op": "remove", "path": join(self.path)}


@dataclass(frozen=True, slots=True)
class Removed:
    """An object that had become empty was removed."""

    path: Path

    def operation(self, _: Read) -> Operation:
        """Return the operation that does this."""
        return {"op": "remove", "path": join(self.path)}

    def inverse(self, _: Read) -> Operation:
        """Return the operation that undoes this."""
        # It was empty, or it would not have been removed.
        return {"op": "add", "path": join(self.path), "value": {}}


@dataclass(frozen=True, slots=True)
class Replaced:
    """A value was converted in its place."""

    path: Path
    old: Any
    new: Any

    def operation(self, read: Read) -> Operation:
        """Return the operation that does this."""
        return {"op": "replace", "path": join(self.path), "value": read(self.new)}

    def inverse(self, read: Read) -> Operation:
        """Return the operation that undoes this."""
        return {"op": "replace", "path": join(self.path), "value": read(self.old)}


Entry = Moved | Added | Removed | Replaced


def build_patch(journal: Iterable[Entry], read: Read, parent: Path = ()) -> list[Operation]:
    """Build the JSON Patch that repeats the journal of the event at a path."""
    return [_with_parent(entry.operation(read), parent) for entry in journal]


def build_inverse(journal: Iterable[Entry], read: Read, parent: Path = ()) -> list[Operation]:
    """Build the JSON Patch that undoes the journal of the event at a path."""
    return [_with_parent(entry.inverse(read), parent) for entry in reversed(tuple(journal))]


def _with_parent(operation: Operation, parent: Path) -> Operation:
    """Return an operation with the pointer of the event before its own pointers."""
    return {key: join(parent) + value if key in {"path", "from"} else value for key, value in operation.items()}
