"""A JSON text as a tree that can be edited: written out again, all but the edits is byte for byte what was read.

The members of an object or array are read when something in it is needed; until then it is a text.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from tcspec.jsontext.pointer import join, parse_index
from tcspec.jsontext.positions import Span, indent_at, iter_children

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(slots=True, eq=False)
class Value:
    """A value as it is written, and the indentation of the line on which it, or its key, starts."""

    text: str
    indent: str
    _container: Object | Array | None = None

    @property
    def container(self) -> Object | Array | None:
        """Return the object or array that can be edited; None for a scalar."""
        if self._container is None and self.text[0] in "{[":
            self._container = _parse_container(self.text, self.indent)
        return self._container

    @property
    def is_multiline(self) -> bool:
        """Return whether the value is on several lines."""
        return "\n" in self.text if self._container is None else self._container.is_multiline

    def replace(self, text: str) -> None:
        """Replace the value with another one."""
        self.text, self._container = text, None

    def write(self, write: Callable[[str], object]) -> None:
        """Write the pieces of the text, with all edits, one after the other."""
        if self._container is None:
            write(self.text)
            return
        write(self.text[0] + self._container.before)
        for member in self._container.members:
            write(member.key + member.colon)
            member.value.write(write)
            write(member.after)
        write(self.text[-1])

    def __str__(self) -> str:
        pieces: list[str] = []
        self.write(pieces.append)
        return "".join(pieces)


@dataclass(slots=True, eq=False)
class Member:
    """A member of an object or item of an array: its key, if any, its value, and the text up to the next one."""

    key: str
    colon: str
    value: Value
    after: str = ""


@dataclass(slots=True, eq=False)
class Array:
    """The items of an array, and the white space before the first of them."""

    before: str
    is_multiline: bool
    members: list[Member] = field(default_factory=list)

    def get(self, name: str) -> Member | None:
        """Return the item at an index."""
        index = parse_index(name)
        return self.members[index] if index is not None and index < len(self.members) else None

    def insert(self, name: str, item: Member, gap: str = "") -> None:
        """Insert an item before the one at an index, or last, with a gap between the two."""
        index = self._parse_place(name)
        if self.members and index == len(self.members):
            # What was before the closing bracket stays there.
            item.after, self.members[-1].after = self.members[-1].after, gap
        elif self.members:
            item.after = gap
        self.members.insert(index, item)

    def remove(self, name: str) -> None:
        """Remove an item with one comma and the white space that belongs to it."""
        removed = self.members.pop(int(name))
        if not self.members:
            self.before, self.is_multiline = "", False
        elif int(name) == len(self.members):
            self.members[-1].after = removed.after

    def _parse_place(self, name: str) -> int:
        """Parse the index of an item that is to be added.

        Raises:
            IndexError: when an item cannot be added there.
        """
        index = len(self.members) if name == "-" else parse_index(name)
        if index is None or index > len(self.members):
            raise IndexError("the index is beyond the end of the array")
        return index

    def last_members(self) -> list[Member]:
        """Return the last two items, or as many as there are, the last one first."""
        return self.members[:-3:-1]


@dataclass(slots=True, eq=False)
class Object:
    """The members of an object in their order and by their names, and the white space before the first of them."""

    before: str
    is_multiline: bool
    # A dict keeps the order as a list does, and one of thousands is removed without a search.
    members: dict[Member, None] = field(default_factory=dict)
    by_name: dict[str, Member] = field(default_factory=dict)

    def get(self, name: str) -> Member | None:
        """Return the member with a name."""
        return self.by_name.get(name)

    def insert(self, name: str, member: Member, gap: str = "") -> None:
        """Append a member, with a gap between it and the one before."""
        for before in self.last_members()[:1]:
            member.after, before.after = before.after, gap
        self.members[member] = None
        self.by_name[name] = member

    def remove(self, name: str) -> None:
        """Remove a member with one comma and the white space that belongs to it."""
        removed = self.by_name.pop(name)
        is_last = removed is self.last_members()[0]
        del self.members[removed]
        if not self.members:
            self.before, self.is_multiline = "", False
        elif is_last:
            self.last_members()[0].after = removed.after

    def rename(self, name: str, new_name: str, key: str) -> None:
        """Rename a member without moving it."""
        member = self.by_name[new_name] = self.by_name.pop(name)
        member.key = key

    def last_members(self) -> list[Member]:
        """Return the last two members, or as many as there are, the last one first."""
        return list(islice(reversed(self.members), 2))


def find_value(root: Value, path: tuple[str, ...]) -> Value:
    """Return the value at a path.

    Raises:
        IndexError: when there is none.
    """
    for depth, name in enumerate(path, 1):
        member = root.container and root.container.get(name)
        if not member:
            raise IndexError(f"there is no value at {join(path[:depth])}")
        root = member.value
    return root


def _parse_container(text: str, indent: str) -> Object | Array:
    """Parse the text of an object or array into its members, whose values stay texts."""
    spans = list(iter_children(text, Span("", 0, 0, 0, len(text))))
    kind = Object if text[0] == "{" else Array
    container = kind(text[1 : spans[0].key_start if spans else -1], "\n" in text)
    ends = [*(span.key_start for span in spans[1:]), len(text) - 1]
    previous = 0
    for span, end in zip(spans, ends, strict=False):
        # A member on the same line as the one before has its indentation.
        if text.find("\n", previous, span.key_start) >= 0:
            indent = indent_at(text, span.key_start)
        previous = span.key_start
        value = Value(text[span.start : span.end], indent)
        key, colon = text[span.key_start : span.key_end], text[span.key_end : span.start]
        member = Member(key, colon, value, text[span.end : end])
        if isinstance(container, Object):
            container.members[member] = None
            container.by_name[span.name] = member
        else:
            container.members.append(member)
    return container
