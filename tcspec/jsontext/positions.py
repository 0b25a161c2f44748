"""Where things stand in a JSON text: line and column of the value that a pointer names.

Lines and columns are 1-based, columns in code points; a line ends with a line feed.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tcspec.jsontext.pointer import split

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_TOKEN = re.compile(r'[\s:,]*+(?:("(?:[^"\\]++|\\.)*+")|([{\[])|([}\]])|([^\s:,{}\[\]"]++))', re.DOTALL)

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A value met in a text: its path, where it starts, where its key starts, and whether the key came before."""

    path: Path
    value: int
    key: int
    duplicate: bool = False


@dataclass(slots=True)
class _Container:
    """An object or array that is being read."""

    path: Path
    keys: set[str] | None
    length: int = 0
    pending: tuple[str, int, bool] | None = None

    def next_child(self, start: int) -> tuple[Path, int, bool]:
        """Give path, start of the key and duplicity of the value that starts here."""
        if self.pending is None:
            self.length += 1
            return (*self.path, self.length - 1), start, False
        name, key, duplicate = self.pending
        self.pending = None
        return (*self.path, name), key, duplicate


def scan(text: str) -> Iterator[Found]:
    """Walk over every value of a JSON text in document order, the whole document first.

    The text must have been parsed before; NaN and duplicate keys are tolerated.
    """
    containers: list[_Container] = []
    for token in _TOKEN.finditer(text.rstrip()):  # white space in the end would be tried from each of its characters
        string, opening, closing, _ = token.groups()
        start = token.start(token.lastindex or 0)
        if closing:
            containers.pop()
            continue
        container = containers[-1] if containers else None
        if container and container.keys is not None and container.pending is None:
            name = json.loads(string)
            container.pending = (name, start, name in container.keys)
            container.keys.add(name)
            continue
        path, key, duplicate = container.next_child(start) if container else ((), start, False)
        yield Found(path, start, key, duplicate)
        if opening:
            containers.append(_Container(path, set() if opening == "{" else None))


def locate(text: str, pointer: str) -> tuple[int, int]:
    """Find line and column of the value that a pointer names in a JSON text.

    Raises:
        LookupError: when the text has no such value.
    """
    return locate_all(text, [pointer])[pointer]


def locate_all(text: str, pointers: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Find line and column of several values in one walk.

    Raises:
        LookupError: when the text lacks one of them.
    """
    wanted = {split(pointer): pointer for pointer in pointers}
    found: dict[str, tuple[int, int]] = {}
    cursor = Cursor(text)
    for value in scan(text):
        pointer = wanted.pop(tuple(map(str, value.path)), None)
        if pointer is not None:
            found[pointer] = cursor.place(value.value)
        if not wanted:
            return found
    raise LookupError(", ".join(wanted.values()))


@dataclass(slots=True)
class Cursor:
    """Turns offsets in a text that come in ascending order into lines and columns, counting no line twice."""

    text: str
    _at: int = 0
    _line: int = 1
    _start: int = 0

    def place(self, offset: int) -> tuple[int, int]:
        """Turn an offset in code points into line and column."""
        if offset < self._at:
            self._at, self._line, self._start = 0, 1, 0
        self._line += self.text.count("\n", self._at, offset)
        self._start = self.text.rfind("\n", self._at, offset) + 1 or self._start
        self._at = offset
        return self._line, offset - self._start + 1


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """Turn an offset in code points into line and column."""
    return text.count("\n", 0, offset) + 1, offset - (text.rfind("\n", 0, offset) + 1) + 1
