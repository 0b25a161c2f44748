"""What a query says is a tree: its values, its lists, and the places of both."""

from __future__ import annotations

import pytest

from tcspec.pixels.query_tree import Leaf, Places, as_list, first_offset, plain

TREE = {
    "name": Leaf("cart", 3),
    "colors": [Leaf("red", 20), Leaf("blue", 10)],
    "items": {"1": {"id": Leaf("b", 30)}, "0": {"id": Leaf("a", 40)}},
    "a/b": {"~": Leaf("", 50)},
    "odd": {"1": Leaf("x", 60)},
}
PLACES = {
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
    """Names make a list when they are the indexes from 0 on, each in its only spelling, in any order."""
    assert as_list(branches) == members


def test_values():
    """The value of a tree is texts, lists in the order of their indexes, and objects."""
    assert {name: plain(branch) for name, branch in TREE.items()} == {
        "name": "cart",
        "colors": ["red", "blue"],
        "items": [{"id": "a"}, {"id": "b"}],
        "a/b": {"~": ""},
        "odd": {"1": "x"},
    }


def test_places():
    """A container stands where the first parameter stands that tells of it, the root where the query begins."""
    places = Places(TREE, 2)
    assert dict(places) == PLACES
    assert list(places) == list(PLACES)
    assert len(places) == len(PLACES)


@pytest.mark.parametrize(
    "pointer", ["name", "/", "/nothing", "/name/0", "/colors/2", "/colors/00", "/colors/-1", "/items/2", "/odd/0"]
)
def test_no_place(pointer):
    """What a query does not say has no place."""
    places = Places(TREE, 2)
    assert pointer not in places
    assert places.get(pointer) is None


def test_first_offset():
    """A branch begins at its first parameter."""
    assert first_offset(TREE["items"]) == 30
    assert first_offset(TREE["name"]) == 3
