"""Validate a large document piece by piece, so that only the errors of one piece are in memory at a time.

The engines collect all errors of a document before they yield the first one, at two kilobytes an error. What a schema
asks of a member of an object or of an item of an array does not depend on the other members or items, so they can be
validated apart from these; what it asks of an object as a whole is decided on the first piece, which has all names that
the schema knows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any

from tcspec.contract.engines import ENGINES, KeywordError
from tcspec.contract.schemas import load_schema

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from tcspec.kinds import Version

    Path = tuple[str | int, ...]
    Slice = tuple[dict[str, Any] | list[Any], dict[str | int, str | int]]
    """A part of a container, and the keys in the container of the values that are whole in the part, by their keys."""

MAX_VALUES = 500
"""How many values that can have errors are in one piece, besides those whose names the schema knows."""

_MAX_DEPTH = 6
"""No schema asks anything of what is deeper: the colours of products are at `properties/items/0/product/colors/0`."""
_EVENT_NAMES = ("event_name", "event")
"""The reference engine chooses the definition of an event by them."""


def iter_errors(
    engine: str, document: Mapping[str, Any], version: Version, event_name: object
) -> Iterator[list[KeywordError]]:
    """Yield every error that an engine finds in a document, piece by piece and in the order of their places."""
    find: Callable[..., Iterator[KeywordError]] = ENGINES[engine]
    for piece in iter_pieces(document, _known_names(version)):
        found = (piece.restore(error) for error in find(piece.document, version, event_name))
        # In an order that does not depend on the engine, so that of too many the same ones are reported.
        yield sorted(filter(None, found))


@dataclass(frozen=True, slots=True)
class Piece:
    """A document that has only a part of one container of another document.

    `path` leads to the container in the other document, `own` has the keys whose values are in this piece and in no
    other, by their keys in it. Errors of the container itself are those of the piece that `is_first`, or of an array,
    where any item can cause them, the first of each kind.
    """

    document: Mapping[str, Any]
    path: Path = ()
    own: Mapping[str | int, str | int] | None = None
    is_first: bool = True
    reported: set[tuple[str | int, ...]] = field(default_factory=set)

    def restore(self, error: KeywordError) -> KeywordError | None:
        """Return an error of the piece as one of the other document; None when another piece has it."""
        if self.own is None:
            return error
        depth = len(self.path)
        around, inside = error.instance_path[:depth], error.instance_path[depth:]
        if around != tuple(0 if isinstance(part, int) else part for part in self.path):
            return None
        if inside:
            is_own = inside[0] in self.own
            return KeywordError((*self.path, self.own[inside[0]], *inside[1:]), error.schema_path) if is_own else None
        is_array = 0 in self.own
        if not (self.is_first or is_array) or error.schema_path in self.reported:
            return None
        # Of an object the same error may come twice: `required` has one for each name.
        if is_array:
            self.reported.add(error.schema_path)
        return KeywordError(self.path, error.schema_path)


def iter_pieces(document: Mapping[str, Any], names: Collection[str]) -> Iterator[Piece]:
    """Yield the pieces of a document; one that is not large is a piece as it is.

    Args:
        document: a JSON object.
        names: the property names that the schema knows.
    """
    large: set[int] = set()
    if _weigh(document, names, 0, large) <= MAX_VALUES:
        yield Piece(document)
        return
    pending: list[tuple[Path, Any]] = [((), document)]
    event_names = {name: document[name] for name in _EVENT_NAMES if name in document}
    while pending:
        path, container = pending.pop()
        items = container.items() if isinstance(container, dict) else enumerate(container)
        inner = [(key, child) for key, child in items if id(child) in large]
        # Reversed, since the last one is taken first: pieces come in the order of the document.
        pending += (((*path, key), child) for key, child in reversed(inner))
        is_object = isinstance(container, dict)
        slices = _slice_object(container, names, large) if is_object else _slice_array(container, path, names, large)
        reported: set[tuple[str | int, ...]] = set()
        for index, (part, own) in enumerate(slices):
            yield Piece(_wrap(part, path, event_names), path, own, is_first=index == 0, reported=reported)


@cache
def _known_names(version: Version) -> frozenset[str]:
    """Return the names of all properties in the definitions of a schema."""
    definitions = load_schema(version)["$defs"].values()
    return frozenset(name for definition in definitions for name in definition.get("properties", ()))


def _weigh(value: Any, names: Collection[str], depth: int, large: set[int]) -> int:  # noqa: ANN401 - any JSON value
    """Return how many values in a value can have errors, and add the ids of containers with too many to a set.

    Nothing below a name that the schema does not know can have an error, and nothing in an array of arrays.
    """
    if depth > _MAX_DEPTH:
        return 1
    if isinstance(value, dict):
        inner = [child for name, child in value.items() if isinstance(child, dict | list) and name in names]
    elif isinstance(value, list):
        inner = [child for child in value if isinstance(child, dict)]
    else:
        return 1
    weight = 1 + len(value) + sum(_weigh(child, names, depth + 1, large) - 1 for child in inner)
    if weight > MAX_VALUES:
        # By identity: a document is read from text, so that no container of it is in two places.
        large.add(id(value))
    return weight


def _slice_object(container: dict[str, Any], names: Collection[str], large: set[int]) -> Iterator[Slice]:
    """Yield parts of an object with the keys that are whole in them; the first part has all names that are known."""
    known = {name: child for name, child in container.items() if name in names}
    custom = iter((name, child) for name, child in container.items() if name not in names)
    part = {name: _outline(child, names, large) if id(child) in large else child for name, child in known.items()}
    own: dict[str | int, str | int] = {name: name for name, child in known.items() if id(child) not in large}
    while True:
        more = dict(islice(custom, MAX_VALUES))
        if not more and not part:
            return
        yield part | more, own | {name: name for name in more}
        part, own = {}, {}


def _slice_array(container: list[Any], path: Path, names: Collection[str], large: set[int]) -> Iterator[Slice]:
    """Yield parts of an array with the index in it of each item that is in them."""
    part: list[Any] = []
    own: dict[str | int, str | int] = {}
    weight = 0
    for index, item in enumerate(container):
        if id(item) in large:
            continue
        own[len(part)] = index
        part.append(item)
        weight += _weigh(item, names, len(path) + 1, set())
        if weight >= MAX_VALUES:
            yield part, own
            part, own, weight = [], {}, 0
    if part:
        yield part, own
    elif all(id(item) in large for item in container):
        # Where no array belongs, or none of objects, the error is that of the array and not of its items.
        yield [_outline(container[0], names, large)], {}


def _outline(value: Any, names: Collection[str], large: set[int]) -> Any:  # noqa: ANN401 - any JSON value
    """Return as much of a large value as decides whether an object around it has what it must have."""
    if isinstance(value, list):
        return []
    known = {name: child for name, child in value.items() if name in names}
    return {name: _outline(child, names, large) if id(child) in large else child for name, child in known.items()}


def _wrap(part: Any, path: Path, event_names: Mapping[str, Any]) -> Mapping[str, Any]:  # noqa: ANN401 - any JSON value
    """Return a document that has a part at a path, where the arrays on the path have no other items."""
    if not path:
        document: Mapping[str, Any] = part
        return {**event_names, **document}
    for key in reversed(path):
        part = [part] if isinstance(key, int) else {key: part}
    return {**event_names, **part}
