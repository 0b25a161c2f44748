"""Where the values of a JSON text begin and end, found without looking at more of it than must be."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tcspec.jsontext.pointer import join

if TYPE_CHECKING:
    from collections.abc import Iterator

_SPACE = re.compile(r"[\s:,]*+")
_INDENT = re.compile(r"[ \t]*+")
_SLICER = json.JSONDecoder(parse_int=str, parse_float=str)
"""Finds where a value ends; reading its numbers would only cost time."""


@dataclass(frozen=True, slots=True)
class Node:
    """A value in a text: its key or index, where that begins and ends, and where the value begins and ends.

    The key of what has none begins where the value does, and ends there.
    """

    name: str
    key: int
    key_end: int
    start: int
    end: int


def indent_at(text: str, at: int) -> str:
    """Give the white space that the line of a place begins with."""
    found = _INDENT.match(text, text.rfind("\n", 0, at) + 1)
    return found[0] if found else ""


def find(text: str, path: tuple[str, ...]) -> Node:
    """Find the value at a path.

    Raises:
        IndexError: when there is none.
    """
    start = _past_space(text, 0)
    node = Node("", start, start, start, _end(text, start))
    for depth, name in enumerate(path, 1):
        found = child(text, node, name)
        if found is None:
            raise IndexError(f"there is nothing at {join(path[:depth])}")
        node = found
    return node


def child(text: str, holder: Node, name: str) -> Node | None:
    """Find what an object or array holds by a name or index; None when it holds nothing there."""
    return next((node for node in children(text, holder) if node.name == name), None)


def children(text: str, holder: Node) -> Iterator[Node]:
    """Walk through what an object or array holds; anything else holds nothing."""
    if text[holder.start] not in "{[":
        return
    is_object = text[holder.start] == "{"
    at = _past_space(text, holder.start + 1)
    index = 0
    while text[at] not in "}]":
        key = key_end = at
        name = str(index)
        if is_object:
            name, key_end = _SLICER.raw_decode(text, key)
            at = _past_space(text, key_end)
        end = _end(text, at)
        yield Node(name, key, key_end, at, end)
        at = _past_space(text, end)
        index += 1


def _end(text: str, start: int) -> int:
    return _SLICER.raw_decode(text, start)[1]


def _past_space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at
