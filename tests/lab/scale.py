"""How many payloads the tests of the lab try, by the hypothesis profile, as all properties."""

from __future__ import annotations

from hypothesis import settings

_NORMAL = 50


def scaled(count: int) -> int:
    """Return how many of `count` payloads of the normal profile are tried with the current one."""
    return round(count * settings.default.max_examples / _NORMAL)
