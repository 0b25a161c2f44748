"""An editor of one event, which opens it only as far as the changes need and writes a journal of what they do."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import msgspec

from tcspec.jsontext.pointer import join
from tcspec.upgrades.journal import Added, Entry, Moved, Path, Removed, Replaced
from tcspec.upgrades.representations import OpenObject, Representation

if TYPE_CHECKING:
    from collections.abc import Iterator

ABSENT: Final = object()
"""There is no value; null is one."""

LEGACY: Final = ("context", "legacy")
"""Where values are kept that have no place of their own in the 2.0 format."""


@dataclass(frozen=True, slots=True)
class AppliedChange:
    """A declared change that was applied: its name, from where to where, and whether the value was only kept."""

    change: str
    source_path: Path
    target_path: Path
    kept: bool = False

    @property
    def source(self) -> str:
        """Return the pointer of the place where the change found the value."""
        return join(self.source_path)

    @property
    def target(self) -> str:
        """Return the pointer of the place where the change put the value; a later change may have moved it on."""
        return join(self.target_path)

    def with_parent(self, parent: Path) -> AppliedChange:
        """Return the change in a payload that has the event at a path."""
        if not parent:
            return self
        return AppliedChange(self.change, (*parent, *self.source_path), (*parent, *self.target_path), self.kept)


# A struct of msgspec takes less time than a frozen dataclass to build, and each record of a migration has one.
class EventTime(msgspec.Struct, frozen=True):
    """The time of an event in epoch milliseconds, and the unit from which it was converted; None when it was not."""

    ms: int
    converted_from: str | None = None


@dataclass(slots=True)
class EventEditor:
    """An event that is being upgraded, whether it was in the 1.0 format, and whether it came from the web container.

    `time` is what the event has once its timestamp was looked at; None when that cannot be read.

    Paths are tuples of keys from the root. Every operation is written to the journal, and reported under the name of
    the change that is being applied.
    """

    root: OpenObject
    representation: Representation
    is_legacy: bool = False
    is_web: bool = False
    journal: list[Entry] = field(default_factory=list)
    applied: list[AppliedChange] = field(default_factory=list)
    change: str = ""
    time: EventTime | None = None

    def open_object(self, path: Path) -> OpenObject | None:
        """Open the object at a path; None when there is no object."""
        current: Any = self.root
        for key in path:
            leaf = current.get(key, ABSENT)
            if type(leaf) is not OpenObject:
                leaf = None if leaf is ABSENT else self.representation.open_object(leaf)
                if leaf is None:
                    return None
                current[key] = leaf
            current = leaf
        return current  # type: ignore[no-any-return]

    def has(self, path: Path) -> bool:
        """Return whether there is a value at a path, null included."""
        parent = self.open_object(path[:-1])
        return parent is not None and path[-1] in parent

    def read(self, path: Path) -> Any:  # noqa: ANN401 - any JSON value
        """Return the value at a path; ABSENT when there is none."""
        parent: Any = self.open_object(path[:-1]) or {}
        return self._read_leaf(parent[path[-1]]) if path[-1] in parent else ABSENT

    def read_outline(self) -> dict[str, Any]:
        """Return the root; its objects and arrays may be empty ones."""
        return {key: self._read_leaf(leaf) for key, leaf in self.root.items()}

    def _read_leaf(self, leaf: Any) -> Any:  # noqa: ANN401 - any leaf
        return {} if type(leaf) is OpenObject else self.representation.read(leaf)

    def read_keys(self, path: Path = ()) -> tuple[str, ...]:
        """Return the keys of the object at a path, in order."""
        return tuple(self.open_object(path) or ())

    def move(self, source: Path, target: Path, origin: Path | None = None) -> None:
        """Move a value to a free place, adding the objects on the way."""
        self._move(source, target)
        self._report(origin or source, target)

    def keep(self, source: Path, origin: Path | None = None) -> None:
        """Keep a value that has no place of its own under `context.legacy` and its original path."""
        origin = origin or source
        target = (*LEGACY, *origin)
        self._move(source, target)
        self._report(origin, target, kept=True)

    def keep_copy(self, source: Path, origin: Path) -> bool:
        """Keep a copy of a value under `context.legacy` and its original path; return whether that was possible.

        It is not where the place is taken, or something else than an object is on the way.
        """
        target = (*LEGACY, *origin)
        on_the_way = (target[:depth] for depth in range(1, len(target)))
        # Checked before anything is added: a copy that cannot be kept leaves the event as it was.
        if self.has(target) or any(self.has(path) and self.open_object(path) is None for path in on_the_way):
            return False
        for depth in range(1, len(target)):
            self.add_object(target[:depth])
        leaf = self._open_parent(source)[source[-1]]
        self._open_parent(target)[target[-1]] = leaf
        self.journal.append(Added(target, leaf))
        self._report(origin, target, kept=True)
        return True

    def move_or_keep(self, source: Path, target: Path, origin: Path | None = None) -> None:
        """Move a value to its place when that is free, keep it under `context.legacy` when it is not."""
        if self.has(target):
            self.keep(source, origin)
        else:
            self.move(source, target, origin)

    def add(self, path: Path, value: Any) -> None:  # noqa: ANN401 - any JSON value
        """Add a new value at a free place."""
        self._add(path, value)
        self._report(path, path)

    def add_object(self, path: Path) -> None:
        """Add an empty object unless there is a value at the path already."""
        if not self.has(path):
            self._add(path, {})

    def replace(self, path: Path, value: Any) -> None:  # noqa: ANN401 - any JSON value
        """Convert the value at a path."""
        parent = self._open_parent(path)
        leaf = self.representation.encode(value)
        self.journal.append(Replaced(path, parent[path[-1]], leaf))
        parent[path[-1]] = leaf
        self._report(path, path)

    def replace_items(self, path: Path, values: dict[int, Any]) -> None:
        """Convert some items of the array at a path, by their index."""
        parent = self._open_parent(path)
        items = self.representation.open_array(parent[path[-1]]) or []
        for index, value in values.items():
            leaf = self.representation.encode(value)
            self.journal.append(Replaced((*path, index), items[index], leaf))
            items[index] = leaf
        parent[path[-1]] = items
        self._report(path, path)

    def set_aside(self, path: Path) -> Path:
        """Move a value to a spare key of the root, so that its own place becomes free, and return the path of that."""
        # The members move to the root next, so that the spare key must not be one of theirs either.
        inside = frozenset(self.read_keys(path))
        spare = next(key for key in _iter_spare_keys() if key not in self.root and key not in inside)
        self._move(path, (spare,))
        return (spare,)

    def remove_empty(self, path: Path) -> None:
        """Remove an empty object; this is reported only when nothing was moved out of it before."""
        del self._open_parent(path)[path[-1]]
        self.journal.append(Removed(path))
        if not any(applied.change == self.change for applied in self.applied):
            self._report(path, ())

    def _move(self, source: Path, target: Path) -> None:
        for depth in range(1, len(target)):
            self.add_object(target[:depth])
        self._open_parent(target)[target[-1]] = self._open_parent(source).pop(source[-1])
        self.journal.append(Moved(source, target))

    def _add(self, path: Path, value: Any) -> None:  # noqa: ANN401 - any JSON value
        leaf = self.representation.encode(value)
        self._open_parent(path)[path[-1]] = leaf
        self.journal.append(Added(path, leaf))

    def _open_parent(self, path: Path) -> Any:  # noqa: ANN401 - an OpenObject whose keys are parts of a path
        """Open the object around a path in order to change it."""
        parent: Any = None
        for depth in range(len(path)):
            parent = self.open_object(path[:depth])
            # Every object on the way: an unchanged one is written as its source, without what is new in it.
            parent.changed = True
        return parent

    def _report(self, source: Path, target: Path, *, kept: bool = False) -> None:
        last = self.applied[-1] if self.applied else None
        if last and (last.change, last.target_path) == (self.change, source):
            return  # a change that converts the value that it has just moved is one change
        self.applied.append(AppliedChange(self.change, source, target, kept))


def _iter_spare_keys() -> Iterator[str]:
    key = "set_aside"
    while True:
        yield key
        key += "_"
