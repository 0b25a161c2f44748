"""Pointers are those of RFC 6901: made, taken apart and followed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategies.events import paths
from strategies.values import json_values
from tcspec.jsontext.pointer import escape, follow, join, split

_names = st.one_of(st.text(max_size=5), st.sampled_from(("~", "/", "~1", "~0", "~01", "//", "", "0")))


@given(st.lists(_names))
def test_splitting_undoes_joining(names):
    """The parts of a path come back from its pointer, whatever slashes and tildes they hold."""
    assert split(join(names)) == tuple(names)


@given(st.lists(_names).map(join))
def test_joining_undoes_splitting(pointer):
    """A pointer comes back from its parts, and is empty or starts with a slash."""
    assert join(split(pointer)) == pointer
    assert pointer[:1] in {"", "/"}


@given(json_values(_names))
def test_follows_every_path(document):
    """The pointer of every value of a document leads to that very value."""
    for path in paths(document):
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
    """A pointer names an object's members by key, an array's items by index, and the document by nothing."""
    document = {"a/b": 1, "m~n": 2, "": 3, "list": [4, {"0": 5}], "~1": 6, "pair": (7, 8)}
    assert follow(document, pointer) == value


@pytest.mark.parametrize("part", ["2", "-1", "-", "01", "00", "1.0", "", " 1", "\u0660", "\xb2", "9" * 5000])
def test_an_index_is_what_the_rfc_calls_one(part):
    """What is no index of an array, or beyond its end, leads nowhere."""
    with pytest.raises(LookupError):
        follow([1, 2], f"/{part}")


@pytest.mark.parametrize("pointer", ["/a/b", "/b", "/t/0", "/n/x"])
def test_leads_nowhere(pointer):
    """A scalar has no inside, and a missing key no value."""
    with pytest.raises(LookupError):
        follow({"a": 1, "t": "text", "n": None}, pointer)


@pytest.mark.parametrize("text", ["a", "#/a", " /a", "~1a"])
def test_a_pointer_starts_with_a_slash(text):
    """A text that is no pointer is refused, and quoted."""
    with pytest.raises(ValueError, match=f"a JSON Pointer starts with a slash: '{text}'"):
        split(text)


def test_escapes():
    """Only tildes and slashes are spelt differently, tildes first; numbers are spelt as they are."""
    assert escape("~/é %2F") == "~0~1é %2F"
    assert join(["items", 0, "~1"]) == "/items/0/~01"
