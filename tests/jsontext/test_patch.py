from __future__ import annotations

import copy
import json
from itertools import takewhile

import jsonpatch
import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategies.documents import serialized
from tcspec.jsontext.patch import PatchError, apply_patch
from tcspec.jsontext.pointer import escape, follow, join
from tcspec.jsontext.reader import read
from tcspec.jsontext.value_patch import patch_value
from tcspec.strategies.values import json_values, texts

DOCUMENTS = st.dictionaries(texts, json_values(), max_size=5)
INDENTS = st.sampled_from([None, 0, 1, 2, 4, "\t"])


def iter_paths(value, path=()):
    """Yield the paths of everything in a document but the document itself."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, child in inner:
        yield (*path, name)
        yield from iter_paths(child, (*path, name))


def container_paths(value):
    """Return the paths of all objects and arrays in a document."""
    return [path for path in ((), *iter_paths(value)) if isinstance(follow(value, join(path)), dict | list)]


@st.composite
def operations(draw, document):
    """Draw an operation that can be applied to a document."""
    paths = list(iter_paths(document))
    name = draw(st.sampled_from(["replace", "remove", "move", "add"] if paths else ["add"]))
    if name in {"replace", "remove"}:
        operation = {"op": name, "path": join(draw(st.sampled_from(paths)))}
        return operation | {"value": draw(json_values())} if name == "replace" else operation
    if name == "add":
        return {"op": "add", "path": draw(targets(document)), "value": draw(json_values())}
    source = join(draw(st.sampled_from(paths)))
    without = jsonpatch.apply_patch(document, [{"op": "remove", "path": source}])
    return {
        "op": "move",
        "from": source,
        "path": draw(targets(without).filter(lambda path: not f"{path}/".startswith(source + "/"))),
    }


@st.composite
def targets(draw, document):
    """Draw the pointer of a place where a value can be added."""
    path = draw(st.sampled_from(container_paths(document)))
    container = follow(document, join(path))
    if isinstance(container, list):
        return join(path) + draw(st.sampled_from(["/-", *(f"/{index}" for index in range(len(container) + 1))]))
    return f"{join(path)}/{escape(draw(st.one_of(texts, st.sampled_from([*container, 'new']))))}"


@st.composite
def patches(draw, document):
    """Draw several operations that can be applied to a document one after the other."""
    patch = []
    for _ in range(draw(st.integers(1, 4))):
        operation = draw(operations(document))
        # Without `deepcopy` jsonpatch puts the value itself into the document, and changes it later.
        document = jsonpatch.apply_patch(document, [copy.deepcopy(operation)])
        patch.append(operation)
    return patch


def is_equal(left, right):
    """Compare JSON values with their types, in any order of keys."""
    return json.dumps(left, sort_keys=True) == json.dumps(right, sort_keys=True)


def count_unchanged(left, right):
    """Count the bytes at both ends that two texts share."""
    before = count_shared(left, right)
    return before + count_shared(left[before:][::-1], right[before:][::-1])


def count_shared(left, right):
    """Count the bytes with which two texts both begin."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(left, right, strict=False)))


@st.composite
def documents(draw):
    """Draw a document and its text, in any notation or in a style."""
    if draw(st.booleans()):
        return draw(serialized(DOCUMENTS))
    document = draw(DOCUMENTS)
    separators = draw(st.sampled_from([None, (", ", ": "), (",", ":"), (",", ": ")]))
    text = json.dumps(document, indent=draw(INDENTS), separators=separators, ensure_ascii=draw(st.booleans()))
    return document, text.encode() + draw(st.sampled_from([b"", b"\n", b"\r\n"]))


@given(documents(), st.data())
def test_agrees_with_jsonpatch(drawn, data):
    """The patched text has the value that jsonpatch makes of the document."""
    document, raw = drawn
    patch = data.draw(patches(document))
    assert is_equal(read(apply_patch(raw, patch).text), jsonpatch.apply_patch(document, copy.deepcopy(patch)))


