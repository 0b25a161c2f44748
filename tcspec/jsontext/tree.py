"""A JSON text as a tree that can be changed: written again, all but the changes is byte for byte what was read.

What an object or array holds is looked at when something in it is asked for; until then it is a text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from tcspec.jsontext.pointer import index_of, join
from tcspec.jsontext.spans import Node, children

if TYPE_CHECKING:
    from collections.abc import Callable

_INDENT = re.compile(r"[ \t]*+")


@dataclass(slots=True, eq=False)
class Value:
    """A value as it is spelt, and the white space that the line begins with on which it, or its key, begins."""

    text: str
    indent: str
    _held: Object | Array | None = None

    @property
    def held(self) -> Object | Array | None:
        """Give what an object or array holds; None for anything else."""
        if self._held is None and self.text[0] in "{[":
            self._held = _held(self.text, self.indent)
        return self._held

    @property
    def is_broken(self) -> bool:
        """Tell whether it stands on several lines."""
        return "\n" in self.text if self._held is None else self._held.is_broken

    def become(self, text: str) -> None:
        """Exchange it for what is spelt otherwise."""
        self.text, self._held = text, None

    def write(self, put: Callable[[str], object]) -> None:
        """Put the pieces of the text, as it is now, one after the other."""
        if self._held is None:
            put(self.text)
            return
        put(self.text[0] + self._held.before)
        for member in self._held.members:
            put(member.key + member.colon)
            member.value.write(put)
            put(member.after)
        put(self.text[-1])

    def __str__(self) -> str:
        pieces: list[str] = []
        self.write(pieces.append)
        return "".join(pieces)


@dataclass(slots=True, eq=False)
class Member:
    """A value in an object or array: its key, if it has one, and what stands behind both, up to the next or the end."""

    key: str
    colon: str
    value: Value
    after: str = ""


@dataclass(slots=True, eq=False)
class Array:
    """The items of an array, and what stands before the first of them."""

    before: str
    is_broken: bool
    members: list[Member] = field(default_factory=list)

    def get(self, name: str) -> Member | None:
        """Give the item with an index."""
        index = index_of(name)
        return self.members[index] if index is not None and index < len(self.members) else None

    def insert(self, name: str, item: Member, gap: str = "") -> None:
        """Put an item where its index is, or last, and a gap between it and the one beside it."""
        index = self.place(name)
        if self.members and index == len(self.members):
            item.after, self.members[-1].after = self.members[-1].after, gap
        elif self.members:
            item.after = gap
        self.members.insert(index, item)

    def remove(self, name: str) -> None:
        """Take an item out, with one comma and the white space that goes with it."""
        gone = self.members.pop(int(name))
        if not self.members:
            self.before, self.is_broken = "", False
        elif int(name) == len(self.members):
            self.members[-1].after = gone.after

    def place(self, name: str) -> int:
        """Read where an item is to be added.

        Raises:
            IndexError: when there is no such place.
        """
        index = len(self.members) if name == "-" else index_of(name)
        if index is None or index > len(self.members):
            raise IndexError("the array has no such place")
        return index

    def last(self) -> list[Member]:
        """Give the last two items, or as many as there are, the last one first."""
        return self.members[:-3:-1]


@dataclass(slots=True, eq=False)
class Object:
    """The members of an object in their order, by their names, and what stands before the first of them."""

    before: str
    is_broken: bool
    members: dict[Member, None] = field(default_factory=dict)
    named: dict[str, Member] = field(default_factory=dict)

    def get(self, name: str) -> Member | None:
        """Give the member with a name."""
        return self.named.get(name)

    def insert(self, name: str, member: Member, gap: str = "") -> None:
        """Put a member last, and a gap between it and the one before."""
        for before in self.last()[:1]:
            member.after, before.after = before.after, gap
        self.members[member] = None
        self.named[name] = member

    def remove(self, name: str) -> None:
        """Take a member out, with one comma and the white space that goes with it."""
        gone = self.named.pop(name)
        is_last = gone is self.last()[0]
        del self.members[gone]
        if not self.members:
            self.before, self.is_broken = "", False
        elif is_last:
            self.last()[0].after = gone.after

    def rename(self, name: str, new: str, key: str) -> None:
        """Give a member another name, in the place that it has."""
        member = self.named[new] = self.named.pop(name)
        member.key = key

    def last(self) -> list[Member]:
        """Give the last two members, or as many as there are, the last one first."""
        return list(islice(reversed(self.members), 2))


def value_at(root: Value, path: tuple[str, ...]) -> Value:
    """Find the value at a path.

    Raises:
        IndexError: when there is none.
    """
    for depth, name in enumerate(path, 1):
        member = root.held and root.held.get(name)
        if not member:
            raise IndexError(f"there is nothing at {join(path[:depth])}")
        root = member.value
    return root


def _held(text: str, indent: str) -> Object | Array:
    """Take the text of an object or array apart."""
    nodes = list(children(text, Node("", 0, 0, 0, len(text))))
    kind = Object if text[0] == "{" else Array
    held = kind(text[1 : nodes[0].key if nodes else -1], "\n" in text)
    ends = [*(node.key for node in nodes[1:]), len(text) - 1]
    looked_at = 0
    for node, end in zip(nodes, ends, strict=False):
        line = text.rfind("\n", looked_at, node.key) + 1
        if line and (found := _INDENT.match(text, line)):
            indent = found[0]
        looked_at = node.key
        value = Value(text[node.start : node.end], indent)
        member = Member(text[node.key : node.key_end], text[node.key_end : node.start], value, text[node.end : end])
        if isinstance(held, Object):
            held.members[member] = None
            held.named[node.name] = member
        else:
            held.members.append(member)
    return held
