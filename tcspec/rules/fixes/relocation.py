"""What a fix does to what it is not about: which fixes go together, what moves with them, and what would be lost."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from tcspec.jsontext.pointer import follow

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tcspec.errors import Violation
    from tcspec.jsontext.patch import PatchResult

    Operation = Mapping[str, Any]


def apart(violations: Iterable[Violation]) -> tuple[list[Violation], list[Violation]]:
    """Choose violations whose fixes can be applied at once, in whichever order, and give the others too."""
    chosen: list[Violation] = []
    others: list[Violation] = []
    touched: set[str] = set()
    around: set[str] = set()
    for violation in violations:
        places = set(_touched(violation))
        above = {outer for place in places for outer in _above(place)}
        if places & (touched | around) or above & touched:
            others.append(violation)
        else:
            chosen.append(violation)
            touched |= places
            around |= above
    return chosen, others


def followed(pointers: Iterable[str], patch: Sequence[Operation], document: Any) -> Iterator[str]:  # noqa: ANN401
    """Say where each of some places is once a patch moved it, or moved what is around it.

    Of the operations only those that concern a place are looked at.
    """
    concerned: defaultdict[str, list[int]] = defaultdict(list)
    for number, operation in enumerate(patch):
        for place in _moved(operation):
            concerned[place].append(number)
    for pointer in pointers:
        place, done = pointer, -1
        while following := [each for outer in (place, *_above(place)) for each in _later(concerned.get(outer), done)]:
            done = min(following)
            place = _followed(place, patch[done], document)
        yield place


def _later(numbers: Sequence[int] | None, number: int) -> Sequence[int]:
    """Give the next number after one, if there is any."""
    at = bisect_right(numbers or (), number)
    return (numbers or ())[at : at + 1]


def _moved(operation: Operation) -> Iterator[str]:
    """Name the places at or below which an operation moves things."""
    if operation["op"] == "move":
        yield operation["from"]
    if operation["op"] != "replace":
        for word in operation.keys() & {"path", "from"}:
            holder, _, name = operation[word].rpartition("/")
            if name.isdigit():
                yield holder


def _touched(violation: Violation) -> Iterator[str]:
    """Name what a fix touches; an item that comes or goes touches the whole array."""
    for operation in violation.fix.patch if violation.fix else ():
        for word in operation.keys() & {"path", "from"}:
            holder, _, name = operation[word].rpartition("/")
            yield holder if operation["op"] != "replace" and (name.isdigit() or name == "-") else operation[word]


def _above(pointer: str) -> Iterator[str]:
    """Name everything that holds a place."""
    while pointer:
        pointer = pointer.rpartition("/")[0]
        yield pointer


def _followed(pointer: str, operation: Operation, document: Any) -> str:  # noqa: ANN401 - any JSON value
    """Say where something is once one operation moved it, or moved what is around it."""
    word, path = operation["op"], operation["path"]
    source = operation.get("from", path)
    if word == "move" and (pointer == source or pointer.startswith(f"{source}/")):
        return f"{path}{pointer.removeprefix(source)}"
    if word in {"move", "remove"}:
        pointer = _shifted(pointer, source, -1, document)
    if word in {"move", "add"}:
        pointer = _shifted(pointer, path, 1, document)
    return pointer


def _shifted(pointer: str, place: str, by: int, document: Any) -> str:  # noqa: ANN401 - any JSON value
    """Say where something is once an item came or went at a place of an array."""
    holder, _, index = place.rpartition("/")
    given, _, rest = pointer.removeprefix(f"{holder}/").partition("/")
    if not (pointer.startswith(f"{holder}/") and index.isdigit() and given.isdigit()):
        return pointer
    try:
        is_list = isinstance(follow(document, holder), list)
    except LookupError:
        is_list = False
    if not is_list or int(given) < int(index) + (by < 0):
        return pointer
    return "/".join((holder, str(int(given) + by), *([rest] if rest else [])))


def loses(edited: PatchResult) -> bool:
    """Tell whether a value that went is nowhere any more; an empty object or array is no loss."""
    dropped = [value for value in map(_exactly, edited.dropped) if value not in ({}, [])]
    if not dropped:
        return False
    values = list(_values(_exactly(edited.text)))
    scalars = {value for value in values if not isinstance(value, dict | list)}
    holders = [value for value in values if isinstance(value, dict | list)]
    return not all(value in (holders if isinstance(value, dict | list) else scalars) for value in dropped)


def _exactly(text: bytes) -> Any:  # noqa: ANN401 - any JSON value
    """Read a JSON text with its numbers as they are spelt: 1 is neither true nor 1.0."""
    return json.loads(text, parse_int=_number, parse_float=_number)


def _number(spelling: str) -> tuple[str]:
    return (spelling,)


def _values(value: Any) -> Iterator[Any]:  # noqa: ANN401 - any JSON value
    """Walk through a value and everything in it."""
    waiting = [value]
    while waiting:
        value = waiting.pop()
        yield value
        waiting += value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