@given(documents(), st.data())
def test_values_are_patched_as_texts(drawn, data):
    """The patched value is that of the patched text, with its keys in the same order, and the input is not changed."""
    document, raw = drawn
    before = json.dumps(document)
    patch = data.draw(patches(document))
    assert json.dumps(patch_value(document, patch)) == json.dumps(read(apply_patch(raw, patch).text))
    assert json.dumps(document) == before


@given(documents(), st.data())
def test_a_replacement_changes_nothing_else(drawn, data):
    """A replacement changes the bytes of its value, and no other."""
    document, raw = drawn
    path = data.draw(st.sampled_from([(), *iter_paths(document)]))
    value = data.draw(json_values())
    text = apply_patch(raw, [{"op": "replace", "path": join(path), "value": value}]).text
    old = apply_patch(raw, [{"op": "remove", "path": join(path)}]).dropped[0] if path else raw.strip()
    assert count_unchanged(raw, text) >= len(raw) - len(old)


@given(documents(), st.data())
def test_a_rename_changes_nothing_else(drawn, data):
    """A member that moves within its object keeps its place and its bytes; only its key changes."""
    document, raw = drawn
    members = [path for path in iter_paths(document) if isinstance(path[-1], str)]
    if not members:
        return
    path = data.draw(st.sampled_from(members))
    parent = follow(document, join(path[:-1]))
    patch = [{"op": "move", "from": join(path), "path": join((*path[:-1], "a new name"))}]
    edited = apply_patch(raw, patch)
    renamed = follow(read(edited.text), join(path[:-1]))
    assert list(renamed) == ["a new name" if name == path[-1] else name for name in parent]
    assert count_unchanged(raw, edited.text) >= len(edited.text) - len('"a new name"')
    assert edited.dropped == ()


@given(documents(), st.data())
def test_an_addition_changes_nothing_else(drawn, data):
    """A new value is written in one piece, and nothing else changes but the white space of an empty container."""
    document, raw = drawn
    path = data.draw(st.sampled_from(container_paths(document)))
    container = follow(document, join(path))
    place = join((*path, "-" if isinstance(container, list) else "a new name"))
    text = apply_patch(raw, [{"op": "add", "path": place, "value": data.draw(json_values())}]).text
    space = 0 if container else len(raw) - len(b"".join(raw.split()))
    assert count_unchanged(raw, text) >= len(raw) - space


@given(documents(), st.data())
def test_a_removal_changes_nothing_else(drawn, data):
    """A removed value was in one piece, nothing else goes, and it is returned as it was written."""
    document, raw = drawn
    paths = list(iter_paths(document))
    if not paths:
        return
    path = data.draw(st.sampled_from(paths))
    edited = apply_patch(raw, [{"op": "remove", "path": join(path)}])
    assert count_unchanged(raw, edited.text) >= len(edited.text)
    (dropped,) = edited.dropped
    assert dropped in raw
    assert is_equal(json.loads(dropped), follow(document, join(path)))


@given(DOCUMENTS, INDENTS, st.data())
def test_keeps_the_style_of_the_standard_library(document, indent, data):
    """A text of the standard library is patched as the standard library would format it."""

    def encode(value):
        return json.dumps(value, indent=indent, ensure_ascii=False)

    document = {"a": 1, "b": 2} | document  # two members, so that the style shows
    text = apply_patch(encode(document).encode(), [data.draw(operations(document))]).text
    assert text.decode() == encode(json.loads(text))


PRETTY = """{
  "event_name": "login",
  "rate": 1.10, "text": "\\u00e9\\/",
  "user": {},
  "context": {
    "page": { "type": "home" },
    "items": ["a"]
  }
}
"""


