from __future__ import annotations

import copy
import json
from itertools import takewhile

import jsonpatch
import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategies import LAW
from strategies.documents import spelt
from strategies.values import json_values, texts
from tcspec.jsontext.patch import WrongPatch, apply_patch
from tcspec.jsontext.pointer import escape, follow, join
from tcspec.jsontext.reader import read

DOCUMENTS = st.dictionaries(texts, json_values(), max_size=5)
INDENTS = st.sampled_from([None, 0, 1, 2, 4, "\t"])


def places(value, path=()):
    """List the paths of everything in a document, but the document itself."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, child in inner:
        yield (*path, name)
        yield from places(child, (*path, name))


def holders(value):
    """List the paths of all objects and arrays in a document."""
    return [path for path in ((), *places(value)) if isinstance(follow(value, join(path)), dict | list)]


@st.composite
def operations(draw, document):
    """Draw an operation that can be done to a document."""
    paths = list(places(document))
    word = draw(st.sampled_from(["replace", "remove", "move", "add"] if paths else ["add"]))
    if word in {"replace", "remove"}:
        operation = {"op": word, "path": join(draw(st.sampled_from(paths)))}
        return operation | {"value": draw(json_values())} if word == "replace" else operation
    if word == "add":
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
    """Draw a place where something can be added."""
    path = draw(st.sampled_from(holders(document)))
    holder = follow(document, join(path))
    if isinstance(holder, list):
        return join(path) + draw(st.sampled_from(["/-", *(f"/{index}" for index in range(len(holder) + 1))]))
    return f"{join(path)}/{escape(draw(st.one_of(texts, st.sampled_from([*holder, 'new']))))}"


@st.composite
def patches(draw, document):
    """Draw several operations that can be done to a document one after the other."""
    patch = []
    for _ in range(draw(st.integers(1, 4))):
        operation = draw(operations(document))
        # Without `deepcopy` jsonpatch puts the value itself into the document, and changes it later.
        document = jsonpatch.apply_patch(document, [copy.deepcopy(operation)])
        patch.append(operation)
    return patch


def same(left, right):
    """Compare JSON values with their types, whatever the order of keys."""
    return json.dumps(left, sort_keys=True) == json.dumps(right, sort_keys=True)


def kept(left, right):
    """Count the bytes at both ends that two texts share."""
    before = shared(left, right)
    return before + shared(left[before:][::-1], right[before:][::-1])


def shared(left, right):
    """Count the bytes with which two texts both begin."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(left, right, strict=False)))


@st.composite
def laid_out(draw):
    """Draw a document and its text, in any spelling or in a layout."""
    if draw(st.booleans()):
        return draw(spelt(DOCUMENTS))
    document = draw(DOCUMENTS)
    separators = draw(st.sampled_from([None, (", ", ": "), (",", ":"), (",", ": ")]))
    text = json.dumps(document, indent=draw(INDENTS), separators=separators, ensure_ascii=draw(st.booleans()))
    return document, text.encode() + draw(st.sampled_from([b"", b"\n", b"\r\n"]))


@LAW
@given(laid_out(), st.data())
def test_means_what_the_patch_means(drawn, data):
    """Reading the edited text gives what the patch makes of the document that was read."""
    document, raw = drawn
    patch = data.draw(patches(document))
    assert same(read(apply_patch(raw, patch).text), jsonpatch.apply_patch(document, copy.deepcopy(patch)))


@LAW
@given(laid_out(), st.data())
def test_what_a_replacement_does_not_touch_stays(drawn, data):
    """A replacement changes the bytes of its value, and no other."""
    document, raw = drawn
    path = data.draw(st.sampled_from([(), *places(document)]))
    value = data.draw(json_values())
    text = apply_patch(raw, [{"op": "replace", "path": join(path), "value": value}]).text
    old = apply_patch(raw, [{"op": "remove", "path": join(path)}]).dropped[0] if path else raw.strip()
    assert kept(raw, text) >= len(raw) - len(old)


