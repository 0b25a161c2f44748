"""Make a payload small that shows something: what is not needed to show it is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lab.agreement.damages import Payload, at, paths, replaced, without

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def reduced(payload: Payload, shows: Callable[[Payload], bool]) -> Payload:
    """Give the smallest payload that single steps lead to and that still shows it."""
    while True:
        smaller = next((each for each in _smaller(payload) if shows(each)), None)
        if smaller is None:
            return payload
        payload = smaller


def _smaller(payload: Payload) -> Iterator[Payload]:
    inside = paths(payload)
    for path in inside:
        yield without(payload, path)
    for path in inside:
        value = at(payload, path)
        if isinstance(value, str) and len(value) > 1:
            yield replaced(payload, path, value[: len(value) // 2])
            yield replaced(payload, path, value[1:])
