from __future__ import annotations

import jsonpatch
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tcspec.errors import Fix, Severity, Violation
from tcspec.jsontext.patch import apply_patch
from tcspec.jsontext.pointer import follow
from tcspec.rules.fixes.relocation import apart, followed, loses


def violation(*patch):
    """Make a violation with a fix."""
    return Violation("TC999", Severity.INFO, "", "", fix=Fix("", patch))


def put(path, word="replace"):
    """Make an operation."""
    return {"op": word, "path": path, "value": 1}


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        (put("/a"), put("/b"), True),
        (put("/a"), put("/ab"), True),
        (put("/a/b"), put("/a/c"), True),
        (put("/a"), put("/a"), False),
        (put("/a"), put("/a/b"), False),
        (put("/a/b/c"), put("/a"), False),
        (put(""), put("/a"), False),
        ({"op": "move", "from": "/a", "path": "/b"}, put("/a/c"), False),
        ({"op": "move", "from": "/a", "path": "/b"}, put("/b"), False),
        (put("/l/0"), put("/l/1"), True),
        ({"op": "remove", "path": "/l/0"}, put("/l/1/x"), False),
        (put("/l/-", "add"), put("/l/0"), False),
        (put("/o/x", "add"), put("/o/y", "add"), True),
        (put("/l/-", "add"), {"op": "remove", "path": "/l/2"}, False),
    ],
)
def test_apart(one, other, together):
    """Fixes go together when neither touches what the other does; whoever comes first is chosen."""
    first, second = violation(one), violation(other)
    assert apart([first, second]) == (([first, second], []) if together else ([first], [second]))
    assert len(apart([second, first])[0]) == 1 + together


@pytest.mark.parametrize("late", [put("/a"), put("/b"), put("/a/x/y"), put("")])
def test_apart_from_all(late):
    """A fix is held against every one that was chosen before, not only against the last."""
    chosen, others = [violation(put("/a/x")), violation(put("/b"))], [violation(late)]
    assert apart([*chosen, *others]) == (chosen, others)


def test_what_has_no_fix_touches_nothing():
    """A violation without a fix goes with any other."""
    plain = Violation("TC999", Severity.INFO, "/a", "")
    assert apart([plain, violation(put(""))])[1] == []


@pytest.mark.parametrize(
    ("operation", "pointer", "there"),
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
def test_followed(operation, pointer, there):
    """What is moved, or stands behind an item that comes or goes, is looked for where it is then."""
    document = {"l": [{}, {}, {}], "o": {"1": 1, "2": 2}, "a": {}}
    assert list(followed([pointer], [operation], document)) == [there]


@given(st.integers(0, 3), st.integers(0, 3), st.sampled_from(["remove", "add"]))
def test_followed_as_patched(place, item, word):
    """What is followed is the same item once the patch is applied."""
    document = {"l": ["a", "b", "c", "d"]}
    operation = {"op": word, "path": f"/l/{place}"} | ({"value": "x"} if word == "add" else {})
    if word == "remove" and place == item:
        return
    after = jsonpatch.apply_patch(document, [operation])
    (there,) = followed([f"/l/{item}"], [operation], document)
    assert follow(after, there) == document["l"][item]


def test_followed_through_a_whole_patch():
    """A place is followed from one operation to the next, whatever others are moved between them."""
    patch = [
        {"op": "move", "from": "/a/x", "path": "/b"},
        {"op": "remove", "path": "/l/0"},
        {"op": "move", "from": "/z", "path": "/y"},
        {"op": "move", "from": "/b", "path": "/l/0"},
        {"op": "remove", "path": "/l/1"},
    ]
    document = {"a": {"x": {"deep": 1}}, "z": 1, "l": ["gone", "gone too", {"kept": 1}], "s": 1}
    after = jsonpatch.apply_patch(document, patch)
    places = followed(["/a/x/deep", "/l/2/kept", "/s", "/z", "/l"], patch, document)
    assert [(place, follow(after, place)) for place in places] == [
        ("/l/0/deep", 1),
        ("/l/1/kept", 1),
        ("/s", 1),
        ("/y", 1),
        ("/l", [{"deep": 1}, {"kept": 1}]),
    ]


@pytest.mark.parametrize(
    ("text", "pointer", "is_lost"),
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
def test_loses(text, pointer, is_lost):
    """A value is lost when it is nowhere any more, with the type and spelling that it had."""
    assert loses(apply_patch(text, [{"op": "remove", "path": pointer}])) is is_lost


def test_what_is_replaced_is_declared():
    """A replacement says itself what becomes of a value."""
    assert not loses(apply_patch(b'{"a": 1}', [put("/a")]))