@LAW
@given(laid_out(), st.data())
def test_what_a_renaming_does_not_touch_stays(drawn, data):
    """A member that moves within its object keeps its place and its bytes; its key alone is exchanged."""
    document, raw = drawn
    members = [path for path in places(document) if isinstance(path[-1], str)]
    if not members:
        return
    path = data.draw(st.sampled_from(members))
    holder = follow(document, join(path[:-1]))
    patch = [{"op": "move", "from": join(path), "path": join((*path[:-1], "a new name"))}]
    edited = apply_patch(raw, patch)
    renamed = follow(read(edited.text), join(path[:-1]))
    assert list(renamed) == ["a new name" if name == path[-1] else name for name in holder]
    assert kept(raw, edited.text) >= len(edited.text) - len('"a new name"')
    assert edited.dropped == ()


@LAW
@given(laid_out(), st.data())
def test_what_an_addition_does_not_touch_stays(drawn, data):
    """What is added stands in one piece, and around it nothing changes but the space in what was empty."""
    document, raw = drawn
    path = data.draw(st.sampled_from(holders(document)))
    holder = follow(document, join(path))
    place = join((*path, "-" if isinstance(holder, list) else "a new name"))
    text = apply_patch(raw, [{"op": "add", "path": place, "value": data.draw(json_values())}]).text
    space = 0 if holder else len(raw) - len(b"".join(raw.split()))
    assert kept(raw, text) >= len(raw) - space


@LAW
@given(laid_out(), st.data())
def test_what_a_removal_does_not_touch_stays(drawn, data):
    """What is removed stood in one piece, and nothing else goes; it is given back as it was spelt."""
    document, raw = drawn
    paths = list(places(document))
    if not paths:
        return
    path = data.draw(st.sampled_from(paths))
    edited = apply_patch(raw, [{"op": "remove", "path": join(path)}])
    assert kept(raw, edited.text) >= len(edited.text)
    (dropped,) = edited.dropped
    assert dropped in raw
    assert same(json.loads(dropped), follow(document, join(path)))


@LAW
@given(DOCUMENTS, INDENTS, st.data())
def test_keeps_the_layout_of_the_standard_library(document, indent, data):
    """What the standard library laid out comes out as it would lay it out."""

    def laid(value):
        return json.dumps(value, indent=indent, ensure_ascii=False)

    document = {"shown": 1, "by": 2} | document
    text = apply_patch(laid(document).encode(), [data.draw(operations(document))]).text
    assert text.decode() == laid(json.loads(text))


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
def test_layouts_of_people(patch, before, after):
    """What is new looks like what is around it, and what is not touched stays."""
    assert apply_patch(PRETTY.encode(), patch).text.decode() == PRETTY.replace(before, after, 1)


def test_a_value_moves_as_it_is_spelt():
    """What moves elsewhere keeps its spelling, and its lines are indented for their new place."""
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
def test_what_is_overwritten_is_told(patch):
    """What an addition or a move takes the place of is given back, as what is removed is."""
    assert apply_patch(b'{"a": 1.0, "b": 2}', patch).dropped == (b"1.0",)


def test_a_replacement_is_declared():
    """What is replaced is not among what was dropped, and the whole document may be."""
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
def test_wrong_patches(operation):
    """What cannot be done is misuse, and is told without any value."""
    with pytest.raises(WrongPatch, match=f"^cannot {operation['op']} ") as wrong:
        apply_patch(b'{"a": "Ada Keller", "list": [1, 2]}', [operation])
    assert "Ada" not in str(wrong.value)


def test_a_move_to_its_own_place():
    """What moves to where it is stays as it is."""
    raw = b'{ "a" : 1 }'
    assert apply_patch(raw, [{"op": "move", "from": "/a", "path": "/a"}]).text == raw
