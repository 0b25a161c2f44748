"""Where the values of a JSON text are: their offsets, their spans, and lines and columns for people.

Every text was parsed before; nothing here checks its syntax. Lines and columns are 1-based, columns count code points,
and a line ends with a line feed.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from tcspec.jsontext.pointer import join, split
from tcspec.patterns import compile_late

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

# The closing quote is optional so that broken texts take linear time too: from every quote of a string that never ends
# a pattern that insists on it would search to the end of the text.
# Not possessive as a whole: Python before 3.11.5 then takes part of a group that does not match.
_STRING = r'"(?:[^"\\]++|\\.)*"?'

TOKEN = compile_late(rf'{_STRING}|[{{}}\[\],:]|[^\s{{}}\[\],:"]++', re.DOTALL)
"""Matches the tokens of a JSON text; what is between two matches is white space."""

BRACKET_OR_STRING = compile_late(rf"{_STRING}|[{{}}\[\]]", re.DOTALL)
"""Matches the brackets of a text, and whole strings, so that brackets inside these are not counted."""

_ESCAPE = compile_late(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.", re.DOTALL)
"""Matches the escapes of a token that stand for one character, two halves of a pair together."""

_BETWEEN_VALUES = compile_late(r"[\s:,]*+")
_INDENT = compile_late(r"[ \t]*+")
_DECODER = json.JSONDecoder(parse_int=str, parse_float=str)
"""Finds the end of a value at the speed of C; numbers stay text because nobody reads them."""

Path = tuple[str | int, ...]


class ValuePosition(NamedTuple):
    """A value of a text: its path, where it and its key start, and whether the key came before in the same object.

    The key of a value that has none starts where the value does.
    """

    path: Path
    start: int
    key_start: int
    is_duplicate: bool = False


@dataclass(slots=True)
class _Container:
    """An object or array whose values are being read."""

    path: Path
    keys: set[str] | None
    length: int = 0
    pending: tuple[str, int, bool] | None = None

    def next_child(self, start: int) -> ValuePosition:
        """Return the position of the next value, which starts at an offset."""
        if self.pending is None:
            self.length += 1
            return ValuePosition((*self.path, self.length - 1), start, start)
        key, key_start, is_duplicate = self.pending
        self.pending = None
        return ValuePosition((*self.path, key), start, key_start, is_duplicate)


def iter_values(text: str) -> Iterator[ValuePosition]:
    """Yield the position of every value in document order, the whole document first.

    NaN, infinities and duplicate keys are tolerated, because this finds where they are.
    """
    containers: list[_Container] = []
    for token in TOKEN.finditer(text):
        start = token.start()
        if text[start] in ",:":
            continue
        if text[start] in "}]":
            containers.pop()
            continue
        container = containers[-1] if containers else None
        if container and container.keys is not None and container.pending is None:
            # Compared as what they are read as: an escape and its character are the same key.
            key = json.loads(token[0])
            container.pending = (key, start, key in container.keys)
            container.keys.add(key)
            continue
        position = container.next_child(start) if container else ValuePosition((), start, start)
        yield position
        if text[start] in "{[":
            # An array has no keys, so that its strings are values.
            containers.append(_Container(position.path, set() if text[start] == "{" else None))


class Span(NamedTuple):
    """A value of a text with its key or index: where the key starts and ends, and where the value does.

    The key of what has none starts where the value does, and ends there.
    """

    name: str
    key_start: int
    key_end: int
    start: int
    end: int


def find_span(text: str, path: tuple[str, ...]) -> Span:
    """Find the span of the value at a path.

    Raises:
        IndexError: when the text has no such value.
    """
    start = _next_value(text, 0)
    span = Span("", start, start, start, find_end(text, start))
    for depth, name in enumerate(path, 1):
        # Only what is on the way is read: the siblings before are skipped as a whole, those behind are not read.
        child = next((child for child in iter_children(text, span) if child.name == name), None)
        if child is None:
            raise IndexError(f"there is no value at {join(path[:depth])}")
        span = child
    return span


def iter_children(text: str, parent: Span) -> Iterator[Span]:
    """Yield the spans of the members of an object or the items of an array; a scalar has none."""
    if text[parent.start] not in "{[":
        return
    is_object = text[parent.start] == "{"
    offset = _next_value(text, parent.start + 1)
    index = 0
    while text[offset] not in "}]":
        key_start = key_end = offset
        name = str(index)
        if is_object:
            name, key_end = _DECODER.raw_decode(text, key_start)
            offset = _next_value(text, key_end)
        end = find_end(text, offset)
        yield Span(name, key_start, key_end, offset, end)
        offset = _next_value(text, end)
        index += 1


def find_end(text: str, start: int) -> int:
    """Find where the value or key ends that starts at an offset."""
    return _DECODER.raw_decode(text, start)[1]


def _next_value(text: str, offset: int) -> int:
    found = _BETWEEN_VALUES.match(text, offset)
    return found.end() if found else offset


def indent_at(text: str, offset: int) -> str:
    """Return the indentation of the line that an offset is on."""
    found = _INDENT.match(text, text.rfind("\n", 0, offset) + 1)
    return found[0] if found else ""


def locate(text: str, pointer: str) -> tuple[int, int]:
    """Find the line and column of the value that a pointer names.

    Raises:
        LookupError: when the text has no such value.
    """
    return locate_all(text, [pointer])[pointer]


def locate_all(text: str, pointers: Collection[str]) -> dict[str, tuple[int, int]]:
    """Find the lines and columns of several values in one pass.

    Raises:
        LookupError: when the text lacks one of them.
    """
    cursor = Cursor(text)
    return {pointer: cursor.locate(start) for pointer, start in find_starts(text, pointers).items()}


def find_starts(text: str, pointers: Collection[str]) -> dict[str, int]:
    """Find the offsets of several values in one pass.

    Raises:
        LookupError: when the text lacks one of them.
    """
    tree = _PointerTree()
    for pointer in pointers:
        node = tree
        for part in split(pointer):
            node = node.members.setdefault(part, _PointerTree())
        node.pointer = pointer
    starts: dict[str, int] = {}
    _find_starts(text, _next_value(text, 0), tree, starts)
    missing = [pointer for pointer in pointers if pointer not in starts]
    if missing:
        raise LookupError(", ".join(missing))
    return starts


@dataclass(slots=True)
class _PointerTree:
    """Pointers by their parts: the one that ends here, if there is one, and those of the members or items below."""

    pointer: str | None = None
    members: dict[str, _PointerTree] = field(default_factory=dict)


def _find_starts(text: str, start: int, tree: _PointerTree, starts: dict[str, int]) -> int:
    """Find where the values of a tree of pointers begin in the value at an offset, and return where that ends.

    Only what is on the way is read member by member; all else is skipped as a whole, and nothing is skipped twice.
    """
    if tree.pointer is not None:
        starts[tree.pointer] = start
    if not tree.members or text[start] not in "{[":
        return find_end(text, start)
    is_object = text[start] == "{"
    members = dict(tree.members)
    offset = _next_value(text, start + 1)
    index = 0
    while text[offset] not in "}]":
        name = str(index)
        if is_object:
            name, end = _DECODER.raw_decode(text, offset)
            offset = _next_value(text, end)
        # Of several members with the same key the first one is found.
        member = members.pop(name, None)
        end = find_end(text, offset) if member is None else _find_starts(text, offset, member, starts)
        offset = _next_value(text, end)
        index += 1
    return offset + 1


@dataclass(slots=True)
class Cursor:
    """Converts ascending offsets of a text into lines and columns without counting a line twice."""

    text: str
    _offset: int = 0
    _line: int = 1
    _line_start: int = 0

    def locate(self, offset: int) -> tuple[int, int]:
        """Return the line and column of an offset; one before the last offset is counted from the start."""
        if offset < self._offset:
            self._offset, self._line, self._line_start = 0, 1, 0
        self._line += self.text.count("\n", self._offset, offset)
        self._line_start = self.text.rfind("\n", self._offset, offset) + 1 or self._line_start
        self._offset = offset
        return self._line, offset - self._line_start + 1


@dataclass(frozen=True)
class StringText:
    """A string of a JSON text that is itself a text: its token as it is written, and where in the file that starts."""

    token: str = field(repr=False)
    line: int
    column: int

    def locate(self, line: int, column: int) -> tuple[int, int]:
        """Return where in the file a line and column of the text are; a token has no line end, so it is one line."""
        offset = self._line_starts[line - 1] + column - 1
        escapes, extras = self._escapes
        # Each escape before the offset is longer than the character that it stands for.
        before = bisect_left(escapes, offset)
        return self.line, self.column + 1 + offset + (extras[before - 1] if before else 0)

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(index + 1 for index, each in enumerate(json.loads(self.token)) if each == "\n")]

    @cached_property
    def _escapes(self) -> tuple[list[int], list[int]]:
        """Return the offsets of the characters that are escaped, and how much longer the token is up to each."""
        offsets, extras = [], []
        extra = 0
        for escape in _ESCAPE.finditer(self.token):
            offsets.append(escape.start() - 1 - extra)
            extra += len(escape[0]) - 1
            extras.append(extra)
        return offsets, extras


def locate_offset(text: str, offset: int) -> tuple[int, int]:
    """Return the line and column of an offset."""
    return Cursor(text).locate(offset)
