"""Payloads made small: whatever is not needed for what they show is taken away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tcspec.evolution.places import changed, dropped, places

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tcspec.evolution.places import Path

_ROUNDS = 4


def reduced(payload: Any, shows: Callable[[Any], bool]) -> Any:  # noqa: ANN401 - any JSON value
    """Take away properties and items, and empty what is left, as long as the payload still shows what it is to show."""
    for _ in range(_ROUNDS):
        before = payload
        for path in places(payload):
            if _is_there(payload, path):
                payload = next(filter(shows, _smaller(payload, path)), payload)
        if payload is before:
            break
    return payload


def _smaller(payload: Any, path: Path) -> Iterator[Any]:  # noqa: ANN401 - any JSON value
    yield from dropped(payload, path)
    value = _at(payload, path)
    if isinstance(value, dict | list) and value:
        yield changed(payload, path, type(value)())


def _is_there(payload: Any, path: Path) -> bool:  # noqa: ANN401 - any JSON value
    try:
        _at(payload, path)
    except (KeyError, IndexError, TypeError):
        return False
    return True


def _at(payload: Any, path: Path) -> Any:  # noqa: ANN401 - any JSON value
    for step in path:
        payload = payload[step]
    return payload
