"""The tree of a query: values, lists, and the offsets of both."""

from __future__ import annotations

import pytest

from tcspec.pixels.query_tree import Leaf, Offsets, as_list, first_offset, to_value

TREE = {
    "name": Leaf("cart", 3),
    "colors": [Leaf("red", 20), Leaf("blue", 10)],
    "items": {"1": {"id": Leaf("b", 30)}, "0": {"id": Leaf("a", 40)}},
    "a/b": {"~": Leaf("", 50)},
    "odd": {"1": Leaf("x", 60)},
}
OFFSETS = {
    "": 2,
    "/name": 3,
    "/colors": 20,
    "/colors/0": 20,
    "/colors/1": 10,
    "/items": 30,
    "/items/1": 30,
    "/items/1/id": 30,
    "/items/0": 40,
    "/items/0/id": 40,
    "/a~1b": 50,
    "/a~1b/~0": 50,
    "/odd": 60,
    "/odd/1": 60,
}


@pytest.mark.parametrize(
    ("branches", "members"),
    [
        ({"0": "a"}, ["a"]),
        ({"1": "b", "0": "a", "2": "c"}, ["a", "b", "c"]),
        ({"1": "b"}, None),
        ({"0": "a", "2": "c"}, None),
        ({"0": "a", "01": "b"}, None),
        ({"0": "a", "b": "c"}, None),
        ({"-0": "a"}, None),
        ({"\u0660": "a"}, None),
    ],
)
def test_lists_have_all_indexes(branches, members):
    """Keys make a list when they are the canonical indexes from 0 on, in any order."""
    assert as_list(branches) == members


def test_values():
    """The value of a tree consists of strings, lists in the order of their indexes, and objects."""
    assert {name: to_value(branch) for name, branch in TREE.items()} == {
        "name": "cart",
        "colors": ["red", "blue"],
        "items": [{"id": "a"}, {"id": "b"}],
        "a/b": {"~": ""},
        "odd": {"1": "x"},
    }


def test_offsets():
    """The offset of a container is that of its first parameter, the offset of the root the start of the query."""
    offsets = Offsets(TREE, 2)
    assert dict(offsets) == OFFSETS
    assert list(offsets) == list(OFFSETS)
    assert len(offsets) == len(OFFSETS)


@pytest.mark.parametrize(
    "pointer", ["name", "/", "/nothing", "/name/0", "/colors/2", "/colors/00", "/colors/-1", "/items/2", "/odd/0"]
)
def test_unknown_pointers(pointer):
    """A pointer to nothing in the query has no offset."""
    offsets = Offsets(TREE, 2)
    assert pointer not in offsets
    assert offsets.get(pointer) is None


def test_first_offset():
    """The first offset of a branch is that of its first parameter."""
    assert first_offset(TREE["items"]) == 30
    assert first_offset(TREE["name"]) == 3
