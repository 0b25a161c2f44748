"""The journal of an upgrade, and the JSON Patches (RFC 6902) that it is: forward, and reversed.

No operation carries a value of the payload but the few that a change converted: everything else moves. A value that
moves into its own place goes by way of a spare key, since RFC 6902 forbids to move a value into its own child.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tcspec.jsontext.pointer import join

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Read = Callable[[Any], Any]
    Step = dict[str, Any]

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """A value went from one path to another."""

    source: Path
    target: Path

    def forward(self, _: Read) -> Step:
        """Give the step that does this."""
        return {"op": "move", "from": join(self.source), "path": join(self.target)}

    def backward(self, _: Read) -> Step:
        """Give the step that undoes this."""
        return {"op": "move", "from": join(self.target), "path": join(self.source)}


@dataclass(frozen=True, slots=True)
class Added:
    """A value was made where there was none."""

    path: Path
    value: Any

    def forward(self, read: Read) -> Step:
        """Give the step that does this."""
        return {"op": "add", "path": join(self.path), "value": read(self.value)}

    def backward(self, _: Read) -> Step:
        """Give the step that undoes this."""
        return {"op": "remove", "path": join(self.path)}


@dataclass(frozen=True, slots=True)
class Removed:
    """An object that had become empty was taken away."""

    path: Path

    def forward(self, _: Read) -> Step:
        """Give the step that does this."""
        return {"op": "remove", "path": join(self.path)}

    def backward(self, _: Read) -> Step:
        """Give the step that undoes this."""
        return {"op": "add", "path": join(self.path), "value": {}}


@dataclass(frozen=True, slots=True)
class Replaced:
    """A value was converted in its place."""

    path: Path
    old: Any
    new: Any

    def forward(self, read: Read) -> Step:
        """Give the step that does this."""
        return {"op": "replace", "path": join(self.path), "value": read(self.new)}

    def backward(self, read: Read) -> Step:
        """Give the step that undoes this."""
        return {"op": "replace", "path": join(self.path), "value": read(self.old)}


Operation = Moved | Added | Removed | Replaced


def patch(journal: Iterable[Operation], read: Read, below: Path = ()) -> list[Step]:
    """Render the journal of what stands at a path as the JSON Patch that repeats it."""
    return [_lowered(operation.forward(read), below) for operation in journal]


def inverse(journal: Iterable[Operation], read: Read, below: Path = ()) -> list[Step]:
    """Render the journal of what stands at a path as the JSON Patch that undoes it."""
    return [_lowered(operation.backward(read), below) for operation in reversed(tuple(journal))]


def _lowered(step: Step, below: Path) -> Step:
    """Begin the pointers of a step with a path."""
    return {word: join(below) + told if word in {"path", "from"} else told for word, told in step.items()}
