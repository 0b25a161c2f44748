"""The parameters of a query string as a tree: strings by key, by index and in lists, each with its offset."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, TypeVar

from tcspec.jsontext.pointer import escape, parse_index, split

T = TypeVar("T")


class Leaf(NamedTuple):
    """The value of a parameter, and the offset at which the parameter begins."""

    text: str
    offset: int


Branch = dict[str, Any] | list[Leaf] | Leaf
"""A dict of branches by key or index, the values appended with `[]`, or one value; containers are never empty."""


# A view and no dict: most pixels have no violation, and then no offset is needed.
class Offsets(Mapping[str, int]):
    """The offset of each value of a query by its JSON Pointer: where the first parameter that contributes to it begins.

    The offset of the root is the start of the query.
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
            child = _child(branch, part)
            if child is None:
                raise KeyError(pointer)
            branch = child
        return first_offset(branch)

    def __iter__(self) -> Iterator[str]:
        stack: list[tuple[str, Branch]] = [("", self._tree)]
        while stack:
            pointer, branch = stack.pop()
            yield pointer
            stack += [(f"{pointer}/{escape(name)}", child) for name, child in reversed(_children(branch))]

    def __len__(self) -> int:
        return sum(1 for _ in self)


def as_list(branches: Mapping[str, T]) -> list[T] | None:
    """Return the members in the order of their indexes; None when the keys are not the indexes 0, 1, 2..."""
    # As many keys as indexes, and each index among them: then there are no other keys.
    if not all(str(index) in branches for index in range(len(branches))):
        return None
    return [branches[str(index)] for index in range(len(branches))]


def to_value(branch: Branch) -> Any:  # noqa: ANN401 - a string, or lists and objects of strings
    """Return the value of a branch without offsets: a string, or lists and objects of strings."""
    if isinstance(branch, Leaf):
        return branch.text
    if isinstance(branch, list):
        return [leaf.text for leaf in branch]
    value = {name: to_value(child) for name, child in branch.items()}
    members = as_list(value)
    return value if members is None else members


def first_offset(branch: Branch) -> int:
    """Return the offset of the first parameter of a branch: every container keeps the order of the query."""
    while not isinstance(branch, Leaf):
        branch = branch[0] if isinstance(branch, list) else next(iter(branch.values()))
    return branch.offset


def _child(branch: Branch, part: str) -> Branch | None:
    if isinstance(branch, dict):
        return branch.get(part)
    index = parse_index(part)
    if isinstance(branch, Leaf) or index is None or index >= len(branch):
        return None
    return branch[index]


def _children(branch: Branch) -> list[tuple[str, Branch]]:
    if isinstance(branch, dict):
        return list(branch.items())
    return [] if isinstance(branch, Leaf) else [(str(index), leaf) for index, leaf in enumerate(branch)]
