"""Where the values of a document are after a patch: moved with what is around them, or lost."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from tcspec.jsontext.pointer import follow, iter_parents, parse_index

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tcspec.jsontext.patch import PatchResult

    Operation = Mapping[str, Any]


def relocate(pointers: Iterable[str], patch: Sequence[Operation], document: Any) -> Iterator[str]:  # noqa: ANN401
    """Yield for each pointer into a document the pointer of the same value once a JSON Patch was applied.

    Only operations at or around a value are looked up: a patch of a whole file may have thousands.
    """
    numbers: defaultdict[str, list[int]] = defaultdict(list)
    for number, operation in enumerate(patch):
        for place in _moved_places(operation):
            numbers[place].append(number)
    for pointer in pointers:
        current, done = pointer, -1
        while following := _find_next(numbers, current, done):
            done = min(following)
            current = _relocate_once(current, patch[done], document)
        yield current


def _find_next(numbers: Mapping[str, Sequence[int]], pointer: str, done: int) -> list[int]:
    """Return the numbers of the operations, first of each place, that come next and can move a value."""
    places = (numbers.get(place, ()) for place in (pointer, *iter_parents(pointer)))
    return [number for place in places for number in place[bisect_right(place, done) :][:1]]


def _moved_places(operation: Operation) -> Iterator[str]:
    """Yield the places at or below which an operation moves values."""
    if operation["op"] == "move":
        yield operation["from"]
    if operation["op"] != "replace":
        for key in operation.keys() & {"path", "from"}:
            parent, _, name = operation[key].rpartition("/")
            # A member of an object can be called 1 too: `_shift` looks whether the parent is an array.
            if name.isdigit():
                yield parent


def _relocate_once(pointer: str, operation: Operation, document: Any) -> str:  # noqa: ANN401 - any JSON value
    """Return where a value is after one operation."""
    name, path = operation["op"], operation["path"]
    source = operation.get("from", path)
    if name == "move" and (pointer == source or pointer.startswith(f"{source}/")):
        return f"{path}{pointer.removeprefix(source)}"
    if name in {"move", "remove"}:
        pointer = _shift(pointer, source, -1, document)
    if name in {"move", "add"}:
        pointer = _shift(pointer, path, 1, document)
    return pointer


def _shift(pointer: str, place: str, by: int, document: Any) -> str:  # noqa: ANN401 - any JSON value
    """Return where a value is after an item was added to an array, or removed from it."""
    parent, _, index = place.rpartition("/")
    current, _, rest = pointer.removeprefix(f"{parent}/").partition("/")
    # A pointer that is not below the parent still begins with a slash, and what is before that is no index.
    moved, changed = parse_index(current), parse_index(index)
    if moved is None or changed is None:
        return pointer
    try:
        is_array = isinstance(follow(document, parent), list)
    except LookupError:
        is_array = False
    # An added item moves the one at its index too, a removed one only those behind it.
    if not is_array or moved < changed + (by < 0):
        return pointer
    return "/".join((parent, str(moved + by), *([rest] if rest else [])))


def is_lossy(result: PatchResult) -> bool:
    """Return whether a value that a patch dropped is missing from the new text; an empty object or array is no loss."""
    dropped = [value for value in map(_parse_exactly, result.dropped) if value not in ({}, [])]
    if not dropped:
        return False
    values = list(_iter_values(_parse_exactly(result.text)))
    # A set: of scalars a document has many, and most values that are dropped are scalars.
    scalars = {value for value in values if not isinstance(value, dict | list)}
    containers = [value for value in values if isinstance(value, dict | list)]
    return not all(value in (containers if isinstance(value, dict | list) else scalars) for value in dropped)


def _parse_exactly(text: bytes) -> Any:  # noqa: ANN401 - any JSON value
    """Parse a JSON text with its numbers as they are written: 1 is neither true nor 1.0."""
    return json.loads(text, parse_int=_keep_number, parse_float=_keep_number)


def _keep_number(text: str) -> tuple[str]:
    return (text,)  # a tuple, so that no string equals it


def _iter_values(value: Any) -> Iterator[Any]:  # noqa: ANN401 - any JSON value
    """Yield a value and everything in it."""
    pending = [value]
    while pending:
        value = pending.pop()
        yield value
        pending += value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
