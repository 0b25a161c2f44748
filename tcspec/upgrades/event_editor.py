"""A draft: an event under upgrade, opened as far as the changes need it, and the journal of what was done to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from tcspec.jsontext.pointer import join
from tcspec.upgrades.journal import Added, Moved, Operation, Path, Removed, Replaced
from tcspec.upgrades.representations import Notation, Opened

if TYPE_CHECKING:
    from collections.abc import Iterator

ABSENT: Final = object()
"""What is looked for is not there; null is."""

LEGACY: Final = ("context", "legacy")
"""Where values are kept that have no place of their own in the 2.0 format."""


@dataclass(frozen=True, slots=True)
class Applied:
    """One declared change as it was applied: which, from where, to where, and whether the value was only kept."""

    change: str
    source_path: Path
    target_path: Path
    kept: bool = False

    @property
    def source(self) -> str:
        """Give the pointer of the place where the change found the value."""
        return join(self.source_path)

    @property
    def target(self) -> str:
        """Give the pointer of the place where the change put the value; a later change may have taken it on."""
        return join(self.target_path)

    def below(self, path: Path) -> Applied:
        """Give the change as it is in a payload that has the event at a path."""
        if not path:
            return self
        return Applied(self.change, (*path, *self.source_path), (*path, *self.target_path), self.kept)


@dataclass(slots=True)
class Draft:
    """An event under upgrade, and whether it came from the web container.

    Paths are tuples of keys from the root. Every operation is journalled, and reported under the name of the change
    that is being applied.
    """

    root: Opened
    notation: Notation
    is_web: bool = False
    journal: list[Operation] = field(default_factory=list)
    applied: list[Applied] = field(default_factory=list)
    change: str = ""

    def opened(self, path: Path) -> Opened | None:
        """Open the object at a path; None when there is no object."""
        here: Any = self.root
        for key in path:
            leaf = here.get(key, ABSENT)
            if type(leaf) is not Opened:
                leaf = None if leaf is ABSENT else self.notation.open(leaf)
                if leaf is None:
                    return None
                here[key] = leaf
            here = leaf
        return here  # type: ignore[no-any-return]

    def has(self, path: Path) -> bool:
        """Tell whether there is a value at a path, null included."""
        parent = self.opened(path[:-1])
        return parent is not None and path[-1] in parent

    def read(self, path: Path) -> Any:  # noqa: ANN401 - any JSON value
        """Read the value at a path; ABSENT when there is none."""
        parent: Any = self.opened(path[:-1]) or {}
        return self._read_leaf(parent[path[-1]]) if path[-1] in parent else ABSENT

    def outline(self) -> dict[str, Any]:
        """Read the root; its objects and lists may be read as empty ones."""
        return {key: self._read_leaf(leaf) for key, leaf in self.root.items()}

    def _read_leaf(self, leaf: Any) -> Any:  # noqa: ANN401 - any leaf
        return {} if type(leaf) is Opened else self.notation.read(leaf)

    def names(self, path: Path = ()) -> tuple[str, ...]:
        """Give the names of the members of the object at a path, in order."""
        return tuple(self.opened(path) or ())

    def move(self, source: Path, target: Path, origin: Path | None = None) -> None:
        """Move a value to a free place, making the objects on the way."""
        self._shift(source, target)
        self._report(origin or source, target)

    def keep(self, source: Path, origin: Path | None = None) -> None:
        """Keep a value that has no place under `context.legacy` and its original path."""
        origin = origin or source
        target = (*LEGACY, *origin)
        self._shift(source, target)
        self._report(origin, target, kept=True)

    def move_or_keep(self, source: Path, target: Path, origin: Path | None = None) -> None:
        """Move a value to its place when that is free, keep it under `context.legacy` when not."""
        if self.has(target):
            self.keep(source, origin)
        else:
            self.move(source, target, origin)

    def put(self, path: Path, value: Any) -> None:  # noqa: ANN401 - any JSON value
        """Make a new value at a free place."""
        self._make(path, value)
        self._report(path, path)

    def replace(self, path: Path, value: Any) -> None:  # noqa: ANN401 - any JSON value
        """Convert the value at a path."""
        parent = self._parent(path)
        leaf = self.notation.write(value)
        self.journal.append(Replaced(path, parent[path[-1]], leaf))
        parent[path[-1]] = leaf
        self._report(path, path)

    def replace_items(self, path: Path, convert: dict[int, Any]) -> None:
        """Convert some items of the list at a path, given by their index."""
        parent = self._parent(path)
        items = self.notation.items(parent[path[-1]]) or []
        for index, value in convert.items():
            leaf = self.notation.write(value)
            self.journal.append(Replaced((*path, index), items[index], leaf))
            items[index] = leaf
        parent[path[-1]] = items
        self._report(path, path)

    def set_aside(self, path: Path) -> Path:
        """Move a value to a spare key of the root, so that its own place becomes free, and give that key's path."""
        inside = frozenset(self.names(path))
        spare = next(name for name in _spare_names() if name not in self.root and name not in inside)
        self._shift(path, (spare,))
        return (spare,)

    def make_object(self, path: Path) -> None:
        """Make an empty object unless there is a value at the path already."""
        if not self.has(path):
            self._make(path, {})

    def drop_empty(self, path: Path) -> None:
        """Take away an empty object; that is worth a word only when nothing was taken out of it before."""
        del self._parent(path)[path[-1]]
        self.journal.append(Removed(path))
        if not any(applied.change == self.change for applied in self.applied):
            self._report(path, ())

    def _shift(self, source: Path, target: Path) -> None:
        for depth in range(1, len(target)):
            self.make_object(target[:depth])
        self._parent(target)[target[-1]] = self._parent(source).pop(source[-1])
        self.journal.append(Moved(source, target))

    def _make(self, path: Path, value: Any) -> None:  # noqa: ANN401 - any JSON value
        leaf = self.notation.write(value)
        self._parent(path)[path[-1]] = leaf
        self.journal.append(Added(path, leaf))

    def _parent(self, path: Path) -> Any:  # noqa: ANN401 - an Opened whose keys are parts of a path
        """Open the object around a path in order to change it."""
        here: Any = None
        for depth in range(len(path)):
            here = self.opened(path[:depth])
            here.touched = True
        return here

    def _report(self, source: Path, target: Path, *, kept: bool = False) -> None:
        last = self.applied[-1] if self.applied else None
        if last and (last.change, last.target_path) == (self.change, source):
            return  # what a change converts where it has just moved it is reported already
        self.applied.append(Applied(self.change, source, target, kept))


def _spare_names() -> Iterator[str]:
    name = "set_aside"
    while True:
        yield name
        name += "_"