@pytest.mark.parametrize(
    ("patch", "before", "after"),
    [
        ([{"op": "replace", "path": "/rate", "value": 2}], "1.10", "2"),
        ([{"op": "replace", "path": "/event_name", "value": "Zoë"}], '"login"', '"Zo\\u00eb"'),
        ([{"op": "move", "from": "/rate", "path": "/amount"}], '"rate"', '"amount"'),
        ([{"op": "move", "from": "/context/page/type", "path": "/context/page/page_type"}], '"type"', '"page_type"'),
        ([{"op": "remove", "path": "/rate"}], '"rate": 1.10, ', ""),
        ([{"op": "remove", "path": "/context/items/0"}], '["a"]', "[]"),
        ([{"op": "add", "path": "/user/id", "value": "c"}], "{}", '{\n    "id": "c"\n  }'),
        ([{"op": "add", "path": "/context/items/-", "value": "b"}], '"a"', '"a", "b"'),
        ([{"op": "add", "path": "/context/items/0", "value": {"b": [1, 2]}}], '"a"', '{"b": [1, 2]}, "a"'),
        ([{"op": "add", "path": "/context/page/name", "value": 1}], '"home" }', '"home", "name": 1 }'),
        ([{"op": "add", "path": "/context/device", "value": {"v": 1}}], '["a"]\n', '["a"],\n    "device": {"v": 1}\n'),
    ],
)
def test_styles_of_people(patch, before, after):
    """A new value is formatted as its surroundings, and everything else stays."""
    assert apply_patch(PRETTY.encode(), patch).text.decode() == PRETTY.replace(before, after, 1)


def test_a_moved_value_stays_as_it_is_written():
    """A value that moves is not rewritten, only its lines are indented for their new place."""
    before = '{\n\t"page": {\n\t\t"url": "\\/a",\n\t\t"n": 1E5\n\t},\n\t"context": {\n\t\t"x": 1\n\t}\n}'
    after = '{\n\t"context": {\n\t\t"x": 1,\n\t\t"page": {\n\t\t\t"url": "\\/a",\n\t\t\t"n": 1E5\n\t\t}\n\t}\n}'
    before, after = (text.replace("\n", "\r\n").encode() for text in (before, after))
    edited = apply_patch(before, [{"op": "move", "from": "/page", "path": "/context/page"}])
    assert edited.text == after
    assert edited.dropped == ()


@pytest.mark.parametrize(
    "patch",
    [
        [{"op": "add", "path": "/a", "value": 2}],
        [{"op": "move", "from": "/b", "path": "/a"}],
        [{"op": "remove", "path": "/a"}],
    ],
)
def test_overwritten_values_are_dropped_values(patch):
    """A value that an addition or a move overwrites is returned, as one that is removed."""
    assert apply_patch(b'{"a": 1.0, "b": 2}', patch).dropped == (b"1.0",)


def test_replaced_values_are_not_dropped_values():
    """A replaced value is not returned, and the whole document can be replaced."""
    edited = apply_patch(b' {"a": 1}\n', [{"op": "replace", "path": "", "value": {"b": 1}}])
    assert (edited.text, edited.dropped) == (b' {"b": 1}\n', ())
    assert apply_patch(b'{"a": 1}', [{"op": "add", "path": "", "value": {}}]).dropped == (b'{"a": 1}',)


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "copy", "from": "/a", "path": "/z"},
        {"op": "test", "path": "/a", "value": 1},
        {"op": "replace", "path": "/z", "value": 1},
        {"op": "replace", "path": "/a"},
        {"op": "replace", "path": "a", "value": 1},
        {"op": "remove", "path": "/list/2"},
        {"op": "remove", "path": "/list/-"},
        {"op": "remove", "path": "/list/01"},
        {"op": "remove", "path": ""},
        {"op": "add", "path": "/list/3", "value": 1},
        {"op": "add", "path": "/list/x", "value": 1},
        {"op": "add", "path": "/a/b", "value": 1},
        {"op": "add", "path": "/z/b", "value": 1},
        {"op": "move", "from": "/z", "path": "/y"},
        {"op": "move", "from": "/list", "path": "/list/0"},
    ],
)
def test_errors(operation):
    """An operation that cannot be applied is an error, whose message has no value of the document."""
    with pytest.raises(PatchError, match=f"^cannot {operation['op']} ") as wrong:
        apply_patch(b'{"a": "Ada Keller", "list": [1, 2]}', [operation])
    assert "Ada" not in str(wrong.value)


def test_a_move_to_its_own_place():
    """Moving a value to where it is changes nothing."""
    raw = b'{ "a" : 1 }'
    assert apply_patch(raw, [{"op": "move", "from": "/a", "path": "/a"}]).text == raw
