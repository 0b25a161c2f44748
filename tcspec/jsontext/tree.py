"""A JSON text as a tree that can be edited: written out again, all but the edits is byte for byte what was read.

The members of an object or array are read when something in it is needed; until then it is a text.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise, zip_longest
from typing import TYPE_CHECKING

from tcspec.jsontext.pointer import join, parse_index
from tcspec.jsontext.positions import Span, indent_at, iter_children

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


@dataclass(slots=True, eq=False)
class Value:
    """A value as it is written, and the indentation of the line on which it, or its key, starts."""

    text: str
    indent: str
    _container: Object | Array | None = None

    @property
    def container(self) -> Object | Array | None:
        """Return the object or array that can be edited; None for a scalar."""
        # Parsed late, and only once: most values of a text are never edited.
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
        write(self.text[0])
        for number, member in enumerate(self._container.members):
            write("," * bool(number) + member.before + member.key + member.colon)
            member.value.write(write)
            write(member.after)
        write(self._container.end + self.text[-1])

    def __str__(self) -> str:
        pieces: list[str] = []
        self.write(pieces.append)
        return "".join(pieces)


@dataclass(slots=True, eq=False)
class Member:
    """A member of an object or item of an array: its key, if any, its value, and the white space around it.

    `before` is between the comma or bracket and the key, `after` between the value and the next comma.
    """

    before: str
    key: str
    colon: str
    value: Value
    after: str = ""
    # Members of an object are linked, so that one of thousands is removed without a search.
    previous: Member | None = None
    following: Member | None = None

    @property
    def has_own_line(self) -> bool:
        """Return whether the member starts on a line of its own, or is on several."""
        return "\n" in self.before + self.colon or self.value.is_multiline

    # The white space of a removed member would otherwise go with it, and its neighbour to another line.
    def give_line(self, following: Member, *, is_first: bool) -> None:
        """Give the line of a member that goes to the one behind it, unless a blank line is before that."""
        lines, next_lines = self.before.count("\n"), following.before.count("\n")
        # A blank line has nothing to separate when what was before it is gone.
        if lines >= next_lines or (is_first and lines):
            following.before = self.before


@dataclass(slots=True, eq=False)
class Array:
    """The items of an array, and the white space before the closing bracket."""

    end: str
    is_multiline: bool
    members: list[Member] = field(default_factory=list)

    def get(self, name: str) -> Member | None:
        """Return the item at an index."""
        index = parse_index(name)
        return self.members[index] if index is not None and index < len(self.members) else None

    def insert(self, name: str, item: Member) -> None:
        """Insert an item before the one at an index, or last.

        Raises:
            IndexError: when an item cannot be added there.
        """
        index = len(self.members) if name == "-" else parse_index(name)
        if index is None or index > len(self.members):
            raise IndexError("the index is beyond the end of the array")
        if index == len(self.members):
            _write_comma(self.last_members())
        elif index == 0:
            item.before, self.members[0].before = self.members[0].before, item.before
        self.members.insert(index, item)

    def remove(self, name: str) -> None:
        """Remove an item with one comma and the white space that belongs to it."""
        index = int(name)
        removed = self.members.pop(index)
        if not self.members:
            self.end, self.is_multiline = "", False
        elif index < len(self.members):
            removed.give_line(self.members[index], is_first=index == 0)
        else:
            self.members[-1].after = ""

    def last_members(self) -> list[Member]:
        """Return the last two items, or as many as there are, the last one first."""
        return self.members[:-3:-1]


@dataclass(slots=True, eq=False)
class Object:
    """The members of an object in their order and by their names, and the white space before the closing bracket."""

    end: str
    is_multiline: bool
    by_name: dict[str, Member] = field(default_factory=dict)
    _first: Member | None = None
    _last: Member | None = None

    @property
    def members(self) -> Iterator[Member]:
        """Yield the members in their order."""
        member = self._first
        while member:
            yield member
            member = member.following

    def get(self, name: str) -> Member | None:
        """Return the member with a name."""
        return self.by_name.get(name)

    def append(self, name: str, member: Member) -> None:
        """Append a member as it is written."""
        self.by_name[name] = member
        self._link(self._last, member)
        self._link(member, None)

    def insert(self, name: str, member: Member) -> None:
        """Append a new member, with a comma before it."""
        _write_comma(self.last_members())
        self.append(name, member)

    def remove(self, name: str) -> None:
        """Remove a member with one comma and the white space that belongs to it."""
        removed = self.by_name.pop(name)
        previous, following = removed.previous, removed.following
        self._link(previous, following)
        if following:
            removed.give_line(following, is_first=previous is None)
        elif previous:
            previous.after = ""
        else:
            self.end, self.is_multiline = "", False

    def rename(self, name: str, new_name: str, key: str) -> None:
        """Rename a member without moving it."""
        member = self.by_name[new_name] = self.by_name.pop(name)
        member.key = key

    def arrange(self, names: Iterable[str]) -> None:
        """Put the members, which are named in their new order, in this order; what has a line of its own keeps it."""
        old, new = list(self.members), [self.by_name[name] for name in names]
        if not new or old == new:
            return
        old[0].before, new[0].before = new[0].before, old[0].before
        # The last member has no comma behind it, whichever it is.
        gaps = [member.after for member in old]
        for previous, member in pairwise((None, *new, None)):
            self._link(previous, member)
        for member, gap in zip(new, gaps, strict=True):
            member.after = gap

    def last_members(self) -> list[Member]:
        """Return the last two members, or as many as there are, the last one first."""
        last = self._last
        return [member for member in (last, last.previous) if member] if last else []

    def _link(self, previous: Member | None, following: Member | None) -> None:
        """Put one member behind another; None is the beginning or the end."""
        if previous:
            previous.following = following
        else:
            self._first = following
        if following:
            following.previous = previous
        else:
            self._last = previous


def _write_comma(last_members: list[Member]) -> None:
    """Write the comma that follows the last member, from now on, as the one before it is written."""
    for last, before in pairwise(last_members):
        last.after = before.after


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
    container = kind(text[spans[-1].end if spans else 1 : -1], "\n" in text)
    line_start = end = 1
    for span, following in zip_longest(spans, spans[1:]):
        # A member on the same line as the one before has its indentation.
        if text.find("\n", line_start, span.key_start) >= 0:
            indent = indent_at(text, span.key_start)
        line_start = span.key_start
        value = Value(text[span.start : span.end], indent)
        before = text[end : span.key_start].rpartition(",")[2]
        after = text[span.end : following.key_start].partition(",")[0] if following else ""
        end = span.end
        member = Member(before, text[span.key_start : span.key_end], text[span.key_end : span.start], value, after)
        if isinstance(container, Object):
            container.append(span.name, member)
        else:
            container.members.append(member)
    return container
