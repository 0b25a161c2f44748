"""Shrink a payload: remove what is not needed for a condition to hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lab.agreement.damage import Payload, list_paths, remove, replace, value_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def shrink(payload: Payload, condition: Callable[[Payload], bool]) -> Payload:
    """Return the smallest payload that single steps lead to and for which the condition still holds."""
    while True:
        smaller = next((each for each in _steps(payload) if condition(each)), None)
        if smaller is None:
            return payload
        payload = smaller


def _steps(payload: Payload) -> Iterator[Payload]:
    paths = list_paths(payload)
    for path in paths:
        yield remove(payload, path)
    for path in paths:
        value = value_at(payload, path)
        if isinstance(value, str) and len(value) > 1:
            yield replace(payload, path, value[: len(value) // 2])
            yield replace(payload, path, value[1:])
