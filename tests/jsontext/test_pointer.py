"""Pointers are those of RFC 6901: built, parsed and followed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategies.events import iter_paths
from tcspec.jsontext.pointer import escape, follow, iter_parents, join, split
from tcspec.strategies.values import json_values

_names = st.one_of(st.text(max_size=5), st.sampled_from(("~", "/", "~1", "~0", "~01", "//", "", "0")))


@given(st.lists(_names))
def test_splitting_undoes_joining(names):
    """Splitting a pointer returns the path it was joined from, with any slashes and tildes in it."""
    assert split(join(names)) == tuple(names)


@given(st.lists(_names).map(join))
def test_joining_undoes_splitting(pointer):
    """Joining a path returns the pointer it was split from, which is empty or starts with a slash."""
    assert join(split(pointer)) == pointer
    assert pointer[:1] in {"", "/"}


@given(json_values(_names))
def test_follows_every_path(document):
    """Following the pointer of a value returns that very value."""
    for path in iter_paths(document):
        expected = document
        for part in path:
            expected = expected[part]
        assert follow(document, join(path)) is expected


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("", {"a/b": 1, "m~n": 2, "": 3, "list": [4, {"0": 5}], "~1": 6, "pair": (7, 8)}),
        ("/a~1b", 1),
        ("/m~0n", 2),
        ("/", 3),
        ("/list/0", 4),
        ("/list/1/0", 5),
        ("/~01", 6),
        ("/pair/1", 8),
    ],
)
def test_examples(pointer, value):
    """A pointer names members by key, items by index, and the document by the empty string."""
    document = {"a/b": 1, "m~n": 2, "": 3, "list": [4, {"0": 5}], "~1": 6, "pair": (7, 8)}
    assert follow(document, pointer) == value


@pytest.mark.parametrize("part", ["2", "-1", "-", "01", "00", "1.0", "", " 1", "\u0660", "\xb2", "9" * 5000])
def test_invalid_indices(part):
    """A token that is not an index, or is beyond the end of the array, is a lookup error."""
    with pytest.raises(LookupError):
        follow([1, 2], f"/{part}")


@pytest.mark.parametrize("pointer", ["/a/b", "/b", "/t/0", "/n/x"])
def test_missing_values(pointer):
    """A pointer into a scalar, or to a missing key, is a lookup error."""
    with pytest.raises(LookupError):
        follow({"a": 1, "t": "text", "n": None}, pointer)


@pytest.mark.parametrize("text", ["a", "#/a", " /a", "~1a"])
def test_a_pointer_starts_with_a_slash(text):
    """A text that is not a pointer is an error, which quotes it."""
    with pytest.raises(ValueError, match=f"a JSON Pointer starts with a slash, got '{text}'"):
        split(text)


def test_escapes():
    """Only tildes and slashes are escaped, tildes first."""
    assert escape("~/é %2F") == "~0~1é %2F"
    assert join(["items", 0, "~1"]) == "/items/0/~01"


@pytest.mark.parametrize(
    ("pointer", "parents"), [("", []), ("/a", [""]), ("/a~1b/0/", ["/a~1b/0", "/a~1b", ""]), ("/", [""])]
)
def test_parents(pointer, parents):
    """The parents of a value are yielded from the innermost to the whole document."""
    assert list(iter_parents(pointer)) == parents
