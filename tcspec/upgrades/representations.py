"""The two representations in which an event is upgraded: Python values, and slices of its JSON text.

A leaf is an opaque value: the engine moves it without looking inside. A representation adds how an object or array is
opened into leaves, how a scalar is read, and how a new leaf is encoded. Slices keep every byte of what no change
converts.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from tcspec.json_types import is_integer
from tcspec.jsontext.integers import format_integer, parse_integer
from tcspec.jsontext.reader import read

if TYPE_CHECKING:
    from collections.abc import Callable

    Leaf = Any


class OpenObject(dict[str, Any]):
    """An object whose members are leaves, or open objects themselves.

    As long as it is not `changed` it stands for its `source`, of which no byte is written anew.
    """

    __slots__ = ("changed", "source")

    def __init__(self, members: dict[str, Any], source: Leaf) -> None:
        super().__init__(members)
        self.source = source
        self.changed = False


def freeze(leaf: Leaf) -> Leaf:
    """Return an open object, and all that are open in it, as leaves in dicts; any other leaf as it is."""
    if type(leaf) is not OpenObject:
        return leaf
    return {key: freeze(member) for key, member in leaf.items()} if leaf.changed else leaf.source


@dataclass(frozen=True, slots=True)
class Representation:
    """How leaves are opened, read and encoded."""

    open_object: Callable[[Leaf], OpenObject | None]
    """Open an object; None for any other leaf, and for an object with a duplicate key."""
    open_array: Callable[[Leaf], list[Leaf] | None]
    """Open an array; None for any other leaf."""
    read: Callable[[Leaf], Any]
    """Read a scalar as `reader.read` does; objects and arrays may be read as empty ones."""
    read_exactly: Callable[[Leaf], Any]
    """Read a scalar exactly, however many digits it has."""
    read_digits: Callable[[Leaf], str | None]
    """Return the decimal digits of a JSON integer; None for any other leaf."""
    encode: Callable[[Any], Leaf]
    """Encode a Python value as a leaf."""
    build_document: Callable[[Any], Any]
    """Build the document of leaves in dicts and lists."""


def _open_dict(leaf: object) -> OpenObject | None:
    return OpenObject(leaf, leaf) if isinstance(leaf, dict) else None


def _open_list(leaf: object) -> list[Any] | None:
    return list(leaf) if isinstance(leaf, list) else None


def _digits_of_value(leaf: Any) -> str | None:  # noqa: ANN401 - any JSON value
    return format_integer(leaf) if is_integer(leaf) else None


def _identity(leaf: Any) -> Any:  # noqa: ANN401 - any JSON value
    return leaf


VALUES = Representation(_open_dict, _open_list, _identity, _identity, _digits_of_value, _identity, _identity)
"""Events as Python values."""

_OBJECT_DECODER = msgspec.json.Decoder(dict[str, msgspec.Raw])
_ARRAY_DECODER = msgspec.json.Decoder(list[msgspec.Raw])
_SCALAR_DECODER = msgspec.json.Decoder()
_INTEGER = re.compile(rb"-?[0-9]+")


def _open_object_slice(leaf: Any) -> OpenObject | None:  # noqa: ANN401 - a bytes-like msgspec.Raw
    text = bytes(leaf)
    # The text of a whole document may begin with white space; a slice of a member does not.
    if not text.lstrip().startswith(b"{"):
        return None
    members = _OBJECT_DECODER.decode(text)
    return None if has_duplicate_keys(text, members) else OpenObject(members, leaf)


def has_duplicate_keys(text: bytes, members: dict[str, msgspec.Raw]) -> bool:
    """Return whether the text of an object has more members than were decoded."""
    # In compact text the lengths of keys, values and punctuation add up to that of the whole, and nothing is counted.
    if 1 + 4 * len(members) + sum(map(len, members)) + sum(map(len, map(bytes, members.values()))) == len(text):
        return False
    count = json.loads(text, object_pairs_hook=len, parse_int=len, parse_float=len)
    return bool(count != len(members))


def _open_array_slice(leaf: Any) -> list[Any] | None:  # noqa: ANN401 - as above
    return list(_ARRAY_DECODER.decode(leaf)) if bytes(leaf).lstrip().startswith(b"[") else None


def _digits_of_slice(leaf: Any) -> str | None:  # noqa: ANN401 - as above
    text = bytes(leaf)
    if not _INTEGER.fullmatch(text):
        return None
    # The value path reads -0 as the integer 0, and both must agree.
    return "0" if text == b"-0" else text.decode()


def _read_slice(leaf: Any) -> Any:  # noqa: ANN401 - as above
    text = bytes(leaf)
    if text.startswith(b"{"):
        return {}
    if text.startswith(b"["):
        return []
    try:
        return _SCALAR_DECODER.decode(text)
    except msgspec.DecodeError:
        # A number beyond floats, or an integer of more digits than Python converts in linear time.
        return read(text)


def _read_slice_exactly(leaf: Any) -> Any:  # noqa: ANN401 - as above
    digits = _digits_of_slice(leaf)
    return _read_slice(leaf) if digits is None else parse_integer(digits)


def _encode_slice(value: object) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode(value))


SLICES = Representation(
    _open_object_slice,
    _open_array_slice,
    _read_slice,
    _read_slice_exactly,
    _digits_of_slice,
    _encode_slice,
    msgspec.json.encode,
)
"""Events as slices of their JSON text (`msgspec.Raw`)."""
