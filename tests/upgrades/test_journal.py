"""The journal of an upgrade is a JSON Patch and, reversed, the patch that undoes it."""

from __future__ import annotations

import copy
import json

import jsonpatch
import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategies.events import iter_paths
from tcspec.strategies.values import json_values
from tcspec.upgrades.event_editor import ABSENT, EventEditor
from tcspec.upgrades.journal import Added, Moved, Removed, Replaced, build_inverse, build_patch
from tcspec.upgrades.representations import VALUES, OpenObject, freeze

NAMES = ("a", "b", "a/b", "~1", "", "legacy", "context", "0")
documents = st.dictionaries(st.sampled_from(NAMES), json_values(st.sampled_from(NAMES), 8), max_size=5)

ENTRIES = [
    (
        Moved(("a", "b/c"), ("~",)),
        {"op": "move", "from": "/a/b~1c", "path": "/~0"},
        {"op": "move", "from": "/~0", "path": "/a/b~1c"},
    ),
    (Added(("a",), "1"), {"op": "add", "path": "/a", "value": 1}, {"op": "remove", "path": "/a"}),
    (Removed(("a",)), {"op": "remove", "path": "/a"}, {"op": "add", "path": "/a", "value": {}}),
    (
        Replaced(("a", 0), "1", "2"),
        {"op": "replace", "path": "/a/0", "value": 2},
        {"op": "replace", "path": "/a/0", "value": 1},
    ),
]


@pytest.mark.parametrize(("entry", "operation", "inverse"), ENTRIES, ids=lambda entry: type(entry).__name__)
def test_entries(entry, operation, inverse):
    """Every entry has an operation that does it and one that undoes it, with values read from the leaves."""
    assert entry.operation(int) == operation
    assert entry.inverse(int) == inverse


def test_order():
    """A patch repeats the journal in its order, the inverse undoes it from its end; any iterable is taken."""
    journal = [entry for entry, _, _ in ENTRIES]
    assert build_patch(iter(journal), int) == [operation for _, operation, _ in ENTRIES]
    assert build_inverse(iter(journal), int) == [inverse for _, _, inverse in reversed(ENTRIES)]
    assert build_patch([], int) == build_inverse([], int) == []


def is_equal(left, right):
    """Compare JSON values with their types, in any order of keys."""
    return json.dumps(left, sort_keys=True) == json.dumps(right, sort_keys=True)


def member_paths(document):
    """Return the paths that an editor can open: members of objects in objects."""
    found = []
    for path in iter_paths(document):
        parent = document
        for part in path[:-1]:
            parent = parent[part] if isinstance(parent, dict) else None
        if path and isinstance(parent, dict):
            found.append(path)
    return found


def value_at(document, path):
    """Return the value at a path of keys."""
    for name in path:
        document = document[name]
    return document


def free_paths(document):
    """Return some paths of one or two keys without a value, and without a scalar on the way."""
    twice = [(first, second) for first in NAMES for second in NAMES if isinstance(document.get(first, {}), dict)]
    return [(name,) for name in NAMES if name not in document] + [
        (first, second) for first, second in twice if second not in document.get(first, {})
    ]


def edit(draw, editor):
    """Apply an operation that can be applied."""
    current = freeze(editor.root)
    taken, free = member_paths(current), free_paths(current)
    name = draw(st.sampled_from(("move", "keep", "add", "replace", "add_object", "remove")))
    path = draw(st.sampled_from(taken)) if taken else None
    target = draw(st.sampled_from(free)) if free else None
    if name == "add" and target and target[:-1] in {(), *taken}:
        editor.add(target, draw(json_values()))
    elif name == "add_object" and path:
        editor.add_object(path)
    elif path and name == "replace":
        editor.replace(path, draw(json_values()))
    elif path and name == "remove" and value_at(current, path) == {}:
        editor.remove_empty(path)
    elif path and target and name == "move" and target[: len(path)] != path:
        editor.move(path, target)
    elif path and name == "keep" and path[0] != "context" and isinstance(current.get("context", {}), dict):
        kept = current.get("context", {}).get("legacy", {})
        if isinstance(kept, dict) and path[0] not in kept:
            editor.keep(path)


@given(documents, st.data())
def test_agrees_with_jsonpatch(document, data):
    """The patch of any edits makes the result of the document, and the inverse makes the document of the result."""
    before = copy.deepcopy(document)
    editor = EventEditor(OpenObject(document, document), VALUES, change="any")
    for _ in range(data.draw(st.integers(1, 8))):
        edit(data.draw, editor)
    after = freeze(editor.root)
    assert is_equal(document, before)
    assert is_equal(jsonpatch.apply_patch(before, build_patch(editor.journal, VALUES.read)), after)
    assert is_equal(jsonpatch.apply_patch(after, build_inverse(editor.journal, VALUES.read)), before)


@given(documents)
def test_spare_keys(document):
    """A value is set aside under a key that is not used, and this is not reported as a change."""
    taken = document | {"set_aside": 1, "set_aside_": 2, "value": 3}
    editor = EventEditor(OpenObject(taken, taken), VALUES)
    assert editor.set_aside(("value",)) == ("set_aside__",)
    assert editor.journal == [Moved(("value",), ("set_aside__",))]
    assert editor.applied == []


def test_items_are_replaced_one_by_one():
    """Converted items of an array are patched by their index, and the array is reported once."""
    user = {"user": {"list": [1, "x", 3]}}
    editor = EventEditor(OpenObject(user, user), VALUES, change="some")
    editor.replace_items(("user", "list"), {0: "1", 2: "3"})
    assert build_patch(editor.journal, VALUES.read) == [
        {"op": "replace", "path": "/user/list/0", "value": "1"},
        {"op": "replace", "path": "/user/list/2", "value": "3"},
    ]
    assert freeze(editor.root) == {"user": {"list": ["1", "x", "3"]}}
    assert user == {"user": {"list": [1, "x", 3]}}
    assert [(each.change, each.source, each.target) for each in editor.applied] == [
        ("some", "/user/list", "/user/list")
    ]


def test_reading():
    """Reading finds values, null and objects, and changes nothing."""
    document = {"a": {"b": None, "c": [1]}, "d": 1}
    editor = EventEditor(OpenObject(document, document), VALUES)
    assert editor.read(("a", "b")) is None
    assert editor.has(("a", "b"))
    assert editor.read(("a", "x")) is ABSENT
    assert editor.read(("d", "x")) is ABSENT
    assert not editor.has(("d", "x"))
    assert editor.open_object(("a", "c")) is None
    assert editor.open_object(("x",)) is None
    assert editor.read_keys(("a",)) == ("b", "c")
    assert editor.read_keys(("d",)) == ()
    assert freeze(editor.root) is document
    assert editor.journal == []
