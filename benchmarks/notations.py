"""How different programs write the same JSON value, and what breaks on the way into a store."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

_COMPACT = (",", ":")
_NUMBER = re.compile(r'"#([-+.E0-9]+)#"')


def _write_compact(value: object) -> str:
    """Write as JavaScript's JSON.stringify: no spaces, no escapes that are not needed."""
    return json.dumps(value, ensure_ascii=False, separators=_COMPACT)


def _write_spaced(value: object) -> str:
    """Write as Python's json.dumps by default: spaces, and ASCII only."""
    return json.dumps(value)


def _write_php(value: object) -> str:
    r"""Write as PHP's json_encode by default: `\/` for each slash, and ASCII only."""
    return json.dumps(value, separators=_COMPACT).replace("/", "\\/")


def _write_numbers(value: object) -> str:
    """Write with other texts of numbers: amounts with all their digits, or an exponent."""
    return _NUMBER.sub(r"\1", _write_compact(_mark_numbers(value)))


def _mark_numbers(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, dict):
        return {key: _mark_numbers(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_mark_numbers(each) for each in value]
    if isinstance(value, float):
        return f"#{value:.2f}#" if round(value * 100) % 3 else f"#{value:.6E}#"
    return value


NOTATIONS: dict[str, tuple[int, Callable[[object], str]]] = {
    "compact": (72, _write_compact),
    "spaced": (12, _write_spaced),
    "php": (10, _write_php),
    "numbers": (6, _write_numbers),
}
"""Every notation: how many of a hundred events have it, and its writer."""

SHARES = {name: share for name, (share, _) in NOTATIONS.items()}


def shuffle_keys(random: Random, value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return a value with the keys of its objects in any order, as of a map without an order."""
    if isinstance(value, dict):
        return {key: shuffle_keys(random, value[key]) for key in random.sample(list(value), len(value))}
    return [shuffle_keys(random, each) for each in value] if isinstance(value, list) else value


def write(value: object, notation: str) -> bytes:
    """Write a value in a notation, as one line without its end."""
    return NOTATIONS[notation][1](value).encode()


def _cut(line: bytes) -> bytes:
    return line[: len(line) * 2 // 3]


def _repeat_key(line: bytes) -> bytes:
    return b'{"page_type":"repeated","page_type":"key",' + line[1:]


def _add_latin_1(line: bytes) -> bytes:
    return b'{"atelier":"verri\xe8re",' + line[1:]


def _add_nan(line: bytes) -> bytes:
    return b'{"ratio":NaN,' + line[1:]


UNREADABLE = {"cut": _cut, "repeated key": _repeat_key, "latin-1": _add_latin_1, "nan": _add_nan}
"""Damages after which a line is not the JSON of one event any more."""
