"""What a query says, as a tree: texts by name, by index and in lists, each with where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, TypeVar

from tcspec.jsontext.pointer import escape, index_of, split

T = TypeVar("T")


class Leaf(NamedTuple):
    """A value of a query: its text, and where the parameter that gives it stands."""

    text: str
    offset: int


Branch = dict[str, Any] | list[Leaf] | Leaf
"""A dict of branches by name or index, the values given under `[]`, or one value; containers are never empty."""


class Places(Mapping[str, int]):
    """Where what a query says stands in its text: JSON Pointer to the offset of the first parameter that tells of it.

    The root stands where the query begins.
    """

    __slots__ = ("_start", "_tree")

    def __init__(self, tree: dict[str, Branch], start: int) -> None:
        self._tree = tree
        self._start = start

    def __getitem__(self, pointer: str) -> int:
        try:
            parts = split(pointer)
        except ValueError:
            raise KeyError(pointer) from None
        if not parts:
            return self._start
        branch: Branch = self._tree
        for part in parts:
            found = _child(branch, part)
            if found is None:
                raise KeyError(pointer)
            branch = found
        return first_offset(branch)

    def __iter__(self) -> Iterator[str]:
        waiting: list[tuple[str, Branch]] = [("", self._tree)]
        while waiting:
            pointer, branch = waiting.pop()
            yield pointer
            waiting += [(f"{pointer}/{escape(name)}", child) for name, child in reversed(_children(branch))]

    def __len__(self) -> int:
        return sum(1 for _ in self)


def as_list(branches: Mapping[str, T]) -> list[T] | None:
    """Give the members of a list that is given by indexes, in their order; None when the names are no indexes."""
    if not all(str(index) in branches for index in range(len(branches))):
        return None
    return [branches[str(index)] for index in range(len(branches))]


def plain(branch: Branch) -> Any:  # noqa: ANN401 - text, or lists and objects of it
    """Make the value of a branch, without its places: text, or lists and objects of it."""
    if isinstance(branch, Leaf):
        return branch.text
    if isinstance(branch, list):
        return [leaf.text for leaf in branch]
    value = {name: plain(inner) for name, inner in branch.items()}
    members = as_list(value)
    return value if members is None else members


def first_offset(branch: Branch) -> int:
    """Find the first parameter of a branch: what came first stands first in every container."""
    while not isinstance(branch, Leaf):
        branch = branch[0] if isinstance(branch, list) else next(iter(branch.values()))
    return branch.offset


def _child(branch: Branch, part: str) -> Branch | None:
    if isinstance(branch, dict):
        return branch.get(part)
    index = index_of(part)
    if isinstance(branch, Leaf) or index is None or index >= len(branch):
        return None
    return branch[index]


def _children(branch: Branch) -> list[tuple[str, Branch]]:
    if isinstance(branch, dict):
        return list(branch.items())
    return [] if isinstance(branch, Leaf) else [(str(index), leaf) for index, leaf in enumerate(branch)]
