"""Places in a payload: all of them, what schemas say of one, and payloads changed there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tcspec.evolution.candidates import spread
from tcspec.evolution.facts import item_of, property_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tcspec.evolution.parts import Part

    Path = tuple[str | int, ...]

_MOST = 300
_OTHER = "other"


def places(payload: Any) -> list[Path]:  # noqa: ANN401 - any JSON value
    """List the places of a payload, the root first, and in each object a property that is not there."""
    found: list[Path] = []
    waiting: list[tuple[Path, Any]] = [((), payload)]
    while waiting and len(found) < _MOST:
        path, value = waiting.pop(0)
        found.append(path)
        if isinstance(value, dict):
            waiting.extend(((*path, key), inner) for key, inner in value.items())
            if _OTHER not in value:
                found.append((*path, _OTHER))
        elif isinstance(value, list):
            waiting.extend(((*path, index), inner) for index, inner in enumerate(value))
    return found


def spoken_of(roots: Iterable[Part], path: Path) -> list[Part]:
    """Give all that schemas say of a place, whether it must hold or not."""
    parts = spread(roots)
    for step in path:
        inner = property_of(tuple(parts), step) if isinstance(step, str) else item_of(tuple(parts), step)
        parts = spread(inner)
    return parts


def changed(payload: Any, path: Path, value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Give a payload with another value at a place."""
    if not path:
        return value
    made = payload.copy()
    made[path[0]] = changed(made[path[0]], path[1:], value) if len(path) > 1 else value
    return made


def dropped(payload: Any, path: Path) -> Iterator[Any]:  # noqa: ANN401 - any JSON value
    """Give the payload without what is at a place, if something is."""
    if len(path) > 1:
        yield from (changed(payload, path[:1], inner) for inner in dropped(payload[path[0]], path[1:]))
    elif path and isinstance(payload, list):
        yield [value for index, value in enumerate(payload) if index != path[0]]
    elif path and path[0] in payload:
        yield {key: value for key, value in payload.items() if key != path[0]}
