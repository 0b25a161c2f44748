"""The two forms in which an event is upgraded: Python values, and slices of its JSON text.

A leaf is opaque: the engine moves it without looking inside. What a notation adds is how an object or a list is
opened into leaves, how a scalar is read, and how a new leaf is written. Slices keep every byte of what is not
converted.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec

from tcspec.jsontext.reader import MAX_INTEGER_DIGITS, read
from tcspec.kinds import is_integer

if TYPE_CHECKING:
    from collections.abc import Callable

    Leaf = Any


class Opened(dict[str, Any]):
    """An object whose members are leaves, or opened themselves.

    As long as it is not `touched` it stands for its `source`, of which no byte is written anew.
    """

    __slots__ = ("source", "touched")

    def __init__(self, members: dict[str, Any], source: Leaf) -> None:
        super().__init__(members)
        self.source = source
        self.touched = False


@dataclass(frozen=True, slots=True)
class Notation:
    """How leaves are opened, read and written."""

    open: Callable[[Leaf], Opened | None]
    """Open an object; None for any other leaf, and for an object that gives a key twice."""
    items: Callable[[Leaf], list[Leaf] | None]
    """Open a list; None for any other leaf."""
    read: Callable[[Leaf], Any]
    """Read a scalar as `documents.read` does; objects and lists may be read as empty ones."""
    exact: Callable[[Leaf], Any]
    """Read a scalar exactly, however many digits it has."""
    integer: Callable[[Leaf], str | None]
    """Give the decimal digits of a JSON integer; None for any other leaf."""
    write: Callable[[Any], Leaf]
    """Make a leaf of a Python value."""
    finish: Callable[[Any], Any]
    """Make the document of leaves in dicts and lists."""


def closed(leaf: Leaf) -> Leaf:
    """Turn what was opened back into leaves."""
    if type(leaf) is not Opened:
        return leaf
    return {key: closed(member) for key, member in leaf.items()} if leaf.touched else leaf.source


def _open_value(leaf: object) -> Opened | None:
    return Opened(leaf, leaf) if isinstance(leaf, dict) else None


def _items_of_value(leaf: object) -> list[Any] | None:
    return list(leaf) if isinstance(leaf, list) else None


def _integer_of_value(leaf: Any) -> str | None:  # noqa: ANN401 - any JSON value
    # Not str(): Python refuses to spell integers of more than 4,300 digits, and Decimal spells any.
    return str(Decimal(leaf)) if is_integer(leaf) else None


def _same(leaf: Any) -> Any:  # noqa: ANN401 - any JSON value
    return leaf


VALUES = Notation(_open_value, _items_of_value, _same, _same, _integer_of_value, _same, _same)
"""Events as Python values."""

_OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])
_LIST = msgspec.json.Decoder(list[msgspec.Raw])
_ANYTHING = msgspec.json.Decoder()
_INTEGER = re.compile(rb"-?[0-9]+")


def _open_slice(leaf: Any) -> Opened | None:  # noqa: ANN401 - a bytes-like msgspec.Raw
    text = bytes(leaf)
    if not text.lstrip().startswith(b"{"):
        return None
    members = _OBJECT.decode(text)
    return None if gives_key_twice(text, members) else Opened(members, leaf)


def gives_key_twice(text: bytes, members: dict[str, msgspec.Raw]) -> bool:
    """Tell whether the text of an object has more members than were decoded.

    In compact text the lengths of the members add up to the length of the whole, and nothing need be counted.
    """
    if 1 + 4 * len(members) + sum(map(len, members)) + sum(map(len, map(bytes, members.values()))) == len(text):
        return False
    count = json.loads(text, object_pairs_hook=len, parse_int=len, parse_float=len)
    return bool(count != len(members))


def _items_of_slice(leaf: Any) -> list[Any] | None:  # noqa: ANN401 - as above
    return list(_LIST.decode(leaf)) if bytes(leaf).startswith(b"[") else None


def _integer_of_slice(leaf: Any) -> str | None:  # noqa: ANN401 - as above
    text = bytes(leaf)
    if not _INTEGER.fullmatch(text):
        return None
    return "0" if text == b"-0" else text.decode()


def _read_slice(leaf: Any) -> Any:  # noqa: ANN401 - as above
    text = bytes(leaf)
    if text.startswith(b"{"):
        return {}
    if text.startswith(b"["):
        return []
    try:
        return _ANYTHING.decode(text)
    except msgspec.DecodeError:
        # A number beyond floats, or an integer of more digits than Python converts in linear time.
        return read(text)


def _exact_slice(leaf: Any) -> Any:  # noqa: ANN401 - as above
    digits = _integer_of_slice(leaf)
    return _read_slice(leaf) if digits is None else _long_integer(digits)


def _long_integer(digits: str) -> int:
    """Read an integer of any number of digits, half by half, which takes less than quadratic time."""
    if len(digits) <= MAX_INTEGER_DIGITS:
        return int(digits)
    if digits.startswith("-"):
        return -_long_integer(digits[1:])
    low = len(digits) // 2
    return int(_long_integer(digits[:-low]) * 10**low + _long_integer(digits[-low:]))


def _write_slice(value: object) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode(value))


SLICES = Notation(
    _open_slice, _items_of_slice, _read_slice, _exact_slice, _integer_of_slice, _write_slice, msgspec.json.encode
)
"""Events as slices of their JSON text (`msgspec.Raw`)."""
