"""The journal of an upgrade is a JSON Patch, and reversed the patch that undoes it."""

from __future__ import annotations

import copy
import json

import jsonpatch
import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategies.events import paths
from strategies.values import json_values
from tcspec.upgrades.event_editor import ABSENT, Draft
from tcspec.upgrades.journal import Added, Moved, Removed, Replaced, inverse, patch
from tcspec.upgrades.representations import VALUES, Opened, closed

NAMES = ("a", "b", "a/b", "~1", "", "legacy", "context", "0")
documents = st.dictionaries(st.sampled_from(NAMES), json_values(st.sampled_from(NAMES), 8), max_size=5)

STEPS = [
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


@pytest.mark.parametrize(("operation", "forward", "backward"), STEPS, ids=lambda step: type(step).__name__)
def test_steps(operation, forward, backward):
    """Every operation has a step that does it and one that undoes it, their values read from the leaves."""
    assert operation.forward(int) == forward
    assert operation.backward(int) == backward


def test_order():
    """A patch repeats the journal in its order, the inverse undoes it from its end; any iterable will do."""
    journal = [operation for operation, _, _ in STEPS]
    assert patch(iter(journal), int) == [forward for _, forward, _ in STEPS]
    assert inverse(iter(journal), int) == [backward for _, _, backward in reversed(STEPS)]
    assert patch([], int) == inverse([], int) == []


def same(left, right):
    """Compare JSON values with their types; key order does not count."""
    return json.dumps(left, sort_keys=True) == json.dumps(right, sort_keys=True)


def members(document):
    """List the paths of what a draft can open its way to: members of objects in objects."""
    found = []
    for path in paths(document):
        place = document
        for part in path[:-1]:
            place = place[part] if isinstance(place, dict) else None
        if path and isinstance(place, dict):
            found.append(path)
    return found


def value_at(document, path):
    """Follow a path of members."""
    for name in path:
        document = document[name]
    return document


def free_places(document):
    """List some paths of one or two names at which there is nothing yet, and no scalar on the way."""
    twice = [(first, second) for first in NAMES for second in NAMES if isinstance(document.get(first, {}), dict)]
    return [(name,) for name in NAMES if name not in document] + [
        (first, second) for first, second in twice if second not in document.get(first, {})
    ]


def change(draw, draft):
    """Do something to a draft that it allows."""
    now = closed(draft.root)
    there, free = members(now), free_places(now)
    what = draw(st.sampled_from(("move", "keep", "put", "replace", "make", "drop")))
    path = draw(st.sampled_from(there)) if there else None
    target = draw(st.sampled_from(free)) if free else None
    if what == "put" and target and target[:-1] in {(), *there}:
        draft.put(target, draw(json_values()))
    elif what == "make" and path:
        draft.make_object(path)
    elif path and what == "replace":
        draft.replace(path, draw(json_values()))
    elif path and what == "drop" and value_at(now, path) == {}:
        draft.drop_empty(path)
    elif path and target and what == "move" and target[: len(path)] != path:
        draft.move(path, target)
    elif path and what == "keep" and path[0] != "context" and isinstance(now.get("context", {}), dict):
        kept = now.get("context", {}).get("legacy", {})
        if isinstance(kept, dict) and path[0] not in kept:
            draft.keep(path)


@given(documents, st.data())
def test_lead_there_and_back(document, data):
    """Whatever is done to a draft, its patch makes the outcome of the input, and its inverse the input of it."""
    before = copy.deepcopy(document)
    draft = Draft(Opened(document, document), VALUES, change="any")
    for _ in range(data.draw(st.integers(1, 8))):
        change(data.draw, draft)
    after = closed(draft.root)
    assert same(document, before)
    assert same(jsonpatch.apply_patch(before, patch(draft.journal, VALUES.read)), after)
    assert same(jsonpatch.apply_patch(after, inverse(draft.journal, VALUES.read)), before)


@given(documents)
def test_spare_places(document):
    """A value that must make room goes to a key that nobody uses, by a legal move, and back."""
    taken = document | {"set_aside": 1, "set_aside_": 2, "value": 3}
    draft = Draft(Opened(taken, taken), VALUES)
    assert draft.set_aside(("value",)) == ("set_aside__",)
    assert draft.journal == [Moved(("value",), ("set_aside__",))]
    assert draft.applied == []


def test_items_are_replaced_one_by_one():
    """Converted items of a list are patched by their index, and the list is reported once."""
    user = {"user": {"list": [1, "x", 3]}}
    draft = Draft(Opened(user, user), VALUES, change="some")
    draft.replace_items(("user", "list"), {0: "1", 2: "3"})
    assert patch(draft.journal, VALUES.read) == [
        {"op": "replace", "path": "/user/list/0", "value": "1"},
        {"op": "replace", "path": "/user/list/2", "value": "3"},
    ]
    assert closed(draft.root) == {"user": {"list": ["1", "x", "3"]}}
    assert user == {"user": {"list": [1, "x", 3]}}
    assert [(each.change, each.source, each.target) for each in draft.applied] == [("some", "/user/list", "/user/list")]


def test_looking_into_a_draft():
    """Looking into a draft finds values, null and objects, and changes nothing."""
    document = {"a": {"b": None, "c": [1]}, "d": 1}
    draft = Draft(Opened(document, document), VALUES)
    assert draft.read(("a", "b")) is None
    assert draft.has(("a", "b"))
    assert draft.read(("a", "x")) is ABSENT
    assert draft.read(("d", "x")) is ABSENT
    assert not draft.has(("d", "x"))
    assert draft.opened(("a", "c")) is None
    assert draft.opened(("x",)) is None
    assert draft.names(("a",)) == ("b", "c")
    assert draft.names(("d",)) == ()
    assert closed(draft.root) is document
    assert draft.journal == []
