"""A value that a patch moves is found where it is afterwards, and one that it drops is missed."""

from __future__ import annotations

import jsonpatch
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tcspec.jsontext.patch import apply_patch
from tcspec.jsontext.pointer import follow
from tcspec.jsontext.relocation import is_lossy, relocate


@pytest.mark.parametrize(
    ("operation", "pointer", "expected"),
    [
        ({"op": "move", "from": "/a", "path": "/b/c"}, "/a", "/b/c"),
        ({"op": "move", "from": "/a", "path": "/b/c"}, "/a/x", "/b/c/x"),
        ({"op": "move", "from": "/a", "path": "/b/c"}, "/ab", "/ab"),
        ({"op": "move", "from": "/l/0", "path": "/z"}, "/l/2/x", "/l/1/x"),
        ({"op": "move", "from": "/a", "path": "/l/1"}, "/l/1", "/l/2"),
        ({"op": "remove", "path": "/l/1"}, "/l/2", "/l/1"),
        ({"op": "remove", "path": "/l/1"}, "/l/0", "/l/0"),
        ({"op": "remove", "path": "/l/1"}, "/l", "/l"),
        ({"op": "add", "path": "/l/1", "value": 1}, "/l/1/x", "/l/2/x"),
        ({"op": "add", "path": "/l/-", "value": 1}, "/l/1", "/l/1"),
        ({"op": "remove", "path": "/o/1"}, "/o/2", "/o/2"),
        ({"op": "remove", "path": "/none/1"}, "/none/2", "/none/2"),
        ({"op": "replace", "path": "/l/1", "value": 1}, "/l/2", "/l/2"),
    ],
)
def test_one_operation(operation, pointer, expected):
    """A value is relocated when it is moved, or when an item before it is added or removed."""
    document = {"l": [{}, {}, {}], "o": {"1": 1, "2": 2}, "a": {}}
    assert list(relocate([pointer], [operation], document)) == [expected]


@given(st.integers(0, 3), st.integers(0, 3), st.sampled_from(["remove", "add"]))
def test_agrees_with_jsonpatch(place, item, name):
    """The new pointer of an item leads to the same item in the patched document."""
    document = {"l": ["a", "b", "c", "d"]}
    operation = {"op": name, "path": f"/l/{place}"} | ({"value": "x"} if name == "add" else {})
    if name == "remove" and place == item:
        return
    after = jsonpatch.apply_patch(document, [operation])
    (relocated,) = relocate([f"/l/{item}"], [operation], document)
    assert follow(after, relocated) == document["l"][item]


def test_several_operations():
    """A value is relocated by each operation in turn, and not by those that move other values."""
    patch = [
        {"op": "move", "from": "/a/x", "path": "/b"},
        {"op": "remove", "path": "/l/0"},
        {"op": "move", "from": "/z", "path": "/y"},
        {"op": "move", "from": "/b", "path": "/l/0"},
        {"op": "remove", "path": "/l/1"},
    ]
    document = {"a": {"x": {"deep": 1}}, "z": 1, "l": ["removed", "removed too", {"kept": 1}], "s": 1}
    after = jsonpatch.apply_patch(document, patch)
    places = relocate(["/a/x/deep", "/l/2/kept", "/s", "/z", "/l"], patch, document)
    assert [(place, follow(after, place)) for place in places] == [
        ("/l/0/deep", 1),
        ("/l/1/kept", 1),
        ("/s", 1),
        ("/y", 1),
        ("/l", [{"deep": 1}, {"kept": 1}]),
    ]


@pytest.mark.parametrize(
    ("text", "pointer", "expected"),
    [
        (b'{"a": 1, "b": 1}', "/a", False),
        (b'{"a": 1, "b": {"c": 1}}', "/a", False),
        (b'{"a": 1, "b": 1.0}', "/a", True),
        (b'{"a": 1.10, "b": 1.1}', "/a", True),
        (b'{"a": 1, "b": true}', "/a", True),
        (b'{"a": "1", "b": 1}', "/a", True),
        (b'{"a": null}', "/a", True),
        (b'{"a": false}', "/a", True),
        (b'{"a": {}, "b": []}', "/a", False),
        (b'{"a": {"x": [1]}, "b": [1]}', "/a", True),
        (b'{"a": {"x": [1]}, "b": [{"x": [1]}]}', "/a", False),
        (b'{"l": ["1", "2", "1"]}', "/l/2", False),
    ],
)
def test_is_lossy(text, pointer, expected):
    """A patch is lossy when a value that it drops is not in the result, with the type and digits that it had."""
    assert is_lossy(apply_patch(text, [{"op": "remove", "path": pointer}])) is expected


def test_a_replacement_is_not_lossy():
    """A patch that replaces a value declares what becomes of it."""
    assert not is_lossy(apply_patch(b'{"a": 1}', [{"op": "replace", "path": "/a", "value": 1}]))
